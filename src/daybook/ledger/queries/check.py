"""The proof of the whole ledger of a business: zero sums, kept totals, completeness and the chain."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from daybook.ledger.chain import FIRST_DIGEST, chain_digest
from daybook.ledger.queries.chain import CANONICAL
from daybook.tenancy.scope import current_business_id

# At most this many problems of one kind are named; a report of a million lines helps nobody.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not add up: a code, and what it was found on (ids and minor units)."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: " + ", ".join(f"{name} {value}" for name, value in self.facts.items())


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """`transactions` counts journal entries, `entries` their postings, `seals` the proven batches."""

    transactions: int
    entries: int
    seals: int
    problems: tuple[Problem, ...]

    @property
    def balanced(self) -> bool:
        return not self.problems


# Each finds rows that must not be there: code, statement, names of the columns it answers.
_SETS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "entry_out_of_balance",
        "select entry_id, sum(amount_minor) from ledger_posting group by entry_id having sum(amount_minor) <> 0",
        ("entry", "sum"),
    ),
    (
        "entry_without_postings",
        "select e.id from ledger_journalentry e where not exists (select from ledger_posting p where p.entry_id = e.id)",
        ("entry",),
    ),
    (
        "posting_without_entry",
        "select p.id, p.entry_id from ledger_posting p where not exists (select from ledger_journalentry e where e.id = p.entry_id)",
        ("posting", "entry"),
    ),
    (
        "posting_on_another_day",
        "select p.id, p.entry_id from ledger_posting p join ledger_journalentry e on e.id = p.entry_id where p.occurred_on <> e.occurred_on",
        ("posting", "entry"),
    ),
    (
        "kept_total_differs",
        """
        select a.id, a.owner_id, a.kind, a.balance_minor, coalesce(s.balance, 0), a.charged_minor, coalesce(s.charged, 0) * f.sign,
               a.paid_minor, -coalesce(s.paid, 0) * f.sign
        from ledger_account a
        cross join lateral (select case a.kind when 'wages_payable' then -1 else 1 end as sign) f
        left join (
            select account_id, sum(amount_minor) as balance, sum(amount_minor) filter (where side = 'c') as charged,
                   sum(amount_minor) filter (where side = 'p') as paid
            from ledger_posting group by account_id
        ) s on s.account_id = a.id
        where a.owner_id is not null and (
            a.balance_minor <> coalesce(s.balance, 0) or a.charged_minor <> coalesce(s.charged, 0) * f.sign
            or a.paid_minor <> -coalesce(s.paid, 0) * f.sign
        )
        """,
        ("account", "owner", "kind", "kept_balance", "balance", "kept_charged", "charged", "kept_paid", "paid"),
    ),
    (
        "total_kept_without_owner",
        """
        select id, kind from ledger_account
        where owner_id is null and (balance_minor <> 0 or charged_minor <> 0 or paid_minor <> 0 or scheduled_minor <> 0)
        """,
        ("account", "kind"),
    ),
    (
        "reversal_of_nothing",
        """
        select r.id, r.reverses_id from ledger_journalentry r left join ledger_journalentry e on e.id = r.reverses_id
        where r.reverses_id is not null and e.id is null
        """,
        ("entry", "reverses"),
    ),
    (
        "entry_not_in_chain",
        """
        select e.id from ledger_journalentry e
        where not exists (select from ledger_sealedentry s where s.entry_id = e.id)
          and not exists (select from ledger_unsealed u where u.entry_id = e.id)
        """,
        ("entry",),
    ),
    (
        "sealed_entry_missing",
        """
        select s.entry_id, l.number from ledger_sealedentry s join ledger_seal l on l.id = s.seal_id
        where not exists (select from ledger_journalentry e where e.id = s.entry_id)
        """,
        ("entry", "seal"),
    ),
)

_COUNTS = """
    select (select count(*) from ledger_journalentry), (select count(*) from ledger_posting), (select count(*) from ledger_seal)
"""

_CHAIN = f"""
    select l.number, l.entries, l.previous_digest, l.digest, {CANONICAL}
    from ledger_seal l
    left join ledger_sealedentry i on i.seal_id = l.id
    left join ledger_journalentry e on e.id = i.entry_id
    where l.business_id = %s
    order by l.number, i.position
"""


def check_ledger(*extra: Callable[[], list[Problem]]) -> LedgerReport:
    """Recompute everything of the open business from its postings, and the chain from its entries.

    `extra` are checks of those who keep figures on the ledger's accounts (scheduled amounts, allocations).
    Seal first: what no seal covers is checked for sums, not for tampering. Reads; writes nothing.
    """
    problems = [problem for code, sql, names in _SETS for problem in rows_as_problems(code, sql, names)]
    problems += _check_chain()
    for check in extra:
        problems += check()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        transactions, entries, seals = cursor.fetchone()
    return LedgerReport(transactions, entries, seals, tuple(problems))


def rows_as_problems(code: str, sql: str, names: tuple[str, ...]) -> list[Problem]:
    """A problem for each of the first rows that a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} limit {NAMED}")
        found = cursor.fetchall()
    return [Problem(code, {name: _plain(value) for name, value in zip(names, row, strict=True)}) for row in found]


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else int(value) if hasattr(value, "as_tuple") else str(value)


@dataclass(slots=True)
class _Batch:
    number: int
    entries: int
    previous: str
    digest: str
    texts: list[str]


def _batches() -> Iterator[_Batch]:
    """The seals with the canonical texts of their entries, in order; one seal at a time is held."""
    batch: _Batch | None = None
    with connection.chunked_cursor() as cursor:
        cursor.execute(_CHAIN, [current_business_id()])
        for number, entries, previous, digest, text in cursor:
            if batch is None or batch.number != number:
                if batch is not None:
                    yield batch
                batch = _Batch(number, entries, previous, digest, [])
            batch.texts.append(text)
    if batch is not None:
        yield batch


def _check_chain() -> list[Problem]:
    problems: list[Problem] = []
    expected, previous = 1, FIRST_DIGEST
    for batch in _batches():
        if batch.number != expected:
            problems.append(Problem("seal_missing", {"seal": expected}))
        elif batch.previous != previous:
            problems.append(Problem("chain_broken", {"seal": batch.number}))
        if batch.entries != len(batch.texts):
            problems.append(
                Problem("seal_incomplete", {"seal": batch.number, "entries": batch.entries, "found": len(batch.texts)})
            )
        if chain_digest(batch.previous, batch.texts) != batch.digest:
            problems.append(Problem("seal_does_not_match", {"seal": batch.number}))
        expected, previous = batch.number + 1, batch.digest
        if len(problems) >= NAMED:
            break
    return problems
