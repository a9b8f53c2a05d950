"""Reads beside their floors. Pages go through the whole of Django, data through the query and its JSON."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth import login
from django.db import connection
from django.http import HttpRequest
from django.test import Client

from daybook.billing.documents.invoice import invoice_pdf
from daybook.billing.models import Invoice
from daybook.insights.balances import client_balances, every_balance
from daybook.ledger.queries import statement
from daybook.ops.bench.business import Subject
from daybook.ops.bench.timing import Line, measure, side_by_side
from daybook.people.models import User
from daybook.people.sessions import SessionStore
from daybook.scheduling.queries.calendar import CalendarFilters, calendar_rows, closures_between
from daybook.tenancy.prepared import fetch_prepared
from daybook.tenancy.scope import open_scope

_CALENDAR = """
    select s.id::text, to_char(s.starts_at at time zone 'Europe/Dublin', 'YYYY-MM-DD"T"HH24:MI'),
           to_char(s.ends_at at time zone 'Europe/Dublin', 'YYYY-MM-DD"T"HH24:MI'), s.status, s.practitioner_id::text,
           s.location_id::text, s.service_id::text, t.label,
           string_agg(c.first_name || ' ' || c.last_name, ', ' order by c.last_name, c.first_name), count(*)
    from scheduling_session s join scheduling_participant p on p.session_id = s.id join people_user c on c.id = p.client_id
    left join scheduling_completiontype t on t.id = s.completion_type_id
    where s.deleted_at is null and s.starts_at >= %s and s.starts_at < %s {narrowed}
    group by s.id, t.label order by s.starts_at, s.id
"""
_CLIENTS = """
    select id::text, first_name, last_name, email, phone, status, tags from people_user
    where role = 'client' and deleted_at is null order by lower(last_name), lower(first_name), id limit 50
"""
_SEARCH = """
    select id::text, first_name, last_name, email, phone, status, tags from people_user
    where role = 'client' and deleted_at is null and word_similarity(%s, search_text) >= 0.38
    order by word_similarity(%s, search_text) desc limit 50
"""
_BALANCES = """
    select u.id::text, u.first_name || ' ' || u.last_name, u.email, coalesce(a.paid_minor, 0), coalesce(a.charged_minor, 0),
           coalesce(a.paid_minor - a.charged_minor, 0), coalesce(a.scheduled_minor, 0),
           coalesce(a.paid_minor - a.charged_minor - a.scheduled_minor, 0)
    from people_user u left join ledger_account a on a.owner_id = u.id and a.kind = 'receivable'
    where u.role = 'client' and u.deleted_at is null order by lower(u.last_name), lower(u.first_name), u.id
"""
_STATEMENT = """
    select p.occurred_on, e.kind, e.description, p.amount_minor,
           (a.balance_minor - coalesce(sum(p.amount_minor) over (order by p.occurred_on desc, p.id desc
                                       rows between unbounded preceding and 1 preceding), 0))::bigint
    from ledger_account a join ledger_posting p on p.account_id = a.id join ledger_journalentry e on e.id = p.entry_id
    where a.owner_id = %s and a.kind = 'receivable' order by p.occurred_on desc, p.id desc limit 50
