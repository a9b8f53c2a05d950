"""The articles as they are written, read once a process."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from markdown_it import MarkdownIt

from daybook.ui.help.pages import PAGES

TEXTS = Path(__file__).parent / "texts"
DEFAULT_LANGUAGE = "en"
ROLES = ("administrator", "staff", "practitioner", "client", "agent")
FIELDS = ("title", "order", "keywords", "pages", "go", "roles")


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of articles: the name of its folder, its title with markers, its icon."""

    name: str
    title: str
    icon: str
    # What it is called for those whom it is about.
    own_title: str = ""


CATEGORIES = (
    Category("first-steps", "First steps", "play"),
    Category("clients", "{Clients}", "clients"),
    Category("people", "{Practitioners} and {staff}", "practitioners"),
    Category("sessions", "Calendar and {sessions}", "calendar"),
    Category("prices", "Rates and prices", "rate"),
    Category("money", "{Payments} and {invoices}", "invoice"),
    Category("wages", "{Wages}", "wage"),
    Category("reports", "Reports", "reports"),
    Category("importing", "Importing", "upload"),
    Category("settings", "Settings and permissions", "settings"),
    Category("portal", "For {clients} and {agents}", "home", "Your pages"),
    Category("api", "API", "api"),
)


@dataclass(frozen=True)
class Article:
    """One article: its head, and the Markdown below it. Titles and texts carry markers for the business's words."""

    slug: str
    category: str
    title: str
    order: int
    keywords: tuple[str, ...]
    pages: tuple[str, ...]
    go: tuple[str, ...]
    roles: frozenset[str]
    text: str = field(repr=False)

    @cached_property
    def html(self) -> str:
        """The text as HTML: markers still in it, links as `page:…` and `help:…`."""
        return str(_markdown().render(_spelled_out(self.text)))


@lru_cache
def articles(language: str = DEFAULT_LANGUAGE) -> Mapping[str, Article]:
    """All articles by slug, in the order of the shelves; a language without texts reads the English ones."""
    folder = TEXTS / language
    if not folder.is_dir():
        folder = TEXTS / DEFAULT_LANGUAGE
    found: dict[str, Article] = {}
    for category in CATEGORIES:
        shelf = [read(path, category.name) for path in (folder / category.name).glob("*.md")]
        for article in sorted(shelf, key=lambda each: (each.order, each.slug)):
            if article.slug in found:
                raise ValueError(f"{article.slug}: there are two articles of that name")
            found[article.slug] = article
    return found


def read(path: Path, category: str) -> Article:
    """Raises ValueError where the head is not as it should be."""
    head, _, text = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    values = {}
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if not colon or name not in FIELDS or name in values:
            raise ValueError(f"{path.name}: cannot read {line!r}")
        values[name] = value.strip()
    if missing := [name for name in FIELDS if not values.get(name) and name not in ("pages", "go")]:
        raise ValueError(f"{path.name}: nothing is said of {missing}")
    roles = frozenset(_listed(values["roles"]))
    if unknown := roles - set(ROLES):
        raise ValueError(f"{path.name}: there is no role {sorted(unknown)}")
    return Article(
        slug=path.stem,
        category=category,
        title=values["title"],
        order=int(values["order"]),
        keywords=_listed(values["keywords"]),
        pages=_listed(values.get("pages", "")),
        go=_listed(values.get("go", "")),
        roles=roles,
        text=text.strip(),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for each in text.split(",") if (part := each.strip()))


_LINK = re.compile(r"\{\{ (page|help):([\w:-]+) \}\}")


def _spelled_out(text: str) -> str:
    """`{{ page:web:clients }}` as the link that it stands for; an article is named when it is shown."""
    return _LINK.sub(lambda found: f"[{label_of(found[1], found[2])}]({found[1]}:{found[2]})", text)


def label_of(kind: str, name: str) -> str:
    """The title of a page or an article, with markers. Raises KeyError."""
    return PAGES[name].label if kind == "page" else articles()[name].title


@lru_cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "autolink"])
    markdown.validateLink = lambda url: url.startswith(("page:", "help:"))  # type: ignore[method-assign]
    return markdown
