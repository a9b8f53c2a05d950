"""The calendar's rows: one statement whose columns are ready to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from daybook.scheduling.permissions import visible_sql
from daybook.tenancy.actor import Actor
from daybook.tenancy.prepared import fetch_prepared
from daybook.tenancy.scope import current_business

# `others` are the ids of those who assist, joined by commas; null where nobody does.
COLUMNS = (
    "id",
    "start",
    "end",
    "status",
    "practitioner",
    "location",
    "service",
    "label",
    "clients",
    "color",
    "size",
    "others",
)

# Times as the business's wall clock. A session is at most a day long, so what still runs began the day before at most.
_FOUND = """
    select s.id, s.starts_at, s.ends_at, s.status, s.practitioner_id, s.location_id, s.service_id, s.completion_type_id, s.assistant_count
    from {sessions} s
    where s.deleted_at is null and s.starts_at < %(ends)s::timestamptz and s.starts_at > %(starts)s::timestamptz - interval '1 day'
      and s.ends_at > %(starts)s::timestamptz and {conditions}
"""
_IN_ORDER = "order by starts_at, id limit %(limit)s::int"
# Those who assist find their sessions by time through rows of their own, and a session of several chosen ones comes once.
_ASSISTED = """
    (select x.* from (select distinct h.session_id from scheduling_assistant h
     where h.practitioner_id {whose} and h.starts_at < %(ends)s::timestamptz and h.starts_at > %(starts)s::timestamptz - interval '1 day') h
     join scheduling_session x on x.id = h.session_id)
"""
_NAMES = """
    select p.session_id, string_agg(trim(c.first_name || ' ' || c.last_name), ', ' order by c.last_name, c.first_name) as names,
           min(k.color) as color, count(*)::int as size
    from scheduling_participant p
    join people_user c on c.id = p.client_id
    left join people_calendarcolor k on k.client_id = c.id and k.setter_id = %(setter)s::uuid
    where {which}
    group by p.session_id
"""
# A few sessions find their participants one by one; all of a period go through its participants once.
_OF_SESSION = "p.session_id = found.id"
_OF_PERIOD = "p.starts_at < %(ends)s::timestamptz and p.starts_at > %(starts)s::timestamptz - interval '1 day'"
_ROWS = """
    with found as materialized ({found})
    select found.id::text,
           to_char(found.starts_at at time zone %(zone)s::text, 'YYYY-MM-DD"T"HH24:MI'),
           to_char(found.ends_at at time zone %(zone)s::text, 'YYYY-MM-DD"T"HH24:MI'),
           found.status, found.practitioner_id::text, found.location_id::text, found.service_id::text, t.label,
           places.names, places.color, places.size,
           case when found.assistant_count > 0 then (
               select string_agg(h.practitioner_id::text, ',' order by h.id) from scheduling_assistant h where h.session_id = found.id) end
    from found
    left join scheduling_completiontype t on t.id = found.completion_type_id
    {join}
    order by found.starts_at, found.id
"""
_CLOSURES = """
    select name, starts_on::text, ends_on::text, location_id::text from scheduling_closure
    where starts_on <= %s::date and ends_on >= %s::date order by starts_on, name
"""
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class CalendarFilters:
    """What the calendar is narrowed to; nothing given shows all."""

    practitioner_ids: tuple[UUID, ...] = ()
    location_ids: tuple[UUID, ...] = ()
    service_ids: tuple[UUID, ...] = ()
    statuses: tuple[str, ...] = ()
    client_id: UUID | None = None


_CONDITIONS = {
    "location_ids": "s.location_id = any(%(location_ids)s::uuid[])",
    "service_ids": "s.service_id = any(%(service_ids)s::uuid[])",
    "statuses": "s.status = any(%(statuses)s::text[])",
    "client_id": """s.id in (
        select f.session_id from scheduling_participant f where f.client_id = %(client_id)s::uuid
        and f.starts_at < %(ends)s::timestamptz and f.starts_at > %(starts)s::timestamptz - interval '1 day')""",
}
_ONE, _SEVERAL = "= %(practitioner)s::uuid", "= any(%(practitioners)s::uuid[])"
_WITH_SEVERAL = """(s.practitioner_id = any(%(practitioners)s::uuid[]) or (s.assistant_count > 0 and exists (
    select from scheduling_assistant h where h.session_id = s.id and h.practitioner_id = any(%(practitioners)s::uuid[]))))"""


def calendar_rows(
    actor: Actor, starts: datetime, ends: datetime, filters: CalendarFilters | None = None
) -> Sequence[tuple[Any, ...]]:
    """Sessions that touch the period, as tuples of COLUMNS by time: texts, and the number of participants.

    `color` is the one that the actor gave the client for its own calendar. At most MOST_ROWS.
    """
    filters = filters or CalendarFilters()
    whose, parts, values = _whose(actor, filters)
    for name, condition in _CONDITIONS.items():
        value = getattr(filters, name)
        if value:
            parts.append(condition)
            values[name] = list(value) if isinstance(value, tuple) else value
    values |= {
        "zone": current_business().time_zone,
        "setter": actor.user_id,
        "starts": starts,
        "ends": ends,
        "limit": MOST_ROWS,
    }
    few = not actor.is_team or bool(filters.practitioner_ids or filters.client_id)
    statement = _statement(whose, " and ".join(parts), by_session=few)
    if whose == _ONE:
        return fetch_prepared(statement, values)  # planning would take longer than finding a few
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _whose(actor: Actor, filters: CalendarFilters) -> tuple[str, list[str], dict[str, Any]]:
    """Whose sessions these are, as it ends a condition on the practitioner ("" for everybody's); what else must hold, and
    the values of both. A practitioner's own are found by it, and then narrowed to those with the ones chosen.
    """
    chosen = filters.practitioner_ids
    if actor.role == "practitioner":
        with_chosen = {"practitioners": list(chosen)} if chosen else {}
        return _ONE, [_WITH_SEVERAL] if chosen else ["true"], {"practitioner": actor.user_id, **with_chosen}
    visible, values = visible_sql(actor)
    if len(chosen) == 1:
        return _ONE, [visible], {**values, "practitioner": chosen[0]}
    if chosen:
        return _SEVERAL, [visible], {**values, "practitioners": list(chosen)}
    return "", [visible], values


def _found(whose: str, conditions: str) -> str:
    everybody = _FOUND.format(sessions="scheduling_session", conditions=conditions)
    if not whose:
        return f"{everybody} {_IN_ORDER}"
    leading = _FOUND.format(sessions="scheduling_session", conditions=f"s.practitioner_id {whose} and {conditions}")
    assisted = _FOUND.format(sessions=_ASSISTED.format(whose=whose), conditions=conditions)
    if whose == _SEVERAL:  # one of them may lead what another one assists
        assisted += f" and not s.practitioner_id {whose}"
    return f"{leading} union all {assisted} {_IN_ORDER}"


def _statement(whose: str, conditions: str, *, by_session: bool) -> str:
    if by_session:
        join = f"cross join lateral ({_NAMES.format(which=_OF_SESSION)}) places"
    else:
        join = f"join ({_NAMES.format(which=_OF_PERIOD)}) places on places.session_id = found.id"
    return _ROWS.format(found=_found(whose, conditions), join=join)


def closures_between(first: date, last: date) -> list[dict[str, str | None]]:
    """Closures that touch these days, both included."""
    return [
        dict(zip(("name", "starts_on", "ends_on", "location"), row, strict=True))
        for row in fetch_prepared(_CLOSURES, [last, first])
    ]
