"""The words by which Korean is read, as patterns: `data/claims_korean.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from lobbyx.model.resources import path


@cache
def korean() -> dict[str, Any]:
    """The Korean word lists."""
    return tomllib.loads(path("claims_korean.toml").read_text(encoding="utf-8"))


@cache
def korean_pattern(*keys: str) -> re.Pattern[str]:
    """Any entry of a Korean list. Words are not set apart by spaces there, so parts of them match too."""
    entry: Any = korean()
    for key in keys:
        entry = entry[key]
    return re.compile("|".join(entry))
