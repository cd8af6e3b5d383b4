"""Lobbyists' records -> persons. A lobbyist has a record with every registrant, and often several with one.

Two records are one person's where the names agree (last and first name alike, middle names and suffixes not at odds)
and something beside the name connects them: the same firm, or the same earlier public office as the filers describe it
(LD-2, line 18). The name alone is not enough: there are many John Smiths.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from lobbyx.names import explain

SHORTEST_OFFICE = 12
"""Characters of a description that can connect two records; "Counsel" or "N/A" cannot."""

STALE = "persons"
"""The key in `state` that says, by its value `stale`, that names of lobbyists changed since persons were found."""

_NO_OFFICE = re.compile(
    r"\W*(?:N\W?A|NONE|NO|NOT APPLICABLE|NOTHING(?: TO REPORT)?|SEE (?:ABOVE|PRIOR|PREVIOUS|ORIGINAL|LD).*"
    r"|PREVIOUSLY (?:REPORTED|DISCLOSED).*|NO COVERED (?:POSITIONS?|OFFICIAL).*|NULL)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lobbyist:
    """One record, its names normalized."""

    id: int
    first: str
    middle: str
    last: str
    suffix: str
    firm_id: int | None


def is_office(covered_position: str | None) -> bool:
    """Whether a "covered position" tells of one; filers also write N/A, none, or "see prior filings"."""
    return bool(covered_position and covered_position.strip() and not _NO_OFFICE.fullmatch(covered_position.strip()))


def agree(a: Lobbyist, b: Lobbyist) -> bool:
    """Whether two names can be one person's: J. matches JOHN only as a middle name."""
    if (a.last, a.first) != (b.last, b.first) or not a.last or not a.first:
        return False
    if a.suffix and b.suffix and a.suffix != b.suffix:
        return False
    return not a.middle or not b.middle or a.middle.startswith(b.middle) or b.middle.startswith(a.middle)


def persons(lobbyists: Iterable[Lobbyist], offices: Mapping[int, frozenset[str]]) -> dict[int, int]:
    """Record -> the lowest id of the same person's records.

    `offices` are the earlier public offices each record gives, normalized. A record that agrees with two persons who do
    not agree with each other (JOHN A. and JOHN B.) is put with neither.
    """
    person: dict[int, int] = {}
    by_name: defaultdict[tuple[str, str], list[Lobbyist]] = defaultdict(list)
    for one in sorted(lobbyists, key=lambda record: record.id):
        person[one.id] = one.id
        by_name[one.last, one.first].append(one)
    for same in by_name.values():
        linked: defaultdict[int, set[int]] = defaultdict(set)
        known = {one.id: one for one in same}
        for a, b in combinations(same, 2):
            same_firm = a.firm_id is not None and a.firm_id == b.firm_id
            shared = offices.get(a.id, frozenset()) & offices.get(b.id, frozenset())
            if agree(a, b) and (same_firm or shared):
                linked[a.id].add(b.id)
                linked[b.id].add(a.id)
        for start in sorted(linked):
            group, waiting = {start}, [start]
            while waiting:
                news = linked[waiting.pop()] - group
                group |= news
                waiting += news
            if all(agree(known[a], known[b]) for a, b in combinations(sorted(group), 2)):
                person.update(dict.fromkeys(group, min(group)))
    return person


def connect_persons(db: sqlite3.Connection, *, everything: bool = True) -> None:
    """Gives every lobbyist's record its person. Needs an open transaction and current firms.

    Without `everything`, only records with the same name as one without a person are considered: a new one, or one
    whose offices changed.
    """

    everything = everything or db.execute("SELECT 1 FROM state WHERE key = ?", [STALE]).fetchone() is not None
    if not everything and not db.execute("SELECT 1 FROM lobbyists WHERE person_id IS NULL LIMIT 1").fetchone():
        return

    def plain(name: str | None) -> str:
        return explain(name).normalized if name else ""

    rows = db.execute(
        "SELECT l.id, l.first_name, l.middle_name, l.last_name, l.suffix, r.firm_id, l.person_id FROM lobbyists l "
        "LEFT JOIN registrants r ON r.id = l.registrant_id"
    ).fetchall()
    names = [tuple(plain(part) for part in row[1:4]) for row in rows]
    times: defaultdict[tuple[str, str], int] = defaultdict(int)
    new: set[tuple[str, str]] = set()
    for row, (first, _, last) in zip(rows, names, strict=True):
        times[last, first] += 1
        if everything or row["person_id"] is None:
            new.add((last, first))
    records = [
        Lobbyist(row["id"], first, middle, last, (row["suffix"] or "").upper(), row["firm_id"])
        for row, (first, middle, last) in zip(rows, names, strict=True)
        if times[last, first] > 1 and (last, first) in new
    ]
    person = persons(records, _offices(db, {record.id for record in records}))
    was = {row["id"]: row["person_id"] for row in rows}
    looked_at = {row["id"] for row, (first, _, last) in zip(rows, names, strict=True) if (last, first) in new}
    found = [(person.get(i, i), i) for i in sorted(looked_at) if was[i] != person.get(i, i)]
    db.executemany("UPDATE lobbyists SET person_id = ? WHERE id = ?", found)
    db.execute("DELETE FROM state WHERE key = ?", [STALE])


def _offices(db: sqlite3.Connection, wanted: set[int]) -> dict[int, frozenset[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    rows = db.execute(
        "SELECT DISTINCT lobbyist_id, covered_position FROM activity_lobbyists "
        "WHERE lobbyist_id IN (SELECT value FROM json_each(?)) AND covered_position > ''",
        [json.dumps(sorted(wanted))],
    )
    for identifier, text in rows:
        if is_office(text):
            office = explain(text).normalized
            if len(office) >= SHORTEST_OFFICE:
                found[identifier].add(office)
    return {identifier: frozenset(texts) for identifier, texts in found.items()}
