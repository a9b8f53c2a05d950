"""What a completion type and a closure may be."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from daybook.core.errors import FieldProblem, InvalidInput
from daybook.core.texts import text_problem

STATUSES = ("canceled", "missed", "completed")
MODIFIERS = ("percentage", "fixed")
MOST_MODIFIER = 1_000_000
LABEL_LENGTH = 15
_FIELDS = frozenset(
    {"status", "label", "description", "modifier", "client_modifier", "practitioner_modifier", "is_enabled"}
)


def check_completion_type(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields, labels trimmed. Modifiers are whole numbers from zero. Raises InvalidInput with every problem."""
    values = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    problems = [FieldProblem(name, "unknown_field") for name in values.keys() - _FIELDS]
    for name, value in values.items():
        found = _completion_problem(name, value)
        if found:
            problems.append(FieldProblem(name, *found))
    if problems:
        raise InvalidInput(problems)
    return values


def _completion_problem(name: str, value: Any) -> tuple[str, dict[str, Any]] | None:
    if name == "label":
        return text_problem(value, longest=LABEL_LENGTH, required=True)
    if name == "description":
        return text_problem(value, longest=300)
    if name == "status" and value not in STATUSES:
        return "unknown_choice", {"choices": ", ".join(STATUSES)}
    if name == "modifier" and value not in MODIFIERS:
        return "unknown_choice", {"choices": ", ".join(MODIFIERS)}
    if name.endswith("_modifier") and (type(value) is not int or not 0 <= value <= MOST_MODIFIER):
        return "not_whole", {"least": 0, "most": MOST_MODIFIER}
    return None


def check_closure(name: str, starts_on: date, ends_on: date) -> None:
    """Raise InvalidInput unless it has a name and does not end before it begins."""
    problems = []
    if found := text_problem(name, longest=120, required=True):
        problems.append(FieldProblem("name", *found))
    for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if type(day) is not date:
            problems.append(FieldProblem(field, "not_a_date"))
        elif not 2000 <= day.year < 2100:
            problems.append(FieldProblem(field, "out_of_range", {"first": "2000", "last": "2100"}))
    if not problems and ends_on < starts_on:
        problems.append(FieldProblem("ends_on", "end_before_start"))
    if problems:
        raise InvalidInput(problems)
