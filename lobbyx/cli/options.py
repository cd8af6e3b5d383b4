"""What the commands share: options, and how they print."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from lobbyx.model.period import UnreadableDate, span
from lobbyx.model.texts import LANGUAGES
from lobbyx.render.text import clean


class Day(click.ParamType[str]):
    """A date in one of the accepted forms. Anything else is bad usage."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            span(value)
        except UnreadableDate as error:
            self.fail(str(error), param, ctx)
        return value


DAY = Day()


def say(message: str) -> None:
    """A line for people, on stderr."""
    click.echo(clean(message), err=True)


def show(document: Any) -> None:
    """One JSON document, on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_cards(made: Callable[[int], list[Any]]) -> None:
    """Cards for a terminal, as wide as it is."""
    from rich.console import Console

    console = Console()
    for card in made(console.width):
        console.print(card)


db_option = click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=lambda: Path(os.environ.get("LOBBYX_DB") or "db/lobbyx.db"),
    show_default="$LOBBYX_DB, else db/lobbyx.db",
    help="The SQLite database.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
lang_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the text; JSON has none, and errors are in English.",
)
published_option = click.option(
    "--published", type=DAY, help="When the text was published. Claims are judged by what was filed by then."
)
