"""The tables as files, for DuckDB, Polars and Spark: Parquet or CSV, what belongs to a year in a folder a year.

`DIR/filings/filing_year=2024/part-0.parquet`: the year is in the path, as Hive has it, and not in the file. An export
is written beside DIR and renamed when it is whole, so that nobody reads half of one.

Types: INTEGER stays a 64-bit integer, money (NUMERIC) becomes decimal(18, 2) in US dollars, a day becomes a date, a
time of posting a timestamp in UTC, all else text. In CSV, what is null has nothing between the commas, and an empty
text has two quotation marks.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, Protocol, get_args

from lobbyx.model.errors import LobbyxError

Format = Literal["parquet", "csv"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
MANIFEST: Final = "lobbyx-export.json"
"""The file that says what an export holds, and by which one is known."""
ROWS_AT_ONCE: Final = 20_000

LEFT_OUT: Final = frozenset(
    {
        "raw_answers",
        "state",
        "touched_clients",
        "sync_windows",
        "sync_seen",
        "requests_sent",
        "ledger_lines",
        "period_counts",
        "_sqlite_migrations",
    }
)
"""The program's own tables. What is in `ledger_lines` and `period_counts` is exported as the views made of them."""
VIEWS: Final = ("reports", "spending")
OF_FILINGS: Final = (
    "activities",
    "affiliated_organizations",
    "conviction_disclosures",
    "foreign_entities",
)
OF_ACTIVITIES: Final = ("activity_lobbyists", "activity_government_entities")
OF_CONTRIBUTIONS: Final = ("contribution_items", "contribution_pacs")
MOMENTS: Final = frozenset({"dt_posted", "dt_updated"})
DAYS: Final = frozenset(
    {
        "termination_date",
        "effective_date",
        "date",
        "period_start",
        "period_end",
        "posted_from",
        "posted_to",
        "window_start",
        "window_end",
        "published",
        "as_of",
        "today_as_of",
        "day",
    }
)
Kind = Literal["integer", "money", "number", "day", "moment", "text"]


class CannotExport(LobbyxError):
    """The folder cannot be used, or a library that the format needs is not installed."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Exported:
    """One table of an export."""

    table: str
    rows: int
    files: int
    partitioned_by: str | None
    columns: tuple[Column, ...]

    def json(self) -> dict[str, Any]:
        """As the manifest and `--json` have it."""
        return {
            "table": self.table,
            "rows": self.rows,
            "files": self.files,
            "partitioned_by": self.partitioned_by,
            "columns": {column.name: column.kind for column in self.columns},
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is read: its rows, in the order of the years they belong to."""

    table: str
    select: str
    """Without a condition on the year."""
    of_year: str | None = None
    """SQL: whether a row belongs to `:year`."""
    year_name: str | None = None
    years: str = ""
    """SQL that gives all years."""
    columns: tuple[Column, ...] = field(default=())


