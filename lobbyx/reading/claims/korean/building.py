"""A claim out of what was read in its sentence: its span, and what it does not say. One way for every language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from lobbyx.model.claim import Claim
from lobbyx.model.period import Window
from lobbyx.reading.claims.korean.times import Time


def claim(
    sentence: str, span: tuple[int, int], org: str | None, time: Time | None, *, lacks: Sequence[str] = (), **said: Any
) -> Claim:
    """A claim that spans its words and its time; offsets count from the sentence.

    `lacks` is put behind what is missing of organization, window and publication date. `said` are the other fields.
    """
    start, end = span
    if time:
        start, end = min(start, time.start), max(end, time.end)
    missing = [
        *(["org"] if org is None else []),
        *(["window"] if time is None else []),
        *(["published"] if time and time.needs_published else []),
        *lacks,
    ]
    return Claim(
        text=sentence[start:end],
        start=start,
        end=end,
        org=org,
        window=time.window if time else Window(),
        window_text=sentence[time.start : time.end] if time else None,
        missing=tuple(missing),
        **said,
    )


def placed(claims: Iterable[Claim], sentence: str, offset: int) -> list[Claim]:
    """The claims of a sentence that starts at `offset` of its text; offsets count from the text."""
    return [replace(c, text=sentence[c.start : c.end], start=c.start + offset, end=c.end + offset) for c in claims]
