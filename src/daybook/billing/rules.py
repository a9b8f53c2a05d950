"""What a line comes to, what state an invoice shows, and how an amount is spread over invoices. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from daybook.catalog.rules import tax_on
from daybook.core.errors import FieldProblem, InvalidInput
from daybook.core.money import MAX_MINOR, round_half_up
from daybook.core.texts import text_problem

ShownState = Literal["draft", "sent", "partly_paid", "paid", "overdue", "void"]
SHOWN_STATES: tuple[ShownState, ...] = ("draft", "sent", "partly_paid", "paid", "overdue", "void")

PAYMENT_DAYS = 14
MOST_LINES = 500
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
NOTE_LENGTH = 2000
DESCRIPTION_LENGTH = 300
_MAX_QUANTITY = Decimal(999_999)


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line before it is written. Amounts are minor units, net and tax apart; `tax_rate` is percent."""

    description: str
    quantity: Decimal
    unit_minor: int
    tax_rate: Decimal
    amount_minor: int
    tax_minor: int
    participant_id: UUID | None = None

    @property
    def total_minor(self) -> int:
        return self.amount_minor + self.tax_minor


@dataclass(frozen=True, slots=True)
class FreeLine:
    """A line as somebody asks for it. With `session_id` it bills the client's place in that session, at its cost."""

    description: str = ""
    quantity: Decimal = Decimal(1)
    unit_minor: int = 0
    tax_rate: Decimal = Decimal(0)
    session_id: UUID | None = None


def free_line(line: FreeLine) -> NewLine:
    """Quantity × unit, rounded half up to a minor unit, and the tax on that, rounded the same way."""
    amount = round_half_up(line.quantity * line.unit_minor)
    return NewLine(
        line.description.strip(), line.quantity, line.unit_minor, line.tax_rate, amount, tax_on(amount, line.tax_rate)
    )


def net_of(total_minor: int, tax_rate: Decimal) -> int:
    """The net amount whose tax on top makes `total_minor`; the nearest one below where rounding leaves none."""
    net = round_half_up(Decimal(total_minor) * 100 / (100 + tax_rate))
    while net + tax_on(net, tax_rate) > total_minor:
        net -= 1
    while net + 1 + tax_on(net + 1, tax_rate) <= total_minor:
        net += 1
    return net


def shown_state(*, state: str, total_minor: int, paid_minor: int, due_on: date, today: date) -> ShownState:
    """What people read: what is stored, and what follows from the figures and the business's date."""
    if state in ("draft", "void"):
        return state  # type: ignore[return-value]
    if paid_minor >= total_minor:
        return "paid"
    if due_on < today:
        return "overdue"
    return "partly_paid" if paid_minor else "sent"


def spread(amount_minor: int, dues: Sequence[tuple[UUID, int]]) -> list[tuple[UUID, int]]:
    """(invoice, part) for as many of `dues` (in their order) as the amount reaches; what is over stays as credit."""
    parts = []
    for invoice_id, due in dues:
        part = min(amount_minor, due)
        if part > 0:
            parts.append((invoice_id, part))
            amount_minor -= part
    return parts


def check_lines(lines: Sequence[FreeLine]) -> None:
    """Raise InvalidInput for lines that cannot be billed; fields are named `lines.0.quantity`."""
    problems: list[FieldProblem] = []
    if not lines:
        problems.append(FieldProblem("lines", "required"))
    if len(lines) > MOST_LINES:
        problems.append(FieldProblem("lines", "too_many", {"most": MOST_LINES}))
    for index, line in enumerate(lines[:MOST_LINES]):
        problems += [FieldProblem(f"lines.{index}.{name}", code, facts) for name, code, facts in _line_problems(line)]
    if problems:
        raise InvalidInput(problems)


def _line_problems(line: FreeLine) -> list[tuple[str, str, dict[str, object]]]:
    found: list[tuple[str, str, dict[str, object]]] = []
    if problem := text_problem(line.description, longest=DESCRIPTION_LENGTH, required=line.session_id is None):
        found.append(("description", problem[0], dict(problem[1])))
    if not line.quantity.is_finite() or not 0 < line.quantity <= _MAX_QUANTITY:
        found.append(("quantity", "number_out_of_range", {"least": "0.001", "most": str(_MAX_QUANTITY)}))
    elif line.quantity != round(line.quantity, 3):
        found.append(("quantity", "too_many_digits", {}))
    elif abs(line.quantity * line.unit_minor) > MAX_MINOR:
        found.append(("unit_amount", "too_large", {}))
    if not line.tax_rate.is_finite() or not 0 <= line.tax_rate <= 100:
        found.append(("tax_rate", "number_out_of_range", {"least": "0", "most": "100"}))
    elif line.tax_rate != round(line.tax_rate, 3):
        found.append(("tax_rate", "too_many_digits", {}))
    return found


def check_document(*, note: str, issued_on: date, due_on: date) -> None:
    """Raise InvalidInput where the dates run backwards or leave the calendar, or the note cannot be kept."""
    problems: list[FieldProblem] = []
    if problem := text_problem(note, longest=NOTE_LENGTH):
        problems.append(FieldProblem("note", *problem))
    for name, day in (("issued_on", issued_on), ("due_on", due_on)):
        if not FIRST_DAY <= day <= LAST_DAY:
            problems.append(FieldProblem(name, "not_a_date"))
    if due_on < issued_on:
        problems.append(FieldProblem("due_on", "due_before_issue", {"issued_on": issued_on.isoformat()}))
    if problems:
        raise InvalidInput(problems)


def check_period(date_from: date, date_to: date) -> None:
    """Raise InvalidInput for a period that runs backwards, leaves the calendar, or is longer than two years."""
    if not (FIRST_DAY <= date_from <= LAST_DAY and FIRST_DAY <= date_to <= LAST_DAY):
        raise InvalidInput(field="from", problem="not_a_date")
    if date_to < date_from:
        raise InvalidInput(field="to", problem="end_before_start")
    if (date_to - date_from).days > 2 * 366:
        raise InvalidInput(field="to", problem="period_too_long", days=2 * 366)
