"""`/reports/…`: the same figures as the pages, over a period."""

from typing import Any

from django.utils.timezone import now
from ninja import Query

from daybook.api.fields import amount_text
from daybook.api.frame import Router
from daybook.api.requests import ApiRequest
from daybook.api.v1.money.schemas import ReportFilter, ReportOut
from daybook.core.errors import InvalidInput
from daybook.core.periods import local_date, month_span
from daybook.insights.reports import REPORTS, Column, Filters
from daybook.people.permissions import SEE_INSIGHTS

router = Router(tags=["Reports"])


@router.get("/reports/service-spending", response=ReportOut)
def report_service_spending(request: ApiRequest, filters: Query[ReportFilter]) -> dict[str, Any]:
    """What clients spent, by service."""
    return _report("service-spending", request, filters)


@router.get("/reports/wages", response=ReportOut)
def report_wages(request: ApiRequest, filters: Query[ReportFilter]) -> dict[str, Any]:
    """What practitioners earned, by service."""
    return _report("wages", request, filters)


@router.get("/reports/revenue", response=ReportOut)
def report_revenue(request: ApiRequest, filters: Query[ReportFilter]) -> dict[str, Any]:
    """Charged, received and refunded, by month."""
    return _report("revenue", request, filters)


@router.get("/reports/receivables", response=ReportOut)
def report_receivables(request: ApiRequest, filters: Query[ReportFilter]) -> dict[str, Any]:
    """What is unpaid, by age."""
    return _report("receivables", request, filters)


@router.get("/reports/attendance", response=ReportOut)
def report_attendance(request: ApiRequest, filters: Query[ReportFilter]) -> dict[str, Any]:
    """How sessions ended, by client."""
    return _report("attendance", request, filters)


def _report(name: str, request: ApiRequest, asked: ReportFilter) -> dict[str, Any]:
    request.actor.require_team()
    request.actor.require(SEE_INSIGHTS)
    first, last = month_span(local_date(now(), request.business.time_zone))
    first, last = asked.from_ or first, asked.to or last
    if last < first:
        raise InvalidInput(field="to", problem="end_before_start")
    zone = request.business.time_zone
    report = REPORTS[name][1](Filters(first, last, zone, asked.service, asked.client, asked.practitioner))
    columns = {column.key: column for column in report.columns}
    return {
        "items": [{key: _shown(value, columns.get(key)) for key, value in item.items()} for item in report.items],
        "totals": {key: _shown(value, columns.get(key)) for key, value in report.totals.items()},
    }


def _shown(value: Any, column: Column | None) -> Any:
    return amount_text(int(value)) if column and column.kind == "money" else value
