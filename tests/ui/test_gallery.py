"""The gallery in a browser: clean for axe, no word in the console, and the parts do what they promise."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PAGES = ["", "list/", "record/", "form/", "empty/", "public/", "portal/", "errors/404/", "errors/500/"]
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


@pytest.fixture
def heard(page):
    """What the console said that it should not."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def look(page, url):
    page.goto(url)
    page.evaluate("document.fonts.ready.then(() => true)")


def violations(page):
    result = Axe().run(page, options=AXE)
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]} ({each['nodes'][0].get('failureSummary', '')[:240]})"
        for each in result.response["violations"]
    ]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible_and_quiet(page, gallery, heard, theme, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for path in PAGES:
        look(page, gallery + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the window"
    assert [text for text in heard if "25:00" not in text] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_layers_are_accessible(page, gallery, heard, theme):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    look(page, gallery + "record/")
    page.get_by_role("link", name="Add a session").click()
    page.wait_for_selector("#drawer[open] .form")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator(".figure .explain").click()
    page.wait_for_selector("#popover .reasons")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open] [role=option]")
    assert violations(page) == []
    assert heard == []


def test_filters_search_and_back_live_in_the_address(page, gallery, heard):
    look(page, gallery + "list/")
    page.get_by_role("button", name="Status").click()
    page.locator(".menu:popover-open").get_by_text("Active", exact=True).click()
    page.wait_for_url("**/list/?status=active")
    page.locator(".filter-set").first.wait_for()
    page.locator("[data-list-search]").fill("pia")
    page.wait_for_url("**q=pia")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert page.evaluate("document.activeElement.name") == "q"
    page.go_back()
    expect(page.locator("#list tbody tr")).to_have_count(5)
    expect(page.locator("[data-list-search]")).to_have_value("")
    assert heard == []


def test_sorting_keeps_the_focus(page, gallery, heard):
    look(page, gallery + "list/")
    page.get_by_role("link", name="Balance").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=balance")
    page.locator("th[aria-sort=ascending] a[data-sort=balance]").wait_for()
    assert page.evaluate("document.activeElement.dataset.sort") == "balance"


def test_ticked_rows_raise_the_bar(page, gallery, heard):
    look(page, gallery + "list/")
    page.locator("tbody [data-check]").nth(0).check()
    page.locator("tbody [data-check]").nth(2).click(modifiers=["Shift"])
    assert page.locator("[data-bulk-count]").inner_text() == "3"
    page.locator("[data-bulk-clear]").click()
    assert not page.locator("[data-bulk-bar]").is_visible()


def test_a_drawer_minds_what_was_typed_and_gives_the_focus_back(page, gallery, heard):
    look(page, gallery + "list/")
    opener = page.locator(".page-head a[data-drawer]")
    opener.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer[open] .form")
    assert page.evaluate("document.querySelector('#drawer').contains(document.activeElement)")
    page.locator("#drawer input[name=name]").fill("Something else")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Go on editing").click()
    assert page.locator("#drawer input[name=name]").input_value() == "Something else"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Close without saving").click()
    page.wait_for_selector("dialog[open]", state="detached")
    assert page.evaluate("document.activeElement.hasAttribute('data-drawer')")


def test_a_refused_form_stays_in_the_drawer_with_its_words(page, gallery, heard):
    look(page, gallery + "list/")
    page.locator(".page-head a[data-drawer]").click()
    page.wait_for_selector("#drawer[open] .form")
    page.locator("#drawer input[name=cost]").fill("12.345")
    page.locator("#drawer .form").evaluate("form => form.noValidate = true")
    page.locator("#drawer .btn-primary").click()
    page.wait_for_selector("#drawer .field-error")
    assert "2 digits after the point" in page.locator("#drawer").inner_text()
    assert [text for text in heard if "422" not in text] == []


def test_the_combobox_by_keyboard(page, gallery, heard):
    look(page, gallery + "form/")
    box = page.get_by_role("combobox", name="Student")
    box.click()
    box.fill("ross")
    page.get_by_role("option", name="Sofia Rossi").wait_for()
    page.keyboard.press("Enter")
    assert box.input_value() == "Sofia Rossi"
    assert page.locator("select[name=client]").evaluate("select => select.value") == "5"


def test_a_week_gets_a_window_and_loses_it(page, gallery, heard):
    look(page, gallery + "form/")
    page.get_by_role("button", name="Add a window on Tuesday").click()
    assert page.locator("[name=week-tue-start]").count() == 1
    page.get_by_role("button", name="Remove this window of Tuesday").click()
    assert page.locator("[name=week-tue-start]").count() == 0


def test_the_theme_is_kept(page, gallery, heard):
    look(page, gallery)
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_first_load_is_small(gallery):
    """All that the dashboard of the gallery loads, charts among it, stays under 350 kB packed."""
    import gzip

    static = Path(__file__).resolve().parents[2]
    ui, vendor = static / "src/daybook/ui/static/ui", static / "build/static/vendor"
    files = [
        *(ui / "css").glob("*.css"),
        *(ui / "js").glob("*.js"),
        vendor / "htmx.js",
        vendor / "chart.js",
        vendor / "icons.svg",
    ]
    packed = (
        sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)
        + (vendor / "fonts/sans-latin.woff2").stat().st_size
    )
    assert packed < 250_000, json.dumps({path.name: len(gzip.compress(path.read_bytes(), 6)) for path in files})
