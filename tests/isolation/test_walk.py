"""Every address, asked by everybody: strangers see nothing, colleagues what they may, and nobody an error of the server.

Addresses come from the tables of addresses, so that a new one is walked, or fails here by its name, from its first day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest
from django.http import HttpResponse

from daybook.people.models import User
from daybook.scheduling.models import Participant
from daybook.tenancy.scope import open_scope
from tests.isolation.test_tables import rows, tenant_tables
from tests.support.pages import Route, Unfilled, operations, pages
from tests.support.reading import text_of
from tests.support.world import (
    NOTE,
    PHONE,
    Person,
    World,
    no_costs_things,
    their_clients,
    with_permission,
    without_permission,
)

# Pages that need no login.
PUBLIC = {
    "web:sign_in",
    "web:sign_in_code",
    "web:sign_in_passkey_options",
    "web:sign_out",
    "web:sign_up",
    "web:find",
    "web:password_ask",
    "web:password_set",
    "web:logo",
}
# What staff need for an address: the first line that fits. `None`: every member of the team may.
NEEDS: tuple[tuple[str, str | None], ...] = (
    ("/accounting/", "manage_accounting"),
    ("/communications/deleted-sessions/", "manage_schedule"),
    ("/communications/", "manage_communications"),
    ("/reports/", "see_insights"),
    ("/calendar/", "manage_schedule"),
    ("/sessions/", "manage_schedule"),
    ("/clients/", "manage_clients"),
    ("/agents/", "manage_clients"),
    ("/practitioners/", "manage_practitioners"),
    ("/staff/", "manage_staff"),
    ("/imports/", "import_data"),
    ("/settings/import", "import_data"),
    ("/settings/closures/", "manage_schedule"),
    ("/settings/", "manage_settings"),
    ("/account/", None),
    ("/search/", None),
    ("/help/", None),
    ("/logo/", None),
)
# Pages of the team that staff can never open: only administrators.
ADMINISTRATORS = {"web:business", "web:business_history", "web:sign_in_policy"}
# What practitioners may open whatever is switched off.
PRACTITIONERS = re.compile(
    r"^/($|account/|search/|help/|logo/|calendar/|sessions/|clients/(\{user_id\}/(availability/)?|export\.csv)?$|practitioners/(\{user_id\}/)?$|communications/deleted-sessions/$)"
)
METHODS = ("GET", "POST")
SWITCHES = sorted({need for _prefix, need in NEEDS if need})
AMOUNT = re.compile(r"[€$£]\s?\d|\d\s?[€$£]|\d[.,]\d\d\b|\bEUR\s?\d")


def team_pages() -> list[Route]:
    return [route for route in pages() if not route.is_portal and route.name not in PUBLIC]


def portal_pages() -> list[Route]:
    return [route for route in pages() if route.is_portal]


def need_of(route: Route) -> str | None:
    if route.address == "/":
        return None
    for prefix, need in NEEDS:
        if route.address.startswith(prefix):
            return need
    raise AssertionError(f"nobody said what {route} needs: add it to NEEDS")


def wrong(answers: Iterable[tuple[str, HttpResponse]], *allowed: int) -> list[str]:
    """The answers that are not among the statuses allowed."""
    return [
        f"{name}: {answer.status_code}{_why(answer)}" for name, answer in answers if answer.status_code not in allowed
    ]


def nothing(problems: list[str]) -> None:
    """Every problem in full, where there is one."""
    assert not problems, f"{len(problems)} problems\n" + "\n".join(problems)


def broken(answers: Iterable[tuple[str, HttpResponse]]) -> list[str]:
    return [f"{name}: {answer.status_code}{_why(answer)}" for name, answer in answers if answer.status_code >= 500]


def _why(answer: HttpResponse) -> str:
    error = getattr(answer, "exc_info", None)
    return f" {error[0].__name__}: {error[1]}" if error else f" {answer.headers.get('Location', '')}"


def fillable(world: World, routes: Iterable[Route]) -> Iterator[Route]:
    """Those of the addresses that can be asked; that there are no others is a test of its own."""
    for route in routes:
        try:
            world.things.address_of(route)
        except Unfilled:
            continue
        yield route


def asked(world: World, person: Person, routes: Iterable[Route], methods: Iterable[str] = METHODS, slug: str = ""):
    """Each address with its answers, gaps filled by the first business's things."""
    for route in fillable(world, routes):
        for method in methods:
            yield f"{method} {route.name}", person.ask(method, world.things.address_of(route), slug=slug)


