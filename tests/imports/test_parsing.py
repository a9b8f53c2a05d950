"""From tables to items: the header by its names, columns in any order, rows that are no records, problems by place."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from daybook.imports.errors import FileUnreadable, HeaderMissing, LayoutUnknown
from daybook.imports.layouts import ALL
from daybook.imports.layouts.base import Setting
from daybook.imports.rules.items import PaymentItem, PersonItem, ServiceItem, SessionItem
from daybook.imports.rules.parsing import Options, ParsedFile, parse
from daybook.imports.rules.reading import read_tables

SETTING = Setting("EUR", "Europe/Berlin")


def parsed(text: str, name: str = "file.csv", **options: Any) -> ParsedFile:
    return parse(read_tables(text.encode(), name), ALL, Options(**options), SETTING)


def problems(found: ParsedFile) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.code) for each in found.problems]


def items(found: ParsedFile) -> list[Any]:
    return [item for row in found.rows for item in row.items]


def test_header_is_found_below_a_title_and_in_any_order() -> None:
    found = parsed("My export of today\n\nAMOUNT;  received_on ;client\n12,50;04.05.2026;Ida Berg\n")
    assert found.layout_name == "daybook-payments"
    [payment] = items(found)
    assert (payment.received_on, payment.amount_minor, payment.client.first_name) == (date(2026, 5, 4), 1250, "Ida")


@pytest.mark.parametrize(
    ("headings", "layout"),
    [
        ("First name,Last name,Email", "daybook-clients"),
        ("Name,Type,Cost,Wage", "daybook-services"),
        ("Date,Start,End,Service,Practitioner,Clients", "daybook-sessions"),
        ("Client,Date,Amount", "daybook-payments"),
    ],
)
def test_layout_is_found_by_its_headings(headings: str, layout: str) -> None:
    text = headings + "\n" + ",".join("x" for _ in headings.split(",")) + "\n"
    assert parsed(text).layout_name == layout


def test_a_file_name_tells_practitioners_from_clients() -> None:
    assert (
        parsed("Name,Email\nIda Berg,ida@example.org\n", "my practitioners.csv").layout_name == "daybook-practitioners"
    )


def test_sheets_come_in_the_order_in_which_they_depend() -> None:
    tables = [
        *read_tables(b"Client,Date,Amount\nIda,2026-01-02,5\n", "payments"),
        *read_tables(b"First name\nIda\n", "clients"),
    ]
    found = parse(tables, ALL, Options(), SETTING)
    assert found.layout_name == "daybook-clients+daybook-payments"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a,b\n1,2\n", LayoutUnknown),
        ("Client,Date,Amount\n", FileUnreadable),
        ("Client,Date,Amount\nTotal,,5\n", FileUnreadable),
    ],
)
def test_files_without_records_are_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parsed(text)


def test_a_chosen_layout_names_what_is_missing() -> None:
    with pytest.raises(HeaderMissing) as refusal:
        parsed("Client,Amount\nIda,5\n", layout="daybook-payments")
    assert refusal.value.data["missing"] == ["Date"]


def test_columns_can_be_matched_by_hand() -> None:
    mapping = {"client": "Wer", "date": "Wann", "amount": "Was"}
    found = parsed("Was,Wer,Wann,Amount\n5,Ida,2026-01-02,99\n", layout="daybook-payments", mapping=mapping)
    [payment] = items(found)
    assert (payment.amount_minor, payment.client.text) == (500, "Ida")


def test_a_mapping_must_name_every_needed_column() -> None:
    with pytest.raises(HeaderMissing):
        parsed("Was,Wer\n5,Ida\n", layout="daybook-payments", mapping={"client": "Wer", "amount": "Was"})


def test_problems_name_row_and_column() -> None:
    found = parsed("Client,Date,Amount,Method\n,2026-01-02,5,cash\nIda,2026-02-30,abc,beads\nIda,2026-01-02,-5,cash\n")
    assert problems(found) == [
        (2, "Client", "required"),
        (3, "Date", "not_a_date"),
        (3, "Amount", "not_an_amount"),
        (3, "Method", "not_a_choice"),
        (4, "Amount", "not_positive"),
    ]


def test_totals_and_repeated_headers_are_no_records() -> None:
    found = parsed(
        'Client,Date,Amount\nIda,2026-01-02,5.00\nClient,Date,Amount\nTom,2026-01-03,7.50\nTotal:,,"12.50"\n'
    )
    assert found.row_count == 2
    assert [each.why for each in found.parts[0].dropped] == ["repeated_header", "total"]
    assert found.their_amount == 1250


def test_their_total_is_the_sum_of_rows_where_none_is_stated() -> None:
    assert parsed("Client,Date,Amount\nIda,2026-01-02,5\nTom,2026-01-03,7.5\n").their_amount == 1250


def test_their_total_counts_rows_at_fault() -> None:
    assert parsed("Client,Date,Amount\nIda,2026-01-02,5\n,2026-01-03,7.5\n").their_amount == 1250


@pytest.mark.parametrize(("named", "total"), [(1, None), (2, 8000), (8, 32000)])
def test_a_few_amounts_among_sessions_are_no_total(named: int, total: int | None) -> None:
    rows = [f"2026-01-0{day},10:00,11:00,Piano,Pia,Ida,completed,{40 if day <= named else ''}\n" for day in range(1, 9)]
    found = parsed("Date,Start,End,Service,Practitioner,Clients,Status,Cost\n" + "".join(rows))
    assert (found.their_amount, found.their_rows) == (total, 8)


def test_undecided_dates_ask_by_column() -> None:
    found = parsed("Client,Date,Amount\nIda,03/04/2026,5\nTom,05/06/2026,5\n")
    assert [(each.column, each.examples) for each in found.questions] == [("Date", ("03/04/2026", "05/06/2026"))]
    answered = parsed("Client,Date,Amount\nIda,03/04/2026,5\n", date_orders={"Date": "month_first"})
    assert items(answered)[0].received_on == date(2026, 3, 4)


def test_two_orders_in_one_file_are_told_apart_by_column() -> None:
    found = parsed("First name,Birthday,Inactive on\nIda,25/12/2001,12/25/2030\nTom,03/04/2001,03/04/2030\n")
    tom = items(found)[1]
    assert (tom.birthday, tom.inactive_on) == (date(2001, 4, 3), date(2030, 3, 4))


def test_session_rows_become_sessions() -> None:
    text = (
        "Date,Start,Minutes,Service,Practitioner,Clients,Status,Cost\n"
        '2026-05-04,9:30,45,Piano,Ann Lee <ann@example.org>,"Berg, Ida; tom@example.org",no show,12.50\n'
    )
    [session] = items(parsed(text))
    assert isinstance(session, SessionItem)
    assert (session.start, session.end) == (time(9, 30), time(10, 15))
    assert session.practitioner.email == "ann@example.org"
    assert [
        (place.client.first_name, place.client.email, place.status, place.cost_minor, place.row)
        for place in session.places
    ] == [
        ("Ida", "", "missed", 1250, 2),
        ("", "tom@example.org", "missed", 1250, 2),
    ]
    assert parsed(text).their_amount == 2500


@pytest.mark.parametrize(
    ("start", "end", "column", "code"),
    [
        ("10:00", "09:00", "End", "ends_before_start"),
        ("10:00", "", "End", "required"),
        ("25:00", "26:00", "Start", "not_a_time"),
    ],
)
def test_session_times_must_make_sense(start: str, end: str, column: str, code: str) -> None:
    found = parsed(f"Date,Start,End,Service,Practitioner,Clients\n2026-05-04,{start},{end},Piano,Ann,Ida\n")
    assert (2, column, code) in problems(found)


def test_people_are_read_from_one_name_or_two() -> None:
    found = parsed('Name,E-mail,Tags\nvan der Berg Ida,a@example.org,x; y\n"Reed, Tom",,\nUna,,\n')
    assert [(each.first_name, each.last_name, each.tags) for each in items(found)] == [
        ("van der Berg", "Ida", ("x", "y")),
        ("Tom", "Reed", ()),
        ("Una", "", ()),
    ]
    assert all(isinstance(each, PersonItem) for each in items(found))


def test_services_are_read_with_their_prices() -> None:
    found = parsed("Service,Type,Client cost,Wage,Duration,VAT\nPiano,hourly,62,31.00,45 min,19 %\n")
    [service] = items(found)
    assert isinstance(service, ServiceItem)
    assert (service.cost_minor, service.wage_minor, service.minutes, str(service.tax_rate)) == (6200, 3100, 45, "19")


def test_the_same_row_twice_has_two_fingerprints_and_each_file_the_same() -> None:
    text = "Client,Date,Amount\nIda,2026-01-02,5\nIda,2026-01-02,5.00\n"
    first, second = (row.digest for row in parsed(text).rows)
    assert first != second
    assert [row.digest for row in parsed("Amount;Client;Date\n5,00;Ida;02.01.2026\n5;Ida;02.01.2026\n").rows] == [
        first,
        second,
    ]


def test_a_limit_reads_the_first_rows_and_counts_all() -> None:
    found = parsed("Client,Date,Amount\n" + "Ida,2026-01-02,5\n" * 30, limit=10)
    assert (len(found.rows), found.row_count) == (10, 30)
    assert all(isinstance(each, PaymentItem) for each in items(found))
