"""The organization whose claims are judged, and what its filings say; read once, it serves every claim and day."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from lobbyx.accounting import counting, determination
from lobbyx.accounting.account import Account, open_account
from lobbyx.accounting.successors import Successors
from lobbyx.model.coverage import Coverage
from lobbyx.model.period import Window
from lobbyx.model.total import Method, Organization, Total
from lobbyx.organizations import lookup
from lobbyx.verdicts import evidence
from lobbyx.verdicts.evidence import Filing, Person, Ranking, Topic


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known to be on file, and what brings the rest (`ingest/coverage.py`)."""

    coverage: Callable[[Organization | None], Coverage] = lambda organization: Coverage()
    """The listings that cover an organization; those that cover everybody for None."""
    command: Callable[[Organization | None, Window], str | None] = lambda organization, window: None
    """The command that brings an organization's (or everybody's) filings of a window."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """Periods of which not everybody's reports are known to be on file."""

    window: Window
    command: str | None
    """What brings them."""


def lacking(knowledge: Knowledge, window: Window, as_of: date) -> Lacking | None:
    """The periods of a window of which not everybody's reports posted by a day are on file; None where all are."""
    covered = knowledge.coverage(None)
    asked = [p for p in determination.periods(window, as_of) if p.days[0] <= as_of]
    missing = [p for p in asked if not covered.complete(p, as_of)]
    if not missing and asked:
        return None
    span = Window(missing[0].start, missing[-1].end) if missing else window
    return Lacking(span, knowledge.command(None, span))


@dataclass(frozen=True)
class Subject:
    """What the modules of each kind of claim ask about an organization."""

    db: sqlite3.Connection
    organization: Organization
    newest: date | None
    """The day the newest filing on file was posted."""
    with_subsidiaries: bool = False
    knowledge: Knowledge = Knowledge()
    passing_on: Successors | None = None
    """Who took whose place, where that is already read."""

    @cached_property
    def account(self) -> Account:
        """All reports and registrations on file about it."""
        return self._account(self.organization)

    def _account(self, whose: Organization) -> Account:
        known = self.knowledge
        return open_account(
            self.db, whose, known.coverage(whose), lambda window: known.command(whose, window), self.passing_on
        )

    @cached_property
    def subsidiaries(self) -> list[Account]:
        """The accounts of its subsidiaries."""
        below = lookup.subsidiaries(self.db, self.organization)
        return [self._account(child) for child in below]

    def total(self, window: Window, as_of: date) -> Total:
        """Its spending, with that of its subsidiaries where asked for."""
        total = self.account.total(window, as_of)
        if not self.with_subsidiaries:
            return total
        inside = counting.consolidated(total)
        return counting.add(total, [child.total(window, as_of, inside) for child in self.subsidiaries])

    def today(self, window: Window) -> date:
        """The day to judge all that is on file by: the last by which a window's periods are known to be complete.

        The day of the newest filing on file where that is not known, or filings about it were posted later.
        """
        newest = self.newest or date.min
        asked = determination.periods(window, newest)
        ends = [self.account.coverage.through(period) for period in asked if period.days[0] <= newest]
        known = [day for day in ends if day is not None]
        if not known or len(known) < len(ends):
            return newest
        own = max((r.posted.date() for r in self.account.reports), default=date.min)
        return min(known) if min(known) >= own else newest

    def filings(self, window: Window, as_of: date) -> list[Filing]:
        """Reports whose period overlaps the window and registrations posted in it, as known on `as_of`."""
        return evidence.filings(self.db, self.organization, self.account.reports, window, as_of)

    def lobbyists(self, some: Sequence[Filing]) -> list[Person]:
        """The lobbyists listed in filings."""
        return evidence.lobbyists(self.db, some)

    def topics(self, some: Sequence[Filing]) -> list[Topic]:
        """The activities of filings."""
        return evidence.topics(self.db, some)

    def ranking(self, window: Window, as_of: date, method: Method) -> Ranking | None:
        """Its place among all organizations on file; None where it has no reports in the window."""
        return evidence.ranking(self.db, self.organization, window, as_of, method)

    def certainly_above(self, total: Total) -> Ranking:
        """Who reported more than it at most did, by the reports on file at least."""
        return evidence.certainly_above(self.db, total.window, total.as_of, total.methods["lda"].interval.high)

    def lacking(self, window: Window, as_of: date) -> Lacking | None:
        """Whether everybody's reports of a window are known to be on file (None), or what is not."""
        return lacking(self.knowledge, window, as_of)
