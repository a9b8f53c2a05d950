"""What comboboxes search."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from daybook.people.permissions import may_see_contact, visible_people
from daybook.people.queries import by_name, matching
from daybook.web.doors import team_page

MOST = 20


@require_safe
@team_page("manage_schedule", practitioner="add_sessions")
def clients(request: HttpRequest) -> HttpResponse:
    """Active clients by part of a name, e-mail or phone: `{"items": [{value, label, sub}]}`."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = visible_people(request.actor, "client").filter(status="active")
    if text:
        found = matching(found, text, roles=["client"])
    items = [
        {
            "value": str(person.pk),
            "label": person.name,
            "sub": (person.email or person.phone) if may_see_contact(request.actor, person) else "",
        }
        for person in by_name(found)[:MOST]
    ]
    return JsonResponse({"items": items})
