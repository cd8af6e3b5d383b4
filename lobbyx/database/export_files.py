"""One file of an export: Parquet by pyarrow, or CSV.

In CSV, nothing between two commas is NULL and `""` is an empty text. Numbers have no quotes, texts always have them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, TextIO

from lobbyx.database.export_columns import Column, Kind
from lobbyx.model.errors import LobbyxError

Form = Literal["parquet", "csv"]
INSTALL: Final = "pip install 'lobbyx[export]'"


class NotExportable(LobbyxError):
    """A value is not what its column says, or the library for the format is missing."""


def _money(value: Any) -> Decimal:
    """Dollars and cents. The tables have whole dollars as integers and cents as a float with two decimals."""
    if not isinstance(value, int | float):
        raise TypeError
    if isinstance(value, float) and not isfinite(value):
        raise ValueError
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.2f}")


def _number(value: Any) -> float:
    if not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _integer(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _boolean(value: Any) -> bool:
    if value not in (0, 1):
        raise ValueError
    return bool(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


@lru_cache(maxsize=20_000)
def _date(value: str) -> date:
    return date.fromisoformat(value)


READ: Final = MappingProxyType[Kind, Callable[[Any], Any]](
    {"text": _text, "integer": _integer, "number": _number, "money": _money, "date": _date, "boolean": _boolean}
)


def typed(table: str, column: Column, values: Sequence[Any]) -> list[Any]:
    """The values of a column as its kind; None stays None. Raises NotExportable for one that is something else."""
    read = READ[column.kind]
    found: list[Any] = []
    try:
        for value in values:
            found.append(None if value is None else read(value))
    except (TypeError, ValueError, ArithmeticError) as error:
        bad = repr(values[len(found)])[:80]
        raise NotExportable(
            f"{table}.{column.name} holds {bad}, which is no {column.kind}. Something other than lobbyx wrote it; "
            "correct it in the database, or run lobbyx rebuild"
        ) from error
    return found


class TableFile(ABC):
    """A file that takes the rows of a table piece by piece."""

    def __init__(self, table: str, columns: Sequence[Column]) -> None:
        self.table = table
        self.columns = columns

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Adds rows as SQLite gives them."""
        by_column = zip(*rows, strict=True)
        self.add([typed(self.table, c, values) for c, values in zip(self.columns, by_column, strict=True)])

    @abstractmethod
    def add(self, values: list[list[Any]]) -> None:
        """Adds the values of each column."""

    @abstractmethod
    def close(self) -> None:
        """Writes what is left."""


class CSVFile(TableFile):
    """Comma-separated, UTF-8, a header, lines that end in a line feed."""

    def __init__(self, path: Path, table: str, columns: Sequence[Column]) -> None:
        super().__init__(table, columns)
        self.file: TextIO = path.open("w", encoding="utf-8", newline="")
        self.file.write(",".join(_quoted(c.name) for c in columns) + "\n")
        self.printed = [_PRINTED[c.kind] for c in columns]

    def add(self, values: list[list[Any]]) -> None:
        """Adds a line for each row."""
        printed = [
            ["" if value is None else show(value) for value in column]
            for show, column in zip(self.printed, values, strict=True)
        ]
        self.file.writelines(",".join(row) + "\n" for row in zip(*printed, strict=True))

    def close(self) -> None:
        """Closes the file."""
        self.file.close()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


_PRINTED: Final = MappingProxyType[Kind, Callable[[Any], str]](
    {
        "text": _quoted,
        "integer": str,
        "number": repr,
        "money": lambda value: f"{value:.2f}",
        "date": date.isoformat,
        "boolean": lambda value: "true" if value else "false",
    }
)


class ParquetFile(TableFile):
    """Parquet, compressed with zstd; a row group for each piece."""

    def __init__(self, path: Path, table: str, columns: Sequence[Column]) -> None:
        super().__init__(table, columns)
        import pyarrow as pa
        from pyarrow import parquet

        kinds = {
            "text": pa.string(),
            "integer": pa.int64(),
            "number": pa.float64(),
            "money": pa.decimal128(18, 2),
            "date": pa.date32(),
            "boolean": pa.bool_(),
        }
        self.schema = pa.schema([(c.name, kinds[c.kind]) for c in columns])
        self.writer = parquet.ParquetWriter(path, self.schema, compression="zstd")

    def add(self, values: list[list[Any]]) -> None:
        """Adds a row group."""
        import pyarrow as pa

        arrays = []
        for column, found, field in zip(self.columns, values, self.schema, strict=True):
            try:
                arrays.append(pa.array(found, field.type))
            except (pa.ArrowException, OverflowError, UnicodeError) as error:
                raise NotExportable(f"{self.table}.{column.name} does not fit a Parquet file: {error}") from error
        self.writer.write_table(pa.Table.from_arrays(arrays, schema=self.schema))

    def close(self) -> None:
        """Writes the file's end."""
        self.writer.close()


def require(form: Form) -> None:
    """Raises NotExportable, saying what to install, where a format's library is missing."""
    if form == "parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise NotExportable(
                f"Parquet files need pyarrow, which is not installed. Install it with: {INSTALL}; "
                "or write CSV files with --format csv"
            ) from error


@contextmanager
def open_file(folder: Path, form: Form, table: str, columns: Sequence[Column]) -> Iterator[TableFile]:
    """The one file of a folder."""
    made = {"parquet": ParquetFile, "csv": CSVFile}[form]
    file: TableFile = made(folder / f"part-0.{form}", table, columns)
    try:
        yield file
    finally:
        file.close()
