"""The list of sessions: filters, sorting, bulk verbs, export."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from daybook.catalog.permissions import visible_locations, visible_services
from daybook.core.errors import DomainError
from daybook.core.ids import parse_id
from daybook.core.money import minor_to_text
from daybook.core.periods import day_start, local_date
from daybook.insights.session_filters import offered
from daybook.people.permissions import known_people
from daybook.people.queries import by_name
from daybook.scheduling.models import CompletionType
from daybook.scheduling.permissions import Sight
from daybook.scheduling.queries import MOST_COUNTED, Filters, SessionRow, count_sessions, session_page
from daybook.scheduling.queries.completions import completion_types
from daybook.tenancy.actor import Actor
from daybook.tenancy.queries import business_words
from daybook.tenancy.scope import current_business
from daybook.ui import format
from daybook.ui.listing import Column, Listing, Page
from daybook.ui.terms import capital, word
from daybook.web.choices import render_choices
from daybook.web.doors import render_page, team_page
from daybook.web.exports import table_file
from daybook.web.scheduling.cells import SessionCells
from daybook.web.scheduling.lines import lines_of
from daybook.web.scheduling.said import in_words, said
from daybook.workflows.bulk_sessions import Action, bulk_sessions

COLUMNS = [
    Column("when", gettext_lazy("When"), order=("when",), fixed=True),
    Column("clients", "term:client:plural"),
    Column("service", "term:service", order=("service",)),
    Column("practitioner", "term:practitioner", order=("practitioner",)),
    Column("location", "term:location", order=("location",)),
    Column("status", gettext_lazy("Status"), order=("status",)),
    Column("cost", gettext_lazy("Cost"), numeric=True),
    Column("wage", "term:wage", numeric=True, hidden=True),
]
VIEWS = ("upcoming", "unsaved", "all")
CHOICES = ("practitioner", "service", "location")  # filters that may have more choices than a menu
MOST_EXPORTED = 50_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address narrows the list to."""

    filters: Filters
    view: str
    first: date | None
    last: date | None

    @property
    def is_narrowed(self) -> bool:
        """By more than the view itself, which has times and a state of its own."""
        status = None if self.view == "unsaved" else self.filters.status
        rest = replace(self.filters, starts=None, ends=None, status=status)
        return bool(self.first or self.last) or rest != Filters()


@require_safe
@team_page("manage_schedule", practitioner=True)
def listing(request: HttpRequest) -> HttpResponse:
    """All sessions that the actor may see, newest first; `?view=unsaved` those that are over and not saved yet."""
    asked = read(request)
    state = Listing.read(
        request, "sessions", columns_for(request), default="when" if asked.view == "upcoming" else "-when"
    )
    filters = replace(asked.filters, text=state.q)
    rows = session_page(
        request.actor,
        filters,
        sort=state.sort,
        descending=state.descending,
        limit=state.size + 1,
        offset=(state.number - 1) * state.size,
    )
    total = count_sessions(request.actor, filters)
    abilities = _abilities(request.actor)
    cells = SessionCells(state.shows, business_words(), may_bulk=abilities["may_bulk"], may_edit=abilities["may_edit"])
    page = Page(rows[: state.size], state.number, state.size, total, len(rows) > state.size)
    context = {
        "listing": state,
        "page": page,
        "asked": asked,
        "rows": cells.written(lines_of(page.rows, request.business, now=timezone.now())),
        "tabs": _tabs(asked.view),
        "unsaved": _counted(count_sessions(request.actor, Filters(ends=timezone.now(), status="open"))),
        "narrowed": asked.is_narrowed or bool(state.q),
        "kept": [(name, value) for name, value in request.GET.items() if name not in ("from", "to", "page")],
        "offered": offered(filters.practitioner_id, filters.service_id, filters.location_id),
        "statuses": [
            ("", _("All")),
            ("open", _("Open")),
            ("completed", _("Completed")),
            ("missed", _("Missed")),
            ("canceled", _("Canceled")),
        ],
        "own_types": _own_types() if asked.view == "all" else [],
        **abilities,
    }
    return render_page(request, "web/scheduling/sessions.html", context)


