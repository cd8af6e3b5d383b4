"""The grammar of time: what expressions mean on the day an article was published."""

from __future__ import annotations

from datetime import date

import pytest

from lobbyx.model.period import Window
from lobbyx.reading.claims.english.times import times
from lobbyx.reading.claims.mentions import Shift

D = date.fromisoformat
CASES = [
    ("since August 2021", "2021-08-01", "2024-05-15"),("since Aug. 26, 2021", "2021-08-26", "2024-05-15"),("since it first reported in 2019", "2019-01-01", "2024-05-15"),
    ("since the third quarter of 2021", "2021-07-01", "2024-05-15"),("To date, since 2020", "2020-01-01", "2024-05-15"),("in 2023", "2023-01-01", "2023-12-31"),("in Q2", "2023-04-01", "2023-06-30"),
    ("in Q1", "2024-01-01", "2024-03-31"),("in Q3 2015", "2015-07-01", "2015-09-30"),("in the third quarter", "2023-07-01", "2023-09-30"),("in the third quarter of 2017", "2017-07-01", "2017-09-30"),
    ("during 2011's third quarter", "2011-07-01", "2011-09-30"),("in the first half of 2023", "2023-01-01", "2023-06-30"),("in the first six months of 2023", "2023-01-01", "2023-06-30"),
    ("in the first three quarters of last year", "2023-01-01", "2023-09-30"),("between October 2022 and March 2023", "2022-10-01", "2023-03-31"),("from 2020 through 2022", "2020-01-01", "2022-12-31"),
    ("from the first quarter to the third quarter of 2021", "2021-01-01", "2021-09-30"),("last year", "2023-01-01", "2023-12-31"),("this year", "2024-01-01", "2024-05-15"),("so far this year", "2024-01-01", "2024-05-15"),
    ("last quarter", "2024-01-01", "2024-03-31"),("last month", "2024-04-01", "2024-04-30"),("over the past five years", "2019-05-15", "2024-05-15"),("in August 2021", "2021-08-01", "2021-08-31"),
    ("in the final three months of 2020", "2020-10-01", "2020-12-31"),("in the three months ended June 30, 2023", "2023-04-01", "2023-06-30"),("over five years", "2019-05-15", "2024-05-15"),
    ("in quarter two of 2022","2022-04-01","2022-06-30"),("from the beginning of April to the end of June","2023-04-01","2023-06-30"),("the last three months of the year","2023-10-01","2023-12-31"),
    ("its 2018 outlay","2018-01-01","2018-12-31"),("the year-ago period",None,None),("2022-24","2022-01-01","2024-12-31"),("over 2022–2024","2022-01-01","2024-12-31"),("through 2024",None,"2024-12-31"),("before 2025",None,"2024-12-31"),
    ("through September 2025","2025-01-01","2025-09-30"),("in H2 2025","2025-07-01","2025-12-31"),("over four quarters through June 2026","2025-07-01","2026-06-30"),("in 2024 and 2025 (combined)","2024-01-01","2025-12-31"),
    ("from July through September","2023-07-01","2023-09-30"),("July-September period","2023-07-01","2023-09-30"),("2018 as a whole","2018-01-01","2018-12-31"),("in the opening quarter of 2020","2020-01-01","2020-03-31"),
    ("the fourth and final quarter of 2019","2019-10-01","2019-12-31"),("for all of last year","2023-01-01","2023-12-31"),("in the first quarter of this year","2024-01-01","2024-03-31"),("the first-quarter 2020 report","2020-01-01","2020-03-31"),
    ("for the year to date","2024-01-01","2024-05-15"),("over the past decade","2014-05-15","2024-05-15"),("between January and March","2024-01-01","2024-03-31"),("1Q23","2023-01-01","2023-03-31"),("Q4 '22","2022-10-01","2022-12-31"),
    ("the 12 months through March","2023-04-01","2024-03-31"),("in the June quarter","2023-04-01","2023-06-30"),("from 2019 onward","2019-01-01","2024-05-15"),("through the first six months of 2024","2024-01-01","2024-06-30"),("in the quarter that ended June 30","2023-04-01","2023-06-30"),
    ("through the first three quarters of 2023","2023-01-01","2023-09-30"),("in the first nine months","2023-01-01","2023-09-30"),("from the second quarter of 2020 to the first quarter of 2021","2020-04-01","2021-03-31"),
    ("the most recent quarter","2024-01-01","2024-03-31"),("during the first three months of the year","2024-01-01","2024-03-31"),("since the start of 2022","2022-01-01","2024-05-15"),("since going public in 2021","2021-01-01","2024-05-15"),("in the second half of last year","2023-07-01","2023-12-31"),
    ("in the year ended December 31, 2022","2022-01-01","2022-12-31"),("the past 12 months","2023-05-15","2024-05-15"),("from November 2022 to February","2022-11-01","2024-02-29"),("between 1998 and 2010","1998-01-01","2010-12-31"),("Last year's","2023-01-01","2023-12-31"),("in the first and second quarters of 2022","2022-01-01","2022-06-30"),
    ("over the last two years","2022-05-15","2024-05-15"),("in the whole of 2020","2020-01-01","2020-12-31"),("fiscal 2022","2022-01-01","2022-12-31"),
    ]  # fmt: skip


