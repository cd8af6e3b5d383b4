"""What is on file about one organization, and the rules of the ledger applied to it; the derived tables.

`Books` is read once from the database; totals for any window, day and selection of its reports need no more of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import groupby, islice
from typing import Any

from lobbyx import ledger, organizations, reports, store
from lobbyx.filing_types import filing_types
from lobbyx.models import (
    METHODS,
    NO_REPORTS,
    Count,
    Interval,
    Method,
    Organization,
    Report,
    Status,
    Total,
    Warned,
    Window,
    dollars,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which the figure of a fixed window changed."""

    as_of: date
    methods: Mapping[Method, Count]
    posted: tuple[Report, ...]
    """The reports posted that day that count in the window, or replaced others."""

    def json(self) -> dict[str, Any]:
        """As `lobbyx total --history --json` prints it; amounts in US dollars."""
        return {
            "as_of": self.as_of.isoformat(),
            "methods": {method: count.json() for method, count in self.methods.items()},
            "posted": [
                {
                    **{"filing_uuid": r.filing_uuid, "filing_type": r.filing_type, "registrant": r.registrant},
                    **{"period": r.period.json(), "amount": None if r.amount is None else dollars(r.amount)},
                    "url": r.url,
                }
                for r in self.posted
            ],
        }


@dataclass(frozen=True)
class Books:
    """All filings about one organization."""

    organization: Organization
    reports: Sequence[Report]
    registered: Sequence[date] = ()
    """Posting days of registrations."""
    amended: Sequence[date] = ()
    """Posting days of their amendments."""
    unknown: Mapping[str, int] | None = None
    """Filings of types that are not in the table of types."""

    def total(self, window: Window, as_of: date, covered: Collection[Window] = ()) -> Total:
        """Spending in the window as known on `as_of` (`ledger.total`)."""
        found = ledger.total(self.organization, self.reports, window, as_of, self.registered, self.amended, covered)
        if not self.unknown:
            return found
        codes = ", ".join(sorted(self.unknown))
        message = f"{sum(self.unknown.values())} filings of unknown types ({codes}) are on file and not counted"
        return replace(found, warnings=[*found.warnings, Warned("unknown_filing_type", message)])

    def only(self, chosen: Callable[[Report], bool]) -> Books:
        """The same with some of the reports."""
        return replace(self, reports=[r for r in self.reports if chosen(r)])

    def history(self, window: Window, as_of: date) -> list[Step]:
        """How the figure for a fixed window moved as reports and amendments were posted, oldest first.

        A step's figures are those of `total` for its day.
        """
        days: defaultdict[date, list[Report]] = defaultdict(list)
        for r in self.reports:
            if r.posted.date() <= as_of and ledger.overlaps(r.period, window):
                days[r.posted.date()].append(r)
        # A registration can change what counts as whole, and is a step too where it does.
        moments = sorted({*days, *(d for d in (*self.registered, *self.amended) if d <= as_of)})
        steps: list[Step] = []
        for day in moments:
            methods = self.total(window, day).methods
            if methods != (steps[-1].methods if steps else dict.fromkeys(METHODS, NO_REPORTS)) or day in days:
                steps.append(Step(day, methods, tuple(sorted(days[day], key=reports.rank))))
        return steps


_FILINGS = """
SELECT f.filing_uuid, f.filing_type, f.filing_year, f.filing_period, f.dt_posted, f.income, f.expenses,
       f.expenses_method, f.registrant_id, r.name AS registrant, f.client_id, c.name AS client,
       c.client_self_select, c.organization_id
FROM filings f JOIN registrants r ON r.id = f.registrant_id JOIN clients c ON c.id = f.client_id
"""


def open_books(db: sqlite3.Connection, organization: Organization) -> Books:
    """Reads all that is on file about an organization."""
    registrations: defaultdict[str, list[date]] = defaultdict(list)
    unknown: defaultdict[str, int] = defaultdict(int)
    read: list[Report] = []
    for row in db.execute(f"{_FILINGS} WHERE c.organization_id = ?", [organization.id]):
        kind = filing_types().get(row["filing_type"])
        if kind is None:
            unknown[row["filing_type"]] += 1
        elif report := reports.read(row):
            read.append(report)
        else:
            registrations[kind.stage].append(date.fromisoformat(row["dt_posted"][:10]))
    registered, amended = registrations["registration"], registrations["registration_amendment"]
    return Books(organization, read, registered, amended, dict(unknown))


