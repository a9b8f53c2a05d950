"""Adding sessions: who may, whose time it takes, what it sets aside on accounts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybook.catalog.models import ClientRate
from daybook.core.errors import InvalidInput, NotFound, NotPermitted
from daybook.core.ids import new_id
from daybook.ledger.models import Account
from daybook.people.errors import ClientNotActive, NotAssigned
from daybook.people.models import Assignment
from daybook.scheduling.errors import DoubleBooking, PractitionerNotActive
from daybook.scheduling.models import Closure, Occupancy, Participant, Session
from daybook.tenancy.actor import Actor
from daybook.workflows.add_session import add_session
from tests.factories.sessions import (
    NOW,
    actor_with,
    add,
    at,
    make_client,
    make_location,
    make_person,
    make_practitioner,
    make_service,
)


def scheduled_of(client) -> int:
    account = Account.objects.filter(owner=client, kind="receivable").first()
    return account.scheduled_minor if account else 0


def test_add_session_writes_session_places_and_taken_time(admin: Actor) -> None:
    service, pia, leo, mia = make_service(), make_practitioner(), make_client(), make_client()

    result = add(admin, service, pia, leo, mia, public_note="Bring the book", internal_note="Late last time")

    session = Session.objects.get()
    assert session.pk == result.session.pk
    assert (session.status, session.public_note, session.internal_note) == ("open", "Bring the book", "Late last time")
    assert {place.client_id for place in session.participants.all()} == {leo.pk, mia.pk}
    taken = Occupancy.objects.get()
    assert (taken.resource_id, taken.span.lower, taken.span.upper) == (pia.pk, at(10), at(11))
    assert result.warnings == ()


def test_add_session_stands_on_each_clients_account_with_tax(admin: Actor) -> None:
    service = make_service(cost_minor=6000, tax_rate=Decimal("19"))
    leo, mia = make_client(), make_client()
    ClientRate.objects.create(client=mia, service=service, cost_minor=3310, starts_on=NOW.date())

    add(admin, service, make_practitioner(), leo, mia, ends_at=at(11, 25))

    # 60.00 × 85 / 60 = 85.00, tax 16.15; 33.10 × 85 / 60 = 46.8917 → 46.89, tax 8.9091 → 8.91
    assert scheduled_of(leo) == 8500 + 1615
    assert scheduled_of(mia) == 4689 + 891
    assert Participant.objects.get(client=mia).scheduled_minor == 5580


def test_add_session_by_team_assigns_the_client_once(admin: Actor) -> None:
    service, pia, leo = make_service(), make_practitioner(), make_client()
    add(admin, service, pia, leo)
    add(admin, service, pia, leo, starts_at=at(14))
    assert list(Assignment.objects.values_list("practitioner", "client", "source")) == [(pia.pk, leo.pk, "session")]


@pytest.mark.parametrize("start, end", [(9, 10), (11, 12)])
def test_add_session_beside_another_is_free(admin: Actor, start: int, end: int) -> None:
    service, pia, leo = make_service(), make_practitioner(), make_client()
    add(admin, service, pia, leo)
    add(admin, service, pia, make_client(), starts_at=at(start), ends_at=at(end))
    assert Session.objects.count() == 2


def test_add_session_over_another_says_who_holds_the_time_and_when_it_is_free(admin: Actor) -> None:
    service = make_service(name="Piano")
    pia, leo = make_practitioner(first_name="Pia", last_name="Berg"), make_client(first_name="Leo")
    add(admin, service, pia, leo)
    add(admin, service, pia, make_client(), starts_at=at(11), ends_at=at(11, 30))

    with pytest.raises(DoubleBooking) as refusal:
        add(admin, service, pia, make_client(), starts_at=at(10, 30), ends_at=at(11, 15))

    told = refusal.value.data
    assert (told["kind"], told["name"], told["what"], told["clients"]) == ("practitioner", "Pia Berg", "Piano", ["Leo"])
    assert (told["starts_at"], told["ends_at"], told["free_from"]) == (at(10), at(11), at(11, 30))
    assert Session.objects.count() == 2
    assert not Account.objects.exclude(owner=leo).filter(scheduled_minor__gt=6000).exists()


def test_add_session_keeps_buffers_free(admin: Actor) -> None:
    service = make_service(buffer_before=10, buffer_after=15)
    pia = make_practitioner()
    add(admin, service, pia, make_client())
    with pytest.raises(DoubleBooking) as refusal:
        add(admin, service, pia, make_client(), starts_at=at(11, 20))
    assert refusal.value.data["free_from"] == at(11, 25)
    add(admin, service, pia, make_client(), starts_at=at(11, 25))


def test_add_session_in_an_exclusive_room_refuses_another_practitioner(admin: Actor) -> None:
    service, room = make_service(), make_location(name="Blue room")
    add(admin, service, make_practitioner(), make_client(), location_id=room.pk)
    with pytest.raises(DoubleBooking) as refusal:
        add(admin, service, make_practitioner(), make_client(), location_id=room.pk)
    assert (refusal.value.data["kind"], refusal.value.data["name"]) == ("room", "Blue room")


def test_add_session_of_a_concurrent_service_runs_side_by_side(admin: Actor) -> None:
    service, pia = make_service(is_concurrent=True), make_practitioner()
    add(admin, service, pia, make_client())
    add(admin, service, pia, make_client())
    assert Occupancy.objects.count() == 0


def test_add_session_warns_the_team_of_overlap_full_room_and_closure(admin: Actor) -> None:
    service, leo, room = make_service(), make_client(first_name="Leo", last_name="Fox"), make_location(capacity=2)
    Closure.objects.create(name="Winter break", starts_on=NOW.date(), ends_on=NOW.date())
    add(admin, service, make_practitioner(), leo, make_client(), location_id=room.pk)
    result = add(admin, service, make_practitioner(), leo, location_id=room.pk, starts_at=at(10, 30))
    assert [notice.code for notice in result.warnings] == ["client_overlap", "room_full", "on_closure"]
    assert result.warnings[0].data["client"] == "Leo Fox"
    assert result.warnings[1].data["people"] == 3
    assert result.closures == ("Winter break",)


@pytest.mark.parametrize("status", ["inactive", "prospect"])
def test_add_session_for_a_client_that_is_not_active_is_refused(admin: Actor, status: str) -> None:
    leo = make_client(status=status, first_name="Leo", last_name="Fox")
    with pytest.raises(ClientNotActive) as refusal:
        add(admin, make_service(), make_practitioner(), leo)
    assert refusal.value.data["clients"] == ["Leo Fox"]


def test_add_session_for_an_inactive_practitioner_is_refused(admin: Actor) -> None:
    with pytest.raises(PractitionerNotActive):
        add(admin, make_service(), make_practitioner(status="inactive"), make_client())


def test_practitioner_adds_with_permission_for_assigned_active_clients_only(admin: Actor) -> None:
    service, pia, leo = make_service(), make_practitioner(), make_client()
    with pytest.raises(NotPermitted):
        add(actor_with(pia), service, pia, leo)
    actor = actor_with(pia, add_sessions=True)
    with pytest.raises(NotAssigned):
        add(actor, service, pia, leo)
    Assignment.objects.create(practitioner=pia, client=leo)
    with pytest.raises(NotPermitted):
        add(actor, service, make_practitioner(), leo)
    assert add(actor, service, pia, leo).session.practitioner_id == pia.pk
    leo.status = "inactive"
    leo.save()
    with pytest.raises(ClientNotActive):
        add(actor, service, pia, leo, starts_at=at(15))


@pytest.mark.parametrize("role", ["client", "agent"])
def test_clients_and_agents_may_not_add(admin: Actor, role: str) -> None:
    stranger = actor_with(make_person(role))
    with pytest.raises(NotPermitted):
        add(stranger, make_service(), make_practitioner(), make_client())


@pytest.mark.parametrize(
    "change, problem",
    [
        ({"ends_at": at(10)}, "end_before_start"),
        ({"ends_at": at(10) + timedelta(seconds=30)}, "too_short"),
        ({"ends_at": at(10, 1, day=1)}, "longer_than_a_day"),
        ({"starts_at": at(10).replace(year=1), "ends_at": at(11).replace(year=1)}, "out_of_range"),
        ({"starts_at": at(10).replace(year=9999), "ends_at": at(11).replace(year=9999)}, "out_of_range"),
        ({"public_note": "x" * 10_000}, "too_long"),
        ({"public_note": "a\x00b"}, "characters"),
    ],
)
def test_add_session_with_impossible_values_is_refused(admin: Actor, change: dict, problem: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        add(admin, make_service(), make_practitioner(), make_client(), **change)
    assert problem in [each.code for each in refusal.value.errors]


def test_add_session_without_clients_is_refused(admin: Actor) -> None:
    with pytest.raises(InvalidInput) as refusal:
        add(admin, make_service(), make_practitioner())
    assert refusal.value.errors[0].field == "clients"


@pytest.mark.parametrize("field", ["service", "practitioner", "location", "clients"])
def test_add_session_with_an_id_that_is_not_there_names_the_field(admin: Actor, field: str) -> None:
    ids = {
        "service_id": new_id() if field == "service" else make_service().pk,
        "practitioner_id": make_client().pk if field == "practitioner" else make_practitioner().pk,
        "location_id": new_id() if field == "location" else None,
        "client_ids": [make_practitioner().pk if field == "clients" else make_client().pk],
    }
    with pytest.raises(NotFound) as refusal:
        add_session(actor=admin, now=NOW, starts_at=at(10), ends_at=at(11), **ids)
    assert refusal.value.field == field


def test_add_session_takes_the_same_few_statements_for_one_client_and_for_five(admin: Actor) -> None:
    service, pia = make_service(), make_practitioner()
    clients = [make_client() for _ in range(5)]
    add(admin, service, pia, *clients)
    with CaptureQueriesContext(connection) as one:
        add(admin, service, pia, clients[0], starts_at=at(13))
    with CaptureQueriesContext(connection) as five:
        add(admin, service, pia, *clients, starts_at=at(15))
    assert len(one) == len(five)
