"""The tables as files: whole or not at all, with the types they have, read as their readers do."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import lobbyx
from lobbyx.database import export as exporting
from lobbyx.database.export import CannotExport, export
from tests.conftest import ROOT

duckdb = pytest.importorskip("duckdb")
pq = pytest.importorskip("pyarrow.parquet")

NOW = datetime(2026, 8, 1, tzinfo=UTC)
PAGE = (ROOT / "docs/how-to/export.md").read_text(encoding="utf-8")


def block(language: str, beginning: str) -> str:
    """The block of the documentation that begins so."""
    return next(b for b in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if b.startswith(beginning))


@pytest.fixture
def exported(coupang: lobbyx.Ledger, tmp_path: Path) -> Path:
    folder = tmp_path / "lobbying"
    export(coupang.db, folder, "parquet", exported_at=NOW)
    return folder


def test_the_queries_in_the_documentation_give_what_lobbyx_gives(
    exported: Path, coupang: lobbyx.Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(exported.parent)
    wanted = coupang.total("Coupang", "2024", "2024").methods["lda"].reported
    found = duckdb.sql(block("sql", "SELECT sum")).fetchall()
    assert found == [(Decimal(wanted),)]
    names: dict[str, object] = {}
    exec(block("python", "import polars"), names)  # our own documentation
    assert names["answer"] == Decimal(wanted)


def test_every_row_is_there_once_with_its_type(exported: Path, coupang: lobbyx.Ledger) -> None:
    tables = {one["table"]: one for one in json.loads((exported / "lobbyx-export.json").read_text())["tables"]}
    assert {"filings", "reports", "spending", "activities", "organizations", "claims"} <= tables.keys()
    assert not tables.keys() & exporting.LEFT_OUT
    for name, told in tables.items():
        rows = coupang.db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        assert (name, told["rows"]) == (name, rows)
        files = list((exported / name).rglob("*.parquet"))
        assert sum(pq.ParquetFile(file).metadata.num_rows for file in files) == rows
    filings = duckdb.sql(
        f"SELECT * FROM read_parquet('{exported}/filings/*/*.parquet', hive_partitioning = true) ORDER BY filing_uuid"
    ).to_arrow_table().to_pylist()  # fmt: skip
    on_file = [dict(row) for row in coupang.db.execute("SELECT * FROM filings ORDER BY filing_uuid")]
    assert len(filings) == len(on_file)
    for got, row in zip(filings, on_file, strict=True):
        assert got["filing_year"] == row["filing_year"]
        assert got["income"] == (None if row["income"] is None else Decimal(str(row["income"])))
        assert got["dt_posted"] == datetime.fromisoformat(row["dt_posted"])
        assert got["posted_by_name"] == row["posted_by_name"]
    report = duckdb.sql(f"SELECT period_start FROM '{exported}/reports/*/*.parquet' LIMIT 1").fetchall()
    assert isinstance(report[0][0], date)


def test_csv_tells_null_from_empty(coupang: lobbyx.Ledger, tmp_path: Path) -> None:
    hostile = 'comma, "quote"\nline\tand =1+1'
    coupang.db.execute("UPDATE registrants SET description = ?, contact_name = ''", [hostile])
    export(coupang.db, tmp_path / "out", "csv", exported_at=NOW)
    file = tmp_path / "out/registrants/part-0.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        assert next(csv.DictReader(stream))["description"] == hostile
    told = "description, contact_name, contact_telephone"
    rows = duckdb.sql(f"SELECT {told} FROM read_csv('{file}', allow_quoted_nulls = false, quote = '\"')").fetchall()
    assert {row[1:] for row in rows} == {("", None)}


def test_an_export_replaces_an_earlier_one_and_nothing_else(coupang: lobbyx.Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(coupang.db, folder, "csv", exported_at=NOW)
    coupang.db.execute("DELETE FROM organization_candidates")
    export(coupang.db, folder, "parquet", exported_at=NOW)
    assert not list(folder.rglob("*.csv"))
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".out")] == []
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(CannotExport, match="not empty and no earlier export"):
        export(coupang.db, mine, "csv", exported_at=NOW)
    assert (mine / "thesis.txt").read_text() == "years of work"
    with pytest.raises(CannotExport, match="is no folder"):
        export(coupang.db, mine / "thesis.txt", "csv", exported_at=NOW)


def test_a_failed_export_leaves_the_earlier_one(
    coupang: lobbyx.Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    export(coupang.db, folder, "csv", exported_at=NOW)
    before = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*.*") if p.is_file()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting._CsvSink, "write", full)
    with pytest.raises(CannotExport, match="No space left"):
        export(coupang.db, folder, "csv", exported_at=NOW)
    assert {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*.*") if p.is_file()} == before
    assert not coupang.db.in_transaction


def test_the_command(coupang_db: Path, tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from lobbyx.cli import main; main()", "export", str(tmp_path / "x")]
    done = subprocess.run([*program, "--db", str(coupang_db), "--json"], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["format"] == "parquet"
    assert next(one for one in told["tables"] if one["table"] == "filings")["partitioned_by"] == "filing_year"
    wrong = subprocess.run([*program, "--format", "xlsx"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    blocked = "import sys; sys.modules['pyarrow'] = None; from lobbyx.cli import main; main()"
    lacking = subprocess.run(
        [sys.executable, "-c", blocked, "export", str(tmp_path / "y"), "--db", str(coupang_db)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert lacking.returncode == 1
    assert "pip install 'lobbyx[export]'" in lacking.stderr
    assert not (tmp_path / "y").exists()
