"""From plain data to PDF. One compiler stays warm in each process, with the project's own fonts."""

import json
import re
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst
from django.conf import settings

FOLDER = Path(__file__).parent
Document = Literal["invoice", "receipt", "statement"]

# Pictures in a name (emoji) have no place in a document, and would be empty boxes there.
_PICTURE = r"(?:[\U0001f000-\U0001faff\U000e0020-\U000e007f]|[\u2600-\u27bf]\ufe0f)"
_PICTURES = re.compile(rf" ?{_PICTURE}(?:[\ufe0f\u200d]*{_PICTURE})*[\ufe0f\u200d]*")
# What the project's fonts and those that typst brings along can write: Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari,
# signs. Anything else is set with what fonts the machine has.
_OWN = re.compile(r"[\u0000-\u05ff\u0600-\u06ff\u0900-\u097f\u1e00-\u1fff\u2000-\u2bff\ufb00-\ufdff\ufe70-\ufeff]*")

_lock = Lock()


@lru_cache(maxsize=8)
def _compiler(document: Document, with_system_fonts: bool) -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=with_system_fonts,
        include_embedded_fonts=True,
        font_paths=[str(settings.ROOT / "build" / "fonts")],
    )
    return typst.Compiler(
        str(FOLDER / f"{document}.typ"),
        root=str(FOLDER),
        font_paths=fonts,
        ignore_system_fonts=not with_system_fonts,
    )


def typeset(document: Document, content: dict[str, Any]) -> bytes:
    """The PDF of a document: tagged, so that screen readers can follow it."""
    text = json.dumps(writable(content), ensure_ascii=False)
    with _lock:  # a compiler serves one thread at a time
        compiler = _compiler(document, not _OWN.fullmatch(text))
        made = compiler.compile(format="pdf", sys_inputs={"data": text})
    assert isinstance(made, bytes)
    return made


def writable(value: Any) -> Any:
    """The same content without pictures in its texts, save where a text is nothing else."""
    if isinstance(value, str):
        return _PICTURES.sub("", value).strip() or value if _PICTURES.search(value) else value
    if isinstance(value, dict):
        return {key: writable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [writable(each) for each in value]
    return value
