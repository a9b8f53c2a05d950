"""Several practitioners in one session: whose time it takes, who is paid what, who sees it and may change it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from daybook.catalog.models import WageRate
from daybook.core.errors import InvalidInput, NotFound, NotPermitted
from daybook.core.ids import new_id
from daybook.insights import reports
from daybook.insights.dashboard import day_line, hours_of_week
from daybook.insights.wages import wages_by_practitioner
from daybook.ledger.models import Account, JournalEntry, Posting
from daybook.ledger.queries import statement
from daybook.people.actors import actor_of
from daybook.people.errors import HasHistory, NotAssigned
from daybook.people.models import Assignment, User
from daybook.scheduling.errors import DoubleBooking, PersonDeleted, PractitionerNotActive
from daybook.scheduling.models import Assistant, CompletionType, Occupancy, Session
from daybook.scheduling.permissions import visible_sessions
from daybook.scheduling.queries import Filters, count_sessions, session_detail, session_page, session_rows
from daybook.scheduling.queries.calendar import COLUMNS, CalendarFilters, calendar_rows
from daybook.scheduling.rules import MAX_ASSISTANTS, Override
from daybook.tenancy.actor import Actor
from daybook.workflows.change_service import change_service
from daybook.workflows.change_session import change_session
from daybook.workflows.check_books import check_books
from daybook.workflows.complete_session import complete_many, complete_session
from daybook.workflows.delete_person import delete_person
from daybook.workflows.delete_session import delete_session, recover_session
from daybook.workflows.reopen_session import reopen_session
from tests.factories.sessions import (
    NOW,
    actor_with,
    add,
    at,
    make_client,
    make_completion_types,
    make_practitioner,
    make_service,
)

LATER = at(20)
DAY = at(0).date()


@pytest.fixture(autouse=True)
def types(admin: Actor) -> dict[str, CompletionType]:
    return make_completion_types()


@pytest.fixture
def pia(business: object) -> User:
    return make_practitioner(first_name="Pia", last_name="Vogel")


@pytest.fixture
def ben(business: object) -> User:
    return make_practitioner(first_name="Ben", last_name="Low", search_text="ben low")


def taught(admin: Actor, *practitioners: User, clients: Iterable[User] = (), **fields: object) -> Session:
    """A session of the first one, whom the others assist."""
    leading, *others = practitioners
    service = fields.pop("service", None) or make_service()
    with_whom = list(clients) or [make_client()]
    return add(admin, service, leading, *with_whom, assistant_ids=[each.pk for each in others], **fields).session


def payable(practitioner: User) -> int:
    account = Account.objects.filter(owner=practitioner, kind="wages_payable").first()
    return account.charged_minor if account else 0


def assistants_of(session: Session) -> list[User]:
    return [each.practitioner for each in Assistant.objects.filter(session=session).order_by("id")]


# Whose time ----------------------------------------------------------------------------------------------------------


def test_each_ones_time_is_taken_with_its_breaks(admin: Actor, pia: User, ben: User) -> None:
    session = taught(admin, pia, ben, service=make_service(buffer_before=10, buffer_after=5))
    spans = {row.resource_id: (row.span.lower, row.span.upper) for row in Occupancy.objects.all()}
    assert spans == {pia.pk: (at(9, 50), at(11, 5)), ben.pk: (at(9, 50), at(11, 5))}
    assert (session.assistant_count, assistants_of(session)) == (1, [ben])


@pytest.mark.parametrize("first", ["leads", "assists"])
@pytest.mark.parametrize("second", ["leads", "assists"])
def test_nobody_is_in_two_sessions_at_once(admin: Actor, pia: User, ben: User, first: str, second: str) -> None:
    eva = make_practitioner()
    taught(admin, *([ben, pia] if first == "leads" else [pia, ben]))
    with pytest.raises(DoubleBooking) as refusal:
        taught(admin, *([ben, eva] if second == "leads" else [eva, ben]), starts_at=at(10, 30))
    assert refusal.value.data["name"] == "Ben Low"
    assert Session.objects.count() == 1
    taught(admin, ben, eva, starts_at=at(11))


def test_a_refusal_tells_an_assistant_of_the_session_that_it_is_in(admin: Actor, pia: User, ben: User) -> None:
    leo = make_client(first_name="Leo")
    taught(admin, pia, ben, clients=[leo])
    with pytest.raises(DoubleBooking) as refusal:
        add(actor_with(ben, add_sessions=True), make_service(), ben, leo)
    assert refusal.value.data["clients"] == ["Leo"]


def test_the_clients_become_those_of_each_practitioner_once(admin: Actor, pia: User, ben: User) -> None:
    leo = make_client()
    taught(admin, pia, ben, clients=[leo])
    taught(admin, ben, pia, clients=[leo], starts_at=at(14))
    assert set(Assignment.objects.values_list("practitioner", "client", "source")) == {
        (pia.pk, leo.pk, "session"),
        (ben.pk, leo.pk, "session"),
    }
    assert Assignment.objects.count() == 2


def test_who_is_named_twice_is_there_once(admin: Actor, pia: User, ben: User) -> None:
    session = taught(admin, pia, ben, ben, pia)
    assert assistants_of(session) == [ben]
    with pytest.raises(InvalidInput):
        add(admin, make_service(), pia, make_client(), assistant_ids=[new_id() for _ in range(MAX_ASSISTANTS + 1)])


def test_an_assistant_must_be_there_and_active(admin: Actor, pia: User) -> None:
    with pytest.raises(NotFound) as refusal:
        add(admin, make_service(), pia, make_client(), assistant_ids=[make_client().pk])
    assert refusal.value.field == "assistants"
    with pytest.raises(PractitionerNotActive):
        taught(admin, pia, make_practitioner(status="inactive"))


def test_adding_alone_asks_no_more_than_before_and_with_others_a_fixed_number(
    admin: Actor, pia: User, ben: User
) -> None:
    service, leo, eva = make_service(), make_client(), make_practitioner()
    counts = []
    for number, others in enumerate([[], [ben], [ben, eva]]):
        with CaptureQueriesContext(connection) as queries:
            taught(admin, pia, *others, service=service, clients=[leo], starts_at=at(10 + number))
        counts.append(len(queries))
    assert counts[1] == counts[2] == counts[0] + 2


# Money ---------------------------------------------------------------------------------------------------------------


def test_each_is_paid_once_by_the_own_rates_and_the_client_pays_once(admin: Actor, pia: User, ben: User) -> None:
    service, leo, mia = make_service(cost_minor=6000, wage_minor=2500), make_client(), make_client()
    WageRate.objects.create(practitioner=ben, service=service, wage_minor=1000, starts_on=DAY)
    WageRate.objects.create(practitioner=ben, service=service, wage_minor=9900, starts_on=DAY + timedelta(days=1))
    session = taught(admin, pia, ben, service=service, clients=[leo, mia], ends_at=at(11, 30))

    complete_session(actor=admin, now=LATER, session_id=session.pk)

    # 25.00 × 1.5 and 10.00 × 1.5; each client 60.00 × 1.5
    assert (payable(pia), payable(ben)) == (3750, 1500)
    assert [account.balance_minor for account in Account.objects.filter(owner__in=[leo, mia])] == [9000, 9000]
    helping = Assistant.objects.get()
    assert (helping.wage_minor, helping.wage_reasons[0]["code"]) == (1500, "wage_rate")
    entry = JournalEntry.objects.get(source_id=helping.pk)
    assert (entry.source_kind, entry.reasons, entry.occurred_on) == ("assistant", helping.wage_reasons, DAY)
    assert "Pia Vogel, Ben Low" in JournalEntry.objects.filter(kind="charge").first().description
    assert check_books(actor=admin, now=LATER).balanced


def test_a_types_share_of_the_wage_holds_for_each(admin: Actor, pia: User, ben: User) -> None:
    late = CompletionType.objects.create(status="canceled", label="Late", client_modifier=50, practitioner_modifier=20)
    session = taught(admin, pia, ben)
    complete_session(actor=admin, now=LATER, session_id=session.pk, completion_type=late.pk)
    assert (payable(pia), payable(ben), Occupancy.objects.count()) == (500, 500, 0)


def test_wages_by_hand(admin: Actor, pia: User, ben: User) -> None:
    eva = make_practitioner()
    session = taught(admin, pia, ben, eva)
    for stranger in (pia.pk, new_id()):
        with pytest.raises(NotFound):
            by_hand = Override(assistant_wages={stranger: 1})
            complete_session(actor=admin, now=LATER, session_id=session.pk, override=by_hand)
    with pytest.raises(InvalidInput):
        by_hand = Override(assistant_wages={ben.pk: -1})
        complete_session(actor=admin, now=LATER, session_id=session.pk, override=by_hand)
    by_hand = Override(wage_minor=1, assistant_wages={ben.pk: 2})
    complete_session(actor=admin, now=LATER, session_id=session.pk, override=by_hand)
    assert (payable(pia), payable(ben), payable(eva)) == (1, 2, 2500)


def test_reopening_takes_every_wage_back_exactly(admin: Actor, pia: User, ben: User) -> None:
    session = taught(admin, pia, ben)
    before = list(Account.objects.order_by("id").values_list("owner", "balance_minor", "scheduled_minor"))
    for status in ("completed", "canceled", "missed"):
        complete_session(actor=admin, now=LATER, session_id=session.pk, completion_type=status)
        reopen_session(actor=admin, now=LATER, session_id=session.pk)
    after = Account.objects.exclude(kind__in=("wages", "wages_payable", "revenue"))
    assert list(after.order_by("id").values_list("owner", "balance_minor", "scheduled_minor")) == before
    assert (payable(pia), payable(ben), Occupancy.objects.count()) == (0, 0, 2)
    assert Assistant.objects.get().wage_minor is None
    assert Posting.objects.aggregate(total=Sum("amount_minor"))["total"] == 0
    assert check_books(actor=admin, now=LATER).balanced


def test_many_are_saved_in_a_fixed_number_of_statements(admin: Actor, pia: User, ben: User) -> None:
    service, leo = make_service(), make_client()
    sessions = [taught(admin, pia, ben, service=service, clients=[leo], starts_at=at(8 + hour)).pk for hour in range(4)]
    counts = []
    for ids in (sessions[:1], sessions[1:]):
        with CaptureQueriesContext(connection) as queries:
            assert complete_many(actor=admin, now=LATER, session_ids=ids) == {}
        counts.append(len(queries))
    assert counts[0] >= counts[1]
    assert payable(ben) == 4 * 2500


def test_reports_statements_and_hours_count_each(admin: Actor, pia: User, ben: User) -> None:
    service = make_service(name="Duet", wage_minor=2000)
    WageRate.objects.create(practitioner=ben, service=service, wage_minor=1000, starts_on=DAY)
    session = taught(admin, pia, ben, service=service)
    complete_session(actor=admin, now=LATER, session_id=session.pk)

    earned = {row.name: (row.earned, row.sessions) for row in wages_by_practitioner(DAY, DAY)}
    assert earned == {"Pia Vogel": (2000, 1), "Ben Low": (1000, 1)}
    everybody = reports.Filters(DAY, DAY, "Europe/Berlin")
    rows = {item["practitioner"]: item["wage"] for item in reports.wages(everybody).items}
    assert rows == {"Pia Vogel": 2000, "Ben Low": 1000}
    own = replace(everybody, practitioner_id=ben.pk)
    assert [item["wage"] for item in reports.wages(own).items] == [1000]
    assert reports.service_spending(own).totals["sessions"] == 1
    assert statement(ben.pk, kind="wages_payable").closing_minor == 1000
    hours = {row.name: row.saved_minutes for row in hours_of_week(today=DAY, zone="Europe/Berlin")}
    assert hours == {"Pia Vogel": 60, "Ben Low": 60}


# Who sees and may ----------------------------------------------------------------------------------------------------


def test_an_assistant_finds_the_session_everywhere(admin: Actor, pia: User, ben: User) -> None:
    session = taught(admin, pia, ben)
    taught(admin, pia, starts_at=at(14))
    own, eva = actor_of(ben), actor_of(make_practitioner())

    assert [row.id for row in session_page(own, Filters())] == [session.pk]
    assert count_sessions(own, Filters()) == 1
    assert [row.id for row in session_page(admin, Filters(practitioner_id=ben.pk))] == [session.pk]
    assert count_sessions(admin, Filters(practitioner_id=pia.pk)) == 2
    assert [row.id for row in session_page(own, Filters(practitioner_id=pia.pk))] == [session.pk]
    assert [row.id for row in session_page(admin, Filters(text="low"))] == [session.pk]
    assert list(visible_sessions(own).values_list("pk", flat=True)) == [session.pk]
    assert session_detail(own, session.pk).practitioner_names == "Pia Vogel, Ben Low"
    assert session_rows(eva, [session.pk]) == []
    line = day_line(day=DAY, zone="Europe/Berlin", now=NOW, practitioner_id=ben.pk)
    assert [(each.id, each.practitioner) for each in line.shown] == [(session.pk, "Pia Vogel +1")]
    assert day_line(day=DAY, zone="Europe/Berlin", now=NOW, practitioner_id=eva.user_id).total == 0


@pytest.mark.parametrize(
    ("whose", "found"),
    [
        ([], [10, 12, 14]), (["pia"], [10, 12]), (["ben"], [10, 14]), (["eva"], []), (["pia", "ben"], [10, 12, 14]),
        (["ben", "eva"], [10, 14]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sees", ["team", "ben"])
def test_the_calendar_finds_each_ones_sessions_once(
    admin: Actor, pia: User, ben: User, whose: list[str], found: list[int], sees: str
) -> None:
    people = {"pia": pia, "ben": ben, "eva": make_practitioner()}
    both = taught(admin, pia, ben)
    taught(admin, pia, starts_at=at(12))
    taught(admin, ben, starts_at=at(14))
    actor = admin if sees == "team" else actor_of(ben)
    rows = calendar_rows(
        actor, at(0), at(0, day=1), CalendarFilters(practitioner_ids=tuple(people[name].pk for name in whose))
    )
    shown = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    # Berlin is an hour ahead; Ben's own calendar has his alone.
    hours = [hour for hour in found if sees == "team" or hour != 12]
    assert [int(row["start"][11:13]) - 1 for row in shown] == hours
    assert {row["id"]: row["others"] for row in shown if row["others"]} == (
        {str(both.pk): str(ben.pk)} if 10 in hours else {}
    )


def test_only_the_team_names_several(admin: Actor, pia: User, ben: User) -> None:
    session = taught(admin, pia, ben)
    leo = make_client()
    Assignment.objects.create(practitioner=pia, client=leo)
    own = actor_with(pia, add_sessions=True, edit_sessions=True)
    with pytest.raises(NotPermitted) as refusal:
        add(own, make_service(), pia, leo, assistant_ids=[ben.pk], starts_at=at(14))
    assert refusal.value.data["permission"] == "several_practitioners"
    for change in ({"assistant_ids": []}, {"practitioner_id": ben.pk}):
        with pytest.raises(NotPermitted):
            change_session(actor=own, now=NOW, session_id=session.pk, **change)
    assert assistants_of(session) == [ben]


def test_an_assistant_may_what_its_permissions_say(admin: Actor, pia: User, ben: User) -> None:
    leo, stranger = make_client(), make_client()
    session = taught(admin, pia, ben, clients=[leo])
    own = actor_with(ben, edit_sessions=True, complete_sessions=True)
    change_session(actor=own, now=NOW, session_id=session.pk, starts_at=at(12), ends_at=at(13))
    with pytest.raises(NotAssigned):
        change_session(actor=own, now=NOW, session_id=session.pk, client_ids=[leo.pk, stranger.pk])
    Assignment.objects.create(practitioner=ben, client=stranger)
    change_session(actor=own, now=NOW, session_id=session.pk, client_ids=[leo.pk, stranger.pk])
    complete_session(actor=own, now=LATER, session_id=session.pk)
    assert Session.objects.get().status == "completed"
    with pytest.raises(NotFound):
        reopen_session(actor=actor_of(make_practitioner()), now=LATER, session_id=session.pk)


def test_each_sees_the_own_wage_alone(admin: Actor, pia: User, ben: User) -> None:
    session = taught(admin, pia, ben)
    complete_session(actor=admin, now=LATER, session_id=session.pk)

    def wages(actor: Actor) -> list[int | None]:
        return [each.wage_minor for each in session_detail(actor, session.pk).practitioners]

    assert wages(admin) == [2500, 2500]
    assert session_detail(admin, session.pk).wages_minor == 5000
    assert wages(actor_with(ben, see_wages=True)) == [None, 2500]
    assert wages(actor_with(pia, see_wages=True)) == [2500, None]
    leo = session_detail(admin, session.pk).participants[0].client_id
    seen = session_detail(actor_of(User.objects.get(pk=leo)), session.pk)
    assert (seen.practitioner_names, seen.wages_minor) == ("Pia Vogel, Ben Low", None)


# Changing ------------------------------------------------------------------------------------------------------------


def test_who_assists_can_change(admin: Actor, pia: User, ben: User) -> None:
    eva, leo = make_practitioner(), make_client()
    session = taught(admin, pia, clients=[leo])

    def change(**changes: object) -> list[User]:
        change_session(actor=admin, now=NOW, session_id=session.pk, **changes)
        row = Session.objects.get()
        assert {each.resource_id for each in Occupancy.objects.all()} == {row.practitioner_id} | {
            each.pk for each in assistants_of(session)
        }
        assert row.assistant_count == len(assistants_of(session))
        return [row.practitioner, *assistants_of(session)]

    assert change(assistant_ids=[ben.pk]) == [pia, ben]
    assert change(assistant_ids=[ben.pk, eva.pk]) == [pia, ben, eva]
    assert change(practitioner_id=ben.pk) == [ben, eva]
    assert change(practitioner_id=eva.pk, assistant_ids=[pia.pk]) == [eva, pia]
    assert change(starts_at=at(15), ends_at=at(16)) == [eva, pia]
    assert Assistant.objects.get().starts_at == at(15)
    assert change(assistant_ids=[]) == [eva]
    assert Assignment.objects.filter(client=leo).count() == 3


def test_moving_into_an_assistants_other_session_is_refused(admin: Actor, pia: User, ben: User) -> None:
    session = taught(admin, pia, ben)
    taught(admin, ben, starts_at=at(14))
    with pytest.raises(DoubleBooking) as refusal:
        change_session(actor=admin, now=NOW, session_id=session.pk, starts_at=at(14), ends_at=at(15))
    assert refusal.value.data["name"] == "Ben Low"


def test_buffers_of_a_service_are_taken_anew_for_each(admin: Actor, pia: User, ben: User) -> None:
    service = make_service()
    taught(admin, pia, ben, service=service)
    change_service(actor=admin, service_id=service.pk, now=NOW, buffer_after=15)
    assert {row.span.upper for row in Occupancy.objects.all()} == {at(11, 15)}
    assert Occupancy.objects.count() == 2


def test_the_bin_gives_time_back_and_takes_it_again(admin: Actor, pia: User, ben: User) -> None:
    session = taught(admin, pia, ben)
    delete_session(actor=admin, now=NOW, session_id=session.pk)
    assert Occupancy.objects.count() == 0
    assert count_sessions(admin, Filters(practitioner_id=ben.pk)) == 0
    recover_session(actor=admin, now=NOW, session_id=session.pk)
    assert (Occupancy.objects.count(), assistants_of(session)) == (2, [ben])


def test_who_assists_cannot_be_deleted_nor_brought_back_deleted(admin: Actor, pia: User, ben: User) -> None:
    session = taught(admin, pia, ben)
    with pytest.raises(HasHistory) as refusal:
        delete_person(actor=admin, user_id=ben.pk, now=NOW)
    assert refusal.value.data["sessions"] == 1
    delete_session(actor=admin, now=NOW, session_id=session.pk)
    delete_person(actor=admin, user_id=ben.pk, now=NOW)
    with pytest.raises(PersonDeleted):
        recover_session(actor=admin, now=NOW, session_id=session.pk)


def test_check_books_finds_a_wage_and_a_count_that_are_not_so(admin: Actor, pia: User, ben: User) -> None:
    session = taught(admin, pia, ben)
    complete_session(actor=admin, now=LATER, session_id=session.pk)
    Assistant.objects.update(wage_minor=1)
    Session.objects.update(assistant_count=2)
    found = check_books(actor=admin, now=datetime(2026, 2, 1, tzinfo=UTC))
    assert sorted(problem.code for problem in found.problems) == ["assistants_differ", "wage_differs"]
