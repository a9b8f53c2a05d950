"""The calendar under the hand: drag and take back, complete from the popup, add by dragging over free time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from daybook.scheduling.models import Session
from daybook.tenancy.actor import COMMAND
from daybook.tenancy.scope import open_scope
from tests.browser.conftest import Running
from tests.factories.sessions import add, make_client, make_practitioner, make_service
from tests.support.databases import used_by_django


@pytest.fixture
def office(browser: Browser, running: Running) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="Europe/Dublin")
    context.add_cookies(running.cookies("admin"))
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert faults == []
    context.close()


def day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def first_busy_day(page: Page, running: Running, days: range, state: str) -> None:
    """Open the first of these days that has a session in that state, a column a practitioner."""
    for offset in days:
        page.goto(f"{running.url}/calendar/?view=practitioners&date={day(offset)}")
        expect(page.locator("[data-calendar]")).to_have_attribute("data-count", re.compile("[0-9]"))
        if page.locator(f".ec-event.session.{state}").count():
            return
    pytest.fail(f"no session is {state}")


def drag(page: Page, x: float, y: float, down: float) -> None:
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 1, y + down / 2, steps=5)
    page.mouse.move(x, y + down, steps=5)
    page.mouse.up()


def test_a_session_is_dragged_and_taken_back(office: Page, running: Running) -> None:
    first_busy_day(office, running, range(2, 14), "is-open")
    event = office.locator(".ec-event.session.is-open").last
    event.scroll_into_view_if_needed()
    same = office.locator(f'.ec-event[aria-label="{event.get_attribute("aria-label")}"]')
    columns = same.count()  # one for each practitioner
    box = event.bounding_box()
    assert box
    drag(office, box["x"] + 20, box["y"] + 8, 240)
    toast = office.locator(".toast").last
    # Four hours later is free, or the sentence says who is there: then the event goes back by itself.
    expect(toast).to_have_text(re.compile("Moved to|Free from"))
    undo = toast.locator("[data-undo]")
    if undo.count():
        undo.click()
        expect(office.locator(".toast").last).to_contain_text("Back where it was")
    expect(same).to_have_count(columns)


def test_a_session_is_completed_from_its_popup(office: Page, running: Running) -> None:
    first_busy_day(office, running, range(-1, -14, -1), "is-due")
    due = office.locator(".ec-event.session.is-due")
    many = due.count()
    due.first.click()
    office.locator(".complete-bar .btn-primary").click()
    expect(office.locator(".toast").last).to_contain_text("Saved as")
    expect(due).to_have_count(many - 1)


def test_dragging_over_free_time_opens_the_form_with_its_times(office: Page, running: Running) -> None:
    office.goto(f"{running.url}/calendar/?view=day&date={day(400)}")
    column = office.locator(".ec-body .ec-day").first
    box = column.bounding_box()
    assert box
    drag(office, box["x"] + 100, 420, 60)
    drawer = office.locator("#drawer")
    expect(drawer).to_be_visible()
    assert drawer.locator("input[name=start]").input_value() < drawer.locator("input[name=end]").input_value()
    assert drawer.locator("input[name=day]").input_value() == day(400)


def test_a_clash_shows_before_the_drop(office: Page, running: Running) -> None:
    note = office.locator(".calendar-clash")
    for offset in range(2, 14):
        office.goto(f"{running.url}/calendar/?view=practitioners&date={day(offset)}")
        expect(office.locator("[data-calendar]")).to_have_attribute("data-count", re.compile("[0-9]"))
        if office.locator("[data-calendar]").get_attribute("data-count") != "0":
            expect(office.locator(".ec-event.session").first).to_be_visible()
        columns: dict[int, list[dict[str, float]]] = {}
        # The homework club may run beside others: nobody is taken by it.
        for event in office.locator('.ec-event.session.is-open:not([aria-label*="Homework club"])').all():
            if box := event.bounding_box():
                columns.setdefault(round(box["x"]), []).append(box)
        near = [
            sorted((box for box in found if 200 < box["y"] < 800), key=lambda box: box["y"])
            for found in columns.values()
        ]
        pair = next((found for found in near if len(found) > 1), None)
        if pair:
            break
    else:
        pytest.fail("nobody has two sessions on a day")
    upper, lower = pair[0], pair[1]
    x, y = upper["x"] + 20, upper["y"] + 6
    office.mouse.move(x, y)
    office.mouse.down()
    office.mouse.move(x + 1, y + 30, steps=3)
    office.mouse.move(x, y + lower["y"] - upper["y"], steps=8)
    expect(note).to_be_visible()
    told = note.inner_text()
    assert " is with " in told or " is taken " in told
    office.mouse.up()
    expect(office.locator(".toast").last).to_contain_text(told)
    expect(note).to_be_hidden()


def test_what_does_not_fit_stands_behind_its_number(office: Page, running: Running) -> None:
    """A week in a small window: what is side by side can be read, the rest opens from "+n"."""
    office.set_viewport_size({"width": 820, "height": 900})
    office.goto(f"{running.url}/calendar/?view=week&date={day(7)}")
    more = office.locator(".more-sessions").first
    expect(more).to_be_visible()
    behind = int(more.inner_text().removeprefix("+"))
    narrowest = min(box["width"] for event in office.locator(".session").all() if (box := event.bounding_box()))
    assert narrowest > 30
    more.focus()
    office.keyboard.press("Enter")
    popover = office.locator("#popover")
    rows = popover.locator(".more-row")
    expect(rows).to_have_count(behind)
    expect(rows.first).to_be_focused()
    rows.first.click()
    expect(popover.locator(".session-popup")).to_be_visible()
    office.keyboard.press("Escape")
    expect(popover).to_be_hidden()
    more.click()
    popover.locator(".more-onward").click()
    expect(office.locator('[data-calendar-view="day"]')).to_have_attribute("aria-pressed", "true")


def test_the_list_of_a_phone_fits_and_begins_at_today(office: Page, running: Running) -> None:
    office.set_viewport_size({"width": 390, "height": 844})
    office.goto(f"{running.url}/calendar/?view=list&date={day(0)}")
    events = office.locator(".ec-list .session")
    expect(events.first).to_be_attached()
    widths = [box["x"] + box["width"] for event in events.all() if (box := event.bounding_box())]
    assert max(widths) <= 390
    expect(office.locator(".ec-list")).not_to_contain_text("null")
    today = office.locator(".ec-list .ec-today")
    if today.count():  # a day without sessions is not in the list
        expect(today).to_be_in_viewport()


def in_its_books(running: Running, act: Callable[[], Any]) -> Any:
    """What `act` answers in the business's scope; in a thread of its own, since the browser's loop runs in this one."""

    def scoped() -> Any:
        with used_by_django(running.live.database), open_scope(running.world.business.pk, actor=COMMAND):
            return act()

    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(scoped).result()


def a_duet() -> tuple[UUID, list[UUID]]:
    """A session in 300 days that Ann leads and Ben assists; and the ids of Ann, Ben and Eva."""
    starts_at = (datetime.now(UTC) + timedelta(days=300)).replace(hour=10, minute=0, second=0, microsecond=0)
    ann, ben, eva = (make_practitioner(first_name=name, last_name="Duet") for name in ("Ann", "Ben", "Eva"))
    leo, service = make_client(first_name="Leo"), make_service(name="Duet")
    made = add(COMMAND, service, ann, leo, starts_at=starts_at, assistant_ids=[ben.pk])
    return made.session.pk, [ann.pk, ben.pk, eva.pk]


def test_a_session_of_two_stands_in_both_columns_and_is_dragged_from_either(
    office: Page, running: Running, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        session_id, (ann, ben, eva) = in_its_books(running, a_duet)

    def people() -> list[UUID]:
        def read() -> list[UUID]:
            row = Session.objects.get(pk=session_id)
            return [row.practitioner_id, *row.assistants.values_list("practitioner_id", flat=True)]

        with django_db_blocker.unblock():
            return in_its_books(running, read)

    chosen = "&".join(f"practitioner={each}" for each in (ann, ben, eva))
    office.goto(f"{running.url}/calendar/?view=practitioners&date={day(300)}&{chosen}")
    events = office.locator(".ec-event.session:not(.ec-preview):not(.ec-ghost)")
    expect(events).to_have_count(2)
    expect(events.first).to_have_attribute("aria-label", re.compile("Ann Duet, Ben Duet"))
    boxes = sorted((box for event in events.all() if (box := event.bounding_box())), key=lambda box: box["x"])
    step = boxes[1]["x"] - boxes[0]["x"]
    x, y = boxes[1]["x"] + 20, boxes[1]["y"] + 8
    office.mouse.move(x, y)
    office.mouse.down()
    office.mouse.move(x + step / 2, y + 1, steps=5)
    office.mouse.move(x + step, y, steps=5)
    office.mouse.up()
    expect(office.locator(".toast").last).to_contain_text("Moved to")
    assert people() == [ann, eva]
    office.locator(".toast").last.locator("[data-undo]").click()
    expect(office.locator(".toast").last).to_contain_text("Back where it was")
    assert people() == [ann, ben]
    office.goto(f"{running.url}/calendar/?view=day&date={day(300)}&practitioner={ben}")
    expect(office.locator(".ec-event.session")).to_contain_text("Ann Duet +1")
