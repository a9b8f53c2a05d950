"""Save sessions: freeze prices with their reasons, charge the payers, credit the wage."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction

from daybook.core.errors import DomainError, NotFound
from daybook.ledger import rules as entries
from daybook.ledger.rules import NewEntry
from daybook.ledger.services import add_scheduled, post
from daybook.scheduling.models import Session
from daybook.scheduling.queries.completions import Offer
from daybook.scheduling.queries.locked import LockedSession
from daybook.scheduling.rules import (
    CompletionFacts,
    Facts,
    Outcome,
    Override,
    check_may_save,
    check_override,
    outcome_of,
)
from daybook.scheduling.services import save_sessions
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business, set_verb
from daybook.workflows.session_locks import Refusals, allowed, day_of, held, lock

CompletionChoice = UUID | str | None


class ChargeablePlace(Protocol):
    """A client's place, and whose account it is charged to."""

    @property
    def id(self) -> UUID: ...

    @property
    def payer_id(self) -> UUID: ...


class PayableAssistant(Protocol):
    """The row of a further practitioner."""

    @property
    def id(self) -> UUID: ...

    @property
    def practitioner_id(self) -> UUID: ...


class Chargeable(Protocol):
    """A session as far as its entries in the ledger need it: one that is there, or one about to be written."""

    @property
    def id(self) -> UUID: ...

    @property
    def facts(self) -> Facts: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def places(self) -> Sequence[ChargeablePlace]: ...

    @property
    def assistants(self) -> Sequence[PayableAssistant]: ...


def complete_session(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    completion_type: CompletionChoice = None,
    override: Override | None = None,
    participants: Mapping[UUID, CompletionChoice] | None = None,
) -> Session:
    """Save one session by a completion type (an id, or the name of a default: `completed` when none is given).

    `participants` are clients whose own type differs. An override needs its permission; its cost holds for each of the
    others. Raises NotFound, NotPermitted, InvalidInput, AlreadyCompleted, NotBegun.
    """
    if override:
        actor.require("cost_override")
        check_override(override)
    offer = Offer()
    to = offer.choose(completion_type)
    own = {client_id: offer.choose(choice, field="participants") for client_id, choice in (participants or {}).items()}
    refused = _complete(actor, now, [session_id], to=to, own=own, override=override)
    if session_id in refused:
        raise refused[session_id]
    return Session.objects.get(pk=session_id)


def complete_many(
    *, actor: Actor, now: datetime, session_ids: Sequence[UUID], completion_type: CompletionChoice = None
) -> Refusals:
    """Save many at once, each by the same type, in a fixed number of statements. Answers why some were not."""
    return _complete(actor, now, session_ids, to=Offer().choose(completion_type), own={}, override=None)


@transaction.atomic
def _complete(
    actor: Actor,
    now: datetime,
    session_ids: Sequence[UUID],
    *,
    to: CompletionFacts,
    own: Mapping[UUID, CompletionFacts],
    override: Override | None,
) -> Refusals:
    set_verb("complete_session")
    sessions, refused = allowed(actor, session_ids, lock(session_ids), permission="complete_sessions")
    saved: list[tuple[LockedSession, Outcome]] = []
    for session in sessions:
        try:
            check_may_save(status=session.status, starts_at=session.starts_at, to=to, now=now, by_team=actor.is_team)
            saved.append((session, _outcome(session, to, own, override)))
        except DomainError as refusal:
            refused[session.id] = refusal
    if saved:
        save_sessions(saved, now=now)
        add_scheduled(held((session for session, _ in saved), sign=-1))
        post([entry for session, outcome in saved for entry in entries_of(session, outcome)], now=now, actor=actor)
    return refused


def _outcome(
    session: LockedSession, to: CompletionFacts, own: Mapping[UUID, CompletionFacts], override: Override | None
) -> Outcome:
    strangers = own.keys() - {client.id for client in session.facts.clients}
    if strangers:
        raise NotFound(field="participants", what="client")
    return outcome_of(
        session.facts,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        day=day_of(session.starts_at),
        currency=current_business().currency,
        to=to,
        places=own,
        override=override,
    )


def entries_of(session: Chargeable, outcome: Outcome) -> list[NewEntry]:
    """A charge for each participant that owes something, and a wage for each practitioner; all on the day of the session."""
    facts, day = session.facts, day_of(session.starts_at)
    found = [
        entries.charge(
            payer_id=place.payer_id,
            cost_minor=saved.charge.minor,
            tax_minor=saved.charge.tax_minor,
            occurred_on=day,
            source_id=place.id,
            description=f"{facts.service.name}, {facts.practitioner_names}",
            reasons=saved.charge.reasons,
        )
        for place, saved in zip(session.places, outcome.places, strict=True)
        if saved.charge.total_minor
    ]
    earned = [("session", session.id, facts.practitioner.id, outcome.wage)] + [
        ("assistant", each.id, each.practitioner_id, wage)
        for each, wage in zip(session.assistants, outcome.assistant_wages, strict=True)
    ]
    found += [
        entries.wage(
            practitioner_id=practitioner_id,
            wage_minor=wage.minor,
            occurred_on=day,
            source_id=source_id,
            source_kind=source_kind,
            description=f"{facts.service.name}, {', '.join(client.name for client in facts.clients)}",
            reasons=wage.reasons,
        )
        for source_kind, source_id, practitioner_id, wage in earned
        if wage.minor
    ]
    return found
