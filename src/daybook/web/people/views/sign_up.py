"""Making a business, and finding the way to one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from daybook.core.errors import DomainError
from daybook.people.attempts import count_sign_up
from daybook.people.cookies import own_name
from daybook.people.models import User
from daybook.tenancy.actor import Actor
from daybook.tenancy.models import Business
from daybook.tenancy.scope import open_scope
from daybook.web.doors import put_errors, render_page
from daybook.web.people.forms import FindForm, SignUpForm
from daybook.web.people.views.sign_in import client_address, start_login
from daybook.workflows.create_business import create_business, slug_of


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """A trial business with its first administrator, who is signed in at once."""
    form = SignUpForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                count_sign_up(address=client_address(request), now=timezone.now())
                business, user = _create(form.cleaned_data)
            except DomainError as error:
                status = error.status
                put_errors(form, error, request, prefix="admin_")
            else:
                return _signed_in(request, business, user)
    return render_page(request, "web/people/sign_up.html", {"form": form, "host": request.get_host()}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the business's web address; without any business, lead to making one."""
    if request.method != "POST" and not Business.objects.exists():
        return HttpResponseRedirect("/sign-up/")
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        business = Business.objects.filter(slug=slug_of(form.cleaned_data["slug"])).first()
        if business is not None:
            return HttpResponseRedirect(f"/b/{business.slug}/sign-in/")
        form.add_error("slug", form.unknown)
    status = 422 if form.errors else 200
    return render_page(request, "web/people/find.html", {"form": form, "host": request.get_host()}, status=status)


def _create(given: dict[str, str]) -> tuple[Business, User]:
    names = given["your_name"].split(None, 1)
    return create_business(
        name=given["name"],
        slug=given["slug"] or slug_of(given["name"]),
        currency=given["currency"],
        time_zone=given["time_zone"],
        locale=given["locale"],
        plan="trial",
        admin_username=given["username"],
        admin_password=given["password"],
        admin_email=given["email"],
        first_name=names[0],
        last_name=names[1] if len(names) > 1 else "",
        now=timezone.now(),
        actor=Actor(kind="user", name=given["your_name"]),
    )


def _signed_in(request: HttpRequest, business: Business, user: User) -> HttpResponse:
    """Sign in inside the new business: the session is saved here, where its scope is open, not by the middleware."""
    with open_scope(business.pk):
        request.session.flush() if request.session.session_key else None
        start_login(request, user)
        request.session.save()
        request.session.modified = False
    response = HttpResponseRedirect(f"/b/{business.slug}/")
    response.set_cookie(
        own_name(settings.SESSION_COOKIE_NAME, business.slug),
        request.session.session_key or "",
        max_age=request.session.get_expiry_age(),
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
