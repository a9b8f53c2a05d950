"""Prove a business's books: the ledger, and every figure that other rooms keep beside it."""

from datetime import datetime

from daybook.ledger.queries import LedgerReport, Problem, check_ledger
from daybook.ledger.queries.check import rows_as_problems
from daybook.ledger.services import seal
from daybook.tenancy.actor import Actor

_KEPT: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "scheduled_differs",
        """
        select a.id, a.owner_id, a.scheduled_minor, coalesce(s.total, 0)
        from ledger_account a left join (
            select p.payer_id, sum(p.scheduled_minor) as total
            from scheduling_participant p join scheduling_session s on s.id = p.session_id
            where p.status = 'open' and s.deleted_at is null group by p.payer_id
        ) s on s.payer_id = a.owner_id
        where a.kind = 'receivable' and a.owner_id is not null and a.scheduled_minor <> coalesce(s.total, 0)
        """,
        ("account", "owner", "kept", "scheduled"),
    ),
    (
        "charge_differs",
        """
        select p.id, p.cost_minor + p.tax_minor, coalesce(l.total, 0)
        from scheduling_participant p left join (
            select e.source_id, sum(g.amount_minor) as total from ledger_journalentry e
            join ledger_posting g on g.entry_id = e.id and g.side = 'c' where e.source_kind = 'participant' group by e.source_id
        ) l on l.source_id = p.id
        where coalesce(p.cost_minor + p.tax_minor, 0) <> coalesce(l.total, 0)
        """,
        ("participant", "saved", "charged"),
    ),
    (
        "wage_differs",
        """
        select s.id, s.wage_minor, coalesce(l.total, 0)
        from scheduling_session s left join (
            select e.source_id, -sum(g.amount_minor) as total from ledger_journalentry e
            join ledger_posting g on g.entry_id = e.id and g.side = 'c' where e.source_kind = 'session' group by e.source_id
        ) l on l.source_id = s.id
        where coalesce(s.wage_minor, 0) <> coalesce(l.total, 0)
        """,
        ("session", "saved", "earned"),
    ),
    (
        "wage_differs",
        """
        select s.session_id, s.practitioner_id, s.wage_minor, coalesce(l.total, 0)
        from scheduling_assistant s left join (
            select e.source_id, -sum(g.amount_minor) as total from ledger_journalentry e
            join ledger_posting g on g.entry_id = e.id and g.side = 'c' where e.source_kind = 'assistant' group by e.source_id
        ) l on l.source_id = s.id
        where coalesce(s.wage_minor, 0) <> coalesce(l.total, 0)
        """,
        ("session", "practitioner", "saved", "earned"),
    ),
    (
        "assistants_differ",
        """
        select s.id, s.assistant_count, coalesce(a.total, 0)
        from scheduling_session s
        left join (select session_id, count(*) as total from scheduling_assistant group by session_id) a on a.session_id = s.id
        where s.assistant_count <> coalesce(a.total, 0)
        """,
        ("session", "kept", "assistants"),
    ),
    (
        "payment_differs",
        """
        select y.id, y.receipt_number, case when y.deleted_at is null then y.amount_minor else 0 end, coalesce(l.total, 0)
        from payments_payment y left join (
            select e.source_id, -sum(g.amount_minor) as total from ledger_journalentry e
            join ledger_posting g on g.entry_id = e.id and g.side = 'p' where e.source_kind = 'payment' group by e.source_id
        ) l on l.source_id = y.id
        where case when y.deleted_at is null then y.amount_minor else 0 end <> coalesce(l.total, 0)
        """,
        ("payment", "receipt", "recorded", "posted"),
    ),
    (
        "refunds_differ",
        """
        select y.id, y.receipt_number, y.refunded_minor, coalesce(r.total, 0)
        from payments_payment y
        left join (select payment_id, sum(amount_minor) as total from payments_refund group by payment_id) r on r.payment_id = y.id
        where y.refunded_minor <> coalesce(r.total, 0)
        """,
        ("payment", "receipt", "kept", "refunds"),
    ),
    (
        "payment_allocation_differs",
        """
        select y.id, y.receipt_number, y.allocated_minor, coalesce(a.total, 0)
        from payments_payment y
        left join (select payment_id, sum(amount_minor) as total from payments_allocation group by payment_id) a on a.payment_id = y.id
        where y.allocated_minor <> coalesce(a.total, 0)
        """,
        ("payment", "receipt", "kept", "allocated"),
    ),
    (
        "invoice_paid_differs",
        """
        select i.id, i.number, i.paid_minor, coalesce(a.total, 0)
        from billing_invoice i
        left join (select invoice_id, sum(amount_minor) as total from payments_allocation group by invoice_id) a on a.invoice_id = i.id
        where i.paid_minor <> coalesce(a.total, 0)
        """,
        ("invoice", "number", "kept", "allocated"),
    ),
    (
        "invoice_total_differs",
        """
        select i.id, i.number, i.total_minor, coalesce(l.total, 0)
        from billing_invoice i left join (
            select invoice_id, sum(amount_minor + tax_minor) as total from billing_invoiceline group by invoice_id
        ) l on l.invoice_id = i.id
        where i.total_minor <> coalesce(l.total, 0)
        """,
        ("invoice", "number", "kept", "lines"),
    ),
    (
        "invoice_number_missing",
        """
        select n.missing from (
            select generate_series(1, q.last) as missing from billing_numbersequence q where q.name = 'invoice'
        ) n where not exists (select from billing_invoice i where i.sequence = n.missing)
        """,
        ("number",),
    ),
)


def check_books(*, actor: Actor, now: datetime) -> LedgerReport:
    """Seal what is not sealed, then recompute everything of the open business. Administrators only."""
    actor.require_administrator()
    seal(now=now)
    return check_ledger(_kept_elsewhere)


def _kept_elsewhere() -> list[Problem]:
    return [problem for code, sql, names in _KEPT for problem in rows_as_problems(code, sql, names)]