def test_every_gap_of_every_address_can_be_filled(world: World) -> None:
    unfilled = []
    for route in (*pages(), *operations()):
        try:
            world.things.address_of(route)
        except Unfilled as error:
            unfilled.append(str(error))

    nothing(unfilled)
    assert len(pages()) > 150
    assert len(operations()) > 80


def test_every_page_of_the_team_says_what_it_needs() -> None:
    assert [need_of(route) for route in team_pages()]


def test_direct_sql_under_another_scope_sees_no_row_of_any_table(world: World) -> None:
    filled = 0
    for table in sorted(tenant_tables()):
        count = f"select count(*) from {table} where business_id = {world.business.pk}"
        with open_scope(world.business.pk):
            filled += rows(count) != [(0,)]
        with open_scope(world.other.pk):
            assert rows(count) == [(0,)], table
        assert rows(count) == [(0,)], table
    assert filled > 25


def test_every_page_answers_an_administrator(world: World) -> None:
    admin = world.people["admin"]
    answers = list(asked(world, admin, team_pages()))

    nothing(broken(answers))
    seen = [(name, answer) for name, answer in answers if name.startswith("GET")]
    nothing(wrong(seen, 200, 204, 302, 405))


def test_every_page_sends_nobody_to_the_sign_in(world: World) -> None:
    nobody = world.people["nobody"]
    answers = list(asked(world, nobody, [*team_pages(), *portal_pages()]))

    # Addresses that take one method only may say so before they ask who is there.
    nothing(wrong(answers, 302, 405))
    for name, answer in answers:
        assert answer.status_code == 405 or "/sign-in/" in answer["Location"], name


def test_public_pages_answer_nobody(world: World) -> None:
    public = [route for route in pages() if route.name in PUBLIC]

    assert {route.name for route in public} == PUBLIC
    nothing(wrong(asked(world, world.people["nobody"], public), 200, 302, 404, 405, 422))


def test_a_login_of_another_business_is_no_login_here(world: World) -> None:
    stranger = world.people["stranger"]
    answers = list(asked(world, stranger, [*team_pages(), *portal_pages()], slug=world.business.slug))

    nothing(wrong(answers, 302, 405))
    for name, answer in answers:
        assert answer.status_code == 405 or "/sign-in/" in answer["Location"], name


def test_another_business_finds_none_of_the_ids(world: World) -> None:
    with_ids = [route for route in team_pages() if any(gap.endswith("_id") for gap, _wanted in route.gaps)]

    nothing(wrong(asked(world, world.people["stranger"], with_ids), 404, 405))
    assert len(with_ids) > 60


def test_another_business_sees_none_of_the_names(world: World) -> None:
    with open_scope(world.business.pk):
        names = {user.last_name for user in User.objects.filter(role="client") if len(user.last_name) > 4}
    with open_scope(world.other.pk):
        names -= {name for user in User.objects.all() for name in (user.last_name, user.first_name)}
    lists = [route for route in team_pages() if not route.gaps]
    said = [
        f"{name} says {found}"
        for name, answer in asked(world, world.people["stranger"], lists, ["GET"])
        for found in names
        if f">{found}<" in answer.content.decode(errors="replace")
        or f" {found}<" in answer.content.decode(errors="replace")
    ]

    assert names
    nothing(said)


@pytest.mark.parametrize("name", ["client", "client-no-costs", "agent"])
def test_team_pages_are_closed_to_clients_and_agents(world: World, name: str) -> None:
    person = world.people[name]
    answers = list(asked(world, person, team_pages()))

    nothing(wrong([each for each in answers if each[0].startswith("GET")], 302, 405))
    nothing(wrong([each for each in answers if each[0].startswith("POST")], 403, 405))
    for asked_for, answer in answers:
        assert answer.status_code != 302 or answer["Location"] == f"/b/{person.slug}/my/", asked_for


@pytest.mark.parametrize("name", ["client", "client-no-costs", "agent"])
def test_portal_pages_answer_their_people(world: World, name: str) -> None:
    nothing(wrong(asked(world, world.people[name], portal_pages()), 200, 302, 403, 404, 405, 422))


def test_client_reaches_own_things_in_the_portal(world: World) -> None:
    own = [route for route in portal_pages() if route.gaps]
    client = world.people["client"]
    for route in own:
        assert client.ask("GET", world.own.address_of(route)).status_code == 200, route


