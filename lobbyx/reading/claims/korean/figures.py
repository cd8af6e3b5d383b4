"""Amounts of money in a Korean sentence, with ranges and the words that say how they compare.

`1039만 5000달러`, `1천553만 달러`, `300만~400만 달러`, `150억원(약 1039만 달러)`. The words are data
(`data/reading/korean_figures.toml`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from lobbyx.model.claim import Comparator
from lobbyx.reading.claims.korean.words import loose, words
from lobbyx.reading.claims.mentions import Figure

Currency = Literal["USD", "KRW", "other"]
MOST_FIGURES = 24
"""Figures read of a sentence; one with more is a table."""
COARSEST = 10**6 * 100
"""US cents. Korean figures are printed without decimals: 1000만 is "$10 million", read to this place at most."""
LARGEST = 10**17
"""Cents, or hundredths of a won."""
LEAST = 100 * 100
"""US cents; "3달러" is no sum that somebody spent on lobbying."""
DASH = r"[~∼〜～–—-]"
_UNITS = {"조": 10**12, "억": 10**8, "만": 10**4}
_SMALL = {"천": 1000, "백": 100, "십": 10}
_SCALES = {"t": 10**3, "k": 10**3, "m": 10**6, "b": 10**9}
_LONGEST_NUMBER = 24
_D = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.[0-9]{1,4})?"
_CHUNK = rf"(?:(?:(?:{_D}\s?)?[천백십]\s?){{1,3}}(?:[0-9]{{1,4}}\s?)?|{_D}\s?|[천백십]\s?)"
_NUMBER = (
    rf"(?:(?:{_CHUNK}여?[조억만]\s?){{1,3}}(?:{_CHUNK})?|(?:{_D}\s?[천백십]\s?){{1,3}}"
    rf"|{_D}|(?:[천백십]만|[천백십]?억)(?![0-9]))"
)


@dataclass(frozen=True, slots=True)
class Money(Figure):
    """A sum of money in hundredths of its currency."""

    currency: Currency = "USD"
    inside: tuple[int, int] | None = None
    """The parentheses it stands in."""
    twin: int | None = None
    """Which figure before it this one repeats in another currency: "150억원(약 1039만 달러)"."""


@cache
def _pattern() -> re.Pattern[str]:
    w = words("korean_figures")["money"]
    currency = rf"(?:(?P<other>{w['other']})|(?P<usd>{w['dollars']})|(?P<krw>{w['won']}))"
    low = (
        rf"(?:(?P<low>{_NUMBER})\s?(?:(?:{w['dollars']})\s?)?"
        rf"(?P<dash>{DASH}|에서\s(?=[^.]{{0,30}}?사이)|이상\s|\s?내지\s)\s?(?:많게는\s|최대\s)?)?"
    )
    return re.compile(
        rf"(?<![0-9.,A-Za-z수]){low}(?P<number>{_NUMBER})(?P<more>여)?\s?{currency}"
        rf"|(?:US)?\$\s?(?P<sign>{_NUMBER})(?:\s?(?P<scale>million|billion|thousand|[mM](?:n|ln)?|[bB]n?|[kK])(?![A-Za-z]))?"
    )


def number(text: str) -> tuple[int, int]:
    """(value, place of its last digit that is not zero) of a number such as `1천553만`, in hundredths.

    >>> number("1039만 5000")
    (1039500000, 100000)
    """
    value = place = 0
    for m in re.finditer(r"([0-9.천백십]*)([조억만]?)", re.sub(r"[,\s여]", "", text)):
        scale = _UNITS.get(m[2], 1)
        if m[2] and not m[1]:  # 억 달러
            value, place = value + scale * 100, scale * 100
        for part in re.finditer(r"([0-9]*)(?:\.([0-9]+))?([천백십]?)", m[1]):
            digits, decimals, small = part.groups()
            if not digits and not small:
                continue
            unit = scale * _SMALL.get(small, 1) * 100
            value += int(digits or "1") * unit
            significant = (digits or "1").rstrip("0")
            if significant:
                place = unit * 10 ** (len(digits or "1") - len(significant))
            if decimals:
                value += int(decimals) * unit // 10 ** len(decimals)
                place = unit // 10 ** len(decimals)
    return value, place


def _last_unit(text: str) -> int:
    """What one stands for at the end of a number: 10,000 in 400만, so that 300~400만 begins at 300만."""
    scale = 1
    for unit in reversed(re.findall(r"[조억만천백십]", text)):
        if unit in _UNITS:
            return scale * _UNITS[unit]
        scale *= _SMALL[unit]
    return scale


def money(sentence: str) -> list[Money]:
    """The amounts of a sentence in order, in dollars, won and other currencies."""
    found: list[Money] = []
    parentheses = [m.span() for m in re.finditer(r"[(（][^()（）]*[)）]", sentence)]
    for m in _pattern().finditer(sentence):
        if len(found) == MOST_FIGURES:
            break
        item = _amount(m, sentence)
        if item is None:
            continue
        found += [Money(s, e, "money", v, p, currency=item.currency) for s, e, v, p in _listed_before(sentence, item)]
        more = bool(m["number"] and (m["more"] or "여" in m["number"]))
        item = _compared(sentence, item, more)
        inside = next((p for p in parentheses if p[0] < item.start and item.end <= p[1]), None)
        item = replace(item, inside=inside)
        found.append(replace(item, twin=len(found) - 1 if found and _repeats(sentence, found[-1], item) else None))
    return found


_LISTED = re.compile(rf"(?<![0-9.])(?<![0-9],)(?:{_NUMBER}(?<=[조억만])\s?(?:,|·|와|과)\s?){{1,6}}$")


def _listed_before(sentence: str, item: Money) -> list[tuple[int, int, int, int]]:
    """(start, end, value, place) of numbers that share the currency of the last: "60만, 30만, 20만 달러"."""
    begin = max(0, item.start - 60)
    m = _LISTED.search(sentence[begin : item.start])
    if m is None:
        return []
    parts = re.finditer(rf"{_NUMBER}(?<=[조억만])", m.group())
    return [(begin + m.start() + p.start(), begin + m.start() + p.end(), *number(p.group())) for p in parts]


DIFFERENCE = re.compile(
    r"(?:\s?\([^()]*\))?(?:이|가|을|를)?\s?(?:이상|가량|정도|가까이|넘게|여)?\s?(?:더\s|덜\s)?"
    r"(?:늘|증가|많|줄|감소|적은|적었|더\s?쓴|더\s?썼|불어|급증|확대|삭감|모자라)"
)
"""What stands behind a sum by which another is larger or smaller: "188만 달러 늘었다"."""


def is_difference(sentence: str, figure: Money) -> bool:
    """Whether a sum is by how much another changed."""
    return DIFFERENCE.match(sentence[figure.end : figure.end + 24]) is not None


def _amount(m: re.Match[str], sentence: str) -> Money | None:
    text = m["number"] or m["sign"]
    if len(text) > _LONGEST_NUMBER:
        return None
    value, place = number(text)
    scale = _SCALES[m["scale"][0].lower()] if m["scale"] else 1
    value, place = value * scale, place * scale
    high, start = None, m.start()
    if m["number"]:
        start = m.start("number")
    if m["number"] and m["low"] is not None:
        low, low_place = number(m["low"])
        if not re.search(r"[조억만천백십]", m["low"]) and low * _last_unit(text) <= value:
            low, low_place = low * _last_unit(text), low_place * _last_unit(text)
        if 0 < low < value:
            start, value, high, place = m.start(), low, value, low_place
    currency: Currency = "other" if m["number"] and m["other"] else "KRW" if m["number"] and m["krw"] else "USD"
    if not 0 < value <= LARGEST or (currency == "USD" and value < LEAST):
        return None
    cap = COARSEST if currency == "USD" else COARSEST * 1000
    return Money(start, m.end(), "money", value, max(1, min(place, cap)), high, currency=currency)


_EXCHANGED = re.compile(
    r"[가-힣\s]{0,5}[(（,]?\s?(?P<said>한화|원화|우리\s?돈|한국\s?돈|미화|현재\s?환율)?(?:로|으로)?\s?(?:환산\s?(?:시|하면)\s?)?(?:약|총)?\s?"
)


def _repeats(sentence: str, before: Money, item: Money) -> bool:
    if before.currency == item.currency:
        return False
    m = _EXCHANGED.fullmatch(sentence[before.end : item.span[0]])
    return m is not None and (m["said"] is not None or (item.inside is not None and item.inside[0] >= before.end))


# Comparators ---------------------------------------------------------------------------------------------------------

BEFORE: tuple[Comparator, ...] = ("at_least", "at_most", "about", "nearly")
AFTER: tuple[Comparator, ...] = ("at_least", "nearly", "less_than", "at_most", "more_than", "about")


@cache
def _before(name: str) -> re.Pattern[str]:
    w: dict[str, Any] = words("korean_figures")["comparators_before"]
    return re.compile(rf"(?:^|[\s(（,])(?P<said>(?:{loose(w[name])})\s?(?:(?:{loose(w['filler'])})\s?)?)$")


@cache
def _after(name: str) -> re.Pattern[str]:
    return re.compile(rf"\s?(?:{words('korean_figures')['comparators_after'][name]})")


def _compared(sentence: str, item: Money, more: bool) -> Money:
    start, end = item.start, item.end
    before = sentence[max(0, start - 16) : start]
    if item.high is not None:
        head, tail = (
            re.search(r"(?:최소|약|대략|적게는)\s?$", before),
            re.match(r"\s?(?:사이|이하|미만|정도|가량)", sentence[end:]),
        )
        said_from = start - len(before) + head.start() if head else None
        return replace(item, comparator="between", said_from=said_from, said_to=end + tail.end() if tail else None)
    after = comparator_after(sentence, end)
    for name in BEFORE:
        m = _before(name).search(before)
        if m and not (name == "about" and after and after[0] in ("more_than", "at_least")):
            return replace(item, comparator=name, said_from=start - len(before) + m.start("said"))
    if after:
        return replace(item, comparator=after[0], said_to=after[1])
    return replace(item, comparator="about" if more else "exact")


def comparator_after(sentence: str, end: int) -> tuple[Comparator, int] | None:
    """What the words behind a figure say, and where they end; parentheses between are passed over."""
    tail = re.match(r"(?:\s?[(（][^()（）]*[)）])?", sentence[end : end + 60])
    at = end + (tail.end() if tail else 0)
    for name in AFTER:
        if m := _after(name).match(sentence[at : at + 24]):
            return name, at + m.end()
    return None
