"""Everything that stands before the story begins: people, services, places, rates, closures, and the timetable."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from daybook.catalog.rules import DatedRate
from daybook.ops.demo.catalogue import OFFERS, Place, places
from daybook.ops.demo.people import Cast, Person, make_cast
from daybook.ops.demo.shapes import Shape
from daybook.ops.demo.timetable import Slot, make_slots
from daybook.ops.demo.together import held_together

MOST_EXTRA = 6.0


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """A closure; `place` is an index, or None for the whole business."""

    name: str
    first: date
    last: date
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A slot on a date."""

    day: date
    slot: Slot


@dataclass(slots=True)
class Plan:
    """The studio on paper. `today` is its date now; `first_day` a Monday, the first day of week 0."""

    shape: Shape
    today: date
    first_day: date
    cast: Cast
    places: tuple[Place, ...]
    service_ids: list[UUID]
    place_ids: list[UUID]
    client_rates: dict[tuple[int, int], tuple[DatedRate, ...]]
    wage_rates: dict[tuple[int, int], tuple[DatedRate, ...]]
    closures: list[ClosedDays]
    slots: list[Slot]
    skipped: set[int]
    next_id: Callable[[], UUID]

    def meetings_by_weekday(self) -> Mapping[int, list[Slot]]:
        by_day: dict[int, list[Slot]] = {day: [] for day in range(7)}
        for slot in sorted(self.slots, key=lambda slot: (slot.start, slot.practitioner)):
            by_day[slot.weekday].append(slot)
        return by_day

    def occurrences(self) -> "list[tuple[date, list[Slot]]]":
        """Each day with its meetings, the skipped ones left out."""
        days: list[tuple[date, list[Slot]]] = []
        number = 0
        for day, slots in self._all_days():
            kept = []
            for slot in slots:
                if number not in self.skipped:
                    kept.append(slot)
                number += 1
            days.append((day, kept))
        return days

    def _all_days(self) -> "list[tuple[date, list[Slot]]]":
        by_day = self.meetings_by_weekday()
        closed = {
            closure.first + timedelta(days=offset)
            for closure in self.closures
            if closure.place is None
            for offset in range((closure.last - closure.first).days + 1)
        }
        days = []
        for offset in range(self.shape.weeks * 7):
            day, week = self.first_day + timedelta(days=offset), offset // 7
            meetings = [slot for slot in by_day[day.weekday()] if slot.first_week <= week <= slot.last_week]
            if day in closed:
                meetings = [slot for slot in meetings if self.places[slot.place].kind == "online"][:1]
            days.append((day, meetings))
        return days


def make_plan(shape: Shape, rng: Random, next_id: Callable[[], UUID], today: date) -> Plan:
    """A plan with exactly the number of sessions that the shape asks for."""
    monday = today - timedelta(days=today.weekday())
    first_day = monday - timedelta(weeks=shape.weeks_back)
    cast = make_cast(shape, rng, next_id, today)
    _add_prospects(cast, rng)
    all_places = places(shape.rooms)
    plan = Plan(
        shape, today, first_day, cast, all_places,
        [next_id() for _ in OFFERS], [next_id() for _ in all_places],
        _client_rates(shape, rng, cast, today, first_day), _wage_rates(rng, cast, first_day),
        _closures(today), [], set(), next_id,
    )  # fmt: skip
    _fill(plan, rng)
    plan.slots = held_together(plan.slots, cast, shape.together)
    _busiest_today(plan).username = "practitioner"
    return plan


def _busiest_today(plan: Plan) -> Person:
    """Who has most to do today: the one to sign in as."""
    week = plan.shape.weeks_back
    today = [
        slot
        for slot in plan.slots
        if slot.weekday == plan.today.weekday() and slot.first_week <= week <= slot.last_week
    ]
    counted = Counter(slot.practitioner for slot in today)
    everyone = range(len(plan.cast.practitioners))
    return plan.cast.practitioners[max(everyone, key=lambda index: (counted[index], -index))].person


def _fill(plan: Plan, rng: Random) -> None:
    """Slots for at least as many meetings as wanted; those over are skipped, here and there, never today."""
    state, extra = rng.getstate(), 0.12
    while True:
        plan.slots = make_slots(plan.shape, rng, plan.cast, plan.places, plan.today.weekday(), extra)
        days = plan._all_days()
        total = sum(len(slots) for _, slots in days)
        if total >= plan.shape.sessions:
            break
        if extra > MOST_EXTRA:
            raise ValueError(f"the week has room for {total} sessions only")
        extra = (1 + extra) * plan.shape.sessions / max(total, 1) * 1.03 - 1
        rng.setstate(state)
    numbers: list[int] = []
    number = 0
    for day, slots in days:
        if day != plan.today:
            numbers += range(number, number + len(slots))
        number += len(slots)
    plan.skipped = set(rng.sample(numbers, total - plan.shape.sessions))


def _add_prospects(cast: Cast, rng: Random) -> None:
    """The last few have never come yet."""
    count = min(max(2, len(cast.clients) // 20), len(cast.clients) // 4)
    for client in cast.clients[len(cast.clients) - count :]:
        if client.person.username is None and client.person.agent_id is None:
            client.person.status = "prospect"
            client.person.tags = [rng.choice(("enquiry", "open day", "recommended"))]


def _client_rates(
    shape: Shape, rng: Random, cast: Cast, today: date, first_day: date
) -> dict[tuple[int, int], tuple[DatedRate, ...]]:
    """Own prices of about a tenth of the clients; some have changed since."""
    rates: dict[tuple[int, int], tuple[DatedRate, ...]] = {}
    for index, client in enumerate(cast.clients):
        if client.person.status == "prospect" or rng.random() > 0.11:
            continue
        for offer_index, offer in enumerate(OFFERS):
            if offer.subject in client.subjects and offer.group[1] == 1 and offer.kind == "hourly":
                first = DatedRate(
                    round(offer.cost * rng.choice((0.7, 0.8, 0.85, 0.9))) // 10 * 10, first_day - timedelta(days=30)
                )
                later = DatedRate(
                    first.amount_minor + rng.choice((110, 150, 210)), today - timedelta(days=rng.randrange(20, 50))
                )
                rates[index, offer_index] = (first, later) if rng.random() < 0.4 else (first,)
    return rates


def _wage_rates(rng: Random, cast: Cast, first_day: date) -> dict[tuple[int, int], tuple[DatedRate, ...]]:
    """A third of the practitioners have agreed on a wage of their own."""
    return {
        (index, offer_index): (DatedRate(offer.wage + rng.choice((150, 200, 300)), first_day - timedelta(days=60)),)
        for index, practitioner in enumerate(cast.practitioners)
        if rng.random() < 0.34
        for offer_index, offer in enumerate(OFFERS)
        if offer.subject == practitioner.subject and offer.group[1] == 1
    }


def _closures(today: date) -> list[ClosedDays]:
    """One behind, one ahead, and one room out of use; none today."""

    def weekday_near(day: date) -> date:
        return day - timedelta(days=max(0, day.weekday() - 4))

    behind, ahead, soon = (weekday_near(today + timedelta(days=days)) for days in (-36, 16, 9))
    return [
        ClosedDays("Team training day", behind, behind),
        ClosedDays("Studio closed", ahead, ahead),
        ClosedDays("Piano tuning", soon, soon, place=0),
    ]
