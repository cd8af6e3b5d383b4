"""Text -> claims about U.S. federal lobbying money. Pure: no network, no clock, no database.

English: `english.py` (sums) and `statements.py` (changes, ranks, counts, hirings, issues). Korean: `korean.py` (sums
and changes). Each sentence is read in its own language.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lobbyx.claims import english, korean
from lobbyx.claims.sentences import sentences
from lobbyx.models import Claim

LONGEST_TEXT = 5_000_000
"""Characters read of a text; what follows is left unread."""

NEAR = 3
"""Sentences for which a Korean text that has spoken of lobbying need not say it again."""


def extract(text: str, published: date | str | None = None) -> list[Claim]:
    """The claims in a text, in reading order; `text[c.start:c.end] == c.text` for each.

    `published` (a date or ISO text) anchors "last year" and the end of "since 2021"; without it such windows stay
    open and the claim says so in `missing`. Raises ValueError for a `published` that is no date.
    """
    day = date.fromisoformat(published) if isinstance(published, str) else published
    claims: list[Claim] = []
    before: str | None = None
    last_spoken = -NEAR - 1
    for place, (start, sentence) in enumerate(sentences(text[:LONGEST_TEXT])):
        if korean.is_korean(sentence):
            found, before = korean.read(sentence, start, day, before, place - last_spoken <= NEAR)
            last_spoken = place if "로비" in sentence else last_spoken
        else:
            found, before = english.read(sentence, start, day, before)
        claims += [replace(claim, text=text[claim.start : claim.end]) for claim in found]
    return claims
