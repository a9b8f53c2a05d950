"""Change an open session: when, where, who, what. The time moves with it, the amounts set aside follow."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybook.billing.models import InvoiceLine
from daybook.core.errors import InvalidInput, Notice
from daybook.core.ids import new_id
from daybook.core.money import Money
from daybook.ledger.services import add_scheduled
from daybook.people.services import assign
from daybook.scheduling import rules
from daybook.scheduling.errors import AlreadyCompleted, Invoiced
from daybook.scheduling.models import Participant, Session
from daybook.scheduling.permissions import Sight
from daybook.scheduling.queries import Asked, load_facts
from daybook.scheduling.queries.locked import LockedSession
from daybook.scheduling.services import free_time, occupy, replace_assistants
from daybook.tenancy.actor import Actor
from daybook.tenancy.ground import hold_ground
from daybook.tenancy.scope import current_business, set_verb
from daybook.workflows.add_session import scheduled_amounts
from daybook.workflows.results import SessionResult
from daybook.workflows.session_locks import live_invoices, lock_one

NOTES = frozenset({"public_note", "internal_note"})
FACTS = frozenset(
    {"service_id", "practitioner_id", "assistant_ids", "location_id", "client_ids", "starts_at", "ends_at"}
)


@transaction.atomic
def change_session(*, actor: Actor, now: datetime, session_id: UUID, **changes: Any) -> SessionResult:
    """Change what is given of NOTES and FACTS. Notes may change at any time, the rest only while the session is open.

    Where an assistant becomes the leading practitioner, nobody takes its place.

    Raises InvalidInput, NotFound, NotPermitted, NotAssigned, ClientNotActive, AlreadyCompleted, Invoiced, DoubleBooking.
    """
    if unknown := changes.keys() - NOTES - FACTS:
        raise InvalidInput(field=sorted(unknown)[0], problem="unknown_field")
    notes = {name: changes[name] for name in NOTES & changes.keys()}
    rules.check_notes(**notes)
    set_verb("change_session")
    hold_ground()
    newcomers = changes.get("client_ids") or ()
    session = lock_one(actor, session_id, permission="edit_sessions", more_payers=newcomers)
    asked = _asked(session, changes)
    result = _Changed()
    if asked != _asked(session, {}):
        result = _move(actor, session, asked)
    Session.objects.filter(pk=session_id).update(**result.columns, **notes)
    return SessionResult(Session.objects.get(pk=session_id), result.warnings, result.closures)


@dataclass(frozen=True, slots=True)
class _Changed:
    """New columns of the session's row, and what the team is told."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[Notice, ...] = ()
    closures: tuple[str, ...] = ()


def _asked(session: LockedSession, changes: Mapping[str, Any]) -> Asked:
    clients = tuple(place.client_id for place in session.places)
    now: dict[str, Any] = {
        "service_id": session.facts.service.id,
        "practitioner_id": session.facts.practitioner.id,
        "assistant_ids": tuple(each.practitioner_id for each in session.assistants),
        "location_id": session.facts.location.id if session.facts.location else None,
        "client_ids": clients,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
    }
    wanted = {name: changes[name] for name in FACTS & changes.keys()}
    if "client_ids" in wanted:
        wanted["client_ids"] = _same_order(clients, rules.check_clients(wanted["client_ids"]))
    asked = now | wanted
    assistants = rules.check_assistants(asked["practitioner_id"], asked["assistant_ids"])
    asked["assistant_ids"] = _same_order(now["assistant_ids"], assistants)
    return Asked(**asked, session_id=session.id)


def _same_order(old: Iterable[UUID], new: tuple[UUID, ...]) -> tuple[UUID, ...]:
    """Those who stay first, in their order, so that naming the same people is no change."""
    stay = tuple(client_id for client_id in old if client_id in new)
    return stay + tuple(client_id for client_id in new if client_id not in stay)


