"""Writing invoices: from the sessions of a period, from free lines, or for many clients at once."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybook.billing.models import Invoice
from daybook.billing.permissions import access_invoice
from daybook.billing.queries import Billable, billable, lines_of
from daybook.billing.rules import check_period
from daybook.core.errors import DomainError, InvalidInput
from daybook.core.ids import parse_id
from daybook.core.periods import month_span
from daybook.people.models import User
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.tenancy.queries import business_words
from daybook.ui import format
from daybook.ui.sentences import sentence
from daybook.web.doors import go, go_to, once, render_page, render_part, team_page
from daybook.web.money.common import form_page, today_of, words_and_business
from daybook.web.money.forms import InvoiceForm, ManyInvoicesForm, PeriodInvoiceForm
from daybook.web.money.lines import TypedLine, blank_lines, put_problems, typed_lines
from daybook.web.money.views.invoices import due_date
from daybook.workflows.create_invoice import Period, change_invoice, create_invoice, create_invoices

SHOWN_SESSIONS = 60


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_ACCOUNTING)
def add(request: HttpRequest) -> HttpResponse:
    """From the saved or planned sessions of a period; what will be billed is shown as the period changes."""
    today = today_of(request)
    first, last = _last_month(today)
    start = {
        "client": request.GET.get("client", ""),
        "issued_on": today,
        "due_on": due_date(today),
        "date_from": first,
        "date_to": last,
        "basis": "completed",
    }
    form = PeriodInvoiceForm(request.POST or None, initial=start, **words_and_business(request))

    def save() -> HttpResponse:
        data = form.cleaned_data
        made = create_invoice(
            actor=request.actor, now=timezone.now(), client_id=UUID(data["client"]),
            period=Period(data["date_from"], data["date_to"], data["basis"]),
            issued_on=data["issued_on"], due_on=data["due_on"], note=data["note"],
        )  # fmt: skip
        return _written(request, made)

    return form_page(
        request,
        form,
        "web/money/invoice_form.html",
        save,
        _taken(form.data if form.is_bound else start) | {"kind": "period"},
    )


def _written(request: HttpRequest, made: Invoice) -> HttpResponse:
    said = _("%(number)s is written, as a draft.") % {"number": made.number}
    return go(request, "web:invoice", made.pk, said=said)


def _last_month(today: date) -> tuple[date, date]:
    """The month past, which most invoices are for; from its 25th day on, the one that ends."""
    return month_span(today if today.day >= 25 else today.replace(day=1) - timedelta(days=1))


@require_POST
@team_page(MANAGE_ACCOUNTING)
def preview(request: HttpRequest) -> HttpResponse:
    """The sessions that an invoice of the form as it stands would bill."""
    return render_part(request, "web/money/_invoice_sessions.html", _taken(request.POST))


def _taken(data: Any) -> dict[str, Any]:
    period = _period(data)
    client = parse_id(data.get("client"))
    if period is None or client is None:
        return {"sessions": None}
    found = billable(client_ids=[client], date_from=period.date_from, date_to=period.date_to, basis=period.basis)
    return {"sessions": found[:SHOWN_SESSIONS], "more": max(0, len(found) - SHOWN_SESSIONS), **_sums(found)}


def _sums(found: Sequence[Billable]) -> dict[str, Any]:
    net, tax = sum(each.line.amount_minor for each in found), sum(each.line.tax_minor for each in found)
    return {"net": net, "tax": tax, "total": net + tax, "count": len(found)}


def _period(data: Any) -> Period | None:
    """The period of a form, or None while it makes no sense."""
    basis = "scheduled" if data.get("basis") == "scheduled" else "completed"
    try:
        first, last = (date.fromisoformat(str(data.get(name, ""))) for name in ("date_from", "date_to"))
        check_period(first, last)
    except (ValueError, InvalidInput):
        return None
    return Period(first, last, basis)  # type: ignore[arg-type]


# ── free lines ──


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_ACCOUNTING)
def add_lines(request: HttpRequest) -> HttpResponse:
    """From lines that somebody writes."""
    today = today_of(request)
    start = {"client": request.GET.get("client", ""), "issued_on": today, "due_on": due_date(today)}
    return _lines_page(request, start, None)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_ACCOUNTING)
def edit(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Change a draft: its lines, due date, note."""
    found = access_invoice(request.actor, invoice_id)
    start = {"client": str(found.client_id), "issued_on": found.issued_on, "due_on": found.due_on, "note": found.note}
    return _lines_page(request, start, found)


