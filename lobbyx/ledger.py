"""What counts: the latest report per registrant, client and period; the ways of counting; windows; as-of dates.

All rules here are pure functions over `Report`s. `rebuild` applies them to the whole database for the views
`reports` and `spending`.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import groupby, islice
from typing import Any

from lobbyx import organizations, reports, store
from lobbyx.dates import due_date
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
    money,
)
from lobbyx.names import with_subsidiaries

Line = tuple[Report, Status]


def statuses(all_reports: Iterable[Report]) -> list[Line]:
    """Every report with whether it counts, by period and posting time.

    A report restates its whole period: of all for one registrant, client and period the one posted last is `latest`.
    """
    groups: defaultdict[tuple[Any, ...], list[Report]] = defaultdict(list)
    for r in all_reports:
        groups[_key(r)].append(r)
    lines: list[Line] = []
    for same in groups.values():
        ordered = sorted(same, key=reports.rank)
        lines += [(r, "superseded") for r in ordered[:-1]] + [(ordered[-1], "latest")]
    return sorted(lines, key=lambda line: (_closed(line[0].period), *reports.rank(line[0])))


def _key(report: Report) -> tuple[Any, ...]:
    """What reports that replace each other have in common."""
    return report.registrant_id, report.client_id, report.period


def _closed(period: Window) -> tuple[date, date]:
    assert period.start is not None
    assert period.end is not None
    return period.start, period.end


def count_period(lines: Sequence[Line]) -> dict[Method, Count]:
    """What each way of counting makes of ONE period.

    In-house expenses include the fees of outside firms (LDA section 5(b)(4) as the Secretary and Clerk read it). Where
    the firms' income exceeds them the filer may have left the fees out, so `high` of `lda` then has both.
    """
    in_house = count_reports(r for r, status in lines if status == "latest" and r.role == "in_house")
    outside = count_reports(r for r, status in lines if status == "latest" and r.role == "outside")
    superseded = count_reports(r for r, status in lines if status == "superseded")
    gross = in_house + outside
    lda = in_house if in_house.reports else outside
    if in_house.reports and outside.interval.reported > in_house.interval.reported:
        lda = Count(replace(lda.interval, high=gross.interval.high), lda.reports, rounding_only=False)
    return {"lda": lda, "gross": gross, "all_filings": gross + superseded, "in_house": in_house, "outside": outside}


def count_reports(reports: Iterable[Report]) -> Count:
    """The sum of reports, all of them counted."""
    intervals = [report.interval for report in reports]
    if not intervals:
        return NO_REPORTS
    low, reported, high = (sum(getattr(i, bound) for i in intervals) for bound in ("low", "reported", "high"))
    return Count(Interval(low, reported, high), len(intervals))


def first_registration(
    registered: Collection[date], amended: Collection[date], posted: Iterable[Report]
) -> date | None:
    """The day an organization's lobbying was first registered, or None where that is not on file.

    A registration is the first only if nothing on file is older than it: a firm hired later registers too.
    """
    if not registered:
        return None
    first = min(registered)
    older_report = any(_closed(r.period)[1] < first for r in posted)
    return None if older_report or any(day < first for day in amended) else first


def total(
    organization: Organization,
    all_reports: Iterable[Report],
    window: Window,
    as_of: date,
    registered: Collection[date] = (),
    amended: Collection[date] = (),
    covered: Collection[Window] = (),
) -> Total:
    """Spending in the window as known on `as_of`, in every way of counting.

    `covered` are periods in which a parent's consolidated report has this organization's in-house expenses in it: they
    are not counted again.

    `registered` and `amended` are the posting days of the organization's LD-1s. A report belongs to the window if its
    period overlaps it. One that straddles an edge counts whole in `reported` and `high` and not in `low`, except where
    lobbying was first registered inside the window: nothing can have been spent before.
    """
    posted = [r for r in all_reports if r.posted.date() <= as_of]
    first = first_registration([d for d in registered if d <= as_of], [d for d in amended if d <= as_of], posted)
    nothing_before = first is not None and first in window
    lines = [
        line
        for line in statuses(posted)
        if _overlaps(line[0].period, window) and not (line[0].role == "in_house" and line[0].period in covered)
    ]
    sums: dict[Method, Count] = dict.fromkeys(METHODS, NO_REPORTS)
    straddling: list[Window] = []
    left_out: list[tuple[Window, Count, Count]] = []
    for period, group in groupby(lines, key=lambda line: line[0].period):
        counts = count_period(list(group))
        if period in covered:  # the parent's expenses include the firms' fees too
            counts["lda"] = NO_REPORTS
        whole = _whole(period, window, nothing_before)
        if not whole:
            straddling.append(period)
        if not counts["lda"].rounding_only:
            left_out.append((period, counts["in_house"], counts["outside"]))
        for method, count in counts.items():
            if not whole and count.reports:
                count = Count(replace(count.interval, low=0), count.reports, rounding_only=False)
            sums[method] += count
    told = warnings(lines, straddling, left_out) + _awaited(posted, lines, covered)
    return Total(organization, window, as_of, sums, lines, told)


def _awaited(posted: Sequence[Report], lines: Sequence[Line], covered: Collection[Window]) -> list[Warned]:
    """Periods counted by outside firms' income because an organization that files for itself has not filed yet.

    One that reported in-house before, and did not terminate, owes a report for each period after.
    """
    own = sorted((r for r in posted if r.role == "in_house"), key=lambda r: (_closed(r.period), reports.rank(r)))
    found: list[Warned] = []
    for period, group in groupby(lines, key=lambda line: line[0].period):
        before = [r for r in own if _closed(r.period) < _closed(period)]
        absent = all(r.role == "outside" for r, _ in group) and not any(r.period == period for r in own)
        if absent and before and period not in covered and not filing_types()[before[-1].filing_type].is_termination:
            due = f"{period}: the in-house report due on {due_date(period)} is not on file"
            message = f"{due}; outside firms' income is counted instead"
            found.append(Warned("in_house_missing", message))
    return found


def add(parent: Total, parts: Sequence[Total]) -> Total:
    """A parent's total with those of its subsidiaries added."""
    methods = {method: sum((part.methods[method] for part in parts), parent.methods[method]) for method in METHODS}
    lines = [line for total_ in (parent, *parts) for line in total_.reports]
    lines.sort(key=lambda line: (_closed(line[0].period), *reports.rank(line[0])))
    who = [part.organization for part in parts]
    told = [w for total_ in (parent, *parts) if total_.reports for w in total_.warnings]
    if not lines:
        told = list(parent.warnings)
    named = ", ".join(o.name for o in who)
    note = Warned("with_subsidiaries", f"the spending of {named} is added" if who else "no subsidiary is on file")
    return replace(parent, methods=methods, reports=lines, warnings=[note, *told], subsidiaries=who)


