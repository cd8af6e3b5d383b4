"""Claims of a record: "the most ever in a quarter", "first above $1 million"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from lobbyx.accounting.determination import FIRST_DAY
from lobbyx.model.claim import Claim
from lobbyx.model.period import Window, months_from
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import METHODS, Count, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts.comparators import Holding
from lobbyx.verdicts.explanation import Cents
from lobbyx.verdicts.findings import caveats, conclusion, missing, no_reports, none_filed, settle, unverifiable
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
    """The totals of the windows before that a record is compared with, oldest first.

    The time before the first report on file, of which it matters only whether all is on file, is one of them.
    """
    first = min((r.period.days[0] for r in subject.account.reports), default=as_of)
    all_before = windows_before(window)
    kept = [earlier for earlier in all_before if earlier.days[1] >= first]
    rest = all_before[: len(all_before) - len(kept)]
    silent = [Window(rest[0].start, rest[-1].end)] if rest else []
    return [subject.total(earlier, as_of) for earlier in (*silent, *kept)]


def windows_before(window: Window) -> list[Window]:
    """The windows before that are like one, back to the first period that is published, oldest first.

    Whole months are compared with as many whole months before; a window that ends inside a month with the same days of
    years before ("a record so far this year").
    """
    if not window.start or not window.end:
        return []
    following = window.end + timedelta(days=1)
    months = (following.year - window.start.year) * 12 + following.month - window.start.month
    whole = window.start.day == 1 and following.day == 1
    years = -(-((window.end - window.start).days + 1) // 366)
    found: list[Window] = []
    for number in range(1, MOST_EARLIER + 1):
        if whole:
            earlier = months_from(window.start, back=number * months, months=months)
        else:
            earlier = Window(*(_years_before(day, number * years) for day in (window.start, window.end)))
        if earlier.days[0] < FIRST_DAY:
            break
        found.append(earlier)
    return found[::-1]


def _years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def judge_record(
    claim: Claim, now: Total, earlier: Sequence[Total], *, mark: int = 0, newest: date | None = None
) -> Verdict:
    """The verdict on "a record": more than in every earlier period of the same length on file.

    `mark` (US cents), where given, must be passed for the first time ("first time above $1 million in a quarter").
    """
    if not now.counted and not none_filed(now):
        return no_reports(claim, now)
    known = list(earlier)
    while known and not known[0].reports and known[0].complete:  # before the first report there was
        known.pop(0)
    before = [total for total in known if total.reports]
    if not before:
        return unverifiable(claim, now.as_of, "no_earlier", {}, now)

    answers = {m: _passes(now.methods[m], [t.methods[m] for t in known], mark) for m in METHODS}
    answers = {m: answer for m, answer in answers.items() if now.methods[m].reports or answer == "open"}
    under = tuple(m for m, answer in answers.items() if answer == "yes")
    most = max(before, key=lambda total: total.methods["lda"].interval.reported)
    settled = settle(claim, now, answers, under)
    said = {"claimed": claim.text}
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
        )
    ]
    lacking = next((t for t in (now, *reversed(known)) if not t.determined), now)
    sentences += conclusion(settled, said, now.as_of, [("record_unknown", {}), *missing(lacking)])
    found = {
        "now": now.methods["lda"].reported,
        "most_before": most.methods["lda"].reported,
        "most_before_window": most.window.json(),
        "compared": len(before),
    }
    return Verdict(
        claim,
        settled.outcome,
        (*sentences, *caveats(claim, now, newest)),
        now.as_of,
        under,
        could_hold_under=tuple(m for m, a in answers.items() if a == "open") if settled.outcome == "refuted" else (),
        total=now,
        reason=settled.reason,
        found=found,
    )


def _passes(now: Count, before: Sequence[Count], mark: int) -> Holding:
    """Whether a sum is more than all before (and passes `mark`, which none did before, where there is one).

    What reports that are not on file may add to the sums before keeps a record from being confirmed, never from being
    refuted: one lower bound above the sum is enough.
    """
    own = now.interval.reported
    most = max(count.interval.reported for count in before)
    least = max(count.interval.reported if count.determined else count.interval.low for count in before)
    if now.determined and (own <= mark or least > (mark or own)):
        return "no"
    if not now.determined or not all(count.determined for count in before):
        return "open"
    if not mark and own == most:
        return "partly"
    return "yes" if own > (mark or most) and (not mark or mark >= most) else "no"
