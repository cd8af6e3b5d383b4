"""The rules of the ledger written once more, as plain pandas over a table of reports, and compared on random ones.

Nothing of lobbyx's ledger is used here but its answer.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lobbyx.accounting import counting
from lobbyx.model.period import Window
from lobbyx.model.report import Report
from lobbyx.model.total import METHODS
from tests.accounting.test_counting import COVERED, ORG, days, made_up


def by_pandas(reports: list[Report], window: Window, as_of: date) -> dict[str, tuple[int, int, int, int]]:
    """(low, reported, high, reports) by method, without registrations."""
    table = pd.DataFrame(
        [
            {
                "uuid": r.filing_uuid,
                "posted": r.posted,
                "type": r.filing_type,
                "own": r.role == "in_house",
                "who": (r.registrant_id, r.client_id),
                "start": r.period.start,
                "end": r.period.end,
                "low": r.interval.low,
                "reported": r.interval.reported,
                "high": r.interval.high,
            }
            for r in reports
        ],
        columns=["uuid", "posted", "type", "own", "who", "start", "end", "low", "reported", "high"],
    )
    table = table.loc[pd.Series([t.date() <= as_of for t in table.posted], index=table.index, dtype=bool)]
    table = table.astype({"own": bool})
    # An amendment posted at the same moment comes after its original.
    table = table.assign(amendment=[kind.endswith("A") for kind in table.type]).sort_values(
        ["posted", "amendment", "uuid"]
    )
    latest = table.drop_duplicates(["who", "start", "end"], keep="last")

    def inside(rows: pd.DataFrame) -> pd.DataFrame:
        kept = [
            (window.end is None or start <= window.end) and (window.start is None or window.start <= end)
            for start, end in zip(rows.start, rows.end, strict=True)
        ]
        return rows.loc[pd.Series(kept, index=rows.index, dtype=bool)]

    def added(rows: pd.DataFrame, fees_too: pd.DataFrame | None = None) -> tuple[int, int, int, int]:
        low = sum(
            value
            for value, start, end in zip(rows.low, rows.start, rows.end, strict=True)
            if (window.start is None or window.start <= start) and (window.end is None or end <= window.end)
        )
        high = int(rows.high.sum()) + (0 if fees_too is None else int(fees_too.high.sum()))
        return int(low), int(rows.reported.sum()), high, len(rows)

    latest, everything = inside(latest), inside(table)
    own, outside = latest[latest.own], latest[~latest.own]
    filed = set(own.start)
    counted = pd.concat([own, outside[~outside.start.isin(filed)]])
    sums_own, sums_out = own.groupby("start").reported.sum(), outside.groupby("start").reported.sum()
    exceeding = [start for start in filed if sums_out.get(start, 0) > sums_own[start]]
    return {
        "lda": added(counted, outside[outside.start.isin(exceeding)]),
        "gross": added(latest),
        "all_filings": added(everything),
        "in_house": added(own),
        "outside": added(outside),
    }


@given(made_up, days, days, days)
def test_totals_equal_plain_pandas_on_random_reports(reports: list[Report], a: date, b: date, as_of: date) -> None:
    window = Window(min(a, b), max(a, b))
    found = counting.total(ORG, reports, window, as_of, coverage=COVERED)
    got: dict[str, Any] = {
        m: (*(getattr(found.methods[m].interval, k) for k in ("low", "reported", "high")), found.methods[m].reports)
        for m in METHODS
    }
    assert got == by_pandas(reports, window, as_of)


@given(made_up, st.none() | days, st.none() | days)
def test_history_ends_in_the_total_and_each_step_is_one(reports: list[Report], a: date | None, b: date | None) -> None:
    from lobbyx.accounting.account import Account

    window = Window(a, b) if not (a and b and a > b) else Window(b, a)
    books = Account(ORG, reports, coverage=COVERED)
    last = date(2040, 1, 1)
    steps = books.history(window, last)
    for step in steps:
        assert step.methods == books.total(window, step.as_of).methods
    if steps:
        assert steps[-1].methods == books.total(window, last).methods
