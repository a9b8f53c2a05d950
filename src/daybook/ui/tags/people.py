"""People and states: faces, links to reach somebody, chips."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from daybook.ui import format
from daybook.ui.colours import HUE_WORDS, hue_class
from daybook.ui.states import look
from daybook.ui.tags.icons import icon

register = template.Library()

_NOT_DIALLED = re.compile(r"[^0-9+]")


@register.filter
def phone(value: str) -> SafeString | str:
    """A number that can be dialled."""
    if not value:
        return ""
    return SafeString(f'<a href="tel:{_NOT_DIALLED.sub("", value)}">{escape(value)}</a>')


@register.filter
def email_link(value: str) -> SafeString | str:
    """The address as a link that breaks, where it must, before the `@`."""
    shown = escape(value) if value else ""
    return SafeString(f'<a href="mailto:{shown}">{shown.replace("@", "<wbr>@")}</a>') if value else ""


@register.filter
def initials(name: str) -> str:
    return format.initials(name or "")


@register.filter
def hue(value: Any) -> str:
    """The class of a stored colour, or of any text."""
    return hue_class(str(value)) if value else ""


@register.filter
def hue_word(value: str) -> str:
    """What a stored colour is called: the name of its hue, or of the nearest."""
    return str(HUE_WORDS[hue_class(str(value)).removeprefix("hue-")]) if value else ""


@lru_cache(maxsize=4096)
def _avatar(name: str, size: str, colour: str) -> SafeString:
    return format_html(
        '<span class="avatar{} {}" aria-hidden="true">{}</span>',
        f" avatar-{size}" if size else "",
        hue_class(colour or name),
        format.initials(name),
    )


@register.simple_tag
def avatar(name: str, size: str = "", colour: str = "", image: str = "") -> SafeString:
    """A round with initials, coloured by the name unless a colour is given; size `s` or `l`."""
    if image:
        return format_html(
            '<span class="avatar{}"><img src="{}" alt=""></span>', f" avatar-{size}" if size else "", image
        )
    return _avatar(str(name or ""), size, str(colour or ""))


@register.simple_tag
def state(name: str, label: str = "") -> SafeString:
    """The chip of a state by its code; `label` says another word (a custom completion type)."""
    return _state(str(name), str(label or ""), get_language())


@lru_cache(maxsize=1024)
def _state(name: str, label: str, language: str | None) -> SafeString:
    shown = look(name)
    return format_html('<span class="{}">{}{}</span>', shown.classes, icon(shown.icon), label or shown.word)


@register.simple_tag
def chip(text: str, meaning: str = "", icon_name: str = "") -> SafeString:
    """A chip of any word: `good`, `attention`, `bad`, `info`, `accent`, `quiet`."""
    return format_html(
        '<span class="chip{}">{}{}</span>',
        f" chip-{meaning}" if meaning else "",
        icon(icon_name) if icon_name else "",
        text,
    )
