"""Imports statements from tables that people keep."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lobbyx.lda.csv_rows import BrokenTable, Table
from lobbyx.model.period import iso
from lobbyx.reading import html_page
from lobbyx.reading.source import LARGEST_FILE, Source, UnreadableSource, decode

# Bringing in -------------------------------------------------------------------------------------------------------

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("context", "text", "claim", "statement", "sentence", "quote"),
    "published": ("published", "date", "published_at", "publication_date", "datepublished"),
    "url": ("url", "link", "source_url"),
    "author": ("author", "speaker", "claimant", "outlet", "publisher", "said_by"),
    "source": ("source", "file", "name"),
}
"""The names that columns may have in a table of claims. The first one that is present and not empty counts."""


def read_csv(path: Path) -> list[Source]:
    """The statements in a table that people keep, each as a source of its own.

    One column must hold the statement (`text`, `claim`, `statement`, `sentence`, `quote`). Publication date, address
    and speaker are read if there are columns for them. Raises UnreadableSource, which names the line and the cause,
    before anything is used.
    """
    try:
        body = path.read_bytes()[: LARGEST_FILE + 1]
    except OSError as error:
        raise UnreadableSource(f"{path}: cannot be read: {error.strerror}") from error
    if len(body) > LARGEST_FILE:
        raise UnreadableSource(f"{path.name}: is larger than {LARGEST_FILE >> 20} MB")
    try:
        table = Table(decode(body, path.name).encode(), strict=False)
        names = {name.strip().lower(): name for name in table.columns}
        columns = {field: [names[n] for n in known if n in names] for field, known in COLUMNS.items()}
        if not columns["text"]:
            raise UnreadableSource(f"{path.name}: has no column for the statement; name one of them text")
        return [_statement(path.name, line, row, columns) for line, row in table.rows()]
    except BrokenTable as error:
        raise UnreadableSource(f"{path.name}, {error}") from error


def _statement(name: str, line: int, row: Mapping[str, Any], columns: Mapping[str, Sequence[str]]) -> Source:
    found = {
        field: next((row[n].strip() for n in names if (row[n] or "").strip()), "") for field, names in columns.items()
    }
    where = f"{name}, line {line}"
    if not found["text"]:
        raise UnreadableSource(f"{where}: the statement is empty")
    day = html_page.day(found["published"])
    if found["published"] and day is None:
        raise UnreadableSource(f"{where}: cannot read the date {found['published'][:40]!r}; write it as 2025-12-25")
    address = found["url"] if re.match(r"(?i)https?://\S+$", found["url"]) else None
    known = address or found["source"] or where
    return Source(known, found["text"], iso(day), "given" if day else None, author=found["author"] or None, url=address)
