"""One LD-2 activity report as the accounting reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from lobbyx.model.money import Interval, dollars
from lobbyx.model.period import Window

Role = Literal["in_house", "outside"]
Status = Literal["latest", "superseded"]


@dataclass(frozen=True, slots=True)
class Report:
    """One LD-2 activity report."""

    filing_uuid: str
    filing_type: str
    filing_year: int
    filing_period: str
    dt_posted: str
    """As the API gives it."""
    posted: datetime
    """When it counts as posted: `dt_posted`, or the due date if that is impossible (`posted_is_due_date`)."""
    posted_is_due_date: bool
    period: Window
    """Always closed on both sides."""
    registrant_id: int
    registrant: str
    client_id: int
    client: str
    role: Role
    amount: int | None
    """US cents as reported; None if the API has null."""
    interval: Interval
    expenses_method: str | None = None
    amount_warning: str | None = None
    """Why the amount may not be what was filed."""

    @property
    def url(self) -> str:
        """The official page of the filing, from the UUID: links in records may name hosts that have closed."""
        return filing_url(self.filing_uuid)


Line = tuple[Report, Status]
"""A report, and whether it counts."""


def filing_url(filing_uuid: str) -> str:
    """The official page of one LD-1 or LD-2 filing."""
    return f"https://lda.gov/filings/public/filing/{filing_uuid}/print/"


REPORT_COLUMNS = (
    "filing_uuid",
    "filing_year",
    "filing_period",
    "filing_type",
    "dt_posted",
    "registrant",
    "client",
    "role",
    "amount",
    "low",
    "high",
    "status",
    "url",
)


def report_row(report: Report, status: Status) -> dict[str, Any]:
    """One report as JSON and tables show it. Amounts are US dollars; `amount` is None if the API has null."""
    row: dict[str, Any] = {name: getattr(report, name) for name in REPORT_COLUMNS[:8]}
    row["amount"] = None if report.amount is None else dollars(report.amount)
    row["low"], row["high"] = dollars(report.interval.low), dollars(report.interval.high)
    return {**row, "status": status, "url": report.url}
