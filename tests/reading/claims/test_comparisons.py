"""Sums that are compared with each other, lists of such pairs, and sums that add up."""

from __future__ import annotations

from datetime import date

import pytest

import lobbyx

Q1, Q2, Q3 = ("2011-01-01", "2011-03-31"), ("2011-04-01", "2011-06-30"), ("2011-07-01", "2011-09-30")
H1, YEAR, LAST_Q3 = ("2011-01-01", "2011-06-30"), ("2010-01-01", "2010-12-31"), ("2010-07-01", "2010-09-30")


def spent(text: str, published: str = "2011-10-25") -> list[tuple[str | None, int, tuple[str, str]]]:
    """(organization, thousands of dollars, period) of each sum, in reading order."""
    return [
        (c.org, round(float(c.value or 0) / 1000), (str(c.window.start), str(c.window.end)))
        for c in lobbyx.extract(text, published)
        if c.kind == "spend" and not c.detail.get("sum")
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            "Among those that lobbied more in the third quarter than a year before were Acme Motors ($1.2 million to $1.9"
            " million), Boreal Mills ($2 million to $2.6 million) and the Cinder Council ($700,000 to nearly $1 million).",
            [
                ("Acme Motors", 1200, LAST_Q3),
                ("Acme Motors", 1900, Q3),
                ("Boreal Mills", 2000, LAST_Q3),
                ("Boreal Mills", 2600, Q3),
                ("Cinder Council", 700, LAST_Q3),
                ("Cinder Council", 1000, Q3),
            ],
            id="pairs in brackets share their periods, role by role",
        ),
        pytest.param(
            "Lobbying fell at Acme Motors ($3.9 million, down from $4.3 million in the third quarter of 2010) and Boreal"
            " Mills ($2.4 million, down from $3 million).",
            [
                ("Acme Motors", 3900, Q3),
                ("Acme Motors", 4300, LAST_Q3),
                ("Boreal Mills", 2400, Q3),
                ("Boreal Mills", 3000, LAST_Q3),
            ],
            id="a baseline that is said once",
        ),
        pytest.param(
            "Acme Motors spent $7.1 million on lobbying in the first quarter and $3.5 million in the second, while Boreal"
            " Mills went from $4.2 million to $2.8 million.",
            [("Acme Motors", 7100, Q1), ("Acme Motors", 3500, Q2), ("Boreal Mills", 4200, Q1), ("Boreal Mills", 2800, Q2)],
            id="from and to as in the clause before",
        ),
        pytest.param(
            "Acme Motors spent $3.6 million on lobbying in the first quarter and $3.5 million in the second, a total of"
            " $7.1 million.",
            [("Acme Motors", 3600, Q1), ("Acme Motors", 3500, Q2), ("Acme Motors", 7100, H1)],
            id="a total is of all the periods added",
        ),
        pytest.param(
            "Acme Motors reported spending $3.2 million on lobbying in the third quarter. This is up from the $2.9 million"
            " reported for the second quarter. Boreal Mills reported spending $1.8 million on lobbying, down from $2.1"
            " million in the second quarter.",
            [("Acme Motors", 3200, Q3), ("Acme Motors", 2900, Q2), ("Boreal Mills", 1800, Q3), ("Boreal Mills", 2100, Q2)],
            id="a baseline alone leaves the period in mind as it was",
        ),
    ],
)  # fmt: skip
def test_compared_sums(text: str, wanted: list[tuple[str, int, tuple[str, str]]]) -> None:
    assert spent(text) == wanted


@pytest.mark.parametrize(
    ("text", "window", "baseline"),
    [
        (
            "Since January Acme Motors has spent $17.6 million on lobbying, an increase of 50 percent over what it spent"
            " during the first nine months of 2010.",
            ("2011-01-01", "2011-10-25"),
            ("2010-01-01", "2010-09-30"),
        ),
        (
            "In the third quarter Acme Motors spent $9 million on lobbying. That was 60 percent above its lobbying expenses"
            " in the second quarter.",
            Q3,
            Q2,
        ),
        (
            "From 2009 to 2010, Acme Motors increased its lobbying spending by 30 percent.",
            YEAR,
            ("2009-01-01", "2009-12-31"),
        ),
    ],
)
def test_a_change_is_of_the_later_period(text: str, window: tuple[str, str], baseline: tuple[str, str]) -> None:
    (change,) = (c for c in lobbyx.extract(text, "2011-10-25") if c.kind == "change")
    assert (str(change.window.start), str(change.window.end)) == window
    assert (change.detail["baseline"]["start"], change.detail["baseline"]["end"]) == baseline


def test_this_quarter_and_the_last() -> None:
    text = "The Chamber spent only $9.5 million on lobbying this quarter, as opposed to last quarter's $25.1 million."
    assert [when for _, _, when in spent(text, "2011-07-22")] == [Q2, Q1]


def test_examples_of_a_group_did_not_spend_its_sum() -> None:
    text = (
        "The 50 largest lobbying spenders, including companies like Acme Motors and trade groups like the Cinder Council,"
        " together spent $168 million on lobbying in 2010."
    )
    assert spent(text) == [("50 largest lobbying spenders", 168_000, YEAR)]


def test_a_list_by_lines_is_read_line_by_line() -> None:
    text = (
        "Who spent more on lobbying in the third quarter of 2011:\n"
        "The American Association of Widget Makers $4,910,000 — up from $3,400,000\n"
        "Boreal Mills $630,000 — up from $389,000\n"
        "Cinder Council of Greater America $710,000 — up from $600,000\n"
    )
    assert [org for org, _, _ in spent(text)][1::2] == [
        "American Association of Widget Makers",
        "Boreal Mills",
        "Cinder Council of Greater America",
    ]
    wrapped = (
        "Last year, as its executives were called to one hearing after another, Acme\n"
        "Motors spent $3 million on lobbying, records filed with the Senate show, and\n"
        "Boreal Mills, which had no hearing to fear, spent a little less, or $2 million.\n"
    )
    assert [(org, k) for org, k, _ in spent(wrapped)] == [("Acme Motors", 3000), ("Boreal Mills", 2000)]


def test_two_states_and_a_headline() -> None:
    text = (
        "States that spent the most on federal lobbying in 2010: New Jersey ($1.6 million) and Illinois ($4 million)."
    )
    assert [(org, k) for org, k, _ in spent(text)] == [("New Jersey", 1600), ("Illinois", 4000)]
    headline = "Acme Spent $5.4 Million On Lobbyists, While Boreal Spent $3.9 Million In Q1 2011"
    assert spent(headline) == [("Acme", 5400, Q1), ("Boreal", 3900, Q1)]
    assert lobbyx.extract(headline, date(2011, 5, 1))[0].text in headline
