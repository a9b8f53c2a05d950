"""The texts of the help hold together: every page, word and article that they name is there, and the guide is theirs."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from daybook.tenancy.terms import DEFAULT_TERMS
from daybook.ui.help.articles import CATEGORIES, Article, articles, read
from daybook.ui.help.pages import API_DOCS, PAGES
from daybook.ui.help.words import TERMS, worded
from daybook.ui.terms import word
from daybook.web.navigation import CREATIONS, PLACES, Place
from daybook.web.settings.places import GROUPS
from tests.isolation.test_walk import ADMINISTRATORS, need_of
from tests.support.pages import pages

ROUTES = {route.name: route for route in pages()}
ALL = list(articles().values())
OWN = {name: {"singular": f"<{name}>", "plural": f"<{name}s>"} for name in TERMS}
# What every portal page's menu leads to.
PORTAL = {
    "portal:home",
    "portal:sessions",
    "portal:money",
    "portal:practitioners",
    "portal:availability",
    "portal:account",
}
# Ours, which the business's words stand in place of.
PLAIN = re.compile(r"\b(client|practitioner|agent|session|invoice|payment|service|location|wage)s?\b", re.IGNORECASE)
# Headings of the product that say them themselves.
SAID_SO = {
    "Sessions of a period", "Wage rates", "Wage by hand", "Add payment",
    "Planned sessions", "Reset two-step sign-in", "Payment history",
}  # fmt: skip
LINK = re.compile(r'<a href="([^"]*)"')


def each(label: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(label, ALL, ids=[article.slug for article in ALL])


@each("article")
def test_an_article_names_only_what_there_is(article: Article) -> None:
    assert [name for name in article.pages if name not in ROUTES] == []
    assert [name for name in article.go if name not in PAGES] == []
    for found in LINK.findall(article.html):
        kind, _, name = found.partition(":")
        assert (kind == "page" and name in PAGES) or (kind == "help" and name in articles()), found
    assert "<script" not in article.html
    assert "{{" not in article.html


@each("article")
def test_an_article_is_short_and_in_the_words_of_the_business(article: Article) -> None:
    said = worded(f"{article.title}\n{article.html}", OWN)
    plain = re.sub(r"<[^>]*>", " ", said.replace("<strong>", "\n").replace("</strong>", "\n"))

    assert 55 <= len(article.text.split()) <= 260
    assert "{" not in said
    for heading in SAID_SO:
        plain = plain.replace(heading, "")
    assert PLAIN.findall(plain) == []


def test_every_link_leads_to_a_page_that_asks_for_what_is_written_down() -> None:
    for name, page in PAGES.items():
        if name == API_DOCS:
            continue
        assert name in ROUTES
        if name.startswith("web:"):
            assert (page.permission or page.only_administrators) == (need_of(ROUTES[name]) or False) or (
                page.only_administrators and name in ADMINISTRATORS
            ), name


def test_every_page_of_the_menus_has_an_article() -> None:
    def names(places: tuple[Place, ...]) -> set[str]:
        return {place.url for place in places} | {name for place in places for name in names(place.children)}

    told = {name for article in ALL for name in article.pages}
    settings = {place.url for _title, places in GROUPS for place in places}

    # `web:accounting` goes on to the balances.
    assert (names(PLACES) | names(CREATIONS) | settings | PORTAL) - told == {"web:accounting"}
    assert len(ALL) > 60


def test_every_role_and_every_category_has_articles() -> None:
    assert {article.category for article in ALL} == {category.name for category in CATEGORIES}
    for role in ("administrator", "staff", "practitioner", "client", "agent"):
        assert sum(role in article.roles for article in ALL) >= 6


def test_the_words_are_those_that_a_business_may_choose() -> None:
    assert set(TERMS) == set(DEFAULT_TERMS)
    for name, ours in DEFAULT_TERMS.items():
        assert word(None, name, "plural") == ours.plural


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{A client} and {an agent}", "A student and a guardian"),
        ("{Clients}, {clients}, {Client}", "Students, students, Student"),
        ("{a session}", "an appointment"),
        ("{an invoice}, {Staff}", "an invoice, Staff"),
    ],
)
def test_words_of_the_business_stand_in_place_of_ours(text: str, said: str) -> None:
    own = {
        "client": {"singular": "student", "plural": "students"},
        "agent": {"singular": "guardian", "plural": "guardians"},
        "session": {"singular": "appointment", "plural": "appointments"},
    }
    assert worded(text, own) == said


def test_a_head_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "odd.md"
    file.write_text("---\ntitle: Odd\norder: 1\nkeywords: odd\nroles: everybody\n---\n\nText.\n")
    with pytest.raises(ValueError, match="there is no role"):
        read(file, "clients")
    file.write_text("---\ntitle: Odd\ncolour: red\n---\n\nText.\n")
    with pytest.raises(ValueError, match="cannot read"):
        read(file, "clients")


def test_markup_and_foreign_links_stay_text(tmp_path: Path) -> None:
    file = tmp_path / "odd.md"
    file.write_text(
        "---\ntitle: Odd\norder: 1\nkeywords: odd\nroles: staff\n---\n\n"
        "<b onclick=x>a</b> [b](https://example.org) [c](javascript:alert(1)) ![d](page:web:clients) <https://example.org>\n"
    )
    html = read(file, "clients").html

    assert "<b" not in html
    assert "<img" not in html
    assert LINK.findall(html) in ([], ["page:web:clients"])


@pytest.fixture(scope="module")
def guide() -> ModuleType:
    path = Path(__file__).resolve().parents[3] / "scripts" / "guide.py"
    spec = importlib.util.spec_from_file_location("daybook_guide", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_guide_is_up_to_date(guide: ModuleType) -> None:
    assert guide.stale() == [], "run `make guide`"


def test_links_inside_the_guide_lead_somewhere(guide: ModuleType) -> None:
    files = guide.files()
    headings = {
        f"{name}#{guide._ODD.sub('', line[3:].lower()).replace(' ', '-')}"
        for name, text in files.items()
        for line in text.splitlines()
        if line.startswith("## ")
    }
    for text in files.values():
        for link in re.findall(r"\]\(([^)]+)\)", text):
            assert link in files or link in headings
