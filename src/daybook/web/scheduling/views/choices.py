"""What comboboxes search."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from daybook.people.models import User
from daybook.people.permissions import MANAGE_CLIENTS, may_see_contact, may_see_contacts, visible_people
from daybook.people.queries import by_name, having_in_name, matching
from daybook.scheduling.models import Participant
from daybook.scheduling.permissions import visible_sessions
from daybook.tenancy.actor import Actor
from daybook.web.doors import team_page

MOST = 20


@require_safe
@team_page("manage_schedule", practitioner="add_sessions")
def clients(request: HttpRequest) -> HttpResponse:
    """Active clients by part of a name, e-mail or phone: `{"items": [{value, label, sub}]}`."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = _offered(request.actor).filter(status="active")
    if text:
        by_all = may_see_contacts(request.actor, "client")
        found = matching(found, text, roles=["client"]) if by_all else having_in_name(found, text)
    items = [
        {
            "value": str(person.pk),
            "label": person.name,
            "sub": (person.email or person.phone) if may_see_contact(request.actor, person) else "",
        }
        for person in by_name(found)[:MOST]
    ]
    return JsonResponse({"items": items})


def _offered(actor: Actor) -> QuerySet[User]:
    """Who may be chosen: those the actor may know of; without their list, those whose names its sessions show anyway."""
    if not actor.is_team or actor.may(MANAGE_CLIENTS):
        return visible_people(actor, "client")
    met = Participant.objects.filter(session__in=visible_sessions(actor)).values("client_id")
    return User.objects.filter(role="client", pk__in=met)
