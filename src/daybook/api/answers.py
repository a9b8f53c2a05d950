"""Answers other than a plain dictionary: another status, a file, nothing."""

from typing import Any

import orjson
from django.http import HttpResponse


def answer(body: Any, status: int = 200) -> HttpResponse:
    """A body as JSON; bytes and texts are taken as JSON already."""
    content = body if isinstance(body, bytes | str) else orjson.dumps(body)
    return HttpResponse(content, status=status, content_type="application/json")


def created(body: Any) -> HttpResponse:
    return answer(body, 201)


def no_content() -> HttpResponse:
    return HttpResponse(status=204)


def pdf(content: bytes, filename: str) -> HttpResponse:
    """A document to show or keep. `filename` is plain ASCII without quotes."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


# For `openapi_extra` of a route that answers a PDF.
PDF_DOCUMENT = {
    "responses": {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}
}
