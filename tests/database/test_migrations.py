"""Databases of the last two schema versions, made by the programs of their time, opened by this one."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard

import lobbyx
from lobbyx.database import connection, migrations, upgrade
from lobbyx.database.rebuild import rebuild_tables
from lobbyx.database.schema import tables
from lobbyx.model.errors import LobbyxError
from tests.conftest import Run

OLD = Path(__file__).parents[1] / "data" / "databases"
VERSIONS = (7, 8)
AT = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
DECISION = 'relation,name,other,source\ndifferent,"COUPANG, INC.","CLOUDFLARE, INC.",https://lda.gov/\n'
KEPT = (
    "fetches",
    "raw_answers",
    "filings",
    "activities",
    "activity_lobbyists",
    "activity_government_entities",
    "contributions",
    "contribution_items",
    "registrants",
    "clients",
    "lobbyists",
    "claims",
    "verdicts",
    "evidence",
    "organizations",
)


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return unpacked(request.param, tmp_path)


def unpacked(version: int, folder: Path) -> Path:
    path = folder / "old.db"
    path.write_bytes(zstandard.decompress((OLD / f"schema_{version}.db.zst").read_bytes()))
    (folder / "organizations.csv").write_text(DECISION)
    return path


@pytest.fixture
def one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that follows today's, so that the newest of the old databases is an older one too."""

    def nothing(db: Any) -> None:
        """A change of views or triggers alone."""

    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS, nothing])


def rows(path: Path, names: tuple[str, ...] = KEPT) -> dict[str, list[dict[str, Any]]]:
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return {name: [dict(row) for row in db.execute(f"SELECT * FROM {name} ORDER BY 1, 2")] for name in names}


