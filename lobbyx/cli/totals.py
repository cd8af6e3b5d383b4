"""The command that adds up: total."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from lobbyx.cli.options import DAY, db_option, json_option, lang_option, print_cards, show
from lobbyx.ledger import open_ledger
from lobbyx.model.texts import Language
from lobbyx.model.total import METHODS
from lobbyx.organizations import groups


@click.command()
@click.argument("org")
@click.option("--since", type=DAY, help="First day; a month, quarter or year means its first day.")
@click.option("--until", type=DAY, help="Last day; a month, quarter or year means its last day.")
@click.option("--as-of", type=DAY, help="Count only what was filed by this day.")
@click.option("--method", type=click.Choice(METHODS), default="lda", show_default=True, help="The way of counting.")
@click.option(
    "--with-subsidiaries", is_flag=True, help="Add the spending of subsidiaries that sources show or you decided."
)
@click.option("--history", is_flag=True, help="Show how the figure changed as reports and amendments were posted.")
@lang_option
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
    lang: Language,
    db: Path,
    as_json: bool,
) -> None:
    """Print the spending of one organization or group, in every way of counting.

    Dates: 2021-08-01, 2021-08, 2021 or 2021Q3.
    """
    with open_ledger(db) as opened:
        if history and with_subsidiaries:
            raise click.UsageError("--history covers one organization; leave out --with-subsidiaries")
        if history and groups.is_group(org):
            raise click.UsageError("--history covers one organization; ask for a member of the group")
        answer = opened.total(org, since, until, as_of, with_subsidiaries)
        steps = opened.history(answer.organization, since, until, as_of) if history else []
    if as_json:
        moved = {"history": [step.json() for step in steps]} if history else {}
        show({**answer.json(), "method": method, **moved})
        return
    from lobbyx.render import terminal
    from lobbyx.render.text import history_text, total_text

    if history:
        click.echo(history_text(answer, steps, method, lang))
    elif sys.stdout.isatty():
        print_cards(lambda width: [terminal.total_card(answer, method, width=width, language=lang)])
    else:
        click.echo(total_text(answer, method, lang))
