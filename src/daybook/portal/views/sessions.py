"""Own sessions: those to come, those that were, and one of them."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from daybook.core.errors import NotFound
from daybook.core.reasons import reasons_from_json
from daybook.people.permissions import SEE_HISTORY
from daybook.portal.doors import own_page, render, the_subject
from daybook.portal.rows import own_sessions
from daybook.scheduling.queries.rows import Filters, session_detail, session_page
from daybook.tenancy.actor import Actor

PAGE = 50
MOST_PAGES = 1000


def sees_past(actor: Actor) -> bool:
    """Agents audit their clients' sessions; a client needs the permission."""
    return actor.role == "agent" or actor.may(SEE_HISTORY)


@require_safe
@own_page
def listing(request: HttpRequest) -> HttpResponse:
    """`?past=1` turns round; `?page=2` goes on."""
    subject, now = the_subject(request), timezone.now()
    may_look_back = sees_past(request.actor)
    past = may_look_back and request.GET.get("past") == "1"
    page = _page_number(request.GET.get("page", "1"))
    edge = now - timedelta(hours=1)
    filters = Filters(ends=edge, client_id=subject.id) if past else Filters(starts=edge, client_id=subject.id)
    rows = session_page(request.actor, filters, descending=past, limit=PAGE + 1, offset=(page - 1) * PAGE)
    context = {
        "sessions": own_sessions(rows[:PAGE], subject.id, business=request.business, now=now),
        "past": past,
        "may_look_back": may_look_back,
        "page": page,
        "has_more": len(rows) > PAGE,
    }
    return render(request, "portal/sessions.html", context)


def _page_number(text: str) -> int:
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


@require_safe
@own_page
def detail(request: HttpRequest, session_id: UUID) -> HttpResponse:
    subject = the_subject(request)
    row = session_detail(request.actor, session_id)
    own = own_sessions([row], subject.id, business=request.business, now=timezone.now())
    if not own or (own[0].is_past and not sees_past(request.actor)):
        raise NotFound(what="session")
    return render(
        request, "portal/session.html", {"own": own[0], "row": row, "reasons": reasons_from_json(own[0].place.reasons)}
    )
