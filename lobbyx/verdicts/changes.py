"""Claims of a change: "up 45% from a year earlier", "doubled"."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from lobbyx.model.claim import Claim
from lobbyx.model.period import Window
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import METHODS, Count, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts import records
from lobbyx.verdicts.comparators import Figure, Holding
from lobbyx.verdicts.explanation import Both, Change, Compared, Listed, Word
from lobbyx.verdicts.findings import caveats, no_reports, outcome, unverifiable
from lobbyx.verdicts.records import cents_of
from lobbyx.verdicts.subject import Subject

MILLIONTHS = 10**6
FURTHEST = 10**6 * MILLIONTHS
"""What stands for a change from nothing."""


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a change, or on a record without a sum."""
    if claim.detail.get("record"):
        return records.judge(claim, subject, as_of)
    now = subject.total(claim.window, as_of)
    baseline = claim.detail.get("baseline") or {}
    days = [date.fromisoformat(baseline[side]) if baseline.get(side) else None for side in ("start", "end")]
    before = subject.total(Window(*days), as_of) if any(days) else None
    return judge_change(claim, now, before, newest=subject.newest)


def judge_change(claim: Claim, now: Total, before: Total | None, *, newest: date | None = None) -> Verdict:
    """The verdict on a change, given the totals of both windows; `before` is None where the text names none."""
    if not now.reports:
        return no_reports(claim, now)
    if before is None:
        return unverifiable(claim, now.as_of, "no_baseline", {}, now)
    values = {"baseline": before.window}
    if not before.methods["lda"].interval.reported:
        return unverifiable(claim, now.as_of, "nothing_before", values, now)
    figure = Figure.of(claim, MILLIONTHS)
    changes = {m: reported(now.methods[m], before.methods[m]) for m in METHODS}
    answers: dict[Method, Holding] = {
        m: _holds(figure, now.methods[m], before.methods[m]) for m, change in changes.items() if change is not None
    }
    under = tuple(
        m
        for m, answer in answers.items()
        if answer == "yes" or (answer == "partly" and figure.satisfied(_millionths(changes[m])))
    )
    result = outcome(answers, under)
    claimed = {"claimed": Compared(claim.comparator, Change(claim.value or 0))}
    finding = {"supported": "borne_out", "within_rounding": "inside_range"}.get(result, "not_borne_out")
    lda = changes["lda"]
    assert lda is not None
    sentences: list[Sentence] = [
        (
            "change",
            {
                "org": now.organization.name,
                "window": now.window,
                "as_of": now.as_of,
                "baseline": before.window,
                "now": cents_of(now, "lda"),
                "before": cents_of(before, "lda"),
                "change": Change(float(lda)),
            },
        ),
        (finding, claimed),
    ]
    others = [m for m in under if m != "lda" and _millionths(changes[m]) != _millionths(lda)]
    if result == "depends_on_method" and others:
        ways = tuple(
            Both("{change} ({way})", "{change}({way})", {"change": _as_change(changes[m]), "way": Word(m)})
            for m in others
        )
        sentences.append(("change_otherwise", {"ways": Listed(ways)}))
    found = {
        "now": now.methods["lda"].reported,
        "before": before.methods["lda"].reported,
        "baseline": before.window.json(),
        "changes": {m: None if c is None else round(float(c), 6) for m, c in changes.items()},
    }
    return Verdict(claim, result, (*sentences, *caveats(claim, now, newest)), now.as_of, under, total=now, found=found)


def reported(now: Count, before: Count) -> Fraction | None:
    """The change of the reported sums; None where there was nothing before."""
    if not before.interval.reported:
        return None
    return Fraction(now.interval.reported, before.interval.reported) - 1


def _millionths(change: Fraction | None) -> int:
    return 0 if change is None else round(change * MILLIONTHS)


def _as_change(change: Fraction | None) -> Change:
    return Change(float(change or 0))


def _holds(figure: Figure, now: Count, before: Count) -> Holding:
    a, b = now.interval, before.interval
    low = round((Fraction(a.low, b.high) - 1) * MILLIONTHS)
    high = round((Fraction(a.high, b.low) - 1) * MILLIONTHS) if b.low else FURTHEST
    only = now.rounding_only and before.rounding_only
    return figure.holds(low, _millionths(reported(now, before)), high, rounding_only=only)
