"""Lists of people: search, filters, sorting, paging, status of many."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from daybook.core.ids import parse_id
from daybook.insights.people import Narrowing, chosen, named, offered
from daybook.insights.people import people_page as people_page_of
from daybook.people import queries, services
from daybook.people.models import User
from daybook.people.permissions import SEE_CONTACT_DATA
from daybook.people.queries import wanted
from daybook.tenancy.actor import Actor
from daybook.tenancy.queries import business_words
from daybook.tenancy.scope import current_group
from daybook.ui.listing import Listing, Page
from daybook.ui.states import look
from daybook.ui.terms import capital, word
from daybook.web.choices import render_choices
from daybook.web.doors import go, go_to, render_page, team_page
from daybook.web.people.cells import Cells
from daybook.web.people.kinds import Kind

View = Callable[..., HttpResponse]
STATUSES = ("active", "inactive", "prospect")
CHOICES = ("practitioner", "agent", "tag")  # filters of clients that may have more choices than a menu


def people_page(view: View) -> View:
    """A page of one kind of people: for team members with the kind's permission; clients also for practitioners."""

    @team_page(practitioner=True)
    @wraps(view)
    def page(request: HttpRequest, kind: Kind, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (request.actor.role == "practitioner" and kind.is_clients):
            request.actor.require(kind.permission)
        return view(request, kind, *args, **kwargs)

    return page


@require_safe
@people_page
def people(request: HttpRequest, kind: Kind) -> HttpResponse:
    """The list. Its state is the address."""
    actor = request.actor
    listing = Listing.read(request, kind.name, columns_of(kind, actor), default="name")
    narrowing = narrowing_of(request, kind)
    found = people_page_of(
        chosen(actor, kind.roles, narrowing),
        wanted(listing.q, in_names=only_names(listing.q, actor)),
        columns=[name for name, is_shown in listing.shows.items() if is_shown],
        sort=listing.sort,
        descending=listing.descending,
        offset=(listing.number - 1) * listing.size,
        limit=listing.size,
        zone=request.business.time_zone,
    )
    page = Page(found.rows, listing.number, listing.size, found.total, found.has_next)
    cells = Cells(listing, request.business, business_words(), kind=kind, actor=actor)
    context = {
        "kind": kind,
        "listing": listing,
        "page": page,
        "rows": cells.written(found.rows),
        "is_near": found.is_near,
        "is_filtered": bool(
            listing.q or any(request.GET.get(name) for name in ("status", "practitioner", "agent", "tag"))
        ),
        "may_edit": actor.is_team,
        "statuses": [("", _("All")), *((name, look(name).word) for name in _statuses(kind))],
        "bulk_statuses": _statuses(kind),
        "narrowing": narrowing,
        "offered": offered(narrowing) if kind.is_clients and actor.is_team else None,
    }
    return render_page(request, "web/people/list.html", context)


def _statuses(kind: Kind) -> tuple[str, ...]:
    return STATUSES if kind.is_clients else STATUSES[:2]


def columns_of(kind: Kind, actor: Actor) -> list[Any]:
    """Columns that this reader may see: practitioners have no use for money, logins and agents."""
    if actor.is_team:
        return [each for each in kind.columns if each.name != "balance" or actor.may("manage_accounting")]
    hidden = {"balance", "username", "last_login", "tags", "agent", "practitioners", "created_at"}
    return [each for each in kind.columns if each.name not in hidden]


def narrowing_of(request: HttpRequest, kind: Kind) -> Narrowing:
    """What the address filters by; what makes no sense counts as not given."""
    given = request.GET
    status = given.get("status", "")
    narrowing = Narrowing(status=status if status in STATUSES else "")
    if not (kind.is_clients and request.actor.is_team):
        return narrowing
    return replace(
        narrowing,
        practitioner_id=parse_id(given.get("practitioner")),
        agent_id=parse_id(given.get("agent")),
        tag=given.get("tag", "").replace("\x00", "")[:40],
    )


def only_names(text: str, actor: Actor) -> bool:
    """Whether the text is looked for in names alone: who may not see contact data finds nobody by it."""
    return bool(text) and not actor.may(SEE_CONTACT_DATA)


@require_safe
@people_page
def choose(request: HttpRequest, kind: Kind, what: str) -> HttpResponse:
    """The choices of a filter of the list, each leading to the list so narrowed; the list fetches them when asked."""
    request.actor.require(kind.permission)
    if what == "tag":
        choices, label = [(tag, tag) for tag in queries.tags_in_use("client")], _("Tag")
    else:
        choices, label = named(what), word(business_words(), what)
    return render_choices(request, what, capital(label), choices, kind.url())


@require_POST
@people_page
def set_status(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Give the ticked people a status; the notice carries Undo."""
    request.actor.require(kind.permission)
    ids = [key for key in map(parse_id, request.POST.getlist("id")) if key]
    back = kind.url() + (f"?{query}" if (query := request.META.get("QUERY_STRING")) else "")
    changed = services.set_status(
        actor=request.actor, user_ids=ids, status=request.POST.get("status", ""), now=timezone.now()
    )
    if not changed:
        return go_to(request, back, said=_("Nothing to change: they are so already."))
    said = _status_sentence(changed, request.POST["status"])
    return go_to(request, back, said=said, undo=kind.url("status_undo", current_group()))


def _status_sentence(changed: list[User], status: str) -> str:
    name = str(look(status).word).lower()
    if len(changed) == 1:
        return _("%(name)s is %(status)s now.") % {"name": changed[0].name, "status": name}
    return _("%(count)d are %(status)s now.") % {"count": len(changed), "status": name}


@require_POST
@people_page
def undo_status(request: HttpRequest, kind: Kind, group: UUID) -> HttpResponse:
    """Take a change of status back."""
    request.actor.require(kind.permission)
    changed = services.undo_set_status(actor=request.actor, group=group, now=timezone.now())
    count = len(changed)
    said = ngettext("%(count)d is as before.", "%(count)d are as before.", count) % {"count": count}
    return go(request, f"web:{kind.name}", said=said)
