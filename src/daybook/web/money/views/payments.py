"""Accounting > Payments: one, many at once, refunds, receipts."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybook.billing.queries import unpaid_invoices
from daybook.billing.rules import spread
from daybook.core.errors import InvalidInput
from daybook.core.ids import parse_id
from daybook.core.money import text_to_minor
from daybook.core.periods import month_span
from daybook.core.texts import normalise
from daybook.ledger.queries import balance_of
from daybook.payments.documents import METHODS, receipt_number, receipt_pdf
from daybook.payments.permissions import access_payment, visible_payments
from daybook.payments.rules import NewPayment
from daybook.people.models import User
from daybook.people.permissions import MANAGE_ACCOUNTING, known_people, may_see_contact
from daybook.tenancy.queries import business_words
from daybook.ui import format
from daybook.ui.listing import Column, Listing
from daybook.ui.sentences import field_sentence
from daybook.ui.sentences.amounts import amount_problem
from daybook.web.doors import go, go_to, once, render_page, render_part, safe_next, team_page
from daybook.web.exports import table_file
from daybook.web.history import history
from daybook.web.money.common import amount, day_in, form_page, person_filter, searched, today_of, words_and_business
from daybook.web.money.forms import PaymentForm, RefundForm
from daybook.workflows.delete_payment import delete_payment, recover_payment
from daybook.workflows.refund_payment import refund_payment
from daybook.workflows.send_receipt import send_receipt
from daybook.workflows.take_payment import take_payment, take_payments

COLUMNS = [
    Column("received_on", gettext_lazy("Received"), order=("received_on", "id"), fixed=True),
    Column("client", gettext_lazy("From"), order=("client__last_name", "client__first_name", "id"), fixed=True),
    Column("method", gettext_lazy("Method"), order=("method", "id")),
    Column("reference", gettext_lazy("Reference")),
    Column("receipt", gettext_lazy("Receipt"), order=("receipt_number",), hidden=True),
    Column("left", gettext_lazy("Credit left"), order=("left", "id"), numeric=True),
    Column("amount", gettext_lazy("Amount"), order=("amount_minor", "id"), numeric=True, fixed=True),
]
NARROWING = ("q", "client", "from", "to", "shown")
EXPORTED = ("received_on", "method", "reference", "receipt_number", "amount_minor", "refunded_minor", "client__first_name", "client__last_name")  # fmt: skip
GRID_ROWS = 8
GRID_FIELDS = ("client", "amount", "method", "received_on", "reference")
GRID_LENGTHS = {"client": 200, "amount": 30, "reference": 120}


def _rows(request: HttpRequest, listing: Listing) -> Any:
    is_bin = request.GET.get("shown") == "deleted"
    rows = visible_payments(request.actor, deleted=is_bin).select_related("client")
    if is_bin:
        rows = rows.exclude(deleted_at=None)
    rows = rows.annotate(
        left=F("amount_minor") - F("refunded_minor") - F("allocated_minor"),
        status=Case(
            When(deleted_at__isnull=False, then=Value("deleted")),
            When(refunded_minor=F("amount_minor"), then=Value("refunded")),
            When(refunded_minor__gt=0, then=Value("partly_refunded")),
            default=Value("received"),
        ),
    )
    if request.GET.get("method") in METHODS:
        rows = rows.filter(method=request.GET["method"])
    if request.GET.get("shown") == "credit":
        rows = rows.filter(left__gt=0)
    if request.GET.get("shown") == "refunded":
        rows = rows.filter(refunded_minor__gt=0)
    if client := parse_id(request.GET.get("client")):
        rows = rows.filter(client_id=client)
    if first := day_in(request, "from"):
        rows = rows.filter(received_on__gte=first)
    if last := day_in(request, "to"):
        rows = rows.filter(received_on__lte=last)
    if listing.q:
        people = searched(User.objects.with_deleted(), listing.q).values("pk")
        rows = rows.filter(Q(client__in=people) | Q(reference__icontains=listing.q))
    return rows


@require_safe
@team_page(MANAGE_ACCOUNTING)
def payments(request: HttpRequest) -> HttpResponse:
    """Payments, the newest first, with what those that are narrowed to, or this month's, add up to."""
    listing = Listing.read(request, "payments", COLUMNS, default="-received_on")
    rows = _rows(request, listing)
    # All payments are never added up: that would cost more with every year. This month's are, where nothing narrows them.
    month = None if any(request.GET.get(name) for name in NARROWING) else month_span(today_of(request))
    counted = rows.filter(received_on__range=month) if month else rows
    added = counted.order_by().aggregate(
        count=Count("pk"),
        amount=Sum("amount_minor", default=0),
        refunded=Sum("refunded_minor", default=0),
        credit=Sum("left", default=0),
    )
    page = listing.page_of(rows.order_by(*listing.ordering), total=None if month else added["count"])
    context = {
        "listing": listing,
        "page": page,
        "sums": added,
        "month": format.month(month[0], request.business.locale) if month else "",
        "methods": [("", _("All")), *((code, _(word)) for code, word in METHODS.items())],
        "method_words": {code: _(word) for code, word in METHODS.items()},
        "shown": [
            ("", _("All")),
            ("credit", _("With credit left")),
            ("refunded", _("Refunded")),
            ("deleted", _("Deleted")),
        ],
        "of_client": person_filter(request, "client"),
        "first": day_in(request, "from"),
        "last": day_in(request, "to"),
    }
    return render_page(request, "web/money/payments.html", context)


