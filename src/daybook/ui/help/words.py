"""The business's words inside help texts: `{client}`, `{clients}`, `{Clients}`, `{a client}`, `{An agent}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from daybook.ui.terms import capital, word

Terms = Mapping[str, Any] | None

# Every term that a business may call otherwise.
TERMS = (
    "client", "practitioner", "agent", "staff", "administrator", "session", "class", "service", "location", "invoice",
    "payment", "package", "pass", "membership", "wage",
)  # fmt: skip
# The plural comes last: "staff" is both.
FORMS = {name: (name, "singular") for name in TERMS} | {word(None, name, "plural"): (name, "plural") for name in TERMS}
_MARKER = re.compile(r"(?<!\{)\{(?:(an?|An?) )?(\w+)\}(?!\})")
_VOWEL = re.compile(r"[aeiouäöüáéíóúàèâêôæø](?!ni\w|u\w)", re.IGNORECASE)


def worded(text: str, terms: Terms, say: Callable[[str], str] = str) -> str:
    """A text with the words of the business; `say` is what becomes of each (escaping it, say).

    Raises KeyError for a marker that is no word.
    """
    return _MARKER.sub(lambda found: say(_said(found[1], found[2], terms)), text)


def _said(article: str | None, marker: str, terms: Terms) -> str:
    said = word(terms, *FORMS[marker.lower()])
    if article:
        return f"{article[0]}{'n' if _VOWEL.match(said) else ''} {said}"
    return capital(said) if marker[0].isupper() else said
