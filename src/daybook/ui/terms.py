"""The business's own words, wherever a page names a thing of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def word(terms: Mapping[str, Any] | None, term: str, form: str = "singular") -> str:
    """`client` → "student", as the business says it; `form` is `singular` or `plural`.

    `terms` maps each term to something with `singular` and `plural` (attributes or keys). Without them: our own word.
    """
    found = terms.get(term) if terms else None
    if found is None:
        plain = term.replace("_", " ")
        return plain if form == "singular" or term == "staff" else _plural(plain)
    value = found.get(form) if isinstance(found, Mapping) else getattr(found, form)
    return str(value)


def _plural(text: str) -> str:
    return text + ("es" if text.endswith(("s", "x", "ch", "sh")) else "s")


def capital(text: str) -> str:
    """The first letter raised, the rest as it is (`str.capitalize` would lower it)."""
    return text[:1].upper() + text[1:]
