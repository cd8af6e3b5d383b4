"""The folder of an export: written beside its place and then renamed, so that it is never half there."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from lobbyx.model.errors import LobbyxError

MARKER: Final = "lobbyx-export.json"
"""The file that says what is in an export, and that it is one."""
LARGEST_MARKER: Final = 1_000_000


class FolderInUse(LobbyxError):
    """The folder holds something that is not an earlier export."""


def describe(folder: Path, form: str, tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes the marker: format, and each table with its rows and the kinds of its columns."""
    document = {"made_by": "lobbyx export", "format": form, "tables": tables}
    (folder / MARKER).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def require_free(folder: Path) -> None:
    """Raises FolderInUse unless the folder is missing, empty, or an earlier export with nothing else in it."""
    if folder.is_symlink():
        raise FolderInUse(f"{folder} is a link; name the folder it leads to")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FolderInUse(f"{folder} is a file; name a folder")
    held = {one.name for one in folder.iterdir()}
    if not held:
        return
    ours = _tables(folder / MARKER)
    if ours is None:
        raise FolderInUse(
            f"{folder} is not empty and not an earlier export, so nothing in it is replaced. Name another folder"
        )
    if strange := sorted(held - ours - {MARKER}):
        raise FolderInUse(
            f"{folder} is an earlier export, but {strange[0]} in it is not part of it. Move that and run this again"
        )


def _tables(marker: Path) -> set[str] | None:
    """The names of the tables in an earlier export; None where there is no such marker."""
    try:
        if marker.is_symlink() or marker.stat().st_size > LARGEST_MARKER:
            return None
        document = json.loads(marker.read_text(encoding="utf-8"))
        return set(document["tables"]) if document["made_by"] == "lobbyx export" else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder beside the one named, which takes its place if the block succeeds, and goes away if not."""
    require_free(folder)
    place = folder.resolve()
    if Path.cwd().is_relative_to(place):
        raise FolderInUse(f"{folder} is replaced as a whole, and you are in it; name a folder that is yet to be made")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{place.name[:100]}.", suffix=".part", dir=place.parent))
    except OSError as error:
        reason = f"{place.parent} is a file" if place.parent.is_file() else error.strerror
        raise LobbyxError(f"{folder} cannot be made: {reason}. Name another folder") from error
    try:
        yield made
        made.chmod(0o777 & ~_umask())
        require_free(folder)  # somebody may have put something there meanwhile
        _swap(made, place)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _swap(made: Path, place: Path) -> None:
    if not place.exists():
        made.rename(place)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{place.name[:100]}.", suffix=".old", dir=place.parent))
    place.rename(old)  # an empty folder gives way
    try:
        made.rename(place)
    except BaseException:
        old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
