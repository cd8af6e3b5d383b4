"""Claim x filings -> verdict, with the sentences that explain it. Pure functions, one module a kind of claim.

`comparators.py` says when a figure holds; `spending.py`, `changes.py`, `ranks.py`, `counts.py`,
`hirings.py` and `issues.py` judge each kind from what `account.py` and `evidence.py` read (`case.py`).
"""

from __future__ import annotations

from typing import Final

from lobbyx.model.verdict import Outcome
from lobbyx.verdicts.comparators import accepted, holds, readings, satisfied
from lobbyx.verdicts.spending import judge, reproduced_by, unverifiable

__all__ = ["OUTCOMES", "accepted", "holds", "judge", "readings", "reproduced_by", "satisfied", "unverifiable"]

OUTCOMES: Final[dict[Outcome, str]] = {
    "supported": "The filings support it.",
    "refuted": "The filings refute it.",
    "depends_on_method": "It holds only under another way of counting.",
    "within_rounding": "It cannot be decided: the claimed figure lies inside the range the reports stand for.",
    "unverifiable": "It cannot be checked.",
}
