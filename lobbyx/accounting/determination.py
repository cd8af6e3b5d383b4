"""What is known of each period of an organization as of a day, and what that leaves of each way of counting.

A missing filing never makes a figure smaller: where what is on file does not determine a sum, it is a lower bound that
is open above. The rules are DOMAIN's "What is on file, and what is known to be on file":

| state | when | lda, in_house | outside, gross, all_filings |
|---|---|---|---|
| complete | coverage says that all that was posted by the day is on file | determined | determined |
| reported | all that are known to file in-house around that time have filed for it | determined | lower bound |
| not_due | its due date is after the day, and nothing is on file for it | adds nothing | adds nothing |
| unknown | otherwise | lower bound; outside income alone adds nothing to it | lower bound |

"Around that time" is a year before or after: a registrant with an in-house report for a period that begins within four
quarters of this one, or an in-house registration posted in that time, that had not terminated before it. A filer owes a
report for every period until it terminates (LDA section 5(a)), and one who has been silent for a year has most likely
left without saying so: registrant ids of large companies change without a termination.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from lobbyx.accounting.reports import rank
from lobbyx.model.coverage import Coverage, State
from lobbyx.model.filing_types import filing_types
from lobbyx.model.period import Window, due_date, filing_period_span
from lobbyx.model.report import Report
from lobbyx.model.said import Several, said
from lobbyx.model.total import METHODS, Count, Method, PeriodState, Undetermined

FIRST_DAY: Final = date(1999, 1, 1)
"""The first period of which reports are published (lda.gov)."""
NOTHING_COVERED: Final = Coverage()
AROUND: Final = timedelta(days=366)
"""How far apart two periods may begin for a filer of one to be expected to file for the other."""

DETERMINED: Final[Mapping[State, Collection[Method]]] = {
    "complete": METHODS,
    "reported": ("lda", "in_house"),
    "not_due": METHODS,
    "unknown": (),
}
"""The ways of counting that a period of each state leaves determined."""

Registered = Collection[tuple[int, date]]
"""Registrants that registered to lobby for themselves, with the day that was posted."""


def periods(window: Window, as_of: date) -> list[Window]:
    """The reporting periods that overlap a window, in order; an open side ends with 1999 and with `as_of`."""
    end = window.end or max(as_of, window.start or as_of)
    first = window.start or min(FIRST_DAY, end)
    found: list[Window] = []
    for year in range(first.year, end.year + 1):
        names = ("mid_year", "year_end") if year < 2008 else _QUARTERS
        found += [filing_period_span(year, name) for name in names]
    return [p for p in found if p.days[1] >= first and p.days[0] <= end]


_QUARTERS: Final = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")


def filers(own: Iterable[Report], registered: Registered, period: Window) -> dict[int, str]:
    """Who is expected to have filed in-house for a period: registrant ids with names (empty where only registered).

    `own` are the in-house reports on file, of any day.
    """
    start, end = period.days
    last_before: dict[int, Report] = {}
    found: dict[int, str] = {}
    for report in own:
        begins = report.period.days[0]
        if abs(begins - start) <= AROUND:
            found[report.registrant_id] = report.registrant
        if begins < start:
            before = last_before.get(report.registrant_id)
            if before is None or (before.period.days, rank(before)) < (report.period.days, rank(report)):
                last_before[report.registrant_id] = report
    for registrant, posted in registered:
        if start - AROUND <= posted <= end and registrant not in last_before:
            found.setdefault(registrant, "")
    # One that terminated and reports again later is expected from its next report on.
    ended = {i for i, r in last_before.items() if filing_types()[r.filing_type].is_termination}
    filed_here = {r.registrant_id for r in own if r.period == period}
    return {i: name for i, name in found.items() if i not in ended or i in filed_here}


def states(
    wanted: Iterable[Window],
    reports: Iterable[Report],
    as_of: date,
    coverage: Coverage = NOTHING_COVERED,
    registered: Registered = (),
) -> list[PeriodState]:
    """The state of each wanted period as of a day, given all reports on file about the organization, of any day."""
    by_period: defaultdict[Window, list[Report]] = defaultdict(list)
    own: list[Report] = []
    for report in reports:
        if report.posted.date() <= as_of:
            by_period[report.period].append(report)
        if report.role == "in_house":
            own.append(report)
    return [_state(p, by_period.get(p, []), own, as_of, coverage, registered) for p in wanted]


def _state(
    period: Window,
    posted: Sequence[Report],
    own: Sequence[Report],
    as_of: date,
    coverage: Coverage,
    registered: Registered,
) -> PeriodState:
    filed = {r.registrant_id for r in posted if r.role == "in_house"}
    expected = filers(own, registered, period)
    all_filed = bool(expected) and expected.keys() <= filed
    through = coverage.through(period)
    due = due_date(period)
    if not posted and due > as_of:
        return PeriodState(period, "not_due", said("missing.not_due", day=due), through=through)
    if through is not None and through >= as_of:
        return PeriodState(period, "complete", said("missing.complete"), all_filed, through)
    if all_filed:
        reason = said("missing.reported")
        return PeriodState(period, "reported", reason, all_filed, through)
    absent = sorted(name for i, name in expected.items() if i not in filed and name)
    if absent:
        reason = said("missing.in_house", names=Several(tuple(absent)))
    elif expected:
        reason = said("missing.registered")
    elif posted:
        reason = said("missing.outside_only")
    else:
        reason = said("missing.nothing")
    return PeriodState(period, "unknown", reason, all_filed, through)


def counts(known: PeriodState, counted: Mapping[Method, Count]) -> dict[Method, Count]:
    """What each way of counting makes of a period, given what the reports on file add up to and the period's state."""
    closed = DETERMINED[known.state]
    found = {m: c if c.determined is (m in closed) else replace(c, determined=m in closed) for m, c in counted.items()}
    if known.state == "unknown" and not counted["in_house"].reports:
        # An in-house report that is not on file would replace the firms' income, and may be smaller.
        found["lda"] = replace(found["lda"], interval=replace(found["lda"].interval, low=0))
    return found


def is_determined(method: Method, states: Iterable[PeriodState]) -> bool:
    """Whether each period leaves a way of counting determined."""
    return all(method in DETERMINED[state] for state in {one.state for one in states})


def undetermined(
    states: Iterable[PeriodState], command: Callable[[Window], str | None] = lambda window: None
) -> list[Undetermined]:
    """The periods that are unknown or not due, neighbors with the same reason together.

    `command` gives what brings the filings of a window.
    """
    found: list[Undetermined] = []
    for same, group in groupby(states, key=lambda s: (s.state, s.reason if s.state == "unknown" else None)):
        if same[0] not in ("unknown", "not_due"):
            continue
        some = list(group)
        window = Window(some[0].period.start, some[-1].period.end)
        told = command(window) if same[0] == "unknown" else None
        found.append(Undetermined(window, same[0], some[0].reason, told))
    return found


def missing(some: Iterable[Undetermined]) -> Window | None:
    """The days from the first unknown period to the last; None where none is."""
    windows = [one.window for one in some if one.state == "unknown"]
    return Window(windows[0].start, windows[-1].end) if windows else None


def incomplete(states: Iterable[PeriodState]) -> Window | None:
    """The days from the first period of which not everything is known to be on file to the last; None where all is."""
    periods_ = [one.period for one in states if one.state in ("unknown", "reported")]
    return Window(periods_[0].start, periods_[-1].end) if periods_ else None
