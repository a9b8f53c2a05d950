from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils.functional import Promise

from daybook.catalog.models import Service
from daybook.core.ids import new_id
from daybook.insights import dashboard as figures
from daybook.insights.first_hour import first_hour
from daybook.insights.reports import REPORTS
from daybook.ledger import rules
from daybook.ledger.services import post
from daybook.people.models import User
from daybook.scheduling.models import Participant, Session
from daybook.tenancy.actor import COMMAND
from daybook.tenancy.services import set_terms
from daybook.tenancy.terms import Word

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)  # a Wednesday, 14:00 in Berlin
TODAY = date(2026, 5, 6)


def person(role: str, first: str, **fields: Any) -> User:
    return User.objects.create(role=role, first_name=first, last_name="Lind", **fields)


def session(practitioner: User, client: User, starts_at: datetime, **fields: Any) -> Session:
    service = Service.objects.first() or Service.objects.create(name="Violin")
    made = Session.objects.create(
        service=service,
        practitioner=practitioner,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        **fields,
    )
    Participant.objects.create(session=made, client=client, payer=client, starts_at=starts_at)
    return made


def test_sessions_of_day_are_those_of_the_local_day_in_order(business: object) -> None:
    teacher, pupil = person("practitioner", "Pia"), person("client", "Leo")
    late = session(teacher, pupil, datetime(2026, 5, 6, 20, tzinfo=UTC))
    early = session(teacher, pupil, datetime(2026, 5, 5, 22, tzinfo=UTC))  # midnight in Berlin
    session(teacher, pupil, datetime(2026, 5, 6, 22, tzinfo=UTC))  # tomorrow there
    session(teacher, pupil, datetime(2026, 5, 6, 8, tzinfo=UTC), deleted_at=NOW)
    line = figures.day_line(day=TODAY, zone="Europe/Berlin", now=NOW)
    assert [(each.id, each.clients, each.practitioner, each.is_unsaved) for each in line.shown] == [
        (early.pk, "Leo Lind", "Pia Lind", True),
        (late.pk, "Leo Lind", "Pia Lind", False),
    ]
    assert (line.total, line.unsaved, line.coming) == (2, 1, late.pk)
    other = person("practitioner", "Max")
    none = figures.day_line(day=TODAY, zone="Europe/Berlin", now=NOW, practitioner_id=other.pk)
    assert (none.shown, none.total, none.unsaved, none.coming) == ((), 0, 0, None)


@pytest.mark.parametrize(("hour", "shown"), [(0, [6, 7, 8]), (11, [9, 10, 11]), (13, [11, 12, 13]), (23, [15, 16, 17])])
def test_day_line_shows_what_is_over_last_and_what_follows(business: object, hour: int, shown: list[int]) -> None:
    teacher, pupil = person("practitioner", "Pia"), person("client", "Leo")
    for at in range(6, 18):
        session(teacher, pupil, datetime(2026, 5, 6, at, tzinfo=UTC))
    now = datetime(2026, 5, 6, hour, tzinfo=UTC)
    line = figures.day_line(day=TODAY, zone="Europe/Berlin", now=now, few=3, before=2)
    assert [each.starts_at.hour for each in line.shown] == shown and line.total == 12
    coming = next((each.id for each in line.shown if each.ends_at > now), None)
    assert line.coming == coming


def test_attention_counts_what_is_unsaved_and_names_who_owes(business: object) -> None:
    teacher, pupil = person("practitioner", "Pia"), person("client", "Leo", birthday=date(2016, 5, 8))
    session(teacher, pupil, NOW - timedelta(days=2))
    session(teacher, pupil, NOW + timedelta(days=2))
    entry = rules.charge(payer_id=pupil.pk, cost_minor=4500, occurred_on=TODAY, source_id=new_id())
    post([entry], now=NOW, actor=COMMAND)
    found = figures.attention(now=NOW, zone="Europe/Berlin", roles=["client", "practitioner"])
    assert (found.unsaved_count, found.oldest_unsaved) == (1, NOW - timedelta(days=2))
    assert [(each.name, each.owed_minor) for each in found.debtors] == [("Leo Lind", 4500)]
    assert [(each.name, each.day, each.turns) for each in found.birthdays] == [("Leo Lind", date(2026, 5, 8), 10)]


