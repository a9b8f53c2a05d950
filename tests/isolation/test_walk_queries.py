"""How many queries each page asks: the same for few rows and for many, and no more than is written down."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.pages import Route, pages
from tests.support.world import Person, World

DOCUMENT = Path(__file__).parents[2] / "docs/reference/query-counts.md"
HEAD = """# Query counts

What each page asks of the database when an administrator (portal: a client) opens it, the login and the frame of the
page included. Lists ask the same for one row and for fifty; a test holds every page against this table, which
`pytest tests/isolation/test_walk_queries.py --write` writes anew.

| page | queries |
|---|---:|
"""
# Beside the page's own: savepoints of the tests.
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK")
MOST = 30


def queries_of(person: Person, path: str) -> int | None:
    """None for what is no page to open."""
    with CaptureQueriesContext(connection) as captured:
        answer = person.ask("GET", path)
    if answer.status_code != 200:
        return None
    return sum(not each["sql"].startswith(NOT_COUNTED) for each in captured.captured_queries)


def counted(world: World) -> dict[str, int]:
    counts = {}
    for route in pages():
        things = world.own if route.is_portal and route.gaps else world.things
        count = queries_of(world.people["client" if route.is_portal else "admin"], things.address_of(route))
        if count is not None:
            counts[route.address] = count
    return counts


def written() -> dict[str, int]:
    rows = [line.split("|") for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]
    return {row[1].strip().strip("`"): int(row[2]) for row in rows}


def test_every_page_asks_no_more_than_is_written_down(world: World, request: pytest.FixtureRequest) -> None:
    counts = counted(world)
    if request.config.getoption("--write"):
        rows = [f"| `{address}` | {count} |" for address, count in sorted(counts.items())]
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text(HEAD + "\n".join(rows) + "\n")
    known = written()
    grown = {
        address: (count, known.get(address)) for address, count in counts.items() if count > known.get(address, MOST)
    }

    assert grown == {}, "pages ask more than docs/reference/query-counts.md says"
    assert max(counts.values()) <= MOST


LISTS = [route for route in pages() if not route.gaps and not route.is_portal]


def test_every_list_asks_the_same_for_few_rows_and_for_many(world: World) -> None:
    """One business has many times the rows of the other."""
    differing = {}
    for route in LISTS:
        many, few = _of_both(world, route)
        if many is not None and few is not None and many > few:
            differing[route.address] = (few, many)

    assert differing == {}


def _of_both(world: World, route: Route) -> tuple[int | None, int | None]:
    return queries_of(world.people["admin"], route.address), queries_of(world.people["stranger"], route.address)
