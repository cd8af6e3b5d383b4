"""The rows of a CSV file with the lines they stand on.

Read by Python's `csv`, as sqlite-utils does, which imports pandas first: half a second for a dozen decisions.

A line ends with `\\n`, `\\r\\n` or `\\r` and with nothing else: U+2028, U+0085 and `\\v` are characters of a field. A
line break inside a quoted field reads as `\\n`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, RawIOBase, TextIOWrapper
from typing import BinaryIO, Final, cast

from lobbyx.model.errors import LobbyxError

LARGEST_HEAD: Final = 65_536
"""Bytes of the first line, which names the columns."""
LARGEST_FIELD: Final = 2**31 - 1
"""What `csv` accepts on every machine; files are bounded anyway."""


class BrokenTable(LobbyxError):
    """A CSV file that cannot be read as a table; `line` and `cause` say where and why."""

    def __init__(self, line: int, cause: str) -> None:
        super().__init__(f"line {line}: {cause}")
        self.line = line
        self.cause = cause


class _Strict(csv.excel):
    """CSV as spreadsheets write it; a quote where none belongs is an error."""

    strict = True


class _CountedLines(RawIOBase):
    """Bytes handed on one line at a time, so that the number of lines handed on is the line being parsed."""

    def __init__(self, body: bytes) -> None:
        self._lines = BytesIO(body)
        self._rest = b""
        self.number = 0

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1) -> bytes:
        """What a text wrapper asks for: the next line, in pieces where it is longer than `size`."""
        if not self._rest:
            self._rest = self._lines.readline()
            self.number += bool(self._rest)
        size = len(self._rest) if size < 0 else size
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


class Table:
    """A CSV file: `columns` as its first line names them, and its rows.

    With `strict`, a quote where none belongs is an error; without, it is read as a character. Raises BrokenTable where
    the first line is not CSV, and UnicodeDecodeError where the text is not UTF-8.
    """

    def __init__(self, body: bytes, *, strict: bool = True) -> None:
        self._body = body
        self._dialect = _Strict if strict else csv.excel
        body.decode("utf-8-sig")  # all of it, for the error to name the byte of the file
        head = body[:LARGEST_HEAD].split(b"\n", 1)[0].split(b"\r", 1)[0].decode("utf-8-sig", "replace")
        try:
            self.columns = next(csv.reader([head], self._dialect), [])
        except csv.Error as error:
            raise BrokenTable(1, f"is not CSV: {error}") from error

    def rows(self) -> Iterator[tuple[int, dict[str, str | None]]]:
        """(the line a row ends on, the row by column name); None for fields that a short row lacks.

        Raises BrokenTable where a row is not CSV or has more fields than the first line.
        """
        csv.field_size_limit(LARGEST_FIELD)
        lines = _CountedLines(self._body)
        text = TextIOWrapper(cast(BinaryIO, lines), encoding="utf-8-sig")
        try:
            for row in csv.DictReader(text, dialect=self._dialect):
                if None in row:
                    raise BrokenTable(lines.number, "has more fields than the first line")
                yield lines.number, row
        except csv.Error as error:
            raise BrokenTable(lines.number, f"is not CSV: {error}") from error
