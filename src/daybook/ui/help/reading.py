"""The help as one reader sees it: the articles of the reader's role, in the business's words, with links that open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from daybook.ui.help import searching
from daybook.ui.help.articles import CATEGORIES, Article, articles
from daybook.ui.help.pages import API_DOCS, PAGES, may_open
from daybook.ui.help.words import TERMS, worded
from daybook.ui.terms import word

_LINK = re.compile(r'<a href="(page|help):([\w:-]+)">(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
MOST_HERE = 6
LONGEST_SUMMARY = 110
# Each term with the business's word for it, one and several.
WordsKey = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the role, what it may do, the business's words, the language of the interface."""

    role: str
    permissions: frozenset[str]
    terms: Mapping[str, Any] | None
    language: str = "en"

    @property
    def site(self) -> str:
        """Whose addresses the reader has."""
        return "portal" if self.role in ("client", "agent") else "web"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a list."""

    slug: str
    title: str
    url: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category with its articles."""

    title: str
    icon: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An article to be read: its text, the pages where it is done as (title, address), and its neighbours."""

    title: str
    text: SafeString
    go: tuple[tuple[str, str], ...]
    shelf: Shelf


def index_url(reader: Reader) -> str:
    return reverse(f"{reader.site}:help")


def shelves(reader: Reader) -> list[Shelf]:
    """Every category that has something for this reader."""
    entries = _entries(reader)
    found = []
    for category in CATEGORIES:
        of_it = tuple(entries[each.slug] for each in _readable(reader) if each.category == category.name)
        if of_it:
            title = category.own_title if reader.site == "portal" and category.own_title else category.title
            found.append(Shelf(worded(title, reader.terms), category.icon, of_it))
    return found


def here(reader: Reader, address: str) -> list[Entry]:
    """The articles of the page at this address; where it has none, those of the page above it."""
    path = _below_the_business(urlsplit(address).path)
    readable = _readable(reader)
    for name in _names(path):
        # What is mostly about this page stands first, what is about lists and menus last.
        found = sorted(
            (each for each in readable if name in each.pages),
            key=lambda each: (each.category == CATEGORIES[0].name, each.pages.index(name)),
        )
        if found:
            return [_entries(reader)[each.slug] for each in found[:MOST_HERE]]
    return []


def find(reader: Reader, query: str) -> list[Entry]:
    """The articles that a search finds, the best first."""
    readable = _readable(reader)
    index = _index(tuple(each.slug for each in readable), reader.language, _words_key(reader.terms))
    return [_entries(reader)[slug] for slug in index.find(query)]


def show(reader: Reader, slug: str, *, in_panel: bool = False) -> Shown | None:
    """None where there is no such article for this reader. In a panel, other articles open in it too."""
    article = articles(reader.language).get(slug)
    if article is None or reader.role not in article.roles:
        return None
    text = _linked(worded(article.html, reader.terms, escape), reader, " data-drawer" if in_panel else "")
    go = tuple(_go(article.go, reader))
    [shelf] = [each for each in shelves(reader) if any(entry.slug == slug for entry in each.entries)]
    others = tuple(each for each in shelf.entries if each.slug != slug)
    return Shown(worded(article.title, reader.terms), SafeString(text), go, Shelf(shelf.title, shelf.icon, others))


def _readable(reader: Reader) -> list[Article]:
    return [each for each in articles(reader.language).values() if reader.role in each.roles]


def _entries(reader: Reader) -> Mapping[str, Entry]:
    return _entries_in(reader.role, reader.language, _words_key(reader.terms), get_script_prefix())


@lru_cache(maxsize=128)
def _entries_in(role: str, language: str, words: WordsKey, prefix: str) -> Mapping[str, Entry]:
    """Made once for all of a role who read in the same words. The prefix stands for itself."""
    reader = Reader(role, frozenset(), _terms_of(words), language)
    return {each.slug: _entry(each, reader) for each in _readable(reader)}


def _entry(article: Article, reader: Reader) -> Entry:
    url = reverse(f"{reader.site}:help_article", args=[article.slug])
    return Entry(article.slug, worded(article.title, reader.terms), url, _summary(article, reader))


def _summary(article: Article, reader: Reader) -> str:
    """How it begins, as plain text; nothing where it begins with a list."""
    if not article.html.startswith("<p>"):
        return ""
    begin = worded(unescape(_TAG.sub("", article.html.partition("</p>")[0])), reader.terms)
    return "" if begin.endswith(":") else shorten(begin, LONGEST_SUMMARY, placeholder="…")


def _go(names: Iterable[str], reader: Reader) -> Iterable[tuple[str, str]]:
    for name in names:
        if may_open(name, reader.role, reader.permissions):
            yield worded(PAGES[name].label, reader.terms), _address(name)


def _address(name: str) -> str:
    return "/api/v1/docs" if name == API_DOCS else reverse(name)


def _linked(text: str, reader: Reader, mark: str) -> str:
    """Links to where this reader may go; what else is linked keeps its words alone."""

    def link(found: re.Match[str]) -> str:
        kind, name, label = found.groups()
        if kind == "page" and may_open(name, reader.role, reader.permissions):
            return f'<a href="{escape(_address(name))}">{label}</a>'
        if kind == "help" and reader.role in articles(reader.language)[name].roles:
            return f'<a href="{escape(reverse(f"{reader.site}:help_article", args=[name]))}"{mark}>{label}</a>'
        return f"<b>{label}</b>"

    return _LINK.sub(link, text)


def _below_the_business(path: str) -> str:
    prefix = get_script_prefix()
    return "/" + path.removeprefix(prefix).lstrip("/")


def _names(path: str) -> Iterable[str]:
    """The names of the page at a path, and of the pages above it; the first page is above none."""
    while True:
        try:
            yield resolve(path, "daybook.config.urls").view_name
        except Resolver404:
            pass
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if path == "/":
            return


def _terms_of(words: WordsKey) -> Mapping[str, Any]:
    return {name: {"singular": singular, "plural": plural} for name, singular, plural in words}


def _words_key(terms: Mapping[str, Any] | None) -> WordsKey:
    return tuple((name, word(terms, name), word(terms, name, "plural")) for name in TERMS)


@lru_cache(maxsize=64)
def _index(slugs: tuple[str, ...], language: str, words: WordsKey) -> searching.Index:
    """Made once for all who read the same articles in the same words; our own words find them too."""
    own = _terms_of(words)
    found = articles(language)
    entries = {}
    for slug in slugs:
        article = found[slug]
        title, text = article.title, _TAG.sub(" ", article.html)
        entries[slug] = searching.Fields(
            title=f"{worded(title, own)} {worded(title, None)}",
            keywords=" ".join(worded(each, own) for each in article.keywords),
            text=f"{worded(text, own)} {worded(text, None)}",
        )
    return searching.Index(entries)
