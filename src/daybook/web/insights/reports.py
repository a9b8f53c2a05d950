"""The reports: one page each, over a period, with a chart where it helps, and as a file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from daybook.core.money import minor_to_text
from daybook.core.periods import local_date, month_span
from daybook.insights.reports import REPORTS, Column, Filters, Report
from daybook.tenancy.queries import business_words
from daybook.tenancy.terms import worded
from daybook.ui import format, listing
from daybook.web.doors import render_page, team_page
from daybook.web.exports import table_file

DESCRIPTIONS = {
    "service-spending": gettext_lazy("What each {client} spent on which {service}, from saved {sessions}."),
    "wages": gettext_lazy("What each {practitioner} earned, by {service}, from saved {sessions}."),
    "revenue": gettext_lazy("Charged, received and refunded, month by month."),
    "receivables": gettext_lazy("What is unpaid of sent {invoices}, by how long it is overdue."),
    "attendance": gettext_lazy("How each {client}'s {sessions} ended."),
}
ICONS = {
    "service-spending": "services",
    "wages": "wage",
    "revenue": "reports",
    "receivables": "hourglass",
    "attendance": "checks",
}
# The text column and the figure that a report's chart shows.
CHARTS = {
    "service-spending": ("service", "cost"),
    "wages": ("practitioner", "wage"),
    "revenue": ("month", "charged"),
    "receivables": ("client", "total"),
}
BARS = 12
YEARS = range(2000, 2101)
# The column that a report is sorted by unless the address says otherwise.
SORTED_BY = {"receivables": "-total"}


@require_safe
@team_page("see_insights")
def reports(request: HttpRequest) -> HttpResponse:
    entries = [
        {"name": name, "title": _said(title), "text": _said(DESCRIPTIONS[name]), "icon": ICONS[name]}
        for name, (title, _run) in REPORTS.items()
    ]
    return render_page(request, "web/insights/reports.html", {"reports": entries})


@require_safe
@team_page("see_insights")
def report(request: HttpRequest, name: str) -> HttpResponse:
    """One report; `from` and `to` in the address, this month when they are not there or make no sense."""
    if name not in REPORTS:
        raise Http404
    title, run = REPORTS[name]
    business = request.business
    today = local_date(timezone.now(), business.time_zone)
    first, last = _period(request, name, today)
    found = run(Filters(first, last, business.time_zone))
    found = replace(found, columns=tuple(replace(column, label=_said(column.label)) for column in found.columns))
    shown = _listing(request, name, found.columns)
    found = found.narrowed(shown.q).ordered(shown.sort, descending=shown.descending)
    if request.GET.get("format") in ("csv", "xlsx"):
        return _as_file(request, found, f"{name}-{first}-{last}")
    # Only a page of the rows is written out: adding them up takes no time, writing thousands does.
    page = shown.page_of(found.items, total=len(found.items))
    context = {
        "name": name,
        "title": _said(title),
        "text": _said(DESCRIPTIONS[name]),
        "listing": shown,
        "page": page,
        "rows": [
            [(column, _shown(column, item[column.key], business.locale)) for column in found.columns] for item in page
        ],
        "totals": [(column, found.totals.get(column.key)) for column in found.columns],
        "first": first,
        "last": last,
        "periods": list(_periods(today)),
        "chart": _chart(name, found, business.locale),
    }
    return render_page(request, "web/insights/report.html", context)


def _listing(request: HttpRequest, name: str, columns: tuple[Column, ...]) -> listing.Listing:
    heads = [
        listing.Column(column.key, column.label, order=(column.key,), numeric=column.kind != "text", fixed=True)
        for column in columns
    ]
    return listing.Listing.read(request, f"report-{name}", heads, default=SORTED_BY.get(name, columns[0].key))


def _said(text: object) -> str:
    """In the reader's language and the business's words."""
    return worded(str(text), business_words())


def _period(request: HttpRequest, name: str, today: date) -> tuple[date, date]:
    usual = month_span(today)
    if name == "revenue":
        usual = (today.replace(year=today.year - 1, month=today.month, day=1), usual[1])
    first, last = (
        _day(request.GET.get(key, "")) or otherwise for key, otherwise in zip(("from", "to"), usual, strict=True)
    )
    return (first, last) if first <= last else (last, first)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _periods(today: date) -> Iterator[tuple[str, date, date]]:
    first, last = month_span(today)
    before_first, before_last = month_span(first - timedelta(days=1))
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    yield _("This month"), first, last
    yield _("Last month"), before_first, before_last
    yield _("This quarter"), quarter, last
    yield _("This year"), today.replace(month=1, day=1), today.replace(month=12, day=31)


def _shown(column: Column, value: Any, locale: str) -> Any:
    """A month in words; anything else as it is."""
    return format.month(date.fromisoformat(f"{value}-01"), locale) if column.key == "month" else value


def _chart(name: str, found: Report, locale: str) -> dict[str, Any] | None:
    if name not in CHARTS or not found.items:
        return None
    text, figure = CHARTS[name]
    sums: dict[str, int] = {}
    for item in found.items:
        sums[item[text]] = sums.get(item[text], 0) + item[figure]
    if name == "revenue":
        keys = ("charged", "received")
        series = [
            {"name": column.label, "values": [item[column.key] for item in found.items]}
            for column in found.columns
            if column.key in keys
        ]
        return {
            "labels": [_shown(found.columns[0], item["month"], locale) for item in found.items],
            "series": series,
            "money": True,
            "first": found.columns[0].label,
        }
    largest = sorted(sums.items(), key=lambda pair: -pair[1])[:BARS]
    label = next(column.label for column in found.columns if column.key == figure)
    heading = next(column.label for column in found.columns if column.key == text)
    return {
        "labels": [key for key, _sum in largest],
        "series": [{"name": label, "values": [total for _key, total in largest]}],
        "money": True,
        "first": heading,
    }


def _as_file(request: HttpRequest, found: Report, name: str) -> HttpResponse:
    rows = (
        [_cell(column, item[column.key], request.business.currency) for column in found.columns] for item in found.items
    )
    return table_file(request, name, [str(column.label) for column in found.columns], rows)


def _cell(column: Column, value: Any, currency: str) -> Any:
    return Decimal(minor_to_text(value, currency)) if column.kind == "money" and value is not None else value
