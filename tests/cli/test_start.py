"""What a command imports before it answers: no more than it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

import lobbyx
from lobbyx.cli.main import COMMANDS, cli

HEAVY = ("spacy", "kiwipiepy", "pandas", "datasette", "requests", "urllib3", "sqlite_utils", "lobbyx.reading.claims")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert (command.name, command.get_short_help_str(200)) == (name, COMMANDS[name][2])


def test_an_unknown_command_is_bad_usage() -> None:
    command = [sys.executable, "-c", "from lobbyx.cli import main; main()", "totl"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "No such command 'totl'" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["total", "Coupang"]])
def test_a_command_imports_only_what_it_needs(arguments: list[str], coupang_db: Path) -> None:
    program = (
        "import sys\nfrom lobbyx.cli.main import cli\n"
        f"cli.main({[*arguments, *(['--db', str(coupang_db)] if arguments[0] == 'total' else [])]!r}, standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stderr.splitlines()[-1] == "[]"


def test_public_names_are_there_without_having_been_imported() -> None:
    assert set(lobbyx.__all__) <= set(dir(lobbyx))
    assert all(getattr(lobbyx, name) is not None for name in lobbyx.__all__)
    with pytest.raises(AttributeError, match="no attribute 'totals'"):
        lobbyx.totals  # noqa: B018
    program = "from lobbyx import *\nprint(open.__module__, Ledger.__module__)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["io", "lobbyx.ledger"]
