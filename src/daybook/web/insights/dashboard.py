"""The first page of the day."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from daybook.core.periods import local_date
from daybook.insights import dashboard as figures
from daybook.insights.first_hour import first_hour
from daybook.people.permissions import MANAGE_ROLE, SEE_CONTACT_DATA, may_manage_role
from daybook.ui import format
from daybook.web.doors import render_page, team_page

LINES = 12
LINES_BEFORE = 2
# What the actor may open of what the figures lead to.
ROOMS = ("schedule", "accounting", "communications", "clients")
_STEP_PAGES = {
    "service": ("web:service_add", "services"),
    "location": ("web:location_add", "location"),
    "practitioner": ("web:practitioner_add", "practitioners"),
    "client": ("web:client_add", "clients"),
    "session": ("web:session_add", "session-add"),
}


@require_safe
@team_page(practitioner=True)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Today's line of sessions; for the team also who needs attention, money, hours. Practitioners see their own day."""
    business, now = request.business, timezone.now()
    today = local_date(now, business.time_zone)
    own = request.actor.user_id if request.actor.role == "practitioner" else None
    opens = {room: request.actor.may(f"manage_{room}") for room in ROOMS}
    opens["schedule"] = opens["schedule"] or own is not None
    context: dict[str, Any] = {"now": now, "opens": opens, "today": today}
    if opens["schedule"]:
        context["line"] = figures.day_line(
            day=today, zone=business.time_zone, now=now, practitioner_id=own, few=LINES, before=LINES_BEFORE
        )
    if own is None:
        context |= _for_the_team(request, now)
    return render_page(request, "web/insights/dashboard.html", context)


def _roles_met(request: HttpRequest) -> list[str]:
    """Of whom the reader may know more than a name."""
    return [
        role for role in MANAGE_ROLE if may_manage_role(request.actor, role) and request.actor.may(SEE_CONTACT_DATA)
    ]


def _for_the_team(request: HttpRequest, now: Any) -> dict[str, Any]:
    business = request.business
    today = local_date(now, business.time_zone)
    context: dict[str, Any] = {}
    if request.actor.may("manage_settings"):
        guide = first_hour()
        context["guide"] = None if guide.is_over else _guide(guide)
    if request.actor.may("manage_schedule"):
        context["hours"] = _hours_chart(
            figures.hours_of_week(today=today, zone=business.time_zone, first_weekday=business.first_weekday)
        )
    if request.actor.may("see_insights"):
        flows = figures.flows(today=today, first_weekday=business.first_weekday)
        context |= {
            "attention": figures.attention(now=now, zone=business.time_zone, roles=_roles_met(request)),
            "money_now": figures.money(flows),
            "weeks": _weeks_chart(figures.money_by_week(flows), business.locale),
        }
    return context


def _guide(guide: Any) -> dict[str, Any]:
    steps = []
    for step, done in guide.steps:
        page, icon = _STEP_PAGES[step]
        steps.append({"name": step, "done": done, "icon": icon, "url": _url(page), "next": step == guide.next_step})
    return {"steps": steps, "done": guide.done, "of": len(steps), "import_url": _url("web:imports")}


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _weeks_chart(weeks: list[figures.WeekOfMoney], locale: str) -> dict[str, Any]:
    return {
        "first": _("Week of"),
        "labels": [format.weekday(week.starts_on, locale).split(" ", 1)[-1] for week in weeks],
        "series": [
            {"name": _("Received"), "values": [week.received for week in weeks]},
            {"name": _("Charged"), "values": [week.charged for week in weeks]},
        ],
        "money": True,
        "is_empty": not any(week.received or week.charged for week in weeks),
    }


def _hours_chart(hours: list[figures.PractitionerHours]) -> dict[str, Any]:
    return {
        "labels": [each.name for each in hours],
        "series": [
            {"name": _("Saved, hours"), "values": [round(each.saved_minutes / 60, 1) for each in hours]},
            {"name": _("Planned, hours"), "values": [round(each.open_minutes / 60, 1) for each in hours]},
        ],
        "stacked": True,
        "is_empty": not hours,
    }
