"""Communications > Deleted sessions: the bin."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daybook.core.ids import parse_id
from daybook.scheduling.permissions import require_bin
from daybook.scheduling.queries import Filters, count_sessions, session_page
from daybook.ui.listing import Column, Listing, Page
from daybook.web.doors import render_page, team_page
from daybook.web.scheduling.views.sessions import columns_for, told
from daybook.workflows.bulk_sessions import bulk_sessions


@require_safe
@team_page("manage_schedule", practitioner=True)
def page(request: HttpRequest) -> HttpResponse:
    """Deleted sessions, the last deleted first; of a practitioner its own."""
    require_bin(request.actor)
    wanted = ("when", "clients", "service", "practitioner")
    columns = [column for column in columns_for(request) if column.name in wanted]
    columns.append(Column("deleted", _("Deleted"), order=("deleted",)))
    state = Listing.read(request, "deleted_sessions", columns, default="-deleted")
    filters = Filters(deleted=True, text=state.q)
    rows = session_page(
        request.actor,
        filters,
        sort=state.sort,
        descending=state.descending,
        limit=state.size + 1,
        offset=(state.number - 1) * state.size,
    )
    total = count_sessions(request.actor, filters)
    found = Page(rows[: state.size], state.number, state.size, total, len(rows) > state.size)
    outbox_url = (
        reverse("web:communications") if request.actor.is_team and request.actor.may("manage_communications") else ""
    )
    return render_page(
        request, "web/scheduling/deleted.html", {"listing": state, "page": found, "outbox_url": outbox_url}
    )


@require_POST
@team_page("manage_schedule", practitioner="edit_sessions")
def recover(request: HttpRequest) -> HttpResponse:
    """Take the ticked ones out of the bin, each by itself."""
    ids = [found for text in request.POST.getlist("id") if (found := parse_id(text))]
    return told(request, bulk_sessions(actor=request.actor, now=timezone.now(), ids=ids, action="recover"), "recover")
