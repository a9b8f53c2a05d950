"""Icons of the sprite, and line drawings."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from daybook.ui.quick import constant

register = template.Library()

ICON_LIST = Path(__file__).resolve().parent.parent / "icons.txt"


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """Names that the sprite holds."""
    lines = (line.split("#")[0].strip() for line in ICON_LIST.read_text().splitlines())
    return frozenset(line.partition("=")[0].strip() for line in lines if line)


@register.simple_tag
@lru_cache(maxsize=1)
def icon_sprite() -> str:
    """The sprite's address; asked for by every icon of every row."""
    return static("vendor/icons.svg")


@lru_cache(maxsize=1024)
def _icon(name: str, classes: str, label: str, sprite: str) -> SafeString:
    if name not in icon_names():
        if settings.DEBUG:
            raise ValueError(f"no icon {name!r}: add it to ui/icons.txt and run `make setup`")
        name = "circle"
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"/></svg>', f" {classes}" if classes else "", named, sprite, name
    )


@register.simple_tag
@constant
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """`{% icon "edit" %}`; with `label` it speaks for itself, without it stands beside its word."""
    return _icon(name, classes, label, icon_sprite())


@register.simple_tag
@constant
def drawing(name: str) -> SafeString:
    """A line drawing of ours, in the page's own colours."""
    return _drawing(name)


@lru_cache(maxsize=32)
def _drawing(name: str) -> SafeString:
    path = ICON_LIST.parent / "templates" / "ui" / "drawings" / f"{name}.svg"
    return mark_safe(path.read_text().strip())
