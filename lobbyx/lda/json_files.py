"""Saved API answers (`.json`, `.jsonl`, gzipped or not) -> records.

A JSON file may hold a page (`{"count", "next", "previous", "results"}`), a bare list, a single object, or any of
these inside a recorder's wrapper (`{"request", "status", "headers", "body"}`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import zstandard

from lobbyx.lda.answer import LARGEST_LINE, Answer, Part, needs_care, parse_json
from lobbyx.lda.api_schema import CONSTANTS_PATHS
from lobbyx.lda.packed_files import Readable, open_file
from lobbyx.lda.records import BrokenRecord, Checker, Record, kind_of
from lobbyx.lda.typed_filings import FilingReader

PART_SIZE = 4 * 1024 * 1024
"""Bytes of a .jsonl file that are read, loaded and kept together."""


def read_body(
    body: bytes,
    url: str,
    *,
    fetched_at: str | None,
    status: int,
    broken: list[str] | None = None,
    document: Any = None,
) -> Answer:
    """The checked records of one answer of the API; `document` is the body parsed, where the caller has done so.

    Raises BrokenRecord as `read_file` does. With a list `broken`, invalid records are named there and left out.
    """
    checker = Checker(url)
    if document is None:
        document = parse_json(body, url, checker)
    else:
        checker.careful = needs_care(body)
    records = list(records_of(document, url, checker, broken))
    digest = sha256(body).hexdigest()
    return Answer(url, "json", digest, [Part.of(body, records)], checker, url, fetched_at, status)


@contextmanager
def read_errors(name: str) -> Iterator[None]:
    """Turns what goes wrong while reading a file into BrokenRecord."""
    try:
        yield
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BrokenRecord(f"{name}: cannot be read: {reason}") from error
    except UnicodeDecodeError as error:
        raise BrokenRecord(f"{name}: is not UTF-8 text (byte {error.start})") from error


def _is_wrapped(document: Any) -> bool:
    return isinstance(document, dict) and "body" in document and kind_of(document) is None


def unwrapped(document: Any) -> Any:
    """The API's answer, without a recorder's wrapper."""
    return document["body"] if _is_wrapped(document) else document


def describe(answer: Answer, document: Any) -> None:
    """Takes over what a recorder's wrapper says about the request."""
    if not _is_wrapped(document):
        return
    request, status, headers = (document.get(k) for k in ("request", "status", "headers"))
    answer.url = request if isinstance(request, str) else None
    answer.status = status if isinstance(status, int) else None
    if isinstance(headers, dict) and isinstance(headers.get("Date"), str):
        answer.fetched_at = http_date(headers["Date"])
    if answer.status is not None and answer.status != 200:
        raise BrokenRecord(f"{answer.source}: is the record of a failed request (status {answer.status})")


def http_date(text: str) -> str | None:
    """An HTTP `Date` header as ISO text in UTC; None if it cannot be read."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC).isoformat()
    except ValueError:
        return None


def records_of(body: Any, origin: str, checker: Checker, broken: list[str] | None = None) -> Iterator[Record]:
    if isinstance(body, dict) and isinstance(body.get("results"), list):
        body = body["results"]
    rows = body if isinstance(body, list) else [body]
    if isinstance(body, list) and body and kind_of(body[0]) is None:
        table = _constants_table(origin)
        if table:
            yield from checker.constants(table, body)
            return
    for number, raw in enumerate(rows, 1):
        try:
            yield _read_record(raw, number, checker)
        except BrokenRecord as error:
            if broken is None:
                raise
            broken.append(str(error))


def _read_record(raw: Any, number: int, checker: Checker) -> Record:
    kind = kind_of(raw)
    if kind is None:
        raise BrokenRecord(
            f"{checker.source}: record {number} is not a filing, contribution, registrant, client or lobbyist, "
            "and neither its request nor its file name says which list of constants it belongs to"
        )
    return checker.check(kind, raw, str(number))


def _constants_table(origin: str) -> str | None:
    """The table for a list of constants, from its URL or a file name such as `constants_filing_filingtypes.json`."""
    plain = origin.replace("_", "/").lower()
    return next((table for path, table in CONSTANTS_PATHS.items() if path in plain), None)


class Lines:
    """The parts of a .jsonl file. Each iteration reads the file again."""

    def __init__(self, path: Path, checker: Checker) -> None:
        self.path, self.checker = path, checker
        self.left_out: list[str] = []
        """Nothing: a file is loaded whole or not at all."""
        self.part_size = PART_SIZE

    def __iter__(self) -> Iterator[Part]:
        number = 0
        self.checker.begin()
        reader = FilingReader(self.checker)
        with read_errors(self.checker.source), open_file(self.path) as stream:
            while lines := self._some(stream):
                records = [reader.record(line, number + i) for i, line in enumerate(lines, 1) if not line.isspace()]
                number += len(lines)
                yield Part.of(b"".join(lines), records)

    def _some(self, stream: Readable) -> list[bytes]:
        """The next lines, about PART_SIZE bytes in all."""
        lines: list[bytes] = []
        size = 0
        while size < self.part_size and (line := stream.readline(LARGEST_LINE + 1)):
            if len(line) > LARGEST_LINE:
                raise BrokenRecord(f"{self.checker.source}: a line is longer than {LARGEST_LINE >> 20} MB")
            lines.append(line)
            size += len(line)
        return lines