class Sink(Protocol):
    """A file that rows are written to."""

    def write(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Adds rows."""


def export(
    db: sqlite3.Connection,
    folder: Path,
    form: Format,
    *,
    exported_at: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Exported]:
    """Writes all tables into `folder`, which must not exist, be empty, or be an earlier export (which it replaces).

    All tables are as they were at one moment. Returns what was written. Raises CannotExport, and leaves what was there
    before.
    """
    sink_of = _parquet_file if form == "parquet" else _csv_file
    if form == "parquet":
        _pyarrow()
    folder = folder.absolute()
    _require_usable(folder)
    partial = folder.with_name(f".{folder.name}.partial")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        db.execute("BEGIN")  # one moment, while somebody else may write
        try:
            found = plans(db)
            written = []
            for done, plan in enumerate(found):
                written.append(_write(db, plan, partial, form, sink_of))
                progress(done + 1, len(found))
        finally:
            db.execute("ROLLBACK")
        manifest = {
            "made_by": "lobbyx export",
            "format": form,
            "exported_at": exported_at.isoformat(),
            "tables": [one.json() for one in written],
        }
        (partial / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        _put_in_place(partial, folder)
    except OSError as error:
        raise CannotExport(f"{folder.name} cannot be written in {folder.parent} ({error.strerror or error})") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return written


def plans(db: sqlite3.Connection) -> list[Plan]:
    """Every table that is exported and how it is read, in alphabetical order."""
    tables = [
        row[0]
        for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        if row[0] not in LEFT_OUT and "_fts" not in row[0]
    ]
    return [_plan(db, name) for name in sorted([*tables, *VIEWS])]


def _plan(db: sqlite3.Connection, table: str) -> Plan:
    columns = tuple(
        Column(row["name"], _kind(row["name"], row["type"])) for row in db.execute(f"PRAGMA table_info({table})")
    )
    named = ", ".join(f't."{c.name}"' for c in columns)
    if table in ("filings", "contributions", "reports"):
        columns = tuple(c for c in columns if c.name != "filing_year")
        named = ", ".join(f't."{c.name}"' for c in columns)
        years = f"SELECT DISTINCT filing_year FROM {'filings' if table == 'reports' else table}"  # noqa: S608
        return Plan(table, f"SELECT {named} FROM {table} t", "t.filing_year = :year", "filing_year", years, columns)  # noqa: S608
    if table == "spending":
        years = "SELECT DISTINCT CAST(substr(period_start, 1, 4) AS INTEGER) FROM period_counts"
        begins = "t.period_start BETWEEN :year || '-01-01' AND :year || '-12-31'"
        return Plan(table, f"SELECT {named} FROM {table} t", begins, "year", years, columns)  # noqa: S608
    if table in (*OF_FILINGS, *OF_ACTIVITIES, *OF_CONTRIBUTIONS):
        whole = "contributions" if table in OF_CONTRIBUTIONS else "filings"
        joined = "JOIN activities a ON a.id = t.activity_id " if table in OF_ACTIVITIES else ""
        key = "a.filing_uuid" if table in OF_ACTIVITIES else "t.filing_uuid"
        select = f"SELECT {named} FROM {table} t {joined}JOIN {whole} f ON f.filing_uuid = {key}"  # noqa: S608
        years = f"SELECT DISTINCT filing_year FROM {whole}"  # noqa: S608
        return Plan(table, select, "f.filing_year = :year", "filing_year", years, columns)
    return Plan(table, f"SELECT {named} FROM {table} t", columns=columns)  # noqa: S608


def _kind(name: str, declared: str) -> Kind:
    if declared == "INTEGER":
        return "integer"
    if declared == "NUMERIC":
        return "number" if name in ("value", "precision", "ownership_percentage") else "money"
    if declared == "REAL":
        return "number"
    return "moment" if name in MOMENTS else "day" if name in DAYS else "text"


def _write(
    db: sqlite3.Connection,
    plan: Plan,
    folder: Path,
    form: Format,
    sink_of: Callable[[Path, Sequence[Column]], AbstractContextManager[Sink]],
) -> Exported:
    rows = files = 0
    years: list[int | None] = [None]
    if plan.of_year:
        years = sorted(row[0] for row in db.execute(plan.years))
    for year in years:
        inside = folder / plan.table / (f"{plan.year_name}={year}" if plan.of_year else "")
        condition = f" WHERE {plan.of_year}" if plan.of_year else ""
        cursor = db.execute(f"{plan.select}{condition}", {"year": year})
        first = cursor.fetchmany(ROWS_AT_ONCE)
        if plan.of_year and not first:
            continue
        inside.mkdir(parents=True, exist_ok=True)
        with sink_of(inside / f"part-0.{form}", plan.columns) as sink:
            while first:
                sink.write(first)
                rows += len(first)
                first = cursor.fetchmany(ROWS_AT_ONCE)
        files += 1
    return Exported(plan.table, rows, files, plan.year_name, plan.columns)


def _require_usable(folder: Path) -> None:
    """Raises CannotExport for a folder with anything in it that is no earlier export."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise CannotExport(f"{folder} is no folder; name one that does not exist yet")
    if not folder.exists() or not any(folder.iterdir()):
        return
    try:
        earlier = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("made_by") == "lobbyx export"
    except (OSError, ValueError, AttributeError):
        earlier = False
    if not earlier:
        raise CannotExport(f"{folder} is not empty and no earlier export; name another folder, or empty it yourself")


def _put_in_place(partial: Path, folder: Path) -> None:
    """Renames the finished export; an earlier one is moved aside before and removed after."""
    aside = folder.with_name(f".{folder.name}.earlier")
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.rename(aside)
    try:
        partial.rename(folder)
    except OSError:
        if aside.exists():
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


# CSV ---------------------------------------------------------------------------------------------------------------


class _CsvSink:
    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def write(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self.stream.writelines(_csv_line(tuple(row)) for row in rows)


def _csv_line(values: Iterable[Any]) -> str:
    return ",".join(map(_csv_value, values)) + "\n"


def _csv_value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return f"{value:.2f}" if isinstance(value, float) and round(value, 2) == value else str(value)


@contextmanager
def _csv_file(path: Path, columns: Sequence[Column]) -> Iterator[Sink]:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(_csv_line(column.name for column in columns))
        yield _CsvSink(stream)


# Parquet -----------------------------------------------------------------------------------------------------------


def _pyarrow() -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet
    except ImportError as error:
        raise CannotExport(
            "Parquet needs pyarrow, which is not installed. Install it with: pip install 'lobbyx[export]', or export "
            "with --format csv"
        ) from error
    return pa, pyarrow.parquet


class _ParquetSink:
    def __init__(self, writer: Any, schema: Any, columns: Sequence[Column]) -> None:
        self.writer, self.schema, self.columns = writer, schema, columns

    def write(self, rows: Sequence[tuple[Any, ...]]) -> None:
        pa, _ = _pyarrow()
        by_column = zip(*rows, strict=True)
        arrays = [
            pa.array([_read(value, column.kind) for value in values], type=of.type)
            for values, column, of in zip(by_column, self.columns, self.schema, strict=True)
        ]
        self.writer.write_table(pa.Table.from_arrays(arrays, schema=self.schema))


def _read(value: Any, kind: Kind) -> Any:
    """A value of SQLite as Parquet has it. A day or a moment that is none becomes null; the filing's text has it."""
    if value is None or kind == "integer":
        return value
    if kind == "money":
        return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.2f}")
    if kind == "number":
        return float(value)
    if kind == "text":
        return str(value)
    try:
        return date.fromisoformat(value) if kind == "day" else datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@contextmanager
def _parquet_file(path: Path, columns: Sequence[Column]) -> Iterator[Sink]:
    pa, parquet = _pyarrow()
    types = {
        "integer": pa.int64(),
        "money": pa.decimal128(18, 2),
        "number": pa.float64(),
        "day": pa.date32(),
        "moment": pa.timestamp("us", tz="UTC"),
        "text": pa.string(),
    }
    schema = pa.schema([(column.name, types[column.kind]) for column in columns])
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        yield _ParquetSink(writer, schema, columns)
