"""What the day needs: today's sessions, who needs attention, money in and owed, hours. A fixed number of statements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from daybook.core.periods import day_start, local_date, minutes_between

WEEKS = 12


@dataclass(frozen=True, slots=True)
class TodaySession:
    """A session of today; `clients` are names joined by commas; `is_unsaved` when it is over and still open."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    service: str
    color: str
    practitioner: str
    location: str
    clients: str
    is_unsaved: bool

    @property
    def minutes(self) -> int:
        return minutes_between(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Debtor:
    """A payer and what it owes, in minor units."""

    id: UUID
    name: str
    owed_minor: int


@dataclass(frozen=True, slots=True)
class Birthday:
    id: UUID
    name: str
    role: str
    day: date
    turns: int


@dataclass(frozen=True, slots=True)
class Attention:
    """What somebody should look at. Counts are whole; lists hold the first few."""

    unsaved_count: int
    oldest_unsaved: datetime | None
    debtors: tuple[Debtor, ...]
    debtor_count: int
    overdue_count: int
    overdue_minor: int
    failed_messages: int
    birthdays: tuple[Birthday, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """Minor units. `owed` is the sum of what payers owe, `credit` of what they have ahead, `scheduled` of open sessions."""

    received_this_month: int
    received_last_month_to_date: int
    charged_this_month: int
    owed: int
    credit: int
    scheduled: int


@dataclass(frozen=True, slots=True)
class WeekOfMoney:
    """Received and charged in the week that begins on `starts_on`, in minor units."""

    starts_on: date
    received: int
    charged: int


@dataclass(frozen=True, slots=True)
class PractitionerHours:
    """Minutes of one practitioner in a week: saved, and still open."""

    id: UUID
    name: str
    saved_minutes: int
    open_minutes: int


def _rows(sql: str, parameters: list[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


_TODAY = """
    select s.id, s.starts_at, s.ends_at, s.status, v.name, v.color, trim(p.first_name || ' ' || p.last_name), coalesce(l.name, ''),
           coalesce((select string_agg(trim(u.first_name || ' ' || u.last_name), ', ' order by u.first_name, u.last_name)
                     from scheduling_participant c join people_user u on u.id = c.client_id where c.session_id = s.id), '')
    from scheduling_session s
    join catalog_service v on v.id = s.service_id
    join people_user p on p.id = s.practitioner_id
    left join catalog_location l on l.id = s.location_id
    where s.deleted_at is null and s.starts_at >= %s and s.starts_at < %s and (%s::uuid is null or s.practitioner_id = %s)
    order by s.starts_at, p.first_name, s.id
"""


def sessions_of_day(*, day: date, zone: str, now: datetime, practitioner_id: UUID | None = None) -> list[TodaySession]:
    """Sessions that start on a local day, in time order; of one practitioner, if given."""
    span = [day_start(day, zone), day_start(day + timedelta(days=1), zone)]
    return [
        TodaySession(*(*row, row[3] == "open" and row[2] <= now))
        for row in _rows(_TODAY, [*span, practitioner_id, practitioner_id])
    ]


def attention(*, now: datetime, zone: str, roles: Collection[str], few: int = 5) -> Attention:
    """Everything on the dashboard's list of things to look at (five statements)."""
    today = local_date(now, zone)
    unsaved = _rows(
        "select count(*), min(starts_at) from scheduling_session where deleted_at is null and status = 'open' and ends_at <= %s",
        [now],
    )[0]
    debtors = _rows(
        """
        select u.id, trim(u.first_name || ' ' || u.last_name), a.balance_minor, count(*) over ()
        from ledger_account a join people_user u on u.id = a.owner_id
        where a.kind = 'receivable' and a.balance_minor > 0 order by a.balance_minor desc, u.id limit %s
        """,
        [few],
    )
    overdue = _rows(
        "select count(*), coalesce(sum(total_minor - paid_minor), 0) from billing_invoice where state = 'issued' and paid_minor < total_minor and due_on < %s",
        [today],
    )[0]
    failed = _rows("select count(*) from messaging_message where status = 'failed'", [])[0][0]
    return Attention(
        unsaved_count=unsaved[0],
        oldest_unsaved=unsaved[1],
        debtors=tuple(Debtor(*row[:3]) for row in debtors),
        debtor_count=debtors[0][3] if debtors else 0,
        overdue_count=overdue[0],
        overdue_minor=int(overdue[1]),
        failed_messages=failed,
        birthdays=_birthdays(today, roles, few),
    )


def _birthdays(today: date, roles: Collection[str], few: int) -> tuple[Birthday, ...]:
    """Active people of the roles whose birthday is in the coming week, soonest first; 29 February counts on 1 March in other years."""
    days = [today + timedelta(days=offset) for offset in range(7)]
    keys = [day.strftime("%m-%d") for day in days]
    if "03-01" in keys:
        keys.append("02-29")
    rows = _rows(
        """
        select id, trim(first_name || ' ' || last_name), role, birthday from people_user
        where deleted_at is null and status = 'active' and birthday is not null and role = any (%s)
          and to_char(birthday, 'MM-DD') = any (%s)
        """,
        [list(roles), keys],
    )
    found = [
        Birthday(row[0], row[1], row[2], day, day.year - row[3].year)
        for row in rows
        for day in days
        if _is_birthday(row[3], day)
    ]
    return tuple(sorted(found, key=lambda birthday: (birthday.day, birthday.name))[:few])


def _is_birthday(born: date, day: date) -> bool:
    try:
        return born.replace(year=day.year) == day
    except ValueError:  # born on 29 February, and this year has none
        return (day.month, day.day) == (3, 1)


def money(*, today: date) -> Money:
    """Money of this month beside last month's to the same day, and what stands open now (two statements)."""
    first = today.replace(day=1)
    last_first = (first - timedelta(days=1)).replace(day=1)
    last_same = min(last_first + timedelta(days=today.day - 1), first - timedelta(days=1))
    flows = _rows(
        """
        select coalesce(-sum(p.amount_minor) filter (where p.side = 'p' and p.occurred_on between %(first)s and %(today)s), 0),
               coalesce(-sum(p.amount_minor) filter (where p.side = 'p' and p.occurred_on between %(last_first)s and %(last_same)s), 0),
               coalesce(sum(p.amount_minor) filter (where p.side = 'c' and p.occurred_on between %(first)s and %(today)s), 0)
        from ledger_posting p join ledger_account a on a.id = p.account_id
        where p.side <> '-' and p.occurred_on between %(last_first)s and %(today)s and a.kind = 'receivable'
        """,
        {"first": first, "today": today, "last_first": last_first, "last_same": last_same},
    )[0]
    open_now = _rows(
        """
        select coalesce(sum(balance_minor) filter (where balance_minor > 0), 0), coalesce(-sum(balance_minor) filter (where balance_minor < 0), 0),
               coalesce(sum(scheduled_minor), 0)
        from ledger_account where kind = 'receivable'
        """,
        [],
    )[0]
    return Money(*(int(value) for value in (*flows, *open_now)))


def money_by_week(*, today: date, first_weekday: int = 0, weeks: int = WEEKS) -> list[WeekOfMoney]:
    """Received and charged in each of the last weeks, this one included, oldest first."""
    this_week = today - timedelta(days=(today.weekday() - first_weekday) % 7)
    start = this_week - timedelta(weeks=weeks - 1)
    rows = _rows(
        """
        select (p.occurred_on - %s::date) / 7, coalesce(-sum(p.amount_minor) filter (where p.side = 'p'), 0),
               coalesce(sum(p.amount_minor) filter (where p.side = 'c'), 0)
        from ledger_posting p join ledger_account a on a.id = p.account_id
        where p.side <> '-' and p.occurred_on >= %s and p.occurred_on <= %s and a.kind = 'receivable' group by 1
        """,
        [start, start, this_week + timedelta(days=6)],
    )
    found = {int(row[0]): (int(row[1]), int(row[2])) for row in rows}
    return [WeekOfMoney(start + timedelta(weeks=week), *found.get(week, (0, 0))) for week in range(weeks)]


def hours_of_week(*, today: date, zone: str, first_weekday: int = 0, few: int = 8) -> list[PractitionerHours]:
    """Minutes by practitioner in the week of `today`, the busiest first; canceled sessions do not count."""
    start = today - timedelta(days=(today.weekday() - first_weekday) % 7)
    rows = _rows(
        """
        select u.id, trim(u.first_name || ' ' || u.last_name),
               coalesce(sum(extract(epoch from s.ends_at - s.starts_at) / 60) filter (where s.status <> 'open'), 0)::int,
               coalesce(sum(extract(epoch from s.ends_at - s.starts_at) / 60) filter (where s.status = 'open'), 0)::int
        from scheduling_session s join people_user u on u.id = s.practitioner_id
        where s.deleted_at is null and s.status <> 'canceled' and s.starts_at >= %s and s.starts_at < %s
        group by u.id order by sum(s.ends_at - s.starts_at) desc, u.id limit %s
        """,
        [day_start(start, zone), day_start(start + timedelta(days=7), zone), few],
    )
    return [PractitionerHours(*row) for row in rows]