def test_portal_sends_the_team_to_its_own_pages(world: World) -> None:
    for name in ("admin", "staff", "practitioner"):
        answers = list(asked(world, world.people[name], portal_pages()))
        nothing(wrong([each for each in answers if each[0].startswith("GET")], 302, 405))
        nothing(wrong([each for each in answers if each[0].startswith("POST")], 403, 405))


@pytest.mark.parametrize("permission", SWITCHES)
def test_staff_open_the_pages_of_a_permission_with_it_and_not_without(world: World, permission: str) -> None:
    routes = [route for route in team_pages() if need_of(route) == permission]

    with_it = world.person("staff", **with_permission("staff") | dict.fromkeys(SWITCHES, False) | {permission: True})
    own = [route for route in routes if route.name not in ADMINISTRATORS]
    nothing(wrong(asked(world, with_it, own, ["GET"]), 200, 204, 302, 405))
    without = world.person("staff", **with_permission("staff") | {permission: False})
    nothing(wrong(asked(world, without, routes), 403, 405))


def test_staff_without_any_permission_open_what_needs_none(world: World) -> None:
    staff = world.person("staff", **without_permission("staff"))

    routes = [each for each in team_pages() if not need_of(each)]
    nothing(wrong(asked(world, staff, routes), 200, 204, 302, 403, 404, 405, 422))


def test_practitioner_without_any_permission_opens_own_pages_only(world: World) -> None:
    practitioner = world.person("practitioner", **without_permission("practitioner"))
    closed = [route for route in team_pages() if not PRACTITIONERS.match(route.address)]
    allowed = [route for route in team_pages() if PRACTITIONERS.match(route.address)]

    nothing(wrong(asked(world, practitioner, closed), 403, 404, 405))
    nothing(wrong(asked(world, practitioner, allowed), 200, 204, 302, 400, 403, 404, 405, 409, 422))


def test_practitioner_with_everything_reaches_no_unassigned_client(world: World) -> None:
    practitioner = world.person("practitioner", **with_permission("practitioner"))
    user = practitioner.user
    assert user is not None
    with open_scope(world.business.pk):
        assigned = their_clients(user)
        in_their_sessions = Participant.objects.filter(session__practitioner=user).values("client_id")
        strangers = User.objects.filter(role="client").exclude(pk__in=assigned).exclude(pk__in=in_their_sessions)
        known = {user.name for user in User.objects.filter(pk__in=assigned)}
        stranger = next(user for user in strangers.order_by("id") if user.name not in known)
        taught = User.objects.get(pk=next(iter(assigned)))
    world.things.by_gap["client_id"], before = str(stranger.pk), world.things.by_gap["client_id"]
    try:
        of_a_client = [route for route in team_pages() if ("user_id", "client_id") in route.gaps]
        nothing(wrong(asked(world, practitioner, of_a_client), 403, 404, 405))
        listed = [
            f"{name} names {stranger}"
            for name, answer in asked(world, practitioner, [each for each in team_pages() if not each.gaps], ["GET"])
            if stranger.name in answer.content.decode(errors="replace")
        ]
        nothing(listed)
    finally:
        world.things.by_gap["client_id"] = before
    assert taught.name in practitioner.ask("GET", "/clients/").content.decode()


def test_practitioner_without_sight_reads_no_notes_and_no_contacts(world: World) -> None:
    practitioner = world.person("practitioner", see_contact_data=False, see_client_information=False)
    with open_scope(world.business.pk):
        assert practitioner.user is not None
        taught = str(next(iter(their_clients(practitioner.user))))
    world.things.by_gap["client_id"], before = taught, world.things.by_gap["client_id"]
    try:
        answers = list(asked(world, practitioner, team_pages(), ["GET"]))
    finally:
        world.things.by_gap["client_id"] = before
    for name, answer in answers:
        text = answer.content.decode(errors="replace")
        assert PHONE not in text, name
        assert "/clients/" not in name or NOTE not in text, name
    assert sum(answer.status_code == 200 for _name, answer in answers) > 8


@pytest.mark.parametrize("name", ["admin", "staff", "practitioner"])
def test_navigation_shows_what_opens_and_only_that(world: World, name: str) -> None:
    for permissions in ({}, without_permission(name) if name != "admin" else {}):
        person = world.person(name, **permissions)
        home = person.ask("GET", "/").content.decode()
        shown = set(re.findall(rf'<a[^>]+href="/b/{person.slug}(/[^"?#]*)"', home))
        refused = [path for path in sorted(shown) if person.ask("GET", path).status_code not in (200, 302)]

        nothing(refused)
        assert "/sign-in/" not in shown


