"""What all documents show: the business, the reader, and its words, as plain texts."""

import re
from typing import Any

from daybook.core import format
from daybook.people.models import User
from daybook.tenancy.models import Business
from daybook.tenancy.queries import business_words, logo

ACCENT = "#0d5a61"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# A larger picture is left out: it would cost more time than the rest of the page.
_LARGEST_LOGO = 200_000


def letterhead(business: Business) -> dict[str, Any]:
    """The business's name, colour and picture, and the language of the document."""
    picture = logo()
    image = bytes(picture.image) if picture else b""
    return {
        "business": business.name,
        "accent": business.accent if _COLOUR.fullmatch(business.accent) else ACCENT,
        "logo": list(image) if 0 < len(image) <= _LARGEST_LOGO else None,
        "lang": format.locale_name(business.locale)[:2],
    }


def person(user: User) -> dict[str, Any]:
    """Name and address, line by line."""
    return {"name": user.name, "lines": [line.strip() for line in user.address.splitlines() if line.strip()][:6]}


def term(name: str) -> str:
    """The business's word with a capital."""
    text = business_words()[name].singular
    return text[:1].upper() + text[1:]
