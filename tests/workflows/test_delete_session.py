"""The bin, recovering from it, and one verb on many sessions."""

import pytest

from daybook.core.errors import InvalidInput, NotFound, NotPermitted
from daybook.core.ids import new_id
from daybook.people.services import recover_user
from daybook.scheduling.errors import DoubleBooking, HasHistory, PersonDeleted
from daybook.scheduling.models import Occupancy, Session
from daybook.tenancy.actor import Actor
from daybook.workflows.bulk_sessions import bulk_sessions
from daybook.workflows.complete_session import complete_session
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
from tests.workflows.test_add_session import scheduled_of


@pytest.fixture(autouse=True)
def types(admin: Actor) -> None:
    make_completion_types()


def test_deleting_frees_time_and_credit_and_recovering_takes_them_again(admin: Actor) -> None:
    leo = make_client()
    session = add(admin, make_service(), make_practitioner(), leo).session
    delete_session(actor=admin, now=NOW, session_id=session.pk)
    assert (Session.objects.count(), Occupancy.objects.count(), scheduled_of(leo)) == (0, 0, 0)
    gone = Session.objects.with_deleted().get()
    assert (gone.deleted_at, gone.deleted_by) == (NOW, admin.user_id)
    with pytest.raises(NotFound):
        delete_session(actor=admin, now=NOW, session_id=session.pk)
    recover_session(actor=admin, now=NOW, session_id=session.pk)
    assert (Session.objects.count(), Occupancy.objects.count(), scheduled_of(leo)) == (1, 1, 6000)
    with pytest.raises(NotFound):
        recover_session(actor=admin, now=NOW, session_id=session.pk)


@pytest.mark.parametrize("status", ["completed", "missed"])
def test_a_saved_session_is_reopened_before_it_is_deleted(admin: Actor, status: str) -> None:
    session = add(admin, make_service(), make_practitioner(), make_client()).session
    complete_session(actor=admin, now=at(20), session_id=session.pk, completion_type=status)
    with pytest.raises(HasHistory):
        delete_session(actor=admin, now=NOW, session_id=session.pk)
    reopen_session(actor=admin, now=at(20), session_id=session.pk)
    delete_session(actor=admin, now=NOW, session_id=session.pk)
    assert Session.objects.count() == 0


def test_a_canceled_session_is_deleted_and_recovered_as_canceled(admin: Actor) -> None:
    pia, service = make_practitioner(), make_service()
    session = add(admin, service, pia, make_client()).session
    complete_session(actor=admin, now=NOW, session_id=session.pk, completion_type="canceled")
    delete_session(actor=admin, now=NOW, session_id=session.pk)
    add(admin, service, pia, make_client())
    assert recover_session(actor=admin, now=NOW, session_id=session.pk).status == "canceled"


def test_recovering_where_the_time_was_taken_meanwhile_says_by_whom(admin: Actor) -> None:
    pia, service = make_practitioner(), make_service()
    session = add(admin, service, pia, make_client()).session
    delete_session(actor=admin, now=NOW, session_id=session.pk)
    add(admin, service, pia, make_client(first_name="Mia"))
    with pytest.raises(DoubleBooking) as refusal:
        recover_session(actor=admin, now=NOW, session_id=session.pk)
    assert refusal.value.data["clients"] == ["Mia"]
    assert Session.objects.with_deleted().get(pk=session.pk).deleted_at is not None


def test_session_of_a_deleted_client_is_not_recovered_until_the_client_is(admin: Actor) -> None:
    leo = make_client(first_name="Leo", last_name="")
    session = add(admin, make_service(), make_practitioner(), leo).session
    delete_session(actor=admin, now=NOW, session_id=session.pk)
    delete_person(actor=admin, user_id=leo.pk, now=NOW)
    with pytest.raises(PersonDeleted) as refusal:
        recover_session(actor=admin, now=NOW, session_id=session.pk)
    assert refusal.value.data == {"name": "Leo", "role": "client"}
    recover_user(actor=admin, user_id=leo.pk)
    assert recover_session(actor=admin, now=NOW, session_id=session.pk).status == "open"


def test_practitioner_deletes_with_the_permission_to_change(admin: Actor) -> None:
    pia = make_practitioner()
    session = add(admin, make_service(), pia, make_client()).session
    with pytest.raises(NotPermitted):
        delete_session(actor=actor_with(pia), now=NOW, session_id=session.pk)
    delete_session(actor=actor_with(pia, edit_sessions=True), now=NOW, session_id=session.pk)
    assert Session.objects.count() == 0


def test_bulk_answers_for_each_id(admin: Actor) -> None:
    service, pia = make_service(), make_practitioner()
    ids = [add(admin, service, pia, make_client(), starts_at=at(9 + hour)).session.pk for hour in range(3)]
    stranger = new_id()

    def codes(action: str, chosen: list) -> list[str | None]:
        answers = bulk_sessions(actor=admin, now=at(20), ids=chosen, action=action)
        assert [session_id for session_id, _ in answers] == chosen
        return [error.code if error else None for _, error in answers]

    assert codes("complete", [ids[0], stranger]) == [None, "not_found"]
    assert codes("delete", ids) == ["has_history", None, None]
    add(admin, service, pia, make_client(), starts_at=at(10))
    assert codes("recover", ids[1:]) == ["double_booking", None]
    assert codes("cancel", [ids[2]]) == [None]
    with pytest.raises(InvalidInput):
        codes("explode", ids)
    with pytest.raises(InvalidInput):
        bulk_sessions(actor=admin, now=NOW, ids=[], action="delete")
