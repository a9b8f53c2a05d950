"""Why a figure is what it is: codes and facts, stored beside the figure. Sentences are made by `ui`."""

from dataclasses import dataclass
from typing import Any

REASON_CODES: dict[str, str] = {
    "cost_override": "amount: the cost that the team set by hand",
    "wage_override": "amount: the wage that the team set by hand",
    "custom_rate": "amount, since: the client's own rate for the service, and its first day",
    "service_cost": "amount: the service's client cost",
    "wage_rate": "amount, since: the practitioner's own wage for the service, and its first day",
    "service_wage": "amount: the service's wage",
    "hourly": "minutes: the amount is per hour and the session was this long",
    "fixed": "the amount is for the session, whatever its length",
    "exact": "amount: minutes times rate, unrounded, as a decimal text",
    "rounded": "before, after: rounded half up to the currency's smallest unit",
    "percentage": "percent, label: the completion type takes this share",
    "fixed_amount": "amount, label: the completion type takes this amount instead",
    "not_charged": "label: this completion charges and pays nothing",
    "tax": "percent, amount: tax on top",
    "payments": "amount: all payments less refunds",
    "costs": "amount: everything charged",
    "balance": "amount: payments less costs",
    "scheduled": "amount: cost of open sessions on the calendar",
    "available_credit": "amount: balance less scheduled",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of an explanation: a code of REASON_CODES and its facts (texts and whole numbers only)."""

    code: str
    facts: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, **self.facts}


def reasons_as_json(reasons: "tuple[Reason, ...] | list[Reason]") -> list[dict[str, Any]]:
    """The stored form of an explanation: a list of flat objects, in order."""
    return [reason.as_json() for reason in reasons]


def reasons_from_json(stored: list[dict[str, Any]] | None) -> tuple[Reason, ...]:
    """The explanation back from its stored form; none stored is an empty one."""
    return tuple(
        Reason(item["code"], {key: value for key, value in item.items() if key != "code"}) for item in stored or []
    )
