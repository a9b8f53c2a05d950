"""A page of the list of balances with what the whole list adds up to: two prepared statements in one trip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from daybook.core.texts import normalise
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.tenancy.actor import Actor
from daybook.tenancy.prepared import fetch_together

MOST_WORDS = 8

_FROM = "from people_user u left join ledger_account a on a.owner_id = u.id and a.kind = 'receivable' where {}"
_PAID, _CHARGED, _PLANNED = (f"coalesce(a.{name}_minor, 0)" for name in ("paid", "charged", "scheduled"))
_BALANCE = f"({_PAID} - {_CHARGED})"
_CREDIT = f"({_PAID} - {_CHARGED} - {_PLANNED})"
_ROWS = f"select u.id::text, u.first_name, u.last_name, u.status, {_PAID}, {_CHARGED}, {_PLANNED} {_FROM}"
_SUMS = f"""
    select count(*), coalesce(sum({_PAID}), 0)::bigint, coalesce(sum({_CHARGED}), 0)::bigint,
           coalesce(sum({_PLANNED}), 0)::bigint, coalesce(sum(greatest(-{_BALANCE}, 0)), 0)::bigint,
           coalesce(sum(greatest({_BALANCE}, 0)), 0)::bigint {_FROM}
"""
ORDERS: dict[str, tuple[str, ...]] = {
    "name": ("lower(u.last_name)", "lower(u.first_name)", "u.id"),
    "payments": (_PAID, "u.id"),
    "costs": (_CHARGED, "u.id"),
    "balance": (_BALANCE, "u.id"),
    "scheduled": (_PLANNED, "u.id"),
    "credit": (_CREDIT, "u.id"),
}
SHOWN = {
    "owing": f"{_BALANCE} < 0",
    "credit": f"{_BALANCE} > 0",
    "settled": f"{_BALANCE} = 0",
    "short": f"{_CREDIT} < 0",
}


@dataclass(frozen=True, slots=True)
class BalancePage:
    """Rows: id (text), first name, last name, status, payments, costs, scheduled; minor units. `sums` by name."""

    rows: Sequence[tuple[Any, ...]]
    sums: dict[str, int]
    has_next: bool


def balance_page(
    actor: Actor,
    *,
    text: str = "",
    status: str = "",
    shown: str = "",
    sort: str = "name",
    descending: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> BalancePage:
    """Clients as narrowed, in order, and what all of them add up to. For the team with accounting alone."""
    actor.require_team()
    actor.require(MANAGE_ACCOUNTING)
    parts, values = ["u.role = 'client'", "u.deleted_at is null"], {}
    for number, word in enumerate(normalise(text).split()[:MOST_WORDS]):
        parts.append(f"u.search_text like %(word_{number})s")
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values[f"word_{number}"] = f"%{escaped}%"
    if status:
        parts.append("u.status = %(status)s::text")
        values["status"] = status
    if shown:
        parts.append(SHOWN[shown])
    where = " and ".join(parts)
    order = ", ".join(f"{each} desc" if descending else each for each in ORDERS[sort])
    page = f"{_ROWS.format(where)} order by {order} limit {limit + 1} offset %(offset)s::bigint"
    if not offset:
        page = page.removesuffix(" offset %(offset)s::bigint")
    rows, (added,) = fetch_together([(page, values | {"offset": offset}), (_SUMS.format(where), values)])
    count, payments, costs, scheduled, owing, in_credit = added
    sums = {
        "count": count,
        "payments": payments,
        "costs": costs,
        "scheduled": scheduled,
        "owing": owing,
        "in_credit": in_credit,
        "balance": payments - costs,
        "credit": payments - costs - scheduled,
    }
    return BalancePage(rows[:limit], sums, len(rows) > limit)
