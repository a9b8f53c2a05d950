"""From a cell to a value of its column's kind, or the reason why not."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from daybook.imports.layouts.base import Column
from daybook.imports.rules import amounts, dates
from daybook.imports.rules.headings import normal
from daybook.imports.rules.tables import Cell, cell_text

_EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]{1,185}\.[^@\s,;<>.]{2,63}\Z")
_YES = frozenset(["yes", "y", "true", "1", "x", "on", "ja", "oui", "si", "sí", "active", "aktiv", "✓"])
_NO = frozenset(["no", "n", "false", "0", "off", "nein", "non", "inactive", "-", "–"])
_LIMITS = {"text": 500, "name": 100, "email": 254, "phone": 40, "long_text": 10_000, "names": 2_000}
_SPACES = re.compile(r"[ \t]+")


class CellProblem(ValueError):
    """A cell that cannot be taken: a code, and the facts of its sentence."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall-clock date and time; `offset` is written only by files that name one."""

    day: date
    clock: time | None
    offset: str = ""


@dataclass(frozen=True, slots=True)
class CellContext:
    """How this column is to be read: the file's currency, the order of dates, the decimal mark."""

    currency: str
    order: dates.ColumnOrder | None = None
    mark: amounts.Mark | None = None


def read_cell(cell: Cell, column: Column, context: CellContext) -> Any:
    """The value, or None for an empty cell. Raises CellProblem."""
    text = cell_text(cell).strip()
    if not text or text.casefold() in column.empty:
        return None
    return _READERS[column.kind](cell, text, column, context)


def _text(cell: Cell, text: str, column: Column, context: CellContext) -> str:
    limit = _LIMITS[column.kind]
    plain = text if column.kind == "long_text" else " ".join(text.split())
    if len(plain) > limit:
        raise CellProblem("too_long", limit=limit)
    return plain


def _names(cell: Cell, text: str, column: Column, context: CellContext) -> tuple[str, ...]:
    _text(cell, text, column, context)
    return tuple(dict.fromkeys(" ".join(part.split()) for part in re.split(r"[;\n|]", text) if part.strip()))


def _email(cell: Cell, text: str, column: Column, context: CellContext) -> str:
    plain = text.removeprefix("mailto:").strip("<> ")
    if not _EMAIL.match(plain) or len(plain) > _LIMITS["email"]:
        raise CellProblem("not_an_email", text=text[:80])
    return plain


def _phone(cell: Cell, text: str, column: Column, context: CellContext) -> str | None:
    plain = _SPACES.sub(" ", text)
    if len(plain) > _LIMITS["phone"] or not any(letter.isdigit() for letter in plain):
        raise CellProblem("not_a_phone", text=text[:80])
    return plain


def _date(cell: Cell, text: str, column: Column, context: CellContext) -> date:
    return _moment(cell, text, column, context).day


def _moment(cell: Cell, text: str, column: Column, context: CellContext) -> Moment:
    if isinstance(cell, datetime):
        return Moment(cell.date(), cell.time().replace(second=0, microsecond=0))
    if isinstance(cell, date):
        return Moment(cell, None)
    try:
        if isinstance(cell, int | float) and not isinstance(cell, bool) and 1 <= cell < 110_000:
            moment = dates.from_serial(cell)
            return Moment(moment.date(), moment.time())
        day_text, clock_text, offset = dates.split_moment(text)
        day = dates.read_date(day_text).under(context.order.order if context.order else None)
        clock = dates.read_time(clock_text) if clock_text else None
    except ValueError as error:
        raise CellProblem("not_a_date", text=text[:40]) from error
    if day is None:
        raise CellProblem("date_undecided", text=text[:40])
    return Moment(day, clock, offset)


def _time(cell: Cell, text: str, column: Column, context: CellContext) -> time:
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, float) and 0 <= cell < 1:
        return dates.from_serial(1 + cell).time()
    try:
        return dates.read_time(dates.split_moment(text)[1] or text)
    except ValueError as error:
        raise CellProblem("not_a_time", text=text[:40]) from error


def _money(cell: Cell, text: str, column: Column, context: CellContext) -> int:
    try:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return amounts.read_number(cell, context.currency)
        return amounts.read_amount(text, context.currency, context.mark)
    except amounts.NotAnAmount as error:
        raise CellProblem(str(error), text=text[:40], currency=context.currency) from error


def _whole(cell: Cell, text: str, column: Column, context: CellContext) -> int:
    plain = re.sub(r"\s*(minutes?|mins?\.?|m)\Z", "", text, flags=re.IGNORECASE)
    if not plain.lstrip("-").isdecimal() or len(plain) > 9:
        raise CellProblem("not_a_whole_number", text=text[:40])
    return int(plain)


def _percent(cell: Cell, text: str, column: Column, context: CellContext) -> Decimal:
    try:
        value = Decimal(text.rstrip("% ").replace(",", "."))
    except InvalidOperation as error:
        raise CellProblem("not_a_percentage", text=text[:40]) from error
    if not (value.is_finite() and 0 <= value <= 100):
        raise CellProblem("not_a_percentage", text=text[:40])
    return value


def _yes_no(cell: Cell, text: str, column: Column, context: CellContext) -> bool:
    plain = text.casefold()
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise CellProblem("not_yes_or_no", text=text[:40])


def _choice(cell: Cell, text: str, column: Column, context: CellContext) -> str:
    chosen = column.choices.get(normal(text))
    if chosen is None:
        raise CellProblem("not_a_choice", text=text[:40], choices=", ".join(dict.fromkeys(column.choices.values())))
    return chosen


_READERS = {
    "text": _text,
    "long_text": _text,
    "name": _text,
    "names": _names,
    "email": _email,
    "phone": _phone,
    "date": _date,
    "moment": _moment,
    "time": _time,
    "money": _money,
    "whole": _whole,
    "percent": _percent,
    "yes_no": _yes_no,
    "choice": _choice,
}
