"""From bytes to text: byte-order marks, UTF-16, UTF-8, and what Windows writes."""

import codecs
import unicodedata

from daybook.imports.errors import FileUnreadable

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(content: bytes) -> str:
    """The text of the bytes. Raises FileUnreadable for what is no text, or text cut in the middle of a letter."""
    encoding = _encoding(content)
    if encoding in ("utf-16", "utf-16-le", "utf-16-be") and len(content) % 2:
        raise FileUnreadable("cut_off", row=0)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding.startswith("utf-8") and error.reason == "unexpected end of data":
            raise FileUnreadable("cut_off", row=0) from error
        raise FileUnreadable("encoding") from error
    if _control_share(text) > 0.002:
        raise FileUnreadable("binary", kind="file of another program")
    return text


def _encoding(content: bytes) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    sample = content[:4000]
    if sample.count(0) > len(sample) // 5:
        return "utf-16-le" if sample[1:2] == b"\x00" else "utf-16-be"
    if b"\x00" in sample:
        raise FileUnreadable("binary", kind="file of another program")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter cut at the very end is a cut file; a stray byte inside is another encoding.
        return (
            "utf-8"
            if error.reason == "unexpected end of data"
            and error.start >= len(content) - 3
            and error.start > 0
            and _is_utf8(content[: error.start])
            else "cp1252"
        )
    return "utf-8"


def _is_utf8(content: bytes) -> bool:
    """Whether there is any letter of several bytes, all of them right: plain ASCII tells nothing."""
    return not content.isascii()


def _control_share(text: str) -> float:
    sample = text[:20_000]
    strange = sum(1 for letter in sample if unicodedata.category(letter) == "Cc" and letter not in "\t\r\n\x0c\x0b\x00")
    return strange / max(len(sample), 1)
