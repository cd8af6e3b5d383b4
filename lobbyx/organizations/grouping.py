"""Which names are one, for organizations and for registrants alike, and the ids that stay when names change.

Evidence, strongest first: what people decided (`decisions.py`); the same normalized name; a name that says "formerly Y"
and the names that are Y; a record of the API that was served under another name before; the same letters, spaced
otherwise (EXXON MOBIL, EXXONMOBIL); what is known with a source (`knowledge.py`). Likeness is no evidence. In-house
filers that report for the same periods are set apart afterwards (`succession.py`).
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lobbyx.names import Reading
from lobbyx.organizations.decisions import Decisions
from lobbyx.organizations.touched import SHORTEST_SQUEEZED, among


@dataclass(frozen=True, slots=True)
class Groups:
    """What is one with what, by normalized names."""

    present: Mapping[str, str]
    """Normalized name -> the present name of those it is one with."""
    why: Mapping[str, str]
    """Normalized name -> why it is one with the next, where it is not the present one."""
    disputed: Mapping[str, frozenset[str]]
    """Normalized former name -> the names that each claim it."""


def group(
    filings: Mapping[str, int],
    readings: Mapping[str, Reading],
    decisions: Decisions,
    renamed: Iterable[tuple[str, str]] = (),
    known: Iterable[tuple[str, Sequence[tuple[str, str]]]] = (),
) -> Groups:
    """Groups names as filed, given how many `filings` use each and how each is read.

    `renamed` are pairs of a name that a record of the API had, and the one it has now; `known` are organizations with
    normalized names that are known, with sources, to be theirs (`knowledge.py`). A former name that two others
    claim is followed by neither, nor is either of two names that each say they were the other: it is for people to say
    which.
    """
    weight: defaultdict[str, int] = defaultdict(int)
    claims: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def claim(former: str, now: str, why: str) -> None:
        if former != now and decisions.relation(former, now) != "different":
            claims[former].setdefault(now, why)

    for name, reading in readings.items():
        weight[reading.normalized] += filings[name]
        for kind, former in reading.others:
            if kind == "former":
                claim(former, reading.normalized, f"another name says it is formerly this: {reading.normalized}")
    for old, new in renamed:
        was, now = readings[old].normalized, readings[new].normalized
        claim(was, now, f"the same record is now called {now}")

    later = {former: next(iter(now.items())) for former, now in claims.items() if len(now) == 1 and former in weight}
    for other, name in _spaced_otherwise(weight, decisions):
        later.setdefault(other, (name, f"the same letters as {name}, spaced otherwise"))
    for other, name in decisions.same().items():
        later[other] = (name, f"decided to be one with {name}")
    for key, names in known:
        _join_known(key, names, weight, later, decisions)
    present = {name: _last(name, later) for name in weight}
    why = {name: later[name][1] for name, now in present.items() if now != name}
    disputed = {former: frozenset(now) for former, now in claims.items() if len(now) > 1}
    return Groups(present, why, disputed)


def _last(name: str, later: Mapping[str, tuple[str, str]]) -> str:
    """The end of a chain of names; the name itself where it comes back to where it began, which says nothing."""
    seen = {name}
    now = name
    while now in later and later[now][0] not in seen:
        now = later[now][0]
        seen.add(now)
    return name if now in later else now


def _join_known(
    key: str,
    names: Sequence[tuple[str, str]],
    weight: Mapping[str, int],
    later: dict[str, tuple[str, str]],
    decisions: Decisions,
) -> None:
    """Makes the names of one known organization that are on file one, under the most used of them."""
    ends = {_last(name, later): source for name, source in names if name in weight}
    if len(ends) < 2:
        return
    chosen = max(ends, key=lambda name: (weight.get(name, 0), name))
    for name, source in ends.items():
        if name != chosen and decisions.relation(name, chosen) != "different":
            later[name] = (chosen, f"known as a name of {key} ({source})")


def _spaced_otherwise(weight: Mapping[str, int], decisions: Decisions) -> Iterable[tuple[str, str]]:
    """(other name, the most used one of the same letters)."""
    same: defaultdict[str, list[str]] = defaultdict(list)
    for name in weight:
        same[name.replace(" ", "")].append(name)
    for letters, names in same.items():
        if len(names) > 1 and len(letters) >= SHORTEST_SQUEEZED:
            chosen, *others = sorted(names, key=lambda name: (-weight[name], name))
            yield from ((other, chosen) for other in others if decisions.relation(other, chosen) != "different")


def keep_identifiers(
    db: sqlite3.Connection,
    table: Literal["organizations", "firms"],
    present_names: Iterable[str],
    present: Mapping[str, str],
    only: set[int] | None = None,
) -> dict[str, int]:
    """The id of each present name in `table`: of what it has been, under any of its normalized names, or a new one.

    New ids follow the order of the names. Ids of groups that no longer exist are dropped; with `only`, among these ids.
    Needs an open transaction.
    """
    wanted = sorted(present_names)
    of_some, values = among("id", only)
    rows = db.execute(f"SELECT id, normalized FROM {table} {of_some}", values)  # noqa: S608
    before = {row["normalized"]: row["id"] for row in rows}
    known: defaultdict[str, list[int]] = defaultdict(list)
    for normalized, identifier in before.items():
        known[present.get(normalized, normalized)].append(identifier)
    kept = {normalized: min(known[normalized]) for normalized in wanted if known.get(normalized)}
    gone = set(before.values()) - set(kept.values())
    db.executemany(f"DELETE FROM {table} WHERE id = ?", [(i,) for i in sorted(gone)])  # noqa: S608
    # Two rows may swap names, and names are unique: give them temporary names first.
    moved = [(normalized, i) for normalized, i in kept.items() if before.get(normalized) != i]
    db.executemany(f"UPDATE {table} SET normalized = '#' || id WHERE id = ?", [(i,) for _, i in moved])  # noqa: S608
    db.executemany(f"UPDATE {table} SET normalized = ? WHERE id = ?", moved)  # noqa: S608
    insert = f"INSERT INTO {table} (name, normalized) VALUES (?, ?)"  # noqa: S608
    for normalized in wanted:
        if normalized not in kept:
            kept[normalized] = int(db.execute(insert, [normalized, normalized]).lastrowid or 0)
    return kept
