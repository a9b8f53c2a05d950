"""Dates and times as people's programs write them; which order a column's numbers stand in, when that can be told."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

Order = Literal["day_first", "month_first"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner janvier janv enero ene",
            "feb february februar février fevrier févr fév febrero",
            "mar march märz mrz mars marzo",
            "apr april avril avr abril abr",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juillet juil julio",
            "aug august août aout agosto ago",
            "sep sept september septembre septiembre setiembre",
            "oct october okt oktober octobre octubre",
            "nov november novembre noviembre",
            "dec december dez dezember décembre decembre déc diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\Z")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)\Z")
_NUMERIC = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?\Z")
_NAMED_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.\-/]*(?:de\s+)?([^\W\d_]{3,12})[\s.,\-/]*(?:de\s+)?'?(\d{4}|\d{2})\Z", re.IGNORECASE
)
_NAMED_MONTH_FIRST = re.compile(
    r"([^\W\d_]{3,12})[\s.\-/]*(\d{1,2})(?:st|nd|rd|th)?[\s.,\-/]+'?(\d{4}|\d{2})\Z", re.IGNORECASE
)
_WEEKDAY = re.compile(r"\A[^\W\d_]{2,12}\.?,?\s+(?=.*\d.*\d)", re.IGNORECASE)
_TIME = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*([ap])?\.?\s?(?:m\.?)?(?:\s*uhr|h)?\Z", re.IGNORECASE
)
_SPLIT = re.compile(r"(?:[T]|,?\s+(?:at\s+)?|,)(?=\d{1,2}(?:[:.h]\d{2}|\s*[ap]\.?m))", re.IGNORECASE)
_OFFSET = re.compile(r"\s*(Z|[+-]\d{2}:?\d{2})\Z")
_SERIAL_START = date(1899, 12, 30)


class NotADate(ValueError):
    """The text is no date, or one that the calendar does not have."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text can mean: one date, or one for each order."""

    day_first: date | None
    month_first: date | None

    @property
    def decided(self) -> Order | None:
        """The order that alone makes sense of it; None when both do, or when order plays no part."""
        if self.day_first and not self.month_first:
            return "day_first"
        if self.month_first and not self.day_first:
            return "month_first"
        return None

    @property
    def is_open(self) -> bool:
        return self.day_first != self.month_first and self.decided is None

    def under(self, order: Order | None) -> date | None:
        """The date under `order`; what can be only one thing is that thing. None while it stays open."""
        if not self.is_open:
            return self.day_first or self.month_first
        return {"day_first": self.day_first, "month_first": self.month_first, None: None}[order]


@lru_cache(maxsize=20_000)
def read_date(text: str) -> Reading:
    """All that a text without a time can mean as a date. Raises NotADate.

    Dots stand for day first everywhere that writes them; years of two digits are of 1950–2049.
    """
    plain = " ".join(text.split())
    if len(plain) > 40:
        raise NotADate(text)
    if found := _ISO.match(plain) or _COMPACT.match(plain):
        return _fixed(*(int(part) for part in found.groups()))
    if found := _NUMERIC.match(plain):
        first, second, year = int(found[1]), int(found[3]), _full_year(found[4])
        reading = Reading(_make(year, second, first), None if found[2] == "." else _make(year, first, second))
        if reading.day_first is None and reading.month_first is None:
            raise NotADate(text)
        return reading
    bare = _WEEKDAY.sub("", plain) if not _NAMED_MONTH_FIRST.match(plain) else plain
    if found := _NAMED_DAY_FIRST.match(bare):
        return _named(found[2], found[1], found[3], text)
    if found := _NAMED_MONTH_FIRST.match(bare):
        return _named(found[1], found[2], found[3], text)
    if bare != plain:
        return read_date(bare)
    raise NotADate(text)


def _named(month: str, day: str, year: str, text: str) -> Reading:
    number = _MONTHS.get(month.casefold().rstrip("."))
    if number is None:
        raise NotADate(text)
    return _fixed(_full_year(year), number, int(day))


def _fixed(year: int, month: int, day: int) -> Reading:
    made = _make(year, month, day)
    if made is None:
        raise NotADate(f"{year}-{month}-{day}")
    return Reading(made, made)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


@lru_cache(maxsize=5_000)
def read_time(text: str) -> time:
    """A time of day: 15:00, 3:00 pm, 3pm, 15h30, 15.30. Raises ValueError."""
    found = _TIME.match(text.strip())
    if found is None or (found[2] is None and found[4] is None and not text.strip().lower().endswith(("h", "uhr"))):
        raise ValueError("not a time")
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            raise ValueError("not a time")
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    return time(hour, minute, second)


def split_moment(text: str) -> tuple[str, str, str]:
    """A text of a date with a time as (date, time, offset); the offset is empty for a local one."""
    plain = " ".join(text.split())
    offset = ""
    if (found := _OFFSET.search(plain)) and ":" in plain[: found.start()]:
        plain, offset = plain[: found.start()], found[1]
    parts = _SPLIT.split(plain, maxsplit=1)
    return (parts[0].rstrip(","), parts[1], offset) if len(parts) == 2 else (plain, "", offset)


def from_serial(number: float) -> datetime:
    """The moment that a spreadsheet's day number stands for (day 1 is 1900-01-01). Raises NotADate."""
    if not 1 <= number < 110_000:
        raise NotADate(str(number))
    return datetime.combine(_SERIAL_START, time(0)) + timedelta(minutes=round(number * 1440))


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """How a column's dates are to be read: an order, or the question that is open."""

    order: Order | None
    undecided: tuple[str, ...] = ()
    is_mixed: bool = False
    is_answered: bool = False

    @property
    def asks(self) -> bool:
        return bool(self.undecided) and self.order is None


def decide_order(texts: Iterable[str], answer: Order | None = None) -> ColumnOrder:
    """How to read a column, from those of its dates that can be only one thing.

    Evidence of one kind decides for all. Both kinds, or none, leave dates such as 03/04/2026 open: then `answer`
    decides, and without one the column asks (`undecided` holds up to five examples). Evidence weighs more than an answer.
    """
    orders: set[Order] = set()
    open_texts: dict[str, None] = {}
    for text in texts:
        try:
            reading = read_date(split_moment(text)[0])
        except NotADate:
            continue
        if reading.decided and "." not in split_moment(text)[0]:
            orders.add(reading.decided)
        elif reading.is_open:
            open_texts.setdefault(text)
    examples = tuple(list(open_texts)[:5])
    if len(orders) == 1:
        return ColumnOrder(orders.pop(), examples)
    return ColumnOrder(answer, examples, is_mixed=len(orders) == 2, is_answered=answer is not None and bool(examples))
