"""Claim x total -> verdict, with sentences a reader understands. Pure functions.

When a figure holds under a way of counting (all of it over the printed figure `v` and the place `u` of its last digit):

| comparator | holds |
|---|---|
| exact | the reported sum is read as `v`: rounded or truncated to `u`, that is within [v - u/2, v + u) |
| about | the reported sum lies within `u` of `v` |
| nearly | the reported sum lies at most `u` below `v`, and not above it |
| at_least, more_than, at_most, less_than | over the whole interval; over part of it: it straddles |

The first three compare the reported sum, since a paper that prints it can do no better; where more than the filers'
rounding makes the interval (a period across the window's edge, fees perhaps left out), a match only straddles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final, Literal

from lobbyx.models import (
    METHODS,
    Claim,
    Comparator,
    Count,
    Interval,
    Method,
    Outcome,
    Total,
    Verdict,
    money,
)

Answer = Literal["yes", "partly", "no"]

PHRASES: Final[dict[Comparator, str]] = {
    "exact": "",
    "about": "about ",
    "nearly": "nearly ",
    "at_least": "at least ",
    "more_than": "more than ",
    "at_most": "at most ",
    "less_than": "less than ",
}

OUTCOMES: Final[dict[Outcome, str]] = {
    "supported": "The filings support it.",
    "refuted": "The filings refute it.",
    "depends_on_method": "It holds only under another way of counting.",
    "within_rounding": "It cannot be decided: the claimed figure lies inside the range the reports stand for.",
    "unverifiable": "It cannot be checked.",
}

_ACCEPTS: Final[dict[Comparator, Callable[[int, int], bool]]] = {
    "at_least": lambda x, v: x >= v,
    "more_than": lambda x, v: x > v,
    "at_most": lambda x, v: x <= v,
    "less_than": lambda x, v: x < v,
}


def readings(claim: Claim) -> tuple[int, int]:
    """The sums (US cents, first and last) that print as the claim's figure, rounded or truncated to its last digit."""
    return claim.cents - claim.precision_cents // 2, claim.cents + claim.precision_cents - 1


def accepted(claim: Claim) -> tuple[int, int] | None:
    """The sums a figure that is not a bound accepts; None for bounds (`at_least` and its kin)."""
    match claim.comparator:
        case "exact":
            return readings(claim)
        case "about":
            return claim.cents - claim.precision_cents, claim.cents + claim.precision_cents
        case "nearly":
            return claim.cents - claim.precision_cents, claim.cents
        case _:
            return None


def holds(claim: Claim, count: Count) -> Answer:
    """Whether the claim holds for a count: over all of its interval, part of it, or none. See the module's table."""
    i = count.interval
    band = accepted(claim)
    if band is not None:
        low, high = band
        if low <= i.reported <= high:
            return "yes" if count.rounding_only else "partly"
        return "partly" if i.low <= high and low <= i.high else "no"
    at_ends = {_ACCEPTS[claim.comparator](end, claim.cents) for end in (i.low, i.high)}
    return "partly" if len(at_ends) == 2 else "yes" if True in at_ends else "no"


def satisfied(claim: Claim, i: Interval) -> bool:
    """Whether the reported sum alone satisfies the claim."""
    band = accepted(claim)
    return band[0] <= i.reported <= band[1] if band else _ACCEPTS[claim.comparator](i.reported, claim.cents)


def _may_hold(claim: Claim, count: Count) -> bool:
    """Whether a claim inside a count's interval is to be reckoned among those that hold: the reported sum satisfies it,
    or more than rounding makes the interval, so that the sum reported for the window itself is not known."""
    return satisfied(claim, count.interval) or not count.rounding_only


def reproduced_by(claim: Claim, total: Total) -> tuple[Method, ...]:
    """The ways of counting whose sum prints as the claim's figure, nearest first, then simplest."""
    low, high = readings(claim)
    matching = [m for m in METHODS if total.methods[m].reports and low <= total.methods[m].interval.reported <= high]
    return tuple(sorted(matching, key=lambda m: abs(total.methods[m].interval.reported - claim.cents)))


def judge(claim: Claim, total: Total, *, newest: date | None = None) -> Verdict:
    """The verdict on a claim whose total is known.

    `newest` is the posting day of the newest filing on file; the explanation says so where the verdict's day is later.
    """
    if claim.currency != "USD":
        return unverifiable(
            claim, total.as_of, "currency", f"The figure is in {claim.currency} and the text gives no dollars.", total
        )
    if not total.reports:
        sentence = (
            f"No activity report of {total.organization.name} {total.window}, posted by {total.as_of}, is on file."
        )
        return unverifiable(claim, total.as_of, "no_reports", sentence, total)
    answers = {method: holds(claim, count) for method, count in total.methods.items() if count.reports}
    under = tuple(
        method
        for method, answer in answers.items()
        if answer == "yes" or (answer == "partly" and _may_hold(claim, total.methods[method]))
    )
    outcome: Outcome
    match answers["lda"]:
        case "yes":
            outcome = "supported"
        case "partly":
            outcome = "within_rounding"
        case _:
            outcome = "depends_on_method" if under else "refuted"
    verdict = Verdict(claim, outcome, "", total.as_of, under, reproduced_by(claim, total), total)
    return replace(verdict, explanation=explain(verdict, newest))