def consolidated(total_: Total) -> set[Window]:
    """The periods in which an organization's latest in-house report says by its name that it includes subsidiaries."""
    return {
        r.period
        for r, status in total_.reports
        if status == "latest" and r.role == "in_house" and any(map(with_subsidiaries, (r.client, r.registrant)))
    }


def _overlaps(period: Window, window: Window) -> bool:
    start, end = _closed(period)
    return (window.end is None or start <= window.end) and (window.start is None or window.start <= end)


def _whole(period: Window, window: Window, nothing_before: bool) -> bool:
    start, end = _closed(period)
    if window.end is not None and window.end < end:
        return False
    return window.start is None or window.start <= start or nothing_before


def warnings(
    lines: Sequence[Line], straddling: Sequence[Window], left_out: Sequence[tuple[Window, Count, Count]]
) -> list[Warned]:
    """What a reader of a total must know, in the order of its weight.

    `left_out` has the periods whose in-house expenses may lack outside firms' fees, with the counts of both.
    """
    latest = [r for r, status in lines if status == "latest"]
    found: list[Warned] = []

    def warn(code: str, message: str) -> None:
        found.append(Warned(code, message))

    if not lines:
        warn("no_reports", "no activity report on file overlaps this window")
    for period, in_house, outside in left_out:
        warn(
            "outside_exceeds_in_house",
            f"{period}: outside firms report {money(outside.interval.reported)} but the in-house report only "
            f"{money(in_house.interval.reported)}, which should include it; the filer may have left the fees out, so "
            "the upper bound has both",
        )
    for period in straddling:
        warn(
            "straddles_window",
            f"the period {period} lies only partly inside the window; the lower bound omits it",
        )
    odd = [r for r in latest if r.amount_warning]
    for r in odd:
        warn("amount_in_doubt", f"{r.filing_uuid}: {r.amount_warning}")
    silent = [r for r in latest if r.amount is None and r.interval.high and r not in odd]
    if silent:
        warn(
            "no_amount",
            f"{_reports(len(silent))} no amount, which means less than {money(silent[0].interval.high)}: "
            + ", ".join(r.filing_uuid for r in silent),
        )
    methods = {(r.expenses_method or "").upper() for r in latest if r.role == "in_house"} - {""}
    if "A" in methods and len(methods) > 1:
        warn(
            "mixed_expense_methods",
            f"in-house reports use expense methods {', '.join(sorted(methods))}: B and C include state and grass-roots "
            "lobbying, A does not, so the sum is not strictly comparable",
        )
    undated = [r for r, _ in lines if r.posted_is_due_date]
    if undated:
        warn(
            "impossible_date",
            f"{_reports(len(undated))} a posting date before the period began; the due date stands in for it: "
            + ", ".join(r.filing_uuid for r in undated),
        )
    return found


