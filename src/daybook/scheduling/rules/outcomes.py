"""What a session costs each participant and earns its practitioners, when it is added and when it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from daybook.catalog.rules import FULL, DatedRate, Modifier, Price, price, tax_on
from daybook.core.errors import InvalidInput, NotFound
from daybook.core.money import MAX_MINOR, currency_digits, minor_to_text
from daybook.core.reasons import Reason
from daybook.scheduling.errors import AlreadyCompleted, NotBegun
from daybook.scheduling.rules.facts import Facts, PractitionerFacts, ServiceFacts
from daybook.scheduling.rules.spans import session_minutes

SavedStatus = Literal["canceled", "missed", "completed"]


@dataclass(frozen=True, slots=True)
class Charge:
    """What one participant owes: the net amount, the tax on top, and the reasons of both."""

    minor: int
    tax_minor: int
    reasons: tuple[Reason, ...]

    @property
    def total_minor(self) -> int:
        return self.minor + self.tax_minor


@dataclass(frozen=True, slots=True)
class Override:
    """Cost and wage set by hand, in minor units; None leaves the rule's. `wage_minor` is the leading practitioner's,
    `assistant_wages` those of others by their ids.
    """

    cost_minor: int | None = None
    wage_minor: int | None = None
    assistant_wages: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompletionFacts:
    """A completion type: what it maps to, and what it takes of the cost and of the wage."""

    id: UUID
    status: SavedStatus
    label: str
    modifier: Literal["percentage", "fixed"]
    client_modifier: int
    practitioner_modifier: int


@dataclass(frozen=True, slots=True)
class PlaceOutcome:
    """How one participant's place is saved."""

    client_id: UUID
    type: CompletionFacts
    charge: Charge


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a session is saved: its own type decides status and wages, each place's type its cost.

    `wage` is the leading practitioner's, `assistant_wages` those of the others, in the order of the facts.
    """

    type: CompletionFacts
    wage: Price
    places: tuple[PlaceOutcome, ...]
    assistant_wages: tuple[Price, ...] = ()


def charge_of(
    service: ServiceFacts,
    client_rates: tuple[DatedRate, ...],
    *,
    minutes: int,
    day: date,
    currency: str,
    modifier: Modifier = FULL,
    override_minor: int | None = None,
) -> Charge:
    """What one participant owes for a session of that length on that local day (requirements 3.3, 4.5, 4.6)."""
    found = price(
        what="cost",
        default_minor=service.cost_minor,
        is_hourly=service.is_hourly,
        minutes=minutes,
        day=day,
        currency=currency,
        own_rates=client_rates,
        modifier=modifier,
        override_minor=override_minor,
    )
    tax_minor = tax_on(found.minor, service.tax_rate)
    if not tax_minor:
        return Charge(found.minor, 0, found.reasons)
    facts = {"percent": f"{service.tax_rate.normalize():f}", "amount": minor_to_text(tax_minor, currency)}
    return Charge(found.minor, tax_minor, (*found.reasons, Reason("tax", facts)))


def wage_of(
    service: ServiceFacts,
    wage_rates: tuple[DatedRate, ...],
    *,
    minutes: int,
    day: date,
    currency: str,
    modifier: Modifier = FULL,
    override_minor: int | None = None,
) -> Price:
    """What a practitioner earns, once a session however many clients take part."""
    return price(
        what="wage",
        default_minor=service.wage_minor,
        is_hourly=service.is_hourly,
        minutes=minutes,
        day=day,
        currency=currency,
        own_rates=wage_rates,
        modifier=modifier,
        override_minor=override_minor,
    )


def modifier_of(kind: str, value: int, label: str, *, currency_digits: int) -> Modifier:
    """A completion type's modifier for pricing: whole units of the currency become minor ones."""
    if kind == "fixed":
        return Modifier("fixed", value * 10**currency_digits, label)
    return Modifier("percentage", value, label)


def check_override(override: Override) -> None:
    """Raise InvalidInput for amounts below zero or beyond any real one."""
    amounts = [("cost", override.cost_minor), ("wage", override.wage_minor)]
    amounts += [("wages", amount) for amount in override.assistant_wages.values()]
    for name, amount in amounts:
        if amount is not None and not 0 <= amount <= MAX_MINOR:
            raise InvalidInput(field=f"override.{name}", problem="too_large" if amount > 0 else "negative")


def check_may_save(*, status: str, starts_at: datetime, to: CompletionFacts, now: datetime, by_team: bool) -> None:
    """Only an open session is saved. The team may save one ahead; a practitioner only once it has begun, or as canceled.

    Raises AlreadyCompleted, NotBegun.
    """
    if status != "open":
        raise AlreadyCompleted(status=status)
    if not by_team and to.status != "canceled" and starts_at > now:
        raise NotBegun(starts_at=starts_at)


def outcome_of(
    facts: Facts,
    *,
    starts_at: datetime,
    ends_at: datetime,
    day: date,
    currency: str,
    to: CompletionFacts,
    places: Mapping[UUID, CompletionFacts] | None = None,
    override: Override | None = None,
) -> Outcome:
    """What saving comes to on the local `day`. `places` are the types of participants that differ from `to`.

    A cost set by hand holds for every participant whose type was not chosen for it alone. Each practitioner is paid once,
    by the own rates. Raises NotFound for a wage by hand of somebody who does not assist.
    """
    digits = currency_digits(currency)
    minutes = session_minutes(starts_at, ends_at)
    by_hand = override or Override()
    own = places or {}

    def saved(client_id: UUID, rates: tuple[DatedRate, ...]) -> PlaceOutcome:
        kind = own.get(client_id, to)
        modifier = modifier_of(kind.modifier, kind.client_modifier, kind.label, currency_digits=digits)
        amount = None if client_id in own else by_hand.cost_minor
        charge = charge_of(
            facts.service, rates, minutes=minutes, day=day, currency=currency, modifier=modifier, override_minor=amount
        )
        return PlaceOutcome(client_id, kind, charge)

    def earned(practitioner: PractitionerFacts, amount: int | None) -> Price:
        return wage_of(
            facts.service,
            practitioner.rates,
            minutes=minutes,
            day=day,
            currency=currency,
            modifier=modifier_of(to.modifier, to.practitioner_modifier, to.label, currency_digits=digits),
            override_minor=amount,
        )

    if by_hand.assistant_wages.keys() - {each.id for each in facts.assistants}:
        raise NotFound(field="override.wages", what="practitioner")
    return Outcome(
        to,
        earned(facts.practitioner, by_hand.wage_minor),
        tuple(saved(client.id, client.rates) for client in facts.clients),
        tuple(earned(each, by_hand.assistant_wages.get(each.id)) for each in facts.assistants),
    )
