"""Every client's figures beside its name, from the kept totals: one statement, one row an account."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce, Lower

from daybook.ledger.queries import Balance
from daybook.people.models import User
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.tenancy.actor import Actor
from daybook.tenancy.prepared import Rows, fetch_together


class ClientFigures(NamedTuple):
    """A client's figures as a row of a whole list; minor units, costs with tax."""

    id: str
    name: str
    email: str
    payments: int
    costs: int
    balance: int
    scheduled: int
    available_credit: int


# Two lists, put together here: PostgreSQL would sort the joined rows anew, which takes longer than all the rest.
_CLIENTS = """
    select id::text, trim(first_name || ' ' || last_name), email from people_user where role = 'client' and deleted_at is null
    order by lower(last_name), lower(first_name), id
"""
_ACCOUNTS = """
    select owner_id::text, paid_minor, charged_minor, scheduled_minor from ledger_account where kind = 'receivable'
"""
_NOTHING = ("", 0, 0, 0)


def every_balance(actor: Actor) -> Iterator[ClientFigures]:
    """The figures of all clients by last name, as thousands are read at once. Raises NotPermitted like `client_balances`."""
    _check_may_read(actor)
    return _put_together(*fetch_together([(_CLIENTS, ()), (_ACCOUNTS, ())]))


def _put_together(clients: Rows, accounts: Rows) -> Iterator[ClientFigures]:
    figures = {row[0]: row for row in accounts}
    for client_id, name, email in clients:
        _, paid, charged, planned = figures.get(client_id, _NOTHING)
        balance = paid - charged
        yield ClientFigures(client_id, name, email, paid, charged, balance, planned, balance - planned)


def all_figures(rows: Any) -> Iterator[ClientFigures]:
    """The rows of `client_balances`, all of them, in their order: columns only."""
    columns = ("id", "first_name", "last_name", "email", "paid", "charged", "planned")
    for client_id, first, last, email, paid, charged, planned in rows.values_list(*columns):
        balance = paid - charged
        name = f"{first} {last}".strip()
        yield ClientFigures(str(client_id), name, email, paid, charged, balance, planned, balance - planned)


def figures_of(row: User) -> Balance:
    """The figures of a row of `client_balances`."""
    return Balance(row.paid, row.charged, row.planned)  # type: ignore[attr-defined]


def client_balances(actor: Actor) -> Any:
    """Clients with `paid`, `charged`, `planned`, `balance`, `owed`, `credit` (minor units) and `by_name`; unordered.

    For the team with accounting alone. Raises NotPermitted.
    """
    _check_may_read(actor)
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


def _check_may_read(actor: Actor) -> None:
    actor.require_team()
    actor.require(MANAGE_ACCOUNTING)
