"""Signing in and out."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from daybook.core.errors import DomainError
from daybook.people.auth import authenticate
from daybook.people.models import User
from daybook.tenancy.models import Business
from daybook.web.doors import go_to, public_page, put_errors, render_page, safe_next
from daybook.web.people.forms import SignInForm

# Named because Django's session asks for one; users are read by our own middleware.
BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@public_page
def sign_in(request: HttpRequest) -> HttpResponse:
    """By user name or e-mail; on to `next`, or to the first page of the role."""
    if request.user and request.method == "GET":
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
                start_login(request, user)
                return go_to(request, safe_next(request, home_of(user.role)))
    several = Business.objects.count() > 1
    demo = request.business.is_demo
    context = {"form": form, "next": safe_next(request, ""), "several": several, "is_demo": demo}
    return render_page(request, "web/people/sign_in.html", context, status=status)


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
