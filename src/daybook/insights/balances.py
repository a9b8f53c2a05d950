"""Every client's figures beside its name, from the kept totals: one statement, one row an account."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Count, F, FilteredRelation, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce, Lower

from daybook.ledger.queries import Balance
from daybook.people.models import User
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.tenancy.actor import Actor


class ClientFigures(NamedTuple):
    """A client's figures as a row of a whole list; minor units, costs with tax."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    payments: int
    costs: int
    scheduled: int

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def balance(self) -> int:
        return self.payments - self.costs

    @property
    def available_credit(self) -> int:
        return self.payments - self.costs - self.scheduled


def all_figures(rows: Any) -> Iterator[ClientFigures]:
    """The rows of `client_balances`, all of them, in their order: columns only, as thousands are read at once."""
    columns = ("id", "first_name", "last_name", "email", "paid", "charged", "planned")
    return map(ClientFigures._make, rows.values_list(*columns))


def figures_of(row: User) -> Balance:
    """The figures of a row of `client_balances`."""
    return Balance(row.paid, row.charged, row.planned)  # type: ignore[attr-defined]


def client_balances(actor: Actor) -> Any:
    """Clients with `paid`, `charged`, `planned`, `balance`, `owed`, `credit` (minor units) and `by_name`; unordered.

    For the team with accounting alone. Raises NotPermitted.
    """
    actor.require_team()
    actor.require(MANAGE_ACCOUNTING)
    rows = User.objects.filter(role=User.Role.CLIENT).annotate(
        account=FilteredRelation("accounts", condition=Q(accounts__kind="receivable")),
        paid=Coalesce(F("account__paid_minor"), 0),
        charged=Coalesce(F("account__charged_minor"), 0),
        planned=Coalesce(F("account__scheduled_minor"), 0),
        by_name=Lower("last_name"),
    )
    return rows.annotate(
        owed=F("charged") - F("paid"),
        balance=F("paid") - F("charged"),
        credit=F("paid") - F("charged") - F("planned"),
    )


def sums(rows: QuerySet[User]) -> dict[str, int]:
    """How many clients these are, their figures added up, and what those owe that owe: one statement."""
    added: dict[str, int] = rows.aggregate(
        count=Count("pk"),
        payments=Sum("paid", default=0),
        costs=Sum("charged", default=0),
        scheduled=Sum("planned", default=0),
        owing=Sum(Case(When(owed__gt=0, then=F("owed"))), default=0),
        in_credit=Sum(Case(When(owed__lt=0, then=F("balance"))), default=0),
    )
    whole = {name: int(value) for name, value in added.items()}
    balance = whole["payments"] - whole["costs"]
    return whole | {"balance": balance, "credit": balance - whole["scheduled"]}
