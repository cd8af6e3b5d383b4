"""lobbyx in sqlite-utils: `sqlite-utils lda-load DB FILE...`, and the SQL functions in every connection it opens.

Registered by entry point: after `pip install lobbyx`, `sqlite-utils plugins` lists it.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import click
from sqlite_utils import hookimpl

from lobbyx.cli.main import run
from lobbyx.database.functions import register


@hookimpl
def register_commands(cli: click.Group) -> None:
    """Adds `lda-load`."""

    @cli.command(name="lda-load")
    @click.argument("db", type=click.Path(dir_okay=False, path_type=Path))
    @click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
    def lda_load(db: Path, files: tuple[Path, ...]) -> None:
        """Load lobbying filings into DB, and derive organizations and totals, as lobbyx load does.

        FILE is a saved answer of the LDA API (.json or .jsonl), a .csv file, .gz or .zst of these, or a file of the
        Senate's bulk archive (.zip or .xml).
        """
        run(["load", *map(str, files), "--db", str(db)])


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Adds `lda_normalize` and `lda_period`."""
    register(conn)
