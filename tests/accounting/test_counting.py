"""DOMAIN's worked truth for Coupang, edges of windows, and the laws of the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lobbyx
from lobbyx.accounting import counting
from lobbyx.accounting.reports import WASHINGTON, interval
from lobbyx.model import resources
from lobbyx.model.money import Interval, dollars
from lobbyx.model.period import Window, half_span, quarter_span
from lobbyx.model.report import Report
from lobbyx.model.total import METHODS, Organization, Total
from tests.conftest import covered

D = date.fromisoformat
ORG = Organization(1, "X", ("X",))
COVERED = covered("2050-01-01").coverage(ORG)


def codes(found: Total) -> list[str]:
    """The warnings, but for reports that are due after the made-up ones end."""
    return [w.code for w in found.warnings if w.code != "report_missing"]


# The real filings ------------------------------------------------------------------------------------------------


def test_the_claim_of_2025_as_it_could_be_known_that_day(coupang: lobbyx.Ledger) -> None:
    total = coupang.total("Coupang", since="2021-08", until="2025-12-25", as_of="2025-12-25")
    lda = total.methods["lda"]
    assert lda.json() == {"low": 8_495_000, "reported": 8_580_000, "high": 8_665_000, "reports": 17, "determined": True}
    assert total.methods["outside"].reported == 1_815_000
    assert total.methods["gross"].reported == 10_395_000
    assert total.methods["all_filings"].reported == 10_755_000
    assert total.methods["in_house"] == lda
    assert [w.code for w in total.warnings] == ["no_amount"]
    assert "2ae293de-2e5a-49d9-8e74-d21f7afb70ca" in total.warnings[0].message
    assert [r.filing_uuid for r, status in total.reports if status == "superseded"] == [
        "6f570277-7a46-4a73-9f06-1d86c62770eb"
    ]


@pytest.mark.parametrize(
    ("method", "since", "until", "figure"),
    [
        ("gross", "2025Q4", "2025Q4", 895_000),
        ("gross", "2025", "2025", 3_410_000),
        ("gross", "2021", "2025", 11_290_000),
        ("gross", "2022", "2022", 1_450_000),
        ("gross", "2023", "2023", 1_550_000),
        ("gross", "2024", "2024", 3_870_000),
        ("all_filings", "2022", "2022", 1_810_000),
        ("lda", "2021", "2021", 940_000),
        ("lda", "2022", "2022", 1_210_000),
        ("lda", "2023", "2023", 1_430_000),
        ("lda", "2024", "2024", 3_310_000),
        ("lda", "2025", "2025", 2_270_000),
        ("lda", "2026-01", "2026-06", 2_370_000),
        ("lda", None, None, 11_530_000),
    ],
)
def test_every_figure_of_the_table(coupang: lobbyx.Ledger, method: Any, since: Any, until: Any, figure: int) -> None:
    total = coupang.total("Coupang", since=since, until=until)
    assert dollars(total.methods[method].interval.reported) == figure
    assert total.as_of == D("2026-07-20")


def test_ten_million_was_passed_with_the_report_for_the_first_quarter_of_2026(coupang: lobbyx.Ledger) -> None:
    known = {
        day: coupang.total("Coupang", since="2021-08", as_of=day) for day in ("2026-04-14", "2026-04-16", "2026-04-17")
    }
    lda = [total.methods["lda"].reported for total in known.values()]
    # On the 16th one firm had reported for the quarter and Coupang itself had not: then the firm's income counts.
    assert lda == [9_160_000, 9_330_000, 10_250_000]
    assert [[w.code for w in total.warnings if w.code != "no_amount"] for total in known.values()] == [
        ["in_house_missing"],
        ["in_house_missing"],
        [],
    ]


def test_the_amendment_of_microsoft_counts_and_its_original_does_not(samples: lobbyx.Ledger) -> None:
    total = samples.total("Microsoft", since="2023Q1", until="2023Q1")
    assert total.methods["lda"].json() == {
        "low": 2_215_000,
        "reported": 2_220_000,
        "high": 2_225_000,
        "reports": 1,
        "determined": True,
    }
    before = samples.total("Microsoft", since="2023Q1", until="2023Q1", as_of="2023-04-19")
    assert before.methods["in_house"].reports == 0
    assert before.methods["lda"].reported == 170_000  # firms alone had reported by then
    half_year = samples.total("Microsoft", since="1999", until="1999").methods["lda"]
    assert (half_year.json()["low"], half_year.json()["high"]) == (4_640_000, 4_680_000)


def test_totals_equal_an_independent_count_in_pandas(coupang: lobbyx.Ledger) -> None:
    """The same rules written once more, as tables, over every as-of date at which something was posted."""
    filings = pd.read_csv(resources.path("coupang/filings.csv"))
    filings = filings[~filings.filing_type.isin(["RR", "RA"])]
    filings["at"] = pd.to_datetime(filings.dt_posted, utc=True, format="ISO8601")
    filings["day"] = filings.dt_posted.str[:10]
    filings["own"] = filings.registrant_name == "COUPANG, INC."
    filings["amount"] = filings.income.fillna(filings.expenses).fillna(0)
    for day in sorted(filings.day.unique()):
        known = filings[filings.day <= day].sort_values("at")
        latest = known.groupby(["registrant_id", "client_id", "filing_year", "filing_period"]).tail(1)
        per_period = latest.groupby(["filing_year", "filing_period"])
        own = latest[latest.own].amount.sum()
        outside = latest[~latest.own].amount.sum()
        lda = sum(g[g.own].amount.sum() if g.own.any() else g.amount.sum() for _, g in per_period)
        expected = {"lda": lda, "gross": own + outside, "all_filings": known.amount.sum()}
        total = coupang.total("Coupang", as_of=day)
        got = {m: dollars(c.interval.reported) for m, c in total.methods.items()}
        assert got == {**expected, "in_house": own, "outside": outside}, day


def test_the_views_say_what_totals_say(coupang: lobbyx.Ledger) -> None:
    for row in coupang.db.execute("SELECT * FROM spending").fetchall():
        total = coupang.total("Coupang", since=row["period_start"], until=row["period_end"])
        said = {k: row[k] for k in ("low", "reported", "high", "reports")}
        assert total.methods[row["method"]].json() == {**said, "determined": True}
    statuses = dict(coupang.db.execute("SELECT status, count(*) FROM reports GROUP BY 1").fetchall())
    assert statuses == {"latest": 67, "superseded": 2}
    reason = coupang.db.execute("SELECT reason FROM reports WHERE filing_uuid LIKE '6f570277%'").fetchone()[0]
    assert "1A e1ad86d7-99d0-40ae-8890-248ad619ae29" in reason


# Rules, on made-up reports ---------------------------------------------------------------------------------------

_numbers = count()


def report(
    quarter: int = 1, amount: int | None = 100_000, *, firm: int = 0, year: int = 2024, days_late: int = 15, **more: Any
) -> Report:
    """A report for a quarter; firm 0 is the organization itself."""
    period = quarter_span(year, quarter)
    assert period.end is not None
    posted = datetime.combine(period.end + timedelta(days=days_late), datetime.min.time(), WASHINGTON)
    known = {
        "filing_uuid": f"{next(_numbers):08d}",
        "filing_type": f"Q{quarter}",
        "filing_year": year,
        "filing_period": "x",
        "dt_posted": posted.isoformat(),
        "posted": posted,
        "posted_is_due_date": False,
        "period": period,
        "registrant_id": firm,
        "registrant": f"R{firm}",
        "client_id": firm,
        "client": "X",
        "role": "outside" if firm else "in_house",
        "amount": None if amount is None else amount * 100,
        "interval": interval(None if amount is None else amount * 100),
    }
    return Report(**{**known, **more})


def total(reports: list[Report], start: str | None = None, end: str | None = None, **more: Any) -> lobbyx.Total:
    window = Window(start and D(start), end and D(end))  # type: ignore[arg-type]
    return counting.total(ORG, reports, window, **{"as_of": D("2030-01-01"), "coverage": COVERED, **more})


def low_reported_high(t: lobbyx.Total, method: Any = "lda") -> tuple[float, float, float]:
    i = t.methods[method].interval
    return dollars(i.low), dollars(i.reported), dollars(i.high)


def test_the_report_posted_last_counts_whatever_its_type() -> None:
    amendment = report(amount=500_000, days_late=20, filing_type="1A")
    late_original = report(amount=300_000, days_late=40)
    assert low_reported_high(total([late_original, amendment])) == (295_000, 300_000, 305_000)


def test_at_the_same_time_an_amendment_replaces_its_original() -> None:
    original, amendment = report(amount=100_000), report(amount=200_000, filing_type="1A")
    for order in ([original, amendment], [amendment, original]):
        assert low_reported_high(total(order))[1] == 200_000


def test_without_an_in_house_report_outside_income_counts() -> None:
    mixed = [report(1, 500_000), report(1, 90_000, firm=1), report(2, 60_000, firm=1), report(2, 30_000, firm=2)]
    assert low_reported_high(total(mixed)) == (575_000, 590_000, 605_000)
    assert low_reported_high(total(mixed), "gross")[1] == 680_000


def test_fees_above_the_expenses_that_should_hold_them_widen_the_upper_bound() -> None:
    found = total([report(1, 50_000), report(1, 90_000, firm=1)])
    assert low_reported_high(found) == (45_000, 50_000, 150_000)
    assert codes(found) == ["outside_exceeds_in_house"]
    assert not found.methods["lda"].rounding_only


def test_an_in_house_report_below_the_threshold_is_not_nothing() -> None:
    assert low_reported_high(total([report(1, None)])) == (0, 0, 5_000)


def test_a_period_across_an_edge_counts_whole_in_reported_and_high_only() -> None:
    both = [report(1), report(2)]
    found = total(both, "2024-02-01", "2024-06-30")
    assert low_reported_high(found) == (95_000, 200_000, 210_000)
    assert codes(found) == ["straddles_window"]
    assert low_reported_high(total(both, "2024-01-01", "2024-05-31")) == (95_000, 200_000, 210_000)
    assert low_reported_high(total(both, "2024-04-01", "2024-06-30")) == (95_000, 100_000, 105_000)


def test_nothing_was_spent_before_the_first_registration() -> None:
    reports = [report(1), report(2)]
    registered = total(reports, "2024-02-01", "2024-06-30", registered=[D("2024-02-10")])
    assert low_reported_high(registered) == (190_000, 200_000, 210_000)
    # Registered before the window: the start may cut off spending.
    before = total(reports, "2024-02-01", "2024-06-30", registered=[D("2024-01-10"), D("2024-02-10")])
    assert low_reported_high(before)[0] == 95_000
    # The end of the window still cuts.
    assert low_reported_high(total(reports, "2024-02-01", "2024-06-29", registered=[D("2024-02-10")]))[0] == 95_000
    # A firm hired later registers too: with older reports on file its registration is not the first.
    older = total([report(4, year=2023), *reports], "2024-02-01", "2024-06-30", registered=[D("2024-02-10")])
    assert low_reported_high(older)[0] == 95_000
    # As of a day before the registration nothing is known of it.
    assert counting.first_registration([], [], reports) is None
    assert counting.first_registration([D("2024-02-10")], [D("2024-01-05")], reports) is None


def test_as_of_counts_what_was_posted_by_that_day() -> None:
    original, amendment = report(amount=100_000, days_late=15), report(amount=300_000, days_late=30, filing_type="1A")
    assert low_reported_high(total([original, amendment], as_of=D("2024-04-29")))[1] == 100_000
    assert low_reported_high(total([original, amendment], as_of=D("2024-04-30")))[1] == 300_000


def test_methods_that_do_not_compare_are_reported() -> None:
    mixed = [report(1, expenses_method="A"), report(2, expenses_method="C"), report(3, expenses_method="c")]
    assert codes(total(mixed)) == ["mixed_expense_methods"]
    assert not codes(total(mixed[1:]))


def test_an_in_house_report_that_is_missing_is_reported_with_its_due_date() -> None:
    fees = report(2, 60_000, firm=1)
    found = total([report(1), fees])
    assert codes(found) == ["in_house_missing"]
    assert "due on 2024-07-20" in found.warnings[0].message
    # Before the organization filed for itself, and after it terminated, none was due.
    assert not codes(total([report(3), fees]))
    assert not codes(total([report(1, filing_type="1T"), fees]))
    assert not codes(total([report(1), report(2), fees]))


def test_reports_that_are_due_and_not_on_file_are_reported_with_their_due_dates() -> None:
    filed = [report(1), report(4)]
    (told,) = total(filed, as_of=D("2025-01-20")).warnings
    assert told.code == "report_missing"
    assert told.message == (
        "R0: no report on file for 2024-04-01 to 2024-06-30 (due on 2024-07-20), "
        "2024-07-01 to 2024-09-30 (due on 2024-10-20)"
    )
    # Not before its due date, not outside the window, not after a termination; semi-annual reports before 2008.
    assert not total([report(1)], as_of=D("2024-07-20")).warnings
    assert not total(filed, "2024-10-01", "2024-12-31", as_of=D("2025-01-20")).warnings
    assert not total([report(1), report(2, filing_type="2T")]).warnings
    half = replace(report(year=2007), period=half_span(2007, 1), filing_type="MM", filing_period="mid_year")
    (told,) = total([half, report(1, year=2008)], as_of=D("2008-05-01")).warnings
    assert "2007-12-31 (due on 2008-02-14)" in told.message


def test_an_amendment_that_withdraws_an_amount_is_reported() -> None:
    found = total([report(amount=360_000), report(amount=None, days_late=30, filing_type="1A")], as_of=D("2024-06-01"))
    assert codes(found) == ["amount_withdrawn", "no_amount"]
    assert "gave $360,000" in found.warnings[0].message
    assert low_reported_high(found) == (0, 0, 5_000)


def test_several_in_house_filers_are_added_with_a_warning() -> None:
    found = total([report(), report(amount=50_000, registrant_id=9, registrant="X EAST")], as_of=D("2024-06-01"))
    assert codes(found) == ["several_in_house"]
    assert low_reported_high(found)[1] == 150_000


def test_a_firm_hired_through_another_may_be_counted_twice() -> None:
    reports = [report(amount=100_000, firm=1), report(amount=40_000, firm=2, client="R1 OBO X")]
    found = total(reports, as_of=D("2024-06-01"))
    assert codes(found) == ["hired_through"]
    assert low_reported_high(found) == (95_000, 140_000, 150_000)
    # Not where the other does not report, nor where the organization itself does.
    assert codes(total(reports[1:], as_of=D("2024-06-01"))) == []
    assert low_reported_high(total([report(), *reports], as_of=D("2024-06-01")))[0] == 95_000


def test_history_is_the_total_of_each_day(coupang: lobbyx.Ledger) -> None:
    steps = coupang.history("Coupang", since="2021-08", until="2025-12-25")
    assert [s.as_of for s in steps] == sorted({s.as_of for s in steps})
    for step in steps:
        assert step.methods == coupang.total("Coupang", "2021-08", "2025-12-25", as_of=step.as_of).methods
    # What is posted later does not change the window.
    assert steps[-1].methods == coupang.total("Coupang", "2021-08", "2025-12-25").methods
    amended = next(s for s in steps if any(r.filing_type == "1A" for r in s.posted))
    assert amended.methods["all_filings"].reported - amended.methods["gross"].reported == 360_000


def test_an_empty_window_says_so() -> None:
    found = total([report(1)], "2020-01-01", "2020-12-31")
    assert codes(found) == ["no_reports"]
    assert low_reported_high(found) == (0, 0, 0)


def test_a_parent_and_its_subsidiary_add_up_without_counting_twice() -> None:
    parent = total([report(1, 500_000), report(2, 600_000, client="X INC. AND ITS SUBSIDIARIES")])
    own = [report(1, 90_000), report(2, 80_000), report(2, 30_000, firm=7), report(3, 70_000, firm=7)]
    inside = counting.consolidated(parent)
    assert inside == {quarter_span(2024, 2)}
    both = counting.add(parent, [total(own, covered=inside)])
    # The second quarter of the subsidiary is in its parent's report: expenses and fees.
    assert low_reported_high(both)[1] == 500_000 + 90_000 + 600_000 + 70_000
    assert low_reported_high(both, "in_house")[1] == 500_000 + 90_000 + 600_000
    assert low_reported_high(both, "gross")[1] == 500_000 + 90_000 + 600_000 + 30_000 + 70_000
    assert codes(both) == ["with_subsidiaries", "in_house_missing"]
    assert [o.name for o in both.subsidiaries] == ["X"]


made_up = st.lists(
    st.builds(
        report,
        st.integers(1, 4),
        st.none() | st.integers(0, 90).map(lambda n: n * 5_000),
        firm=st.integers(0, 3),
        year=st.integers(2022, 2024),
        days_late=st.integers(1, 60),
    ),
    max_size=12,
)
days = st.dates(D("2021-06-01"), D("2025-06-01"))


@given(made_up, days, days, days)
def test_intervals_contain_what_was_reported(reports: list[Report], a: date, b: date, as_of: date) -> None:
    found = counting.total(ORG, reports, Window(min(a, b), max(a, b)), as_of)
    for method in METHODS:
        i = found.methods[method].interval
        assert 0 <= i.low <= i.reported <= i.high
    reported = {m: found.methods[m].interval.reported for m in METHODS}
    assert reported["in_house"] + reported["outside"] == reported["gross"] <= reported["all_filings"]
    assert reported["in_house"] <= reported["lda"] <= reported["gross"]


@given(made_up, st.integers(0, 5))
def test_a_superseding_report_never_changes_other_periods(reports: list[Report], pick: int) -> None:
    if not reports:
        return
    old = reports[pick % len(reports)]
    newer = replace(
        old,
        filing_uuid="later",
        posted=max(r.posted for r in reports) + timedelta(days=1),
        interval=Interval(0, 7_00, 9_00),
        amount=7_00,
    )

    def others(given_: list[Report]) -> list[tuple[str, str]]:
        return [(r.filing_uuid, s) for r, s in counting.statuses(given_) if r.period != old.period]

    assert others(reports) == others([*reports, newer])
    assert {r.filing_uuid: s for r, s in counting.statuses([*reports, newer])}["later"] == "latest"


@given(made_up, st.randoms())
def test_the_order_of_loading_does_not_matter(reports: list[Report], random: Any) -> None:
    shuffled = list(reports)
    random.shuffle(shuffled)
    assert counting.statuses(reports) == counting.statuses(shuffled)


@given(made_up, days)
def test_a_window_cut_in_two_at_a_quarter_adds_up(reports: list[Report], day: date) -> None:
    cut = quarter_span(day.year, (day.month - 1) // 3 + 1).start
    assert cut is not None
    parts = (Window(None, cut - timedelta(days=1)), Window(cut, None))
    whole = counting.total(ORG, reports, Window(), D("2030-01-01"))
    first, second = (counting.total(ORG, reports, part, D("2030-01-01")) for part in parts)
    for method in METHODS:
        assert first.methods[method].interval + second.methods[method].interval == whole.methods[method].interval
