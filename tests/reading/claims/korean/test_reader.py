"""Korean sentences and short texts -> claims."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lobbyx
from lobbyx.model.claim import Claim

D = date.fromisoformat
SENTENCES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "korean.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", SENTENCES, ids=[s["text"][:40] for s in SENTENCES])
def test_sentences(case: dict[str, Any]) -> None:
    found = lobbyx.extract(case["text"], case["published"])
    read = [
        {"kind": c.kind, "org": c.org, "value": c.value, "comparator": c.comparator, **c.window.json()}
        | ({} if c.stance == "asserted" else {"stance": c.stance})
        for c in found
    ]
    assert read == case["claims"]
    assert all(case["text"][c.start : c.end] == c.text for c in found)


def read(text: str, published: str = "2025-12-25") -> list[Claim]:
    return lobbyx.extract(text, published)


def sums(text: str, published: str = "2025-12-25") -> list[tuple[str | None, Any, str | None]]:
    """(organization, dollars, first day) of each sum that is asserted."""
    return [
        (c.org, c.value, str(c.window.start)[:7])
        for c in read(text, published)
        if c.kind == "spend" and c.stance == "asserted"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("로비에 698만 달러를 쓴 삼성이 지난해 가장 많았다.", [("삼성", 6_980_000, "2024-01")]),
        ("지난해 로비 비용을 가장 많이 쓴 곳은 698만 달러를 쓴 삼성이었다.", [("삼성", 6_980_000, "2024-01")]),
        ("지난해 로비에 돈을 가장 많이 쓴 기업은 삼성으로, 698만 달러를 지출했다.", [("삼성", 6_980_000, "2024-01")]),
        ("지난해 로비 비용은 삼성(698만 달러), 한화(391만 달러), 현대차(328만 달러) 순이었다.",
         [("삼성", 6_980_000, "2024-01"), ("한화", 3_910_000, "2024-01"), ("현대차", 3_280_000, "2024-01")]),
        ("지난해 로비에 삼성은 698만 달러를, 이어 한화가 391만 달러를 썼다.", [("삼성", 6_980_000, "2024-01"), ("한화", 3_910_000, "2024-01")]),
        ("삼성과 한화는 지난해 로비에 각각 698만 달러, 391만 달러를 썼다.", [("삼성", 6_980_000, "2024-01"), ("한화", 3_910_000, "2024-01")]),
        ("삼성은 2023년과 2024년 로비에 각각 630만 달러와 698만 달러를 썼다.", [("삼성", 6_300_000, "2023-01"), ("삼성", 6_980_000, "2024-01")]),
        ("한화는 1분기와 2분기에 각각 90만 달러를 로비에 썼다.", [("한화", 900_000, "2025-01"), ("한화", 900_000, "2025-04")]),
        ("삼성은 2024년과 2025년 로비에 모두 1300만 달러를 썼다.", [("삼성", 13_000_000, "2024-01")]),
        ("한화의 지난해 로비 비용은 391만 달러로, 158만 달러를 쓴 2023년보다 크게 늘었다.", [("한화", 3_910_000, "2024-01"), ("한화", 1_580_000, "2023-01")]),
        ("한화는 지난해 전년(158만 달러)보다 많은 391만 달러를 로비에 썼다.", [("한화", 3_910_000, "2024-01"), ("한화", 1_580_000, "2023-01")]),
        ("올해 1분기 한화의 로비 비용은 90만 달러로, 같은 분기 최고였던 지난해의 80만 달러를 넘었다.", [("한화", 900_000, "2025-01"), ("한화", 800_000, "2024-01")]),
        ("국내 4대 그룹의 지난해 대미 로비 금액은 2000만 달러였다.", [("국내 4대 그룹", 20_000_000, "2024-01")]),
        ("지난해 미국의 로비 비용 총액은 44억 달러였다.", [("total", 4_400_000_000, "2024-01")]),
        ("쿠팡, 작년 美 로비에 331만 달러 지출", [("쿠팡", 3_310_000, "2024-01")]),
    ],
)  # fmt: skip
def test_what_goes_with_a_sum(text: str, expected: list[tuple[str | None, int, str]]) -> None:
    assert sums(text) == expected


def test_a_range_and_three_who_share_it() -> None:
    found = read("애플과 구글, 메타는 지난해 로비에 각각 200만~300만 달러를 썼다.")
    assert [(c.org, c.value, c.high, c.comparator) for c in found] == [
        (org, 2_000_000, 3_000_000, "between") for org in ("구글", "메타", "애플")
    ]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("쿠팡은 지난해 로비에 331만 달러를 썼다.", "asserted"),
        ("쿠팡은 지난해 로비에 331만 달러를 쓴 것으로 나타났다.", "asserted"),
        ("쿠팡은 지난해 로비에 331만 달러를 썼다고 밝혔다.", "asserted"),
        ("쿠팡이 지난해 로비에 쓴 돈은 331만 달러를 넘지 않았다.", "asserted"),
        ("쿠팡이 지난해 로비에 331만 달러를 썼다는 보도는 사실과 다르다.", "denied"),
        ("쿠팡이 지난해 로비에 331만 달러를 썼다는 주장은 사실이 아니다.", "denied"),
        ("쿠팡은 지난해 로비에 331만 달러를 쓰지 않았다.", "denied"),
        ("쿠팡의 지난해 로비 비용은 331만 달러가 아니다.", "denied"),
        ("쿠팡은 지난해 로비에 331만 달러를 썼다는 의혹을 부인했다.", "denied"),
        ("쿠팡이 지난해 로비에 331만 달러를 썼다는 의혹이 제기됐다.", "questioned"),
        ("쿠팡이 지난해 로비에 331만 달러를 썼는지는 확인되지 않았다.", "questioned"),
        ("쿠팡은 지난해 로비에 331만 달러를 썼을까?", "questioned"),
        ("쿠팡은 올해 로비에 331만 달러를 쓸 예정이다.", "planned"),
        ("쿠팡은 올해 로비에 331만 달러를 쓸 계획이다.", "planned"),
        ("쿠팡의 올해 로비 비용은 331만 달러를 넘을 것으로 예상된다.", "planned"),
        ("쿠팡은 내년 로비 예산으로 331만 달러를 책정했다.", "planned"),
        ("쿠팡이 로비에 331만 달러를 썼더라면 결과가 달랐을 것이다.", "planned"),
    ],
)
def test_stance(text: str, stance: str) -> None:
    (claim,) = read(text)
    assert (claim.value, claim.stance) == (3_310_000, stance)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("쿠팡은 지난해 로비에 분기당 평균 83만 달러를 썼다.", {"sum": "average", "per": "quarter"}),
        ("쿠팡은 매달 로비업체에 2만 달러를 지급했다.", {"sum": "average", "per": "month"}),
        ("쿠팡은 지난해 외부 로비업체에 56만 달러를 지급했다.", {"sum": "outside"}),
        (
            "쿠팡의 2024년 로비 지출은 전년보다 188만 달러 늘었다.",
            {"sum": "difference", "direction": "up", "baseline": {"start": "2023-01-01", "end": "2023-12-31"}},
        ),
    ],
)
def test_sums_that_are_no_totals(text: str, detail: dict[str, Any]) -> None:
    (claim,) = read(text)
    assert claim.detail == detail


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("로비 지출 규모 2위는 한화였다.", ("rank", "한화", 2, {})),
        ("메타는 지난해 로비 지출 상위 10위권에 들었다.", ("rank", "메타", 10, {})),
        ("국내 기업 가운데 삼성의 로비 지출이 가장 컸다.", ("rank", "삼성", 1, {"group": "국내 기업"})),
        ("한화는 지난해 로비스트 32명을 고용했다.", ("count", "한화", 32, {"counted": "lobbyists"})),
        ("화웨이는 로비업체 9곳을 고용했다.", ("count", "화웨이", 9, {"counted": "firms"})),
        ("한화는 올해 로비 보고서 16건을 제출했다.", ("count", "한화", 16, {"counted": "filings"})),
        ("지난해 등록 로비스트는 1만2천592명에 그쳤다.", ("count", "total", 12_592, {"counted": "lobbyists"})),
        ("한화는 지난해 발라드 파트너스와 로비 계약을 맺었다.", ("hired", "한화", None, {"firm": "Ballard Partners"})),
        (
            "한화는 로비업체 새벽 스트래티지스(Dawn Strategies)를 고용했다.",
            ("hired", "한화", None, {"firm": "Dawn Strategies"}),
        ),
        ("한화는 반도체법과 관련해 로비를 벌였다.", ("issue", "한화", None, {"topic": "CHIPS"})),
        ("한화는 무역대표부를 상대로 로비했다.", ("issue", "한화", None, {"agency": "USTR"})),
        ("틱톡은 H.R. 7521에 반대해 로비했다.", ("issue", "틱톡", None, {"bill": "H.R. 7521"})),
        ("쿠팡의 지난해 로비 지출은 역대 최대를 기록했다.", ("change", "쿠팡", None, {"record": True})),
    ],
)
def test_claims_that_are_no_sums(text: str, expected: tuple[str, str, Any, dict[str, Any]]) -> None:
    assert [(c.kind, c.org, c.value, c.detail) for c in read(text)] == [expected]


def test_a_firm_that_filings_cannot_know_is_not_read() -> None:
    assert read("한화는 지난해 로비업체 새벽나라와 계약했다.") == []


@pytest.mark.parametrize(
    "text",
    [
        "쿠팡은 지난해 로비 대신 광고에 331만 달러를 썼다.",
        "로비 업체 새벽은 지난해 1800만 달러의 매출을 올렸다.",
        "쿠팡은 유럽연합(EU)에서 로비에 331만 달러를 썼다.",
        "쿠팡은 주의회 로비에 331만 달러를 썼다.",
        "쿠팡의 정치활동위원회는 로비와 별도로 5만 달러를 기부했다.",
        "호텔은 로비 공사에 100만 달러를 들였다.",
        "로비스트는 분기에 1만3000달러 이상을 지출하면 등록해야 한다.",
    ],
)
def test_what_is_no_money_spent_on_lobbying(text: str) -> None:
    assert [c for c in read(text) if c.kind in ("spend", "change")] == []


def test_an_article() -> None:
    text = (
        "한화, 대미 로비 강화\n\n한화그룹이 지난해 미국 로비에 391만 달러(약 56억원)를 쓴 것으로 나타났다. 이는 전년(158만 달러)보다 147% 늘어난 것이다. "
        "상원에 낸 보고서를 보면 현대차는 328만 달러를 지출했다. 이 회사는 2023년에는 323만 달러를 썼다. 한화의 지난해 매출은 400억 달러였다."
    )
    assert sums(text) == [
        ("한화그룹", 3_910_000, "2024-01"),
        ("한화그룹", 1_580_000, "2023-01"),
        ("현대차", 3_280_000, "2024-01"),
        ("현대차", 3_230_000, "2023-01"),
    ]
    (change,) = (c for c in read(text) if c.kind == "change")
    assert (change.org, change.value, change.window.start, change.detail["baseline"]["start"]) == (
        "한화그룹", 1.47, D("2024-01-01"), "2023-01-01",
    )  # fmt: skip


def test_a_sentence_alone_need_not_speak_of_lobbying() -> None:
    (claim,) = read("삼성은 지난해에만 862만달러(약 121억원)를 투입했다.", "2025-10-02")
    assert (claim.org, claim.value, claim.missing) == ("삼성", 8_620_000, ("lobbying",))


def test_doubt_is_told() -> None:
    (claim,) = read("트럼프 취임 이후 331만 달러를 로비에 썼다.")
    assert not claim.sure
    assert "org" in claim.unsure_of
    (claim,) = read("쿠팡은 2024년 로비에 331만 달러를 썼다.")
    assert (claim.sure, claim.unsure_of, claim.otherwise) == (True, (), {})


PIECES = (
    "쿠팡은 삼성전자와 SK하이닉스는 한화(391만 달러), 의 로비에 로비 비용은 331만 달러를 썼다. 지출했다. 300만~400만 각각 전년보다 12.3% 늘었다 "
    "2024년 3분기부터 까지 지난해 같은 기간 두 배 ( ) ‘ ” , · 쓰지 않았다 쓸 계획이다 의혹을 가장 많은 2위는 로비스트 32명을 고용했다 억천만 $ 원 "
    "발라드 파트너스와 계약 H.R. 1234 상무부를 상대로 🚀 \0 4분기(10~12월) 5년간 0월 13월 31일 2월"
)
WORDS = st.sampled_from(PIECES.split(" "))


@given(
    st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=200).map(lambda t: f"로비 {t} 달러"),
    st.none() | st.dates(D("1999-01-01"), D("2030-12-31")),
)
@settings(deadline=None)
def test_offsets_slice_to_the_claim_and_reading_twice_gives_the_same(text: str, published: date | None) -> None:
    found = lobbyx.extract(text, published)
    for claim in found:
        assert text[claim.start : claim.end] == claim.text
        assert claim.value is None or claim.value != 0
        assert claim.high is None or claim.high > claim.value
    assert lobbyx.extract(text, published) == found


@pytest.mark.parametrize(
    "text",
    [
        "로비 " + "억천만" * 5_000,
        "쿠팡은 로비에 331만 달러를 썼고 " * 3_000,
        "로비 331만 달러(" * 2_000,
        "로비에 각각 " + "삼성과 " * 3_000,
        "가" * 50_000 + "로비 1달러",
    ],
    ids=["numbers", "sums", "parentheses", "names", "syllables"],
)
def test_odd_texts_take_bounded_time(text: str) -> None:
    started = perf_counter()
    lobbyx.extract(text, "2024-01-01")
    assert perf_counter() - started < 30  # a hang, not a benchmark
