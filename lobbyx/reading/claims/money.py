"""Amounts of money in a sentence, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

SCALES = {
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "mln": 10**6,
    "mn": 10**6,
    "mm": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bln": 10**9,
    "bn": 10**9,
    "b": 10**9,
}
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.[0-9]{1,6})?"
_SCALE = "|".join(SCALES)
_AMOUNT = re.compile(
    rf"""(?xi)
    (?: (?P<sign> US\$ | U\.S\.\s?\$ | USD | (?<![A-Za-z])\$ ) \s?
        (?P<number>{_NUMBER}) (?: [\s-]? (?P<scale>{_SCALE})\b )? (?:\s(?:US\s)?dollars\b)?
    | (?<![\w.,$€£¥]) (?P<words>{_NUMBER} | half\sa | a\squarter\s(?:of\s)?a | a | one)
        (?: [\s-]? (?P<wscale>{_SCALE})\b )? \s (?:U\.S\.\s|US\s|American\s)? dollars\b
    | (?<![\w.,$€£¥]) (?P<bare>{_NUMBER}) \s? (?P<bscale>K|M)\b (?!(?-i:\s[A-Z]))
    )"""
)
_WORDS = {"half a": "0.5", "a": "1", "one": "1"}
LARGEST = 5 * 10**9
"""US dollars; what is larger is no money spent on lobbying."""
FINEST_USUAL = 10_000
"""US dollars. Figures printed in full ("$2,000,000") are read to this place at least: reports are rounded to it."""
COARSEST_KOREAN = 1_000_000
"""US dollars. Korean figures are printed without decimals: 1000만 is "$10 million", read to this place at most."""
MOST_FIGURES = 40
"""Figures read of a sentence; one with more is a table."""
LARGEST_UNSAID = 10**8 * 100
"""US cents. More than this was hardly spent on lobbying where the sentence does not say on what."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount in US dollars, in cents, with its place in the sentence."""

    start: int
    end: int
    value: int
    unit: int
    """Cents: the place of the last digit printed."""


def amounts(sentence: str) -> Iterator[Amount]:
    """The dollar amounts of a sentence, in order."""
    for m in _AMOUNT.finditer(sentence):
        words = m["words"]
        if words is not None:
            spoken = " ".join(words.lower().split())
            digits = _WORDS.get(spoken) or ("0.25" if "quarter" in spoken else words)
            if digits in ("1",) and not m["wscale"]:
                continue  # "a dollars" is no amount
        else:
            digits = m["number"] or m["bare"]
        scale = SCALES[(m["scale"] or m["wscale"] or m["bscale"] or "").lower()] if _scaled(m) else 1
        number = Decimal(digits.replace(",", "")) * scale
        exponent = Decimal(digits.replace(",", "")).as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        value = int(number * 100)
        if not 0 < value <= LARGEST * 100:
            continue
        if scale > 1:
            unit = max(int(Decimal(scale) * 100 / 10**decimals), 1)
        else:
            unit = min(_last_place(value), FINEST_USUAL * 100)
        yield Amount(m.start(), m.end(), value, unit)


def _scaled(m: re.Match[str]) -> bool:
    return bool(m["scale"] or m["wscale"] or m["bscale"])


def _last_place(cents: int) -> int:
    place = 1
    while cents % (place * 10) == 0:
        place *= 10
    return place
