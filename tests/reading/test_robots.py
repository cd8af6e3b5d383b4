"""robots.txt as RFC 9309 says: which rules hold, and what each kind of answer means."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lobbyx
from lobbyx.cli.watching import Seen, run
from lobbyx.reading import robots, safe_fetch
from lobbyx.reading.robots import NotWelcome, Robots, may_read, rules
from lobbyx.stored_claims.watching import Watchlist
from tests.stored_claims.test_watching import NOW


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\n\n\nDisallow: /a", "/a/b", False),
        ("User-agent: *\nDisallow: /\nAllow: /news", "/news/1", True),
        ("User-agent: *\nDisallow: /news/private\nAllow: /news", "/news/private/1", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /\nUser-agent: lobbyx\nAllow: /", "/a", True),
        ("User-agent: LobbyX/2.0\nDisallow: /\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: other\nUser-agent: lobbyx\nDisallow: /x", "/x", False),
        ("User-agent: lobby\nDisallow: /", "/a", True),
        ("User-agent: lobbyx\nDisallow:\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /*?print=", "/a?print=1", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
        ("User-agent: * # all\nDisallow: /a # not this", "/a", False),
        ("\ufeffuser-AGENT : *\r\ndisallow : /a\r\n", "/a", False),
        ("Disallow: /\nUser-agent: *\nCrawl-delay: ²\nDisallow: //[x", "/a", True),
        ("<html><body>User-agent</body></html>", "/a", True),
        ("\x00\x01:::\nUser-agent\n: :", "/a", True),
    ],
)
def test_which_rules_hold(text: str, path: str, allowed: bool) -> None:
    assert may_read(rules(text), path) is allowed


@given(st.text(max_size=300), st.text(max_size=50))
def test_no_text_breaks_it(text: str, path: str) -> None:
    assert may_read(rules(f"User-agent: *\nDisallow: /{text}\n{text}"), "/" + path) in (True, False)


def test_a_hostile_pattern_is_not_slow() -> None:
    text = "User-agent: *\n" + "".join(f"Disallow: /{'*a' * 40}{n}b$\n" for n in range(10_000))
    began = time.process_time()
    assert may_read(rules(text), "/" + "a" * 2_000)
    assert time.process_time() - began < 5


class Host(BaseHTTPRequestHandler):
    """Answers /robots.txt with what the server was told to, and anything else with a page."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append(self.path)
        status, body, kind = (200, b"<p>page</p>", "text/html")
        if self.path.startswith("/robots.txt"):
            status, body, kind = server.robots
        moved = server.moved.get(self.path)
        self.send_response(301 if moved else status)
        self.send_header("Content-Type", kind)
        if moved:
            self.send_header("Location", moved)
        elif status == 302:
            self.send_header("Location", "/robots.txt?again")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def serving() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.asked, server.moved, server.robots = [], {}, (404, b"", "text/plain")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def host() -> Iterator[Any]:
    with serving() as server:
        yield server


@pytest.fixture
def other() -> Iterator[Any]:
    """Another host, to which the first redirects."""
    with serving() as server:
        yield server


def fetch_here(url: str, **how: Any) -> safe_fetch.Fetched:
    return safe_fetch.fetch(url, allowed=lambda ip: ip == "127.0.0.1", **how)


CLOSED = b"User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    ("answer", "welcome", "why"),
    [
        ((200, b"User-agent: *\nDisallow: /private\n", "text/plain"), True, ""),
        ((200, CLOSED, "text/plain; charset=utf-8"), False, "does not let programs read it"),
        ((200, CLOSED, "application/octet-stream"), False, "does not let programs read it"),
        ((200, b"\xff\xfe\x00" * 9, "text/plain"), True, ""),
        ((200, b"", "text/plain"), True, ""),
        ((404, CLOSED, "text/plain"), True, ""),
        ((403, CLOSED, "text/plain"), True, ""),
        ((302, b"", "text/plain"), True, ""),
        ((500, b"", "text/plain"), False, "the server answered 500"),
        ((503, b"User-agent: *\nAllow: /", "text/plain"), False, "the server answered 503"),
        ((200, CLOSED + b"#" * 5_000_000, "text/plain"), False, "does not let programs read it"),
        ((200, b"#" * 600_000 + b"\n" + CLOSED, "text/plain"), True, ""),
    ],
)
def test_what_each_answer_means(host: Any, answer: tuple[int, bytes, str], welcome: bool, why: str) -> None:
    host.robots = answer
    asked = Robots(fetch_here)
    page = f"http://127.0.0.1:{host.server_port}/story?id=1"
    for _ in range(2):
        if welcome:
            asked.require(page)
        else:
            with pytest.raises(NotWelcome, match=why):
                asked.require(page)
    assert host.asked.count("/robots.txt") == 1


