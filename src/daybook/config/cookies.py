"""Cookies of their own for each business, so that signing in to one leaves the logins to others in this browser alone."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from daybook.config.addresses import slug_in
from daybook.people.cookies import own_name

# What is kept a business, and whether one of no business (of the only one there was, addressed without its slug) still counts.
_KEPT = {settings.SESSION_COOKIE_NAME: True, settings.CSRF_COOKIE_NAME: True, "messages": False}


class CookiesMiddleware:
    """Django's cookies under the business's own names: `daybook_session_<slug>`. Inside, they have Django's names.

    Names rather than paths: a browser sends cookies of `/` along with those of `/b/<slug>/`, under one name, and which of
    the two is read is left to chance. Neither would keep two businesses of one host apart from each other's scripts; what
    keeps a login to its business is that its key is looked up among that business's rows alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        slug = slug_in(request.path_info)
        if slug is None:
            return self.get_response(request)
        for name, counts_without in _KEPT.items():
            own = request.COOKIES.get(own_name(name, slug))
            if own is not None:
                request.COOKIES[name] = own
            elif not counts_without:
                request.COOKIES.pop(name, None)
        response = self.get_response(request)
        for name in _KEPT:
            _rename(response, name, own_name(name, slug))
        return response


def _rename(response: HttpResponse, name: str, own: str) -> None:
    morsel = response.cookies.pop(name, None)
    if morsel is not None:
        morsel.set(own, morsel.value, morsel.coded_value)
        response.cookies[own] = morsel
