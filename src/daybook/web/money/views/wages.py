"""Accounting > Wages: earned, paid and owed, by practitioner."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybook.core.periods import month_span
from daybook.insights.wages import wages_by_practitioner
from daybook.ledger.models import Account
from daybook.ledger.queries import statement
from daybook.people.permissions import MANAGE_ACCOUNTING, access_user
from daybook.ui import format
from daybook.web.doors import go, render_page, team_page
from daybook.web.exports import table_file
from daybook.web.money.common import amount, day_in, form_page, older_than, today_of, words_and_business
from daybook.web.money.forms import WagePaymentForm
from daybook.workflows.pay_wages import pay_wages, take_back_wage_payment


@require_safe
@team_page(MANAGE_ACCOUNTING)
def wages(request: HttpRequest) -> HttpResponse:
    """A period's wages; this month unless the address says otherwise."""
    usual = month_span(today_of(request))
    first, last = day_in(request, "from") or usual[0], day_in(request, "to") or usual[1]
    last = max(first, last)
    rows = wages_by_practitioner(first, last)
    if request.GET.get("format") in ("csv", "xlsx"):
        head = [_("Name"), _("Sessions"), _("Earned"), _("Paid out"), _("Owed now")]
        cells = (
            [row.name, row.sessions, *(amount(request, each) for each in (row.earned, row.paid, row.owed))]
            for row in rows
        )
        return table_file(request, "wages", head, cells)
    sums = {name: sum(getattr(row, name) for row in rows) for name in ("earned", "paid", "owed", "sessions")}
    return render_page(request, "web/money/wages.html", {"rows": rows, "sums": sums, "first": first, "last": last})


@require_safe
@team_page(MANAGE_ACCOUNTING)
def detail(request: HttpRequest, practitioner_id: UUID) -> HttpResponse:
    """The last fifty lines of one practitioner's account; older ones page by page, or between two dates."""
    owner = access_user(request.actor, practitioner_id, role="practitioner", through=MANAGE_ACCOUNTING)
    first, last = day_in(request, "from"), day_in(request, "to")
    found = statement(
        owner.pk,
        kind=Account.Kind.WAGES_PAYABLE,
        date_from=first,
        date_to=last,
        before=older_than(request),
    )
    taken_back = {line.source_id for line in found.lines if line.is_reversal}
    lines = [(line, line.kind == "wage_payment" and line.source_id not in taken_back) for line in reversed(found.lines)]
    context = {"owner": owner, "found": found, "lines": lines, "first": first, "last": last}
    return render_page(request, "web/money/wage_lines.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_ACCOUNTING)
def pay(request: HttpRequest, practitioner_id: UUID) -> HttpResponse:
    """Record that wages were paid out."""
    owner = access_user(request.actor, practitioner_id, role="practitioner", through=MANAGE_ACCOUNTING)
    owed = max(0, statement(owner.pk, kind=Account.Kind.WAGES_PAYABLE, limit=1).closing_minor)
    form = WagePaymentForm(
        request.POST or None,
        initial={"amount": owed or None, "paid_on": today_of(request)},
        **words_and_business(request),
    )

    def save() -> HttpResponse:
        data = form.cleaned_data
        entry = pay_wages(
            actor=request.actor, now=timezone.now(), practitioner_id=practitioner_id, amount_minor=data["amount"],
            method=data["method"], paid_on=data["paid_on"], note=data["note"],
        )  # fmt: skip
        paid = format.money(data["amount"], request.business.currency, request.business.locale)
        return go(
            request,
            "web:wages",
            said=_("%(amount)s to %(name)s recorded.") % {"amount": paid, "name": owner.name},
            undo=reverse("web:wage_take_back", args=[owner.pk, entry.pk]),
        )

    return form_page(request, form, "web/money/wage_form.html", save, {"owner": owner, "owed": owed})


@require_POST
@team_page(MANAGE_ACCOUNTING)
def take_back(request: HttpRequest, practitioner_id: UUID, entry_id: UUID) -> HttpResponse:
    """What was marked paid by mistake is owed again."""
    take_back_wage_payment(actor=request.actor, now=timezone.now(), practitioner_id=practitioner_id, entry_id=entry_id)
    return go(request, "web:wage_lines", practitioner_id, said=_("Taken back: it is owed again."))
