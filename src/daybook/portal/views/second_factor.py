"""Two-step sign-in of clients and agents: app and passkeys, new recovery codes, turning it off."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from daybook.core.errors import DomainError
from daybook.people import codes, queries, services
from daybook.people.ceremonies import (
    answer_of,
    ask_own,
    is_confirmed,
    keep_confirmed,
    proof_of,
)
from daybook.people.models import Passkey, User
from daybook.people.passkeys import Site, site_at
from daybook.people.permissions import access_user
from daybook.people.second_step import PENDING, Proof, pending_secret
from daybook.portal.doors import go, own_page, render
from daybook.portal.views.account import BACKEND
from daybook.ui.proofs import CodeForm, PasskeyForm, ProofForm, proof_form

PLACES = ("second_factor", "second_factor_off", "recovery_codes", "app", "app_off", "confirm", "passkey_add")
HOME = "portal:second_factor"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def own(request: HttpRequest) -> HttpResponse:
    """How it stands; where it is off, setting it up. The recovery codes are shown in the answer to that, this once."""
    user = _myself(request)
    if queries.has_second_factor(user.pk):
        return _standing(request) if request.method != "POST" else go(request, HOME)
    return _set_up(request, user)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def app(request: HttpRequest) -> HttpResponse:
    """The authenticator app beside passkeys: setting it up, or removing it."""
    user = _myself(request)
    factor = queries.second_factor_of(user.pk)
    if factor is None:
        return go(request, HOME)
    if factor.has_app:
        return _page(request, "app", {"proof": proof_form()})
    if not is_confirmed(request.session, timezone.now()):
        return _page(request, "confirm", {"proof": proof_form(), "then": "app"})
    return _set_up(request, user)


def _set_up(request: HttpRequest, user: User) -> HttpResponse:
    now = timezone.now()
    secret = pending_secret(request.session, user.pk)
    form = CodeForm(request.POST or None, business=request.business)
    if request.method == "POST" and form.is_valid():
        confirmed = is_confirmed(request.session, now)
        code = form.cleaned_data["code"]
        try:
            fresh = services.set_up_second_factor(
                actor=request.actor, secret=secret, code=code, now=now, is_confirmed=confirmed
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return _begin_again(request, user, fresh, said=_("Your app signs you in from now on, too."))
    address = codes.app_address(secret, account=user.username or user.name, issuer=request.business.name)
    context = {"form": form, "address": address, "secret": secret}
    status = 422 if form.errors else 200
    if queries.has_second_factor(user.pk):
        return _page(request, "add_app", context, status)
    return _page(request, "off", context | {"passkey_form": PasskeyForm(business=request.business)}, status)


@sensitive_post_parameters()
@require_POST
@own_page
def app_off(request: HttpRequest) -> HttpResponse:
    """Remove the app, for a proof."""

    def verb(proof: Proof) -> HttpResponse:
        services.remove_app(actor=request.actor, proof=proof, now=timezone.now())
        request.session.pop(PENDING, None)
        return go(request, HOME, said=_("The app is removed."))

    return _for_a_proof(request, "proof", verb, lambda form, status: _page(request, "app", {"proof": form}, status))


@sensitive_post_parameters()
@never_cache
@require_POST
@own_page
def renew(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, for a proof."""

    def verb(proof: Proof) -> HttpResponse:
        fresh = services.renew_recovery_codes(actor=request.actor, proof=proof, now=timezone.now())
        return _fresh_codes(request, fresh)

    return _for_a_proof(request, "renew_form", verb, lambda form, status: _standing(request, status, renew_form=form))


@sensitive_post_parameters()
@require_POST
@own_page
def turn_off(request: HttpRequest) -> HttpResponse:
    """All of it, for a proof."""

    def verb(proof: Proof) -> HttpResponse:
        services.turn_off_second_factor(actor=request.actor, proof=proof, now=timezone.now())
        return go(request, "portal:account", said=_("Two-step sign-in is off."))

    return _for_a_proof(request, "off_form", verb, lambda form, status: _standing(request, status, off_form=form))


@sensitive_post_parameters()
@require_POST
@own_page
def confirm(request: HttpRequest) -> HttpResponse:
    """Show a second factor before another one is added; on to where that is done."""
    then = "app" if request.POST.get("then") == "app" else "passkey_add"

    def verb(proof: Proof) -> HttpResponse:
        services.confirm(actor=request.actor, proof=proof, now=timezone.now())
        keep_confirmed(request.session, timezone.now())
        return go(request, f"portal:{then}")

    def again(form: ProofForm, status: int) -> HttpResponse:
        return _page(request, "confirm", {"proof": form, "then": then}, status)

    return _for_a_proof(request, "proof", verb, again)


# ── passkeys ──