def _counted(count: int | None) -> str:
    """The number beside a tab: none for nothing, and a plus after what was not counted on."""
    if count == 0:
        return ""
    locale = current_business().locale
    return format.number(count, locale) if count is not None else f"{format.number(MOST_COUNTED, locale)}+"


def _abilities(actor: Actor) -> dict[str, Any]:
    may_complete, may_edit = (actor.is_team or actor.may(name) for name in ("complete_sessions", "edit_sessions"))
    return {
        "may_add": actor.is_team or actor.may("add_sessions"),
        "may_edit": may_edit,
        "may_complete": may_complete,
        "may_bulk": may_edit or may_complete,
        "own_kinds": [kind for kind in completion_types(enabled_only=True) if not kind.is_default]
        if may_complete
        else [],
    }


def columns_for(request: HttpRequest) -> list[Column]:
    """The columns in the business's words, without amounts that the actor may not see."""
    words, sight = business_words(), Sight(request.actor)
    shown = [column for column in COLUMNS if column.name != "cost" or sight.costs]
    if not request.actor.may("see_wages"):
        shown = [column for column in shown if column.name != "wage"]

    def named(column: Column) -> Column:
        text = str(column.label)
        if not text.startswith("term:"):
            return column
        _prefix, term, *form = text.split(":")
        return replace(column, label=capital(word(words, term, form[0] if form else "singular")))

    return [named(column) for column in shown]


def read(request: HttpRequest) -> Asked:
    """From the address; what makes no sense counts as not given."""
    given, now = request.GET, timezone.now()
    zone = request.business.time_zone
    view = given.get("view") if given.get("view") in VIEWS else _default_view(given)
    first, last = _day(given.get("from")), _day(given.get("to"))
    starts = day_start(first, zone) if first else None
    ends = day_start(last + timedelta(days=1), zone) if last else None
    status = given.get("status") if given.get("status") in ("open", "completed", "missed", "canceled") else None
    if view == "unsaved":
        status, ends = "open", min(ends or now, now)
    if view == "upcoming":
        starts = max(starts or now, now)
    filters = Filters(
        starts=starts,
        ends=ends,
        practitioner_id=parse_id(given.get("practitioner")),
        client_id=parse_id(given.get("client")),
        service_id=parse_id(given.get("service")),
        location_id=parse_id(given.get("location")),
        series_id=parse_id(given.get("series")),
        completion_type_id=parse_id(given.get("type")),
        status=status,
    )
    return Asked(filters, str(view), first, last)


def _default_view(given: Mapping[str, str]) -> str:
    """What is coming up; a list that another page narrowed (a client's, a series') shows all of it."""
    return "all" if given.keys() & {"client", "series", "from", "to", "status", "type", "q"} else "upcoming"


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2150 else None


def _tabs(view: str) -> list[tuple[str, str, bool]]:
    names = {"upcoming": _("Coming up"), "unsaved": _("To complete"), "all": _("All")}
    return [(name, label, name == view) for name, label in names.items()]


def _own_types() -> list[tuple[str, str]]:
    """The types of completion to filter by, all first."""
    return [("", _("All")), *_named(CompletionType.objects.order_by("label").values_list("pk", "label"))]


def _named(rows: Iterable[tuple[UUID, str]]) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in rows]


@require_safe
@team_page("manage_schedule", practitioner=True)
def choose(request: HttpRequest, what: str) -> HttpResponse:
    """The choices of a filter of the list, each leading to the list so narrowed; the list fetches them when asked."""
    actor = request.actor
    if what == "practitioner":
        people = by_name(known_people(actor, "manage_schedule", "practitioner"))
        rows = people.values_list("pk", "first_name", "last_name")
        choices = _named((key, f"{first} {last}".strip()) for key, first, last in rows)
    elif what == "service":
        choices = _named(visible_services(actor).order_by("name").values_list("pk", "name"))
    else:
        choices = _named(visible_locations(actor).order_by("name").values_list("pk", "name"))
    return render_choices(request, what, capital(word(business_words(), what)), choices, reverse("web:sessions"))


