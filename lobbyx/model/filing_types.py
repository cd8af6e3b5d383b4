"""The 50 filing types of the API, by table: what each is, which period it reports, whether it says "no activity".

Source: the API's `constants/filing/filingtypes` as recorded on 2025-12-08, in `data/constants/filing_types.csv`.
Suffixes are not parsed: `YYY` is a year-end report without activity, `YY` an ordinary one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lobbyx.model import resources


@dataclass(frozen=True, slots=True)
class FilingType:
    """One row of the table."""

    value: str
    name: str
    filing_period: str
    """The period an LD-2 of this type reports; empty for registrations."""
    stage: str
    """`report`, `amendment`, `termination`, `termination_amendment`, `registration`, `registration_amendment`."""
    no_activity: bool

    @property
    def is_report(self) -> bool:
        """Whether it is an LD-2 activity report (LD-1 registrations carry no money)."""
        return not self.stage.startswith("registration")

    @property
    def is_termination(self) -> bool:
        """Whether it ends the engagement, so that nothing is due after it."""
        return self.stage.startswith("termination")


@cache
def filing_types() -> Mapping[str, FilingType]:
    """All known types by code. A filing with any other code is reported and not counted."""
    return {
        r["value"]: FilingType(r["value"], r["name"], r["filing_period"], r["stage"], r["no_activity"] == "1")
        for r in resources.rows("constants/filing_types.csv")
    }
