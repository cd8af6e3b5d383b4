"""Claims of money spent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from lobbyx.model.claim import Claim
from lobbyx.model.presentation import Sentence
from lobbyx.model.said import Said, said
from lobbyx.model.total import METHODS, Method, Total
from lobbyx.model.verdict import Reproduction, Verdict
from lobbyx.verdicts import sums
from lobbyx.verdicts.comparators import Figure, Holding, Range, readings, satisfied
from lobbyx.verdicts.explanation import Both, Cents, Listed, Way
from lobbyx.verdicts.findings import (
    accounting,
    caveats,
    claimed,
    missing,
    no_reports,
    none_filed,
    settle,
    unverifiable,
)
from lobbyx.verdicts.records import earlier_totals, judge_record
from lobbyx.verdicts.reproduction import Traced, again, how, trace
from lobbyx.verdicts.subject import Subject

MOST_SENTENCES = 5
"""What an explanation says at most; all warnings are listed beside it."""
MOST_BY_LUCK = 0.02
"""A match that random figures would have as often says nothing, and is not told in the explanation."""


def reproduced_by(claim: Claim, total: Total) -> tuple[Method, ...]:
    """The methods whose sum in the claimed window prints as the claim's figure, nearest first, then simplest."""
    low, high = readings(claim)
    matching = [m for m in METHODS if total.methods[m].reports and low <= total.methods[m].interval.reported <= high]
    return tuple(sorted(matching, key=lambda m: abs(total.methods[m].interval.reported - claim.cents)))


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on money spent, with the ways of counting that give the figure; a record is told beside the sum."""
    if claim.detail.get("sum"):
        return sums.judge(claim, subject, as_of)
    total = subject.total(claim.window, as_of)
    traced = None
    if claim.currency == "USD" and total.reports:
        others = [] if subject.with_subsidiaries else subject.subsidiaries
        traced = trace(claim, subject.account, as_of, others)
    verdict = judge_total(claim, total, newest=subject.newest, traced=traced)
    if not claim.detail.get("record") or not total.reports:
        return verdict
    first_time = claim.detail["record"] == "first_above"
    earlier = earlier_totals(subject, claim.window, as_of)
    record = judge_record(claim, total, earlier, mark=claim.cents if first_time else 0, newest=subject.newest)
    told = tuple(s for s in record.sentences if s[0] in ("record", "no_earlier", "record_unknown"))
    sentences = (*verdict.sentences[: MOST_SENTENCES - len(told) + 1], *told)
    return replace(verdict, sentences=sentences, found={"record": record.verdict, **record.found})


def judge_total(claim: Claim, total: Total, *, newest: date | None = None, traced: Traced | None = None) -> Verdict:
    """The verdict on a claim whose total is known.

    `newest` is the posting day of the newest filing on file; the explanation says so where the verdict's day is later.
    `traced` are the ways of counting that give the figure.
    """
    if claim.currency != "USD":
        return unverifiable(claim, total.as_of, "currency", {"currency": claim.currency}, total)
    if not total.counted and not none_filed(total):
        return no_reports(claim, total)
    answers = answers_of(claim, total)
    under = tuple(
        m for m, answer in answers.items() if answer == "yes" or (answer == "partly" and _may(claim, total, m))
    )
    settled = settle(claim, total, answers, under)
    lacking = settled.outcome in ("refuted", "depends_on_method")
    verdict = Verdict(
        claim,
        settled.outcome,
        (),
        total.as_of,
        under,
        reproduced_by(claim, total),
        could_hold_under=tuple(m for m, answer in answers.items() if answer == "open") if lacking else (),
        total=total,
        reason=settled.reason,
        reproductions=traced.reproductions if traced else (),
        nearest=traced.nearest if traced else None,
    )
    sentences = _sentences(verdict, newest, traced, settled.so_far)
    return replace(verdict, sentences=tuple(sentences[:MOST_SENTENCES]))


def answers_of(claim: Claim, total: Total) -> dict[Method, Holding]:
    """Whether a claim holds by each method that counts reports, or that reports not on file may change."""
    figure = Figure.of(claim)
    answers: dict[Method, Holding] = {}
    for method, count in total.methods.items():
        if count.reports or not count.determined or (method == "lda" and none_filed(total)):
            answers[method] = figure.holds(Range.of(count))
    if not total.determined and not figure.is_bound:  # a lower bound decides bounds alone
        answers["lda"] = "open"
    return answers


def _may(claim: Claim, total: Total, method: Method) -> bool:
    """Whether a claim inside a count's interval is to be reckoned among those that hold: the reported sum satisfies it,
    or more than rounding makes the interval, so that the sum reported for the window itself is not known."""
    count = total.methods[method]
    return satisfied(claim, count) or not count.rounding_only


# The words -----------------------------------------------------------------------------------------------------


def _sentences(verdict: Verdict, newest: date | None, traced: Traced | None, so_far: bool) -> list[Sentence]:
    claim, total = verdict.claim, verdict.total
    assert total is not None
    figure = {"claimed": claimed(claim)}
    found: list[Sentence] = [accounting(total)]
    if total.subsidiaries:
        found.append(("with_subsidiaries", {"names": Listed(tuple(o.name for o in total.subsidiaries))}))
    match verdict.verdict:
        case "supported":
            found += [("borne_out", figure)]
            found += [("so_far", {"as_of": total.as_of})] if so_far else _disagreement(verdict, total)
        case "within_rounding" if claim.comparator == "exact" and total.methods["lda"].rounding_only:
            found.append(("printed_beyond_a_tenth", figure))
        case "within_rounding":
            found.append(("inside_range", figure))
        case "depends_on_method":
            found += [("not_borne_out", figure), ("reached_only", {"ways": Listed(_ways(verdict, total), "or")})]
        case "unverifiable" if verdict.reason == "period_not_over":
            found.append(("period_not_over", {"as_of": total.as_of}))
        case "unverifiable":
            found += missing(total)
        case _:
            found.append(("not_borne_out", figure))
            if how_else := _reproduced(verdict) or _nearest(claim, total, traced):
                found.append(how_else)
    if verdict.could_hold_under:
        found.append(("could_hold", {"ways": Listed(tuple(Way(m) for m in verdict.could_hold_under), "or")}))
    return found + caveats(claim, total, newest)


def _ways(verdict: Verdict, total: Total) -> tuple[Said, ...]:
    """How the claim's figure comes about, for the ways of counting under which it holds."""
    methods = total.methods
    ways: list[Said] = []
    for method in verdict.holds_under:
        values: dict[str, Any] = {"sum": Cents(methods[method].interval.reported)}  # type: ignore[index]
        if method == "gross":
            values["fees"] = Cents(methods["outside"].interval.reported)
            ways.append(said("method_reach.gross", **values))
        elif method == "all_filings":
            superseded = [r for r, status in total.reports if status == "superseded"]
            if not superseded:  # the same sum as gross, which says nothing new
                continue
            values["again"] = again(superseded)
            key = "fees_again" if "gross" in verdict.holds_under else "gross_again"
            if key == "gross_again":
                values["fees"] = Cents(methods["outside"].interval.reported)
            ways.append(said(f"method_reach.{key if methods['outside'].reports else 'again'}", **values))
        elif method in ("in_house", "outside"):
            ways.append(said(f"method_reach.{method}", **values))
    return tuple(ways)


