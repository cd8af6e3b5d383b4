"""SQL functions that read names and periods as lobbyx does, for SQLite connections of other programs."""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import Any, Final

from lobbyx.model.filing_types import filing_types
from lobbyx.names import LONGEST_NAME, normalize

_PERIODS: Final = {
    "first_quarter": "Q1",
    "second_quarter": "Q2",
    "third_quarter": "Q3",
    "fourth_quarter": "Q4",
    "mid_year": "H1",
    "year_end": "H2",
}


@lru_cache(maxsize=10_000)
def lda_normalize(name: Any) -> str | None:
    """The form under which names are one organization; None for what is no name."""
    return normalize(name) or None if isinstance(name, str) and len(name) <= LONGEST_NAME else None


def lda_period(filing_year: Any, filing_type_or_period: Any) -> str | None:
    """The period a report is for: `2021Q3`, or `2005H1` for the half-years before 2008.

    Takes the API's filing type (`Q3`, `3A`, `MM`) or filing period (`third_quarter`). None for registrations and for
    what the API does not have.
    """
    if isinstance(filing_year, str) and filing_year.isascii() and filing_year.isdigit() and len(filing_year) == 4:
        filing_year = int(filing_year)
    if not isinstance(filing_year, int) or not 1990 <= filing_year <= 2200:
        return None
    if not isinstance(filing_type_or_period, str):
        return None
    known = filing_types().get(filing_type_or_period.strip().upper())
    period = known.filing_period if known and known.is_report else filing_type_or_period.strip().lower()
    return f"{filing_year}{_PERIODS[period]}" if period in _PERIODS else None


def register(db: sqlite3.Connection) -> None:
    """Makes the functions known to a connection."""
    db.create_function("lda_normalize", 1, lda_normalize, deterministic=True)
    db.create_function("lda_period", 2, lda_period, deterministic=True)
