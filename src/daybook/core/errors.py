"""The one family of expected refusals. A refusal carries a code and plain data; `ui` owns its sentence."""

from dataclasses import dataclass
from dataclasses import field as with_default
from typing import Any, ClassVar


class DomainError(Exception):
    """Base of every refusal that a caller can meet.

    `code` is stable and part of the API; `status` is its HTTP status; `field` names the input at fault, if one is;
    `data` holds plain values for the sentence (ids, names, amounts as text, ISO times).
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, *, field: str | None = None, **data: Any) -> None:
        super().__init__(self.code, data)
        self.field = field
        self.data = data


class InvalidInput(DomainError):
    """One or more fields hold values that cannot be taken; `data["errors"]` lists (field, code, data)."""

    code = "invalid"
    status = 422

    def __init__(
        self,
        errors: "list[FieldProblem] | None" = None,
        *,
        field: str | None = None,
        problem: str = "invalid",
        **data: Any,
    ) -> None:
        self.errors = errors or [FieldProblem(field or "", problem, data)]
        super().__init__(field=self.errors[0].field, **data)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field at fault: its name, a code that `ui` has a sentence for, and that sentence's facts."""

    field: str
    code: str
    data: dict[str, Any] = with_default(default_factory=dict)


class NotFound(DomainError):
    """Nothing by that id is there, or it belongs to another business, or the actor may not know of it."""

    code = "not_found"
    status = 404


class NotPermitted(DomainError):
    """The actor lacks a permission; `data["permission"]` names it."""

    code = "not_permitted"
    status = 403


class AlreadyUsed(DomainError):
    """The same once-key came again with another request."""

    code = "idempotency_conflict"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a rule only warns of: the verb went through. Same codes and sentences as refusals."""

    code: str
    data: dict[str, Any] = with_default(default_factory=dict)
