"""Signing in, in one step or two, and out."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from daybook.core.errors import DomainError
from daybook.core.ids import parse_id
from daybook.people.auth import authenticate, person_of_link
from daybook.people.ceremonies import ask_for_proof, keep_confirmed, proof_of
from daybook.people.models import User
from daybook.people.passkeys import Site, site_at
from daybook.people.queries import has_second_factor, means_of
from daybook.people.second_step import pass_second_step
from daybook.tenancy.models import Business
from daybook.ui.proofs import ProofForm
from daybook.web.doors import go, go_to, public_page, put_errors, render_page, safe_next
from daybook.web.people.forms import SignInForm

# Named because Django's session asks for one; users are read by our own middleware.
BACKEND = "django.contrib.auth.backends.ModelBackend"
# Where a session keeps who knew the password and owes the second step. It is no login: nobody is signed in by it.
HALF = "half_signed_in"
MINUTES_FOR_CODE = 10


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def sign_in(request: HttpRequest) -> HttpResponse:
    """By user name or e-mail; on to `next`, or to the first page of the role."""
    if request.user and request.method != "POST":
        return redirect(safe_next(request, home_of(request.actor.role)))
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = authenticate(
                    name=form.cleaned_data["name"],
                    password=form.cleaned_data["password"],
                    address=client_address(request),
                    now=timezone.now(),
                )
            except DomainError as error:
                status = error.status
                put_errors(form, error, request)
            else:
                return enter(request, user, safe_next(request, home_of(user.role)))
    several = Business.objects.count() > 1
    demo = request.business.is_demo
    context = {"form": form, "next": safe_next(request, ""), "several": several, "is_demo": demo}
    return render_page(request, "web/people/sign_in.html", context, status=status)


def enter(request: HttpRequest, user: User, target: str, *, said: str = "") -> HttpResponse:
    """In, for somebody who knows the password of `user`, and on to `target`; by way of the second step if there is one."""
    if not has_second_factor(user.pk):
        start_login(request, user)
        return go_to(request, target, said=said)
    request.session.flush()
    request.session[HALF] = {
        "user": str(user.pk),
        "password": user.get_session_auth_hash(),
        "until": timezone.now().timestamp() + MINUTES_FOR_CODE * 60,
        "next": target,
    }
    return go_to(request, reverse("web:sign_in_code"), said=said)


def half_signed_in(request: HttpRequest) -> User | None:
    """Who owes the second step: still active, with the same password, and not too late."""
    half = request.session.get(HALF)
    if not half or half["until"] < timezone.now().timestamp():
        return None
    user_id = parse_id(half["user"])
    user = person_of_link(user_id) if user_id else None
    known = user is not None and constant_time_compare(half["password"], user.get_session_auth_hash())
    return user if known else None


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def second_step(request: HttpRequest) -> HttpResponse:
    """A passkey, a code of the app, or a recovery code."""
    user = half_signed_in(request)
    if user is None:
        return go(request, "web:sign_in")
    form = ProofForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data, now = form.cleaned_data, timezone.now()
            proof = proof_of(
                request.session, code=data["code"], passkey=data["passkey"], site=site_of(request), now=now
            )
            try:
                pass_second_step(user=user, proof=proof, address=client_address(request), now=now)
            except DomainError as error:
                status = error.status
                put_errors(form, error, request)
            else:
                target = request.session.pop(HALF)["next"]
                start_login(request, user)
                keep_confirmed(request.session, now)
                return go_to(request, target)
    return render_page(request, "web/people/sign_in_code.html", _means(request, user, form), status=status)


def _means(request: HttpRequest, user: User, form: ProofForm) -> dict[str, object]:
    """What the second step of this person can be: the passkeys that work here first, the app, a recovery code."""
    means = means_of(user.pk, site_of(request))
    by_recovery = "recovery" in request.GET or not (means.has_app or means.can_use_passkey)
    if by_recovery:
        form.ask_for_recovery_code()
    return {
        "form": form,
        "person": user,
        "has_app": means.has_app,
        "has_passkeys": bool(means.passkeys),
        "can_use_passkey": means.can_use_passkey,
        "obstacle": means.obstacle if means.passkeys else "",
        "by_recovery": by_recovery,
        "code_first": by_recovery or not means.can_use_passkey,
        "by_passkey": means.can_use_passkey and not by_recovery and bool(form.data.get("passkey")),
    }


@never_cache
@require_POST
@public_page
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to ask a passkey of who owes the second step."""
    user = half_signed_in(request)
    if user is None:
        return go(request, "web:sign_in")
    return JsonResponse(ask_for_proof(request.session, user=user, site=site_of(request), now=timezone.now()))


def site_of(request: HttpRequest) -> Site:
    """Where the browser is, for passkeys; the scheme as a trusted proxy says."""
    return site_at(request.scheme or "http", request.get_host(), public_url=settings.PUBLIC_URL)


@require_POST
@public_page
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this login."""
    request.session.flush()
    return go_to(request, get_script_prefix() + "sign-in/", said=_("You are signed out."))


def start_login(request: HttpRequest, user: User) -> None:
    """A new session for this user; the one before it, if any, is gone."""
    login(request, user, backend=BACKEND)


def home_of(role: str | None) -> str:
    """The first page of a role: clients and agents have their own."""
    return get_script_prefix() + ("my/" if role in ("client", "agent") else "")


def client_address(request: HttpRequest) -> str:
    """The network address that the rate limit counts by."""
    return str(request.META.get("REMOTE_ADDR", ""))[:60]
