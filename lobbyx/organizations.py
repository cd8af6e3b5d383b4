"""Many names -> organizations, and the lookup of an organization by a name.

First form: names with the same normalized form are one organization, and an in-house filer's registrant name belongs
to the organization it files for. Nothing is merged on likeness: a lookup that finds no equal name says which names
are near instead of picking one.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict

from lobbyx.models import LobbyxError, Organization
from lobbyx.names import display, explain, normalize

NEAREST = 5
"""How many near names an error offers."""


class UnknownOrganization(LobbyxError):
    """No organization on file has this name; `nearest` are names on file that look like it."""

    def __init__(self, message: str, nearest: list[str]) -> None:
        super().__init__(message)
        self.nearest = nearest


def rebuild(db: sqlite3.Connection) -> None:
    """Groups the names on file into organizations; ids of organizations that stay are kept.

    Needs an open transaction. The result depends on what is on file alone, not on the order it was loaded in
    (ids are given in the order of first appearance across rebuilds, then by name).
    """
    filings: Counter[str] = Counter()
    for name, n in db.execute(
        "SELECT c.name, count(f.filing_uuid) FROM clients c LEFT JOIN filings f ON f.client_id = c.id GROUP BY c.name"
    ):
        filings[name] = n
    members: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name in sorted(filings):
        reading = explain(name)
        members[reading.normalized][name] = "; ".join(reading.why) or "as filed"
    for registrant, client in db.execute(
        "SELECT DISTINCT r.name, c.name FROM clients c JOIN registrants r ON r.id = c.registrant_id "
        "WHERE c.client_self_select AND r.name <> c.name ORDER BY 1, 2"
    ):
        if registrant not in filings:
            members[normalize(client)].setdefault(registrant, f"files in-house for {client}")

    known = {row["normalized"]: row["id"] for row in db.execute("SELECT id, normalized FROM organizations")}
    db.execute("DELETE FROM organization_names")
    for normalized in sorted(members):
        names = sorted(members[normalized], key=lambda n: (-filings[n], -len(n), n))
        shown = display(names[0])
        if normalized in known:
            identifier = known.pop(normalized)
            db.execute("UPDATE organizations SET name = ? WHERE id = ?", [shown, identifier])
        else:
            identifier = db.execute(
                "INSERT INTO organizations (name, normalized) VALUES (?, ?)", [shown, normalized]
            ).lastrowid
        db.executemany(
            "INSERT OR IGNORE INTO organization_names (organization_id, name, filings, why) VALUES (?, ?, ?, ?)",
            [(identifier, name, filings[name], members[normalized][name]) for name in names],
        )
    db.execute(
        "UPDATE clients SET organization_id = "
        "(SELECT organization_id FROM organization_names n WHERE n.name = clients.name)"
    )
    db.executemany("DELETE FROM organizations WHERE id = ?", [(i,) for i in known.values()])


def get(db: sqlite3.Connection, identifier: int) -> Organization:
    """The organization with this id and its names, most used first."""
    name = db.execute("SELECT name FROM organizations WHERE id = ?", [identifier]).fetchone()["name"]
    names = db.execute(
        "SELECT name FROM organization_names WHERE organization_id = ? ORDER BY filings DESC, length(name) DESC, name",
        [identifier],
    )
    return Organization(identifier, name, tuple(row["name"] for row in names))


def find(db: sqlite3.Connection, text: str) -> Organization:
    """The organization whose name is `text`, as filed or normalized.

    Raises UnknownOrganization with the nearest names on file, or with the remark that it is a firm that lobbies
    for others.
    """
    found = db.execute(
        "SELECT organization_id FROM organization_names WHERE name = ? COLLATE NOCASE "
        "UNION SELECT id FROM organizations WHERE normalized = ?",
        [text.strip(), normalize(text)],
    ).fetchall()
    if len(found) == 1:
        return get(db, found[0][0])
    raise _unknown(db, text)


def _unknown(db: sqlite3.Connection, text: str) -> UnknownOrganization:
    from rapidfuzz import fuzz, process

    shown = text.strip()[:80]
    wanted = normalize(text)
    firms = [n for (n,) in db.execute("SELECT DISTINCT name FROM registrants") if normalize(n) == wanted]
    if firms:
        return UnknownOrganization(
            f"{firms[0]} is on file as a firm that lobbies for others, not as a client: it reports income, "
            "not spending. Ask for one of its clients.",
            [],
        )
    names = {row["normalized"]: row["name"] for row in db.execute("SELECT normalized, name FROM organizations")}
    near = process.extract(wanted, names.keys(), scorer=fuzz.WRatio, limit=NEAREST, score_cutoff=55)
    nearest = [names[match] for match, *_ in near]
    quoted = ", ".join(f"“{name}”" for name in nearest)
    hint = f"Nearest on file: {quoted}." if nearest else "Nothing on file is spelt like it."
    fetch = f'To download its filings: lobbyx fetch --client "{shown}".'
    return UnknownOrganization(f"No organization named “{shown}” is on file. {hint} {fetch}", nearest)
