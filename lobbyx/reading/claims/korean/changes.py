"""Percentages and multiples in a Korean sentence that tell of a rise or a fall: 12.3% 증가, 두 배 넘게, 3분의 1로."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lobbyx.model.claim import Comparator
from lobbyx.reading.claims.korean.words import words
from lobbyx.reading.claims.mentions import Figure

LARGEST = 10**5
"""As a multiple; what is more is a slip of the pen."""
_PERCENT = re.compile(
    r"(?<![0-9.,])(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,5})(?P<decimals>\.[0-9]{1,3})?\s?"
    r"(?:%|％|퍼센트|프로(?=[\s나가]))(?!\s?(?:포인트|p|P))"
)


@dataclass(frozen=True, slots=True)
class Change(Figure):
    """A change as a signed fraction."""

    of_period: bool = False
    """ "2023년의 2.3배": the period it is reckoned from stands right before it."""


@cache
def _multiple() -> re.Pattern[str]:
    w = "|".join(words("korean_figures")["changes"]["times_words"])
    return re.compile(
        rf"(?<![0-9.,가-힣])(?:(?P<n>[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?)여?\s?배|(?P<word>{w})\s?배|(?P<twice>갑절|곱절)"
        r"|(?P<bare>배)(?=\s?(?:이상|가까이|가량|로\s?(?:늘|뛰|증)|넘게|증가))"
        r"|(?P<half>절반)|(?P<cut>반\s?토막)|(?P<d>[2-9])분의\s?(?P<nom>[1-9]))"
    )


_SHARED = re.compile(
    r"\s?(?:,|·|와|과|및)\s?(?:[^0-9%.,]{2,24}(?:대비|보다|비해|비하면)\s?)?(?:약\s?)?[0-9.,]{1,8}\s?(?:%|퍼센트)"
)


def changes(sentence: str) -> Iterator[Change]:
    """The changes in a sentence, percentages first."""
    for m in _PERCENT.finditer(sentence):
        sign, reach = direction(sentence, m.end())
        if not sign and (shared := _SHARED.match(sentence, m.end())):  # "전년 동기 대비 43%, 전 분기 대비 14% 증가"
            sign, _ = direction(sentence, shared.end())
        value = sign * float(m["number"].replace(",", "") + (m["decimals"] or "")) / 100
        if value and abs(value) < LARGEST:
            yield _change(sentence, m, round(value, 6), 10.0 ** -(len(m["decimals"] or ".") + 1), reach)
    for m in _multiple().finditer(sentence):
        _, reach = direction(sentence, m.end())
        value = (_part(sentence, m) if m["half"] or m["cut"] or m["d"] else _times(sentence, m)) or 0.0
        if value:
            yield _change(sentence, m, round(value, 6), 0.1 if m["n"] is None or "." in m["n"] else 0.5, reach)


def _change(sentence: str, m: re.Match[str], value: float, precision: float, reach: int) -> Change:
    comparator, said_from, said_to = _compared(sentence, m.start(), m.end())
    of = _of_period(sentence, m.start())
    return Change(
        m.start(), m.end(), "fraction", value, precision, None, comparator, said_from, max(said_to, reach), of
    )


def _of_period(sentence: str, start: int) -> bool:
    before = sentence[max(0, start - 30) : start]
    return (
        re.search(
            r"(?:(?:년|기간|동기|분기|반기|해|전)(?:\([^()]*\))?|달러|수준|금액|돈|비용)의\s?(?:약\s|무려\s|거의\s)?$",
            before,
        )
        is not None
    )


def _times(sentence: str, m: re.Match[str]) -> float | None:
    """세 배 -> 2.0: three times as much is a rise by 200%, and so is 3배 증가 as papers use it."""
    sign, _ = direction(sentence, m.end())
    if re.search(
        r"(?<!거)의\s?(?:약\s|무려\s|거의\s)?$", sentence[max(0, m.start() - 6) : m.start()]
    ) and not _of_period(sentence, m.start()):
        return None  # "총기협회 로비 규모의 24배": of another organization
    n = float(m["n"]) if m["n"] else float(words("korean_figures")["changes"]["times_words"].get(m["word"] or "", 2))
    plain = re.match(
        r"\s?(?:이상|가까이|가량|정도|넘|로|가\s?넘|에\s?달|를|에\s?이르|다|였|수준)", sentence[m.end() : m.end() + 30]
    )
    if not 0 < n < LARGEST or not (sign or plain or _of_period(sentence, m.start())):
        return None
    return n - 1 if sign >= 0 else 1 / n - 1


def _part(sentence: str, m: re.Match[str]) -> float | None:
    """절반으로 줄었다 -> -0.5; 3분의 1로 줄었다 -> -0.67; 3분의 1 줄었다 -> -0.33."""
    n = 0.5 if not m["d"] else int(m["nom"]) / int(m["d"])
    if n >= 1:
        return None
    sign, _ = direction(sentence, m.end())
    of = _of_period(sentence, m.start())
    to = re.match(r"\s?(?:수준|으로|로|에\s?그|이하|가까이로|이다|이었|에\s?불과)", sentence[m.end() : m.end() + 30])
    if m["cut"] or of or (to and sign < 0):
        return n - 1
    if to or not sign or (sign > 0 and not m["d"]):
        return None
    return sign * n


@cache
def _direction_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    w = words("korean_figures")["changes"]
    start = r"(?:^|[\s이로나가게량도상])"
    return re.compile(f"{start}(?:{w['up']})"), re.compile(f"{start}(?:{w['down']})")


def direction(sentence: str, end: int) -> tuple[int, int]:
    """(1 up, -1 down, 0 neither; where the word ends). Only the words right behind a figure tell."""
    tail = re.match(r"(?:\s?[(（][^()（）]*[)）])?[^.,;%()0-9]{0,22}", sentence[end : end + 60])
    text = tail.group() if tail else ""
    up, down = (p.search(text) for p in _direction_words())
    if up and (not down or up.start() < down.start()):
        return 1, end + up.end()
    return (-1, end + down.end()) if down else (0, end)


_BEFORE: tuple[tuple[str, Comparator], ...] = (
    (r"(?:최소한?|적어도)\s?$", "at_least"),
    (r"(?:약|대략)\s?$", "about"),
    (r"거의\s?$", "nearly"),
)
_AFTER: tuple[tuple[str, Comparator], ...] = (
    (r"\s?이상", "at_least"),
    (r"(?:[이가을를])?\s?(?:훌쩍\s?)?(?:넘|초과|웃도|웃돌)", "more_than"),
    (r"\s?(?:가까이|에?\s?육박|에\s?가까운)", "nearly"),
    (r"\s?(?:가량|정도|안팎|남짓|쯤)", "about"),
    (r"\s?(?:미만)", "less_than"),
)


def _compared(sentence: str, start: int, end: int) -> tuple[Comparator, int, int]:
    before, after = sentence[max(0, start - 8) : start], sentence[end : end + 10]
    for pattern, name in _BEFORE:
        if m := re.search(pattern, before):
            return name, start - len(before) + m.start(), end
    for pattern, name in _AFTER:
        if m := re.match(pattern, after):
            return name, start, end + m.end()
    return "exact", start, end
