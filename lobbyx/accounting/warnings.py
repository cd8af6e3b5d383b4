"""What the reader of a total must know, the most important first. Pure functions over the reports of a window.

| code | given if |
|---|---|
| undetermined | periods for which reports may be missing |
| amendment_unknown | in-house reports are on file, but not known to be the last |
| no_reports | nothing on file overlaps the window |
| outside_exceeds_in_house | outside firms report more than the in-house expenses that should include their fees |
| straddles_window | a period lies only partly inside the window |
| in_house_missing | an organization that files for itself has not filed for a period, but its firms have |
| report_missing | a registrant that reported within a year, and did not terminate, has no report for a due period |
| succession | on a day that the window touches or follows, it took another's place, or another took its |
| amount_withdrawn | a report gives no amount, but the report it replaces gave one |
| amount_in_doubt | the API may have served the report without its amount, or the amount is on the wrong line |
| no_amount | a filer ticked the box below the threshold |
| several_in_house | two registrants file in-house for the organization in one period |
| hired_through | a firm was hired through another that reports for the organization too |
| mixed_expense_methods | expense method A is added to B or C, which include state and grass-roots lobbying |
| impossible_date | a posting date is before the period began; the due date is used instead |
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from lobbyx.accounting import reports
from lobbyx.accounting.determination import AROUND
from lobbyx.model.filing_types import filing_types
from lobbyx.model.period import Window, due_date, filing_period_span
from lobbyx.model.report import Line, Report
from lobbyx.model.said import Cents, Days, Said, Several, said, some
from lobbyx.model.total import Count, PeriodState, Warned, warned
from lobbyx.names import explain, normalize

MOST_NAMED = 4
"""Periods that one sentence names; the others are only counted."""


def warnings_for(
    lines: Sequence[Line],
    posted: Sequence[Report],
    window: Window,
    as_of: date,
    covered: Collection[Window],
    straddling: Sequence[Window],
    left_out: Sequence[tuple[Window, Count, Count]],
    states: Sequence[PeriodState] = (),
) -> list[Warned]:
    """All warnings about the reports of a window.

    `posted` are all the organization's reports known on `as_of`, also those outside the window. `covered` are the
    periods whose in-house expenses a parent reports. `left_out` are the periods whose in-house expenses may lack
    outside firms' fees, with the counts of both.
    """
    if not lines:
        return [
            warned("no_reports"),
            *_not_known(states),
            *missing(posted, window, as_of, ()),
        ]
    latest = [r for r, status in lines if status == "latest"]
    awaited = _awaited(posted, lines, covered)
    odd = [r for r in latest if r.amount_warning]
    silent = [r for r in latest if r.amount is None and r.interval.high and r not in odd]
    undated = [r for r, _ in lines if r.posted_is_due_date]
    return [
        *_not_known(states),
        *(
            warned(
                "outside_exceeds_in_house",
                period=period,
                outside=Cents(outside.interval.reported),
                in_house=Cents(in_house.interval.reported),
            )
            for period, in_house, outside in left_out
        ),
        *(warned("straddles_window", period=period) for period in straddling),
        *(warning for _, warning in awaited),
        *missing(posted, window, as_of, {period for period, _ in awaited} | set(covered)),
        *_withdrawn(lines),
        *(warned("amount_in_doubt", _doubt(r), filing=r.filing_uuid) for r in odd),
        *_without_amount(silent),
        *_several_in_house(latest),
        *_through(lines),
        *_mixed_methods(latest),
        *([warned("impossible_date", n=len(undated), filings=_filings(undated))] if undated else []),
    ]


def _doubt(report: Report) -> str:
    """Why an amount is in doubt: the API served the report without it, or it is on the wrong line."""
    return "not_served" if report.amount is None else "other_line"


def _filings(some: Sequence[Report]) -> Several:
    return Several(tuple(r.filing_uuid for r in some))


def _not_known(states: Sequence[PeriodState]) -> Iterator[Warned]:
    by_reason: defaultdict[Said, list[Window]] = defaultdict(list)
    for s in states:
        if s.state == "unknown":
            by_reason[s.reason].append(s.period)
    if by_reason:
        # Each reason stands with the periods it is about.
        told = [
            said("warning.undetermined_for", periods=_named(some), reason=reason)
            for reason, some in list(by_reason.items())[:MOST_NAMED]
        ]
        if more := sum(len(some) for some in list(by_reason.values())[MOST_NAMED:]):
            told.append(said("warning.undetermined_more", n=more))
        yield warned("undetermined", each=Several(tuple(told), between="; "))
    reported = [s for s in states if s.state == "reported"]
    if reported:
        yield warned("amendment_unknown", periods=_named([s.period for s in reported]))


def _named(periods: Sequence[Window]) -> Several:
    """`2023-07-01 to 2023-12-31 and 1 more`: neighboring periods together."""
    spans: list[Window] = []
    for period in periods:
        first, last = period.days
        if spans and spans[-1].days[1] + timedelta(days=1) == first:
            spans[-1] = Window(spans[-1].start, last)
        else:
            spans.append(period)
    return some([Days(one) for one in spans], MOST_NAMED)


def _awaited(
    posted: Sequence[Report], lines: Sequence[Line], covered: Collection[Window]
) -> list[tuple[Window, Warned]]:
    """Periods counted by outside firms' income because an organization that files for itself has not filed yet.

    An organization that reported in-house before and did not terminate owes a report for each later period.
    """
    own = sorted((r for r in posted if r.role == "in_house"), key=lambda r: (r.period.days, reports.rank(r)))
    found: list[tuple[Window, Warned]] = []
    for period, group in groupby(lines, key=lambda line: line[0].period):
        before = [r for r in own if r.period.days < period.days]
        absent = all(r.role == "outside" for r, _ in group) and not any(r.period == period for r in own)
        if absent and before and period not in covered and not _terminated(before[-1]):
            found.append((period, warned("in_house_missing", period=period, due=due_date(period))))
    return found


def _terminated(report: Report) -> bool:
    return filing_types()[report.filing_type].is_termination


def missing(
    posted: Iterable[Report], window: Window, as_of: date, warned_already: Collection[Window]
) -> Iterator[Warned]:
    """One warning per registrant and client with periods in the window for which a report was due and is not on file.

    A report is due for every period after the first one reported, until a termination, if the due date is before
    `as_of` (LDA section 5(a)). One that reported nothing within a year of a period is no longer awaited for it: firms
    leave without saying so. In-house periods in `warned_already` are left out. More than MOST_NAMED registrants are
    told of in one sentence, in-house filers first.
    """
    found: list[tuple[Report, list[Said]]] = []
    by_client: defaultdict[tuple[int, int], list[Report]] = defaultdict(list)
    for r in posted:
        by_client[r.registrant_id, r.client_id].append(r)
    for _, filed in sorted(by_client.items()):
        ordered = sorted(filed, key=lambda r: (r.period.days, reports.rank(r)))
        periods = {r.period for r in filed}
        starts = sorted(p.days[0] for p in periods)
        last, ended = ordered[-1].period, _terminated(ordered[-1])
        absent: list[Window] = []
        period = ordered[0].period
        while due_date(period) < as_of and not (ended and period == last):
            told = period in warned_already and ordered[-1].role == "in_house"
            beside = period not in periods and not told and not _before_or_after(period, window)
            if beside and _any_around(period.days[0], starts):
                absent.append(period)
            period = _next(period)
        if absent:
            due = [said("warning.due", period=Days(p), due=due_date(p)) for p in absent]
            found.append((ordered[-1], due))
    if len(found) <= MOST_NAMED:
        for last_filed, due in found:
            yield warned("report_missing", registrant=last_filed.registrant, periods=some(due, MOST_NAMED))
        return
    who = dict.fromkeys(one.registrant for one, _ in sorted(found, key=lambda one: one[0].role != "in_house"))
    named = Several(tuple(who)[:MOST_NAMED], max(0, len(who) - MOST_NAMED), "names", "; ")
    yield warned("report_missing", "several", n=len(who), names=named)


def _any_around(day: date, ordered: Sequence[date]) -> bool:
    """Whether one of the days, given in order, is at most AROUND away."""
    at = bisect_left(ordered, day - AROUND)
    return at < len(ordered) and ordered[at] <= day + AROUND


def _before_or_after(period: Window, window: Window) -> bool:
    start, end = period.days
    return bool((window.end and window.end < start) or (window.start and end < window.start))


def _next(period: Window) -> Window:
    first = period.days[1] + timedelta(days=1)
    if first.year < 2008:  # half-years
        return filing_period_span(first.year, "mid_year" if first.month == 1 else "year_end")
    quarters = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")
    return filing_period_span(first.year, quarters[first.month // 3])


def _withdrawn(lines: Sequence[Line]) -> Iterator[Warned]:
    before: dict[tuple[int, int, Window], Report] = {}
    for r, status in lines:
        key = (r.registrant_id, r.client_id, r.period)
        if status == "superseded":
            if r.amount is not None:
                before[key] = r
        elif r.amount is None and (old := before.get(key)) and old.amount:
            yield warned(
                "amount_withdrawn",
                period=r.period,
                registrant=r.registrant,
                filing=r.filing_uuid,
                replaced=old.filing_uuid,
                amount=Cents(old.amount),
            )


def _without_amount(silent: Sequence[Report]) -> Iterator[Warned]:
    if silent:
        most = max(r.interval.high for r in silent)
        yield warned("no_amount", n=len(silent), most=Cents(most), filings=_filings(silent))


def _several_in_house(latest: Sequence[Report]) -> Iterator[Warned]:
    filers: defaultdict[Window, dict[int, str]] = defaultdict(dict)
    for r in latest:
        if r.role == "in_house":
            filers[r.period][r.registrant_id] = r.registrant
    for period, names in filers.items():
        if len(names) > 1:
            who = Several(tuple(sorted(names.values())))
            yield warned("several_in_house", period=period, n=len(names), names=who)


def hired_through(lines: Iterable[Line]) -> list[tuple[Report, Report]]:
    """The reports of ONE period by firms hired through another firm that also reports for the organization, each with
    the other firm's report.

    The client "FIRM OBO ACME" means that the registrant works for FIRM, which works for ACME. What ACME pays FIRM
    includes what FIRM passes on.
    """
    outside = [r for r, status in lines if status == "latest" and r.role == "outside"]
    if len(outside) < 2:
        return []
    by_firm = {normalize(r.registrant): r for r in outside}
    return [
        (r, by_firm[name])
        for r in outside
        for kind, name in explain(r.client).others
        if kind == "intermediary" and name in by_firm and by_firm[name].registrant_id != r.registrant_id
    ]


def _through(lines: Sequence[Line]) -> Iterator[Warned]:
    for period, group in groupby(lines, key=lambda line: line[0].period):
        for r, principal in hired_through(list(group)):
            yield warned("hired_through", period=period, registrant=r.registrant, principal=principal.registrant)


def _mixed_methods(latest: Sequence[Report]) -> Iterator[Warned]:
    methods = {(r.expenses_method or "").upper() for r in latest if r.role == "in_house"} - {""}
    if "A" in methods and len(methods) > 1:
        yield warned("mixed_expense_methods", methods=Several(tuple(sorted(methods))))
