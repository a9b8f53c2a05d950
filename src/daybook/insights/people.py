"""A page of a list of people with what other rooms say of them: one statement, prepared, and no more columns than shown.

The same filters serve the export: `chosen` is their only form.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from daybook.people.models import User
from daybook.people.permissions import MANAGE_ROLE, visible_people
from daybook.people.queries import Wanted, by_name
from daybook.tenancy.actor import ROLES, Actor
from daybook.tenancy.prepared import fetch_prepared

MOST_PREPARED = 100  # a connection keeps each for as long as it lives

# What a row says, by column; `u` is the person. Times are days by the business's clock.
_SAYS = {
    "email": "u.email",
    "phone": "u.phone",
    "tags": "u.tags",
    "birthday": "u.birthday",
    "username": "coalesce(u.username, '')",
    "last_login": "(u.last_login at time zone %(zone)s::text)::date",
    "created_at": "(u.created_at at time zone %(zone)s::text)::date",
    "practitioners": """array(select trim(p.first_name || ' ' || p.last_name)
        from people_assignment a join people_user p on p.id = a.practitioner_id
        where a.client_id = u.id and p.deleted_at is null order by p.last_name, a.id)""",
    "agent": "coalesce((select trim(g.first_name || ' ' || g.last_name) from people_user g where g.id = u.agent_id and g.deleted_at is null), '')",
    "clients": """case u.role when 'agent'
        then (select count(*) from people_user c where c.agent_id = u.id and c.deleted_at is null)
        else (select count(*) from people_assignment a where a.practitioner_id = u.id
              and a.client_id not in (select c.id from people_user c where c.deleted_at is not null)) end""",
    "balance": "coalesce((select a.paid_minor - a.charged_minor from ledger_account a where a.kind = 'receivable' and a.owner_id = u.id), 0)",
}
_ALWAYS = "u.id::text, u.first_name, u.last_name, u.preferred_name, u.role, u.status"
_NAMES = ("id", "first_name", "last_name", "preferred_name", "role", "status", "total")
_BY_NAME = ("lower(u.last_name)", "lower(u.first_name)", "u.id")
ORDERS: dict[str, tuple[str, ...]] = {
    "name": _BY_NAME,
    "email": ("lower(u.email)", "u.id"),
    "status": ("u.status", *_BY_NAME),
    "role": ("u.role", *_BY_NAME),
    "birthday": ("u.birthday", "u.id"),
    "username": ("lower(u.username)", "u.id"),
    "last_login": ("u.last_login", "u.id"),
    "created_at": ("u.created_at", "u.id"),
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed to beside its roles and its search."""

    status: str = ""
    practitioner_id: UUID | None = None
    agent_id: UUID | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Rows as named tuples: `id` (text), names, `role`, `status`, and the columns asked for.

    `is_near`: nobody holds the text as it is; these come close, the closest first.
    """

    rows: Sequence[Any]
    total: int
    has_next: bool
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL on `people_user u`, with its values by name."""

    sql: str
    values: dict[str, object]


def chosen(actor: Actor, roles: Sequence[str], narrowing: Narrowing) -> Condition:
    """Living people of these roles that the actor may know of, as narrowed."""
    quoted = ", ".join(f"'{role}'" for role in ROLES if role in roles)
    parts = ["u.deleted_at is null", f"u.role in ({quoted})" if len(roles) > 1 else f"u.role = {quoted}"]
    values: dict[str, object] = {}
    if not (actor.is_team and all(actor.may(MANAGE_ROLE[role]) for role in roles)):
        sql, given = visible_people(actor).values("pk").query.sql_with_params()
        parts.append(f"u.id in ({_numbered(sql, given, values, 'seen')})")
    if narrowing.status:
        parts.append("u.status = %(status)s::text")
        values["status"] = narrowing.status
    if narrowing.practitioner_id:
        parts.append(
            "u.id in (select a.client_id from people_assignment a where a.practitioner_id = %(practitioner)s::uuid)"
        )
        values["practitioner"] = narrowing.practitioner_id
    if narrowing.agent_id:
        parts.append("u.agent_id = %(agent)s::uuid")
        values["agent"] = narrowing.agent_id
    if narrowing.tag:
        parts.append("u.tags @> array[%(tag)s::varchar]")
        values["tag"] = narrowing.tag
    return Condition(" and ".join(parts), values)


def _numbered(sql: str, given: Iterable[object], values: dict[str, object], stem: str) -> str:
    """The statement with its places named, and their values put to the others."""
    names = {f"{stem}_{number}": value for number, value in enumerate(given)}
    values |= names
    return sql % tuple(f"%({name})s" for name in names)


