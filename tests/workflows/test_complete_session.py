"""Saving sessions: what is charged, to whom, why; and that reopening takes it back exactly."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybook.catalog.models import ClientRate, WageRate
from daybook.core.errors import InvalidInput, NotFound, NotPermitted
from daybook.core.ids import new_id
from daybook.insights.reports import Filters, revenue
from daybook.insights.wages import wages_by_practitioner
from daybook.ledger.models import Account, JournalEntry, Posting
from daybook.people.models import User
from daybook.scheduling.errors import AlreadyCompleted, NotBegun, NotSaved
from daybook.scheduling.models import CompletionType, Occupancy, Participant, Session
from daybook.scheduling.rules import Override
from daybook.tenancy.actor import Actor
from daybook.workflows.complete_session import complete_many, complete_session
from daybook.workflows.reopen_session import reopen_session
from tests.factories.sessions import (
    actor_with,
    add,
    at,
    make_client,
    make_completion_types,
    make_practitioner,
    make_service,
)

LATER = at(20)


def receivable(client: User) -> Account:
    return Account.objects.get(owner=client, kind="receivable")


def payable(practitioner: User) -> int:
    account = Account.objects.filter(owner=practitioner, kind="wages_payable").first()
    return account.charged_minor if account else 0


@pytest.fixture(autouse=True)
def types(admin: Actor) -> dict[str, CompletionType]:
    return make_completion_types()


def test_completing_charges_every_participant_and_pays_the_practitioner_once(admin: Actor) -> None:
    service, pia = make_service(cost_minor=6000, wage_minor=2500, tax_rate=Decimal(19)), make_practitioner()
    leo, mia = make_client(), make_client()
    ClientRate.objects.create(client=mia, service=service, cost_minor=3310, starts_on=at(0).date())
    session = add(admin, service, pia, leo, mia, ends_at=at(11, 25)).session

    saved = complete_session(actor=admin, now=LATER, session_id=session.pk)

    # 60.00 × 85/60 = 85.00 and tax 16.15; 33.10 × 85/60 = 46.8917 → 46.89 and tax 8.91; wage 25.00 × 85/60 = 35.4167 → 35.42
    assert (saved.status, saved.wage_minor) == ("completed", 3542)
    assert (receivable(leo).balance_minor, receivable(leo).scheduled_minor) == (10115, 0)
    assert (receivable(mia).charged_minor, receivable(mia).scheduled_minor) == (5580, 0)
    assert payable(pia) == 3542
    place = Participant.objects.get(client=mia)
    assert (place.cost_minor, place.tax_minor, place.status) == (4689, 891, "completed")
    assert [reason["code"] for reason in place.reasons] == ["custom_rate", "hourly", "rounded", "tax"]
    entry = JournalEntry.objects.get(source_id=place.pk)
    assert entry.reasons == place.reasons
    assert entry.occurred_on == at(10).date()


@pytest.mark.parametrize("status, cost, wage", [("canceled", 0, 0), ("missed", 6000, 2500), ("completed", 6000, 2500)])
def test_default_types_charge_nothing_or_in_full(admin: Actor, status: str, cost: int, wage: int) -> None:
    leo, pia = make_client(), make_practitioner()
    session = add(admin, make_service(), pia, leo).session
    saved = complete_session(actor=admin, now=LATER, session_id=session.pk, completion_type=status)
    assert (saved.status, saved.wage_minor, receivable(leo).balance_minor, payable(pia)) == (status, wage, cost, wage)
    assert Occupancy.objects.count() == (0 if status == "canceled" else 1)


def test_custom_types_take_shares_and_whole_units(admin: Actor) -> None:
    late = CompletionType.objects.create(status="canceled", label="Late", client_modifier=50, practitioner_modifier=25)
    flat = CompletionType.objects.create(
        status="missed", label="No show", modifier="fixed", client_modifier=15, practitioner_modifier=0
    )
    leo, pia = make_client(), make_practitioner()
    first = add(admin, make_service(), pia, leo).session
    complete_session(actor=admin, now=LATER, session_id=first.pk, completion_type=late.pk)
    # 50 % of 60.00, 25 % of 25.00
    assert (receivable(leo).balance_minor, payable(pia)) == (3000, 625)
    second = add(admin, make_service(), pia, leo, starts_at=at(14)).session
    complete_session(actor=admin, now=LATER, session_id=second.pk, completion_type=flat.pk)
    # 15 whole euros more, no wage
    assert (receivable(leo).balance_minor, payable(pia)) == (4500, 625)
    late.client_modifier = 100
    late.save()
    assert Participant.objects.get(session=first).cost_minor == 3000


def test_attendance_may_differ_in_a_group(admin: Actor) -> None:
    leo, mia, pia = make_client(), make_client(), make_practitioner()
    session = add(admin, make_service(), pia, leo, mia).session
    complete_session(actor=admin, now=LATER, session_id=session.pk, participants={mia.pk: "canceled"})
    assert (receivable(leo).balance_minor, receivable(mia).balance_minor, payable(pia)) == (6000, 0, 2500)
    assert dict(Participant.objects.values_list("client", "status")) == {leo.pk: "completed", mia.pk: "canceled"}


def test_override_sets_cost_and_wage_by_hand(admin: Actor) -> None:
    leo, pia = make_client(), make_practitioner()
    session = add(admin, make_service(), pia, leo).session
    complete_session(actor=admin, now=LATER, session_id=session.pk, override=Override(cost_minor=1234, wage_minor=0))
    assert (receivable(leo).balance_minor, payable(pia)) == (1234, 0)
    assert Participant.objects.get().reasons == [{"code": "cost_override", "amount": "12.34"}]


def test_override_needs_its_permission_and_a_real_amount(admin: Actor) -> None:
    pia = make_practitioner()
    session = add(admin, make_service(), pia, make_client()).session
    with pytest.raises(NotPermitted):
        complete_session(actor=actor_with(pia), now=LATER, session_id=session.pk, override=Override(cost_minor=1))
    with pytest.raises(InvalidInput):
        complete_session(actor=admin, now=LATER, session_id=session.pk, override=Override(cost_minor=-1))


def test_practitioner_completes_own_sessions_only(admin: Actor) -> None:
    pia, tom = make_practitioner(), make_practitioner()
    session = add(admin, make_service(), pia, make_client()).session
    with pytest.raises(NotFound):
        complete_session(actor=actor_with(tom), now=LATER, session_id=session.pk)
    assert complete_session(actor=actor_with(pia), now=LATER, session_id=session.pk).status == "completed"
    session = add(admin, make_service(), tom, make_client()).session
    with pytest.raises(NotPermitted):
        complete_session(actor=actor_with(tom, complete_sessions=False), now=LATER, session_id=session.pk)


def test_a_practitioner_saves_a_session_only_when_it_has_begun(admin: Actor) -> None:
    pia = make_practitioner()
    session = add(admin, make_service(), pia, make_client()).session
    with pytest.raises(NotBegun):
        complete_session(actor=actor_with(pia), now=at(9), session_id=session.pk)
    assert complete_session(actor=admin, now=at(9), session_id=session.pk).status == "completed"


def test_a_session_is_saved_once(admin: Actor) -> None:
    session = add(admin, make_service(), make_practitioner(), make_client()).session
    complete_session(actor=admin, now=at(9), session_id=session.pk, completion_type="canceled")
    with pytest.raises(AlreadyCompleted):
        complete_session(actor=admin, now=LATER, session_id=session.pk)


def test_unknown_and_switched_off_types_are_refused(admin: Actor, types: dict[str, CompletionType]) -> None:
    session = add(admin, make_service(), make_practitioner(), make_client()).session
    with pytest.raises(NotFound):
        complete_session(actor=admin, now=LATER, session_id=session.pk, completion_type=new_id())
    types["missed"].is_enabled = False
    types["missed"].save()
    with pytest.raises(InvalidInput):
        complete_session(actor=admin, now=LATER, session_id=session.pk, completion_type="missed")


def test_reopening_reverses_exactly_and_sets_the_amount_aside_again(admin: Actor) -> None:
    leo, pia = make_client(), make_practitioner()
    session = add(admin, make_service(tax_rate=Decimal(19)), pia, leo).session
    complete_session(actor=admin, now=LATER, session_id=session.pk)
    opened = reopen_session(actor=admin, now=LATER, session_id=session.pk)
    assert (opened.status, opened.wage_minor, opened.saved_at) == ("open", None, None)
    account = receivable(leo)
    assert (account.balance_minor, account.charged_minor, account.scheduled_minor) == (0, 0, 7140)
    assert payable(pia) == 0
    assert set(Posting.objects.values("account").annotate(sum=Sum("amount_minor")).values_list("sum", flat=True)) == {0}
    with pytest.raises(NotSaved):
        reopen_session(actor=admin, now=LATER, session_id=session.pk)
    complete_session(actor=admin, now=LATER, session_id=session.pk)
    assert receivable(leo).balance_minor == 7140


def test_a_correction_later_leaves_the_day_of_the_session_right(admin: Actor) -> None:
    service, pia, leo = make_service(cost_minor=6000, wage_minor=2500), make_practitioner(), make_client()
    session = add(admin, service, pia, leo).session
    complete_session(actor=admin, now=LATER, session_id=session.pk)

    in_summer = LATER + timedelta(days=90)
    reopen_session(actor=admin, now=in_summer, session_id=session.pk)
    complete_session(actor=admin, now=in_summer, session_id=session.pk, override=Override(1500, 700))

    day = at(10).date()
    assert set(JournalEntry.objects.values_list("occurred_on", flat=True)) == {day}
    assert [(row.sessions, row.earned) for row in wages_by_practitioner(day, day)] == [(1, 700)]
    assert revenue(Filters(day, day, "UTC")).totals["charged"] == 1500


def test_reopening_a_canceled_session_takes_its_time_again(admin: Actor) -> None:
    pia = make_practitioner()
    session = add(admin, make_service(), pia, make_client()).session
    complete_session(actor=admin, now=LATER, session_id=session.pk, completion_type="canceled")
    reopen_session(actor=admin, now=LATER, session_id=session.pk)
    assert Occupancy.objects.get().resource_id == pia.pk


def test_many_are_saved_in_a_fixed_number_of_statements(admin: Actor) -> None:
    service, pia, leo = make_service(), make_practitioner(), make_client()
    ids = [add(admin, service, pia, leo, starts_at=at(8 + hour)).session.pk for hour in range(6)]
    complete_many(actor=admin, now=LATER, session_ids=ids[:1])  # makes the accounts
    with CaptureQueriesContext(connection) as one:
        assert complete_many(actor=admin, now=LATER, session_ids=ids[1:2]) == {}
    stranger = new_id()
    with CaptureQueriesContext(connection) as many:
        refused = complete_many(actor=admin, now=LATER, session_ids=[*ids, stranger])
    assert len(many) == len(one)
    assert {key: error.code for key, error in refused.items()} == {
        ids[0]: "already_completed",
        ids[1]: "already_completed",
        stranger: "not_found",
    }
    assert receivable(leo).balance_minor == 6 * 6000
    assert Session.objects.filter(status="completed").count() == 6


MONEY = st.integers(0, 10**7)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cost=MONEY,
    wage=MONEY,
    own=st.none() | MONEY,
    minutes=st.integers(1, 300),
    tax=st.integers(0, 30),
    share=st.integers(0, 200),
)
def test_what_is_posted_is_what_is_stored_and_explained(
    admin: Actor, cost: int, wage: int, own: int | None, minutes: int, tax: int, share: int
) -> None:
    service = make_service(cost_minor=cost, wage_minor=wage, tax_rate=Decimal(tax))
    pia, leo = make_practitioner(), make_client()
    kind = CompletionType.objects.create(
        status="missed", label=f"T{service.name[8:]}"[:15], client_modifier=share, practitioner_modifier=share
    )
    if own is not None:
        WageRate.objects.create(practitioner=pia, service=service, wage_minor=own, starts_on=at(0).date())
    session = add(admin, service, pia, leo, ends_at=at(10, 0) + minutes * (at(10, 1) - at(10))).session
    complete_session(actor=admin, now=LATER, session_id=session.pk, completion_type=kind.pk)
    place, saved = Participant.objects.get(session=session), Session.objects.get(pk=session.pk)
    assert receivable(leo).balance_minor == place.cost_minor + place.tax_minor
    assert payable(pia) == saved.wage_minor
    exact = Decimal(cost) * minutes * share / 6000
    assert abs(place.cost_minor - exact) <= Decimal("0.5")
    rounded = [reason for reason in place.reasons if reason["code"] == "rounded"]
    assert all(Decimal(reason["after"]) * 100 == place.cost_minor for reason in rounded)
    assert receivable(leo).scheduled_minor == 0
