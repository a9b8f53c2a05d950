"""Deleting a person is refused while something of the business stands against it."""

from datetime import date

import pytest

from daybook.billing.rules import FreeLine
from daybook.core.errors import NotPermitted
from daybook.people.actors import actor_of
from daybook.people.errors import HasHistory
from daybook.people.models import User
from daybook.people.queries import related_of
from daybook.people.services import recover_user
from daybook.scheduling.errors import PersonDeleted
from daybook.workflows.complete_session import complete_session
from daybook.workflows.create_invoice import create_invoice
from daybook.workflows.delete_payment import delete_payment, recover_payment
from daybook.workflows.delete_person import delete_person
from daybook.workflows.delete_session import delete_session
from daybook.workflows.pay_wages import pay_wages
from daybook.workflows.reopen_session import reopen_session
from daybook.workflows.take_payment import take_payment
from tests.factories.sessions import (
    NOW,
    add,
    make_client,
    make_completion_types,
    make_person,
    make_practitioner,
    make_service,
)


def test_delete_person_in_a_session_is_refused_until_the_session_is_deleted(admin):
    leo, pia = make_client(), make_practitioner()
    made = add(admin, make_service(), pia, leo)
    for user in (leo, pia):
        with pytest.raises(HasHistory) as refused:
            delete_person(actor=admin, user_id=user.pk, now=NOW)
        assert refused.value.data["sessions"] == 1
    delete_session(actor=admin, now=NOW, session_id=made.session.pk)
    for user in (leo, pia):
        assert delete_person(actor=admin, user_id=user.pk, now=NOW).deleted_at == NOW


def test_delete_person_with_a_payment_is_refused_until_it_is_deleted(admin):
    leo = make_client()
    payment = take_payment(
        actor=admin, now=NOW, client_id=leo.pk, amount_minor=5000, method="cash", received_on=date(2026, 1, 12)
    )
    with pytest.raises(HasHistory) as refused:
        delete_person(actor=admin, user_id=leo.pk, now=NOW)
    assert refused.value.data["payments"] == 1
    delete_payment(actor=admin, now=NOW, payment_id=payment.pk)
    delete_person(actor=admin, user_id=leo.pk, now=NOW)
    assert not User.objects.filter(pk=leo.pk).exists()


def test_payment_of_a_deleted_client_waits_in_the_bin_until_the_client_is_back(admin):
    leo = make_client()
    payment = take_payment(
        actor=admin, now=NOW, client_id=leo.pk, amount_minor=5000, method="cash", received_on=date(2026, 1, 12)
    )
    delete_payment(actor=admin, now=NOW, payment_id=payment.pk)
    delete_person(actor=admin, user_id=leo.pk, now=NOW)
    with pytest.raises(PersonDeleted):
        recover_payment(actor=admin, now=NOW, payment_id=payment.pk)
    recover_user(actor=admin, user_id=leo.pk)
    assert recover_payment(actor=admin, now=NOW, payment_id=payment.pk).deleted_at is None


def test_delete_practitioner_with_wages_is_refused_until_they_are_taken_back(admin):
    make_completion_types()
    pia = make_practitioner()
    made = add(admin, make_service(), pia, make_client())
    complete_session(actor=admin, now=NOW, session_id=made.session.pk, completion_type="completed")
    with pytest.raises(HasHistory) as refused:
        delete_person(actor=admin, user_id=pia.pk, now=NOW)
    assert (refused.value.data["sessions"], refused.value.data["wages"]) == (1, 1)
    reopen_session(actor=admin, now=NOW, session_id=made.session.pk)
    delete_session(actor=admin, now=NOW, session_id=made.session.pk)
    assert delete_person(actor=admin, user_id=pia.pk, now=NOW).deleted_at == NOW


def test_delete_practitioner_who_was_paid_is_refused(admin):
    pia = make_practitioner()
    pay_wages(actor=admin, now=NOW, practitioner_id=pia.pk, amount_minor=2000)
    with pytest.raises(HasHistory) as refused:
        delete_person(actor=admin, user_id=pia.pk, now=NOW)
    assert refused.value.data["wages"] == 1


def test_delete_client_whose_invoices_another_gets_is_refused(admin):
    leo, agent = make_client(), make_person("agent")
    line = FreeLine("Books", unit_minor=1000)
    create_invoice(actor=admin, now=NOW, client_id=leo.pk, bill_to_id=agent.pk, lines=[line])
    for user in (leo, agent):
        with pytest.raises(HasHistory) as refused:
            delete_person(actor=admin, user_id=user.pk, now=NOW)
        assert refused.value.data["invoices"] == 1


def test_deleted_agent_gets_nothing_and_is_back_with_its_clients(admin):
    leo, agent = make_client(), make_person("agent")
    User.objects.filter(pk=leo.pk).update(agent=agent)
    delete_person(actor=admin, user_id=agent.pk, now=NOW)
    assert related_of([leo.pk], actor=admin)[leo.pk].agent_id is None
    recover_user(actor=admin, user_id=agent.pk)
    assert related_of([leo.pk], actor=admin)[leo.pk].agent_id == agent.pk


def test_delete_person_by_a_practitioner_is_refused(business):
    pia = make_practitioner()
    with pytest.raises(NotPermitted):
        delete_person(actor=actor_of(pia), user_id=pia.pk, now=NOW)