@require_safe
@team_page(MANAGE_ACCOUNTING)
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, whole."""
    listing = Listing.read(request, "payments", COLUMNS, default="-received_on")
    rows = (
        [row.received_on, row.client.name, row.method, row.reference, receipt_number(row), amount(request, row.amount_minor), amount(request, row.refunded_minor), amount(request, row.left)]
        for row in _rows(request, listing).only(*EXPORTED).order_by(*listing.ordering).iterator()
    )  # fmt: skip
    head = [
        _("Received"),
        _("From"),
        _("Method"),
        _("Reference"),
        _("Receipt"),
        _("Amount"),
        _("Refunded"),
        _("Credit left"),
    ]
    return table_file(request, "payments", head, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_ACCOUNTING)
def add(request: HttpRequest) -> HttpResponse:
    """Record one payment; `?client=` and `?invoice=` fill it in."""
    start = {"client": request.GET.get("client", ""), "received_on": today_of(request), "method": "bank"}
    form = PaymentForm(request.POST or None, initial=start, **words_and_business(request))

    def save() -> HttpResponse:
        data = form.cleaned_data
        payment = take_payment(
            actor=request.actor, now=timezone.now(), client_id=UUID(data["client"]), amount_minor=data["amount"],
            method=data["method"], received_on=data["received_on"], reference=data["reference"], note=data["note"],
            invoice_id=data["invoice"],
        )  # fmt: skip
        said = _("%(amount)s recorded.") % {"amount": _money(request, payment.amount_minor)}
        return go_to(
            request,
            safe_next(request, reverse("web:payments")),
            said=said,
            undo=reverse("web:payment_delete", args=[payment.pk]),
        )

    context = _effect(request, form.data if form.is_bound else start) | {"invoice": request.GET.get("invoice", "")}
    return form_page(request, form, "web/money/payment_form.html", save, context)


def _money(request: HttpRequest, minor: int) -> str:
    return format.money(minor, request.business.currency, request.business.locale)


@require_POST
@team_page(MANAGE_ACCOUNTING)
def preview(request: HttpRequest) -> HttpResponse:
    """What follows from the form as it stands: the balance after it, and what it pays."""
    return render_part(request, "web/money/_payment_effect.html", _effect(request, request.POST))


def _effect(request: HttpRequest, data: Any) -> dict[str, Any]:
    """The payer's balance before and after, and its unpaid invoices with what each would get."""
    key = parse_id(data.get("client"))
    person = (
        known_people(request.actor, MANAGE_ACCOUNTING).filter(pk=key, role__in=("client", "agent")).first()
        if key
        else None
    )
    if person is None:
        return {"person": None}
    business = request.business
    try:
        minor = text_to_minor(
            format.parse_money(str(data.get("amount", "")), business.currency, business.locale), business.currency
        )
    except ValueError:
        minor = 0
    minor = max(minor, 0)
    chosen = parse_id(data.get("invoice"))
    unpaid = sorted(unpaid_invoices(person.pk)[:20], key=lambda invoice: invoice.pk != chosen)
    parts = dict(spread(minor, [(invoice.pk, invoice.total_minor - invoice.paid_minor) for invoice in unpaid]))
    before = balance_of(person.pk).balance
    rows = [
        {"invoice": each, "due": each.total_minor - each.paid_minor, "part": parts.get(each.pk, 0)} for each in unpaid
    ]
    return {
        "person": person, "before": before, "after": before + minor, "minor": minor, "chosen": chosen,
        "unpaid": sorted(rows, key=lambda row: (row["invoice"].due_on, row["invoice"].sequence)), "rest": minor - sum(parts.values()),
    }  # fmt: skip


