"""What organizations are called beside their names as filed, and what they are to each other."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from lobbyx.model.period import iso
from lobbyx.names import explain, normalize, plain
from lobbyx.organizations import groups
from lobbyx.organizations.decisions import Decisions
from lobbyx.organizations.families import Succession
from lobbyx.organizations.knowledge import GENERAL, Knowledge, KnownName

Members = Mapping[str, Mapping[str, str]]
LOOKED_UP = ("everyday", "korean", "acronym", "trade", "former", "display", "filed")
"""Kinds of known names that find an organization."""


def write_aliases(
    db: sqlite3.Connection,
    members: Members,
    identifiers: Mapping[str, int],
    present: Mapping[str, str],
    decisions: Decisions,
    known: Knowledge,
) -> None:
    """Other names: those that filings tell of, those that people decided, those that are known."""
    rows: list[tuple[int, str, str, str, str]] = [
        (identifier, alias, kind, name, "filing")
        for key, identifier in identifiers.items()
        for name in members[key]
        for kind, alias in explain(name).others
        if kind != "intermediary" and alias != key
    ]
    rows += [
        (identifier, other, "decided", name, "decision")
        for other, name in decisions.same().items()
        if (identifier := identifiers.get(present.get(name, name)))
    ]
    on_file = _on_file(db, identifiers)
    for key, names in known.by_key.items():
        for identifier in sorted(known_on_file(key, known, on_file)):
            called = [(one, alias) for one, alias in names if one.kind in LOOKED_UP and alias]
            rows += [(identifier, alias, _how_well_known(one, alias), key, one.basis) for one, alias in called]
            # Of several that are AT&T, or MERCK, without their legal forms, the full name tells: Merck KGaA.
            rows += [
                (identifier, plain(one.name), "display", key, one.basis)
                for one, alias in called
                if one.kind == "display" and len(known.owners[alias]) > 1
            ]
            # A known acronym is what everybody calls it, whatever other acronyms filings tell of.
            rows += [(identifier, alias, "everyday", key, one.basis) for one, alias in called if one.kind == "acronym"]
    db.execute("DELETE FROM organization_aliases")
    db.executemany("INSERT OR IGNORE INTO organization_aliases VALUES (?, ?, ?, ?, ?)", rows)


def _how_well_known(one: KnownName, alias: str) -> str:
    """The kind of a known name. One that is the alias only without its legal form (머크 KGaA) is no everyday name."""
    shortened = one.kind in ("everyday", "korean") and len(plain(one.name).split()) > len(alias.split())
    return "display" if shortened else one.kind


def _on_file(db: sqlite3.Connection, identifiers: Mapping[str, int]) -> Mapping[str, set[int]]:
    """Normalized name -> the organizations that filed under it; where none did, those whose records had it once."""
    used: defaultdict[str, set[int]] = defaultdict(set)
    once: defaultdict[str, set[int]] = defaultdict(set)
    for identifier, name, filings in db.execute("SELECT organization_id, normalized, filings FROM organization_names"):
        (used if filings else once)[name].add(identifier)
    named = {row[0] for row in db.execute("SELECT DISTINCT organization_id FROM organization_names")}
    for key, identifier in identifiers.items():
        if identifier not in named:  # known by its subsidiaries
            once[key].add(identifier)
    return {**once, **used}


_PART_OF = re.compile(
    r"\b(?:AN? )?(?:WHOLLY OWNED )?(?:SUBSIDIARY|DIVISION|UNIT|PART|AFFILIATE|BRAND) OF (?:THE )?(?P<parent>\w.*)$"
)
"""A name that says whose part it is: LIFE TECHNOLOGIES (PART OF THERMO FISHER SCIENTIFIC)."""


def known_on_file(key: str, known: Knowledge, on_file: Mapping[str, set[int]]) -> set[int]:
    """The organizations on file that a known organization's names, as filed, belong to.

    A name that several known organizations have filed under (AT&T) tells only where no name of its own does, and never
    of an organization that another one's own name finds. A former name of one that is another's (SAIC's, which once was
    Leidos's) tells nothing.
    """
    names = {
        normalized
        for one, normalized in known.by_key.get(key, ())
        if one.kind in ("filed", "display") or (one.kind == "former" and known.holders[normalized] == {key})
    }
    own = _by_own_names(key, names, known, on_file)
    if own:
        return own
    shared: set[int] = set().union(*(on_file.get(name, set()) for name in names))
    for other in {other for name in names for other in known.owners.get(name, frozenset())} - {key}:
        theirs = {normalized for one, normalized in known.by_key[other] if one.kind in ("filed", "display")}
        shared -= _by_own_names(other, theirs, known, on_file)
    return shared


def _by_own_names(key: str, names: set[str], known: Knowledge, on_file: Mapping[str, set[int]]) -> set[int]:
    found: set[int] = set()
    for name in names:
        if known.owners.get(name, frozenset({key})) == {key}:
            found |= on_file.get(name, set())
    return found


def known_by_subsidiaries(members: Members, known: Knowledge) -> list[str]:
    """Normalized names of organizations that filed nothing themselves, but whose subsidiaries, by sources, did.

    They get an organization without filings, so that "Molson Coors" leads to MillerCoors' filings when subsidiaries are
    asked for.
    """
    on_file = {explain(name).normalized for names in members.values() for name in names}

    def filed(name: str) -> bool:
        forms = {normalized for one, normalized in known.by_key.get(name, ()) if one.kind in ("filed", "display")}
        return not on_file.isdisjoint(forms | {normalize(name)})

    parents = {one.parent for one in known.parents if one.basis != GENERAL and not one.until and filed(one.subsidiary)}
    found = {normalize(parent) for parent in parents if parent in known.by_key and not filed(parent)}
    return sorted(found - members.keys())


def write_relations(
    db: sqlite3.Connection,
    members: Members,
    identifiers: Mapping[str, int],
    present: Mapping[str, str],
    successions: Iterable[Succession],
    decisions: Decisions,
    known: Knowledge,
) -> None:
    """Parents and subsidiaries, and who took whose place."""
    on_file = _on_file(db, identifiers)
    filings = {
        row[0]: row[1] for row in db.execute("SELECT organization_id, sum(filings) FROM organization_names GROUP BY 1")
    }

    def called(name: str) -> set[int]:
        found = known_on_file(name, known, on_file) if name in known.by_key else set()
        return found | on_file.get(normalize(name), set())

    def main(name: str) -> int | None:
        return max(called(name), key=lambda i: (filings.get(i, 0), -i), default=None)

    parents: dict[tuple[int, int], tuple[str | None, str | None, str, str]] = {}
    for key, names in members.items():
        for name in names:
            said = _PART_OF.search(plain(name))
            whole = main(said["parent"]) if said else None
            if whole is not None and whole != identifiers[key]:
                parents[whole, identifiers[key]] = (None, None, "filing", f"name as filed: {name}")
    for one in known.parents:
        parent = main(one.parent)
        for child in sorted(called(one.subsidiary)) if parent is not None else ():
            if parent is not None and child != parent and child not in called(one.parent):
                row = (one.since or None, one.until or None, one.basis, one.source)
                if (parent, child) not in parents or parents[parent, child][2] == GENERAL:
                    parents[parent, child] = row
    for name, other, source in decisions.parents():
        pair = [identifiers.get(present.get(n, n)) for n in (name, other)]
        if pair[0] is not None and pair[1] is not None and pair[0] != pair[1]:
            parents[pair[0], pair[1]] = (None, None, "decision", source)
    rows = [(*pair, *row) for pair, row in sorted(parents.items())]
    db.execute("DELETE FROM organization_parents")
    db.executemany("INSERT INTO organization_parents VALUES (?, ?, ?, ?, ?, ?)", rows)
    _write_successions(db, identifiers, successions, known, called)
    in_groups = {member.name for group in groups.shipped().values() for member in group.members}
    db.execute("DELETE FROM organization_groups")
    db.executemany(
        "INSERT INTO organization_groups VALUES (?, ?, ?, ?, ?, ?, ?)",
        groups.rows_of({name: sorted(called(name)) for name in in_groups}),
    )


def _write_successions(
    db: sqlite3.Connection,
    identifiers: Mapping[str, int],
    successions: Iterable[Succession],
    known: Knowledge,
    called: Callable[[str], set[int]],
) -> None:
    """Those that filings show (their money passes on from the day), with the known day where there is one; and those
    that are only known."""
    days = {}
    for one in known.successions:
        before, after = called(one.predecessor), called(one.successor)
        for predecessor in before - after or before:
            for successor in after - before or after:
                if predecessor != successor:
                    days[predecessor, successor] = one
    rows: dict[tuple[int, int], tuple[str | None, str, bool, str, str]] = {}
    for shown in successions:
        if shown.predecessor not in identifiers or shown.successor not in identifiers:
            continue  # all of it passed on
        pair = (identifiers[shown.predecessor], identifiers[shown.successor])
        known_as = days.get(pair)
        kind = "separate" if shown.day is None else known_as.kind if known_as else "succeeded"
        rows[pair] = (iso(shown.day), kind, shown.day is not None, "filing", shown.why)
    for pair, one in days.items():
        if pair not in rows and pair[::-1] not in rows:
            rows[pair] = (iso(one.day), one.kind, False, one.basis, one.source)
    db.execute("DELETE FROM successions")
    db.executemany(
        "INSERT INTO successions VALUES (?, ?, ?, ?, ?, ?, ?)", [(*pair, *row) for pair, row in sorted(rows.items())]
    )