def ids_of(condition: Condition) -> tuple[str, list[object]]:
    """The condition as a statement with unnamed places that gives ids, for a queryset of the same people."""
    names: list[str] = []

    class _Places(dict[str, str]):
        def __missing__(self, name: str) -> str:
            names.append(name)
            return "%s"

    sql = f"select u.id from people_user u where {condition.sql}" % _Places()
    return sql, [condition.values[name] for name in names]


def people_page(
    condition: Condition,
    wanted: Wanted,
    *,
    columns: Sequence[str],
    sort: str,
    descending: bool,
    offset: int,
    limit: int,
    zone: str,
) -> PeoplePage:
    """A page of those chosen who have what is wanted; if none has, those that come near. One or two statements."""
    order = [f"{each} desc" if descending else each for each in ORDERS[sort]]
    exact = _with(condition, wanted.exact)
    found = _read(exact, columns, order, offset, limit, zone, rare=wanted.is_rare)
    if found.rows or offset or not wanted.near:
        return found
    near = _with(condition, wanted.near)
    near.values["likeness"] = wanted.likeness
    order = ["word_similarity(%(likeness)s::text, u.search_text) desc", *_BY_NAME]
    return _read(near, columns, order, 0, limit, zone, rare=True, is_near=True)


def _with(condition: Condition, more: Iterable[tuple[str, list[object]]]) -> Condition:
    values = dict(condition.values)
    parts = [condition.sql]
    for number, (sql, given) in enumerate(more):
        parts.append(_numbered(sql, given, values, f"wanted_{number}"))
    return Condition(" and ".join(parts), values)


def _read(
    condition: Condition,
    columns: Sequence[str],
    order: Sequence[str],
    offset: int,
    limit: int,
    zone: str,
    *,
    rare: bool,
    is_near: bool = False,
) -> PeoplePage:
    said = [column for column in columns if column in _SAYS]
    by = ", ".join(order)
    values = dict(condition.values)
    if any("%(zone)s" in _SAYS[column] for column in said):
        values["zone"] = zone
    skip = ""
    if offset:
        skip = " offset %(offset)s::bigint"
        values["offset"] = offset
    # What few people hold is found first, from an index alone; else the list is walked in its order until it is full.
    hits = f"with hits as materialized (select u.id from people_user u where {condition.sql})" if rare else ""
    among = "u.id in (select id from hits)" if rare else condition.sql
    counted = "from hits" if rare else f"from people_user u where {condition.sql}"
    statement = f"""
        {hits}
        select {_ALWAYS}, (select count(*) {counted}){"".join(f", {_SAYS[column]}" for column in said)}
        from (select u.* from people_user u where {among} order by {by} limit {limit + 1}{skip}) u order by {by}
    """
    found = list(map(_row(tuple(said))._make, _fetch(statement, values)))
    if not found and offset:
        total = _fetch(f"select count(*) from people_user u where {condition.sql}", condition.values)[0][0]
    else:
        total = found[0].total if found else 0
    return PeoplePage(found[:limit], total, len(found) > limit, is_near and bool(found))


_prepared: set[str] = set()


def _fetch(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Prepared, where it is one of the first: columns and filters make too many statements for all to be kept."""
    if statement in _prepared or len(_prepared) < MOST_PREPARED:
        _prepared.add(statement)
        return fetch_prepared(statement, values)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


@lru_cache(maxsize=64)
def _row(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", (*_NAMES, *columns))


@dataclass(frozen=True, slots=True)
class Offered:
    """What the filters of the clients' list can be set to, and the names of what they are set to."""

    practitioners: bool
    agents: bool
    tags: bool
    practitioner: str
    agent: str


_OFFERED = """
    select exists (select from people_user where role = 'practitioner' and deleted_at is null),
           exists (select from people_user where role = 'agent' and deleted_at is null),
           exists (select from people_user where role = 'client' and deleted_at is null and tags <> '{}'),
           coalesce((select trim(first_name || ' ' || last_name) from people_user
                     where id = %s::uuid and role = 'practitioner' and deleted_at is null), ''),
           coalesce((select trim(first_name || ' ' || last_name) from people_user
                     where id = %s::uuid and role = 'agent' and deleted_at is null), '')
"""


def offered(narrowing: Narrowing) -> Offered:
    """What there is to filter clients by (one statement)."""
    return Offered(*fetch_prepared(_OFFERED, [narrowing.practitioner_id, narrowing.agent_id])[0])


def named(role: str) -> list[tuple[str, str]]:
    """Id and name of the people of a role, by name."""
    rows = by_name(User.objects.filter(role=role)).values_list("id", "first_name", "last_name")
    return [(str(key), f"{first} {last}".strip()) for key, first, last in rows]
