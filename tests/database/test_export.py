"""The tables as files: equal to the database, all or nothing, and summed by others to the same total."""

from __future__ import annotations

import csv
import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import lobbyx
from lobbyx.database import connection, export, export_columns, export_files, export_folder
from lobbyx.model.errors import LobbyxError
from tests.conftest import ROOT, Run, build

pytestmark = pytest.mark.filterwarnings("ignore")
BY_YEAR = ("filings", "contributions", "reports", "ledger_lines", "spending", "period_counts")
QUERIES = re.findall(r"```python\n(.*?)```", (ROOT / "docs/how-to/export.md").read_text(encoding="utf-8"), re.DOTALL)


def written(db: Path, folder: Path, form: Any = "csv") -> export.Exported:
    with closing(connection.connect(db)) as opened:
        return export.export(opened, folder, form)


def lines(folder: Path, table: str) -> list[str]:
    """The lines of a table's CSV files without their headers."""
    files = sorted((folder / table).rglob("*.csv"))
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines()[1:]]


def total_of_2024(db: Path) -> Decimal:
    with lobbyx.open(db) as opened:
        return Decimal(opened.total("Coupang", "2024", "2024").json()["methods"]["lda"]["reported"])


@pytest.fixture(scope="module")
def archive_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Filings and contributions of the Senate's archive, whose values are older and rougher than the API's."""
    bulk = ROOT / "tests" / "data" / "bulk"
    return build(tmp_path_factory.mktemp("db") / "archive.db", *sorted(bulk.glob("*.zip")), bulk / "api_2016.jsonl")


# What is in the files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("built", ["samples_built", "archive_built"])
def test_every_row_of_every_table_is_in_the_parquet_files(
    request: pytest.FixtureRequest, tmp_path: Path, built: str
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    source: Path = request.getfixturevalue(built)
    done = written(source, tmp_path / "out", "parquet")
    assert {p.name for p in (tmp_path / "out").iterdir()} == {*export.tables(), "lobbyx-export.json"}
    with closing(connection.connect(source)) as db:
        for name in export.tables():
            columns = export_columns.columns_of(db, name)
            kept = [c for c in columns if name not in BY_YEAR or c.name != "filing_year"]
            stored = [
                tuple(row) for row in db.execute("SELECT " + ", ".join(f'"{c.name}"' for c in kept) + f" FROM {name}")
            ]
            found: list[Any] = []
            for file in (tmp_path / "out" / name).rglob("*.parquet"):
                found += [tuple(row.values()) for row in parquet.ParquetFile(file).read().to_pylist()]
            wanted = [
                tuple(export_files.typed(name, c, [v])[0] for c, v in zip(kept, row, strict=True)) for row in stored
            ]
            assert sorted(map(repr, map(plain, found))) == sorted(map(repr, map(plain, wanted))), name
            assert done.rows[name] == len(stored)
    assert done.rows["filings"] > 50
    assert done.rows["contributions"] > 0
    written(source, tmp_path / "out")
    for name in export.tables():
        found = [row for file in (tmp_path / "out" / name).rglob("*.csv") for row in csv.reader(file.open(newline=""))]
        assert len(found) - len(list((tmp_path / "out" / name).rglob("*.csv"))) == done.rows[name], name


def plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(v.quantize(Decimal("0.01")) if isinstance(v, Decimal) else v for v in row)


def test_csv_tells_null_from_nothing_and_from_zero(coupang_db: Path, tmp_path: Path) -> None:
    with closing(connection.connect(coupang_db)) as db:
        db.execute("UPDATE filings SET income = 0, expenses = NULL, posted_by_name = '', registrant_city = NULL")
        db.execute(
            "UPDATE filings SET registrant_address_1 = 'A \"B\", C' || char(10) || '=1+1', termination_date = '2024-02-29'"
        )
        db.execute("UPDATE filings SET expenses = 1234567.10 WHERE filing_year = 2024")
    written(coupang_db, tmp_path / "out")
    for year, expenses in (("2023", ",0.00,,"), ("2024", ",0.00,1234567.10,")):
        text = (tmp_path / f"out/filings/filing_year={year}/part-0.csv").read_text(encoding="utf-8")
        assert expenses in text
        (row, *_) = list(csv.DictReader(text.splitlines(keepends=True)))
        assert row["registrant_address_1"] == 'A "B", C\n=1+1'
        assert row["termination_date"] == "2024-02-29"
        assert ',"",' in text  # posted_by_name
        assert "filing_year" not in row


def test_filings_stand_in_the_folder_of_their_year(coupang_db: Path, tmp_path: Path) -> None:
    written(coupang_db, tmp_path / "out")
    with closing(connection.connect(coupang_db)) as db:
        for table in BY_YEAR:
            if table == "contributions":
                continue
            year = "filing_year" if table in ("filings", "reports") else "substr(period_start, 1, 4)"
            by_year = dict(db.execute(f"SELECT {year}, count(*) FROM {table} GROUP BY 1").fetchall())
            found = {
                folder.name: len(folder.joinpath("part-0.csv").read_text(encoding="utf-8").splitlines()) - 1
                for folder in (tmp_path / "out" / table).iterdir()
            }
            assert found == {f"filing_year={year}": n for year, n in by_year.items()}, table


def test_every_number_and_day_of_the_schema_has_its_kind(samples_db: Path) -> None:
    day = re.compile(r"\d{4}-\d\d-\d\d")
    with closing(connection.connect(samples_db)) as db:
        for table in export.tables():
            for column in export_columns.columns_of(db, table):
                values = [v for (v,) in db.execute(f'SELECT DISTINCT "{column.name}" FROM {table}') if v is not None]
                if values and all(isinstance(v, str) and day.fullmatch(v) for v in values):
                    assert column.kind == "date", (table, column)
    with pytest.raises(AssertionError, match="no kind"):
        export_columns.kind_of("t", "unheard_of", "NUMERIC")


# Others read it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("library", ["duckdb", "polars"])
def test_the_documented_queries_give_the_total(
    coupang_db: Path, tmp_path: Path, library: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip(library)
    written(coupang_db, tmp_path / "export", "parquet")
    (query,) = [q for q in QUERIES if f"import {library}" in q]
    with chdir(tmp_path):
        exec(query, {})
    assert capsys.readouterr().out.strip() == str(total_of_2024(coupang_db).quantize(Decimal("0.01"))) == "3310000.00"


def test_duckdb_reads_csv_with_its_nulls(coupang_db: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    with closing(connection.connect(coupang_db)) as db:
        db.execute("UPDATE filings SET posted_by_name = '', registrant_city = NULL")
    written(coupang_db, tmp_path / "out")
    found = duckdb.sql(
        f"SELECT DISTINCT posted_by_name, registrant_city FROM read_csv('{tmp_path}/out/filings/*/*.csv', "
        "hive_partitioning = true, allow_quoted_nulls = false)"
    )
    assert found.fetchall() == [("", None)]


# All or nothing ------------------------------------------------------------------------------------------------------


def test_an_earlier_export_is_replaced_as_a_whole(coupang_db: Path, samples_db: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    written(samples_db, out)
    (out / "filings" / "filing_year=1900").mkdir()
    written(coupang_db, out)
    assert not (out / "filings" / "filing_year=1900").exists()
    assert len(lines(out, "filings")) == 80
    assert [p.name for p in out.parent.iterdir()] == ["out"]
    (out / "mine.txt").write_text("mine")
    with pytest.raises(LobbyxError, match=r"mine\.txt in it is not part of it"):
        written(coupang_db, out)
    assert (out / "mine.txt").read_text() == "mine"


KILLED = """
import os, signal, sys
from contextlib import closing
from pathlib import Path
from lobbyx.database import connection, export, export_folder
db, out, exchanges, where = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "True", sys.argv[4]
kill = lambda: os.kill(os.getpid(), signal.SIGKILL)
exchange, rename, rmtree = export_folder._exchange, Path.rename, export_folder.shutil.rmtree
left = export_folder._beside(out)
if not exchanges:
    export_folder._exchange = lambda one, other: False
