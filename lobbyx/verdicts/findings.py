"""What verdicts of all kinds share: the outcome, what stands in the way of one, what must be known beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from lobbyx.model.claim import Claim
from lobbyx.model.period import Window
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import Method, PeriodState, Total
from lobbyx.model.verdict import Outcome, Verdict
from lobbyx.verdicts.comparators import Holding
from lobbyx.verdicts.explanation import Cents, Compared, Listed, Word

UPPER_BOUNDS = ("at_most", "less_than")
"""A sum that can only grow refutes these before its period is over."""
MOST_WINDOWS = 4
"""Periods named in an explanation; the JSON has all."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome, and why there is none."""

    outcome: Outcome
    reason: str | None = None
    so_far: bool = False
    """Whether the period is not over, and the figure agrees with what had been posted."""


def settle(
    claim: Claim, known: Total, answers: Mapping[Method, Holding], under: tuple[Method, ...], main: Method = "lda"
) -> Settled:
    """The outcome, given what each method answers and under which the claim is reckoned to hold.

    `main` decides. Its answer is `open` where what is on file does not determine it. A whole period that was not over,
    or whose reports were not due, on the day can only agree with what had been posted so far (DOMAIN, "What is on file,
    and what is known to be on file").
    """
    answer = answers.get(main, "open")
    if not_over(claim.window, known):
        if answer == "yes":
            return Settled("supported", so_far=True)
        if answer == "no" and claim.comparator in UPPER_BOUNDS:
            return Settled("refuted")
        return Settled("unverifiable", "period_not_over" if known.methods[main].determined else "undetermined")
    match answer:
        case "yes":
            return Settled("supported")
        case "partly":
            return Settled("within_rounding")
        case "open":
            return Settled("unverifiable", "undetermined")
        case _:
            return Settled("depends_on_method" if under else "refuted")


def conclusion(settled: Settled, said: Mapping[str, Any], as_of: date, lacking: Iterable[Sentence]) -> list[Sentence]:
    """What an outcome means for what was `said`; where nothing settles it, what is `lacking`."""
    match settled.outcome:
        case "supported":
            so_far: list[Sentence] = [("so_far", {"as_of": as_of})] if settled.so_far else []
            return [("borne_out", said), *so_far]
        case "within_rounding":
            return [("inside_range", said)]
        case "unverifiable" if settled.reason == "period_not_over":
            return [("period_not_over", {"as_of": as_of})]
        case "unverifiable":
            return list(lacking)
        case _:
            return [("not_borne_out", said)]


def not_over(window: Window, known: Total) -> bool:
    """Whether a window names whole periods of which one was not over, or its reports not due, on the day.

    One that ends inside a month runs to the day of publication ("since August 2021"), and is judged by what was due.
    """
    if window.end is None or (window.end + timedelta(days=1)).day != 1:
        return False
    return any(_pending(state, known.as_of) for state in known.states)


def _pending(state: PeriodState, as_of: date) -> bool:
    """Whether reports for a period may still come: not where all that file in-house have, after its end."""
    ended = state.period.days[1] <= as_of
    return state.due > as_of and not (ended and state.filed)


def unverifiable(
    claim: Claim,
    as_of: date,
    reason: str,
    values: Mapping[str, Any] | None = None,
    total: Total | None = None,
    **more: Any,
) -> Verdict:
    """A verdict that says what stands in the way: `reason` is a sentence of `wording.toml`, filled with `values`."""
    sentences: tuple[Sentence, ...] = ((reason, values or {}), ("cannot", {}))
    return Verdict(claim, "unverifiable", sentences, as_of, total=total, reason=reason, **more)


