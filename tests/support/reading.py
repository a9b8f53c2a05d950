"""What a person reads in an answer: the words of a page, a JSON document, a file."""

from __future__ import annotations

import html
import io
import re

from django.http import HttpResponse
from pypdf import PdfReader

_UNSEEN = re.compile(r"<(script|style|svg)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SAID = re.compile(r'\b(?:aria-label|title|alt|placeholder|value|content)="([^"]*)"')


def text_of(answer: HttpResponse) -> str:
    """The words of an answer, those of attributes that are read out or shown among them."""
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("application/pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    text = answer.content.decode(errors="replace")
    if not kind.startswith("text/html"):
        return text
    seen = _UNSEEN.sub(" ", text)
    return html.unescape(" ".join([_TAG.sub(" ", seen), *_SAID.findall(seen)]))
