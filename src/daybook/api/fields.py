"""Types of the API's fields: how an id, an instant, a date, a time, an amount goes in and comes out."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator, StringConstraints, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from daybook.core.errors import NotFound
from daybook.core.ids import parse_id
from daybook.core.money import MAX_MINOR, currency_digits, minor_to_text, text_to_minor
from daybook.tenancy.scope import current_business

# Outside these years no calendar is agreed on, and conversions between zones could overflow.
FIRST_YEAR, LAST_YEAR = 1900, 2199
NO_ID = UUID(int=0)

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_AMOUNT = r"^-?[0-9]{1,13}(\.[0-9]{1,4})?$"
_POSITIVE = r"^[0-9]{1,13}(\.[0-9]{1,4})?$"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "This must be a text.")
    return value


def _id(value: object, info: ValidationInfo) -> UUID:
    """An id that cannot exist is one that is not there: NotFound, never a value error.

    The field is named where it is one of a body; the gaps of addresses end in `_id`.
    """
    found = parse_id(value if isinstance(value, UUID) else _text(value))
    if found is None:
        name = info.field_name or ""
        raise NotFound(field=None if name.endswith("_id") else name or None)
    return found


def _filter_id(value: object) -> UUID:
    """As a filter, an id that cannot exist is one that nothing matches."""
    return parse_id(value if isinstance(value, UUID) else _text(value)) or NO_ID


def _parsed(pattern: re.Pattern[str], message: str, parse: Callable[[str], Any]) -> Callable[[object], Any]:
    """A validator that takes texts of one form, and years on which a calendar is agreed."""

    def check(value: object) -> Any:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise PydanticCustomError("form", message)  # type: ignore[arg-type]
        try:
            result = parse(value)
        except ValueError:
            raise PydanticCustomError("form", message) from None  # type: ignore[arg-type]
        if isinstance(result, date) and not FIRST_YEAR <= result.year <= LAST_YEAR:
            raise PydanticCustomError(
                "year", "The year must be from {first} to {last}.", {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return result

    return check


def _parse_instant(text: str) -> datetime:
    return datetime.fromisoformat(text.upper())


def _minor(pattern: str) -> Callable[[object], int]:
    form = re.compile(pattern, re.ASCII)

    def check(value: object) -> int:
        currency = current_business().currency
        text = value if isinstance(value, str) else ""
        try:
            if not form.fullmatch(text):
                raise ValueError
            return text_to_minor(text, currency)
        except ValueError:
            raise _not_an_amount(text, currency) from None

    return check


def _not_an_amount(text: str, currency: str) -> PydanticCustomError:
    """What is wrong with an amount: its sign, its size, or how it is written."""
    if re.fullmatch(_AMOUNT, text, re.ASCII) and text.startswith("-"):
        return PydanticCustomError("amount", "This must not be less than zero.")
    if (
        re.fullmatch(r"-?[0-9]{5,}(\.[0-9]*)?", text, re.ASCII)
        and Decimal(text) * 10 ** currency_digits(currency) > MAX_MINOR
    ):
        return PydanticCustomError(
            "amount", "This must be at most {most}.", {"most": minor_to_text(MAX_MINOR, currency)}
        )
    if digits := currency_digits(currency):
        message = "This must be an amount as a text, with at most {digits} digits after the point."
        return PydanticCustomError("amount", message, {"digits": digits})
    return PydanticCustomError("amount", "This must be an amount as a text, without digits after the point.")


# ── in ──
Id = Annotated[
    UUID,
    PlainValidator(_id),
    WithJsonSchema({"type": "string", "format": "uuid", "description": "an id; one that is not there is 404"}),
]
FilterId = Annotated[UUID, PlainValidator(_filter_id), WithJsonSchema({"type": "string", "description": "an id"})]
Instant = Annotated[
    datetime,
    PlainValidator(
        _parsed(
            _INSTANT, "This must be a date and time with its offset, like 2026-03-02T15:00:00+01:00.", _parse_instant
        )
    ),
    WithJsonSchema({"type": "string", "format": "date-time", "description": "RFC 3339, offset included"}),
]
Day = Annotated[
    date,
    PlainValidator(_parsed(_DATE, "This must be a date, like 2026-03-02.", date.fromisoformat)),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Clock = Annotated[
    time,
    PlainValidator(_parsed(_CLOCK, "This must be a time of day, like 09:30.", time.fromisoformat)),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "example": "09:30"}),
]
# Amounts arrive as whole minor units of the business's currency.
Amount = Annotated[
    int,
    PlainValidator(_minor(_POSITIVE)),
    WithJsonSchema({"type": "string", "pattern": _POSITIVE, "example": "100.00"}),
]
SignedAmount = Annotated[
    int, PlainValidator(_minor(_AMOUNT)), WithJsonSchema({"type": "string", "pattern": _AMOUNT, "example": "-12.50"})
]
Name = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=10_000)]
Whole = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
Truth = Annotated[bool, Field(strict=True)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# ── out ──
IdText = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
InstantText = Annotated[
    str, WithJsonSchema({"type": "string", "format": "date-time", "description": "in the business's time zone"})
]
DayText = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
ClockText = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"})]
AmountText = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "example": "100.00"})
]


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def instant_text(instant: datetime) -> str:
    """An instant as it goes out: in the business's zone, with the offset."""
    return instant.astimezone(zone(current_business().time_zone)).isoformat()


def amount_text(minor: int) -> str:
    """Minor units as they go out: a decimal text with the digits of the business's currency."""
    return minor_to_text(minor, current_business().currency)


def clock_text(clock: time) -> str:
    return clock.isoformat("minutes")
