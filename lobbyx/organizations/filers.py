"""Who files for itself: the role of a report, and the in-house filers of linked names."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping

from lobbyx.model.filing_types import filing_types
from lobbyx.model.period import Window, filing_period_span
from lobbyx.model.report import Role
from lobbyx.names import normalize
from lobbyx.organizations.succession import Filer


def role(
    *,
    client_self_select: bool | None,
    registrant: str,
    client: str,
    income: object | None,
    expenses: object | None,
) -> Role:
    """Whether the report is an organization's own (`in_house`) or a firm's about a client (`outside`).

    The API marks in-house filers with `client_self_select`. Old records have null there, and some say false about a
    registrant that is its own client. In that case the names decide, or the report itself: only an organization that
    lobbies for itself reports expenses and no income (LD-2, line 13).
    """
    if client_self_select or normalize(registrant) == normalize(client):
        return "in_house"
    return "in_house" if expenses is not None and income is None else "outside"


def in_house_filers(
    db: sqlite3.Connection, names: Mapping[int, str], family: Mapping[int, str]
) -> dict[str, list[Filer]]:
    """The in-house filers of each family, with the periods they reported.

    `names` and `family` are the normalized name and the family of each client id that is looked into.
    """
    clients: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    periods: defaultdict[tuple[str, int], dict[Window, bool]] = defaultdict(dict)
    for row in _reports(db, names):
        kind = filing_types().get(row["filing_type"])
        if kind is None or not kind.is_report:
            continue
        whose = role(
            client_self_select=row["client_self_select"],
            registrant=row["registrant"],
            client=row["client"],
            income=row["income"],
            expenses=row["expenses"],
        )
        if whose == "in_house":
            key = (family[row["client_id"]], row["registrant_id"])
            period = filing_period_span(row["filing_year"], kind.filing_period)
            periods[key][period] = periods[key].get(period, False) or kind.is_termination
            clients[key].add(row["client_id"])
    found: defaultdict[str, list[Filer]] = defaultdict(list)
    for key, filed in sorted(periods.items()):
        called = frozenset(names[client] for client in clients[key])
        found[key[0]].append(Filer(key[1], called, filed, frozenset(clients[key])))
    return dict(found)


def _reports(db: sqlite3.Connection, clients: Iterable[int]) -> Iterable[sqlite3.Row]:
    return db.execute(
        "SELECT f.filing_type, f.filing_year, f.registrant_id, f.client_id, f.income, f.expenses, "
        "c.client_self_select, r.name AS registrant, c.name AS client FROM filings f "
        "JOIN clients c ON c.id = f.client_id JOIN registrants r ON r.id = f.registrant_id "
        "WHERE f.client_id IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(clients))],
    )
