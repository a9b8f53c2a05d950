"""Amounts to the cent, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybook.imports.rules.amounts import NotAnAmount, decide_mark, read_amount, read_number


@pytest.mark.parametrize(
    ("text", "mark", "minor"),
    [
        ("12.50", None, 1250),
        ("12,50", None, 1250),
        ("12,5", None, 1250),
        ("1,234.50", None, 123450),
        ("1.234,50", None, 123450),
        ("1 234,50", None, 123450),
        ("1'234.50", None, 123450),
        ("1.234.567,00", None, 123456700),
        ("1,234", None, 123400),
        ("1.234", ",", 123400),
        ("€ 12,50", None, 1250),
        ("12.50 EUR", None, 1250),
        ("EUR12.50", None, 1250),
        ("-12.50", None, -1250),
        ("(12.50)", None, -1250),
        ("12.50-", None, -1250),
        ("−12.50", None, -1250),
        ("-€1,020.00", None, -102000),
        ("12.-", None, 1200),
        ("0", None, 0),
        (".5", None, 50),
        ("-.50 €", None, -50),
        ("12", None, 1200),
    ],
)
def test_read_amount(text: str, mark: str | None, minor: int) -> None:
    assert read_amount(text, "EUR", mark) == minor  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("abc", "EUR", "not_an_amount"),
        ("", "EUR", "not_an_amount"),
        (".", "EUR", "not_an_amount"),
        ("12.345,678", "EUR", "too_many_digits"),
        ("1.2345", "EUR", "too_many_digits"),
        ("12 dogs", "EUR", "not_an_amount"),
        ("1,23,456.00", "EUR", "not_an_amount"),
        ("$12.00", "EUR", "other_currency"),
        ("12 USD", "EUR", "other_currency"),
        ("12.5", "JPY", "too_many_digits"),
        ("9" * 30, "EUR", "too_large"),
        ("99999999999999", "EUR", "too_large"),
    ],
)
def test_read_amount_refuses(text: str, currency: str, code: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        read_amount(text, currency)
    assert str(refusal.value) == code


def test_dollar_sign_belongs_to_dollars() -> None:
    assert read_amount("$12.00", "USD") == 1200
    assert read_amount("$12.00", "CAD") == 1200


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.234", "5,50"], ","),
        (["1,234", "5.50"], "."),
        (["1.234"], None),
        (["5,50", "5.50"], None),
        (["1.234,5"], ","),
    ],
)
def test_decide_mark(texts: list[str], mark: str | None) -> None:
    assert decide_mark(texts) == mark


@given(st.integers(min_value=-(10**11), max_value=10**11), st.sampled_from(["en", "de", "fr", "ch"]))
def test_amounts_read_back_as_written(minor: int, style: str) -> None:
    """Thousands grouped and decimals marked as four countries write them."""
    whole, cents = divmod(abs(minor), 100)
    group, mark = {"en": (",", "."), "de": (".", ","), "fr": (" ", ","), "ch": ("'", ".")}[style]
    text = f"{whole:,}".replace(",", group) + f"{mark}{cents:02}"
    assert read_amount(("-" if minor < 0 else "") + text, "EUR") == minor


@pytest.mark.parametrize(("value", "minor"), [(12.1, 1210), (0.1 + 0.2, 30), (1e3, 100000), (-4.05, -405), (7, 700)])
def test_read_number_takes_what_a_person_sees(value: float, minor: int) -> None:
    assert read_number(value, "EUR") == minor


@pytest.mark.parametrize(
    ("value", "code"),
    [(12.345, "too_many_digits"), (1e300, "too_large"), (float("inf"), "too_large"), (float("nan"), "too_large")],
)
def test_read_number_refuses(value: float, code: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        read_number(value, "EUR")
    assert str(refusal.value) == code
