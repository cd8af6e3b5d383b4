"""Claims of a record: "the most ever in a quarter", "first above $1 million"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from lobbyx.model.claim import Claim
from lobbyx.model.period import Window, months_from
from lobbyx.model.presentation import Sentence
from lobbyx.model.report import Report
from lobbyx.model.total import METHODS, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts.explanation import Cents
from lobbyx.verdicts.findings import caveats, no_reports, outcome, unverifiable
from lobbyx.verdicts.subject import Subject


def cents_of(total: Total, method: Method) -> Cents:
    return Cents(total.methods[method].interval.reported)


MOST_EARLIER = 120
"""Periods a record is compared with: 30 years of quarters."""


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a record without a sum."""
    now = subject.total(claim.window, as_of)
    return judge_record(claim, now, earlier_totals(subject, claim.window, as_of), newest=subject.newest)


def earlier_totals(subject: Subject, window: Window, as_of: date) -> list[Total]:
    """The totals of the windows before that a record is compared with, oldest first."""
    return [subject.total(earlier, as_of) for earlier in _windows_before(window, subject.account.reports)]


def _windows_before(window: Window, reports: Sequence[Report]) -> list[Window]:
    """The windows of the same length (in whole months) before, back to the first report on file; oldest first."""
    if not window.start or not window.end or not reports:
        return []
    following = window.end + timedelta(days=1)
    months = (following.year - window.start.year) * 12 + following.month - window.start.month
    if months < 1 or window.start.day != 1:
        return []
    first = min(r.period.days[0] for r in reports)
    found: list[Window] = []
    for number in range(1, MOST_EARLIER + 1):
        earlier = months_from(window.start, back=number * months, months=months)
        if earlier.start is None or earlier.start < first.replace(day=1):
            break
        found.append(earlier)
    return found[::-1]


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
                "now": cents_of(now, "lda"),
                "most": cents_of(most, "lda"),
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
