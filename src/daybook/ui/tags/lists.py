"""What stands around a list: its head, search, filters, columns and pages. Written in Python: every list has them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote_plus, urlencode

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from daybook.ui import format
from daybook.ui.listing import Column, Listing
from daybook.ui.tags.icons import icon
from daybook.ui.tags.page import locale_of, parameters_of
from daybook.ui.tags.wrapped import menu

register = template.Library()


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's address with some of its parameters changed: `{% query page=2 status="" %}` (empty: left out)."""
    return _address(parameters_of(context), changes)


def _address(given: dict[str, list[str]], changes: Mapping[str, Any]) -> str:
    if "page" not in changes:
        given.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            given.pop(name, None)
        else:
            given[name] = [str(value)]
    return f"?{urlencode(given, doseq=True)}"


@register.simple_tag(takes_context=True)
def table_head(context: Context, listing: Listing, check: bool = False, menu: bool = False) -> SafeString:
    """The `thead` of a list: sort links with `aria-sort`, hidden columns left out."""
    shown = [column for column in listing.columns if column.name not in listing.hidden]
    cells = "".join([_head_cell(context, listing, column) for column in shown])
    first = last = ""
    if check:
        first = f'<th class="check"><label><input type="checkbox" data-check-all aria-label="{escape(gettext("Tick all on this page"))}"></label></th>'
    if menu:
        last = f'<th class="row-menu"><span class="visually-hidden">{escape(gettext("Actions"))}</span></th>'
    return SafeString(f"<thead><tr>{first}{cells}{last}</tr></thead>")


def _head_cell(context: Context, listing: Listing, column: Column) -> str:
    classes = ' class="num"' if column.numeric else ""
    label = escape(str(column.label))
    if not column.order:
        return f'<th scope="col"{classes}>{label}</th>'
    current = column.name == listing.sort
    target = f"-{column.name}" if current and not listing.descending else column.name
    direction, arrow = "", "arrows-sort"
    if current:
        direction = f' aria-sort="{"descending" if listing.descending else "ascending"}"'
        arrow = "arrow-down" if listing.descending else "arrow-up"
    link = escape(query(context, sort=target))
    return f'<th scope="col"{classes}{direction}><a href="{link}" data-swap data-sort="{column.name}">{label}{icon(arrow)}</a></th>'


@register.simple_tag(takes_context=True)
def export_menu(context: Context, url: str = "") -> SafeString:
    """The list as it is filtered, as a file; `url` is the export's, where it is not the page's own."""
    links = "".join(
        [
            f'<a href="{escape(url + query(context, format=form))}" data-export download>{icon("download")}{word}</a>'
            for form, word in (("csv", "CSV"), ("xlsx", "Excel (XLSX)"))
        ]
    )
    return menu(links, classes="", text=gettext("Export"))


@register.simple_tag
def column_choice(listing: Listing) -> SafeString:
    """The button that opens the choice of columns."""
    title = escape(gettext("Columns"))
    boxes = "".join(
        [
            f'<label class="item"><input type="checkbox" value="{column.name}"'
            f"{'' if column.name in listing.hidden else ' checked'}>{escape(str(column.label))}</label>"
            for column in listing.columns
            if not column.fixed
        ]
    )
    return SafeString(
        f'<button type="button" class="btn btn-ghost btn-icon wide-only" popovertarget="columns-{listing.name}" aria-label="{title}" title="{title}">{icon("columns")}</button>'
        f'<div id="columns-{listing.name}" class="menu" popover data-menu data-columns="{listing.name}"><p class="menu-title">{title}</p>{boxes}</div>'
    )


@register.simple_tag
def search_box(listing: Listing, label: str = "", placeholder: str = "") -> SafeString:
    """The search field of a list: swaps the list while typing, keeps the rest of the address."""
    label = label or gettext("Search")
    kept = "".join(
        [
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in listing.address.items()
            if name not in ("q", "page")
        ]
    )
    return SafeString(
        f'<form class="search" id="list-search" data-keep role="search" action="" method="get" data-search>{kept}{icon("search")}'
        f'<input type="search" name="q" value="{escape(listing.q)}" aria-label="{escape(label)}" placeholder="{escape(placeholder or label)}" autocomplete="off" spellcheck="false" data-list-search>'
        f'<button type="button" class="search-clear" data-search-clear aria-label="{escape(gettext("Clear the search"))}">{icon("close")}</button></form>'
    )


