"""The first page: the next session, what is owed, what is coming."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from daybook.billing.queries import unpaid_invoices, with_shown_state
from daybook.core import format
from daybook.core.periods import local_date
from daybook.ledger.queries import balance_of, balances_of
from daybook.portal.doors import Subject, own_page, render
from daybook.portal.rows import own_sessions
from daybook.scheduling.queries.calendar import closures_between
from daybook.scheduling.queries.rows import Filters, session_page

CLOSURE_DAYS = 45
COMING = 4
MOST_UNPAID = 3


@require_safe
@own_page
def home(request: HttpRequest) -> HttpResponse:
    """A client's own page; an agent's list of clients, or one of them."""
    subject: Subject | None = getattr(request, "subject", None)
    if subject is None or (not subject.is_self and "client" not in request.GET):
        return _clients(request)
    now = timezone.now()
    today = local_date(now, request.business.time_zone)
    coming = session_page(
        request.actor, Filters(starts=now - timedelta(hours=1), client_id=subject.id, status="open"), limit=COMING + 1
    )
    own = own_sessions((row for row in coming if row.ends_at > now), subject.id, business=request.business, now=now)
    context: dict[str, Any] = {
        "next": own[0] if own else None,
        "coming": own[1 : COMING + 1],
        "closures": _closures(today, request.business.locale),
    }
    if subject.sees_costs:
        balance = balance_of(subject.id)
        unpaid = with_shown_state(unpaid_invoices(subject.id), today)[:MOST_UNPAID]
        context |= {"balance": balance, "owed": max(-balance.balance, 0), "unpaid": list(unpaid)}
    return render(request, "portal/home.html", context)


def _closures(today: date, locale: str) -> list[dict[str, str]]:
    """Days off that are coming, each with its days in words."""
    shown = []
    for closure in closures_between(today, today + timedelta(days=CLOSURE_DAYS)):
        first, last = (date.fromisoformat(str(closure[edge])) for edge in ("starts_on", "ends_on"))
        days = (
            format.weekday(first, locale)
            if first == last
            else f"{format.weekday(first, locale)} – {format.weekday(last, locale)}"
        )
        shown.append({"name": str(closure["name"]), "days": days})
    return shown


def _clients(request: HttpRequest) -> HttpResponse:
    subject: Subject | None = getattr(request, "subject", None)
    clients = subject.choices if subject else ()
    balances = balances_of([client.pk for client in clients]) if subject and subject.sees_costs else {}
    rows = [{"client": client, "balance": balances.get(client.pk)} for client in clients]
    owed = sum(-balance.balance for balance in balances.values() if balance.balance < 0)
    return render(
        request,
        "portal/clients.html",
        {"rows": rows, "owed": owed, "sees_costs": subject is None or subject.sees_costs},
    )
