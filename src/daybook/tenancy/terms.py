"""The domain's words, and the business's own words for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A term as people read it, lower case."""

    singular: str
    plural: str


DEFAULT_TERMS: dict[str, Word] = {
    "client": Word("client", "clients"),
    "practitioner": Word("practitioner", "practitioners"),
    "agent": Word("agent", "agents"),
    "staff": Word("staff member", "staff"),
    "administrator": Word("administrator", "administrators"),
    "session": Word("session", "sessions"),
    "class": Word("class", "classes"),
    "service": Word("service", "services"),
    "location": Word("location", "locations"),
    "invoice": Word("invoice", "invoices"),
    "payment": Word("payment", "payments"),
    "package": Word("package", "packages"),
    "pass": Word("pass", "passes"),
    "membership": Word("membership", "memberships"),
    "wage": Word("wage", "wages"),
}


def words(own: Mapping[str, Word]) -> dict[str, Word]:
    """All terms with the business's own in place of ours."""
    return DEFAULT_TERMS | {term: word for term, word in own.items() if term in DEFAULT_TERMS}


_IN_BRACES = re.compile(r"\{(\w+)\}")
_PLURALS = {word.plural: term for term, word in DEFAULT_TERMS.items()}


def worded(text: str, own: Mapping[str, Word]) -> str:
    """A text with the business's words in place of ours in braces: `{client}`, `{clients}`, `{Clients}`."""
    return _IN_BRACES.sub(lambda found: _said(found[1], own), text)


def _said(name: str, own: Mapping[str, Word]) -> str:
    plain = name.lower()
    term = _PLURALS.get(plain)
    said = own[term].plural if term else own[plain].singular
    return said[:1].upper() + said[1:] if name[0].isupper() else said
