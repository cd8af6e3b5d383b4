"""The commands about stored claims: list, add, delete, card, import, recheck, export."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import click

from lobbyx.cli.migrating import bring_up_to_date
from lobbyx.cli.options import db_option, json_option, published_option, say, show
from lobbyx.database import connection
from lobbyx.ledger import open_ledger
from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import iso, span
from lobbyx.model.texts import LANGUAGES
from lobbyx.reading.source import Source
from lobbyx.reading.source import read as read_source
from lobbyx.render import csv_table
from lobbyx.render.progress import steps
from lobbyx.render.text import MARKS, clean
from lobbyx.stored_claims import claimreview, importing, records

DEFAULT_BASE = "http://127.0.0.1:8001/-/lobbyx/verdict"


@click.group("claims")
def claims() -> None:
    """List, add, import, recheck and export stored claims."""


@claims.command("list")
@db_option
@json_option
def list_command(db: Path, as_json: bool) -> None:
    """List every stored claim with its newest verdict."""
    with open_ledger(db) as opened:
        rows = records.rows(opened.db)
    if as_json:
        show(rows)
        return
    if not rows:
        say("no claims are stored yet; lobbyx check stores what it checks")
    for row in rows:
        mark = MARKS.get(row["verdict"], " ")
        other = row["published"] and row["as_of"] and row["as_of"] != row["published"]
        verdict = (row["verdict"] or "not checked") + (f" as of {row['as_of']}" if other else "")
        head = f"{row['claim_id']:>4}  {mark} {verdict}  {row['published'] or 'undated'}"
        click.echo(clean(f"{head}  {row['org'] or '?'}: {row['text']}"))


@claims.command()
@click.argument("source")
@published_option
@click.option("--url", help="Where it was published.")
@click.option("--author", help="Who said it.")
@db_option
@json_option
def add(source: str, published: str | None, url: str | None, author: str | None, db: Path, as_json: bool) -> None:
    """Find and check the claims in SOURCE, and store them with their origin.

    SOURCE is a sentence, a .txt, .md, .html or .pdf file, the address of a page, or - for standard input.
    """
    day = iso(span(published).end) if published else None
    read = read_source(source, day)
    said = Source(
        url or read.name, read.text, read.published, read.published_source, read.title, read.from_page, author, url
    )
    bring_up_to_date(db)
    with open_ledger(db) as opened:
        ids = opened.record(said, opened.check(said))
        stored = records.claims_of(opened.db, ids)
        rows = [row for row in records.rows(opened.db) if row["claim_id"] in stored]
    if as_json:
        show(rows)
    elif not rows:
        say("no claim found")
    for row in () if as_json else rows:
        click.echo(clean(f"{row['claim_id']}: {row['text']}: {row['verdict']}"))


@claims.command()
@click.argument("number", type=int, metavar="ID")
@db_option
def delete(number: int, db: Path) -> None:
    """Delete the stored claim with this ID, with its verdicts."""
    with open_ledger(db) as opened, connection.transaction(opened.db):
        if not records.delete(opened.db, number):
            raise LobbyxError(f"no stored claim has the number {number}; lobbyx claims list shows them")
    click.echo(f"claim {number} is deleted")


@claims.command("card")
@click.argument("number", type=int, metavar="ID")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the card.")
@db_option
def card_command(number: int, file: Path, lang: Any, db: Path) -> None:
    """Draw the newest verdict on the stored claim with this ID as a picture to publish.

    FILE ends in .svg or .png. PNG needs vl-convert: pip install 'lobbyx[card]'.
    """
    from lobbyx.render import card
    from lobbyx.site import contents

    kind = file.suffix.lower()
    if kind not in (".svg", ".png"):
        raise click.BadParameter(f"{file} must end in .svg or .png", param_hint="FILE")
    with open_ledger(db) as opened:
        verdict = records.newest_verdict(opened.db, number)
        if verdict is None:
            raise LobbyxError(f"no stored claim with a verdict has the number {number}; lobbyx claims list shows them")
        drawn = card.svg(contents.verdict(opened.db, verdict), lang)
    picture = card.png(drawn) if kind == ".png" else drawn.encode()
    try:
        file.write_bytes(picture)
    except OSError as error:
        raise LobbyxError(f"{file}: cannot be written: {error.strerror}") from error
    click.echo(clean(f"{file}: the card of claim {number}"))


@claims.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@db_option
@json_option
def import_command(file: Path, db: Path, as_json: bool) -> None:
    """Check and store the statements in a CSV file.

    One column holds the statement (text, claim, statement, sentence or quote). Columns for the publication date, the
    address and the speaker are read if there are any. If a line is invalid, nothing is stored.
    """
    sources = importing.read_csv(file)
    empty: list[str] = []
    bring_up_to_date(db)
    with open_ledger(db) as opened:
        checked = []
        for source in steps(sources, "checking"):
            verdicts = opened.check(source)
            if not verdicts:
                empty.append(source.text)
            checked.append((source, verdicts))
        stored = sum(len(opened.record(source, verdicts)) for source, verdicts in checked)
    if as_json:
        show({"statements": len(sources), "claims": stored, "without_claims": empty})
        return
    click.echo(f"{len(sources)} statements, {stored} claims checked and stored")
    for text in empty:
        say(f"no claim found in: {text[:100]}")


@claims.command()
@db_option
@json_option
def recheck(db: Path, as_json: bool) -> None:
    """Judge every stored claim again by what is on file now. Earlier verdicts stay."""
    bring_up_to_date(db)
    with open_ledger(db) as opened:
        changed = opened.recheck(lambda some: steps(some, "checking"))
    if as_json:
        show([{"claim_id": number, "before": before, "now": now} for number, before, now in changed])
        return
    click.echo(f"{len(changed)} new verdict{'' if len(changed) == 1 else 's'}")
    for number, before, now in changed:
        click.echo(f"  claim {number}: {before or 'not checked'} → {now}")


@claims.command()
@click.option("--format", "form", type=click.Choice(["claimreview", "csv", "json"]), default="json", show_default=True)
@click.option("--publisher", default="lobbyx", show_default=True, help="Who publishes the fact check (claimreview).")
@click.option("--publisher-url", default="https://lda.gov/", show_default=True, help="The publisher's page.")
@click.option("--base-url", help="Where you publish the verdicts; lobbyx appends the verdict's id.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead.")
@db_option
def export(form: str, publisher: str, publisher_url: str, base_url: str | None, out: Path | None, db: Path) -> None:
    """Export stored claims with their newest verdicts as ClaimReview (JSON-LD), CSV or JSON."""
    with open_ledger(db) as opened:
        rows = records.rows(opened.db)
    text: str
    if form == "csv":
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(csv_table.as_csv(rows))
        text = buffer.getvalue()
    elif form == "json":
        text = json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    else:
        reviews = [claimreview.claim_review(row, publisher, publisher_url, base_url or DEFAULT_BASE) for row in rows]
        kept: list[dict[str, Any]] = [review for review in reviews if review]
        if not base_url:
            say(f"the addresses start with {DEFAULT_BASE}; use --base-url for the address your readers see")
        if len(kept) < len(rows):
            say(f"left out, because claims that could not be verified have no rating: {len(rows) - len(kept)}")
        # In a script element of a page, "</script>" must not end it.
        text = json.dumps(kept, ensure_ascii=False, indent=2).replace("</", "<\\/") + "\n"
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LobbyxError(f"{out}: cannot be written: {error.strerror}") from error
