"""One's own name, contact data and password."""

from django import forms
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from daybook.core.errors import DomainError
from daybook.people.queries import has_second_factor
from daybook.people.services import update_own_account
from daybook.people.services.logins import change_password
from daybook.portal.doors import go, own_page, render
from daybook.ui.forms import BusinessForm

BACKEND = "django.contrib.auth.backends.ModelBackend"


class AccountForm(BusinessForm):
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=100)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=100, required=False)
    preferred_name = forms.CharField(label=gettext_lazy("Called"), max_length=100, required=False)
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254, required=False, widget=forms.EmailInput)
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=500, required=False)


class PasswordForm(BusinessForm):
    current_password = forms.CharField(
        label=gettext_lazy("Your password now"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=gettext_lazy("A new one"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 8 characters."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def edit(request: HttpRequest) -> HttpResponse:
    initial = {name: getattr(request.user, name) for name in AccountForm.base_fields}
    form = AccountForm(request.POST or None, business=request.business, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            update_own_account(actor=request.actor, now=timezone.now(), **form.cleaned_data)
            return go(request, "portal:account", said=_("Saved."))
        except DomainError as error:
            form.refuse(error)
    return _page(request, form, PasswordForm(business=request.business), 422 if request.method == "POST" else 200)


@sensitive_post_parameters()
@require_POST
@own_page
def password(request: HttpRequest) -> HttpResponse:
    """Every open login ends; this one begins anew."""
    form = PasswordForm(request.POST, business=request.business)
    if form.is_valid():
        try:
            user = change_password(
                actor=request.actor, current=form.cleaned_data["current_password"], new=form.cleaned_data["password"]
            )
        except DomainError as error:
            form.refuse(error)
        else:
            login(request, user, backend=BACKEND)
            return go(request, "portal:account", said=_("Your password is changed."))
    initial = {name: getattr(request.user, name) for name in AccountForm.base_fields}
    return _page(request, AccountForm(business=request.business, initial=initial), form, 422)


def _page(request: HttpRequest, form: AccountForm, password_form: PasswordForm, status: int) -> HttpResponse:
    user_id = request.actor.user_id
    context = {
        "form": form,
        "password_form": password_form,
        "has_second_factor": user_id is not None and has_second_factor(user_id),
    }
    return render(request, "portal/account.html", context, status=status)