@pytest.mark.parametrize(("words", "start", "end"), CASES)
def test_expressions(words: str, start: str | None, end: str | None) -> None:
    sentence = f"Acme spent $5 million {words}."
    (found,) = times(sentence, D("2024-05-15"))
    assert (found.window.start, found.window.end) == (start and D(start), end and D(end))
    assert sentence[found.start : found.end] in sentence


@pytest.mark.parametrize(
    ("sentence", "published", "expected"),
    [
        (
            "from $1.98 million in the second quarter to $2.52 million in the third.",
            "2013-10-31",
            ["2013-04-01", "2013-07-01"],
        ),
        (
            "third-quarter lobbying against $360,000 in the same period last year.",
            "2012-10-23",
            ["2012-07-01", "2011-07-01"],
        ),
        (
            "from January to March, more than in the same three months of 2022",
            "2023-05-01",
            ["2023-01-01", "2022-01-01"],
        ),
        (
            "in the fourth quarter of 2025, bringing its total for the year to $2 million",
            "2026-02-01",
            ["2025-10-01", "2025-01-01"],
        ),
        (
            "first-quarter lobbying jumped from $1.9 million last year to $3 million this year",
            "2014-04-22",
            ["2014-01-01", "2013-01-01", "2014-01-01"],
        ),
        (
            "$2 million in 2021 and 2022, against $1 million in the two years before that",
            "2023-02-07",
            ["2021-01-01", "2019-01-01"],
        ),
        ("$1.76 million in 2024, $510,000 of it in the last three months", "2025-01-22", ["2024-01-01", "2024-10-01"]),
        ("$5 million in 2020 and $6 million the following year.", "2024-05-15", ["2020-01-01", "2021-01-01"]),
        ("$5 million in 2020, then $6 million a year later.", "2024-05-15", ["2020-01-01", "2021-01-01"]),
        ("$5 million in Q1 2023 and $6 million the next quarter.", "2024-05-15", ["2023-01-01", "2023-04-01"]),
        ("$5 million in 2023 and $6 million the following year.", "2023-12-20", ["2023-01-01"]),
        ("$5 million in 2020, up from $2 million a decade earlier.", "2024-05-15", ["2020-01-01", "2010-01-01"]),
        (
            "grew since 2018, from $31 million then to $46 million in 2021",
            "2022-05-09",
            ["2018-01-01", "2018-01-01", "2021-01-01"],
        ),
        ("The second quarter cost $5 million, and the first, $4 million.", "2024-08-15", ["2024-04-01", "2024-01-01"]),
        ("$5 million in the five years before 2019.", "2024-05-15", ["2014-01-01"]),
        ("$5 million in Q1 2023 and $3 million two quarters earlier.", "2024-05-15", ["2023-01-01", "2022-07-01"]),
        ("$5 million in the second three months of 2023.", "2024-05-15", ["2023-04-01"]),
        ("up 185 percent on the year.", "2024-05-15", []),
        ("more than in the first half of 2022, and $4 million in Q3", "2023-10-25", ["2022-01-01", "2023-07-01"]),
        (
            "$3 million in Q1 2023 and $4 million in Q2, $7 million for the half.",
            "2024-05-15",
            ["2023-01-01", "2023-04-01", "2023-01-01"],
        ),
        ("$720,000 in this year's first quarter, $510,000 in last year's.", "2013-04-23", ["2013-01-01", "2012-01-01"]),
        (
            "in the first quarter of 2020 and $2 million in the second quarter",
            "2026-02-01",
            ["2020-01-01", "2020-04-01"],
        ),
    ],
)
def test_expressions_beside_each_other(sentence: str, published: str, expected: list[str]) -> None:
    found = [t.window.start for t in times(sentence, D(published)) if t.window != Window()]
    assert found == [D(day) for day in expected]


