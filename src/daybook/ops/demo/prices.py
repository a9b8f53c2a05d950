"""Prices of the invented sessions, by the rules that price real ones; each case is worked out once."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from daybook.catalog.rules import DatedRate, Modifier
from daybook.core.reasons import Reason, reasons_as_json
from daybook.ops.demo.catalogue import OFFERS
from daybook.ops.demo.plan import Plan
from daybook.ops.demo.timetable import Slot
from daybook.scheduling import rules


@dataclass(frozen=True, slots=True)
class Outcome:
    """A completion type as it is stored, with what it charges and pays."""

    id: UUID
    status: str
    client: Modifier
    practitioner: Modifier


class Charged(NamedTuple):
    """Net cost, tax on top, and the reasons in their stored form."""

    cost: int
    tax: int
    reasons: str


class Pricelist:
    """Costs, wages and taken time of the plan's meetings."""

    def __init__(self, plan: Plan, currency: str) -> None:
        self.plan, self.currency = plan, currency
        self.services = [
            rules.ServiceFacts(
                service_id, offer.name, offer.kind == "hourly", offer.cost, offer.wage, offer.tax_rate,
                offer.buffer_before, offer.buffer_after, offer.is_concurrent,
            )
            for service_id, offer in zip(plan.service_ids, OFFERS, strict=True)
        ]  # fmt: skip
        self._charges: dict[tuple[object, ...], Charged] = {}
        self._wages: dict[tuple[object, ...], tuple[int, str]] = {}
        self._facts: dict[tuple[int, int, tuple[int, ...]], rules.Facts] = {}

    def charge(self, slot: Slot, client: int, day: date, outcome: Outcome) -> Charged:
        """What a client owes for a meeting that is saved in this way."""
        rates = self.plan.client_rates.get((client, slot.offer), ())
        key = (slot.offer, slot.minutes, outcome.id, _rate(rates, day))
        found = self._charges.get(key)
        if found is None:
            owed = rules.charge_of(
                self.services[slot.offer], rates, minutes=slot.minutes, day=day, currency=self.currency,
                modifier=outcome.client,
            )  # fmt: skip
            found = Charged(owed.minor, owed.tax_minor, _stored(owed.reasons))
            self._charges[key] = found
        return found

    def wage(self, slot: Slot, practitioner: int, day: date, outcome: Outcome) -> tuple[int, str]:
        """What a practitioner earns by it, with the stored reasons."""
        rates = self.plan.wage_rates.get((practitioner, slot.offer), ())
        key = (slot.offer, slot.minutes, outcome.id, _rate(rates, day))
        found = self._wages.get(key)
        if found is None:
            earned = rules.wage_of(
                self.services[slot.offer], rates, minutes=slot.minutes, day=day, currency=self.currency,
                modifier=outcome.practitioner,
            )  # fmt: skip
            found = self._wages[key] = (earned.minor, _stored(earned.reasons))
        return found

    def by_hand(self, slot: Slot, full: int) -> Charged:
        """A cost that the team sets by hand: four fifths of the full one."""
        owed = rules.charge_of(
            self.services[slot.offer], (), minutes=slot.minutes, day=self.plan.today, currency=self.currency,
            override_minor=full * 4 // 5,
        )  # fmt: skip
        return Charged(owed.minor, owed.tax_minor, _stored(owed.reasons))

    def occupied(self, slot: Slot, starts_at: datetime, ends_at: datetime) -> list[tuple[UUID, datetime, datetime]]:
        """Whose time the meeting takes, buffers included."""
        spans = rules.occupied(self._facts_of(slot), starts_at, ends_at)
        return [(span.resource_id, span.starts_at, span.ends_at) for span in spans]

    def _facts_of(self, slot: Slot) -> rules.Facts:
        key = (slot.offer, slot.place, slot.practitioners)
        found = self._facts.get(key)
        if found is None:
            place = self.plan.places[slot.place]
            location = rules.LocationFacts(self.plan.place_ids[slot.place], place.name, place.capacity)
            people = [self.plan.cast.practitioners[each].person for each in slot.practitioners]
            leading, *others = [rules.PractitionerFacts(person.id, person.name) for person in people]
            found = rules.Facts(self.services[slot.offer], location, leading, (), assistants=tuple(others))
            self._facts[key] = found
        return found


def _rate(rates: tuple[DatedRate, ...], day: date) -> tuple[int, date] | None:
    """What of the rates matters on the day."""
    begun = [(rate.starts_on, rate.amount_minor) for rate in rates if rate.starts_on <= day]
    return (max(begun)[1], max(begun)[0]) if begun else None


def _stored(reasons: tuple[Reason, ...]) -> str:
    return json.dumps(reasons_as_json(reasons))
