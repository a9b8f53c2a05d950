"""Accounting > Invoices: the list, writing them, and the document with its deeds."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybook.billing.documents import invoice_content, invoice_pdf
from daybook.billing.permissions import access_invoice, visible_invoices
from daybook.billing.queries import billed_otherwise, with_shown_state
from daybook.billing.rules import PAYMENT_DAYS, SHOWN_STATES
from daybook.core.errors import DomainError
from daybook.core.ids import parse_id
from daybook.ledger.queries import balance_of
from daybook.messaging.models import Message
from daybook.payments.services import payments_with_credit
from daybook.people.models import User
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.tenancy.queries import business_words
from daybook.ui import format
from daybook.ui.listing import Column, Listing
from daybook.ui.sentences import sentence
from daybook.ui.states import look
from daybook.web.doors import go, render_page, team_page
from daybook.web.exports import table_file
from daybook.web.history import history
from daybook.web.money.common import amount, day_in, form_page, person_filter, searched, today_of, words_and_business
from daybook.web.money.forms import PayForm
from daybook.workflows.pay_invoice import pay_invoice, use_credit
from daybook.workflows.send_invoice import issue_invoice, send_invoice
from daybook.workflows.void_invoice import void_invoice

COLUMNS = [
    Column("number", gettext_lazy("Number"), order=("sequence",), fixed=True),
    Column("client", gettext_lazy("For"), order=("client__last_name", "client__first_name", "sequence"), fixed=True),
    Column("status", gettext_lazy("Status")),
    Column("issued", gettext_lazy("Issued"), order=("issued_on", "sequence")),
    Column("due_on", gettext_lazy("Due on"), order=("due_on", "sequence")),
    Column("total", gettext_lazy("Total"), order=("total_minor", "sequence"), numeric=True),
    Column("due", gettext_lazy("Still due"), order=("due_minor", "sequence"), numeric=True, fixed=True),
]
EXPORTED = (
    "number", "state", "issued_on", "due_on", "subtotal_minor", "tax_minor", "total_minor", "paid_minor",
    "client__first_name", "client__last_name", "bill_to__first_name", "bill_to__last_name",
)  # fmt: skip


def _rows(request: HttpRequest, listing: Listing) -> Any:
    rows = with_shown_state(visible_invoices(request.actor), today_of(request)).select_related("client", "bill_to")
    if client := parse_id(request.GET.get("client")):
        rows = rows.filter(Q(client_id=client) | Q(bill_to_id=client))
    if first := day_in(request, "from"):
        rows = rows.filter(issued_on__gte=first)
    if last := day_in(request, "to"):
        rows = rows.filter(issued_on__lte=last)
    if listing.q:
        people = searched(User.objects.with_deleted(), listing.q).values("pk")
        rows = rows.filter(Q(client__in=people) | Q(bill_to__in=people) | Q(number__icontains=listing.q))
    return rows


def _of_state(request: HttpRequest, rows: Any) -> Any:
    state = request.GET.get("status")
    if state == "unpaid":
        return rows.filter(shown__in=("sent", "partly_paid", "overdue"))
    return rows.filter(shown=state) if state in SHOWN_STATES else rows


def _counted(rows: Any) -> tuple[dict[str, int], dict[str, int]]:
    """How many invoices are in each state ("" for all, "unpaid" for those with something due), and what is due on which.

    Only the unpaid ones are looked at for their figures: they stay few while the paid ones become ever more.
    """
    stored = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    unpaid = rows.order_by().filter(state="issued", paid_minor__lt=F("total_minor"))
    found = unpaid.values_list("shown").annotate(count=Count("pk"), due=Sum("due_minor"))
    counts, due = {shown: count for shown, count, _due in found}, {shown: amount for shown, _count, amount in found}
    open_count = sum(counts.values())
    counts |= {"draft": stored.get("draft", 0), "void": stored.get("void", 0)}
    counts |= {"paid": stored.get("issued", 0) - open_count, "unpaid": open_count, "": sum(stored.values())}
    return counts, due


@require_safe
@team_page(MANAGE_ACCOUNTING)
def invoices(request: HttpRequest) -> HttpResponse:
    """Invoices by state, with how many there are of each."""
    listing = Listing.read(request, "invoices", COLUMNS, default="-number")
    rows = _rows(request, listing)
    counts, due = _counted(rows)
    chosen = _of_state(request, rows)
    state = request.GET.get("status", "")
    page = listing.page_of(chosen.order_by(*listing.ordering), total=counts.get(state, counts[""]))
    states = [("", _("All"), counts[""]), ("unpaid", _("Unpaid"), counts["unpaid"])]
    states += [(name, str(look(name).word), counts[name]) for name in SHOWN_STATES if counts.get(name)]
    context = {
        "listing": listing,
        "page": page,
        "states": states,
        "state": state,
        "due": sum(due.values()),
        "overdue": due.get("overdue", 0),
        "of_client": person_filter(request, "client"),
        "first": day_in(request, "from"),
        "last": day_in(request, "to"),
    }
    return render_page(request, "web/money/invoices.html", context)


@require_safe
@team_page(MANAGE_ACCOUNTING)
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, whole."""
    listing = Listing.read(request, "invoices", COLUMNS, default="-number")
    rows = (
        [row.number, row.client.name, row.bill_to.name, str(look(row.shown).word), row.issued_on, row.due_on, amount(request, row.subtotal_minor), amount(request, row.tax_minor), amount(request, row.total_minor), amount(request, row.paid_minor), amount(request, row.due_minor)]
        for row in _of_state(request, _rows(request, listing)).only(*EXPORTED).order_by(*listing.ordering).iterator()
    )  # fmt: skip
    head = [
        _("Number"),
        _("For"),
        _("To"),
        _("Status"),
        _("Issued"),
        _("Due on"),
        _("Net"),
        _("Tax"),
        _("Total"),
        _("Paid"),
        _("Still due"),
    ]
    return table_file(request, "invoices", head, rows)


