"""The help beside a page: opened by its key, searched, read, left, without leaving the page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Running
from tests.browser.test_every_page import violations


def test_the_key_opens_the_help_of_the_page_and_escape_leads_back(page: Page, running: Running) -> None:
    page.context.add_cookies(running.cookies("admin"))
    page.goto(f"{running.url}/clients/")
    button = page.locator("a[data-help]")
    panel = page.locator("#drawer")
    search = panel.get_by_role("searchbox")

    button.focus()
    page.keyboard.press("?")
    expect(search).to_be_focused()
    expect(panel.locator(".help-here")).to_contain_text("Add ")
    assert violations(page) == []

    page.keyboard.type("invoce")
    expect(panel.locator(".help-results > .help-list li").first).to_contain_text("Write ")
    expect(search).to_be_focused()

    panel.locator(".help-results a").first.click()
    expect(panel.locator(".help-article")).to_be_visible()
    expect(panel.get_by_role("link", name="All help")).to_be_focused()
    assert violations(page) == []

    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()
    assert page.url.endswith("/clients/")


def test_without_scripts_the_button_leads_to_the_help_about_the_page(running: Running, browser: object) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    context.add_cookies(running.cookies("client"))
    page = context.new_page()
    page.goto(f"{running.url}/my/money/")
    page.locator("a[data-help]").click()

    expect(page.locator(".help-here")).to_contain_text("What do I owe")
    page.get_by_role("searchbox").fill("pasword")
    page.keyboard.press("Enter")
    expect(page.locator(".help-results li").first).to_contain_text("password")
    context.close()
