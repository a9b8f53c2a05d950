"""Settings: the way to each of its pages."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daybook.tenancy.queries import business_words
from daybook.web.doors import render_page, team_page
from daybook.web.settings.places import shown_places


@require_safe
@team_page("manage_settings")
def settings(request: HttpRequest) -> HttpResponse:
    return render_page(request, "web/settings/hub.html", {"groups": shown_places(request, business_words())})
