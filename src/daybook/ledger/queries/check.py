"""The proof of the whole ledger of a business: zero sums, kept totals, completeness and the chain."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from daybook.ledger.chain import FIRST_DIGEST
from daybook.ledger.queries.chain import CANONICAL_POSTINGS, digest, fingerprint

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


Statements = tuple[tuple[str, str, tuple[str, ...]], ...]

# Each finds rows that must not be there: code, statement, names of the columns it answers.
_FINDS: Statements = (
    (
        "posting_without_entry",
        "select p.id, p.entry_id from ledger_posting p where not exists (select from ledger_journalentry e where e.id = p.entry_id)",
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
        "sealed_entry_missing",
        """
        select s.entry_id, l.number from ledger_sealedentry s join ledger_seal l on l.id = s.seal_id
        where not exists (select from ledger_journalentry e where e.id = s.entry_id)
        """,
        ("entry", "seal"),
    ),
)

# Of these the pass over all entries counts the rows; the statements name them where there are any.
_NAMES: Statements = (
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
        "posting_on_another_day",
        "select p.id, p.entry_id from ledger_posting p join ledger_journalentry e on e.id = p.entry_id where p.occurred_on <> e.occurred_on",
        ("posting", "entry"),
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
)

# Entries, postings and places in the chain, read side by side in the order of their ids, each once. Every seal comes out
# with its digest made anew from what its entries and their postings say now; entries without a seal stand together in a
# row of nulls. Only the fingerprints are kept, to be put in the order of their places.
_PASS = f"""
    with entries as materialized (
        select i.seal_id, i.position, {fingerprint("x.postings")} as mark, x.total <> 0 as out_of_balance,
               x.entry_id is null as without_postings, x.first <> e.occurred_on or x.last <> e.occurred_on as on_another_day,
               i.entry_id is null and not exists (select from ledger_unsealed u where u.entry_id = e.id) as not_in_chain
        from ledger_journalentry e
        left join (
            select p.entry_id, sum(p.amount_minor) as total, min(p.occurred_on) as first, max(p.occurred_on) as last,
                   {CANONICAL_POSTINGS} as postings
            from ledger_posting p group by p.entry_id
        ) x on x.entry_id = e.id
        left join ledger_sealedentry i on i.entry_id = e.id
    ), sealed as (
        select seal_id, case when seal_id is not null then string_agg(mark, '' order by position) end as marks,
               count(*) filter (where out_of_balance) as out_of_balance, count(*) filter (where without_postings) as without_postings,
               count(*) filter (where on_another_day) as on_another_day, count(*) filter (where not_in_chain) as not_in_chain
        from entries group by seal_id
    ), places as (
        select seal_id, count(*) as taken from ledger_sealedentry group by seal_id
    )
    select l.number, l.entries, coalesce(n.taken, 0), l.previous_digest, l.digest, {digest("l.previous_digest", "s.marks")},
           coalesce(s.out_of_balance, 0), coalesce(s.without_postings, 0), coalesce(s.on_another_day, 0), coalesce(s.not_in_chain, 0)
    from sealed s full join ledger_seal l on l.id = s.seal_id left join places n on n.seal_id = l.id
    order by l.number
"""

# One process reads everything in order: several would each read all postings.
_READ_ALONE = "select set_config('max_parallel_workers_per_gather', '0', true), set_config('work_mem', '64MB', true)"

_COUNTS = """
    select (select count(*) from ledger_journalentry), (select count(*) from ledger_posting), (select count(*) from ledger_seal)
"""


def check_ledger(*extra: Callable[[], list[Problem]]) -> LedgerReport:
    """Recompute everything of the open business from its postings, and the chain from its entries.

    `extra` are checks of those who keep figures on the ledger's accounts (scheduled amounts, allocations).
    Seal first: what no seal covers is checked for sums, not for tampering. Reads; writes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ_ALONE)
    problems = _check_entries()
    problems += [problem for code, sql, names in _FINDS for problem in rows_as_problems(code, sql, names)]
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


def _check_entries() -> list[Problem]:
    """The pass over all entries: what is wrong with them, then what is wrong with the chain."""
    wrong = [0] * len(_NAMES)
    chain: list[Problem] = []
    expected, before = 1, FIRST_DIGEST
    with connection.cursor() as cursor:
        cursor.execute(_PASS)
        for number, entries, found, previous, stored, made, *counts in cursor:
            wrong = [so_far + here for so_far, here in zip(wrong, counts, strict=True)]
            if number is None:
                continue
            if len(chain) < NAMED:
                chain += _check_seal(number, entries, found, previous, stored, made, expected, before)
            expected, before = number + 1, stored
    named = [
        problem
        for count, (code, sql, names) in zip(wrong, _NAMES, strict=True)
        if count
        for problem in rows_as_problems(code, sql, names)
    ]
    return named + chain


def _check_seal(
    number: int, entries: int, found: int, previous: str, stored: str, made: str, expected: int, before: str
) -> Iterator[Problem]:
    if number != expected:
        yield Problem("seal_missing", {"seal": expected})
    elif previous != before:
        yield Problem("chain_broken", {"seal": number})
    if entries != found:
        yield Problem("seal_incomplete", {"seal": number, "entries": entries, "found": found})
    if made != stored:
        yield Problem("seal_does_not_match", {"seal": number})
