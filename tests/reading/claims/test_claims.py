from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lobbyx
from lobbyx.model.period import Window
from lobbyx.reading.claims.english.figures import figures
from lobbyx.reading.claims.english.times import times
from lobbyx.reading.claims.sentences import sentences

D = date.fromisoformat
CLAIMS = Path(__file__).parent
SENTENCES = [
    json.loads(line)
    for language in ("english", "korean")
    for line in (CLAIMS / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
]
ARTICLE = """Widget wars reach the Capitol

By A. Reporter. The Widget Safety Act returned to the Senate floor on Tuesday, two months after a recall of 4.1 million
widgets that cost the maker, Globex Corp., an estimated $900 million.

Globex Corp. has been anything but passive. According to filings with the U.S. Senate, Globex Corp. has spent at least
$4.5 million on lobbying in Washington since March 2022. Its rivals were quieter, and its PAC gave $120,000 to candidates
of both parties last year.

"We comply with every rule," a spokeswoman said. A state court in Albany fined the company $2 million in May."""


@pytest.mark.parametrize("case", SENTENCES, ids=[s["text"][:60] for s in SENTENCES])
def test_sentences(case: dict[str, Any]) -> None:
    found = lobbyx.extract(case["text"], case["published"])
    read = [
        {"kind": c.kind, "org": c.org, "value": c.value, "comparator": c.comparator, **c.window.json()} for c in found
    ]
    expected = [c for c in case["claims"] if c.get("stance", "asserted") == "asserted"]
    asserted = [r for r, c in zip(read, found, strict=True) if c.stance == "asserted"]

    def order(claim: dict[str, Any]) -> tuple[str, float]:
        return claim["kind"], claim["value"] or 0

    assert sorted(asserted, key=order) == sorted(expected, key=order)
    assert all(case["text"][c.start : c.end] == c.text for c in found)


def test_an_article_gives_the_one_claim_it_makes() -> None:
    (claim,) = lobbyx.extract(ARTICLE, "2025-06-03")
    assert (claim.org, claim.value, claim.comparator) == ("Globex Corp.", 4_500_000, "at_least")
    assert claim.window == Window(D("2022-03-01"), D("2025-06-03"))
    assert claim.text == "at least\n$4.5 million on lobbying in Washington since March 2022"
    assert ARTICLE[claim.start : claim.end] == claim.text


def test_what_cannot_be_resolved_is_said() -> None:
    def missing(text: str, published: str | None) -> tuple[str, ...]:
        (claim,) = lobbyx.extract(text, published)
        return claim.missing

    assert missing("Acme spent $5 million on lobbying last year.", None) == ("published",)
    assert missing("Acme spent $5 million on lobbying.", "2024-01-01") == ("window",)
    assert missing("It spent $5 million on lobbying in 2023.", "2024-01-01") == ("org",)
    assert missing("Acme has spent $5 million on lobbying since 2021.", None) == ("published",)
    assert missing("Acme spent $5 million on lobbying in 2023.", None) == ()


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$10 million", 10_000_000, 1_000_000),
        ("$1.86 million", 1_860_000, 10_000),
        ("$10.75 million", 10_750_000, 10_000),
        ("US$ 3 mn", 3_000_000, 1_000_000),
        ("$1.2m", 1_200_000, 100_000),
        ("$470,000", 470_000, 10_000),
        ("$10,395,000", 10_395_000, 1_000),
        ("$2,000,000", 2_000_000, 10_000),
        ("$4,500", 4_500, 100),
        ("790K", 790_000, 1_000),
        ("half a million dollars", 500_000, 100_000),
        ("a million dollars", 1_000_000, 1_000_000),
        ("2.5 million U.S. dollars", 2_500_000, 100_000),
        ("$1.5 billion", 1_500_000_000, 100_000_000),
    ],
)
def test_amounts(text: str, value: int, unit: int) -> None:
    (found,) = figures(f"They paid {text} for it.")
    assert (found.value, found.precision) == (value * 100, unit * 100)
    assert f"They paid {text} for it."[found.start : found.end] == text


@pytest.mark.parametrize(
    "text",
    [
        "A$5 million",
        "€5 million",
        "5 million widgets",
        "NT$300",
        "£2m",
        "$0",
        "No. 5",
        "G20",
        "3M Company",
        "$999999999999 billion",
    ],
)
def test_what_is_no_amount_of_dollars(text: str) -> None:
    assert figures(f"They paid {text} for it.") == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("since August 2021", "2021-08-01", "2024-05-15"),
        ("since Aug. 26, 2021", "2021-08-26", "2024-05-15"),
        ("since it first reported in 2019", "2019-01-01", "2024-05-15"),
        ("since the third quarter of 2021", "2021-07-01", "2024-05-15"),
        ("To date, since 2020", "2020-01-01", "2024-05-15"),
        ("in 2023", "2023-01-01", "2023-12-31"),
        ("in Q2", "2023-04-01", "2023-06-30"),
        ("in Q1", "2024-01-01", "2024-03-31"),
        ("in Q3 2015", "2015-07-01", "2015-09-30"),
        ("in the third quarter", "2023-07-01", "2023-09-30"),
        ("in the third quarter of 2017", "2017-07-01", "2017-09-30"),
        ("during 2011's third quarter", "2011-07-01", "2011-09-30"),
        ("in the first half of 2023", "2023-01-01", "2023-06-30"),
        ("in the first six months of 2023", "2023-01-01", "2023-06-30"),
        ("in the first three quarters of last year", "2023-01-01", "2023-09-30"),
        ("between October 2022 and March 2023", "2022-10-01", "2023-03-31"),
        ("from 2020 through 2022", "2020-01-01", "2022-12-31"),
        ("from the first quarter to the third quarter of 2021", "2021-01-01", "2021-09-30"),
        ("last year", "2023-01-01", "2023-12-31"),
        ("this year", "2024-01-01", "2024-05-15"),
        ("so far this year", "2024-01-01", "2024-05-15"),
        ("last quarter", "2024-01-01", "2024-03-31"),
        ("last month", "2024-04-01", "2024-04-30"),
        ("over the past five years", "2019-05-15", "2024-05-15"),
        ("in August 2021", "2021-08-01", "2021-08-31"),
        ("in the final three months of 2020", "2020-10-01", "2020-12-31"),
        ("in the three months ended June 30, 2023", "2023-04-01", "2023-06-30"),
        ("over five years", "2019-05-15", "2024-05-15"),
    ],
)
def test_times(text: str, start: str, end: str) -> None:
    (found,) = times(f"It spent this {text}.", D("2024-05-15"))
    assert found.window == Window(D(start), D(end))


