"""The command that looks what is new, once: watch. Made for cron."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from lobbyx.cli.migrating import bring_up_to_date
from lobbyx.cli.options import db_option, json_option, say, show
from lobbyx.database import connection
from lobbyx.ingest import lease
from lobbyx.ledger import Ledger, open_ledger
from lobbyx.model import stated
from lobbyx.model.claim import Claim
from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import Window
from lobbyx.model.texts import text
from lobbyx.reading import feeds, safe_fetch, source
from lobbyx.reading.robots import Robots
from lobbyx.render.progress import steps
from lobbyx.render.text import clean
from lobbyx.stored_claims import records, watching
from lobbyx.stored_claims.watching import Watchlist, read_watchlist

PAUSE: Final = 2.0
"""Seconds between two requests to one host."""
LOOKED_BACK: Final = timedelta(days=550)
"""How far back the filings of a watched organization are kept complete: reports are amended for a year and more."""
Fetch = Callable[..., safe_fetch.Fetched]


@dataclass
class Seen:
    """What one run saw and did."""

    feeds: int = 0
    feeds_failed: int = 0
    new_articles: int = 0
    read: int = 0
    articles_failed: int = 0
    waiting: int = 0
    claims: int = 0
    rechecked: int = 0
    changes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@click.command("watch")
@click.option(
    "--watchlist",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A TOML file with organizations and feeds; watchlist.toml beside the database if not given.",
)
@click.option("--fetch/--no-fetch", default=True, help="Ask the API for new filings first (the default).")
@click.option(
    "--max-requests",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="The most requests sent to the API.",
)
@click.option(
    "--max-articles",
    type=click.IntRange(0, 10_000),
    default=50,
    show_default=True,
    help="The most articles read; the others wait for the next run.",
)
@db_option
@json_option
def watch(watchlist: Path | None, fetch: bool, max_requests: int, max_articles: int, db: Path, as_json: bool) -> None:
    """Look once what is new: filings, articles in feeds, and verdicts that changed. Made for cron.

    It asks the API for what the watched organizations and the stored claims need, reads new articles of the feeds,
    stores their claims with verdicts, and judges every stored claim again. What changed, and why, is printed and kept,
    and the site shows it. A run that was interrupted goes on where it stopped. Two runs on one database do not overlap.
    """
    given = watchlist or db.parent / "watchlist.toml"
    wanted = read_watchlist(given) if watchlist or given.exists() else Watchlist()
    if not db.exists() and not wanted.organizations and not wanted.feeds:
        read_watchlist(given)  # says what a watchlist is
    bring_up_to_date(db)
    connection.connect(db, create=True).close()
    seen = Seen()
    now = datetime.now(UTC)
    owner = lease.owner()
    with open_ledger(db) as ledger:
        _take_turn(ledger.db, owner)
        try:
            if fetch:
                _fetch_filings(db, ledger.db, wanted, max_requests, now.date())
            run(ledger, wanted, seen, now, max_articles)
        finally:
            with connection.transaction(ledger.db):
                watching.end_turn(ledger.db, owner)
    _tell(seen, as_json)
    if seen.feeds and seen.feeds == seen.feeds_failed:
        raise SystemExit(1)


def run(
    ledger: Ledger,
    wanted: Watchlist,
    seen: Seen,
    now: datetime,
    most: int,
    fetch: Fetch = safe_fetch.fetch,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Feeds, articles, claims: everything but asking the API."""
    asked: dict[str, float] = {}

    def wait(url: str) -> str:
        host = urlsplit(url).hostname or ""
        if (last := asked.get(host)) is not None and (rest := PAUSE - (time.monotonic() - last)) > 0:
            pause(rest)
        asked[host] = time.monotonic()
        return host

    def politely(url: str, **how: object) -> safe_fetch.Fetched:
        host = wait(url)
        try:
            return fetch(url, **how)
        finally:
            asked[host] = time.monotonic()

    robots = Robots(politely)

    def welcome(url: str) -> None:
        """Before an address that a redirect leads to is asked: its host's robots.txt, and the pause."""
        robots.require(url)
        wait(url)

    def allowed(url: str, **how: object) -> safe_fetch.Fetched:
        robots.require(url)
        return politely(url, welcome=welcome, **how)

    for feed in wanted.feeds:
        _read_feed(ledger.db, feed, allowed, seen, now)
    for row in steps(watching.waiting(ledger.db, most), "reading articles"):
        _read_article(ledger, row, allowed, seen)
    seen.waiting = ledger.db.execute("SELECT count(*) FROM watched_articles WHERE status = 'waiting'").fetchone()[0]
    _recheck(ledger, seen, now)