@never_cache
@require_POST
@own_page
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey (`purpose=create`) or to ask one."""
    return JsonResponse(
        ask_own(
            request.session,
            request.POST.get("purpose"),
            user=_myself(request),
            issuer=request.business.name,
            site=site_of(request),
            now=timezone.now(),
        )
    )


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def passkey_add(request: HttpRequest) -> HttpResponse:
    """A passkey with its name. Where it is the first second factor, the recovery codes are the answer."""
    user, now = _myself(request), timezone.now()
    is_first, confirmed = not queries.has_second_factor(user.pk), is_confirmed(request.session, now)
    if not is_first and not confirmed:
        return _page(request, "confirm", {"proof": proof_form(), "then": "passkey_add"})
    if is_first and request.method != "POST":
        return go(request, HOME)
    form = PasskeyForm(request.POST or None, business=request.business)
    if request.method == "POST" and form.require_passkey():
        data = form.cleaned_data
        answer = answer_of(request.session, data["passkey"], purpose="create", site=site_of(request), now=now)
        try:
            fresh = services.add_passkey(
                actor=request.actor, name=data["name"], answer=answer, now=now, is_confirmed=confirmed
            )
        except DomainError as error:
            form.refuse(error)
        else:
            said = _("“%(name)s” signs you in from now on.") % {"name": data["name"]}
            return _begin_again(request, user, fresh, said=said) if fresh else go(request, HOME, said=said)
    return _page(request, "add_passkey", {"passkey_form": form}, 422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def passkey(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    """Its name, and removing it."""
    there = services.access_passkey(request.actor, passkey_id)
    form = PasskeyForm(request.POST or None, business=request.business, initial={"name": there.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_passkey(actor=request.actor, passkey_id=there.pk, name=form.cleaned_data["name"])
            return go(request, HOME, said=_("Saved."))
        except DomainError as error:
            form.refuse(error)
    return _passkey_page(request, there, form, proof_form(), 422 if form.errors else 200)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def passkey_remove(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    """For a proof, which its page asks for."""
    there = services.access_passkey(request.actor, passkey_id)

    def verb(proof: Proof) -> HttpResponse:
        services.remove_passkey(actor=request.actor, passkey_id=there.pk, proof=proof, now=timezone.now())
        return go(request, HOME, said=_("“%(name)s” is removed.") % {"name": there.name})

    def again(proof: ProofForm, status: int) -> HttpResponse:
        form = PasskeyForm(business=request.business, initial={"name": there.name})
        return _passkey_page(request, there, form, proof, status)

    if request.method != "POST":
        return again(proof_form(), 200)
    return _for_a_proof(request, "proof", verb, again)


# ── what these pages share ──


def _myself(request: HttpRequest) -> User:
    return access_user(request.actor, request.actor.user_id)


def site_of(request: HttpRequest) -> Site:
    """Where the browser is, for passkeys; the scheme as a trusted proxy says."""
    return site_at(request.scheme or "http", request.get_host(), public_url=settings.PUBLIC_URL)


def _page(request: HttpRequest, part: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """One part of two-step sign-in, with the addresses of all and whether a passkey can be asked here."""
    user_id = request.actor.user_id
    assert user_id is not None
    means = queries.means_of(user_id, site_of(request))
    frame: dict[str, object] = {
        "part": part,
        "urls": {name: reverse(f"portal:{name}") for name in PLACES},
        "options_url": reverse("portal:passkey_options"),
        "factor": means.factor,
        "passkeys": [(each, reverse("portal:passkey", args=[each.pk]), works) for each, works in means.passkeys],
        "obstacle": means.obstacle,
        "can_use_passkey": means.can_use_passkey,
    }
    return render(request, "portal/second_factor.html", {**frame, **context}, status=status)


def _passkey_page(
    request: HttpRequest, there: Passkey, form: PasskeyForm, proof: ProofForm, status: int
) -> HttpResponse:
    urls = {
        "rename_url": reverse("portal:passkey", args=[there.pk]),
        "remove_url": reverse("portal:passkey_remove", args=[there.pk]),
    }
    return _page(request, "passkey", urls | {"passkey": there, "form": form, "proof": proof}, status)


def _standing(request: HttpRequest, status: int = 200, **forms_there: ProofForm) -> HttpResponse:
    there = {name: proof_form(name) for name in ("renew_form", "off_form")}
    return _page(request, "on", {**there, **forms_there}, status)


def _for_a_proof(
    request: HttpRequest,
    name: str,
    verb: Callable[[Proof], HttpResponse],
    again: Callable[[ProofForm, int], HttpResponse],
) -> HttpResponse:
    """The verb with the proof that the form brought; `again` shows the form where that is refused."""
    form = proof_form(name, request.POST)
    status = 422
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        try:
            return verb(
                proof_of(request.session, code=data["code"], passkey=data["passkey"], site=site_of(request), now=now)
            )
        except DomainError as error:
            status = error.status
            form.refuse(error)
    if not queries.has_second_factor(_myself(request).pk):
        return go(request, HOME)
    return again(form, status)


def _begin_again(request: HttpRequest, user: User, fresh: list[str], *, said: str) -> HttpResponse:
    """After all logins ended, this one begins anew; the recovery codes, where they were just made."""
    request.session.flush()
    login(request, user, backend=BACKEND)
    keep_confirmed(request.session, timezone.now())
    return _fresh_codes(request, fresh) if fresh else go(request, HOME, said=said)


def _fresh_codes(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    return _page(request, "codes", {"fresh": fresh, "home": reverse("portal:account")})
