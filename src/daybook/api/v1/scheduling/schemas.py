"""What callers send and get about sessions."""

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from daybook.api.fields import (
    Amount,
    AmountText,
    Day,
    DayText,
    FilterId,
    Id,
    IdText,
    Instant,
    InstantText,
    Name,
    Text,
    Truth,
    Whole,
)
from daybook.api.paging import Paging
from daybook.api.schemas import OMITTED, In, Out, Problem, ReasonOut, Warned

Status = Literal["open", "canceled", "missed", "completed"]
SavedStatus = Literal["canceled", "missed", "completed"]
Modifier = Literal["percentage", "fixed"]
BulkAction = Literal["complete", "cancel", "miss", "delete", "recover"]
# An id, or the name of one of the three defaults.
CompletionChoice = Annotated[
    str, StringConstraints(max_length=60), Field(description="an id, or `completed`, `missed`, `canceled`")
]

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _moment(value: object) -> date | datetime:
    """A date, or an instant. A plus sign that the address turned into a space is taken as it was meant."""
    text = value if isinstance(value, str) else ""
    if len(text) > 6 and text[-6] == " ":
        text = f"{text[:-6]}+{text[-5:]}"
    try:
        if _DATE.fullmatch(text):
            found: date | datetime = date.fromisoformat(text)
        elif _INSTANT.fullmatch(text):
            found = datetime.fromisoformat(text.upper())
        else:
            raise ValueError
    except ValueError:
        raise PydanticCustomError("form", "This must be a date, or a date and time with its offset.") from None
    if not 1900 <= found.year <= 2199:
        raise PydanticCustomError("year", "The year must be from 1900 to 2199.")
    return found


Moment = Annotated[
    date | datetime,
    PlainValidator(_moment),
    WithJsonSchema({"type": "string", "description": "a date (of the business, both days included) or an instant"}),
]


class ParticipantOut(Out):
    client: IdText
    status: Status
    completion_type: IdText | None
    cost: AmountText | None = Field(description="net; null while open, and for those who may not see it")
    tax: AmountText | None
    scheduled: AmountText | None = Field(description="what an open session will cost, tax included")
    explain: list[ReasonOut] = Field(default=[], description="why the cost is what it is; on a single session only")


class WageOut(Out):
    practitioner: IdText
    wage: AmountText | None = Field(description="null while open, and for those who may not see it")
    explain: list[ReasonOut] = Field(default=[], description="why the wage is what it is; on a single session only")


class SessionOut(Out):
    id: IdText
    service: IdText
    location: IdText | None
    practitioner: IdText = Field(description="the leading one")
    practitioners: list[IdText] = Field(description="all of them, the leading one first")
    clients: list[IdText]
    starts_at: InstantText
    ends_at: InstantText
    status: Status
    completion_type: IdText | None
    series: IdText | None
    public_note: str
    internal_note: str | None = Field(description="null for those who may not see it")
    participants: list[ParticipantOut]
    wage: AmountText | None = Field(
        description="the leading practitioner's; null while open, and for those who may not see it"
    )
    wages: list[WageOut] = Field(description="of each practitioner, the leading one first")
    explain_wage: list[ReasonOut] = []
    on_closure: bool
    closures: list[str]
    warnings: list[Warned] = []


class DeletedSessionOut(SessionOut):
    deleted_at: InstantText
    deleted_by: IdText | None


_ALL_OF_THEM = "all who are there, the leading one first; `practitioner`, where it is given too, must be the first"


class SessionIn(In):
    service: Id
    location: Id | None = None
    practitioner: Id = Field(default=None, description="the leading one; needed where `practitioners` are not given")  # type: ignore[assignment]
    practitioners: Annotated[list[Id], Field(min_length=1, max_length=100, description=_ALL_OF_THEM)] = OMITTED
    clients: Annotated[list[Id], Field(max_length=500)]
    starts_at: Instant
    ends_at: Instant
    public_note: Text = ""
    internal_note: Text = ""


class SessionChange(In):
    service: Id = OMITTED
    location: Id | None = None
    practitioner: Id = Field(default=OMITTED, description="who leads from now on, in place of who did; the others stay")
    practitioners: Annotated[list[Id], Field(min_length=1, max_length=100, description=_ALL_OF_THEM)] = OMITTED
    clients: Annotated[list[Id], Field(max_length=500)] = OMITTED
    starts_at: Instant = OMITTED
    ends_at: Instant = OMITTED
    public_note: Text = OMITTED
    internal_note: Text = OMITTED


class SessionFilter(Paging):
    from_: Moment | None = Field(default=None, alias="from")
    to: Moment | None = None
    practitioner: FilterId | None = None
    client: FilterId | None = None
    service: FilterId | None = None
    location: FilterId | None = None
    series: FilterId | None = None
    status: Status | None = None


# Which sessions of a series are meant; one that is in no series stands for itself, whatever is said.
Scope = Literal["this", "following", "all"]


class OverrideIn(In):
    cost: Amount | None = None
    wage: Amount | None = Field(default=None, description="the leading practitioner's")
    wages: dict[Id, Amount] = Field(default={}, description="of the other practitioners, by their ids", max_length=100)


class PlaceIn(In):
    client: Id
    completion_type: CompletionChoice


class CompleteIn(In):
    completion_type: CompletionChoice | None = None
    override: OverrideIn | None = None
    participants: Annotated[list[PlaceIn], Field(max_length=500)] = []


class BulkIn(In):
    ids: Annotated[list[Annotated[str, StringConstraints(max_length=100)]], Field(min_length=1, max_length=2000)]
    action: BulkAction
    completion_type: CompletionChoice | None = None


class BulkItem(Out):
    id: str
    ok: bool
    problem: Problem | None = None


class BulkOut(Out):
    items: list[BulkItem]


class CompletionTypeOut(Out):
    id: IdText
    status: SavedStatus
    label: str
    description: str
    modifier: Modifier
    client_modifier: int
    practitioner_modifier: int
    enabled: bool
    default: bool


class CompletionTypeIn(In):
    status: SavedStatus
    label: Name
    description: Text = ""
    modifier: Modifier = "percentage"
    client_modifier: Whole = 100
    practitioner_modifier: Whole = 100
    enabled: Truth = True


class CompletionTypeChange(In):
    status: SavedStatus = OMITTED
    label: Name = OMITTED
    description: Text = OMITTED
    modifier: Modifier = OMITTED
    client_modifier: Whole = OMITTED
    practitioner_modifier: Whole = OMITTED
    enabled: Truth = OMITTED


class CompletionTypeFilter(Paging):
    enabled: bool | None = None
    status: SavedStatus | None = None
    label: Name | None = None
    modifier: Modifier | None = None
    deleted: Annotated[bool, Field(description="the removed ones instead (team only)")] = False


class ClosureOut(Out):
    id: IdText
    name: str
    starts_on: DayText
    ends_on: DayText
    location: IdText | None


class ClosureIn(In):
    name: Name
    starts_on: Day
    ends_on: Day | None = None
    location: Id | None = None


class ClosureChange(In):
    name: Name = OMITTED
    starts_on: Day = OMITTED
    ends_on: Day = OMITTED
    location: Id | None = None


class ClosureFilter(Paging):
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    name: Name | None = None
    location: FilterId | None = None
