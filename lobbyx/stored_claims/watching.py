"""What `lobbyx watch` keeps: the watchlist, feeds and articles seen, and verdicts that changed, with the reason."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from lobbyx.database.schema import tables
from lobbyx.model.errors import LobbyxError
from lobbyx.model.filing_types import filing_types
from lobbyx.model.period import iso, period_label
from lobbyx.model.texts import Language, day, dollars, period, text
from lobbyx.model.verdict import Verdict
from lobbyx.reading.feeds import Entry
from lobbyx.reading.safe_fetch import Seen

MOST_FEEDS: Final = 200
MOST_ORGANIZATIONS: Final = 200
MOST_TRIES: Final = 3
"""How often an article that cannot be read is asked for."""
LARGEST_LIST: Final = 1_000_000
"""Bytes of a watchlist."""
EXAMPLE: Final = 'organizations = ["Coupang"]\nfeeds = ["https://example.org/feed.xml"]'


class UnreadableWatchlist(LobbyxError):
    """A watchlist that is missing or does not say what to watch."""


class AlreadyWatching(LobbyxError):
    """Another `lobbyx watch` is at work on the same database."""


@dataclass(frozen=True, slots=True)
class Watchlist:
    """What to watch, beside the claims that are stored."""

    organizations: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()


def read_watchlist(path: Path) -> Watchlist:
    """The watchlist in a TOML file. Raises UnreadableWatchlist, naming the file and what is wrong."""
    try:
        if path.stat().st_size > LARGEST_LIST:
            raise UnreadableWatchlist(f"{path} is larger than {LARGEST_LIST >> 20 or 1} MB")
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnreadableWatchlist(f"there is no watchlist at {path}. Write one, for example:\n{EXAMPLE}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableWatchlist(f"{path} cannot be read: {error}") from error
    if unknown := sorted(found.keys() - {"organizations", "feeds"}):
        raise UnreadableWatchlist(f"{path}: {unknown[0]!r} is not known; it may have organizations and feeds")
    lists = {name: found.get(name, []) for name in ("organizations", "feeds")}
    for name, most in (("organizations", MOST_ORGANIZATIONS), ("feeds", MOST_FEEDS)):
        given = lists[name]
        if not isinstance(given, list) or not all(isinstance(one, str) and one.strip() for one in given):
            raise UnreadableWatchlist(f"{path}: {name} must be a list of texts")
        if len(given) > most:
            raise UnreadableWatchlist(f"{path}: {name} has {len(given)} entries; at most {most} are watched")
    return Watchlist(*(tuple(dict.fromkeys(one.strip() for one in lists[n])) for n in ("organizations", "feeds")))


# Feeds and articles ------------------------------------------------------------------------------------------------


def seen(db: sqlite3.Connection, feed: str) -> Seen:
    """What the server said of a feed the last time."""
    row = db.execute("SELECT etag, last_modified FROM watched_feeds WHERE url = ?", [feed]).fetchone()
    return Seen(row["etag"], row["last_modified"]) if row else Seen()


def keep_feed(db: sqlite3.Connection, feed: str, now: datetime, known: Seen, problem: str | None) -> None:
    """Notes when a feed was asked, and what to send the next time. Needs an open transaction."""
    row = {"url": feed, "etag": known.etag, "last_modified": known.last_modified}
    tables(db).table("watched_feeds").upsert({**row, "checked_at": now.isoformat(), "problem": problem}, pk="url")


def keep_entries(db: sqlite3.Connection, feed: str, entries: Iterable[Entry], now: datetime) -> int:
    """Puts the articles that are new on the list of those to be read; returns how many. Needs an open transaction."""
    new = 0
    for entry in entries:
        row = (entry.url, feed, entry.title, iso(entry.published), now.isoformat())
        new += db.execute(
            "INSERT OR IGNORE INTO watched_articles (url, feed, title, published, seen_at, status) "
            "VALUES (?, ?, ?, ?, ?, 'waiting')",
            row,
        ).rowcount
    return new


def waiting(db: sqlite3.Connection, most: int) -> list[sqlite3.Row]:
    """The articles to be read, those seen first at the beginning."""
    wanted = "SELECT * FROM watched_articles WHERE status = 'waiting' ORDER BY tries, seen_at, url LIMIT ?"
    return db.execute(wanted, [most]).fetchall()


def keep_read(db: sqlite3.Connection, url: str, claims: int) -> None:
    """Notes that an article was read. Needs an open transaction."""
    db.execute("UPDATE watched_articles SET status = 'read', claims = ?, problem = NULL WHERE url = ?", [claims, url])


def keep_failed(db: sqlite3.Connection, url: str, problem: str) -> None:
    """Notes that an article could not be read; after MOST_TRIES it is given up. Needs an open transaction."""
    db.execute(
        "UPDATE watched_articles SET tries = tries + 1, problem = ?, "
        "status = CASE WHEN tries + 1 >= ? THEN 'failed' ELSE 'waiting' END WHERE url = ?",
        [problem[:500], MOST_TRIES, url],
    )


# Changes -----------------------------------------------------------------------------------------------------------


def change(before: sqlite3.Row | None, after: Verdict) -> dict[str, Any] | None:
    """What changed in a claim's verdict by everything on file; None if nothing did, or it was never judged before.

    `before` is the stored verdict of the last time.
    """
    now = after.today or after
    if before is None:
        return None
    was, was_as_of = before["today_verdict"] or before["verdict"], before["today_as_of"] or before["as_of"]
    reported_before = before["today_reported"] if before["today_verdict"] else before["reported"]
    reported = now.total.methods["lda"].reported if now.total else None
    if was == now.verdict and reported_before == reported:
        return None
    since = date.fromisoformat(was_as_of) if was_as_of else date.min
    lines = now.total.reports if now.total else ()
    return {
        "as_of_before": was_as_of,
        "verdict_before": was,
        "reported_before": reported_before,
        "as_of": iso(now.as_of),
        "verdict": now.verdict,
        "reported": reported,
        "reports": [
            {
                "filing_uuid": r.filing_uuid,
                "registrant": r.registrant,
                "period": period_label(r.period),
                "posted": r.posted.date().isoformat(),
                "amended": "amendment" in filing_types()[r.filing_type].stage,
                "url": r.url,
            }
            for r, _ in lines
            if r.posted.date() > since
        ],
    }


def keep_change(db: sqlite3.Connection, claim_id: int, found: dict[str, Any], now: datetime) -> None:
    """Stores a change. Needs an open transaction."""
    row = {**found, "reports": json.dumps(found["reports"], ensure_ascii=False)}
    tables(db).table("changes").insert({"claim_id": claim_id, "noticed_at": now.isoformat(timespec="seconds"), **row})


MOST_NAMED: Final = 5
"""Reports that a sentence names."""


def why(found: dict[str, Any], published: str | None, language: Language = "en") -> str:
    """A change in sentences: which reports were posted, and what the verdict was and is."""

    def said(key: str, **values: Any) -> str:
        return text(f"changes.{key}", language, **values)

    reports = found["reports"]
    sentences = [
        said(
            "amendment" if one["amended"] else "report",
            registrant=one["registrant"],
            period=period(one["period"], language),
            day=day(one["posted"], language),
        )
        for one in reports[:MOST_NAMED]
    ]
    if len(reports) > MOST_NAMED:
        sentences.append(said("more", n=len(reports) - MOST_NAMED))
    if not reports:
        sentences.append(said("no_report"))
    claim = said("claim_of", day=day(published, language)) if published else said("claim")
    words = {"claim": claim, "now": text(f"verdict.{found['verdict']}", language)}
    if found["verdict_before"] == found["verdict"]:
        sentences.append(said("same", **words))
    else:
        sentences.append(said("verdict", before=text(f"verdict.{found['verdict_before']}", language), **words))
    if found["reported_before"] != found["reported"] and None not in (found["reported_before"], found["reported"]):
        sums = (dollars(round(100 * found[name]), language) for name in ("reported_before", "reported"))
        sentences.append(said("sum", before=next(sums), now=next(sums)))
    return " ".join(sentences)


_CHANGES = """
SELECT h.*, c.text, c.published, c.org, c.source, c.url AS source_url,
       (SELECT max(v.id) FROM verdicts v WHERE v.claim_id = c.id) AS verdict_id
