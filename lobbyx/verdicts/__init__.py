"""Claim x filings -> verdict, with the sentences that explain it. One module a kind of claim.

`case.py` picks the kind; `spending.py`, `changes.py`, `records.py`, `ranks.py`, `counts.py`, `hirings.py` and
`issues.py` ask the `Subject` what they need and judge it with pure functions. `comparators.py` says when a figure
holds, `reproduction.py` how else it comes about, `explanation.py` puts findings into words.
"""

from __future__ import annotations

from typing import Final

from lobbyx.model.verdict import Outcome

OUTCOMES: Final[dict[Outcome, str]] = {
    "supported": "The filings support it.",
    "refuted": "The filings refute it.",
    "depends_on_method": "It holds only under another way of counting.",
    "within_rounding": "It cannot be decided: the claimed figure lies inside the range the reports stand for.",
    "unverifiable": "It cannot be checked.",
}
