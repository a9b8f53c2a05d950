"""Completing a thousand sessions at once, beside one statement a table that writes the same rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from daybook.core.ids import new_id
from daybook.ops.bench.business import Subject
from daybook.ops.bench.timing import Line, measure
from daybook.scheduling.models import Session
from daybook.tenancy.scope import open_scope
from daybook.workflows.bulk_sessions import bulk_sessions

COUNT = 1_000
RUNS = 5

_SESSIONS = "select id, status, completion_type_id, saved_at, wage_minor, wage_reasons::text from scheduling_session where id = any(%s)"
_PLACES = "select id, status, completion_type_id, cost_minor, tax_minor, reasons::text from scheduling_participant where session_id = any(%s)"
_ENTRIES = """
    select id, business_id, kind, occurred_on, recorded_at, actor_kind, actor_id, source_kind, source_id, description, reasons::text
    from ledger_journalentry where recorded_at = %s
"""
_POSTINGS = "select id, business_id, entry_id, account_id, amount_minor, side, occurred_on from ledger_posting where entry_id = any(%s)"
_SCHEDULED = (
    "select payer_id, sum(scheduled_minor)::bigint from scheduling_participant where session_id = any(%s) group by 1"
)

_WRITE_SESSIONS = """
    update scheduling_session s set status = n.status, completion_type_id = n.kind, saved_at = n.saved_at,
           wage_minor = n.wage, wage_reasons = n.reasons
    from unnest(%s::uuid[], %s::text[], %s::uuid[], %s::timestamptz[], %s::bigint[], %s::jsonb[]) as n (id, status, kind, saved_at, wage, reasons)
    where s.id = n.id
"""
_WRITE_PLACES = """
    update scheduling_participant p set status = n.status, completion_type_id = n.kind, cost_minor = n.cost,
           tax_minor = n.tax, reasons = n.reasons, scheduled_minor = 0
    from unnest(%s::uuid[], %s::text[], %s::uuid[], %s::bigint[], %s::bigint[], %s::jsonb[]) as n (id, status, kind, cost, tax, reasons)
    where p.id = n.id
"""
_WRITE_ACCOUNTS = """
    update ledger_account a set scheduled_minor = a.scheduled_minor - n.amount
    from unnest(%s::uuid[], %s::bigint[]) as n (owner_id, amount) where a.owner_id = n.owner_id and a.kind = 'receivable'
"""
_WRITE_ENTRIES = """
    insert into ledger_journalentry (id, business_id, kind, occurred_on, recorded_at, actor_kind, actor_id, source_kind, source_id, description, reasons)
    select * from unnest(%s::uuid[], %s::bigint[], %s::text[], %s::date[], %s::timestamptz[], %s::text[], %s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::jsonb[])
"""
_WRITE_POSTINGS = """
    insert into ledger_posting (id, business_id, entry_id, account_id, amount_minor, side, occurred_on)
    select * from unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::uuid[], %s::bigint[], %s::text[], %s::date[])
"""


@dataclass(frozen=True, slots=True)
class _Written:
    """The rows of one completion, as columns for `unnest`."""

    sessions: list[list[Any]]
    places: list[list[Any]]
    accounts: list[list[Any]]
    entries: list[list[Any]]
    postings: list[list[Any]]


def write_lines(subject: Subject) -> Iterator[Line]:
    with open_scope(subject.business.pk, actor=subject.actor):
        ids = list(
            Session.objects.filter(status="open").order_by("starts_at", "id").values_list("id", flat=True)[:COUNT]
        )
        now = Session.objects.filter(pk__in=ids).latest("ends_at").ends_at + timedelta(minutes=1)

        def complete() -> None:
            refused = [
                refusal
                for _, refusal in bulk_sessions(actor=subject.actor, now=now, ids=ids, action="complete")
                if refusal
            ]
            if refused:
                raise RuntimeError(f"{len(refused)} sessions were refused: {refused[0].code}")

        with _taken_back():
            owed = _columns(_SCHEDULED, [ids])
            complete()
            written = _rows(ids, now, owed)
        found = measure(_and_back(complete), RUNS, warm_up=1)
        floor = measure(_and_back(lambda: _write(written)), RUNS, warm_up=1)
    yield Line(
        f"completing {COUNT:,} sessions in bulk", found.median, found.p95, found.best, floor=floor.median, most_ratio=5,
        note=f"{len(ids):,} sessions, {len(written.postings[0]):,} postings",
    )  # fmt: skip


@contextmanager
def _taken_back() -> Iterator[None]:
    """Write, check every foreign key as a commit would, and take it all back."""
    with transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")
        transaction.set_rollback(True)


def _and_back(act: Callable[[], None]) -> Callable[[int], None]:
    def run(number: int) -> None:
        with _taken_back():
            act()

    return run


def _rows(ids: list[UUID], now: Any, owed: list[list[Any]]) -> _Written:
    """What completing has written, under new ids, so that it can be written again."""
    entries = _columns(_ENTRIES, [now])
    renamed = {entry_id: new_id() for entry_id in entries[0]}
    postings = _columns(_POSTINGS, [entries[0]])
    entries[0] = list(renamed.values())
    postings[0] = [new_id() for _ in postings[0]]
    postings[2] = [renamed[entry_id] for entry_id in postings[2]]
    return _Written(_columns(_SESSIONS, [ids]), _columns(_PLACES, [ids]), owed, entries, postings)


def _columns(statement: str, values: list[Any]) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [list(column) for column in zip(*cursor.fetchall(), strict=True)]


def _write(written: _Written) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_SESSIONS, written.sessions)
        cursor.execute(_WRITE_PLACES, written.places)
        cursor.execute(_WRITE_ACCOUNTS, written.accounts)
        cursor.execute(_WRITE_ENTRIES, written.entries)
        cursor.execute(_WRITE_POSTINGS, written.postings)
