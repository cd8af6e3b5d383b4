"""The site in a real browser: no console errors, no outside requests, accessible, readable on a phone, in the dark.

Needs Chromium, which ./scripts/test installs where it may (Debian, as root); skipped with a reason where there is none.
Screenshots are kept under screenshots/, which git ignores.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import ROOT
from tests.site.test_site import checked_db

__all__ = ["checked_db"]  # a fixture
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    pytest.mark.xdist_group("browser"),
]
SCREENSHOTS = ROOT / "screenshots"
PAGES = {
    "home": "/",
    "claim": "/-/lobbyx/verdict/1",
    "organization": "/-/lobbyx/organization/1",
    "search": "/-/lobbyx/search?q=export",
    "review": "/-/lobbyx/review",
    "table": "/coupang/verdicts",
}
SIZES = {"desktop": (1280, 900, "light"), "phone": (375, 800, "dark")}


@pytest.fixture
def address(checked_db: Path) -> Iterator[str]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-c",
        "from lobbyx.cli import main; main()",
        "serve",
        "--db",
        str(checked_db),
    ]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                requests.get(f"http://127.0.0.1:{port}/", timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield opened
        opened.close()


def violations(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    return [f"{v['id']}: {v['nodes'][0]['html'][:150]}" for v in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_clean_and_accessible(browser: Any, address: str, size: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    width, height, scheme = SIZES[size]
    viewport = {"width": width, "height": height}
    strict = browser.new_context(viewport=viewport, color_scheme=scheme)
    for name, path in PAGES.items():
        page = strict.new_page()
        errors: list[str] = []
        asked: list[str] = []
        page.on("console", lambda m, errors=errors: errors.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e, errors=errors: errors.append(str(e)))
        page.on("request", lambda r, asked=asked: asked.append(r.url))
        page.goto(address + path)
        page.wait_for_load_state()
        page.screenshot(path=SCREENSHOTS / f"{name}-{size}.png")
        assert errors == [], name
        assert [url for url in asked if not url.startswith((address, "data:"))] == [], name
        if name != "table":  # Datasette's own
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, name
        page.close()
    # The checker puts its script into the page, which our policy forbids: here alone it is not asked for.
    open_ = browser.new_context(viewport=viewport, color_scheme=scheme, bypass_csp=True)
    for name, path in PAGES.items():
        if name != "table":
            page = open_.new_page()
            page.goto(address + path)
            assert violations(page) == [], name
            page.close()


def test_a_claim_is_checked_with_the_keyboard(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.focus("#lx-text")
    page.keyboard.type("Coupang has spent at least $10 million on lobbying since August 2021.")
    page.keyboard.press("Tab")
    page.keyboard.type("2025-12-25")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Depends on the method" in page.inner_text("main")
    assert "$8,580,000" in page.inner_text("main")
    assert page.inner_text("mark") == "at least $10 million on lobbying since August 2021"
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "check-desktop.png")
    with page.expect_navigation():
        page.click("text=All about Coupang, Inc.")
    page.fill("#lx-since", "2024")
    page.fill("#lx-until", "2024")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "$3,310,000" in page.inner_text("main")
