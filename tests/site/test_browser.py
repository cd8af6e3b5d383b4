"""The site in a real browser: no console errors, no outside requests, accessible, readable on a phone, in the dark.

Needs Chromium, which ./scripts/test installs where it may (Debian, as root); skipped with a reason where there is none.
Screenshots are kept under screenshots/, which git ignores.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

import lobbyx
from lobbyx.reading.source import Source
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
    "topic": "/-/lobbyx/topic?q=export",
    "topic-issue": "/-/lobbyx/topic?q=TRD&period=2026+Q1",
    "topic-none": "/-/lobbyx/topic?q=zzzz",
    "firms": "/-/lobbyx/search?q=ballard",
    "checked": "/-/lobbyx/check?text=Coupang+spent+$3.31+million+on+lobbying+in+2023.&published=2025-12-25",
    "fields": "/-/lobbyx/check?org=Coupang&kind=difference&amount=1.88M&from=2024&to=2024&than_from=2023&than_to=2023",
    "error": "/-/lobbyx/check?text=https://example.com/",
    "review": "/-/lobbyx/review",
    "changes": "/-/lobbyx/changes",
    "groups": "/-/lobbyx/group",
    "group-not-on-file": "/-/lobbyx/group?name=Big+Tech&since=2024",
    "embed": "/-/lobbyx/verdict/1/embed",
    "embed-korean": "/-/lobbyx/verdict/1/embed?lang=ko",
    "table": "/coupang/verdicts",
}
SIZES = {"desktop": (1280, 900, "light"), "phone": (375, 800, "dark")}


@contextmanager
def running(db: Path, *options: str) -> Iterator[str]:
    """The address of `lobbyx serve`."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-c", "from lobbyx.cli import main; main()", "serve", "--db", str(db)]
    process = subprocess.Popen(
        [*command, "--port", str(port), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
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
def address(checked_db: Path) -> Iterator[str]:
    with running(checked_db) as found:
        yield found


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


def walk(browser: Any, address: str, pages: dict[str, str], size: str, language: str) -> None:
    """Opens each page: no errors, nothing from elsewhere, not wider than the screen, and nothing that axe finds."""
    SCREENSHOTS.mkdir(exist_ok=True)
    width, height, scheme = SIZES[size]
    viewport = {"width": width, "height": height}
    strict = browser.new_context(viewport=viewport, color_scheme=scheme, locale=language)
    for name, path in pages.items():
        page = strict.new_page()
        errors: list[str] = []
        asked: list[str] = []
        page.on("console", lambda m, errors=errors: errors.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e, errors=errors: errors.append(str(e)))
        page.on("request", lambda r, asked=asked: asked.append(r.url))
        page.goto(address + path)
        page.wait_for_load_state()
        page.screenshot(path=SCREENSHOTS / f"{name}-{size}-{language}.png")
        if name.startswith("error"):  # Chromium notes the status in its console
            errors = [e for e in errors if "status of 40" not in e]
        assert errors == [], name
        spoken = {"embed": "en", "embed-korean": "ko"}.get(name, language)  # the address alone decides for an embed
        assert name == "table" or page.get_attribute("html", "lang") == spoken, name
        assert [url for url in asked if not url.startswith((address, "data:"))] == [], name
        if name != "table":  # Datasette's own
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, name
        page.close()
    # The checker puts its script into the page, which our policy forbids: here alone it is not asked for.
    open_ = browser.new_context(viewport=viewport, color_scheme=scheme, locale=language, bypass_csp=True)
    for name, path in pages.items():
        if name != "table":
            page = open_.new_page()
            page.goto(address + path)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")  # what is folded too
            assert violations(page) == [], name
            page.close()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_clean_and_accessible(browser: Any, address: str, size: str, language: str) -> None:
    walk(browser, address, PAGES, size, language)


@pytest.fixture
def several(samples_db: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Pages that need several organizations, changes, names to review, and a verdict that an earlier version stored."""
    with lobbyx.open(samples_db) as ledger:
        for text in (
            "Big Tech companies spent more than $50 million on lobbying in 2024.",
            "Microsoft spent $9 on it.",
        ):
            source = Source("text", text, "2025-12-25")
            ledger.record(source, ledger.check(source, published="2025-12-25"))
        ledger.db.execute("UPDATE verdicts SET warnings = ?", [json.dumps([{"code": "x", "message": "Said then."}])])
        ledger.db.execute(
            "INSERT INTO changes (claim_id, noticed_at, as_of_before, verdict_before, reported_before, as_of, verdict, "
            "reported, reports) VALUES (1, '2026-08-01T06:17:00+00:00', '2026-01-10', 'unverifiable', 450000, "
            "'2026-07-20', 'supported', 580000, '[]')"
        )
        one, other = (
            row[0]
            for row in ledger.db.execute(
                "SELECT organization_id FROM ledger_lines GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 2"
            )
        )
    pages = {
        "several-compare": f"/-/lobbyx/organization/{one}?compare=%23{other}",
        "several-itself": f"/-/lobbyx/organization/{one}?compare=%23{one}",
        "several-with-group": f"/-/lobbyx/organization/{one}?compare=Big+Tech",
        "several-group": "/-/lobbyx/group?name=country:US",
        "several-issue": "/-/lobbyx/group?name=issue:TAX",
        "several-korea": "/-/lobbyx/group?name=South+Korean+companies",
        "several-changes": "/-/lobbyx/changes",
        "several-review": "/-/lobbyx/review",
        "several-search": "/-/lobbyx/search?q=tax",
        "several-topic": "/-/lobbyx/topic?q=TAX",
        "several-earlier": "/-/lobbyx/verdict/1",
        "error-group": "/-/lobbyx/group?name=No+Such",
        "error-part": "/-/lobbyx/topic?q=TAX&part=99",
        "error-organization": "/-/lobbyx/organization/999999",
    }
    with running(samples_db) as address:
        yield address, pages


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_about_several_are_clean_and_accessible(
    browser: Any, several: tuple[str, dict[str, str]], size: str, language: str
) -> None:
    walk(browser, *several, size, language)


@pytest.mark.parametrize(("locale", "compared"), [("en", "Comparison"), ("ko", "비교")])
def test_an_organization_is_compared_with_the_keyboard(
    browser: Any, several: tuple[str, dict[str, str]], locale: str, compared: str
) -> None:
    address, pages = several
    path, _, other = pages["several-compare"].partition("?compare=%23")
    page = browser.new_context(viewport={"width": 375, "height": 800}, locale=locale).new_page()
    page.goto(address + path)
    page.focus("details.lx-ask summary")
    page.keyboard.press("Enter")
    page.focus("#lx-compare")
    page.keyboard.type(f"#{other}")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("#lx-section-compare").count() == 1
    assert compared in page.inner_text(".lx-contents")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


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
    page.click("summary:has-text('Other dates')")
    page.fill("#lx-since", "2024")
    page.fill("#lx-until", "2024")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "$3,310,000" in page.inner_text("main")


def test_a_reading_is_changed_and_judged_again_with_the_keyboard(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto(address + PAGES["checked"])
    assert "Refuted" in page.inner_text("main")
    page.focus("summary:has-text('How it was read')")
    page.keyboard.press("Enter")  # opens the form
    assert page.input_value("#claim-1-amount") == "$3.31 million"
    assert page.is_visible("#claim-1-from")
    for field in ("#claim-1-from", "#claim-1-to"):
        page.fill(field, "2024")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Supported" in page.inner_text("main")
    assert page.inner_text("q") == "Coupang spent $3.31 million on lobbying in 2023."
    assert page.input_value("#claim-1-from") == "2024-01-01"
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "reading-phone.png", full_page=True)


def test_the_filings_behind_a_number_are_reached_with_the_keyboard(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto(address + "/-/lobbyx/search?q=export")
    page.focus("main a[href*='/topic?q=export']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.inner_text("h1") == "Who lobbied on export"
    number = page.locator("tbody td.lx-number a").first
    shown = number.evaluate("a => a.firstChild.textContent")
    number.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("#lx-filings")
    assert page.inner_text("h2#lx-filings") == f"The filings ({shown})"
    assert page.locator(".lx-group q").count() == int(shown)
    assert page.locator(".lx-group q mark").first.inner_text().lower().startswith("export")


@pytest.mark.parametrize(("locale", "counted"), [("en", "Members counted"), ("ko", "합산한 단체")])
def test_a_group_is_asked_for_with_the_keyboard(browser: Any, address: str, locale: str, counted: str) -> None:
    page = browser.new_context(viewport={"width": 375, "height": 800}, locale=locale).new_page()
    page.goto(f"{address}/-/lobbyx/group")
    page.focus("#lx-name")
    page.keyboard.type("Big Tech")
    page.keyboard.press("Tab")
    page.keyboard.type("2024")
    page.keyboard.press("Enter")
    page.wait_for_url("**/group?name=Big*")
    assert counted in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@contextmanager
def newsroom(story: str) -> Iterator[str]:
    """A page of another site. It is real: Chromium lets no made-up page of the internet frame one of this machine."""

    class Story(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!DOCTYPE html><title>Story</title>{story}".encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Story) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://localhost:{server.server_port}/story"
        finally:
            server.shutdown()


@pytest.mark.parametrize(("lang", "verdict"), [("en", "Depends on the method"), ("ko", "집계 방식에 따라 다름")])
def test_a_claim_is_shown_within_another_site(browser: Any, address: str, lang: str, verdict: str) -> None:
    described = requests.get(
        f"{address}/-/lobbyx/oembed", {"url": f"{address}/-/lobbyx/verdict/1?lang={lang}", "maxwidth": 340}, timeout=10
    ).json()
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
    with newsroom(described["html"]) as story:
        page.goto(story)
        page.frame_locator("iframe").locator("main").wait_for()
    frame = page.frame_locator("iframe")
    assert verdict in frame.locator("main").inner_text()
    body = frame.locator("html")
    assert body.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert body.get_attribute("lang") == lang
    assert frame.locator("blockquote").evaluate("e => getComputedStyle(e).borderLeftStyle") == "solid"  # lobbyx.css
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"embedded-{lang}.png")
    page.focus("iframe")
    page.keyboard.press("Tab")
    with context.expect_page() as opened:
        page.keyboard.press("Enter")
    opened.value.wait_for_load_state()
    assert opened.value.url.startswith(f"{address}/-/lobbyx/verdict/1?lang={lang}")
    # The page has no script; what the sandbox stops is this test's own looking into it.
    assert [e for e in errors if "Blocked script execution" not in e] == []
    # The whole page names what can be shared, in both languages.
    assert opened.value.get_attribute('main a[href*="card.svg"]', "href") == f"/-/lobbyx/verdict/1/card.svg?lang={lang}"


def test_a_check_is_stored_from_the_page_itself_alone(browser: Any, checked_db: Path) -> None:
    with running(checked_db, "--write") as address:
        page = browser.new_page()
        page.goto(f"{address}/-/lobbyx/check")
        page.fill("#lx-text", "Coupang spent $3.31 million on lobbying in 2024.")
        page.check("input[name=store]")
        with page.expect_navigation():
            page.click("text=Check it")
        assert "Stored: verdict 2" in page.inner_text("main")
        port = address.rsplit(":", 1)[1]
        for host in ("evil.example", f"evil.example:{port}", f"192.0.2.1:{port}"):
            answer = requests.get(f"{address}/-/lobbyx/check", headers={"Host": host}, timeout=10)
            assert (answer.status_code, answer.cookies.get_dict(), "csrf" in answer.text) == (403, {}, False)
            sent = requests.post(f"{address}/-/lobbyx/check", headers={"Host": host}, data={"text": "x"}, timeout=10)
            assert sent.status_code == 403
        assert requests.get(f"http://localhost:{port}/-/lobbyx/check", timeout=10).status_code == 200
