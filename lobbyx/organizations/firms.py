"""Registrants -> firms, by the same rules as clients are grouped into organizations."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from lobbyx.names import best_written
from lobbyx.organizations.decisions import Decisions
from lobbyx.organizations.filed_names import filings_by_name, grouped, members_of
from lobbyx.organizations.grouping import keep_identifiers
from lobbyx.organizations.touched import ids

STALE = "firms"
"""The key in `state` that says, by its value `stale`, that names of registrants changed since firms were grouped."""


def group_firms(db: sqlite3.Connection, decisions: Decisions, clients: set[int] | None) -> bool:
    """Brings firms up to date; returns whether a registrant that had a firm has another now.

    `clients` are those whose filings changed, None for all. If no registrant is new or renamed, firms stay together as
    they are, and only how often their names are used is counted again.
    """
    firms = None if clients is None else _same_firms(db, decisions, clients)
    if firms is None:
        return _group_all(db, decisions)
    for firm in firms:
        _count_again(db, firm)
    return False


def _group_all(db: sqlite3.Connection, decisions: Decisions) -> bool:
    before = _firms_of(db)  # a firm that is no more takes its registrants' firm_id with it
    filings, readings, groups = grouped(db, "registrant", decisions)
    members = members_of(readings, groups)
    identifiers = keep_identifiers(db, "firms", members, groups.present)
    rows, shown = [], []
    for normalized, identifier in identifiers.items():
        named = _rows(identifier, members[normalized], filings)
        rows += named
        shown.append((best_written([row[1] for row in named]), identifier))
    db.execute("DELETE FROM firm_names")
    db.executemany("INSERT OR IGNORE INTO firm_names VALUES (?, ?, ?, ?)", rows)
    db.executemany("UPDATE firms SET name = ?1 WHERE id = ?2 AND name IS NOT ?1", shown)
    now = "(SELECT firm_id FROM firm_names n WHERE n.name = registrants.name)"
    db.execute(f"UPDATE registrants SET firm_id = {now} WHERE firm_id IS NOT {now}")  # noqa: S608
    db.execute("DELETE FROM state WHERE key = ?", [STALE])
    return not before.items() <= _firms_of(db).items()


def _firms_of(db: sqlite3.Connection) -> dict[int, int]:
    return dict(db.execute("SELECT id, firm_id FROM registrants WHERE firm_id IS NOT NULL").fetchall())


def _rows(firm: int, why: Mapping[str, str], filings: Mapping[str, int]) -> list[tuple[int, str, int, str]]:
    """The names of a firm, most used first."""
    names = sorted(why, key=lambda name: (-filings.get(name, 0), -len(name), name))
    return [(firm, name, filings.get(name, 0), why[name]) for name in names]


def _same_firms(db: sqlite3.Connection, decisions: Decisions, clients: set[int]) -> list[int] | None:
    """The firms that report for these clients; None if firms may have to be grouped otherwise than they are.

    How often a name is used decides something only among names of one firm that read differently.
    """
    if db.execute(
        "SELECT 1 FROM registrants WHERE firm_id IS NULL UNION ALL SELECT 1 FROM state WHERE key = ?", [STALE]
    ).fetchone():
        return None
    firms = [
        row[0]
        for row in db.execute(
            "SELECT firm_id FROM registrants WHERE id IN (SELECT registrant_id FROM clients WHERE id IN "
            "(SELECT value FROM json_each(:ids)) UNION SELECT registrant_id FROM filings WHERE client_id IN "
            "(SELECT value FROM json_each(:ids))) GROUP BY 1 ORDER BY 1",
            {"ids": ids(clients)},
        )
    ]
    names = "SELECT name FROM firm_names WHERE firm_id = ?"
    for firm in firms:
        normalized = {decisions.read(row[0]).normalized for row in db.execute(names, [firm])}
        if len(normalized) != 1 or decisions.holds_apart(normalized):
            return None
    return firms


def _count_again(db: sqlite3.Connection, firm: int) -> None:
    """Counts the filings under each name of a firm, and shows the one that is used most."""
    registrants = {row[0] for row in db.execute("SELECT id FROM registrants WHERE firm_id = ?", [firm])}
    why = dict(db.execute("SELECT name, why FROM firm_names WHERE firm_id = ?", [firm]).fetchall())
    rows = _rows(firm, why, filings_by_name(db, "registrant", registrants))
    db.execute("DELETE FROM firm_names WHERE firm_id = ?", [firm])
    db.executemany("INSERT INTO firm_names VALUES (?, ?, ?, ?)", rows)
    shown = best_written([row[1] for row in rows])
    db.execute("UPDATE firms SET name = ?1 WHERE id = ?2 AND name IS NOT ?1", [shown, firm])
