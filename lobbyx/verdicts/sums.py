"""Claims of money that is no total: by how much it grew, how much a quarter it was, what outside firms got."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from lobbyx.model.claim import Claim
from lobbyx.model.money import dollars
from lobbyx.model.period import Window
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import METHODS, Count, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts.comparators import Figure, Holding, Range
from lobbyx.verdicts.explanation import Cents, Word
from lobbyx.verdicts.findings import (
    caveats,
    claimed,
    conclusion,
    missing,
    no_reports,
    none_filed,
    not_over,
    settle,
    unverifiable,
)
from lobbyx.verdicts.subject import Subject

MONTHS: Final[Mapping[str, int]] = {"month": 1, "quarter": 3, "year": 12}
"""Months of the periods that averages are of."""


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on money that is no total, by the claim's `detail.sum`."""
    now = subject.total(claim.window, as_of)
    if claim.currency != "USD":
        return unverifiable(claim, as_of, "currency", {"currency": claim.currency}, now)
    match claim.detail["sum"]:
        case "outside":
            return judge_outside(claim, now, newest=subject.newest)
        case "average":
            return judge_average(claim, now, newest=subject.newest)
        case "difference":
            before = baseline(claim)
            total = subject.total(before, as_of) if before else None
            return judge_difference(claim, now, total, newest=subject.newest)
        case _:
            return unverifiable(claim, as_of, "share", {}, now)


def baseline(claim: Claim) -> Window | None:
    """The window a claim compares with; None where the text names none."""
    given = claim.detail.get("baseline") or {}
    start, end = (date.fromisoformat(given[side]) if given.get(side) else None for side in ("start", "end"))
    return Window(start, end) if start or end else None


def judge_outside(claim: Claim, total: Total, *, newest: date | None = None) -> Verdict:
    """The verdict on what outside firms got, by the `outside` way of counting."""
    count = total.methods["outside"]
    if not count.reports and not none_filed(total) and not (total.counted and count.determined):
        return no_reports(claim, total)
    answer = _answer(Figure.of(claim), Range.of(count))
    key = "outside_reported" if count.determined else "outside_at_least"
    values = {
        "org": total.organization.name,
        "window": total.window,
        "as_of": total.as_of,
        "counted": Word("outside_reports", count.reports),
        "reported": Cents(count.interval.reported),
        "low": Cents(count.interval.low),
        "high": Cents(count.interval.high),
    }
    return _verdict(claim, total, {"outside": answer}, [(key, values)], {}, "outside", newest=newest)


def judge_average(claim: Claim, total: Total, *, newest: date | None = None) -> Verdict:
    """The verdict on an average a month, quarter or year of the window."""
    per = str(claim.detail.get("per") or "")
    months = _months(total.window)
    if per not in MONTHS or not months or months % MONTHS[per]:
        return unverifiable(claim, total.as_of, "no_average", {"window": total.window}, total)
    if not total.counted and not none_filed(total):
        return no_reports(claim, total)
    number = months // MONTHS[per]
    figure = Figure.of(claim)

    def average(count: Count) -> Range:
        i = count.interval
        high = round(i.high / number) if count.determined else None
        return Range(round(i.low / number), round(i.reported / number), high, count.rounding_only)

    averages = {m: average(c) for m, c in total.methods.items() if c.reports or not c.determined or m == "lda"}
    lda = averages["lda"]
    values = {
        "org": total.organization.name,
        "window": total.window,
        "as_of": total.as_of,
        "reported": Cents(total.methods["lda"].interval.reported),
        "average": Cents(lda.reported),
        "per": Word(f"per_{per}"),
        "n": number,
    }
    sentences: list[Sentence] = [("average", values)] if lda.determined else []
    found = {"per": per, "periods": number, "average": dollars(lda.reported)}
    answers = {m: _answer(figure, r) for m, r in averages.items()}
    return _verdict(claim, total, answers, sentences, found, newest=newest, ranges=averages)


