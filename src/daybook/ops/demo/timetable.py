"""A weekly timetable in which nobody is in two places: who meets whom, when and where, by the wall clock."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from random import Random

from daybook.ops.demo.catalogue import ASSESSMENT, OFFERS, Place
from daybook.ops.demo.people import Cast, Client
from daybook.ops.demo.shapes import Shape

TERM_WEEKS = 26
STEP = 30
SHORT_STEP = 15  # where the day is packed
GROUPS = tuple(index for index, offer in enumerate(OFFERS) if offer.group[1] > 1)
FEWEST_GROUPS = 6
GROUP_SHARE = 15  # one of so many meetings
TRIES = 4


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly meeting: `weekday` 0 is Monday, `start` in minutes of the day; indices into offers, practitioners, places
    and clients; first and last week of the story, both included. `assistant` is a second practitioner."""

    weekday: int
    start: int
    minutes: int
    offer: int
    practitioner: int
    place: int
    clients: tuple[int, ...]
    first_week: int
    last_week: int
    assistant: int | None = None

    @property
    def practitioners(self) -> tuple[int, ...]:
        return (self.practitioner,) if self.assistant is None else (self.practitioner, self.assistant)


@dataclass(slots=True)
class _Week:
    """What is taken in the week that repeats: (kind, index, weekday) → spans in minutes."""

    taken: dict[tuple[str, int, int], list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def is_free(self, key: tuple[str, int, int], start: int, end: int) -> bool:
        return all(end <= other_start or start >= other_end for other_start, other_end in self.taken[key])


def make_slots(
    shape: Shape, rng: Random, cast: Cast, places: tuple[Place, ...], weekday_of_today: int, extra: float
) -> list[Slot]:
    """Slots of all terms, enough for the sessions of the shape and a share `extra` of them more."""
    a_week = int(shape.sessions / shape.weeks * (1 + extra)) + 1
    slots: list[Slot] = []
    for first in range(0, shape.weeks, TERM_WEEKS):
        last = min(first + TERM_WEEKS, shape.weeks) - 1
        slots += _term(shape, rng, cast, places, weekday_of_today, first, last, a_week)
    return slots


def _term(
    shape: Shape, rng: Random, cast: Cast, places: tuple[Place, ...], today: int, first: int, last: int, wanted: int
) -> list[Slot]:
    maker = _TermMaker(shape, rng, cast, places, today, first, last)
    slots: list[Slot] = []
    for client, offer in islice(maker.wishes(max(FEWEST_GROUPS, wanted // GROUP_SHARE)), wanted * TRIES):
        if len(slots) >= wanted:
            break
        slot = maker.place(client, offer)
        if slot:
            slots.append(slot)
    return slots


class _TermMaker:
    """Places one meeting after another into a week that has room for it."""

    def __init__(
        self, shape: Shape, rng: Random, cast: Cast, places: tuple[Place, ...], today: int, first: int, last: int
    ) -> None:
        self.shape, self.rng, self.cast, self.places = shape, rng, cast, places
        self.today, self.first, self.last = today, first, last
        self.week = _Week()
        self.by_subject: dict[str, list[int]] = defaultdict(list)
        for index, practitioner in enumerate(cast.practitioners):
            self.by_subject[practitioner.subject].append(index)
        self.places_of: dict[str, list[int]] = defaultdict(list)
        for index, place in enumerate(places):
            self.places_of[place.kind].append(index)
        self.teacher: dict[tuple[int, str], int] = {}
        self.load: dict[int, int] = defaultdict(int)

    def turns(self) -> Iterator[int]:
        """Clients of this term again and again, each time in another order; none where nobody is here."""
        here = self._here()
        while here:
            self.rng.shuffle(here)
            yield from here

    def _here(self) -> list[int]:
        return [
            index
            for index, client in enumerate(self.cast.clients)
            if client.person.status != "prospect" and client.first_week <= self.last and client.last_week >= self.first
        ]

    def wishes(self, groups: int) -> Iterator[tuple[int, int]]:
        """Who wants what: groups first, while most of the week is free, then single meetings without end."""
        turns = self.turns()
        wanted = [offer for offer in GROUPS if any(self._wants_group(client, offer) for client in self._here())]
        for number in range(groups if wanted else 0):
            offer = wanted[number % len(wanted)]
            yield next(client for client in turns if self._wants_group(client, offer)), offer
        for client in turns:
            yield client, self._single(client)

    def _wants_group(self, client: int, offer: int) -> bool:
        each = self.cast.clients[client]
        suits = each.is_minor if OFFERS[offer].is_concurrent else OFFERS[offer].subject in each.subjects
        return suits and each.first_week <= self.first and each.last_week >= self.last

    def _single(self, client: int) -> int:
        subject = self.rng.choice(self.cast.clients[client].subjects)
        fitting = [index for index, offer in enumerate(OFFERS) if offer.subject == subject and index not in GROUPS]
        return self.rng.choices(fitting, [0.1 if index == ASSESSMENT else 1.0 for index in fitting])[0]

    def place(self, client: int, offer: int) -> Slot | None:
        """A meeting of this client, on today's weekday rather than another, or None where nothing fits."""
        for practitioner in self._practitioners(client, OFFERS[offer].subject):
            days = list(self.cast.practitioners[practitioner].days)
            self.rng.shuffle(days)
            if self.rng.random() < 0.16:
                days.sort(key=lambda day: day != self.today)
            for day in days:
                slot = self._place_on(day, client, offer, practitioner)
                if slot:
                    self.teacher[client, OFFERS[offer].subject] = practitioner
                    return slot
        return None

    def _practitioners(self, client: int, subject: str) -> list[int]:
        """The client's own first, then those with most room."""
        own = self.teacher.get((client, subject))
        others = sorted(self.by_subject[subject], key=lambda index: (self.load[index], index))[:6]
        return [own, *(index for index in others if index != own)] if own is not None else others

    def _place_on(self, day: int, client: int, offer_index: int, practitioner: int) -> Slot | None:
        offer, rng = OFFERS[offer_index], self.rng
        minutes = rng.choice(offer.lengths)
        opens, closes = self._hours(day, practitioner, self.cast.clients[client])
        step = STEP if self.shape.keeps_hours else SHORT_STEP
        first = -(-(opens + offer.buffer_before) // step) * step
        starts = list(range(first, closes - minutes - offer.buffer_after + 1, step))
        if not starts:
            return None
        turn = rng.randrange(len(starts) if self.cast.clients[client].is_minor else -(-len(starts) // 2))
        for start in starts[turn:] + starts[:turn]:
            span = (start - offer.buffer_before, start + minutes + offer.buffer_after)
            if not self._fits(("practitioner", practitioner, day), span, offer_index):
                continue
            if not self.week.is_free(("client", client, day), start, start + minutes):
                continue
            place = self._room(offer.rooms, day, span)
            if place is None:
                continue
            clients = self._company(client, offer_index, day, start, start + minutes)
            return self._take(
                Slot(day, start, minutes, offer_index, practitioner, place, clients, *self._life(clients, offer_index)),
                span,
            )
        return None

    def _fits(self, key: tuple[str, int, int], span: tuple[int, int], offer: int) -> bool:
        return OFFERS[offer].is_concurrent or self.week.is_free(key, *span)

    def _hours(self, day: int, practitioner: int, client: Client) -> tuple[int, int]:
        opens, closes = self.cast.practitioners[practitioner].days[day]
        at_school = client.is_minor and self.cast.practitioners[practitioner].subject != "speech"
        if self.shape.keeps_hours and at_school and day < 5:
            return max(opens, 14 * 60 + 30), closes
        return opens, closes

    def _room(self, kinds: tuple[str, ...], day: int, span: tuple[int, int]) -> int | None:
        for kind in kinds:
            options = self.places_of[kind]
            turn = self.rng.randrange(len(options))
            for place in options[turn:] + options[:turn]:
                if self.places[place].capacity != 1 or self.week.is_free(("place", place, day), *span):
                    return place
        return None

    def _company(self, client: int, offer_index: int, day: int, start: int, end: int) -> tuple[int, ...]:
        offer = OFFERS[offer_index]
        size = self.rng.randint(*offer.group)
        if size == 1:
            return (client,)
        everyone = self.cast.clients
        fitting = [
            other
            for other in self.rng.sample(range(len(everyone)), min(len(everyone), 120))
            if other != client
            and (each := everyone[other])
            and (offer.subject in each.subjects or (offer.is_concurrent and each.is_minor))
            and each.first_week <= self.first
            and each.last_week >= self.last
            and each.person.status == "active"
            and self.week.is_free(("client", other, day), start, end)
        ]
        return (client, *self.rng.sample(fitting, min(size - 1, len(fitting))))

    def _life(self, clients: tuple[int, ...], offer: int) -> tuple[int, int]:
        here = [self.cast.clients[index] for index in clients]
        first = max(self.first, *(client.first_week for client in here), 0)
        last = min(self.last, *(client.last_week for client in here), 10_000)
        if offer == ASSESSMENT:
            first = last = self.rng.randint(first, max(first, last))
        return first, last

    def _take(self, slot: Slot, span: tuple[int, int]) -> Slot:
        if not OFFERS[slot.offer].is_concurrent:
            self.week.taken["practitioner", slot.practitioner, slot.weekday].append(span)
            if self.places[slot.place].capacity == 1:
                self.week.taken["place", slot.place, slot.weekday].append(span)
        for client in slot.clients:
            self.week.taken["client", client, slot.weekday].append((slot.start, slot.start + slot.minutes))
        self.load[slot.practitioner] += 1
        return slot
