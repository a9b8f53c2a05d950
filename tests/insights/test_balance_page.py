"""The page of balances says what the ledger's own figures say, however it is narrowed and sorted."""

from __future__ import annotations

from typing import Any

import pytest

from daybook.core.errors import NotPermitted
from daybook.insights.balance_page import ORDERS, SHOWN, balance_page
from daybook.insights.balances import all_figures, client_balances
from daybook.ledger.models import Account
from daybook.people.models import User
from daybook.tenancy.actor import Actor
from tests.factories.sessions import make_client, make_person

FIGURES = {"Ada": (0, 5000, 0), "Ben": (9000, 2000, 8000), "Cleo": (100, 100, 50), "Dan": (0, 0, 0)}


@pytest.fixture
def clients(admin: Actor) -> dict[str, User]:
    people = {name: make_client(first_name=name, last_name=f"Of{name}") for name in FIGURES}
    for name, (paid, charged, scheduled) in FIGURES.items():
        if name != "Dan":
            Account.objects.create(
                owner=people[name], kind="receivable", paid_minor=paid, charged_minor=charged, scheduled_minor=scheduled
            )
    make_client(first_name="Gone", deleted_at="2026-01-01T00:00Z")
    make_person("agent", first_name="Agnes")
    return people


def names(page: Any) -> list[str]:
    return [row[1] for row in page.rows]


def test_rows_and_sums_are_those_of_the_ledger(admin: Actor, clients: dict[str, User]) -> None:
    page = balance_page(admin)
    known = {str(each.id): each for each in all_figures(client_balances(admin))}
    assert {row[0] for row in page.rows} == known.keys()
    assert all(row[4:] == (known[row[0]].payments, known[row[0]].costs, known[row[0]].scheduled) for row in page.rows)
    assert page.sums == {
        "count": 4,
        "payments": 9100,
        "costs": 7100,
        "scheduled": 8050,
        "owing": 5000,
        "in_credit": 7000,
        "balance": 2000,
        "credit": -6050,
    }


@pytest.mark.parametrize(
    ("shown", "found"),
    [("owing", ["Ada"]), ("credit", ["Ben"]), ("settled", ["Cleo", "Dan"]), ("short", ["Ada", "Ben", "Cleo"])],
)
def test_shown_narrows_rows_and_sums(admin: Actor, clients: dict[str, User], shown: str, found: list[str]) -> None:
    page = balance_page(admin, shown=shown)
    assert names(page) == found and page.sums["count"] == len(found)
    assert set(SHOWN) == {"owing", "credit", "settled", "short"}


@pytest.mark.parametrize(
    ("sort", "first"), [("name", "Ada"), ("payments", None), ("costs", "Dan"), ("balance", "Ada"), ("scheduled", None), ("credit", "Ada")]
)  # fmt: skip
def test_every_order_is_turned_round(admin: Actor, clients: dict[str, User], sort: str, first: str | None) -> None:
    up, down = (names(balance_page(admin, sort=sort, descending=turned)) for turned in (False, True))
    assert up == down[::-1] and first in (None, up[0])
    assert sort in ORDERS


def test_pages_search_and_status(admin: Actor, clients: dict[str, User]) -> None:
    first, second = (balance_page(admin, limit=3, offset=offset) for offset in (0, 3))
    assert names(first) + names(second) == list(FIGURES) and first.has_next and not second.has_next
    assert first.sums == second.sums
    beyond = balance_page(admin, offset=50)
    assert not beyond.rows and beyond.sums["count"] == 4
    User.objects.filter(pk=clients["Ben"].pk).update(status="inactive", search_text=" ben of%ben_ ")
    assert names(balance_page(admin, text="of%ben_")) == ["Ben"]
    assert names(balance_page(admin, text="of_ben")) == [] and names(balance_page(admin, status="inactive")) == ["Ben"]


def test_only_who_keeps_the_books_reads_it() -> None:
    for role, permissions in (("staff", ()), ("practitioner", ("manage_accounting",)), ("client", ())):
        with pytest.raises(NotPermitted):
            balance_page(Actor(kind="user", role=role, permissions=frozenset(permissions)))  # type: ignore[arg-type]
