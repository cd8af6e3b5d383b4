"""Reads a file that a user names, depending on its kind, into records."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from lobbyx.lda import bulk_xml, elsewhere
from lobbyx.lda.answer import LARGEST_JSON, Answer, Part, parse_json, read_bounded
from lobbyx.lda.bulk_members import Member, count_members
from lobbyx.lda.csv_files import read_csv_records
from lobbyx.lda.json_files import (
    Lines,
    describe,
    read_errors,
    records_of,
    unwrapped,
)
from lobbyx.lda.packed_files import open_file
from lobbyx.lda.records import BrokenRecord, Checker, Record
from lobbyx.lda.typed_filings import FilingReader


def read_file(path: Path) -> Answer:
    """The checked records of one file.

    Raises BrokenRecord if the file cannot be read, is not what the API sends, or has an invalid record. The message
    names file, record and field. For .jsonl that happens while `parts` is read. A file of the Senate's archive gives
    what can be read of it and names the rest in `left_out`; it raises BrokenRecord only if that is nothing.
    """
    name = path.name
    checker = Checker(name)
    suffixes = [s.lower() for s in path.suffixes]
    packed = suffixes[-1:] in ([".gz"], [".zst"])
    kind = ((suffixes[-2:-1] if packed else suffixes[-1:]) or [""])[0].removeprefix(".")
    if kind not in ("json", "jsonl", "csv") and suffixes[-1:] not in ([".zip"], [".xml"]):
        raise BrokenRecord(
            f"{path}: lobbyx loads .json, .jsonl, .csv, .gz or .zst of these, and .zip or .xml of the Senate's archive"
        )
    with read_errors(str(path)):
        if kind in ("zip", "xml"):
            left_out: list[str] = []
            parts = bulk_xml.ArchiveParts(path, checker, left_out)
            large = path.stat().st_size * (20 if kind == "zip" else 1) > elsewhere.LARGE_FILE
            read = elsewhere.Elsewhere(parts) if large else parts
            return Answer(name, bulk_xml.KIND, _digest(path), read, checker, left_out=left_out)
        answer = Answer(name, kind, _digest(path), (), checker)
        if kind == "jsonl":
            answer.large = path.stat().st_size * (5 if packed else 1) > elsewhere.LARGE_FILE
            lines = Lines(path, checker)
            answer.parts = elsewhere.Elsewhere(lines) if answer.large else lines
            return answer
        with open_file(path) as stream:
            body = read_bounded(stream, LARGEST_JSON, name)
        if kind == "json":
            document = parse_json(body, name, checker)
            describe(answer, document)
            records = list(records_of(unwrapped(document), answer.url or name, checker))
        else:
            records = list(read_csv_records(body, checker))
        answer.parts = [Part.of(body, records)]
    return answer


def reread(body: bytes, kind: str, source: str, url: str | None) -> list[Record]:
    """The records of a part that was loaded before. Invalid records that were left out are left out again."""
    checker = Checker(source)
    if kind == bulk_xml.KIND:
        return bulk_xml.read_member(Member(source, body), checker)[0]
    if kind == "json":
        return list(records_of(unwrapped(parse_json(body, source, checker)), url or source, checker, []))
    if kind == "csv":
        return list(read_csv_records(body, checker))
    reader = FilingReader(checker)
    return [reader.record(line, number) for number, line in enumerate(body.splitlines(), 1) if line.strip()]


def parts_in(path: Path) -> int:
    """How many parts a file has, for a progress bar: the members of a zip of the archive, else one."""
    return count_members(path) if path.suffix.lower() == ".zip" else 1


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
