"""Many names -> organizations, and the lookup of an organization by a name.

The evidence by which names are one is in `grouping.py`; beside it, an in-house filer's registrant name belongs to the
organization it files for. Registrants are grouped by the same rules. Nothing is merged on likeness: names that look
alike are offered for review (`review.py`), and a lookup that finds no equal name says which names are near instead of
picking one.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Literal

from lobbyx import curated, people, review
from lobbyx.curated import Decisions
from lobbyx.grouping import SHORTEST_SQUEEZED, Groups, group, keep_identifiers
from lobbyx.models import LobbyxError, Organization
from lobbyx.names import Reading, display, explain, normalize, plain, spoken

NEAREST = 5
"""How many near names an error offers."""


class UnknownOrganization(LobbyxError):
    """No organization on file has this name; `nearest` are names on file that look like it."""

    def __init__(self, message: str, nearest: list[str]) -> None:
        super().__init__(message)
        self.nearest = nearest


def rebuild(db: sqlite3.Connection, *, everything: bool = True) -> None:
    """Groups clients' names into organizations, registrants' into firms, lobbyists' records into persons.

    Ids of what stays are kept. Without `everything`, persons are looked for among the names of new records alone.

    Needs an open transaction. The grouping depends on what is on file alone, not on the order it was loaded in.
    """
    decisions = curated.read(curated.path_for(db))
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
    review.rebuild(db, decisions, groups.disputed)
    _rebuild_firms(db, decisions)
    people.rebuild(db, everything=everything)


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
