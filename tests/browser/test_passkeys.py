"""Passkeys in a browser, with an authenticator of its own: made, used, and looked after."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.test_every_page import violations
from tests.support.live import Live

PASSWORD = "a few words in a row"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    # What is refused with words is no fault of a script.
    page.on(
        "console", lambda said: faults.append(said.text) if said.type == "error" and "422" not in said.text else None
    )
    yield page
    assert faults == []
    context.close()


def add_device(page: Page) -> tuple[CDPSession, str]:
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    return browser, browser.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]


def sign_up(page: Page, url: str) -> str:
    page.goto(f"{url}/sign-up/")
    page.fill("[name=name]", "Linden Studio")
    page.fill("[name=your_name]", "Ada Linden")
    page.fill("[name=username]", "ada")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page).to_have_url(re.compile(r"/b/linden-studio/"))
    return f"{url}/b/linden-studio"


def first_step(page: Page, home: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{home}/sign-in/?next=/b/linden-studio/account/two-steps/")
    page.fill("[name=name]", "ada")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")


@pytest.mark.browser
def test_a_passkey_is_made_signs_in_and_is_removed(live_daybook: Live, page: Page) -> None:
    home = sign_up(page, f"http://localhost:{live_daybook.port}")
    browser, device = add_device(page)

    page.goto(f"{home}/account/two-steps/")
    assert violations(page) == []
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    kept = browser.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert [each["rpId"] for each in kept] == ["localhost"]

    first_step(page, home)
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name="Laptop")).to_be_visible()
    assert violations(page) == []

    # The same device is told apart from a new one.
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Twice")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("already")
    assert violations(page) == []

    page.goto(f"{home}/account/two-steps/")
    page.get_by_role("link", name="Laptop").click()
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_role("button", name="Make a passkey")).to_be_visible()


@pytest.mark.browser
def test_a_passkey_that_is_not_at_hand_or_copied_is_told_of(live_daybook: Live, page: Page) -> None:
    home = sign_up(page, f"http://localhost:{live_daybook.port}")
    browser, device = add_device(page)
    page.goto(f"{home}/account/two-steps/")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator(".recovery-codes code")).to_have_count(10)
    codes = page.locator(".recovery-codes code").all_inner_texts()
    kept = browser.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"][0]

    first_step(page, home)
    browser.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    browser.send("WebAuthn.removeCredential", {"authenticatorId": device, "credentialId": kept["credentialId"]})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("stopped before it was done")
    browser.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})

    browser.send("WebAuthn.addCredential", {"authenticatorId": device, "credential": {**kept, "signCount": 40}})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name="Laptop")).to_be_visible()
    browser.send("WebAuthn.removeCredential", {"authenticatorId": device, "credentialId": kept["credentialId"]})
    browser.send("WebAuthn.addCredential", {"authenticatorId": device, "credential": {**kept, "signCount": 7}})
    first_step(page, home)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert").first).to_contain_text("there may be a copy of it")
    assert violations(page) == []
    page.get_by_label("Recovery code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("May be copied")).to_be_visible()
    assert violations(page) == []


@pytest.mark.browser
def test_a_browser_without_passkeys_is_offered_none(live_daybook: Live, page: Page) -> None:
    page.add_init_script("delete window.PublicKeyCredential")
    home = sign_up(page, f"http://localhost:{live_daybook.port}")

    page.goto(f"{home}/account/two-steps/")

    expect(page.get_by_text("This browser has no passkeys.")).to_be_visible()
    expect(page.get_by_role("button", name="Make a passkey")).to_be_hidden()
    expect(page.get_by_role("heading", name="An authenticator app")).to_be_visible()
