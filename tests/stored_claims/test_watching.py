"""Watching: what is new is read once, what changed is told with its reason, and nothing outside is trusted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

import lobbyx
from lobbyx.cli.main import cli
from lobbyx.cli.watching import Seen, run
from lobbyx.database import connection
from lobbyx.ingest import lease
from lobbyx.reading import feeds
from lobbyx.reading.safe_fetch import Fetched, UnreachablePage
from lobbyx.reading.source import Source
from lobbyx.site.atom import feed as atom
from lobbyx.stored_claims import watching
from lobbyx.stored_claims.watching import UnreadableWatchlist, Watchlist, read_watchlist

NOW = datetime(2026, 8, 1, 6, 17, tzinfo=UTC)
FEED = "https://news.test/feed.xml"
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>&lt;b&gt;Coupang&lt;/b&gt; lobbies</title><link>https://news.test/a</link>
<pubDate>Thu, 25 Dec 2025 10:00:00 GMT</pubDate></item>
<item><title>Weather</title><link>/b#top</link></item>
<item><title>Bad</title><link>javascript:alert(1)</link></item>
<item><title>Worse</title><link>file:///etc/passwd</link></item>
<item><title>Tomorrow</title><link>https://news.test/c</link><pubDate>Thu, 25 Dec 2099 10:00:00 GMT</pubDate></item>
</channel></rss>"""
PAGES = {
    "https://news.test/a": "<article><h1>Coupang</h1><p>Coupang has spent at least $10 million on lobbying since August 2021,"
    " filings show. The company did not comment on the figure when asked about it on Thursday.</p></article>",
    "https://news.test/b": "<article><h1>Sun</h1><p>The sun shines over the harbor, and the ferries run on time again today,"
    " as the city said on Thursday in a note to passengers.</p></article>",
}


def server(pages: dict[str, str], asked: list[str], feed: str = RSS) -> Callable[..., Fetched]:
    """Answers as `safe_fetch.fetch` does, from memory."""

    def fetch(url: str, **how: object) -> Fetched:
        if url == "https://news.test/robots.txt":
            raise UnreachablePage(f"{url}: the server answered 404", 404)
        asked.append(url)
        if url == FEED:
            seen = how["seen"]
            if getattr(seen, "etag", None) == '"1"':
                return Fetched(url, b"", "", None, '"1"', None, unchanged=True)
            return Fetched(url, feed.encode(), "application/rss+xml", None, '"1"', None)
        if url not in pages:
            raise UnreachablePage(f"{url}: the server answered 404")
        return Fetched(url, f"<html><body>{pages[url]}</body></html>".encode(), "text/html", "utf-8")

    return fetch


def watch(ledger: lobbyx.Ledger, fetch: Callable[..., Fetched], most: int = 50) -> Seen:
    seen = Seen()
    run(ledger, Watchlist(feeds=(FEED,)), seen, NOW, most, fetch, pause=lambda seconds: None)
    return seen


def test_a_feed_gives_its_articles_and_nothing_else() -> None:
    found = feeds.read_feed(RSS.encode(), FEED, NOW.date())
    assert [(e.url, e.title, e.published) for e in found] == [
        ("https://news.test/a", "Coupang lobbies", date(2025, 12, 25)),
        ("https://news.test/b", "Weather", None),
        ("https://news.test/c", "Tomorrow", None),
    ]
    atom_feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>A</title>'
        '<link href="https://news.test/x"/><updated>2026-01-02T00:00:00Z</updated></entry></feed>'
    )
    assert feeds.read_feed(atom_feed.encode(), FEED, NOW.date())[0].published == date(2026, 1, 2)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>no feed</body></html>",
        b"\x00\xff" * 50,
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rss version="2.0"><channel>&b;</channel></rss>',
    ],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(feeds.UnreadableFeed):
        feeds.read_feed(body, FEED, NOW.date())


def test_a_feed_without_end_is_read_to_a_bound() -> None:
    items = "".join(f"<item><link>https://news.test/{n}</link></item>" for n in range(5_000))
    found = feeds.read_feed(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(), FEED, NOW.date())
    assert len(found) == feeds.MOST_ENTRIES


def test_articles_are_read_once_and_their_claims_kept(coupang: lobbyx.Ledger) -> None:
    asked: list[str] = []
    pages = dict(PAGES)
    first = watch(coupang, server(pages, asked))
    assert (first.new_articles, first.read, first.articles_failed) == (3, 2, 1)
    assert first.claims >= 1  # an older trafilatura gives a short article's only paragraph twice
    row = coupang.db.execute("SELECT url, published FROM claims").fetchone()
    assert tuple(row) == ("https://news.test/a", "2025-12-25")
    asked.clear()
    second = watch(coupang, server(pages, asked))
    assert (second.new_articles, second.read) == (0, 0)
    assert asked == [FEED, "https://news.test/c"]  # the one that could not be read is asked for again
    watch(coupang, server(pages, asked))
    asked.clear()
    assert watch(coupang, server(pages, asked)).articles_failed == 0
    assert asked == [FEED]  # three times are enough
    assert coupang.db.execute("SELECT count(*) FROM claims").fetchone()[0] == first.claims


def test_what_is_left_waits_for_the_next_run(coupang: lobbyx.Ledger) -> None:
    asked: list[str] = []
    first = watch(coupang, server(PAGES, asked), most=1)
    assert (first.read, first.waiting) == (1, 2)
    assert watch(coupang, server(PAGES, asked)).read == 1