@pytest.mark.parametrize(
    ("today", "born", "found"),
    [
        (date(2026, 12, 29), date(1990, 1, 2), date(2027, 1, 2)),
        (date(2026, 12, 29), date(1990, 1, 5), None),
        (date(2028, 2, 27), date(2016, 2, 29), date(2028, 2, 29)),
        (date(2028, 3, 1), date(2016, 2, 29), None),
        (date(2026, 5, 6), date(1896, 5, 6), date(2026, 5, 6)),
    ],
)
def test_birthday_is_found_around_the_turn_of_the_year(
    business: object, today: date, born: date, found: date | None
) -> None:
    person("client", "Lea", birthday=born)
    now = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    attention = figures.attention(now=now, zone="Europe/Berlin", roles=["client"])
    assert [each.day for each in attention.birthdays] == ([found] if found else [])
    assert not figures.attention(now=now, zone="Europe/Berlin", roles=[]).birthdays


def test_birthday_on_leap_day_counts_on_the_first_of_march(business: object) -> None:
    person("client", "Lea", birthday=date(2016, 2, 29))
    found = figures.attention(
        now=datetime(2026, 2, 25, 12, tzinfo=UTC), zone="Europe/Berlin", roles=["client", "practitioner"]
    )
    assert [(each.day, each.turns) for each in found.birthdays] == [(date(2026, 3, 1), 10)]


def test_money_adds_up_this_month_and_what_is_open(business: object) -> None:
    one, two = person("client", "Leo"), person("client", "Ida")
    entries = [
        rules.charge(payer_id=one.pk, cost_minor=5000, occurred_on=TODAY, source_id=new_id()),
        rules.payment(payer_id=one.pk, amount_minor=2000, method="cash", occurred_on=TODAY, source_id=new_id()),
        rules.payment(
            payer_id=two.pk, amount_minor=700, method="bank", occurred_on=date(2026, 4, 3), source_id=new_id()
        ),
    ]
    post(entries, now=NOW, actor=COMMAND)
    flows = figures.flows(today=TODAY)
    found = figures.money(flows)
    # owed: 50.00 − 20.00 = 30.00 by one; 7.00 held for the other
    assert (found.received_this_month, found.received_last_month_to_date, found.charged_this_month) == (2000, 700, 5000)
    assert (found.owed, found.credit, found.scheduled) == (3000, 700, 0)
    weeks = figures.money_by_week(flows)
    assert (len(weeks), weeks[-1].starts_on, weeks[-1].received, weeks[-1].charged) == (
        12,
        date(2026, 5, 4),
        2000,
        5000,
    )
    assert sum(week.received for week in weeks) == 2700


def test_first_hour_leads_from_step_to_step(business: object) -> None:
    assert (first_hour().next_step, first_hour().done, first_hour().is_over) == ("service", 0, False)
    teacher, pupil = person("practitioner", "Pia"), person("client", "Leo")
    assert first_hour().done == 2
    session(teacher, pupil, NOW)
    assert first_hour().is_over


@pytest.mark.parametrize("name", ["service-spending", "wages", "revenue", "receivables", "attendance"])
def test_report_pages_open_with_any_period(signed_in: Browser, name: str) -> None:
    for address in (
        "",
        "?from=2026-01-01&to=2026-12-31",
        "?from=nonsense&to=9999-12-31",
        "?from=2026-05-02&to=2026-05-01",
        "?format=csv",
    ):
        assert signed_in.get(f"/reports/{name}/{address}").status_code == 200


def test_dashboard_asks_the_database_as_often_for_three_sessions_as_for_one(signed_in: Browser) -> None:
    teacher, pupil = person("practitioner", "Pia"), person("client", "Leo")
    counts = []
    for extra in (1, 2):
        for _ in range(extra):
            session(teacher, pupil, datetime.now(UTC))
        with CaptureQueriesContext(connection) as asked:
            assert signed_in.get("/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_reports_speak_the_business_words(signed_in: Browser) -> None:
    set_terms(actor=COMMAND, terms={"client": Word("student", "students"), "service": Word("lesson", "lessons")})
    page = signed_in.get("/reports/service-spending/?format=csv").content.decode("utf-8-sig")
    assert page.splitlines()[0] == "Student,Lesson,Sessions,Time,Cost"
    assert "What each student spent on which lesson" in signed_in.get("/reports/").content.decode()
    assert all(isinstance(title, Promise) for title, _run in REPORTS.values())