def _reports(n: int) -> str:
    return "1 report gives" if n == 1 else f"{n} reports give"


# The database side ---------------------------------------------------------------------------------------------

_FILINGS = """
SELECT f.filing_uuid, f.filing_type, f.filing_year, f.filing_period, f.dt_posted, f.income, f.expenses,
       f.expenses_method, f.registrant_id, r.name AS registrant, f.client_id, c.name AS client,
       c.client_self_select, c.organization_id
FROM filings f JOIN registrants r ON r.id = f.registrant_id JOIN clients c ON c.id = f.client_id
"""


def filings_of(db: sqlite3.Connection, organization: Organization) -> list[sqlite3.Row]:
    """All filings about an organization, in the columns `reports.read` takes."""
    return db.execute(f"{_FILINGS} WHERE c.organization_id = ?", [organization.id]).fetchall()


def last_posted(db: sqlite3.Connection) -> date | None:
    """The day the newest filing on file was posted; None for an empty database."""
    newest = db.execute("SELECT max(substr(dt_posted, 1, 10)) FROM filings").fetchone()[0]
    return newest and date.fromisoformat(newest)


def is_stale(db: sqlite3.Connection) -> bool:
    """Whether filings have changed since the last rebuild."""
    return bool(db.execute("SELECT 1 FROM state WHERE key = 'ledger' AND value = 'stale'").fetchone())


def rebuild(db: sqlite3.Connection) -> None:
    """Derives organizations, `ledger_lines` and `period_counts` anew from what is on file, as known today.

    Needs an open transaction.
    """
    with store.much_at_once(db):
        organizations.rebuild(db)
        db.execute("DELETE FROM ledger_lines")
        db.execute("DELETE FROM period_counts")
        rows = db.execute(f"{_FILINGS} ORDER BY c.organization_id")
        derived = (
            _derived(identifier, [report for row in group if (report := reports.read(row))])
            for identifier, group in groupby(rows, key=lambda row: row["organization_id"])
        )
        while some := list(islice(derived, 2_000)):
            for table, place, width in (("ledger_lines", 0, 14), ("period_counts", 1, 8)):
                marks = ", ".join("?" * width)
                db.executemany(f"INSERT INTO {table} VALUES ({marks})", [row for both in some for row in both[place]])  # noqa: S608
    db.execute("INSERT OR REPLACE INTO state (key, value) VALUES ('ledger', 'current')")


def _derived(identifier: int, read: Sequence[Report]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of `ledger_lines` and `period_counts` of one organization."""
    lines = statuses(read)
    latest = {_key(r): r for r, status in lines if status == "latest"}
    of_reports = [
        (
            *(r.filing_uuid, identifier, r.role, *_days(r.period), r.posted.isoformat(), r.posted_is_due_date),
            *(None if r.amount is None else dollars(r.amount), *_interval_columns(r.interval), r.amount_warning),
            *(status, _reason(status, latest[_key(r)])),
        )
        for r, status in lines
    ]
    of_periods = [
        (identifier, *_days(period), method, *_interval_columns(count.interval), count.reports)
        for period, same_period in groupby(lines, key=lambda line: line[0].period)
        for method, count in count_period(list(same_period)).items()
        if count.reports
    ]
    return of_reports, of_periods


def _reason(status: Status, latest: Report) -> str:
    """Why a report has its status, given the one that counts for its period."""
    if status == "latest":
        return "the last posted for its period"
    return f"replaced by {latest.filing_type} {latest.filing_uuid} posted {latest.dt_posted}"


@lru_cache(maxsize=1_000)
def _days(period: Window) -> tuple[str, str]:
    start, end = _closed(period)
    return start.isoformat(), end.isoformat()


def _interval_columns(i: Interval) -> tuple[int | float, int | float, int | float]:
    return dollars(i.low), dollars(i.reported), dollars(i.high)
