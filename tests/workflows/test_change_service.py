"""What a service's and a room's new settings do to the time that is taken already."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from daybook.scheduling.errors import DoubleBooking, WouldOverlap
from daybook.scheduling.models import Occupancy
from daybook.tenancy.actor import Actor
from daybook.workflows.change_service import change_location, change_service
from daybook.workflows.delete_session import delete_session
from tests.factories.sessions import NOW, add, at, make_client, make_location, make_practitioner, make_service


def spans_of(session_id: UUID) -> list[tuple[object, object]]:
    rows = Occupancy.objects.filter(session=session_id).order_by("resource_id")
    return [(row.span.lower, row.span.upper) for row in rows]


def test_change_service_to_exclusive_takes_the_time_of_what_is_booked(admin: Actor) -> None:
    pia, side = make_practitioner(), make_service(is_concurrent=True)
    session = add(admin, side, pia, make_client()).session
    assert spans_of(session.pk) == []
    change_service(actor=admin, service_id=side.pk, now=NOW, is_concurrent=False)
    assert spans_of(session.pk) == [(at(10), at(11))]
    with pytest.raises(DoubleBooking):
        add(admin, make_service(), pia, make_client(), starts_at=at(10, 30))


def test_change_service_to_exclusive_is_refused_while_two_run_side_by_side(admin: Actor) -> None:
    pia, side = make_practitioner(first_name="Pia", last_name=""), make_service(is_concurrent=True)
    first, second = (add(admin, side, pia, make_client()).session for _ in range(2))
    with pytest.raises(WouldOverlap) as refused:
        change_service(actor=admin, service_id=side.pk, now=NOW, is_concurrent=False)
    assert (refused.value.data["name"], refused.value.data["starts_at"]) == ("Pia", at(10))
    side.refresh_from_db()
    assert (side.is_concurrent, spans_of(first.pk), spans_of(second.pk)) == (True, [], [])


def test_new_buffers_hold_for_what_is_to_come_and_leave_the_past(admin: Actor) -> None:
    service, pia = make_service(), make_practitioner()
    over = add(admin, service, pia, make_client(), starts_at=at(10, day=-1)).session
    coming = add(admin, service, pia, make_client()).session
    binned = add(admin, service, pia, make_client(), starts_at=at(14)).session
    delete_session(actor=admin, now=NOW, session_id=binned.pk)
    change_service(actor=admin, service_id=service.pk, now=NOW, buffer_before=5, buffer_after=10)
    assert spans_of(coming.pk) == [(at(9, 55), at(11, 10))]
    assert spans_of(over.pk) == [(at(10, day=-1), at(11, day=-1))]
    assert spans_of(binned.pk) == []
    change_service(actor=admin, service_id=service.pk, now=NOW, buffer_before=0, buffer_after=0)
    assert spans_of(coming.pk) == [(at(10), at(11))]


def test_room_that_becomes_exclusive_is_taken_by_what_is_booked_there(admin: Actor) -> None:
    hall, service = make_location(capacity=5), make_service()
    session = add(admin, service, make_practitioner(), make_client(), location_id=hall.pk).session
    change_location(actor=admin, location_id=hall.pk, now=NOW, capacity=1)
    assert len(spans_of(session.pk)) == 2
    with pytest.raises(DoubleBooking):
        add(admin, service, make_practitioner(), make_client(), location_id=hall.pk)
    change_location(actor=admin, location_id=hall.pk, now=NOW, capacity=2)
    assert len(spans_of(session.pk)) == 1


def test_room_with_two_at_once_cannot_become_exclusive(admin: Actor) -> None:
    hall, service = make_location(name="Hall", capacity=5), make_service()
    for minute in (0, 30):
        starts_at = at(10, minute)
        add(admin, service, make_practitioner(), make_client(), location_id=hall.pk, starts_at=starts_at)
    with pytest.raises(WouldOverlap) as refused:
        change_location(actor=admin, location_id=hall.pk, now=NOW, capacity=1)
    assert refused.value.data["name"] == "Hall"
    change_location(actor=admin, location_id=hall.pk, now=NOW + timedelta(days=1), capacity=1)
