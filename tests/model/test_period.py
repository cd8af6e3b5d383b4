from __future__ import annotations

from datetime import date

import pytest

from lobbyx.model.period import UnreadableDate, Window, due_date, filing_period_span, span, window

D = date.fromisoformat


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021-08-01", "2021-08-01", "2021-08-01"),
        ("2021-08", "2021-08-01", "2021-08-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2021", "2021-01-01", "2021-12-31"),
        ("2021Q3", "2021-07-01", "2021-09-30"),
        ("2021-q4", "2021-10-01", "2021-12-31"),
        (" 2021 ", "2021-01-01", "2021-12-31"),
    ],
)
def test_accepted_forms(text: str, first: str, last: str) -> None:
    assert span(text) == Window(D(first), D(last))


@pytest.mark.parametrize(
    "text",
    ["", "last week", "2021-13", "2021-02-30", "2021Q5", "21", "0000", "0001-01-01", "9999", "２０２１", "2021-1-1-1"],
)
def test_other_forms_are_refused_with_the_accepted_ones(text: str) -> None:
    with pytest.raises(UnreadableDate, match="2021Q3"):
        span(text)


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(UnreadableDate, match="swap"):
        window("2025", "2024")
    assert window("2024Q2", None) == Window(D("2024-04-01"), None)


@pytest.mark.parametrize(
    ("period", "first", "last", "due"),
    [
        ("first_quarter", "2023-01-01", "2023-03-31", "2023-04-20"),
        ("fourth_quarter", "2023-10-01", "2023-12-31", "2024-01-20"),
        ("mid_year", "2023-01-01", "2023-06-30", "2023-08-14"),
        ("year_end", "2023-07-01", "2023-12-31", "2024-02-14"),
    ],
)
def test_periods_and_due_dates(period: str, first: str, last: str, due: str) -> None:
    found = filing_period_span(2023, period)
    assert found == Window(D(first), D(last))
    assert due_date(found) == D(due)