def known_of(rows: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the columns they had before, of which migrations add more."""
    return [{name: row[name] for name in before[0]} for row in rows]


def schema_of(path: Path) -> dict[str, str]:
    """What is in a database, by name, as SQL without comments, quotes and layout."""
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        return {name: plain_sql(sql) for name, sql in found if "_sqlite_migrations" not in name + sql}


def plain_sql(sql: str) -> str:
    text = re.sub(r"--[^\n]*", "", sql)
    text = re.sub(r'["\[\]`]', "", text)
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join(text.split()))


@pytest.mark.usefixtures("one_more")
def test_a_migrated_database_has_the_schema_of_a_fresh_one(old: Path, tmp_path: Path) -> None:
    assert upgrade.upgrade(old, AT)
    fresh = tmp_path / "fresh.db"
    connection.connect(fresh, create=True).close()
    assert schema_of(old) == schema_of(fresh)
    for path in (old, fresh):
        with closing(connection.connect(path)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            assert connection.version(db) == migrations.schema_version()


def test_the_comparison_of_schemas_sees_a_forgotten_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, fresh = unpacked(7, tmp_path), tmp_path / "fresh.db"
    from lobbyx.database import schema

    changed = schema.schema().replace(
        "amount NUMERIC, url TEXT NOT NULL,", "amount NUMERIC, url TEXT NOT NULL, page TEXT,"
    )
    monkeypatch.setattr(schema, "schema", lambda: changed)
    connection.connect(fresh, create=True).close()
    upgrade.upgrade(old, AT)
    assert schema_of(old) != schema_of(fresh)


def test_a_column_and_a_table_are_added_with_one_short_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, fresh = unpacked(7, tmp_path), tmp_path / "fresh.db"
    from lobbyx.database import schema

    changed = schema.schema().replace(
        "amount NUMERIC, url TEXT NOT NULL,", 'amount NUMERIC, url TEXT NOT NULL, "page" TEXT,'
    )
    changed += (
        "CREATE TABLE IF NOT EXISTS outlets (id INTEGER PRIMARY KEY, first_day TEXT);\n"
        "CREATE INDEX IF NOT EXISTS outlets_day ON outlets(first_day);\n"
    )
    changed = changed.replace(
        "amount NUMERIC, low NUMERIC NOT NULL,", "amount NUMERIC, cents INTEGER, low NUMERIC NOT NULL,"
    )

    def pages_and_outlets(db: Any) -> None:
        """Evidence names pages, outlets have a table, and a derived table changes."""
        migrations.add_column(db, "evidence", "page", "TEXT")
        migrations.create(db, "outlets")
        migrations.remake(db, "ledger_lines")

    monkeypatch.setattr(schema, "schema", lambda: changed)
    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS, pages_and_outlets])
    connection.connect(fresh, create=True).close()
    before = rows(old)
    upgrade.upgrade(old, AT)
    assert schema_of(old) == schema_of(fresh)
    after = rows(old)["evidence"]
    assert known_of(after, before["evidence"]) == before["evidence"]
    assert {row["page"] for row in after} == {None}


@pytest.mark.usefixtures("one_more")
def test_everything_stays_and_the_totals_are_the_same(old: Path) -> None:
    before = rows(old)
    assert [len(before[name]) for name in ("filings", "raw_answers", "claims", "verdicts")] == [81, 6, 2, 3]
    done = upgrade.upgrade(old, AT)
    assert done
    after = rows(old)
    for name in KEPT:
        assert known_of(after[name], before[name]) == before[name]
    with lobbyx.open(old) as ledger:
        total = ledger.total("Coupang", since="2021-08", until="2025-12-25", as_of="2025-12-25")
        assert total.methods["lda"].reported == 8_580_000
        history = ledger.db.execute("SELECT verdict FROM verdicts WHERE claim_id = 1 ORDER BY id").fetchall()
        assert [row[0] for row in history] == ["refuted", "within_rounding"]
        ledger.recheck()
    assert rows(old)["verdicts"][:3] == after["verdicts"]
    names = [row["name"] for row in rows(old, ("_sqlite_migrations",))["_sqlite_migrations"]]
    assert names == [f"{number:04d}_{step.__name__}" for number, step in enumerate(migrations.STEPS, 8)]
    assert names[0] == "0008_touched_clients"
    assert upgrade.upgrade(old, AT) is None


@pytest.mark.usefixtures("one_more")
def test_the_backup_has_what_people_made(old: Path) -> None:
    before = rows(old)
    first = upgrade.upgrade(old, AT, [old.parent / "organizations.csv", old.parent / "none.csv"])
    assert first
    assert first.backup.name == f"old.schema-{first.before}.2026-11-25T073000Z.backup.db"
    saved = rows(first.backup, ("claims", "verdicts", "evidence", "files", "about"))
    assert [saved[name] for name in upgrade.KEPT] == [before[name] for name in upgrade.KEPT]
    assert saved["files"] == [{"name": "organizations.csv", "body": DECISION.encode()}]
    assert saved["about"] == [
        {"database": "old.db", "schema_version": first.before, "made": "2026-11-25T07:30:00+00:00"}
    ]
    with closing(sqlite3.connect(old)) as db:
        db.execute(f"PRAGMA user_version = {first.before}")
    second = upgrade.upgrade(old, AT)
    assert second
    assert second.backup != first.backup
    assert not list(old.parent.glob("*.part"))


@pytest.mark.usefixtures("one_more")
def test_a_step_that_fails_leaves_the_old_database(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(db: Any) -> None:
        db.conn.execute("DELETE FROM claims")
        raise LobbyxError("no further")

    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS[:-1], fails])
    before = dump(old)
    with pytest.raises(LobbyxError, match="no further"):
        upgrade.upgrade(old, AT)
    assert dump(old) == before


@pytest.mark.usefixtures("one_more")
def test_rows_that_would_point_nowhere_stop_it(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def loses(db: Any) -> None:
        db.conn.execute("DELETE FROM filings")

    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS[:-1], loses])
    before = dump(old)
    with pytest.raises(LobbyxError, match="point nowhere; nothing was changed"):
        upgrade.upgrade(old, AT)
    assert dump(old) == before


def dump(path: Path) -> tuple[int, list[str]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("PRAGMA user_version").fetchone()[0], list(db.iterdump())


KILLED = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from lobbyx.database import migrations, upgrade

@migrations.step
def slow(db):
    db.conn.execute("PRAGMA cache_size = 1")
    db.conn.execute("DELETE FROM evidence")
    db.conn.execute("UPDATE activities SET description = hex(zeroblob(20000))")
    print("in the middle", flush=True)
    time.sleep(60)

upgrade.upgrade(Path(sys.argv[1]), datetime(2026, 11, 25, tzinfo=UTC))
"""


def test_a_migration_that_is_killed_leaves_the_old_database(tmp_path: Path) -> None:
    old = unpacked(7, tmp_path)
    before, size = dump(old), old.stat().st_size
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(old)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    with process.stdout as out:
        assert out.readline() == "in the middle\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert old.stat().st_size > size  # pages had reached the file
    assert dump(old) == before
    assert upgrade.upgrade(old, AT)


# The commands ----------------------------------------------------------------------------------------------------


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A database older than today's schema, whatever that is."""
    return unpacked(7, tmp_path)


def test_reading_commands_say_what_to_run(run: Run, older: Path) -> None:
    before = older.read_bytes()
    for command in (["total", "Coupang"], ["serve"], ["names", "Coupang"], ["claims", "list"], ["claims", "export"]):
        done = run(*command, "--db", older)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"lobbyx migrate --db {older}" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert older.read_bytes() == before
    with pytest.raises(connection.OlderVersion, match="lobbyx migrate"):
        lobbyx.open(older)


def test_migrate(run: Run, older: Path) -> None:
    done = run("migrate", "--db", older)
    current = migrations.schema_version()
    assert (done.returncode, done.stdout) == (0, f"{older} has schema {current}\n")
    assert f"from schema 7 to {current}" in done.stderr
    assert len(list(older.parent.glob("*.backup.db"))) == 1
    assert run("total", "Coupang", "--db", older).returncode == 0
    again = run("migrate", "--db", older)
    assert (again.stdout, again.stderr) == (f"{older} has schema {current} already\n", "")
    assert run("migrate", "--db", older.parent / "none.db").returncode == 1


SAMPLE = Path(__file__).parents[1] / "data" / "lda_samples" / "registrants_11.json"


@pytest.mark.parametrize(
    "command",
    [
        ["check", "Coupang spent $3 million on lobbying in 2024.", "--published", "2025-03-01"],
        ["claims", "recheck"],
        ["claims", "add", "Coupang spent $3 million on lobbying in 2024.", "--published", "2025-03-01"],
        ["load", SAMPLE],
        ["resolve"],
        ["rebuild"],
    ],
    ids=lambda command: " ".join(map(str, command[:2])).split("/")[0],
)
def test_writing_commands_migrate_by_themselves(run: Run, older: Path, command: list[str | Path]) -> None:
    claims = rows(older)["claims"]
    done = run(*command, "--db", older)
    assert done.returncode == 0, done.stderr
    assert "migrated from schema 7" in done.stderr
    assert known_of(rows(older)["claims"], claims)[: len(claims)] == claims
    assert len(list(older.parent.glob("*.backup.db"))) == 1


def test_newer_and_too_old_databases_are_left_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    connection.connect(path, create=True).close()
    for version, said in ((99, "a newer version of lobbyx"), (3, "too old"), (0, "too old")):
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"PRAGMA user_version = {version}")
        before = path.read_bytes()
        for command in (["migrate"], ["load", SAMPLE], ["total", "Coupang"]):
            done = run(*command, "--db", path)
            assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
            assert said in done.stderr
        assert path.read_bytes() == before


