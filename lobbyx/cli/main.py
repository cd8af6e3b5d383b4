"""The command line: the group of commands, and what happens on failure."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

import click

import lobbyx
from lobbyx.cli.options import say
from lobbyx.model.errors import LobbyxError

COMMANDS: Mapping[str, tuple[str, str, str]] = {
    "check": (
        "judging",
        "check",
        "Find the claims in SOURCE, check each against the filings, and store claims and verdicts.",
    ),
    "claims": (
        "claims",
        "claims",
        "List, add, import, recheck and export stored claims.",
    ),
    "coverage": (
        "coverage",
        "coverage_command",
        "Show what is known to be complete: listings that were read to their end and counted.",
    ),
    "demo": (
        "serving",
        "demo",
        "Build a database from the filings in the package and check example claims.",
    ),
    "export": (
        "exporting",
        "export_command",
        "Write the tables as files into DIR, for DuckDB, Polars or Spark.",
    ),
    "extract": (
        "judging",
        "extract",
        "Find the claims in SOURCE without checking them.",
    ),
    "fetch": (
        "ingesting",
        "fetch",
        "Download matching filings from the API and load them.",
    ),
    "groups": (
        "groups",
        "groups_command",
        "List the groups that totals and claims can be about, or the members of the group NAME.",
    ),
    "load": (
        "ingesting",
        "load",
        "Load filings from files: saved API answers, CSV, or the Senate's archive.",
    ),
    "mcp": (
        "assisting",
        "mcp_command",
        "Answer an assistant's questions over the Model Context Protocol.",
    ),
    "migrate": (
        "migrating",
        "migrate",
        "Brings an older database to this version's schema, and keeps everything in it.",
    ),
    "names": (
        "organizations",
        "names_command",
        "Show how each name is read: its normalized form, the rules behind it, and its organization.",
    ),
    "organizations": (
        "organizations",
        "organizations_group",
        "Review names that may be the same organization, and decide.",
    ),
    "rebuild": (
        "ingesting",
        "rebuild",
        "Rebuild the tables from the answers kept in the database, without the network.",
    ),
    "resolve": (
        "ingesting",
        "resolve",
        "Rebuild organizations and totals from what is on file.",
    ),
    "serve": (
        "serving",
        "serve",
        "Open the database in Datasette, read-only, with the lobbyx pages.",
    ),
    "sync": (
        "ingesting",
        "sync",
        "Mirror the whole API: every record exactly once, verified by counting.",
    ),
    "topic": (
        "topics",
        "topic",
        "Show who lobbied on TEXT by quarter: reports, organizations, who started and stopped, agencies, firms.",
    ),
    "watch": (
        "watching",
        "watch",
        "Look once what is new: filings, articles in feeds, and verdicts that changed.",
    ),
    "total": (
        "totals",
        "total",
        "Print the spending of one organization or group, in every way of counting.",
    ),
}
"""Name -> module of this folder, the command in it, and its line in the list of commands. A module is imported when its
command is run, so that no command waits for what others need."""


class Commands(click.Group):
    """The group of `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, imported now; None for no such command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"lobbyx.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][2]) for name in self.list_commands(ctx)])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(lobbyx.__version__, prog_name="lobbyx")
def cli() -> None:
    """Is a lobbying figure in the news true, and how did they get there?

    lobbyx answers from U.S. Lobbying Disclosure Act filings in an SQLite database.

    Start with: lobbyx demo
    """


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
