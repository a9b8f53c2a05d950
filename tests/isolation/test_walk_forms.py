"""Every form, sent with what nobody expects: it is refused in words, keeps what was typed, and nothing breaks or runs."""

from __future__ import annotations

import html
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest
from django.http import HttpResponse

from tests.support.forms import DATES, TEXTS, Form, forms_of
from tests.support.pages import pages
from tests.support.world import Person, World, taken_back

SCRIPT = "<script>alert(1)</script>"
LONG = "long " * 2_000
NUMBERS = {"number", "range"}
CHOICES = {"select", "hidden", "radio", "checkbox", "button"}
FINE = (200, 204, 302, 400, 403, 404, 409, 422)
# What goes into which fields; the other fields are sent as the page has them.
BAD: dict[str, tuple[set[str], str]] = {
    "long texts": (TEXTS, LONG),
    "zero bytes": (TEXTS | CHOICES, "a\x00b"),
    "scripts and pictures": (TEXTS, f"🎹🧑‍🏫 {SCRIPT}"),
    "the first year": (DATES | TEXTS, "0001-01-01"),
    "the last year": (DATES | TEXTS, "9999-12-31"),
    "times of no clock": (DATES, "25:61"),
    "negative numbers": (NUMBERS | TEXTS, "-5"),
    "huge numbers": (NUMBERS | TEXTS, "9" * 40),
    "numbers that are none": (NUMBERS | TEXTS, "NaN"),
    "unknown ids": (CHOICES, str(uuid4())),
    "words for ids": (CHOICES, "nobody's"),
    "nothing": (TEXTS | DATES | NUMBERS | CHOICES, ""),
}
# Forms of the frame, the same on every page.
FRAME = ("/sign-out/",)
NOT_SENT = {"csrfmiddlewaretoken", "once"}


@pytest.fixture(scope="module")
def all_forms(world_made: World) -> list[tuple[str, Person, Form]]:
    """Every form that an administrator, a client or nobody finds on a page, once for its address."""
    world = world_made
    forms: dict[tuple[str, str], tuple[str, Person, Form]] = {}
    for route in pages():
        for name in ("client",) if route.is_portal else ("admin", "nobody"):
            person = world.people[name]
            things = world.own if route.is_portal and route.gaps else world.things
            path = things.address_of(route)
            answer = person.ask("GET", path)
            if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
                continue
            for form in forms_of(answer.content.decode(), f"/b/{person.slug}{path}"):
                target = urlsplit(form.action).path
                if not target.endswith(FRAME):
                    forms.setdefault((target, ",".join(form.fields)), (f"{route.name} → {target}", person, form))
    return list(forms.values())


@pytest.fixture
def found(world: World, all_forms: list[tuple[str, Person, Form]]) -> list[tuple[str, Person, Form]]:
    return all_forms


def send(person: Person, form: Form, fields: dict[str, str]) -> tuple[HttpResponse, HttpResponse | None]:
    """The answer, and the page that it leads on to."""
    with taken_back():
        browser = person.browser()
        answer = browser.post(form.action, fields)
        onward = browser.get(answer["Location"]) if answer.status_code == 302 else None
        return answer, onward


def test_forms_are_found(found: list[tuple[str, Person, Form]]) -> None:
    assert len(found) > 30
    assert sum(len(form.fields) for _name, _person, form in found) > 200


@pytest.mark.parametrize("kind", BAD)
def test_every_form_bears(found: list[tuple[str, Person, Form]], kind: str) -> None:
    kinds, value = BAD[kind]
    problems = []
    for name, person, form in found:
        changed = [field for field in form.of_kind(kinds) if field not in NOT_SENT]
        if not changed:
            continue
        answer, onward = send(person, form, form.values() | dict.fromkeys(changed, value))
        problems += [f"{name}: {said}" for said in wrong_with(answer, form, kinds, value)]
        if onward is not None:
            problems += [f"{name}, then {onward.status_code}"] * (onward.status_code >= 500)
            problems += [f"{name}, then a script"] * (SCRIPT in onward.content.decode(errors="replace"))

    assert problems == [], "\n" + "\n".join(problems)


def wrong_with(answer: HttpResponse, form: Form, kinds: set[str], value: str) -> list[str]:
    text = answer.content.decode(errors="replace")
    said = []
    if answer.status_code not in FINE:
        error = getattr(answer, "exc_info", None)
        said.append(f"{answer.status_code} {error[0].__name__ + ': ' + str(error[1])[:200] if error else ''}")
    if SCRIPT in text:
        said.append("a script is let through")
    # Passwords are never written back, nor the name that stands beside them for their keeper.
    typed = [each for each in form.of_kind(TEXTS - {"password"}) if each != "username" or len(form.fields) > 6]
    shown_again = answer.status_code == 422 and any(f'name="{each}"' in text for each in typed)
    if kinds & TEXTS and shown_again and "\x00" not in value and value and not _keeps(text, value):
        said.append("what was typed is lost")
    return said


def _keeps(text: str, value: str) -> bool:
    """A cell of a grid takes the first 200 characters of what is pasted, which is more than it may hold."""
    start = html.escape(value[:200].strip())
    return start in text or start.replace("&#x27;", "&#39;") in text


QUERIES = (
    "page=-1&sort=nothing&q=%00&status=%3Cscript%3Ealert(1)%3C/script%3E&limit=x",
    f"page={'9' * 30}&q={quote(LONG)}&from=0001-01-01&to=9999-12-31&date=0001-01-01&day=9999-12-31&view=month",
    f"from=never&to=2026-02-31&client={uuid4()}&practitioner=nobody&service=%00&location=-1&date=2026-13-45&view=nothing",
    f"q={quote(SCRIPT)}&sort=-name&page=2&client=nobody&date=9999-12-31&start=9999-12-31T23:59:59Z&end=0001-01-01T00:00:00Z",
    "start=0001-01-01&end=9999-12-31&date=0001-01-01&view=week&hidden=%00&columns=%00",
)


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_every_page_bears_any_query(world: World, query: str) -> None:
    problems = []
    for route in pages():
        person = world.people["client" if route.is_portal else "admin"]
        things = world.own if route.is_portal and route.gaps else world.things
        answer = person.ask("GET", things.address_of(route).partition("?")[0] + f"?{query}")
        if answer.status_code not in (*FINE, 405):
            error = getattr(answer, "exc_info", None)
            problems.append(
                f"{route}: {answer.status_code} {error[0].__name__ + ': ' + str(error[1])[:200] if error else ''}"
            )
        if SCRIPT in answer.content.decode(errors="replace"):
            problems.append(f"{route}: a script is let through")

    assert problems == [], "\n" + "\n".join(problems)