@require_safe
@team_page(MANAGE_ACCOUNTING)
def payer_choices(request: HttpRequest) -> HttpResponse:
    """Clients and agents for a combobox, by part of a name."""
    people = searched(
        known_people(request.actor, MANAGE_ACCOUNTING).filter(role__in=("client", "agent")),
        request.GET.get("q", "")[:200],
    )
    found = people.order_by("last_name", "first_name", "id")[:20]
    items = [
        {"value": str(each.pk), "label": each.name, "sub": each.email if may_see_contact(request.actor, each) else ""}
        for each in found
    ]
    return JsonResponse({"items": items})


# ── many ──


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_ACCOUNTING)
def add_many(request: HttpRequest) -> HttpResponse:
    """A grid: all rows or none. What is wrong is said in its cell."""
    rows: list[dict[str, Any]] = [_blank(request) for _number in range(GRID_ROWS)]
    status, refusal = 200, ""
    if request.method == "POST":
        rows, asked, problems = _typed(request)
        if not problems and asked:
            try:
                return once(request, lambda: _save_many(request, asked))
            except InvalidInput as error:
                problems = {
                    (int(each.field.split(".")[0]), each.field.split(".")[-1]): field_sentence(each, business_words())
                    for each in error.errors
                    if "." in each.field
                }
        status = 422
        refusal = _("Nothing was recorded. Look at the marked cells.") if problems else _("Fill in at least one row.")
        filled = [row for row in rows if row["values"]]
        for (index, name), text in problems.items():
            filled[index]["errors"][name] = text
        rows += [_blank(request) for _number in range(max(0, 3))]
    context = {"rows": rows, "methods": [(code, _(word)) for code, word in METHODS.items()], "refusal": refusal}
    return render_page(request, "web/money/payments_grid.html", context, status=status)


def _save_many(request: HttpRequest, asked: list[NewPayment]) -> HttpResponse:
    made = take_payments(actor=request.actor, now=timezone.now(), payments=asked)
    total = _money(request, sum(row.amount_minor for row in made))
    return go(
        request,
        "web:payments",
        said=_("%(count)d payments recorded, %(total)s in all.") % {"count": len(made), "total": total},
    )


def _blank(request: HttpRequest) -> dict[str, Any]:
    return {"values": None, "shown": {"method": "bank", "received_on": today_of(request).isoformat()}, "errors": {}}


def _typed(request: HttpRequest) -> tuple[list[dict[str, Any]], list[NewPayment], dict[tuple[int, str], str]]:
    """The filled rows as typed, the payments they mean, and what cannot be read by (row, field)."""
    columns = [request.POST.getlist(name)[:1000] for name in GRID_FIELDS]
    rows: list[dict[str, Any]] = []
    asked: list[NewPayment] = []
    problems: dict[tuple[int, str], str] = {}
    for cells in zip(*columns, strict=False):
        values = dict(zip(GRID_FIELDS, (cell.replace("\x00", "").strip() for cell in cells), strict=True))
        if not values["client"] and not values["amount"]:
            continue
        index = len(rows)
        rows.append({"values": values, "shown": values, "errors": {}})
        new, wrong = _read(request, values)
        problems |= {(index, name): text for name, text in wrong.items()}
        if new:
            asked.append(new)
    return rows, asked, problems


def _too_long(values: dict[str, str]) -> dict[str, str]:
    """A cell that was pasted too full is not cut: it says so and keeps what it holds."""
    said = _("%(length)d characters; at most %(longest)d fit.")
    return {
        name: said % {"length": len(values[name]), "longest": longest}
        for name, longest in GRID_LENGTHS.items()
        if len(values[name]) > longest
    }


