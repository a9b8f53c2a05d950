"""What clients and agents see, and that they see nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybook.people.models import Assignment, AvailabilityWindow, PermissionSwitch, User
from daybook.people.services import assign
from daybook.tenancy.actor import Actor
from daybook.workflows.complete_session import complete_session
from tests.factories.sessions import (
    NOW,
    add,
    at,
    make_client,
    make_completion_types,
    make_person,
    make_practitioner,
    make_service,
)
from tests.support.logins import BusinessClient, signed_in

PAGES = ["", "sessions/", "sessions/?past=1", "money/", "practitioners/", "times/", "account/"]
MONEY = re.compile(r"[€$£]|\d[.,]00\b")


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def leo(admin: Actor) -> User:
    """A client with a login, one saved session (60.00) and one to come, with Pia."""
    make_completion_types()
    leo = make_client(first_name="Leo", last_name="Brandt", username="leo")
    pia = make_practitioner(first_name="Pia", last_name="Albrecht", email="pia@example.org", phone="+49 30 5550123")
    service = make_service(name="Piano")
    past = add(admin, service, pia, leo, starts_at=at(6), public_note="Bring the book").session
    complete_session(actor=admin, now=NOW, session_id=past.pk)
    add(admin, service, pia, leo, starts_at=at(14, day=1))
    return leo


def read(browser: BusinessClient, path: str) -> str:
    answer = browser.get(f"/my/{path}")
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_client_sees_next_session_what_is_owed_and_its_practitioner(leo: User) -> None:
    browser = signed_in(leo)
    home = read(browser, "")
    assert "Piano with Pia Albrecht" in home
    assert "You owe" in home and "€60.00" in home
    assert "pia@example.org" in read(browser, "practitioners/")
    past = read(browser, "sessions/?past=1")
    assert past.count("session-line") == 1
    money = read(browser, "money/")
    assert "€60.00" in money and "Piano" in money and "Cost of the service: €60.00" in money


def test_hide_costs_leaves_no_price_anywhere(leo: User) -> None:
    PermissionSwitch.objects.create(user=leo, permission="hide_costs", granted=True)
    browser = signed_in(leo)
    session = leo.participations.get(status="completed").session_id
    for path in ("", "sessions/", "sessions/?past=1", f"sessions/{session}/", "practitioners/", "times/", "account/"):
        assert not MONEY.search(read(browser, path)), path
        assert "/my/money/" not in read(browser, path)
    for path in ("money/", "money/statement.pdf"):
        assert browser.get(f"/my/{path}").status_code == 403


def test_client_without_history_sees_nothing_past(leo: User) -> None:
    PermissionSwitch.objects.create(user=leo, permission="see_history", granted=False)
    browser = signed_in(leo)
    session = leo.participations.get(status="completed").session_id
    assert "Past" not in read(browser, "sessions/?past=1")
    assert browser.get(f"/my/sessions/{session}/").status_code == 404


def test_client_reaches_nobody_elses_things(leo: User, admin: Actor) -> None:
    mia = make_client(first_name="Mia", last_name="Other", username="mia")
    theirs = add(admin, make_service(), make_practitioner(), mia, starts_at=at(9, day=2)).session
    browser = signed_in(leo)
    assert browser.get(f"/my/sessions/{theirs.pk}/").status_code == 404
    assert browser.get(f"/my/?client={mia.pk}").status_code == 200
    assert "Mia" not in browser.get(f"/my/?client={mia.pk}").content.decode()
    assert "Mia" not in "".join(read(browser, path) for path in PAGES)


def test_group_session_shows_no_other_participant(leo: User, admin: Actor) -> None:
    mia = make_client(first_name="Mia", last_name="Other")
    session = add(admin, make_service(name="Choir"), make_practitioner(), leo, mia, starts_at=at(9, day=2)).session
    page = read(signed_in(leo), f"sessions/{session.pk}/")
    assert "Choir" in page and "Mia" not in page


@pytest.mark.parametrize("path", ["", "clients/", "settings/", "search/?q=leo", "reports/"])
def test_team_pages_send_clients_home(leo: User, path: str) -> None:
    answer = signed_in(leo).get(f"/{path}")
    assert answer.status_code == 302
    assert answer["Location"].endswith("/my/")


def test_team_is_sent_to_its_own_pages_and_nobody_to_sign_in(leo: User, admin: Actor) -> None:
    office = signed_in(User.objects.get(pk=admin.user_id))
    assert office.get("/my/")["Location"] == f"/b/{office.slug}/"
    assert office.post("/my/account/", {}).status_code == 403
    stranger = BusinessClient()
    stranger.slug = office.slug
    assert "/sign-in/?next=" in stranger.get("/my/money/")["Location"]


def test_agent_switches_between_own_clients_and_changes_nothing(leo: User) -> None:
    agent = make_person("agent", username="agnes")
    mia = make_client(first_name="Mia", agent=agent)
    User.objects.filter(pk=leo.pk).update(agent=agent)
    browser = signed_in(agent)
    home = read(browser, "")
    assert "Leo Brandt" in home and "Mia" in home
    for path in PAGES:
        separator = "&" if "?" in path else "?"
        read(browser, f"{path}{separator}client={leo.pk}")
    assert "€60.00" in read(browser, f"money/?client={leo.pk}")
    assert (
        browser.post(
            f"/my/times/?client={mia.pk}", {"availability-mon-start": "09:00", "availability-mon-end": "10:00"}
        ).status_code
        == 403
    )
    assert browser.get(f"/my/?client={make_client().pk}").status_code == 404
    assert browser.get("/my/?client=nonsense").status_code == 404


def test_agent_without_clients_is_told_so(leo: User) -> None:
    browser = signed_in(make_person("agent", username="agnes"))
    assert "Nobody is assigned" in read(browser, "")
    for path in ("sessions/", "money/", "times/"):
        assert browser.get(f"/my/{path}").status_code == 404


def test_client_sets_own_times_with_the_permission_alone(leo: User) -> None:
    browser = signed_in(leo)
    times = {"availability-mon-start": ["09:00", "15:00"], "availability-mon-end": ["10:30", "17:00"]}
    assert browser.post("/my/times/", times).status_code == 302
    assert AvailabilityWindow.objects.filter(user=leo).count() == 2
    assert (
        browser.post("/my/times/", {"availability-mon-start": "11:00", "availability-mon-end": "10:00"}).status_code
        == 422
    )
    assert browser.post("/my/times/", {}).status_code == 302
    assert not AvailabilityWindow.objects.filter(user=leo).exists()
    PermissionSwitch.objects.create(user=leo, permission="edit_availability", granted=False)
    assert browser.post("/my/times/", times).status_code == 403


def test_account_changes_names_and_password(leo: User) -> None:
    leo.set_password("correct horse")
    leo.save()
    browser = signed_in(leo)
    assert browser.post("/my/account/", {"first_name": "Leonard", "email": "nonsense"}).status_code == 422
    assert browser.post("/my/account/", {"first_name": "Leonard"}).status_code == 302
    wrong = {"current_password": "wrong", "password": "battery staple"}
    assert browser.post("/my/account/password/", wrong).status_code == 422
    assert browser.post("/my/account/password/", wrong | {"current_password": "correct horse"}).status_code == 302
    assert browser.get("/my/account/").status_code == 200
    assert User.objects.get(pk=leo.pk).check_password("battery staple")


def test_documents_of_own_account_are_pdfs(leo: User) -> None:
    answer = signed_in(leo).get("/my/money/statement.pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer["Cache-Control"] == "private, no-store"


def test_pages_take_as_many_queries_for_three_rows_as_for_one(leo: User, admin: Actor) -> None:
    browser = signed_in(leo)
    service = make_service()

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            read(browser, path)
        return len(captured)

    before = [queries(path) for path in PAGES]
    for number in range(2):
        pia = make_practitioner()
        session = add(admin, service, pia, leo, starts_at=at(2 + number) - timedelta(days=1)).session
        complete_session(actor=admin, now=NOW, session_id=session.pk)
        add(admin, service, pia, leo, starts_at=at(15, day=2 + number))
    assert [queries(path) for path in PAGES] == before
    assert Assignment.objects.filter(client=leo).count() == 3
    assert assign is not None
