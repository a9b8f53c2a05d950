"""Reading what can be billed, and what was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from daybook.billing.models import Invoice, InvoiceLine
from daybook.billing.rules import NewLine, net_of
from daybook.core.periods import day_span
from daybook.tenancy.scope import current_business, current_business_id

# Places of clients in sessions that no live invoice has: completed ones at their frozen cost, open ones at what is planned.
_BILLABLE = """
    select p.id, p.client_id, p.session_id, p.starts_at, s.ends_at, p.status, v.name, v.tax_rate,
           trim(u.first_name || ' ' || u.last_name) || coalesce(case when s.assistant_count > 0 then (
               select string_agg(', ' || trim(hu.first_name || ' ' || hu.last_name), '' order by h.id)
               from scheduling_assistant h join people_user hu on hu.id = h.practitioner_id where h.session_id = s.id) end, ''),
           p.cost_minor, p.tax_minor, p.scheduled_minor, t.label
    from scheduling_participant p
    join scheduling_session s on s.id = p.session_id
    join catalog_service v on v.id = s.service_id
    join people_user u on u.id = s.practitioner_id
    left join scheduling_completiontype t on t.id = p.completion_type_id
    where p.business_id = %s and p.payer_id = p.client_id and s.deleted_at is null
      and (%s::uuid[] is null or p.client_id = any(%s)) and (%s::uuid[] is null or p.session_id = any(%s))
      and (%s::timestamptz is null or p.starts_at >= %s) and (%s::timestamptz is null or p.starts_at < %s)
      and (case %s when 'scheduled' then p.status = 'open' and p.scheduled_minor <> 0
                   when 'completed' then p.status <> 'open' and p.cost_minor + p.tax_minor <> 0
                   else p.cost_minor + p.tax_minor <> 0 or (p.status = 'open' and p.scheduled_minor <> 0) end)
      and not exists (select from billing_invoiceline l where l.participant_id = p.id and l.is_live)
    order by p.client_id, p.starts_at, p.id
"""


@dataclass(frozen=True, slots=True)
class Billable:
    """A client's place in a session that waits for its invoice."""

    participant_id: UUID
    client_id: UUID
    session_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    service: str
    practitioner: str
    label: str
    line: NewLine


def billable(
    *,
    client_ids: Iterable[UUID] | None = None,
    session_ids: Iterable[UUID] | None = None,
    date_from: date | None = None,
    date_to: date | None = None,
    basis: str = "any",
) -> list[Billable]:
    """What could be billed now, by client and time. Dates are the business's, both included; one query."""
    zone = current_business().time_zone
    starts = day_span(date_from, date_from, zone)[0] if date_from else None
    ends = day_span(date_to, date_to, zone)[1] if date_to else None
    clients = list(client_ids) if client_ids is not None else None
    sessions = list(session_ids) if session_ids is not None else None
    with connection.cursor() as cursor:
        cursor.execute(
            _BILLABLE,
            [current_business_id(), clients, clients, sessions, sessions, starts, starts, ends, ends, basis],
        )
        return [_as_billable(row) for row in cursor.fetchall()]


def _as_billable(row: tuple) -> Billable:
    is_open = row[5] == "open"
    rate: Decimal = row[7]
    total = row[11] if is_open else row[9] + row[10]
    net = net_of(total, rate) if is_open else row[9]
    tax = total - net
    label = row[12] if row[12] and row[5] != "completed" else ""
    text = ", ".join(part for part in (row[6], row[8], label) if part)
    line = NewLine(text[:300], Decimal(1), net, rate if tax else Decimal(0), net, tax, participant_id=row[0])
    return Billable(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[8], row[12] or "", line)


def with_shown_state(invoices: QuerySet[Invoice], today: date) -> QuerySet[Invoice]:
    """Adds `shown`, as `rules.shown_state` reads it, and `due_minor`: what is still to be paid."""
    return invoices.annotate(
        due_minor=Case(When(state="void", then=Value(0)), default=F("total_minor") - F("paid_minor")),
        shown=Case(
            When(state="draft", then=Value("draft")),
            When(state="void", then=Value("void")),
            When(paid_minor__gte=F("total_minor"), then=Value("paid")),
            When(due_on__lt=today, then=Value("overdue")),
            When(paid_minor__gt=0, then=Value("partly_paid")),
            default=Value("sent"),
            output_field=CharField(),
        ),
    )


def unpaid_invoices(client_id: UUID) -> QuerySet[Invoice]:
    """Issued invoices on a client's account with something due, the oldest first."""
    return Invoice.objects.filter(
        Q(client_id=client_id, state=Invoice.State.ISSUED, paid_minor__lt=F("total_minor"))
    ).order_by("due_on", "sequence")


def lines_of(invoice_id: UUID) -> QuerySet[InvoiceLine]:
    """Lines in their order, with the session that each bills."""
    return InvoiceLine.objects.filter(invoice_id=invoice_id).select_related("participant").order_by("position")


def live_invoice_of(session_id: UUID, *, client_id: UUID | None = None) -> str | None:
    """The number of a live invoice with a place of this session (of one client), or None: what keeps it from changing."""
    lines = InvoiceLine.objects.filter(participant__session_id=session_id, is_live=True)
    if client_id is not None:
        lines = lines.filter(participant__client_id=client_id)
    return lines.values_list("invoice__number", flat=True).first()


@dataclass(frozen=True, slots=True)
class BilledOtherwise:
    """A place that a live invoice bills with another amount than stands on the account; minor units, tax included."""

    invoice_id: UUID
    number: str
    participant_id: UUID
    client: str
    billed_minor: int
    charged_minor: int
    is_open: bool

    @property
    def credit_minor(self) -> int:
        """What is over for the client once the invoice is paid; negative where less is billed than is owed."""
        return self.billed_minor - self.charged_minor

    @property
    def owed_minor(self) -> int:
        return -self.credit_minor


_BILLED_OTHERWISE = """
    select i.id, i.number, p.id, trim(c.first_name || ' ' || c.last_name), l.amount_minor + l.tax_minor,
           case p.status when 'open' then p.scheduled_minor else p.cost_minor + p.tax_minor end, p.status = 'open'
    from billing_invoiceline l
    join billing_invoice i on i.id = l.invoice_id
    join scheduling_participant p on p.id = l.participant_id
    join people_user c on c.id = p.client_id
    where l.is_live and {which} = %s
      and l.amount_minor + l.tax_minor <> case p.status when 'open' then p.scheduled_minor else p.cost_minor + p.tax_minor end
    order by i.sequence, l.position
"""


def billed_otherwise(*, session_id: UUID | None = None, invoice_id: UUID | None = None) -> list[BilledOtherwise]:
    """Places of a session, or of an invoice, that were billed ahead and have come to cost something else."""
    which, value = ("p.session_id", session_id) if session_id else ("l.invoice_id", invoice_id)
    with connection.cursor() as cursor:
        cursor.execute(_BILLED_OTHERWISE.format(which=which), [value])
        return [BilledOtherwise(*row) for row in cursor.fetchall()]