def test_a_host_that_is_not_there_or_not_public_is_not_read() -> None:
    def unreachable(url: str, **how: Any) -> safe_fetch.Fetched:
        return safe_fetch.fetch(url, allowed=lambda ip: False, **how)

    for fetch in (fetch_here, unreachable):
        with pytest.raises(NotWelcome, match="cannot be asked"):
            Robots(fetch).require("http://127.0.0.1:9/story")


def test_watch_asks_before_it_reads(host: Any, coupang: lobbyx.Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    here = f"http://127.0.0.1:{host.server_port}"
    host.robots = (200, CLOSED, "text/plain")
    seen = Seen()
    run(coupang, Watchlist(feeds=(f"{here}/feed.xml",)), seen, NOW, 5, fetch_here, pause=lambda seconds: None)
    assert host.asked == ["/robots.txt"]
    assert seen.feeds_failed == 1
    assert "robots.txt of the site does not let programs read it" in seen.problems[0]
    host.asked.clear()
    host.robots = (404, b"", "text/plain")
    run(coupang, Watchlist(feeds=(f"{here}/feed.xml",)), Seen(), NOW, 5, fetch_here, pause=lambda seconds: None)
    assert host.asked == ["/robots.txt", "/feed.xml"]


@pytest.mark.parametrize(
    ("rules_there", "asked_there", "told"),
    [
        ((200, CLOSED, "text/plain"), ["/robots.txt"], "does not let programs read it"),
        ((503, b"", "text/plain"), ["/robots.txt"], "robots.txt cannot be asked"),
        ((404, b"", "text/plain"), ["/robots.txt", "/feed.xml"], "is not an RSS or Atom feed"),
        (
            (200, b"User-agent: *\nDisallow: /private", "text/plain"),
            ["/robots.txt", "/feed.xml"],
            "is not an RSS or Atom feed",
        ),
    ],
)
def test_a_redirect_to_another_host_asks_that_host_first(
    host: Any, other: Any, coupang: lobbyx.Ledger, rules_there: Any, asked_there: list[str], told: str
) -> None:
    here, there = (f"http://127.0.0.1:{one.server_port}" for one in (host, other))
    host.moved["/feed.xml"] = f"{there}/feed.xml"
    other.robots = rules_there
    seen, paused = Seen(), list[float]()
    run(coupang, Watchlist(feeds=(f"{here}/feed.xml",)), seen, NOW, 5, fetch_here, pause=paused.append)
    assert (host.asked, other.asked) == (["/robots.txt", "/feed.xml"], asked_there)
    assert seen.feeds_failed == 1
    assert told in seen.problems[0]
    assert paused  # between two requests to one host


def test_a_redirect_within_a_host_keeps_its_rules(host: Any, coupang: lobbyx.Ledger) -> None:
    host.moved["/feed.xml"] = "/private/feed.xml"
    host.robots = (200, b"User-agent: *\nDisallow: /private", "text/plain")
    seen = Seen()
    feed = f"http://127.0.0.1:{host.server_port}/feed.xml"
    run(coupang, Watchlist(feeds=(feed,)), seen, NOW, 5, fetch_here, pause=lambda seconds: None)
    assert host.asked == ["/robots.txt", "/feed.xml"]
    assert "does not let programs read it" in seen.problems[0]


def test_a_redirect_to_no_address_is_told(host: Any) -> None:
    host.moved["/story"] = "http://[nowhere/"
    with pytest.raises(safe_fetch.UnreachablePage, match="redirects to what is no address"):
        fetch_here(f"http://127.0.0.1:{host.server_port}/story")


def test_the_agent_is_the_one_that_is_sent() -> None:
    assert safe_fetch.HEADERS["User-Agent"].partition(" ")[0] == robots.AGENT
