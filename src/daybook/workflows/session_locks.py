"""What the verbs on sessions share: locks in their fixed order (accounts, then sessions), and who may."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from daybook.billing.models import Invoice, InvoiceLine
from daybook.core.errors import DomainError, NotFound
from daybook.core.periods import local_date
from daybook.ledger.services import lock_accounts
from daybook.scheduling.permissions import require_write
from daybook.scheduling.queries.locked import LockedSession, lock_sessions, payers_of
from daybook.scheduling.rules import charge_of, session_minutes
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business

Refusals = dict[UUID, DomainError]


def lock(session_ids: Sequence[UUID], *, more_payers: Iterable[UUID] = ()) -> dict[UUID, LockedSession]:
    """Lock the payers' accounts, then the sessions; what is not there is missing from the answer."""
    lock_accounts(payers_of(session_ids) | set(more_payers))
    return lock_sessions(session_ids)


def allowed(
    actor: Actor,
    session_ids: Iterable[UUID],
    locked: dict[UUID, LockedSession],
    *,
    permission: str,
    in_bin: bool = False,
) -> tuple[list[LockedSession], Refusals]:
    """Those that the actor may change, in the order asked for, and why not the others."""
    found: list[LockedSession] = []
    refused: Refusals = {}
    for session_id in session_ids:
        session = locked.get(session_id)
        try:
            if session is None or (session.deleted_at is not None) is not in_bin:
                raise NotFound(what="session")
            require_write(actor, session.practitioner_ids, permission)
            found.append(session)
        except DomainError as refusal:
            refused[session_id] = refusal
    return found, refused


def lock_one(
    actor: Actor, session_id: UUID, *, permission: str, in_bin: bool = False, more_payers: Iterable[UUID] = ()
) -> LockedSession:
    """Lock one session that the actor may change. Raises NotFound, NotPermitted."""
    locked = lock([session_id], more_payers=more_payers)
    found, refused = allowed(actor, [session_id], locked, permission=permission, in_bin=in_bin)
    if refused:
        raise refused[session_id]
    return found[0]


def day_of(starts_at: datetime) -> date:
    """The business's date of a session: it decides which rates hold and on which day it is booked."""
    return local_date(starts_at, current_business().time_zone)


def scheduled_of(session: LockedSession) -> dict[UUID, int]:
    """Participant's id → what the place stands for while the session is open, at the rates of now, tax included."""
    rates = {client.id: client.rates for client in session.facts.clients}
    minutes = session_minutes(session.starts_at, session.ends_at)
    day, currency = day_of(session.starts_at), current_business().currency
    return {
        place.id: charge_of(
            session.facts.service, rates[place.client_id], minutes=minutes, day=day, currency=currency
        ).total_minor
        for place in session.places
    }


def by_payer(session: LockedSession, amounts: dict[UUID, int]) -> dict[UUID, int]:
    """Amounts by participant's id, added up by payer."""
    sums: dict[UUID, int] = defaultdict(int)
    for place in session.places:
        sums[place.payer_id] += amounts.get(place.id, 0)
    return sums


def held(sessions: Iterable[LockedSession], *, sign: int = 1) -> dict[UUID, int]:
    """What these sessions stand for now, by payer; `sign` -1 to take it off."""
    sums: dict[UUID, int] = defaultdict(int)
    for session in sessions:
        for place in session.places:
            sums[place.payer_id] += sign * place.scheduled_minor
    return sums


def live_invoices(sessions: Iterable[LockedSession], *, of_any_basis: bool = False) -> dict[UUID, list[str]]:
    """Participant's id → numbers of live invoices that bill it. Those made ahead, of scheduled sessions, count if asked."""
    places = [place.id for session in sessions for place in session.places]
    lines = InvoiceLine.objects.filter(participant__in=places, is_live=True)
    if not of_any_basis:
        lines = lines.exclude(invoice__basis=Invoice.Basis.SCHEDULED)
    numbers: dict[UUID, list[str]] = defaultdict(list)
    for participant_id, number in lines.values_list("participant_id", "invoice__number"):
        numbers[participant_id].append(number)
    return numbers
