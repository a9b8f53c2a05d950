"""Answers to deeds on sessions: a notice over the page that asked, or on to a page where no script asked."""

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from daybook.core.errors import DomainError, Notice
from daybook.tenancy.queries import business_words
from daybook.ui import format
from daybook.ui.context import is_fragment
from daybook.ui.sentences import sentence


def said(request: HttpRequest, text: str, *, onward: str, undo: str = "", kind: str = "good") -> HttpResponse:
    """Say what was done. The page that asked renews itself; without a script, on to `onward`."""
    if is_fragment(request):
        notice = {"text": text, "kind": kind, "undo": undo}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"daybook:notice": notice})})
    messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
    return HttpResponseRedirect(onward)


def in_words(request: HttpRequest, error: DomainError | Notice) -> str:
    """The sentence of a refusal or warning, in the business's words and zone."""
    business = request.business
    return sentence(
        error, business_words(), locale=business.locale, zone=business.time_zone, currency=business.currency
    )


def when_in_words(request: HttpRequest, starts_at: datetime, ends_at: datetime) -> str:
    """`Mon, 12 Jan 2026, 14:30–15:15`, in the business's zone."""
    zone, locale = request.business.time_zone, request.business.locale
    first, last = format.local(starts_at, zone), format.local(ends_at, zone)
    return f"{format.weekday(first.date(), locale)}, {format.clock(first.time(), locale)}–{format.clock(last.time(), locale)}"


def as_json(body: dict[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(body, status=status)
