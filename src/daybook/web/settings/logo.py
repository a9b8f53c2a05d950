"""The business's logo: shown to all, changed by who manages settings."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daybook.core.errors import NotFound
from daybook.tenancy.errors import ImageRefused
from daybook.tenancy.queries import logo
from daybook.tenancy.services import MOST_LOGO_BYTES, remove_logo, set_logo
from daybook.web.doors import go, public_page, team_page


@require_safe
@public_page
def show(request: HttpRequest) -> HttpResponse:
    picture = logo()
    if picture is None:
        raise NotFound(what="logo")
    tag = quote_etag(str(picture.pk))
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    headers = {
        "ETag": tag,
        "Cache-Control": "public, max-age=31536000, immutable"
        if request.GET.get("v") == str(picture.pk)
        else "no-cache",
        "Content-Security-Policy": "default-src 'none'",
    }
    return HttpResponse(bytes(picture.image), content_type=picture.content_type, headers=headers)


@require_POST
@team_page("manage_settings")
def change(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("logo")
    if file is None or file.size is None or file.size == 0:
        raise ImageRefused(field="logo", why="type")
    if file.size > MOST_LOGO_BYTES:
        raise ImageRefused(field="logo", why="size")
    set_logo(actor=request.actor, image=file.read())
    return go(request, "web:business", said=_("The logo is kept."))


@require_POST
@team_page("manage_settings")
def remove(request: HttpRequest) -> HttpResponse:
    remove_logo(actor=request.actor)
    return go(request, "web:business", said=_("The logo is removed."))