@require_POST
@team_page(MANAGE_ACCOUNTING)
def bulk(request: HttpRequest) -> HttpResponse:
    """Send or void those that are ticked; each on its own, and what was refused is said."""
    verbs = {"send": send_invoice, "void": void_invoice}
    verb = verbs.get(request.POST.get("action", ""))
    done, refused = 0, []
    if verb is not None:
        for text in request.POST.getlist("id")[:500]:
            try:
                verb(actor=request.actor, now=timezone.now(), invoice_id=parse_id(text))  # type: ignore[arg-type]
                done += 1
            except DomainError as error:
                refused.append(sentence(error, business_words()))
    said = (_("%(count)d sent.") if request.POST.get("action") == "send" else _("%(count)d voided.")) % {"count": done}
    return go(request, "web:invoices", said=" ".join([said, *dict.fromkeys(refused[:3])]))


# ── one ──


@require_safe
@team_page(MANAGE_ACCOUNTING)
def invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """The document as it goes out, what was paid on it, and what can be done."""
    access_invoice(request.actor, invoice_id)
    today = today_of(request)
    found = (
        with_shown_state(visible_invoices(request.actor), today).select_related("client", "bill_to").get(pk=invoice_id)
    )
    due = found.total_minor - found.paid_minor if found.state == "issued" else 0
    credit = (
        sum(
            each.amount_minor - each.refunded_minor - each.allocated_minor
            for each in payments_with_credit(found.client_id)
        )
        if due
        else 0
    )
    context = {
        "invoice": found,
        "sheet": invoice_content(found, today=today),
        "allocations": found.allocations.select_related("payment").order_by("id"),
        "messages_sent": Message.objects.filter(about_id=found.pk).defer("attachment").order_by("-created_at", "-id"),
        "credit": min(credit, due),
        "billed_otherwise": billed_otherwise(invoice_id=found.pk) if found.basis == "scheduled" else [],
        "balance": balance_of(found.client_id).balance,
        "entries": history(found.pk, business=request.business, words=business_words()),
    }
    return render_page(request, "web/money/invoice.html", context)


@require_safe
@team_page(MANAGE_ACCOUNTING)
def document(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """The PDF."""
    found = access_invoice(request.actor, invoice_id)
    response = HttpResponse(invoice_pdf(found, today=today_of(request)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return response


@require_POST
@team_page(MANAGE_ACCOUNTING)
def send(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    done = send_invoice(actor=request.actor, now=timezone.now(), invoice_id=invoice_id)
    address = User.objects.with_deleted().get(pk=done.bill_to_id).email
    said = (
        _("%(number)s is on its way to %(address)s.")
        if address
        else _("%(number)s is issued. There is no e-mail address to send it to.")
    )
    return go(request, "web:invoice", invoice_id, said=said % {"number": done.number, "address": address})


@require_POST
@team_page(MANAGE_ACCOUNTING)
def issue(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    done = issue_invoice(actor=request.actor, now=timezone.now(), invoice_id=invoice_id)
    return go(request, "web:invoice", invoice_id, said=_("%(number)s is issued.") % {"number": done.number})


@require_POST
@team_page(MANAGE_ACCOUNTING)
def void(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    done = void_invoice(actor=request.actor, now=timezone.now(), invoice_id=invoice_id)
    return go(
        request,
        "web:invoice",
        invoice_id,
        said=_("%(number)s is void. What it billed can be billed again.") % {"number": done.number},
    )


@require_POST
@team_page(MANAGE_ACCOUNTING)
def credit(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Settle it from the client's credit."""
    done = use_credit(actor=request.actor, now=timezone.now(), invoice_id=invoice_id)
    return go(request, "web:invoice", invoice_id, said=_("Credit was used for %(number)s.") % {"number": done.number})


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_ACCOUNTING)
def pay(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Record a payment of this invoice."""
    found = access_invoice(request.actor, invoice_id)
    due = found.total_minor - found.paid_minor
    start = {"amount": due, "received_on": today_of(request), "method": "bank", "reference": found.number}
    form = PayForm(request.POST or None, initial=start, **words_and_business(request))

    def save() -> HttpResponse:
        data = form.cleaned_data
        done = pay_invoice(
            actor=request.actor, now=timezone.now(), invoice_id=invoice_id, amount_minor=data["amount"],
            method=data["method"], received_on=data["received_on"], reference=data["reference"],
        )  # fmt: skip
        paid = format.money(done.amount_minor, done.currency, request.business.locale)
        undo = reverse("web:payment_delete", args=[done.pk])
        return go(request, "web:invoice", invoice_id, said=_("%(amount)s recorded.") % {"amount": paid}, undo=undo)

    return form_page(request, form, "web/money/pay_form.html", save, {"invoice": found, "due": due})


def due_date(issued_on: date) -> date:
    """When an invoice is due unless somebody says otherwise."""
    return issued_on + timedelta(days=PAYMENT_DAYS)
