"""The fixed words of terminal output, in English and Korean. Explanations have theirs in `data/wording.toml`.

Warnings are written in English alone; in Korean output they follow under a label that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lobbyx.model import texts
from lobbyx.model.total import Count, Method
from lobbyx.model.verdict import Outcome
from lobbyx.verdicts import OUTCOMES
from lobbyx.verdicts.explanation import Cents, Language, shown

OUTCOME_NAMES: Final[Mapping[Outcome, str]] = {
    "supported": "사실",
    "refuted": "사실 아님",
    "depends_on_method": "계산 방식에 따라 다름",
    "within_rounding": "반올림 범위 안",
    "unverifiable": "확인 불가",
}
OUTCOMES_KO: Final[Mapping[Outcome, str]] = {
    "supported": "보고서로 확인됩니다.",
    "refuted": "보고서와 맞지 않습니다.",
    "depends_on_method": "다른 계산 방식에서만 맞습니다.",
    "within_rounding": "보고서 금액의 반올림 범위 안에 있어 판단할 수 없습니다.",
    "unverifiable": "확인할 수 없습니다.",
}
_KOREAN: Final[Mapping[str, str]] = {
    "way of counting": "계산 방식",
    "reported": "보고 금액",
    "range": "범위",
    "reports": "보고서 수",
    "what it is": "내용",
    "period": "기간",
    "registrant": "보고자",
    "role": "구분",
    "amount": "금액",
    "posted": "공개일",
    "status": "상태",
    "filing": "보고서",
    "in_house": "자체",
    "in-house": "자체",
    "outside": "업체",
    "latest": "최종",
    "superseded": "대체됨",
    "no amount": "금액 없음",
    "no activity": "활동 없음",
    "below {amount}": "{amount} 미만",
    "at least {amount}": "{amount} 이상",
    "{low} – {high}": "{low}~{high}",
    "$0 to {most}": "0달러~{most}",
    "claimed {printed}": "주장: {printed}",
    "note: {message}": "참고(영문): {message}",
    "data: everything posted about these periods through {day} is on file": (
        "자료: 이 기간에 대해 {day}까지 공개된 보고서가 모두 있습니다"
    ),
    "data: not known to be complete": "자료: 빠진 보고서가 있을 수 있습니다",
    "; the newest report on file was posted on {day}": ". 가장 최근 보고서는 {day}에 공개되었습니다",
    "missing: {start} to {end}: {reason}": "빠진 기간: {start}~{end}",
    "to get what is missing: {command}": "빠진 보고서를 받으려면: {command}",
    "Ways of counting that give the printed figure: {methods}": "기사의 수치가 나오는 계산 방식: {methods}",
    (
        "The printed figure comes out as {amount} if one {how} ({chance} of random figures with as many digits would "
        "match)"
    ): ("기사의 수치는 다음과 같이 계산하면 {amount}: {how} (같은 자릿수의 임의 수치 가운데 {chance}가 들어맞음)"),
    "With all filings on file (posted by {day}): {verdict}, {count}": (
        "지금 있는 보고서 전체로({day}까지 공개): {verdict}, {count}"
    ),
    "… and {n} earlier ones; `| cat` or --json lists all": (
        "… 이전 보고서 {n}건 더 있음. `| cat` 또는 --json으로 모두 표시"
    ),
}


def told(text: str, language: Language = "en", **values: Any) -> str:
    """Words of the screen, filled. Raises KeyError for words without a Korean version."""
    return (text if language == "en" else _KOREAN[text]).format(**values)


def amount(cents: int, language: Language = "en") -> str:
    """`$8,580,000`, or `858만 달러`."""
    return shown(Cents(cents), language)


def span(count: Count, language: Language = "en") -> str:
    """The range of a count, open above where it is not determined."""
    low, high = (amount(cents, language) for cents in (count.interval.low, count.interval.high))
    if not count.determined:
        return told("at least {amount}", language, amount=low)
    return told("{low} – {high}", language, low=low, high=high)


def outcome(verdict: Outcome, language: Language = "en") -> tuple[str, str]:
    """The verdict's name and what it means."""
    if language == "ko":
        return OUTCOME_NAMES[verdict], OUTCOMES_KO[verdict]
    return verdict, OUTCOMES[verdict]


def meaning(method: Method, language: Language = "en") -> str:
    """A way of counting in plain words; commands and JSON use its code name."""
    return texts.text(f"method.{method}", language)
