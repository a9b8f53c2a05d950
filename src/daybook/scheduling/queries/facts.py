"""Everything that adding or changing a session is decided on, in one statement."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from daybook.catalog.rules import DatedRate
from daybook.core.errors import NotFound
from daybook.core.periods import local_date
from daybook.scheduling.rules import ClientFacts, Facts, LocationFacts, PractitionerFacts, ServiceFacts
from daybook.tenancy.ground import holding_ground
from daybook.tenancy.prepared import Rows, Values, fetch_together

# One row. A session is at most a day long, so what overlaps began within the day before: that bounds both look-ups.
# The first column names the verb in the history context, which saves a round trip.
_FACTS = """
select set_config('app.verb', %(verb)s::text, true),
       s.id, s.name, s.kind = 'hourly', s.cost_minor, s.wage_minor, s.tax_rate, s.buffer_before, s.buffer_after,
       s.is_concurrent, s.deleted_at is not null,
       l.id, l.name, l.capacity, l.deleted_at is not null,
       case when l.capacity > 1 then (
           select count(*) from scheduling_session x join scheduling_participant xp on xp.session_id = x.id
           where x.location_id = l.id and x.deleted_at is null and x.status <> 'canceled'
             and x.starts_at < %(ends_at)s::timestamptz and x.starts_at > %(starts_at)s::timestamptz - interval '1 day'
             and x.ends_at > %(starts_at)s::timestamptz and x.id is distinct from %(session)s::uuid
       ) else 0 end,
       p.id, trim(p.first_name || ' ' || p.last_name), p.status,
       (select array_agg(c.name order by c.starts_on, c.name) from scheduling_closure c
        where c.starts_on <= %(last_day)s::date and c.ends_on >= %(first_day)s::date
          and (c.location_id is null or c.location_id = l.id)),
       (select json_agg(json_build_array(
            c.id, trim(c.first_name || ' ' || c.last_name), c.status,
            exists (select from people_assignment a where a.client_id = c.id and a.practitioner_id = p.id),
            (select json_agg(json_build_array(r.cost_minor, r.starts_on)) from catalog_clientrate r
             where r.client_id = c.id and r.service_id = s.id),
            (select json_build_array(x.starts_at, x.ends_at)
             from scheduling_participant xp join scheduling_session x on x.id = xp.session_id
             where xp.client_id = c.id and xp.starts_at < %(ends_at)s::timestamptz
               and xp.starts_at > %(starts_at)s::timestamptz - interval '1 day' and xp.status <> 'canceled'
               and x.ends_at > %(starts_at)s::timestamptz and x.deleted_at is null and x.id is distinct from %(session)s::uuid
             order by xp.starts_at limit 1)))::text
        from people_user c where c.id = any(%(clients)s::uuid[]) and c.role = 'client' and c.deleted_at is null)
from (select 1) one
left join catalog_service s on s.id = %(service)s::uuid
left join catalog_location l on l.id = %(location)s::uuid
left join people_user p on p.id = %(practitioner)s::uuid and p.role = 'practitioner' and p.deleted_at is null
"""
# Asked on the same trip where there are any.
_ASSISTANTS = """
select p.id, trim(p.first_name || ' ' || p.last_name), p.status,
       (select array_agg(a.client_id) from people_assignment a
        where a.practitioner_id = p.id and a.client_id = any(%(clients)s::uuid[]))
from people_user p where p.id = any(%(assistants)s::uuid[]) and p.role = 'practitioner' and p.deleted_at is null
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a session is to be. `session_id` is that of the one being changed: it never stands in its own way."""

    service_id: UUID
    practitioner_id: UUID
    client_ids: tuple[UUID, ...]
    starts_at: datetime
    ends_at: datetime
    location_id: UUID | None = None
    session_id: UUID | None = None
    assistant_ids: tuple[UUID, ...] = ()


def load_facts(asked: Asked, *, zone: str, verb: str) -> Facts:
    """The facts for `asked`, clients and assistants in its order; `zone` says which local days the session touches.

    Holds the ground that they stand on until the transaction ends, and names `verb` in the history context. Raises
    NotFound, naming the field, for an id that is not of this business, and for a service or location in the bin.
    """
    row, more = _ask(asked, zone, verb)
    if row[1] is None or row[10]:
        raise NotFound(field="service", what="service")
    if asked.location_id and (row[11] is None or row[14]):
        raise NotFound(field="location", what="location")
    if row[16] is None:
        raise NotFound(field="practitioner", what="practitioner")
    assistants = {
        key: PractitionerFacts(key, name, status, knows=frozenset(clients or ())) for key, name, status, clients in more
    }
    if len(assistants) != len(asked.assistant_ids):
        raise NotFound(field="assistants", what="practitioner")
    clients = {client.id: client for client in _clients(row[20])}
    if len(clients) != len(asked.client_ids):
        raise NotFound(field="clients", what="client")
    return Facts(
        service=ServiceFacts(*row[1:10]),
        location=LocationFacts(row[11], row[12], row[13], row[15]) if row[11] else None,
        practitioner=PractitionerFacts(row[16], row[17], row[18]),
        clients=tuple(clients[client_id] for client_id in asked.client_ids),
        closures=tuple(row[19] or ()),
        assistants=tuple(assistants[each] for each in asked.assistant_ids),
    )


def _ask(asked: Asked, zone: str, verb: str) -> tuple[tuple[Any, ...], Rows]:
    values = {
        "verb": verb,
        "service": asked.service_id,
        "location": asked.location_id,
        "practitioner": asked.practitioner_id,
        "clients": list(asked.client_ids),
        "starts_at": asked.starts_at,
        "ends_at": asked.ends_at,
        "session": asked.session_id,
        "first_day": local_date(asked.starts_at, zone),
        "last_day": local_date(asked.ends_at, zone),
    }
    statements: list[tuple[str, Values]] = [holding_ground(), (_FACTS, values)]
    if asked.assistant_ids:
        statements.append((_ASSISTANTS, {"clients": list(asked.client_ids), "assistants": list(asked.assistant_ids)}))
    _, rows, *more = fetch_together(statements)
    return rows[0], more[0] if more else []


def _clients(text: str | None) -> list[ClientFacts]:
    return [
        ClientFacts(
            id=UUID(item[0]),
            name=item[1],
            status=item[2],
            is_assigned=item[3],
            rates=tuple(DatedRate(minor, date.fromisoformat(since)) for minor, since in item[4] or ()),
            overlap=(datetime.fromisoformat(item[5][0]), datetime.fromisoformat(item[5][1])) if item[5] else None,
        )
        for item in orjson.loads(text or "[]")
    ]


def at_other_time(asked: Asked, starts_at: datetime, ends_at: datetime) -> Asked:
    """The same session at another time."""
    return replace(asked, starts_at=starts_at, ends_at=ends_at)
