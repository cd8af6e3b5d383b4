"""The command line: the group of commands, and what happens on failure."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence

import click

import lobbyx
from lobbyx.cli.claims import claims
from lobbyx.cli.coverage import coverage_command
from lobbyx.cli.groups import groups_command
from lobbyx.cli.ingesting import COMMANDS
from lobbyx.cli.judging import check, extract, total
from lobbyx.cli.migrating import migrate
from lobbyx.cli.options import say
from lobbyx.cli.organizations import names_command, organizations_group
from lobbyx.cli.serving import demo, serve
from lobbyx.model.errors import LobbyxError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(lobbyx.__version__, prog_name="lobbyx")
def cli() -> None:
    """Is a lobbying figure in the news true, and how did they get there?

    lobbyx answers from U.S. Lobbying Disclosure Act filings in an SQLite database.

    Start with: lobbyx demo
    """


for command in (
    *COMMANDS,
    coverage_command,
    migrate,
    claims,
    total,
    check,
    extract,
    names_command,
    organizations_group,
    groups_command,
    serve,
    demo,
):
    cli.add_command(command)


def main() -> None:
    """The command line."""
    run(None)


def run(arguments: Sequence[str] | None) -> None:
    """Runs one command: one clear line on stderr and exit code 1 for what failed, 2 for bad usage.

    `arguments` instead of the process's own.
    """
    try:
        cli.main(arguments, prog_name="lobbyx", standalone_mode=False)
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
    except OSError as error:  # a path that cannot be used: too long, not permitted, a full disk
        say(f"lobbyx: {error.filename or 'the file system'}: {error.strerror or error}")
        sys.exit(1)
