"""What a text may be before it is kept: one place for length, for characters that a database refuses, and for search."""

import re
import unicodedata

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


def text_problem(text: object, *, longest: int, required: bool = False) -> tuple[str, dict[str, int]] | None:
    """The code and facts of what is wrong with `text`, or None: `invalid`, `characters`, `required`, `too_long`."""
    if not isinstance(text, str):
        return "invalid", {}
    if _UNSTORABLE.search(text):
        return "characters", {}
    if required and not text.strip():
        return "required", {}
    if len(text) > longest:
        return "too_long", {"most": longest}
    return None


def normalise(text: str) -> str:
    """The form in which texts are compared when searching: case folded, accents off, one space between words."""
    # Folded again: taking a sign such as ℠ apart brings capitals forth.
    folded = unicodedata.normalize("NFKD", text.casefold()).casefold()
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return _SPACES.sub(" ", _UNSTORABLE.sub(" ", bare)).strip()


def digits_of(text: str) -> str:
    """The digits of a phone number, nothing else."""
    return "".join(character for character in text if character.isdecimal())
