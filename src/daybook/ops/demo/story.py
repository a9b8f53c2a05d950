"""What happened: day by day, every session with its outcome, what it cost, and how it was paid. Pure and seeded."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from daybook.core.periods import local_instant
from daybook.ledger.rules import NewEntry, charge, reversal, wage
from daybook.ops.demo.books import Books
from daybook.ops.demo.catalogue import OFFERS
from daybook.ops.demo.money import Bill, MoneyStory
from daybook.ops.demo.plan import Plan
from daybook.ops.demo.prices import Outcome, Pricelist
from daybook.ops.demo.rows import AssistantRow, Batch, OccupancyRow, ParticipantRow, SessionRow
from daybook.ops.demo.timetable import Slot

BATCH_SESSIONS = 10_000
UNSAVED_DAYS = 6
UNSAVED_SHARE = 14  # one of so many sessions of the last days was forgotten


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The ways in which sessions are saved here, by their label."""

    completed: Outcome
    missed: Outcome
    canceled: Outcome
    late: Outcome
    trial: Outcome


class Story:
    """Tells batches of rows in the order of time; `scheduled` holds at the end what open sessions will cost whom."""

    def __init__(self, plan: Plan, rng: Random, outcomes: Outcomes, currency: str, zone: str) -> None:
        self.plan, self.rng, self.outcomes, self.zone = plan, rng, outcomes, zone
        self.books = Books(plan.next_id)
        self.prices = Pricelist(plan, currency)
        self.money = MoneyStory(plan, rng, self.books, currency, zone)
        self.scheduled: dict[UUID, int] = defaultdict(int)
        self.deleted_left = 3
        self.recent = 0
        self.is_small = plan.shape.sessions < 10_000

    def batches(self) -> Iterator[Batch]:
        for client in self.plan.cast.clients:
            self.books.account("receivable", client.person.id)
        for day, slots in self.plan.occurrences():
            for slot in slots:
                self._tell(day, slot)
            if day <= self.plan.today:
                self.money.tell(day)
            if len(self.books.batch.sessions) >= BATCH_SESSIONS:
                yield self.books.take()
        self.money.finish()
        yield self.books.take()

    def _tell(self, day: date, slot: Slot) -> None:
        starts_at = local_instant(day, time(*divmod(slot.start, 60)), self.zone)
        ends_at = starts_at + timedelta(minutes=slot.minutes)
        outcome = self._outcome(day, slot)
        _Meeting(self, day, slot, starts_at, ends_at, outcome).write()

    def _outcome(self, day: date, slot: Slot) -> Outcome | None:
        """How it was saved; None while it is open. Of today everything is open, whatever the hour."""
        age, chance, ways = (self.plan.today - day).days, self.rng.random(), self.outcomes
        if age <= 0:
            return ways.canceled if age < 0 and chance < 0.02 else None
        if age <= UNSAVED_DAYS:
            self.recent += 1
            if self.recent % UNSAVED_SHARE == 0:
                return None
        single = len(slot.clients) == 1
        if chance < 0.045:
            return ways.canceled
        if chance < 0.075:
            return ways.late if single else ways.completed
        if chance < 0.105:
            return ways.missed if single else ways.completed
        if single and slot.first_week > 0 and day < self.plan.first_day + timedelta(weeks=slot.first_week + 1):
            return ways.trial if chance < 0.4 else ways.completed
        return ways.completed


