"""Setting a password by a link from an e-mail."""

from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from daybook.core.errors import DomainError
from daybook.people.auth import ask_for_password, person_of_link, set_password_by_link
from daybook.web.doors import public_page, put_errors, render_page
from daybook.web.people.forms import NewPasswordForm, PasswordLinkForm
from daybook.web.people.views.sign_in import client_address, enter, home_of
from daybook.workflows.welcome import send_password_link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link by user name or e-mail. The answer is the same whoever exists."""
    form = PasswordLinkForm(request.POST or None, business=request.business)
    is_sent = False
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                people = ask_for_password(
                    name=form.cleaned_data["name"], address=client_address(request), now=timezone.now()
                )
            except DomainError as error:
                status = error.status
                put_errors(form, error, request)
            else:
                for user in people:
                    send_password_link(user=user, base_url=request.build_absolute_uri("/"))
                is_sent, status = True, 200
    return render_page(request, "web/people/password_ask.html", {"form": form, "is_sent": is_sent}, status=status)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def choose(request: HttpRequest, user_id: UUID, token: str) -> HttpResponse:
    """Choose a password, and be signed in. A link works once."""
    user = person_of_link(user_id)
    if user is None or not default_token_generator.check_token(user, token):
        return render_page(request, "web/people/password_choose.html", {"is_over": True}, status=404)
    form = NewPasswordForm(request.POST or None, business=request.business)
    if request.method == "POST" and form.is_valid():
        try:
            user = set_password_by_link(user=user, password=form.cleaned_data["password"], now=timezone.now())
        except DomainError as error:
            put_errors(form, error, request)
        else:
            return enter(request, user, home_of(user.role), said=_("Your password is set."))
    status = 422 if form.errors else 200
    return render_page(request, "web/people/password_choose.html", {"form": form, "person": user}, status=status)
