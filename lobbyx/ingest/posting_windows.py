"""The windows of posting days in which the mirror reads a listing."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Self

from lobbyx.lda.client import DATED
from lobbyx.model.period import month_span

FIRST_YEAR: Final[Mapping[str, int]] = {"filings": 1999, "contributions": 2008}
"""Records with an earlier (impossible) posting date share one window."""


@dataclass
class PostingWindow:
    """One window: the records of an endpoint posted between two days, or all of them."""

    id: int
    endpoint: str
    first_day: date | None
    last_day: date | None
    filing_type: str | None
    status: str
    count: int | None
    """The server's count when this reading began; for a window that is done, the number received."""
    passes: int
    next_page: int
    highest: int = 0
    """The largest count seen in this reading."""

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        """The window in a row of `sync_windows`."""
        first, last = (day and date.fromisoformat(day) for day in (row["first_day"], row["last_day"]))
        names = ("filing_type", "status", "count", "passes", "next_page")
        return cls(row["id"], row["endpoint"], first, last, *(row[name] for name in names))

    @property
    def filters(self) -> dict[str, Any]:
        """What is asked of the API."""
        wanted = {
            "filing_dt_posted_after": self.first_day,
            "filing_dt_posted_before": self.last_day and self.last_day + timedelta(days=1),
            "filing_type": self.filing_type,
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def __str__(self) -> str:
        days = f" posted {self.first_day or '...'} to {self.last_day or '...'}" if self.endpoint in DATED else ""
        return f"{self.endpoint}{days}" + (f" of type {self.filing_type}" if self.filing_type else "")


def plan(endpoint: str, today: date, since: int | None = None) -> list[tuple[date | None, date | None]]:
    """The windows of an endpoint: one for each month, one for what is earlier (not with `since`), one for later."""
    if endpoint not in DATED:
        return [(None, None)]
    first = max(since or 0, FIRST_YEAR[endpoint])
    months = [
        month_span(year, month)
        for year in range(first, today.year + 1)
        for month in range(1, 13)
        if (year, month) <= (today.year, today.month)
    ]
    spans: list[tuple[date | None, date | None]] = [(m.start, m.end) for m in months]
    before = [(None, date(first - 1, 12, 31))] if since is None else []
    last = months[-1].end if months else date(first - 1, 12, 31)
    assert last is not None
    return [*before, *spans, (last + timedelta(days=1), None)]