class _Meeting:
    """One session being written down."""

    def __init__(
        self, story: Story, day: date, slot: Slot, starts_at: datetime, ends_at: datetime, outcome: Outcome | None
    ) -> None:
        plan = story.plan
        self.story, self.plan, self.books, self.rng = story, plan, story.books, story.rng
        self.day, self.slot, self.starts_at, self.ends_at, self.outcome = day, slot, starts_at, ends_at, outcome
        self.offer = OFFERS[slot.offer]
        self.practitioner = plan.cast.practitioners[slot.practitioner].person
        self.id = plan.next_id()
        self.saved_at = self._saved_at()
        self.is_deleted = self._is_deleted()

    def write(self) -> None:
        overrides = self.outcome is self.story.outcomes.completed and self.rng.random() < 0.008
        wage_price = self._wage(self.slot.practitioner)
        outcome = self.outcome
        created_at = self.starts_at - timedelta(days=self.rng.randrange(8, 20), minutes=self.rng.randrange(600))
        today_starts = datetime.combine(self.plan.today, time(8), UTC)
        self.books.batch.sessions.append(
            SessionRow(
                self.id,
                self.plan.service_ids[self.slot.offer],
                self.plan.place_ids[self.slot.place],
                self.practitioner.id,
                self.starts_at,
                self.ends_at,
                outcome.status if outcome else "open",
                outcome.id if outcome else None,
                self.saved_at,
                wage_price[0] if wage_price else None,
                wage_price[1] if wage_price else None,
                *self._notes(),
                min(created_at, today_starts - timedelta(days=1)),
                today_starts - timedelta(hours=15) if self.is_deleted else None,
                self.plan.cast.administrator.id if self.is_deleted else None,
                0 if self.slot.assistant is None else 1,
            )
        )
        for client in self.slot.clients:
            self._participant(client, overrides)
        self._earn(self.practitioner.id, wage_price, ("session", self.id), overrides)
        if self.slot.assistant is not None:
            self._assist(self.slot.assistant, overrides)
        if not self.is_deleted and (outcome is None or outcome.status != "canceled"):
            self._occupy()

    def _assist(self, index: int, overrides: bool) -> None:
        row_id, person = self.plan.next_id(), self.plan.cast.practitioners[index].person
        price = self._wage(index)
        self.books.batch.assistants.append(
            AssistantRow(row_id, self.id, person.id, self.starts_at, *(price or (None, None)))
        )
        self._earn(person.id, price, ("assistant", row_id), overrides)

    def _earn(self, who: UUID, price: tuple[int, str] | None, source: tuple[str, UUID], overrides: bool) -> None:
        if not price or not price[0]:
            return
        earned = wage(
            practitioner_id=who, wage_minor=price[0], occurred_on=self.day, source_kind=source[0], source_id=source[1],
            description=f"{self.offer.name}, {self._client_names()}",
        )  # fmt: skip
        if overrides:  # the cost is set by hand, the wage comes out as it was
            self._take_back(earned, price[1])
        self._post(earned, price[1])

    def _client_names(self) -> str:
        return ", ".join(self.plan.cast.clients[client].person.name for client in self.slot.clients)

    def _what(self) -> str:
        people = [self.plan.cast.practitioners[each].person for each in self.slot.practitioners]
        return f"{self.offer.name}, {', '.join(person.name for person in people)}"

    def _saved_at(self) -> datetime | None:
        if self.outcome is None:
            return None
        if self.day > self.plan.today:  # called off ahead
            return datetime.combine(self.plan.today, time(7), UTC) - timedelta(minutes=self.rng.randrange(600, 3000))
        return self.ends_at + timedelta(minutes=self.rng.randrange(5, 90))

    def _is_deleted(self) -> bool:
        ahead = self.day > self.plan.today + timedelta(days=2)
        if not (self.story.is_small and ahead and self.outcome is None and self.story.deleted_left):
            return False
        if self.rng.random() < 0.02:
            self.story.deleted_left -= 1
            return True
        return False

    def _wage(self, practitioner: int) -> tuple[int, str] | None:
        return self.story.prices.wage(self.slot, practitioner, self.day, self.outcome) if self.outcome else None

    def _participant(self, client: int, overrides: bool) -> None:
        plan, prices, slot = self.plan, self.story.prices, self.slot
        person = plan.cast.clients[client].person
        place_id = plan.next_id()
        outcome = self._own_outcome()
        scheduled, cost, tax, reasons = 0, None, 0, None
        if outcome is None:
            if not self.is_deleted:
                full = prices.charge(slot, client, self.day, self.story.outcomes.completed)
                scheduled = full.cost + full.tax
                self.story.scheduled[person.id] += scheduled
        else:
            full = prices.charge(slot, client, self.day, outcome)
            if overrides:
                if full.cost:
                    self._take_back(self._charge(person.id, place_id, full.cost, full.tax), full.reasons)
                full = prices.by_hand(slot, full.cost)
            cost, tax, reasons = full.cost, full.tax, full.reasons
        self.books.batch.participants.append(
            ParticipantRow(
                place_id, self.id, person.id, person.id, self.starts_at, outcome.status if outcome else "open",
                outcome.id if outcome else None, scheduled, cost, tax, reasons,
            )
        )  # fmt: skip
        if cost and outcome:
            self._post(self._charge(person.id, place_id, cost, tax), str(reasons))
            text = self._what() if outcome.status == "completed" else f"{self._what()}, {outcome.client.label}"
            rate = self.offer.tax_rate if tax else Decimal(0)
            self.story.money.charged(client, Bill(place_id, self.day, text, cost, tax, rate))

    def _own_outcome(self) -> Outcome | None:
        """In a group some stay away though the session took place."""
        if self.outcome is self.story.outcomes.completed and len(self.slot.clients) > 1:
            chance = self.rng.random()
            return (
                self.story.outcomes.canceled
                if chance < 0.06
                else self.story.outcomes.missed
                if chance < 0.1
                else self.outcome
            )
        return self.outcome

    def _charge(self, payer_id: UUID, place_id: UUID, cost: int, tax: int) -> NewEntry:
        return charge(
            payer_id=payer_id, cost_minor=cost, tax_minor=tax, occurred_on=self.day, source_id=place_id,
            description=self._what(),
        )  # fmt: skip

    def _take_back(self, entry: NewEntry, reasons: str) -> None:
        """Saved in full first, then opened again to be saved anew: the first entry stands, and its reverse."""
        entry_id = self._post(entry, reasons)
        self._post(reversal(entry, entry_id=entry_id, occurred_on=self.day), reasons)

    def _post(self, entry: NewEntry, reasons: str) -> UUID:
        assert self.saved_at is not None
        return self.books.post(entry, self.saved_at, "user", self.practitioner.id, reasons)

    def _occupy(self) -> None:
        for resource_id, first, last in self.story.prices.occupied(self.slot, self.starts_at, self.ends_at):
            self.books.batch.occupancies.append(
                OccupancyRow(self.plan.next_id(), resource_id, TimestamptzRange(first, last), self.id)
            )

    def _notes(self) -> tuple[str, str]:
        public = self.rng.choice(self.offer.notes) if self.rng.random() < 0.3 else ""
        internal = "Parent asked for a call." if self.rng.random() < 0.02 else ""
        return public, internal
