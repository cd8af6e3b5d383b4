"""From the API to the database: every matching record, page by page, compared with the server's count."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lobbyx.database import writer
from lobbyx.lda.client import LDAClient

PASSES = 3
"""How often a listing is read at most. Records posted during the reading shift the pages."""


@dataclass
class Fetched:
    """The result of fetching one listing."""

    endpoint: str
    matching: int = 0
    """How many records the server says there are."""
    received: set[str] = field(default_factory=set)
    added: int = 0
    changed: int = 0
    broken: list[str] = field(default_factory=list)
    """Records that do not match the API's description and were left out."""
    unknown_fields: set[str] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        """Whether every record the server counts was received."""
        return len(self.received) >= self.matching and not self.broken

    def json(self) -> dict[str, object]:
        """The counts, as `lobbyx fetch --json` prints them."""
        return {
            "endpoint": self.endpoint,
            "matching": self.matching,
            "received": len(self.received),
            "added": self.added,
            "changed": self.changed,
            "broken": self.broken,
            "complete": self.complete,
        }


def fetch(
    db: sqlite3.Connection,
    client: LDAClient,
    endpoint: str,
    wanted: Mapping[str, Any],
    progress: Callable[[int, int], None] = lambda received, matching: None,
) -> Fetched:
    """Downloads and loads all records of a listing that match the API's filters `wanted`.

    Each page is loaded in its own transaction, so what was received stays if a later page fails. If fewer records
    arrive than the server counts, the listing is read again. Raises LDAError.
    """
    done = Fetched(endpoint)
    for _ in range(PASSES):
        done.broken.clear()
        for page in client.pages(endpoint, wanted):
            answer = page.answer.records(done.broken)
            loaded = writer.load(db, answer)
            done.added += loaded.added.total()
            done.changed += loaded.changed.total()
            done.matching = page.count
            done.received |= {str(record.key) for record in answer.records}
            done.unknown_fields |= set(answer.unknown_fields)
            progress(len(done.received), done.matching)
        if len(done.received) + len(done.broken) >= done.matching:
            break
    return done
