"""Sessions as pages and programs show them: one statement, names and participants included, masked for the actor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from daybook.core.errors import NotFound
from daybook.scheduling.permissions import OF_PRACTITIONER, Sight, sessions_of, visible_sql
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A client's place. Amounts are None where they are not there yet, or not for the actor's eyes."""

    client_id: UUID
    name: str
    status: str
    completion_type_id: UUID | None
    label: str
    scheduled_minor: int | None
    cost_minor: int | None
    tax_minor: int | None
    reasons: list[dict[str, Any]] | None
    id: UUID
    client_status: str


@dataclass(frozen=True, slots=True)
class PractitionerRow:
    """A practitioner of a session, with the wage where it is there and for the actor's eyes; `shows_wage` tells which."""

    id: UUID
    name: str
    wage_minor: int | None
    wage_reasons: list[dict[str, Any]] | None
    shows_wage: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with the names that belong to it. `closures` are the names of the closures it falls on.

    `practitioner` and its wage are the leading one's; `assistants` are the others, in the order in which they came.
    """

    id: UUID
    service_id: UUID
    service: str
    color: str
    location_id: UUID | None
    location: str
    practitioner_id: UUID
    practitioner: str
    series_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    status: str
    completion_type_id: UUID | None
    label: str
    wage_minor: int | None
    wage_reasons: list[dict[str, Any]] | None
    public_note: str
    internal_note: str
    saved_at: datetime | None
    deleted_at: datetime | None
    deleted_by: UUID | None
    deleted_by_name: str
    closures: tuple[str, ...]
    participants: tuple[ParticipantRow, ...]
    assistants: tuple[PractitionerRow, ...] = ()
    shows_wage: bool = False

    @property
    def practitioners(self) -> tuple[PractitionerRow, ...]:
        """All of them, the leading one first."""
        leading = PractitionerRow(
            self.practitioner_id, self.practitioner, self.wage_minor, self.wage_reasons, self.shows_wage
        )
        return (leading, *self.assistants)

    @property
    def practitioner_names(self) -> str:
        """All their names as one text."""
        return ", ".join([self.practitioner, *(each.name for each in self.assistants)])

    @property
    def practitioner_short(self) -> str:
        """`Ann Bell +1`: the leading one, and how many more."""
        return f"{self.practitioner} +{len(self.assistants)}" if self.assistants else self.practitioner

    @property
    def wages_minor(self) -> int | None:
        """What all practitioners earned, as far as the actor may see it; None while open or hidden."""
        if not self.assistants:
            return self.wage_minor
        known = [each.wage_minor for each in self.practitioners if each.wage_minor is not None]
        return sum(known) if known else None

    @property
    def is_group(self) -> bool:
        return len(self.participants) > 1

    @property
    def has_tax(self) -> bool:
        return any(participant.tax_minor for participant in self.participants)

    @property
    def clients(self) -> str:
        """The participants' names as one text."""
        return ", ".join(participant.name for participant in self.participants)

    @property
    def cost_minor(self) -> int | None:
        """The net cost of all participants; None while open or hidden."""
        costs = [item.cost_minor for item in self.participants]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if known and len(known) == len(costs) else None

    @property
    def scheduled_minor(self) -> int | None:
        """What the open session will cost all participants, tax included; None when hidden."""
        known = [item.scheduled_minor for item in self.participants if item.scheduled_minor is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of sessions is narrowed to. `starts` and `ends` bound the begin, half-open."""

    starts: datetime | None = None
    ends: datetime | None = None
    practitioner_id: UUID | None = None
    client_id: UUID | None = None
    service_id: UUID | None = None
    location_id: UUID | None = None
    series_id: UUID | None = None
    status: str | None = None
    completion_type_id: UUID | None = None
    deleted: bool = False
    text: str = ""


_COLUMNS = """
    s.id, s.service_id, v.name, v.color, s.location_id, coalesce(l.name, ''), s.practitioner_id,
    trim(pr.first_name || ' ' || pr.last_name), s.series_id, s.starts_at, s.ends_at, s.status, s.completion_type_id,
    coalesce(t.label, ''), s.wage_minor, s.wage_reasons::text, s.public_note, s.internal_note, s.saved_at, s.deleted_at, s.deleted_by,
    coalesce((select trim(d.first_name || ' ' || d.last_name) from people_user d where d.id = s.deleted_by), ''),
    (select array_agg(c.name order by c.starts_on, c.name) from scheduling_closure c
     where c.starts_on <= (s.ends_at at time zone %(zone)s)::date and c.ends_on >= (s.starts_at at time zone %(zone)s)::date
       and (c.location_id is null or c.location_id = s.location_id)),
    (select json_agg(json_build_array(
         p.client_id, trim(c.first_name || ' ' || c.last_name), p.status, p.completion_type_id, coalesce(pt.label, ''),
         p.scheduled_minor, p.cost_minor, p.tax_minor, p.reasons, p.id, c.status, c.agent_id)
         order by lower(c.last_name), lower(c.first_name), c.id)::text
     from scheduling_participant p join people_user c on c.id = p.client_id
     left join scheduling_completiontype pt on pt.id = p.completion_type_id
     where p.session_id = s.id),
    case when s.assistant_count > 0 then (
     select json_agg(json_build_array(
         h.practitioner_id, trim(hu.first_name || ' ' || hu.last_name), h.wage_minor, h.wage_reasons) order by h.id)::text
     from scheduling_assistant h join people_user hu on hu.id = h.practitioner_id where h.session_id = s.id) end
"""

_JOINS = """
    join catalog_service v on v.id = s.service_id
    left join catalog_location l on l.id = s.location_id
    join people_user pr on pr.id = s.practitioner_id
    left join scheduling_completiontype t on t.id = s.completion_type_id
"""

_CONDITIONS = {
    "starts": "s.starts_at >= %(starts)s",
    "ends": "s.starts_at < %(ends)s",
    "practitioner_id": OF_PRACTITIONER.format("practitioner_id"),
    "service_id": "s.service_id = %(service_id)s",
    "location_id": "s.location_id = %(location_id)s",
    "series_id": "s.series_id = %(series_id)s",
    "status": "s.status = %(status)s",
    "completion_type_id": "s.completion_type_id = %(completion_type_id)s",
    "client_id": "exists (select from scheduling_participant f where f.session_id = s.id and f.client_id = %(client_id)s)",
}
_TEXT = """(v.name ilike %(like)s or l.name ilike %(like)s or pr.search_text like %(plain)s or exists (
    select from scheduling_participant f join people_user fc on fc.id = f.client_id
    where f.session_id = s.id and fc.search_text like %(plain)s) or (s.assistant_count > 0 and exists (
    select from scheduling_assistant h join people_user hu on hu.id = h.practitioner_id
    where h.session_id = s.id and hu.search_text like %(plain)s)))"""

# The joins that choosing and sorting need. The rows of a page are chosen first, by as few tables as will do: the
# tenant policy hides from the planner how many rows there are, so it is not left to guess.
_CHOOSING = {
    "practitioner": "join people_user pr on pr.id = s.practitioner_id",
    "service": "join catalog_service v on v.id = s.service_id",
    "location": "left join catalog_location l on l.id = s.location_id",
}

# What a list may be sorted by; each ends with the id, so that pages never overlap.
ORDERS: Mapping[str, tuple[str, ...]] = {
    "when": ("s.starts_at", "s.id"),
    "practitioner": ("lower(pr.last_name)", "lower(pr.first_name)", "s.starts_at", "s.id"),
    "service": ("lower(v.name)", "s.starts_at", "s.id"),
    "location": ("lower(coalesce(l.name, ''))", "s.starts_at", "s.id"),
    "status": ("s.status", "s.starts_at", "s.id"),
    "deleted": ("s.deleted_at", "s.id"),
}


def session_page(
    actor: Actor,
    filters: Filters,
    *,
    sort: str = "when",
    descending: bool = False,
    limit: int = 50,
    offset: int = 0,
    after: tuple[datetime, UUID] | None = None,
) -> list[SessionRow]:
    """Sessions that the actor may see, in one statement; `after` pages on from a (starts_at, id) when sorted by time."""
    sessions, where, values = _where(actor, filters)
    if after:
        sign = "<" if descending else ">"
        where += f" and (s.starts_at, s.id) {sign} (%(after_at)s, %(after_id)s)"
        values |= {"after_at": after[0], "after_id": after[1]}
    order = ", ".join(f"{column} {'desc' if descending else 'asc'}" for column in ORDERS[sort])
    joins = _JOINS if filters.text else _CHOOSING.get(sort, "")
    statement = f"""
        with picked as materialized (
            select s.id from {sessions} s {joins} where {where} order by {order} limit %(limit)s offset %(offset)s
        )
        select {_COLUMNS} from picked join scheduling_session s on s.id = picked.id {_JOINS} order by {order}
    """
    return _fetch(actor, statement, values | {"limit": limit, "offset": offset})


# A list of more says "1–50" alone: counting on would take longer than showing it.
MOST_COUNTED = 10_000


def count_sessions(actor: Actor, filters: Filters) -> int | None:
    """How many sessions a list has in all, or None for more than MOST_COUNTED."""
    sessions, where, values = _where(actor, filters)
    joins = _JOINS if filters.text else ""
    among = f"select from {sessions} s {joins} where {where} limit {MOST_COUNTED + 1}"
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ({among}) counted", values)
        count = int(cursor.fetchone()[0])
    return count if count <= MOST_COUNTED else None


def session_rows(actor: Actor, ids: Iterable[UUID]) -> list[SessionRow]:
    """Those of `ids` that the actor may see, the bin included, by time."""
    visible, values = visible_sql(actor)
    statement = f"select {_COLUMNS} from scheduling_session s {_JOINS} where s.id = any(%(ids)s) and {visible} order by s.starts_at, s.id"
    return _fetch(actor, statement, values | {"ids": list(ids)})


def session_detail(actor: Actor, session_id: UUID) -> SessionRow:
    """One session that is not in the bin. Raises NotFound."""
    rows = session_rows(actor, [session_id])
    if not rows or rows[0].deleted_at is not None:
        raise NotFound(what="session")
    return rows[0]


def _where(actor: Actor, filters: Filters) -> tuple[str, str, dict[str, Any]]:
    """What the rows are chosen from, the condition on it, and the values of both."""
    visible, values = visible_sql(actor)
    sessions, in_there = "scheduling_session", ""
    if actor.role == "practitioner":
        sessions, visible = sessions_of("actor"), "true"
    elif filters.practitioner_id is not None:
        sessions, in_there = sessions_of("practitioner_id"), "practitioner_id"
    parts = [visible, "s.deleted_at is not null" if filters.deleted else "s.deleted_at is null"]
    for name, condition in _CONDITIONS.items():
        value = getattr(filters, name)
        if value is not None:
            values[name] = value
            if name != in_there:
                parts.append(condition)
    if filters.text:
        escaped = filters.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        parts.append(_TEXT)
        values |= {"like": f"%{escaped}%", "plain": f"%{escaped.casefold()}%"}
    return sessions, " and ".join(parts), values


def _fetch(actor: Actor, statement: str, values: dict[str, Any]) -> list[SessionRow]:
    sight = Sight(actor)
    with connection.cursor() as cursor:
        cursor.execute(statement, values | {"zone": current_business().time_zone})
        return [_row(values, sight) for values in cursor.fetchall()]


def _row(values: Sequence[Any], sight: Sight) -> SessionRow:
    shows_wage = sight.wage(values[6])
    wage_minor, wage_reasons = (values[14], orjson.loads(values[15] or "null")) if shows_wage else (None, None)
    columns = [
        *values[:14],
        wage_minor,
        wage_reasons,
        values[16],
        values[17] if sight.internal_note else "",
        *values[18:22],
        tuple(values[22] or ()),
        _participants(values[23], sight),
        _assistants(values[24], sight),
        shows_wage,
    ]
    return SessionRow(*columns)


def _assistants(text: str | None, sight: Sight) -> tuple[PractitionerRow, ...]:
    if not text:
        return ()
    found = []
    for practitioner_id, name, wage_minor, reasons in orjson.loads(text):
        key = UUID(practitioner_id)
        shows = sight.wage(key)
        found.append(PractitionerRow(key, name, wage_minor if shows else None, reasons if shows else None, shows))
    return tuple(found)


def _participants(text: str | None, sight: Sight) -> tuple[ParticipantRow, ...]:
    shows = sight.costs
    return tuple(
        ParticipantRow(
            client_id=UUID(item[0]),
            name=item[1],
            status=item[2],
            completion_type_id=UUID(item[3]) if item[3] else None,
            label=item[4],
            scheduled_minor=item[5] if shows else None,
            cost_minor=item[6] if shows else None,
            tax_minor=item[7] if shows else None,
            reasons=item[8] if shows else None,
            id=UUID(item[9]),
            client_status=item[10],
        )
        for item in orjson.loads(text or "[]")
        if sight.participant(UUID(item[0]), UUID(item[11]) if item[11] else None)
    )
