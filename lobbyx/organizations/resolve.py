"""The names on file -> the tables of organizations, firms and persons.

The evidence by which names are one is in `grouping.py`; beside it, an in-house filer's registrant name belongs to the
organization it files for. Registrants are grouped by the same rules. Nothing is merged on likeness.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Literal

from lobbyx.names import Reading, display, explain
from lobbyx.organizations import candidates, people
from lobbyx.organizations.decisions import Decisions, path_for, read
from lobbyx.organizations.grouping import Groups, group, keep_identifiers


def resolve_organizations(db: sqlite3.Connection, *, everything: bool = True) -> None:
    """Groups clients' names into organizations, registrants' into firms, lobbyists' records into persons.

    Ids of what stays are kept. Without `everything`, persons are looked for among the names of new records alone.

    Needs an open transaction. The grouping depends on what is on file alone, not on the order it was loaded in.
    """
    decisions = read(path_for(db))
    filings, readings, groups, members = _grouped(db, "client", decisions)
    for registrant, client in db.execute(
        "SELECT DISTINCT r.name, c.name FROM clients c JOIN registrants r ON r.id = c.registrant_id "
        "WHERE c.client_self_select AND r.name <> c.name ORDER BY 1, 2"
    ):
        if registrant not in filings:
            members[groups.present[readings[client].normalized]].setdefault(registrant, f"files in-house for {client}")

    identifiers = keep_identifiers(db, "organizations", members, groups.present)
    _write_names(db, "organization", members, identifiers, filings)
    db.execute("DELETE FROM organization_aliases")
    aliases: list[tuple[int, str, str, str]] = [
        (identifier, alias, kind, name)
        for normalized, identifier in identifiers.items()
        for name in members[normalized]
        for kind, alias in explain(name).others
        if kind != "intermediary" and alias != normalized
    ]
    aliases += [
        (identifier, other, "decided", name)
        for other, name in decisions.same().items()
        if (identifier := identifiers.get(groups.present.get(name, name)))
    ]
    db.executemany("INSERT OR IGNORE INTO organization_aliases VALUES (?, ?, ?, ?)", aliases)
    db.execute("DELETE FROM organization_parents")
    for parent, child, source in decisions.parents():
        pair = [identifiers.get(groups.present.get(name, name)) for name in (parent, child)]
        if None not in pair and pair[0] != pair[1]:
            db.execute("INSERT OR IGNORE INTO organization_parents VALUES (?, ?, ?)", [*pair, source])
    now = "(SELECT organization_id FROM organization_names n WHERE n.name = clients.name)"
    db.execute(f"UPDATE clients SET organization_id = {now} WHERE organization_id IS NOT {now}")  # noqa: S608
    candidates.find_candidates(db, decisions, groups.disputed)
    _rebuild_firms(db, decisions)
    people.connect_persons(db, everything=everything)


def _rebuild_firms(db: sqlite3.Connection, decisions: Decisions) -> None:
    filings, _, groups, members = _grouped(db, "registrant", decisions)
    identifiers = keep_identifiers(db, "firms", members, groups.present)
    _write_names(db, "firm", members, identifiers, filings)
    now = "(SELECT firm_id FROM firm_names n WHERE n.name = registrants.name)"
    db.execute(f"UPDATE registrants SET firm_id = {now} WHERE firm_id IS NOT {now}")  # noqa: S608


def _grouped(
    db: sqlite3.Connection, who: Literal["client", "registrant"], decisions: Decisions
) -> tuple[Counter[str], dict[str, Reading], Groups, defaultdict[str, dict[str, str]]]:
    """(filings by name, names as read, groups, the names of each group with why they are in it)."""
    filings = _filings_by_name(db, who)
    readings = {name: decisions.read(name) for name in sorted(filings)}
    groups = group(filings, readings, decisions, _renamed(db, who))
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


def _write_names(
    db: sqlite3.Connection,
    who: Literal["organization", "firm"],
    members: Mapping[str, Mapping[str, str]],
    identifiers: Mapping[str, int],
    filings: Mapping[str, int],
) -> None:
    """The names of each group, most used first, and the one to show."""
    rows, shown = [], []
    for normalized, identifier in identifiers.items():
        why = members[normalized]
        names = sorted(why, key=lambda n: (-filings.get(n, 0), -len(n), n))
        rows += [(identifier, name, filings.get(name, 0), why[name]) for name in names]
        shown.append((display(explain(names[0]).phrase), identifier))
    db.execute(f"DELETE FROM {who}_names")  # noqa: S608
    db.executemany(f"INSERT OR IGNORE INTO {who}_names VALUES (?, ?, ?, ?)", rows)  # noqa: S608
    db.executemany(f"UPDATE {who}s SET name = ? WHERE id = ?", shown)  # noqa: S608
