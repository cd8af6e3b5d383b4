from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lobbyx
from lobbyx.model import texts
from lobbyx.model.claim import Claim
from lobbyx.model.money import Interval
from lobbyx.model.period import Window
from lobbyx.model.total import METHODS, Count
from lobbyx.model.verdict import Verdict
from lobbyx.reading.source import Source
from lobbyx.verdicts.comparators import Figure, Range, holds
from lobbyx.verdicts.spending import reproduced_by

D = date.fromisoformat


def only(verdicts: list[Verdict]) -> Verdict:
    (verdict,) = verdicts
    return verdict


def test_the_claim_of_2025(coupang: lobbyx.Ledger) -> None:
    text = "Filings show that Coupang has spent at least $10 million on U.S. lobbying since August 2021."
    verdict = only(coupang.check(text, published="2025-12-25"))
    assert verdict.verdict == "depends_on_method"
    assert verdict.holds_under == ("gross", "all_filings")
    assert verdict.reproduced_by == ("gross", "all_filings")
    assert verdict.as_of == D("2025-12-25")
    for figure in ("$8,580,000", "$8,495,000 to $8,665,000", "$1,815,000", "$10,395,000", "$10,755,000", "17 in-house"):
        assert figure in verdict.explanation
    document = verdict.json()
    assert document["totals"]["lda"] == {
        "low": 8_495_000,
        "reported": 8_580_000,
        "high": 8_665_000,
        "reports": 17,
        "determined": True,
    }
    assert len(document["evidence"]) == len(set(document["evidence"])) == 48
    assert document["organization"]["id"] == 1
    assert document["today"]["as_of"] == "2026-07-20"
    assert json.loads(json.dumps(document)) == document


@pytest.mark.parametrize(
    ("text", "published", "outcome", "under", "by"),
    [
        # What papers printed of the same filings.
        ("Coupang spent $10,395,000 on lobbying from the third quarter of 2021 to the third quarter of 2025.", "2025-12-12", "depends_on_method", "gross", "gross"),
        ("Since August 2021, Coupang has spent $10.75 million on lobbying.", "2025-12-21", "depends_on_method", "all_filings", "all_filings"),
        ("Coupang spent $1.81 million on lobbying in 2022.", "2025-12-21", "depends_on_method", "all_filings", "all_filings"),
        ("Coupang spent $895,000 on lobbying in Q4 2025.", "2026-01-23", "depends_on_method", "gross", "gross"),
        ("Coupang spent $3.41 million on lobbying in 2025.", "2026-01-23", "depends_on_method", "gross", "gross"),
        ("Coupang spent $11.29 million on lobbying from 2021 to 2025.", "2026-01-23", "depends_on_method", "gross", "gross"),
        ("Coupang spent $3.31 million on lobbying in 2024.", "2026-01-23", "supported", "lda", "lda"),
        ("Coupang spent $580,000 on lobbying in Q4 2025.", "2026-01-23", "supported", "lda", "lda"),
        # Comparators.
        ("Coupang spent at least $3 million on lobbying in 2024.", "2025-12-25", "supported", "lda", None),
        ("Coupang spent at least $3.3 million on lobbying in 2024.", "2025-12-25", "within_rounding", "lda", "lda"),
        ("Coupang spent over $8.6 million on lobbying since August 2021.", "2025-12-25", "within_rounding", "gross", "lda"),
        ("Coupang spent nearly $3.4 million on lobbying in 2024.", "2025-12-25", "supported", "lda", None),
        ("Coupang spent about $3 million on lobbying in 2024.", "2025-12-25", "refuted", None, None),
        ("Coupang spent about $3.1 million on lobbying in 2024.", "2025-12-25", "supported", "lda", None),
        ("Coupang spent less than $3 million on lobbying in 2024.", "2025-12-25", "depends_on_method", "outside", None),
        ("Coupang spent more than $5 million on lobbying in 2024.", "2025-12-25", "refuted", None, None),
        ("Coupang spent $7.77 million on lobbying in 2024.", "2025-12-25", "refuted", None, None),
        ("Coupang spent up to $1 million on lobbying in 2022.", "2025-12-25", "depends_on_method", "outside", None),
        # One whole unit of one digit is no tolerance.
        ("Coupang spent nearly $1 million on lobbying in the third quarter of 2023.", "2025-12-25", "refuted", None, None),
        ("Coupang spent about $1 million on lobbying in the third quarter of 2023.", "2025-12-25", "refuted", None, None),
        ("Coupang spent almost $2 million on lobbying in 2023.", "2025-12-25", "refuted", None, None),
        ("Coupang spent nearly $4 million on lobbying in 2024.", "2025-12-25", "depends_on_method", "gross", "gross"),
        ("Coupang spent about $3 million on lobbying in 2025.", "2026-07-20", "refuted", None, None),
        ("Coupang spent $1 million on lobbying in 2023.", "2025-12-25", "within_rounding", None, None),
        ("Coupang spent $3 million on lobbying in 2024.", "2025-12-25", "within_rounding", None, None),
        ("Coupang spent $3 million on lobbying in 2015.", "2025-12-25", "refuted", None, None),
    ],
)  # fmt: skip
def test_outcomes(
    coupang: lobbyx.Ledger, text: str, published: str, outcome: str, under: str | None, by: str | None
) -> None:
    verdict = only(coupang.check(text, published=published))
    assert verdict.verdict == outcome, verdict.explanation
    assert (under in verdict.holds_under) if under else not verdict.holds_under
    assert (verdict.reproduced_by[:1] == (by,)) if by else not verdict.reproduced_by


