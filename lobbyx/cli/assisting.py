"""The command that serves assistants: mcp."""

from __future__ import annotations

from pathlib import Path

import click

from lobbyx.cli.options import db_option


@click.command("mcp")
@db_option
def mcp_command(db: Path) -> None:
    """Answer an assistant's questions over the Model Context Protocol.

    The assistant starts this command itself and talks to it over standard input and output. It can check texts, judge
    claims, ask for totals, search, and list the filings behind a verdict. It cannot change the database.
    """
    from lobbyx.mcp.server import serve

    serve(db)
