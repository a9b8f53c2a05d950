"""What the pages of the help show: the list with its search, and one article; for the team and for the portal alike."""

from __future__ import annotations

from typing import Any

from daybook.core.errors import NotFound
from daybook.ui.context import is_fragment
from daybook.ui.help import reading
from daybook.ui.help.reading import Reader

MOST_ASKED = 100


def index_context(request: Any, reader: Reader) -> dict[str, Any]:
    """What is found, where something is searched; else the articles of the page that the reader comes from, and all."""
    query = request.GET.get("q", "")[:MOST_ASKED].strip()
    return _frame(request, reader) | {
        "query": query,
        "found": reading.find(reader, query) if query else [],
        "here": [] if query else reading.here(reader, request.headers.get("Referer", "")),
        "shelves": [] if query else reading.shelves(reader),
    }


def article_context(request: Any, reader: Reader, slug: str) -> dict[str, Any]:
    """Raises NotFound also for an article that is meant for others."""
    frame = _frame(request, reader)
    shown = reading.show(reader, slug, in_panel=frame["in_panel"])
    if shown is None:
        raise NotFound(what="article")
    return frame | {"article": shown}


def _frame(request: Any, reader: Reader) -> dict[str, Any]:
    # A panel beside the page stays a panel; the search of the help's own page says that it is that.
    return {"index_url": reading.index_url(reader), "in_panel": is_fragment(request) and "page" not in request.GET}
