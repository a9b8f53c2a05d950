"""Weekly times at which the client could come: shown to both, changed by the client with the permission."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from daybook.core.errors import DomainError, NotPermitted
from daybook.people.models import AvailabilityWindow
from daybook.people.permissions import EDIT_AVAILABILITY
from daybook.people.rules import DAY_END, DAYS, Window
from daybook.people.services.availability import set_availability
from daybook.portal.doors import go, own_page, render, the_subject
from daybook.ui.forms import BusinessForm, WeekField
from daybook.ui.widgets import DAYS as DAY_NAMES


class TimesForm(BusinessForm):
    hide_optional = True
    availability = WeekField(label=gettext_lazy("Every week"), required=False)

    def windows(self) -> list[Window]:
        return [
            Window(DAYS.index(each["day"]), each["start"], _end(each["end"]))
            for each in self.cleaned_data["availability"]
        ]


def _end(end: Any) -> Any:
    """The last minute of a day stands for midnight."""
    return DAY_END if (end.hour, end.minute) == (23, 59) else end


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def edit(request: HttpRequest) -> HttpResponse:
    subject = the_subject(request)
    may_edit = subject.is_self and request.actor.may(EDIT_AVAILABILITY)
    rows = list(AvailabilityWindow.objects.filter(user_id=subject.id).order_by("day", "start"))
    initial = [{"day": DAYS[row.day], "start": f"{row.start:%H:%M}", "end": f"{row.end:%H:%M}"} for row in rows]
    form = TimesForm(request.POST or None, business=request.business, initial={"availability": initial})
    if request.method == "POST":
        if not may_edit:
            raise NotPermitted(permission=EDIT_AVAILABILITY)
        # No window at all posts no field of the form: that is a choice too.
        form = TimesForm(request.POST, business=request.business)
        if form.is_valid():
            try:
                set_availability(actor=request.actor, user_id=subject.id, windows=form.windows())
                return go(request, "portal:availability", said=_("Your times are saved."))
            except DomainError as error:
                form.refuse(error)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "portal/availability.html", {"form": form, "may_edit": may_edit, "days": _days(rows)}, status=status
    )


def _days(rows: list[AvailabilityWindow]) -> list[dict[str, Any]]:
    """Windows by day, for reading."""
    names = {DAYS.index(day): label for day, label in DAY_NAMES}
    days = sorted({row.day for row in rows})
    return [{"name": names[day], "windows": [row for row in rows if row.day == day]} for day in days]
