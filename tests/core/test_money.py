from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybook.core.money import Money, allocate, minor_to_text, per_hour, round_half_up, text_to_minor


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("46.5"), 47),
        (Decimal("-46.5"), -47),
        (Decimal("46.4999"), 46),
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),
        (Fraction(1, 3), 0),
        (Fraction(2, 3), 1),
        (Fraction(-5, 3), -2),
    ],
)
def test_round_half_up_takes_halves_away_from_zero(value: Decimal | Fraction, expected: int) -> None:
    assert round_half_up(value) == expected


def test_hourly_amount_of_the_worked_example_rounds_once() -> None:
    # 33.10 an hour, 85 minutes: 3310 × 85 / 60 = 4689.1666… → 46.89
    assert round_half_up(per_hour(3310, 85)) == 4689


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (10000, "EUR", "100.00"),
        (-5, "EUR", "-0.05"),
        (100, "JPY", "100"),
        (1234567, "KWD", "1234.567"),
        (0, "USD", "0.00"),
    ],
)
def test_minor_and_text_are_two_forms_of_one_amount(minor: int, currency: str, text: str) -> None:
    assert minor_to_text(minor, currency) == text
    assert text_to_minor(text, currency) == minor


@pytest.mark.parametrize("text", ["", "abc", "1.234", "NaN", "Infinity", "1e40", "--1", "1,50", "\x00", "9" * 30])
def test_text_to_minor_refuses_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r"not an amount|too many digits|too large"):
        text_to_minor(text, "EUR")


def test_money_refuses_to_mix_currencies() -> None:
    with pytest.raises(ValueError, match="mix"):
        Money(1, "EUR") + Money(1, "USD")


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any))
def test_allocate_parts_always_add_up_to_the_whole(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))


@given(st.integers(-(10**11), 10**11), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_text_round_trip_loses_nothing(minor: int, currency: str) -> None:
    assert text_to_minor(minor_to_text(minor, currency), currency) == minor
