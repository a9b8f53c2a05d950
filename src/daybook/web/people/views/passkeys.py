"""One's own passkeys: making, naming and removing them, and what the browser needs for that."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from daybook.core.errors import DomainError
from daybook.people import queries, services
from daybook.people.ceremonies import answer_of, ask_own, is_confirmed
from daybook.people.models import Passkey
from daybook.people.second_step import Proof
from daybook.ui.proofs import PasskeyForm, ProofForm, proof_form
from daybook.web.doors import go, put_errors, team_page
from daybook.web.people.views.account import myself
from daybook.web.people.views.second_factor import (
    HOME,
    ask_to_confirm,
    begin_again,
    for_a_proof,
    two_steps_page,
)
from daybook.web.people.views.sign_in import site_of


@never_cache
@require_POST
@team_page(practitioner=True, before_second_factor=True)
def options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey (`purpose=create`) or to ask one."""
    return JsonResponse(
        ask_own(
            request.session,
            request.POST.get("purpose"),
            user=myself(request),
            issuer=request.business.name,
            site=site_of(request),
            now=timezone.now(),
        )
    )


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page(practitioner=True, before_second_factor=True)
def add(request: HttpRequest) -> HttpResponse:
    """A passkey with its name. Where it is the first second factor, the recovery codes are the answer."""
    user, site, now = myself(request), site_of(request), timezone.now()
    is_first = not queries.has_second_factor(user.pk)
    confirmed = is_confirmed(request.session, now)
    if not is_first and not confirmed:
        return ask_to_confirm(request, then="passkey_add")
    if is_first and request.method != "POST":
        return go(request, HOME)
    form = PasskeyForm(request.POST or None, business=request.business)
    status = 200
    if request.method == "POST":
        status = 422
        if form.require_passkey():
            data = form.cleaned_data
            answer = answer_of(request.session, data["passkey"], purpose="create", site=site, now=now)
            try:
                fresh = services.add_passkey(
                    actor=request.actor, name=data["name"], answer=answer, now=now, is_confirmed=confirmed
                )
            except DomainError as error:
                status = error.status
                put_errors(form, error, request)
            else:
                said = _("“%(name)s” signs you in from now on.") % {"name": data["name"]}
                return begin_again(request, user, fresh, said=said) if fresh else go(request, HOME, said=said)
    context = {"passkey_form": form}
    return two_steps_page(request, "add_passkey", context, status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page(practitioner=True)
def one(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    """Its name, and removing it."""
    passkey = services.access_passkey(request.actor, passkey_id)
    form = PasskeyForm(request.POST or None, business=request.business, initial={"name": passkey.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_passkey(actor=request.actor, passkey_id=passkey.pk, name=form.cleaned_data["name"])
            return go(request, HOME, said=_("Saved."))
        except DomainError as error:
            put_errors(form, error, request)
    return _page(request, passkey, form, proof_form(), 422 if form.errors else 200)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page(practitioner=True)
def remove(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    """For a proof, which its page asks for."""
    passkey = services.access_passkey(request.actor, passkey_id)

    def verb(proof: Proof) -> HttpResponse:
        services.remove_passkey(actor=request.actor, passkey_id=passkey.pk, proof=proof, now=timezone.now())
        return go(request, HOME, said=_("“%(name)s” is removed.") % {"name": passkey.name})

    def again(proof: ProofForm, status: int) -> HttpResponse:
        form = PasskeyForm(business=request.business, initial={"name": passkey.name})
        return _page(request, passkey, form, proof, status)

    if request.method != "POST":
        return again(proof_form(), 200)
    return for_a_proof(request, myself(request), "proof", verb, again)


def _page(request: HttpRequest, passkey: Passkey, form: PasskeyForm, proof: ProofForm, status: int) -> HttpResponse:
    urls = {
        "rename_url": reverse("web:account_passkey", args=[passkey.pk]),
        "remove_url": reverse("web:account_passkey_remove", args=[passkey.pk]),
    }
    return two_steps_page(request, "passkey", urls | {"passkey": passkey, "form": form, "proof": proof}, status)
