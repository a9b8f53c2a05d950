"""What the business asks of those who sign in."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daybook.people.services import require_second_factor
from daybook.web.doors import go, team_page


@require_POST
@team_page("manage_settings")
def policy(request: HttpRequest) -> HttpResponse:
    """Whether administrators must sign in in two steps."""
    asked = bool(request.POST.get("administrators"))
    require_second_factor(actor=request.actor, of_administrators=asked)
    said = _("Administrators sign in in two steps now.") if asked else _("Two steps are everybody's own choice now.")
    return go(request, "web:business", said=said)
