"""Commands about names: how they are read, what to review, what was decided."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from lobbyx import names
from lobbyx.accounting import derive
from lobbyx.cli.migrating import bring_up_to_date
from lobbyx.cli.options import db_option, json_option, say, show
from lobbyx.database import connection
from lobbyx.ledger import open_ledger
from lobbyx.model.errors import LobbyxError
from lobbyx.organizations import candidates, decisions, lookup
from lobbyx.render.text import clean


@click.command("names")
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@db_option
@json_option
def names_command(texts: tuple[str, ...], db: Path, as_json: bool) -> None:
    """Show how each name is read: its normalized form, the rules behind it, and its organization."""
    if not all(text.strip() for text in texts):
        raise click.UsageError("a name is empty")
    rows: list[dict[str, Any]] = []
    # Reading a name needs no database, unless the user names one.
    named = click.get_current_context().get_parameter_source("db") is ParameterSource.COMMANDLINE
    on_file = named or db.exists()
    if not on_file:
        say(f"there is no database at {db}, so no organization is looked up")
    with closing(connection.connect(db)) if on_file else closing(sqlite3.connect(":memory:")) as opened:
        for text in texts:
            reading = names.explain(text)
            organization = None
            if on_file:
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
        for rule in row["why"] or ["unchanged"]:
            click.echo(f"  {rule}")


@click.group("organizations")
def organizations_group() -> None:
    """Review names that may be the same organization, and decide."""


@organizations_group.command("review")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="The largest number of pairs to list.",
)
@db_option
@json_option
def review_command(limit: int, db: Path, as_json: bool) -> None:
    """List pairs of names that may be one organization, strongest first. Nothing is merged until you decide."""
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
@click.option("--same", is_flag=True, help="OTHER is another name of NAME.")
@click.option("--different", is_flag=True, help="They are different organizations.")
@click.option("--parent", is_flag=True, help="NAME is the parent of OTHER.")
@click.option("--source", required=True, help="Where others can look it up.")
@click.option("--anyway", is_flag=True, help="Also where a name is not on file yet.")
@db_option
def decide(
    name: str, other: str, same: bool, different: bool, parent: bool, source: str, anyway: bool, db: Path
) -> None:
    """Decide how two names are related, and write it to organizations.csv next to the database.

    NAME and OTHER are names as filed, or the number of an organization on file ('#12').
    """
    given: dict[decisions.Relation, bool] = {"same": same, "different": different, "parent": parent}
    chosen = [relation for relation, is_given in given.items() if is_given]
    if len(chosen) != 1:
        raise click.UsageError("say one of --same, --different and --parent")
    if not source.strip():
        raise click.UsageError("--source is empty; say where others can look it up")
    (relation,) = chosen
    bring_up_to_date(db)
    with open_ledger(db) as opened:
        path = decisions.path_for(opened.db)
        decision = decisions.Decision(relation, _filed(opened.db, name), _filed(opened.db, other), source)
        try:
            decisions.decide(path, decision, None if anyway else opened.db)
        except decisions.NotOnFile as missing:
            raise LobbyxError(f"{missing} To decide before its filings are loaded, add --anyway.") from missing
        with connection.transaction(opened.db):
            derive.derive_all(opened.db)
    say(f"written to {path}")


def _filed(db: sqlite3.Connection, name: str) -> str:
    """A name, as filed where it is given by the organization's number. Raises UnknownOrganization."""
    organization = lookup.numbered(db, name)
    if organization is None:
        return name
    return organization.names[0] if organization.names else organization.name
