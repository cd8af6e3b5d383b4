"""`lobbyx migrate`, and what commands that write do before they open an older database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from lobbyx.cli.options import db_option, say
from lobbyx.database import connection, upgrade
from lobbyx.database.migrations import schema_version
from lobbyx.ledger import open_ledger
from lobbyx.organizations import decisions


def bring_up_to_date(db: Path) -> upgrade.Upgraded | None:
    """Migrates an older database and says so; leaves one that is not there to the command."""
    if not db.exists() or not db.stat().st_size:
        return None
    done = upgrade.upgrade(db, datetime.now(UTC), [decisions.path_beside(db)])
    if done:
        say(
            f"{db}: migrated from schema {done.before} to {done.after}. Claims, verdicts and decisions as they were "
            f"are kept in {done.backup}"
        )
    return done


@click.command()
@db_option
def migrate(db: Path) -> None:
    """Brings an older database to this version's schema, and keeps everything in it.

    It happens in one transaction: if it is interrupted, the database is as it was. Commands that write do it by
    themselves. Claims, verdicts and decisions are first copied to a file beside the database.
    """
    connection.open_file(db).close()
    done = bring_up_to_date(db)
    open_ledger(db).close()  # derives what the migration left stale
    version = f"schema {done.after}" if done else f"schema {schema_version()} already"
    click.echo(f"{db} has {version}")
