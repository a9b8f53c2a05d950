"""Two-step sign-in: the app, recovery codes and turning it off on one's own account, and taking it off somebody who is locked out."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from daybook.core.errors import DomainError
from daybook.people import codes, queries, services
from daybook.people.ceremonies import is_confirmed, keep_confirmed, proof_of
from daybook.people.models import User
from daybook.people.permissions import access_user
from daybook.people.second_step import PENDING, Proof, pending_secret
from daybook.ui.proofs import CodeForm, PasskeyForm, ProofForm, proof_form
from daybook.web.doors import go, go_to, owes_second_factor, put_errors, team_page
from daybook.web.people.kinds import Kind
from daybook.web.people.views.account import account_page, myself
from daybook.web.people.views.lists import people_page
from daybook.web.people.views.sign_in import home_of, site_of, start_login

PLACES = ("second_factor", "second_factor_off", "recovery_codes", "app", "app_off", "confirm", "passkey_add")
HOME = "web:account_second_factor"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page(practitioner=True, before_second_factor=True)
def own(request: HttpRequest) -> HttpResponse:
    """How it stands; where it is off, setting it up. The recovery codes are shown in the answer to that, this once."""
    user = myself(request)
    if queries.has_second_factor(user.pk):
        return standing(request) if request.method != "POST" else go(request, HOME)
    return _set_up(request, user)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page(practitioner=True)
def app(request: HttpRequest) -> HttpResponse:
    """The authenticator app beside passkeys: setting it up, or removing it."""
    user = myself(request)
    factor = queries.second_factor_of(user.pk)
    if factor is None:
        return go(request, HOME)
    if factor.has_app:
        return two_steps_page(request, "app", {"proof": proof_form()})
    if not is_confirmed(request.session, timezone.now()):
        return ask_to_confirm(request, then="app")
    return _set_up(request, user)


def _set_up(request: HttpRequest, user: User) -> HttpResponse:
    secret = pending_secret(request.session, user.pk)
    form = CodeForm(request.POST or None, business=request.business)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = services.set_up_second_factor(
                actor=request.actor,
                secret=secret,
                code=form.cleaned_data["code"],
                now=timezone.now(),
                is_confirmed=is_confirmed(request.session, timezone.now()),
            )
        except DomainError as error:
            put_errors(form, error, request)
        else:
            return begin_again(request, user, fresh, said=_("Your app signs you in from now on, too."))
    address = codes.app_address(secret, account=user.username or user.name, issuer=request.business.name)
    context = {"form": form, "address": address, "secret": secret, "is_required": owes_second_factor(request)}
    if queries.has_second_factor(user.pk):
        return two_steps_page(request, "add_app", context, 422 if form.errors else 200)
    context["passkey_form"] = PasskeyForm(business=request.business)
    return two_steps_page(request, "off", context, 422 if form.errors else 200)


@sensitive_post_parameters()
@require_POST
@team_page(practitioner=True)
def app_off(request: HttpRequest) -> HttpResponse:
    """Remove the app, for a proof."""
    user = myself(request)

    def verb(proof: Proof) -> HttpResponse:
        services.remove_app(actor=request.actor, proof=proof, now=timezone.now())
        request.session.pop(PENDING, None)
        return go(request, HOME, said=_("The app is removed."))

    def again(form: ProofForm, status: int) -> HttpResponse:
        return two_steps_page(request, "app", {"proof": form}, status)

    return for_a_proof(request, user, "proof", verb, again)


@sensitive_post_parameters()
@never_cache
@require_POST
@team_page(practitioner=True)
def renew(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, for a proof."""
    user = myself(request)

    def verb(proof: Proof) -> HttpResponse:
        fresh = services.renew_recovery_codes(actor=request.actor, proof=proof, now=timezone.now())
        return fresh_codes(request, fresh)

    return for_a_proof(
        request, user, "renew_form", verb, lambda form, status: standing(request, status, renew_form=form)
    )


