"""Files and pages -> text and publication date; what may be fetched from the web and what may not."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lobbyx
from lobbyx.reading import html_page, safe_fetch
from lobbyx.reading.source import LARGEST_FILE, UnreadableSource, read
from tests.conftest import Run

D = date.fromisoformat
CLAIM = "Globex Corp. has spent at least $4.5 million on lobbying in Washington since March 2022."
STORY = f"""<h1>Widget wars reach the Capitol</h1><p>The Widget Safety Act returned to the Senate floor on Tuesday, two
months after a recall of 4.1 million widgets.</p><p>Globex has been anything but passive. According to filings with the
U.S. Senate, {CLAIM}</p><p>“We comply with every rule,” a spokeswoman said, and would not say more about it.</p>"""


def page(head: str = "", body: str = STORY) -> str:
    return (
        f"<!doctype html><html><head><title>Widget wars | The Paper</title>{head}</head><body><nav><a href='/'>Home</a>"
        f"<a href='/x'>Acme spent $9 million on lobbying in 2020</a></nav><article>{body}</article>"
        "<script>var x = 'Acme spent $8 million on lobbying in 2020.';</script></body></html>"
    )


LD = json.dumps({"@graph": [{"@type": "NewsArticle", "headline": "x", "datePublished": "2025-06-04T08:00:00+09:00"}]})
META = "<meta property='article:published_time' content='2025-06-03T22:00:00-04:00'>"


@pytest.mark.parametrize(
    ("head", "body", "url", "published", "source"),
    [
        (META, STORY, None, "2025-06-03", "metadata"),
        (f"{META}<script type='application/ld+json'>{LD}</script>", STORY, None, "2025-06-03", "metadata"),
        (
            f"<script type='application/ld+json'>{LD}</script>",
            STORY,
            "https://x.org/2025/01/02/a",
            "2025-06-04",
            "json-ld",
        ),
        (
            "<script type='application/ld+json'>{broken</script>",
            STORY,
            "https://x.org/2025/01/02/a",
            "2025-01-02",
            "url",
        ),
        ("", STORY, "https://x.org/news/20250607-widgets", "2025-06-07", "url"),
        (
            "",
            f"<p>Published June 8, 2025 at 9:00 a.m. ET</p>{STORY}",
            "https://x.org/story/123456",
            "2025-06-08",
            "text",
        ),
        ("", f"<p>입력 2025.06.09 10:30</p>{STORY}", None, "2025-06-09", "text"),
        ("<meta name='date' content='soon'>", STORY, None, None, None),
    ],
)
def test_the_date_is_found_where_it_stands_first(
    head: str, body: str, url: str | None, published: str | None, source: str | None
) -> None:
    found = html_page.read(page(head, body), url)
    assert (found.published, found.published_source) == (published and D(published), source)
    assert found.title is not None
    assert "Widget wars" in found.title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-12-25T09:00:00+09:00", "2025-12-25"),
        ("20251225", "2025-12-25"),
        ("2025.12.25.", "2025-12-25"),
        ("2025. 12. 25", "2025-12-25"),
        ("2025년 12월 25일", "2025-12-25"),
        ("Dec. 25, 2025", "2025-12-25"),
        ("Thursday, December 25, 2025", "2025-12-25"),
        ("25 December 2025", "2025-12-25"),
        ("2025-13-01", None),
        ("Movember 5, 2025", None),
        ("", None),
    ],
)
def test_dates_as_papers_write_them(text: str, expected: str | None) -> None:
    assert html_page.day(text) == (expected and D(expected))


def test_a_date_inside_a_sentence_is_no_dateline() -> None:
    assert html_page.dateline("2025-12-25 was the day the bill passed, said Acme.\n") is None
    assert html_page.dateline("Story\nDec. 25, 2025 10:30 a.m.\nText") == D("2025-12-25")
    assert html_page.dateline("WASHINGTON, Dec. 25, 2025 (Reuters) - Acme spent it.") == D("2025-12-25")
    assert html_page.dateline("In WASHINGTON, Dec. 25, 2025 was quiet - very quiet.") is None
    assert html_page.dateline("입력 : 2025.12.25. 오전 9:00\n쿠팡은") == D("2025-12-25")


def test_a_page_gives_the_claims_of_its_article_alone(tmp_path: Path) -> None:
    file = tmp_path / "story.html"
    file.write_text(page(META), encoding="utf-8")
    source = read(file)
    (claim,) = lobbyx.extract(source.text, source.published)
    assert (claim.org, claim.value, claim.window.end) == ("Globex Corp.", 4_500_000, D("2025-06-03"))
    document = source.json()
    assert document["text"][claim.start : claim.end] == claim.text
    assert (document["published"], document["published_source"]) == ("2025-06-03", "metadata")
    given_ = read(file, "2025-07-01")
    assert (given_.published, given_.published_source) == ("2025-07-01", "given")


def test_a_fragment_and_nested_markup_are_read(tmp_path: Path) -> None:
    assert CLAIM in html_page.read(f"<p>{CLAIM}</p>").text
    deep = "<div>" * 5_000 + CLAIM + "</div>" * 5_000
    assert CLAIM in html_page.read(deep).text or html_page.read(deep).text == ""
    assert html_page.read("").text == ""


def test_encodings(tmp_path: Path) -> None:
    korean = "<html><head><meta charset='euc-kr'></head><body><p>쿠팡은 2024년 로비에 331만달러를 썼다고 상원 보고서는 밝혔다.</p></body></html>"
    for name, body in (
        ("declared.html", korean.encode("cp949")),
        ("undeclared.html", korean.replace("<meta charset='euc-kr'>", "").encode("cp949")),
        ("bom.html", b"\xef\xbb\xbf" + korean.encode()),
        ("utf16.html", korean.encode("utf-16")),
    ):
        (tmp_path / name).write_bytes(body)
        source = read(tmp_path / name)
        assert [c.value for c in lobbyx.extract(source.text, "2025-12-25")] == [3_310_000], name
    (tmp_path / "broken.html").write_bytes(b"<p>\xff\xfa " + CLAIM.encode() + b"\xc3</p>")
    assert "4.5 million" in read(tmp_path / "broken.html").text


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.html", b"%PDF-1.7 ...", "binary file"),
        ("a.html", b"\x89PNG\r\n\x1a\n....", "binary file"),
        ("a.html", b"<html><body><script>x()</script></body></html>", "no text was found"),
        ("a.html", b"", "no text was found"),
        ("a.html", b"x" * (LARGEST_FILE + 1), "larger than 10 MB"),
        ("a.docx", b"x", "lobbyx reads"),
        ("a.txt", b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_what_is_no_article_is_refused(tmp_path: Path, name: str, body: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(UnreadableSource, match=says):
        read(tmp_path / name)


@given(st.text(max_size=300))
def test_any_markup_is_read_or_empty(text: str) -> None:
    assert isinstance(html_page.read(f"<p>{text}").text, str)
    assert isinstance(html_page.read(text).text, str)


# The web -----------------------------------------------------------------------------------------------------------


class Site(BaseHTTPRequestHandler):
    """A server with good and bad pages."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Host"), self.headers.get("Authorization")))  # type: ignore[attr-defined]
        body, kind, status, more = page(META).encode(), "text/html; charset=utf-8", 200, {}
        match self.path.strip("/"):
            case "moved":
                status, more = 302, {"Location": "/story"}
            case "loop":
                status, more = 302, {"Location": "/loop"}
            case "inside":
                status, more = 302, {"Location": "http://169.254.169.254/latest/meta-data"}
            case "file":
                status, more = 302, {"Location": "file:///etc/passwd"}
            case "picture":
                kind = "image/png"
            case "large":
                body = b"x" * (safe_fetch.LARGEST + 10)
            case "bomb":
                body, more = gzip.compress(b"x" * (safe_fetch.LARGEST + 10)), {"Content-Encoding": "gzip"}
            case "packed":
                body, more = gzip.compress(body), {"Content-Encoding": "gzip"}
            case "gone":
                status = 404
            case "text":
                body, kind = CLAIM.encode(), "text/plain"
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def site() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetch(site: ThreadingHTTPServer) -> Callable[[str], safe_fetch.Fetched]:
    """Fetches from the local server, which is allowed here alone; other inner addresses are not."""

    def get(path: str) -> safe_fetch.Fetched:
        address = f"http://127.0.0.1:{site.server_port}/{path}"
        return safe_fetch.fetch(address, allowed=lambda ip: ip == "127.0.0.1" or safe_fetch.is_public(ip))

    return get