def _disagreement(verdict: Verdict, total: Total) -> list[Sentence]:
    """A word on the gross figure where a supported claim would fall under it."""
    gross = total.methods["gross"]
    if "gross" in verdict.holds_under or not total.methods["outside"].reports:
        return []
    return [("would_give", {"sum": Cents(gross.interval.reported)})]


def _reproduced(verdict: Verdict) -> Sentence | None:
    """How else the printed figure comes about, if that is no matter of luck."""
    for way in verdict.reproductions:
        if way.chance <= MOST_BY_LUCK:
            chance = f"{way.chance:.1%}" if way.chance >= 0.001 else "<0.1%"
            return (
                "printed_comes_out",
                {"sum": Cents(way.reported), "how": how(way), "chance": chance},
            )
    return None


def _nearest(claim: Claim, total: Total, traced: Traced | None) -> Sentence | None:
    """No way gives it; which comes nearest."""
    if traced and traced.nearest and not traced.reproductions:
        return "no_way", {"sum": Cents(traced.nearest.reported), "way": _named(traced.nearest)}
    methods = total.methods
    counted = [m for m in METHODS if methods[m].reports]
    if not counted:
        return None
    nearest = min(counted, key=lambda m: abs(methods[m].interval.reported - claim.cents))
    return "no_way", {"sum": Cents(methods[nearest].interval.reported), "way": Way(nearest)}


def _named(way: Reproduction) -> Way | Both:
    plain = way.window_kind == "claimed" and way.scope == "organization" and not way.superseded and not way.instead
    return Way(way.method) if plain else how(way)
