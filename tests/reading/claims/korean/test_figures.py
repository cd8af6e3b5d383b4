"""Korean amounts, percentages and multiples, with the words that say how they compare."""

from __future__ import annotations

import pytest

from lobbyx.reading.claims.korean.changes import changes
from lobbyx.reading.claims.korean.figures import money, number


@pytest.mark.parametrize(
    ("text", "value", "place"),
    [
        ("1039만 5000", 10_395_000, 1_000),
        ("1천553만", 15_530_000, 10_000),
        ("33억4000만", 3_340_000_000, 10_000_000),
        ("2.5억", 250_000_000, 10_000_000),
        ("82만8000", 828_000, 1_000),
        ("15만2천500", 152_500, 100),
        ("470,000", 470_000, 10_000),
        ("백만", 1_000_000, 1_000_000),
    ],
)
def test_numbers(text: str, value: int, place: int) -> None:
    assert number(text) == (value * 100, place * 100)


@pytest.mark.parametrize(
    ("text", "value", "comparator"),
    [
        ("331만달러를", 3_310_000, "exact"),
        ("10만불을", 100_000, "exact"),
        ("美 달러 기준 331만달러를", 3_310_000, "exact"),
        ("$331만을", 3_310_000, "exact"),
        ("$3.31 million을", 3_310_000, "exact"),
        ("총 708만 달러를", 7_080_000, "exact"),
        ("최소 1000만 달러를", 10_000_000, "at_least"),
        ("적어도 총 1000만 달러를", 10_000_000, "at_least"),
        ("1129만 달러 이상을", 11_290_000, "at_least"),
        ("1,960만 달러가 넘는 돈을", 19_600_000, "more_than"),
        ("862만 달러를 넘어선 돈을", 8_620_000, "more_than"),
        ("100만 달러를 웃도는 돈을", 1_000_000, "more_than"),
        ("최대 500만 달러를", 5_000_000, "at_most"),
        ("500만 달러 이내를", 5_000_000, "at_most"),
        ("90만 달러 미만을", 900_000, "less_than"),
        ("200만 달러에 못 미치는 돈을", 2_000_000, "less_than"),
        ("41만 달러도 안 되는 돈을", 410_000, "less_than"),
        ("230만 달러에 육박하는 돈을", 2_300_000, "nearly"),
        ("400만 달러 가까이를", 4_000_000, "nearly"),
        ("9,500만 달러에 가까운 금액을", 95_000_000, "nearly"),
        ("약 12만 달러를", 120_000, "about"),
        ("60만달러 안팎을", 600_000, "about"),
        ("1000만여 달러를", 10_000_000, "about"),
        ("698만 달러(약 97억원)가량을", 6_980_000, "about"),
    ],
)
def test_dollars(text: str, value: int, comparator: str) -> None:
    found = [m for m in money(f"쿠팡은 로비에 {text} 썼다.") if m.twin is None]
    assert [(m.value, m.currency, m.comparator) for m in found] == [(value * 100, "USD", comparator)]


@pytest.mark.parametrize(
    "text",
    [
        "300만~400만 달러",
        "300~400만 달러",
        "300만∼400만달러",
        "300만 달러에서 400만 달러 사이",
        "300만 달러 이상 400만 달러 이하",
        "300만 달러 ~ 400만 달러",
    ],
)
def test_ranges(text: str) -> None:
    (found,) = money(f"쿠팡은 로비에 {text}를 썼다.")
    assert (found.value, found.high, found.comparator) == (300_000_000, 400_000_000, "between")


def test_from_one_to_another_is_no_range() -> None:
    assert [m.value for m in money("로비 비용은 155만달러에서 387만달러로 늘었다.")] == [155_000_000, 387_000_000]


@pytest.mark.parametrize("text", ["수백만 달러", "800만 유로", "500만 홍콩달러", "3달러", "달러", "백 명"])
def test_what_is_no_amount_of_dollars(text: str) -> None:
    assert [m for m in money(f"쿠팡은 로비에 {text}를 썼다.") if m.currency == "USD"] == []


@pytest.mark.parametrize(
    "text", ["1039만 5000달러(약 150억 원)", "150억원(약 1039만 5000달러)", "1039만 5000달러, 한화 약 150억원"]
)
def test_one_sum_in_two_currencies(text: str) -> None:
    first, second = money(f"쿠팡은 로비에 {text}을 썼다.")
    assert second.twin == 0
    assert {first.currency, second.currency} == {"USD", "KRW"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.3% 증가했고", [(0.123, "exact")]),
        ("22.3% 감소했다", [(-0.223, "exact")]),
        ("1,780% 증가를 기록했다", [(17.8, "exact")]),
        ("45% 많은 금액이다", [(0.45, "exact")]),
        ("20% 적은 금액이다", [(-0.2, "exact")]),
        ("약 11% 줄어든", [(-0.11, "about")]),
        ("10% 넘게 뛰었다", [(0.1, "more_than")]),
        ("30% 가까이 늘었다", [(0.3, "nearly")]),
        ("전년 동기 대비 43%, 전 분기 대비 14% 증가했다", [(0.43, "exact"), (0.14, "exact")]),
        ("두 배 넘게 늘었다", [(1.0, "more_than")]),
        ("3배 이상 증가했다", [(2.0, "at_least")]),
        ("2023년의 2.3배로 늘었다", [(1.3, "exact")]),
        ("갑절로 늘었다", [(1.0, "exact")]),
        ("절반으로 줄었다", [(-0.5, "exact")]),
        ("반토막 났다", [(-0.5, "exact")]),
        ("3분의 1로 줄었다", [(-0.666667, "exact")]),
        ("3분의 1 줄었다", [(-0.333333, "exact")]),
        ("5%포인트 늘었다", []),
        ("전체의 30%를 차지했다", []),
        ("절반 이상이 전직 관료다", []),
        ("총기협회 로비 규모의 24배에 달한다", []),
    ],
)
def test_changes(text: str, expected: list[tuple[float, str]]) -> None:
    assert [(c.value, c.comparator) for c in changes(f"쿠팡의 로비 비용은 {text}")] == expected
