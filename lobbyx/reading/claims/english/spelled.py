"""Numbers in words: "five hundred twenty-three", "a dozen", "two and a half"."""

from __future__ import annotations

import re
from decimal import Decimal

_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_ONES = {word: n for n, word in enumerate([*_UNITS, *_TEENS], 1)}
_DECADES = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_TENS = {word: 10 * n for n, word in enumerate(_DECADES, 2)}
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_UNITS)}))?|{'|'.join(reversed(_ONES))})"
SPELLED = (
    rf"(?:(?:(?:{'|'.join(_UNITS)}|a)\shundred(?:\s(?:and\s)?{_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
    r"(?:\sand\s(?:a|one)[\s-](?:half|quarter))?)"
)
"""A number in words, below a thousand."""

_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_AND = r",?\s(?:and\s)?"
_THOUSANDS = rf"{_AND}{SPELLED}\sthousand(?:{_AND}{SPELLED})?"
AMOUNT = rf"(?:{SPELLED}\sbillion{_AND}{SPELLED}\smillion(?:{_THOUSANDS})?|{SPELLED}\s(?:billion|million){_THOUSANDS})"
"""A number in words with several scales: "three million three hundred ten thousand"."""


def amount(words: str) -> Decimal:
    """The number that words of the form AMOUNT stand for."""
    total = Decimal(0)
    rest = words.lower()
    for scale in ("billion", "million", "thousand"):
        head, found, tail = rest.partition(scale)
        if found:
            total += number(head) * _SCALES[scale]
            rest = tail
    return total + number(rest)


def number(words: str) -> Decimal:
    """The number that words of the form SPELLED stand for."""
    total = Decimal(0)
    for word in re.findall(r"[a-z]+", words.lower()):
        if word == "hundred":
            total = max(total, Decimal(1)) * 100
        elif word == "half":
            total += Decimal("0.5")
        elif word == "quarter":
            total += Decimal("0.25")
        else:
            total += _ONES.get(word, _TENS.get(word, 0))
    return total
