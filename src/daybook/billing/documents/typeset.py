"""From plain data to PDF. One compiler stays warm in each process, with the project's own fonts."""

import json
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst
from django.conf import settings

FOLDER = Path(__file__).parent
Document = Literal["invoice", "receipt", "statement"]

_lock = Lock()


@lru_cache(maxsize=4)
def _compiler(document: Document) -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(settings.ROOT / "build" / "fonts")]
    )
    return typst.Compiler(str(FOLDER / f"{document}.typ"), root=str(FOLDER), font_paths=fonts, ignore_system_fonts=True)


def typeset(document: Document, content: dict[str, Any]) -> bytes:
    """The PDF of a document: tagged, so that screen readers can follow it."""
    with _lock:  # a compiler serves one thread at a time
        made = _compiler(document).compile(format="pdf", sys_inputs={"data": json.dumps(content)})
    assert isinstance(made, bytes)
    return made
