"""Text -> claims about U.S. federal lobbying money. Pure: no network, no clock, no database.

English: `english.py` (sums) and `statements.py` (changes, ranks, counts, hirings, issues). Korean is not read yet.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lobbyx.claims.english import read
from lobbyx.claims.sentences import sentences
from lobbyx.models import Claim

LONGEST_TEXT = 5_000_000
"""Characters read of a text; what follows is left unread."""


def extract(text: str, published: date | str | None = None) -> list[Claim]:
    """The claims in a text, in reading order; `text[c.start:c.end] == c.text` for each.

    `published` (a date or ISO text) anchors "last year" and the end of "since 2021"; without it such windows stay
    open and the claim says so in `missing`. Raises ValueError for a `published` that is no date.
    """
    day = date.fromisoformat(published) if isinstance(published, str) else published
    claims: list[Claim] = []
    before: str | None = None
    for start, sentence in sentences(text[:LONGEST_TEXT]):
        found, before = read(sentence, start, day, before)
        claims += [replace(claim, text=text[claim.start : claim.end]) for claim in found]
    return claims
