import re
from datetime import UTC, date, datetime, time

import pytest
from babel.numbers import format_currency

from daybook.ui import format

LOCALES = ["en", "en_GB", "de", "de_AT", "de_CH", "fr", "es", "nl", "pl", "sv", "ja", "en_IN", "pt_BR", "it"]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD"])
@pytest.mark.parametrize("minor", [0, 1, 99, 4550, 123456789, -9000])
def test_money_is_written_as_babel_writes_it(minor, currency, locale):
    from decimal import Decimal

    from daybook.core.money import currency_digits

    expected = format_currency(Decimal(minor).scaleb(-currency_digits(currency)), currency, locale=locale).replace(
        "-", "\u2212"
    )
    # Letters keep a space from the digits, as CLDR asks and babel does not: `KWD 5.000`.
    assert format.money(minor, currency, locale) == re.sub(r"([a-z])(?=[0-9])", "\\1\u00a0", expected, flags=re.I)
    assert not re.search(r"[A-Za-z][0-9]|[0-9][A-Za-z]", format.money(minor, currency, locale))


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("1,234.50", "en", "1234.50"),
        ("1.234,50", "de", "1234.50"),
        ("1234,5", "en", "1234.5"),
        ("45.50", "de", "45.50"),
        ("€ 45", "en", "45"),
        ("1.234", "de", "1234"),
        ("1,234", "en", "1234"),
        ("1 234,50", "fr", "1234.50"),
        ("\u221212.00", "en", "-12.00"),
        ("1,234,567.89", "en", "1234567.89"),
        ("abc", "en", "abc"),
    ],
)
def test_typed_amounts_are_read_in_the_locale_way_or_the_plain_one(text, locale, expected):
    assert format.parse_money(text, "EUR", locale) == expected


@pytest.mark.parametrize("locale", ["en", "de", "fr", "de_CH", "ja"])
@pytest.mark.parametrize("minor", [0, 5, 123456, -4550])
def test_an_amount_survives_its_input(minor, locale):
    from daybook.core.money import text_to_minor

    shown = format.money_input(minor, "EUR", locale)
    assert text_to_minor(format.parse_money(shown, "EUR", locale), "EUR") == minor


def test_dates_and_times_follow_the_locale():
    assert format.day(date(2026, 1, 3), "en_GB") == "3 Jan 2026"
    assert format.day(date(2026, 1, 3), "de") == "03.01.2026"
    assert format.clock(time(14, 30), "en_GB") == "14:30"
    assert format.clock(time(14, 30), "en_US") == "2:30\u00a0PM"
    assert format.local(datetime(2026, 7, 1, 12, tzinfo=UTC), "Europe/Berlin").hour == 14
    assert format.duration(90) == "1\u00a0h 30\u00a0min"
    assert format.zone_name("Europe/Berlin", "en") == "Central European Time"


@pytest.mark.parametrize(
    ("name", "expected"), [("Leo Maria Brandt", "LB"), ("pia", "P"), ("Anna-Lena Groß", "AG"), ("", "?"), ("…", "?")]
)
def test_initials(name, expected):
    assert format.initials(name) == expected


def test_an_unknown_locale_reads_as_english():
    assert format.money(4550, "EUR", "xx_YY") == "€45.50"