def test_a_page_is_fetched(fetch: Callable[[str], safe_fetch.Fetched], site: ThreadingHTTPServer) -> None:
    for path in ("story", "moved", "packed"):
        fetched = fetch(path)
        assert CLAIM.encode() in fetched.body
        assert fetched.charset == "utf-8"
        assert fetched.content_type == "text/html"
    assert fetch("moved").url.endswith("/story")
    assert {host for _, host, _ in site.asked} == {f"127.0.0.1:{site.server_port}"}  # type: ignore[attr-defined]
    source = read("http://paper.example/story", fetch=lambda url: fetch("story"))
    assert source.published_source == "metadata"
    assert [c.value for c in lobbyx.extract(source.text, source.published)] == [4_500_000]
    assert read("http://paper.example/t", fetch=lambda url: fetch("text")).text == CLAIM


def test_a_page_that_reads_as_an_address_makes_nobody_ask_for_it(site: ThreadingHTTPServer) -> None:
    address = f"http://127.0.0.1:{site.server_port}/story"
    assert html_page.read(address).text == address
    assert html_page.read("http").published is None
    assert site.asked == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("loop", "redirects more than 5 times"),
        ("inside", "not public"),
        ("file", "only http and https"),
        ("picture", "image/png"),
        ("large", "larger than 10 MB"),
        ("bomb", "larger than 10 MB"),
        ("gone", "answered 404"),
    ],
)
def test_what_is_not_fetched(fetch: Callable[[str], safe_fetch.Fetched], path: str, says: str) -> None:
    with pytest.raises(safe_fetch.UnreachablePage, match=says):
        fetch(path)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/",
        "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "http://100.64.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[fe80::1]/",
        "http://[fd00::1]/", "http://224.0.0.1/", "ftp://example.org/", "file:///etc/passwd", "http://user:pw@example.org/", "http://",
        "http://x:99999/",
    ],
)  # fmt: skip
def test_no_inner_address_is_asked(url: str) -> None:
    with pytest.raises(safe_fetch.UnreachablePage) as caught:
        safe_fetch.fetch(url)
    assert "pw" not in str(caught.value)


