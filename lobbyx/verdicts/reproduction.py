"""How they got that number: the ways of counting that give a printed figure, simplest first.

The space that is searched, each step with its weight; a way's weight is their sum:

| choice | variants and weights |
|---|---|
| method | lda 0; gross, in_house, outside 1; all_filings 2; one of the others with superseded reports counted too +2, \
or with reports as they were first filed, before any amendment +2 |
| window | as claimed 0; periods wholly inside 2; without the latest period 2; all from the first report on 2; without \
the first period 3; whole calendar years 3; the period before, or the same a year before 4 |
| whose | the organization 0; with its subsidiaries 2; one registrant's reports 3; the reports under one name 3 |

At most one of window and whose is changed. Many ways tried against few digits find a match by chance, so the search
stops: beyond the claimed window and the organization itself, ways are tried only as long as all the figures they
print, of as many digits and in the same decade, are at most MOST_BY_CHANCE of those there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final, Literal

from lobbyx.accounting import counting
from lobbyx.accounting.account import Account
from lobbyx.accounting.reports import rank
from lobbyx.model.claim import Claim
from lobbyx.model.period import Window, months_from
from lobbyx.model.report import Line, Report
from lobbyx.model.said import said
from lobbyx.model.total import METHODS, Method
from lobbyx.model.verdict import Reproduction
from lobbyx.verdicts.comparators import Figure
from lobbyx.verdicts.explanation import Both, Cents, Listed, Word

MOST_BY_CHANCE: Final = 0.015
METHOD_WEIGHT: Final[Mapping[Method, int]] = {"lda": 0, "gross": 1, "in_house": 1, "outside": 1, "all_filings": 2}
SUPERSEDED_WEIGHT: Final = 2
FIRST_WEIGHT: Final = 2
WINDOW_WEIGHT: Final[Mapping[str, int]] = {
    "claimed": 0,
    "whole": 2,
    "last_out": 2,
    "all": 2,
    "first_out": 3,
    "years": 3,
    "before": 4,
    "year_before": 4,
}
SCOPE_WEIGHT: Final = {"organization": 0, "with_subsidiaries": 2, "registrant": 3, "name": 3}


@dataclass(frozen=True, slots=True)
class Sum:
    """What one method adds in one period."""

    cents: int = 0
    reports: int = 0
    twice: tuple[Report, ...] = ()
    instead: tuple[Report, ...] = ()
    """Superseded reports counted in place of what replaced them."""

    def __add__(self, other: Sum) -> Sum:
        return Sum(
            self.cents + other.cents,
            self.reports + other.reports,
            self.twice + other.twice,
            self.instead + other.instead,
        )


Which = Literal["latest", "superseded_too", "first"]
"""Which reports of one registrant, client and period are counted."""
Sums = Mapping[tuple[Method, Which], Sum]


@dataclass(frozen=True)
class Traced:
    """The outcome of a search."""

    reproductions: tuple[Reproduction, ...]
    nearest: Reproduction | None
    """The way that comes nearest where none gives the figure."""


def trace(claim: Claim, books: Account, as_of: date, subsidiaries: Sequence[Account] = ()) -> Traced:
    """Searches for the ways of counting that give a claim's figure, as known on `as_of`."""
    figure = Figure.of(claim)
    low, high = figure.readings()
    unit, decade = figure.unit, int(10 ** (len(str(abs(figure.value))) - 1))
    printed: set[int] = set()
    """Figures like the claim's that the sums tried so far would print."""
    found: list[Reproduction] = []
    nearest: Reproduction | None = None
    seen: set[int] = set()
    for way in sorted(ways(claim.window, books, as_of, subsidiaries), key=_weight):
        if way.reported in seen or not way.reports:
            continue
        basic = way.window_kind == "claimed" and way.scope == "organization"
        both = (way.reported // unit * unit, (way.reported + unit // 2) // unit * unit)
        with_this = printed | {f for f in both if decade <= f < 10 * decade}
        share = len(with_this) / max(1, 9 * decade // unit)
        if share > MOST_BY_CHANCE and not basic:
            continue
        printed = with_this
        seen.add(way.reported)
        if low <= way.reported <= high:
            found.append(replace(way, chance=share))
        elif nearest is None or abs(way.reported - figure.value) < abs(nearest.reported - figure.value):
            nearest = way
    return Traced(tuple(found), None if found else nearest)


def _weight(way: Reproduction) -> tuple[int, ...]:
    return (
        METHOD_WEIGHT[way.method]
        + (SUPERSEDED_WEIGHT if way.superseded else 0)
        + (FIRST_WEIGHT if way.instead else 0)
        + WINDOW_WEIGHT[way.window_kind]
        + SCOPE_WEIGHT[way.scope],
        METHODS.index(way.method),
    )


def ways(window: Window, books: Account, as_of: date, subsidiaries: Sequence[Account] = ()) -> Iterator[Reproduction]:
    """Every way in the space above."""
    posted = [r for r in books.reports if r.posted.date() <= as_of]
    lines = counting.statuses(posted)
    own = _by_period(lines)
    for kind, changed, periods in _windows(window, list(own)):
        yield from _each(own, periods, changed, kind)
    claimed = [p for p in own if counting.overlaps(p, window)]
    if subsidiaries:
        with_all = dict(own)
        for child in subsidiaries:
            lines_of_child = counting.statuses(r for r in child.reports if r.posted.date() <= as_of)
            for period, sums in _by_period(lines_of_child).items():
                with_all[period] = _added([with_all.get(period, {}), sums])
        periods = [p for p in with_all if counting.overlaps(p, window)]
        names = ", ".join(child.organization.name for child in subsidiaries)
        yield from _each(with_all, periods, window, "claimed", "with_subsidiaries", names)
    for scope, of in _SCOPES.items():
        parts: defaultdict[str, list[Line]] = defaultdict(list)
        for line in lines:
            if line[0].period in claimed:
                parts[of(line[0])].append(line)
        if len(parts) > 1:
            for name, some in parts.items():
                alone = _by_period(some)
                yield from _each(alone, list(alone), window, "claimed", scope, name)


_SCOPES: Final[Mapping[str, Callable[[Report], str]]] = {
    "registrant": lambda r: r.registrant,
    "name": lambda r: r.client,
}


def _each(
    sums: Mapping[Window, Sums],
    periods: Iterable[Window],
    window: Window,
    kind: str,
    scope: str = "organization",
    name: str | None = None,
) -> Iterator[Reproduction]:
    for (method, which), total in _added([sums[p] for p in periods]).items():
        if which == "latest" or (which == "superseded_too" and total.twice) or (which == "first" and total.instead):
            yield Reproduction(
                method,
                which == "superseded_too",
                window,
                kind,
                scope,
                name,
                total.cents,
                total.reports,
                1.0,
                total.twice,
                total.instead,
            )


def _by_period(lines: Sequence[Line]) -> dict[Window, Sums]:
    """What each method adds in each period: of the latest reports, with superseded ones too, of the first ones."""
    found: dict[Window, Sums] = {}
    for period, group in groupby(lines, key=lambda line: line[0].period):
        same = list(group)
        old = [r for r, status in same if status == "superseded"]
        own = any(r.role == "in_house" for r, status in same if status == "latest")
        first = _first_filed(same)
        first_counts = counting.count_period([(r, "latest") for r in first])
        sums: dict[tuple[Method, Which], Sum] = {}
        for method, count in counting.count_period(same).items():
            plain = Sum(count.interval.reported, count.reports)
            role = {"in_house": "in_house", "outside": "outside", "lda": "in_house" if own else "outside"}.get(method)
            again = _again(r for r in old if role is None or r.role == role)
            if method == "all_filings":
                sums[method, "latest"] = Sum(plain.cents, plain.reports, again.twice)
            else:
                sums[method, "latest"] = plain
                if method != "gross":  # that is all_filings
                    sums[method, "superseded_too"] = plain + again
                was = first_counts[method]
                instead = tuple(r for r in first if r in old and (role is None or r.role == role))
                sums[method, "first"] = Sum(was.interval.reported, was.reports, (), instead)
        found[period] = sums
    return found


def _first_filed(lines: Iterable[Line]) -> list[Report]:
    """Of the reports of one period, the first of each registrant and client, as it was before any amendment."""
    first: dict[tuple[Any, ...], Report] = {}
    for report, _ in lines:
        key = counting.key(report)
        if key not in first or rank(report) < rank(first[key]):
            first[key] = report
    return list(first.values())


def _again(superseded: Iterable[Report]) -> Sum:
    return sum((Sum(r.interval.reported, 1, (r,)) for r in superseded), Sum())


def _added(parts: Iterable[Sums]) -> dict[tuple[Method, Which], Sum]:
    total: defaultdict[tuple[Method, Which], Sum] = defaultdict(Sum)
    for part in parts:
        for key, one in part.items():
            total[key] += one
    return dict(total)


def _windows(window: Window, periods: Sequence[Window]) -> Iterator[tuple[str, Window, list[Window]]]:
    """(kind, the window in words, the periods it takes), for the window as claimed and each change of it."""
    inside = [p for p in periods if counting.overlaps(p, window)]
    yield "claimed", window, inside
    complete = [p for p in inside if counting.whole(p, window, nothing_before=False)]
    if complete and complete != inside:
        yield "whole", _span(complete), complete
    if len(inside) > 1:
        yield "last_out", _span(inside[:-1]), inside[:-1]
        yield "first_out", _span(inside[1:]), inside[1:]
    if window.start:
        until = [p for p in periods if window.end is None or p.days[0] <= window.end]
        if until and until != inside:
            yield "all", Window(None, window.end), until
    if window.start and window.end:
        years = Window(date(window.start.year, 1, 1), date(window.end.year, 12, 31))
        if years != window:
            yield "years", years, [p for p in periods if counting.overlaps(p, years)]
        for kind, moved in _moved(window.start, window.end):
            yield kind, moved, [p for p in periods if counting.overlaps(p, moved)]


def _span(periods: Sequence[Window]) -> Window:
    return Window(periods[0].start, periods[-1].end)


def _moved(start: date, end: date) -> Iterator[tuple[str, Window]]:
    """The same length of whole months directly before, and a year before."""
    following = end + timedelta(days=1)
    if start.day != 1 or following.day != 1:
        return
    months = (following.year - start.year) * 12 + following.month - start.month
    for kind, back in (("before", months), ("year_before", 12)):
        if kind == "before" or months < 12:
            yield kind, months_from(start, back=back, months=months)


def again(superseded: Sequence[Report]) -> Both:
    """What is counted twice, to stand after "counts"."""
    if len(superseded) > 2:
        reports = Word("replaced_reports", len(superseded))
        return Both("{n} beside what replaced them", "{n}까지", {"n": reports})
    each = tuple(Both("{window} ({sum})", "{window}({sum})", _restated(r)) for r in superseded)
    return Both("the report restated for {each} twice", "수정된 {each} 보고서를 두 번", {"each": Listed(each)})


def before_amendment(first: Sequence[Report]) -> Both:
    """Which reports are taken as they were first filed, to stand after "taking"."""
    if len(first) > 2:
        return Both("{n} as they were first filed", "{n}의 수정 전 금액", {"n": Word("amended_reports", len(first))})
    each = tuple(Both("{window} ({sum})", "{window}({sum})", _restated(r)) for r in first)
    return Both(
        "the report for {each} as it was first filed, before it was amended",
        "수정 전 {each} 최초 보고서",
        {"each": Listed(each)},
    )


def _restated(report: Report) -> dict[str, Any]:
    first, last = report.period.days
    months = last.month - first.month + 1
    number = (first.month - 1) // months + 1
    letter, word = ("H", "반기") if months == 6 else ("Q", "분기")
    window = Both(f"{letter}{number} {first.year}", f"{first.year}년 {number}{word}")
    return {"window": window, "sum": Cents(report.interval.reported)}


def how(way: Reproduction) -> Both:
    """What was done, to stand after "if one": "adds outside firms' fees ... and counts 1 superseded report ..."."""
    method = said(f"method_how.{'gross' if way.method == 'all_filings' else way.method}")
    window = "" if way.window_kind == "claimed" else Word(f"window_{way.window_kind}")
    values: dict[str, Any] = {"method": method, "window": window, "name": way.scope_name or ""}
    again_en = again_ko = scope_en = scope_ko = ""
    if way.instead:
        values["first"] = before_amendment(way.instead)
        again_en, again_ko = ", taking {first}", " ({first} 기준)"
    if way.twice:
        values["again"] = again(way.twice)
        again_en, again_ko = " and counts {again}", " 여기에 {again} 세면"
    if way.scope == "with_subsidiaries":
        scope_en, scope_ko = ", with subsidiaries ({name})", " (자회사 포함: {name})"
    elif way.scope != "organization":
        who = {
            "registrant": ("filed by {name} alone", "{name} 제출분만"),
            "name": ("under {name} alone", "{name} 명의만"),
        }
        scope_en, scope_ko = f", of reports {who[way.scope][0]}", f" ({who[way.scope][1]})"
    return Both(f"{{method}}{again_en}{{window}}{scope_en}", f"{{method}}{again_ko}{{window}}{scope_ko}", values)
