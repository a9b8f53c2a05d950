"""Twelve hues for people, services and events. Pages never carry a colour in a style: they name a class."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

# Name → the colour as stored. The classes `hue-<name>` in tokens.css hold their light and dark forms.
HUES: dict[str, str] = {
    "teal": "#0d5a61",
    "blue": "#3a6cab",
    "indigo": "#5a58b0",
    "violet": "#8250a3",
    "plum": "#a84a80",
    "red": "#bc4a3c",
    "orange": "#c26a22",
    "amber": "#a97611",
    "olive": "#7f8a2a",
    "green": "#3d8a50",
    "slate": "#5e7078",
    "brown": "#946a42",
}
HUE_WORDS = {
    "teal": _("teal"),
    "blue": _("blue"),
    "indigo": _("indigo"),
    "violet": _("violet"),
    "plum": _("plum"),
    "red": _("red"),
    "orange": _("orange"),
    "amber": _("amber"),
    "olive": _("olive"),
    "green": _("green"),
    "slate": _("slate"),
    "brown": _("brown"),
}
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_NAMES = tuple(HUES)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=1024)
def hue_class(value: str) -> str:
    """The class for a stored colour (`#rrggbb`: the nearest hue), a hue's name, or any other text (by its hash)."""
    if value in HUES:
        return f"hue-{value}"
    if _HEX.fullmatch(value):
        wanted = _channels(value)
        return "hue-" + min(
            HUES, key=lambda name: sum((a - b) ** 2 for a, b in zip(wanted, _channels(HUES[name]), strict=True))
        )
    return f"hue-{_NAMES[zlib.crc32(value.encode()) % len(_NAMES)]}"