@register.simple_tag(takes_context=True)
def filter_chip(
    context: Context, name: str, label: str, choices: Iterable[tuple[Any, Any]], icon: str = "filter"
) -> SafeString:
    """A filter that says what it is set to. `choices`: pairs of value and word."""
    given = parameters_of(context)
    current = (given.pop(name, None) or [""])[-1]
    words = [(str(value), str(text)) for value, text in choices]
    shown = next((text for value, text in words if value and value == current), "")
    return _filter(name, str(label), icon, shown, _clear(given), "", options(given, name, words, current))


@register.simple_tag(takes_context=True)
def filter_fetched(
    context: Context, name: str, label: str, url: str, shown: str = "", icon: str = "filter"
) -> SafeString:
    """A filter of many choices, which the page at `url` offers: it is fetched when the filter is opened.

    `shown` is the word of the choice that is set. Without scripts, the menu leads to the page itself.
    """
    given = parameters_of(context)
    there = escape(f"{url}{_address(given, {})}")
    given.pop(name, None)
    link = f'<a href="{there}">{escape(gettext("Choose from the list"))}</a>'
    return _filter(name, str(label), icon, str(shown or ""), _clear(given), f' data-fetched="{there}"', link)


def _clear(given: dict[str, list[str]]) -> str:
    return _address(given, {})


def options(
    given: Mapping[str, list[str]], name: str, words: Sequence[tuple[str, str]], current: str, base: str = ""
) -> str:
    """A link for each choice of a filter: the list at `base` with the other parameters `given`."""
    rest = urlencode({key: value for key, value in given.items() if key != "page"}, doseq=True)
    clear = escape(f"{base}?{rest}")
    start = escape(f"{base}?{rest}&{name}=" if rest else f"{base}?{name}=")
    tick = f'<span class="ms-auto">{icon("check")}</span>'
    links = []
    for value, text in words:
        link = start + escape(quote_plus(value)) if value else clear
        here, mark = (' aria-current="true"', tick) if value == current else ("", "")
        links.append(f'<a href="{link}" data-swap{here}>{escape(text)}{mark}</a>')
    return "".join(links)


def _filter(name: str, label: str, icon_name: str, shown: str, clear: str, attributes: str, inside: str) -> SafeString:
    said, cross, classes = "", "", ""
    label = escape(label)
    if shown:
        classes, said = " filter-set", f": <b>{escape(shown)}</b>"
        title = gettext("Clear: %(label)s") % {"label": label}
        cross = f'<a class="filter-clear" href="{escape(clear)}" data-swap aria-label="{title}">{icon("close", "icon-s")}</a>'
    return SafeString(
        f'<span class="filter-group"><button type="button" class="filter{classes}" popovertarget="filter-{name}">{icon(icon_name)}{label}{said}</button>{cross}'
        f'<div id="filter-{name}" class="menu" popover data-menu{attributes}>{inside}</div></span>'
    )


@register.simple_tag(takes_context=True)
def pager(context: Context, page: Any) -> SafeString:
    """Where one is in a list, with the pages beside it."""
    before = query(context, page=page.number - 1 if page.number > 2 else "") if page.has_previous else ""
    after = query(context, page=page.number + 1) if page.has_next else ""
    back, on = escape(gettext("Previous")), escape(gettext("Next"))
    back, on = f"{icon('chevron-left')}{back}", f"{on}{icon('chevron-right')}"
    links = ""
    if before or after:
        links = _page_link(before, "prev", back) + _page_link(after, "next", on)
    where = escape(_where(page, locale_of(context)))
    return SafeString(f'<nav class="pager" aria-label="{escape(gettext("Pages"))}"><span>{where}</span>{links}</nav>')


def _page_link(url: str, relation: str, inside: str) -> str:
    if not url:
        return f'<span class="btn btn-s" aria-disabled="true">{inside}</span>'
    return f'<a class="btn btn-s" href="{escape(url)}" data-swap rel="{relation}">{inside}</a>'


def _where(page: Any, locale: str) -> str:
    if not page.rows:
        return ""
    first, last = format.number(page.first, locale), format.number(page.last, locale)
    if page.total is None:
        return f"{first}–{last}"
    total = format.number(page.total, locale)
    return gettext("%(first)s–%(last)s of %(total)s") % {"first": first, "last": last, "total": total}