@pytest.mark.parametrize(
    ("text", "published", "reason", "says"),
    [
        ("Coupang spent $3 million on lobbying.", "2025-12-25", "no_window", "does not say which period"),
        ("Coupang spent $3 million on lobbying last year.", None, "no_publication_date", "--published"),
        ("It spent $3 million on lobbying in 2024.", "2025-12-25", "no_organization", "whose spending"),
        ("Koupang spent $3 million on lobbying in 2024.", "2025-12-25", "unknown_organization", "“Coupang, Inc.”"),
        (
            "Coupang spent $3 million on lobbying in Q4 2025.",
            "2025-12-25",
            "period_not_over",
            "posted by 2025-12-25, is on file",
        ),
        (
            "Coupang spent $3 million on lobbying in 2025.",
            "2025-12-25",
            "period_not_over",
            "neither confirms nor refutes",
        ),
    ],
)
def test_what_stands_in_the_way(
    coupang: lobbyx.Ledger, text: str, published: str | None, reason: str, says: str
) -> None:
    verdict = only(coupang.check(text, published=published))
    assert (verdict.verdict, verdict.reason) == ("unverifiable", reason)
    assert says in verdict.explanation
    assert json.dumps(verdict.json())


def test_today_is_told_beside_the_day_of_the_claim(coupang: lobbyx.Ledger) -> None:
    verdict = only(coupang.check("Coupang spent $580,000 on lobbying in Q4 2025.", published="2025-12-25"))
    assert verdict.verdict == "unverifiable"
    assert verdict.today is not None
    assert (verdict.today.verdict, verdict.today.as_of) == ("supported", D("2026-07-20"))


def test_a_verdict_later_than_the_newest_filing_says_so(coupang: lobbyx.Ledger) -> None:
    verdict = only(coupang.check("Coupang spent $3.31 million on lobbying in 2024.", published="2026-11-01"))
    assert "The newest filing on file was posted on 2026-07-20." in verdict.explanation


def test_the_organization_can_be_named_by_hand(coupang: lobbyx.Ledger) -> None:
    text = "The online retailer spent $3.31 million on lobbying in 2024."
    assert only(coupang.check(text)).verdict == "unverifiable"
    assert only(coupang.check(text, org="Coupang")).verdict == "supported"
    with pytest.raises(lobbyx.LobbyxError, match="Nearest on file"):
        coupang.check(text, org="Cupang")


def test_a_figure_within_a_range_that_is_more_than_rounding_is_not_borne_out(coupang: lobbyx.Ledger) -> None:
    # The window cuts the second quarter: 390,000 + 440,000 may not all fall into it.
    verdict = only(coupang.check("Coupang spent $800,000 on lobbying from January 2022 to May 2022.", "2023-01-01"))
    assert verdict.verdict == "within_rounding"
    assert "only partly inside the window" in verdict.explanation


