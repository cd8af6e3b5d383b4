"""The data files that come with the package. `lobbyx/data/README.md` says where each is from."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path


def path(name: str) -> Path:
    """The path of `data/NAME`. The package is never run from inside a zip file."""
    return Path(str(files("lobbyx") / "data" / name))


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a shipped CSV file, by column name."""
    with path(name).open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))
