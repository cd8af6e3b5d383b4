"""Claims of money spent: `spend`, and what all kinds share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from lobbyx.model.claim import Claim
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import METHODS, Method, Total
from lobbyx.model.verdict import Outcome, Reproduction, Verdict
from lobbyx.verdicts.comparators import holds, readings, satisfied
from lobbyx.verdicts.explanation import Both, Cents, Compared, Listed, Word
from lobbyx.verdicts.reproduction import Traced, again, how

MOST_SENTENCES = 5
"""What an explanation says at most; all warnings are listed beside it."""
MOST_BY_LUCK = 0.02
"""A match that random figures would have as often says nothing, and is not told in the explanation."""


def reproduced_by(claim: Claim, total: Total) -> tuple[Method, ...]:
    """The methods whose sum in the claimed window prints as the claim's figure, nearest first, then simplest."""
    low, high = readings(claim)
    matching = [m for m in METHODS if total.methods[m].reports and low <= total.methods[m].interval.reported <= high]
    return tuple(sorted(matching, key=lambda m: abs(total.methods[m].interval.reported - claim.cents)))


def judge(claim: Claim, total: Total, *, newest: date | None = None, traced: Traced | None = None) -> Verdict:
    """The verdict on a claim whose total is known.

    `newest` is the posting day of the newest filing on file; the explanation says so where the verdict's day is later.
    `traced` are the ways of counting that give the figure.
    """
    if claim.currency != "USD":
        return unverifiable(claim, total.as_of, "currency", {"currency": claim.currency}, total)
    if not total.reports:
        return no_reports(claim, total)
    answers = {method: holds(claim, count) for method, count in total.methods.items() if count.reports}
    under = tuple(
        m for m, answer in answers.items() if answer == "yes" or (answer == "partly" and _may(claim, total, m))
    )
    verdict = Verdict(
        claim,
        outcome(answers, under),
        (),
        total.as_of,
        under,
        reproduced_by(claim, total),
        total,
        reproductions=traced.reproductions if traced else (),
        nearest=traced.nearest if traced else None,
    )
    return replace(verdict, sentences=tuple(_sentences(verdict, newest, traced)[:MOST_SENTENCES]))


def _may(claim: Claim, total: Total, method: Method) -> bool:
    """Whether a claim inside a count's interval is to be reckoned among those that hold: the reported sum satisfies it,
    or more than rounding makes the interval, so that the sum reported for the window itself is not known."""
    count = total.methods[method]
    return satisfied(claim, count) or not count.rounding_only


def outcome(answers: Mapping[Method, str], under: tuple[Method, ...]) -> Outcome:
    """The verdict, given whether the claim holds by each method, and by which it is reckoned to."""
    match answers.get("lda"):
        case "yes":
            return "supported"
        case "partly":
            return "within_rounding"
        case _:
            return "depends_on_method" if under else "refuted"


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
    """Nothing on file overlaps the window."""
    values = {"org": total.organization.name, "window": total.window, "as_of": total.as_of}
    return unverifiable(claim, total.as_of, "no_reports", values, total)


# The words -----------------------------------------------------------------------------------------------------


def _sentences(verdict: Verdict, newest: date | None, traced: Traced | None) -> list[Sentence]:
    claim, total = verdict.claim, verdict.total
    assert total is not None
    said = {"claimed": Compared(claim.comparator, Cents(claim.cents))}
    found: list[Sentence] = [accounting(total)]
    if total.subsidiaries:
        found.append(("with_subsidiaries", {"names": Listed(tuple(o.name for o in total.subsidiaries))}))
    match verdict.verdict:
        case "supported":
            found += [("borne_out", said), *_disagreement(verdict, total)]
        case "within_rounding":
            found.append(("inside_range", said))
        case "depends_on_method":
            found += [("not_borne_out", said), ("reached_only", {"ways": Listed(_ways(verdict, total), "or")})]
        case _:
            found.append(("not_borne_out", said))
            found.append(_reproduced(verdict) or _nearest(claim, total, traced))
    return found + caveats(claim, total, newest)


def accounting(total: Total) -> Sentence:
    """What the LDA's own way of counting gives."""
    lda = total.methods["lda"]
    own = total.methods["in_house"].reports
    kind = "outside_reports" if not own else "mixed_reports" if own < lda.reports else "in_house_reports"
    return (
        "accounting",
        {
            "org": total.organization.name,
            "window": total.window,
            "as_of": total.as_of,
            "counted": Word(kind, lda.reports),
            "reported": Cents(lda.interval.reported),
            "low": Cents(lda.interval.low),
            "high": Cents(lda.interval.high),
        },
    )


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
    if codes & {"report_missing", "in_house_missing"}:
        found.append(("missing_reports", {}))
    if newest and newest < total.as_of:
        found.append(("newest", {"newest": newest}))
    return found


def _ways(verdict: Verdict, total: Total) -> tuple[Both, ...]:
    """How the claim's figure comes about, for the ways of counting under which it holds."""
    methods = total.methods
    fees = {"fees": Cents(methods["outside"].interval.reported)}
    adding = "by adding outside firms' fees of {fees} to in-house expenses that already include them"
    adding_ko = "이미 포함된 자체 지출에 외부 업체 보수 {fees}를 더해야"
    ways: list[Both] = []
    for method in verdict.holds_under:
        values: dict[str, Any] = {**fees, "sum": Cents(methods[method].interval.reported)}  # type: ignore[index]
        if method == "gross":
            ways.append(Both(adding + " ({sum})", adding_ko + "({sum})", values))
        elif method == "all_filings":
            superseded = [r for r, status in total.reports if status == "superseded"]
            if not superseded:  # the same sum as gross, which says nothing new
                continue
            values["again"] = again(superseded)
            both = "by adding the fees and " if "gross" in verdict.holds_under else f"{adding} and "
            if not methods["outside"].reports:
                both = "by "
            both_ko = "외부 보수를 더하고 " if methods["outside"].reports else ""
            ways.append(
                Both(
                    both + "counting {again} ({sum})",
                    both_ko + "{again} 세어야({sum})",
                    values,
                )
            )
        elif method == "in_house":
            ways.append(Both("by counting in-house expenses alone ({sum})", "자체 지출만 세어야({sum})", values))
        elif method == "outside":
            ways.append(Both("by counting outside firms' fees alone ({sum})", "외부 업체 보수만 세어야({sum})", values))
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


def _nearest(claim: Claim, total: Total, traced: Traced | None) -> Sentence:
    """No way gives it; which comes nearest."""
    if traced and traced.nearest and not traced.reproductions:
        return "no_way", {"sum": Cents(traced.nearest.reported), "way": _named(traced.nearest)}
    methods = total.methods
    counted = [m for m in METHODS if methods[m].reports]
    nearest = min(counted, key=lambda m: abs(methods[m].interval.reported - claim.cents))
    return "no_way", {"sum": Cents(methods[nearest].interval.reported), "way": Word(nearest)}


def _named(way: Reproduction) -> Word | Both:
    plain = way.window_kind == "claimed" and way.scope == "organization" and not way.superseded
    return Word(way.method) if plain else how(way)
