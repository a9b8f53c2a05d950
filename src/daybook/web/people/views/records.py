"""One person's pages: overview, assignment, availability, permissions, history; adding, changing, deleting."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybook.core.errors import DomainError, NotFound, NotPermitted
from daybook.ledger.queries.balances import balance_of
from daybook.people import queries, services
from daybook.people.errors import HasHistory
from daybook.people.models import User
from daybook.people.permissions import (
    HIDE_COSTS,
    MANAGE_ACCOUNTING,
    access_user,
    may_manage,
    may_see_contact,
    may_see_notes,
)
from daybook.people.queries import Related, related_of
from daybook.scheduling.queries import Filters, session_page
from daybook.tenancy.actor import Actor
from daybook.tenancy.permissions import for_role
from daybook.tenancy.queries import business_words
from daybook.ui.context import is_fragment
from daybook.ui.terms import capital, word
from daybook.web.doors import go, go_to, once, put_errors, render_page
from daybook.web.history import history
from daybook.web.people.cells import PAYERS
from daybook.web.people.forms import AvailabilityForm, PersonForm, PickForm
from daybook.web.people.forms.person import week_of
from daybook.web.people.kinds import Kind
from daybook.web.people.views.lists import people_page
from daybook.web.scheduling.said import in_words
from daybook.workflows.delete_person import delete_person
from daybook.workflows.welcome import send_welcome

SHOWN_SESSIONS = 6


def access(request: HttpRequest, kind: Kind, user_id: UUID) -> User:
    """The person of this kind, or 404."""
    return access_user(request.actor, user_id, roles=kind.roles)


def require_managing(actor: Actor, user: User) -> None:
    if not may_manage(actor, user):
        raise NotPermitted(permission="administrator" if user.role == "administrator" else "team")


def frame(request: HttpRequest, kind: Kind, user: User, tab: str) -> dict[str, Any]:
    """What every tab of a record shows above its contents."""
    actor = request.actor
    contact = may_see_contact(actor, user)
    manages = may_manage(actor, user)
    return {
        "kind": kind,
        "person": user,
        "contact": contact,
        "manages": manages,
        "tab": tab,
        "tabs": _tabs(kind, user, manages),
        "money": balance_of(user.pk) if _shows_money(actor, user) else None,
        "verbs": _verbs(kind, user) if actor.is_team else [],
        "second_factor_url": _second_factor_url(actor, kind, user),
        **{
            f"{name}_url": kind.url(page, user.pk)
            for name, page in (("edit", "edit"), ("delete", "delete"), ("welcome", "welcome"), ("status", "set_status"))
        },
    }


def _second_factor_url(actor: Actor, kind: Kind, user: User) -> str:
    """Where an administrator takes the second factor off this person, if there is one; nothing for others."""
    resets = actor.is_administrator and user.pk != actor.user_id and user.has_login
    return kind.url("second_factor_reset", user.pk) if resets and queries.has_second_factor(user.pk) else ""


def _shows_money(actor: Actor, user: User) -> bool:
    return user.role in ("client", "agent") and actor.is_team and actor.may(MANAGE_ACCOUNTING)


def _tabs(kind: Kind, user: User, manages: bool) -> list[tuple[str, Any, str]]:
    """Name, label, address of each tab; the label of the assignment tab is a term."""
    tabs: list[tuple[str, Any, str]] = [("overview", _("Overview"), kind.record(user))]
    if manages and kind.is_clients:
        tabs.append(("assigned", "term:practitioner", kind.url("assigned", user.pk)))
    if manages and kind.has_clients:
        tabs.append(("assigned", "term:client", kind.url("assigned", user.pk)))
    if kind.is_clients or kind.name == "practitioners":
        tabs.append(("availability", _("Availability"), kind.url("availability", user.pk)))
    if manages and user.role != "administrator":
        tabs.append(("permissions", _("Permissions"), kind.url("permissions", user.pk)))
    if manages:
        tabs.append(("history", _("History"), kind.url("history", user.pk)))
    return tabs


def _verbs(kind: Kind, user: User) -> list[tuple[str, str, str]]:
    """The likeliest actions: icon, label, address; those whose page there is."""
    wanted = {
        "client": [
            ("session-add", "term:session", "web:session_add", f"?client={user.pk}"),
            ("payment", "term:payment", "web:payment_add", f"?client={user.pk}"),
        ],
        "practitioner": [("session-add", "term:session", "web:session_add", f"?practitioner={user.pk}")],
        "agent": [("payment", "term:payment", "web:payment_add", f"?client={user.pk}")],
    }.get(user.role, [])
    if user.status != "active":
        return []
    found = ((icon, label, _address(name), query) for icon, label, name, query in wanted)
    return [(icon, label, url + query) for icon, label, url, query in found if url]


def _address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@require_safe
@people_page
def overview(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """Who it is, how it is reached, what comes next, what is owed."""
    user = access(request, kind, user_id)
    related = related_of([user.pk], actor=request.actor)[user.pk]
    context = frame(request, kind, user, "overview") | {
        "related": related,
        "notes": may_see_notes(request.actor),
        "practitioners": _people_of(related.practitioner_ids),
        "clients": _people_of(related.client_ids[:12]),
        "clients_more": max(0, len(related.client_ids) - 12),
        "agent": User.objects.filter(pk=user.agent_id).first() if user.agent_id else None,
        "sessions": _sessions(request.actor, user),
        "has_sessions": user.role in ("client", "practitioner"),
        "links": _links(user, request.actor),
    }
    return render_page(request, "web/people/overview.html", context)


def _people_of(ids: Any) -> list[User]:
    return list(queries.by_name(User.objects.filter(pk__in=list(ids)))) if ids else []


def _sessions(actor: Actor, user: User) -> list[Any]:
    """The next few, from an hour ago on."""
    if user.role not in ("client", "practitioner"):
        return []
    whose = Filters(client_id=user.pk) if user.role == "client" else Filters(practitioner_id=user.pk)
    return session_page(actor, replace(whose, starts=timezone.now() - timedelta(hours=1)), limit=SHOWN_SESSIONS)


def _links(user: User, actor: Actor) -> dict[str, str]:
    """Pages of other rooms about this person, where there are such pages."""
    sessions = _address("web:sessions")
    accounting = actor.is_team and actor.may(MANAGE_ACCOUNTING)
    links = {
        "sessions": f"{sessions}?{user.role}={user.pk}" if sessions and user.role in ("client", "practitioner") else "",
        "statement": _address("web:statement", user.pk) if accounting else "",
        "payments": f"{_address('web:payments')}?client={user.pk}" if accounting and user.role in PAYERS else "",
        "invoices": f"{_address('web:invoices')}?client={user.pk}" if accounting and user.role in PAYERS else "",
        "rates": _address("web:client_rates", user.pk) if accounting and user.role == "client" else "",
        "wages": _address("web:wage_rates", user.pk) if accounting and user.role == "practitioner" else "",
    }
    return {name: url for name, url in links.items() if url}


# ── adding and changing ──


@require_http_methods(["GET", "HEAD", "POST"])
@people_page
def add(request: HttpRequest, kind: Kind) -> HttpResponse:
    """A new person of this kind."""
    request.actor.require_team()
    form = _form(request, kind, initial={"status": "active", "role": "staff"}, is_new=True, contact=True)

    def save() -> HttpResponse:
        values = form.changes()
        role = values.pop("role", None) or ("staff" if kind.is_team else kind.roles[0])
        user = services.create_user(actor=request.actor, role=role, now=timezone.now(), **values)
        return go_to(request, kind.record(user), said=_("%(name)s is added.") % {"name": user.name})

    return _answer(request, form, save, "web/people/edit.html", {"kind": kind, "is_new": True, "back": kind.url()})


@require_http_methods(["GET", "HEAD", "POST"])
@people_page
def edit(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """Names, contact, login, status and what belongs to a person."""
    user = access(request, kind, user_id)
    require_managing(request.actor, user)
    related = related_of([user.pk], actor=request.actor)[user.pk]
    contact = may_see_contact(request.actor, user)
    form = _form(request, kind, initial=_initial(user, related), is_new=False, contact=contact)

    def save() -> HttpResponse:
        services.update_user(actor=request.actor, user_id=user.pk, now=timezone.now(), **form.changes())
        return go_to(request, kind.record(user), said=_("Saved."))

    context = {"kind": kind, "person": user, "is_new": False, "back": kind.record(user)}
    return _answer(request, form, save, "web/people/edit.html", context)


def _form(request: HttpRequest, kind: Kind, *, initial: dict[str, Any], is_new: bool, contact: bool) -> PersonForm:
    return PersonForm(
        request.POST or None, initial=initial, kind=kind, actor=request.actor, is_new=is_new, contact=contact,
        business=request.business, terms=business_words(),
    )  # fmt: skip


def _initial(user: User, related: Related) -> dict[str, Any]:
    plain = (
        "first_name",
        "last_name",
        "preferred_name",
        "email",
        "phone",
        "address",
        "birthday",
        "status",
        "role",
        "username",
        "notes",
    )
    return {name: getattr(user, name) for name in plain} | {
        "tags": ", ".join(user.tags),
        "agent": str(user.agent_id or ""),
        "hide_costs": related.hide_costs,
        "calendar_color": related.calendar_color,
    }


def _answer(
    request: HttpRequest, form: Any, save: Callable[[], HttpResponse], template: str, context: dict[str, Any]
) -> HttpResponse:
    """The form, or what comes after saving it; refused, with what was typed and what is wrong."""

    def verb() -> HttpResponse:
        if not form.is_valid():
            return render_page(request, template, context | {"form": form}, status=422)
        try:
            return save()
        except DomainError as error:
            if isinstance(error, NotPermitted) or (isinstance(error, NotFound) and not error.field):
                raise
            put_errors(form, error, request)
            return render_page(request, template, context | {"form": form}, status=422)

    if request.method == "POST":
        return once(request, verb)
    return render_page(request, template, context | {"form": form})


# ── tabs ──


@require_http_methods(["GET", "HEAD", "POST"])
@people_page
def assigned(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """PRE-ASSIGN: a client's practitioners, or the clients of a practitioner or an agent, in a two-block picker."""
    user = access(request, kind, user_id)
    require_managing(request.actor, user)
    role = "practitioner" if kind.is_clients else "client"
    related = related_of([user.pk], actor=request.actor)[user.pk]
    there = related.practitioner_ids if kind.is_clients else related.client_ids
    words = business_words()
    label = capital(word(words, role, "plural"))
    form = PickForm(
        request.POST or None, initial={"people": [str(each) for each in there]}, role=role, label=label,
        business=request.business, terms=words,
    )  # fmt: skip

    def save() -> HttpResponse:
        name = "practitioner_ids" if kind.is_clients else "client_ids"
        chosen = [UUID(each) for each in form.cleaned_data["people"]]
        services.update_user(actor=request.actor, user_id=user.pk, now=timezone.now(), **{name: chosen})
        return go_to(request, kind.url("assigned", user.pk), said=_("Saved."))

    context = frame(request, kind, user, "assigned") | {"others": role}
    return _answer(request, form, save, "web/people/assigned.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@people_page
def availability(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """Weekly windows; for clients also the date from which they are inactive."""
    user = access(request, kind, user_id)
    if request.method == "POST":
        require_managing(request.actor, user)
    related = related_of([user.pk], actor=request.actor)[user.pk]
    form = AvailabilityForm(
        request.POST or None, initial={"windows": week_of(related.availability), "inactive_on": user.inactive_on},
        has_date=kind.is_clients, business=request.business, terms=business_words(),
    )  # fmt: skip

    def save() -> HttpResponse:
        changes: dict[str, Any] = {"availability": form.chosen()}
        if kind.is_clients:
            changes["inactive_on"] = form.cleaned_data["inactive_on"]
        services.update_user(actor=request.actor, user_id=user.pk, now=timezone.now(), **changes)
        return go_to(request, kind.url("availability", user.pk), said=_("Saved."))

    context = frame(request, kind, user, "availability") | {"related": related}
    return _answer(request, form, save, "web/people/availability.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@people_page
def permissions(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """What this person may do; differences from the role's default are marked."""
    user = access(request, kind, user_id)
    require_managing(request.actor, user)
    if user.role == "administrator":
        raise NotFound(what="user")
    if request.method == "POST":
        changes = {each.name: each.name in request.POST for each in for_role(user.role)}  # type: ignore[arg-type]
        now_held = queries.permissions_of(user)
        changed = {name: value for name, value in changes.items() if value != now_held[name]}
        services.set_permissions(actor=request.actor, user_id=user.pk, changes=changed)
        return go_to(request, kind.url("permissions", user.pk), said=_("Saved."))
    holds = queries.permissions_of(user)
    rows = [(each, holds[each.name], holds[each.name] != each.defaults[user.role]) for each in for_role(user.role)]  # type: ignore[arg-type, index]
    context = frame(request, kind, user, "permissions") | {
        "rows": rows,
        "locked": user.role == "staff" and not request.actor.is_administrator,
        "hide_costs": HIDE_COSTS,
    }
    return render_page(request, "web/people/permissions.html", context)


@require_safe
@people_page
def history_tab(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """Every change of this person and of what belongs to it."""
    user = access(request, kind, user_id)
    require_managing(request.actor, user)
    entries = history(user.pk, business=request.business, words=business_words(), without=_unseen(request.actor, user))
    return render_page(request, "web/people/history.html", frame(request, kind, user, "history") | {"entries": entries})


def _unseen(actor: Actor, user: User) -> set[str]:
    """What of a person's history this reader may not see, as on the person's page."""
    unseen: set[str] = set()
    if not may_see_notes(actor):
        unseen.add("notes")
    if not may_see_contact(actor, user):
        unseen |= {"email", "phone", "address", "birthday"}
    if not actor.may(MANAGE_ACCOUNTING):
        unseen |= {"catalog_clientrate", "catalog_wagerate"}
    return unseen


# ── verbs ──


@require_POST
@people_page
def delete(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """Into the bin, with Undo; refused with what stands against it."""
    user = access(request, kind, user_id)
    try:
        delete_person(actor=request.actor, user_id=user.pk, now=timezone.now())
    except HasHistory as error:
        if not is_fragment(request) or user.status == "inactive":
            raise
        instead = {"undo": kind.url("set_status", user.pk) + "?status=inactive", "undoLabel": _("Make inactive")}
        notice = {"text": in_words(request, error), "kind": "bad", **instead}
        return HttpResponse(status=error.status, headers={"HX-Trigger": json.dumps({"daybook:notice": notice})})
    said = _("%(name)s is deleted.") % {"name": user.name}
    return go(request, f"web:{kind.name}", said=said, undo=kind.url("recover", user.pk))


@require_POST
@people_page
def recover(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """Out of the bin."""
    user = services.recover_user(actor=request.actor, user_id=user_id, roles=kind.roles)
    return go_to(request, kind.record(user), said=_("%(name)s is back.") % {"name": user.name})


@require_safe
@people_page
def bin_of(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Who was deleted, by whom and when."""
    request.actor.require_team()
    people = [user for role in kind.roles for user in queries.deleted_people(role)[:200]]
    names = {
        user.pk: user.name for user in User.objects.with_deleted().filter(pk__in={user.deleted_by for user in people})
    }
    rows = [(user, names.get(user.deleted_by, ""), kind.url("recover", user.pk)) for user in people]
    return render_page(request, "web/people/bin.html", {"kind": kind, "rows": rows})


@require_POST
@people_page
def welcome(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """An e-mail with the user name and a link to choose a password."""
    user = access(request, kind, user_id)
    send_welcome(actor=request.actor, user_id=user.pk, base_url=request.build_absolute_uri("/"))
    said = _("An e-mail to %(address)s is in the outbox.") % {"address": user.email}
    return go_to(request, kind.record(user), said=said)


@require_POST
@people_page
def change_status(request: HttpRequest, kind: Kind, user_id: UUID) -> HttpResponse:
    """From the record's menu, or instead of deleting (then the status stands in the address)."""
    user = access(request, kind, user_id)
    status = request.POST.get("status") or request.GET.get("status", "")
    services.set_status(actor=request.actor, user_ids=[user.pk], status=status, now=timezone.now())
    return go_to(request, kind.record(user), said=_("Saved."))
