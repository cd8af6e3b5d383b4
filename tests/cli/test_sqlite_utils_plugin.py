"""lobbyx in sqlite-utils and Datasette: the command, and the SQL functions."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from datasette.app import Datasette

import lobbyx
from lobbyx.cli import sqlite_utils_plugin
from lobbyx.database import functions
from lobbyx.model import resources


@pytest.fixture
def sqlite_utils(tmp_path: Path) -> object:
    """`sqlite-utils` with this tree's plugin installed, in a process of its own."""
    dist = tmp_path / "site" / "lobbyx_here-0.dist-info"
    dist.mkdir(parents=True)
    (dist / "METADATA").write_text("Metadata-Version: 2.1\nName: lobbyx-here\nVersion: 0\n")
    if not list(entry_points(group="sqlite_utils", name="lobbyx")):
        (dist / "entry_points.txt").write_text("[sqlite_utils]\nlobbyx_here = lobbyx.cli.sqlite_utils_plugin\n")
    return lambda *args: subprocess.run(
        [sys.executable, "-m", "sqlite_utils", *map(str, args)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), *sys.path])},
    )


def test_the_entry_point_is_what_the_package_declares() -> None:
    import tomllib

    project = tomllib.loads((Path(lobbyx.__file__).parents[1] / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["sqlite_utils"] == {"lobbyx": sqlite_utils_plugin.__name__}


def test_an_installed_lobbyx_is_listed() -> None:
    if not list(entry_points(group="sqlite_utils", name="lobbyx")):
        pytest.skip("this environment was installed before the plugin was there; ./scripts/test installs it")
    done = subprocess.run([sys.executable, "-m", "sqlite_utils", "plugins"], capture_output=True, text=True, timeout=60)
    assert '"lobbyx"' in done.stdout


def test_lda_load_loads_and_derives(sqlite_utils: object, tmp_path: Path) -> None:
    assert callable(sqlite_utils)
    listed = sqlite_utils("plugins").stdout
    assert "prepare_connection" in listed
    assert "register_commands" in listed
    done = sqlite_utils("lda-load", "x.db", resources.path("coupang/filings.csv"))
    assert (done.returncode, done.stdout) == (0, "filings.csv: 80 added (80 filing)\n"), done.stderr
    with lobbyx.open(tmp_path / "x.db") as ledger:
        total = ledger.total("Coupang", since="2021-08", until="2025-12-25", as_of="2025-12-25")
    assert total.methods["lda"].reported == 8_580_000
    sql = (
        "SELECT lda_period(filing_year, filing_type) AS period, count(*) AS n FROM filings "
        "WHERE lda_normalize('Coupang Inc') = lda_normalize('COUPANG, INC.') GROUP BY 1 ORDER BY 1 LIMIT 2"
    )
    assert sqlite_utils("x.db", sql, "--csv").stdout.splitlines()[0] == "period,n"
    failed = sqlite_utils("lda-load", "x.db", "none.csv")
    assert (failed.returncode, failed.stderr) == (1, "lobbyx: none.csv: cannot be read: No such file or directory\n")


@pytest.mark.parametrize(
    ("arguments", "period"),
    [
        ((2021, "Q3"), "2021Q3"),
        ((2021, "third_quarter"), "2021Q3"),
        ((2021, "4@Y"), "2021Q4"),
        ((2021, "1t"), "2021Q1"),
        (("2021", "Q3"), "2021Q3"),
        ((2005, "MM"), "2005H1"),
        ((2005, "year_end"), "2005H2"),
        ((2005, "YYY"), "2005H2"),
        ((2021, "RR"), None),
        ((2021, "RA"), None),
        ((2021, "Q5"), None),
        ((2021, None), None),
        ((None, "Q1"), None),
        (("", "Q1"), None),
        ((2021.5, "Q1"), None),
        ((-1, "Q1"), None),
        ((10**18, "Q1"), None),
        ((b"2021", b"Q1"), None),
    ],
)
def test_lda_period(arguments: tuple[object, object], period: str | None) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        functions.register(db)
        assert db.execute("SELECT lda_period(?, ?)", arguments).fetchone()[0] == period


@pytest.mark.parametrize("name", ["COUPANG, INC.", "Coupang, Inc. (fka Forward Ventures)", "AT&T", "쿠팡"])
def test_lda_normalize_reads_names_as_lobbyx_does(name: str) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        functions.register(db)
        assert db.execute("SELECT lda_normalize(?)", [name]).fetchone()[0] == lobbyx.normalize(name)


@pytest.mark.parametrize("value", [None, "", 7, b"AT&T", "x" * 1_000_000])
def test_lda_normalize_of_what_is_no_name(value: object) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        functions.register(db)
        assert db.execute("SELECT lda_normalize(?)", [value]).fetchone()[0] is None


@pytest.mark.filterwarnings("ignore")  # Datasette's own
def test_datasette_has_the_functions_too(coupang_db: Path) -> None:
    async def ask() -> object:
        datasette = Datasette([str(coupang_db)])
        await datasette.invoke_startup()
        sql = "SELECT+lda_period(2005,'MM')+AS+p,+lda_normalize('Coupang+Inc')+AS+n"
        return (await datasette.client.get(f"/coupang.json?sql={sql}&_shape=array")).json()

    assert asyncio.run(ask()) == [{"p": "2005H1", "n": lobbyx.normalize("Coupang Inc")}]
