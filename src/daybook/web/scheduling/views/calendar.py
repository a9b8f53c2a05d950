"""The calendar: its page, and the feed that fills it."""

from datetime import date, datetime, timedelta
from uuid import UUID

import orjson
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from daybook.catalog.models import Location, Service
from daybook.core.errors import InvalidInput
from daybook.core.ids import parse_id
from daybook.core.periods import day_start, local_date
from daybook.people.models import User
from daybook.people.queries import by_name
from daybook.scheduling.models import Assistant
from daybook.scheduling.queries.calendar import CalendarFilters, calendar_rows, closures_between
from daybook.tenancy.actor import Actor
from daybook.ui.colours import hue_class
from daybook.web.doors import render_page, team_page

STATUSES = ("open", "completed", "missed", "canceled")
MOST_DAYS = 62
NO_ID = UUID(int=0)


@require_safe
@team_page("manage_schedule", practitioner=True)
def page(request: HttpRequest) -> HttpResponse:
    """The frame of the calendar; sessions come by the feed. What is shown is in the address."""
    business, actor = request.business, request.actor
    may_add = actor.may("add_sessions") if actor.role == "practitioner" else True
    may_move = actor.may("edit_sessions") if actor.role == "practitioner" else True
    settings = {
        "feed": reverse("web:calendar_feed"),
        "add": reverse("web:session_add") if may_add else "",
        "session": reverse("web:session", args=[NO_ID]),
        "zone": business.time_zone,
        "locale": business.locale.replace("_", "-"),
        "firstDay": (business.first_weekday + 1) % 7,
        "today": local_date(timezone.now(), business.time_zone).isoformat(),
        "mayMove": may_move,
        "seesAll": actor.is_team,
        "practitioners": _practitioners(actor),
        "services": _services(),
        "locations": _locations(),
        "words": _words(),
    }
    return render_page(request, "web/scheduling/calendar.html", {"settings": settings, "may_add": may_add})


@require_safe
@team_page("manage_schedule", practitioner=True)
def feed(request: HttpRequest) -> HttpResponse:
    """`{"rows": […], "closures": […]}` of the days `from` (in) to `to` (out); rows are lists of calendar COLUMNS."""
    zone = request.business.time_zone
    first, last = _day(request, "from"), _day(request, "to")
    if not first < last <= first + timedelta(days=MOST_DAYS):
        raise InvalidInput(field="to", problem="out_of_range")
    filters = CalendarFilters(
        practitioner_ids=_ids(request, "practitioner"),
        location_ids=_ids(request, "location"),
        service_ids=_ids(request, "service"),
        statuses=tuple(status for status in request.GET.getlist("status") if status in STATUSES),
        client_id=parse_id(request.GET.get("client")),
    )
    rows = calendar_rows(request.actor, day_start(first, zone), day_start(last, zone), filters)
    closures = closures_between(first, last - timedelta(days=1))
    body = orjson.dumps({"rows": rows, "closures": closures})
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "no-store"})


def _day(request: HttpRequest, name: str) -> date:
    try:
        found = datetime.strptime(request.GET.get(name, "")[:10], "%Y-%m-%d").date()  # noqa: DTZ007 - a date alone
    except ValueError:
        raise InvalidInput(field=name, problem="not_a_date") from None
    if not 1990 <= found.year <= 2150:
        raise InvalidInput(field=name, problem="out_of_range")
    return found


def _ids(request: HttpRequest, name: str) -> tuple[UUID, ...]:
    """What is no id stands for nobody, so that a broken address shows nothing rather than everything."""
    return tuple(parse_id(text) or NO_ID for text in request.GET.getlist(name)[:200])


def _practitioners(actor: Actor) -> list[dict[str, object]]:
    """All of them for the team; to a practitioner itself, and those whom it is in a session with."""
    found = User.objects.filter(role="practitioner")
    if actor.role == "practitioner":
        led = Assistant.objects.filter(session__practitioner=actor.user_id).values("practitioner_id")
        joined = Assistant.objects.filter(practitioner=actor.user_id).values("session_id")
        beside = Assistant.objects.filter(session__in=joined).values("practitioner_id")
        leading = Assistant.objects.filter(practitioner=actor.user_id).values("session__practitioner_id")
        found = found.filter(Q(pk=actor.user_id) | Q(pk__in=led) | Q(pk__in=leading) | Q(pk__in=beside))
    people = by_name(found)
    return [
        {**_named(key, f"{first} {last}".strip(), ""), "gone": status != "active"}
        for key, first, last, status in people.values_list("pk", "first_name", "last_name", "status")
    ]


def _services() -> list[dict[str, object]]:
    """With what the script needs to see a clash before the drop: breaks in minutes, and whether one may run beside
    another."""
    rows = Service.objects.with_deleted().order_by("name")
    return [
        {**_named(key, name, color), "before": before, "after": after, "beside": beside}
        for key, name, color, before, after, beside in rows.values_list(
            "pk", "name", "color", "buffer_before", "buffer_after", "is_concurrent"
        )
    ]


def _locations() -> list[dict[str, object]]:
    return [
        {**_named(each.pk, each.name, each.color), "gone": each.deleted_at is not None, "alone": each.is_exclusive}
        for each in Location.objects.with_deleted().order_by("name")
    ]


def _named(row_id: UUID, name: str, color: str) -> dict[str, object]:
    return {"id": str(row_id), "name": name, "hue": hue_class(color or name)}


def _words() -> dict[str, str]:
    """What the script says."""
    return {
        "more": _("{count} more"),
        "day": _("Open the day"),
        "closed": _("Closed: {name}"),
        "moved": _("Moved to {when}."),
        "resized": _("Now from {start} to {end}."),
        "undo": _("Undo"),
        "failed": _("This did not work. Try again in a moment."),
        "none": _("Nothing in this time."),
        "nobody": _("Nobody"),
        "allDay": _("All day"),
        "unsaved": _("to complete"),
        "several": _("{count} chosen"),
        "busy": _("{name} is with {clients} from {start} to {end} ({what})."),
        "occupied": _("{name} is taken from {start} to {end}: {clients} ({what})."),
        "breaks": _("The breaks before and after count too."),
    }
