"""The pages for a request that no door could answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist, loader

PLAIN = {
    400: "This request cannot be understood.",
    403: "You may not do this.",
    404: "There is no such page.",
    422: "Something in this form is not right.",
    429: "Too many tries. Wait a minute and try again.",
    500: "Something went wrong on our side. It has been noted; try again in a moment.",
    503: "Daybook is not available at the moment. Try again in a minute.",
}


def error_page(request: HttpRequest, status: int, **facts: object) -> HttpResponse:
    """The page for `status`; plain text where the template is missing or is itself what failed."""
    try:
        body = loader.render_to_string(f"ui/errors/{status}.html", {"status": status, **facts}, request)
    except TemplateDoesNotExist:
        return HttpResponse(PLAIN[status], status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403, csrf=True)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without a request, so that nothing that failed a moment ago is asked again."""
    try:
        body = loader.render_to_string("ui/errors/500.html", {"status": 500})
    except Exception:
        return HttpResponse(PLAIN[500], status=500, content_type="text/plain; charset=utf-8")
    return HttpResponse(body, status=500)
