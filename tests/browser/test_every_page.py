"""Every page in a browser: usable by all, quiet, light, and no wider than a phone.

Which pages there are is asked of the table of addresses; the ones that people have open all day are looked at in all
four forms, the others take turns.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page

from tests.browser.conftest import Running
from tests.isolation.test_walk import PUBLIC
from tests.support.pages import Route, pages

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
FORMS = [("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390)]
MAIN = {
    "web:dashboard",
    "web:calendar",
    "web:sessions",
    "web:session",
    "web:clients",
    "web:client",
    "web:balances",
    "web:invoice",
    "web:settings",
    "portal:home",
}
MOST_BYTES = 350_000
# What the page and all that it loads weigh packed, as if nothing were kept from the page before.
WEIGHT = """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
HEIGHTS = {1440: 900, 390: 844}


@dataclass(frozen=True)
class Visit:
    """A page and who opens it."""

    route: Route
    path: str
    person: str


@pytest.fixture(scope="module")
def visits(running: Running) -> list[Visit]:
    """Every address that answers its person with a page."""
    world = running.world
    asked: list[Visit] = []
    for route in pages():
        if route.is_portal:
            things, person = (world.own if route.gaps else world.things), "client"
        else:
            things, person = world.things, "nobody" if route.name in PUBLIC else "admin"
        asked.append(Visit(route, things.address_of(route), person))
    by_name = {visit.route.name: visit for visit in asked}
    for name in ("web:dashboard", "web:calendar", "web:sessions"):
        asked.append(Visit(by_name[name].route, by_name[name].path, "practitioner"))
    # Who has no second factor yet sees how to set one up.
    setting_up = by_name["web:account_second_factor"]
    asked.append(Visit(setting_up.route, setting_up.path, "practitioner"))
    names = ("portal:home", "portal:money", "portal:second_factor")
    asked += [Visit(by_name[name].route, by_name[name].path, "agent") for name in names]
    return [visit for visit in asked if is_page(running, visit)]


def is_page(running: Running, visit: Visit) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", running.live.port, timeout=30)
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in running.cookies(visit.person))
    try:
        connection.request("GET", f"/b/{running.world.business.slug}{visit.path}", headers={"Cookie": cookies})
        answer = connection.getresponse()
        kind = answer.headers.get("Content-Type", "")
        assert answer.status < 500, visit
        return (
            answer.status == 200 and kind.startswith("text/html") and answer.read().lstrip()[:9].lower() == b"<!doctype"
        )
    finally:
        connection.close()


def taken(visits: list[Visit], form: int) -> Iterator[Visit]:
    """The pages that are looked at in this form."""
    others = 0
    for visit in visits:
        if visit.route.name in MAIN:
            yield visit
        else:
            if others % len(FORMS) == form:
                yield visit
            others += 1


@pytest.mark.parametrize("form", range(len(FORMS)), ids=[f"{theme}-{width}" for theme, width in FORMS])
def test_every_page_is_accessible_quiet_light_and_fits(
    browser: Browser, running: Running, visits: list[Visit], form: int, browser_context_args: dict[str, Any]
) -> None:
    theme, width = FORMS[form]
    problems: list[str] = []
    contexts: dict[str, Page] = {}
    for visit in taken(visits, form):
        if visit.person not in contexts:
            context = browser.new_context(
                viewport={"width": width, "height": HEIGHTS[width]}, color_scheme=theme, reduced_motion="reduce"
            )
            context.add_cookies(running.cookies(visit.person))
            contexts[visit.person] = context.new_page()
        problems += [
            f"{visit.route.name} ({visit.person}): {said}"
            for said in look(contexts[visit.person], running.url + visit.path)
        ]
    for page in contexts.values():
        page.context.close()

    assert problems == [], "\n" + "\n".join(problems)


def look(page: Page, url: str) -> list[str]:
    """What is wrong with a page."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"console: {message.text}")

    def hear_error(error: Error) -> None:
        said.append(f"script: {error}")

    page.on("console", hear)
    page.on("pageerror", hear_error)
    page.goto(url)
    page.evaluate("document.fonts.ready.then(() => true)")
    size = page.evaluate(WEIGHT)
    if size > MOST_BYTES:
        said.append(f"weighs {size} bytes")
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wider > 0:
        said.append(f"is {wider} pixels wider than the window")
    said += violations(page)
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", hear_error)
    return said


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"axe {each['id']}: {each['nodes'][0]['html'][:160]} ({each['nodes'][0].get('failureSummary', '')[:240]})"
        for each in found
    ]


def test_pages_are_found(visits: list[Visit]) -> None:
    assert {visit.route.name for visit in visits} >= MAIN
    assert len(visits) > 80
