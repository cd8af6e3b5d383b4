"""Claims of a change: "up 45% from a year earlier", "doubled"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from lobbyx.model.claim import Claim
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import METHODS, Count, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts import records
from lobbyx.verdicts.comparators import Figure, Holding, Range
from lobbyx.verdicts.explanation import Both, Change, Compared, Listed, Way
from lobbyx.verdicts.findings import (
    caveats,
    conclusion,
    missing,
    no_reports,
    none_filed,
    not_over,
    settle,
    unverifiable,
)
from lobbyx.verdicts.records import cents_of
from lobbyx.verdicts.subject import Subject
from lobbyx.verdicts.sums import baseline

MILLIONTHS = 10**6


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a change, or on a record without a sum."""
    if claim.detail.get("record"):
        return records.judge(claim, subject, as_of)
    now = subject.total(claim.window, as_of)
    earlier = baseline(claim)
    before = subject.total(earlier, as_of) if earlier else None
    return judge_change(claim, now, before, newest=subject.newest)


def judge_change(claim: Claim, now: Total, before: Total | None, *, newest: date | None = None) -> Verdict:
    """The verdict on a change, given the totals of both windows; `before` is None where the text names none."""
    if before is None:
        return unverifiable(claim, now.as_of, "no_baseline", {}, now)
    for total in (now, before):
        if not total.counted and not none_filed(total):
            return replace(no_reports(claim, total), total=now)
    values = {"baseline": before.window}
    if before.determined and not before.methods["lda"].interval.reported:
        return unverifiable(claim, now.as_of, "nothing_before", values, now)
    if not_over(before.window, before):
        return unverifiable(claim, now.as_of, "period_not_over", {"as_of": now.as_of}, now)
    figure = Figure.of(claim, MILLIONTHS, "change")
    changes = {m: reported(now.methods[m], before.methods[m]) for m in METHODS}
    answers = {m: _holds(figure, now.methods[m], before.methods[m]) for m in METHODS if _counts(m, now, before)}
    under = tuple(
        m
        for m, answer in answers.items()
        if answer == "yes" or (answer == "partly" and figure.satisfied(_millionths(changes[m])))
    )
    settled = settle(claim, now, answers, under)
    claimed = {"claimed": Compared(claim.comparator, Change(claim.value or 0), _change_or_none(claim.high))}
    lda = changes["lda"]
    determined = now.determined and before.determined and lda is not None
    sentences: list[Sentence] = []
    if determined:
        sentences.append(
            (
                "change",
                {
                    "org": now.organization.name,
                    "window": now.window,
                    "as_of": now.as_of,
                    "baseline": before.window,
                    "now": cents_of(now, "lda"),
                    "before": cents_of(before, "lda"),
                    "change": Change(float(lda or 0)),
                },
            )
        )
    sentences += conclusion(settled, claimed, now.as_of, missing(now if not now.determined else before))
    others = [m for m in under if m != "lda" and _millionths(changes[m]) != _millionths(lda)]
    if settled.outcome == "depends_on_method" and others:
        ways = tuple(
            Both("{change} (“{way}”)", "{change}(‘{way}’)", {"change": _as_change(changes[m]), "way": Way(m)})
            for m in others
        )
        sentences.append(("change_otherwise", {"ways": Listed(ways)}))
    found = {
        "now": now.methods["lda"].reported,
        "before": before.methods["lda"].reported,
        "baseline": before.window.json(),
        "determined": determined,
        "changes": {m: None if c is None else round(float(c), 6) for m, c in changes.items()},
    }
    open_ways = tuple(m for m, answer in answers.items() if answer == "open")
    return Verdict(
        claim,
        settled.outcome,
        (*sentences, *caveats(claim, now, newest)),
        now.as_of,
        under,
        could_hold_under=open_ways if settled.outcome in ("refuted", "depends_on_method") else (),
        total=now if not now.determined or before.determined else replace(now, undetermined=before.undetermined),
        reason=settled.reason,
        found=found,
    )


def _counts(method: Method, now: Total, before: Total) -> bool:
    """Whether a change can be reckoned by a method, or could with reports that are not on file."""
    a, b = now.methods[method], before.methods[method]
    return bool(b.interval.reported) or not a.determined or not b.determined


def reported(now: Count, before: Count) -> Fraction | None:
    """The change of the reported sums; None where there was nothing before."""
    if not before.interval.reported:
        return None
    return Fraction(now.interval.reported, before.interval.reported) - 1


def _millionths(change: Fraction | None) -> int:
    return 0 if change is None else round(change * MILLIONTHS)


def _as_change(change: Fraction | None) -> Change:
    return Change(float(change or 0))


def _change_or_none(fraction: float | None) -> Change | None:
    return None if fraction is None else Change(fraction)


def _holds(figure: Figure, now: Count, before: Count) -> Holding:
    """Whether a change holds; it is open below where before is not determined, and above where now is not."""
    a, b = now.interval, before.interval
    low = round((Fraction(a.low, b.high) - 1) * MILLIONTHS) if before.determined and b.high else None
    high = round((Fraction(a.high, b.low) - 1) * MILLIONTHS) if now.determined and b.low else None
    only = now.rounding_only and before.rounding_only
    change = _millionths(reported(now, before))
    if now.determined and before.determined:
        # From an interval that begins with nothing the change has no upper end.
        furthest = max(change, low or 0, abs(figure.value), figure.high or 0) + figure.unit * 10
        return figure.holds(Range(low, change, furthest if high is None else high, only))
    return figure.holds(Range(low, change, high, only)) if figure.is_bound else "open"
