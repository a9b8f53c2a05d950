"""Two-step sign-in: setting it up and turning it off on one's own account, and taking it off somebody who is locked out."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from daybook.core.errors import DomainError
from daybook.people import codes, services
from daybook.people.permissions import access_user
from daybook.people.queries import second_factor_of
from daybook.people.second_step import pending_secret
from daybook.web.doors import go, go_to, owes_second_factor, put_errors, team_page
from daybook.web.people.forms import CodeForm
from daybook.web.people.kinds import Kind
from daybook.web.people.views.account import account_page, myself
from daybook.web.people.views.lists import people_page
from daybook.web.people.views.sign_in import home_of, start_login


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@team_page(practitioner=True, before_second_factor=True)
def own(request: HttpRequest) -> HttpResponse:
    """How it stands; where it is off, setting it up. The recovery codes are shown in the answer to that, this once."""
    user = myself(request)
    if second_factor_of(user.pk):
        return _standing(request) if request.method == "GET" else go(request, "web:account_second_factor")
    secret = pending_secret(request.session, user.pk)
    form = CodeForm(request.POST or None, business=request.business)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = services.set_up_second_factor(
                actor=request.actor, secret=secret, code=form.cleaned_data["code"], now=timezone.now()
            )
        except DomainError as error:
            put_errors(form, error, request)
        else:
            request.session.flush()
            start_login(request, user)
            return _fresh_codes(request, fresh)
    address = codes.app_address(secret, account=user.username or user.name, issuer=request.business.name)
    context = {"form": form, "address": address, "secret": secret, "is_required": owes_second_factor(request)}
    return account_page(request, "second_factor", context, 422 if form.errors else 200)


@sensitive_post_parameters()
@never_cache
@require_POST
@team_page(practitioner=True)
def renew(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, for a code."""

    def verb(code: str) -> HttpResponse:
        return _fresh_codes(request, services.renew_recovery_codes(actor=request.actor, code=code, now=timezone.now()))

    return _for_a_code(request, "renew_form", verb)


@sensitive_post_parameters()
@require_POST
@team_page(practitioner=True)
def turn_off(request: HttpRequest) -> HttpResponse:
    """For a code."""

    def verb(code: str) -> HttpResponse:
        services.turn_off_second_factor(actor=request.actor, code=code, now=timezone.now())
        return go(request, "web:account_second_factor", said=_("Two-step sign-in is off."))

    return _for_a_code(request, "off_form", verb)


@require_POST
@people_page
def reset(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """Take it off somebody who lost the app and the recovery codes."""
    user = access_user(request.actor, user_id, roles=kind.roles)
    services.reset_second_factor(actor=request.actor, user_id=user.pk)
    said = _("%(name)s signs in with the password alone again, until a new app is set up.") % {"name": user.name}
    return go_to(request, kind.record(user), said=said)


def _for_a_code(request: HttpRequest, name: str, verb: Callable[[str], HttpResponse]) -> HttpResponse:
    form = CodeForm(request.POST, business=request.business, auto_id=f"{name}_%s")
    status = 422
    if form.is_valid():
        try:
            return verb(form.cleaned_data["code"])
        except DomainError as error:
            status = error.status
            put_errors(form, error, request)
    if not second_factor_of(myself(request).pk):
        return go(request, "web:account_second_factor")
    return _standing(request, status, **{name: form})


def _standing(request: HttpRequest, status: int = 200, **forms: CodeForm) -> HttpResponse:
    there = {name: CodeForm(business=request.business, auto_id=f"{name}_%s") for name in ("renew_form", "off_form")}
    there |= forms
    for form in there.values():
        form.ask_for_any_code()
    factor = second_factor_of(myself(request).pk)
    return account_page(request, "second_factor", {"factor": factor, **there}, status)


def _fresh_codes(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    return account_page(request, "second_factor", {"fresh": fresh, "home": home_of(request.actor.role)})
