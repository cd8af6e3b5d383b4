"""A claim before an organization's filings: which module judges it, and whether its window is known at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from lobbyx.model.claim import Claim
from lobbyx.model.period import Window
from lobbyx.model.presentation import Sentence
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts import changes, counts, hirings, issues, ranks, spending
from lobbyx.verdicts.explanation import Both, Cents, Listed, Word
from lobbyx.verdicts.findings import unverifiable
from lobbyx.verdicts.subject import Subject

KINDS: Final[Mapping[str, Callable[[Claim, Subject, date], Verdict]]] = {
    "spend": spending.judge,
    "change": changes.judge,
    "rank": ranks.judge,
    "count": counts.judge,
    "hired": hirings.judge,
    "issue": issues.judge,
}


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a claim as known on `as_of`."""
    if told := not_asserted(claim, as_of):
        return told
    verdict = _window_unknown(claim, subject, as_of) or KINDS[claim.kind](claim, subject, as_of)
    return verdict if claim.sure else replace(verdict, sentences=(_read_as(claim, subject), *verdict.sentences))


def not_asserted(claim: Claim, as_of: date) -> Verdict | None:
    """A verdict that says that a text denies, asks or foresees what the claim says, which is not judged."""
    if claim.stance == "asserted":
        return None
    return unverifiable(claim, as_of, "not_asserted", {"stance": Word(claim.stance)})


def _read_as(claim: Claim, subject: Subject) -> Sentence:
    """Which reading is judged, and how else the text could be read."""
    others: list[Any] = []
    for name in claim.unsure_of:
        otherwise = claim.otherwise.get(name)
        if isinstance(otherwise, Mapping):
            days = [otherwise.get(side) for side in ("start", "end")]
            window = Window(*(date.fromisoformat(day) if day else None for day in days))
            others.append(Both("{window}", "{window}", {"window": window}))
        elif otherwise is not None and name in ("org", "comparator"):
            others.append(str(otherwise).replace("_", " "))
        else:
            others.append(Word(f"unsure_{name}"))
    listed = Listed(tuple(others), "or")
    return "read_as", {"org": subject.organization.name, "window": claim.window, "otherwise": listed}


def _window_unknown(claim: Claim, subject: Subject, as_of: date) -> Verdict | None:
    """A verdict that says the claim's window is unknown. A hiring or an issue without a window is of any time."""
    missing_date = claim.window == Window() and "published" in claim.missing
    missing_window = "window" in claim.missing and claim.kind not in ("hired", "issue")
    if not missing_window and not missing_date:
        return None
    total = subject.total(claim.window, as_of)
    values = {"all": Cents(total.methods["lda"].interval.reported)}
    reason = "no_window" if missing_window and not missing_date else "no_publication_date"
    verdict = unverifiable(claim, as_of, reason, {**values, "said": claim.window_text or ""}, total)
    if claim.kind in ("spend", "change"):
        return verdict
    # What all reports add up to says nothing about a place, a number, a firm or a bill.
    told = (f"{reason}_plain", {"said": claim.window_text or ""})
    return replace(verdict, total=None, who=subject.organization, sentences=(told, *verdict.sentences[1:]))
