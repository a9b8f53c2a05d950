"""Reading what an import needs to know beforehand, and imports back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from daybook.catalog.models import ClientRate, Location, Service, WageRate
from daybook.catalog.rules import DatedRate
from daybook.core.money import currency_digits
from daybook.core.periods import local_date
from daybook.imports.models import Import, ImportProgress, ImportRecord, ImportRow, Preset
from daybook.imports.rules.items import SessionItem
from daybook.imports.rules.parsing import ParsedFile
from daybook.imports.rules.plan import Known
from daybook.imports.rules.roster import Person
from daybook.imports.rules.timetable import Timetable
from daybook.people.models import Assignment, User
from daybook.scheduling.models import CompletionType
from daybook.scheduling.queries.completions import as_facts
from daybook.scheduling.rules import CompletionFacts, LocationFacts, ServiceFacts, Span
from daybook.tenancy.scope import current_business

_TAKEN = """
    select resource_id, lower(span), upper(span) from scheduling_occupancy where span && tstzrange(%s, %s)
"""


def known_for(parsed: ParsedFile, *, zone: str, now: datetime) -> Known:
    """Everything that the plan of this file is decided on: a fixed number of queries."""
    business = current_business()
    digests = [row.digest for row in parsed.rows]
    return Known(
        people=_people(),
        foreign=_foreign({part.layout.system for part in parsed.parts}),
        services=_services(),
        locations={row.pk: LocationFacts(row.pk, row.name, row.capacity) for row in Location.objects.all()},
        types=_types(),
        client_rates=_client_rates(),
        wage_rates=_wage_rates(),
        timetable=_timetable(parsed, zone),
        digests=frozenset(ImportRow.objects.filter(is_live=True, digest__in=digests).values_list("digest", flat=True)),
        assigned=frozenset(Assignment.objects.values_list("practitioner_id", "client_id")),
        currency=business.currency,
        currency_digits=currency_digits(business.currency),
        zone=zone,
        home_zone=business.time_zone,
        now=now,
        today=local_date(now, business.time_zone),
    )


def _people() -> list[Person]:
    names = ("id", "role", "first_name", "last_name", "preferred_name", "email", "phone", "status", "username")
    rows = User.objects.order_by("id").values(*names)
    return [Person(**row | {"username": row["username"] or ""}) for row in rows]


def _foreign(systems: set[str]) -> dict[tuple[str, str], UUID]:
    rows = ImportRecord.objects.filter(system__in=systems, is_live=True).exclude(foreign_id="").order_by("id")
    return {(kind, number): target for kind, number, target in rows.values_list("kind", "foreign_id", "target_id")}


def _services() -> dict[UUID, ServiceFacts]:
    return {
        row.pk: ServiceFacts(
            row.pk, row.name, row.kind == "hourly", row.cost_minor, row.wage_minor, row.tax_rate,
            row.buffer_before, row.buffer_after, row.is_concurrent,
        )
        for row in Service.objects.all()
    }  # fmt: skip


def _types() -> dict[str, CompletionFacts]:
    """The three defaults by status, also those that are switched off: an old outcome is what it was."""
    return {row.status: as_facts(row) for row in CompletionType.objects.filter(is_default=True)}


def _client_rates() -> dict[tuple[UUID, UUID], tuple[DatedRate, ...]]:
    found: dict[tuple[UUID, UUID], list[DatedRate]] = defaultdict(list)
    for client, service, cost, since in ClientRate.objects.values_list(
        "client_id", "service_id", "cost_minor", "starts_on"
    ):
        found[client, service].append(DatedRate(cost, since))
    return {key: tuple(rates) for key, rates in found.items()}


def _wage_rates() -> dict[tuple[UUID, UUID], tuple[DatedRate, ...]]:
    found: dict[tuple[UUID, UUID], list[DatedRate]] = defaultdict(list)
    for who, service, wage, since in WageRate.objects.values_list(
        "practitioner_id", "service_id", "wage_minor", "starts_on"
    ):
        found[who, service].append(DatedRate(wage, since))
    return {key: tuple(rates) for key, rates in found.items()}


def _timetable(parsed: ParsedFile, zone: str) -> Timetable:
    """Taken time over the days of the file's sessions, a day more on either side."""
    days = [item.day for row in parsed.rows for item in row.items if isinstance(item, SessionItem)]
    days = [day for day in days if 1990 <= day.year <= 2150]
    if not days:
        return Timetable()
    first, last = datetime.fromisoformat(f"{min(days)}T00:00Z"), datetime.fromisoformat(f"{max(days)}T23:59Z")
    with connection.cursor() as cursor:
        cursor.execute("select %s::timestamptz - interval '2 days', %s::timestamptz + interval '2 days'", [first, last])
        cursor.execute(_TAKEN, cursor.fetchone())
        return Timetable(Span(*row) for row in cursor.fetchall())


