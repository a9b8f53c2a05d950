"""Money in whole minor units. Everything that rounds or splits an amount is here."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from babel.numbers import get_currency_precision

# The largest amount that a form or a program may name: far above any real one, far below what a bigint holds.
MAX_MINOR = 10**12


@lru_cache(maxsize=64)
def currency_digits(currency: str) -> int:
    """Digits after the point: 2 for EUR, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def round_half_up(value: Decimal | Fraction) -> int:
    """The whole number nearest to `value`; halves go away from zero (46.5 → 47, −46.5 → −47)."""
    if isinstance(value, Fraction):
        doubled = abs(value) * 2
        whole = int((doubled + 1) // 2)
        return whole if value >= 0 else -whole
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of one currency, in its minor unit (cents). Refuses to mix currencies."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other.minor

    def __str__(self) -> str:
        return minor_to_text(self.minor, self.currency)


def minor_to_text(minor: int, currency: str) -> str:
    """The API's form: a decimal text with the currency's digits (`"100.00"`, JPY `"100"`)."""
    digits = currency_digits(currency)
    if digits == 0:
        return str(minor)
    sign = "-" if minor < 0 else ""
    whole, part = divmod(abs(minor), 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}"


def text_to_minor(text: str | Decimal | int, currency: str) -> int:
    """Minor units of a decimal text. Raises ValueError: not an amount, too many digits, or too large."""
    try:
        value = Decimal(str(text).strip())
    except InvalidOperation as error:
        raise ValueError("not an amount") from error
    if not value.is_finite():
        raise ValueError("not an amount")
    if abs(value) > MAX_MINOR:
        raise ValueError("too large")
    scaled = value * 10 ** currency_digits(currency)
    if scaled != scaled.to_integral_value():
        raise ValueError("too many digits")
    minor = int(scaled)
    if abs(minor) > MAX_MINOR:
        raise ValueError("too large")
    return minor


def per_hour(rate_minor: int, minutes: int) -> Fraction:
    """rate × minutes / 60, exact: the caller rounds once, by round_half_up."""
    return Fraction(rate_minor * minutes, 60)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` by `weights` into whole parts that add up to it exactly (largest remainders first, then order).

    Weights are not negative and not all zero. `allocate(100, [1, 1, 1])` is `[34, 33, 33]`.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be positive")
    sign = -1 if total < 0 else 1
    size = abs(total)
    parts = [size * weight // whole for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda index: (-(size * weights[index] % whole), index))
    for index in remainders[: size - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]
