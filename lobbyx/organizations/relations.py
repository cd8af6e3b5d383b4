"""What organizations are called beside their names as filed, and what they are to each other."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from lobbyx.model.period import iso
from lobbyx.names import explain, normalize, plain
from lobbyx.organizations import groups
from lobbyx.organizations.decisions import Decisions
from lobbyx.organizations.families import Succession
from lobbyx.organizations.knowledge import GENERAL, Knowledge, KnownName
from lobbyx.organizations.touched import Scope, among, ids

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
    scope: Scope | None,
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
    on_file = _OnFile(db)
    for key, names in known.by_key.items():
        if scope is not None and scope.names.isdisjoint(normalized for _, normalized in names):
            continue
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
    written = None if scope is None else {*scope.organizations, *identifiers.values()}
    of_some, wanted = among("organization_id", written)
    db.execute(f"DELETE FROM organization_aliases {of_some}", wanted)  # noqa: S608
    rows = [row for row in rows if written is None or row[0] in written]
    db.executemany("INSERT OR IGNORE INTO organization_aliases VALUES (?, ?, ?, ?, ?)", rows)


def _how_well_known(one: KnownName, alias: str) -> str:
    """The kind of a known name. One that is the alias only without its legal form (머크 KGaA) is no everyday name."""
    shortened = one.kind in ("everyday", "korean") and len(plain(one.name).split()) > len(alias.split())
    return "display" if shortened else one.kind


class _OnFile:
    """Normalized name -> the organizations that filed under it; where none did, those whose records had it once.

    Names are looked up when they are asked for: of all names on file, few are known.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._found: dict[str, frozenset[int]] = {}
        self._filings: dict[int, int] = {}

    def get(self, name: str) -> frozenset[int]:
        """The organizations of a normalized name."""
        if name not in self._found:
            rows = self.db.execute(
                "SELECT organization_id, filings FROM organization_names WHERE normalized = ?", [name]
            ).fetchall()
            used = frozenset(row[0] for row in rows if row[1])
            self._found[name] = used or frozenset(row[0] for row in rows) | self._by_subsidiaries(name)
        return self._found[name]

    def _by_subsidiaries(self, key: str) -> set[int]:
        found = self.db.execute(
            "SELECT id FROM organizations o WHERE normalized = ? "
            "AND NOT EXISTS (SELECT 1 FROM organization_names WHERE organization_id = o.id)",
            [key],
        )
        return {row[0] for row in found}

    def filings(self, organization: int) -> int:
        """How many filings there are under the names of an organization."""
        if organization not in self._filings:
            total = "SELECT coalesce(sum(filings), 0) FROM organization_names WHERE organization_id = ?"
            self._filings[organization] = self.db.execute(total, [organization]).fetchone()[0]
        return self._filings[organization]


_PART_OF = re.compile(
    r"\b(?:AN? )?(?:WHOLLY OWNED )?(?:SUBSIDIARY|DIVISION|UNIT|PART|AFFILIATE|BRAND) OF (?:THE )?(?P<parent>\w.*)$"
)
"""A name that says whose part it is: LIFE TECHNOLOGIES (PART OF THERMO FISHER SCIENTIFIC)."""


def known_on_file(key: str, known: Knowledge, on_file: _OnFile) -> set[int]:
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
    shared: set[int] = set().union(*(on_file.get(name) for name in names))
    for other in {other for name in names for other in known.owners.get(name, frozenset())} - {key}:
        theirs = {normalized for one, normalized in known.by_key[other] if one.kind in ("filed", "display")}
        shared -= _by_own_names(other, theirs, known, on_file)
    return shared


def _by_own_names(key: str, names: set[str], known: Knowledge, on_file: _OnFile) -> set[int]:
    found: set[int] = set()
    for name in names:
        if known.owners.get(name, frozenset({key})) == {key}:
            found |= on_file.get(name)
    return found


def known_by_subsidiaries(
    db: sqlite3.Connection, members: Members, known: Knowledge, scope: Scope | None
) -> list[str] | None:
    """Normalized names of organizations that filed nothing themselves, but whose subsidiaries, by sources, did.

    They get an organization without filings, so that "Molson Coors" leads to MillerCoors' filings when subsidiaries are
    asked for. With `scope`, those within it; None where others come or go.
    """
    on_file = {explain(name).normalized for names in members.values() for name in names}
    keys = set(members)
    unnamed: set[str] = set()
    if scope is not None:
        outside = {"ids": ids(scope.organizations), "keys": ids(_parents(known))}
        names = ids({*_parents(known), *_forms(known)})
        on_file |= {
            row[0]
            for row in db.execute(
                "SELECT normalized FROM organization_names WHERE normalized IN (SELECT value FROM json_each(:names)) "
                "AND organization_id NOT IN (SELECT value FROM json_each(:ids))",
                {**outside, "names": names},
            )
        }
        for key, named in db.execute(
            "SELECT normalized, EXISTS (SELECT 1 FROM organization_names WHERE organization_id = o.id) "
            "FROM organizations o WHERE normalized IN (SELECT value FROM json_each(:keys)) "
            "AND id NOT IN (SELECT value FROM json_each(:ids))",
            outside,
        ):
            (keys if named else unnamed).add(key)

    def filed(name: str) -> bool:
        forms = {normalized for one, normalized in known.by_key.get(name, ()) if one.kind in ("filed", "display")}
        return not on_file.isdisjoint(forms | {normalize(name)})

    parents = {one.parent for one in known.parents if one.basis != GENERAL and not one.until and filed(one.subsidiary)}
    found = {normalize(parent) for parent in parents if parent in known.by_key and not filed(parent)} - keys
    if scope is not None and not (unnamed <= found and found - unnamed <= scope.names):
        return None
    return sorted(found - unnamed)