def _take_turn(db: sqlite3.Connection, owner: str) -> None:
    with connection.transaction(db):
        other = watching.take_turn(db, owner)
        if other and lease.is_gone(other):  # it was killed
            other = watching.take_turn(db, owner, [other])
    if other:
        raise watching.AlreadyWatching(f"another lobbyx watch is at work on this database ({other.rsplit(' ', 1)[0]})")


def _fetch_filings(path: Path, db: sqlite3.Connection, wanted: Watchlist, most: int, today: date) -> None:
    from lobbyx.cli.fetch_first import fetch_first

    window = Window(today - LOOKED_BACK, today)
    claims: list[Claim] = [stated.claim(name, "at_least", "1", window) for name in wanted.organizations]
    claims += [one.claim for one in records.stored(db) if one.claim.org]
    if claims:
        fetch_first(path, claims, None, None, today, most, say)


def _read_feed(db: sqlite3.Connection, feed: str, fetch: Fetch, seen: Seen, now: datetime) -> None:
    seen.feeds += 1
    known = watching.seen(db, feed)
    try:
        fetched = fetch(feed, readable=feeds.FEEDS, seen=known)
        entries = [] if fetched.unchanged else feeds.read_feed(fetched.body, fetched.url, now.date())
    except LobbyxError as error:
        seen.feeds_failed += 1
        seen.problems.append(str(error))
        with connection.transaction(db):
            watching.keep_feed(db, feed, now, known, str(error)[:500])
        return
    with connection.transaction(db):  # the articles with what makes the server not send them again: all or nothing
        seen.new_articles += watching.keep_entries(db, feed, entries, now)
        watching.keep_feed(db, feed, now, safe_fetch.Seen(fetched.etag, fetched.last_modified), None)


def _read_article(ledger: Ledger, row: sqlite3.Row, fetch: Fetch, seen: Seen) -> None:
    try:
        read = source.read(row["url"], fetch=fetch)
        if read.published is None and row["published"]:
            read = replace(read, published=row["published"], published_source="given")
        checked = ledger.check(read)
        if checked:
            ledger.record(read, checked)
    except LobbyxError as error:
        seen.articles_failed += 1
        seen.problems.append(str(error))
        with connection.transaction(ledger.db):
            watching.keep_failed(ledger.db, row["url"], str(error))
        return
    seen.read += 1
    seen.claims += len(checked)
    with connection.transaction(ledger.db):
        watching.keep_read(ledger.db, row["url"], len(checked))


def _recheck(ledger: Ledger, seen: Seen, now: datetime) -> None:
    """Judges every stored claim again; a verdict that changed is kept with the change in one transaction."""
    if ledger.newest is None:
        return
    for one in steps(list(records.stored(ledger.db)), "judging claims again"):
        before = records.newest(ledger.db, one.id)
        verdict = ledger.judge_again(one, before)
        seen.rechecked += 1
        found = watching.change(before, verdict)
        with connection.transaction(ledger.db):
            records.keep_verdict(ledger.db, one.id, verdict)
            if found:
                watching.keep_change(ledger.db, one.id, found, now)
        if found:
            published = one.published.isoformat() if one.published else None
            quoted = clean(one.claim.text[:120])
            seen.changes.append(f"claim {one.id}, “{quoted}”: {watching.why(found, published)}")


def _tell(seen: Seen, as_json: bool) -> None:
    for problem in seen.problems:
        say(f"lobbyx: {problem}")
    if as_json:
        show(asdict(seen))
        return
    for changed in seen.changes:
        click.echo(clean(changed))
    counted = ("feeds", "new_articles", "read", "claims", "rechecked")
    click.echo(text("watch.done", **{name: getattr(seen, name) for name in counted}, changed=len(seen.changes)))
    if seen.waiting:
        say(f"{seen.waiting:,} articles wait for the next run")
