"""A statement of account: what happened on an owner's account, with the balance after each line."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

PAGE = 50

# Newest first from the index; each line's balance is worked back from the kept one, so that no page sums all time.
_LINES = """
    select p.id, p.entry_id, p.occurred_on, e.kind, e.description, p.amount_minor, e.reverses_id, e.source_kind, e.source_id, e.reasons
    from ledger_posting p join ledger_journalentry e on e.id = p.entry_id
    where p.account_id = %s and (%s::date is null or p.occurred_on >= %s) and (%s::date is null or p.occurred_on <= %s)
      and (%s::date is null or (p.occurred_on, p.id) < (%s::date, %s::uuid))
    order by p.occurred_on desc, p.id desc limit %s
"""
_AFTER = """
    select coalesce(sum(amount_minor), 0) from ledger_posting
    where account_id = %s and (occurred_on, id) > (%s::date, %s::uuid)
"""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line. `amount_minor` as the owner reads it: a payment above zero, a cost below; `balance_minor` after it."""

    posting_id: UUID
    entry_id: UUID
    occurred_on: date
    kind: str
    description: str
    amount_minor: int
    balance_minor: int
    is_reversal: bool
    source_kind: str
    source_id: UUID
    reasons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Statement:
    """Lines in their order, newest last, between two balances. `older` is where the page before goes on, if any."""

    opening_minor: int
    lines: tuple[StatementLine, ...]
    closing_minor: int
    older: tuple[date, UUID] | None


def statement(
    owner_id: UUID,
    *,
    date_from: date | None = None,
    date_to: date | None = None,
    before: tuple[date, UUID] | None = None,
    limit: int = PAGE,
    kind: str = "receivable",
) -> Statement:
    """The last `limit` lines of an owner's account within the dates (both included), older than `before` if given.

    Three queries whatever the length. Only lines newer than the page are added up, to work back from the kept balance.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, balance_minor from ledger_account where owner_id = %s and kind = %s", [owner_id, kind]
        )
        account = cursor.fetchone()
        if account is None:
            return Statement(0, (), 0, None)
        account_id, kept = account
        cursor.execute(
            _LINES,
            [
                account_id,
                date_from,
                date_from,
                date_to,
                date_to,
                *((before[0], *before) if before else (None, None, None)),
                limit + 1,
            ],
        )
        rows = cursor.fetchall()
        mark = _last_shown(rows, before, date_to)
        newer = 0
        if mark is not None:
            cursor.execute(_AFTER, [account_id, *mark])
            newer = int(cursor.fetchone()[0])
    closing = -(kept - newer)
    has_older = len(rows) > limit
    rows = rows[:limit]
    lines: list[StatementLine] = []
    running = closing
    for row in rows:
        amount = -row[5]
        lines.append(
            StatementLine(
                row[0],
                row[1],
                row[2],
                row[3],
                row[4],
                amount,
                running,
                row[6] is not None,
                row[7],
                row[8],
                json.loads(row[9]),
            )
        )
        running -= amount
    lines.reverse()
    older = (rows[-1][2], rows[-1][0]) if has_older else None
    return Statement(running, tuple(lines), closing, older)


def _last_shown(rows: list[Any], before: tuple[date, UUID] | None, date_to: date | None) -> tuple[date, UUID] | None:
    """Where the page ends: what lies after it must be taken off the kept balance. None: nothing lies after."""
    if rows:
        return rows[0][2], rows[0][0]
    if before is not None or date_to is None:
        return before
    return date_to, UUID(int=2**128 - 1)