def _read(request: HttpRequest, values: dict[str, str]) -> tuple[NewPayment | None, dict[str, str]]:
    business, wrong = request.business, _too_long(values)
    client, problem = _named(request, values["client"]) if "client" not in wrong else (None, "")
    if problem:
        wrong["client"] = problem
    try:
        minor = text_to_minor(
            format.parse_money(values["amount"], business.currency, business.locale), business.currency
        )
    except ValueError as error:
        minor = 0
        wrong.setdefault("amount", amount_problem(error, business.currency, business.locale))
    try:
        day = date.fromisoformat(values["received_on"])
    except ValueError:
        day, wrong["received_on"] = today_of(request), _("There is no such date.")
    if wrong or client is None:
        return None, wrong
    return NewPayment(client, minor, values["method"].casefold(), day, values["reference"]), {}


def _named(request: HttpRequest, text: str) -> tuple[UUID | None, str]:
    """The one payer that a name or an e-mail means."""
    people = known_people(request.actor, MANAGE_ACCOUNTING).filter(role__in=("client", "agent"))
    wanted = normalise(text)
    found = [
        each
        for each in searched(people, text)[:20]
        if wanted in (normalise(each.name), normalise(each.email), normalise(f"{each.last_name}, {each.first_name}"))
    ]
    if len(found) == 1:
        return found[0].pk, ""
    return None, _("Two people have this name. Write the e-mail address instead.") if found else _(
        "Nobody has this name."
    )


# ── one ──


@require_safe
@team_page(MANAGE_ACCOUNTING)
def payment(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """A payment: what it paid, what went back, its receipt, its history."""
    found = access_payment(request.actor, payment_id, deleted=True)
    context = {
        "payment": found,
        "number": receipt_number(found),
        "method": _(METHODS[found.method]),
        "allocations": found.allocations.select_related("invoice").order_by("id"),
        "refunds": found.refunds.order_by("id"),
        "left": found.amount_minor - found.refunded_minor - found.allocated_minor,
        "refundable": found.amount_minor - found.refunded_minor,
        "status": _status(found),
        "entries": history(found.pk, business=request.business, words=business_words()),
    }
    return render_page(request, "web/money/payment.html", context)


def _status(payment: Any) -> str:
    if payment.deleted_at:
        return "deleted"
    if payment.refunded_minor == payment.amount_minor:
        return "refunded"
    return "partly_refunded" if payment.refunded_minor else "received"


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_ACCOUNTING)
def refund(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Give money back, in part or whole."""
    found = access_payment(request.actor, payment_id)
    left = found.amount_minor - found.refunded_minor
    form = RefundForm(
        request.POST or None, initial={"amount": left, "refunded_on": today_of(request)}, **words_and_business(request)
    )

    def save() -> HttpResponse:
        data = form.cleaned_data
        done = refund_payment(
            actor=request.actor, now=timezone.now(), payment_id=payment_id, amount_minor=data["amount"],
            refunded_on=data["refunded_on"], note=data["note"],
        )  # fmt: skip
        return go(
            request,
            "web:payment",
            payment_id,
            said=_("%(amount)s given back.") % {"amount": _money(request, done.amount_minor)},
        )

    return form_page(request, form, "web/money/refund_form.html", save, {"payment": found, "left": left})


@require_POST
@team_page(MANAGE_ACCOUNTING)
def delete(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Into the bin, with Undo."""
    delete_payment(actor=request.actor, now=timezone.now(), payment_id=payment_id)
    return go(
        request,
        "web:payments",
        said=_("Deleted, and taken off the balance."),
        undo=reverse("web:payment_recover", args=[payment_id]),
    )


@require_POST
@team_page(MANAGE_ACCOUNTING)
def recover(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    recover_payment(actor=request.actor, now=timezone.now(), payment_id=payment_id)
    return go(request, "web:payment", payment_id, said=_("Recorded again."))


@require_safe
@team_page(MANAGE_ACCOUNTING)
def receipt(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """The receipt, to read, print or keep."""
    found = access_payment(request.actor, payment_id, deleted=True)
    response = HttpResponse(receipt_pdf(found, today=today_of(request)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{receipt_number(found)}.pdf"'
    return response


@require_POST
@team_page(MANAGE_ACCOUNTING)
def mail_receipt(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Put the receipt into the outbox."""
    message = send_receipt(actor=request.actor, now=timezone.now(), payment_id=payment_id)
    said = (
        _("The receipt is on its way to %(address)s.")
        if message.to_address
        else _("There is no e-mail address. The receipt waits in the outbox.")
    )
    return go(request, "web:payment", payment_id, said=said % {"address": message.to_address})
