"""The invented timetable: nobody in two places, the number asked for, a day that is full, the same for the same seed."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from daybook.catalog.rules import Modifier
from daybook.ops.demo.catalogue import OFFERS
from daybook.ops.demo.ids import id_stream
from daybook.ops.demo.plan import Plan, make_plan
from daybook.ops.demo.prices import Outcome
from daybook.ops.demo.rows import Batch
from daybook.ops.demo.shapes import SHAPES
from daybook.ops.demo.story import Outcomes, Story

MONDAY, SUNDAY = date(2025, 3, 24), date(2025, 3, 30)
SMALL = SHAPES["small"]


def outcome(number: int, status: str, percent: int) -> Outcome:
    modifier = Modifier("percentage", percent, status)
    return Outcome(UUID(int=number), status, modifier, modifier)


OUTCOMES = Outcomes(
    completed=outcome(1, "completed", 100),
    missed=outcome(2, "missed", 100),
    canceled=outcome(3, "canceled", 0),
    late=outcome(4, "canceled", 50),
    trial=outcome(5, "completed", 40),
)


def plan_of(today: date = MONDAY, seed: str = "one", **changes: object) -> Plan:
    rng = Random(seed)
    stream = id_stream(rng, datetime(2025, 1, 1, tzinfo=UTC))
    return make_plan(replace(SMALL, **changes), rng, stream, today)


@pytest.mark.parametrize("today", [MONDAY + timedelta(days=offset) for offset in range(7)])
def test_timetable_on_any_day_has_nobody_in_two_places(today: date) -> None:
    plan = plan_of(today)
    taken: dict[tuple[object, ...], list[tuple[int, int]]] = defaultdict(list)
    for day, slots in plan.occurrences():
        for slot in slots:
            offer = OFFERS[slot.offer]
            for client in slot.clients:
                taken["client", client, day].append((slot.start, slot.start + slot.minutes))
            if offer.is_concurrent:
                continue
            span = (slot.start - offer.buffer_before, slot.start + slot.minutes + offer.buffer_after)
            for each in slot.practitioners:
                taken["practitioner", each, day].append(span)
            if plan.places[slot.place].capacity == 1:
                taken["place", slot.place, day].append(span)
    for spans in taken.values():
        ordered = sorted(spans)
        assert all(before[1] <= after[0] for before, after in zip(ordered, ordered[1:], strict=False))


@pytest.mark.parametrize("today", [MONDAY, SUNDAY])
def test_plan_has_exactly_the_sessions_asked_for_and_a_full_today(today: date) -> None:
    days = dict(plan_of(today).occurrences())

    assert sum(len(slots) for slots in days.values()) == SMALL.sessions
    assert len(days[today]) >= 18
    assert all(
        len(slots) <= 1 for day, slots in days.items() if day.weekday() == 6 and day.weekday() != today.weekday()
    )


def test_some_groups_are_held_by_two() -> None:
    plan = plan_of(together=3)
    assisted = [slot for slot in plan.slots if slot.assistant is not None]
    assert 0 < len(assisted) <= 3
    assert all(len(slot.clients) > 1 and slot.assistant != slot.practitioner for slot in assisted)
    alone = plan_of(together=0)
    assert [replace(slot, assistant=None) for slot in plan.slots] == alone.slots


def test_plan_has_groups_and_a_service_that_runs_beside_others() -> None:
    slots = plan_of().slots

    assert any(len(slot.clients) >= 4 for slot in slots)
    assert any(OFFERS[slot.offer].is_concurrent for slot in slots)


def test_plan_of_same_seed_is_the_same_and_of_another_is_not() -> None:
    first, again, other = plan_of(), plan_of(), plan_of(seed="two")

    assert first.slots == again.slots
    assert [person.id for person in first.cast.everyone()] == [person.id for person in again.cast.everyone()]
    assert first.slots != other.slots


def test_story_of_same_plan_tells_the_same_rows() -> None:
    def told() -> list[Batch]:
        rng = Random("story")
        plan = make_plan(SMALL, rng, id_stream(rng, datetime(2025, 1, 1, tzinfo=UTC)), MONDAY)
        return list(Story(plan, rng, OUTCOMES, "EUR", "Europe/Dublin").batches())

    assert told() == told()


@pytest.mark.parametrize(
    ("practitioners", "clients", "sessions"),
    [(1, 2, 10), (1, 3, 20), (2, 4, 30), (2, 6, 60), (3, 10, 100), (4, 20, 50), (4, 20, 200), (6, 12, 300)],
)
@pytest.mark.parametrize("today", [MONDAY, SUNDAY])
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_plan_of_very_few_has_the_sessions_asked_for(
    practitioners: int, clients: int, sessions: int, today: date, seed: str
) -> None:
    plan = plan_of(today, seed, practitioners=practitioners, clients=clients, sessions=sessions)
    batches = list(Story(plan, Random(seed), OUTCOMES, "EUR", "Europe/Dublin").batches())

    assert sum(len(batch.sessions) for batch in batches) == sessions
    assert {"practitioner", "client", "client-no-costs"} <= {each.username for each in plan.cast.everyone()}


def test_plan_asked_for_more_than_a_week_holds_says_so() -> None:
    with pytest.raises(ValueError, match="room for"):
        plan_of(practitioners=1, clients=2, sessions=1_000)


def test_ids_ascend_and_are_version_seven() -> None:
    stream = id_stream(Random("x"), datetime(2025, 1, 1, tzinfo=UTC))
    made = [stream() for _ in range(10_000)]

    assert made == sorted(set(made))
    assert {each.version for each in made} == {7}
