"""The command that writes the tables as files: export."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from lobbyx.cli.options import db_option, json_option, show
from lobbyx.database.export import FORMATS, export
from lobbyx.ledger import open_ledger
from lobbyx.render.progress import progress_bar


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="parquet", show_default=True, help="The kind of files."
)
@db_option
@json_option
def export_command(folder: Path, form: Any, db: Path, as_json: bool) -> None:
    """Write the tables as Parquet or CSV files for DuckDB, Polars or Spark.

    DIR must not exist yet, be empty, or hold an earlier export, which is replaced whole. Filings, reports, spending and
    all that belongs to a filing are in a folder a year: DIR/filings/filing_year=2024/part-0.parquet.
    """
    with open_ledger(db) as opened, progress_bar("exporting", None) as advance:
        written = export(opened.db, folder, form, exported_at=datetime.now(UTC), progress=advance)
    if as_json:
        show({"folder": str(folder), "format": form, "tables": [one.json() for one in written]})
        return
    rows, files = sum(one.rows for one in written), sum(one.files for one in written)
    click.echo(f"exported {len(written)} tables with {rows:,} rows into {files:,} {form} files in {folder}")
