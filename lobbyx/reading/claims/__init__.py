"""Text -> claims about U.S. federal lobbying money. Pure: no network, no clock, no database.

English: `english.py` (sums) and `statements.py` (changes, ranks, counts, hirings, issues). Korean: `korean.py` (sums
and changes). Each sentence is read in its own language.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from lobbyx.model.claim import Claim
from lobbyx.reading.claims import english, korean
from lobbyx.reading.claims.sentences import sentences

LONGEST_TEXT = 1_000_000
"""Characters read of a text; what follows is left unread."""

_SPEAKS = re.compile(r"(?i)lobb|로비")
REMEMBERED = 6
"""Sentences before one that speaks of lobbying in which the organization it means is looked for."""
LONGEST_QUOTATION = 300
"""Characters of a text that may be a quotation without its context, so that it need not speak of lobbying itself."""
NEAR = 3
"""Sentences for which a Korean text that has spoken of lobbying need not say it again."""


def extract(text: str, published: date | str | None = None) -> list[Claim]:
    """The claims in a text, in reading order; `text[c.start:c.end] == c.text` for each.

    `published` (a date or ISO text) anchors "last year" and the end of "since 2021"; without it such windows stay
    open and the claim says so in `missing`. Raises ValueError for a `published` that is no date.
    """
    day = date.fromisoformat(published) if isinstance(published, str) else published
    text = text[:LONGEST_TEXT]
    quoted = len(text) <= LONGEST_QUOTATION
    if not quoted and not _SPEAKS.search(text):  # most articles: nothing in them can be a claim
        return []
    claims: list[Claim] = []
    before: str | None = None
    all_sentences = list(sentences(text))
    speaks = [place for place, (_, sentence) in enumerate(all_sentences) if _SPEAKS.search(sentence)]
    near = {i for place in speaks for i in range(place - REMEMBERED, place + NEAR + 1)}
    last_spoken = -NEAR - 1
    goes_on = False
    for place, (start, sentence) in enumerate(all_sentences):
        if place not in near and not quoted:
            before = None
            continue
        if korean.is_korean(sentence):
            about = place - last_spoken <= NEAR
            found, before = korean.read(
                sentence, start, day, before, about_lobbying=about, follows=goes_on, quoted=quoted and not speaks
            )
        else:
            follows = place > 0 and (goes_on or english.speaks_of_money(all_sentences[place - 1][1]))
            found, before = english.read(sentence, start, day, before, follows=follows)
        goes_on = bool(found)
        last_spoken = place if place in speaks else last_spoken
        claims += [replace(claim, text=text[claim.start : claim.end]) for claim in found]
    return claims
