"""The reports: spending by service, wages, revenue, receivables by age, attendance. Each is one statement over a period."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from daybook.core.periods import day_span
from daybook.core.texts import normalise

ColumnKind = Literal["text", "money", "number", "minutes", "percent"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a report: its key, what people read above it (translated late, domain words in braces), how its values are shown."""

    key: str
    label: str | Promise
    kind: ColumnKind = "text"


@dataclass(frozen=True, slots=True)
class Report:
    """Rows as plain dictionaries (money in minor units, minutes whole), with the sums of the columns that add up."""

    columns: tuple[Column, ...]
    items: list[dict[str, Any]]

    @property
    def totals(self) -> dict[str, int]:
        summed = [column.key for column in self.columns if column.kind in ("money", "number", "minutes")]
        return {key: sum(item[key] for item in self.items) for key in summed}

    def narrowed(self, text: str) -> "Report":
        """Rows with every word of `text` in one of their texts."""
        words = normalise(text).split()
        keys = [column.key for column in self.columns if column.kind == "text"]
        if not words:
            return self
        texts = ((item, normalise(" ".join(str(item[key]) for key in keys))) for item in self.items)
        return replace(self, items=[item for item, said in texts if all(word in said for word in words)])

    def ordered(self, key: str, *, descending: bool = False) -> "Report":
        """Sorted by one column; rows that are alike there stay as they were, and those without a value come last."""
        is_text = any(column.key == key and column.kind == "text" for column in self.columns)
        valued = [item for item in self.items if item[key] is not None]
        valued.sort(key=lambda item: normalise(item[key]) if is_text else item[key], reverse=descending)
        return replace(self, items=[*valued, *(item for item in self.items if item[key] is None)])


@dataclass(frozen=True, slots=True)
class Filters:
    """What every report may be narrowed to; both dates are included."""

    first: date
    last: date
    zone: str
    service_id: UUID | None = None
    client_id: UUID | None = None
    practitioner_id: UUID | None = None

    def parameters(self) -> dict[str, Any]:
        starts, ends = day_span(self.first, self.last, self.zone)
        return {
            "starts": starts,
            "ends": ends,
            "first": self.first,
            "last": self.last,
            "zone": self.zone,
            "service": self.service_id,
            "client": self.client_id,
            "practitioner": self.practitioner_id,
        }


_NAME = "trim({0}.first_name || ' ' || {0}.last_name)"
# Places of a period's sessions, added up before anybody's name is looked up: there are far fewer sums than places.
_PLACES = """
    from scheduling_session s join scheduling_participant c on c.session_id = s.id
    where s.deleted_at is null and s.starts_at >= %(starts)s and s.starts_at < %(ends)s
      and (%(service)s::uuid is null or s.service_id = %(service)s) and (%(client)s::uuid is null or c.client_id = %(client)s)
      and (%(practitioner)s::uuid is null or s.practitioner_id = %(practitioner)s::uuid or (s.assistant_count > 0 and exists (
           select from scheduling_assistant h where h.session_id = s.id and h.practitioner_id = %(practitioner)s::uuid)))
"""
# Who earned what with a saved session: the leading practitioner, and each who assisted.
_EARNED = """
    cross join lateral (
        select s.practitioner_id as id, s.wage_minor union all
        select h.practitioner_id, h.wage_minor from scheduling_assistant h where s.assistant_count > 0 and h.session_id = s.id
    ) w
"""


def _report(sql: str, filters: Filters, columns: tuple[Column, ...]) -> Report:
    with connection.cursor() as cursor:
        cursor.execute(sql, filters.parameters())
        items = [dict(zip((column.key for column in columns), row, strict=True)) for row in cursor.fetchall()]
    return Report(columns, items)


def service_spending(filters: Filters) -> Report:
    """What clients spent by service (requirements 6.10): saved sessions, cost with tax."""
    columns = (
        Column("client", _("{Client}")),
        Column("service", _("{Service}")),
        Column("sessions", _("{Sessions}"), "number"),
        Column("minutes", _("Time"), "minutes"),
        Column("cost", _("Cost"), "money"),
    )
    sql = f"""
        with spent as (
            select c.client_id, s.service_id, count(*) as sessions, sum(s.ends_at - s.starts_at) as time, sum(c.cost_minor + c.tax_minor) as cost
            {_PLACES} and c.status in ('completed', 'missed', 'canceled') and coalesce(c.cost_minor, 0) <> 0 group by 1, 2
        )
        select {_NAME.format("u")}, v.name, sessions, (extract(epoch from time) / 60)::bigint, cost::bigint
        from spent join people_user u on u.id = client_id join catalog_service v on v.id = service_id order by 1, 2, u.id, v.id
    """
    return _report(sql, filters, columns)


