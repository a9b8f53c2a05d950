"""Take a file in: read it, decide every row, write all of it or nothing (or all that is right, where that is wanted)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from daybook.catalog.services import add_locations, add_services
from daybook.core.ids import new_id
from daybook.core.periods import local_date
from daybook.imports.errors import DatesUndecided, ImportNotReady
from daybook.imports.layouts import ALL
from daybook.imports.layouts.base import Setting
from daybook.imports.models import Import, ImportFile
from daybook.imports.permissions import IMPORT_DATA, access_import
from daybook.imports.queries import known_for, our_amount, resources_of
from daybook.imports.rules.parsing import Options, ParsedFile, parse
from daybook.imports.rules.plan import Known, Plan, Record
from daybook.imports.rules.planning import plan_import
from daybook.imports.rules.reading import read_tables
from daybook.imports.rules.tables import Table
from daybook.imports.services import NoProgress, Progress, options_of, require_open, stored_problems, write_rows
from daybook.ledger import rules as entries
from daybook.ledger.rules import NewEntry
from daybook.ledger.services import add_scheduled, lock_accounts, post
from daybook.payments.rules import NewPayment
from daybook.people.services.bulk import add_people, assign_many
from daybook.scheduling.rules.whole import WholeSession
from daybook.scheduling.services.whole import insert_whole, lock_time
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import hold_ground
from daybook.tenancy.scope import current_business, current_business_id, set_verb
from daybook.workflows.complete_session import entries_of
from daybook.workflows.take_payment import record_payments

_LOCK_CLASS = 0x1347
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import came to, or would: the file as it was read, what became of each row, and the two totals.

    Totals are minor units where `in_money`, otherwise rows.
    """

    batch: Import
    parsed: ParsedFile
    plan: Plan
    theirs: int
    ours: int
    in_money: bool
    is_written: bool


def read_tables_as(tables: Sequence[Table], options: Options) -> ParsedFile:
    """The tables as their layouts read them. Raises FileUnreadable, LayoutUnknown, HeaderMissing."""
    business = current_business()
    setting = Setting(business.currency, options.time_zone or business.time_zone)
    return parse(tables, ALL, options, setting)


def time_zone_of(batch: Import) -> str:
    """The zone of the file's times: as chosen, else the business's."""
    return batch.options.get("time_zone") or current_business().time_zone


def preview_import(*, actor: Actor, now: datetime, import_id: object) -> Outcome:
    """What taking the file in would do; nothing is written.

    Raises NotFound, NotPermitted, ImportNotReady, FileUnreadable, LayoutUnknown, HeaderMissing, DatesUndecided.
    """
    batch = access_import(actor, import_id)
    require_open(batch)
    parsed = _parsed(batch)
    known = known_for(parsed, zone=time_zone_of(batch), now=now)
    plan = plan_import(parsed, known, same=batch.options.get("same") or {})
    return _outcome(batch, parsed, plan, ours=_planned_amount(parsed, plan), is_written=False)


@transaction.atomic
def keep_preview(outcome: Outcome) -> Outcome:
    """Keep with the import what a preview found; it stays open."""
    _store(outcome)
    outcome.batch.save()
    return outcome


def run_import(*, actor: Actor, now: datetime, import_id: object, progress: Progress | None = None) -> Outcome:
    """Take the file in. With rows at fault and no partial import asked for, nothing is written and the state is `refused`.

    One import of a business runs at a time. Raises as `preview_import`.
    """
    actor.require(IMPORT_DATA)
    progress = progress or NoProgress()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, current_business_id() % 2**31])
        hold_ground()
        batch = access_import(actor, import_id, lock=True)
        if batch.state != Import.State.QUEUED:
            require_open(batch)
        progress.tell("reading", 0, 0)
        parsed = _parsed(batch)
        progress.tell("checking", 0, parsed.row_count)
        plan = _plan_under_locks(batch, parsed, now)
        if plan.problems and not batch.is_partial:
            return _refuse(batch, parsed, plan, now)
        group = new_id()
        set_verb("run_import", group=group)
        _write(batch, parsed, plan, actor=actor, now=now, progress=progress)
        set_verb("run_import")
        outcome = _outcome(batch, parsed, plan, ours=our_amount(parsed), is_written=True)
        _keep(outcome, now=now, group=group)
        ImportFile.objects.filter(batch=batch).delete()
        return outcome


