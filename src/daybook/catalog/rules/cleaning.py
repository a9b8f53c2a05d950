"""What a service, a location and a rate may hold. Pure: values in, cleaned values or InvalidInput out."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from daybook.core.errors import FieldProblem, InvalidInput
from daybook.core.money import MAX_MINOR
from daybook.core.texts import text_problem

LONGEST_SESSION = 1440
LONGEST_BUFFER = 480
MOST_PLACES = 100_000
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

_COLOR = re.compile(r"#[0-9a-f]{6}")
_LINK = re.compile(r"https?://\S+")
_PERCENT_STEP = Decimal("0.001")


class _Problem(Exception):
    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


Cleaner = Callable[[Any], Any]


def _text(longest: int, *, required: bool = False) -> Cleaner:
    def clean(value: Any) -> str:
        found = text_problem(value, longest=longest, required=required)
        if found:
            raise _Problem(found[0], **found[1])
        return str(value).strip()

    return clean


def _whole(least: int, most: int) -> Cleaner:
    def clean(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise _Problem("not_a_number")
        if value < least:
            raise _Problem("negative" if value < 0 else "too_small", least=least)
        if value > most:
            raise _Problem("too_large", most=most)
        return value

    return clean


def _one_of(*allowed: str) -> Cleaner:
    def clean(value: Any) -> str:
        if value not in allowed:
            raise _Problem("unknown_choice")
        return str(value)

    return clean


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Problem("invalid")
    return value


def _color(value: Any) -> str:
    text = value.lower() if isinstance(value, str) else ""
    if value != "" and not _COLOR.fullmatch(text):
        raise _Problem("not_a_color")
    return text


def _percent(value: Any) -> Decimal:
    try:
        rate = Decimal(str(value))
    except InvalidOperation:
        raise _Problem("not_a_number") from None
    if not rate.is_finite():
        raise _Problem("not_a_number")
    if rate < 0:
        raise _Problem("negative")
    if rate > 100:
        raise _Problem("too_large", most=100)
    if rate != rate.quantize(_PERCENT_STEP):
        raise _Problem("too_many_digits")
    return rate


def _link(value: Any) -> str:
    text: str = _text(500)(value)
    if text and not _LINK.fullmatch(text):
        raise _Problem("not_a_link")
    return text


def _places(value: Any) -> int | None:
    return None if value is None else _whole(1, MOST_PLACES)(value)


def _day(value: Any) -> date:
    if not isinstance(value, date) or not FIRST_DAY <= value <= LAST_DAY:
        raise _Problem("not_a_date")
    return value


SERVICE: dict[str, Cleaner] = {
    "name": _text(120, required=True),
    "kind": _one_of("hourly", "fixed"),
    "description": _text(2000),
    "cost_minor": _whole(0, MAX_MINOR),
    "wage_minor": _whole(0, MAX_MINOR),
    "tax_rate": _percent,
    "minutes": _whole(1, LONGEST_SESSION),
    "buffer_before": _whole(0, LONGEST_BUFFER),
    "buffer_after": _whole(0, LONGEST_BUFFER),
    "is_concurrent": _flag,
    "client_bookable": _flag,
    "visibility": _one_of("all", "team"),
    "color": _color,
}
LOCATION: dict[str, Cleaner] = {
    "name": _text(120, required=True),
    "address": _text(500),
    "online_link": _link,
    "capacity": _places,
    "client_bookable": _flag,
    "color": _color,
}
CLIENT_RATE: dict[str, Cleaner] = {"cost_minor": _whole(0, MAX_MINOR), "starts_on": _day}
WAGE_RATE: dict[str, Cleaner] = {"wage_minor": _whole(0, MAX_MINOR), "starts_on": _day}


def clean(
    cleaners: Mapping[str, Cleaner], given: Mapping[str, Any], *, names: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The given fields, trimmed and checked. Raises InvalidInput with every problem, and for a field that there is not.

    `names` says how the caller names a field (`cost_minor` is `cost` outside).
    """
    cleaned: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for field, value in given.items():
        if field not in cleaners:
            problems.append(FieldProblem(field, "unknown"))
            continue
        try:
            cleaned[field] = cleaners[field](value)
        except _Problem as found:
            problems.append(FieldProblem((names or OUTER_NAMES).get(field, field), found.code, found.facts))
    if problems:
        raise InvalidInput(problems)
    return cleaned


# What doors call a field, where it differs.
OUTER_NAMES = {"cost_minor": "cost", "wage_minor": "wage", "is_concurrent": "concurrent"}
