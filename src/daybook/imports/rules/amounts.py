"""Amounts of money as people's programs write them."""

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from babel.numbers import get_currency_symbol

from daybook.core.money import MAX_MINOR, currency_digits

Mark = Literal[".", ","]
_NUMBER = re.compile(r"[.,]?[0-9][0-9 .,'’]*")
_SIGNS = frozenset("$€£¥₹₽₺₪₩₴₫฿zł")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_DASHES = str.maketrans({"−": "-", "–": "-", "\u202f": " ", "\xa0": " "})


class NotAnAmount(ValueError):
    """The text is no amount of the currency; `args[0]` says why: not_an_amount, too_many_digits, other_currency, too_large."""


def decide_mark(texts: Iterable[str]) -> Mark | None:
    """The decimal mark of a column, from those of its amounts that show it; None where none does or they disagree."""
    seen: Counter[str] = Counter()
    for text in texts:
        found = _NUMBER.search(text)
        digits = found[0].strip() if found else ""
        if "." in digits and "," in digits:
            seen["." if digits.rfind(".") > digits.rfind(",") else ","] += 1
        elif (match := re.search(r"([.,])(\d+)$", digits)) and len(match[2]) != 3:
            seen[match[1]] += 1
    if len(seen) != 1:
        return None
    return "." if "." in seen else ","


def read_amount(text: str, currency: str, mark: Mark | None = None) -> int:
    """Minor units of `1,234.50`, `1.234,50 €`, `(12.00)`, `12.00-` or `CHF 1'200.-`. Raises NotAnAmount.

    `mark` is the column's decimal mark. Without it, one mark with three digits behind it groups thousands.
    """
    plain = text.translate(_DASHES).strip()
    body = plain.strip("() ")
    found = _NUMBER.search(body)
    if found is None:
        raise NotAnAmount("not_an_amount")
    before, digits, after = body[: found.start()], found[0].strip(), body[found.end() :]
    _check_around(before, after, currency)
    negative = (
        plain.startswith("(")
        and plain.endswith(")")
        or "-" in before
        or after.strip(" .") == "-"
        and not digits.endswith((".", ","))
    )
    value = _to_decimal(digits, currency, mark)
    minor = value.scaleb(currency_digits(currency))
    if minor != minor.to_integral_value():
        raise NotAnAmount("too_many_digits")
    if minor > MAX_MINOR:
        raise NotAnAmount("too_large")
    return -int(minor) if negative else int(minor)


def read_number(value: float, currency: str) -> int:
    """Minor units of a spreadsheet's number: what a person sees in it, not the last bits. Raises NotAnAmount."""
    if not abs(value) < MAX_MINOR:
        raise NotAnAmount("too_large")
    minor = Decimal(repr(round(value, 8))).scaleb(currency_digits(currency))
    if minor != minor.to_integral_value():
        raise NotAnAmount("too_many_digits")
    return int(minor)


def _check_around(before: str, after: str, currency: str) -> None:
    """What stands beside the digits: a sign of this currency, its code, a minus. Anything else is no amount."""
    rest = f"{before} {after}"
    codes = set(_CODE.findall(rest))
    if codes - {currency}:
        raise NotAnAmount("other_currency")
    signs = {letter for letter in rest if letter in _SIGNS}
    if signs and not signs <= _signs_of(currency):
        raise NotAnAmount("other_currency")
    left = _CODE.sub("", rest)
    if left.strip(" +-." + "".join(_SIGNS)) not in ("", "Fr", "kr", "Kč", "US", "C", "A"):
        raise NotAnAmount("not_an_amount")


def _signs_of(currency: str) -> set[str]:
    return set(get_currency_symbol(currency, locale="en")) | (
        {"$"} if currency.endswith("D") or currency == "MXN" else set()
    )


def _to_decimal(digits: str, currency: str, mark: Mark | None) -> Decimal:
    digits = digits.rstrip(".,'’ ") if re.search(r"[.,]$", digits) else digits
    decimal_mark = _mark_of(digits, currency, mark)
    whole, _, part = digits.rpartition(decimal_mark) if decimal_mark else (digits, "", "")
    whole = whole or "0"
    groups = re.split(r"[ .,'’]", whole)
    if not part.isascii() or (part and not part.isdigit()) or not all(group.isdigit() for group in groups):
        raise NotAnAmount("not_an_amount")
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:])):
        raise NotAnAmount("not_an_amount")
    if sum(map(len, groups)) > 16:
        raise NotAnAmount("too_large")
    return Decimal(f"{''.join(groups)}.{part or 0}")


def _mark_of(digits: str, currency: str, mark: Mark | None) -> str:
    """The decimal mark inside one number, or nothing where every mark groups thousands."""
    marks = [letter for letter in digits if letter in ".,"]
    if not marks:
        return ""
    if len(set(marks)) == 2:
        return marks[-1] if marks.count(marks[-1]) == 1 else ""
    if len(marks) > 1:
        return ""
    tail = len(digits) - digits.rfind(marks[0]) - 1
    if tail != 3:
        return marks[0]
    if mark is not None:
        return marks[0] if mark == marks[0] else ""
    return marks[0] if currency_digits(currency) == 3 and marks[0] == "." else ""
