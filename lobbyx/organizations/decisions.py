"""What people have decided about names: which are one organization and which are not, with sources.

Two files, read in this order: the one shipped (`data/organizations.csv`) and the user's own, `organizations.csv` beside
the database or where $LOBBYX_ORGANIZATIONS says. Columns: `relation`, `name`, `other`, `source`. `same`: `other` is
another name of `name`, which is the present one. `different`: they are two, even where both read alike (ALLIANCE INC,
ALLIANCE LLC). `parent`: `name` is the parent of `other`, which stays an organization of its own. A later line about the
same two names replaces an earlier one.
"""

from __future__ import annotations

import csv
import os
import sqlite3
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, get_args

from lobbyx.lda.csv_rows import BrokenTable, Table
from lobbyx.model import resources
from lobbyx.model.errors import LobbyxError
from lobbyx.names import Reading, explain, normalize, plain
from lobbyx.organizations.nearest import nearest_names

Relation = Literal["same", "different", "parent"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)
COLUMNS = ("relation", "name", "other", "source")
FILE = "organizations.csv"
LARGEST_FILE: Final = 64 << 20
"""Bytes of a file of decisions."""


class BrokenDecision(LobbyxError):
    """A line of a curated file that cannot be read."""


class NotOnFile(LobbyxError):
    """A decision about a name that no organization on file has."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One line, its names as written."""

    relation: Relation
    name: str
    other: str
    source: str


@dataclass
class Decisions:
    """All of them, by pairs of normalized names."""

    by_pair: dict[frozenset[str], Decision] = field(default_factory=dict)

    def relation(self, a: str, b: str) -> Relation | None:
        """What was decided about two normalized names."""
        found = self.by_pair.get(frozenset((a, b)))
        return found.relation if found else None

    apart: set[str] = field(default_factory=set)
    """Names, as `names.plain` reads them, that are one with no other though it reads like them."""

    def read(self, name: str) -> Reading:
        """How a name as filed is read, decisions included."""
        reading = explain(name)
        return replace(reading, normalized=plain(name)) if self.apart and plain(name) in self.apart else reading

    def holds_apart(self, names: Set[str]) -> bool:
        """Whether one of these normalized names was decided to be different from another name."""
        return any(d.relation == "different" and pair & names for pair, d in self.by_pair.items())

    def parents(self) -> list[tuple[str, str, str]]:
        """(normalized parent, normalized child, source)."""
        found = [d for d in self.by_pair.values() if d.relation == "parent"]
        return [(normalize(d.name), normalize(d.other), d.source) for d in found]

    def same(self) -> Mapping[str, str]:
        """Normalized other name -> normalized present name."""
        return {normalize(d.other): normalize(d.name) for d in self.by_pair.values() if d.relation == "same"}


def path_for(db: sqlite3.Connection) -> Path:
    """Where the user's own decisions about a database are kept."""
    return path_beside(Path(db.execute("PRAGMA database_list").fetchone()["file"]))


def path_beside(database: Path) -> Path:
    """Where the user's own decisions about the database at this path are kept."""
    named = os.environ.get("LOBBYX_ORGANIZATIONS")
    return Path(named) if named else database.parent / FILE


def read(own: Path) -> Decisions:
    """The decisions shipped and the user's own. Raises BrokenDecision naming file, line and cause."""
    decisions = Decisions()
    for path in (resources.path(FILE), own):
        if path.exists():
            for decision in _lines(path):
                pair = frozenset((normalize(decision.name), normalize(decision.other)))
                if len(pair) == 1:
                    decisions.apart |= {plain(decision.name), plain(decision.other)}
                    continue
                decisions.by_pair.pop(pair, None)
                decisions.by_pair[pair] = decision
    return decisions


def _lines(path: Path) -> Iterator[Decision]:
    try:
        with path.open("rb") as f:
            body = f.read(LARGEST_FILE + 1)
        if len(body) > LARGEST_FILE:
            raise BrokenDecision(f"{path.name}: is larger than {LARGEST_FILE >> 20} MB")
        table = Table(body)
        if tuple(table.columns) != COLUMNS:
            raise BrokenDecision(f"{path.name}: the first line must be {','.join(COLUMNS)}")
        for line, row in table.rows():
            where = f"{path.name}, line {line}"
            name, other, source = row["name"], row["other"], row["source"]
            relation = next((r for r in RELATIONS if r == row["relation"]), None)
            if relation is None or name is None or other is None or source is None:
                known = ", ".join(RELATIONS)
                raise BrokenDecision(f"{where}: the relation is one of {known}, and four columns are needed")
            decision = Decision(relation, name, other, source)
            if _is_empty(decision):
                raise BrokenDecision(f"{where}: both names read alike ({normalize(name)})")
            yield decision
    except BrokenTable as error:
        raise BrokenDecision(f"{path.name}, {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenDecision(f"{path.name}: cannot be read: {error}") from error


def _is_empty(decision: Decision) -> bool:
    """Whether there is nothing to decide: names that read alike can only be decided to be different."""
    if normalize(decision.name) != normalize(decision.other):
        return False
    return decision.relation != "different" or plain(decision.name) == plain(decision.other)


def decide(own: Path, decision: Decision, on_file: sqlite3.Connection | None = None) -> None:
    """Adds a line to the user's own decisions.

    Raises BrokenDecision where both names read alike, one has nothing to read, or no source is given.

    With `on_file`, raises NotOnFile for a name that no organization in that database has.
    """
    if not decision.source.strip():
        raise BrokenDecision("a decision needs a source, where others can look it up")
    if not normalize(decision.name) or not normalize(decision.other) or _is_empty(decision):
        raise BrokenDecision(f"there is nothing to decide between {decision.name!r} and {decision.other!r}")
    if on_file is not None:
        _require(on_file, decision)
    read(own)  # not to add to a file that is broken
    own.parent.mkdir(parents=True, exist_ok=True)
    before = own.read_bytes() if own.exists() else b""
    with own.open("a", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        if not before:
            out.writerow(COLUMNS)
        elif not before.endswith((b"\n", b"\r")):  # an editor that leaves the last line open
            f.write("\n")
        out.writerow((decision.relation, decision.name, decision.other, decision.source))


def _require(db: sqlite3.Connection, decision: Decision) -> None:
    """Raises NotOnFile for a name that no organization on file has: a decision about it would change nothing."""
    for name in (decision.name, decision.other):
        named = db.execute(
            "SELECT 1 FROM organization_names WHERE name = ?1 COLLATE NOCASE OR normalized = ?2 "
            "UNION ALL SELECT 1 FROM organizations WHERE normalized = ?2 LIMIT 1",
            [name, normalize(name)],
        ).fetchone()
        if named is None:
            names = {row["normalized"]: row["name"] for row in db.execute("SELECT normalized, name FROM organizations")}
            nearest = ", ".join(f"“{one}”" for one in nearest_names(normalize(name), names))
            hint = f" Nearest on file: {nearest}." if nearest else ""
            raise NotOnFile(f"No organization named “{name[:80]}” is on file.{hint}")
