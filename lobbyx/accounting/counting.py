"""What counts: the latest report per registrant, client and period; the ways of counting; windows; as-of dates.

All rules here are pure functions over `Report`s; `account.py` applies them to a database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from lobbyx.accounting import determination, warnings
from lobbyx.accounting.determination import NOTHING_COVERED, Registered
from lobbyx.accounting.reports import rank
from lobbyx.ingest.coverage import together
from lobbyx.model.coverage import Coverage
from lobbyx.model.money import Interval
from lobbyx.model.period import Window
from lobbyx.model.report import Line, Report
from lobbyx.model.said import Several
from lobbyx.model.total import METHODS, NO_REPORTS, Count, Method, Organization, Total, warned
from lobbyx.names import with_subsidiaries


def statuses(all_reports: Iterable[Report]) -> list[Line]:
    """Every report with its status, ordered by period and posting time.

    A report restates its whole period. Of all reports for one registrant, client and period, the one posted last is
    `latest`; the others are `superseded`.
    """
    groups: defaultdict[tuple[Any, ...], list[Report]] = defaultdict(list)
    for r in all_reports:
        groups[key(r)].append(r)
    lines: list[Line] = []
    for same in groups.values():
        ordered = sorted(same, key=rank) if len(same) > 1 else same
        lines += [(r, "superseded") for r in ordered[:-1]] + [(ordered[-1], "latest")]
    return sorted(lines, key=lambda line: (line[0].period.days, *rank(line[0])))


def key(report: Report) -> tuple[Any, ...]:
    """The key that reports which replace each other share."""
    return report.registrant_id, report.client_id, *report.period.days


def count_period(lines: Sequence[Line]) -> dict[Method, Count]:
    """The count of ONE period in every way of counting.

    In-house expenses include the fees of outside firms (LDA section 5(b)(4) as the Secretary and Clerk read it). If the
    firms' income exceeds them, the filer may have left the fees out, so `high` of `lda` counts both. If only firms
    report, and one was hired through another, the second firm's income may include the first's, so `low` omits it.
    """
    if len(lines) == 1:  # most periods of most organizations: every way of counting that counts it says the same
        only = Count(lines[0][0].interval, 1)
        own = lines[0][0].role == "in_house"
        in_house, outside = (only, NO_REPORTS) if own else (NO_REPORTS, only)
        return {"lda": only, "gross": only, "all_filings": only, "in_house": in_house, "outside": outside}
    in_house = count_reports(r for r, status in lines if status == "latest" and r.role == "in_house")
    outside = count_reports(r for r, status in lines if status == "latest" and r.role == "outside")
    superseded = count_reports(r for r, status in lines if status == "superseded")
    gross = in_house + outside
    lda = in_house if in_house.reports else outside
    if in_house.reports and outside.interval.reported > in_house.interval.reported:
        lda = Count(replace(lda.interval, high=gross.interval.high), lda.reports, rounding_only=False)
    if not in_house.reports and (through := warnings.hired_through(lines)):
        again = count_reports({r.filing_uuid: r for r, _ in through}.values())
        lda = Count(replace(lda.interval, low=lda.interval.low - again.interval.low), lda.reports, rounding_only=False)
    return {"lda": lda, "gross": gross, "all_filings": gross + superseded, "in_house": in_house, "outside": outside}


def count_reports(reports: Iterable[Report]) -> Count:
    """The sum of all the given reports."""
    intervals = [report.interval for report in reports]
    if not intervals:
        return NO_REPORTS
    low, reported, high = (sum(getattr(i, bound) for i in intervals) for bound in ("low", "reported", "high"))
    return Count(Interval(low, reported, high), len(intervals))


def first_registration(
    registered: Collection[date], amended: Collection[date], posted: Iterable[Report]
) -> date | None:
    """The day an organization's lobbying was first registered, or None if that is not on file.

    A registration is the first only if nothing on file is older, because a firm that is hired later registers too.
    """
    if not registered:
        return None
    first = min(registered)
    older_report = any(r.period.days[1] < first for r in posted)
    return None if older_report or any(day < first for day in amended) else first


def total(
    organization: Organization,
    all_reports: Iterable[Report],
    window: Window,
    as_of: date,
    registered: Collection[date] = (),
    amended: Collection[date] = (),
    covered: Collection[Window] = (),
    coverage: Coverage = NOTHING_COVERED,
    own_registrations: Registered = (),
    command: Callable[[Window], str | None] = lambda window: None,
) -> Total:
    """Spending in the window as known on `as_of`, in every way of counting, and what of it is determined.

    `coverage` are the listings read to their end that cover the organization, `own_registrations` who registered to
    lobby in-house (`determination.py`); `command` gives what brings the filings of a window.

    `covered` are periods in which a parent's consolidated report includes this organization's in-house expenses. They
    are not counted again.

    `registered` and `amended` are the posting days of the organization's LD-1s. A report belongs to the window if its
    period overlaps it. If the period straddles an edge, it counts whole in `reported` and `high` and not in `low`. If
    lobbying was first registered inside the window, it counts whole in all three: nothing was spent before.
    """
    on_file = list(all_reports)
    posted = [r for r in on_file if r.posted.date() <= as_of]
    first = first_registration([d for d in registered if d <= as_of], [d for d in amended if d <= as_of], posted)
    nothing_before = first is not None and first in window
    lines = [
        line
        for line in statuses(posted)
        if overlaps(line[0].period, window) and not (line[0].role == "in_house" and line[0].period in covered)
    ]
    wanted = dict.fromkeys(determination.periods(window, as_of)) | dict.fromkeys(r.period for r, _ in lines)
    in_order = sorted(wanted, key=lambda period: period.days)
    states = determination.states(in_order, on_file, as_of, coverage, own_registrations)
    known = {one.period: one for one in states}
    sums = {method: replace(NO_REPORTS, determined=determination.is_determined(method, states)) for method in METHODS}
    straddling: list[Window] = []
    left_out: list[tuple[Window, Count, Count]] = []
    for period, group in groupby(lines, key=lambda line: line[0].period):
        counts = count_period(list(group))
        if period in covered:  # the parent's expenses include the firms' fees too
            counts["lda"] = NO_REPORTS
        complete = whole(period, window, nothing_before)
        if not complete:
            straddling.append(period)
        if counts["in_house"].reports and not counts["lda"].rounding_only:
            left_out.append((period, counts["in_house"], counts["outside"]))
        for method, count in determination.counts(known[period], counts).items():
            if not complete and count.reports:
                count = replace(count, interval=replace(count.interval, low=0), rounding_only=False)
            sums[method] += count
    warned = warnings.warnings_for(lines, posted, window, as_of, covered, straddling, left_out, states)
    open_periods = determination.undetermined(states, command)
    lacking = determination.missing(open_periods)
    return Total(
        organization,
        window,
        as_of,
        sums,
        lines,
        warned,
        states=states,
        undetermined=open_periods,
        command=command(lacking) if lacking else None,
        complete_command=command(partly) if (partly := determination.incomplete(states)) else None,
    )


def add(parent: Total, parts: Sequence[Total]) -> Total:
    """A parent's total with the totals of its subsidiaries added."""
    methods = {method: sum((part.methods[method] for part in parts), parent.methods[method]) for method in METHODS}
    lines = [line for total_ in (parent, *parts) for line in total_.reports]
    lines.sort(key=lambda line: (line[0].period.days, *rank(line[0])))
    who = [part.organization for part in parts]
    notes = list(parent.warnings) if parent.reports else []
    for part in parts:
        if part.reports:
            notes += [w.of(part.organization.name) for w in part.warnings]
    if not lines:
        notes = list(parent.warnings)
    named = Several(tuple(o.name for o in who))
    first = warned("with_subsidiaries", names=named) if who else warned("with_subsidiaries", "none")
    return replace(
        parent,
        methods=methods,
        reports=lines,
        warnings=[first, *notes],
        subsidiaries=who,
        states=[one for total_ in (parent, *parts) for one in total_.states],
        undetermined=[
            one.of(total_.organization.name) if who else one
            for total_ in (parent, *parts)
            for one in total_.undetermined
        ],
        command=together(total_.command for total_ in (parent, *parts)),
        complete_command=together(total_.complete_command for total_ in (parent, *parts)),
    )


def consolidated(total_: Total) -> set[Window]:
    """The periods in which the name on an organization's latest in-house report says that it includes subsidiaries."""
    return {
        r.period
        for r, status in total_.reports
        if status == "latest" and r.role == "in_house" and any(map(with_subsidiaries, (r.client, r.registrant)))
    }


def overlaps(period: Window, window: Window) -> bool:
    """Whether a reporting period has a day in the window."""
    start, end = period.days
    return (window.end is None or start <= window.end) and (window.start is None or window.start <= end)


def whole(period: Window, window: Window, nothing_before: bool) -> bool:
    """Whether everything reported for a period was spent inside the window; see `total`."""
    start, end = period.days
    if window.end is not None and window.end < end:
        return False
    return window.start is None or window.start <= start or nothing_before
