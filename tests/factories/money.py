"""People with accounts, and sessions that were saved at a price: what the tests of money start from."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from daybook.catalog.models import Service
from daybook.core.texts import normalise
from daybook.ledger import rules
from daybook.ledger.services import add_scheduled, post
from daybook.people.models import User
from daybook.scheduling.models import Participant, Session
from daybook.tenancy.actor import COMMAND

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
TODAY = date(2026, 3, 20)
_numbers = count(1)


def make_client(**fields: object) -> User:
    number = next(_numbers)
    values: dict[str, object] = {
        "role": "client",
        "first_name": "Leo",
        "last_name": f"Brandt {number}",
        "email": f"leo{number}@example.com",
    }
    whole = values | fields
    search = normalise(" ".join(str(whole[name]) for name in ("first_name", "last_name", "email")))
    return User.objects.create(**{"search_text": search} | whole)


def make_session(
    client: User,
    *,
    cost: int = 5_000,
    tax: int = 0,
    tax_rate: Decimal = Decimal(0),
    starts_at: datetime = datetime(2026, 3, 2, 15, tzinfo=UTC),
    status: str = "completed",
) -> Participant:
    """A session of an hour with one client; saved and charged, or open with `cost` planned (tax included)."""
    number = next(_numbers)
    service = Service.objects.create(name=f"Piano {number}", cost_minor=cost, tax_rate=tax_rate)
    pia = User.objects.create(role="practitioner", first_name="Pia", last_name=f"Keller {number}")
    is_open = status == "open"
    session = Session.objects.create(
        service=service,
        practitioner=pia,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        status=status,
        saved_at=None if is_open else NOW,
    )
    place = Participant.objects.create(
        session=session,
        client=client,
        payer=client,
        starts_at=starts_at,
        status=status,
        cost_minor=None if is_open else cost,
        tax_minor=0 if is_open else tax,
        scheduled_minor=cost if is_open else 0,
    )
    if is_open:
        add_scheduled({client.pk: cost})
    elif cost + tax:
        entry = rules.charge(
            payer_id=client.pk,
            cost_minor=cost,
            tax_minor=tax,
            occurred_on=starts_at.date(),
            source_id=place.pk,
            description=service.name,
        )
        post([entry], now=NOW, actor=COMMAND)
    return place