# The table of comparators ----------------------------------------------------------------------------------------


def claim(comparator: Any, value: int, unit: int) -> Claim:
    return Claim("x", 0, 1, "spend", "X", value, unit, comparator, Window(), None)


def counted(low: int, reported: int, high: int, **more: Any) -> Count:
    return Count(Interval(low * 100, reported * 100, high * 100), 1, **more)


@pytest.mark.parametrize(
    ("comparator", "value", "unit", "interval", "answer"),
    [
        # Rounded or truncated to the last digit printed.
        ("exact", 1_800_000, 100_000, (1_750_000, 1_755_000, 1_760_000), "yes"),
        ("exact", 1_800_000, 100_000, (1_890_000, 1_895_000, 1_900_000), "yes"),
        ("exact", 1_800_000, 100_000, (1_740_000, 1_745_000, 1_750_000), "no"),
        # It prints so, but is not within 10%.
        ("exact", 1_000_000, 1_000_000, (1_425_000, 1_430_000, 1_435_000), "partly"),
        ("exact", 3_000_000, 1_000_000, (3_295_000, 3_300_000, 3_305_000), "yes"),
        ("exact", 3_000_000, 1_000_000, (3_300_000, 3_300_001, 3_300_002), "partly"),
        ("exact", 1_800_000, 100_000, (1_900_000, 1_905_000, 1_910_000), "no"),
        ("about", 1_800_000, 100_000, (1_695_000, 1_700_000, 1_705_000), "yes"),
        ("about", 1_800_000, 100_000, (1_615_000, 1_620_000, 1_625_000), "yes"),
        ("about", 1_800_000, 100_000, (1_614_000, 1_619_000, 1_624_000), "no"),
        ("about", 1_800_000, 1, (1_975_000, 1_980_000, 1_985_000), "yes"),
        ("about", 1_800_000, 1, (1_980_000, 1_981_000, 1_985_000), "no"),
        ("nearly", 1_800_000, 1, (1_615_000, 1_620_000, 1_625_000), "yes"),
        ("nearly", 1_800_000, 1_000_000, (1_610_000, 1_619_000, 1_625_000), "no"),
        ("nearly", 1_800_000, 100_000, (1_790_000, 1_795_000, 1_800_000), "yes"),
        ("nearly", 1_800_000, 100_000, (1_805_000, 1_810_000, 1_815_000), "no"),
        ("at_least", 500_000, 1, (500_000, 505_000, 510_000), "yes"),
        ("more_than", 500_000, 1, (500_000, 505_000, 510_000), "partly"),
        ("at_least", 500_000, 1, (490_000, 495_000, 500_000), "partly"),
        ("more_than", 500_000, 1, (490_000, 495_000, 500_000), "no"),
        ("at_most", 500_000, 1, (490_000, 495_000, 500_000), "yes"),
        ("less_than", 500_000, 1, (490_000, 495_000, 500_000), "partly"),
        ("at_most", 500_000, 1, (505_000, 510_000, 515_000), "no"),
    ],
)
def test_when_a_claim_holds(
    comparator: str, value: int, unit: int, interval: tuple[int, int, int], answer: str
) -> None:
    assert holds(claim(comparator, value, unit), counted(*interval)) == answer


def test_a_match_holds_only_partly_where_more_than_rounding_is_open() -> None:
    assert holds(claim("exact", 500_000, 10_000), counted(100_000, 500_000, 500_000, rounding_only=False)) == "partly"


@given(
    st.integers(0, 10**7), st.integers(0, 10**5), st.integers(0, 10**5), st.integers(1, 10**7), st.integers(1, 10**6)
)
def test_at_least_and_less_than_are_opposites(low: int, up: int, more: int, value: int, unit: int) -> None:
    count = counted(low, low + up, low + up + more)
    opposite = {"yes": "no", "no": "yes", "partly": "partly"}
    for one, other in (("at_least", "less_than"), ("more_than", "at_most")):
        assert holds(claim(one, value, unit), count) == opposite[holds(claim(other, value, unit), count)]