def _lines_page(request: HttpRequest, start: dict[str, Any], found: Invoice | None) -> HttpResponse:
    form = InvoiceForm(request.POST or None, initial=start, **words_and_business(request))
    if found is not None:
        del form.fields["client"], form.fields["issued_on"]
    rows = typed_lines(request) if request.method == "POST" else _kept_lines(request, found) if found else []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and not any(row.errors for row in rows):
            try:
                return once(request, lambda: _save_lines(request, form.cleaned_data, rows, found))
            except InvalidInput as error:
                rest = put_problems(rows, error.errors)
                if rest:
                    form.refuse(InvalidInput(rest))
            except DomainError as error:
                form.refuse(error)
    context = {
        "form": form,
        "kind": "lines",
        "rows": rows + blank_lines(1 if found else 3),
        "invoice": found,
        **_added(rows),
    }
    return render_page(request, "web/money/invoice_form.html", context, status=status)


def _save_lines(
    request: HttpRequest, data: dict[str, Any], rows: list[TypedLine], found: Invoice | None
) -> HttpResponse:
    lines = [row.line for row in rows if row.line]
    if found is not None:
        changed = change_invoice(
            actor=request.actor,
            now=timezone.now(),
            invoice_id=found.pk,
            due_on=data["due_on"],
            note=data["note"],
            lines=lines,
        )
        return go(request, "web:invoice", changed.pk, said=_("%(number)s is changed.") % {"number": changed.number})
    made = create_invoice(
        actor=request.actor, now=timezone.now(), client_id=UUID(data["client"]), lines=lines,
        issued_on=data["issued_on"], due_on=data["due_on"], note=data["note"],
    )  # fmt: skip
    return _written(request, made)


def _kept_lines(request: HttpRequest, found: Invoice) -> list[TypedLine]:
    business = request.business
    rows = []
    for line in lines_of(found.pk):
        values = {
            "description": line.description,
            "quantity": format.number(line.quantity.normalize(), business.locale),
            "unit_amount": format.money_input(line.unit_minor, business.currency, business.locale),
            "tax_rate": format.number(line.tax_rate.normalize(), business.locale) if line.tax_rate else "",
        }
        rows.append(TypedLine(values, session=line.participant.session_id if line.participant else None))
    return rows


@require_POST
@team_page(MANAGE_ACCOUNTING)
def preview_lines(request: HttpRequest) -> HttpResponse:
    """What the lines come to as they stand."""
    return render_part(request, "web/money/_line_sums.html", _added(typed_lines(request)))


def _added(rows: list[TypedLine]) -> dict[str, Any]:
    lines = [row.result for row in rows if row.result]
    net, tax = sum(line.amount_minor for line in lines), sum(line.tax_minor for line in lines)
    return {"net": net, "tax": tax, "total": net + tax}


# ── many ──


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_ACCOUNTING)
def add_many(request: HttpRequest) -> HttpResponse:
    """An invoice for each client with sessions to bill: who and how much is shown first, and can be unticked."""
    today = today_of(request)
    first, last = _last_month(today)
    start = {"date_from": first, "date_to": last, "basis": "completed", "due_on": due_date(today)}
    form = ManyInvoicesForm(request.POST or None, initial=start, **words_and_business(request))

    def save() -> HttpResponse:
        data = form.cleaned_data
        done = create_invoices(
            actor=request.actor, now=timezone.now(), period=Period(data["date_from"], data["date_to"], data["basis"]),
            client_ids=[key for text in request.POST.getlist("client") if (key := parse_id(text))], due_on=data["due_on"],
        )  # fmt: skip
        refused = [sentence(result, business_words()) for _client, result in done if isinstance(result, DomainError)]
        made = len(done) - len(refused)
        said = " ".join([_("%(count)d drafts are written.") % {"count": made}, *refused[:3]])
        return go_to(request, reverse("web:invoices") + "?status=draft", said=said)

    return form_page(
        request, form, "web/money/invoices_many.html", save, _waiting(form.data if form.is_bound else start)
    )


@require_POST
@team_page(MANAGE_ACCOUNTING)
def preview_many(request: HttpRequest) -> HttpResponse:
    """Who would get an invoice of the form as it stands, over how much."""
    return render_part(request, "web/money/_invoices_waiting.html", _waiting(request.POST))


def _waiting(data: Any) -> dict[str, Any]:
    period = _period(data)
    if period is None:
        return {"waiting": []}
    found = billable(date_from=period.date_from, date_to=period.date_to, basis=period.basis)
    by_client = {key: _sums(list(group)) for key, group in groupby(found, key=lambda each: each.client_id)}
    people = User.objects.in_bulk(list(by_client))
    rows = [{"client": people[key], **sums} for key, sums in by_client.items() if key in people]
    rows.sort(key=lambda row: (row["client"].last_name.casefold(), row["client"].first_name.casefold()))
    return {"waiting": rows, "total": sum(row["total"] for row in rows), "sessions": len(found)}
