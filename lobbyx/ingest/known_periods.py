"""What is known of each reporting period of an organization: what a person asks before believing a total."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from lobbyx.ingest.coverage import coverage_of
from lobbyx.model.period import Window, due_date, half_span, iso, quarter_span
from lobbyx.model.total import Organization

Known = Literal["in_house_report", "none_filed", "unknown"]
QUARTERLY_SINCE: Final = 2008
"""LDA section 5, as amended in 2007; reports were semi-annual before."""


@dataclass(frozen=True, slots=True)
class KnownPeriod:
    """What is known of one reporting period of an organization."""

    period: Window
    state: Known
    """An in-house report is on file; none was filed, by all that was posted up to its due date; or neither is known."""
    in_house: int
    outside: int
    """Reports on file that are the latest."""
    through: date | None
    """The last day by which everything posted about it is on file."""

    def json(self) -> dict[str, object]:
        """As `lobbyx coverage ORG --json` prints it."""
        return {
            **self.period.json(),
            "state": self.state,
            "in_house_reports": self.in_house,
            "outside_reports": self.outside,
            "through": iso(self.through),
        }


def known_periods(db: sqlite3.Connection, organization: Organization) -> list[KnownPeriod]:
    """Each reporting period from the first filing on file about an organization to the last that is known of."""
    coverage = coverage_of(db, organization)
    reports: dict[tuple[str, str], int] = {}
    for role, start, number in db.execute(
        "SELECT role, period_start, count(*) FROM ledger_lines WHERE organization_id = ? AND status = 'latest' "
        "GROUP BY 1, 2",
        [organization.id],
    ):
        reports[role, start] = number
    first = db.execute(
        "SELECT min(filing_year) FROM filings WHERE client_id IN (SELECT id FROM clients WHERE organization_id = ?)",
        [organization.id],
    ).fetchone()[0]
    ends = [one.posted.end for one in coverage.listings if one.posted.end]
    last = max([*ends, *(date.fromisoformat(start) for _, start in reports)], default=None)
    found = []
    for period in periods(first, last) if first and last else ():
        start, _ = period.days
        through = coverage.through(period)
        in_house, outside = (reports.get((role, start.isoformat()), 0) for role in ("in_house", "outside"))
        state: Known = "unknown"
        if in_house:
            state = "in_house_report"
        elif through and through >= due_date(period):
            state = "none_filed"
        found.append(KnownPeriod(period, state, in_house, outside, through))
    while found and found[-1].state == "unknown" and not found[-1].outside:  # nothing is due yet
        found.pop()
    return found


def periods(first_year: int, last: date) -> Iterator[Window]:
    """The reporting periods that begin from a year on, up to a day: half-years before 2008, quarters since."""
    for year in range(first_year, last.year + 1):
        quarterly = year >= QUARTERLY_SINCE
        for number in range(1, 5 if quarterly else 3):
            period = quarter_span(year, number) if quarterly else half_span(year, number)
            if period.days[0] <= last:
                yield period