@given(st.integers(1, 10**9), st.sampled_from([1, 1_000, 10_000, 100_000, 1_000_000]))
def test_a_printed_sum_reproduces_itself_rounded_and_truncated(reported: int, unit: int) -> None:
    for printed in (reported // unit * unit, (reported + unit // 2) // unit * unit):
        if printed:
            near = printed * 9 <= reported * 10 <= printed * 11
            answer = holds(claim("exact", printed, unit), counted(reported, reported, reported))
            assert answer == ("yes" if near else "partly")


@pytest.mark.parametrize(
    ("comparator", "value", "low", "answer"),
    [
        ("at_least", 500_000, 500_000, "yes"),
        ("at_least", 500_000, 499_000, "open"),
        ("more_than", 500_000, 500_000, "open"),
        ("less_than", 500_000, 500_000, "no"),
        ("less_than", 500_000, 0, "open"),
        ("at_most", 500_000, 500_000, "open"),
        ("at_most", 500_000, 501_000, "no"),
        ("exact", 500_000, 0, "open"),
        ("exact", 500_000, 500_000, "open"),
        ("about", 500_000, 900_000, "no"),
    ],
)
def test_an_open_interval_decides_by_its_closed_end(comparator: str, value: int, low: int, answer: str) -> None:
    assert holds(claim(comparator, value, 1), counted(low, low, low, determined=False)) == answer


@pytest.mark.parametrize(
    ("reported", "answer"), [(3_000_000, "yes"), (4_000_000, "yes"), (2_999_999, "no"), (4_000_001, "no")]
)
def test_between_holds_where_the_sum_lies_inside(reported: int, answer: str) -> None:
    said = replace(claim("between", 3_000_000, 1_000_000), high=4_000_000)
    assert holds(said, counted(reported - 1, reported, reported + 1)) == answer


@pytest.mark.parametrize(
    ("comparator", "value", "unit", "change", "answer"),
    [
        ("exact", 0.45, 0.01, 0.44, "yes"),
        ("exact", 0.45, 0.01, 0.461, "no"),
        ("exact", -0.45, 0.01, -0.46, "yes"),
        ("exact", -0.45, 0.01, -0.47, "no"),
        ("exact", -0.333333, 0.033333, -0.3, "yes"),
        ("about", 0.5, 0.01, 0.55, "yes"),
        ("about", 0.5, 0.01, 0.44, "no"),
        ("about", 0.02, 0.01, 0.03, "yes"),
        ("nearly", 0.5, 0.01, 0.45, "yes"),
        ("nearly", 0.5, 0.01, 0.51, "no"),
        ("nearly", -0.5, 0.01, -0.45, "yes"),
        ("nearly", -0.5, 0.01, -0.51, "no"),
        ("more_than", 0, 0.01, 0.001, "yes"),
    ],
)
def test_when_a_change_holds(comparator: Any, value: float, unit: float, change: float, answer: str) -> None:
    figure = Figure(round(value * 10**6), round(unit * 10**6), comparator, "change")
    one = round(change * 10**6)
    assert figure.holds(Range(one, one, one)) == answer


def test_reproductions_are_ranked_nearest_first(coupang: lobbyx.Ledger) -> None:
    total = coupang.total("Coupang", since="2021-08", until="2025-12-25", as_of="2025-12-25")
    eleven = claim("exact", 11_000_000, 1_000_000)
    assert reproduced_by(eleven, total) == ("all_filings",)
    assert reproduced_by(replace(eleven, value=10_000_000), total) == ("gross", "all_filings")
    assert set(reproduced_by(claim("exact", 9_000_000, 1_000_000), total)) == {"lda", "in_house"}
    assert set(total.methods) == set(METHODS)


# Records ---------------------------------------------------------------------------------------------------------


def test_claims_verdicts_and_evidence_are_stored_once(coupang: lobbyx.Ledger) -> None:
    source = Source("text", "Coupang has spent at least $10 million on lobbying since August 2021.", "2025-12-25")
    checked = coupang.check(source, published="2025-12-25")
    first = coupang.record(source, checked)
    assert coupang.record(source, checked) == first
    verdict = coupang.db.execute("SELECT * FROM verdicts").fetchall()
    assert len(verdict) == 1
    assert (verdict[0]["verdict"], verdict[0]["reported"]) == ("depends_on_method", 8_580_000)
    assert json.loads(verdict[0]["holds_under"]) == ["gross", "all_filings"]
    evidence = coupang.db.execute("SELECT status, count(*), sum(amount) FROM evidence GROUP BY 1").fetchall()
    assert [tuple(r) for r in evidence] == [("latest", 47, 10_395_000), ("superseded", 1, 360_000)]
    stored = coupang.db.execute("SELECT * FROM claims").fetchone()
    assert source.text[stored["start"] : stored["end"]] == stored["text"]
    # Another day's verdict on the same claim stands beside the first.
    later = coupang.check(source, published="2025-12-25", as_of="2026-07-20")
    assert coupang.record(source, later) != first
    assert coupang.db.execute("SELECT count(*) FROM claims").fetchone()[0] == 1


# Objects for people ----------------------------------------------------------------------------------------------


def test_totals_and_verdicts_show_themselves(coupang: lobbyx.Ledger) -> None:
    total = coupang.total("Coupang", since="2024", until=date(2024, 12, 31))
    assert list(total.frame.columns)[:2] == ["filing_uuid", "filing_year"]
    assert total.frame.query("status == 'latest' and role == 'in_house'").amount.sum() == 3_310_000
    assert "$3,310,000" in total._repr_html_()
    verdict = only(coupang.check("Coupang spent $3.31 million on lobbying in 2024."))
    assert len(verdict.frame) == 12
    hostile = replace(verdict, claim=replace(verdict.claim, text="<script>alert(1)</script>"))
    assert "<script>" not in hostile._repr_html_()
    assert "80 filings" in repr(coupang)


@pytest.mark.parametrize(
    "text",
    [
        "Coupang has spent at least $10 million on lobbying since August 2021.",
        "Coupang spent $2.515 million on lobbying in 2025.",
        "Coupang spent $7.77 million on lobbying in 2024.",
        "Coupang spent more than $800,000 on lobbying from January 2022 to May 2022.",
        "Coupang's lobbying spending rose 131% in 2024 from a year earlier.",
        "Coupang spent a record $3.31 million on lobbying in 2024.",
        "Coupang has hired five lobbying firms since 2021.",
        "쿠팡은 2022년 로비에 181만달러를 썼다.",
    ],
)
@pytest.mark.parametrize("published", [None, "2025-12-25", "2026-11-01"])
def test_every_amount_in_an_explanation_is_in_the_verdict(
    coupang: lobbyx.Ledger, text: str, published: str | None
) -> None:
    def numbers(document: Any) -> set[float]:
        if isinstance(document, dict):
            document = list(document.values())
        if isinstance(document, list):
            return set().union(*map(numbers, document)) if document else set()
        return {document} if isinstance(document, int | float) else set()

    for verdict in coupang.check(text, published=published):
        known = numbers(verdict.json())
        known |= {(r.amount or 0) / 100 for r, _ in (verdict.total.reports if verdict.total else ())}
        for explanation in (verdict.explanation, verdict.explanation_ko):
            said = {float(a.replace(",", "")) for a in re.findall(r"\$([0-9,]+)", explanation)}
            korean = re.findall(r"(?:([0-9,]+)억 ?)?(?:([0-9,]+)만 ?)?([0-9,]+)?달러", explanation)
            for parts in korean:
                many, some, ones = (int(part.replace(",", "") or 0) for part in parts)
                said.add(many * 10**8 + some * 10**4 + ones)
            assert said <= known, explanation
        assert 1 <= len(verdict.sentences) <= 6


def test_explanations_name_the_ways_of_counting_as_tables_do(coupang: lobbyx.Ledger) -> None:
    (verdict,) = coupang.check("Coupang spent $12 million on lobbying since August 2021.", published="2025-12-25")
    for language, said in (("en", verdict.explanation), ("ko", verdict.explanation_ko)):
        assert said.startswith(texts.text("method.lda", language))  # type: ignore[arg-type]
        label = texts.text("method_alone.all_filings", language)  # type: ignore[arg-type]
        assert label in said
    wording = (files("lobbyx") / "data/wording.toml").read_text(encoding="utf-8")
    for method in ("lda", "gross", "all_filings"):
        for language in texts.LANGUAGES:
            assert texts.text(f"method.{method}", language) not in wording