# Costs hidden ------------------------------------------------------------------------------------------------------


def test_client_with_hidden_costs_reads_no_amount_on_any_page(world: World) -> None:
    with open_scope(world.business.pk):
        things = no_costs_things(world)
    client = world.people["client-no-costs"]
    opened = 0
    for route in portal_pages():
        answer = client.ask("GET", things.address_of(route))
        opened += answer.status_code == 200
        text = text_of(answer)
        assert not AMOUNT.search(text), f"{route}: {AMOUNT.search(text)}"
    assert opened >= 5


def test_client_with_hidden_costs_reads_no_amount_in_the_api(world: World) -> None:
    with open_scope(world.business.pk):
        things = no_costs_things(world)
    client = world.people["client-no-costs"]
    opened = []
    for route in fillable(world, operations()):
        if route.method != "GET":
            continue
        answer = client.call("GET", things.address_of(route))
        if answer.status_code == 200:
            opened.append(route.name)
            text = text_of(answer)
            assert not re.search(r'"-?\d+\.\d\d"', text) and not AMOUNT.search(text), f"{route}: {text[:400]}"
    assert "list_sessions" in opened


# The API -----------------------------------------------------------------------------------------------------------

BODIES = (b"", b"{}")


def called(world: World, person: Person, routes: Iterable[Route]):
    for route in fillable(world, routes):
        body = b"" if route.method in ("GET", "DELETE") else b"{}"
        yield str(route), person.call(route.method, world.things.address_of(route), body)


def test_operations_ask_for_a_token(world: World) -> None:
    nothing(wrong(called(world, world.people["nobody"], operations()), 401))


def test_operations_never_break_for_anybody(world: World) -> None:
    for name in ("admin", "staff", "practitioner", "client", "client-no-costs", "agent"):
        answers = list(called(world, world.people[name], operations()))
        nothing(broken(answers))
        nothing(wrong(answers, 200, 201, 204, 403, 404, 409, 422))


def test_every_read_answers_an_administrator(world: World) -> None:
    reads = [route for route in operations() if route.method == "GET"]

    nothing(wrong(called(world, world.people["admin"], reads), 200))


def test_operations_give_another_business_nothing(world: World) -> None:
    with_ids = [route for route in operations() if route.gaps]
    reads = [route for route in with_ids if route.method in ("GET", "DELETE")]
    writes = [route for route in with_ids if route.method not in ("GET", "DELETE")]

    nothing(wrong(called(world, world.people["stranger"], reads), 404))
    # A body with a field missing may be refused before anything is looked for.
    nothing(wrong(called(world, world.people["stranger"], writes), 404, 422))
    assert len(with_ids) > 50


def test_lists_of_the_api_show_another_business_nothing(world: World) -> None:
    ids = set(world.things.by_gap.values())
    for route in fillable(world, operations()):
        if route.method == "GET" and not route.gaps:
            text = world.people["stranger"].call("GET", route.address).content.decode()
            assert [each for each in ids if len(each) == 36 and each in text] == [], route


@pytest.mark.parametrize("name", ["client", "agent"])
def test_operations_show_clients_and_agents_only_their_own(world: World, name: str) -> None:
    person = world.people[name]
    assert person.user is not None
    with open_scope(world.business.pk):
        mine = {person.user.pk} | set(User.objects.filter(agent=person.user).values_list("pk", flat=True))
        others = [str(user.pk) for user in User.objects.filter(role="client").exclude(pk__in=mine)]
        own_things = set(world.own.by_gap.values())
    for route in fillable(world, operations()):
        if route.method != "GET" or any(value in own_things for value in (world.things.address_of(route).split("/"))):
            continue
        answer = person.call("GET", world.things.address_of(route) + ("?limit=500" if not route.gaps else ""))
        text = answer.content.decode(errors="replace")
        assert answer.status_code in (200, 403, 404, 422), route
        if answer.status_code == 200:
            assert NOTE not in text, route
            assert [each for each in others if each in text] == [], route


def test_reverse_knows_every_page_by_its_name(world: World) -> None:
    """A name that two addresses share would lead to the wrong one."""
    names = [route.name for route in pages()]

    assert len(names) == len(set(names))