def last_posted(db: sqlite3.Connection) -> date | None:
    """The day the newest filing on file was posted; None for an empty database."""
    newest = db.execute("SELECT max(dt_posted) FROM filings").fetchone()[0]
    return newest and date.fromisoformat(newest[:10])


def is_stale(db: sqlite3.Connection) -> bool:
    """Whether filings have changed since the last rebuild."""
    return bool(db.execute("SELECT 1 FROM state WHERE key = 'ledger' AND value <> 'current'").fetchone())


def rebuild(db: sqlite3.Connection) -> None:
    """Derives organizations, `ledger_lines` and `period_counts` anew from what is on file, as known today.

    Where only some clients were touched since the last time, the ledger is derived for their organizations alone, and
    for those that a client joined or left; the result is the same. Needs an open transaction.
    """
    state = db.execute("SELECT value FROM state WHERE key = 'ledger'").fetchone()
    some_alone = state is not None and state["value"] == "touched"
    with store.much_at_once(db):
        before = _whose(db) if some_alone else {}
        organizations.rebuild(db, everything=not some_alone)
        wanted = _touched(db, before, _whose(db)) if some_alone else None
        chosen = "" if wanted is None else "WHERE organization_id IN (SELECT value FROM json_each(:wanted))"
        values = {"wanted": json.dumps(wanted)}
        db.execute(f"DELETE FROM ledger_lines {chosen}", values)  # noqa: S608
        db.execute(f"DELETE FROM period_counts {chosen}", values)  # noqa: S608
        db.execute("DELETE FROM touched_clients")
        rows = db.execute(f"{_FILINGS} {chosen} ORDER BY c.organization_id", values)
        derived = (
            _derived(identifier, [report for row in group if (report := reports.read(row))])
            for identifier, group in groupby(rows, key=lambda row: row["organization_id"])
        )
        while some := list(islice(derived, 2_000)):
            for table, place, width in (("ledger_lines", 0, 14), ("period_counts", 1, 8)):
                marks = ", ".join("?" * width)
                db.executemany(f"INSERT INTO {table} VALUES ({marks})", [row for both in some for row in both[place]])  # noqa: S608
    db.execute("INSERT OR REPLACE INTO state (key, value) VALUES ('ledger', 'current')")


def _whose(db: sqlite3.Connection) -> dict[int, int]:
    return dict(db.execute("SELECT id, organization_id FROM clients").fetchall())


def _touched(db: sqlite3.Connection, before: Mapping[int, int], after: Mapping[int, int]) -> list[int] | None:
    """The organizations whose ledger may differ from what it was; None for so many that all are done."""
    touched = {row[0] for row in db.execute("SELECT client_id FROM touched_clients")}
    moved = {client for client in before.keys() | after.keys() if before.get(client) != after.get(client)}
    found = {whose.get(client) for client in touched | moved for whose in (before, after)} - {None}
    return None if len(found) * 2 > len(set(after.values())) else sorted(i for i in found if i is not None)


def _derived(identifier: int, read: Sequence[Report]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of `ledger_lines` and `period_counts` of one organization."""
    lines = ledger.statuses(read)
    own = {r.period for r, status in lines if status == "latest" and r.role == "in_house"}
    latest = {ledger.key(r): r for r, status in lines if status == "latest"}
    of_reports = [
        (
            *(r.filing_uuid, identifier, r.role, *_days(r.period), r.posted.isoformat(), r.posted_is_due_date),
            *(None if r.amount is None else dollars(r.amount), *_interval_columns(r.interval), r.amount_warning),
            *(status, _reason(r, status, latest[ledger.key(r)], r.period in own)),
        )
        for r, status in lines
    ]
    of_periods = [
        (identifier, *_days(period), method, *_interval_columns(count.interval), count.reports)
        for period, same_period in groupby(lines, key=lambda line: line[0].period)
        for method, count in ledger.count_period(list(same_period)).items()
        if count.reports
    ]
    return of_reports, of_periods


def _reason(report: Report, status: Status, latest: Report, own: bool) -> str:
    """Why a report has its status, and whether the LDA's own way of counting adds it."""
    if status == "superseded":
        return f"replaced by {latest.filing_type} {latest.filing_uuid} posted {latest.dt_posted}"
    if report.role == "outside" and own:
        return "the last posted for its period; lda does not add it, since the period's in-house expenses include it"
    return "the last posted for its period"


@lru_cache(maxsize=1_000)
def _days(period: Window) -> tuple[str, str]:
    start, end = period.days
    return start.isoformat(), end.isoformat()


def _interval_columns(i: Interval) -> tuple[int | float, int | float, int | float]:
    return dollars(i.low), dollars(i.reported), dollars(i.high)
