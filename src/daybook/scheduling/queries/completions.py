"""Completion types: those on offer, and the one that a caller means."""

from uuid import UUID

from daybook.core.errors import InvalidInput, NotFound
from daybook.core.ids import parse_id
from daybook.scheduling.models import CompletionType
from daybook.scheduling.rules import CompletionFacts

DEFAULT_NAMES = ("canceled", "missed", "completed")
_ORDER = {"completed": 0, "missed": 1, "canceled": 2}


def completion_types(*, enabled_only: bool = False) -> list[CompletionType]:
    """All completion types: completed, missed, canceled, the default first within each, then by label."""
    found = CompletionType.objects.filter(is_enabled=True) if enabled_only else CompletionType.objects.all()
    return sorted(found, key=lambda item: (_ORDER[item.status], not item.is_default, item.label.casefold()))


class Offer:
    """The completion types that are switched on, read once for a verb."""

    def __init__(self) -> None:
        self._types = {item.pk: item for item in CompletionType.objects.all()}

    def choose(self, wanted: UUID | str | None, *, field: str = "completion_type") -> CompletionFacts:
        """The type of that id or default name; none given means `completed`.

        Raises NotFound for an unknown one, InvalidInput (`switched_off`) for one that is not on offer.
        """
        name = wanted or "completed"
        if isinstance(name, str) and name in DEFAULT_NAMES:
            found = next((item for item in self._types.values() if item.is_default and item.status == name), None)
        else:
            found = self._types.get(parse_id(name))  # type: ignore[arg-type]
        if found is None:
            raise NotFound(field=field, what="completion type")
        if not found.is_enabled:
            raise InvalidInput(field=field, problem="switched_off", label=found.label)
        return as_facts(found)


def as_facts(row: CompletionType) -> CompletionFacts:
    return CompletionFacts(
        row.pk,
        row.status,  # type: ignore[arg-type]
        row.label,
        row.modifier,  # type: ignore[arg-type]
        row.client_modifier,
        row.practitioner_modifier,
    )
