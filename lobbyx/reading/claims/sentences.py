"""Text -> sentences with their offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_END = re.compile(r"""[.!?]["'”’)\]]*(?=\s)|(?<=[다요])\.(?=[가-힣])|\n""")
_HEADLINE = 60
"""Characters: a shorter line is one of its own (a headline, a list entry); longer ones may be wrapped text."""
_WRAPPED = 2
"""Characters by which a line of wrapped text may fall short of the width at which its next word would not fit."""
_ABBREVIATION = re.compile(
    r"""(?ix) \b (?: inc | corp | co | ltd | llc | l\.l\.c | no | nos | vs | mr | mrs | ms | dr | st | jr | sr
    | sen | sens | rep | reps | gov | gen | u\.s | u\.k | e\.u | d\.c | jan | feb | mar | apr | jun | jul | aug
    | sept? | oct | nov | dec | approx | est | [a-z] ) \. $"""
)
_NUMBERED = re.compile(r"(?:^|\n)\s*[0-9]{1,2}$")
"""The number of an item: "1. Tyson Foods - $464,837"."""
_BLOCK = 20_000
"""Characters of a block of lines that are looked at to tell a list from wrapped text."""
LONGEST_SENTENCE = 2_000
"""Characters; what runs on longer is cut, so that no rule meets an unbounded text."""


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """(offset, sentence) for each sentence, without surrounding white space.

    White space within is turned into spaces, one for one, so that offsets stay true.
    """
    text = re.sub(r"[^\S\n]", " ", text)
    start = 0
    for end in _END.finditer(text):
        if not _ends(text, start, end):
            continue
        yield from _pieces(text, start, end.end())
        start = end.end()
    yield from _pieces(text, start, len(text))


def _ends(text: str, start: int, end: re.Match[str]) -> bool:
    if end.group().startswith("."):
        before = text[max(start, end.start() - 12) : end.start() + 1]
        after = text[end.end() : end.end() + 3].lstrip()
        # "Coupang Inc. spent" goes on; "Coupang Inc. The firm" does not, but a name may follow an abbreviation too.
        if _ABBREVIATION.search(before) and not _starts_anew(text, end.end()):
            return False
        if _NUMBERED.search(text[max(0, end.start() - 5) : end.start()]):
            return False
        return not after[:1].islower()
    if end.group() == "\n":
        line = text[max(start, end.start() - _HEADLINE) : end.start()]
        blank_line_follows = re.match(r" *(?:\n|$)", text[end.end() : end.end() + _HEADLINE])
        return blank_line_follows is not None or len(line) < _HEADLINE or "\n" in line or _is_listed(text, end.start())
    return True


def _is_listed(text: str, at: int) -> bool:
    """Whether the line that ends at `at` is one of a list: in the lines around it a next word would have fit."""
    block_start = text.rfind("\n\n", 0, at) + 1
    block_end = text.find("\n\n", at)
    lines = text[block_start : block_end if block_end >= 0 else len(text)].strip("\n")[:_BLOCK].split("\n")
    if len(lines) < 3 or not text[at + 1 : at + 2].isupper():
        return False
    width = max(map(len, lines))
    return any(
        len(line) + 1 + len(following.split(" ", 1)[0]) + _WRAPPED <= width
        for line, following in pairwise(lines)
        if following
    )


def _starts_anew(text: str, at: int) -> bool:
    return (
        re.match(
            r"\s+(?:The|It|Its|In|They|But|And|That|This|According|Since|Last|To|For|A|An|On|At)\b",
            text[at : at + 20],
        )
        is not None
    )


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    while start < end:
        piece = text[start : min(end, start + LONGEST_SENTENCE)]
        stripped = piece.strip()
        if stripped:
            yield start + piece.index(stripped), stripped.replace("\n", " ")
        start += len(piece)
