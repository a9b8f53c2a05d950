"""Parts with markup inside: a page's head, an empty list, a menu."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django import template
from django.template import Context
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from daybook.ui import format
from daybook.ui.tags.icons import drawing, icon
from daybook.ui.tags.page import locale_of

register = template.Library()

# What a part writes: its options, what stands inside, and the page's locale.
Part = Callable[[Mapping[str, Any], str, str], str]


class WrappedNode(Node):
    """A part with markup inside: the words around it, and what writes it."""

    def __init__(self, part: Part, options: Mapping[str, FilterExpression], inside: NodeList) -> None:
        self.part = part
        self.options = options
        self.inside = inside

    def render(self, context: Context) -> SafeString:
        options = {key: value.resolve(context) for key, value in self.options.items()}
        return SafeString(self.part(options, self.inside.render(context), locale_of(context)))


def _wrapping(tag_name: str, part: Part) -> None:
    def compile_tag(parser: Parser, token: Token) -> WrappedNode:
        options = {}
        for each in token.split_contents()[1:]:
            key, found, value = each.partition("=")
            if not found:
                raise template.TemplateSyntaxError(f"{tag_name} takes name=value only, not {each}")
            options[key] = parser.compile_filter(value)
        inside = parser.parse((f"end{tag_name}",))
        parser.delete_first_token()
        return WrappedNode(part, options, inside)

    register.tag(tag_name, compile_tag)


def _page_head(options: Mapping[str, Any], inside: str, locale: str) -> str:
    count = options.get("count")
    shown = "" if count is None or count == "" else f'<span class="count">{escape(format.number(count, locale))}</span>'
    actions = f'<div class="page-head-actions">{inside}</div>' if inside.strip() else ""
    title, chips = conditional_escape(options.get("title", "")), conditional_escape(options.get("chips", ""))
    return f'{_crumbs(options)}<header class="page-head"><div class="page-head-title"><h1>{title}</h1>{shown}{chips}</div>{actions}</header>'


def _crumbs(options: Mapping[str, Any]) -> str:
    if not options.get("crumb"):
        return ""
    name, url = conditional_escape(options["crumb"]), conditional_escape(options.get("crumb_url", ""))
    return f'<nav class="crumbs" aria-label="{escape(gettext("Where this is"))}"><a href="{url}">{name}</a>{icon("chevron-right")}</nav>'


def _empty(options: Mapping[str, Any], inside: str, locale: str) -> str:
    small = " empty-s" if options.get("small") else ""
    picture = drawing(options["drawing"]) if options.get("drawing") else ""
    text = f"<p>{conditional_escape(options['text'])}</p>" if options.get("text") else ""
    actions = f'<div class="cluster">{inside}</div>' if inside.strip() else ""
    title = conditional_escape(options.get("title", ""))
    return f'<div class="empty{small}">{picture}<h2>{title}</h2>{text}{actions}</div>'


def _menu(options: Mapping[str, Any], inside: str, locale: str) -> str:
    return menu(
        inside,
        label=options.get("label") or "",
        classes=options.get("classes") or "btn-icon",
        text=options.get("text") or "",
        icon_name=options.get("icon") or "",
    )


def menu(inside: str, *, label: str = "", classes: str = "btn-icon", text: str = "", icon_name: str = "") -> SafeString:
    """A button that opens a menu; `inside` is its markup."""
    key = f"menu-{secrets.token_hex(4)}"
    named = "" if text else f' aria-label="{conditional_escape(label or gettext("More"))}"'
    shown = f"{conditional_escape(text)}{icon(icon_name or 'chevron-down')}" if text else icon(icon_name or "more")
    return SafeString(
        f'<button type="button" class="btn {escape(classes)}" popovertarget="{key}"{named}>{shown}</button>'
        f'<div id="{key}" class="menu" popover data-menu>{inside}</div>'
    )


# {% page_head title="…" count=7 %}buttons{% endpage_head %}
_wrapping("page_head", _page_head)
# {% empty drawing="clients" title="…" text="…" %}buttons{% endempty %}
_wrapping("empty", _empty)
# {% menu label="More" %}links and buttons{% endmenu %}
_wrapping("menu", _menu)