def test_time_is_bounded(site: ThreadingHTTPServer) -> None:
    moments = iter([0.0, 1.0, 100.0, 200.0])
    with pytest.raises(safe_fetch.UnreachablePage, match="longer than 30 seconds"):
        safe_fetch.fetch(
            f"http://127.0.0.1:{site.server_port}/story", allowed=lambda ip: True, clock=lambda: next(moments)
        )


def test_a_page_on_the_command_line(run: Run, coupang_db: Path) -> None:
    body = (
        "<p>Coupang spent $3.31 million on lobbying in 2024, Senate filings show, and more than in any year before.</p>"
    )
    (run.folder / "story.html").write_text(page("<meta name='date' content='2025-12-25'>", body), encoding="utf-8")
    done = run("check", "story.html", "--db", coupang_db, "--json")
    document = json.loads(done.stdout)
    assert document["source"]["published"] == "2025-12-25"
    assert document["claims"][0]["verdict"] == "supported"
    assert document["claims"][0]["as_of"] == "2025-12-25"
    assert "published 2025-12-25 (from the metadata of story.html)" in done.stderr
    done = run("check", "http://127.0.0.1:1/story", "--db", coupang_db)
    assert (done.returncode, "not public" in done.stderr) == (1, True)


def test_an_unlabeled_date_is_htmldates() -> None:
    text = "Acme spent $3 million on lobbying in 2024, its reports say. " * 5
    page = f"<html><body><time class='when' datetime='2025-02-03T10:00'>yesterday</time><p>{text}</p></body></html>"
    read = html_page.read(page)
    assert (str(read.published), read.published_source) == ("2025-02-03", "htmldate")
    labeled = page.replace("<body>", '<head><meta name="date" content="2025-02-01"></head><body>')
    assert html_page.read(labeled).published_source == "metadata"


def test_a_date_in_the_words_of_an_article_is_not_its_own() -> None:
    page = (
        f"<html><body><p>{'On March 3, 2024 Acme filed its report, and on May 5, 2024 another. ' * 5}</p></body></html>"
    )
    assert html_page.read(page).published is None
