"""Other systems' exports, dirt and all: recognised, taken in without a fault, to the same totals, and back again."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daybook.imports.layouts import ALL, LAYOUTS
from daybook.imports.layouts.base import Setting
from daybook.imports.rules.items import BalanceItem, PaymentItem, PersonItem, SaleItem, SessionItem
from daybook.imports.rules.parsing import Options, ParsedFile, parse
from daybook.imports.rules.reading import read_tables
from daybook.ledger.models import Account
from daybook.ledger.queries import balance_of
from daybook.people.models import User
from daybook.scheduling.models import Participant, Session
from daybook.tenancy.actor import COMMAND, Actor
from daybook.workflows.check_books import check_books
from daybook.workflows.check_import import start_import
from daybook.workflows.run_import import Outcome, run_import
from daybook.workflows.undo_import import undo_import
from tests.factories.sessions import make_completion_types

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
NOW = datetime(2026, 8, 1, 8, 0, tzinfo=UTC)
FILES = {
    "acuity/clients.csv": ("acuity-clients", 320),
    "acuity/appointments.csv": ("acuity-appointments", 344),
    "teachworks/students.xlsx": ("teachworks-students", 310),
    "teachworks/teachers.csv": ("teachworks-teachers", 305),
    "mindbody/mailing-list.xls": ("mindbody-mailing-list", 330),
    "mindbody/account-balances.xls": ("mindbody-account-balances", 310),
    "mindbody/sales.xls": ("mindbody-sales", 315),
    "easyappointments/database.sql": ("easyappointments", 403),
}


def parsed(name: str, layout: str = "auto") -> ParsedFile:
    content = (SAMPLES / name).read_bytes()
    return parse(read_tables(content, Path(name).name), ALL, Options(layout), Setting("EUR", "Europe/Berlin"))


def read(text: str, layout: str = "auto") -> ParsedFile:
    return parse(read_tables(text.encode(), "file"), ALL, Options(layout), Setting("EUR", "Europe/Berlin"))


def items(found: ParsedFile) -> list[object]:
    return [item for row in found.rows for item in row.items]


def take(admin: Actor, name: str) -> Outcome:
    batch = start_import(actor=admin, now=NOW, file_name=Path(name).name, content=(SAMPLES / name).read_bytes())
    return run_import(actor=admin, now=NOW, import_id=batch.pk)


def test_every_layout_that_is_promised_is_there() -> None:
    promised = {layout for layout, _ in FILES.values()} | {
        f"daybook-{record}" for record in ("clients", "practitioners", "services", "sessions", "payments")
    }
    assert set(LAYOUTS) == promised


@pytest.mark.parametrize(("name", "expected"), FILES.items())
def test_samples_are_recognised_and_read_without_a_fault(name: str, expected: tuple[str, int]) -> None:
    found = parsed(name)
    assert (found.layout_name, found.row_count) == expected
    assert (found.problems, found.questions) == ([], [])
    assert parsed(name, expected[0]).layout_name == expected[0]


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_samples_go_in_to_the_same_totals_and_come_back_out(admin: Actor, name: str) -> None:
    make_completion_types()
    people = User.objects.count()
    outcome = take(admin, name)
    assert outcome.plan.problems == []
    assert outcome.theirs == outcome.ours
    report = check_books(actor=COMMAND, now=NOW)
    assert report.balanced, report.problems
    undo_import(actor=admin, now=NOW, import_id=outcome.batch.pk)
    assert User.objects.count() == people
    assert not Session.objects.exists()
    assert set(Account.objects.exclude(owner=None).values_list("balance_minor", "scheduled_minor")) <= {(0, 0)}
    assert check_books(actor=COMMAND, now=NOW).balanced


@pytest.mark.django_db
def test_mindbody_files_know_one_another_by_the_client_number(admin: Actor) -> None:
    make_completion_types()
    take(admin, "mindbody/mailing-list.xls")
    clients = User.objects.filter(role="client").count()
    balances = take(admin, "mindbody/account-balances.xls")
    assert clients == 330
    assert "client" not in balances.batch.made
    owed = sum(-balance_of(each).balance for each in User.objects.filter(role="client").values_list("pk", flat=True))
    assert owed == -balances.theirs
    assert take(admin, "mindbody/sales.xls").batch.made.keys() == {"sale", "payment"}


@pytest.mark.django_db
def test_acuity_classes_become_one_session_of_several(admin: Actor) -> None:
    make_completion_types()
    outcome = take(admin, "acuity/appointments.csv")
    assert Session.objects.count() == 290 + 9
    assert Participant.objects.count() == 344
    assert outcome.batch.made["payment"] > 50
    assert Session.objects.filter(status="missed").exists()
    assert User.objects.filter(role="practitioner").count() == 4


def test_acuity_rows_are_read_in_words() -> None:
    head = "Start Time,End Time,First Name,Last Name,Phone,Email,Type,Calendar,Appointment Price,Paid?,Amount Paid Online,Label,Date Scheduled,Appointment ID"
    row = '"March 4, 2026 3:00 pm","March 4, 2026 4:30 pm",Ida,Berg,\'+49 30 1,ida@example.org,Massage,Nora Feld,€80.00,yes,80.00,,2026-02-20,17'
    session, payment = items(read(f"{head}\n{row}\n"))
    assert isinstance(session, SessionItem)
    assert isinstance(payment, PaymentItem)
    assert (session.day.isoformat(), f"{session.start:%H:%M}", f"{session.end:%H:%M}") == (
        "2026-03-04",
        "15:00",
        "16:30",
    )
    assert (session.places[0].status, session.places[0].cost_minor, session.places[0].client.phone) == (
        "auto",
        8000,
        "+49 30 1",
    )
    assert (payment.amount_minor, payment.received_on.isoformat(), payment.reference) == (8000, "2026-02-20", "17")


def test_acuity_rows_at_fault_say_so() -> None:
    head = "Start Time,End Time,First Name,Type,Calendar,Appointment Price"
    found = read(
        f"{head}\n2026-03-04,2026-03-04 11:00,Ida,Massage,Nora,80\n2026-03-04 12:00,2026-03-04 11:00,Ida,Massage,Nora,80\n"
    )
    assert [(each.row, each.column, each.code) for each in found.problems] == [
        (2, "Start Time", "not_a_time"),
        (3, "End Time", "ends_before_start"),
    ]


def test_teachworks_keeps_what_has_no_place_here() -> None:
    students = [item for item in items(parsed("teachworks/students.xlsx")) if isinstance(item, PersonItem)]
    assert Counter(each.status for each in students).keys() == {"active", "inactive", "prospect"}
    first = students[0]
    assert dict(first.custom).keys() >= {"Grade", "Start date", "Billing method"}
    assert any(each.tags == ("Piano", "Theory") for each in students)
    teachers = [item for item in items(parsed("teachworks/teachers.csv")) if isinstance(item, PersonItem)]
    assert {each.role for each in teachers} == {"practitioner", "staff"}


def test_mindbody_placeholders_are_nothing() -> None:
    people = [item for item in items(parsed("mindbody/mailing-list.xls")) if isinstance(item, PersonItem)]
    assert not any(each.last_name == "." or "10000000000" in each.phone for each in people)
    assert any(not each.last_name for each in people)
    assert parsed("mindbody/mailing-list.xls").their_rows == 330


def test_mindbody_balances_and_sales_keep_their_signs() -> None:
    balances = [item for item in items(parsed("mindbody/account-balances.xls")) if isinstance(item, BalanceItem)]
    assert min(each.balance_minor for each in balances) < 0 < max(each.balance_minor for each in balances)
    sales = [item for item in items(parsed("mindbody/sales.xls")) if isinstance(item, SaleItem)]
    assert any(each.total_minor < 0 and each.paid_minor < 0 for each in sales)
    assert {each.method for each in sales} >= {"card", "cash", "check"}
    assert {each.sold_on.month for each in sales} == {4}


@pytest.mark.django_db
def test_a_return_takes_charge_and_money_back(admin: Actor) -> None:
    text = 'Sale Date,Client,Sale ID,Item Name,Item Total,Total Paid w/ Payment Method\n2026-04-02,"Berg, Ida",1,Mat,30.00,30.00\n2026-04-03,"Berg, Ida",2,Mat,-30.00,-30.00\n2026-04-04,"Berg, Ida",3,Card,100.00,\n'
    batch = start_import(actor=admin, now=NOW, file_name="sales.csv", content=text.encode())
    run_import(actor=admin, now=NOW, import_id=batch.pk)
    assert balance_of(User.objects.get(role="client").pk).balance == -10000
    assert check_books(actor=COMMAND, now=NOW).balanced


def test_easyappointments_dump_holds_every_table() -> None:
    found = parsed("easyappointments/database.sql")
    assert [part.layout.record for part in found.parts] == ["services", "clients", "sessions"]
    people = Counter(item.role for item in items(found) if isinstance(item, PersonItem))
    assert people == {"practitioner": 5, "client": 80}
    sessions = [item for item in items(found) if isinstance(item, SessionItem)]
    assert max(len(each.places) for each in sessions) == 5
    assert any(each.internal_note == "Two\nlines; (really)" for each in sessions)
    assert {place.status for each in sessions for place in each.places} == {"auto", "canceled", "missed"}


def test_easyappointments_lists_of_the_api_are_read_too() -> None:
    text = '{"services": [{"id": 1, "name": "Cut", "duration": 30, "price": 35, "attendantsNumber": 1}], "customers": [{"id": 7, "firstName": "Ida", "lastName": "Berg", "email": "ida@example.org", "timezone": "UTC"}]}'
    assert [type(item).__name__ for item in items(read(text))] == ["ServiceItem", "PersonItem"]
