"""A claim before an organization's filings: which module judges it, and whether its window is known at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from lobbyx.model.claim import Claim
from lobbyx.model.period import Window
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts import changes, counts, hirings, issues, ranks, spending
from lobbyx.verdicts.explanation import Cents
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
    return _window_unknown(claim, subject, as_of) or KINDS[claim.kind](claim, subject, as_of)


def _window_unknown(claim: Claim, subject: Subject, as_of: date) -> Verdict | None:
    """A verdict that says the claim's window is unknown. A hiring or an issue without a window is of any time."""
    missing_date = claim.window == Window() and "published" in claim.missing
    missing_window = "window" in claim.missing and claim.kind not in ("hired", "issue")
    if not missing_window and not missing_date:
        return None
    total = subject.total(claim.window, as_of)
    values = {"all": Cents(total.methods["lda"].interval.reported)}
    if missing_window and not missing_date:
        return unverifiable(claim, as_of, "no_window", values, total)
    said = {**values, "said": claim.window_text or ""}
    return unverifiable(claim, as_of, "no_publication_date", said, total)
