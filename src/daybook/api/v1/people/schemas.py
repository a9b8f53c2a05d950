"""Shapes of people. What the caller may not see is null or empty."""

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from daybook.api.fields import (
    AmountText,
    Clock,
    ClockText,
    Day,
    DayText,
    FilterId,
    Id,
    IdText,
    InstantText,
    Text,
    Truth,
    Weekday,
)
from daybook.api.paging import Paging
from daybook.api.schemas import OMITTED, In, Out
from daybook.people.rules import DAY_END, DAYS, Window

Status = Literal["active", "inactive", "prospect"]
TeamStatus = Literal["active", "inactive"]
TeamRole = Literal["staff", "administrator"]
Role = Literal["administrator", "staff", "practitioner", "client", "agent"]
Short = Annotated[str, StringConstraints(max_length=100)]
Required = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Color = Annotated[str, StringConstraints(pattern="^(#[0-9a-fA-F]{6})?$", max_length=7)]


def _end(value: object) -> time:
    """A time of day, or 24:00."""
    if value == "24:00":
        return DAY_END
    try:
        if isinstance(value, str) and len(value) == 5:
            return time.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("form", "This must be a time of day, like 09:30, or 24:00.")


EndClock = Annotated[
    time,
    PlainValidator(_end),
    WithJsonSchema({"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", "example": "17:30"}),
]
EndText = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"})]


class WindowIn(In):
    day: Weekday
    start: Clock
    end: EndClock


class WindowOut(Out):
    day: Weekday
    start: ClockText
    end: EndText


Windows = Annotated[list[WindowIn], Field(max_length=70)]
Tags = Annotated[list[Tag], Field(max_length=20)]
Ids = Annotated[list[Id], Field(max_length=10_000)]
Custom = Annotated[
    dict[Annotated[str, StringConstraints(max_length=60)], Annotated[str, StringConstraints(max_length=2000)]],
    Field(max_length=50),
]


class PersonOut(Out):
    id: IdText
    first_name: str
    last_name: str
    preferred_name: str
    email: str | None
    phone: str | None
    address: str | None
    birthday: DayText | None
    status: Status
    username: Annotated[str | None, Field(description="null: no login, or not for the caller's eyes")]
    notes: str | None
    tags: list[str]
    custom: dict[str, str]
    availability: list[WindowOut]
    last_login: InstantText | None
    created_at: InstantText


class ClientOut(PersonOut):
    inactive_on: DayText | None
    calendar_color: str
    hide_costs: bool
    practitioners: list[IdText]
    agent: IdText | None


class WageRateOfOut(Out):
    service: IdText
    wage: AmountText
    starts_on: DayText


class PractitionerOut(PersonOut):
    clients: list[IdText]
    services: Annotated[list[IdText], Field(description="services with a wage rate of their own")]
    wage_rates: Annotated[list[WageRateOfOut] | None, Field(description="null where the caller may not see wages")]


class AgentOut(PersonOut):
    clients: list[IdText]


class StaffOut(PersonOut):
    role: TeamRole


class PersonChange(In):
    first_name: Required = OMITTED
    last_name: Short = OMITTED
    preferred_name: Short = OMITTED
    email: Annotated[str, StringConstraints(max_length=254)] = OMITTED
    phone: Annotated[str, StringConstraints(max_length=40)] = OMITTED
    address: Annotated[str, StringConstraints(max_length=500)] = OMITTED
    birthday: Day | None = None
    username: Annotated[
        str | None, StringConstraints(max_length=150), Field(description="null or empty takes the login away")
    ] = None
    password: Annotated[
        str | None, StringConstraints(max_length=200), Field(description="at least 8 characters; never answered")
    ] = None
    notes: Text = OMITTED
    tags: Tags = OMITTED
    custom: Custom = OMITTED
    availability: Windows = OMITTED


class ClientChange(PersonChange):
    status: Status = OMITTED
    inactive_on: Day | None = None
    calendar_color: Color = OMITTED
    hide_costs: Truth = OMITTED
    practitioners: Ids = OMITTED
    agent: Id | None = None


class ClientIn(ClientChange):
    first_name: Required


class PractitionerChange(PersonChange):
    status: TeamStatus = OMITTED
    clients: Ids = OMITTED


class PractitionerIn(PractitionerChange):
    first_name: Required


class AgentChange(PersonChange):
    status: TeamStatus = OMITTED
    clients: Ids = OMITTED


class AgentIn(AgentChange):
    first_name: Required


class StaffChange(PersonChange):
    status: TeamStatus = OMITTED
    role: TeamRole = OMITTED


class StaffIn(StaffChange):
    first_name: Required


class PeopleFilter(Paging):
    q: Annotated[
        str, StringConstraints(max_length=200), Field(description="part of a name, e-mail or phone; slips are forgiven")
    ] = ""
    status: Status | None = None
    first_name: Short | None = None
    last_name: Short | None = None
    preferred_name: Short | None = None
    phone: Annotated[str, StringConstraints(max_length=40)] | None = None
    birthday: Day | None = None
    tag: Annotated[str, StringConstraints(max_length=40)] | None = None
    email: Annotated[str, StringConstraints(max_length=254)] | None = None
    username: Annotated[str, StringConstraints(max_length=150)] | None = None
    deleted: Annotated[bool, Field(description="the bin instead (team only)")] = False


class ClientFilter(PeopleFilter):
    practitioner: FilterId | None = None
    agent: FilterId | None = None
    inactive_on: Day | None = None


class StaffFilter(PeopleFilter):
    role: TeamRole | None = None


class BulkPermissionIn(In):
    permission: Annotated[str, StringConstraints(max_length=60)]
    value: Truth
    users: Annotated[list[Id], Field(max_length=10_000)] | Literal["all"]
    role: Role


class BulkPermissionOut(Out):
    users: list[IdText]


class BulkStatusIn(In):
    users: Annotated[list[Id], Field(min_length=1, max_length=10_000)]
    status: Status


class BulkStatusOut(Out):
    changed: list[IdText]


class MeOut(PersonOut):
    role: Role
    permissions: dict[str, bool]


class MeChange(In):
    first_name: Required = OMITTED
    last_name: Short = OMITTED
    preferred_name: Short = OMITTED
    email: Annotated[str, StringConstraints(max_length=254)] = OMITTED
    phone: Annotated[str, StringConstraints(max_length=40)] = OMITTED
    address: Annotated[str, StringConstraints(max_length=500)] = OMITTED
    birthday: Day | None = None
    availability: Windows = OMITTED


class PasswordIn(In):
    current_password: Annotated[str, StringConstraints(max_length=500)]
    password: Annotated[str, StringConstraints(max_length=200)]


class WelcomeOut(Out):
    message: Annotated[IdText, Field(description="where it waits in the outbox")]


def changes_of(body: In) -> dict[str, Any]:
    """What a caller names, by the names that services take."""
    given = body.given()
    for name, inner in (("practitioners", "practitioner_ids"), ("clients", "client_ids"), ("agent", "agent_id")):
        if name in given:
            given[inner] = given.pop(name)
    if "availability" in given:
        given["availability"] = [Window(DAYS.index(each.day), each.start, each.end) for each in given["availability"]]
    return given