@pytest.mark.parametrize(
    "words",
    [
        "By Sept. 30 it had spent $4 million this year.",
        "It had spent $4 million as of Sept. 30.",
        "It spent $4 million this year through September.",
    ],
)
def test_up_to_the_end_of_a_month_begins_with_the_year(words: str) -> None:
    assert {t.window for t in times(words, D("2024-12-27"))} == {Window(D("2024-01-01"), D("2024-09-30"))}


def test_what_needs_the_day_of_publication_says_so() -> None:
    (found,) = times("It spent $5 million last year.", None)
    assert found.needs_published
    assert found.window == Window()


def test_shifts() -> None:
    quarter = Window(D("2020-01-01"), D("2020-03-31"))
    assert Shift(years=-1).of(quarter) == Window(D("2019-01-01"), D("2019-03-31"))
    assert Shift(quarters=-1).of(quarter) == Window(D("2019-10-01"), D("2019-12-31"))
    assert Shift(year=2016).of(quarter) == Window(D("2016-01-01"), D("2016-03-31"))
    assert Shift(quarter=3).of(quarter) == Window(D("2020-07-01"), D("2020-09-30"))
    assert Shift(years=-1).of(Window(D("2020-02-01"), D("2020-02-29"))) == Window(D("2019-02-01"), D("2019-02-28"))
    assert Shift(years=-1).of(Window(None, D("2020-03-31"))) is None


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("all through 2023", "2023-01-01", "2023-12-31"),
        ("by the middle of 2023", "2023-01-01", "2023-06-30"),
        ("by mid-2022", "2022-01-01", "2022-06-30"),
        ("by the middle of last year", "2023-01-01", "2023-06-30"),
        ("in 1H15", "2015-01-01", "2015-06-30"),
        ("by mid-year", "2023-01-01", "2023-06-30"),
        ("last year through the third quarter", "2023-01-01", "2023-09-30"),
        ("in the last election cycle, 2021 and 2022", "2021-01-01", "2022-12-31"),
    ],
)
def test_parts_of_years_and_cycles(words: str, start: str, end: str) -> None:
    found = times(f"Acme spent $5 million on lobbying {words}.", D("2024-05-15"))
    assert [(t.window.start, t.window.end) for t in found] == [(D(start), D(end))]


def test_that_time_is_nothing_where_no_time_is_in_mind() -> None:
    sentence = "Over that time Acme spent $5 million."
    assert times(sentence, D("2024-05-15")) == []
    (found,) = times(sentence, D("2024-05-15"), Window(D("1998-01-01"), D("2017-12-31")))
    assert found.window == Window(D("1998-01-01"), D("2017-12-31"))


def test_all_told_is_no_time_beside_another() -> None:
    mind = Window(D("2013-01-01"), D("2013-03-31"))
    (found,) = times("All told, $796 million went into lobbying in those three months.", D("2013-05-02"), mind)
    assert found.window == mind


def test_a_year_at_the_start_is_that_of_the_months_behind_it() -> None:
    found = times("In 2022 it was $2.45 million between January and September.", D("2024-11-20"))
    assert found[-1].window == Window(D("2022-01-01"), D("2022-09-30"))
