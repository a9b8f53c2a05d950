"""What practitioners earned in a period, and what is owed to them now."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

# Earned and paid in the period from the ledger's dates; owed from the kept balance.
_WAGES = """
    select u.id, trim(u.first_name || ' ' || u.last_name), u.status, coalesce(p.earned, 0), coalesce(p.paid, 0), coalesce(p.sessions, 0),
           coalesce(-a.balance_minor, 0)
    from people_user u
    left join ledger_account a on a.owner_id = u.id and a.kind = 'wages_payable'
    left join lateral (
        select -sum(g.amount_minor) filter (where g.side = 'c') as earned, sum(g.amount_minor) filter (where g.side = 'p') as paid,
               count(*) filter (where g.side = 'c' and g.amount_minor < 0) - count(*) filter (where g.side = 'c' and g.amount_minor > 0) as sessions
        from ledger_posting g where g.account_id = a.id and g.occurred_on between %s and %s
    ) p on true
    where u.role = 'practitioner' and u.deleted_at is null and (u.status = 'active' or a.id is not null)
    order by lower(u.last_name), lower(u.first_name), u.id
"""


@dataclass(frozen=True, slots=True)
class WageRow:
    """Minor units. `owed` is what is earned and not yet paid, over all time."""

    id: UUID
    name: str
    status: str
    earned: int
    paid: int
    sessions: int
    owed: int


def wages_by_practitioner(first: date, last: date) -> list[WageRow]:
    """Every practitioner of the team, and those gone to whom something is owed; by name. Both dates are included."""
    with connection.cursor() as cursor:
        cursor.execute(_WAGES, [first, last])
        return [WageRow(row[0], row[1], row[2], int(row[3]), int(row[4]), int(row[5]), int(row[6])) for row in cursor]
