"""`lobbyx check --fetch`: what the claims need and the database lacks is downloaded before they are judged."""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from lobbyx.accounting.derive import bring_up_to_date
from lobbyx.database import connection
from lobbyx.ingest import coverage
from lobbyx.ingest.fetch import Fetched, read_listing
from lobbyx.ingest.wanted import Wanted, asked_of, asked_of_unknown, needs_everybody, wanted, windows_of
from lobbyx.lda.client import LDAClient, pages_for
from lobbyx.lda.failures import LDAError
from lobbyx.lda.rate_limit import SharedThrottle
from lobbyx.model.claim import Claim
from lobbyx.model.coverage import Listing
from lobbyx.model.period import Window
from lobbyx.names import normalize, spoken
from lobbyx.organizations import decisions, knowledge, lookup

ROUNDS = 4
"""What came may tell of more names of an organization, or that it is written in another way."""
ATTEMPTS = 3
"""Somebody is waiting for the verdict."""
Reading = tuple[Wanted, Fetched, Generator[Fetched]]


@dataclass
class FetchFirst:
    """One check's downloading. `say` is told what will be asked before it is, and what could not be got."""

    db: sqlite3.Connection
    client: LDAClient
    most: int
    """Requests."""
    say: Callable[[str], None]
    into: str = ""
    """What a command needs to write into the same database."""
    tried: set[Wanted] = field(default_factory=set)
    left: list[Wanted] = field(default_factory=list)
    added: int = 0

    def run(self, needs: Sequence[tuple[str, list[Window]]], day: date) -> None:
        """Reads the listings that hold everything about some windows of named organizations posted by a day."""
        try:
            for _ in range(ROUNDS):
                self._derive()
                missing = [one for one in self._missing(needs, day) if one not in self.tried]
                if not missing:
                    break
                self._round(missing)
        except LDAError as error:
            self.say(f"lobbyx: {error}")
        finally:
            self._derive()
        if self.client.requests:
            self.say(f"{_requests(self.client.requests)} sent, {self.added:,} new filings")
        elif not self.left:
            self.say("nothing to download: what the claims need is on file")
        for one in self.left:
            self.say(f"not downloaded: {one}. The claims are judged without it; to get it: {one.command}{self.into}")

    def _derive(self) -> None:
        bring_up_to_date(self.db)

    def _missing(self, needs: Sequence[tuple[str, list[Window]]], day: date) -> list[Wanted]:
        read = coverage.listings(self.db, "filings")
        found = {one: None for text, windows in needs for one in self._missing_for(text, windows, read, day)}
        return list(found)

    def _missing_for(self, text: str, windows: Sequence[Window], read: Sequence[Listing], day: date) -> list[Wanted]:
        known = self._known(text)
        try:
            organization = lookup.find(self.db, text, windows[0])
        except lookup.UnknownOrganization:
            return wanted(windows, asked_of_unknown(text, read, known), read, day)
        asked = asked_of(text, (organization.name, *organization.names), known)
        return wanted(windows, asked, read, day, coverage.coverage_of(self.db, organization))

    def _known(self, text: str) -> list[str]:
        """Names under which what a text says is known to file, or was decided to."""
        said = {normalize(way) for way in spoken(text)}
        found = [
            one.name
            for names in knowledge.shipped().by_key.values()
            if any(normalized in said for _, normalized in names)
            for one, _ in names
            if one.kind in ("display", "filed")
        ]
        decided = decisions.read(decisions.path_for(self.db)).by_pair.values()
        return found + [d.name for d in decided if d.relation == "same" and normalize(d.other) in said]

    def _round(self, missing: Sequence[Wanted]) -> None:
        """The first page of each listing, which tells how long it is; then the rest of those that fit."""
        self.tried.update(missing)
        allowed = self.most - self.client.requests
        self.left += missing[allowed:]
        missing = missing[:allowed]
        if not missing:
            return
        self.say(f"asking {self.client.url} in {_requests(len(missing))} for {'; '.join(map(str, missing))}")
        readings: list[Reading] = []
        try:
            for one in missing:
                pages = read_listing(self.db, self.client, "filings", one.query)
                done = next(pages)
                readings.append((one, done, pages))
            self._rest(readings)
        except LDAError:
            complete = {one for one, done, _ in readings if done.complete}
            self.left += [one for one in missing if one not in complete and one not in self.left]
            raise
        finally:
            for _, done, pages in readings:
                pages.close()
                self.added += done.added

    def _rest(self, readings: Sequence[Reading]) -> None:
        chosen, more = [], 0
        for reading in sorted(readings, key=lambda reading: reading[1].matching):
            one, done, _ = reading
            pages = pages_for(done.matching) - 1
            if pages > self.most - self.client.requests - more:
                self.say(f"{one}: {done.matching:,} filings take {_requests(pages, 'more ')} than the first")
                self.left.append(one)
            else:
                chosen.append(reading)
                more += max(0, pages)
        if more:
            self.say(f"{_requests(more, 'more ')}, for {sum(done.matching for _, done, _ in chosen):,} filings in all")
        for _, done, reading_on in chosen:
            for _page in reading_on:  # each is loaded as it comes
                pass
            for problem in done.broken:
                self.say(f"left out: {problem}")


def fetch_first(
    path: Path,
    claims: Sequence[Claim],
    org: str | None,
    as_of: date | None,
    today: date,
    most: int,
    say: Callable[[str], None],
) -> None:
    """Downloads what judging the claims as of a day needs and the database at `path` (made if missing) lacks.

    `org` names the organization where a claim does not. Sends at most `most` requests. What cannot be got is told, and
    is no error.
    """
    needs: dict[str, list[Window]] = {}
    for claim in claims:
        if needs_everybody(claim):
            years = coverage.filing_years(windows_of(claim), today.year)
            since = f" --since {years[0]}" if years else ""
            say(f"“{claim.text[:80]}” is about all organizations; a few requests cannot bring that: lobbyx sync{since}")
        for name in {claim.org, org} - {None, "total"}:
            assert name is not None
            needs.setdefault(name, []).extend(windows_of(claim))
    yesterday = today - timedelta(days=1)
    day = min(as_of, yesterday) if as_of else yesterday
    with closing(connection.connect(path, create=True)) as db:
        try:
            client = LDAClient(say=say, limiter=lambda rate: SharedThrottle(path, rate), most=most, attempts=ATTEMPTS)
        except LDAError as error:
            say(f"lobbyx: {error}")
            return
        usual = os.environ.get("LOBBYX_DB") or "db/lobbyx.db"
        into = "" if path == Path(usual) else f" --db {shlex.quote(str(path))}"
        FetchFirst(db, client, most, say, into).run(list(needs.items()), day)


def _requests(number: int, more: str = "") -> str:
    return f"{number:,} {more}request{'' if number == 1 else 's'}"