@sensitive_post_parameters()
@require_POST
@team_page(practitioner=True)
def turn_off(request: HttpRequest) -> HttpResponse:
    """All of it, for a proof."""
    user = myself(request)

    def verb(proof: Proof) -> HttpResponse:
        services.turn_off_second_factor(actor=request.actor, proof=proof, now=timezone.now())
        return go(request, HOME, said=_("Two-step sign-in is off."))

    return for_a_proof(request, user, "off_form", verb, lambda form, status: standing(request, status, off_form=form))


@sensitive_post_parameters()
@require_POST
@team_page(practitioner=True)
def confirm(request: HttpRequest) -> HttpResponse:
    """Show a second factor before another one is added; on to where that is done."""
    user = myself(request)
    then = "app" if request.POST.get("then") == "app" else "passkey_add"

    def verb(proof: Proof) -> HttpResponse:
        services.confirm(actor=request.actor, proof=proof, now=timezone.now())
        keep_confirmed(request.session, timezone.now())
        return go(request, f"web:account_{then}")

    def again(form: ProofForm, status: int) -> HttpResponse:
        return two_steps_page(request, "confirm", {"proof": form, "then": then}, status)

    return for_a_proof(request, user, "proof", verb, again)


@require_POST
@people_page
def reset(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """Take it off somebody who lost app, passkeys and recovery codes."""
    user = access_user(request.actor, user_id, roles=kind.roles)
    services.reset_second_factor(actor=request.actor, user_id=user.pk)
    said = _("%(name)s signs in with the password alone again, until it is set up anew.") % {"name": user.name}
    return go_to(request, kind.record(user), said=said)


# ── what these pages share ──


def two_steps_page(request: HttpRequest, part: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """One part of two-step sign-in, with the addresses of all and whether a passkey can be asked here."""
    urls = {name: reverse(f"web:account_{name}") for name in PLACES}
    frame = {"part": part, "urls": urls, "options_url": reverse("web:account_passkey_options")}
    return account_page(request, "second_factor", frame | _means(request) | dict(context), status)


def _means(request: HttpRequest) -> dict[str, object]:
    user_id = request.actor.user_id
    assert user_id is not None
    means = queries.means_of(user_id, site_of(request))
    return {
        "factor": means.factor,
        "passkeys": [(each, reverse("web:account_passkey", args=[each.pk]), works) for each, works in means.passkeys],
        "obstacle": means.obstacle,
        "can_use_passkey": means.can_use_passkey,
    }


def standing(request: HttpRequest, status: int = 200, **forms: ProofForm) -> HttpResponse:
    there = {name: proof_form(name) for name in ("renew_form", "off_form")}
    return two_steps_page(request, "on", {**there, **forms}, status)


def ask_to_confirm(request: HttpRequest, *, then: str) -> HttpResponse:
    return two_steps_page(request, "confirm", {"proof": proof_form(), "then": then})


def for_a_proof(
    request: HttpRequest,
    user: User,
    name: str,
    verb: Callable[[Proof], HttpResponse],
    again: Callable[[ProofForm, int], HttpResponse],
) -> HttpResponse:
    """The verb with the proof that the form brought; `again` shows the form where that is refused."""
    form = proof_form(name, request.POST)
    status = 422
    if form.is_valid():
        try:
            data, now = form.cleaned_data, timezone.now()
            return verb(
                proof_of(request.session, code=data["code"], passkey=data["passkey"], site=site_of(request), now=now)
            )
        except DomainError as error:
            status = error.status
            put_errors(form, error, request)
    if not queries.has_second_factor(user.pk):
        return go(request, HOME)
    return again(form, status)


def begin_again(request: HttpRequest, user: User, fresh: list[str], *, said: str) -> HttpResponse:
    """After all logins ended, this one begins anew; the recovery codes, where they were just made."""
    request.session.flush()
    start_login(request, user)
    keep_confirmed(request.session, timezone.now())
    return fresh_codes(request, fresh) if fresh else go(request, HOME, said=said)


def fresh_codes(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    return two_steps_page(request, "codes", {"fresh": fresh, "home": home_of(request.actor.role)})