def _parents(known: Knowledge) -> set[str]:
    """The normalized names that parents and subsidiaries are known by."""
    return {normalize(name) for one in known.parents for name in (one.parent, one.subsidiary)}


def _forms(known: Knowledge) -> set[str]:
    """The normalized names of known organizations that they file under."""
    return {
        normalized for names in known.by_key.values() for one, normalized in names if one.kind in ("filed", "display")
    }


def _parts(db: sqlite3.Connection) -> list[tuple[int, str, str]]:
    """(organization, its name as filed, the parent that the name tells of)."""
    told = " OR ".join(
        f"name LIKE '%{word}%'" for word in ("SUBSIDIARY", "DIVISION", "UNIT", "PART", "AFFILIATE", "BRAND")
    )
    rows = db.execute(
        "SELECT organization_id, name FROM organization_names "  # noqa: S608
        f"WHERE {told} OR name GLOB '*[^ -~]*' ORDER BY 1, 2"  # not ASCII: letters may be written with accents
    )
    found = ((organization, name, _PART_OF.search(plain(name))) for organization, name in rows)
    return [(organization, name, said["parent"]) for organization, name, said in found if said]


def write_relations(
    db: sqlite3.Connection,
    identifiers: Mapping[str, int],
    present: Mapping[str, str],
    successions: Iterable[Succession],
    decisions: Decisions,
    known: Knowledge,
    scope: Scope | None,
) -> None:
    """Parents and subsidiaries, and who took whose place. With `scope`, `successions` are those within it."""
    on_file = _OnFile(db)

    @cache
    def called(name: str) -> frozenset[int]:
        found = known_on_file(name, known, on_file) if name in known.by_key else set()
        return frozenset(found) | on_file.get(normalize(name))

    def main(name: str) -> int | None:
        return max(called(name), key=lambda i: (on_file.filings(i), -i), default=None)

    parents: dict[tuple[int, int], tuple[str | None, str | None, str, str]] = {}
    for child, name, parent_name in _parts(db):
        whole = main(parent_name)
        if whole is not None and whole != child:
            parents[whole, child] = (None, None, "filing", f"name as filed: {name}")
    for one in known.parents:
        parent = main(one.parent)
        for child in sorted(called(one.subsidiary)) if parent is not None else ():
            if parent is not None and child != parent and child not in called(one.parent):
                row = (one.since or None, one.until or None, one.basis, one.source)
                if (parent, child) not in parents or parents[parent, child][2] == GENERAL:
                    parents[parent, child] = row
    if scope is not None:
        for row in db.execute("SELECT * FROM organization_parents WHERE basis = 'decision'").fetchall():
            if row["parent_id"] not in scope.organizations:  # both are within it, or neither is
                parents[row["parent_id"], row["child_id"]] = tuple(row)[2:]
    for name, other, source in decisions.parents():
        pair = [identifiers.get(present.get(n, n)) for n in (name, other)]
        if pair[0] is not None and pair[1] is not None and pair[0] != pair[1]:
            parents[pair[0], pair[1]] = (None, None, "decision", source)
    _replace(db, "organization_parents", [(*pair, *row) for pair, row in sorted(parents.items())])
    _write_successions(db, identifiers, successions, known, called, scope)
    in_groups = {member.name for group in groups.shipped().values() for member in group.members}
    _replace(db, "organization_groups", groups.rows_of({name: sorted(called(name)) for name in in_groups}))


def _replace(db: sqlite3.Connection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Makes these the rows of a table, if they are not already."""
    if rows == [tuple(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY rowid")]:  # noqa: S608
        return
    db.execute(f"DELETE FROM {table}")  # noqa: S608
    if rows:
        db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608


def _write_successions(
    db: sqlite3.Connection,
    identifiers: Mapping[str, int],
    successions: Iterable[Succession],
    known: Knowledge,
    called: Callable[[str], frozenset[int]],
    scope: Scope | None,
) -> None:
    """Those that filings show (their money passes on from the day), with the known day where there is one; and those
    that are only known."""
    days = {}
    for one in known.successions:
        old, new = called(one.predecessor), called(one.successor)
        for predecessor in old - new or old:
            for successor in new - old or new:
                if predecessor != successor:
                    days[predecessor, successor] = one
    by_filings: dict[tuple[int, int], tuple[str | None, str]] = {}
    if scope is not None:
        for before, after, day, why in db.execute(
            "SELECT predecessor_id, successor_id, day, source FROM successions "
            "WHERE (counts OR kind = 'separate') AND predecessor_id NOT IN (SELECT value FROM json_each(?)) "
            "ORDER BY rowid",
            [ids({*scope.organizations, *identifiers.values()})],
        ):
            by_filings[before, after] = (day, why)
    for shown in successions:
        if shown.predecessor in identifiers and shown.successor in identifiers:  # else all of it passed on
            by_filings[identifiers[shown.predecessor], identifiers[shown.successor]] = (iso(shown.day), shown.why)
    rows: dict[tuple[int, int], tuple[str | None, str, bool, str, str]] = {}
    for pair, (day, why) in by_filings.items():
        known_as = days.get(pair)
        kind = "separate" if day is None else known_as.kind if known_as else "succeeded"
        rows[pair] = (day, kind, day is not None, "filing", why)
    for pair, one in days.items():
        if pair not in rows and pair[::-1] not in rows:
            rows[pair] = (iso(one.day), one.kind, False, one.basis, one.source)
    _replace(db, "successions", [(*pair, *row) for pair, row in sorted(rows.items())])
