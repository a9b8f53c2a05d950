"""Writing entries, whole and balanced, in one statement; and taking them back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.models import QuerySet

from daybook.core.ids import new_id
from daybook.ledger import rules
from daybook.ledger.errors import AlreadyReversed
from daybook.ledger.models import JournalEntry
from daybook.ledger.rules import NewEntry, NewPosting
from daybook.ledger.services.accounts import resolve
from daybook.tenancy.actor import Actor
from daybook.tenancy.prepared import fetch_prepared
from daybook.tenancy.scope import current_business_id

# Entries and postings in one statement: the trigger demands that it brings whole entries.
_WRITE = """
    with entries as (
        insert into ledger_journalentry (id, business_id, kind, occurred_on, recorded_at, actor_kind, actor_id,
                                         source_kind, source_id, description, reasons, reverses_id)
        select id, %(business)s::bigint, kind, occurred_on, %(now)s::timestamptz, %(actor_kind)s::text,
               %(actor)s::uuid, source_kind, source_id, description, reasons, reverses_id
        from json_to_recordset(%(entries)s::json)
             as new (id uuid, kind text, occurred_on date, source_kind text, source_id uuid, description text,
                     reasons jsonb, reverses_id uuid)
    )
    insert into ledger_posting (id, business_id, entry_id, account_id, amount_minor, side, occurred_on)
    select id, %(business)s::bigint, entry_id, account_id, amount_minor, side, occurred_on
    from json_to_recordset(%(postings)s::json)
         as new (id uuid, entry_id uuid, account_id uuid, amount_minor bigint, side text, occurred_on date)
"""


def post(entries: Sequence[NewEntry], *, now: datetime, actor: Actor) -> list[JournalEntry]:
    """Write entries as one statement and give them back in their order; the owners' kept totals follow by trigger.

    The accounts' rows are locked (receivables first, each kind by id) until the transaction ends.
    """
    if not entries:
        return []
    for entry in entries:
        if entry.total != 0:
            raise ValueError(f"an entry out of balance by {entry.total}")
    accounts = resolve((posting.kind, posting.owner_id) for entry in entries for posting in entry.postings)
    ids = [new_id() for _ in entries]
    business_id = current_business_id()
    fetch_prepared(
        _WRITE,
        {
            "business": business_id,
            "now": now,
            "actor_kind": actor.kind,
            "actor": actor.user_id,
            "entries": _json(_entry(entry_id, entry) for entry_id, entry in zip(ids, entries, strict=True)),
            "postings": _json(
                _posting(entry_id, entry, posting, accounts[posting.kind, posting.owner_id])
                for entry_id, entry in zip(ids, entries, strict=True)
                for posting in entry.postings
            ),
        },
    )
    return [_as_row(entry_id, entry, now, actor, business_id) for entry_id, entry in zip(ids, entries, strict=True)]


def _entry(entry_id: UUID, entry: NewEntry) -> dict[str, Any]:
    return {
        "id": entry_id,
        "kind": entry.kind,
        "occurred_on": entry.occurred_on,
        "source_kind": entry.source_kind,
        "source_id": entry.source_id,
        "description": entry.description,
        "reasons": entry.reasons,
        "reverses_id": entry.reverses_id,
    }


def _posting(entry_id: UUID, entry: NewEntry, posting: NewPosting, account_id: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "entry_id": entry_id,
        "account_id": account_id,
        "amount_minor": posting.amount_minor,
        "side": posting.side,
        "occurred_on": entry.occurred_on,
    }


def _json(rows: Iterable[dict[str, Any]]) -> str:
    """Rows as one text: far cheaper to send than an array a column."""
    return orjson.dumps(list(rows)).decode()


def _as_row(entry_id: UUID, entry: NewEntry, now: datetime, actor: Actor, business_id: int) -> JournalEntry:
    return JournalEntry(
        id=entry_id,
        business_id=business_id,
        kind=entry.kind,
        occurred_on=entry.occurred_on,
        recorded_at=now,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        description=entry.description,
        reasons=list(entry.reasons),
        reverses_id=entry.reverses_id,
    )


def reverse(
    entry_ids: Iterable[UUID], *, now: datetime, actor: Actor, occurred_on: date | None = None
) -> list[JournalEntry]:
    """Take entries back by their exact reverse, on `occurred_on` or else each on the day of what it takes back.

    Raises AlreadyReversed when one was before.
    """
    wanted = list(entry_ids)
    rows = {row.pk: row for row in _with_postings().filter(pk__in=wanted)}
    if done := JournalEntry.objects.filter(reverses__in=wanted).values_list("reverses", flat=True).first():
        raise AlreadyReversed(entry=str(done))
    reversals = [
        rules.reversal(_as_new(rows[pk]), entry_id=pk, occurred_on=occurred_on or rows[pk].occurred_on) for pk in wanted
    ]
    return post(reversals, now=now, actor=actor)


def reverse_sources(
    source_ids: Iterable[UUID], *, now: datetime, actor: Actor, occurred_on: date | None = None
) -> list[JournalEntry]:
    """Take back every entry of these sources (participants, sessions, payments …) that still stands."""
    standing = JournalEntry.objects.filter(source_id__in=list(source_ids), reverses=None, reversed_by=None)
    return reverse(standing.order_by("id").values_list("id", flat=True), occurred_on=occurred_on, now=now, actor=actor)


def _with_postings() -> QuerySet[JournalEntry]:
    """Entries with their postings and the accounts of those: two queries more."""
    return JournalEntry.objects.prefetch_related("postings__account")


def _as_new(row: JournalEntry) -> NewEntry:
    postings = tuple(
        NewPosting(posting.account.kind, posting.account.owner_id, posting.amount_minor, posting.side)  # type: ignore[arg-type]
        for posting in row.postings.all()
    )
    return NewEntry(
        row.kind, row.occurred_on, row.source_kind, row.source_id, row.description, postings, tuple(row.reasons)
    )
