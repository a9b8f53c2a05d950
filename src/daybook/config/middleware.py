"""The door of every page: which business, in one transaction, and who is asking."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import set_script_prefix
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from daybook.api import door
from daybook.people.actors import Holder, OpenLogin, actor_of_holder, asking_for_login, distrust, login_of_rows
from daybook.tenancy.actor import Actor
from daybook.tenancy.models import Business
from daybook.tenancy.queries import asking_for_words, keep_words
from daybook.tenancy.scope import BusinessNotFound, Questions, open_scope

_PREFIX = re.compile(r"^/b/(?P<slug>[a-z0-9-]{1,60})(?P<rest>/.*)?$")
_KEY = re.compile(r"[a-z0-9]{32}")  # of Django's logins
# Paths that belong to no business.
_UNSCOPED = ("/static/", "/healthz", "/sign-up/", "/find/", "/favicon")

Handler = Callable[[HttpRequest], HttpResponse]


class ApiMiddleware:
    """Hand what is below `/api/` to its own door: it needs no cookies, no forms and no pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(door.PREFIX):
            return door.answer(request)
        return self.get_response(request)


class ScopeMiddleware:
    """Open the scope of the business that the address names (`/b/<slug>/…`), or of the only one there is.

    The prefix is taken off the path and given to `reverse()`, so that no page knows of it. An answer of 500 and above
    keeps nothing of what the request wrote.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.business = request.login = None
        match = _PREFIX.match(request.path_info)
        if match:
            slug = match["slug"]
            request.path_info = match["rest"] or "/"
            request.META["SCRIPT_NAME"] = f"/b/{slug}"
            set_script_prefix(f"/b/{slug}/")
        elif request.path_info.startswith(_UNSCOPED):
            return self.get_response(request)
        else:
            slug = only_slug() or ""
        if not slug:
            return self.get_response(request)
        try:
            questions, key = _questions(request)
            with open_scope(slug=slug, questions=questions) as business:
                request.business = business
                keep_words(questions.rows[0])
                request.login = login_of_rows(key, questions.rows[1]) if key else None
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                return response
        except BusinessNotFound:
            request.login = None
            set_script_prefix("/")
            request.META["SCRIPT_NAME"] = ""
            return self.get_response(request)


def _questions(request: HttpRequest) -> tuple[Questions, str]:
    """What every page asks on the trip that opens the scope: the business's words, and the login of the cookie's key."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not _KEY.fullmatch(key):
        return Questions([asking_for_words()]), ""
    return Questions([asking_for_words(), asking_for_login(key, timezone.now())]), key


def only_slug() -> str | None:
    """The slug of the one business of this installation, or None where there are none or several."""
    slugs = list(Business.objects.values_list("slug", flat=True)[:2])
    return slugs[0] if len(slugs) == 1 else None


class ActorMiddleware:
    """Give the request its user and its actor; nobody is no user, and an actor of no permission."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        holder = _holder(request)
        user: Any = holder.user if holder else None
        request.user = user
        request.actor = actor_of_holder(holder) if holder else NOBODY
        return self.get_response(request)


NOBODY = Actor(kind="user")


def _holder(request: HttpRequest) -> Holder | None:
    """Whose login it is. Only active users count, and a changed password ends the login."""
    login: OpenLogin | None = request.login
    if login is None:
        return None
    session: Any = request.session
    session.known = login
    holder = login.holder
    if holder and holder.user.is_active and session.get(SESSION_KEY) == str(holder.user.pk):
        known = session.get(HASH_SESSION_KEY, "")
        if constant_time_compare(known, holder.user.get_session_auth_hash()):
            return holder
    distrust()
    return None
