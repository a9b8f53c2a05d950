"""The door of every page: which business, in one transaction, and who is asking."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import set_script_prefix
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from daybook.api import door
from daybook.core.ids import parse_id
from daybook.people.actors import Holder, actor_of, holder_of
from daybook.people.models import User
from daybook.tenancy.actor import Actor
from daybook.tenancy.models import Business
from daybook.tenancy.scope import BusinessNotFound, open_scope

_PREFIX = re.compile(r"^/b/(?P<slug>[a-z0-9-]{1,60})(?P<rest>/.*)?$")
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
        request.business = None
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
            with open_scope(slug=slug) as business:
                request.business = business
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                return response
        except BusinessNotFound:
            set_script_prefix("/")
            request.META["SCRIPT_NAME"] = ""
            return self.get_response(request)


def only_slug() -> str | None:
    """The slug of the one business of this installation, or None where there are none or several."""
    slugs = list(Business.objects.values_list("slug", flat=True)[:2])
    return slugs[0] if len(slugs) == 1 else None


class ActorMiddleware:
    """Give the request its user and actor, each read when first asked for; nobody is a user of no permission."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        login = _Login(request)
        user: Any = SimpleLazyObject(lambda: login.user)
        request.user = user
        request.actor = SimpleLazyObject(lambda: login.actor)
        return self.get_response(request)


NOBODY = Actor(kind="user")


class _Login:
    """The holder of a request's login, read once. Only active users count, and a changed password ends the login."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def holder(self) -> Holder | None:
        if self.request.business is None:
            return None
        session = self.request.session
        user_id = parse_id(session.get(SESSION_KEY))
        holder = holder_of(user_id) if user_id else None
        if holder is None or not holder.user.is_active:
            return None
        known = constant_time_compare(session.get(HASH_SESSION_KEY, ""), holder.user.get_session_auth_hash())
        return holder if known else None

    @property
    def user(self) -> User | None:
        return self.holder.user if self.holder else None

    @property
    def actor(self) -> Actor:
        return actor_of(self.holder.user, self.holder.switches) if self.holder else NOBODY
