"""Dates in the order that their column shows, or asked about."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybook.imports.rules.dates import NotADate, decide_order, from_serial, read_date, read_time, split_moment


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-04", date(2026, 5, 4)),
        ("2026/5/4", date(2026, 5, 4)),
        ("20260504", date(2026, 5, 4)),
        ("04.05.2026", date(2026, 5, 4)),
        ("4.5.26", date(2026, 5, 4)),
        ("31/12/2025", date(2025, 12, 31)),
        ("12/31/2025", date(2025, 12, 31)),
        ("5/5/2026", date(2026, 5, 5)),
        ("4 May 2026", date(2026, 5, 4)),
        ("May 4, 2026", date(2026, 5, 4)),
        ("Mon, 4 May 2026", date(2026, 5, 4)),
        ("Monday, May 4, 2026", date(2026, 5, 4)),
        ("4-May-26", date(2026, 5, 4)),
        ("4. Mai 2026", date(2026, 5, 4)),
        ("4 mars 2026", date(2026, 3, 4)),
        ("4 de mayo de 2026", date(2026, 5, 4)),
        ("May 4th, 2026", date(2026, 5, 4)),
        ("02/29/2024", date(2024, 2, 29)),
        ("1/2/1955", None),
    ],
)
def test_read_date(text: str, day: date | None) -> None:
    reading = read_date(text)
    assert reading.under(None) == day
    if day is None:
        assert (reading.day_first, reading.month_first) == (date(1955, 2, 1), date(1955, 1, 2))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n/a",
        "31/31/2026",
        "29.02.2025",
        "2026-13-01",
        "0000-01-01",
        "May",
        "12",
        "99/99/9999",
        "4 Foo 2026",
        "1" * 80,
    ],
)
def test_read_date_refuses_what_is_none(text: str) -> None:
    with pytest.raises(NotADate):
        read_date(text)


@pytest.mark.parametrize(
    ("texts", "answer", "order", "asks"),
    [
        (["03/04/2026", "31/04/2020", "13/04/2026"], None, "day_first", False),
        (["03/04/2026", "04/13/2026"], None, "month_first", False),
        (["03/04/2026", "05/06/2026"], None, None, True),
        (["03/04/2026", "05/06/2026"], "month_first", "month_first", False),
        (["03/04/2026", "13/01/2026", "01/13/2026"], None, None, True),
        (["03/04/2026", "13/01/2026", "01/13/2026"], "day_first", "day_first", False),
        (["13/01/2026"], "month_first", "day_first", False),
        (["13/01/2026", "01/13/2026"], None, None, False),
        (["2026-01-02", "05/05/2026"], None, None, False),
        (["2 January 2026 3:00 pm"], None, None, False),
        (["03/04/2026 10:00", "25/04/2026 11:00"], None, "day_first", False),
        ([], None, None, False),
    ],
)
def test_decide_order(texts: list[str], answer: str | None, order: str | None, asks: bool) -> None:
    decided = decide_order(texts, answer)  # type: ignore[arg-type]
    assert (decided.order, decided.asks) == (order, asks)


@given(st.lists(st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 12, 31)), min_size=1, max_size=30))
def test_a_column_with_one_clear_date_reads_back_as_written(days: list[date]) -> None:
    texts = [f"{day.day}/{day.month}/{day.year}" for day in days]
    decided = decide_order([*texts, "31/01/2026"])
    assert [read_date(text).under(decided.order) for text in texts] == days


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("15:00", time(15)),
        ("3:00 pm", time(15)),
        ("3pm", time(15)),
        ("12:30 AM", time(0, 30)),
        ("12 p.m.", time(12)),
        ("9h30", time(9, 30)),
        ("09.30 Uhr", time(9, 30)),
        ("08:05:59", time(8, 5, 59)),
    ],
)
def test_read_time(text: str, clock: time) -> None:
    assert read_time(text) == clock


@pytest.mark.parametrize("text", ["", "25:00", "12:60", "13 pm", "noon", "9"])
def test_read_time_refuses_what_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        read_time(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("May 4, 2026 3:00 pm", ("May 4, 2026", "3:00 pm", "")),
        ("2026-05-04T15:00:00+02:00", ("2026-05-04", "15:00:00", "+02:00")),
        ("2026-05-04 15:00", ("2026-05-04", "15:00", "")),
        ("04/05/2026, 3pm", ("04/05/2026", "3pm", "")),
        ("4 May 2026 at 15:00", ("4 May 2026", "15:00", "")),
        ("2026-05-04", ("2026-05-04", "", "")),
    ],
)
def test_split_moment(text: str, parts: tuple[str, str, str]) -> None:
    assert split_moment(text) == parts


def test_serial_numbers_of_spreadsheets() -> None:
    assert from_serial(46146.5).isoformat() == "2026-05-04T12:00:00"
