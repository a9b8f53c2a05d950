"""A client's statement of account."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from daybook.billing.documents import statement_pdf
from daybook.billing.documents.statement import kind_of
from daybook.ledger.permissions import access_payer
from daybook.ledger.queries import balance_of, statement
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.ui import format
from daybook.web.doors import render_page, team_page
from daybook.web.money.common import day_in, older_than, today_of

LONGEST_PDF = 1000


@require_safe
@team_page(MANAGE_ACCOUNTING)
def page(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """The last fifty lines with the balance after each; older ones page by page, or between two dates."""
    owner = access_payer(request.actor, client_id)
    first, last = day_in(request, "from"), day_in(request, "to")
    found = statement(owner.pk, date_from=first, date_to=last, before=older_than(request))
    lines = [(line, _(kind_of(line))) for line in reversed(found.lines)]
    context = {
        "owner": owner,
        "found": found,
        "lines": lines,
        "first": first,
        "last": last,
        "figures": balance_of(owner.pk),
    }
    return render_page(request, "web/money/statement.html", context)


@require_safe
@team_page(MANAGE_ACCOUNTING)
def document(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """The PDF: all lines between the dates, or the last thousand."""
    owner = access_payer(request.actor, client_id)
    first, last = day_in(request, "from"), day_in(request, "to")
    found = statement(owner.pk, date_from=first, date_to=last, limit=LONGEST_PDF)
    locale = request.business.locale
    dates = " – ".join(format.day(day, locale) if day else "…" for day in (first, last)) if first or last else ""
    content = statement_pdf(owner, found, today=today_of(request), title_dates=dates)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="statement.pdf"'
    return response