def wages(filters: Filters) -> Report:
    """What practitioners earned with saved sessions of the period, by service."""
    columns = (
        Column("practitioner", _("{Practitioner}")),
        Column("service", _("{Service}")),
        Column("sessions", _("{Sessions}"), "number"),
        Column("minutes", _("Time"), "minutes"),
        Column("wage", _("{Wage}"), "money"),
    )
    sql = f"""
        with earned as (
            select w.id, s.service_id, count(*) as sessions, sum(s.ends_at - s.starts_at) as time, sum(w.wage_minor) as wage
            from scheduling_session s {_EARNED}
            where s.deleted_at is null and s.status <> 'open' and coalesce(w.wage_minor, 0) <> 0 and s.starts_at >= %(starts)s and s.starts_at < %(ends)s
              and (%(service)s::uuid is null or s.service_id = %(service)s) and (%(practitioner)s::uuid is null or w.id = %(practitioner)s::uuid)
              and (%(client)s::uuid is null or exists (select from scheduling_participant c where c.session_id = s.id and c.client_id = %(client)s))
            group by 1, 2
        )
        select {_NAME.format("u")}, v.name, sessions, (extract(epoch from time) / 60)::bigint, wage::bigint
        from earned join people_user u on u.id = earned.id join catalog_service v on v.id = service_id order by 1, 2, u.id, v.id
    """
    return _report(sql, filters, columns)


# What is charged and paid comes from an index alone (postings_by_day), first by the day. Refunds are few: they are found by
# their own rows, so that no other entry is looked at for its kind.
_OF_CLIENTS = """
    a.kind = 'receivable' and p.occurred_on between %(first)s and %(last)s and (%(client)s::uuid is null or a.owner_id = %(client)s)
"""
_REVENUE = f"""
    with days as (
        select p.occurred_on as day, coalesce(sum(p.amount_minor) filter (where p.side = 'c'), 0) as charged,
               coalesce(-sum(p.amount_minor) filter (where p.side = 'p'), 0) as paid
        from ledger_posting p join ledger_account a on a.id = p.account_id where p.side <> '-' and {_OF_CLIENTS} group by 1
    ), refunds as (
        select p.occurred_on as day, sum(p.amount_minor) as refunded
        from payments_refund r join ledger_journalentry e on e.source_id = r.id and e.kind = 'refund'
        join ledger_posting p on p.entry_id = e.id and p.side = 'p' join ledger_account a on a.id = p.account_id
        where {_OF_CLIENTS} group by 1
    )
    select to_char(day, 'YYYY-MM'), sum(charged)::bigint, (sum(paid) + coalesce(sum(refunded), 0))::bigint,
           coalesce(sum(refunded), 0)::bigint
    from days left join refunds using (day) group by 1 order by 1
"""


def revenue(filters: Filters) -> Report:
    """Charged, received, refunded by month of the ledger's dates."""
    columns = (
        Column("month", _("Month")),
        Column("charged", _("Charged"), "money"),
        Column("received", _("Received"), "money"),
        Column("refunded", _("Refunded"), "money"),
    )
    return _report(_REVENUE, filters, columns)


def receivables(filters: Filters) -> Report:
    """What is unpaid of issued invoices on the last day, by payer and age in days past due."""
    columns = (
        Column("client", _("Payer")),
        Column("not_due", _("Not yet due"), "money"),
        Column("days_30", _("1–30 days"), "money"),
        Column("days_60", _("31–60 days"), "money"),
        Column("days_90", _("61–90 days"), "money"),
        Column("older", _("Older"), "money"),
        Column("total", _("Total"), "money"),
    )
    due = "coalesce(sum(i.total_minor - i.paid_minor) filter (where {0}), 0)::bigint"
    late = "%(last)s - i.due_on"
    ages = (
        f"{late} <= 0",
        f"{late} between 1 and 30",
        f"{late} between 31 and 60",
        f"{late} between 61 and 90",
        f"{late} > 90",
        "true",
    )
    sql = f"""
        select {_NAME.format("u")}, {", ".join(due.format(age) for age in ages)}
        from billing_invoice i join people_user u on u.id = i.bill_to_id
        where i.state = 'issued' and i.paid_minor < i.total_minor and i.issued_on <= %(last)s and (%(client)s::uuid is null or i.client_id = %(client)s)
        group by u.id order by 7 desc, 1, u.id
    """
    return _report(sql, filters, columns)


def attendance(filters: Filters) -> Report:
    """How each client's sessions of the period ended."""
    columns = (
        Column("client", _("{Client}")),
        Column("completed", _("Completed"), "number"),
        Column("missed", _("Missed"), "number"),
        Column("canceled", _("Canceled"), "number"),
        Column("open", _("Open"), "number"),
        Column("rate", _("Attendance"), "percent"),
    )
    counts = ", ".join(
        f"count(*) filter (where c.status = '{status}') as {status}"
        for status in ("completed", "missed", "canceled", "open")
    )
    sql = f"""
        with ended as (
            select c.client_id, {counts} {_PLACES} group by 1
        )
        select {_NAME.format("u")}, completed, missed, canceled, open,
               round(100.0 * completed / nullif(completed + missed + canceled, 0))::int
        from ended join people_user u on u.id = client_id order by 1, u.id
    """
    return _report(sql, filters, columns)


# Titles are said in the reader's language, with the business's words for what stands in braces.
REPORTS = {
    "service-spending": (_("Spending by {service}"), service_spending),
    "wages": (_("{Wages}"), wages),
    "revenue": (_("Revenue"), revenue),
    "receivables": (_("Receivables by age"), receivables),
    "attendance": (_("Attendance"), attendance),
}
