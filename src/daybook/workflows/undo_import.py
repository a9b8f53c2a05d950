"""Take back a whole import: money by reversals, everything else into the bin; or nothing, with the reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from daybook.catalog.models import Location, Service
from daybook.core.errors import DomainError
from daybook.imports.errors import CannotUndo, ImportNotReady
from daybook.imports.models import Import, ImportRecord, ImportRow
from daybook.imports.permissions import access_import
from daybook.imports.queries import records_of
from daybook.imports.services import NoProgress, Progress
from daybook.ledger.services import add_scheduled, lock_accounts, reverse_sources
from daybook.payments.models import Payment
from daybook.people.models import Assignment, User
from daybook.scheduling.services import bin_sessions, reopen_sessions
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import change_ground
from daybook.tenancy.scope import set_verb
from daybook.workflows.session_locks import held, live_invoices, lock

PEOPLE = ("client", "practitioner", "staff", "agent")
_MOST_NAMED = 50
AT_A_TIME = 500

# Who among these people is still needed, and by what; sessions and payments of the import itself are in the bin by then.
_NEEDED_PEOPLE = """
    select u.id, trim(u.first_name || ' ' || u.last_name), case
        when exists (select from scheduling_participant p join scheduling_session s on s.id = p.session_id
                     where p.client_id = u.id and s.deleted_at is null) then 'sessions'
        when exists (select from scheduling_session s where s.practitioner_id = u.id and s.deleted_at is null) then 'sessions'
        when exists (select from payments_payment p where p.client_id = u.id and p.deleted_at is null) then 'payments'
        when exists (select from billing_invoice i where (i.client_id = u.id or i.bill_to_id = u.id) and i.state <> 'void') then 'invoices'
        when exists (select from people_user a where a.agent_id = u.id and a.deleted_at is null and not a.id = any(%(ids)s)) then 'clients'
        when u.username is not null and u.last_login is not null then 'signed_in'
        end as reason
    from people_user u where u.id = any(%(ids)s) and u.deleted_at is null
"""
_NEEDED_PLACES = """
    select v.id, v.name, 'sessions' from catalog_service v where v.id = any(%(ids)s) and exists (
        select from scheduling_session s where s.service_id = v.id and s.deleted_at is null)
    union all
    select l.id, l.name, 'sessions' from catalog_location l where l.id = any(%(ids)s) and exists (
        select from scheduling_session s where s.location_id = l.id and s.deleted_at is null)
"""


@dataclass(frozen=True, slots=True)
class Undone:
    """How many records of each kind were taken back."""

    batch: Import
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that the import made and that cannot be taken back any more: what it is, its name, and why."""

    kind: str
    name: str
    why: str

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "name": self.name, "why": self.why}


@transaction.atomic
def undo_import(
    *, actor: Actor, now: datetime, import_id: object, progress: Progress | None = None, is_queued: bool = False
) -> Undone:
    """Take back what an import made. Raises NotFound, ImportNotReady, CannotUndo with every obstacle; then nothing changes.

    `is_queued` is the job's: what waits for it is nobody else's to take back.
    """
    change_ground()
    batch = access_import(actor, import_id, lock=True)
    if batch.state != (Import.State.UNDOING if is_queued else Import.State.DONE):
        raise ImportNotReady(state=batch.state)
    set_verb("undo_import")
    told = progress or NoProgress()
    made = _by_kind(records_of(batch))
    told.tell("undoing", 0, sum(map(len, made.values())))
    obstacles = _take_back_money(made, actor=actor, now=now)
    obstacles += _take_back_sessions(made, actor=actor, now=now, progress=told)
    people = [each for role in PEOPLE for each in made[role]]
    obstacles += _needed(_NEEDED_PEOPLE, people, "person")
    obstacles += _needed(_NEEDED_PLACES, made["service"] + made["location"], "service")
    if obstacles:
        raise CannotUndo(items=[each.as_json() for each in obstacles[:_MOST_NAMED]], count=len(obstacles))
    _bin_people(people, actor=actor, now=now)
    for model, ids in ((Service, made["service"]), (Location, made["location"])):
        model.objects.filter(pk__in=ids).update(deleted_at=now, deleted_by=actor.user_id)
    ImportRow.objects.filter(batch=batch).update(is_live=False)
    ImportRecord.objects.filter(batch=batch).update(is_live=False)
    batch.state, batch.undone_at, batch.failure = Import.State.UNDONE, now, None
    batch.save(update_fields=["state", "undone_at", "failure"])
    return Undone(batch, {kind: len(ids) for kind, ids in made.items() if ids})