"""

Act = Callable[[int], Any]


def read_lines(subject: Subject) -> Iterator[Line]:
    """Each line as soon as it is measured."""
    yield from _data_lines(subject)
    yield from _page_lines(subject)


def _floor(statement_text: str, values: Callable[[int], Sequence[Any]] = lambda number: ()) -> Act:
    """The statement, prepared, and its rows as JSON."""
    return lambda number: orjson.dumps(fetch_prepared(statement_text, values(number)))


def _data_lines(subject: Subject) -> Iterator[Line]:
    period = (subject.starts, subject.ends)
    with open_scope(subject.business.pk, actor=subject.actor):
        one = CalendarFilters(practitioner_ids=(subject.practitioner_id,))
        one_floor = _floor(
            _CALENDAR.format(narrowed="and s.practitioner_id = %s"), lambda _: (*period, subject.practitioner_id)
        )
        size = len(calendar_rows(subject.actor, *period, one))
        found, floor = side_by_side(lambda _: _calendar(subject, one), one_floor, 60)
        yield Line(
            "calendar month, one practitioner", found.median, found.p95, found.best, floor=floor.median, target=7, most_ratio=3,
            note=f"{size:,} sessions",
        )  # fmt: skip
        size = len(calendar_rows(subject.actor, *period))
        found, floor = side_by_side(
            lambda _: _calendar(subject, None), _floor(_CALENDAR.format(narrowed=""), lambda _: period), 20
        )
        yield Line(
            "calendar month, everybody", found.median, found.p95, found.best, floor=floor.median, target=120, most_ratio=3,
            note=f"{size:,} sessions",
        )  # fmt: skip
        size = client_balances(subject.actor).count()
        found, floor = side_by_side(lambda _: _balances(subject), _floor(_BALANCES), 30)
        yield Line(
            "all balances",
            found.median,
            found.p95,
            found.best,
            floor=floor.median,
            target=40,
            most_ratio=3,
            note=f"{size:,} clients",
        )
        found, floor = side_by_side(
            lambda _: orjson.dumps(statement(subject.client_id)), _floor(_STATEMENT, lambda _: [subject.client_id]), 60
        )
        yield Line(
            "statement of the busiest client",
            found.median,
            found.p95,
            found.best,
            floor=floor.median,
            note="50 entries",
        )
        invoice = Invoice.objects.get(pk=subject.invoice_id)
        found = measure(lambda _: invoice_pdf(invoice, today=subject.today), 20)
        yield Line(
            "invoice as PDF", found.median, found.p95, found.best, target=25, note=f"{invoice.lines.count()} lines"
        )


def _calendar(subject: Subject, filters: CalendarFilters | None) -> bytes:
    """What the calendar's feed does."""
    rows = calendar_rows(subject.actor, subject.starts, subject.ends, filters)
    return orjson.dumps({"rows": rows, "closures": closures_between(subject.first, subject.last)})


def _balances(subject: Subject) -> bytes:
    """What the export of balances reads, as JSON."""
    return orjson.dumps([tuple(each) for each in every_balance(subject.actor)])


def _page_lines(subject: Subject) -> Iterator[Line]:
    """Pages by the whole way of a request: session, scope, actor, query, template."""
    get = _browser(subject)
    with open_scope(subject.business.pk, actor=subject.actor):
        floor = measure(_floor(_CLIENTS), 40)
    found = measure(lambda _: get("/clients/"), 40)
    yield Line("client list, page", found.median, found.p95, found.best, floor=floor.median, target=15, target_p95=50)
    words = [_misspelt(name, number) for number, name in enumerate(subject.names)]
    with open_scope(subject.business.pk, actor=subject.actor):
        floor = measure(_floor(_SEARCH, lambda number: [words[number % len(words)]] * 2), 40)
    found = measure(lambda number: get(f"/clients/?q={words[number % len(words)]}"), 40)
    yield Line(
        "client search with a slip, page",
        found.median,
        found.p95,
        found.best,
        floor=floor.median,
        target=15,
        target_p95=50,
    )
    names = subject.names
    found = measure(lambda number: get(f"/clients/?q={names[number % len(names)]}"), 40)
    yield Line("client search, page", found.median, found.p95, found.best, target=15, target_p95=50)
    last = subject.last + timedelta(days=1)
    found = measure(
        lambda _: get(f"/calendar/feed/?from={subject.first}&to={last}&practitioner={subject.practitioner_id}"), 40
    )
    yield Line("calendar month, one practitioner, as requested", found.median, found.p95, found.best)
    for name, path in (
        ("dashboard, page", "/"),
        ("balances, page", "/accounting/balances/"),
        ("sessions, page", "/sessions/"),
        ("invoices, page", "/accounting/invoices/"),
        (
            "revenue of a year, page",
            f"/reports/revenue/?from={subject.first.replace(year=subject.first.year - 1)}&to={subject.last}",
        ),
    ):
        found = measure(lambda _, path=path: get(path), 20)  # type: ignore[misc]
        yield Line(name, found.median, found.p95, found.best)


def _misspelt(name: str, number: int) -> str:
    """Two letters in the middle change places."""
    middle = len(name) // 2
    return f"{name[: middle - 1]}{name[middle]}{name[middle - 1]}{name[middle + 1 :]}" if len(name) > 3 else name


def _browser(subject: Subject) -> Callable[[str], bytes]:
    """GET as the signed-in administrator; anything but 200 ends the run."""
    with open_scope(subject.business.pk, actor=subject.actor):
        request = HttpRequest()
        request.session = SessionStore()
        login(request, User.objects.get(pk=subject.actor.user_id), backend="django.contrib.auth.backends.ModelBackend")
        request.session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)

    def get(path: str) -> bytes:
        answer = client.get(f"/b/{subject.business.slug}{path}")
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return bytes(answer.content)

    return get


def close_connection() -> None:
    connection.close()
