"""Pictures of the main pages into docs/screenshots: the demo and an empty business, desktop and phone, light and dark.

Starts Daybook on a data folder of its own, thrown away afterwards. Needs Chromium. Run by `make screenshots`.
"""

from __future__ import annotations

import base64
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "screenshots"
DAYBOOK = [sys.executable, "-m", "daybook.ops"]
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
QUALITY = 78

PAGES = {
    "dashboard": "",
    "calendar": "calendar/",
    "sessions": "sessions/",
    "clients": "clients/",
    "client": "first:clients/",
    "balances": "accounting/balances/",
    "payments": "accounting/payments/",
    "invoices": "accounting/invoices/",
    "invoice": "first:accounting/invoices/",
    "reports": "reports/revenue/",
    "settings": "settings/services/",
}
PORTAL = {"portal": "my/"}
EMPTY = {"empty-dashboard": "", "empty-clients": "clients/", "empty-calendar": "calendar/"}


def free_port() -> int:
    with socket.socket() as test:
        test.bind(("127.0.0.1", 0))
        return int(test.getsockname()[1])


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a Daybook with the demo and an empty business."""
    port = free_port()
    data = ["--data-dir", str(folder)]
    made = subprocess.run(
        [*DAYBOOK, *data, "create-business", "--name", "New Studio", "--slug", "new", "--currency", "EUR"]
        + [
            "--time-zone",
            "Europe/Berlin",
            "--plan",
            "trial",
            "--admin-username",
            "admin",
            "--admin-password",
            "daybook-demo",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(made.stdout)["slug"] == "new"
    up = subprocess.Popen([*DAYBOOK, *data, "up", "--port", str(port), "--demo"], stdout=subprocess.PIPE, text=True)
    try:
        assert up.stdout is not None
        assert "ready" in up.stdout.readline()
        yield f"http://127.0.0.1:{port}/b/"
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(30)


def sign_in(page: Page, base: str, user: str) -> None:
    page.goto(f"{base}sign-in/")
    page.get_by_role("textbox").first.fill(user)
    page.locator("input[type=password]").fill("daybook-demo")
    page.locator("main form button[type=submit], main form button:not([type])").last.click()
    page.wait_for_load_state("networkidle")


def address(page: Page, base: str, path: str) -> str:
    """`first:list/` is the first record that the list leads to."""
    if not path.startswith("first:"):
        return base + path
    page.goto(base + path.removeprefix("first:"))
    link = page.locator("tbody a[href]:not([href^='mailto:']):not([href^='tel:'])").first.get_attribute("href") or ""
    return base.partition("/b/")[0] + link


def shoot(browser: Browser, base: str, user: str, pages: dict[str, str]) -> None:
    for size, (width, height) in SIZES.items():
        for theme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
            )
            page = context.new_page()
            sign_in(page, base, user)
            for name, path in pages.items():
                page.goto(address(page, base, path))
                page.wait_for_load_state("networkidle")
                session = context.new_cdp_session(page)
                shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
                (TARGET / f"{name}-{size}-{theme}.webp").write_bytes(base64.b64decode(shot["data"]))
            context.close()


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    chromium = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if chromium is None:
        sys.exit("No Chromium on the path: install it with your system's packages.")
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "data") as base,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        shoot(browser, f"{base}demo/", "admin", PAGES)
        shoot(browser, f"{base}demo/", "client", PORTAL)
        shoot(browser, f"{base}new/", "admin", EMPTY)
        browser.close()
    print(f"{len(list(TARGET.glob('*.webp')))} pictures in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
