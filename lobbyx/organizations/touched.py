"""What must be grouped again after a load: the names that the touched records may be linked with, and no others.

Names are grouped by links: one name says it was formerly another, a record was renamed, two have the same letters,
people decided about them, or they are known to be one organization's. No name outside `Scope` is linked, over any
number of steps, with a name that was touched. So what is in it can be derived by itself, and the rest stays as it is.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lobbyx.names import explain
from lobbyx.organizations.decisions import Decisions
from lobbyx.organizations.knowledge import Knowledge

SHORTEST_SQUEEZED = 5
"""Letters a name must have to be taken for another that is spaced otherwise."""
LARGEST_SHARE = 4
FEW = 25
"""If more than one client in `LARGEST_SHARE`, and `FEW` more, must be grouped again, all are."""


@dataclass
class Scope:
    """The part of the database that is derived again; each set is closed under every link between names."""

    names: set[str] = field(default_factory=set)
    """Normalized."""
    organizations: set[int] = field(default_factory=set)
    """Those that have these names now, before they are derived again."""
    clients: set[int] = field(default_factory=set)


def ids(some: Iterable[int | str]) -> str:
    """A list as one parameter, for `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(sorted(some))


def among(column: str, some: Iterable[int] | None) -> tuple[str, list[str]]:
    """A WHERE clause with its parameter, that `column` is one of these ids; nothing for None, which means all."""
    return ("", []) if some is None else (f"WHERE {column} IN (SELECT value FROM json_each(?))", [ids(some)])  # noqa: S608


def touched(db: sqlite3.Connection) -> set[int]:
    """The clients whose names or filings changed since organizations were derived last, and those never derived."""
    return {
        row[0]
        for row in db.execute(
            "SELECT c.id FROM touched_clients t JOIN clients c ON c.id = t.client_id "
            "UNION SELECT id FROM clients WHERE organization_id IS NULL"
        )
    }


def scope_of(db: sqlite3.Connection, clients: set[int], decisions: Decisions, known: Knowledge) -> Scope | None:
    """Everything that names of these clients are linked with; None where that is so much that all is derived."""
    most = db.execute("SELECT count(*) FROM clients").fetchone()[0] // LARGEST_SHARE + FEW
    linked, scope = _links(decisions, known), Scope()
    read: set[str] = set()
    written, organizations = _of_clients(db, clients)
    while written or organizations:
        keys, names = _of_organizations(db, organizations)
        scope.organizations |= organizations
        new = (written | names) - read
        read |= new
        scope.clients = clients | _clients_of(db, scope.organizations)
        if len(scope.clients) > most:
            return None
        readings = [explain(name) for name in new]
        former = {other for reading in readings for kind, other in reading.others if kind == "former"}
        normalized = _closed(keys | former | {reading.normalized for reading in readings}, linked) - scope.names
        scope.names |= normalized
        organizations = (_named(db, normalized) | _filing_for_themselves(db, new)) - scope.organizations
        written = set()
    return scope


def _closed(names: set[str], linked: Mapping[str, set[str]]) -> set[str]:
    """These names and all that they are linked with, over any number of links."""
    found, waiting = set(names), list(names)
    while waiting:
        further = linked.get(waiting.pop(), set()) - found
        found |= further
        waiting += further
    return found


def _links(decisions: Decisions, known: Knowledge) -> Mapping[str, set[str]]:
    """Normalized name -> those linked with it by decisions or by what is known of organizations."""
    linked: defaultdict[str, set[str]] = defaultdict(set)

    def link(names: Iterable[str]) -> None:
        first, *others = sorted(set(names)) or [""]
        for other in others:
            linked[first].add(other)
            linked[other].add(first)

    for other, name in decisions.same().items():
        link((other, name))
    for parent, child, _ in decisions.parents():
        link((parent, child))
    for names in known.by_key.values():
        link(normalized for one, normalized in names if one.kind in ("filed", "display", "former"))
    for one in known.inherited:
        link(one.predecessor_names | one.successor_names)
    return linked


def _of_clients(db: sqlite3.Connection, clients: set[int]) -> tuple[set[str], set[int]]:
    """The names that these clients have or had, as filed, and their organizations."""
    wanted = {"ids": ids(clients)}
    names = db.execute(
        "SELECT name FROM clients WHERE id IN (SELECT value FROM json_each(:ids)) "
        "UNION SELECT name FROM client_former_names WHERE client_id IN (SELECT value FROM json_each(:ids)) "
        "UNION SELECT r.name FROM clients c JOIN registrants r ON r.id = c.registrant_id "
        "WHERE c.client_self_select AND c.id IN (SELECT value FROM json_each(:ids))",
        wanted,
    )
    organizations = db.execute(
        "SELECT DISTINCT organization_id FROM clients WHERE organization_id IS NOT NULL "
        "AND id IN (SELECT value FROM json_each(:ids))",
        wanted,
    )
    return {row[0] for row in names}, {row[0] for row in organizations}


def _of_organizations(db: sqlite3.Connection, organizations: set[int]) -> tuple[set[str], set[str]]:
    """The keys of these organizations, normalized, and all their names as filed."""
    wanted = [ids(organizations)]
    keys = "SELECT normalized FROM organizations WHERE id IN (SELECT value FROM json_each(?))"
    names = "SELECT name FROM organization_names WHERE organization_id IN (SELECT value FROM json_each(?))"
    return {row[0] for row in db.execute(keys, wanted)}, {row[0] for row in db.execute(names, wanted)}


def _named(db: sqlite3.Connection, names: set[str]) -> set[int]:
    """The organizations that have one of these normalized names, had it, or have it spaced otherwise."""
    squeezed = {short for name in names if len(short := name.replace(" ", "")) >= SHORTEST_SQUEEZED}
    some = "(SELECT value FROM json_each(:names))"
    found = db.execute(
        f"SELECT organization_id FROM organization_names WHERE normalized IN {some} "  # noqa: S608
        f"UNION SELECT id FROM organizations WHERE normalized IN {some} "
        f"UNION SELECT organization_id FROM organization_aliases WHERE kind = 'former' AND alias IN {some} "
        "UNION SELECT organization_id FROM organization_names "
        "WHERE replace(normalized, ' ', '') IN (SELECT value FROM json_each(:squeezed))",
        {"names": ids(names), "squeezed": ids(squeezed)},
    )
    return {row[0] for row in found}


def _filing_for_themselves(db: sqlite3.Connection, names: set[str]) -> set[int]:
    """The organizations whose in-house registrant has one of these names, as filed.

    Such a name is one of the organization's, unless some client has it.
    """
    found = db.execute(
        "SELECT DISTINCT c.organization_id FROM registrants r JOIN clients c ON c.registrant_id = r.id "
        "WHERE c.client_self_select AND c.organization_id IS NOT NULL AND r.name <> c.name "
        "AND r.name IN (SELECT value FROM json_each(?))",
        [ids(names)],
    )
    return {row[0] for row in found}


def _clients_of(db: sqlite3.Connection, organizations: set[int]) -> set[int]:
    whose = "SELECT id FROM clients WHERE organization_id IN (SELECT value FROM json_each(?))"
    return {row[0] for row in db.execute(whose, [ids(organizations)])}
