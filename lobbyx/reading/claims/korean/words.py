"""The words by which Korean is read, as patterns: `data/reading/korean*.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from lobbyx.model.resources import path


@cache
def words(name: str = "korean") -> dict[str, Any]:
    """The word lists of `data/reading/<name>.toml`."""
    return tomllib.loads(path(f"reading/{name}.toml").read_text(encoding="utf-8"))


@cache
def pattern(*keys: str) -> re.Pattern[str]:
    """Any entry of a list. Korean words carry their particles and endings, so parts of words match too."""
    entry: Any = words()
    for key in keys:
        entry = entry[key]
    return re.compile(any_of(entry))


def any_of(entries: Iterable[str]) -> str:
    """Alternatives in which a space may be missing from the text."""
    return "|".join(loose(entry) for entry in entries)


def loose(entry: str) -> str:
    """A pattern in which a space may be missing from the text (지난 분기, 지난분기)."""
    return entry.replace(" ?", " ").replace(" ", r"\s?")


@cache
def known(kind: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What Korean texts call `firms`, `agencies` or `topics`, with the names on file."""
    table: dict[str, str] = words("korean_names")[kind]
    return tuple((re.compile(loose(text)), name) for text, name in table.items())
