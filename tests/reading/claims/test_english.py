"""What people write about lobbying money in English, a case a kind, and how it is read."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import lobbyx
from lobbyx.reading.claims import MOST_CLAIMS, reader
from lobbyx.reading.claims.english import structure

D = date.fromisoformat


def read(text: str, published: str = "2026-08-01") -> list[lobbyx.Claim]:
    return lobbyx.extract(text, published)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("$5.58 million on lobbying in 2024 and 2025 (combined)", "2024-01-01", "2025-12-31"),
        ("$5.95 million on lobbying in 2022-24", "2022-01-01", "2024-12-31"),
        ("$5.95 million on lobbying over 2022–2024", "2022-01-01", "2024-12-31"),
        ("$6.89 million on lobbying through 2024", None, "2024-12-31"),
        ("$6.89 million on lobbying before 2025", None, "2024-12-31"),
        ("$1.69 million on lobbying through September 2025", "2025-01-01", "2025-09-30"),
        ("$1.17 million on lobbying in H2 2025", "2025-07-01", "2025-12-31"),
        ("$2 million on lobbying over four quarters through June 2026", "2025-07-01", "2026-06-30"),
    ],
)
def test_several_periods_are_one_window(text: str, start: str | None, end: str) -> None:
    (claim,) = read(f"Coupang spent {text}.")
    assert (claim.window.start, claim.window.end) == (start and D(start), D(end))


@pytest.mark.parametrize(
    ("text", "org"),
    [
        ("Seoul-based Coupang spent $3.31 million on lobbying in 2024.", "Coupang"),
        ("SoftBank-backed Coupang spent $3.31 million on lobbying in 2024.", "Coupang"),
        ("Coupang (NYSE: CPNG) spent $3.31 million on lobbying in 2024.", "Coupang"),
        ("Coupang's CEO Bom Kim said the company spent $3.31 million on lobbying in 2024.", "Coupang"),
        ("Coupang donated $1 million to Trump's inauguration after spending $3.31 million on lobbying in 2024.", "Coupang"),
        ("TikTok's parent company, ByteDance, spent $10 million on lobbying in 2024.", "ByteDance"),
        ("The Seattle-based company spent $3.31 million on lobbying in 2024.", None),
        ("eBay spent $1 million on lobbying in 2024.", "eBay"),
        ("3M spent $4 million on lobbying in 2024.", "3M"),
        ("coupang spent $3.31 million on lobbying in 2024.", "coupang"),
        ("COUPANG SPENT $3.31 MILLION ON LOBBYING IN 2024", "COUPANG"),
        ("Pharmaceutical Research and Manufacturers of America spent $5 million on lobbying in 2024.", "Pharmaceutical Research and Manufacturers of America"),
        ("WASHINGTON, Dec. 25, 2025 (Reuters) - Coupang spent $3.31 million on lobbying in 2024.", "Coupang"),
        ("The seven largest tech companies spent $61 million on lobbying in 2024.", "seven largest tech companies"),
        ("Total federal lobbying spending reached $4.4 billion in 2024.", "total"),
    ],
)  # fmt: skip
def test_who_spends(text: str, org: str | None) -> None:
    (claim,) = [c for c in read(text) if c.kind == "spend"]
    assert claim.org == org
    assert claim.window.start == D("2024-01-01")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ford ($6.1 million), GM ($9.9 million) and Toyota ($5.8 million) led carmakers in lobbying in 2024.", [("Ford", 6.1), ("GM", 9.9), ("Toyota", 5.8)]),
        ("Ford spent $6.1 million on lobbying in 2024, topping Toyota's $5.8 million.", [("Ford", 6.1), ("Toyota", 5.8)]),
        ("In 2024, Anthropic and OpenAI spent $3.1 million and $2.9 million, respectively, on lobbying.", [("Anthropic", 3.1), ("OpenAI", 2.9)]),
        ("Lobbying ran to $1.6 million for OpenAI and $2.9 million for Anthropic in 2024.", [("OpenAI", 1.6), ("Anthropic", 2.9)]),
        ("Comcast devoted $14.4 million to lobbying in 2024, and Lockheed Martin nearly $13 million.", [("Comcast", 14.4), ("Lockheed Martin", 13)]),
    ],
)  # fmt: skip
def test_lists(text: str, expected: list[tuple[str, float]]) -> None:
    found = [c for c in read(text) if c.kind == "spend"]
    assert [(c.org, c.value / 1e6) for c in found] == expected
    assert all(c.window.start == D("2024-01-01") for c in found)


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("It is false that Coupang spent $3 million on lobbying in 2024.", "denied"),
        ("Coupang was not among those who spent $5 million on lobbying in 2024.", "denied"),
        ("Coupang did not, after all, spend $5 million on lobbying in 2024.", "denied"),
        ("Coupang denied that it spent $5 million on lobbying in 2024.", "denied"),
        ("Reports that Coupang spent $5 million on lobbying in 2024 are untrue.", "denied"),
        ("Did Coupang spend $5 million on lobbying in 2024?", "questioned"),
        ("The company would not confirm that it spent $5 million on lobbying in 2024.", "questioned"),
        ("Coupang plans to spend $5 million on lobbying in 2027.", "planned"),
        ("Coupang would have to spend $5 million on lobbying in 2027.", "planned"),
        ("Coupang's lobbying is expected to cost $5 million in 2027.", "planned"),
        ("Coupang spent $5 million on lobbying in 2024.", "asserted"),
        ("Coupang spent no less than $5 million on lobbying in 2024.", "asserted"),
        ("Coupang spent $5 million on lobbying in 2024, made up of fees and expenses.", "asserted"),
        ("At this pace it will end its lobbying close to last year's nearly $5 million.", "asserted"),
        ("Coupang, which did not comment, spent $5 million on lobbying in 2024.", "asserted"),
        ("Coupang had not spent as much on lobbying as the $5 million it did in 2024.", "asserted"),
    ],
)
def test_stance(text: str, stance: str) -> None:
    (claim,) = read(text)
    assert claim.stance == stance


@pytest.mark.parametrize(
    ("text", "value", "detail"),
    [
        ("Coupang averaged $567,500 per quarter on lobbying in 2025.", 567_500, {"sum": "average", "per": "quarter"}),
        (
            "Coupang increased its lobbying spending by $1.88 million in 2024.",
            1_880_000,
            {"sum": "difference", "direction": "up", "baseline": {"start": "2023-01-01", "end": "2023-12-31"}},
        ),
        (
            "Coupang spent $2.27 million on lobbying in 2025, $1.04 million less than in 2024.",
            1_040_000,
            {"sum": "difference", "direction": "down", "baseline": {"start": "2024-01-01", "end": "2024-12-31"}},
        ),
        ("Coupang spent $560,000 on outside lobbying firms in 2024.", 560_000, {"sum": "outside"}),
        (
            "Coupang spent $8 million on lobbying in 2025, a quarter of it in the last three months.",
            2_000_000,
            {"sum": "share"},
        ),
    ],
)
def test_sums_that_are_no_totals(text: str, value: int, detail: dict[str, Any]) -> None:
    (claim,) = [c for c in read(text) if c.value == value]
    assert claim.kind == "spend"
    assert claim.detail == detail


@pytest.mark.parametrize(
    "text",
    [
        "Coupang lobbied on a bill worth $5 billion.",
        "Coupang's lobbying team secured $50 million.",
        "Coupang saved $3 million by cutting lobbying.",
        "Coupang's lobbyists spent $3.31 million on dinners.",
        "The firm received $3.31 million from lobbying.",
        "Coupang spent $3 million lobbying the Korean National Assembly.",
        "The museum's lobby was closed for a $15 million renovation.",
        "Apple paid $490 million to settle a lawsuit over its lobbying.",
    ],
)
def test_other_money_is_no_claim(text: str) -> None:
    assert read(text) == []


def test_an_ordinary_article() -> None:
    text = (
        "Coupang Inc. has more than doubled its lobbying in Washington. The company spent $580,000 in the fourth quarter "
        "of 2025, bringing its total for the year to $2.27 million, according to disclosures filed with the U.S. Senate. "
        "That is down 31% from the $3.31 million it spent in 2024."
    )
    found = [(c.kind, c.org, c.value, c.window.start) for c in read(text, "2026-02-01")]
    assert ("spend", "Coupang Inc.", 580_000, D("2025-10-01")) in found
    assert ("spend", "Coupang Inc.", 2_270_000, D("2025-01-01")) in found
    assert ("spend", "Coupang Inc.", 3_310_000, D("2024-01-01")) in found
    assert ("change", "Coupang Inc.", -0.31, D("2025-01-01")) in found


def test_a_comparison_without_a_figure() -> None:
    (claim,) = read("Coupang spent more on lobbying in 2024 than in 2023.")
    assert (claim.kind, claim.value, claim.comparator) == ("change", 0, "more_than")
    assert claim.detail["baseline"] == {"start": "2023-01-01", "end": "2023-12-31"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Coupang paid Miller Strategies $300,000 in the first quarter of 2026.", 300_000),
        ("Coupang hired Ballard Partners in January 2026.", None),
        ("Ballard Partners earned $250,000 from Coupang.", 250_000),
    ],
)
def test_hirings_need_not_say_lobbying(text: str, value: int | None) -> None:
    (claim,) = read(text)
    assert (claim.kind, claim.org, claim.value) == ("hired", "Coupang", value)
    assert "lobbying" in claim.missing


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Coupang lobbied on the U.S.-Korea trade deal in 2025.", ["U.S.-Korea trade deal"]),
        ("Coupang lobbied on A.I. policy in 2025.", ["A.I. policy"]),
        (
            "Coupang lobbied on antitrust, cybersecurity and immigration in 2025.",
            ["antitrust", "cybersecurity", "immigration"],
        ),
    ],
)
def test_topics(text: str, topics: list[str]) -> None:
    assert [c.detail["topic"] for c in read(text)] == topics


def test_a_period_is_no_group_of_a_rank() -> None:
    (claim,) = read("Amazon was the biggest lobbying spender in the second quarter of 2023.")
    assert "group" not in claim.detail
    assert claim.window.start == D("2023-04-01")


def test_an_unsure_claim_says_of_what_and_what_else_it_may_mean() -> None:
    text = (
        "TikTok and the maker of its app, ByteDance, and Oracle spent $2 million on lobbying in the quarter and year."
    )
    for claim in read(text):
        assert claim.sure == (not claim.unsure_of)
        assert set(claim.otherwise) <= set(claim.unsure_of)


def test_claims_of_a_text_are_bounded() -> None:
    assert len(read("Acme spent $5 million on lobbying in 2020. " * 2_000)) == MOST_CLAIMS


def test_the_same_text_is_read_the_same_way_again() -> None:
    texts = [
        "ACME SPENT $3 MILLION ON LOBBYING IN 2024",
        "Acme spent $3 million on lobbying in 2024, up from $2 million.",
    ]
    assert [read(t) for t in texts] == [read(t) for t in texts]


def test_the_parser_is_loaded_only_when_a_text_needs_it() -> None:
    code = (
        "import sys, lobbyx; lobbyx.extract('Nothing of that kind. ' * 99); assert 'spacy' not in sys.modules; "
        "lobbyx.extract('Acme spent $3 million on lobbying in 2024.'); assert 'spacy' in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=120)


def test_another_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {**structure.model(), "sha256": "0" * 64}
    monkeypatch.setattr(structure, "model", lambda: known)
    structure._parser.cache_clear()
    with pytest.raises(structure.UnusableModel, match="is not the one lobbyx was built with"):
        structure.parse("Acme spent $3 million.")
    monkeypatch.setattr(structure, "model", lambda: {**known, "package": "no_such_model"})
    with pytest.raises(structure.UnusableModel, match="is not installed"):
        structure.parse("Acme spent $3 million.")
    monkeypatch.undo()
    structure._parser.cache_clear()
    assert "en_core_web_sm 3.8.0" in reader()
    assert Path(structure.__file__).exists()


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        (
            "Acme spent $1 million and $2 million on lobbying in 2021 and 2022, respectively.",
            "2024-03-01",
            ["2021-01-01", "2022-01-01"],
        ),
        (
            "Acme spent $1 million and $2 million on lobbying in the first and second quarters of 2023, respectively.",
            "2024-03-01",
            ["2023-01-01", "2023-04-01"],
        ),
        (
            "Acme spent $14.3 million on lobbying in 2013, up from $3.4 million in 2012. "
            "Apex's fell to $4.9 million from $10.2 million.",
            "2014-02-04",
            ["2013-01-01", "2012-01-01", "2013-01-01", "2012-01-01"],
        ),
        (
            "Acme spent $5.8 million on lobbying last year. That was less than its average of $7 million over the past "
            "six years. Apex was second, at $5.6 million.",
            "2021-06-15",
            ["2020-01-01", "2015-06-15", "2020-01-01"],
        ),
    ],
)
def test_periods_in_order_and_from_the_sentence_before(text: str, published: str, expected: list[str]) -> None:
    assert [c.window.start for c in read(text, published) if c.kind == "spend"] == [D(day) for day in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Acme and Apex spent $3 million and $5 million, respectively, on lobbying in 2024, against $2 million and "
            "$4 million in 2023.",
            [("Acme", 3_000_000), ("Apex", 5_000_000), ("Acme", 2_000_000), ("Apex", 4_000_000)],
        ),
        (
            "In 2024 the carriers Acme and Apex spent $3 million and $5 million on lobbying, and the unions Borealis and "
            "Cetus $2 million and $1 million.",
            [("Acme", 3_000_000), ("Apex", 5_000_000), ("Borealis", 2_000_000), ("Cetus", 1_000_000)],
        ),
        (
            "Acme and Apex fought each other in Congress. Lobbying cost the former $3 million in 2024 and the latter "
            "$5 million.",
            [("Acme", 3_000_000), ("Apex", 5_000_000)],
        ),
        ("Best Buy spent $3 million on lobbying in 2024.", [("Best Buy", 3_000_000)]),
        ("Acme's PAC and campaign money and lobbying together came to $9 million in 2024.", []),
    ],
)
def test_who_spent_what_in_lists(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(c.org, c.value) for c in read(text, "2025-03-01") if c.kind == "spend"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme spent $3 million on lobbying in the third quarter, and $2 million in the second.", "2024-04-01"),
        ("Acme's third-quarter lobbying came to $3 million, above its first ($2 million).", "2024-01-01"),
        (
            "Acme spent $3 million on lobbying in the third quarter, against $2 million in the preceding one.",
            "2024-04-01",
        ),
        ("Acme spent $3 million on lobbying in 2022 and $2 million over the 2024 election cycle.", "2023-01-01"),
        (
            "Acme spent $3 million on lobbying by 30 June and $2 million in the first three months of 2024.",
            "2024-01-01",
        ),
    ],
)
def test_the_period_of_the_second_sum(text: str, expected: str) -> None:
    assert read(text, "2024-11-01")[-1].window.start == D(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # what a quarter is compared with does not stay in mind
            "CTIA spent $2.84 million on lobbying in the first quarter of 2011. That beats the $2.18 million of the first "
            "quarter of 2010. Verizon spent $4.68 million in the same three months.",
            [(2_840_000, "2011-01-01"), (2_180_000, "2010-01-01"), (4_680_000, "2011-01-01")],
        ),
        (
            "Acme spent $3.8 million on lobbying in the third quarter of 2010. A year ago it was $2.9 million. Widget Corp. "
            "spent $3.4 million.",
            [(3_800_000, "2010-07-01"), (2_900_000, "2009-07-01"), (3_400_000, "2010-07-01")],
        ),
        (
            "Coupang cut its lobbying to $2.27 million last year. Of this, $1.1 million fell in the first two quarters, "
            "$590,000 in the third and $580,000 in the fourth.",
            [(2_270_000, "2010-01-01"), (1_100_000, "2010-01-01"), (590_000, "2010-07-01"), (580_000, "2010-10-01")],
        ),
    ],
)
def test_the_period_that_stays_in_mind(text: str, expected: list[tuple[int, str]]) -> None:
    claims = read(text, "2011-10-28")
    assert [(c.value, str(c.window.start)) for c in claims if c.kind == "spend"] == expected


@pytest.mark.parametrize(
    ("text", "org"),
    [
        ("In Trump's first year the Open Society Policy Center spent $16.2 million on lobbying.", "Open Society Policy Center"),
        ("During the Obama years Samsung spent $7.64 million on lobbying.", "Samsung"),
        ("As AT&T tries to get its purchase of T-Mobile USA approved, its lobbying came to $6.84 million.", "AT&T"),
        ("Airlines spent $17.4 million on lobbying in the first half of 2023, Open Secrets notes.", "Airlines"),
        ("PhRMA, whose members include Pfizer and Eli Lilly & Co., spent $5 million on lobbying.", "PhRMA"),
        ("The Nuclear Energy Institute, to which Exelon Corp. and PPL Corp. belong, spent $620,000 on lobbying.", "Nuclear Energy Institute"),
        ("The Pharmaceutical Research and Manufacturers of America (PhRMA) spent $6 million on lobbying.", "Pharmaceutical Research and Manufacturers of America"),
        ("The drug industry lobbied hard. PhRMA alone, the country's largest trade association, spent $8 million on lobbying.", "PhRMA"),
        ("Capital One spent $2 million on lobbying in 2023.", "Capital One"),
        ("Shein paid the firms Hobart Hallaway and Akin Gump $230,000 for lobbying.", "Shein"),
    ],
)  # fmt: skip
def test_who_spends_beside_others(text: str, org: str) -> None:
    assert {c.org for c in read(text) if c.kind in ("spend", "hired")} == {org}


def test_the_country_whose_government_is_lobbied_spends_nothing() -> None:
    (claim,) = read("Coupang has spent at least $10 million on lobbying in the United States since August 2021.")
    assert (claim.org, claim.sure) == ("Coupang", True)


def test_digits_in_groups_of_two() -> None:
    (claim,) = read("Infosys spent $2,50,000 on lobbying Congress in 2017.")
    assert claim.value == 250_000


def test_what_lobbying_was_about_is_no_other_money() -> None:
    claims = read(
        "The lobbying reports for 2023 are out. Verizon spent $3.83 million on taxes, texting and other issues. "
        "It spent $2 million on taxes."
    )
    assert [c.value for c in claims] == [3_830_000]


def test_a_change_of_income_is_none_of_spending() -> None:
    read_ = read(
        "Ballard Partners took in $20.6 million from federal lobbying in the second quarter of 2025, 47% more."
    )
    assert not [c for c in read_ if c.kind == "change"]


def test_each_of_several_comes_in_the_order_of_the_text() -> None:
    claims = read(
        "Chainalysis, the Celo Foundation and Dapper Labs each reported more than $100,000 of lobbying in 2022."
    )
    assert [c.org for c in claims] == ["Chainalysis", "Celo Foundation", "Dapper Labs"]


@pytest.mark.parametrize(
    "text",
    [
        "Acme lobbied Congress, which is to cut $1 trillion over ten years.",
        "Acme lobbied Congress in 2022. Its founder put almost $40 million into political committees and campaigns.",
        "Acme spent more on lobbying in 2022, and $200,000 went to congressional campaigns.",
    ],
)
def test_money_for_politics_and_trillions_are_no_lobbying(text: str) -> None:
    assert not [c for c in read(text) if c.kind == "spend"]


@pytest.mark.parametrize(
    "text",
    [
        "The hotel chain spent $3 million renovating its lobbies in 2023.",
        "Bank lobbies will stay closed; JPMorgan spent $5 million on cleaning in 2020.",
        "The developer put $12 million into elevators and lobbies.",
    ],
)
def test_lobbies_may_be_rooms(text: str) -> None:
    assert read(text) == []


def test_lobbies_may_be_a_verb_or_those_who_lobby() -> None:
    assert {c.org for c in read("Acme lobbies Congress hard: it spent $3 million in 2023.")} == {"Acme"}
    assert [c.value for c in read("The gun lobbies spent $15 million in 2023.")] == [15_000_000]


def test_what_people_are_paid_is_no_lobbying() -> None:
    claims = read(
        "Acme spent $3 million on lobbying in 2023. It paid its chief $9 million. It was $2 million over budget."
    )
    assert [c.value for c in claims] == [3_000_000]
