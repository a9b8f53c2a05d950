"""Changing open sessions: the time, the amounts set aside and the participants follow; what was saved stays."""

from datetime import timedelta

import pytest

from daybook.billing.models import InvoiceLine
from daybook.billing.queries import billed_otherwise
from daybook.catalog.models import ClientRate
from daybook.core.errors import InvalidInput, NotFound, NotPermitted
from daybook.people.errors import NotAssigned
from daybook.people.models import Assignment
from daybook.scheduling.errors import AlreadyCompleted, DoubleBooking, Invoiced
from daybook.scheduling.models import Occupancy, Participant, Session
from daybook.scheduling.rules import Override
from daybook.tenancy.actor import Actor
from daybook.ui.sentences import sentence
from daybook.workflows.change_session import change_session
from daybook.workflows.complete_session import complete_session
from daybook.workflows.create_invoice import Period, create_invoice
from daybook.workflows.reopen_session import reopen_session
from daybook.workflows.reprice import reprice_open
from daybook.workflows.send_invoice import send_invoice
from daybook.workflows.void_invoice import void_invoice
from tests.factories.sessions import (
    NOW,
    actor_with,
    add,
    at,
    make_client,
    make_completion_types,
    make_location,
    make_practitioner,
    make_service,
)
from tests.workflows.test_add_session import scheduled_of


def change(actor: Actor, session: Session, **changes):
    return change_session(actor=actor, now=NOW, session_id=session.pk, **changes)


def test_moving_a_session_moves_its_time_and_its_places(admin: Actor) -> None:
    session = add(admin, make_service(), make_practitioner(), make_client()).session
    change(admin, session, starts_at=at(14), ends_at=at(15))
    taken = Occupancy.objects.get()
    assert (taken.span.lower, taken.span.upper) == (at(14), at(15))
    assert Participant.objects.get().starts_at == at(14)


def test_a_session_may_overlap_its_own_old_time(admin: Actor) -> None:
    session = add(admin, make_service(), make_practitioner(), make_client()).session
    moved = change(admin, session, starts_at=at(10, 30), ends_at=at(11, 30))
    assert moved.session.starts_at == at(10, 30)
    assert moved.warnings == ()


def test_moving_onto_another_is_refused_and_changes_nothing(admin: Actor) -> None:
    service, pia, leo = make_service(), make_practitioner(), make_client()
    add(admin, service, pia, make_client(), starts_at=at(14))
    session = add(admin, service, pia, leo).session
    with pytest.raises(DoubleBooking):
        change(admin, session, starts_at=at(13, 30), ends_at=at(15, 30))
    session.refresh_from_db()
    assert session.starts_at == at(10)
    assert Occupancy.objects.filter(session=session).count() == 1
    assert scheduled_of(leo) == 6000


def test_resizing_prices_every_place_again(admin: Actor) -> None:
    leo, mia = make_client(), make_client()
    session = add(admin, make_service(), make_practitioner(), leo, mia).session
    change(admin, session, ends_at=at(11, 30))
    assert (scheduled_of(leo), scheduled_of(mia)) == (9000, 9000)


def test_clients_may_leave_and_come(admin: Actor) -> None:
    leo, mia, zoe, pia = make_client(), make_client(), make_client(), make_practitioner()
    session = add(admin, make_service(), pia, leo, mia).session
    change(admin, session, client_ids=[mia.pk, zoe.pk])
    assert {place.client_id for place in Participant.objects.all()} == {mia.pk, zoe.pk}
    assert [scheduled_of(each) for each in (leo, mia, zoe)] == [0, 6000, 6000]
    assert Assignment.objects.filter(practitioner=pia, client=zoe).exists()
    with pytest.raises(InvalidInput):
        change(admin, session, client_ids=[])


def test_another_practitioner_and_room_take_over_the_time(admin: Actor) -> None:
    pia, tom, room = make_practitioner(), make_practitioner(), make_location()
    session = add(admin, make_service(), pia, make_client()).session
    change(admin, session, practitioner_id=tom.pk, location_id=room.pk)
    assert set(Occupancy.objects.values_list("resource_id", flat=True)) == {tom.pk, room.pk}


def test_saved_sessions_take_notes_only(admin: Actor) -> None:
    make_completion_types()
    session = add(admin, make_service(), make_practitioner(), make_client()).session
    complete_session(actor=admin, now=at(20), session_id=session.pk)
    assert change(admin, session, public_note="Well played").session.public_note == "Well played"
    with pytest.raises(AlreadyCompleted):
        change(admin, session, starts_at=at(9), ends_at=at(10))


