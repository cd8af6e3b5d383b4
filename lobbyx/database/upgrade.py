"""An older database brought to today's schema, in one transaction, after a backup of what cannot be fetched again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from lobbyx.database import connection, migrations
from lobbyx.database.schema import tables
from lobbyx.model.errors import LobbyxError

KEPT: Final = ("claims", "verdicts", "evidence")
"""What people's work made; filings can be fetched again."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What a migration did."""

    before: int
    after: int
    backup: Path
    """An SQLite database of claims, verdicts, evidence and the files of decisions, as they were."""


def upgrade(path: Path, at: datetime, decisions: Sequence[Path] = ()) -> Upgraded | None:
    """Migrates a database to today's schema; returns None where it has that already.

    All or nothing: whatever interrupts it leaves the old database. Filings, raw answers, claims and verdicts with their
    history stay; what is derived is left stale. `at` (any zone) names the backup, which also takes the files of
    `decisions` that exist. Raises NoDatabase, and OtherVersion where it is newer than today's schema or too old.
    """
    with closing(connection.open_file(path)) as db:
        if not _is_older(db, path):
            return None
        with connection.keys_checked_at_the_end(db, f"{path}, migrated"):
            if not _is_older(db, path):  # another process was first
                return None
            before = connection.version(db)
            backup = _back_up(db, path, before, at.astimezone(UTC), decisions)
            migrations.apply(db, before)
            connection.mark_stale(db)
    return Upgraded(before, migrations.schema_version(), backup)


def _is_older(db: sqlite3.Connection, path: Path) -> bool:
    try:
        connection.require_current(db, str(path))
    except connection.OlderVersion:
        return True
    return False


def _back_up(db: sqlite3.Connection, path: Path, before: int, at: datetime, decisions: Sequence[Path]) -> Path:
    """Writes the backup beside the database, whole or not at all."""
    name = f"{path.stem}.schema-{before}.{at:%Y-%m-%dT%H%M%SZ}"
    target = path.with_name(f"{name}.backup.db")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{name}-{number}.backup.db")
    part = target.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part, isolation_level=None)) as out:
            kept = tables(out)
            with kept.atomic():
                about = {"database": path.name, "schema_version": before, "made": at.isoformat()}
                kept.table("about").insert(about)
                for table in KEPT:
                    sql = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
                    out.execute(db.execute(sql, [table]).fetchone()[0])
                    kept.table(table).insert_all(dict(row) for row in db.execute(f"SELECT * FROM {table}"))  # noqa: S608
                judged = "SELECT * FROM organizations WHERE id IN (SELECT organization_id FROM verdicts)"
                kept.table("organizations").insert_all((dict(row) for row in db.execute(judged)), pk="id")
                kept.table("files").insert_all(
                    ({"name": file.name, "body": file.read_bytes()} for file in decisions if file.exists()), pk="name"
                )
        part.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        part.unlink(missing_ok=True)
        raise LobbyxError(f"no backup can be written beside {path}, so nothing was migrated: {error}") from error
    return target
