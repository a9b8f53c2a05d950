"""Money, dates and times as a locale writes them. Pure: locale and zone are arguments; results are cached, for tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_name
from babel.numbers import format_currency, format_decimal

from daybook.core.money import currency_digits

MINUS = "\u2212"
_NUMBER = re.compile(r"\d.*\d|\d")


@lru_cache(maxsize=128)
def locale_name(locale: str) -> str:
    """The name as babel knows it (`de-DE` → `de_DE`); English for one that it does not."""
    try:
        return str(Locale.parse(locale.replace("-", "_")))
    except (ValueError, UnknownLocaleError):
        return "en"


@dataclass(frozen=True, slots=True)
class _MoneyForm:
    before: str
    after: str
    negative_before: str
    negative_after: str
    group: str
    point: str
    digits: int
    plain: bool


def _around(text: str) -> tuple[str, str]:
    found = _NUMBER.search(text)
    assert found is not None, text
    return text[: found.start()], text[found.end() :]


def _currency(value: Decimal, currency: str, locale: str) -> str:
    """As babel writes it, with a true minus and, as CLDR asks, a space where letters would touch the digits (`BHD 5`)."""
    text = format_currency(value, currency, locale=locale).replace("-", MINUS)
    return re.sub(r"([^\W\d_])(?=\d)", "\\1\u00a0", re.sub(r"(\d)(?=[^\W\d_])", "\\1\u00a0", text))


@lru_cache(maxsize=256)
def _money_form(currency: str, locale: str) -> _MoneyForm:
    sample, negative = (_currency(Decimal(value), currency, locale) for value in (1234567, -1234567))
    symbols = re.sub(r"\d", "", sample[len(_around(sample)[0]) : len(sample) - len(_around(sample)[1])])
    digits = currency_digits(currency)
    group = symbols[0] if len(symbols) > (1 if digits else 0) else ""
    point = symbols[-1] if digits else ""
    expected = f"1{group}234{group}567" + (point + "0" * digits if digits else "")
    return _MoneyForm(*_around(sample), *_around(negative), group, point, digits, expected in sample)


@lru_cache(maxsize=8192)
def money(minor: int, currency: str, locale: str) -> str:
    """The amount as the locale writes it, with a true minus sign: `−€1,234.50`, `1.234,50 €`."""
    name = locale_name(locale)
    form = _money_form(currency, name)
    if not form.plain:  # groups of another size than three: leave it to babel
        value = Decimal(minor).scaleb(-form.digits)
        return _currency(value, currency, name)
    whole, part = divmod(abs(minor), 10**form.digits)
    text = f"{whole:,}".replace(",", form.group)
    if form.digits:
        text += f"{form.point}{part:0{form.digits}d}"
    return f"{form.negative_before}{text}{form.negative_after}" if minor < 0 else f"{form.before}{text}{form.after}"


@lru_cache(maxsize=64)
def currency_affix(currency: str, locale: str) -> tuple[str, str]:
    """What stands before and after an amount in an input: one of the two is the symbol, the other empty."""
    form = _money_form(currency, locale_name(locale))
    return form.before.strip(), form.after.strip()


def money_input(minor: int, currency: str, locale: str) -> str:
    """The amount as an input shows it: no symbol, no groups, the locale's decimal point."""
    form = _money_form(currency, locale_name(locale))
    whole, part = divmod(abs(minor), 10**form.digits)
    text = f"{whole}{form.point}{part:0{form.digits}d}" if form.digits else str(whole)
    return f"-{text}" if minor < 0 else text


def parse_money(text: str, currency: str, locale: str) -> str:
    """A decimal text (`1234.50`) of what a person typed in the locale's way or in the plain one.

    Groups are dropped. A single point or comma followed by one or two digits is a decimal mark whatever the locale.
    """
    form = _money_form(currency, locale_name(locale))
    cleaned = re.sub(r"[\s\u00a0\u202f'’]", "", text).replace(MINUS, "-")
    cleaned = cleaned.replace(form.before.strip(), "").replace(form.after.strip(), "")
    marks = [mark for mark in cleaned if mark in ",."]
    if not marks:
        return cleaned
    last = max(cleaned.rfind(","), cleaned.rfind("."))
    tail = len(cleaned) - last - 1
    is_point = len(set(marks)) == 2 or (marks.count(cleaned[last]) == 1 and (cleaned[last] == form.point or tail <= 2))
    head = re.sub(r"[.,]", "", cleaned[:last])
    return f"{head}.{cleaned[last + 1 :]}" if is_point else head + cleaned[last + 1 :]


@lru_cache(maxsize=4096)
def day(value: date, locale: str) -> str:
    """`3 Jan 2026`: the one style of dates."""
    return _no_thin(format_date(value, "medium", locale=locale_name(locale)))


@lru_cache(maxsize=4096)
def weekday(value: date, locale: str) -> str:
    """`Sat 3 Jan`: where the year is plain from the page."""
    return _no_thin(format_skeleton("MMMEd", value, locale=locale_name(locale)))


@lru_cache(maxsize=1024)
def long_day(value: date, locale: str) -> str:
    """`Saturday, 3 January 2026`: titles of days."""
    return _no_thin(format_date(value, "full", locale=locale_name(locale)))


@lru_cache(maxsize=512)
def month(value: date, locale: str) -> str:
    """`January 2026`."""
    return _no_thin(format_skeleton("yMMMM", value, locale=locale_name(locale)))


@lru_cache(maxsize=512)
def short_month(value: date, locale: str) -> str:
    """`Jan`: on a tile, under the number of the day."""
    return _no_thin(format_skeleton("MMM", value, locale=locale_name(locale)))


@lru_cache(maxsize=4096)
def clock(value: time, locale: str) -> str:
    """`14:30` or `2:30 PM`, to the minute."""
    return _no_thin(format_time(value, "short", locale=locale_name(locale)))


def _no_thin(text: str) -> str:
    return text.replace("\u202f", "\u00a0")


def local(value: datetime, zone: str) -> datetime:
    """The instant on the zone's clock."""
    return value.astimezone(ZoneInfo(zone))


def duration(minutes: int, words: Callable[[str], str] = str) -> str:
    """`45 min`, `1 h`, `1 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours}\u00a0{words('h')}"] if hours else []
    return " ".join([*parts, f"{rest}\u00a0{words('min')}"] if rest or not hours else parts)


@lru_cache(maxsize=256)
def zone_name(zone: str, locale: str) -> str:
    """`Berlin time`, as people of the locale name it."""
    try:
        return str(get_timezone_name(ZoneInfo(zone), width="long", locale=locale_name(locale), return_zone=False))
    except (KeyError, ValueError, LookupError):
        return zone


def number(value: Decimal | float | int, locale: str) -> str:
    """A plain number with the locale's marks."""
    return str(format_decimal(value, locale=locale_name(locale))).replace("-", MINUS)


def initials(name: str) -> str:
    """`Leo Maria Brandt` → `LB`."""
    words = [word for word in re.split(r"[\s\-]+", name) if word[:1].isalnum()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"
