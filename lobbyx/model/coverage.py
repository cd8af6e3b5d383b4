"""What is known to be on file, and what that says of one reporting period.

A listing that was read to its end and counted covers an organization if every name and client id on file for it
satisfies the listing's filters. Source of the rules: DOMAIN, "What is on file, and what is known to be on file".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from lobbyx.model.period import Window

State = Literal["complete", "reported", "not_due", "unknown"]
"""What is known of a period of an organization as of a day."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing of filings that was read to its end: as many records were received as the source counts."""

    endpoint: str
    filters: Mapping[str, str]
    """The exact filters other than the posting days and the filing year; empty for everything."""
    filing_year: int | None
    """Only filings of this year, or of all years."""
    posted: Window
    """Inclusive posting days. The end is closed: no listing covers what was posted after it was read."""
    count: int
    received: int
    checked_at: str
    """ISO time."""
    source: str
    """The address asked, or the file with its manifest."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The listings of filings that cover one organization."""

    listings: Sequence[Listing] = ()

    def through(self, period: Window) -> date | None:
        """The last day by which everything posted about the period is on file; None where nothing is known.

        Reports for a period are posted after it begins, so days from its first on must be covered without a gap.
        """
        start, _ = period.days
        spans = sorted(
            (one.posted.start or date.min, one.posted.end or date.min)
            for one in self.listings
            if one.filing_year in (None, start.year)
        )
        reached: date | None = None
        for first, last in spans:
            if first <= (start if reached is None else reached + timedelta(days=1)) and last >= start:
                reached = last if reached is None else max(reached, last)
        return reached

    def complete(self, period: Window, as_of: date) -> bool:
        """Whether everything posted about the period by `as_of` is on file."""
        through = self.through(period)
        return through is not None and through >= as_of
