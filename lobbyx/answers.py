"""Files people have -> records: saved API answers (`.json`, `.jsonl`, gzipped or not) and CSV.

A JSON file may hold a page (`{"count", "next", "previous", "results"}`), a bare list, a single object, or any of
these inside a recorder's wrapper (`{"request", "status", "headers", "body"}`).
"""

from __future__ import annotations

import csv
import gc
import gzip
import marshal
import multiprocessing
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from hashlib import sha256
from io import BufferedReader
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Self

import orjson
import zstandard

from lobbyx.records import BrokenRecord, Checker, Record, kind_of
from lobbyx.shapes import CONSTANTS_PATHS, LONGEST_TEXT

LARGEST_JSON: Final = 512 * 1024 * 1024
"""Bytes of one JSON document after unpacking; larger collections go into .jsonl, one record a line."""
LARGEST_LINE: Final = 64 * 1024 * 1024
PART_SIZE = 4 * 1024 * 1024
"""Bytes of a .jsonl file that are read, loaded and kept together."""
LARGE_FILE = 32 * 1024 * 1024
"""Bytes. A larger .jsonl file is read and checked by a process of its own while this one writes."""
Readable = BufferedReader | gzip.GzipFile

FILING_COLUMNS: Final = (
    *("filing_uuid", "filing_type", "filing_year", "filing_period", "dt_posted", "registrant_id"),
    *(
        "registrant_name",
        "client_id",
        "client_name",
        "income",
        "expenses",
        "expenses_method",
        "termination_date",
    ),
)
ACTIVITY_COLUMNS: Final = (
    *("filing_uuid", "activity_no", "general_issue_code", "description", "government_entity_ids"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an answer: its bytes, compressed, and the checked records in them."""

    packed: bytes
    """Zstandard."""
    records: list[Record]

    @classmethod
    def of(cls, body: bytes, records: list[Record]) -> Self:
        """A part with its bytes compressed."""
        return cls(zstandard.compress(body, 3), records)


@dataclass
class Answer:
    """One source of records and what is known of how it was got."""

    source: str
    """The file's name (without its folder), or the URL asked."""
    kind: str
    """`json`, `jsonl` or `csv`."""
    sha256: str
    parts: Iterable[Part]
    """Read as they are asked for: a large .jsonl file never stands in memory whole."""
    checker: Checker
    url: str | None = None
    fetched_at: str | None = None
    status: int | None = None
    large: bool = False
    """Whether it is worth other ways of loading."""

    @property
    def records(self) -> list[Record]:
        """All records of all parts."""
        return [record for part in self.parts for record in part.records]

    @property
    def unknown_fields(self) -> list[str]:
        """Fields this version does not know, of the parts read so far."""
        return sorted(self.checker.unknown)


def read_file(path: Path) -> Answer:
    """The checked records of one file.

    Raises BrokenRecord where the file cannot be read, is not what the API sends, or one record is broken; the message
    names file, record and field. For .jsonl that happens while `parts` is read.
    """
    name = path.name
    checker = Checker(name)
    suffixes = [s.lower() for s in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    kind = ((suffixes[-2:-1] if packed else suffixes[-1:]) or [""])[0].removeprefix(".")
    if kind not in ("json", "jsonl", "csv"):
        raise BrokenRecord(f"{name}: lobbyx loads .json, .jsonl, .csv, and .gz of these")
    with _read_errors(name):
        answer = Answer(name, kind, _digest(path), (), checker)
        if kind == "jsonl":
            answer.large = path.stat().st_size * (5 if packed else 1) > LARGE_FILE
            answer.parts = _LinesElsewhere(path, packed, checker) if answer.large else _Lines(path, packed, checker)
            return answer
        with _open(path, packed) as stream:
            body = _bounded(stream, LARGEST_JSON, name)
        if kind == "json":
            document = _parse(body, name, checker)
            _describe(answer, document)
            records = list(_read_body(_unwrapped(document), answer.url or name, checker))
        else:
            records = list(_read_csv(body, checker))
        answer.parts = [Part.of(body, records)]
    return answer


def read_body(body: bytes, url: str, *, fetched_at: str | None, status: int, broken: list[str] | None = None) -> Answer:
    """The checked records of one answer of the API.

    Raises BrokenRecord as `read_file` does; with a list `broken`, broken records are named there and left out.
    """
    checker = Checker(url)
    records = list(_read_body(_parse(body, url, checker), url, checker, broken))
    digest = sha256(body).hexdigest()
    return Answer(url, "json", digest, [Part.of(body, records)], checker, url, fetched_at, status)


def reread(body: bytes, kind: str, source: str, url: str | None) -> list[Record]:
    """The records of a part that was loaded before (those that were left out as broken are left out again)."""
    checker = Checker(source)
    if kind == "json":
        return list(_read_body(_unwrapped(_parse(body, source, checker)), url or source, checker, []))
    if kind == "csv":
        return list(_read_csv(body, checker))
    return [_read_line(line, number, checker) for number, line in enumerate(body.splitlines(), 1) if line.strip()]


def _open(path: Path, packed: bool) -> Readable:
    return gzip.open(path, "rb") if packed else path.open("rb")


@contextmanager
def _read_errors(name: str) -> Iterator[None]:
    """What goes wrong in reading a file, as BrokenRecord."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BrokenRecord(f"{name}: cannot be read: {reason}") from error
    except UnicodeDecodeError as error:
        raise BrokenRecord(f"{name}: is not UTF-8 text (byte {error.start})") from error


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _bounded(stream: Readable, limit: int, name: str) -> bytes:
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise BrokenRecord(f"{name}: unpacks to more than {limit >> 20} MB; write it as .jsonl, one record a line")
    return body


def _parse(body: bytes, name: str, checker: Checker) -> Any:
    """JSON as Python objects; the checker is told how carefully it must read the texts in them."""
    # Some text in it may be longer than a text may be, or hold a NUL.
    checker.careful = len(body) > LONGEST_TEXT or b"\\u0000" in body
    try:
        return orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as error:
        raise BrokenRecord(f"{name}: is not JSON: {error}") from error


def _is_wrapped(document: Any) -> bool:
    return isinstance(document, dict) and "body" in document and kind_of(document) is None


def _unwrapped(document: Any) -> Any:
    """The API's answer, out of a recorder's wrapper."""
    return document["body"] if _is_wrapped(document) else document


def _describe(answer: Answer, document: Any) -> None:
    """What a recorder's wrapper says of how the answer was got."""
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
    """An HTTP `Date` header as ISO text in UTC; None where it cannot be read."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC).isoformat()
    except ValueError:
        return None


def _read_body(body: Any, origin: str, checker: Checker, broken: list[str] | None = None) -> Iterator[Record]:
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
            f"{checker.source}: record {number} is no filing, contribution, registrant, client or lobbyist, "
            "and neither its request nor its file name says which constants list it belongs to"
        )
    return checker.check(kind, raw, str(number))


def _constants_table(origin: str) -> str | None:
    """The table of a constants list, from its URL or a file name such as `constants_filing_filingtypes.json`."""
    plain = origin.replace("_", "/").lower()
    return next((table for path, table in CONSTANTS_PATHS.items() if path in plain), None)


class _Lines:
    """The parts of a .jsonl file, read anew each time it is gone through."""

    def __init__(self, path: Path, packed: bool, checker: Checker) -> None:
        self.path, self.packed, self.checker = path, packed, checker

    def __iter__(self) -> Iterator[Part]:
        number = 0
        self.checker.begin()
        with _read_errors(self.checker.source), _open(self.path, self.packed) as stream:
            while lines := self._some(stream):
                records = [
                    _read_line(line, number + i, self.checker) for i, line in enumerate(lines, 1) if line.strip()
                ]
                number += len(lines)
                yield Part.of(b"".join(lines), records)

    def _some(self, stream: Readable) -> list[bytes]:
        """The next lines, about PART_SIZE bytes of them."""
        lines: list[bytes] = []
        size = 0
        while size < PART_SIZE and (line := stream.readline(LARGEST_LINE + 1)):
            if len(line) > LARGEST_LINE:
                raise BrokenRecord(f"{self.checker.source}: a line is longer than {LARGEST_LINE >> 20} MB")
            lines.append(line)
            size += len(line)
        return lines


class _LinesElsewhere(_Lines):
    """The same, read and checked by another process."""

    def __iter__(self) -> Iterator[Part]:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        arguments = (self.path, self.packed, self.checker.source, PART_SIZE, theirs)
        process = context.Process(target=_read_elsewhere, args=arguments, daemon=True)
        process.start()
        theirs.close()
        try:
            while True:
                packed, content = marshal.loads(ours.recv_bytes())  # noqa: S302  (from our own process)
                if packed is None:
                    break
                yield Part(packed, [Record(*plain) for plain in content])
        except EOFError as error:
            raise BrokenRecord(f"{self.checker.source}: the process that read it has died") from error
        finally:
            ours.close()
            process.terminate()
            process.join()
        if isinstance(content, str):
            raise BrokenRecord(content)
        self.checker.unknown |= set(content)


def _read_elsewhere(path: Path, packed: bool, source: str, part_size: int, out: Connection) -> None:
    """The work of that process: each part as it is read, then the unknown fields, or what was wrong."""
    global PART_SIZE
    PART_SIZE = part_size
    gc.disable()  # records hold no cycles, and there are millions
    checker = Checker(source)
    last: str | list[str]
    try:
        for part in _Lines(path, packed, checker):
            out.send_bytes(marshal.dumps((part.packed, [record.plain() for record in part.records])))
        last = sorted(checker.unknown)
    except BrokenRecord as error:
        last = str(error)
    out.send_bytes(marshal.dumps((None, last)))


def _read_line(line: bytes, number: int, checker: Checker) -> Record:
    raw = _parse(line, f"{checker.source}, line {number}", checker)
    kind = kind_of(raw)
    if kind is None:
        raise BrokenRecord(f"{checker.source}: line {number} is no record of the API")
    return checker.check(kind, raw, f"in line {number}")


def _read_csv(body: bytes, checker: Checker) -> Iterator[Record]:
    lines = body.decode("utf-8-sig").splitlines(keepends=True)
    rows = csv.DictReader(lines, strict=True)
    try:
        header = rows.fieldnames or []
        if set(FILING_COLUMNS) <= set(header):
            for number, row in enumerate(rows, 1):
                yield checker.check("filing", _filing(row, str(number), checker), str(number), complete=False)
        elif set(ACTIVITY_COLUMNS) <= set(header):
            yield from _activities(rows, checker)
        else:
            raise BrokenRecord(
                f"{checker.source}: the first line must name the columns {', '.join(FILING_COLUMNS)} "
                f"or {', '.join(ACTIVITY_COLUMNS)}"
            )
    except csv.Error as error:
        raise BrokenRecord(f"{checker.source}: line {rows.line_num} is not CSV: {error}") from error


def _filing(row: dict[str, Any], number: str, checker: Checker) -> dict[str, Any]:
    """A CSV row in the API's shape."""
    if None in row or None in row.values():
        raise BrokenRecord(f"{checker.source}: record {number} has not as many fields as the first line")
    cells: dict[str, Any] = {name: row[name].strip() or None for name in FILING_COLUMNS}
    for name in ("filing_year", "registrant_id", "client_id"):
        text = cells[name]
        # What is no number stays text, and the shape's own check names the field.
        cells[name] = int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else text
    registrant = {"id": cells.pop("registrant_id"), "name": cells.pop("registrant_name")}
    client = {"id": cells.pop("client_id"), "name": cells.pop("client_name")}
    return {**cells, "registrant": registrant, "client": client}


def _activities(rows: csv.DictReader[str], checker: Checker) -> Iterator[Record]:
    """Activities by filing. Empty `government_entity_ids` = not collected, so nothing is said about them."""
    filings: dict[str, list[dict[str, Any]]] = {}
    for number, row in enumerate(rows, 1):
        try:
            entities = [{"id": int(i), "name": ""} for i in (row["government_entity_ids"] or "").split(";") if i]
        except ValueError:
            problem = f"{row['government_entity_ids']!r} is not a list of numbers (2;1)"
            raise BrokenRecord(f"{checker.source}: record {number}, field government_entity_ids: {problem}") from None
        raw = {"general_issue_code": row["general_issue_code"], "description": row["description"]}
        filings.setdefault(row["filing_uuid"], []).append({**raw, "government_entities": entities})
    for uuid, activities in filings.items():
        yield checker.activities(uuid, activities)
