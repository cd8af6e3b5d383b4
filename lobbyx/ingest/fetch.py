"""From the API to the database: every matching record, page by page, compared with the server's count."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from lobbyx.database import writer
from lobbyx.ingest import coverage
from lobbyx.lda import filters
from lobbyx.lda.client import LDAClient
from lobbyx.model.period import Window

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


def together(all_done: Sequence[Fetched]) -> Fetched:
    """What fetching several listings of one endpoint did; a record that is in two of them counts once."""
    done = Fetched(all_done[0].endpoint)
    for one in all_done:
        done.received |= one.received
        done.unknown_fields |= one.unknown_fields
        done.broken += one.broken
    done.added, done.changed = (sum(getattr(one, name) for one in all_done) for name in ("added", "changed"))
    done.matching = len(done.received) + sum(max(0, one.matching - len(one.received)) for one in all_done)
    return done


def fetch(
    db: sqlite3.Connection,
    client: LDAClient,
    endpoint: str,
    wanted: Mapping[str, Any],
    progress: Callable[[int, int], None] = lambda received, matching: None,
) -> Fetched:
    """Downloads and loads all records of a listing that match the API's filters `wanted`, as `read_listing` does."""
    done = Fetched(endpoint)
    for done in read_listing(db, client, endpoint, wanted):
        progress(len(done.received), done.matching)
    return done


def read_listing(
    db: sqlite3.Connection, client: LDAClient, endpoint: str, wanted: Mapping[str, Any]
) -> Generator[Fetched]:
    """Downloads and loads a listing page by page. Gives what was done so far: before the first page is loaded, and
    after each.

    Each page is loaded in its own transaction, so what was received stays if a later page fails. If fewer records
    arrive than the server counts, or the count falls, the listing is read again. If it was read to its end and as many
    records arrived as the server counts, it is recorded in `coverage`. Raises LDAError.
    """
    done = Fetched(endpoint)
    seen: set[str] = set()
    began, highest = "", 0
    for _ in range(PASSES):
        done.broken.clear()
        fell = False
        for page in client.pages(endpoint, wanted):
            done.matching = page.count
            if not began:  # whoever finds it too long closes the generator, and nothing of it is loaded
                began = page.answer.fetched_at
                yield done
            answer = page.answer.records(done.broken)
            loaded = writer.load(db, answer)
            done.added += loaded.added.total()
            done.changed += loaded.changed.total()
            seen |= {str(record.key) for record in answer.records}
            done.received |= seen
            done.unknown_fields |= set(answer.unknown_fields)
            fell |= page.count < highest
            highest = page.count
            yield done
        if fell:  # something was taken out, and others may have slipped past
            seen, began, highest = set(), "", 0
        elif len(seen) + len(done.broken) >= done.matching:
            break
    if not fell and not done.broken and len(seen) == done.matching:
        query = filters.query(endpoint, wanted)
        source = f"{client.url}{endpoint}/?{urlencode(query)}"
        posted = Window(None, coverage.read_through(began, datetime.now(UTC).date()))
        if read := coverage.listing_of(endpoint, query, done.matching, posted, began, source):
            coverage.record(db, read, answer.sha256)
