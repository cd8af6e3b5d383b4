"""What is known of each period, by DOMAIN's table; and that no figure moves down because a report is not on file."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import lobbyx
from lobbyx.accounting import counting, determination
from lobbyx.model.coverage import Coverage, Listing
from lobbyx.model.period import Window, half_span, quarter_span
from lobbyx.model.report import Report
from lobbyx.model.total import METHODS, Total
from tests.accounting.test_counting import ORG, days, made_up, report
from tests.conftest import covered

D = date.fromisoformat
Q2 = quarter_span(2024, 2)
NONE = Coverage()


def own(quarter: int, year: int = 2024, filer: int = 0, **more: object) -> Report:
    return report(quarter, year=year, registrant_id=filer, role="in_house", **more)  # type: ignore[arg-type]


def firm(quarter: int, year: int = 2024) -> Report:
    return report(quarter, year=year, firm=7)


def through(day: str) -> Coverage:
    return covered(day).coverage(ORG)


@pytest.mark.parametrize(
    ("reports", "as_of", "coverage", "expected"),
    [
        # Covered.
        ([], "2024-12-31", through("2024-12-31"), "complete"),
        ([firm(2)], "2024-12-31", through("2025-06-30"), "complete"),
        ([own(2)], "2024-12-31", through("2024-12-30"), "reported"),
        ([], "2024-12-31", through("2024-12-30"), "unknown"),
        # Covered from a day inside the period on: what was posted before is not known.
        ([], "2024-12-31", covered("2025-06-30", since="2024-05-01").coverage(ORG), "unknown"),
        # Not due, covered or not; something on file is something to judge by.
        ([], "2024-07-19", NONE, "not_due"),
        ([], "2024-07-19", through("2025-01-01"), "not_due"),
        ([], "2024-07-20", NONE, "unknown"),
        ([own(1)], "2024-07-19", NONE, "not_due"),
        ([firm(2)], "2024-07-19", NONE, "unknown"),
        # All that are known to file in-house around that time have filed.
        ([own(2)], "2024-12-31", NONE, "reported"),
        ([own(1), own(2), own(3), firm(2)], "2024-12-31", NONE, "reported"),
        ([own(1), own(3)], "2024-12-31", NONE, "unknown"),
        ([firm(2)], "2024-12-31", NONE, "unknown"),
        ([own(2), own(1, filer=5)], "2024-12-31", NONE, "unknown"),
        ([own(2), own(2, filer=5)], "2024-12-31", NONE, "reported"),
        ([own(2), own(3, filer=5)], "2024-12-31", NONE, "unknown"),
        # A year away is around that time, more is not.
        ([own(2), own(2, 2023, filer=5)], "2024-12-31", NONE, "unknown"),
        ([own(2), own(1, 2023, filer=5)], "2024-12-31", NONE, "reported"),
        ([own(2), own(2, 2025, filer=5)], "2025-12-31", NONE, "unknown"),
        ([own(2), own(3, 2025, filer=5)], "2025-12-31", NONE, "reported"),
        # One that had terminated is not waited for; one that terminates in the period has filed for it.
        ([own(2), own(1, filer=5, filing_type="1T")], "2024-12-31", NONE, "reported"),
        ([own(2), own(1, filer=5, filing_type="1@")], "2024-12-31", NONE, "reported"),
        ([own(2), own(1, filer=5, filing_type="1T"), own(3, filer=5)], "2024-12-31", NONE, "reported"),
        ([own(2), own(2, filer=5, filing_type="2T")], "2024-12-31", NONE, "reported"),
        ([own(2), own(3, filer=5, filing_type="3T")], "2024-12-31", NONE, "unknown"),
        # Posted later than the day: not known that day, though the filer is.
        ([own(2, days_late=60)], "2024-08-01", NONE, "unknown"),
        ([own(2), own(2, filer=5, days_late=60)], "2024-08-01", NONE, "unknown"),
    ],
)
def test_the_state_of_a_period(reports: list[Report], as_of: str, coverage: Coverage, expected: str) -> None:
    (found,) = determination.states([Q2], reports, D(as_of), coverage)
    assert (found.state, found.period) == (expected, Q2), found.reason


def test_a_registration_tells_who_files_in_house_too() -> None:
    for registered, expected in (
        ([(5, D("2024-03-01"))], "unknown"),
        ([(5, D("2024-07-01"))], "reported"),  # after the period
        ([(5, D("2022-03-01"))], "reported"),  # more than a year before, and no report since
        ([(0, D("2024-03-01"))], "reported"),
    ):
        (found,) = determination.states([Q2], [own(2)], D("2024-12-31"), NONE, registered)
        assert found.state == expected


def test_coverage_by_filing_year_covers_that_year_alone() -> None:
    days_ = Window(None, D("2025-06-30"))
    of_2024 = Coverage((Listing("filings", {}, 2024, days_, 1, 1, "2025-07-01", "x"),))
    found = determination.states([quarter_span(2023, 4), Q2], [], D("2025-06-30"), of_2024)
    assert [one.state for one in found] == ["unknown", "complete"]


@pytest.mark.parametrize(
    ("state", "own_amount", "fees", "lda", "undetermined"),
    [
        ("complete", 100_000, 40_000, (95_000, 105_000), set()),
        ("complete", None, 40_000, (35_000, 45_000), set()),
        ("reported", 100_000, 40_000, (95_000, 105_000), {"gross", "outside", "all_filings"}),
        ("unknown", 100_000, 40_000, (95_000, None), set(METHODS)),
        # The firms' income alone says nothing: an in-house report would replace it, and may be smaller.
        ("unknown", None, 40_000, (0, None), set(METHODS)),
    ],
)
def test_what_a_state_leaves_of_the_ways_of_counting(
    state: str, own_amount: int | None, fees: int, lda: tuple[int, int | None], undetermined: set[str]
) -> None:
    reports = [report(2, fees, firm=7), *([] if own_amount is None else [report(2, own_amount)])]
    if state == "unknown" and own_amount is not None:
        reports.append(own(1, filer=5))
    coverage = through("2030-01-01") if state == "complete" else NONE
    found = counting.total(ORG, reports, Q2, D("2024-12-31"), coverage=coverage)
    assert [one.state for one in found.states] == [state]
    assert (found.methods["lda"].low, found.methods["lda"].high) == lda
    assert {m for m, count in found.methods.items() if not count.determined} == undetermined
    assert found.determined == ("lda" not in undetermined)
    assert found.json()["methods"]["lda"]["high"] == lda[1]
    assert found.methods["gross"].low == (own_amount or 0) + fees - (10_000 if own_amount else 5_000)


def test_neighboring_periods_are_told_together_with_what_brings_them() -> None:
    reports = [own(q) for q in (1, 2)]
    found = counting.total(
        ORG, reports, Window(D("2022-01-01"), D("2025-12-31")), D("2025-06-30"), command=lambda w: f"fetch {w}"
    )
    assert [(u.window.json(), u.state, u.command) for u in found.undetermined] == [
        ({"start": "2022-01-01", "end": "2022-12-31"}, "unknown", "fetch from 2022-01-01 to 2022-12-31"),
        ({"start": "2023-01-01", "end": "2023-12-31"}, "unknown", "fetch from 2023-01-01 to 2023-12-31"),
        ({"start": "2024-07-01", "end": "2025-03-31"}, "unknown", "fetch from 2024-07-01 to 2025-03-31"),
        ({"start": "2025-04-01", "end": "2025-12-31"}, "not_due", None),
    ]
    assert [str(u.reason).split()[0] for u in found.undetermined] == ["nothing", "no", "no", "reports"]
    assert found.command == "fetch from 2022-01-01 to 2025-03-31"
    assert (found.determined, found.complete, found.data_through) == (False, False, None)
    assert {w.code for w in found.warnings} >= {"undetermined", "amendment_unknown"}


def test_periods_of_open_windows_begin_with_1999_and_end_with_the_day() -> None:
    found = determination.periods(Window(), D("2008-05-01"))
    assert (found[0], found[-1], len(found)) == (half_span(1999, 1), quarter_span(2008, 2), 20)
    assert determination.periods(Window(D("2024-05-05"), D("2024-05-06")), D("2024-06-01")) == [Q2]
    assert determination.periods(Window(D("2030-01-01"), None), D("2024-06-01")) == [quarter_span(2030, 1)]


@given(made_up, days, days, days)
def test_a_report_that_is_not_on_file_never_makes_a_false_bound(
    reports: list[Report], a: date, b: date, as_of: date
) -> None:
    """Whatever is withheld, what is still called determined is what it was, and a bound still bounds."""
    window = Window(min(a, b), max(a, b))
    truth = counting.total(ORG, reports, window, as_of, coverage=through("2050-01-01"))
    for absent in {r.registrant_id for r in reports if r.role == "in_house"}:
        kept = [r for r in reports if r.registrant_id != absent]
        _bounds(counting.total(ORG, kept, window, as_of), truth)


@given(made_up, days, days, st.integers(0, 11))
def test_withholding_one_period_never_makes_a_false_bound(reports: list[Report], a: date, b: date, number: int) -> None:
    window, as_of = Window(min(a, b), max(a, b)), D("2040-01-01")
    all_periods = sorted({r.period for r in reports}, key=lambda p: p.days)
    assume(all_periods)
    absent = all_periods[number % len(all_periods)]
    truth = counting.total(ORG, reports, window, as_of, coverage=through("2050-01-01"))
    _bounds(counting.total(ORG, [r for r in reports if r.period != absent], window, as_of), truth)


def _bounds(found: Total, truth: Total) -> None:
    for method in METHODS:
        count, true = found.methods[method], truth.methods[method]
        assert count.interval.low <= true.interval.reported
        if count.determined:
            assert count.interval.reported == true.interval.reported


def test_the_real_filings_are_covered_to_the_day_of_the_newest(coupang: lobbyx.Ledger) -> None:
    total = coupang.total("Coupang", since="2021-08", until="2025-12-25", as_of="2025-12-25")
    assert (total.determined, total.json()["data_through"]) == (True, "2026-07-20")
    assert [(u.state, u.window.json()["start"]) for u in total.undetermined] == [("not_due", "2025-10-01")]
    assert all(count.determined for count in total.methods.values())
    coupang.knowledge = covered("1999-01-02")
    total = coupang.total("Coupang", since="2021-08", until="2025-12-25", as_of="2025-12-25")
    assert total.methods["lda"].json() == {
        "low": 8_495_000, "reported": 8_580_000, "high": 8_665_000, "reports": 17, "determined": True,
    }  # fmt: skip
    assert [m for m, count in total.methods.items() if count.determined] == ["lda", "in_house"]
    assert total.data_through is None
