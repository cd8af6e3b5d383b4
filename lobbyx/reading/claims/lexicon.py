"""The words by which a language is read, as patterns: `data/claims_english.toml`, `data/claims_korean.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words() -> dict[str, Any]:
    """The word lists."""
    return tomllib.loads((files("lobbyx") / "data/claims_english.toml").read_text(encoding="utf-8"))


@cache
def pattern(*path: str) -> re.Pattern[str]:
    """Any entry of a list, as whole words."""
    entry: Any = words()
    for key in path:
        entry = entry[key]
    return re.compile(rf"(?<![\w$])(?:{spaced(entry)})(?![\w])", re.IGNORECASE)


@cache
def korean() -> dict[str, Any]:
    """The Korean word lists."""
    return tomllib.loads((files("lobbyx") / "data/claims_korean.toml").read_text(encoding="utf-8"))


@cache
def korean_pattern(*path: str) -> re.Pattern[str]:
    """Any entry of a Korean list. Words are not set apart by spaces there, so parts of them match too."""
    entry: Any = korean()
    for key in path:
        entry = entry[key]
    return re.compile("|".join(entry))


def spaced(entries: Iterable[str]) -> str:
    """Alternatives whose words may stand any white space apart."""
    return "|".join(entries).replace(" ", r"\s+")
