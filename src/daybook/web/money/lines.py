"""The lines of an invoice as a page posts them: columns of inputs, one row a line."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from daybook.billing.rules import FreeLine, NewLine, free_line
from daybook.core.errors import FieldProblem
from daybook.core.ids import parse_id
from daybook.core.money import text_to_minor
from daybook.ui import format
from daybook.ui.sentences import field_sentence
from daybook.ui.sentences.amounts import amount_problem

FIELDS = ("description", "quantity", "unit_amount", "tax_rate")
EMPTY_ROWS = 3


@dataclass(slots=True)
class TypedLine:
    """A line as it was typed, what it comes to if it can be read, and what is wrong with it."""

    values: dict[str, str]
    session: UUID | None = None
    line: FreeLine | None = None
    errors: dict[str, str] | None = None

    @property
    def result(self) -> NewLine | None:
        return free_line(self.line) if self.line and not self.errors and not self.session else None


def typed_lines(request: HttpRequest) -> list[TypedLine]:
    """The posted rows that hold anything, read by the business's locale."""
    columns = [request.POST.getlist(name) for name in FIELDS]
    sessions = request.POST.getlist("line_session")
    rows = []
    for index, cells in enumerate(zip(*columns, strict=False)):
        session = parse_id(sessions[index]) if index < len(sessions) else None
        values = dict(zip(FIELDS, (cell.replace("\x00", "").strip()[:400] for cell in cells), strict=True))
        if session or values["description"] or values["unit_amount"]:
            rows.append(_read(request.business, values, session))
    return rows[:500]


def _read(business: Any, values: dict[str, str], session: UUID | None) -> TypedLine:
    errors: dict[str, str] = {}

    def number(name: str, otherwise: str) -> Decimal:
        try:
            found = Decimal(values[name].replace(",", ".") or otherwise)
            if not found.is_finite() or abs(found) > 10**9:
                raise InvalidOperation
            return found
        except InvalidOperation:
            errors[name] = field_sentence(FieldProblem(name, "not_a_number"))
            return Decimal(otherwise)

    unit = 0
    try:
        typed = format.parse_money(values["unit_amount"], business.currency, business.locale)
        unit = text_to_minor(typed or "0", business.currency)
    except ValueError as error:
        errors["unit_amount"] = amount_problem(error, business.currency, business.locale)
    line = FreeLine(values["description"], number("quantity", "1"), unit, number("tax_rate", "0"), session)
    return TypedLine(values, session, line, errors)


def put_problems(rows: list[TypedLine], problems: list[FieldProblem]) -> list[FieldProblem]:
    """Put refusals (`lines.0.quantity`) beside their cells; answers those that belong to no cell."""
    rest = []
    for problem in problems:
        part = problem.field.split(".")
        if len(part) == 3 and part[1].isdecimal() and int(part[1]) < len(rows):
            row = rows[int(part[1])]
            row.errors = {**(row.errors or {}), part[2]: field_sentence(problem)}
        else:
            rest.append(problem)
    return rest


def blank_lines(count: int = EMPTY_ROWS) -> list[TypedLine]:
    return [TypedLine({"description": "", "quantity": "1", "unit_amount": "", "tax_rate": ""}) for _ in range(count)]