FROM changes h JOIN claims c ON c.id = h.claim_id ORDER BY h.id DESC LIMIT ?
"""


def changes(db: sqlite3.Connection, most: int = 100) -> list[dict[str, Any]]:
    """The last changes, newest first, each with its sentences in English (`why`) and Korean (`why_ko`)."""
    found: list[dict[str, Any]] = []
    for row in db.execute(_CHANGES, [most]):
        one = {**dict(row), "reports": json.loads(row["reports"])}
        found.append({**one, "why": why(one, row["published"]), "why_ko": why(one, row["published"], "ko")})
    return found


# One at a time ------------------------------------------------------------------------------------------------------


def take_turn(db: sqlite3.Connection, owner: str, gone: Sequence[str] | None = None) -> str | None:
    """Takes the turn for `owner`; returns who has it where that is somebody else not in `gone`. Needs a transaction."""
    row = db.execute("SELECT value FROM state WHERE key = 'watching'").fetchone()
    if row and row[0] not in (owner, *(gone or ())):
        return str(row[0])
    db.execute("INSERT OR REPLACE INTO state (key, value) VALUES ('watching', ?)", [owner])
    return None


def end_turn(db: sqlite3.Connection, owner: str) -> None:
    """Gives the turn back. Needs an open transaction."""
    db.execute("DELETE FROM state WHERE key = 'watching' AND value = ?", [owner])
