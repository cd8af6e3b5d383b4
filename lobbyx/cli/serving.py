"""Commands that open a database for people: serve, and the demo."""

from __future__ import annotations

import json
import socket
import tempfile
from contextlib import closing
from pathlib import Path

import click

from lobbyx.cli.migrating import bring_up_to_date
from lobbyx.cli.options import db_option
from lobbyx.database import connection
from lobbyx.ledger import Ledger, demo_ledger, open_ledger
from lobbyx.model import resources
from lobbyx.model.errors import LobbyxError
from lobbyx.model.verdict import Verdict
from lobbyx.reading.source import Source
from lobbyx.render.text import verdict_text
from lobbyx.site import access

DEMO_DB = "db/demo.db"


@click.command()
@db_option
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--write", is_flag=True, help="Let visitors store checks and decide about names. For your own machine only."
)
def serve(db: Path, port: int, host: str, write: bool) -> None:
    """Open the database in Datasette, read-only, with the lobbyx pages."""
    _serve(db, port, host, write=write)


def _serve(db: Path, port: int = 8001, host: str = "127.0.0.1", *, write: bool = False) -> None:
    open_ledger(db).close()
    with closing(socket.socket()) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise LobbyxError(
                f"cannot listen on {host}, port {port}: {error.strerror}. Choose another with --port"
            ) from error
    from datasette.cli import cli as datasette

    arguments = ["serve", str(db), "--host", host, "--port", str(port)]
    if not write:
        datasette.main(arguments, standalone_mode=False)
        return
    with tempfile.NamedTemporaryFile("w", suffix=".json") as settings:
        # By names alone, no page elsewhere reaches a site that can be written to (lobbyx/site/access.py).
        plugin = {"write": True, "hosts": access.addresses(host, port)}
        settings.write(json.dumps({"plugins": {"lobbyx": plugin}}))
        settings.flush()
        datasette.main([*arguments, "--metadata", settings.name], standalone_mode=False)


@click.command()
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(DEMO_DB),
    show_default=True,
    help="Where to build the database.",
)
@click.option("--serve", "serve_it", is_flag=True, help="Open the database in Datasette afterwards.")
def demo(db: Path, serve_it: bool) -> None:
    """Build a database from the filings in the package and check example claims. No network."""
    _refuse_other_filings(db)
    try:
        bring_up_to_date(db)
        connection.connect(db, create=True).close()
    except connection.OtherVersion:
        if db != Path(DEMO_DB):
            raise
        db.unlink()  # nothing is in it that is not made below
    with demo_ledger(db) as opened_ledger:
        click.echo(
            f"{opened_ledger.filings} real filings about Coupang are in {db}. Five sentences, checked against them:\n"
        )
        for number, row in enumerate(resources.rows("demo_claims.csv")):
            _demo_claim(opened_ledger, row, filings=number == 0)
    if serve_it:
        _serve(db)
    click.echo(
        f"Look around: ./scripts/demo --serve (or: lobbyx serve --db {db}), then open http://127.0.0.1:8001\n"
        f'Check your own: lobbyx check "Coupang spent ..." --published 2025-12-25 --db {db}'
    )


def _refuse_other_filings(db: Path) -> None:
    """Raises LobbyxError for a database with filings that are not the demo's: it is somebody's own."""
    if not db.is_file() or not db.stat().st_size:
        return
    shipped = {row["filing_uuid"].lower() for row in resources.rows("coupang/filings.csv")}
    with closing(connection.open_file(db)) as opened:
        on_file = {row[0].lower() for row in opened.execute("SELECT filing_uuid FROM filings")}
    if others := len(on_file - shipped):
        raise LobbyxError(
            f"{db} has {others:,} filings that are not the demo's, and the demo would add its own and example claims; "
            "name another path with --db"
        )


def _demo_claim(opened: Ledger, row: dict[str, str], *, filings: bool) -> None:
    source = Source("text", row["text"], row["published"])
    checked: list[Verdict] = opened.check(source, published=row["published"])
    opened.record(source, checked)
    click.echo(f"{row['published']}: {row['text']}")
    for verdict in checked:
        click.echo(verdict_text(verdict, filings=filings) + "\n")
