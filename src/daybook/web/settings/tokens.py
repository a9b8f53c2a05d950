"""Settings > API: the keys of all users, and one's own new one, shown once."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daybook.people.models import ApiToken
from daybook.people.services.logins import issue_own_token, revoke_token
from daybook.web.doors import go, render_page, team_page

MOST = 200


@require_safe
@team_page("manage_settings")
def listing(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@team_page("manage_settings")
def issue(request: HttpRequest) -> HttpResponse:
    """Not kept under a once-key: the answer holds the key in clear."""
    token = issue_own_token(actor=request.actor, now=timezone.now(), name=request.POST.get("name", ""))
    response = _page(request, token=token)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@team_page("manage_settings")
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    revoke_token(actor=request.actor, token_id=token_id, now=timezone.now())
    return go(request, "web:api_tokens", said=_("The key is revoked. Programs that use it are refused from now on."))


def _page(request: HttpRequest, token: str = "") -> HttpResponse:
    tokens = ApiToken.objects.filter(revoked_at__isnull=True).select_related("user").order_by("-created_at")[:MOST]
    address = request.build_absolute_uri("/api/v1")
    return render_page(request, "web/settings/tokens.html", {"tokens": tokens, "new_token": token, "address": address})
