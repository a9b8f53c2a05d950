"""Communications: what was sent, what waits, what failed."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from daybook.messaging.models import Message
from daybook.messaging.permissions import access_message, visible_messages
from daybook.messaging.services import can_send, resend_message
from daybook.people.permissions import MANAGE_COMMUNICATIONS
from daybook.ui.listing import Column, Listing
from daybook.web.doors import go, render_page, team_page

COLUMNS = [
    Column("created_at", gettext_lazy("Written"), order=("created_at", "id"), fixed=True),
    Column("to", gettext_lazy("To"), order=("to_address", "id"), fixed=True),
    Column("subject", gettext_lazy("Subject"), fixed=True),
    Column("status", gettext_lazy("Status"), order=("status", "id")),
]


@require_safe
@team_page(MANAGE_COMMUNICATIONS)
def messages(request: HttpRequest) -> HttpResponse:
    """The outbox, the newest first."""
    listing = Listing.read(request, "outbox", COLUMNS, default="-created_at")
    rows = visible_messages(request.actor)
    if request.GET.get("status") in Message.Status.values:
        rows = rows.filter(status=request.GET["status"])
    if listing.q:
        rows = rows.filter(Q(subject__icontains=listing.q) | Q(to_address__icontains=listing.q))
    page = listing.page_of(rows.order_by(*listing.ordering), total=rows.count())
    statuses = [("", _("All")), ("waiting", _("Waiting")), ("sent", _("Sent")), ("failed", _("Failed"))]
    context = {"listing": listing, "page": page, "statuses": statuses, "can_send": can_send()}
    return render_page(request, "web/money/outbox.html", context)


@require_safe
@team_page(MANAGE_COMMUNICATIONS)
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One message as it reads."""
    found = access_message(request.actor, message_id)
    return render_page(request, "web/money/message.html", {"message": found, "can_send": can_send()})


@require_safe
@team_page(MANAGE_COMMUNICATIONS)
def attachment(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The PDF that goes along."""
    found = access_message(request.actor, message_id)
    response = HttpResponse(bytes(found.attachment or b""), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="attachment.pdf"'
    return response


@require_POST
@team_page(MANAGE_COMMUNICATIONS)
def resend(request: HttpRequest, message_id: UUID) -> HttpResponse:
    done = resend_message(actor=request.actor, message_id=message_id)
    said = _("On its way to %(address)s.") if can_send() else _("It waits in the outbox until a mail server is set up.")
    return go(request, "web:message", message_id, said=said % {"address": done.to_address})
