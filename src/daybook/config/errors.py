"""The pages for a request that no door could answer."""

from __future__ import annotations

import json
import logging
import sys

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.template import TemplateDoesNotExist, loader

from daybook.api.errors import NoSpace, NotAvailable
from daybook.tenancy.outage import RETRY_AFTER, is_full, is_lost
from daybook.ui.context import is_fragment
from daybook.ui.sentences import sentence

log = logging.getLogger("daybook.web")

PLAIN = {
    400: "This request cannot be understood.",
    403: "You may not do this.",
    404: "There is no such page.",
    422: "Something in this form is not right.",
    429: "Too many tries. Wait a minute and try again.",
    500: "Something went wrong on our side. It has been noted; try again in a moment.",
    503: "Daybook is not available at the moment. Try again in a minute.",
}
MOST_FIELDS = 500


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
    error = sys.exc_info()[1]
    if is_lost(error):
        return unavailable(request, full=is_full(error))
    try:
        body = loader.render_to_string("ui/errors/500.html", {"status": 500})
    except Exception:
        log.exception("the page for a failure failed itself")
        return HttpResponse(PLAIN[500], status=500, content_type="text/plain; charset=utf-8")
    return HttpResponse(body, status=500)


def unavailable(request: HttpRequest, *, full: bool) -> HttpResponse:
    """The database is gone, or the disk is full: what was sent can be sent again as it is, and does its deed once."""
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    if is_fragment(request):
        text = sentence(NoSpace() if full else NotAvailable())
        headers["HX-Trigger"] = json.dumps({"daybook:notice": {"text": text, "kind": "bad"}})
        return HttpResponse(status=503, headers=headers)
    theme = request.COOKIES.get("daybook_theme", "")
    facts = {
        "status": 503,
        "theme": theme if theme in {"light", "dark"} else "",
        "full": full,
        "sent": request.method == "POST",
        "fields": _sent_again(request),
        "address": request.get_full_path(),
    }
    try:
        body = loader.render_to_string("ui/errors/503.html", facts)
    except Exception:
        log.exception("the page for a lost database failed itself")
        return HttpResponse(PLAIN[503], status=503, headers=headers, content_type="text/plain; charset=utf-8")
    return HttpResponse(body, status=503, headers=headers)


def _sent_again(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that may be sent again from the page; none where it holds a file or a secret."""
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return []
    try:
        fields = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    except (SuspiciousOperation, RawPostDataException, OSError) as error:
        log.warning("what was sent cannot be read again: %s", error)
        return []
    secret = any(value and ("password" in name or name in ("code", "secret")) for name, value in fields)
    return [] if secret or len(fields) > MOST_FIELDS else fields