def _move(actor: Actor, session: LockedSession, asked: Asked) -> _Changed:
    if session.status != "open":
        raise AlreadyCompleted(status=session.status)
    rules.check_period(asked.starts_at, asked.ends_at)
    facts = load_facts(asked, zone=current_business().time_zone, verb="change_session")
    before = {place.client_id for place in session.places}
    newcomers = set(asked.client_ids) - before
    rules.check_may_change(actor, facts, newcomers=newcomers, practitioners_before=session.practitioner_ids)
    if replace(asked, client_ids=()) != replace(_asked(session, {}), client_ids=()):
        free_time([session.id])
        occupy(facts, session.id, asked.starts_at, asked.ends_at, actor=actor)
    _check_may_leave(session, asked)
    amounts = scheduled_amounts(facts, asked.starts_at, asked.ends_at)
    _check_price_holds(actor, session, amounts)
    _replace_places(session, amounts, asked.starts_at)
    if asked.assistant_ids or session.assistants:
        replace_assistants(session.id, asked.assistant_ids, starts_at=asked.starts_at)
    if actor.is_team:
        _assign_strangers(actor, facts)
    columns = {
        "service_id": asked.service_id,
        "practitioner_id": asked.practitioner_id,
        "assistant_count": len(asked.assistant_ids),
        "location_id": asked.location_id,
        "starts_at": asked.starts_at,
        "ends_at": asked.ends_at,
    }
    return _Changed(columns, rules.notices(facts), facts.closures)


def _assign_strangers(actor: Actor, facts: rules.Facts) -> None:
    """A session of the team makes its clients those of each practitioner of it."""
    strangers: dict[UUID, list[UUID]] = defaultdict(list)
    for practitioner_id, client_id in facts.strangers():
        strangers[practitioner_id].append(client_id)
    for practitioner_id, client_ids in strangers.items():
        assign(actor=actor, practitioner_id=practitioner_id, client_ids=client_ids, source="session")


def _check_may_leave(session: LockedSession, asked: Asked) -> None:
    """Nobody leaves a session whose place in it is billed. Raises Invoiced."""
    leaving = {place.id for place in session.places if place.client_id not in asked.client_ids}
    if not leaving:
        return
    numbers = live_invoices([session], of_any_basis=True)
    if found := {number for place_id in leaving for number in numbers.get(place_id, ())}:
        raise Invoiced(field="clients", invoices=sorted(found))


def _check_price_holds(actor: Actor, session: LockedSession, amounts: Mapping[UUID, int]) -> None:
    """What an invoice has named ahead is not given another price, other than the one that it names. Raises Invoiced."""
    changed = {
        place.id: amounts[place.client_id]
        for place in session.places
        if amounts.get(place.client_id, place.scheduled_minor) != place.scheduled_minor
    }
    if not changed:
        return
    lines = InvoiceLine.objects.filter(participant__in=changed, is_live=True).select_related("invoice")
    for line in lines.order_by("invoice__sequence", "position"):
        billed, costs = line.amount_minor + line.tax_minor, changed[line.participant_id]
        if costs != billed:
            currency = line.invoice.currency
            seen: dict[str, Any] = {}
            if Sight(actor).costs:
                seen = {"billed": Money(billed, currency), "costs": Money(costs, currency)}
            raise Invoiced(invoices=[line.invoice.number], **seen)


def _replace_places(session: LockedSession, amounts: Mapping[UUID, int], starts_at: datetime) -> None:
    """Participants who leave, come, or cost something else now; the accounts follow by the differences."""
    deltas: dict[UUID, int] = defaultdict(int)
    old = {place.client_id: place for place in session.places}
    for client_id, amount in amounts.items():
        deltas[old[client_id].payer_id if client_id in old else client_id] += amount
    for place in session.places:
        deltas[place.payer_id] -= place.scheduled_minor
    add_scheduled(deltas)
    Participant.objects.filter(session=session.id).exclude(client__in=amounts).delete()
    for client_id in amounts.keys() & old.keys():
        if old[client_id].scheduled_minor != amounts[client_id] or starts_at != session.starts_at:
            Participant.objects.filter(pk=old[client_id].id).update(
                scheduled_minor=amounts[client_id], starts_at=starts_at
            )
    Participant.objects.bulk_create(
        Participant(
            id=new_id(),
            session_id=session.id,
            client_id=client_id,
            payer_id=client_id,
            starts_at=starts_at,
            scheduled_minor=amount,
        )
        for client_id, amount in amounts.items()
        if client_id not in old
    )
