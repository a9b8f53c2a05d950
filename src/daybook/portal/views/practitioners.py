"""Who teaches or treats the client, and how to reach them (requirements 1.8)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daybook.people.queries import assigned_practitioners
from daybook.portal.doors import own_page, render, the_subject


@require_safe
@own_page
def listing(request: HttpRequest) -> HttpResponse:
    subject = the_subject(request)
    people = list(assigned_practitioners(subject.id).filter(status="active"))
    return render(request, "portal/practitioners.html", {"people": people})
