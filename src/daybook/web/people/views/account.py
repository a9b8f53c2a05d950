"""The own account: names and contact, password, availability, API tokens."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from daybook.core.errors import DomainError
from daybook.people import queries, services
from daybook.people.models import User
from daybook.people.permissions import EDIT_AVAILABILITY, access_user
from daybook.people.queries import related_of
from daybook.tenancy.queries import business_words
from daybook.web.doors import go, put_errors, render_page, team_page
from daybook.web.people.forms import AccountForm, AvailabilityForm, OwnPasswordForm, TokenForm
from daybook.web.people.forms.person import week_of
from daybook.web.people.views.sign_in import start_login

FIELDS = ("first_name", "last_name", "preferred_name", "email", "phone", "address", "birthday")


def myself(request: HttpRequest) -> User:
    return access_user(request.actor, request.actor.user_id)


def account_page(request: HttpRequest, tab: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    own_hours = request.actor.role == "practitioner"
    api = request.business.has_api
    frame = {"person": myself(request), "tab": tab, "own_hours": own_hours, "api": api}
    return render_page(request, f"web/people/account_{tab}.html", frame | context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(practitioner=True)
def account(request: HttpRequest) -> HttpResponse:
    """Names and contact data."""
    user = myself(request)
    form = AccountForm(
        request.POST or None, initial={name: getattr(user, name) for name in FIELDS}, business=request.business
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update_own_account(actor=request.actor, now=timezone.now(), **form.cleaned_data)
            return go(request, "web:account", said=_("Saved."))
        except DomainError as error:
            put_errors(form, error, request)
    return account_page(request, "profile", {"form": form}, 422 if form.errors else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@team_page(practitioner=True)
def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other login of this person ends."""
    form = OwnPasswordForm(request.POST or None, business=request.business)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.change_password(
                actor=request.actor, current=form.cleaned_data["current_password"], new=form.cleaned_data["password"]
            )
        except DomainError as error:
            put_errors(form, error, request)
        else:
            request.session.flush()
            start_login(request, user)
            return go(request, "web:account_password", said=_("Your new password holds. Other devices are signed out."))
    return account_page(request, "password", {"form": form}, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(practitioner=True)
def availability(request: HttpRequest) -> HttpResponse:
    """A practitioner's own weekly hours."""
    user = myself(request)
    related = related_of([user.pk], actor=request.actor)[user.pk]
    form = AvailabilityForm(
        request.POST or None, initial={"windows": week_of(related.availability)}, has_date=False,
        business=request.business, terms=business_words(),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.set_availability(actor=request.actor, user_id=user.pk, windows=form.chosen())
            return go(request, "web:account_availability", said=_("Saved."))
        except DomainError as error:
            put_errors(form, error, request)
    editable = request.actor.is_team or request.actor.may(EDIT_AVAILABILITY)
    context = {"form": form, "related": related, "editable": editable}
    return account_page(request, "availability", context, 422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page(practitioner=True)
def tokens(request: HttpRequest) -> HttpResponse:
    """Own API tokens. A new one is shown in the answer to its making and never again."""
    form = TokenForm(request.POST or None, business=request.business)
    fresh = ""
    if request.method == "POST" and form.is_valid():
        fresh = services.issue_own_token(actor=request.actor, now=timezone.now(), name=form.cleaned_data["name"])
        form = TokenForm(business=request.business)
    context = {"form": form, "fresh": fresh, "tokens": queries.open_tokens(myself(request).pk)}
    return account_page(request, "tokens", context, 422 if form.errors else 200)


@require_POST
@team_page(practitioner=True)
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End a token."""
    services.revoke_token(actor=request.actor, token_id=token_id, now=timezone.now())
    return go(request, "web:account_tokens", said=_("The token is revoked."))
