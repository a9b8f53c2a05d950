"""Decisions about sessions, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybook.catalog.rules import DatedRate
from daybook.core.errors import InvalidInput, NotPermitted
from daybook.core.ids import new_id
from daybook.core.periods import local_date, local_instant
from daybook.people.errors import ClientNotActive, NotAssigned
from daybook.scheduling import rules
from daybook.scheduling.errors import AlreadyCompleted, NotBegun, PractitionerNotActive
from daybook.tenancy.actor import COMMAND, Actor

SERVICE = rules.ServiceFacts(new_id(), "Piano", True, 6000, 2500, Decimal(0), 0, 0, False)
PIA = rules.PractitionerFacts(new_id(), "Pia")
LEO = rules.ClientFacts(new_id(), "Leo", is_assigned=True)
MIA = rules.ClientFacts(new_id(), "Mia")
FACTS = rules.Facts(SERVICE, None, PIA, (LEO,))
BERLIN = "Europe/Berlin"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, 12, hour, minute, tzinfo=UTC)


def completion(status: str, client: int = 100, practitioner: int = 100, modifier: str = "percentage"):
    return rules.CompletionFacts(new_id(), status, status.title(), modifier, client, practitioner)


PRACTITIONER = Actor(kind="user", role="practitioner", user_id=PIA.id, permissions=frozenset({"add_sessions"}))


@pytest.mark.parametrize(
    ("actor", "change", "refusal"),
    [
        (COMMAND, {}, None),
        (COMMAND, {"clients": (MIA,)}, None),
        (PRACTITIONER, {}, None),
        (replace(PRACTITIONER, permissions=frozenset()), {}, NotPermitted),
        (replace(PRACTITIONER, user_id=new_id()), {}, NotPermitted),
        (PRACTITIONER, {"clients": (LEO, MIA)}, NotAssigned),
        (PRACTITIONER, {"clients": (replace(LEO, status="inactive"),)}, ClientNotActive),
        (COMMAND, {"clients": (replace(LEO, status="prospect"),)}, ClientNotActive),
        (COMMAND, {"practitioner": replace(PIA, status="inactive")}, PractitionerNotActive),
    ],
)
def test_who_may_add_whom(actor: Actor, change: dict, refusal: type[Exception] | None) -> None:
    facts = replace(FACTS, **change)
    newcomers = {client.id for client in facts.clients}
    if refusal is None:
        assert rules.check_may_add(actor, facts, newcomers=newcomers) is None
    else:
        with pytest.raises(refusal):
            rules.check_may_add(actor, facts, newcomers=newcomers)


def test_who_is_in_already_may_stay_though_no_longer_active() -> None:
    facts = replace(FACTS, clients=(replace(LEO, status="inactive"), MIA))
    assert rules.check_may_change(COMMAND, facts, newcomers={MIA.id}, practitioners_before=[PIA.id]) is None


@pytest.mark.parametrize(
    ("service", "capacity", "expected"),
    [
        ({}, None, [(PIA.id, 10, 0, 11, 0)]),
        ({"buffer_before": 10, "buffer_after": 15}, None, [(PIA.id, 9, 50, 11, 15)]),
        ({"is_concurrent": True}, None, []),
        ({}, 1, [(PIA.id, 10, 0, 11, 0), ("room", 10, 0, 11, 0)]),
        ({"is_concurrent": True}, 1, [("room", 10, 0, 11, 0)]),
        ({}, 5, [(PIA.id, 10, 0, 11, 0)]),
    ],
)
def test_whose_time_is_taken(service: dict, capacity: int | None, expected: list) -> None:
    room = rules.LocationFacts(new_id(), "Room", capacity)
    facts = replace(FACTS, service=replace(SERVICE, **service), location=room)
    wanted = [
        rules.Span(room.id if who == "room" else who, at(hour, minute), at(to_hour, to_minute))
        for who, hour, minute, to_hour, to_minute in expected
    ]
    assert list(rules.occupied(facts, at(10), at(11))) == wanted


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], 10),
        ([(10, 11)], 11),
        ([(11, 12)], 10),
        ([(10, 11), (11, 12)], 12),
        ([(9, 12), (10, 11)], 12),
        ([(14, 15), (10, 11)], 11),
    ],
)
def test_free_from_is_the_first_gap_long_enough(taken: list[tuple[int, int]], free: int) -> None:
    spans = [(at(start), at(end)) for start, end in taken]
    assert rules.free_from(spans, wanted=at(10), length=timedelta(hours=1)) == at(free)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 3)), max_size=8), st.integers(0, 20), st.integers(1, 4))
def test_free_from_never_overlaps_what_is_taken(taken: list[tuple[int, int]], wanted: int, hours: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    spans = [(start + timedelta(hours=at), start + timedelta(hours=at + long)) for at, long in taken]
    length = timedelta(hours=hours)
    found = rules.free_from(spans, wanted=start + timedelta(hours=wanted), length=length)
    assert found >= start + timedelta(hours=wanted)
    assert all(found + length <= begin or found >= end for begin, end in spans)


@pytest.mark.parametrize(
    ("day", "start", "end", "minutes"),
    [
        (date(2026, 3, 29), "01:30", "03:30", 60),  # the clock skips from 02:00 to 03:00
        (date(2026, 10, 25), "01:30", "03:30", 180),  # 02:00–03:00 comes twice
        (date(2026, 3, 29), "10:00", "11:00", 60),
        (date(2028, 2, 29), "23:30", "23:59", 29),
    ],
)
def test_minutes_are_real_time_on_the_nights_the_clocks_change(day: date, start: str, end: str, minutes: int) -> None:
    starts_at, ends_at = (local_instant(day, datetime.strptime(each, "%H:%M").time(), BERLIN) for each in (start, end))  # noqa: DTZ007
    assert rules.session_minutes(starts_at, ends_at) == minutes
    charge = rules.charge_of(SERVICE, (), minutes=minutes, day=local_date(starts_at, BERLIN), currency="EUR")
    assert charge.minor == 6000 * minutes // 60


def test_price_is_that_of_the_local_day() -> None:
    rates = (DatedRate(1000, date(2026, 1, 1)), DatedRate(2000, date(2026, 2, 1)))
    just_after_midnight = local_instant(date(2026, 2, 1), datetime.min.time(), BERLIN)
    day = local_date(just_after_midnight, BERLIN)
    assert just_after_midnight.date() == date(2026, 1, 31)
    assert rules.charge_of(SERVICE, rates, minutes=60, day=day, currency="EUR").minor == 2000


def test_tax_stands_beside_the_cost_with_its_reason() -> None:
    charge = rules.charge_of(
        replace(SERVICE, tax_rate=Decimal("7.500")), (), minutes=60, day=date(2026, 1, 1), currency="EUR"
    )
    # 7.5 % of 60.00
    assert (charge.minor, charge.tax_minor, charge.total_minor) == (6000, 450, 6450)
    assert charge.reasons[-1].as_json() == {"code": "tax", "percent": "7.5", "amount": "4.50"}


@pytest.mark.parametrize(
    ("to", "override", "cost", "wage"),
    [
        (completion("completed"), None, 6000, 2500),
        (completion("missed"), None, 6000, 2500),
        (completion("canceled", 0, 0), None, 0, 0),
        (completion("canceled", 50, 25), None, 3000, 625),
        (completion("missed", 15, 10, "fixed"), None, 1500, 1000),
        (completion("completed"), rules.Override(cost_minor=99), 99, 2500),
        (completion("completed"), rules.Override(wage_minor=0), 6000, 0),
        (completion("canceled", 0, 0), rules.Override(cost_minor=500), 500, 0),
    ],
)
def test_outcomes(to, override: rules.Override | None, cost: int, wage: int) -> None:
    outcome = rules.outcome_of(
        FACTS, starts_at=at(10), ends_at=at(11), day=date(2026, 1, 12), currency="EUR", to=to, override=override
    )
    assert ([place.charge.minor for place in outcome.places], outcome.wage.minor) == ([cost], wage)


def test_a_place_with_its_own_type_is_not_touched_by_the_override() -> None:
    facts = replace(FACTS, clients=(LEO, MIA))
    outcome = rules.outcome_of(
        facts,
        starts_at=at(10),
        ends_at=at(11),
        day=date(2026, 1, 12),
        currency="EUR",
        to=completion("completed"),
        places={MIA.id: completion("canceled", 0, 0)},
        override=rules.Override(cost_minor=100),
    )
    assert [(place.type.status, place.charge.minor) for place in outcome.places] == [
        ("completed", 100),
        ("canceled", 0),
    ]
    assert outcome.wage.minor == 2500


@pytest.mark.parametrize(
    ("status", "to", "now", "refusal"),
    [
        ("open", "completed", at(10), None),
        ("open", "completed", at(9, 59), NotBegun),
        ("open", "missed", at(9), NotBegun),
        ("open", "canceled", at(1), None),
        ("completed", "canceled", at(12), AlreadyCompleted),
        ("canceled", "completed", at(12), AlreadyCompleted),
    ],
)
def test_what_may_be_saved_when(status: str, to: str, now: datetime, refusal: type[Exception] | None) -> None:
    if refusal is None:
        assert rules.check_may_save(status=status, starts_at=at(10), to=completion(to), now=now, by_team=False) is None
    else:
        with pytest.raises(refusal):
            rules.check_may_save(status=status, starts_at=at(10), to=completion(to), now=now, by_team=False)


def test_naive_times_are_refused() -> None:
    naive = datetime(2026, 1, 12, 10)  # noqa: DTZ001
    with pytest.raises(InvalidInput) as refusal:
        rules.check_period(naive, at(11))
    assert [(each.field, each.code) for each in refusal.value.errors] == [("starts_at", "not_an_instant")]


def test_clients_are_taken_once_and_not_too_many() -> None:
    assert rules.check_clients([LEO.id, MIA.id, LEO.id]) == (LEO.id, MIA.id)
    for wrong in ([], [new_id() for _ in range(rules.MAX_CLIENTS + 1)]):
        with pytest.raises(InvalidInput):
            rules.check_clients(wrong)


def test_lock_keys_of_two_resources_differ_and_fit_a_bigint() -> None:
    keys = {rules.lock_key(new_id()) for _ in range(1000)}
    assert len(keys) == 1000
    assert all(-(2**63) <= key < 2**63 for key in keys)