def test_unknown_fields_and_backward_times_are_refused(admin: Actor) -> None:
    session = add(admin, make_service(), make_practitioner(), make_client()).session
    with pytest.raises(InvalidInput):
        change(admin, session, status="completed")
    with pytest.raises(InvalidInput):
        change(admin, session, ends_at=at(9))


def test_practitioner_changes_own_sessions_with_permission(admin: Actor) -> None:
    pia = make_practitioner()
    session = add(admin, make_service(), pia, make_client()).session
    with pytest.raises(NotPermitted):
        change(actor_with(pia), session, public_note="x")
    with pytest.raises(NotFound):
        change(actor_with(make_practitioner(), edit_sessions=True), session, public_note="x")
    actor = actor_with(pia, edit_sessions=True)
    assert change(actor, session, starts_at=at(12), ends_at=at(13)).session.starts_at == at(12)
    with pytest.raises(NotAssigned):
        change(actor, session, client_ids=[make_client().pk])
    with pytest.raises(NotPermitted):
        change(actor, session, practitioner_id=make_practitioner().pk)


def test_a_new_rate_reaches_open_sessions_only(admin: Actor) -> None:
    make_completion_types()
    service, pia, leo = make_service(), make_practitioner(), make_client()
    past = add(admin, service, pia, leo).session
    complete_session(actor=admin, now=at(20), session_id=past.pk)
    add(admin, service, pia, leo, starts_at=at(14))
    add(admin, service, pia, leo, starts_at=at(14, day=7))
    ClientRate.objects.create(client=leo, service=service, cost_minor=4000, starts_on=(NOW + timedelta(days=5)).date())
    reprice_open(client_id=leo.pk, service_id=service.pk)
    assert Participant.objects.get(session=past).cost_minor == 6000
    assert scheduled_of(leo) == 6000 + 4000


def test_a_client_leaves_when_its_invoice_is_void_and_not_before(admin: Actor) -> None:
    leo, mia = make_client(), make_client()
    session = add(admin, make_service(), make_practitioner(), leo, mia).session
    day = NOW.date()
    invoice = create_invoice(actor=admin, now=NOW, client_id=leo.pk, period=Period(day, day, "scheduled"))
    with pytest.raises(Invoiced) as refused:
        change(admin, session, client_ids=[mia.pk])
    assert refused.value.data["invoices"] == [invoice.number]
    void_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    change(admin, session, client_ids=[mia.pk])
    assert list(Participant.objects.values_list("client_id", flat=True)) == [mia.pk]
    line = InvoiceLine.objects.get()
    assert (line.participant_id, line.amount_minor) == (None, 6000)


def test_a_session_billed_ahead_moves_but_keeps_its_price_until_the_invoice_is_void(admin: Actor) -> None:
    leo = make_client()
    session = add(admin, make_service(), make_practitioner(), leo).session
    day = NOW.date()
    invoice = create_invoice(actor=admin, now=NOW, client_id=leo.pk, period=Period(day, day, "scheduled"))
    send_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    change(admin, session, starts_at=at(12), ends_at=at(13), location_id=make_location().pk)
    with pytest.raises(Invoiced) as refused:
        change(admin, session, ends_at=at(14))
    said = sentence(refused.value, None, locale="en", zone="Europe/Berlin", currency="EUR")
    assert (
        said
        == f"Invoice {invoice.number} bills €60.00 for this session; it would cost €120.00. Void that first, then change it."
    )
    assert (Session.objects.get().ends_at, scheduled_of(leo)) == (at(13), 6000)
    void_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    change(admin, session, ends_at=at(14))
    assert scheduled_of(leo) == 12000


def test_what_was_billed_ahead_and_saved_otherwise_is_told(admin: Actor) -> None:
    make_completion_types()
    leo = make_client(first_name="Leo", last_name="Fox")
    session = add(admin, make_service(), make_practitioner(), leo).session
    day = NOW.date()
    invoice = create_invoice(actor=admin, now=NOW, client_id=leo.pk, period=Period(day, day, "scheduled"))
    send_invoice(actor=admin, now=NOW, invoice_id=invoice.pk)
    assert billed_otherwise(session_id=session.pk) == []
    complete_session(actor=admin, now=at(20), session_id=session.pk, completion_type="canceled")
    [found] = billed_otherwise(invoice_id=invoice.pk)
    assert (found.number, found.client, found.billed_minor, found.charged_minor, found.credit_minor) == (
        invoice.number,
        "Leo Fox",
        6000,
        0,
        6000,
    )
    reopen_session(actor=admin, now=at(20), session_id=session.pk)
    complete_session(actor=admin, now=at(20), session_id=session.pk, override=Override(7500, None))
    [found] = billed_otherwise(session_id=session.pk)
    assert (found.charged_minor, found.owed_minor) == (7500, 1500)
