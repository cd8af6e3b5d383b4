"""What an organization spent in a window, in every way of counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from lobbyx.model.money import NOTHING, Interval, dollars
from lobbyx.model.period import Window
from lobbyx.model.presentation import presentation
from lobbyx.model.report import REPORT_COLUMNS, Report, Status, report_row

Method = Literal["lda", "gross", "all_filings", "in_house", "outside"]
METHODS: tuple[Method, ...] = ("lda", "gross", "all_filings", "in_house", "outside")
"""The ways of counting, starting with the law's own (docs/explanation/how-totals-are-counted.md)."""

METHOD_MEANINGS: Mapping[Method, str] = {
    "lda": "in-house expenses; outside firms' income if no in-house report is on file",
    "gross": "in-house expenses plus outside firms' income",
    "all_filings": "the same, with superseded reports counted too",
    "in_house": "in-house expenses alone",
    "outside": "outside firms' income alone",
}


@dataclass(frozen=True, slots=True)
class Warned:
    """Something the reader of a figure must know."""

    code: str
    message: str

    def json(self) -> dict[str, str]:
        """`{"code", "message"}`."""
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class Count:
    """What one way of counting adds up to."""

    interval: Interval
    reports: int
    rounding_only: bool = True
    """False if more than the filers' rounding makes the interval: a period across the edge of the window, or
    outside fees that the in-house expenses may leave out."""

    def __add__(self, other: Count) -> Count:
        both = self.rounding_only and other.rounding_only
        return Count(self.interval + other.interval, self.reports + other.reports, both)

    @property
    def low(self) -> int | float:
        """Lower bound, US dollars."""
        return dollars(self.interval.low)

    @property
    def reported(self) -> int | float:
        """The sum as reported, US dollars."""
        return dollars(self.interval.reported)

    @property
    def high(self) -> int | float:
        """Upper bound, US dollars."""
        return dollars(self.interval.high)

    def json(self) -> dict[str, Any]:
        """`low`, `reported`, `high` in US dollars and the number of reports counted."""
        return {"low": self.low, "reported": self.reported, "high": self.high, "reports": self.reports}


NO_REPORTS = Count(NOTHING, 0)


@dataclass(frozen=True, slots=True)
class Organization:
    """One organization and the names it files under, the most used first."""

    id: int
    name: str
    names: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """`{"id", "name", "names"}`."""
        return {"id": self.id, "name": self.name, "names": list(self.names)}


@dataclass(frozen=True, repr=False)
class Total:
    """Spending of one organization in a window, in every way of counting, as known on one day."""

    organization: Organization
    window: Window
    as_of: date
    methods: Mapping[Method, Count]
    reports: Sequence[tuple[Report, Status]]
    """Every report in the window posted by `as_of`, ordered by period and posting time."""
    warnings: Sequence[Warned] = ()
    subsidiaries: Sequence[Organization] = ()
    """The subsidiaries whose spending is included."""

    def json(self) -> dict[str, Any]:
        """The document `lobbyx total --json` prints; amounts in US dollars."""
        return {
            "organization": self.organization.json(),
            "subsidiaries": [{"id": o.id, "name": o.name} for o in self.subsidiaries],
            "window": self.window.json(),
            "as_of": self.as_of.isoformat(),
            "methods": {method: count.json() for method, count in self.methods.items()},
            "reports": [report_row(report, status) for report, status in self.reports],
            "warnings": [w.json() for w in self.warnings],
        }

    @property
    def frame(self) -> Any:
        """A pandas DataFrame with one row for each report; the columns are those of the JSON's `reports`."""
        import pandas as pd

        return pd.DataFrame([report_row(r, s) for r, s in self.reports], columns=list(REPORT_COLUMNS))

    def chart(self) -> Any:
        """An Altair chart of the reports by period and of the ways of counting (needs the `notebook` extra)."""
        return presentation().chart(self)

    def __str__(self) -> str:
        lines = [f"{self.organization.name}, {self.window}, as of {self.as_of}"]
        for method, count in self.methods.items():
            lines.append(f"  {method:<12} {count.interval}  ({count.reports} reports)")
        return "\n".join(lines + [f"  note: {w.message}" for w in self.warnings])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return presentation().html(self)