def no_reports(claim: Claim, total: Total) -> Verdict:
    """Nothing on file overlaps the window, and that is not known to be all: what is missing, or not due."""
    values = {"org": total.organization.name, "window": total.window, "as_of": total.as_of}
    found = unverifiable(claim, total.as_of, "no_reports", values, total)
    if not_over(claim.window, total) and total.determined:
        sentences = (found.sentences[0], ("period_not_over", {"as_of": total.as_of}))
        return replace(found, reason="period_not_over", sentences=sentences)
    if all(state.state == "not_due" for state in total.states):
        return replace(found, sentences=(found.sentences[0], ("nothing_due", {}), *found.sentences[1:]))
    return replace(found, sentences=(*found.sentences, *missing(total)))


def none_filed(total: Total) -> bool:
    """Whether it is known that nothing was filed: no report on file, all that was posted is, and some was due."""
    due = [state for state in total.states if state.state != "not_due"]
    return not total.counted and bool(due) and total.complete


def missing(known: Total, *, all_of_it: bool = False) -> list[Sentence]:
    """Which reports may be missing, and the command that brings them; empty where none may.

    With `all_of_it` outside firms' reports and later amendments count too.
    """
    unknown = [one.window for one in known.undetermined if one.state == "unknown"]
    if all_of_it and known.states:
        unknown = [s.period for s in known.states if s.state in ("unknown", "reported")]
    if not unknown:
        return []
    told: list[Sentence] = [("missing_filings", {"windows": Listed(tuple(joined(unknown)[:MOST_WINDOWS]))})]
    command = known.complete_command if all_of_it else known.command
    return [*told, ("bring", {"command": command})] if command else told


def joined(windows: Iterable[Window]) -> list[Window]:
    """The same days in as few windows as may be, in order: the members of a group lack periods that overlap."""
    found: list[Window] = []
    for one in sorted(windows, key=lambda w: (w.start or date.min, w.end or date.max)):
        before = found[-1] if found else None
        if before and (before.end is None or (one.start or date.min) <= before.end + timedelta(days=1)):
            ends = (before.end, one.end)
            found[-1] = Window(before.start, None if None in ends else max(end for end in ends if end))
        else:
            found.append(one)
    return found


def accounting(total: Total) -> Sentence:
    """What the law's own accounting gives."""
    lda = total.methods["lda"]
    own = total.methods["in_house"].reports
    values = {"org": total.organization.name, "window": total.window, "as_of": total.as_of}
    if not lda.reports:
        return ("none_filed" if none_filed(total) else "no_reports"), values
    kind = "outside_reports" if not own else "mixed_reports" if own < lda.reports else "in_house_reports"
    values |= {
        "counted": Word(kind, lda.reports, own),
        "reported": Cents(lda.interval.reported),
        "low": Cents(lda.interval.low),
    }
    if not lda.determined:
        return ("at_least_reported" if lda.interval.low else "outside_alone"), values
    return "accounting", {**values, "high": Cents(lda.interval.high)}


def caveats(claim: Claim, total: Total, newest: date | None) -> list[Sentence]:
    """What must be known beside the finding, the weightiest first."""
    codes = {w.code for w in total.warnings}
    found: list[Sentence] = []
    if "lobbying" in claim.missing:
        found.append(("not_said_lobbying", {}))
    if "published" in claim.missing:
        found.append(("not_published", {"as_of": total.as_of}))
    if "outside_exceeds_in_house" in codes:
        found.append(("fees_above", {}))
    if "straddles_window" in codes:
        found.append(("straddles", {}))
    if codes & {"report_missing", "in_house_missing"} and not any(u.state == "unknown" for u in total.undetermined):
        found.append(("missing_reports", {}))
    if "amendment_unknown" in codes and total.determined:
        found.append(("amendment_unknown", {}))
    if newest and newest < total.as_of:
        found.append(("newest", {"newest": newest}))
    return found


def claimed(claim: Claim) -> Compared:
    """The claim's figure of money with its comparator."""
    return Compared(
        claim.comparator, Cents(claim.cents), Cents(round(claim.high * 100)) if claim.high is not None else None
    )
