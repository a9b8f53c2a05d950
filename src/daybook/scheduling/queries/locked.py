"""Sessions under lock, with every fact that saving, reopening, moving or deleting them is decided on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from daybook.catalog.rules import DatedRate
from daybook.scheduling.rules import ClientFacts, Facts, LocationFacts, PractitionerFacts, ServiceFacts

_PAYERS = "select distinct payer_id from scheduling_participant where session_id = any(%s)"
_LOCK = "select id from scheduling_session where id = any(%s) order by id for update"
_LOAD = """
    select s.id, s.status, s.starts_at, s.ends_at, s.deleted_at, s.wage_minor, s.series_id, s.public_note, s.internal_note,
           v.id, v.name, v.kind = 'hourly', v.cost_minor, v.wage_minor, v.tax_rate, v.buffer_before, v.buffer_after,
           v.is_concurrent, v.deleted_at is not null,
           l.id, l.name, l.capacity,
           pr.id, trim(pr.first_name || ' ' || pr.last_name), pr.status,
           (select json_agg(json_build_array(w.wage_minor, w.starts_on))::text from catalog_wagerate w
            where w.practitioner_id = pr.id and w.service_id = v.id),
           (select json_agg(json_build_array(
                p.id, p.client_id, p.payer_id, p.scheduled_minor, p.status, p.cost_minor, p.tax_minor,
                trim(c.first_name || ' ' || c.last_name), c.status,
                (select json_agg(json_build_array(r.cost_minor, r.starts_on)) from catalog_clientrate r
                 where r.client_id = c.id and r.service_id = v.id)) order by p.id)::text
            from scheduling_participant p join people_user c on c.id = p.client_id where p.session_id = s.id),
           s.assistant_count
    from scheduling_session s
    join catalog_service v on v.id = s.service_id
    left join catalog_location l on l.id = s.location_id
    join people_user pr on pr.id = s.practitioner_id
    where s.id = any(%s)
"""
_ASSISTANTS = """
    select a.session_id, a.id, u.id, trim(u.first_name || ' ' || u.last_name), u.status, a.wage_minor,
           (select json_agg(json_build_array(w.wage_minor, w.starts_on))::text from catalog_wagerate w
            where w.practitioner_id = u.id and w.service_id = s.service_id)
    from scheduling_assistant a join scheduling_session s on s.id = a.session_id join people_user u on u.id = a.practitioner_id
    where a.session_id = any(%s) order by a.id
"""


@dataclass(frozen=True, slots=True)
class Assisting:
    """An assistant's row: who it is, and what it earned when the session was saved."""

    id: UUID
    practitioner_id: UUID
    wage_minor: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A participant's row: what stands on its payer's account while open, and what was charged when saved."""

    id: UUID
    client_id: UUID
    payer_id: UUID
    scheduled_minor: int
    status: str
    cost_minor: int | None
    tax_minor: int


@dataclass(frozen=True, slots=True)
class LockedSession:
    """A session whose row nobody else can change until the transaction ends."""

    id: UUID
    status: str
    starts_at: datetime
    ends_at: datetime
    deleted_at: datetime | None
    wage_minor: int | None
    series_id: UUID | None
    public_note: str
    internal_note: str
    facts: Facts
    places: tuple[Place, ...]
    assistants: tuple[Assisting, ...] = ()

    @property
    def moved_money(self) -> bool:
        wages = (self.wage_minor, *(each.wage_minor for each in self.assistants))
        return any(wages) or any(place.cost_minor for place in self.places)

    @property
    def practitioner_ids(self) -> tuple[UUID, ...]:
        """All of them, the leading one first."""
        return (self.facts.practitioner.id, *(each.practitioner_id for each in self.assistants))

    @property
    def sources(self) -> list[UUID]:
        """What its entries in the ledger name as where they come from."""
        return [self.id, *(each.id for each in self.assistants), *(place.id for place in self.places)]


def payers_of(session_ids: Sequence[UUID]) -> set[UUID]:
    """Whose accounts these sessions stand on. Not locked: accounts are locked before sessions."""
    with connection.cursor() as cursor:
        cursor.execute(_PAYERS, [list(session_ids)])
        return {row[0] for row in cursor.fetchall()}


def lock_sessions(session_ids: Sequence[UUID]) -> dict[UUID, LockedSession]:
    """Lock the sessions in id order, the bin's included, and read them as they are then. Two statements, and one more
    where somebody assists.
    """
    ids = list(session_ids)
    with connection.cursor() as cursor:
        # A statement of its own: what is read with a lock may be older than the lock.
        cursor.execute(_LOCK, [ids])
        cursor.execute(_LOAD, [ids])
        rows = cursor.fetchall()
        assisted = [row[0] for row in rows if row[27]]
        assistants: dict[UUID, list[Sequence[Any]]] = defaultdict(list)
        if assisted:
            cursor.execute(_ASSISTANTS, [assisted])
            for row in cursor.fetchall():
                assistants[row[0]].append(row)
        return {row[0]: _session(row, assistants.get(row[0], ())) for row in rows}


def _session(row: Sequence[Any], assistants: Sequence[Sequence[Any]]) -> LockedSession:
    places = orjson.loads(row[26] or "[]")
    facts = Facts(
        service=ServiceFacts(*row[9:19]),
        location=LocationFacts(row[19], row[20], row[21]) if row[19] else None,
        practitioner=PractitionerFacts(row[22], row[23], row[24], _rates(orjson.loads(row[25] or "[]"))),
        clients=tuple(
            ClientFacts(UUID(item[1]), item[7], item[8], is_assigned=True, rates=_rates(item[9])) for item in places
        ),
        assistants=tuple(
            PractitionerFacts(item[2], item[3], item[4], _rates(orjson.loads(item[6] or "[]"))) for item in assistants
        ),
    )
    assisting = tuple(Assisting(item[1], item[2], item[5]) for item in assistants)
    columns = [*row[:9], facts, tuple(_place(item) for item in places), assisting]
    return LockedSession(*columns)


def _rates(items: list[Any] | None) -> tuple[DatedRate, ...]:
    return tuple(DatedRate(minor, date.fromisoformat(since)) for minor, since in items or ())


def _place(item: list[Any]) -> Place:
    return Place(UUID(item[0]), UUID(item[1]), UUID(item[2]), item[3], item[4], item[5], item[6])
