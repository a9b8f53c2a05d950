"""Deleting a person is refused while something of the business stands against it."""

from datetime import date

import pytest

from daybook.core.errors import NotPermitted
from daybook.people.actors import actor_of
from daybook.people.errors import HasHistory
from daybook.people.models import User
from daybook.workflows.delete_payment import delete_payment
from daybook.workflows.delete_person import delete_person
from daybook.workflows.delete_session import delete_session
from daybook.workflows.take_payment import take_payment
from tests.factories.sessions import NOW, add, make_client, make_practitioner, make_service


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


def test_delete_person_by_a_practitioner_is_refused(business):
    pia = make_practitioner()
    with pytest.raises(NotPermitted):
        delete_person(actor=actor_of(pia), user_id=pia.pk, now=NOW)