def test_two_migrations_at_once(older: Path) -> None:
    program = "import sys; from lobbyx.cli import main; main()"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, "migrate", "--db", str(older)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert "".join(error for _, error in said).count("migrated from") == 1


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connection.connect(tmp_path / "x.db", create=True)) as db:
        yield db


def test_sqlite_utils_leaves_the_connection_as_it_was(plain: sqlite3.Connection) -> None:
    tables(plain)
    assert plain.execute("PRAGMA recursive_triggers").fetchone()[0] == 0
    with pytest.raises(sqlite3.OperationalError, match="no such function"):
        plain.execute("SELECT lda_period(2020, 'Q1')")


def test_storing_claims_changes_no_table(run: Run, coupang_db: Path, tmp_path: Path) -> None:
    """sqlite-utils would add columns and indexes that its callers ask for and a table lacks."""
    fresh = tmp_path / "fresh.db"
    connection.connect(fresh, create=True).close()
    text = "Coupang spent $3 million on lobbying in 2024. Coupang spent more than $1 million on lobbying."
    assert run("check", text, "--db", coupang_db).returncode == 0
    assert len(rows(coupang_db)["claims"]) == 2
    assert schema_of(coupang_db) == schema_of(fresh)


def test_a_migrated_database_can_be_rebuilt_and_searched(older: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.db"
    connection.connect(fresh, create=True).close()
    upgrade.upgrade(older, AT)
    with closing(connection.connect(older)) as db:
        assert rebuild_tables(db) == 6
        found = "SELECT count(*) FROM activities_fts WHERE activities_fts MATCH 'korea'"
        before = db.execute(found).fetchone()[0]
        assert before
        db.execute("INSERT INTO activities_fts (activities_fts, rank) VALUES ('integrity-check', 1)")
        db.execute("DELETE FROM activities WHERE description LIKE '%Korea%'")
        assert db.execute(found).fetchone()[0] == 0  # the trigger is there again
    assert schema_of(older) == schema_of(fresh)


def test_what_the_mirror_has_finished_is_covered(tmp_path: Path) -> None:
    path = unpacked(8, tmp_path)
    windows = [
        ("filings", None, "1998-12-31", None, "done", 3, "2026-05-02", 0),
        ("filings", "1999-01-01", "1999-01-31", None, "done", 7, "2026-05-02", 0),
        ("filings", "1999-02-01", "1999-02-28", None, "done", 7, "2026-05-02", 1),  # a broken record was left out
        ("filings", "1999-03-01", "1999-03-31", None, "unsettled", 7, "2026-05-02", 0),
        ("filings", "1999-04-01", "1999-04-01", "Q1", "done", 7, "2026-05-02", 0),
        ("filings", "2026-05-01", "2026-05-31", None, "done", 9, "2026-05-02", 0),
        ("filings", "2026-06-01", None, None, "done", 0, "2026-05-02", 0),
        ("clients", None, None, None, "done", 5, "2026-05-02", 0),
    ]
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany(
            "INSERT INTO sync_windows (endpoint, first_day, last_day, filing_type, status, count, checked_on, broken) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            windows,
        )
    upgrade.upgrade(path, AT, [])
    with closing(connection.connect(path)) as db:
        found = db.execute("SELECT endpoint, posted_from, posted_to, count FROM coverage WHERE source = 'lobbyx sync'")
        assert [tuple(row) for row in found] == [
            ("filings", None, "1998-12-31", 3),
            ("filings", "1999-01-01", "1999-01-31", 7),
            ("filings", "2026-05-01", "2026-05-01", 9),
            ("clients", None, "2026-05-01", 5),
        ]