def _parsed(batch: Import) -> ParsedFile:
    file = ImportFile.objects.filter(batch=batch).first()
    if file is None:
        raise ImportNotReady(state=batch.state)
    parsed = read_tables_as(read_tables(bytes(file.content), batch.file_name), options_of(batch))
    if parsed.questions:
        columns = [
            {"column": each.column, "examples": list(each.examples), "is_mixed": each.is_mixed}
            for each in parsed.questions
        ]
        raise DatesUndecided(
            columns=columns, names=[each.column for each in parsed.questions], example=parsed.questions[0].examples[0]
        )
    return parsed


def _plan_under_locks(batch: Import, parsed: ParsedFile, now: datetime) -> Plan:
    """Plan, then lock accounts and time in the order of every writer, and plan again where others wrote meanwhile."""
    known = known_for(parsed, zone=time_zone_of(batch), now=now)
    plan = plan_import(parsed, known, same=batch.options.get("same") or {})
    new = {person.id for person in plan.people}
    payers = {place.client_id for session in plan.sessions for place in session.places}
    payers |= {payment.client_id for _, payment in plan.payments} | {
        client for _, client, _ in (*plan.balances, *plan.sales)
    }
    lock_accounts(payers - new)
    if not plan.sessions:
        return plan
    lock_time(resources_of(known))
    fresh = known_for(parsed, zone=time_zone_of(batch), now=now)
    if _same_time(known, fresh):
        return plan
    return plan_import(parsed, fresh, same=batch.options.get("same") or {})


def _same_time(one: Known, other: Known) -> bool:
    """Whether nobody took or gave back time between two readings. The first has been filled by planning."""
    return one.timetable.there == other.timetable.there


def _refuse(batch: Import, parsed: ParsedFile, plan: Plan, now: datetime) -> Outcome:
    batch.state, batch.finished_at = Import.State.REFUSED, now
    there = our_amount(parsed) if parsed.their_amount is not None else plan.skipped
    outcome = replace(_outcome(batch, parsed, plan, ours=0, is_written=False), ours=there)
    _store(outcome)
    batch.save()
    return outcome


def _keep(outcome: Outcome, *, now: datetime, group: UUID) -> None:
    batch = outcome.batch
    batch.state, batch.finished_at, batch.group = Import.State.DONE, now, group
    _store(outcome)
    batch.made = dict(Counter(record.kind for record in outcome.plan.records if record.is_new))
    batch.failure = None
    batch.save()


def _store(outcome: Outcome) -> None:
    batch, plan = outcome.batch, outcome.plan
    batch.layout = outcome.parsed.layout_name
    batch.row_count = outcome.parsed.row_count
    batch.created_count, batch.matched_count, batch.skipped_count = plan.created, plan.matched, plan.skipped
    batch.problems, batch.error_count = stored_problems(plan.problems), len(plan.problems)
    batch.total_kind = Import.TotalKind.AMOUNTS if outcome.in_money else Import.TotalKind.ROWS
    batch.theirs, batch.ours = outcome.theirs, outcome.ours


def _outcome(batch: Import, parsed: ParsedFile, plan: Plan, *, ours: int, is_written: bool) -> Outcome:
    amount = parsed.their_amount
    if amount is not None:
        return Outcome(batch, parsed, plan, amount, ours, in_money=True, is_written=is_written)
    rows = plan.created + plan.matched + plan.skipped
    return Outcome(batch, parsed, plan, parsed.their_rows, rows, in_money=False, is_written=is_written)


def _planned_amount(parsed: ParsedFile, plan: Plan) -> int:
    """What the rows that would go in (or are in) say they come to."""
    return sum(row.amount_minor or 0 for row in (*plan.taken_rows, *plan.skipped_rows))


# Writing ---------------------------------------------------------------------------------------------------------


