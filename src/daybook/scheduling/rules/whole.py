"""A session that is written in the state that it is in, with everything that the state freezes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybook.scheduling.rules.facts import Facts
from daybook.scheduling.rules.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class WholePlace:
    """A client's place. `scheduled_minor` stands on its account while the session is open, and is 0 otherwise."""

    id: UUID
    client_id: UUID
    scheduled_minor: int

    @property
    def payer_id(self) -> UUID:
        return self.client_id


@dataclass(frozen=True, slots=True)
class WholeAssistant:
    id: UUID
    practitioner_id: UUID


@dataclass(frozen=True, slots=True)
class WholeSession:
    """A session with its outcome (None while open), which has one for each of its places and assistants, in their order.

    `assistants` are the rows of those in the facts.
    """

    id: UUID
    facts: Facts
    starts_at: datetime
    ends_at: datetime
    places: tuple[WholePlace, ...]
    outcome: Outcome | None
    public_note: str = ""
    internal_note: str = ""
    assistants: tuple[WholeAssistant, ...] = ()

    @property
    def is_taking_time(self) -> bool:
        return self.outcome is None or self.outcome.type.status != "canceled"
