"""The tables as files for DuckDB, Polars or Spark: a folder for each table, Parquet or CSV.

The filings and what is counted from them are divided by year, the way Hive does (`filings/filing_year=2024/`). All
tables are read in one transaction, so they belong together even while somebody else writes, and a piece at a time, so
the size of the database does not matter. What the columns hold is in `export_columns.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final, get_args

from lobbyx.database import export_folder
from lobbyx.database.export_columns import Column, columns_of
from lobbyx.database.export_files import Form, NotExportable, TableFile, open_file
from lobbyx.database.schema import statements
from lobbyx.model.errors import LobbyxError

FORMS: Final[tuple[Form, ...]] = get_args(Form)
YEAR: Final = "filing_year"
"""The column that divides a table, as the name of a folder says it (`filing_year=2024`)."""
BATCH: Final = 20_000
"""Rows in memory at a time."""

# What the year of a row is. The ledger's own tables have none: a line has its filing's, a period that of its first day.
_BY_YEAR: Final = {
    "filings": "SELECT * FROM filings",
    "contributions": "SELECT * FROM contributions",
    "reports": "SELECT * FROM reports",
    "ledger_lines": "SELECT f.filing_year, l.* FROM filings f JOIN ledger_lines l ON l.filing_uuid = f.filing_uuid",
    "spending": "SELECT CAST(substr(period_start, 1, 4) AS INTEGER) AS filing_year, * FROM spending",
    "period_counts": "SELECT CAST(substr(period_start, 1, 4) AS INTEGER) AS filing_year, * FROM period_counts",
}
_ROWS_OF: Final = {"reports": "ledger_lines", "spending": "period_counts"}
"""Views with a row for each row of a table, which is quicker to count."""
_LEFT_OUT: Final = frozenset(
    {"activities_fts", "raw_answers", "state", "sync_windows", "sync_seen", "requests_sent", "touched_clients"}
)
"""What lobbyx keeps for itself: the index for searching, answers as they came, how far a mirror is."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    folder: Path
    form: Form
    rows: Mapping[str, int]
    """By table."""

    def json(self) -> dict[str, Any]:
        """As `lobbyx export --json` prints it."""
        return {"folder": str(self.folder), "format": self.form, "rows": sum(self.rows.values()), "tables": self.rows}


def tables() -> list[str]:
    """The tables and views that are exported, in the schema's order."""
    return [one.name for one in statements() if one.kind in ("TABLE", "VIEW") and one.name not in _LEFT_OUT]


def export(
    db: sqlite3.Connection, folder: Path, form: Form, advance: Callable[[int, int], None] = lambda *_: None
) -> Exported:
    """Writes all tables into a folder that is new, empty or an earlier export, which is replaced as a whole.

    `advance` is told how many of how many rows are written. Raises LobbyxError, leaving the folder as it was, if it
    holds something else, cannot be written, or a value is not what its column says.
    """
    with export_folder.replacing(folder) as made:
        db.execute("BEGIN")
        try:
            total = sum(_count(db, name) for name in tables())
            rows: dict[str, int] = {}
            described: dict[str, dict[str, Any]] = {}
            for name in tables():
                columns = columns_of(db, name)
                before = sum(rows.values())
                rows[name] = 0
                for written in _write(db, name, columns, made / name, form):
                    rows[name] += written
                    advance(before + rows[name], total)
                described[name] = _described(name, columns, rows[name])
        except sqlite3.DatabaseError as error:
            raise LobbyxError(f"the database cannot be read to its end: {error}") from error
        finally:
            db.execute("ROLLBACK")
        export_folder.describe(made, form, described)
    return Exported(folder, form, rows)


def _count(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {_ROWS_OF.get(name, name)}").fetchone()[0])  # noqa: S608


def _described(name: str, columns: Sequence[Column], rows: int) -> dict[str, Any]:
    kinds = {column.name: column.kind for column in columns if name not in _BY_YEAR or column.name != YEAR}
    return {"rows": rows, "partitioned_by": YEAR if name in _BY_YEAR else None, "columns": kinds}


def _write(db: sqlite3.Connection, name: str, columns: Sequence[Column], folder: Path, form: Form) -> Iterator[int]:
    """Writes one table. Gives the number of rows after each piece."""
    folder.mkdir()
    kept = [column for column in columns if name not in _BY_YEAR or column.name != YEAR]
    names = ", ".join(f'"{column.name}"' for column in kept)
    if name not in _BY_YEAR:
        cursor = db.execute(f"SELECT {names} FROM {name}")  # noqa: S608
        with open_file(folder, form, name, kept) as file:
            yield from _pieces(file, cursor)
        return
    cursor = db.execute(f"SELECT {YEAR}, {names} FROM ({_BY_YEAR[name]}) ORDER BY {YEAR}")  # noqa: S608
    for year, rows in groupby(cursor, key=lambda row: row[0]):
        part = folder / f"{YEAR}={int(year)}"
        part.mkdir()
        with open_file(part, form, name, kept) as file:
            yield from _pieces(file, (tuple(row)[1:] for row in rows))


def _pieces(file: TableFile, rows: Iterable[Any]) -> Iterator[int]:
    piece: list[Any] = []
    for row in rows:
        piece.append(row)
        if len(piece) == BATCH:
            file.write(piece)
            yield len(piece)
            piece = []
    if piece:
        file.write(piece)
        yield len(piece)


__all__ = ["FORMS", "Exported", "Form", "NotExportable", "export", "tables"]