def _write(batch: Import, parsed: ParsedFile, plan: Plan, *, actor: Actor, now: datetime, progress: Progress) -> None:
    """All rows of a plan, in the order in which they depend on one another."""
    total = len(plan.taken_rows)
    add_services(actor=actor, rows=plan.services)
    add_locations(actor=actor, rows=plan.locations)
    add_people(actor=actor, now=now, people=[(person.id, person.values) for person in plan.people])
    pairs = dict(plan.assignments)
    pairs |= {(each, person.id): "preassigned" for person in plan.people for each in person.practitioner_ids}
    if pairs:
        assign_many(actor=actor, now=now, pairs=pairs)
    written = 0
    for start in range(0, len(plan.sessions), _CHUNK):
        _write_sessions(plan.sessions[start : start + _CHUNK], actor=actor, now=now)
        written += min(_CHUNK, len(plan.sessions) - start)
        progress.tell("writing", min(written, total), total)
    today = local_date(now, current_business().time_zone)
    post([_opening(*each, today=today) for each in plan.balances], now=now, actor=actor)
    sold, paid = _write_sales(plan, actor=actor, now=now)
    received: dict[UUID, UUID] = {}
    payments = [*plan.payments, *paid]
    for start in range(0, len(payments), _CHUNK):
        part = payments[start : start + _CHUNK]
        rows = record_payments([new for _, new in part], actor=actor, now=now)
        received |= {planned: row.pk for (planned, _), row in zip(part, rows, strict=True)}
        progress.tell("writing", min(written + start + len(part), total), total)
    plan.records[:] = [_with_id(record, received) for record in (*plan.records, *sold)]
    systems = [part.layout.system for part in parsed.parts]
    write_rows(batch, plan.taken_rows, plan.records, systems)


def _write_sessions(sessions: Sequence[WholeSession], *, actor: Actor, now: datetime) -> None:
    insert_whole(sessions, now=now)
    scheduled: Counter[UUID] = Counter()
    for session in sessions:
        for place in session.places:
            scheduled[place.client_id] += place.scheduled_minor
    add_scheduled(scheduled)
    saved: list[NewEntry] = [
        entry for session in sessions if session.outcome for entry in entries_of(session, session.outcome)
    ]
    post(saved, now=now, actor=actor)


def _opening(balance_id: UUID, client_id: UUID, balance_minor: int, *, today: date) -> NewEntry:
    return entries.opening(
        payer_id=client_id,
        balance_minor=balance_minor,
        occurred_on=today,
        source_id=balance_id,
        description="Balance brought along",
    )


def _write_sales(plan: Plan, *, actor: Actor, now: datetime) -> tuple[list[Record], list[tuple[UUID, NewPayment]]]:
    """Charge what was sold; answers the payments that come with it, and their records."""
    charges = [
        entries.charge(
            payer_id=client_id, cost_minor=item.total_minor, occurred_on=item.sold_on, source_id=sale_id,
            source_kind="sale", description=item.description,
        )
        for sale_id, client_id, item in plan.sales
        if item.total_minor
    ]  # fmt: skip
    # A return gives money back that this business never took: there is no payment of ours that it could refund.
    returns = [
        entries.refund(
            payer_id=client_id,
            amount_minor=-item.paid_minor,
            method=item.method,
            occurred_on=item.sold_on,
            source_id=sale_id,
            description=item.description,
        )
        for sale_id, client_id, item in plan.sales
        if item.paid_minor < 0
    ]
    post(charges + returns, now=now, actor=actor)
    places = {record.id: record for record in plan.records if record.kind == "sale"}
    records, payments = [], []
    for sale_id, client_id, item in plan.sales:
        if item.paid_minor > 0:
            payment_id, record = new_id(), places[sale_id]
            new = NewPayment(
                client_id, item.paid_minor, item.method, item.sold_on, item.reference, item.description[:500]
            )
            payments.append((payment_id, new))
            records.append(Record(record.row, record.part, "payment", payment_id, True))
    return records, payments


def _with_id(record: Record, received: dict[UUID, UUID]) -> Record:
    """A payment gets its id when it is written."""
    made = received.get(record.id)
    return Record(record.row, record.part, record.kind, made, record.is_new, record.foreign_id) if made else record
