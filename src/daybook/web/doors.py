"""The frame of every page of the team: who may open it, what a refusal looks like, and doing a form's deed once."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from daybook.core.errors import DomainError, InvalidInput, NotFound, NotPermitted
from daybook.tenancy import once as once_keys
from daybook.tenancy.queries import business_words
from daybook.ui.context import is_fragment
from daybook.ui.sentences import sentence
from daybook.web import navigation

View = Callable[..., HttpResponse]

# What a form carries besides its contents.
_NOT_CONTENTS = ("csrfmiddlewaretoken", "once")


def team_page(
    permission: str | None = None, *, practitioner: bool | str = False, before_second_factor: bool = False
) -> Callable[[View], View]:
    """A page for the team. Nobody signed in: to the sign-in page and back. Clients and agents: to their own pages.

    Staff need `permission`. Practitioners may open it where `practitioner` is true, or where they have the permission
    that it names; services decide what they see. Refusals of the view become pages.

    Who must set up a second factor does that first, on the one page that is open `before_second_factor`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            away = _send_away(request, before_second_factor)
            if away is not None:
                return away
            try:
                _require(request, permission, practitioner)
                return view(request, *args, **kwargs)
            except DomainError as error:
                return refusals(request, error)

        return page

    return decorate


def public_page(view: View) -> View:
    """A page that needs no login, on a business's address; without a business, one is asked for first."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.business is None:
            return HttpResponseRedirect("/find/")  # at the root: it belongs to no business
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return refusals(request, error)

    return page


def _send_away(request: HttpRequest, before_second_factor: bool) -> HttpResponse | None:
    if request.business is None:
        return HttpResponseRedirect("/find/")  # at the root: it belongs to no business
    if not request.user:
        return to_sign_in(request)
    if request.actor.role in ("client", "agent"):
        return (
            HttpResponseRedirect(get_script_prefix() + "my/")
            if request.method != "POST"
            else refusals(request, NotPermitted(permission="team"))
        )
    if owes_second_factor(request) and not before_second_factor:
        return go(request, "web:account_second_factor")
    return None


def owes_second_factor(request: HttpRequest) -> bool:
    """Whether who is signed in must set up a second factor before anything else."""
    user: Any = request.user  # our own middleware put a User there
    return bool(user.must_set_up)


def _require(request: HttpRequest, permission: str | None, practitioner: bool | str) -> None:
    if request.actor.role == "practitioner":
        if not practitioner:
            raise NotPermitted(permission=permission or "team")
        if isinstance(practitioner, str):
            request.actor.require(practitioner)
    elif permission:
        request.actor.require(permission)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back here after it. A part that htmx asked for sends the whole page there."""
    target = request.get_full_path() if request.method != "POST" and not is_fragment(request) else ""
    url = reverse("web:sign_in") + (f"?next={quote(target)}" if target else "")
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """The page to go on to: `next` of the request where it stays on this host and in this business."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    inside = target.startswith(get_script_prefix()) and "\n" not in target and "\r" not in target
    return target if inside and url_has_allowed_host_and_scheme(target, allowed_hosts=None) else otherwise


def refusals(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal as an answer: a page with its sentence and status, or a notice over the page for a swapped part."""
    # What the verb wrote before it refused is taken back by its own savepoint.
    words = business_words() if request.business else {}
    text = sentence(error, words, **_style(request))
    if is_fragment(request):
        trigger = json.dumps({"daybook:notice": {"text": text, "kind": "bad"}})
        return HttpResponse(status=error.status, headers={"HX-Trigger": trigger})
    if isinstance(error, NotFound | NotPermitted):
        body = render_to_string(f"ui/errors/{error.status}.html", {"status": error.status}, request)
        return HttpResponse(body, status=error.status)
    return render_page(request, "web/refusal.html", {"sentence": text, "status": error.status}, status=error.status)


def _style(request: HttpRequest) -> dict[str, str]:
    business = request.business
    if business is None:
        return {}
    return {"locale": business.locale, "zone": business.time_zone, "currency": business.currency}


def once(request: HttpRequest, verb: Callable[[], HttpResponse]) -> HttpResponse:
    """Run the verb of a form post once for its hidden `once` key: the same post again gets the first answer.

    Only an answer below 400 is kept; with any other, the form may be sent again as it is.
    Raises AlreadyUsed when the key came before with other contents.
    """
    key = request.POST.get("once", "")[:200].replace("\x00", "")
    user_id = request.actor.user_id
    if not key or user_id is None:
        return verb()
    contents = [
        f"{name}={value}"
        for name, values in sorted(request.POST.lists())
        if name not in _NOT_CONTENTS
        for value in values
    ]
    before = transaction.savepoint()
    known = once_keys.claim(user_id=user_id, key=key, digest=once_keys.digest_of(request.path, *contents))
    if known is not None:
        return _as_response(known)
    response = verb()
    if response.status_code >= 400:
        transaction.savepoint_rollback(before)
        return response
    transaction.savepoint_commit(before)
    once_keys.keep(user_id=user_id, key=key, answer=_as_answer(response))
    return response


def _as_answer(response: HttpResponse) -> once_keys.Answer:
    headers = {
        name: response.headers[name] for name in ("Location", "HX-Redirect", "HX-Trigger") if name in response.headers
    }
    return once_keys.Answer(response.status_code, json.dumps({"headers": headers, "body": response.content.decode()}))


def _as_response(answer: once_keys.Answer) -> HttpResponse:
    kept = json.loads(answer.body or "{}")
    return HttpResponse(kept.get("body", ""), status=answer.status or 200, headers=kept.get("headers", {}))


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of the team with its frame: navigation, the business's words as `terms`, and `context`."""
    frame: dict[str, Any] = {}
    if request.business is not None:
        words = business_words()
        frame = {"terms": words}
        if not is_fragment(request):
            frame |= navigation.frame(request, words)
    return HttpResponse(render_to_string(template, frame | dict(context or {}), request), status=status)


def render_part(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A part of a page, for a swap: the business's words and `context`, no frame."""
    words = business_words() if request.business is not None else {}
    return HttpResponse(render_to_string(template, {"terms": words, **(context or {})}, request), status=status)


def go(request: HttpRequest, name: str, *args: Any, said: str = "", undo: str = "") -> HttpResponse:
    """On to a page by its name (`web:client`) after a deed, with a notice and, where undo is real, its address."""
    return go_to(request, reverse(name, args=args), said=said, undo=undo)


def go_to(request: HttpRequest, url: str, *, said: str = "", undo: str = "") -> HttpResponse:
    """The same to an address."""
    if said:
        messages.success(request, said, extra_tags=f"undo:{undo}" if undo else "")
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def put_errors(form: forms.BaseForm, error: DomainError, request: HttpRequest, *, prefix: str = "") -> None:
    """Put a refusal's sentence beside the field at fault, or at the top of the form.

    `prefix` is what the verb's names have before the form's.
    """
    words = business_words() if request.business else {}
    problems = [InvalidInput([each]) for each in error.errors] if isinstance(error, InvalidInput) else [error]
    for problem in problems:
        name = (problem.field or "").removeprefix(prefix)
        form.add_error(name if name in form.fields else None, sentence(problem, words, **_style(request)))
