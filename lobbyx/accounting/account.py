"""Everything on file about one organization, read once. Totals for any window and day need no more database access."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lobbyx.accounting import counting
from lobbyx.accounting.determination import NOTHING_COVERED, Registered
from lobbyx.accounting.reports import rank
from lobbyx.accounting.reports import read as read_report
from lobbyx.accounting.successors import BEFORE_ALL, Successors, successors
from lobbyx.model.coverage import Coverage
from lobbyx.model.filing_types import filing_types
from lobbyx.model.money import dollars
from lobbyx.model.period import Window
from lobbyx.model.report import Report
from lobbyx.model.said import Several
from lobbyx.model.total import METHODS, NO_REPORTS, Count, Method, Organization, Total, warned
from lobbyx.names import normalize


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which the figure for a fixed window changed."""

    as_of: date
    methods: Mapping[Method, Count]
    posted: tuple[Report, ...]
    """The reports for the window that were posted that day."""

    def json(self) -> dict[str, Any]:
        """As `lobbyx total --history --json` prints it; amounts in US dollars."""
        return {
            "as_of": self.as_of.isoformat(),
            "methods": {method: count.json() for method, count in self.methods.items()},
            "posted": [
                {
                    "filing_uuid": r.filing_uuid,
                    "filing_type": r.filing_type,
                    "registrant": r.registrant,
                    "period": r.period.json(),
                    "amount": None if r.amount is None else dollars(r.amount),
                    "url": r.url,
                }
                for r in self.posted
            ],
        }


@dataclass(frozen=True)
class Account:
    """All filings about one organization."""

    organization: Organization
    reports: Sequence[Report]
    registered: Sequence[date] = ()
    """Posting days of registrations."""
    amended: Sequence[date] = ()
    """Posting days of their amendments."""
    unknown: Mapping[str, int] | None = None
    """How many filings there are of each type that is not in the table of types."""
    own_registrations: Registered = ()
    """Registrants that registered to lobby for themselves, with the day that was posted."""
    coverage: Coverage = field(default_factory=Coverage)
    """The listings that cover it."""
    command: Callable[[Window], str | None] = lambda window: None
    """What brings the filings of a window."""

    def total(self, window: Window, as_of: date, covered: Collection[Window] = ()) -> Total:
        """Spending in the window as known on `as_of`; see `Ledger.total`."""
        found = counting.total(
            self.organization,
            self.reports,
            window,
            as_of,
            self.registered,
            self.amended,
            covered,
            self.coverage,
            self.own_registrations,
            self.command,
        )
        if not self.unknown:
            return found
        kinds = Several(tuple(sorted(self.unknown)))
        note = warned("unknown_filing_type", n=sum(self.unknown.values()), codes=kinds)
        return replace(found, warnings=[*found.warnings, note])

    def only(self, chosen: Callable[[Report], bool]) -> Account:
        """The same account with only the chosen reports."""
        return replace(self, reports=[r for r in self.reports if chosen(r)])

    def history(self, window: Window, as_of: date) -> list[Step]:
        """How the figure for a fixed window changed as reports and amendments were posted, oldest first.

        The figures of a step are those of `total` for its day.
        """
        days: defaultdict[date, list[Report]] = defaultdict(list)
        for r in self.reports:
            if r.posted.date() <= as_of and counting.overlaps(r.period, window):
                days[r.posted.date()].append(r)
        # A registration can change whether a period counts whole. If it does, it is a step too.
        moments = sorted({*days, *(d for d in (*self.registered, *self.amended) if d <= as_of)})
        steps: list[Step] = []
        for day in moments:
            methods = self.total(window, day).methods
            before = steps[-1].methods if steps else dict.fromkeys(METHODS, NO_REPORTS)
            if day in days or any(methods[m].interval != before[m].interval for m in METHODS):
                steps.append(Step(day, methods, tuple(sorted(days[day], key=rank))))
        return steps


FILINGS_SQL = """
SELECT f.filing_uuid, f.filing_type, f.filing_year, f.filing_period, f.dt_posted, f.income, f.expenses,
       f.expenses_method, f.registrant_id, r.name AS registrant, f.client_id, c.name AS client,
       c.client_self_select, c.organization_id
FROM filings f JOIN registrants r ON r.id = f.registrant_id JOIN clients c ON c.id = f.client_id
"""


def open_account(
    db: sqlite3.Connection,
    organization: Organization,
    coverage: Coverage = NOTHING_COVERED,
    command: Callable[[Window], str | None] = lambda window: None,
    passing_on: Successors | None = None,
) -> Account:
    """Reads all that is on file about an organization, and of those whose place it took from that day on.

    `coverage` and `command` are as in `counting.total`; `passing_on` is given where many are opened.
    """
    passing_on = passing_on or successors(db)
    whose = sorted(passing_on.predecessors(organization.id))
    chosen = "WHERE c.organization_id IN (SELECT value FROM json_each(?))"
    registrations: defaultdict[str, list[date]] = defaultdict(list)
    unknown: defaultdict[str, int] = defaultdict(int)
    read: list[Report] = []
    own: list[tuple[int, date]] = []
    for row in db.execute(f"{FILINGS_SQL} {chosen}", [json.dumps(whose)]):
        report = read_report(row)
        if passing_on.owner(row["organization_id"], report.period if report else BEFORE_ALL) != organization.id:
            continue
        kind = filing_types().get(row["filing_type"])
        if kind is None:
            unknown[row["filing_type"]] += 1
        elif report:
            read.append(report)
        else:
            day = date.fromisoformat(row["dt_posted"][:10])
            registrations[kind.stage].append(day)
            if row["client_self_select"] or normalize(row["registrant"]) == normalize(row["client"]):
                own.append((row["registrant_id"], day))
    registered, amended = registrations["registration"], registrations["registration_amendment"]
    return Account(organization, read, registered, amended, dict(unknown), own, coverage, command)


def last_posted(db: sqlite3.Connection) -> date | None:
    """The day the newest filing on file was posted; None for an empty database."""
    newest = db.execute("SELECT max(dt_posted) FROM filings").fetchone()[0]
    return newest and date.fromisoformat(newest[:10])
