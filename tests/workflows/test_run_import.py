"""Taking files in: all or nothing, once, to the cent, and back again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from daybook.catalog.models import Location, Service
from daybook.core.errors import NotPermitted
from daybook.imports.errors import CannotUndo, DatesUndecided, ImportNotReady
from daybook.imports.models import Import, ImportFile, ImportRecord, ImportRow
from daybook.ledger.queries import balance_of
from daybook.payments.models import Payment
from daybook.people.models import Assignment, User
from daybook.scheduling.models import Occupancy, Participant, Session
from daybook.tenancy.actor import COMMAND, Actor
from daybook.tenancy.models import Business
from daybook.workflows.check_books import check_books
from daybook.workflows.check_import import look_at_import, start_import
from daybook.workflows.reopen_session import reopen_session
from daybook.workflows.run_import import Outcome, preview_import, run_import
from daybook.workflows.take_payment import take_payment
from daybook.workflows.undo_import import undo_import
from tests.factories.sessions import (
    add,
    make_client,
    make_completion_types,
    make_location,
    make_practitioner,
    make_service,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
SESSIONS = "Date,Start,End,Service,Practitioner,Clients,Location,Status,Cost\n"
Take = Callable[..., Outcome]


@pytest.fixture
def take(admin: Actor) -> Take:
    """Import a text as the administrator."""

    def run(text: str, *, partial: bool = False, name: str = "file.csv", **options: Any) -> Outcome:
        batch = start_import(
            actor=admin, now=NOW, file_name=name, content=text.encode(), options=options, is_partial=partial
        )
        return run_import(actor=admin, now=NOW, import_id=batch.pk)

    return run


@pytest.fixture
def centre(business: Business) -> dict[str, Any]:
    make_completion_types()
    return {
        "piano": make_service(name="Piano", cost_minor=6000, wage_minor=2500),
        "ann": make_practitioner(first_name="Ann", last_name="Lee", email="ann@example.org"),
        "ida": make_client(first_name="Ida", last_name="Berg"),
        "tom": make_client(first_name="Tom", last_name="Reed"),
        "room": make_location(name="Blue room", capacity=1),
    }


def codes(outcome: Outcome) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.code) for each in outcome.plan.problems]


def balanced() -> bool:
    return check_books(actor=COMMAND, now=NOW).balanced


def test_clients_arrive_with_all_they_have(take: Take, centre: dict[str, Any]) -> None:
    text = (
        "First name,Last name,Preferred name,Email,Phone,Address,Birthday,Status,Inactive on,User name,Practitioners,Tags,Notes,ID\n"
        'Jo,Hill,JJ,jo@example.org,+49 30 1,"1 Road, Town",2010-02-03,active,2030-01-01,jo,Ann Lee,a; b,Loves cats,C7\n'
        "Max,Old,,,,,,active,2026-01-01,,,,,\n"
    )
    outcome = take(text)
    assert (outcome.plan.created, outcome.batch.state) == (2, "done")
    jo = User.objects.get(first_name="Jo")
    assert (jo.preferred_name, jo.email, jo.birthday.year, jo.tags, jo.username, jo.notes) == (
        "JJ",
        "jo@example.org",
        2010,
        ["a", "b"],
        "jo",
        "Loves cats",
    )
    assert not jo.has_usable_password()
    assert "jo@example.org" in jo.search_text
    assert list(Assignment.objects.filter(client=jo).values_list("practitioner_id", flat=True)) == [centre["ann"].pk]
    assert User.objects.get(first_name="Max").status == "inactive"
    assert ImportRecord.objects.get(foreign_id="C7").target_id == jo.pk


def test_people_who_are_there_stay_as_they_are(take: Take, centre: dict[str, Any]) -> None:
    outcome = take("First name,Last name,Email\nIda,Berg,ida@new.example\nUna,Low,\n")
    assert (outcome.plan.created, outcome.plan.matched) == (1, 1)
    centre["ida"].refresh_from_db()
    assert centre["ida"].email == ""


def test_a_user_name_is_taken_once(take: Take, centre: dict[str, Any]) -> None:
    outcome = take("First name,User name\nUna,una\nUlf,UNA\n")
    assert codes(outcome) == [(3, "User name", "username_taken")]
    assert not User.objects.filter(username__iexact="una").exists()


def test_completed_sessions_charge_and_pay_as_if_saved_here(take: Take, centre: dict[str, Any]) -> None:
    """60.00 an hour for 90 minutes is 90.00 for each of two; the wage is 25.00 × 1.5 = 37.50, once."""
    outcome = take(SESSIONS + "2026-05-04,10:00,11:30,Piano,Ann Lee,Ida Berg; Tom Reed,Blue room,completed,\n")
    assert outcome.plan.problems == []
    session = Session.objects.get()
    assert (session.status, session.wage_minor, session.location) == ("completed", 3750, centre["room"])
    assert session.starts_at == datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    assert [place.cost_minor for place in session.participants.all()] == [9000, 9000]
    assert session.participants.first().reasons[0]["code"] == "service_cost"
    assert balance_of(centre["ida"].pk).balance == -9000
    assert Occupancy.objects.count() == 2
    assert Assignment.objects.filter(practitioner=centre["ann"], source="session").count() == 2
    assert balanced()


def test_outcomes_cost_what_the_file_or_the_rules_say(take: Take, centre: dict[str, Any]) -> None:
    text = SESSIONS + (
        "2026-05-04,10:00,11:00,Piano,Ann Lee,Ida Berg,,canceled,\n"
        "2026-05-04,10:00,11:00,Piano,Ann Lee,Ida Berg,,canceled,15.00\n"
        "2026-05-05,10:00,11:00,Piano,Ann Lee,Ida Berg,,missed,\n"
        "2026-05-06,10:00,11:00,Piano,Ann Lee,Ida Berg,,completed,48.50\n"
        "2026-06-10,10:00,11:00,Piano,Ann Lee,Ida Berg,,,\n"
    )
    outcome = take(text)
    assert outcome.plan.problems == []
    places = Participant.objects.order_by("starts_at", "id").values_list("status", "cost_minor", "scheduled_minor")
    assert list(places) == [
        ("canceled", 0, 0),
        ("canceled", 1500, 0),
        ("missed", 6000, 0),
        ("completed", 4850, 0),
        ("open", None, 6000),
    ]
    balance = balance_of(centre["ida"].pk)
    assert (balance.costs, balance.scheduled) == (12350, 6000)
    assert (outcome.theirs, outcome.ours, outcome.in_money) == (6350, 6350, True)
    assert balanced()


def test_an_imported_session_can_be_reopened_like_any_other(take: Take, admin: Actor, centre: dict[str, Any]) -> None:
    take(SESSIONS + "2026-05-04,10:00,11:00,Piano,Ann Lee,Ida Berg,,completed,48.50\n")
    reopen_session(actor=admin, now=NOW, session_id=Session.objects.get().pk)
    assert balance_of(centre["ida"].pk).costs == 0
    assert balanced()


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("2026-05-04,10:00,11:00,Piano,Ann Lee,Nobody Here,,completed,", "Clients", "unknown_person"),
        ("2026-05-04,10:00,11:00,Piano,Who Else,Ida Berg,,completed,", "Practitioner", "unknown_person"),
        ("2026-05-04,10:00,11:00,Tuba,Ann Lee,Ida Berg,,completed,", "Service", "unknown_service"),
        ("2026-05-04,10:00,11:00,Piano,Ann Lee,Ida Berg; ida berg,,completed,", "Clients", "client_twice"),
        ("2026-07-04,10:00,11:00,Piano,Ann Lee,Ida Berg,,completed,", "Status", "not_begun"),
        ("1066-10-14,10:00,11:00,Piano,Ann Lee,Ida Berg,,completed,", "Date", "not_a_date"),
        ("1966-10-14,10:00,11:00,Piano,Ann Lee,Ida Berg,,completed,", "Date", "out_of_range"),
    ],
)
def test_rows_at_fault_say_where_and_why(take: Take, centre: dict[str, Any], row: str, column: str, code: str) -> None:
    outcome = take(SESSIONS + row + "\n")
    assert codes(outcome) == [(2, column, code)]
    assert outcome.batch.state == Import.State.REFUSED
    assert not Session.objects.exists()


def test_nobody_is_booked_twice(take: Take, admin: Actor, centre: dict[str, Any]) -> None:
    taken = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    add(admin, centre["piano"], centre["ann"], centre["tom"], starts_at=taken)
    text = SESSIONS + (
        "2026-05-04,10:30,11:30,Piano,Ann Lee,Ida Berg,,completed,\n"
        "2026-05-04,12:00,13:00,Piano,Ann Lee,Ida Berg,Blue room,completed,\n"
        "2026-05-04,12:59,13:30,Piano,Ann Lee,Tom Reed,,completed,\n"
        "2026-05-04,13:00,14:00,Piano,Ann Lee,Ida Berg,,completed,\n"
        "2026-05-04,12:30,13:30,Piano,Ann Lee,Tom Reed,,canceled,\n"
    )
    outcome = take(text, partial=True)
    assert codes(outcome) == [(2, "Start", "time_taken"), (4, "Start", "time_taken_in_file")]
    assert outcome.plan.problems[1].data["other_row"] == 3
    assert Session.objects.count() == 4


def test_an_exclusive_room_is_taken_once(take: Take, centre: dict[str, Any]) -> None:
    make_practitioner(first_name="Bob", last_name="Ray")
    text = SESSIONS + (
        "2026-05-04,10:00,11:00,Piano,Ann Lee,Ida Berg,Blue room,completed,\n"
        "2026-05-04,10:00,11:00,Piano,Bob Ray,Tom Reed,Blue room,completed,\n"
    )
    assert codes(take(text)) == [(3, "Location", "time_taken_in_file")]


def test_a_location_that_is_not_there_is_made_once(take: Take, centre: dict[str, Any]) -> None:
    text = SESSIONS + (
        "2026-05-04,10:00,11:00,Piano,Ann Lee,Ida Berg,Garden,completed,\n"
        "2026-05-05,10:00,11:00,Piano,Ann Lee,Ida Berg,garden,completed,\n"
    )
    outcome = take(text)
    assert outcome.batch.made == {"location": 1, "session": 2}
    assert Location.objects.filter(name="Garden").count() == 1


def test_old_sessions_of_clients_who_left_go_in_and_new_ones_do_not(take: Take, centre: dict[str, Any]) -> None:
    make_client(first_name="Left", last_name="Early", status="inactive")
    text = SESSIONS + (
        "2026-05-04,10:00,11:00,Piano,Ann Lee,Left Early,,completed,\n"
        "2026-06-04,10:00,11:00,Piano,Ann Lee,Left Early,,open,\n"
    )
    assert codes(take(text, partial=True)) == [(3, "Clients", "client_not_active")]


def test_clock_changes_keep_the_wall_clock(take: Take, centre: dict[str, Any]) -> None:
    """On 29 March 2026 Berlin skips from 2:00 to 3:00: 10:00 is 8:00 UTC, the day before it was 9:00."""
    take(
        SESSIONS
        + "2026-03-28,10:00,11:00,Piano,Ann Lee,Ida Berg,,completed,\n2026-03-29,10:00,11:00,Piano,Ann Lee,Ida Berg,,completed,\n"
    )
    assert [each.starts_at.hour for each in Session.objects.order_by("starts_at")] == [9, 8]


def test_the_zone_of_the_file_can_be_another(take: Take, centre: dict[str, Any]) -> None:
    take(SESSIONS + "2026-05-04,10:00,11:00,Piano,Ann Lee,Ida Berg,,completed,\n", time_zone="America/New_York")
    assert Session.objects.get().starts_at == datetime(2026, 5, 4, 14, 0, tzinfo=UTC)


def test_payments_of_clients_who_left_are_recorded(take: Take, centre: dict[str, Any]) -> None:
    left = make_client(first_name="Left", last_name="Early", status="inactive")
    outcome = take(
        "Client,Date,Amount,Method,Reference\nLeft Early,2026-05-04,40.00,cash,R1\nIda Berg,2026-05-05,10.50,bank,\nTotal,,50.50,,\n"
    )
    assert (outcome.theirs, outcome.ours) == (5050, 5050)
    assert balance_of(left.pk).balance == 4000
    assert Payment.objects.get(client=left).reference == "R1"
    assert balanced()


def test_a_payment_of_tomorrow_is_refused(take: Take, centre: dict[str, Any]) -> None:
    assert codes(take("Client,Date,Amount\nIda Berg,2026-06-02,40\n")) == [(2, "Date", "in_the_future")]


def test_a_preview_writes_nothing(admin: Actor, centre: dict[str, Any]) -> None:
    batch = start_import(
        actor=admin, now=NOW, file_name="x.csv", content=b"Client,Date,Amount\nIda Berg,2026-05-04,40\n"
    )
    outcome = preview_import(actor=admin, now=NOW, import_id=batch.pk)
    assert (outcome.plan.created, outcome.theirs, outcome.ours, outcome.is_written) == (1, 4000, 4000, False)
    assert not Payment.objects.exists()
    assert not ImportRow.objects.exists()


def test_the_same_file_again_adds_nothing(take: Take, centre: dict[str, Any]) -> None:
    text = "Client,Date,Amount\nIda Berg,2026-05-04,40\nIda Berg,2026-05-04,40\n"
    take(text)
    again = take(text + "Tom Reed,2026-05-05,5\n")
    assert (again.plan.created, again.plan.skipped) == (1, 2)
    assert (again.theirs, again.ours) == (8500, 8500)
    assert Payment.objects.count() == 3


def test_undo_takes_everything_back_and_the_file_can_come_again(
    take: Take, admin: Actor, centre: dict[str, Any]
) -> None:
    text = SESSIONS + (
        "2026-05-04,10:00,11:00,Piano,Ann Lee,Ida Berg,Garden,completed,\n2026-06-20,10:00,11:00,Piano,Ann Lee,Ida Berg,Garden,open,\n"
    )
    outcome = take(text)
    undone = undo_import(actor=admin, now=NOW, import_id=outcome.batch.pk)
    assert undone.counts == {"location": 1, "session": 2}
    balance = balance_of(centre["ida"].pk)
    assert (balance.costs, balance.scheduled) == (0, 0)
    assert not Session.objects.exists()
    assert not Occupancy.objects.exists()
    assert not Location.objects.filter(name="Garden").exists()
    assert balanced()
    again = take(text)
    assert (again.plan.created, again.plan.skipped) == (2, 0)
    assert balanced()


def test_undo_refuses_what_is_in_use_and_changes_nothing(take: Take, admin: Actor, centre: dict[str, Any]) -> None:
    outcome = take("First name,Last name\nNew,One\nNew,Two\n")
    new = User.objects.get(last_name="One")
    take_payment(actor=admin, now=NOW, client_id=new.pk, amount_minor=500, method="cash")
    with pytest.raises(CannotUndo) as refusal:
        undo_import(actor=admin, now=NOW, import_id=outcome.batch.pk)
    assert refusal.value.data["items"] == [{"kind": "person", "name": "New One", "why": "payments"}]
    assert User.objects.filter(first_name="New").count() == 2


def test_undo_twice_is_refused(take: Take, admin: Actor, centre: dict[str, Any]) -> None:
    outcome = take("First name\nNew\n")
    undo_import(actor=admin, now=NOW, import_id=outcome.batch.pk)
    with pytest.raises(ImportNotReady):
        undo_import(actor=admin, now=NOW, import_id=outcome.batch.pk)


def test_an_import_runs_once(take: Take, admin: Actor, centre: dict[str, Any]) -> None:
    outcome = take("First name\nNew\n")
    with pytest.raises(ImportNotReady):
        run_import(actor=admin, now=NOW, import_id=outcome.batch.pk)
    assert not ImportFile.objects.exists()


def test_likely_duplicates_are_offered_and_chosen(take: Take, admin: Actor, centre: dict[str, Any]) -> None:
    User.objects.filter(pk=centre["ida"].pk).update(email="ida@example.org")
    batch = start_import(
        actor=admin, now=NOW, file_name="x.csv", content=b"First name,Last name,Email\nIda,Berg,other@example.org\n"
    )
    look = look_at_import(actor=admin, now=NOW, import_id=batch.pk)
    assert look.plan is not None
    [notice] = look.plan.notices
    assert (notice.code, notice.data["id"]) == ("likely_duplicate", str(centre["ida"].pk))
    outcome = take(
        "First name,Last name,Email\nIda,Berg,other@example.org\n", same={notice.data["digest"]: notice.data["id"]}
    )
    assert (outcome.plan.created, outcome.plan.matched) == (0, 1)


def test_undecided_dates_stop_everything(take: Take, centre: dict[str, Any]) -> None:
    with pytest.raises(DatesUndecided) as refusal:
        take("Client,Date,Amount\nIda Berg,03/04/2026,40\n")
    assert refusal.value.data["names"] == ["Date"]


def test_services_are_made_with_their_prices(take: Take, centre: dict[str, Any]) -> None:
    take("Name,Type,Cost,Wage,Minutes,Tax rate\nTuba,fixed,40.00,20.00,30,19\nPiano,hourly,1,1,60,0\n")
    tuba = Service.objects.get(name="Tuba")
    assert (tuba.kind, tuba.cost_minor, tuba.wage_minor, tuba.minutes, str(tuba.tax_rate)) == (
        "fixed",
        4000,
        2000,
        30,
        "19.000",
    )
    assert Service.objects.get(name="Piano").cost_minor == 6000


def test_only_who_may_import_does(business: Business) -> None:
    nobody = Actor(kind="user", role="staff", permissions=frozenset({"manage_clients"}))
    with pytest.raises(NotPermitted):
        start_import(actor=nobody, now=NOW, file_name="x", content=b"a")


def test_number_of_queries_does_not_grow_with_rows(
    take: Take, centre: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    take(SESSIONS + "2026-01-05,10:00,11:00,Piano,Ann Lee,Ida Berg,Garden,completed,\n")
    rows = [
        f"2026-02-{day:02},{hour}:00,{hour}:50,Piano,Ann Lee,Ida Berg,Garden,completed,\n"
        for day in range(1, 25)
        for hour in range(10, 18)
    ]
    with django_assert_max_num_queries(60):
        assert take(SESSIONS + "".join(rows)).plan.created == 192


def test_a_session_may_have_several_practitioners(take: Take, admin: Actor, centre: dict[str, Any]) -> None:
    ben = make_practitioner(first_name="Ben", last_name="Low")
    row = "2026-05-04,10:00,11:00,Piano,Ann Lee; Ben Low;ann@example.org,Ida Berg,,completed,\n"
    assert codes(take(SESSIONS + row)) == []
    session = Session.objects.get()
    helping = session.assistants.get()
    assert (session.practitioner_id, helping.practitioner_id) == (centre["ann"].pk, ben.pk)
    assert (session.assistant_count, session.wage_minor, helping.wage_minor) == (1, 2500, 2500)
    assert Occupancy.objects.count() == 2
    assert set(Assignment.objects.values_list("practitioner", "client")) == {
        (centre["ann"].pk, centre["ida"].pk),
        (ben.pk, centre["ida"].pk),
    }
    clash = take(SESSIONS + "2026-05-04,10:30,11:30,Piano,Ben Low,Tom Reed,,completed,\n")
    assert codes(clash) == [(2, "Start", "time_taken")]
    assert balanced()
    undo_import(actor=admin, now=NOW, import_id=Import.objects.get(state="done").pk)
    helping.refresh_from_db()
    assert helping.wage_minor is None
    assert balanced()