def exchanged(one, other):
    if where == "before": kill()
    done = exchange(one, other)
    kill()
def renamed(self, target):
    if where == "between" and Path(target) == out and left.is_dir() and not out.exists(): kill()
    return rename(self, target)
def removed(path, **how):
    if where == "after" and Path(path) == left and out.exists() and left.exists(): kill()
    rmtree(path, **how)
if exchanges:
    export_folder._exchange = exchanged
Path.rename = renamed
export_folder.shutil.rmtree = removed
with closing(connection.connect(db)) as opened:
    export.export(opened, out, "csv")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("exchanges", "where", "there", "filings"),
    [
        (True, "before", True, None),
        (True, "exchanged", True, 80),
        (False, "between", False, None),
        (False, "after", True, 80),
    ],
)
def test_an_export_that_is_killed_leaves_the_old_or_the_new_tree_and_the_next_run_mends_it(
    coupang_db: Path, samples_db: Path, tmp_path: Path, exchanges: bool, where: str, there: bool, filings: int | None
) -> None:
    out = tmp_path / "folder" / "out"
    written(samples_db, out)
    before = len(lines(out, "filings"))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, coupang_db, out, str(exchanges), where], check=False, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL
    assert out.exists() == there
    kept = out if there else export_folder._beside(out)
    assert len(lines(kept, "filings")) == (filings or before)
    # The next run mends it even if it writes nothing.
    with pytest.raises(ZeroDivisionError), export_folder.replacing(out):
        raise ZeroDivisionError
    assert len(lines(out, "filings")) == (filings or before)
    assert not export_folder._beside(out).exists()
    written(coupang_db, out)
    assert len(lines(out, "filings")) == 80


