"""What the layouts share when they turn a row's values into items."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from daybook.imports.rules.cells import CellProblem
from daybook.imports.rules.items import PersonRef
from daybook.imports.rules.names import split_address, split_name

_TOTALS = frozenset(
    [
        "total",
        "totals",
        "sum",
        "grand",
        "total",
        "subtotal",
        "sub-total",
        "summe",
        "gesamt",
        "somme",
        "suma",
        "importe",
        "total",
        "total",
        "général",
        "totale",
    ]
) | {
    "grand total",
    "sub total",
    "total général",
    "suma total",
}


def fold_label(text: str) -> str:
    return " ".join(text.casefold().rstrip(":").split())


def drop_totals(texts: Sequence[str], values: Mapping[str, Any]) -> str | None:
    """Rows of totals: the word in the first filled cell, and at most half of the row filled."""
    filled = [text for text in texts if text]
    if not filled:
        return "group"
    first = fold_label(filled[0])
    if first in _TOTALS and len(filled) * 2 <= max(len(texts), 2) + 1:
        return "subtotal" if first.startswith("sub") else "total"
    return None


def ref(text: str, role: str, *, make: bool = False) -> PersonRef:
    """A person named in one cell: by name, e-mail, or both (`Jane Doe <jane@example.org>`)."""
    name, email = split_address(text)
    first, last = split_name(name) if name else ("", "")
    return PersonRef(role=role, text=text, first_name=first, last_name=last, email=email, make=make)


def end_of(values: Mapping[str, Any], *, start: str = "start", end: str = "end", minutes: str = "minutes") -> time:
    """The end by the wall clock: as written, or the start and a length in minutes. Raises CellProblem."""
    begins: time = values[start]
    if values.get(end) is not None:
        ends: time = values[end]
        if ends <= begins and ends != time(0):
            raise CellProblem(
                "ends_before_start", field=end, start=begins.isoformat("minutes"), end=ends.isoformat("minutes")
            )
        return ends
    length = values.get(minutes)
    if length is None:
        raise CellProblem("required", field=end)
    if not 1 <= length <= 1440:
        raise CellProblem("not_a_length", field=minutes, text=str(length))
    total = begins.hour * 60 + begins.minute + length
    return time(total // 60 % 24, total % 60)


def text(values: Mapping[str, Any], field: str) -> str:
    return values.get(field) or ""


def joined(*parts: str | None, by: str = ", ") -> str:
    """Those of the parts that say something, one after another."""
    return by.join(part.strip() for part in parts if part and part.strip())
