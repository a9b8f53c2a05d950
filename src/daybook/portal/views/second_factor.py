"""Two-step sign-in of clients and agents: setting it up, new recovery codes, turning it off."""

from collections.abc import Callable

from django import forms
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from daybook.core.errors import DomainError
from daybook.people import codes, services
from daybook.people.permissions import access_user
from daybook.people.queries import second_factor_of
from daybook.people.second_step import pending_secret
from daybook.portal.doors import go, own_page, render
from daybook.portal.views.account import BACKEND
from daybook.ui.forms import BusinessForm


class CodeForm(BusinessForm):
    hide_optional = True
    code = forms.CharField(
        label=gettext_lazy("Code from the app"),
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "code-input",
            }
        ),
    )


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@own_page
def own(request: HttpRequest) -> HttpResponse:
    """How it stands; where it is off, setting it up. The recovery codes are shown in the answer to that, this once."""
    user = access_user(request.actor, request.actor.user_id)
    if second_factor_of(user.pk):
        return _standing(request) if request.method == "GET" else go(request, "portal:second_factor")
    secret = pending_secret(request.session, user.pk)
    form = CodeForm(request.POST or None, business=request.business)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = services.set_up_second_factor(
                actor=request.actor, secret=secret, code=form.cleaned_data["code"], now=timezone.now()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            request.session.flush()
            login(request, user, backend=BACKEND)
            return _fresh_codes(request, fresh)
    address = codes.app_address(secret, account=user.username or user.name, issuer=request.business.name)
    context = {"form": form, "address": address, "secret": secret}
    return render(request, "portal/second_factor.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@never_cache
@require_POST
@own_page
def renew(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, for a code."""

    def verb(code: str) -> HttpResponse:
        return _fresh_codes(request, services.renew_recovery_codes(actor=request.actor, code=code, now=timezone.now()))

    return _for_a_code(request, "renew_form", verb)


@sensitive_post_parameters()
@require_POST
@own_page
def turn_off(request: HttpRequest) -> HttpResponse:
    """For a code."""

    def verb(code: str) -> HttpResponse:
        services.turn_off_second_factor(actor=request.actor, code=code, now=timezone.now())
        return go(request, "portal:account", said=_("Two-step sign-in is off."))

    return _for_a_code(request, "off_form", verb)


def _for_a_code(request: HttpRequest, name: str, verb: Callable[[str], HttpResponse]) -> HttpResponse:
    form = CodeForm(request.POST, business=request.business, auto_id=f"{name}_%s")
    status = 422
    if form.is_valid():
        try:
            return verb(form.cleaned_data["code"])
        except DomainError as error:
            status = error.status
            form.refuse(error)
    return _standing(request, status, **{name: form})


def _standing(request: HttpRequest, status: int = 200, **forms_there: CodeForm) -> HttpResponse:
    factor = second_factor_of(request.actor.user_id) if request.actor.user_id else None
    if factor is None:
        return go(request, "portal:second_factor")
    context: dict[str, object] = {
        name: CodeForm(business=request.business, auto_id=f"{name}_%s") for name in ("renew_form", "off_form")
    }
    return render(request, "portal/second_factor.html", context | {"factor": factor} | forms_there, status=status)


def _fresh_codes(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    return render(request, "portal/second_factor.html", {"fresh": fresh, "home": reverse("portal:account")})
