"""The complete mirror: every record of the API exactly once, resumable at any time, verified by counting.

The pages of a listing shift while records are posted, and records with equal posting times come in any order. So a
listing is read in windows of posting days. A window is done only if as many different records arrived as the server
counts, and the count is the same before and after:

- A page's rows, the records seen and the next page are committed together, so a kill loses at most one page.
- A record added during the reading makes the window longer, or pushes others back. In the first case we read on to the
  end and look at the end once more. In the second, records arrive twice and the new one is missing from the count, so
  the window is read again.
- If the count falls, a record was removed and others may have slipped past us. The window starts over.
- A window that does not settle is read in the other direction, and then split in halves; a single day is split by
  filing type. If a window still does not settle, it is reported.

The API's description does not say whether both ends of a window belong to it, so windows overlap by a day. All that
matters is that the server answers and counts the same question in the same way.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from lobbyx.database import connection, writer
from lobbyx.ingest import coverage
from lobbyx.ingest.counts import difference, on_file, on_server
from lobbyx.ingest.lease import LEASE, is_gone, owner
from lobbyx.ingest.posting_windows import PostingWindow, plan
from lobbyx.ingest.synced import Synced
from lobbyx.lda import filters
from lobbyx.lda.api_schema import CONSTANTS_PATHS
from lobbyx.lda.client import DATED, KEYS, PAGE_SIZE, LDAClient, Page, pages_for
from lobbyx.lda.filters import ENDPOINTS
from lobbyx.model.coverage import Listing
from lobbyx.model.filing_types import filing_types
from lobbyx.model.period import Window

LIVE_DAYS: Final = 7
"""A window is final if it is done this many days after its end. Until then each run looks at it again."""
SPLIT_AFTER: Final = 3
GIVE_UP_AFTER: Final = 12
"""Readings of a window before it is split; if it cannot be split, before it is reported."""

Say = Callable[[str], None]


class Mirror:
    """One process that works on the mirror in a database.

    `progress` receives the records on file and the server's count. `wall` is the clock that processes share for leases.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        client: LDAClient,
        today: date,
        *,
        say: Say = lambda message: None,
        progress: Callable[[int, int], None] = lambda done, total: None,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.db, self.client, self.today = db, client, today
        self.say, self.progress, self.wall, self.sleep = say, progress, wall, sleep
        self.owner = owner()
        self.done = Synced()
        self._here = self._there = 0

    def sync(self, endpoints: Sequence[str] = ENDPOINTS, since: int | None = None) -> Synced:
        """Updates the mirror of the endpoints. Raises LDAError; what arrived before that is kept."""
        self._constants()
        for endpoint in endpoints:
            first = date(since, 1, 1) if since else None
            self._plan(endpoint, since)
            self._here = max(on_file(self.db, endpoint, first))
            self._there = on_server(self.client, endpoint, first) if endpoint in DATED else 0
            self._announce(endpoint)
            self._settle_all(endpoint)
            if endpoint in DATED:
                self._compare(endpoint, first)
        self._summarize(endpoints)
        return self.done

    def verify(self, endpoints: Sequence[str] = ()) -> Synced:
        """Compares every window with the server's count, with one request each. Changes nothing.

        Without `endpoints` it takes those that were ever synced.
        """
        synced = [row[0] for row in self.db.execute("SELECT DISTINCT endpoint FROM sync_windows")]
        if not synced:
            self.done.differences.append("nothing was ever synced into this database; run lobbyx sync first")
            return self.done
        endpoints = endpoints or [endpoint for endpoint in ENDPOINTS if endpoint in synced]
        self.done.differences += [f"{endpoint}: never synced" for endpoint in endpoints if endpoint not in synced]
        for endpoint in endpoints:
            for window in self._windows(endpoint, "done"):
                there = self.client.count(endpoint, window.filters)
                if there != window.count:
                    self.done.differences.append(
                        f"{window}: the server counts {there:,}, but {window.count:,} were received"
                    )
            if left := len(self._windows(endpoint, "open")):
                self.done.differences.append(f"{endpoint}: {left} windows are not read to their end yet")
            if endpoint not in DATED or endpoint not in synced:
                continue
            if told := difference(self.db, self.client, endpoint, self._beginning(endpoint)):
                self.done.differences.append(told)
        self._summarize(endpoints)
        return self.done

    # Windows ------------------------------------------------------------------------------------------------

    def _plan(self, endpoint: str, since: int | None) -> None:
        """Adds new windows, and opens those in which something may have been posted since."""
        spans = plan(endpoint, self.today, since)
        with connection.transaction(self.db):
            for first, last in spans:
                self._add(endpoint, first, last, None, None)
            # Months have begun since that the window for later records covered.
            beyond = spans[-1][0] and spans[-1][0].isoformat()
            gone = "DELETE FROM sync_windows WHERE endpoint = ? AND last_day IS NULL AND first_day IS NOT ?"
            self.db.execute(gone, [endpoint, beyond])
            self.db.execute(
                "UPDATE sync_windows SET status = 'open', passes = 0 WHERE endpoint = ? AND (status = 'unsettled' "
                "OR (status = 'done' AND (last_day IS NULL OR checked_on <= date(last_day, ?))))",
                [endpoint, f"+{LIVE_DAYS} days"],
            )

    def _add(
        self, endpoint: str, first: date | None, last: date | None, filing_type: str | None, parent: int | None
    ) -> None:
        key = (endpoint, first and first.isoformat(), last and last.isoformat(), filing_type)
        there = "SELECT 1 FROM sync_windows WHERE (endpoint, first_day, last_day, filing_type) IS (?, ?, ?, ?)"
        if not self.db.execute(there, key).fetchone():
            self.db.execute(
                "INSERT INTO sync_windows (endpoint, first_day, last_day, filing_type, parent_id, status) "
                "VALUES (?, ?, ?, ?, ?, 'open')",
                (*key, parent),
            )

    def _windows(self, endpoint: str, status: str) -> list[PostingWindow]:
        rows = self.db.execute(
            "SELECT * FROM sync_windows WHERE endpoint = ? AND status = ? ORDER BY first_day, id", [endpoint, status]
        )
        return [PostingWindow.of(row) for row in rows]

    def _beginning(self, endpoint: str) -> date | None:
        """The first posting day of the mirror; None where it is from the beginning."""
        row = "SELECT first_day FROM sync_windows WHERE endpoint = ? ORDER BY first_day LIMIT 1"  # null comes first
        first = self.db.execute(row, [endpoint]).fetchone()[0]
        return date.fromisoformat(first) if first else None

    def _claim(self, endpoint: str) -> PostingWindow | None:
        """Takes the next open window that no other process works on; None if there is none."""
        with connection.transaction(self.db):
            rows = self.db.execute(
                "SELECT * FROM sync_windows WHERE endpoint = ? AND status = 'open' ORDER BY first_day, id", [endpoint]
            )
            for row in rows.fetchall():
                if row["owner"] in (None, self.owner) or row["owned_until"] < self.wall() or is_gone(row["owner"]):
                    self._update(row["id"], owner=self.owner, owned_until=self.wall() + LEASE)
                    return PostingWindow.of(row)
        return None

    def _update(self, window_id: int, **values: Any) -> None:
        names = ", ".join(f'"{name}" = ?' for name in values)
        self.db.execute(f"UPDATE sync_windows SET {names} WHERE id = ?", [*values.values(), window_id])  # noqa: S608

    def _settle_all(self, endpoint: str) -> None:
        while True:
            window = self._claim(endpoint)
            if window:
                self._settle(window)
            elif self._windows(endpoint, "open"):
                self.sleep(1)  # another process works on the last windows; if it dies, its lease expires
            else:
                break
        self._check_split_days(endpoint)

    # One window ---------------------------------------------------------------------------------------------

    def _settle(self, window: PostingWindow) -> None:
        """Reads a window until it is done, split or given up. Returns early if another process has taken it."""
        while window.status == "open":
            page = None
            for page in self._pages(window):
                if not self._keep(window, page):
                    return
                if window.next_page == 1:  # the count fell: start over
                    break
            if page is None:  # it has become too short for the page we were on
                with connection.transaction(self.db):
                    self._afresh(window, window.count or 0)
                    self._save(window)

    def _pages(self, window: PostingWindow) -> Iterator[Page]:
        dated = window.endpoint in DATED
        # From each end in turn: what slips past us in one direction arrives twice in the other.
        order = ("" if window.passes % 2 == 0 else "-") + ("dt_posted" if dated else "id")
        return self.client.pages(window.endpoint, window.filters, first=window.next_page, ordering=order)

    def _keep(self, window: PostingWindow, page: Page) -> bool:
        """Commits a page together with the progress. False if the window is no longer ours."""
        broken: list[str] = []
        answer = page.answer.records(broken)
        key = KEYS[window.endpoint]
        with connection.transaction(self.db):
            loaded = writer.load_within(self.db, answer)
            row = self.db.execute("SELECT owner FROM sync_windows WHERE id = ?", [window.id]).fetchone()
            ours = row is not None and row["owner"] == self.owner
            if ours:
                self.db.executemany(
                    "INSERT OR IGNORE INTO sync_seen (window_id, record) VALUES (?, ?)",
                    [(window.id, str(r[key])) for r in page.results if isinstance(r, dict) and key in r],
                )
                self.db.execute("UPDATE sync_windows SET broken = broken + ? WHERE id = ?", [len(broken), window.id])
                self._advance(window, page)
                self._save(window)
                if window.status == "done":
                    self._cover(window, page.answer.fetched_at, answer.sha256)
        self.done.pages += 1
        self.done.added += loaded.added.total()
        self.done.changed += loaded.changed.total()
        self.done.broken += broken
        self.done.unknown_fields |= set(answer.unknown_fields)
        self._here += loaded.added.total()
        self.progress(self._here, max(self._here, self._there or page.count))
        return ours

    def _save(self, window: PostingWindow) -> None:
        """Stores the progress of a window, and renews our lease while it is open."""
        progress = {name: getattr(window, name) for name in ("status", "count", "passes", "next_page")}
        until = self.wall() + LEASE if window.status == "open" else None
        self._update(window.id, **progress, owned_until=until, owner=self.owner if until else None)

    def _advance(self, window: PostingWindow, page: Page) -> None:
        """Advances a window by the page just stored, and decides whether it is done."""
        if window.count is None:
            window.count = page.count
        if page.count < max(window.count, window.highest):
            self._afresh(window, page.count)
            return
        window.highest = page.count
        if not page.last:
            window.next_page = page.number + 1
            return
        seen = self._seen(window)
        if seen == page.count == window.count:
            window.status = "done"
            window.next_page = self._tail(seen)
            self._update(window.id, checked_on=self.today.isoformat())
            if not self._is_live(window):
                self.db.execute("DELETE FROM sync_seen WHERE window_id = ?", [window.id])
        elif seen == page.count:  # it grew, and we have everything so far: look at its end once more
            window.count = page.count
            window.next_page = self._tail(seen)
            window.passes += window.passes % 2  # oldest first, so the newest are at the end
        else:
            self._again(window, page.count, forget=seen > page.count)

    def _cover(self, window: PostingWindow, counted_at: str, sha256: str | None = None) -> None:
        """Records what a window covers that is done: as many were received as the server counted at that time."""
        broken = self.db.execute("SELECT broken FROM sync_windows WHERE id = ?", [window.id]).fetchone()[0]
        end = coverage.read_through(counted_at, self.today)
        end = min(end, window.last_day) if window.last_day else end
        if broken or window.filing_type or (window.first_day and window.first_day > end):
            return
        query = urlencode(filters.query(window.endpoint, window.filters))
        source = f"{self.client.url}{window.endpoint}/" + (f"?{query}" if query else "")
        posted, count = Window(window.first_day, end), window.count or 0
        coverage.record(self.db, Listing(window.endpoint, {}, None, posted, count, count, counted_at, source), sha256)

    @staticmethod
    def _tail(seen: int) -> int:
        """The page that holds the last record received."""
        return max(1, pages_for(seen))

    def _seen(self, window: PostingWindow) -> int:
        return int(self.db.execute("SELECT count(*) FROM sync_seen WHERE window_id = ?", [window.id]).fetchone()[0])

    def _is_live(self, window: PostingWindow) -> bool:
        return window.last_day is None or window.last_day >= self.today - timedelta(days=LIVE_DAYS)

    def _afresh(self, window: PostingWindow, count: int) -> None:
        """A record was removed during the reading, and others may have slipped past us."""
        self._again(window, count, forget=True)

    def _again(self, window: PostingWindow, count: int, *, forget: bool) -> None:
        """Reads a window once more, splits it, or gives it up. `count` is the server's count."""
        if forget:
            self.db.execute("DELETE FROM sync_seen WHERE window_id = ?", [window.id])
        window.passes += 1
        window.next_page, window.count, window.highest = 1, None, 0
        # A window of one page comes in one answer. If that contradicts itself, smaller windows would too.
        several_pages = count > PAGE_SIZE
        if window.passes >= SPLIT_AFTER and several_pages and self._split(window):
            window.status = "split"
        elif window.passes >= (GIVE_UP_AFTER if several_pages else SPLIT_AFTER):
            window.status = "unsettled"
            window.count = self._seen(window)
        if window.status != "open":
            coverage.withdraw(self.db, window.endpoint, window.first_day)

    def _split(self, window: PostingWindow) -> bool:
        """Splits a window in halves, or a day into one window for each filing type. False if neither is possible."""
        first, last = window.first_day, window.last_day
        if first is None or last is None or window.filing_type is not None:
            return False
        if first < last:
            middle = first + (last - first) // 2
            parts: list[tuple[date, date, str | None]] = [
                (first, middle, None),
                (middle + timedelta(days=1), last, None),
            ]
        elif window.endpoint == "filings":
            parts = [(first, last, kind) for kind in filing_types()]
        else:
            return False
        for start, end, kind in parts:
            self._add(window.endpoint, start, end, kind, window.id)
        self.db.execute("DELETE FROM sync_seen WHERE window_id = ?", [window.id])
        return True

    # Before and after ---------------------------------------------------------------------------------------

    def _constants(self) -> None:
        """Fetches the lists of constants, once. They do not count toward the limit, and records bring new codes."""
        for path in CONSTANTS_PATHS:
            if not self.db.execute("SELECT 1 FROM fetches WHERE url LIKE ?", [f"%/constants/{path}/"]).fetchone():
                writer.load(self.db, self.client.constants(path).records())

    def _announce(self, endpoint: str) -> None:
        missing = max(0, self._there - self._here)
        minutes = missing / PAGE_SIZE / self.client.rate
        if minutes >= 2:
            how_long = f"{minutes / 60:.0f} hours" if minutes >= 90 else f"{minutes:.0f} minutes"
            self.say(
                f"{endpoint}: {missing:,} of {self._there:,} to download, {PAGE_SIZE} a request, {self.client.rate} "
                f"requests a minute: about {how_long}. You can stop it; the next run continues. "
                "--since YEAR fetches less."
            )

    def _compare(self, endpoint: str, first: date | None) -> None:
        """Compares the records on file with the server's count. If they differ, finds the windows that do."""
        if self._there in on_file(self.db, endpoint, first):
            return
        if on_server(self.client, endpoint, first) in on_file(self.db, endpoint, first):  # it grew during the reading
            return
        for window in self._windows(endpoint, "done"):
            if first and window.last_day and window.last_day < first:
                continue
            there = self.client.count(endpoint, window.filters)
            if there != window.count:
                self.say(f"{window}: the server now counts {there:,} instead of {window.count:,}; reading it again")
                with connection.transaction(self.db):
                    self.db.execute("DELETE FROM sync_seen WHERE window_id = ?", [window.id])
                    self._update(window.id, status="open", passes=0, next_page=1, count=None)
                    coverage.withdraw(self.db, endpoint, window.first_day)
        self._settle_all(endpoint)
        if told := difference(self.db, self.client, endpoint, first):
            self.done.differences.append(told)

    def _check_split_days(self, endpoint: str) -> None:
        """A day that was read by filing type is complete only if no type is missing."""
        days = self.db.execute(
            "SELECT p.*, (SELECT sum(c.count) FROM sync_windows c WHERE c.parent_id = p.id) AS parts, (SELECT "
            "min(c.status = 'done' AND NOT c.broken) FROM sync_windows c WHERE c.parent_id = p.id) AS settled "
            "FROM sync_windows p WHERE p.endpoint = ? AND p.status = 'split' AND p.first_day = p.last_day",
            [endpoint],
        ).fetchall()
        for row in days:
            window = PostingWindow.of(row)
            there = self.client.count(endpoint, window.filters)
            if there == row["parts"]:
                if row["settled"]:
                    window.count = there
                    self._cover(window, datetime.now(UTC).isoformat(timespec="seconds"))
            else:
                self.done.differences.append(
                    f"{window}: the server counts {there:,}, but {row['parts'] or 0:,} by filing type"
                )

    def _summarize(self, endpoints: Sequence[str]) -> None:
        for endpoint in endpoints:
            self.done.unsettled += [str(window) for window in self._windows(endpoint, "unsettled")]
            left = "SELECT coalesce(sum(broken), 0) FROM sync_windows WHERE endpoint = ?"
            earlier = int(self.db.execute(left, [endpoint]).fetchone()[0]) - len(self.done.broken)
            if earlier > 0:
                self.done.broken.append(f"{endpoint}: {earlier} records were left out in earlier runs")
