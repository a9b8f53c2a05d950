"""Balances from the kept totals: one row an owner, never a sum over postings."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from daybook.core.money import minor_to_text
from daybook.core.reasons import Reason
from daybook.ledger.models import Account


@dataclass(frozen=True, slots=True)
class Balance:
    """What an owner reads, in minor units. Costs include tax. A balance below zero is owed."""

    payments: int = 0
    costs: int = 0
    scheduled: int = 0

    @property
    def balance(self) -> int:
        return self.payments - self.costs

    @property
    def available_credit(self) -> int:
        return self.balance - self.scheduled

    def reasons(self, currency: str) -> tuple[Reason, ...]:
        """How the figures follow from each other, for people who ask (requirements 6.12)."""
        parts = ("payments", "costs", "balance", "scheduled", "available_credit")
        return tuple(Reason(part, {"amount": minor_to_text(getattr(self, part), currency)}) for part in parts)


def balance_of(owner_id: UUID) -> Balance:
    """The balance of one client or payer; zeros where nothing has happened yet."""
    return balances_of([owner_id]).get(owner_id, Balance())


def balances_of(owner_ids: Iterable[UUID]) -> dict[UUID, Balance]:
    """Balances by owner, one query; owners of whom the ledger knows nothing are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select owner_id, paid_minor, charged_minor, scheduled_minor from ledger_account"
            " where kind = 'receivable' and owner_id = any(%s)",
            [list(owner_ids)],
        )
        return {row[0]: Balance(*row[1:]) for row in cursor.fetchall()}


def totals() -> Balance:
    """All owners' figures added up, from the kept totals."""
    sums = Account.objects.filter(kind=Account.Kind.RECEIVABLE).aggregate(
        payments=Sum("paid_minor", default=0),
        costs=Sum("charged_minor", default=0),
        scheduled=Sum("scheduled_minor", default=0),
    )
    return Balance(**{name: int(value) for name, value in sums.items()})
