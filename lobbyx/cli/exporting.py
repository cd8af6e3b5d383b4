"""`lobbyx export`: the tables as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lobbyx.cli.options import db_option, json_option, show
from lobbyx.database import export
from lobbyx.database.export_files import require
from lobbyx.ledger import open_ledger
from lobbyx.render.progress import progress_bar
from lobbyx.render.text import clean


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(export.FORMS), required=True, help="Parquet or CSV files.")
@db_option
@json_option
def export_command(folder: Path, form: Any, db: Path, as_json: bool) -> None:
    """Write the tables as files into DIR, for DuckDB, Polars or Spark.

    Each table is a folder. Filings, reports, spending and ledger lines are divided by year
    (filings/filing_year=2024). DIR must be new, empty or an earlier export, which is replaced as a whole.
    Parquet needs pyarrow: pip install 'lobbyx[export]'.
    """
    require(form)
    with open_ledger(db) as opened, progress_bar("exporting rows", None) as advance:
        done = export.export(opened.db, folder, form, advance)
    if as_json:
        show(done.json())
        return
    click.echo(clean(f"{sum(done.rows.values()):,} rows of {len(done.rows)} tables are in {folder} ({form})"))
