"""What verdicts of all kinds share: the outcome, what stands in the way of one, what must be known beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lobbyx.model.claim import Claim
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import Method, Total
from lobbyx.model.verdict import Outcome, Verdict
from lobbyx.verdicts.explanation import Cents, Word


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
