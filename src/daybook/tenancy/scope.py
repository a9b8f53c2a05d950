"""The tenant scope: one business at a time, opened at the door, enforced by PostgreSQL's row-level security."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from daybook.core.ids import new_id
from daybook.tenancy.actor import Actor
from daybook.tenancy.light import row_of
from daybook.tenancy.prepared import Rows, Values, fetch_prepared, fetch_together

if TYPE_CHECKING:
    from daybook.tenancy.models import Business

_current: ContextVar["Business | None"] = ContextVar("daybook_business", default=None)

_SETTINGS = ("app.business_id", "app.actor_kind", "app.actor_id", "app.actor_name", "app.verb", "app.group")
_READ = "select " + ", ".join(f"current_setting('{name}', true)" for name in _SETTINGS)
_NAME_ACTOR = "select " + ", ".join(f"set_config('{name}', %s::text, true)" for name in _SETTINGS[1:4])
_WRITE = "select " + ", ".join(f"set_config('{name}', %s, true)" for name in _SETTINGS)


class ScopeNotOpen(RuntimeError):
    """A tenant table was asked outside a scope: a mistake of the program, never of its user."""


class BusinessNotFound(LookupError):
    """No business has that slug, public id or id."""


@dataclass(slots=True)
class Questions:
    """Statements that a door asks on the trip that opens the scope, in it; `rows` has the answer to each afterwards."""

    statements: list[tuple[str, Values]] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)


def current_business() -> "Business":
    """The business of the open scope. Raises ScopeNotOpen."""
    business = _current.get()
    if business is None:
        raise ScopeNotOpen("no business is open: use open_scope() at the door")
    return business


def current_business_id() -> int:
    return current_business().pk


def has_scope() -> bool:
    return _current.get() is not None


@contextmanager
def open_scope(
    business_id: int | None = None,
    *,
    slug: str | None = None,
    public_id: str | None = None,
    actor: Actor | None = None,
    verb: str = "",
    questions: Questions | None = None,
) -> Iterator["Business"]:
    """Open a transaction in which only one business is there, named by id, slug or public id.

    One trip finds the business, sets the scope and the history context, and asks `questions`. On leaving, an outer scope is put back:
    a local setting outlives a nested `atomic()`. `on_commit` callbacks and streamed answers run outside the scope.
    Raises BusinessNotFound.
    """
    nested = connection.in_atomic_block
    with transaction.atomic(savepoint=nested):
        before = _read() if nested else None
        business = _find_and_set(business_id, slug, public_id, actor, verb, questions or Questions())
        token = _current.set(business)
        try:
            yield business
        finally:
            _current.reset(token)
        # After an error the savepoint's rollback puts the settings back, and nothing else could be run here.
        if before is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(_WRITE, [value or "" for value in before])


def _read() -> tuple[str | None, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        row: tuple[str | None, ...] = cursor.fetchone()
        return row


def _find_and_set(
    business_id: int | None,
    slug: str | None,
    public_id: str | None,
    actor: Actor | None,
    verb: str,
    questions: Questions,
) -> "Business":
    from daybook.tenancy.models import Business

    column, value = (
        ("id", business_id)
        if business_id is not None
        else ("slug", slug)
        if slug is not None
        else ("public_id", public_id)
    )
    columns = ", ".join(f"b.{field.column}" for field in Business._meta.concrete_fields)
    settings = ", ".join(f"set_config('{name}', %s::text, true)" for name in _SETTINGS[1:])
    kind = "bigint" if column == "id" else "text"
    opening = (
        f"select {columns}, set_config('app.business_id', b.id::text, true), {settings} from tenancy_business b where b.{column} = %s::{kind}",
        [*_context_values(actor, verb), value],
    )
    found, *questions.rows = fetch_together([opening, *questions.statements])
    if not found:
        raise BusinessNotFound(value)
    return row_of(Business, zip((field.attname for field in Business._meta.concrete_fields), found[0], strict=False))


def _context_values(actor: Actor | None, verb: str) -> list[str]:
    if actor is None:
        return ["", "", "", verb, str(new_id())]
    return [actor.kind, str(actor.user_id or ""), actor.name, verb, str(new_id())]


def set_actor(actor: Actor) -> None:
    """Name who acts, once the door knows: every version written from here on carries it."""
    fetch_prepared(_NAME_ACTOR, [actor.kind, str(actor.user_id or ""), actor.name])


def set_verb(verb: str, *, group: UUID | None = None) -> None:
    """Name the verb that the coming writes belong to; `group` joins several into one step of undo."""
    _set({"app.verb": verb} | ({"app.group": str(group)} if group else {}))


def _set(values: dict[str, str]) -> None:
    assignments = ", ".join("set_config(%s, %s, true)" for _ in values)
    with connection.cursor() as cursor:
        cursor.execute(f"select {assignments}", [part for pair in values.items() for part in pair])


def current_group() -> UUID:
    """The step of undo that the writes of this scope belong to."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('app.group')")
        return UUID(cursor.fetchone()[0])
