"""People's names as files write them."""

import re
import unicodedata
from functools import lru_cache

_ADDRESSED = re.compile(r"(.*?)\s*<([^<>@\s]+@[^<>@\s]+)>\Z")
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "de",
        "der",
        "den",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "el",
        "bin",
        "ibn",
        "al",
        "mc",
        "mac",
        "st",
    ]
)


# The same few people stand in many rows.
@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """A name as it is compared: small letters, no accents, no marks, one space between words."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    return " ".join(
        "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter)).split()
    )


def split_name(text: str) -> tuple[str, str]:
    """(first, last) of `Jane Doe`, `Doe, Jane`, `Jane van der Berg`; a single word is a first name."""
    plain = " ".join(text.split())
    if "," in plain:
        last, _, first = plain.partition(",")
        return (first.strip(), last.strip()) if first.strip() else (last.strip(), "")
    words = plain.split(" ")
    if len(words) == 1:
        return plain, ""
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def split_address(text: str) -> tuple[str, str]:
    """(name, e-mail) of `Jane Doe <jane@example.org>`, of a bare e-mail, or of a bare name."""
    if found := _ADDRESSED.match(text.strip()):
        return found[1].strip(' "'), found[2]
    plain = text.strip()
    return ("", plain) if "@" in plain and " " not in plain else (plain, "")


def phone_digits(phone: str) -> str:
    """The last nine digits: enough to tell people apart, the same with and without a country's code."""
    digits = "".join(letter for letter in phone if letter.isdigit())
    return digits[-9:] if len(digits) >= 6 else ""
