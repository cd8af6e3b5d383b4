"""Particles give roles, and what comes last governs."""

from __future__ import annotations

from datetime import date

import pytest

from lobbyx.reading.claims.context import Context
from lobbyx.reading.claims.korean.mentions import Analysis, analyze


def taken_apart(sentence: str) -> Analysis:
    return analyze(sentence, Context(date(2025, 12, 25)))


def roles(a: Analysis) -> list[tuple[str, str, str]]:
    """(unit, role, stem of the predicate over it)."""
    return [
        (a.sentence[u.start : u.end], u.role, a.structure.predicates[u.predicate].stem if u.predicate >= 0 else "")
        for u in a.units
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "쿠팡은 지난해 로비에 331만 달러를 썼다.",
            [("쿠팡", "topic", "쓰"), ("지난해", "", "쓰"), ("로비", "at", "쓰"), ("331만 달러", "object", "쓰")],
        ),
        (
            "로비에 5만 달러를 쓴 리플은 94만 달러를 지출했다.",
            [("로비", "at", "쓰"), ("5만 달러", "object", "쓰"), ("리플", "topic", "지출"), ("94만 달러", "object", "지출")],
        ),
        (
            "전미소매협회(NRF)의 로비 비용은 230만 달러다.",
            [("전미소매협회", "possessor", "이다"), ("NRF", "", ""), ("로비 비용", "topic", "이다"), ("230만 달러", "copula", "이다")],
        ),
        (
            "쿠팡의 지출은 전년보다 많다.",
            [("쿠팡", "possessor", "많"), ("지출", "topic", "많"), ("전년", "than", "많")],
        ),
        ("쿠팡, 로비에 331만 달러 지출", [("쿠팡", "comma", "지출"), ("로비", "at", "지출"), ("331만 달러", "", "지출"), ("지출", "predicate", "")]),
    ],
)  # fmt: skip
def test_roles(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert roles(taken_apart(sentence)) == expected


def test_predicates() -> None:
    a = taken_apart("쿠팡이 쓰지 않은 돈을 쓸 예정이라고 밝혔다.")
    told = [(p.stem, p.kind, p.negated, p.future) for p in a.structure.predicates]
    assert told == [
        ("쓰", "adnominal", True, False),
        ("쓰", "adnominal", False, True),
        ("이다", "connective", False, False),
        ("밝히", "final", False, False),
    ]


def test_what_stands_in_parentheses_belongs_to_what_is_before_them() -> None:
    a = taken_apart("이어 삼성(698만 달러), 한화(391만 달러) 순이었다.")
    hosts = {a.sentence[u.start : u.end]: a.units[u.host] for u in a.units if u.kind == "figure"}
    assert {figure: a.sentence[h.start : h.end] for figure, h in hosts.items()} == {
        "698만 달러": "삼성",
        "391만 달러": "한화",
    }


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("틱톡 모회사 바이트댄스의 로비 자금은 214만 달러다.", ["바이트댄스"]),
        ("현대·기아차의 미국 로비 자금은 336만 달러다.", ["현대·기아차"]),
        ("관세에 반대해 온 전미소매협회(NRF)의 로비 비용은 230만 달러다.", ["전미소매협회"]),
        ("미국 상공회의소는 로비에 7000만 달러를 썼다.", ["미국 상공회의소"]),
        ("방산업체 록히드 마틴은 로비에 1300만 달러를 썼다.", ["록히드 마틴"]),
        ("가상자산 거래소 코인베이스는 로비에 339만 달러를 썼다.", ["코인베이스"]),
        ("쿠팡 아이앤씨(Inc.)는 로비에 331만 달러를 썼다.", ["쿠팡 아이앤씨"]),
        ("쿠팡 측이 로비에 쓴 돈은 331만 달러다.", ["쿠팡"]),
        ("쿠팡 김범석 의장은 331만 달러를 썼다.", ["쿠팡"]),
        ("오픈시크릿에 따르면 메타 플랫폼스는 로비에 793만 달러를 썼다.", ["메타 플랫폼스"]),
        ("삼성전자와 SK하이닉스는 로비에 각각 579만 달러와 527만 달러를 썼다.", ["삼성전자", "SK하이닉스", "삼성전자와 SK하이닉스"]),
        ("국내 4대 그룹의 로비 금액은 2000만 달러다.", ["국내 4대 그룹"]),
        ("세 회사의 로비 금액은 2000만 달러다.", ["세 회사"]),
        ("미국의 로비 비용은 34억 달러였다.", ["total"]),
        ("지난해 미국에서 집행된 로비자금 총액은 34억 달러였다.", ["total"]),
        ("상원 보고서에 따르면 지난해 로비 비용은 34만 달러였다.", []),
    ],
)  # fmt: skip
def test_names(sentence: str, names: list[str]) -> None:
    assert [s.name for s in taken_apart(sentence).spenders] == names


def test_offsets_are_those_of_the_sentence() -> None:
    a = taken_apart("🚀🚀 é쿠팡은 美 로비에 331만 달러를 썼다.")
    assert [a.sentence[m.start : m.end] for m in a.structure.morphemes][:4] == ["🚀", "🚀", "é", "쿠팡"]
