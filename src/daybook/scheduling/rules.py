"""Decisions about sessions: who may be added, whose time they take, what they cost. Values in, values out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybook.catalog.rules import FULL, DatedRate, Modifier, Price, price, tax_on
from daybook.core.errors import FieldProblem, InvalidInput, Notice, NotPermitted
from daybook.core.periods import minutes_between
from daybook.core.texts import text_problem
from daybook.people.errors import ClientNotActive, NotAssigned
from daybook.scheduling.errors import PractitionerNotActive
from daybook.tenancy.actor import Actor

MAX_MINUTES = 24 * 60
MAX_CLIENTS = 100
MAX_NOTE = 5_000
FIRST_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What a session needs to know of its service. Amounts in minor units, buffers in minutes."""

    id: UUID
    name: str
    is_hourly: bool
    cost_minor: int
    wage_minor: int
    tax_rate: Decimal
    buffer_before: int
    buffer_after: int
    is_concurrent: bool
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class LocationFacts:
    """A place, with the participants that other sessions have there at the time (`taken`)."""

    id: UUID
    name: str
    capacity: int | None
    taken: int = 0
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class PractitionerFacts:
    id: UUID
    name: str
    status: str = "active"
    rates: tuple[DatedRate, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """A client to be added: `overlap` is the first other session of its own at the time."""

    id: UUID
    name: str
    status: str = "active"
    is_assigned: bool = False
    rates: tuple[DatedRate, ...] = ()
    overlap: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that adding or changing a session is decided on."""

    service: ServiceFacts
    location: LocationFacts | None
    practitioner: PractitionerFacts
    clients: tuple[ClientFacts, ...]
    closures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A resource's time, half-open, buffers included."""

    resource_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Charge:
    """What one participant owes: net price with its reasons, and the tax on top."""

    price: Price
    tax_minor: int

    @property
    def total_minor(self) -> int:
        return self.price.minor + self.tax_minor


@dataclass(frozen=True, slots=True)
class Override:
    """Cost and wage set by hand, in minor units; None leaves the rule's."""

    cost_minor: int | None = None
    wage_minor: int | None = None


def check_period(starts_at: datetime, ends_at: datetime) -> None:
    """Raise InvalidInput unless the period is aware, forward, a minute to a day long, and in this century."""
    problems = []
    for field, value in (("starts_at", starts_at), ("ends_at", ends_at)):
        if not isinstance(value, datetime) or value.tzinfo is None:
            problems.append(FieldProblem(field, "not_an_instant"))
        elif not FIRST_INSTANT <= value <= LAST_INSTANT:
            problems.append(FieldProblem(field, "out_of_range", {"first": "2000", "last": "2100"}))
    if not problems:
        if ends_at <= starts_at:
            problems.append(FieldProblem("ends_at", "not_after_start"))
        elif ends_at - starts_at < timedelta(minutes=1):
            problems.append(FieldProblem("ends_at", "too_short"))
        elif ends_at - starts_at > timedelta(minutes=MAX_MINUTES):
            problems.append(FieldProblem("ends_at", "too_long", {"hours": MAX_MINUTES // 60}))
    if problems:
        raise InvalidInput(problems)


def check_notes(**notes: str) -> None:
    """Raise InvalidInput for a note that is too long or holds what a text cannot."""
    problems = [
        FieldProblem(field, found[0], found[1])
        for field, text in notes.items()
        if (found := text_problem(text, longest=MAX_NOTE))
    ]
    if problems:
        raise InvalidInput(problems)


def check_clients(client_ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """The clients, each once, in the order given. Raises InvalidInput for none and for too many."""
    once = tuple(dict.fromkeys(client_ids))
    if not once:
        raise InvalidInput(field="clients", problem="required")
    if len(once) > MAX_CLIENTS:
        raise InvalidInput(field="clients", problem="too_many", most=MAX_CLIENTS)
    return once


def check_may_add(actor: Actor, facts: Facts, *, newcomers: Collection[UUID]) -> None:
    """Who may be put into a session by whom (requirements 1.8): permission, then assignment, then status.

    `newcomers` are the clients that are not in the session yet: only for those are assignment and status asked.
    Raises NotPermitted, NotAssigned, ClientNotActive, PractitionerNotActive.
    """
    coming = [client for client in facts.clients if client.id in newcomers]
    if not actor.is_team:
        actor.require("add_sessions")
        if actor.role == "practitioner" and facts.practitioner.id != actor.user_id:
            raise NotPermitted(permission="others_sessions")
        if strangers := [client.name for client in coming if not client.is_assigned]:
            raise NotAssigned(field="clients", clients=strangers)
    if idle := [client for client in coming if client.status != "active"]:
        raise ClientNotActive(
            field="clients",
            clients=[client.name for client in idle],
            statuses=sorted({client.status for client in idle}),
        )
    if facts.practitioner.status != "active":
        raise PractitionerNotActive(field="practitioner", name=facts.practitioner.name)


def notices(facts: Facts) -> tuple[Notice, ...]:
    """What the team is told beside a session that goes through: clients elsewhere, a full room, a closure."""
    found = [
        Notice("client_overlap", {"client": client.name, "starts_at": client.overlap[0], "ends_at": client.overlap[1]})
        for client in facts.clients
        if client.overlap
    ]
    room = facts.location
    if room and room.capacity and room.capacity > 1 and room.taken + len(facts.clients) > room.capacity:
        found.append(
            Notice(
                "room_full", {"room": room.name, "capacity": room.capacity, "people": room.taken + len(facts.clients)}
            )
        )
    found += [Notice("on_closure", {"closure": name}) for name in facts.closures]
    return tuple(found)


def occupied(facts: Facts, starts_at: datetime, ends_at: datetime) -> tuple[Span, ...]:
    """Whose time a session takes: its practitioner's, unless the service may run side by side, and an exclusive room's.

    Buffers belong to the practitioner's time and to the room's.
    """
    service = facts.service
    first = starts_at - timedelta(minutes=service.buffer_before)
    last = ends_at + timedelta(minutes=service.buffer_after)
    spans = [] if service.is_concurrent else [Span(facts.practitioner.id, first, last)]
    if facts.location and facts.location.capacity == 1:
        spans.append(Span(facts.location.id, first, last))
    return tuple(spans)


def lock_key(resource_id: UUID) -> int:
    """The number of a resource's advisory lock: the last 64 bits of its id, which are random."""
    return int.from_bytes(resource_id.bytes[8:], "big", signed=True)


def charge_of(
    service: ServiceFacts,
    client_rates: tuple[DatedRate, ...],
    *,
    minutes: int,
    day: date,
    currency: str,
    modifier: Modifier = FULL,
    override_minor: int | None = None,
) -> Charge:
    """What one participant owes for a session of that length on that local day (requirements 3.3, 4.5, 4.6)."""
    found = price(
        what="cost",
        default_minor=service.cost_minor,
        is_hourly=service.is_hourly,
        minutes=minutes,
        day=day,
        currency=currency,
        own_rates=client_rates,
        modifier=modifier,
        override_minor=override_minor,
    )
    return Charge(found, tax_on(found.minor, service.tax_rate))


def wage_of(
    service: ServiceFacts,
    wage_rates: tuple[DatedRate, ...],
    *,
    minutes: int,
    day: date,
    currency: str,
    modifier: Modifier = FULL,
    override_minor: int | None = None,
) -> Price:
    """What the practitioner earns, once a session however many clients take part."""
    return price(
        what="wage",
        default_minor=service.wage_minor,
        is_hourly=service.is_hourly,
        minutes=minutes,
        day=day,
        currency=currency,
        own_rates=wage_rates,
        modifier=modifier,
        override_minor=override_minor,
    )


def modifier_of(kind: str, value: int, label: str, *, currency_digits: int) -> Modifier:
    """A completion type's modifier for pricing: whole units of the currency become minor ones."""
    if kind == "fixed":
        return Modifier("fixed", value * 10**currency_digits, label)
    return Modifier("percentage", value, label)


def free_from(taken: Sequence[tuple[datetime, datetime]], *, wanted: datetime, length: timedelta) -> datetime:
    """The first instant from `wanted` on at which `length` fits between the taken spans (any order)."""
    at = wanted
    for starts_at, ends_at in sorted(taken):
        if starts_at >= at + length:
            break
        at = max(at, ends_at)
    return at


def session_minutes(starts_at: datetime, ends_at: datetime) -> int:
    """The length that is priced: whole minutes of real time, also over a clock change."""
    return minutes_between(starts_at, ends_at)
