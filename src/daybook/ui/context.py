"""What every template has: the document that fits the request, the theme, the business and who is asking."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

DOCUMENT = "ui/document.html"
FRAGMENT = "ui/fragment.html"


def is_fragment(request: Any) -> bool:
    """Whether the answer is swapped into a page: then the frame is left out."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def shell(request: Any) -> dict[str, Any]:
    """Context processor: `document`, `theme`, `rail_closed`, `language`, `business`, `actor`."""
    theme = request.COOKIES.get("daybook_theme", "")
    return {
        "document": FRAGMENT if is_fragment(request) else DOCUMENT,
        "theme": theme if theme in {"light", "dark"} else "",
        "rail_closed": request.COOKIES.get("daybook_rail") == "closed",
        "language": get_language() or "en",
        "business": getattr(request, "business", None),
        "actor": getattr(request, "actor", None),
    }