def test_a_run_that_is_killed_loses_no_article(coupang: lobbyx.Ledger) -> None:
    def killed(url: str, **how: object) -> Fetched:
        if url != FEED and not url.endswith("robots.txt"):
            raise KeyboardInterrupt
        return server(PAGES, [])(url, **how)

    with pytest.raises(KeyboardInterrupt):
        watch(coupang, killed)
    again = watch(coupang, server(PAGES, []))
    assert (again.new_articles, again.read) == (0, 2)


def test_a_changed_verdict_is_told_with_the_report_that_changed_it(coupang: lobbyx.Ledger) -> None:
    text = "Coupang spent more than $450,000 on lobbying in the fourth quarter of 2025."
    late = [
        row[0]
        for row in coupang.db.execute(
            "SELECT f.filing_uuid FROM filings f JOIN ledger_lines l USING (filing_uuid) "
            "WHERE l.role = 'in_house' AND l.period_start = '2025-10-01'"
        )
    ]
    assert late
    kept = [dict(r) for r in coupang.db.execute("SELECT * FROM ledger_lines WHERE filing_uuid = ?", late[:1])]
    source = Source("text", text, "2026-02-01")
    (verdict,) = coupang.check(source)
    coupang.record(source, [verdict])
    coupang.db.execute(
        "UPDATE verdicts SET today_verdict = 'unverifiable', today_as_of = '2026-01-10', today_reported = NULL"
    )
    seen = watch(coupang, server({}, [], RSS.replace("https://", "gopher://")))
    assert len(seen.changes) == 1
    (change,) = watching.changes(coupang.db)
    assert change["verdict_before"] == "unverifiable"
    assert change["verdict"] == coupang.check(source)[0].today.verdict  # type: ignore[union-attr]
    assert any(one["filing_uuid"] == kept[0]["filing_uuid"] for one in change["reports"])
    assert "The 2025 Q4 report of" in change["why"]
    assert "2025년 4분기 보고서" in change["why_ko"]
    assert watch(coupang, server({}, [])).changes == []


def test_the_reason_names_what_is_there() -> None:
    report = {"registrant": "ACME", "period": "2025 Q4", "posted": "2026-01-20", "amended": False}
    change = {
        "verdict_before": "unverifiable",
        "verdict": "supported",
        "reported_before": 450000,
        "reported": 580000,
        "reports": [report, {**report, "amended": True, "period": "2025 Q3"}],
    }
    assert watching.why(change, "2025-12-12").startswith(
        "The 2025 Q4 report of ACME was posted on 2026-01-20. "
        "An amendment of the 2025 Q3 report of ACME was posted on 2026-01-20. The claim of 2025-12-12 was"
    )
    assert "$450,000 and is now $580,000" in watching.why(change, None)
    assert "No report was posted since" in watching.why({**change, "reports": []}, None)
    many = watching.why({**change, "reports": [report] * 8}, None)
    assert "3 more reports followed." in many
    assert "45만 달러에서 58만 달러로" in watching.why(change, "2025-12-12", "ko")


def test_the_atom_feed_holds_whatever_a_claim_says() -> None:
    change = {
        "id": 7, "noticed_at": "2026-08-01T06:17:00+00:00", "verdict": "refuted", "verdict_id": 3,
        "text": "<script>alert(1)</script>\x00 & more", "why": "Because <b>.", "why_ko": "그래서",
    }  # fmt: skip
    root = ET.fromstring(atom([change], lambda path: f"https://x.test{path}", "en"))
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert root.findtext("a:updated", None, space) == "2026-08-01T06:17:00+00:00"
    assert root.findtext("a:entry/a:id", None, space) == "https://x.test/-/lobbyx/changes.atom#change-7"
    assert "<script>" in str(root.findtext("a:entry/a:title", None, space))
    assert root.findtext("a:entry/a:summary", None, space) == "Because <b>."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("feeds = 3", "must be a list of texts"),
        ("nonsense", "cannot be read"),
        ('feed = ["x"]', "is not known"),
        (f"feeds = {json.dumps([f'https://x.test/{n}' for n in range(300)])}", "at most 200"),
    ],
)
def test_a_wrong_watchlist_is_told(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "watchlist.toml"
    path.write_text(content)
    with pytest.raises(UnreadableWatchlist, match=told):
        read_watchlist(path)


def test_the_command(coupang_db: Path) -> None:
    arguments = ["watch", "--no-fetch", "--db", str(coupang_db)]
    done = CliRunner().invoke(cli, [*arguments, "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    assert json.loads(done.stdout)["rechecked"] == 0
    (coupang_db.parent / "watchlist.toml").write_text('feeds = ["http://127.0.0.1:9/feed", "ftp://x.test/"]')
    failed = CliRunner().invoke(cli, arguments)
    assert failed.exit_code == 1
    assert "not public" in failed.stderr
    assert "only http and https" in failed.stderr


def test_two_runs_do_not_overlap(coupang_db: Path) -> None:
    with lobbyx.open(coupang_db) as ledger, connection.transaction(ledger.db):
        assert watching.take_turn(ledger.db, lease.owner()) is None  # this process lives
    second = CliRunner().invoke(cli, ["watch", "--no-fetch", "--db", str(coupang_db)])
    assert isinstance(second.exception, watching.AlreadyWatching)
    with lobbyx.open(coupang_db) as ledger:
        host, _, rest = lease.owner().split(" ")
        ledger.db.execute("UPDATE state SET value = ? WHERE key = 'watching'", [f"{host} 999999 {rest}"])
    assert CliRunner().invoke(cli, ["watch", "--no-fetch", "--db", str(coupang_db)]).exit_code == 0
