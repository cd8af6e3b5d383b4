"""The names on file -> the tables of organizations, firms and persons.

The evidence by which names are one is in `grouping.py`. In addition, an in-house filer's registrant name belongs to the
organization it files for. Registrants are grouped by the same rules. Nothing is merged on likeness.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lobbyx.names import Reading, best_written, explain, normalize
from lobbyx.organizations import candidates, firms, knowledge, people, touched
from lobbyx.organizations.decisions import Decisions, path_for, read
from lobbyx.organizations.families import ClientRecord, Families, client_records, families, names_of, pass_names_on
from lobbyx.organizations.filed_names import grouped, why
from lobbyx.organizations.grouping import Groups, keep_identifiers
from lobbyx.organizations.knowledge import Knowledge
from lobbyx.organizations.relations import known_by_subsidiaries, write_aliases, write_relations
from lobbyx.organizations.touched import Scope, among, ids


@dataclass(frozen=True, slots=True)
class Regrouped:
    """The clients that were grouped again, with their organizations before and after."""

    before: Mapping[int, int | None]
    after: Mapping[int, int]


def resolve_organizations(db: sqlite3.Connection, *, everything: bool = True) -> Regrouped | None:
    """Groups clients' names into organizations, registrants' into firms, lobbyists' records into persons.

    Ids of what stays are kept. Without `everything`, only what the touched records are linked with is grouped again
    (`touched.py`), with the same result; what was regrouped is returned, or None if it was everything.

    Needs an open transaction. The grouping depends on what is on file alone, not on the order it was loaded in.
    """
    decisions, known = read(path_for(db)), knowledge.shipped()
    since = None if everything else touched.touched(db)
    done: Regrouped | None = Regrouped({}, {})
    if since is None or since:
        scope = None if since is None else touched.scope_of(db, since, decisions, known)
        done = _regroup(db, scope, decisions, known)
        if done is None and scope is not None:
            _regroup(db, None, decisions, known)
    firms_changed = firms.group_firms(db, decisions, None if done is None else since)
    people.connect_persons(db, everything=everything or firms_changed)
    return done


def _regroup(db: sqlite3.Connection, scope: Scope | None, decisions: Decisions, known: Knowledge) -> Regrouped | None:
    """Groups clients. None if that was everything, or if it has to be, and nothing was changed so far."""
    clients = None if scope is None else scope.clients
    readings, groups = grouped(db, "client", decisions, known.merges(), clients)[1:]
    records = client_records(db, {name: reading.normalized for name, reading in readings.items()}, clients)
    found = families(db, records, groups.present, decisions, known)
    pass_names_on(records, found, known)
    members = _members(db, records, found, readings, groups, clients)
    by_subsidiaries = known_by_subsidiaries(db, members, known, scope)
    if by_subsidiaries is None:
        return None
    for key in by_subsidiaries:
        members[key] = {}
    present = {**groups.present, **{key: key for key in members}}
    organizations = None if scope is None else scope.organizations
    before = {} if clients is None else _organizations_of(db, clients)
    keys = _keys(db, organizations)
    identifiers = keep_identifiers(db, "organizations", members, present, organizations)
    written = {*(organizations or ()), *identifiers.values()}
    _write_organization_names(db, members, identifiers, found, records, known, written if scope else None)
    whose = [(identifiers[found.key_of[record.id]], record.id) for record in records]
    db.executemany("UPDATE clients SET organization_id = ?1 WHERE id = ?2 AND organization_id IS NOT ?1", whose)
    write_aliases(db, members, identifiers, groups.present, decisions, known, scope)
    write_relations(db, identifiers, groups.present, found.successions, decisions, known, scope)
    after = {client: organization for organization, client in whose}
    same = keys == {identifier: key for key, identifier in identifiers.items()} and before == after
    disputed = candidates.keep_disputed(db, groups.disputed, None if scope is None else scope.names)
    candidates.bring_up_to_date(db, decisions, disputed, written if scope is not None and same else None)
    return None if scope is None else Regrouped(before, after)


def _organizations_of(db: sqlite3.Connection, clients: set[int]) -> dict[int, int | None]:
    found = "SELECT id, organization_id FROM clients WHERE id IN (SELECT value FROM json_each(?))"
    return dict(db.execute(found, [ids(clients)]).fetchall())


def _keys(db: sqlite3.Connection, organizations: set[int] | None) -> dict[int, str]:
    if organizations is None:
        return {}
    found = "SELECT id, normalized FROM organizations WHERE id IN (SELECT value FROM json_each(?))"
    return dict(db.execute(found, [ids(organizations)]).fetchall())


Members = dict[str, dict[str, str]]
"""Key of an organization -> its names as filed, each with why it is one of them."""


def _members(
    db: sqlite3.Connection,
    records: Sequence[ClientRecord],
    found: Families,
    readings: Mapping[str, Reading],
    groups: Groups,
    clients: set[int] | None,
) -> Members:
    members: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for record in records:
        members[found.key_of[record.id]].setdefault(record.name, why(readings[record.name], groups))
    of_some, wanted = among("client_id", clients)
    former = f"SELECT client_id, name FROM client_former_names {of_some} ORDER BY 1, 2"  # noqa: S608
    for client, name in db.execute(former, wanted):
        members[found.key_of[client]].setdefault(name, why(readings[name], groups))
    of_some, wanted = among("c.id", clients)
    for client, registrant, name in db.execute(
        "SELECT c.id, r.name, c.name FROM clients c JOIN registrants r ON r.id = c.registrant_id "  # noqa: S608
        f"{of_some or 'WHERE 1'} AND c.client_self_select AND r.name <> c.name "
        "AND NOT EXISTS (SELECT 1 FROM clients WHERE name = r.name) ORDER BY 2, 3",
        wanted,
    ):
        members[found.key_of[client]].setdefault(registrant, f"files in-house for {name}")
    return dict(members)


def _write_organization_names(
    db: sqlite3.Connection,
    members: Members,
    identifiers: Mapping[str, int],
    found: Families,
    records: Sequence[ClientRecord],
    known: Knowledge,
    replaced: set[int] | None,
) -> None:
    """The names of each organization, most used first, and the one to show; `replaced` are all that may have any."""
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
    of_some, wanted = among("organization_id", replaced)
    db.execute(f"DELETE FROM organization_names {of_some}", wanted)  # noqa: S608
    db.executemany("INSERT INTO organization_names VALUES (?, ?, ?, ?, ?)", rows)
    db.executemany("UPDATE organizations SET name = ?1 WHERE id = ?2 AND name IS NOT ?1", shown)
