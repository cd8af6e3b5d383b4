"""The folder of an export: written beside its place and then exchanged with it, so that it is never half there."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from lobbyx.model.errors import LobbyxError

MARKER: Final = "lobbyx-export.json"
"""The file that says what is in an export, and that it is one."""
LARGEST_MARKER: Final = 1_000_000
EXCHANGE: Final = 2
"""RENAME_EXCHANGE of Linux's renameat2, and RENAME_SWAP of macOS's renamex_np."""
HERE: Final = -100
"""AT_FDCWD: names are whole, or begin where the program stands."""


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
    if not folder.is_symlink() and folder.parent.is_dir():
        with _alone(folder.resolve().parent):
            mend(folder.resolve())
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
        with _alone(place.parent):
            require_free(folder)  # somebody may have put something there meanwhile
            _swap(made, place)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _beside(place: Path) -> Path:
    """Where the tree that is going, or waiting to come, stands during a swap."""
    return place.parent / f".{place.name[:100]}.lobbyx-old"


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """No other export swaps or mends in a folder meanwhile. The lock goes with the program, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    opened = os.open(parent, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def mend(place: Path) -> None:
    """What a run that was killed left behind: its old tree goes back if its place is empty, and away if it is taken."""
    left = _beside(place)
    if left.is_symlink() or not left.is_dir():
        return
    taken = place.exists() and (not place.is_dir() or any(place.iterdir()))
    if taken:
        shutil.rmtree(left, ignore_errors=True)
    elif _tables(left / MARKER) is not None:
        if place.exists():
            place.rmdir()
        left.rename(place)


def _swap(made: Path, place: Path) -> None:
    """Puts a new tree in place of what is there.

    Where the system can exchange two folders, there is no moment without one in the place. Else there are two renames;
    if the program is killed between them, the old tree stands beside, and `mend` puts it back on the next run.
    """
    if not place.exists():
        made.rename(place)
        return
    left = _beside(place)
    shutil.rmtree(left, ignore_errors=True)
    made.rename(left)
    if not _exchange(left, place):
        left.rename(made)
        place.rename(left)
        try:
            made.rename(place)
        except BaseException:
            left.rename(place)
            raise
    shutil.rmtree(left, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two folders in one step. False where the system or the file system cannot."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(system.renamex_np(*names, EXCHANGE) == 0)
        return bool(system.renameat2(HERE, names[0], HERE, names[1], EXCHANGE) == 0)
    except (OSError, TypeError, AttributeError):  # no such library (Windows), no such function (an old one)
        return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
