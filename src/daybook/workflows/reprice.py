"""A new rate or price reaches what is still open: the amounts set aside on accounts. What was saved never changes."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.db import transaction

from daybook.core.periods import day_start
from daybook.ledger.services import add_scheduled
from daybook.scheduling.models import Session
from daybook.scheduling.services import set_scheduled
from daybook.tenancy.scope import current_business
from daybook.workflows.session_locks import by_payer, lock, scheduled_of

BATCH = 1_000


@transaction.atomic
def reprice_open(
    *, client_id: UUID | None = None, service_id: UUID | None = None, from_date: date | None = None
) -> int:
    """Set the amounts of open sessions anew, of one client, one service, or both, from a local date on.

    Answers how many sessions were looked at. The caller has authorised.
    """
    found = Session.objects.filter(status="open")
    if client_id:
        found = found.filter(participants__client_id=client_id)
    if service_id:
        found = found.filter(service_id=service_id)
    if from_date:
        found = found.filter(starts_at__gte=day_start(from_date, current_business().time_zone))
    ids = list(found.order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), BATCH):
        _reprice(ids[start : start + BATCH])
    return len(ids)


def _reprice(session_ids: list[UUID]) -> None:
    deltas: dict[UUID, int] = defaultdict(int)
    scheduled: dict[UUID, int] = {}
    for session in lock(session_ids).values():
        if session.status != "open" or session.deleted_at is not None:
            continue
        amounts = scheduled_of(session)
        scheduled |= amounts
        differences = {place.id: amounts[place.id] - place.scheduled_minor for place in session.places}
        for payer_id, amount in by_payer(session, differences).items():
            deltas[payer_id] += amount
    add_scheduled(deltas)
    set_scheduled(scheduled)
