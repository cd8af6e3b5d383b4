"""The files inside a zip of the Senate's archive, one at a time and within bounds.

A member that cannot be read to its end is handed on as far as it was read, with what went wrong: a filing before the
break is as good as any other. What is too large is not read at all: real members hold some 1,000 filings and unpack to
2 to 5 MB, twenty times their packed size at most.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lobbyx.lda.records import BrokenRecord

LARGEST_MEMBER: Final = 64 * 1024 * 1024
"""Bytes of one file after unpacking; its filings stand in memory together."""
LARGEST_ZIP: Final = 2 * 1024 * 1024 * 1024
"""Bytes of all files of a zip after unpacking; the largest quarter has some 120 MB."""
MOST_MEMBERS: Final = 5_000
HIGHEST_RATIO: Final = 200
"""Unpacked to packed bytes, from which on a member is taken for a zip bomb."""
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One XML file, as far as it could be read."""

    name: str
    body: bytes
    problem: str | None = None
    """Why it could not be read, or not to its end."""


def members(path: Path) -> Iterator[Member]:
    """The XML files of a zip in its own order, or the one file where it is no zip.

    Raises BrokenRecord where the whole file is refused: it is no zip, holds no XML or unpacks to too much.
    """
    if path.suffix.lower() != ".zip":
        with path.open("rb") as stream:
            body = stream.read(LARGEST_MEMBER + 1)
        yield _whole_or_nothing(path.name, body)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BrokenRecord(f"{path}: is not a zip file, or the end of it is missing ({error})") from error
    with archive:
        wanted = [entry for entry in archive.infolist() if _is_wanted(entry)]
        if not wanted:
            raise BrokenRecord(f"{path}: holds no .xml file")
        if len(wanted) > MOST_MEMBERS:
            raise BrokenRecord(f"{path}: holds more than {MOST_MEMBERS:,} files")
        total = 0
        for entry in wanted:
            member = _read(archive, entry)
            total += len(member.body)
            if total > LARGEST_ZIP:
                raise BrokenRecord(f"{path}: unpacks to more than {LARGEST_ZIP >> 30} GB")
            yield member


def count_members(path: Path) -> int:
    """How many XML files a zip holds; 1 for what is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(map(_is_wanted, archive.infolist())) or 1
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return 1


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """An XML file, and not what macOS puts beside it."""
    last = entry.filename.rpartition("/")[2]
    return last.lower().endswith(".xml") and not last.startswith("._")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    """One member. The sizes in the directory are only a claim, so bytes are counted as they come."""
    name = entry.filename.rpartition("/")[2]
    body = bytearray()
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                body += chunk
                if len(body) > LARGEST_MEMBER:
                    break
                if len(body) > _CHUNK and len(body) > HIGHEST_RATIO * max(entry.compress_size, 1):
                    return Member(name, b"", f"unpacks to more than {HIGHEST_RATIO} times its size: not read")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        return Member(name, bytes(body), f"cannot be unpacked to its end ({error})")
    except (RuntimeError, NotImplementedError) as error:  # locked by a password; packed in an unknown way
        return Member(name, b"", f"cannot be unpacked ({error})")
    return _whole_or_nothing(name, bytes(body))


def _whole_or_nothing(name: str, body: bytes) -> Member:
    if len(body) > LARGEST_MEMBER:
        return Member(name, b"", f"unpacks to more than {LARGEST_MEMBER >> 20} MB: not read")
    return Member(name, body)
