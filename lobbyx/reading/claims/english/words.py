"""The words by which English is read, as patterns: `data/reading/english.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from lobbyx.model.resources import path


@cache
def words() -> dict[str, Any]:
    """The word lists."""
    return tomllib.loads(path("reading/english.toml").read_text(encoding="utf-8"))


@cache
def pattern(*keys: str) -> re.Pattern[str]:
    """Any entry of a list, as whole words."""
    entry: Any = words()
    for key in keys:
        entry = entry[key]
    return re.compile(rf"(?<![\w$])(?:{spaced(entry)})(?![\w])", re.IGNORECASE)


def spaced(entries: Iterable[str]) -> str:
    """Alternatives whose words may stand any white space apart."""
    return "|".join(entries).replace(" ", r"\s+")


@cache
def entries(name: str) -> frozenset[str]:
    """A list of words about organizations."""
    return frozenset(words()["organizations"][name])
