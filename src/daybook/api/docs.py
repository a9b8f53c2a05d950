"""The document for programs (`openapi.json`) and the pages for people (`docs`): both open to all, both made once."""

from functools import lru_cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from daybook.api.v1 import api

PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; frame-ancestors 'none'"


def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(api.document(), content_type="application/json")


def page(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(_page())
    response["Content-Security-Policy"] = PAGE_POLICY
    return response


OPEN = (openapi, page)


@lru_cache(maxsize=1)
def _page() -> str:
    document = orjson.loads(api.document())
    return render_to_string("api/docs.html", {"document": document, "groups": _groups(document)})


def _groups(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations by tag, in the order of the document, with what a template cannot work out."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append({"method": method, "path": address, **operation})
    return [{"tag": tag, "operations": operations} for tag, operations in groups.items()]
