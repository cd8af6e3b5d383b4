"""The reference is complete: every command and every public name has its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

import lobbyx
from lobbyx.accounting import warnings
from lobbyx.cli.main import cli
from lobbyx.site import metadata
from tests.conftest import ROOT

REFERENCE = ROOT / "docs" / "reference"


def commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for sub in command.list_commands(context):
            inside = command.get_command(context, sub)
            assert inside is not None
            yield from commands(f"{name} {sub}", inside)


@pytest.mark.parametrize(
    ("name", "command"), list(commands("lobbyx", cli)), ids=lambda x: x if isinstance(x, str) else ""
)
def test_every_command_is_described_with_every_option(name: str, command: click.Command) -> None:
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    part = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert part, f"./scripts/docs puts {name} into docs/reference/commands.md"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[-1] in part[1]


@pytest.mark.parametrize("name", [*lobbyx.__all__, "open"])
def test_every_public_name_is_described(name: str) -> None:
    assert f"## lobbyx.{name}\n" in (REFERENCE / "python.md").read_text(encoding="utf-8")


def test_every_table_that_is_not_machinery_is_in_the_tour_of_tables() -> None:
    page = (REFERENCE / "tables.md").read_text(encoding="utf-8")
    shown = {name for name, about in metadata()["tables"].items() if not about.get("hidden")}
    constants = shown & {
        "countries",
        "states",
        "expenses_methods",
        "filer_types",
        "lobbyist_prefixes",
        "lobbyist_suffixes",
        "contribution_item_types",
    }
    names = {"client_former_names", "registrant_former_names"}
    assert {name for name in shown - constants - names if f"`{name}`" not in page} == set()


def test_every_warning_is_described() -> None:
    page = (REFERENCE / "verdicts.md").read_text(encoding="utf-8")
    source = (ROOT / "lobbyx/accounting/warnings.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'warned\(\s*"(\w+)"', source))
    assert len(codes) > 8
    assert {code for code in codes if code not in page} == set()
    assert warnings.__doc__


def test_the_documentation_holds_no_path_of_a_machine() -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        assert not re.search(r"/(?:tmp|work|home|root|Users)/|0x[0-9a-f]{6}", page.read_text(encoding="utf-8")), page
