"""Rows as lines of a CSV table that is safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lobbyx.stored_claims.records import json_text


def as_csv(found: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
    """The rows as lines of a table, header first. Cells that a spreadsheet would read as a formula are quoted."""
    for number, row in enumerate(found):
        if number == 0:
            yield list(row)
        yield [_cell(value) for value in row.values()]


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, dict):
        return json_text(value) if value else ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
