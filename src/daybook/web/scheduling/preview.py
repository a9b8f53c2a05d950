"""What a session that is being typed would cost, clash with and use up: shown before it is saved, decided when it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from daybook.core.errors import DomainError, Notice
from daybook.core.periods import local_date
from daybook.ledger.queries import balances_of
from daybook.people.permissions import costs_hidden_from
from daybook.scheduling import rules
from daybook.scheduling.permissions import Sight
from daybook.scheduling.queries import Asked, load_facts
from daybook.scheduling.queries.holders import find_clash
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business

SHOWN_PLACES = 6


@dataclass(frozen=True, slots=True)
class PreviewPlace:
    """A client's part: price with tax, and what credit would be left, both None where the actor may not see them."""

    name: str
    total_minor: int | None
    credit_left: int | None

    @property
    def is_short(self) -> bool:
        return self.credit_left is not None and self.credit_left < 0

    @property
    def owed(self) -> int:
        return -(self.credit_left or 0)


@dataclass(frozen=True, slots=True)
class Preview:
    minutes: int
    places: tuple[PreviewPlace, ...]
    total_minor: int | None
    clash: DomainError | None
    notices: tuple[Notice, ...]

    @property
    def shown(self) -> tuple[PreviewPlace, ...]:
        return self.places[:SHOWN_PLACES]


def preview_of(actor: Actor, values: Mapping[str, Any], session_id: UUID | None) -> Preview | None:
    """None where the values could not be saved anyway; the form says why when it is sent."""
    asked = Asked(
        values["service_id"],
        values["practitioner_id"],
        tuple(values["client_ids"]),
        values["starts_at"],
        values["ends_at"],
        values["location_id"],
        session_id,
        rules.check_assistants(values["practitioner_id"], values.get("assistant_ids", ())[: rules.MAX_ASSISTANTS]),
    )
    try:
        rules.check_period(asked.starts_at, asked.ends_at)
        facts = load_facts(asked, zone=current_business().time_zone, verb="")
    except DomainError:
        return None
    spans = rules.occupied(facts, asked.starts_at, asked.ends_at)
    clash = find_clash(spans, facts=facts, actor=actor, without=[session_id] if session_id else [])
    places = _places(actor, facts, asked)
    total = sum(place.total_minor or 0 for place in places) if places and places[0].total_minor is not None else None
    minutes = rules.session_minutes(asked.starts_at, asked.ends_at)
    return Preview(minutes, places, total, clash, rules.notices(facts))


def _places(actor: Actor, facts: rules.Facts, asked: Asked) -> tuple[PreviewPlace, ...]:
    if not Sight(actor).costs:
        return tuple(PreviewPlace(client.name, None, None) for client in facts.clients)
    business = current_business()
    minutes, day = (
        rules.session_minutes(asked.starts_at, asked.ends_at),
        local_date(asked.starts_at, business.time_zone),
    )
    balances = balances_of(asked.client_ids) if actor.may("manage_accounting") else {}
    hidden = costs_hidden_from(asked.client_ids) if not actor.is_team else set()

    def place(client: rules.ClientFacts) -> PreviewPlace:
        charge = rules.charge_of(facts.service, client.rates, minutes=minutes, day=day, currency=business.currency)
        total = charge.total_minor
        balance = balances.get(client.id)
        left = balance.available_credit - (0 if asked.session_id else total) if balance else None
        return PreviewPlace(client.name, None if client.id in hidden else total, left)

    return tuple(place(client) for client in facts.clients)
