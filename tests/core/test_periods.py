from datetime import UTC, date, datetime, time

import pytest

from daybook.core.periods import day_span, day_start, local_date, local_instant, minutes_between, month_span


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        (date(2026, 1, 15), "Europe/Berlin", datetime(2026, 1, 14, 23, tzinfo=UTC)),
        (date(2026, 7, 15), "Europe/Berlin", datetime(2026, 7, 14, 22, tzinfo=UTC)),
        (date(2026, 1, 15), "America/New_York", datetime(2026, 1, 15, 5, tzinfo=UTC)),
        (date(2024, 2, 29), "UTC", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_day_start_is_midnight_in_the_business_zone(day: date, zone: str, expected: datetime) -> None:
    assert day_start(day, zone) == expected


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_day_span_has_the_hours_that_the_clocks_give_it(day: date, hours: int) -> None:
    start, end = day_span(day, day, "Europe/Berlin")
    assert minutes_between(start, end) == hours * 60


def test_wall_clock_time_stays_the_same_across_a_clock_change() -> None:
    before = local_instant(date(2026, 3, 28), time(16), "Europe/Berlin")
    after = local_instant(date(2026, 3, 29), time(16), "Europe/Berlin")
    assert minutes_between(before, after) == 23 * 60


def test_local_date_turns_over_at_the_business_midnight() -> None:
    late = datetime(2026, 1, 14, 23, 30, tzinfo=UTC)
    assert local_date(late, "Europe/Berlin") == date(2026, 1, 15)
    assert local_date(late, "UTC") == date(2026, 1, 14)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 10), (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2024, 2, 29), (date(2024, 2, 1), date(2024, 2, 29))),
        (date(2026, 12, 31), (date(2026, 12, 1), date(2026, 12, 31))),
    ],
)
def test_month_span_has_first_and_last_day(day: date, expected: tuple[date, date]) -> None:
    assert month_span(day) == expected