@require_POST
@team_page("manage_schedule", practitioner=True)
def bulk(request: HttpRequest) -> HttpResponse:
    """One verb on the ticked rows; says how many went through, and why the others did not."""
    ids = [found for text in request.POST.getlist("id") if (found := parse_id(text))]
    action, _sep, type_id = request.POST.get("action", "").partition(":")
    answers = bulk_sessions(
        actor=request.actor,
        now=timezone.now(),
        ids=ids,
        action=cast(Action, action),  # the verb refuses what it does not know
        completion_type=parse_id(type_id),
    )
    return told(request, answers, action)


def told(request: HttpRequest, answers: list[tuple[UUID, DomainError | None]], action: str) -> HttpResponse:
    """`12 saved. 2 not: …`, with Undo for deleting."""
    refused = [error for _id, error in answers if error]
    done = [session_id for session_id, error in answers if not error]
    names = {
        "complete": ngettext("%d is saved.", "%d are saved.", len(done)),
        "cancel": ngettext("%d is canceled.", "%d are canceled.", len(done)),
        "miss": ngettext("%d is saved as missed.", "%d are saved as missed.", len(done)),
        "delete": ngettext("%d is deleted.", "%d are deleted.", len(done)),
        "recover": ngettext("%d is back.", "%d are back.", len(done)),
    }
    text = names[action] % len(done)
    if refused:
        reasons = list(dict.fromkeys(in_words(request, error) for error in refused))
        text += " " + ngettext("%d is not:", "%d are not:", len(refused)) % len(refused) + " " + " ".join(reasons[:3])
    undo = ""
    if action == "delete" and done:
        undo = reverse("web:sessions_recover") + "?" + "&".join(f"id={session_id}" for session_id in done[:100])
    return said(request, text, onward=reverse("web:sessions"), undo=undo, kind="attention" if refused else "good")


@require_POST
@team_page("manage_schedule", practitioner=True)
def recover_several(request: HttpRequest) -> HttpResponse:
    """Undo of a bulk deletion: the ids are in the address."""
    ids = [found for text in request.GET.getlist("id") if (found := parse_id(text))]
    return told(request, bulk_sessions(actor=request.actor, now=timezone.now(), ids=ids, action="recover"), "recover")


@require_safe
@team_page("manage_schedule", practitioner=True)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a file, times by the business's clock."""
    asked = read(request)
    filters = replace(asked.filters, text=request.GET.get("q", "").replace("\x00", "")[:200])
    rows = session_page(request.actor, filters, limit=MOST_EXPORTED + 1)
    lines = [_line(request, row) for row in rows[:MOST_EXPORTED]]
    if len(rows) > MOST_EXPORTED:
        lines.append([_("There are more than %(count)d: export a shorter time.") % {"count": MOST_EXPORTED}])
    name = f"sessions-{local_date(timezone.now(), request.business.time_zone).isoformat()}"
    return table_file(request, name, EXPORTED, lines)


EXPORTED = (
    "date",
    "start",
    "end",
    "clients",
    "service",
    "practitioner",
    "location",
    "status",
    "completion",
    "cost",
    "wage",
    "note",
)


def _line(request: HttpRequest, row: SessionRow) -> list[object]:
    business = request.business
    start, end = (format.local(at, business.time_zone) for at in (row.starts_at, row.ends_at))
    amounts = [
        None if minor is None else Decimal(minor_to_text(minor, business.currency))
        for minor in (row.cost_minor, row.wages_minor)
    ]
    texts = [row.clients, row.service, row.practitioner_names, row.location, row.status, row.label]
    return [start.date(), f"{start:%H:%M}", f"{end:%H:%M}", *texts, *amounts, row.public_note]
