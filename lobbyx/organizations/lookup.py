"""A name -> the organization on file. A lookup that finds no equal name says which names are near."""

from __future__ import annotations

import sqlite3

from lobbyx.model.errors import LobbyxError
from lobbyx.model.total import Organization
from lobbyx.names import normalize, plain, spoken
from lobbyx.organizations.grouping import SHORTEST_SQUEEZED

NEAREST = 5
"""How many near names an error offers."""


class UnknownOrganization(LobbyxError):
    """No organization on file has this name; `nearest` are names on file that look like it."""

    def __init__(self, message: str, nearest: list[str]) -> None:
        super().__init__(message)
        self.nearest = nearest


def get(db: sqlite3.Connection, identifier: int) -> Organization:
    """The organization with this id and its names, most used first."""
    name = db.execute("SELECT name FROM organizations WHERE id = ?", [identifier]).fetchone()["name"]
    names = db.execute(
        "SELECT name FROM organization_names WHERE organization_id = ? ORDER BY filings DESC, length(name) DESC, name",
        [identifier],
    )
    return Organization(identifier, name, tuple(row["name"] for row in names))


def subsidiaries(db: sqlite3.Connection, parent: Organization) -> list[Organization]:
    """The organizations below another, nearest first, as decided."""
    below = db.execute(
        "WITH RECURSIVE below (id, depth) AS (SELECT ?, 0 UNION SELECT child_id, depth + 1 FROM organization_parents "
        "JOIN below ON parent_id = below.id WHERE depth < 20) "
        "SELECT id, min(depth) FROM below WHERE id <> ? GROUP BY id ORDER BY 2, 1",
        [parent.id, parent.id],
    )
    return [get(db, row[0]) for row in below.fetchall()]


def find(db: sqlite3.Connection, text: str) -> Organization:
    """The organization that `text` names, as it stands in a list or in a sentence.

    Its name as filed or normalized, or else a former name, a trade name, an acronym, or a name decided to be its own.

    Raises UnknownOrganization with the nearest names on file, with those among which `text` does not decide, or with
    the remark that it is a firm that lobbies for others.
    """
    found = called(db, text)
    if len(found) == 1:
        return get(db, found[0])
    if found:
        names = [get(db, identifier).name for identifier in found]
        quoted = ", ".join(f"“{name}”" for name in names)
        raise UnknownOrganization(f"“{text.strip()[:80]}” can be any of {quoted}. Ask for one of them.", names)
    raise _unknown(db, text)


def called(db: sqlite3.Connection, text: str) -> list[int]:
    """Ids of the organizations that `text` may name; empty where there is none. Looks for no likeness."""
    return next((ids for name in spoken(text) if (ids := _called(db, name))), [])


def _called(db: sqlite3.Connection, name: str) -> list[int]:
    """Ids of the organizations of this name; of those that have it as another name where none is called so."""
    wanted = normalize(name)
    queries = (
        ("SELECT organization_id FROM organization_names WHERE name = ? COLLATE NOCASE", [name]),
        ("SELECT id FROM organizations WHERE normalized = ?", [plain(name)]),
        ("SELECT id FROM organizations WHERE normalized = ?", [wanted]),
        ("SELECT DISTINCT organization_id FROM organization_aliases WHERE alias = ?", [wanted]),
        ("SELECT id FROM organizations WHERE replace(normalized, ' ', '') = ?", [_squeezed(wanted)]),
    )
    for query, values in queries:
        if found := [row[0] for row in db.execute(query, values)]:
            return found
    return []


def _squeezed(normalized: str) -> str | None:
    letters = normalized.replace(" ", "")
    return letters if len(letters) >= SHORTEST_SQUEEZED else None


def _unknown(db: sqlite3.Connection, text: str) -> UnknownOrganization:
    from rapidfuzz import fuzz, process

    shown = text.strip()[:80]
    wanted = normalize(text)
    # Only those that begin alike: reading all 17,000 takes a second.
    firms = db.execute(
        "SELECT n.name, f.name FROM firm_names n JOIN firms f ON f.id = n.firm_id "
        "WHERE instr(n.name, ?) BETWEEN 1 AND 5 OR f.normalized = ?",
        [(wanted.split() or ["\0"])[0], wanted],
    )
    if firm := next((shown for name, shown in firms if normalize(name) == wanted), None):
        return UnknownOrganization(
            f"{firm} is on file as a firm that lobbies for others, not as a client: it reports income, "
            "not spending. Ask for one of its clients.",
            [],
        )
    names = {row["normalized"]: row["name"] for row in db.execute("SELECT normalized, name FROM organizations")}
    # The careful comparison takes a second for 124,000 names: only for those that share letters or a word.
    words = {word for word in wanted.split() if len(word) > 3}
    alike = {
        match for match, *_ in process.extract(wanted, names.keys(), scorer=fuzz.ratio, limit=200, score_cutoff=40)
    }
    alike |= {name for name in names if not words.isdisjoint(name.split())} if words else set()
    near = process.extract(wanted, sorted(alike), scorer=fuzz.WRatio, limit=NEAREST, score_cutoff=55)
    # "Samsung" is most likely one of those that begin with it.
    beginning = f"{normalize(spoken(text)[-1])} "
    begin = sorted(name for name in names if name.startswith(beginning))
    nearest = list(dict.fromkeys(names[match] for match in (*begin, *(match for match, *_ in near))))[:NEAREST]
    quoted = ", ".join(f"“{name}”" for name in nearest)
    hint = f"Nearest on file: {quoted}." if nearest else "Nothing on file is spelt like it."
    fetch = f'To download its filings: lobbyx fetch --client "{shown}".'
    return UnknownOrganization(f"No organization named “{shown}” is on file. {hint} {fetch}", nearest)
