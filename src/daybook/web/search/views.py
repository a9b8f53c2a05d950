"""Search everything, for the palette (JSON) and as a page; and people to choose from, for comboboxes."""

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from daybook.people.permissions import MANAGE_ACCOUNTING, known_people, may_see_contacts, visible_people
from daybook.people.queries import having_in_name, search_people
from daybook.tenancy.actor import ROLES
from daybook.web.doors import render_page, team_page
from daybook.web.search.finding import find

MOST_CHOICES = 20
KEPT_BOOKS_OF = ("client", "agent", "practitioner")


@require_safe
@team_page(practitioner=True)
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")
    items = [item for item in find(request, text, now=timezone.now()) if item["url"]]
    if "text/html" not in request.headers.get("Accept", ""):
        return JsonResponse({"items": items}, headers={"Cache-Control": "no-store"})
    return render_page(request, "web/search/results.html", {"q": text.strip(), "items": items})


@require_safe
@team_page(practitioner=True)
def people(request: HttpRequest) -> HttpResponse:
    """`?role=client&q=…&status=active`: people that the actor may see, or keeps the books of, by name, for a combobox."""
    role = request.GET.get("role", "client")
    if role not in ROLES:
        return JsonResponse({"items": []})
    rows = (
        known_people(request.actor, MANAGE_ACCOUNTING, role)
        if role in KEPT_BOOKS_OF
        else visible_people(request.actor, role)
    )
    rows = rows.order_by(Lower("last_name"), Lower("first_name"), "id")
    if request.GET.get("status") in ("active", "inactive", "prospect"):
        rows = rows.filter(status=request.GET["status"])
    text = request.GET.get("q", "").replace("\x00", "")[:100]
    if may_see_contacts(request.actor, role):
        found = list(search_people(rows, text, roles=[role], limit=MOST_CHOICES).rows)
    else:
        found = list(having_in_name(rows, text)[:MOST_CHOICES])
    items = [
        {"value": str(user.pk), "label": user.name, "sub": "" if user.status == "active" else user.get_status_display()}
        for user in found
    ]
    return JsonResponse({"items": items}, headers={"Cache-Control": "no-store"})
