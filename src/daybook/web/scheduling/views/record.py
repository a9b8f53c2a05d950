"""One session: its page, its popup, and why it costs what it costs."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from daybook.billing.queries import billed_otherwise
from daybook.core.errors import NotFound
from daybook.core.ids import parse_id
from daybook.core.reasons import reasons_from_json
from daybook.scheduling.permissions import Sight
from daybook.scheduling.queries import SessionRow, session_detail
from daybook.scheduling.queries.completions import completion_types
from daybook.scheduling.rules import session_minutes
from daybook.tenancy.actor import Actor
from daybook.tenancy.queries import business_words
from daybook.web.doors import render_page, team_page
from daybook.web.history import history


@require_safe
@team_page("manage_schedule", practitioner=True)
def page(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """A session with its participants, prices, notes; `?tab=history` for what happened to it."""
    row = session_detail(request.actor, session_id)
    tab = "history" if request.GET.get("tab") == "history" else "overview"
    context = _context(request, row) | {"tab": tab}
    if tab == "history":
        unseen = _unseen(request.actor, row)
        context["entries"] = history(session_id, business=request.business, words=business_words(), without=unseen)
    return render_page(request, "web/scheduling/session.html", context)


def _unseen(actor: Actor, row: SessionRow) -> set[str]:
    """What of a session's history this reader may not see, as on the session's page."""
    sight = Sight(actor)
    unseen = set() if sight.costs else {"cost_minor", "scheduled_minor", "tax_minor"}
    return unseen if sight.wage(row.practitioner_id) else unseen | {"wage_minor"}


@require_safe
@team_page("manage_schedule", practitioner=True)
def popup(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What the desk needs on a click: who, where, and COMPLETE in reach."""
    row = session_detail(request.actor, session_id)
    return render_page(request, "web/scheduling/popup.html", _context(request, row))


@require_safe
@team_page("manage_schedule", practitioner=True)
def explain(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Why: of the participant that `client` names, of the wage of an assistant that `practitioner` names, or of the wage."""
    row = session_detail(request.actor, session_id)
    client_id, practitioner_id = (parse_id(request.GET.get(name)) for name in ("client", "practitioner"))
    if client_id:
        found = next((place.reasons for place in row.participants if place.client_id == client_id), None)
    elif practitioner_id:
        found = next((each.wage_reasons for each in row.practitioners if each.id == practitioner_id), None)
    else:
        found = row.wage_reasons
    if found is None:
        raise NotFound(what="explanation")
    return render_page(request, "web/scheduling/reasons.html", {"reasons": reasons_from_json(found)})


def _context(request: HttpRequest, row: SessionRow) -> dict[str, Any]:
    may = abilities(request.actor, row)
    types = completion_types(enabled_only=True) if may["complete"] else []
    begun = row.starts_at <= timezone.now()
    return {
        "row": row,
        "may": may,
        "types": types if begun else [kind for kind in types if kind.status == "canceled"],
        "minutes": session_minutes(row.starts_at, row.ends_at),
        "is_unsaved": row.status == "open" and row.ends_at <= timezone.now(),
        "sees_costs": Sight(request.actor).costs,
        "billed_otherwise": billed_otherwise(session_id=row.id) if request.actor.is_team else [],
        "earning": [each for each in row.practitioners if each.shows_wage],
    }


def abilities(actor: Actor, row: SessionRow) -> dict[str, bool]:
    """What the page offers; the verbs decide."""
    own = actor.is_team or (
        actor.role == "practitioner" and any(each.id == actor.user_id for each in row.practitioners)
    )
    edit = own and (actor.is_team or actor.may("edit_sessions"))
    complete = own and (actor.is_team or actor.may("complete_sessions"))
    is_open = row.status == "open"
    return {
        "edit": edit,
        "complete": complete and is_open,
        "reopen": complete and not is_open,
        "delete": edit and row.status in ("open", "canceled"),
        "add": actor.is_team or actor.may("add_sessions"),
    }
