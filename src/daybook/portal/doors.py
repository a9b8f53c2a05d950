"""The frame of the pages of clients and agents: who may open them, whom they are about, what a refusal looks like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from daybook.core.errors import DomainError, NotFound, NotPermitted
from daybook.core.ids import parse_id
from daybook.people.models import User
from daybook.people.permissions import access_user, hides_costs, visible_people
from daybook.people.queries import by_name
from daybook.tenancy.queries import business_words, logo_id
from daybook.ui.context import is_fragment
from daybook.ui.sentences import sentence
from daybook.ui.terms import capital, word

View = Callable[..., HttpResponse]
OWN_ROLES = ("client", "agent")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the pages are about: a client itself, or one of an agent's clients (`choices`, by name)."""

    person: User
    is_self: bool
    sees_costs: bool
    choices: tuple[User, ...] = ()

    @property
    def id(self) -> UUID:
        return self.person.pk

    @property
    def query(self) -> str:
        """What a link carries so that it stays with the same client."""
        return "" if self.is_self else f"?client={self.person.pk}"


def own_page(view: View) -> View:
    """A page of clients and agents. Nobody signed in: to the sign-in page and back. The team: to its own pages.

    The view gets `request.subject`: None only for an agent without clients. Refusals become pages.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.business is None:
            return redirect("web:find")
        if not request.user:
            return _to_sign_in(request)
        if request.actor.role not in OWN_ROLES:
            return _for_the_team(request)
        try:
            request.subject = subject_of(request)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        except DomainError as error:
            return refusals(request, error)

    return page


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    target = request.get_full_path() if request.method in ("GET", "HEAD") and not is_fragment(request) else ""
    url = reverse("web:sign_in") + (f"?next={quote(target)}" if target else "")
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _for_the_team(request: HttpRequest) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(get_script_prefix())
    return refusals(request, NotPermitted(permission="client"))


def subject_of(request: HttpRequest) -> Subject | None:
    """The client itself; for an agent the client named by `?client=`, or the first by name.

    Raises NotFound for a client that is not the agent's.
    """
    actor = request.actor
    if actor.role == "client":
        own: Any = request.user  # our own middleware put a User there
        return Subject(own, is_self=True, sees_costs=not hides_costs(actor))
    asked = request.GET.get("client")
    choices = tuple(by_name(visible_people(actor, "client")))
    if asked:
        person = access_user(actor, parse_id(asked) or "", role="client")
    elif choices:
        person = choices[0]
    else:
        return None
    return Subject(person, is_self=False, sees_costs=not hides_costs(actor), choices=choices)


def the_subject(request: HttpRequest) -> Subject:
    """The subject of a page that makes no sense without one. Raises NotFound."""
    subject: Subject | None = getattr(request, "subject", None)
    if subject is None:
        raise NotFound(what="client")
    return subject


def priced_subject(request: HttpRequest) -> Subject:
    """The subject of a page about money. Raises NotFound, and NotPermitted where costs are hidden."""
    subject = the_subject(request)
    if not subject.sees_costs:
        raise NotPermitted(permission="hide_costs")
    return subject


def refusals(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal as a page of the portal, in words."""
    business = request.business
    text = sentence(
        error, business_words(), locale=business.locale, zone=business.time_zone, currency=business.currency
    )
    if isinstance(error, NotFound | NotPermitted):
        body = render_to_string(f"ui/errors/{error.status}.html", {"status": error.status}, request)
        return HttpResponse(body, status=error.status)
    return render(request, "portal/refusal.html", {"sentence": text}, status=error.status)


def go(request: HttpRequest, name: str, *, said: str = "") -> HttpResponse:
    """On to a page of the portal after a deed, with a notice."""
    if said:
        messages.success(request, said)
    url = reverse(name)
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page with its frame: navigation, words, logo, the subject."""
    words = business_words()
    subject = getattr(request, "subject", None)
    picture = logo_id()
    frame = {
        "terms": words,
        "subject": subject,
        "keep": subject.query if subject else "",
        "navigation": _navigation(request, words, subject),
        "logo_url": f"{reverse('web:logo')}?v={picture}" if picture else "",
        "account_url": reverse("portal:account"),
        "sign_out_url": reverse("web:sign_out"),
    }
    return HttpResponse(render_to_string(template, frame | dict(context or {}), request), status=status)


def _navigation(request: HttpRequest, words: Mapping[str, Any], subject: Subject | None) -> list[dict[str, Any]]:
    places = [("portal:home", _("Home"), "home", True)]
    if subject is not None:
        places += [
            ("portal:sessions", capital(word(words, "session", "plural")), "sessions", True),
            ("portal:money", _("Money"), "accounting", subject.sees_costs),
            ("portal:practitioners", capital(word(words, "practitioner", "plural")), "practitioners", True),
            ("portal:availability", _("Times"), "clock", True),
        ]
    query = subject.query if subject else ""
    return [
        {"label": label, "url": url + query, "icon": icon, "active": _is_active(request, name, url)}
        for name, label, icon, shown in places
        if shown and (url := reverse(name))
    ]


def _is_active(request: HttpRequest, name: str, url: str) -> bool:
    here = request.get_full_path().partition("?")[0]
    return here == url if name == "portal:home" else here.startswith(url)
