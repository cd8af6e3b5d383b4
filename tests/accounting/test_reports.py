from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lobbyx.accounting.reports import interval, read
from lobbyx.model.filing_types import filing_types
from lobbyx.model.money import NOTHING, Interval, dollars
from lobbyx.organizations.filers import role


@pytest.mark.parametrize(
    ("amount", "half_year", "low", "high"),
    [
        (450_000, False, 445_000, 455_000),
        (75_000, False, 72_500, 77_500),
        (222_000, False, 221_500, 222_500),
        (12_345, False, 12_344.5, 12_345.5),
        (10_000, False, 5_000, 15_000),
        (5_000, False, 2_500, 7_500),
        (2_040_000, True, 2_030_000, 2_050_000),
        (2_030_000, True, 2_025_000, 2_035_000),
        (20_000, True, 10_000, 30_000),
        (0, False, 0, 0),
    ],
)
def test_an_amount_stands_for_half_its_unit_around_it(amount: int, half_year: bool, low: float, high: float) -> None:
    i = interval(amount * 100, half_year=half_year)
    assert (dollars(i.low), dollars(i.reported), dollars(i.high)) == (low, amount, high)


def test_an_amount_with_cents_is_exact() -> None:
    assert interval(12_345_67) == Interval(12_345_67, 12_345_67, 12_345_67)


def test_null_is_never_silently_zero() -> None:
    assert interval(None) == Interval(0, 0, 5_000_00)
    assert interval(None, half_year=True) == Interval(0, 0, 10_000_00)
    assert interval(None, no_activity=True) == NOTHING


@given(st.none() | st.integers(0, 10**14), st.booleans(), st.booleans())
def test_the_interval_contains_what_was_reported(amount: int | None, half_year: bool, no_activity: bool) -> None:
    i = interval(amount, half_year=half_year, no_activity=no_activity)
    assert 0 <= i.low <= (amount or 0) <= i.high


@pytest.mark.parametrize(
    ("self_select", "registrant", "client", "income", "expenses", "expected"),
    [
        (True, "X WASHINGTON OFFICE", "X CORP", None, 1, "in_house"),
        (None, "COUPANG, INC.", "COUPANG INC.", None, 1, "in_house"),
        (False, "TULSA COMMUNITY COLLEGE", "TULSA COMMUNITY COLLEGE", None, None, "in_house"),
        (False, "FIRM", "X CORP", 1, None, "outside"),
        (None, "FIRM", "X CORP", None, None, "outside"),
        (None, "X WASHINGTON OFFICE", "X CORP", None, 1, "in_house"),
        (False, "FIRM", "X CORP", 1, 1, "outside"),
    ],
)
def test_whose_money_it_is(
    self_select: bool | None, registrant: str, client: str, income: int | None, expenses: int | None, expected: str
) -> None:
    found = role(client_self_select=self_select, registrant=registrant, client=client, income=income, expenses=expenses)
    assert found == expected


def test_all_fifty_filing_types_are_in_the_table() -> None:
    letters = {value for value, kind in filing_types().items() if kind.stage == "letter"}
    assert letters == {"MTL", "YTL", "DTL", "DOC"}  # the archive's own: no reports, no money
    types = {value: kind for value, kind in filing_types().items() if value not in letters}
    assert len(types) == 50
    assert sum(t.is_report for t in filing_types().values()) == 48
    assert sum(t.is_report for t in types.values()) == 48
    assert sum(t.no_activity for t in types.values()) == 24
    assert {t.filing_period for t in types.values() if t.is_report} == {
        "first_quarter",
        "second_quarter",
        "third_quarter",
        "fourth_quarter",
        "mid_year",
        "year_end",
    }
    # Suffixes mislead: YY is an ordinary year-end report, YYY says "no activity".
    assert (types["YY"].no_activity, types["YYY"].no_activity, types["MAY"].no_activity) == (False, True, True)
    assert (types["1@"].stage, types["4T"].stage, types["RA"].stage) == (
        "termination_amendment",
        "termination",
        "registration_amendment",
    )


ROW: dict[str, Any] = {
    "filing_uuid": "u",
    "filing_type": "Q1",
    "filing_year": 2022,
    "filing_period": "first_quarter",
    "dt_posted": "2022-04-20T10:00:00-04:00",
    "income": None,
    "expenses": 100_000,
    "expenses_method": "A",
    "registrant_id": 1,
    "registrant": "X INC",
    "client_id": 2,
    "client": "X, INC.",
    "client_self_select": None,
}


def test_registrations_and_unknown_types_are_no_reports() -> None:
    assert read({**ROW, "filing_type": "RR"}) is None
    assert read({**ROW, "filing_type": "Z9"}) is None
    assert read(ROW) is not None


def test_an_impossible_posting_date_gives_way_to_the_due_date() -> None:
    report = read({**ROW, "filing_type": "MM", "filing_year": 1999, "dt_posted": "1905-08-16T00:00:00-04:00"})
    assert report is not None
    assert report.posted_is_due_date
    assert report.posted.date().isoformat() == "1999-08-14"


def test_an_amount_on_the_wrong_line_counts_with_a_warning() -> None:
    report = read({**ROW, "income": 40_000, "expenses": None})
    assert report is not None
    assert (report.role, report.amount) == ("in_house", 40_000_00)
    assert "other kind of filer" in (report.amount_warning or "")


def test_reports_served_without_amounts_in_2022_are_in_doubt() -> None:
    report = read({**ROW, "expenses": None, "dt_posted": "2022-03-01T10:00:00-05:00"})
    assert report is not None
    assert "without amounts" in (report.amount_warning or "")
