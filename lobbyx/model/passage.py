"""A passage of a filing with the words that were looked for marked, as SQLite's full-text index cuts it out.

The index marks a match with two characters that stand for themselves nowhere (Unicode's private use). What a page
makes of the marks is decided only after the text around them was escaped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

OPENS: Final = "\ue000"
CLOSES: Final = "\ue001"
SNIPPET: Final = f"snippet(activities_fts, 0, '{OPENS}', '{CLOSES}', '…', 40)"
"""SQL for the passage of a description that matches best, about 40 words of it."""
LONGEST: Final = 600
"""Characters of a passage; one word of a description can be as long as the whole."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Text, and where in it the matches are: start and end, in order, without overlap."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is marked."""
        found: list[tuple[str, bool]] = []
        at = 0
        for start, end in self.marks:
            found += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return [(piece, marked) for piece, marked in (*found, (self.text[at:], False)) if piece]

    def json(self) -> dict[str, object]:
        """As the pages' JSON has it."""
        return {"text": self.text, "marks": [list(mark) for mark in self.marks]}


def from_snippet(snippet: str | None) -> Passage:
    """The passage that `SNIPPET` cut out. A mark that a filing itself holds, and that is not closed, is dropped."""
    text, marks = "", []
    opened: int | None = None
    for part in re.split(f"([{OPENS}{CLOSES}])", snippet or ""):
        if part == OPENS:
            opened = len(text)
        elif part == CLOSES:
            if opened is not None and opened < len(text):
                marks.append((opened, len(text)))
            opened = None
        else:
            text += part
    return _cut(text, marks)


def around(text: str, spans: list[tuple[int, int]], before: int = 120, length: int = 320) -> Passage:
    """The part of a text around the first of some spans in it, with those marked that lie in it."""
    start = max(0, (spans[0][0] if spans else 0) - before)
    end = min(len(text), max(start + length, spans[0][1] if spans else 0))
    lead, tail = ("…" if start else ""), ("…" if end < len(text) else "")
    shift = len(lead) - start
    marks = [(a + shift, b + shift) for a, b in spans if start <= a and b <= end]
    return _cut(f"{lead}{text[start:end]}{tail}", marks)


def _cut(text: str, marks: list[tuple[int, int]]) -> Passage:
    """A passage of bounded length that still shows its first mark."""
    if len(text) <= LONGEST:
        return Passage(text, tuple(marks))
    start = max(0, marks[0][0] - LONGEST // 3) if marks else 0
    end = start + LONGEST
    inside = ((max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start)
    return Passage(text[start:end], tuple(inside))