def test_a_folder_of_another_name_is_never_mended(tmp_path: Path) -> None:
    out = tmp_path / "out"
    mine = export_folder._beside(out)
    mine.mkdir()
    (mine / "photo.jpg").write_text("mine")
    export_folder.mend(out)
    assert (mine / "photo.jpg").read_text() == "mine"
    assert not out.exists()


def not_empty(folder: Path) -> None:
    folder.mkdir()
    (folder / "photo.jpg").write_text("mine")


def fake_marker(folder: Path) -> None:
    folder.mkdir()
    (folder / export_folder.MARKER).write_text('{"tables": 1}')


def a_file(folder: Path) -> None:
    folder.write_text("mine")


def a_link(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    folder.symlink_to(folder.parent / "elsewhere")


@pytest.mark.parametrize("made", [not_empty, fake_marker, a_file, a_link])
def test_nothing_else_is_ever_replaced(coupang_db: Path, tmp_path: Path, made: Callable[[Path], None]) -> None:
    made(tmp_path / "out")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(export_folder.FolderInUse):
        written(coupang_db, tmp_path / "out")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_place_that_cannot_be_is_told(coupang_db: Path, tmp_path: Path) -> None:
    a_file(tmp_path / "file")
    with pytest.raises(LobbyxError, match=r"out cannot be made: .*file is a file\. Name another folder"):
        written(coupang_db, tmp_path / "file" / "out")
    (tmp_path / "here" / "in").mkdir(parents=True)
    with chdir(tmp_path / "here" / "in"), pytest.raises(export_folder.FolderInUse, match="you are in it"):
        written(coupang_db, Path())
    assert list((tmp_path / "here" / "in").iterdir()) == []


def test_an_export_that_fails_leaves_what_was_there(coupang_db: Path, tmp_path: Path) -> None:
    written(coupang_db, tmp_path / "out")
    before = lines(tmp_path / "out", "spending")
    with closing(sqlite3.connect(coupang_db)) as db:
        db.execute("UPDATE filings SET termination_date = 'soon' WHERE filing_year = 2025")
        db.commit()
    with pytest.raises(export.NotExportable, match=r"filings\.termination_date holds 'soon', which is no date"):
        written(coupang_db, tmp_path / "out")
    assert lines(tmp_path / "out", "spending") == before
    assert {p.name for p in tmp_path.iterdir()} == {"out", coupang_db.name}


def test_an_export_that_is_interrupted_leaves_nothing(coupang_db: Path, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with closing(connection.connect(coupang_db)) as db:
        with pytest.raises(KeyboardInterrupt):
            export.export(db, tmp_path / "out", "csv", interrupt)
        assert [p.name for p in tmp_path.iterdir()] == [coupang_db.name]
        export.export(db, tmp_path / "out", "csv")  # the connection can be used again
    assert (tmp_path / "out" / "filings").is_dir()


def test_the_folder_of_an_export_has_the_permissions_of_any_new_one(coupang_db: Path, tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()
    written(coupang_db, tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_all_tables_are_of_one_moment(coupang_db: Path, tmp_path: Path) -> None:
    """While another process writes, the export shows what was there when it began."""
    with closing(connection.connect(coupang_db)) as reader:
        reader.execute("PRAGMA journal_mode = WAL")
        with closing(connection.connect(coupang_db)) as writer:
            told: list[tuple[int, int]] = []

            def write(done: int, total: int) -> None:
                told.append((done, total))
                if len(told) == 1:
                    writer.execute("DELETE FROM filings")

            done = export.export(reader, tmp_path / "out", "csv", write)
            assert writer.execute("SELECT count(*) FROM filings").fetchone()[0] == 0
    assert (done.rows["filings"], len(lines(tmp_path / "out", "reports"))) == (80, done.rows["reports"])
    assert done.rows["reports"] > 0
    assert told[-1] == (sum(done.rows.values()), sum(done.rows.values()))


def test_rows_are_held_a_piece_at_a_time(coupang_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    real = export_files.CSVFile.add
    monkeypatch.setattr(export, "BATCH", 7)
    monkeypatch.setattr(
        export_files.CSVFile, "add", lambda self, values: (sizes.append(len(values[0])), real(self, values))[1]
    )
    written(coupang_db, tmp_path / "out")
    assert max(sizes) == 7
    assert len(lines(tmp_path / "out", "filings")) == 80


# As a user runs it ---------------------------------------------------------------------------------------------------


def test_the_command_line(coupang_db: Path, run: Run) -> None:
    done = run("export", "out", "--format", "csv", "--db", coupang_db, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["folder"], told["format"], told["tables"]["filings"]) == ("out", "csv", 80)
    assert told["rows"] == sum(told["tables"].values())
    marker = json.loads((run.folder / "out" / "lobbyx-export.json").read_text())
    assert marker["tables"]["spending"]["columns"]["reported"] == "money"
    assert marker["tables"]["spending"]["partitioned_by"] == "filing_year"
    (run.folder / "full").mkdir()
    (run.folder / "full" / "x").touch()
    refused = run("export", "full", "--format", "csv", "--db", coupang_db)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "full is not empty and not an earlier export" in refused.stderr
    assert run("export", "out", "--format", "xml", "--db", coupang_db).returncode == 2


def test_parquet_without_pyarrow_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(export.NotExportable, match=r"pip install 'lobbyx\[export\]'; or write CSV"):
        export_files.require("parquet")
    export_files.require("csv")


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("money", 5, Decimal(5)),
        ("money", 0, Decimal(0)),
        ("money", 1234567.1, Decimal("1234567.10")),
        ("money", 0.29, Decimal("0.29")),
        ("money", None, None),
        ("date", "2024-02-29", date(2024, 2, 29)),
        ("boolean", 0, False),
        ("text", "", ""),
        ("integer", 0, 0),
        ("number", 0.74, 0.74),
    ],
)
def test_values_are_exact(kind: Any, value: Any, wanted: Any) -> None:
    (found,) = export_files.typed("t", export_columns.Column("c", kind), [value])
    assert (found, type(found)) == (wanted, type(wanted))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("money", "much"),
        ("money", float("inf")),
        ("date", "2023-02-29"),
        ("date", 5),
        ("boolean", 2),
        ("integer", 1.5),
        ("text", 5),
        ("text", b"\xff"),
        ("number", "x"),
    ],
)
def test_a_value_of_another_kind_is_named(kind: Any, value: Any) -> None:
    with pytest.raises(export.NotExportable, match=r"t\.c holds"):
        export_files.typed("t", export_columns.Column("c", kind), [None, value])
