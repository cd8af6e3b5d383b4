"""The filing types, by table: what each is, which period it reports, whether it says "no activity".

Source: the API's `constants/filing/filingtypes` (50 types) as recorded on 2025-12-08, in
`data/constants/filing_types.csv`, with four kinds of letters and documents that only the Senate's archive has.
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
    """The period an LD-2 of this type reports; empty for registrations and letters."""
    stage: str
    """`report`, `amendment`, `termination`, `termination_amendment`, `registration`, `registration_amendment`, or
    `letter`: a document of the early years that reports no money."""
    no_activity: bool

    @property
    def is_report(self) -> bool:
        """Whether it is an LD-2 activity report (LD-1 registrations and letters carry no money)."""
        return not self.stage.startswith("registration") and self.stage != "letter"

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
