"""What a payment or a refund must be. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daybook.core.errors import FieldProblem
from daybook.core.money import MAX_MINOR
from daybook.core.texts import text_problem

METHODS = ("cash", "check", "card", "bank", "paypal", "other")
LONGEST = {"reference": 120, "note": 500}
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class NewPayment:
    """A payment as somebody asks for it; `amount_minor` in minor units, `received_on` a date of the business."""

    client_id: UUID
    amount_minor: int
    method: str
    received_on: date
    reference: str = ""
    note: str = ""
    invoice_id: UUID | None = None


def payment_problems(payment: NewPayment, *, prefix: str = "") -> list[FieldProblem]:
    """Everything wrong with a payment, beside its field; `prefix` names its row among many (`3.`)."""
    found = amount_problems(payment.amount_minor)
    if payment.method not in METHODS:
        found.append(FieldProblem("method", "unknown_choice", {"choices": ", ".join(METHODS)}))
    if not FIRST_DAY <= payment.received_on <= LAST_DAY:
        found.append(FieldProblem("received_on", "not_a_date"))
    found += text_problems(reference=payment.reference, note=payment.note)
    return [FieldProblem(prefix + each.field, each.code, each.data) for each in found]


def text_problems(**texts: str) -> list[FieldProblem]:
    """What is wrong with a payment's `reference` and `note`."""
    judged = {name: text_problem(text, longest=LONGEST[name]) for name, text in texts.items()}
    return [FieldProblem(name, *problem) for name, problem in judged.items() if problem]


def amount_problems(amount_minor: int) -> list[FieldProblem]:
    """An amount that moves must be above zero, and one that a person could mean."""
    if amount_minor <= 0:
        return [FieldProblem("amount", "not_positive")]
    return [FieldProblem("amount", "too_large")] if amount_minor > MAX_MINOR else []
