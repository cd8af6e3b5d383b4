"""The schema as `schema.sql` has it, and the tables through sqlite-utils."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from lobbyx.model import resources

if TYPE_CHECKING:  # it brings pandas, which most commands do not need
    from sqlite_utils import Database

_CREATE = re.compile(
    r"^CREATE (?:UNIQUE |VIRTUAL )?(?P<kind>TABLE|INDEX|VIEW|TRIGGER) IF NOT EXISTS (?P<name>\w+)"
    r"(?:\s+ON (?P<on>\w+))?",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of schema.sql."""

    sql: str
    kind: str
    """`TABLE` (virtual ones too), `INDEX`, `VIEW` or `TRIGGER`."""
    name: str
    table: str
    """The table made, or the one an index is of."""


def schema() -> str:
    """The text of schema.sql."""
    return (files("lobbyx") / "database" / "schema.sql").read_text(encoding="utf-8")


def statements() -> Iterator[Statement]:
    """The statements of schema.sql (executescript would commit the transaction around it)."""
    pending = ""
    for line in schema().splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found = _CREATE.search(pending)
            assert found, pending
            yield Statement(pending, found["kind"], found["name"], found["on"] or found["name"])
            pending = ""


def create_missing(db: sqlite3.Connection) -> None:
    """Makes what schema.sql has and the database lacks. Needs an open transaction to be all or nothing."""
    for statement in statements():
        db.execute(statement.sql)


def tables(db: sqlite3.Connection) -> Database:
    """sqlite-utils over an open connection.

    Without its recursive triggers, which would change what INSERT OR REPLACE does, and without its plugins.
    """
    from sqlite_utils import Database

    return Database(db, recursive_triggers=False, execute_plugins=False)


def load_constants(db: sqlite3.Connection) -> None:
    """The rows of the shipped constants that are not on file; what is there keeps its name.

    Not by sqlite-utils: a new database should not wait for pandas (0.4 s).
    """
    for file in sorted(resources.path("constants").iterdir(), key=lambda f: f.stem == "filing_types"):
        rows = list(resources.rows(f"constants/{file.name}"))
        columns = ", ".join(rows[0])
        insert = f"INSERT OR IGNORE INTO {file.stem} ({columns}) VALUES ({', '.join('?' * len(rows[0]))})"  # noqa: S608
        db.executemany(insert, [[value or None for value in row.values()] for row in rows])