def judge_difference(claim: Claim, now: Total, before: Total | None, *, newest: date | None = None) -> Verdict:
    """The verdict on the difference of two totals, `before` being None where the text does not say of which.

    Counted is how much more (`direction` up) or less (down) was spent than before.
    """
    if before is None:
        return unverifiable(claim, now.as_of, "no_baseline", {}, now)
    for total in (now, before):
        if not total.counted and not none_filed(total):
            return no_reports(claim, total)
    if not_over(before.window, before):
        return unverifiable(claim, now.as_of, "period_not_over", {"as_of": now.as_of}, before)
    down = claim.detail.get("direction") == "down"
    figure = Figure.of(claim)
    differences = {
        m: _difference(before.methods[m], now.methods[m]) if down else _difference(now.methods[m], before.methods[m])
        for m in METHODS
    }
    lda = differences["lda"]
    more = lda.reported >= 0
    values = {
        "org": now.organization.name,
        "window": now.window,
        "baseline": before.window,
        "as_of": now.as_of,
        "now": Cents(now.methods["lda"].interval.reported),
        "before": Cents(before.methods["lda"].interval.reported),
        "difference": Cents(abs(lda.reported)),
        "way": Word("less" if more == down else "more"),
    }
    sentences: list[Sentence] = [("difference", values)] if lda.determined else []
    found = {
        "now": now.methods["lda"].reported,
        "before": before.methods["lda"].reported,
        "baseline": before.window.json(),
        "difference": dollars(lda.reported),
        "distance": dollars(abs(lda.reported)),
    }
    known = now if not now.determined or before.determined else before
    answers = {m: _answer(figure, r) for m, r in differences.items()}
    return _verdict(claim, now, answers, sentences, found, newest=newest, ranges=differences, lacking=known)


def _difference(a: Count, b: Count) -> Range:
    """How much more the first is than the second."""
    low = a.interval.low - b.interval.high if b.determined else None
    high = a.interval.high - b.interval.low if a.determined else None
    return Range(low, a.interval.reported - b.interval.reported, high, a.rounding_only and b.rounding_only)


def _answer(figure: Figure, counted: Range) -> Holding:
    """As the figure holds; a bound of what is counted decides bounds alone."""
    return figure.holds(counted) if counted.determined or figure.is_bound else "open"


def _verdict(
    claim: Claim,
    total: Total,
    answers: Mapping[Method, Holding],
    sentences: list[Sentence],
    found: Mapping[str, Any],
    main: Method = "lda",
    *,
    newest: date | None = None,
    ranges: Mapping[Method, Range] | None = None,
    lacking: Total | None = None,
) -> Verdict:
    under = tuple(m for m, answer in answers.items() if answer == "yes")
    settled = settle(claim, total, answers, under, main)
    said = {"claimed": claimed(claim)}
    sentences += conclusion(
        settled, said, total.as_of, missing(lacking or total, all_of_it=main != "lda") or [("cannot", {})]
    )
    told = dict(found)
    if ranges and settled.outcome == "depends_on_method":
        told["otherwise"] = {m: dollars(ranges[m].reported) for m in under}
    open_ways = tuple(m for m, answer in answers.items() if answer == "open")
    return Verdict(
        claim,
        settled.outcome,
        (*sentences, *caveats(claim, total, newest)),
        total.as_of,
        under,
        could_hold_under=open_ways if settled.outcome in ("refuted", "depends_on_method") else (),
        total=total,
        reason=settled.reason,
        found=told,
    )


def _months(window: Window) -> int | None:
    """How many whole months a window has; None where it is open or begins or ends inside one."""
    if window.start is None or window.end is None or window.start.day != 1:
        return None
    following = date.fromordinal(window.end.toordinal() + 1)
    if following.day != 1:
        return None
    return (following.year - window.start.year) * 12 + following.month - window.start.month
