"""Shapes of services, locations and rates. Amounts arrive as minor units."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from daybook.api.fields import Amount, AmountText, Day, DayText, FilterId, Id, IdText, Text, Truth
from daybook.api.paging import Paging
from daybook.api.schemas import OMITTED, In, Out

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Kind = Literal["hourly", "fixed"]
Visibility = Literal["all", "team"]
Percent = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3})?$", max_length=7)]
Minutes = Annotated[int, Field(ge=1, le=1440, strict=True)]
Buffer = Annotated[int, Field(ge=0, le=480, strict=True, description="minutes")]
Places = Annotated[
    int, Field(ge=1, le=100_000, strict=True, description="places at once; 1 is an exclusive room, null is unlimited")
]
Deleted = Annotated[bool, Field(description="those in the bin instead, for who may recover them")]
Color = Annotated[str, StringConstraints(pattern="^(#[0-9a-fA-F]{6})?$")]


class ServiceOut(Out):
    id: IdText
    name: str
    kind: Kind
    description: str
    cost: Annotated[AmountText | None, Field(description="null where the caller may not see costs")]
    wage: Annotated[AmountText | None, Field(description="null where the caller may not see wages")]
    tax_rate: Annotated[str, Field(description="percent, on top of the cost")]
    minutes: int
    client_bookable: bool
    concurrent: bool
    buffer_before: int
    buffer_after: int
    visibility: Visibility
    color: str


class ServiceChange(In):
    name: Name = OMITTED
    kind: Kind = OMITTED
    description: Text = OMITTED
    cost: Amount = OMITTED
    wage: Amount = OMITTED
    tax_rate: Percent = OMITTED
    minutes: Minutes = OMITTED
    client_bookable: Truth = OMITTED
    concurrent: Truth = OMITTED
    buffer_before: Buffer = OMITTED
    buffer_after: Buffer = OMITTED
    visibility: Visibility = OMITTED
    color: Color = OMITTED


class ServiceIn(ServiceChange):
    name: Name


class LocationOut(Out):
    id: IdText
    name: str
    address: str
    online_link: str
    capacity: int | None
    client_bookable: bool
    color: str


class LocationChange(In):
    name: Name = OMITTED
    address: Text = OMITTED
    online_link: Text = OMITTED
    capacity: Places | None = None
    client_bookable: Truth = OMITTED
    color: Color = OMITTED


class LocationIn(LocationChange):
    name: Name


class ServiceFilter(Paging):
    name: Name | None = None
    kind: Kind | None = None
    client_bookable: bool | None = None
    concurrent: bool | None = None
    deleted: Deleted = False


class LocationFilter(Paging):
    name: Name | None = None
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    client_bookable: bool | None = None
    deleted: Deleted = False


class ClientRateOut(Out):
    id: IdText
    client: IdText
    service: IdText
    cost: AmountText
    starts_on: DayText


class ClientRateIn(In):
    client: Id
    service: Id
    cost: Amount
    starts_on: Annotated[Day, Field(description="today where it is left out")] = OMITTED


class ClientRateChange(In):
    cost: Amount = OMITTED
    starts_on: Day = OMITTED


class ClientRateFilter(Paging):
    client: FilterId | None = None
    service: FilterId | None = None
    starts_on: Day | None = None


class WageRateOut(Out):
    id: IdText
    practitioner: IdText
    service: IdText
    wage: AmountText
    starts_on: DayText


class WageRateIn(In):
    practitioner: Id
    service: Id
    wage: Amount
    starts_on: Annotated[Day, Field(description="today where it is left out")] = OMITTED


class WageRateChange(In):
    wage: Amount = OMITTED
    starts_on: Day = OMITTED


class WageRateFilter(Paging):
    practitioner: FilterId | None = None
    service: FilterId | None = None
    starts_on: Day | None = None