def resources_of(known: Known) -> list[UUID]:
    """Whose time an import may take: all practitioners and exclusive rooms that are there."""
    rooms = [location.id for location in known.locations.values() if location.capacity == 1]
    return [person.id for person in known.people if person.role == "practitioner"] + rooms


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is; `share` is a whole percentage."""

    phase: str
    done: int
    total: int

    @property
    def share(self) -> int:
        return min(self.done * 100 // self.total, 100) if self.total else 0


def progress_of(batch: Import) -> Progress:
    row = ImportProgress.objects.filter(batch=batch).first()
    return Progress(row.phase, row.done, row.total) if row else Progress("waiting", 0, 0)


def imports_newest_first() -> QuerySet[Import]:
    """Every import of the business, the latest first."""
    return Import.objects.order_by("-created_at", "-id")


def presets_for(fingerprint: str) -> QuerySet[Preset]:
    """Saved ways to read files with these headings, the latest first."""
    return Preset.objects.filter(fingerprint=fingerprint).order_by("-created_at", "id")


def presets_by_name() -> QuerySet[Preset]:
    return Preset.objects.order_by("name", "id")


def records_of(batch: Import, *, new_only: bool = True) -> QuerySet[ImportRecord]:
    """What an import made (and found), in the order of its rows."""
    rows = ImportRecord.objects.filter(batch=batch).order_by("row__number", "id")
    return rows.filter(is_new=True) if new_only else rows


def counts_of(records: Iterable[ImportRecord]) -> dict[str, int]:
    """How many records of each kind."""
    counts: dict[str, int] = defaultdict(int)
    for record in records:
        counts[record.kind] += 1
    return dict(counts)


# What the records of these rows come to in the tables: payments, charges of sessions, sales and opening balances.
_OURS = """
    with mine as (
        select r.kind, r.target_id from imports_importrow w join imports_importrecord r on r.row_id = w.id
        where w.digest = any(%s) and w.is_live and r.is_new
    )
    select coalesce((select sum(p.amount_minor) from mine join payments_payment p on p.id = mine.target_id
                     where mine.kind = 'payment' and %s and p.deleted_at is null), 0)
         + coalesce((select sum(coalesce(p.cost_minor, p.scheduled_minor)) from mine join scheduling_participant p on p.session_id = mine.target_id
                     where mine.kind = 'session'), 0)
         + coalesce((select sum(o.amount_minor * case mine.kind when 'balance' then -1 else 1 end)
                     from mine join ledger_journalentry e on e.source_id = mine.target_id and e.reverses_id is null
                     join ledger_posting o on o.entry_id = e.id join ledger_account a on a.id = o.account_id
                     where mine.kind in ('balance', 'sale') and a.kind = 'receivable' and e.kind in ('opening', 'charge')), 0)
"""


def our_amount(parsed: ParsedFile) -> int:
    """What the rows of the file that name an amount come to in the books, minor units: read back from the tables."""
    digests = [row.digest for row in parsed.rows if row.amount_minor is not None]
    counts_payments = any(part.layout.record == "payments" for part in parsed.parts)
    with connection.cursor() as cursor:
        cursor.execute(_OURS, [digests, counts_payments])
        return int(cursor.fetchone()[0])
