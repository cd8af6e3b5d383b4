"""A claim given in fields instead of words: whose money, how it compares, how much, and when."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from lobbyx.model.claim import Claim, Comparator
from lobbyx.model.errors import LobbyxError
from lobbyx.model.money import dollars, money
from lobbyx.model.period import Window
from lobbyx.model.said import Cents, said

ACCEPTED: Final = "10M / 10_000_000 / 10,000,000 / $10 million"
SCALES: Final = {"": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "b": 10**9, "billion": 10**9}
LARGEST: Final = 10**15
"""US dollars; more than anything anybody lobbies with."""

WORDS: Final[dict[Comparator, str]] = {
    "at_least": "at least",
    "more_than": "more than",
    "about": "about",
    "exact": "exactly",
    "at_most": "at most",
    "less_than": "less than",
}
_AMOUNT = re.compile(
    r"\$?\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:_[0-9]+)*)(?:\.(?P<part>[0-9]{1,9}))?\s*(?P<scale>[a-z]*)", re.I
)


class UnreadableAmount(LobbyxError):
    """An amount of money in none of the accepted forms."""


def amount(text: str) -> tuple[int, int]:
    """US cents, and the place of the last digit given, in cents. Raises UnreadableAmount with the accepted forms."""
    m = _AMOUNT.fullmatch(text.strip()[:60])
    scale = SCALES.get(m["scale"].lower()) if m else None
    if m is None or scale is None:
        raise UnreadableAmount(said("problem.cannot_read_amount", given=text.strip()[:60], accepted=ACCEPTED))
    part = m["part"] or ""
    value = Decimal(f"{re.sub('[,_]', '', m['whole'])}.{part or 0}") * scale * 100
    if value > LARGEST * 100:
        raise UnreadableAmount(said("problem.amount_too_large", given=text.strip()[:60], most=Cents(LARGEST * 100)))
    unit = Decimal(scale * 100).scaleb(-len(part))
    return int(value), max(1, int(unit))


def claim(org: str, comparator: Comparator, text: str, window: Window) -> Claim:
    """The claim that an organization spent so much on lobbying in a window.

    Raises UnreadableAmount. The claim's own text says it in words.
    """
    cents, unit = amount(text)
    said = f"{org} spent {WORDS[comparator]} {money(cents)} on lobbying {window}"
    return Claim(
        text=said,
        start=0,
        end=len(said),
        kind="spend",
        org=org,
        value=dollars(cents),
        precision=dollars(unit),
        comparator=comparator,
        window=window,
        window_text=str(window),
    )
