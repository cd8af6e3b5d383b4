"""Many names -> organizations, and the lookup of an organization by a name.

Evidence, strongest first: what people decided (`curated.py`); names with the same normalized form are one; a name that
says "formerly Y" and the names that are Y are one; an in-house filer's registrant name belongs to the organization it
files for. Nothing is merged on likeness: names that look alike are offered for review, and a lookup that
finds no equal name says which names are near instead of picking one.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from lobbyx import curated
from lobbyx.curated import Decisions
from lobbyx.models import LobbyxError, Organization
from lobbyx.names import Reading, display, explain, normalize, spoken

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
    decisions = curated.read(curated.path_for(db))
    present = _present_names(readings.values(), decisions)
    members: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name, reading in readings.items():
        now = present[reading.normalized]
        why = list(reading.why) or ["as filed"]
        if now != reading.normalized:
            decided = decisions.relation(reading.normalized, now) == "same"
            why.append(f"decided to be one with {now}" if decided else f"another name says it is formerly this: {now}")
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
    for other, name in decisions.same().items():
        if named := identifiers.get(present.get(name, name)):
            db.execute(
                "INSERT OR IGNORE INTO organization_aliases (organization_id, alias, kind, name) "
                "VALUES (?, ?, 'decided', ?)",
                [named, other, name],
            )
    db.execute("DELETE FROM organization_parents")
    for parent, child, source in decisions.parents():
        pair = [identifiers.get(present.get(name, name)) for name in (parent, child)]
        if None not in pair and pair[0] != pair[1]:
            db.execute("INSERT OR IGNORE INTO organization_parents VALUES (?, ?, ?)", [*pair, source])
    db.execute(
        "UPDATE clients SET organization_id = "
        "(SELECT organization_id FROM organization_names n WHERE n.name = clients.name)"
    )


def _present_names(readings: Iterable[Reading], decisions: Decisions) -> dict[str, str]:
    """Normalized name -> the present name of its organization: as decided, else following "formerly".

    A former name that two organizations claim is followed by neither, nor is either of two names that each say they
    were the other: it is for people to say which.
    """
    claims: defaultdict[str, set[str]] = defaultdict(set)
    known: set[str] = set()
    for reading in readings:
        known.add(reading.normalized)
        for kind, former in reading.others:
            if kind == "former" and decisions.relation(former, reading.normalized) != "different":
                claims[former].add(reading.normalized)
    later = {former: min(now) for former, now in claims.items() if len(now) == 1 and former in known}
    later |= decisions.same()
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
    found = next((ids for name in spoken(text) if (ids := _called(db, name))), [])
    if len(found) == 1:
        return get(db, found[0])
    if found:
        names = [get(db, identifier).name for identifier in found]
        quoted = ", ".join(f"“{name}”" for name in names)
        raise UnknownOrganization(f"“{text.strip()[:80]}” can be any of {quoted}. Ask for one of them.", names)
    raise _unknown(db, text)


def _called(db: sqlite3.Connection, name: str) -> list[int]:
    """Ids of the organizations of this name; of those that have it as another name where none is called so."""
    wanted = normalize(name)
    queries = (
        (
            "SELECT organization_id FROM organization_names WHERE name = ? COLLATE NOCASE "
            "UNION SELECT id FROM organizations WHERE normalized = ?",
            [name, wanted],
        ),
        ("SELECT DISTINCT organization_id FROM organization_aliases WHERE alias = ?", [wanted]),
    )
    for query, values in queries:
        if found := [row[0] for row in db.execute(query, values)]:
            return found
    return []


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
    # "Samsung" is most likely one of those that begin with it.
    begin = sorted(name for name in names if name.startswith(f"{normalize(spoken(text)[-1])} "))
    nearest = list(dict.fromkeys(names[match] for match in (*begin, *(match for match, *_ in near))))[:NEAREST]
    quoted = ", ".join(f"“{name}”" for name in nearest)
    hint = f"Nearest on file: {quoted}." if nearest else "Nothing on file is spelt like it."
    fetch = f'To download its filings: lobbyx fetch --client "{shown}".'
    return UnknownOrganization(f"No organization named “{shown}” is on file. {hint} {fetch}", nearest)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two organizations that may be one."""

    a: str
    b: str
    score: float
    """0 to 100: how alike the normalized names are."""
    reasons: tuple[str, ...]
    filings: int
    """Of the smaller: what a total may lack."""

    def json(self) -> dict[str, object]:
        """As `lobbyx organizations review --json` prints it."""
        return {
            **{"a": self.a, "b": self.b, "score": round(self.score, 1), "reasons": list(self.reasons)},
            "filings": self.filings,
        }


LIKE = 90.0
"""The score from which names are offered for review."""


def candidates(db: sqlite3.Connection, limit: int = 50) -> list[Candidate]:
    """Pairs of organizations whose names look alike, and about which nothing was decided; most alike first.

    Only names that share a rare word are compared (blocking), so that the time grows with the names, not their pairs.
    """
    from rapidfuzz import fuzz

    decisions = curated.read(curated.path_for(db))
    rows = db.execute(
        "SELECT o.normalized, o.name, sum(n.filings) AS filings FROM organizations o "
        "JOIN organization_names n ON n.organization_id = o.id GROUP BY o.id ORDER BY o.normalized"
    ).fetchall()
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for word in set(row["normalized"].split()):
            blocks[word].append(number)
    found: dict[tuple[int, int], Candidate] = {}
    for word, block in sorted(blocks.items(), key=lambda item: (len(item[1]), item[0])):
        if len(word) < 3 or len(block) > MOST_IN_BLOCK:
            continue
        for i, j in combinations(block, 2):
            a, b = rows[i], rows[j]
            if (i, j) in found or decisions.relation(a["normalized"], b["normalized"]):
                continue
            score = fuzz.token_sort_ratio(a["normalized"], b["normalized"], score_cutoff=LIKE)
            if score:
                reasons = (f"share the rare word {word}", f"{score:.0f} of 100 alike letter by letter")
                found[i, j] = Candidate(a["name"], b["name"], score, reasons, min(a["filings"], b["filings"]))
    return sorted(found.values(), key=lambda c: (-c.score, -c.filings, c.a, c.b))[:limit]


MOST_IN_BLOCK = 200
"""A word that more organizations share is not rare."""
