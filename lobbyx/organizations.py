"""Many names -> organizations, and the lookup of an organization by a name.

Evidence, strongest first: names with the same normalized form are one organization; a name that says "formerly Y" and
the names that are Y are one; an in-house filer's registrant name belongs to the organization it files for. Nothing is
merged on likeness: a lookup that finds no equal name says which names are near instead of picking one.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from lobbyx.models import LobbyxError, Organization
from lobbyx.names import Reading, display, explain, normalize

NEAREST = 5
"""How many near names an error offers."""


class UnknownOrganization(LobbyxError):
    """No organization on file has this name; `nearest` are names on file that look like it."""

    def __init__(self, message: str, nearest: list[str]) -> None:
        super().__init__(message)
        self.nearest = nearest


def rebuild(db: sqlite3.Connection) -> None:
    """Groups the names on file into organizations; ids of organizations that stay are kept.

    Needs an open transaction. The grouping depends on what is on file alone, not on the order it was loaded in; ids are
    given in the order of first appearance across rebuilds, then by name.
    """
    filings: Counter[str] = Counter(
        dict(
            db.execute(
                "SELECT c.name, count(f.filing_uuid) FROM clients c LEFT JOIN filings f ON f.client_id = c.id "
                "GROUP BY c.name"
            ).fetchall()
        )
    )
    readings = {name: explain(name) for name in sorted(filings)}
    present = _present_names(readings.values())
    members: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name, reading in readings.items():
        now = present[reading.normalized]
        why = list(reading.why) or ["as filed"]
        if now != reading.normalized:
            why.append(f"another name says it is formerly this: {now}")
        members[now][name] = "; ".join(why)
    for registrant, client in db.execute(
        "SELECT DISTINCT r.name, c.name FROM clients c JOIN registrants r ON r.id = c.registrant_id "
        "WHERE c.client_self_select AND r.name <> c.name ORDER BY 1, 2"
    ):
        if registrant not in filings:
            members[present[normalize(client)]].setdefault(registrant, f"files in-house for {client}")

    identifiers = _identifiers(db, members, present)
    db.execute("DELETE FROM organization_names")
    db.execute("DELETE FROM organization_aliases")
    for normalized, identifier in identifiers.items():
        names = sorted(members[normalized], key=lambda n: (-filings[n], -len(n), n))
        db.executemany(
            "INSERT OR IGNORE INTO organization_names (organization_id, name, filings, why) VALUES (?, ?, ?, ?)",
            [(identifier, name, filings[name], members[normalized][name]) for name in names],
        )
        shown = display(explain(names[0]).phrase)
        db.execute("UPDATE organizations SET name = ? WHERE id = ?", [shown, identifier])
        db.executemany(
            "INSERT OR IGNORE INTO organization_aliases (organization_id, alias, kind, name) VALUES (?, ?, ?, ?)",
            [
                (identifier, alias, kind, name)
                for name in names
                for kind, alias in explain(name).others
                if kind != "intermediary" and alias != normalized
            ],
        )
    db.execute(
        "UPDATE clients SET organization_id = "
        "(SELECT organization_id FROM organization_names n WHERE n.name = clients.name)"
    )


def _present_names(readings: Iterable[Reading]) -> dict[str, str]:
    """Normalized name -> the present name of its organization, following "formerly" from one to the next.

    A former name that two organizations claim is followed by neither, nor is either of two names that each say they
    were the other: it is for people to say which.
    """
    claims: defaultdict[str, set[str]] = defaultdict(set)
    known: set[str] = set()
    for reading in readings:
        known.add(reading.normalized)
        for kind, former in reading.others:
            if kind == "former":
                claims[former].add(reading.normalized)
    later = {former: min(now) for former, now in claims.items() if len(now) == 1 and former in known}
    present = {}
    for name in known:
        seen = {name}
        now = name
        while (following := later.get(now)) is not None and following not in seen:
            seen.add(following)
            now = following
        # Having come back to where it began, it says nothing.
        present[name] = name if later.get(now) in seen else now
    return present


def _identifiers(
    db: sqlite3.Connection, members: Mapping[str, Mapping[str, str]], present: Mapping[str, str]
) -> dict[str, int]:
    """The id of each organization: that of one it has been, under any of its normalized names, or a new one."""
    before = {row["normalized"]: row["id"] for row in db.execute("SELECT id, normalized FROM organizations")}
    known: defaultdict[str, list[int]] = defaultdict(list)
    for normalized, identifier in before.items():
        known[present.get(normalized, normalized)].append(identifier)
    kept = {normalized: min(known[normalized]) for normalized in sorted(members) if known.get(normalized)}
    gone = set(before.values()) - set(kept.values())
    db.executemany("DELETE FROM organizations WHERE id = ?", [(i,) for i in sorted(gone)])
    # Names can pass from one organization to another: out of each other's way first.
    db.executemany("UPDATE organizations SET normalized = '#' || id WHERE id = ?", [(i,) for i in kept.values()])
    db.executemany("UPDATE organizations SET normalized = ? WHERE id = ?", kept.items())
    found: dict[str, int] = {}
    for normalized in sorted(members):
        found[normalized] = kept.get(normalized) or int(
            db.execute("INSERT INTO organizations (name, normalized) VALUES (?, ?)", [normalized, normalized]).lastrowid
            or 0
        )
    return found


def get(db: sqlite3.Connection, identifier: int) -> Organization:
    """The organization with this id and its names, most used first."""
    name = db.execute("SELECT name FROM organizations WHERE id = ?", [identifier]).fetchone()["name"]
    names = db.execute(
        "SELECT name FROM organization_names WHERE organization_id = ? ORDER BY filings DESC, length(name) DESC, name",
        [identifier],
    )
    return Organization(identifier, name, tuple(row["name"] for row in names))


def find(db: sqlite3.Connection, text: str) -> Organization:
    """The organization whose name is `text`: as filed, normalized, or else a former name, trade name or acronym.

    Raises UnknownOrganization with the nearest names on file, with those among which `text` does not decide, or with
    the remark that it is a firm that lobbies for others.
    """
    wanted = normalize(text)
    found = db.execute(
        "SELECT organization_id FROM organization_names WHERE name = ? COLLATE NOCASE "
        "UNION SELECT id FROM organizations WHERE normalized = ?",
        [text.strip(), wanted],
    ).fetchall()
    if not found:
        found = db.execute(
            "SELECT DISTINCT organization_id FROM organization_aliases WHERE alias = ?", [wanted]
        ).fetchall()
    if len(found) == 1:
        return get(db, found[0][0])
    if found:
        names = [get(db, row[0]).name for row in found]
        quoted = ", ".join(f"“{name}”" for name in names)
        raise UnknownOrganization(f"“{text.strip()[:80]}” can be any of {quoted}. Ask for one of them.", names)
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