def unverifiable(claim: Claim, as_of: date, reason: str, sentence: str, total: Total | None = None) -> Verdict:
    """A verdict that says what stands in the way."""
    explanation = f"{sentence} {OUTCOMES['unverifiable']}"
    return Verdict(claim, "unverifiable", explanation, as_of, total=total, reason=reason)


# The words -----------------------------------------------------------------------------------------------------


def figure(claim: Claim) -> str:
    """`at least $10,000,000`."""
    return PHRASES[claim.comparator] + money(claim.cents)


def explain(verdict: Verdict, newest: date | None) -> str:
    """Two to five sentences; every number in them stands in the total."""
    claim, total = verdict.claim, verdict.total
    assert total is not None
    lda = total.methods["lda"]
    kinds = "in-house reports" if total.methods["in_house"].reports else "outside firms' reports"
    if 0 < total.methods["in_house"].reports < lda.reports:
        kinds = "in-house reports, and outside firms' where there is none"
    sentences = [
        f"By the LDA's own accounting, {total.organization.name} reported {money(lda.interval.reported)} "
        f"{total.window}, in {_number(lda.reports, kinds)} posted by {total.as_of}; the filers' rounding makes it "
        f"{money(lda.interval.low)} to {money(lda.interval.high)}.",
        _finding(verdict),
    ]
    if verdict.verdict == "depends_on_method":
        sentences.append(_how(verdict))
    elif verdict.verdict == "supported" and verdict.total and _disagreement(verdict):
        sentences.append(_disagreement(verdict))
    elif verdict.verdict == "refuted":
        sentences.append(_nearest(verdict))
    codes = {w.code for w in total.warnings}
    if "outside_exceeds_in_house" in codes:
        sentences.append(
            "In some periods outside firms report more than the in-house expenses that should include them, so the "
            "true sum may be higher; the upper bound allows for it."
        )
    if "straddles_window" in codes:
        sentences.append("A reporting period lies only partly inside the window, which widens the range downwards.")
    if "published" in claim.missing:
        sentences.append(f"The text's publication date is not known; reports posted by {total.as_of} were counted.")
    if newest and newest < total.as_of:
        sentences.append(f"The newest filing on file was posted on {newest}.")
    return " ".join(s for s in sentences if s)


def _finding(verdict: Verdict) -> str:
    said = f"the claim of “{figure(verdict.claim)}”"
    match verdict.verdict:
        case "supported":
            return f"That bears out {said}."
        case "within_rounding":
            return f"{said[:1].upper()}{said[1:]} lies inside that range, so it can be neither confirmed nor refuted."
        case _:
            return f"That does not bear out {said}."


def _how(verdict: Verdict) -> str:
    """How the claim's figure comes about, for the ways of counting under which it holds."""
    assert verdict.total is not None
    methods = verdict.total.methods
    fees = money(methods["outside"].interval.reported)
    adding = f"by adding outside firms' fees of {fees} to in-house expenses that already include them"
    parts = []
    for method in verdict.holds_under:
        sum_ = money(methods[method].interval.reported)
        if method == "gross":
            parts.append(f"{adding} ({sum_})")
        elif method == "all_filings":
            again = methods["all_filings"].reports - methods["gross"].reports
            twice = (
                f"counting {_number(again, 'superseded reports')} beside what replaced {'it' if again == 1 else 'them'}"
            )
            if "gross" in verdict.holds_under:
                both = "by adding the fees and "
            else:
                both = f"{adding} and " if methods["outside"].reports else "by "
            # Without superseded reports it is the same sum as gross, and says nothing new.
            parts += [f"{both}{twice} ({sum_})"] if again else []
        else:
            side = "in-house expenses" if method == "in_house" else "outside firms' fees"
            parts.append(f"by counting {side} alone ({sum_})")
    return f"It is reached only {', or '.join(parts)}."


def _disagreement(verdict: Verdict) -> str:
    """A word on the gross figure where a supported claim would fall under it."""
    assert verdict.total is not None
    gross = verdict.total.methods["gross"]
    if "gross" in verdict.holds_under or not verdict.total.methods["outside"].reports:
        return ""
    return (
        f"Adding outside firms' fees to expenses that already include them would give {money(gross.interval.reported)}."
    )


def _nearest(verdict: Verdict) -> str:
    assert verdict.total is not None
    methods = verdict.total.methods
    nearest = min(
        (m for m in METHODS if methods[m].reports),
        key=lambda m: abs(methods[m].interval.reported - verdict.claim.cents),
    )
    words = {
        "lda": "the LDA's own",
        "gross": "outside fees added to expenses that already include them",
        "all_filings": "outside fees added and superseded reports counted too",
        "in_house": "in-house expenses alone",
        "outside": "outside firms' fees alone",
    }
    return (
        f"No way of counting gives it; the nearest is {money(methods[nearest].interval.reported)} ({words[nearest]})."
    )


def _number(n: int, plural: str) -> str:
    """`17 in-house reports`, `1 in-house report`."""
    return f"{n} {plural if n != 1 else plural.replace('reports', 'report', 1)}"
