"""What the documentation prints from the program itself. Imported by the cog blocks in the Markdown files.

`./scripts/docs` regenerates the blocks, and `./scripts/docs --check` says whether they are current. All files share one
demo database, which is built once; `start()` gives a page its own copy, so that pages do not depend on each other.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import os
import shlex
import shutil
import tempfile
import textwrap
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import Any

import click
import cog
from click.testing import CliRunner

import lobbyx
from lobbyx.cli.main import cli

WIDTH = 100
_here: list[Path] = []
_kept: list[tempfile.TemporaryDirectory[str]] = []


def _folder() -> Path:
    """An empty folder that lasts as long as the process."""
    _kept.append(tempfile.TemporaryDirectory(prefix="lobbyx-docs-"))
    return Path(_kept[-1].name)


@cache
def _demo() -> Path:
    """A folder with `db/demo.db` as `lobbyx demo` leaves it."""
    made = _folder()
    _run(["demo"], made)
    return made


def start() -> None:
    """Gives the page that follows its own copy of the demo database, as `db/lobbyx.db` and `db/demo.db`."""
    _here[:] = [_folder()]
    (_here[0] / "db").mkdir()
    for name in ("demo.db", "lobbyx.db"):
        shutil.copy(_demo() / "db/demo.db", _here[0] / "db" / name)


def folder() -> Path:
    """The folder of the page that is being made."""
    return _here[0]


def _run(args: list[str], place: Path) -> Any:
    """Runs the command line in a folder. Raises if it fails, so that a page never shows a failure as a result."""
    environment = {name: None for name in os.environ if name.startswith(("LOBBYX_", "LDA_"))}
    with chdir(place):
        done = CliRunner(env=environment).invoke(cli, args, terminal_width=WIDTH)
    if done.exit_code:
        raise RuntimeError(f"lobbyx {shlex.join(args)}: {done.stderr or done.exception!r}")
    return done


def console(command: str, lines: int | None = None, *, messages: bool = False) -> None:
    """Runs `lobbyx ...` in the page's folder and prints the command with its first lines of output.

    With `messages`, also what it says on stderr.
    """
    done = _run(shlex.split(command)[1:], _here[0])
    out = (done.output if messages else done.stdout).replace(f"{_here[0]}/", "").rstrip().splitlines()
    if lines and len(out) > lines:
        out = [*out[:lines], "..."]
    cog.out("\n".join(["```console", f"$ {command}", *out, "```", ""]))


def _first(value: Any) -> Any:
    return value[:1] if isinstance(value, list) else value


def json_of(command: str, shorten: Sequence[str] = (), without: Sequence[str] = ()) -> None:
    """As `console`, for a command that prints JSON: lists named in `shorten` keep one entry, and the fields named in
    `without` are left out, at any depth."""

    def cut(value: Any) -> Any:
        if isinstance(value, list):
            return [cut(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {name: cut(_first(inside) if name in shorten else inside) for name, inside in kept(value)}

    def kept(value: dict[str, Any]) -> list[tuple[str, Any]]:
        return [(name, inside) for name, inside in value.items() if name not in without]

    document = json.loads(_run(shlex.split(command)[1:], folder()).stdout)
    shown = json.dumps(cut(document), ensure_ascii=False, indent=2)
    cog.out(f"```console\n$ {command}\n{shown}\n```\n")


def file(name: str, text: str) -> None:
    """Writes a file into the page's folder and shows it."""
    (_here[0] / name).write_text(text, encoding="utf-8")
    cog.out(f"```text\n{text.rstrip()}\n```\n")


def broken_archive(name: str) -> None:
    """Writes a zip of the Senate's archive (one of `tests/data/bulk`) whose first file breaks off into the folder."""
    real = Path(__file__).parent.parent / "tests/data/bulk" / name
    with zipfile.ZipFile(real) as archive, zipfile.ZipFile(_here[0] / name, "w") as cut:
        first, *_ = archive.namelist()
        body = archive.read(first)
        cut.writestr(first, body[: len(body) * 3 // 4])


# Commands ---------------------------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command of the command line with its full name, groups before what is in them, in alphabetical order."""
    waiting: list[tuple[str, click.Command]] = [("lobbyx", cli)]
    while waiting:
        name, command = waiting.pop(0)
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            inside = [(sub, command.get_command(context, sub)) for sub in command.list_commands(context)]
            waiting[:0] = [(f"{name} {sub}", one) for sub, one in inside if one is not None]


def command_reference() -> None:
    """Each command's `--help`."""
    for name, _ in commands():
        text = _run([*name.split()[1:], "--help"], Path.cwd()).stdout
        text = text.replace("Usage: cli", "Usage: lobbyx", 1).rstrip()
        cog.out(f"## {name}\n\n```text\n{text}\n```\n\n")


# Python -----------------------------------------------------------------------------------------------------------


def python_reference() -> None:
    """The public names: signatures, docstrings, fields and properties."""
    public = [(name, getattr(lobbyx, name)) for name in (*lobbyx.__all__, "open")]  # `open` stays out of star imports
    for name, thing in sorted(public, key=lambda pair: (inspect.isclass(pair[1]), pair[0].lower())):
        if inspect.isclass(thing):
            _class(name, thing)
        else:
            cog.out(f"## lobbyx.{name}\n\n{_signature(f'lobbyx.{name}', thing)}\n{_paragraphs(thing)}\n\n")


def _class(name: str, made: type) -> None:
    cog.out(f"## lobbyx.{name}\n\n{_paragraphs(made)}\n\n")
    if dataclasses.is_dataclass(made):
        notes = _field_notes(made)
        cog.out("| field | type | holds |\n|---|---|---|\n")
        for one in dataclasses.fields(made):
            kind = str(one.type).replace("|", "\\|")
            cog.out(f"| `{one.name}` | `{kind}` | {notes.get(one.name, '')} |\n")
        cog.out("\n")
    for member, value in vars(made).items():
        if member.startswith("_") or not (inspect.isfunction(value) or isinstance(value, property)):
            continue
        if isinstance(value, property):
            cog.out(f"### {name}.{member}\n\n{_paragraphs(value)}\n\n")
        else:
            cog.out(f"### {name}.{member}()\n\n{_signature(f'{name}.{member}', value)}\n{_paragraphs(value)}\n\n")


def _signature(name: str, function: Any) -> str:
    shown = inspect.signature(function)
    kept = [_plain_default(p) for p in shown.parameters.values() if p.name != "self"]
    line = f"{name}{shown.replace(parameters=kept)}".replace("'", "").replace("Ellipsis", "...")
    if len(line) > WIDTH:
        inside = "".join(f"    {part},\n".replace("'", "").replace("Ellipsis", "...") for part in map(str, kept))
        line = f"{name}(\n{inside}) -> {shown.return_annotation}"
    return f"```python\n{line}\n```\n"


def _plain_default(parameter: inspect.Parameter) -> inspect.Parameter:
    """A function as a default would print its address in memory."""
    return parameter.replace(default=...) if inspect.isfunction(parameter.default) else parameter


def _paragraphs(thing: Any) -> str:
    return inspect.cleandoc(thing.__doc__ or "").strip()


def _field_notes(made: type) -> dict[str, str]:
    """The docstrings that stand below the fields of a class."""
    body = ast.parse(textwrap.dedent(inspect.getsource(made))).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for line, below in zip(body.body, body.body[1:], strict=False):
        match line, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(note))):
                found[name] = " ".join(note.split())
    return found
