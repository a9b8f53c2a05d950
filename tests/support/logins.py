"""A browser in which somebody of the open business is signed in."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from daybook.people.models import User
from daybook.people.sessions import SessionStore
from daybook.tenancy.scope import current_business


class BusinessClient(Client):
    """Calls pages of one business: the path is given without its slug."""

    slug: str = ""

    def generic(self, method: str, path: str, *args: object, **extra: object):
        return super().generic(method, path if path.startswith("/b/") else f"/b/{self.slug}{path}", *args, **extra)


def signed_in(user: User) -> BusinessClient:
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    client = BusinessClient()
    client.slug = current_business().slug
    client.cookies["daybook_session"] = request.session.session_key
    return client
