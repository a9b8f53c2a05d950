"""Which price holds, and what it comes to. Source: requirements 3.3 and 4.6."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from daybook.core.money import minor_to_text, per_hour, round_half_up
from daybook.core.reasons import Reason


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A person's own rate for a service, from its first day on."""

    amount_minor: int
    starts_on: date


@dataclass(frozen=True, slots=True)
class Modifier:
    """What a completion type takes: a share in percent of the full amount, or a fixed amount in minor units."""

    kind: Literal["percentage", "fixed"]
    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in minor units, with the reasons that made it in their order."""

    minor: int
    reasons: tuple[Reason, ...]


FULL = Modifier("percentage", 100, "")
NOTHING = Modifier("percentage", 0, "")


def rate_on(day: date, rates: tuple[DatedRate, ...]) -> DatedRate | None:
    """The latest rate that has begun by `day`, or None. Rates may come in any order."""
    begun = [rate for rate in rates if rate.starts_on <= day]
    return max(begun, key=lambda rate: rate.starts_on, default=None)


def price(
    *,
    what: Literal["cost", "wage"],
    default_minor: int,
    is_hourly: bool,
    minutes: int,
    day: date,
    currency: str,
    own_rates: tuple[DatedRate, ...] = (),
    modifier: Modifier = FULL,
    override_minor: int | None = None,
) -> Price:
    """What one session costs one client, or earns its practitioner.

    In this order: the override as it is; the person's own rate on the session's local `day`; the service's default.
    Hourly amounts are rate × minutes / 60. A percentage is taken before the one rounding, half up to a minor unit;
    a fixed modifier replaces the amount.
    """

    def text(minor: int) -> str:
        return minor_to_text(minor, currency)

    if override_minor is not None:
        return Price(override_minor, (Reason(f"{what}_override", {"amount": text(override_minor)}),))
    if modifier.value == 0:
        return Price(0, (Reason("not_charged", {"label": modifier.label}),))
    if modifier.kind == "fixed":
        return Price(
            modifier.value, (Reason("fixed_amount", {"amount": text(modifier.value), "label": modifier.label}),)
        )
    own = rate_on(day, own_rates)
    rate = own.amount_minor if own else default_minor
    own_code = "custom_rate" if what == "cost" else "wage_rate"
    reasons = [
        Reason(own_code, {"amount": text(rate), "since": own.starts_on.isoformat()})
        if own
        else Reason(f"service_{what}", {"amount": text(rate)}),
        Reason("hourly", {"minutes": minutes}) if is_hourly else Reason("fixed", {}),
    ]
    exact = per_hour(rate, minutes) if is_hourly else Fraction(rate)
    if modifier.value != 100:
        exact = exact * modifier.value / 100
        reasons.append(Reason("percentage", {"percent": modifier.value, "label": modifier.label}))
    rounded = round_half_up(exact)
    if exact != rounded:
        reasons.append(Reason("rounded", {"before": _unrounded(exact, currency), "after": text(rounded)}))
    return Price(rounded, tuple(reasons))


def tax_on(minor: int, rate: Decimal) -> int:
    """Tax on top of a net amount, rounded half up per line."""
    return round_half_up(Decimal(minor) * rate / 100)


def _unrounded(exact: Fraction, currency: str) -> str:
    """The exact amount in major units as people read it, to two digits more than the currency has."""
    digits = len(minor_to_text(0, currency).partition(".")[2])
    shown = Decimal(exact.numerator) / Decimal(exact.denominator) / 10**digits
    return f"{shown:.{digits + 2}f}"
