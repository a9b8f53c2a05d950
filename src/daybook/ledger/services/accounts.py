"""Accounts: finding, making and locking them. The order of locks is by kind, then by id, here and in the trigger."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import orjson
from django.db import connection

from daybook.core.ids import new_id
from daybook.ledger.models import Account
from daybook.tenancy.prepared import Values, fetch_prepared
from daybook.tenancy.scope import current_business_id

AccountKey = tuple[str, UUID | None]

_FIND = """
    select a.kind, a.owner_id, a.id from ledger_account a
    join unnest(%s::text[], %s::uuid[]) as wanted (kind, owner_id) on a.kind = wanted.kind and a.owner_id = wanted.owner_id
    union all
    select a.kind, null, a.id from ledger_account a where a.owner_id is null and a.kind = any(%s) and a.business_id = %s
"""

_MAKE = """
    insert into ledger_account (id, business_id, kind, owner_id, charged_minor, paid_minor, balance_minor, scheduled_minor)
    select new.id, %s, new.kind, new.owner_id, 0, 0, 0, 0
    from unnest(%s::uuid[], %s::text[], %s::uuid[]) as new (id, kind, owner_id)
    on conflict do nothing
"""

# The existing ones in the order of locks, new ones made on the way.
_ADD_SCHEDULED = """
    insert into ledger_account (id, business_id, kind, owner_id, charged_minor, paid_minor, balance_minor, scheduled_minor)
    select new.id, %(business)s::bigint, 'receivable', new.owner_id, 0, 0, 0, new.amount
    from json_to_recordset(%(deltas)s::json) as new (id uuid, owner_id uuid, amount bigint)
    left join ledger_account a on a.owner_id = new.owner_id and a.kind = 'receivable'
    order by coalesce(a.id, new.id)
    on conflict (business_id, kind, owner_id)
    do update set scheduled_minor = ledger_account.scheduled_minor + excluded.scheduled_minor
"""


def resolve(keys: Iterable[AccountKey]) -> dict[AccountKey, UUID]:
    """The account of each (kind, owner); missing ones are made. One query when all are there."""
    wanted = sorted(set(keys), key=str)
    found = _find(wanted)
    missing = [key for key in wanted if key not in found]
    if missing:
        with connection.cursor() as cursor:
            cursor.execute(
                _MAKE,
                [
                    current_business_id(),
                    [new_id() for _ in missing],
                    [key[0] for key in missing],
                    [key[1] for key in missing],
                ],
            )
        found |= _find(missing)
    return found


def _find(keys: list[AccountKey]) -> dict[AccountKey, UUID]:
    owned = [key for key in keys if key[1] is not None]
    own = [key[0] for key in keys if key[1] is None]
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [[key[0] for key in owned], [key[1] for key in owned], own, current_business_id()])
        return {(kind, owner_id): account_id for kind, owner_id, account_id in cursor.fetchall()}


def account_ids(owner_ids: Iterable[UUID], kind: str) -> dict[UUID, UUID]:
    """Owner → account of that kind; missing accounts are made."""
    found = resolve((kind, owner_id) for owner_id in owner_ids)
    return {owner_id: account_id for (_, owner_id), account_id in found.items() if owner_id is not None}


def lock_accounts(owner_ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Owner → receivable account, locked until the transaction ends, in id order; missing accounts are made."""
    wanted = set(owner_ids)
    found = _lock(wanted)
    if missing := wanted - found.keys():
        account_ids(missing, Account.Kind.RECEIVABLE)
        # All again, so that old and new together are locked in order.
        found = _lock(wanted)
    return found


def _lock(owner_ids: set[UUID]) -> dict[UUID, Account]:
    rows = (
        Account.objects.filter(kind=Account.Kind.RECEIVABLE, owner_id__in=owner_ids)
        .order_by("id")
        .select_for_update(no_key=True)
    )
    return {row.owner_id: row for row in rows}


def add_scheduled(deltas: Mapping[UUID, int]) -> None:
    """Add to what open sessions will cost each payer. One statement, accounts locked in id order; missing ones are made."""
    for statement, values in adding_scheduled(deltas):
        fetch_prepared(statement, values)


def adding_scheduled(deltas: Mapping[UUID, int]) -> list[tuple[str, Values]]:
    """The statement of `add_scheduled`, for a trip with others; none where there is nothing to add."""
    wanted = [
        {"id": new_id(), "owner_id": owner_id, "amount": amount} for owner_id, amount in deltas.items() if amount != 0
    ]
    if not wanted:
        return []
    return [(_ADD_SCHEDULED, {"business": current_business_id(), "deltas": orjson.dumps(wanted).decode()})]
