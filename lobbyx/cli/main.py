"""The command line: parse arguments, call a step, print. No rules here.

The commands that ask are here; those that fill a database are in `filling.py`.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click

import lobbyx
from lobbyx import names
from lobbyx.accounting import derive
from lobbyx.cli.claims import claims
from lobbyx.cli.filling import COMMANDS
from lobbyx.cli.options import DAY, db_option, json_option, published_option, say, show
from lobbyx.database import connection
from lobbyx.ledger import Ledger, demo_ledger, open_ledger
from lobbyx.model import resources
from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import span
from lobbyx.model.total import METHODS
from lobbyx.model.verdict import Verdict
from lobbyx.organizations import candidates, decisions, lookup
from lobbyx.reading.source import LARGEST_FILE, Source, UnreadableSource, decode
from lobbyx.reading.source import read as read_source
from lobbyx.render import terminal
from lobbyx.render.text import clean, history_text, total_text, verdict_text
from lobbyx.verdicts.explanation import LANGUAGES

DEMO_DB = "db/demo.db"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(lobbyx.__version__, prog_name="lobbyx")
def cli() -> None:
    """Is a lobbying figure in the news true, and how did they get to it?

    lobbyx answers from U.S. Lobbying Disclosure Act filings in an SQLite database. Start with: lobbyx demo
    """


cli.add_command(claims)
for command in COMMANDS:
    cli.add_command(command)


@cli.command()
@click.argument("org")
@click.option("--since", type=DAY, help="First day; a month, quarter or year means its first day.")
@click.option("--until", type=DAY, help="Last day; a month, quarter or year means its last day.")
@click.option("--as-of", type=DAY, help="Count only what was filed by this day.")
@click.option("--method", type=click.Choice(METHODS), default="lda", show_default=True, help="The way of counting.")
@click.option("--with-subsidiaries", is_flag=True, help="Add those decided to be its subsidiaries.")
@click.option("--history", is_flag=True, help="How the figure moved as reports and amendments were posted.")
@db_option
@json_option
def total(
    org: str,
    since: str | None,
    until: str | None,
    as_of: str | None,
    method: Any,
    with_subsidiaries: bool,
    history: bool,
    db: Path,
    as_json: bool,
) -> None:
    """Spending of one organization, in every way of counting.

    Dates: 2021-08-01, 2021-08, 2021 or 2021Q3.
    """
    with open_ledger(db) as opened:
        if history and with_subsidiaries:
            raise click.UsageError("--history is of one organization; leave out --with-subsidiaries")
        answer = opened.total(org, since, until, as_of, with_subsidiaries)
        steps = opened.history(answer.organization, since, until, as_of) if history else []
    if as_json:
        moved = {"history": [step.json() for step in steps]} if history else {}
        show({**answer.json(), "method": method, **moved})
    elif history:
        click.echo(history_text(answer, steps, method))
    elif sys.stdout.isatty():
        _print_cards(lambda width: [terminal.total_card(answer, method, width=width)])
    else:
        click.echo(total_text(answer, method))


@cli.command()
@click.argument("source")
@published_option
@click.option("--as-of", type=DAY, help="Judge by what was filed by this day instead.")
@click.option("--org", help="Whose spending it is, where the text does not say or says it unclearly.")
@click.option("--with-subsidiaries", is_flag=True, help="Judge spending with that of subsidiaries.")
@click.option("--filings/--no-filings", default=True, help="List the filings behind each verdict (the default).")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the explanation.")
@db_option
@json_option
def check(
    source: str,
    published: str | None,
    as_of: str | None,
    org: str | None,
    with_subsidiaries: bool,
    filings: bool,
    lang: Any,
    db: Path,
    as_json: bool,
) -> None:
    """Finds the claims of SOURCE, checks each against the filings, and stores claims and verdicts.

    SOURCE is a sentence, a .txt, .md or .html file, the address of a page, or - for standard input.
    """
    read = _source(source, published)
    _tell_date(read)
    with open_ledger(db) as opened:
        checked = opened.check(read, None, as_of, org, with_subsidiaries)
        opened.record(read, checked)
    if as_json:
        show({"source": read.json(), "claims": [verdict.json() for verdict in checked]})
    elif not checked:
        say("no claim found")
    elif sys.stdout.isatty():
        _print_cards(
            lambda width: [terminal.verdict(one, width=width, filings=filings, language=lang) for one in checked]
        )
    else:
        click.echo("\n\n".join(verdict_text(verdict, filings=filings, language=lang) for verdict in checked))


@cli.command()
@click.argument("source")
@published_option
@json_option
def extract(source: str, published: str | None, as_json: bool) -> None:
    """Finds the claims of SOURCE without checking them; needs no database.

    SOURCE is a sentence, a .txt, .md or .html file, the address of a page, or - for standard input.
    """
    read = _source(source, published)
    found = lobbyx.extract(read.text, read.published)
    _tell_date(read)
    if as_json:
        show({"source": read.json(), "claims": [claim.json() for claim in found]})
    elif not found:
        say("no claim found")
    for claim in () if as_json else found:
        missing = f"  (missing: {', '.join(claim.missing)})" if claim.missing else ""
        click.echo(f"{claim.start}-{claim.end}  {clean(claim.org or '?')}: {clean(claim.text)}{missing}")


def _print_cards(made: Callable[[int], list[Any]]) -> None:
    from rich.console import Console

    console = Console()
    for card in made(console.width):
        console.print(card)


def _tell_date(read: Source) -> None:
    if read.published and read.published_source != "given":
        say(f"published {read.published}, by the {read.published_source} of {read.name}; --published overrides that")


def _source(source: str, published: str | None) -> Source:
    day = span(published).end if published else None
    iso = day.isoformat() if day else None
    if source == "-":
        body = sys.stdin.buffer.read(LARGEST_FILE + 1)
        if len(body) > LARGEST_FILE:
            raise UnreadableSource(f"standard input is larger than {LARGEST_FILE >> 20} MB")
        text = decode(body, "standard input")
        return Source("standard input", text, iso, "given" if iso else None)
    return read_source(source, iso)


@cli.command("names")
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@db_option
@json_option
def names_command(texts: tuple[str, ...], db: Path, as_json: bool) -> None:
    """How each name is read: its normalized form, the rules that made it, the organization it belongs to."""
    rows: list[dict[str, Any]] = []
    with closing(connection.connect(db)) if db.exists() else closing(sqlite3.connect(":memory:")) as opened:
        for text in texts:
            reading = names.explain(text)
            organization = None
            if db.exists():
                try:
                    organization = lookup.find(opened, text)
                except lookup.UnknownOrganization:
                    organization = None
            rows.append(
                {
                    "input": text,
                    "normalized": reading.normalized,
                    "display": names.display(reading.phrase),
                    "organization_id": organization.id if organization else None,
                    "organization": organization.name if organization else None,
                    "others": [{"kind": kind, "name": other} for kind, other in reading.others],
                    "why": list(reading.why),
                }
            )
    if as_json:
        show(rows)
        return
    for row in rows:
        whose = row["organization"] or "no organization on file"
        click.echo(clean(f"{row['input']} → {row['normalized']} ({whose})"))
        for rule in row["why"] or ["as it is"]:
            click.echo(f"  {rule}")


@cli.group("organizations")
def organizations_group() -> None:
    """Which names are one organization: what to review, and what was decided."""


@organizations_group.command("review")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many pairs at most.")
@db_option
@json_option
def review_command(limit: int, db: Path, as_json: bool) -> None:
    """Names that look alike and may be one organization, most alike first. Nothing is merged until you decide."""
    with open_ledger(db) as opened:
        pairs = candidates.candidates(opened.db, limit)
    if as_json:
        show([pair.json() for pair in pairs])
    elif not pairs:
        say("nothing to review")
    for pair in () if as_json else pairs:
        click.echo(clean(f"{pair.score:5.1f}  {pair.a} / {pair.b}  ({'; '.join(pair.reasons)})"))


@organizations_group.command()
@click.argument("name")
@click.argument("other")
@click.option("--same", "relation", flag_value="same", help="OTHER is another name of NAME.")
@click.option("--different", "relation", flag_value="different", help="They are two organizations.")
@click.option("--parent", "relation", flag_value="parent", help="NAME is the parent of OTHER.")
@click.option("--source", required=True, help="Where that can be looked up.")
@db_option
def decide(name: str, other: str, relation: Any, source: str, db: Path) -> None:
    """Decides what two names are to each other, and writes it to organizations.csv beside the database."""
    if relation is None:
        raise click.UsageError("say --same, --different or --parent")
    with open_ledger(db) as opened:
        path = decisions.path_for(opened.db)
        decisions.decide(path, decisions.Decision(relation, name, other, source))
        with connection.transaction(opened.db):
            derive.derive_all(opened.db)
    say(f"written to {path}")


@cli.command()
@db_option
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--write", is_flag=True, help="Let visitors store checks and decide about names (for your own machine).")
def serve(db: Path, port: int, host: str, write: bool) -> None:
    """Opens the database in Datasette, read-only, with the lobbyx pages."""
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
        settings.write(json.dumps({"plugins": {"lobbyx": {"write": True}}}))
        settings.flush()
        datasette.main([*arguments, "--metadata", settings.name], standalone_mode=False)


@cli.command()
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(DEMO_DB),
    show_default=True,
    help="Where to build the database.",
)
@click.option("--serve", "serve_it", is_flag=True, help="Open the database in Datasette afterwards.")
def demo(db: Path, serve_it: bool) -> None:
    """The main job on shipped real filings: builds a database and checks example claims. No network."""
    try:
        connection.connect(db, create=True).close()
    except connection.OtherVersion:
        if db != Path(DEMO_DB):
            raise
        db.unlink()  # nothing is in it that is not made below
    with demo_ledger(db) as opened_ledger:
        click.echo(
            f"{opened_ledger.filings} real filings about Coupang in {db}; five sentences checked against them:\n"
        )
        for number, row in enumerate(resources.rows("demo_claims.csv")):
            _demo_claim(opened_ledger, row, filings=number == 0)
    if serve_it:
        _serve(db)
    click.echo(
        f"Look around: ./scripts/demo --serve (or: lobbyx serve --db {db}), then open http://127.0.0.1:8001\n"
        f'Check your own: lobbyx check "Coupang spent ..." --published 2025-12-25 --db {db}'
    )


def _demo_claim(opened: Ledger, row: dict[str, str], *, filings: bool) -> None:
    source = Source("text", row["text"], row["published"])
    checked: list[Verdict] = opened.check(source, published=row["published"])
    opened.record(source, checked)
    click.echo(f"{row['published']}: {row['text']}")
    for verdict in checked:
        click.echo(verdict_text(verdict, filings=filings) + "\n")


def main() -> None:
    """Runs the command line: one clear line on stderr and exit code 1 for what failed, 2 for bad usage."""
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except LobbyxError as error:
        say(f"lobbyx: {error}")
        sys.exit(1)
    except sqlite3.OperationalError as error:
        say(f"lobbyx: the database cannot be used: {error}")
        sys.exit(1)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