def why_not(*, actor: Actor, now: datetime, import_id: object) -> DomainError | None:
    """What stands against the undo, found by trying it and taking that back; None when nothing does."""
    try:
        with transaction.atomic():
            undo_import(actor=actor, now=now, import_id=import_id)
            transaction.set_rollback(True)
    except DomainError as refusal:
        return refusal
    return None


def _by_kind(records: Iterable[ImportRecord]) -> dict[str, list[UUID]]:
    made: dict[str, list[UUID]] = defaultdict(list)
    for record in records:
        made[record.kind].append(record.target_id)
    return made


def _take_back_money(made: dict[str, list[UUID]], *, actor: Actor, now: datetime) -> list[Obstacle]:
    """Payments, opening balances and sales: reversed. A payment that was refunded or applied to an invoice stands."""
    payments = list(Payment.objects.filter(pk__in=made["payment"]).select_related("client"))
    lock_accounts({payment.client_id for payment in payments})
    obstacles = [
        Obstacle("payment", payment.client.name, "refunded" if payment.refunded_minor else "on_invoice")
        for payment in payments
        if payment.refunded_minor or payment.allocated_minor
    ]
    Payment.objects.filter(pk__in=[payment.pk for payment in payments]).update(deleted_at=now, deleted_by=actor.user_id)
    sources = [payment.pk for payment in payments] + made["balance"] + made["sale"]
    reverse_sources(sources, now=now, actor=actor)
    return obstacles


def _take_back_sessions(
    made: dict[str, list[UUID]], *, actor: Actor, now: datetime, progress: Progress
) -> list[Obstacle]:
    """Sessions: charges and wages reversed, then into the bin as open ones, so that each could be recovered.

    All are locked at once, so that no account is waited for out of turn; they are written some at a time.
    """
    of_all = sum(map(len, made.values()))
    before = sum(len(made[kind]) for kind in ("payment", "balance", "sale"))
    sessions = [each for each in lock(made["session"]).values() if each.deleted_at is None]
    numbers = live_invoices(sessions, of_any_basis=True)
    obstacles = [
        Obstacle("session", each.facts.service.name, "invoiced")
        for each in sessions
        if any(place.id in numbers for place in each.places)
    ]
    add_scheduled(held(sessions, sign=-1))
    for start in range(0, len(sessions), AT_A_TIME):
        some = sessions[start : start + AT_A_TIME]
        progress.tell("undoing", before + start, of_all)
        reopen_sessions(some, {place.id: 0 for each in some for place in each.places})
        sources = [source for each in some for source in each.sources]
        reverse_sources(sources, now=now, actor=actor)
        bin_sessions([each.id for each in some], actor_id=actor.user_id, now=now)
    progress.tell("undoing", before + len(sessions), of_all)
    return obstacles


def _needed(statement: str, ids: Sequence[UUID], kind: str) -> list[Obstacle]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": list(ids)})
        return [Obstacle(kind, name, why) for _, name, why in cursor.fetchall() if why]


def _bin_people(ids: Sequence[UUID], *, actor: Actor, now: datetime) -> None:
    Assignment.objects.filter(client_id__in=ids).delete()
    Assignment.objects.filter(practitioner_id__in=ids).delete()
    User.objects.filter(pk__in=ids).update(deleted_at=now, deleted_by=actor.user_id)
