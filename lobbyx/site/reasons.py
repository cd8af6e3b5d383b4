"""Reasons in the language of a page: why a name is read as it is, why two may be one, what a relation rests on.

They are rows of the database, in English, as JSON gives them. For Korean pages, `data/texts/reasons_ko.toml` says what
each kind of sentence is. What people wrote themselves, such as the source of a decision, stays as they wrote it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from string import Formatter

from lobbyx.model import resources, texts
from lobbyx.model.texts import Language


@cache
def _known() -> Sequence[tuple[re.Pattern[str], str]]:
    """What matches a reason, and the Korean template."""
    found = tomllib.loads(resources.path("texts/reasons_ko.toml").read_text(encoding="utf-8"))["reason"]
    return [(_pattern(english), korean) for english, korean in found.items()]


def _pattern(template: str) -> re.Pattern[str]:
    parts = (re.escape(words) + (f"(?P<{name}>.+?)" if name else "") for words, name, *_ in Formatter().parse(template))
    return re.compile("".join(parts), re.DOTALL)


def one(reason: str, language: Language) -> str:
    """A reason in a language; as it is where no program wrote it."""
    if language == "ko":
        for pattern, korean in _known():
            if found := pattern.fullmatch(reason):
                return texts.fill(korean, "ko", found.groupdict())
    return reason


def several(reasons: str, language: Language) -> str:
    """Reasons in a row, parted by semicolons; one of them may have a semicolon in it."""
    said: list[str] = []
    left = reasons.split("; ")
    while left:
        here = next(
            (n for n in range(len(left), 0, -1) if one("; ".join(left[:n]), language) != "; ".join(left[:n])), 1
        )
        said.append(one("; ".join(left[:here]), language))
        left = left[here:]
    return "; ".join(said)