def test_times_relative_to_another() -> None:
    sentence = "up in the third quarter of 2017 from the same period in 2016, and from a year earlier, and the previous quarter"
    assert [t.window for t in times(sentence, D("2018-01-01"))] == [
        Window(D("2017-07-01"), D("2017-09-30")),
        Window(D("2016-07-01"), D("2016-09-30")),
        Window(D("2015-07-01"), D("2015-09-30")),
        Window(D("2015-04-01"), D("2015-06-30")),
    ]


def test_sentences_and_their_offsets() -> None:
    text = "Coupang Inc. spent it. It did!\n\nThe U.S. Senate said so (in Oct. 2021).  End"
    found = list(sentences(text))
    assert [s for _, s in found] == [
        "Coupang Inc. spent it.",
        "It did!",
        "The U.S. Senate said so (in Oct. 2021).",
        "End",
    ]
    assert all(text[at : at + len(s)] == s for at, s in found)


WORDS = st.sampled_from(
    [
        "Acme",
        "Coupang Inc.",
        "spent",
        "$5 million",
        "at least",
        "on lobbying",
        "lobbyists",
        "since",
        "2021",
        "Q3",
        "in the third quarter of 2020",
        "last year",
        "respectively",
        "and",
        ",",
        ".",
        "\n",
        "it",
        "$",
        "(",
        "’s",
        "May",
        "up to",
        "$1,2",
        "from",
        "to",
        "between",
        "the same period in 2016",
        "a year earlier",
        "쿠팡",
        "🚀",
        "\0",
        "of",
    ]
)


@given(
    st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=300),
    st.none() | st.dates(D("1999-01-01"), D("2030-12-31")),
)
def test_offsets_always_slice_to_the_claim(text: str, published: date | None) -> None:
    for claim in lobbyx.extract(text, published):
        assert text[claim.start : claim.end] == claim.text
        assert claim.value > 0
        assert claim.precision > 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "A" * 200_000,
        "lobbying $" * 50_000,
        "spent $5 million on lobbying in 2020 " * 5_000,
        "since " * 100_000,
    ],
    ids=["empty", "blank", "letters", "dollars", "claims", "since"],
)
def test_odd_texts_take_bounded_time(text: str) -> None:
    from time import perf_counter

    started = perf_counter()
    lobbyx.extract(text, "2024-01-01")
    assert perf_counter() - started < 30  # a hang, not a benchmark


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme has a large Washington operation. It spent $3 million on lobbying in 2024.", [("Acme", 3_000_000, 2024)]),
        ("Acme's lobbying costs have soared. In 2024 it spent $3 million, up from $2 million a year earlier.", [("Acme", 3_000_000, 2024), ("Acme", 2_000_000, 2023)]),
        ("Acme spent $3 million on lobbying in 2024. In 2023, the figure was $2 million. It also bought a factory for $50 million.", [("Acme", 3_000_000, 2024), ("Acme", 2_000_000, 2023)]),
        ("Acme spent $3 million on lobbying in 2024. Rival Globex spent $1 million in 2023.", [("Acme", 3_000_000, 2024), ("Globex", 1_000_000, 2023)]),
        ("Acme lobbied Congress hard. It spent $3 million on a new office in 2024.", []),
        ("Acme's lobbying spending grew in 2024. The company spent $40 million on advertising that year.", []),
        ("Acme spent $3 million on lobbying in 2024. Its revenue was $2 billion. Last year it earned $100 million.", [("Acme", 3_000_000, 2024)]),
        ("Acme spent $3 million on lobbying in 2024. It was founded in 2010 with $1 million.", [("Acme", 3_000_000, 2024)]),
        ("쿠팡이 미국 로비를 늘리고 있다. 지난해 331만달러를 지출했다. 2023년에는 143만달러였다. 매출은 300억 달러다.", [("쿠팡", 3_310_000, 2024), ("쿠팡", 1_430_000, 2023)]),
    ],
)  # fmt: skip
def test_what_stands_in_neighbouring_sentences(text: str, expected: list[tuple[str, int, int]]) -> None:
    found = [(c.org, c.value, c.window.start and c.window.start.year) for c in lobbyx.extract(text, "2025-12-25")]
    assert found == expected
