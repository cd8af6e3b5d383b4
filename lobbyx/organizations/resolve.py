"""The names on file -> the tables of organizations, firms and persons.

The evidence by which names are one is in `grouping.py`. In addition, an in-house filer's registrant name belongs to the
organization it files for. Registrants are grouped by the same rules. Nothing is merged on likeness.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from lobbyx.names import Reading, best_written, explain, normalize
from lobbyx.organizations import candidates, knowledge, people
from lobbyx.organizations.decisions import Decisions, path_for, read
from lobbyx.organizations.families import ClientRecord, Families, client_records, families, names_of, pass_names_on
from lobbyx.organizations.grouping import Groups, group, keep_identifiers
from lobbyx.organizations.knowledge import Knowledge
from lobbyx.organizations.relations import known_by_subsidiaries, write_aliases, write_relations


def resolve_organizations(db: sqlite3.Connection, *, everything: bool = True) -> None:
    """Groups clients' names into organizations, registrants' into firms, lobbyists' records into persons.

    Ids of what stays are kept. Without `everything`, persons are looked for among the names of new records alone.

    Needs an open transaction. The grouping depends on what is on file alone, not on the order it was loaded in.
    """
    decisions, known = read(path_for(db)), knowledge.shipped()
    _, readings, groups, _ = _grouped(db, "client", decisions, known.merges())
    records = client_records(db, {name: reading.normalized for name, reading in readings.items()})
    found = families(db, records, groups.present, decisions, known)
    pass_names_on(records, found, known)
    members = _members(db, records, found, readings, groups)
    for key in known_by_subsidiaries(members, known):
        members[key] = {}
    present = {**groups.present, **{key: key for key in members}}
    identifiers = keep_identifiers(db, "organizations", members, present)
    _write_organization_names(db, members, identifiers, found, records, known)
    whose = [(identifiers[found.key_of[record.id]], record.id) for record in records]
    db.executemany("UPDATE clients SET organization_id = ?1 WHERE id = ?2 AND organization_id IS NOT ?1", whose)
    write_aliases(db, members, identifiers, groups.present, decisions, known)
    write_relations(db, members, identifiers, groups.present, found.successions, decisions, known)
    candidates.find_candidates(db, decisions, groups.disputed)
    _rebuild_firms(db, decisions)
    people.connect_persons(db, everything=everything)


Members = dict[str, dict[str, str]]
"""Key of an organization -> its names as filed, each with why it is one of them."""


def _members(
    db: sqlite3.Connection,
    records: Sequence[ClientRecord],
    found: Families,
    readings: Mapping[str, Reading],
    groups: Groups,
) -> Members:
    members: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for record in records:
        members[found.key_of[record.id]].setdefault(record.name, _why(readings[record.name], groups))
    for client, name in db.execute("SELECT client_id, name FROM client_former_names ORDER BY 1, 2"):
        members[found.key_of[client]].setdefault(name, _why(readings[name], groups))
    clients = {record.name for record in records}
    for client, registrant, name in db.execute(
        "SELECT c.id, r.name, c.name FROM clients c JOIN registrants r ON r.id = c.registrant_id "
        "WHERE c.client_self_select AND r.name <> c.name ORDER BY 2, 3"
    ):
        if registrant not in clients:
            members[found.key_of[client]].setdefault(registrant, f"files in-house for {name}")
    return dict(members)


def _write_organization_names(
    db: sqlite3.Connection,
    members: Members,
    identifiers: Mapping[str, int],
    found: Families,
    records: Sequence[ClientRecord],
    known: Knowledge,
) -> None:
    """The names of each organization, most used first, and the one to show."""
    used = {(key, name): filings for key, name, filings in names_of(records, found.key_of)}
    rows, shown = [], []
    filings = {key: sum(used.get((key, name), 0) for name in names) for key, names in members.items()}
    forms: dict[str, list[str]] = {}
    for key, identifier in identifiers.items():
        why = members[key]
        names = sorted(why, key=lambda n: (-used.get((key, n), 0), -len(n), n))
        rows += [(identifier, name, explain(name).normalized, used.get((key, name), 0), why[name]) for name in names]
        # Nothing filed: known by its subsidiaries.
        forms[key] = (
            [best_written(names, known.shown_as), best_written(names)] if names else [known.shown_as.get(key, key)]
        )
    # Two on file that are only generally known to be one must not read alike: who bears the name comes first.
    written: set[str] = set()
    times = Counter(form for those in forms.values() for form in {form.upper() for form in those})
    shown += [(those[0], identifiers[key]) for key, those in forms.items() if times[those[0].upper()] == 1]
    contested = [key for key, those in forms.items() if times[those[0].upper()] > 1]
    for key in sorted(contested, key=lambda key: (normalize(forms[key][0]) != key, -filings[key], key)):
        free = (form for form in (*forms[key], f"{forms[key][-1]} ({key})") if form.upper() not in written)
        name = next(free, key)
        written.add(name.upper())
        shown.append((name, identifiers[key]))
    db.execute("DELETE FROM organization_names")
    db.executemany("INSERT INTO organization_names VALUES (?, ?, ?, ?, ?)", rows)
    db.executemany("UPDATE organizations SET name = ?1 WHERE id = ?2 AND name IS NOT ?1", shown)


def _rebuild_firms(db: sqlite3.Connection, decisions: Decisions) -> None:
    filings, _, groups, members = _grouped(db, "registrant", decisions)
    identifiers = keep_identifiers(db, "firms", members, groups.present)
    _write_firm_names(db, members, identifiers, filings)
    now = "(SELECT firm_id FROM firm_names n WHERE n.name = registrants.name)"
    db.execute(f"UPDATE registrants SET firm_id = {now} WHERE firm_id IS NOT {now}")  # noqa: S608


def _grouped(
    db: sqlite3.Connection,
    who: Literal["client", "registrant"],
    decisions: Decisions,
    known: Iterable[tuple[str, Sequence[tuple[str, str]]]] = (),
) -> tuple[Counter[str], dict[str, Reading], Groups, defaultdict[str, dict[str, str]]]:
    """(filings by name, names as read, groups, the names of each group with why they are in it)."""
    filings = _filings_by_name(db, who)
    readings = {name: decisions.read(name) for name in sorted(filings)}
    groups = group(filings, readings, decisions, _renamed(db, who), known)
    members: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name, reading in readings.items():
        members[groups.present[reading.normalized]][name] = _why(reading, groups)
    return filings, readings, groups, members


def _filings_by_name(db: sqlite3.Connection, who: Literal["client", "registrant"]) -> Counter[str]:
    """Every name a client or registrant has or had, with the number of filings under it now."""
    numbers = dict(db.execute(f"SELECT {who}_id, count(*) FROM filings GROUP BY 1").fetchall())  # noqa: S608
    names = Counter[str]()
    for identifier, name in db.execute(f"SELECT id, name FROM {who}s"):  # noqa: S608
        names[name] += numbers.get(identifier, 0)
    for (name,) in db.execute(f"SELECT DISTINCT name FROM {who}_former_names"):  # noqa: S608
        names[name] += 0
    return names


def _renamed(db: sqlite3.Connection, who: Literal["client", "registrant"]) -> list[tuple[str, str]]:
    """(the name a record had, the name it has)."""
    rows = db.execute(
        f"SELECT DISTINCT old.name, w.name FROM {who}_former_names old JOIN {who}s w ON w.id = old.{who}_id "  # noqa: S608
        "ORDER BY 1, 2"
    )
    return [(old, new) for old, new in rows]


def _why(reading: Reading, groups: Groups) -> str:
    why = list(reading.why) or ["as filed"]
    if because := groups.why.get(reading.normalized):
        why.append(because)
    return "; ".join(why)


def _write_firm_names(
    db: sqlite3.Connection, members: Members, identifiers: Mapping[str, int], filings: Mapping[str, int]
) -> None:
    """The names of each firm, most used first, and the one to show."""
    rows, shown = [], []
    for normalized, identifier in identifiers.items():
        why = members[normalized]
        names = sorted(why, key=lambda n: (-filings.get(n, 0), -len(n), n))
        rows += [(identifier, name, filings.get(name, 0), why[name]) for name in names]
        shown.append((best_written(names), identifier))
    db.execute("DELETE FROM firm_names")
    db.executemany("INSERT OR IGNORE INTO firm_names VALUES (?, ?, ?, ?)", rows)
    db.executemany("UPDATE firms SET name = ?1 WHERE id = ?2 AND name IS NOT ?1", shown)
