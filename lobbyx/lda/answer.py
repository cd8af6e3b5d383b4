"""One source of records: an API answer or a saved file, its bytes and the checked records in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Self

import orjson
import zstandard

from lobbyx.lda.api_schema import LONGEST_TEXT
from lobbyx.lda.packed_files import Readable
from lobbyx.lda.records import BrokenRecord, Checker, Record

LARGEST_JSON: Final = 512 * 1024 * 1024
"""Bytes of one JSON document after unpacking. Larger collections go into .jsonl, one record a line."""
LARGEST_LINE: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an answer: its bytes, compressed, and the checked records in them."""

    packed: bytes
    """Zstandard."""
    records: list[Record]

    @classmethod
    def of(cls, body: bytes, records: list[Record]) -> Self:
        """A part with its bytes compressed."""
        return cls(zstandard.compress(body, 3), records)


@dataclass
class Answer:
    """One source of records, and what is known about how it was obtained."""

    source: str
    """The file's name (without its folder), or the URL asked."""
    kind: str
    """`json`, `jsonl`, `csv` or `archive`."""
    sha256: str
    parts: Iterable[Part]
    """Read on demand, so that a large .jsonl file is never in memory as a whole."""
    checker: Checker
    url: str | None = None
    fetched_at: str | None = None
    status: int | None = None
    large: bool = False
    """Whether it is worth other ways of loading."""
    left_out: list[str] = field(default_factory=list)
    """What of an archive file could not be read, of the parts read so far."""

    @property
    def records(self) -> list[Record]:
        """All records of all parts."""
        return [record for part in self.parts for record in part.records]

    @property
    def unknown_fields(self) -> list[str]:
        """Fields that this version does not know, in the parts read so far."""
        return sorted(self.checker.unknown)


def read_bounded(stream: Readable, limit: int, name: str) -> bytes:
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise BrokenRecord(f"{name}: unpacks to more than {limit >> 20} MB; write it as .jsonl, one record a line")
    return body


def needs_care(body: bytes) -> bool:
    """Whether a text in a document may be longer than texts may be, or hold a NUL."""
    return len(body) > LONGEST_TEXT or (b"\\" in body and b"\\u0000" in body)  # one byte is found much faster


def parse_json(body: bytes, name: str, checker: Checker) -> Any:
    """JSON as Python objects. Sets how carefully the checker must read the texts in them."""
    checker.careful = needs_care(body)
    try:
        return orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as error:
        raise BrokenRecord(f"{name}: is not JSON: {error}") from error
