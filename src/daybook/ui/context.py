"""What every template has: the document that fits the request, the theme, the business and who is asking."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

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


def script_words() -> dict[str, str]:
    """The sentences that scripts say."""
    return {
        "failed": _("This did not work. Try again in a moment."),
        "offline": _("There is no connection at the moment. Nothing was lost; try again."),
        "undo": _("Undo"),
        "close": _("Close"),
        "guard": _("Close without saving?"),
        "guard_text": _("What you typed here is not saved yet."),
        "guard_leave": _("Close without saving"),
        "guard_stay": _("Go on editing"),
        "remove": _("Remove"),
        "none": _("Nothing by that name."),
        "search": _("Search"),
        "passkey_stopped": _("That was stopped before it was done. Try again, or use another way."),
        "passkey_known": _("There is a passkey of yours on this device already."),
        "passkey_address": _("This browser takes no passkeys at this address."),
    }


@lru_cache(maxsize=64)
def _words_for_scripts(language: str | None) -> SafeString:
    return json_script(script_words(), "script-words")


def shell(request: Any) -> dict[str, Any]:
    """Context processor: `document`, `theme`, `rail_closed`, `language`, `business`, `actor`."""
    theme = request.COOKIES.get("daybook_theme", "")
    fragment = is_fragment(request)
    return {
        "document": FRAGMENT if fragment else DOCUMENT,
        "script_words": "" if fragment else _words_for_scripts(get_language()),
        "theme": theme if theme in {"light", "dark"} else "",
        "rail_closed": request.COOKIES.get("daybook_rail") == "closed",
        "language": get_language() or "en",
        "business": getattr(request, "business", None),
        "actor": getattr(request, "actor", None),
    }
