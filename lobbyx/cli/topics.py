"""The command about a topic: who lobbied on it, and when."""

from __future__ import annotations

from pathlib import Path

import click

from lobbyx.accounting import topics
from lobbyx.cli.options import DAY, db_option, json_option, lang_option, show
from lobbyx.ledger import open_ledger
from lobbyx.model.period import window
from lobbyx.model.texts import Language
from lobbyx.model.topic import KINDS, read_topic
from lobbyx.render.topic import topic_text


@click.command()
@click.argument("text")
@click.option("--as", "kind", type=click.Choice(KINDS), help="How to read TEXT, where it can be read in two ways.")
@click.option("--since", type=DAY, help="First day; a month, quarter or year means its first day.")
@click.option("--until", type=DAY, help="Last day; a month, quarter or year means its last day.")
@lang_option
@db_option
@json_option
def topic(
    text: str, kind: str | None, since: str | None, until: str | None, lang: Language, db: Path, as_json: bool
) -> None:
    """Show who lobbied on TEXT by quarter: reports, organizations, who started and stopped, agencies, firms.

    TEXT is a bill (H.R. 3962), a general issue (TRD, or its name), or words that descriptions of lobbying contain in
    this order. There are no amounts: a report gives one amount for everything it lists.
    """
    asked = read_topic(text, kind)
    if not asked.text:
        raise click.UsageError("TEXT is empty")
    with open_ledger(db) as opened:
        found = topics.topic(opened.db, asked, window(since, until))
    if as_json:
        show(found)
    else:
        click.echo(topic_text(found, lang))
