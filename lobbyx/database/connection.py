"""Opening a lobbyx database: its schema, its transactions, and what of it must be derived again."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from lobbyx.database.migrations import OLDEST, schema_version
from lobbyx.database.schema import create_missing, load_constants
from lobbyx.model.errors import LobbyxError


class NoDatabase(LobbyxError):
    """The database is missing or is not one of ours."""


class OtherVersion(NoDatabase):
    """The database was made by another version of lobbyx."""


class OlderVersion(OtherVersion):
    """The database was made by an earlier version, from which it can be migrated."""


class CannotWrite(LobbyxError):
    """A database that can be read and not written: a file or folder that is read-only, a full disk, somebody else."""


def connect(path: str | Path, *, create: bool = False, read_only: bool = False) -> sqlite3.Connection:
    """An open database with foreign keys enforced, in autocommit mode (transactions are explicit).

    `read_only` makes every attempt to change it fail.

    Raises NoDatabase where the file is missing (unless `create`) or not a lobbyx database, OtherVersion where its
    schema is not today's.
    """
    db = open_file(Path(path), create=create)
    if read_only:
        db.execute("PRAGMA query_only = ON")
    try:
        require_current(db, str(path))
    except BaseException:
        db.close()
        raise
    return db


def open_file(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """`connect`, whatever version of lobbyx made the database."""
    try:
        if not path.exists():
            if not create:
                raise NoDatabase(
                    f"there is no database at {path}. Make one with: lobbyx fetch --client NAME --db {path} "
                    f"(from the API), lobbyx load FILE... --db {path} (from saved answers), or lobbyx demo"
                )
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        above = path.parent
        reason = f"{above} is a file" if above.is_file() else f"{above} cannot be made ({error.strerror})"
        raise NoDatabase(f"no database can be made at {path}: {reason}") from error
    try:
        db = sqlite3.connect(path, isolation_level=None, timeout=30)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        ours = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'ledger_lines'").fetchone()[0]
        anything = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise LobbyxError(f"{path} is being written by another lobbyx; try again when that is done") from error
        raise NoDatabase(f"{path} cannot be opened as an SQLite database: {error}") from error
    if not ours:
        if anything or not create:
            db.close()
            raise NoDatabase(f"{path} is an SQLite database, but not one made by lobbyx; name another with --db")
        try:
            with transaction(db):
                create_missing(db)
                load_constants(db)
                db.execute(f"PRAGMA user_version = {schema_version()}")
        except (CannotWrite, sqlite3.OperationalError) as error:
            db.close()
            reason = str(error) if path.is_file() else "it is not a regular file"
            raise NoDatabase(f"no database can be made at {path}: {reason}") from error
    return db


def version(db: sqlite3.Connection) -> int:
    """The schema version of a database."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def require_current(db: sqlite3.Connection, path: str) -> None:
    """Raises OtherVersion, naming the next step, unless the database has today's schema."""
    found, current = version(db), schema_version()
    if found == current:
        return
    both = f"schema {found}; this version of lobbyx has {current}"
    if found > current:
        raise OtherVersion(f"{path} was made by a newer version of lobbyx ({both}). Upgrade lobbyx to open it")
    if found < OLDEST:
        raise OtherVersion(
            f"{path} is too old to be migrated ({both} and migrates from {OLDEST} on). Move it and build a new one, "
            "with the command that made it"
        )
    raise OlderVersion(
        f"{path} was made by an earlier version of lobbyx ({both}). Run this once; it keeps everything: "
        f"lobbyx migrate --db {path}"
    )


UNWRITABLE: Final = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR")
"""How the names of SQLite's errors begin where a file cannot be written."""


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of the block, or nothing. Raises CannotWrite, naming the file, where it cannot be written."""
    try:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:  # SQLite itself ends one that a full or read-only disk broke off
                db.execute("ROLLBACK")
            raise
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(UNWRITABLE):
            file = Path(db.execute("PRAGMA database_list").fetchone()[2])
            raise CannotWrite(f"{file.name} in {file.parent} cannot be written ({error})") from error
        raise


@cache
def insert_sql(verb: str, table: str, columns: tuple[str, ...]) -> str:
    """An INSERT of one row of a table, by `verb` (`INSERT INTO`, `INSERT OR IGNORE INTO`)."""
    names = ", ".join(f'"{c}"' for c in columns)
    return f"{verb} {table} ({names}) VALUES ({', '.join('?' * len(columns))})"


BULK_CACHE: Final = 200_000
"""KB of the database kept in memory while loading."""


@contextmanager
def bulk_loading(db: sqlite3.Connection) -> Iterator[None]:
    """Records hold no cycles for the collector to look for, and pages stay in memory."""
    was = gc.isenabled()
    cache = int(db.execute("PRAGMA cache_size").fetchone()[0])
    gc.disable()
    db.execute(f"PRAGMA cache_size = -{BULK_CACHE}")
    try:
        yield
    finally:
        db.execute(f"PRAGMA cache_size = {cache}")
        if was:
            gc.enable()


@contextmanager
def without_indexes(db: sqlite3.Connection, tables: Iterable[str] | None = None) -> Iterator[None]:
    """Drops the indexes of these tables (None: of all), and makes them again, each at once, when the block is done."""
    chosen = None if tables is None else set(tables)
    indexes = [
        row
        for row in db.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        if chosen is None or row["tbl_name"] in chosen
    ]
    for index in indexes:
        db.execute(f"DROP INDEX {index['name']}")
    yield
    for index in indexes:
        db.execute(index["sql"])


@contextmanager
def keys_checked_at_the_end(db: sqlite3.Connection, what: str) -> Iterator[None]:
    """A transaction in which rows may point nowhere for a while. Raises LobbyxError where one does at its end."""
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(db):
            yield
            if lost := db.execute("PRAGMA foreign_key_check").fetchall():
                rows = f"{len(lost)} rows of {lost[0][0]}"
                raise LobbyxError(f"{what}: does not fit together, {rows} point nowhere; nothing was changed")
    finally:
        db.execute("PRAGMA foreign_keys = ON")


def mark_stale(db: sqlite3.Connection) -> None:
    """Notes that all organizations and the whole ledger must be derived again before the next total."""
    db.execute("INSERT OR REPLACE INTO state (key, value) VALUES ('ledger', 'stale')")


def mark_touched(db: sqlite3.Connection, clients: Iterable[int]) -> None:
    """Notes that the ledger must be derived again for these clients, and organizations regrouped."""
    db.executemany("INSERT OR IGNORE INTO touched_clients VALUES (?)", [(client,) for client in clients])
    current = "INSERT INTO state (key, value) VALUES ('ledger', 'touched') ON CONFLICT (key) DO UPDATE SET "
    db.execute(f"{current} value = CASE value WHEN 'current' THEN 'touched' ELSE value END")
