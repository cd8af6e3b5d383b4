"""Text -> claims about U.S. federal lobbying money. Pure: no network, no clock, no database.

Each sentence is read in its own language, in four steps: `mentions` (figures, organizations, times), `structure` (a
parser), `links` (what goes with what) and claims (`assembly`). Only sentences that may hold a claim are parsed, in
texts that speak of lobbying. The parsers are loaded when the first such sentence comes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from lobbyx.model.claim import Claim
from lobbyx.reading.claims import english, korean
from lobbyx.reading.claims.context import Context
from lobbyx.reading.claims.sentences import sentences

VERSION = 1
"""Of the reader: raised when it reads otherwise than before."""
LONGEST_TEXT = 1_000_000
"""Characters read of a text; what follows is left unread."""
MOST_CLAIMS = 400
"""Claims read of a text; where as many are found, what follows is left unread."""
MOST_READ = 3_000
"""Sentences of a text that are looked at closely."""
REMEMBERED = 6
"""Sentences before one that speaks of lobbying in which the organization it means is looked for."""
LONGEST_QUOTATION = 300
"""Characters of a text that may be a quotation without its context, so that it need not speak of lobbying itself."""
NEAR = 3
"""Sentences for which a text that has spoken of lobbying need not say it again."""

_SPEAKS = re.compile(
    r"(?i)lobb|로비|k street"
    r"|(?:influenc(?:e|ing)|sway(?:ing)?) (?:in washington|capitol hill|policymakers|congress|lawmakers|washington)"
)


def reader() -> str:
    """The name and version of the reader and of the models it uses, for `source.reader`."""
    return f"lobbyx links {VERSION} (English: {english.model_name()}; Korean: {korean.model_name()})"


def extract(text: str, published: date | str | None = None) -> list[Claim]:
    """The claims in a text, in reading order; `text[c.start:c.end] == c.text` for each; at most MOST_CLAIMS.

    `published` (a date or ISO text) anchors "last year" and the end of "since 2021"; without it such windows stay
    open and the claim says so in `missing`. Raises ValueError for a `published` that is no date, and UnusableModel
    where a language's model is missing or is not the one lobbyx was built with.
    """
    day = date.fromisoformat(published) if isinstance(published, str) else published
    text = text[:LONGEST_TEXT]
    quoted = len(text) <= LONGEST_QUOTATION
    if not quoted and not _SPEAKS.search(text):  # most articles: nothing in them can be a claim
        return []
    all_sentences = list(sentences(text))
    speaks = [place for place, (_, sentence) in enumerate(all_sentences) if _SPEAKS.search(sentence)]
    near = {i for place in speaks for i in range(place - REMEMBERED, place + NEAR + 1)}
    spoken = set(speaks)
    claims: list[Claim] = []
    context = Context(day)
    last_spoken = -NEAR - 1
    looked_at = 0
    for place, (start, sentence) in enumerate(all_sentences):
        if place not in near and not quoted and not context.follows:
            context = Context(day)
            continue
        looked_at += 1
        if looked_at > MOST_READ:
            break
        if place in spoken:
            last_spoken = place
        language = korean if korean.is_korean(sentence) else english
        about = place - last_spoken <= NEAR or place + 1 in spoken
        found = language.read(
            sentence,
            start,
            replace(context, about_lobbying=about, soon=place + 1 in spoken, quoted=quoted and not speaks),
        )
        context = found.context
        claims += [replace(claim, text=text[claim.start : claim.end]) for claim in found.claims]
        if len(claims) >= MOST_CLAIMS:
            break
    return claims[:MOST_CLAIMS]
