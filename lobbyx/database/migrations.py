"""The steps from each schema version to the next, run by sqlite-utils' Migrations.

To change the schema, edit `schema.sql` and append one function here; its place is its number. What it must do:

- a new table: `create`
- a new column: write it last in `schema.sql`, and `add_column`
- a table derived by `lobbyx resolve` that changes: `remake`; it is filled when the database is opened next. Not
  `organizations` or `firms`, whose ids verdicts and registrants keep
- anything else: SQL that also works on a table already made from today's `schema.sql`
- views, triggers and new indexes: nothing, they are made from `schema.sql` after the last step

A test compares every migrated database with a fresh one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from lobbyx.database.schema import create_missing, load_constants, statements, tables

if TYPE_CHECKING:
    from sqlite_utils import Database

Step = Callable[["Database"], None]

OLDEST: Final = 7
"""The oldest schema version that can be migrated (November 2026)."""
SET: Final = "lobbyx"
"""Our name in the table `_sqlite_migrations`, where sqlite-utils notes each step."""
STEPS: list[Step] = []


def step(function: Step) -> Step:
    """Registers the step to the next version."""
    STEPS.append(function)
    return function


@step
def touched_clients(db: Database) -> None:
    """Version 8: a load derives again only what it touched."""
    create(db, "touched_clients")


@step
def names_have_times(db: Database) -> None:
    """Version 9: one name can be of two organizations, one after the other; parents have years."""
    remake(db, "organization_names", "organization_aliases", "organization_parents")
    create(db, "successions")


@step
def archive(db: Database) -> None:
    """Version 10: filings from the Senate's archive beside those of the API."""
    for table in ("filings", "contributions"):
        add_column(db, table, "source", "TEXT NOT NULL DEFAULT 'api' CHECK (source IN ('api', 'archive', 'csv'))")
        db.conn.execute(
            f"UPDATE {table} SET source = 'csv' "  # noqa: S608
            "WHERE fetch_id IN (SELECT fetch_id FROM raw_answers WHERE kind = 'csv')"
        )
    for table in ("registrants", "clients"):
        add_column(db, table, "archive_as_of", "TEXT")
    db.conn.execute("DROP INDEX IF EXISTS clients_registrant")  # clients_number does its work


@step
def coverage(db: Database) -> None:
    """Version 11: listings that were read to their end are recorded; what the mirror has finished is such a listing."""
    create(db, "coverage")
    db.conn.execute(
        "INSERT INTO coverage (endpoint, filters, posted_from, posted_to, count, received, checked_at, source) "
        "SELECT endpoint, '{}', first_day, min(coalesce(last_day, checked_on), date(checked_on, '-1 day')), "
        "count, count, checked_on, 'lobbyx sync' FROM sync_windows WHERE status = 'done' AND NOT broken "
        "AND filing_type IS NULL AND checked_on IS NOT NULL AND count IS NOT NULL "
        "AND coalesce(first_day, '') <= min(coalesce(last_day, checked_on), date(checked_on, '-1 day'))"
    )


@step
def claims_say_how_sure(db: Database) -> None:
    """Version 12: claims keep how they were read, verdicts what is not determined."""
    add_column(db, "claims", "reading", "TEXT NOT NULL DEFAULT '{}'")
    add_column(db, "verdicts", "known", "TEXT NOT NULL DEFAULT '{}'")


@step
def organization_groups(db: Database) -> None:
    """Version 13: groups of organizations and their members."""
    create(db, "organization_groups")


@step
def watching(db: Database) -> None:
    """Version 14: feeds that are watched, articles found in them, and verdicts that changed."""
    create(db, "watched_feeds", "watched_articles", "changes")


@step
def touched_by_a_load(db: Database) -> None:
    """Version 15: triggers note what a load touched of names, registrants and lobbyists."""


@step
def smaller_period_counts(db: Database) -> None:
    """Version 16: the counts of a period are kept once, in the order of their key, without an index nothing read."""
    remake(db, "period_counts")


@step
def renamed_while_loading(db: Database) -> None:
    """Version 17: a registrant renamed within the first load is not looked for among all filings."""


@step
def reports_posted_later(db: Database) -> None:
    """Version 18: the index of a period's reports tells when each was posted, for ranks as of a day in the past."""
    db.conn.execute("DROP INDEX IF EXISTS ledger_lines_period")
    create(db, "ledger_lines")


# What steps are made of ---------------------------------------------------------------------------------------------


def create(db: Database, *names: str) -> None:
    """Makes tables, with their indexes, as schema.sql has them."""
    for statement in statements():
        if statement.table in names and statement.kind in ("TABLE", "INDEX"):
            db.conn.execute(statement.sql)


def add_column(db: Database, table: str, column: str, definition: str) -> None:
    """Adds a column, unless the table was made with it: `add_column(db, "filings", "source", "TEXT")`."""
    if column not in {known.name for known in db.table(table).columns}:
        db.conn.execute(f'ALTER TABLE {table} ADD COLUMN "{column}" {definition}')


def remake(db: Database, *names: str) -> None:
    """Recreates derived tables, empty, as schema.sql defines them."""
    for name in names:
        db.table(name).drop(ignore=True)
    create(db, *names)


# Running them -------------------------------------------------------------------------------------------------------


def schema_version() -> int:
    """The version of schema.sql, kept in a database's user_version."""
    return OLDEST + len(STEPS)


def apply(db: sqlite3.Connection, version: int) -> None:
    """Brings a database of a version from `OLDEST` on to today's schema.

    Needs an open transaction, and foreign keys not enforced. What is derived is left stale.
    """
    from sqlite_utils import Migrations

    opened = tables(db)
    known = Migrations(SET)
    names = [f"{number:04d}_{function.__name__}" for number, function in enumerate(STEPS, OLDEST + 1)]
    for name, function in zip(names, STEPS, strict=True):
        known(name=name)(function)
    known.ensure_migrations_table(opened)
    noted = {migration.name for migration in known.applied(opened)}
    opened.table(known.migrations_table).insert_all(
        {"migration_set": SET, "name": name, "applied_at": f"made with schema {version}"}
        for name in names[: version - OLDEST]
        if name not in noted
    )
    for statement in statements():
        if statement.kind in ("VIEW", "TRIGGER"):
            db.execute(f"DROP {statement.kind} IF EXISTS {statement.name}")
    known.apply(opened)
    create_missing(db)
    load_constants(db)
    db.execute(f"PRAGMA user_version = {schema_version()}")
