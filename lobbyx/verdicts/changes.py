"""Claims of a change, or of a record: "up 45% from a year earlier", "doubled", "the most ever in a quarter"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from lobbyx.model.claim import Claim
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import METHODS, Count, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts.comparators import Figure, Holding
from lobbyx.verdicts.explanation import Both, Cents, Change, Compared, Listed, Word
from lobbyx.verdicts.spending import caveats, no_reports, outcome, unverifiable

MILLIONTHS = 10**6
FURTHEST = 10**6 * MILLIONTHS
"""What stands for a change from nothing."""


def judge(claim: Claim, now: Total, before: Total | None, *, newest: date | None = None) -> Verdict:
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
                "now": _cents(now, "lda"),
                "before": _cents(before, "lda"),
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


def _cents(total: Total, method: Method) -> Cents:
    return Cents(total.methods[method].interval.reported)


def judge_record(
    claim: Claim, now: Total, earlier: Sequence[Total], *, mark: int = 0, newest: date | None = None
) -> Verdict:
    """The verdict on "a record": more than in every earlier period of the same length on file.

    `mark` (US cents), where given, must be passed for the first time ("first time above $1 million in a quarter").
    """
    if not now.reports:
        return no_reports(claim, now)
    before = [total for total in earlier if total.reports]
    if not before:
        return unverifiable(claim, now.as_of, "no_earlier", {}, now)

    def passes(method: Method) -> bool:
        own = now.methods[method].interval.reported
        most = max(total.methods[method].interval.reported for total in before)
        return own > mark >= most if mark else own > most

    under = tuple(m for m in METHODS if now.methods[m].reports and passes(m))
    most = max(before, key=lambda total: total.methods["lda"].interval.reported)
    tie = not mark and now.methods["lda"].interval.reported == most.methods["lda"].interval.reported
    result = outcome({"lda": "yes" if "lda" in under else "partly" if tie else "no"}, under)
    said = {"claimed": claim.text}
    finding = {"supported": "borne_out", "within_rounding": "inside_range"}.get(result, "not_borne_out")
    sentences: list[Sentence] = [
        (
            "record",
            {
                "org": now.organization.name,
                "window": now.window,
                "now": _cents(now, "lda"),
                "most": _cents(most, "lda"),
                "when": most.window,
                "n": len(before),
                "first": before[0].window.start,
            },
        ),
        (finding, said),
    ]
    found = {
        "now": now.methods["lda"].reported,
        "most_before": most.methods["lda"].reported,
        "most_before_window": most.window.json(),
        "compared": len(before),
    }
    return Verdict(claim, result, (*sentences, *caveats(claim, now, newest)), now.as_of, under, total=now, found=found)
