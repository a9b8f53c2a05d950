from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybook.catalog.rules import DatedRate, Modifier, price, rate_on, tax_on

DAY = date(2026, 5, 4)


def cost(**changes: object) -> tuple[int, list[str]]:
    """Amount and reason codes of a session of 85 minutes under an hourly service of 40.00."""
    facts: dict[str, object] = {
        "what": "cost",
        "default_minor": 4000,
        "is_hourly": True,
        "minutes": 85,
        "day": DAY,
        "currency": "EUR",
    }
    result = price(**(facts | changes))  # type: ignore[arg-type]
    return result.minor, [reason.code for reason in result.reasons]


def test_price_takes_the_service_cost_when_nothing_else_holds() -> None:
    # 4000 × 85 / 60 = 5666.67 → 56.67
    assert cost() == (5667, ["service_cost", "hourly", "rounded"])


def test_price_takes_the_clients_own_rate_before_the_service() -> None:
    # 3310 × 85 / 60 = 4689.17 → 46.89
    assert cost(own_rates=(DatedRate(3310, date(2026, 1, 1)),)) == (4689, ["custom_rate", "hourly", "rounded"])


def test_price_takes_the_override_before_all() -> None:
    assert cost(own_rates=(DatedRate(3310, date(2026, 1, 1)),), override_minor=1) == (1, ["cost_override"])


def test_price_of_a_fixed_service_has_no_length() -> None:
    assert cost(is_hourly=False) == (4000, ["service_cost", "fixed"])


def test_price_under_half_a_percentage_rounds_once() -> None:
    # 4000 × 85 / 60 × 50 / 100 = 2833.33 → 28.33
    assert cost(modifier=Modifier("percentage", 50, "Late cancel")) == (
        2833,
        ["service_cost", "hourly", "percentage", "rounded"],
    )


def test_price_under_a_fixed_modifier_is_that_amount() -> None:
    assert cost(modifier=Modifier("fixed", 1500, "No show")) == (1500, ["fixed_amount"])


def test_price_of_a_canceled_session_is_nothing() -> None:
    assert cost(modifier=Modifier("percentage", 0, "Canceled")) == (0, ["not_charged"])


def test_rounded_reason_shows_the_figure_before_and_after() -> None:
    result = price(
        what="cost",
        default_minor=3310,
        is_hourly=True,
        minutes=85,
        day=DAY,
        currency="EUR",
        own_rates=(DatedRate(3310, date(2026, 1, 1)),),
    )
    assert result.reasons[-1].facts == {"before": "46.8917", "after": "46.89"}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), 3000),
        (date(2026, 4, 30), 3000),
        (date(2026, 5, 1), 3500),
        (date(2030, 1, 1), 3500),
    ],
)
def test_rate_on_is_the_latest_that_has_begun(day: date, expected: int | None) -> None:
    rates = (DatedRate(3500, date(2026, 5, 1)), DatedRate(3000, date(2026, 1, 1)))
    found = rate_on(day, rates)
    assert (found.amount_minor if found else None) == expected


@pytest.mark.parametrize(
    ("minor", "rate", "expected"), [(10000, "19", 1900), (4689, "7.7", 361), (5, "10", 1), (4, "10", 0), (0, "19", 0)]
)
def test_tax_on_rounds_half_up_per_line(minor: int, rate: str, expected: int) -> None:
    assert tax_on(minor, Decimal(rate)) == expected


@given(st.integers(0, 10**8), st.integers(1, 1440), st.integers(0, 300))
def test_price_is_within_half_a_cent_of_the_exact_amount(rate: int, minutes: int, percent: int) -> None:
    minor, _ = cost(default_minor=rate, minutes=minutes, modifier=Modifier("percentage", percent, "x"))
    assert abs(minor * 6000 - rate * minutes * percent) <= 3000
