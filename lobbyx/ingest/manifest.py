"""Files with a manifest beside them: what the file claims to hold whole, and loading it with that.

`FILE.manifest.json` is one JSON object: `endpoint`, `filters` (the API's own, {} for everybody), `posted_from` (null =
from the beginning) and `posted_to` (both inclusive), `count`, `sha256` of the file's bytes, and `source`. It counts
only where the file is that file and holds that many different records; a file without one covers nothing.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from lobbyx.database import writer
from lobbyx.database.writer import Loaded
from lobbyx.ingest import coverage
from lobbyx.lda import filters
from lobbyx.lda.answer import Answer, Part
from lobbyx.lda.files import read_file
from lobbyx.model.coverage import Listing
from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import Window

SUFFIX: Final = ".manifest.json"
LARGEST: Final = 1024 * 1024
"""Bytes of a manifest."""


class BrokenManifest(LobbyxError):
    """A manifest that cannot be read, or that is not true of its file."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file is said to hold."""

    listing: Listing
    """Received as many as counted; checked on the last posting day."""
    sha256: str


def is_manifest(path: Path) -> bool:
    """Whether a file is the manifest of another, which is beside it."""
    return path.name.endswith(SUFFIX) and path.with_name(path.name.removesuffix(SUFFIX)).is_file()


def load_file(
    db: sqlite3.Connection,
    path: Path,
    today: date | None = None,
    *,
    progress: Callable[[], None] = lambda: None,
) -> tuple[Loaded, str | None]:
    """Loads a file and records what it covers, if its manifest says so and is true of it.

    Returns what loading did, and what is wrong with the manifest if something is: the file is loaded all the same, but
    covers nothing. A manifest may not reach beyond `today`, where given, unless filings in the file do. `progress` is
    called after each part. Raises as `read_file` and `writer.load` do.
    """
    answer = read_file(path)
    beside = path.with_name(path.name + SUFFIX)
    if not beside.exists():
        return writer.load(db, answer, progress=progress), None
    try:
        manifest = read_manifest(beside)
    except BrokenManifest as error:
        return writer.load(db, answer, progress=progress), str(error)
    parts = _Counted(answer.parts, manifest.listing.endpoint.removesuffix("s"))
    answer.parts = parts
    loaded = writer.load(db, answer, progress=progress)
    if problem := _untrue(manifest, answer, parts, today):
        return loaded, f"{beside.name}: {problem}; {path.name} is loaded, but nothing is known to be complete by it"
    coverage.record(db, manifest.listing, answer.sha256)
    return loaded, None


@dataclass
class _Counted:
    """The parts of an answer, whose records of one kind are counted as they pass."""

    parts: Iterable[Part]
    kind: str
    keys: set[str | int] = field(default_factory=set)
    newest: str = ""
    """The last posting day met, as ISO text."""

    def __iter__(self) -> Iterator[Part]:
        for part in self.parts:
            for record in part.records:
                if record.kind == self.kind:
                    self.keys.add(record.key)
                    columns, values = record.row
                    if "dt_posted" in columns:
                        self.newest = max(self.newest, values[columns.index("dt_posted")][:10])
            yield part


def _untrue(manifest: Manifest, answer: Answer, parts: _Counted, today: date | None) -> str | None:
    listing = manifest.listing
    if manifest.sha256 != answer.sha256:
        return f"its sha256 is not that of {answer.source} ({answer.sha256[:12]}...)"
    if answer.left_out:
        return f"{len(answer.left_out):,} records of {answer.source} cannot be read"
    if listing.count != len(parts.keys):
        return f"it counts {listing.count:,} {listing.endpoint}, the file has {len(parts.keys):,}"
    end = listing.posted.end
    if today and end and end > today and end.isoformat() > parts.newest:
        return f"posted_to {end} is yet to come"
    return None


def read_manifest(path: Path) -> Manifest:
    """A manifest, checked. Raises BrokenManifest naming the file and the field."""
    try:
        with path.open("rb") as stream:
            body = stream.read(LARGEST + 1)
        document = json.loads(body) if len(body) <= LARGEST else None
    except (OSError, ValueError, RecursionError) as error:
        raise BrokenManifest(f"{path.name}: cannot be read as JSON ({error}); its file covers nothing") from error
    try:
        return _checked(document)
    except (LobbyxError, ValueError) as error:
        raise BrokenManifest(f"{path.name}: {error}; its file covers nothing") from error


def _checked(document: Any) -> Manifest:
    if not isinstance(document, dict):
        raise ValueError("is no JSON object of a reasonable size")

    def text(name: str) -> str:
        value = document.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > 1_000:
            raise ValueError(f"{name} must be a text")
        return value

    def day(name: str) -> date:
        try:
            return date.fromisoformat(text(name))
        except ValueError:
            raise ValueError(f"{name} must be a date (2026-07-20)") from None

    wanted, count, sha256 = document.get("filters"), document.get("count"), text("sha256").lower()
    if not isinstance(wanted, dict):
        raise ValueError("filters must be an object")
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise ValueError("count must be a number")
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("sha256 must be 64 hexadecimal digits")
    query = filters.query(text("endpoint"), wanted)
    first = day("posted_from") if document.get("posted_from") is not None else None
    last = day("posted_to")
    if first and first > last:
        raise ValueError("posted_to is before posted_from")
    listing = coverage.listing_of(text("endpoint"), query, count, Window(first, last), last.isoformat(), text("source"))
    if listing is None:
        raise ValueError("the filters leave nothing between posted_from and posted_to")
    return Manifest(listing, sha256)
