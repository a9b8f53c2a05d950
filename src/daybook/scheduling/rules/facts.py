"""The facts that decisions about sessions are made on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybook.catalog.rules import DatedRate


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What a session needs to know of its service. Amounts in minor units, buffers in minutes."""

    id: UUID
    name: str
    is_hourly: bool
    cost_minor: int
    wage_minor: int
    tax_rate: Decimal
    buffer_before: int
    buffer_after: int
    is_concurrent: bool
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class LocationFacts:
    """A place, with the participants that other sessions have there at the time (`taken`)."""

    id: UUID
    name: str
    capacity: int | None
    taken: int = 0
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class PractitionerFacts:
    """`knows` are those of an assistant's clients in this session that are assigned to it; the leading one's know it themselves."""

    id: UUID
    name: str
    status: str = "active"
    rates: tuple[DatedRate, ...] = ()
    knows: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """A client to be added: `overlap` is the first other session of its own at the time; `is_assigned` to the leading practitioner."""

    id: UUID
    name: str
    status: str = "active"
    is_assigned: bool = False
    rates: tuple[DatedRate, ...] = ()
    overlap: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that adding or changing a session is decided on. `practitioner` leads, `assistants` are there too."""

    service: ServiceFacts
    location: LocationFacts | None
    practitioner: PractitionerFacts
    clients: tuple[ClientFacts, ...]
    closures: tuple[str, ...] = ()
    assistants: tuple[PractitionerFacts, ...] = ()

    @property
    def practitioners(self) -> tuple[PractitionerFacts, ...]:
        """All of them, the leading one first."""
        return (self.practitioner, *self.assistants)

    @property
    def practitioner_names(self) -> str:
        return ", ".join(each.name for each in self.practitioners)

    def strangers(self) -> list[tuple[UUID, UUID]]:
        """(practitioner, client) of those that are not assigned to each other."""
        found = [(self.practitioner.id, client.id) for client in self.clients if not client.is_assigned]
        for each in self.assistants:
            found += [(each.id, client.id) for client in self.clients if client.id not in each.knows]
        return found


@dataclass(frozen=True, slots=True)
class Span:
    """A resource's time, half-open, buffers included."""

    resource_id: UUID
    starts_at: datetime
    ends_at: datetime
