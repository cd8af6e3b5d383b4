"""What an organization, its lobbyists and its firms' lobbyists gave to candidates, committees and honorees (LD-203).

These are political contributions, never lobbying spending, and no total counts them. A lobbyist files one report for
each half-year, for all clients together, and gives for himself or herself: what a firm's lobbyist gave was not given
for the client. Source: LDA section 5(d); a later report for the same half-year replaces the earlier one.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from lobbyx.model.money import dollars
from lobbyx.model.period import Window
from lobbyx.model.report import Role

Giver = Literal["organization", "own_lobbyists", "firm_lobbyists"]
GIVERS: Final[tuple[Giver, ...]] = ("organization", "own_lobbyists", "firm_lobbyists")
"""The organization itself and its PAC; the lobbyists it employs; the lobbyists of firms, named in reports for it."""
MOST_RECIPIENTS: Final = 50
"""Recipients that are listed for each kind of giver, largest first."""
MOST_REPORTS: Final = 400
"""Reports that are listed, newest first."""


@dataclass(frozen=True, slots=True)
class Gift:
    """One item of a report."""

    payee: str
    honoree: str
    cents: int


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One LD-203 report."""

    filing_uuid: str
    giver: Giver
    registrant_id: int
    registrant: str
    lobbyist_id: int | None
    lobbyist: str
    year: int
    period: str
    """`mid_year` or `year_end`."""
    posted: str
    gifts: tuple[Gift, ...] = field(default=())

    @property
    def cents(self) -> int:
        """The sum of its items, US cents."""
        return sum(gift.cents for gift in self.gifts)

    def json(self) -> dict[str, Any]:
        """What the page lists; the amount in US dollars."""
        return {
            "filing_uuid": self.filing_uuid,
            "giver": self.giver,
            "registrant": self.registrant,
            "lobbyist": self.lobbyist or None,
            "filing_year": self.year,
            "filing_period": self.period,
            "dt_posted": self.posted,
            "amount": dollars(self.cents),
            "items": len(self.gifts),
            "url": f"https://lda.gov/filings/public/contribution/{self.filing_uuid}/print/",
        }


def latest(found: Iterable[Disclosure]) -> list[Disclosure]:
    """Without the reports that a later one by the same filer for the same half-year replaced. Newest periods first."""
    last: dict[tuple[int, int | None, int, str], Disclosure] = {}
    for one in sorted(found, key=lambda d: (d.posted, d.filing_uuid)):
        last[one.registrant_id, one.lobbyist_id, one.year, one.period] = one
    return sorted(last.values(), key=lambda d: (-d.year, d.period == "mid_year", GIVERS.index(d.giver), d.lobbyist))


def summary(found: Sequence[Disclosure]) -> dict[str, Any]:
    """Sums by kind of giver, year and recipient, and the reports. Amounts in US dollars."""
    by: dict[str, Any] = {}
    for giver in GIVERS:
        some = [one for one in found if one.giver == giver]
        if not some:
            continue
        years: Counter[int] = Counter()
        to: Counter[tuple[str, str]] = Counter()
        items: Counter[tuple[str, str]] = Counter()
        for one in some:
            years[one.year] += one.cents
            for gift in one.gifts:
                to[gift.payee, gift.honoree] += gift.cents
                items[gift.payee, gift.honoree] += 1
        ranked = sorted(to, key=lambda key: (-to[key], key))
        by[giver] = {
            "amount": dollars(sum(years.values())),
            "reports": len(some),
            "years": [{"year": year, "amount": dollars(years[year])} for year in sorted(years, reverse=True)],
            "recipients": len(ranked),
            "to": [
                {"payee": key[0], "honoree": key[1] or None, "amount": dollars(to[key]), "items": items[key]}
                for key in ranked[:MOST_RECIPIENTS]
            ],
        }
    return {"by": by, "reports": [one.json() for one in found[:MOST_REPORTS]], "all_reports": len(found)}


def disclosures(db: sqlite3.Connection, filings: Mapping[str, Role], window: Window, as_of: date) -> list[Disclosure]:
    """The LD-203 reports that belong to an organization, given its LD-1 and LD-2 filings with their roles.

    A registrant's own report belongs to it where the registrant files in-house, and so do the reports of that
    registrant's lobbyists. A firm's lobbyist counts for the years in which a report for the organization names him or
    her. Reports posted after `as_of` are left out, and years that lie wholly outside the window.
    """
    rows = db.execute(
        """
        WITH filed AS (
            SELECT f.filing_uuid, f.registrant_id, f.filing_year, j.value AS role
            FROM json_each(:filings) j JOIN filings f ON f.filing_uuid = j.key
        ), own AS (
            SELECT DISTINCT registrant_id FROM filed WHERE role = 'in_house'
        ), named AS (
            SELECT DISTINCT f.registrant_id, f.filing_year, coalesce(l.person_id, l.id) AS person
            FROM filed f JOIN activities a ON a.filing_uuid = f.filing_uuid
            JOIN activity_lobbyists x ON x.activity_id = a.id JOIN lobbyists l ON l.id = x.lobbyist_id
            WHERE f.role = 'outside' AND f.registrant_id NOT IN (SELECT registrant_id FROM own)
        ), wanted AS (
            SELECT c.filing_uuid, iif(c.lobbyist_id IS NULL, 'organization', 'own_lobbyists') AS giver
            FROM contributions c WHERE c.registrant_id IN (SELECT registrant_id FROM own)
            UNION ALL
            SELECT c.filing_uuid, 'firm_lobbyists' FROM named n
            JOIN contributions c ON c.registrant_id = n.registrant_id AND c.filing_year = n.filing_year
            JOIN lobbyists l ON l.id = c.lobbyist_id AND coalesce(l.person_id, l.id) = n.person
        )
        SELECT w.giver, c.filing_uuid, c.registrant_id, r.name AS registrant, c.filing_year, c.filing_period,
               c.dt_posted, coalesce(l.person_id, c.lobbyist_id) AS lobbyist_id, l.first_name, l.last_name
        FROM wanted w JOIN contributions c ON c.filing_uuid = w.filing_uuid
        JOIN registrants r ON r.id = c.registrant_id LEFT JOIN lobbyists l ON l.id = c.lobbyist_id
        WHERE substr(c.dt_posted, 1, 10) <= :as_of AND c.filing_year BETWEEN :first AND :last
        """,
        {
            "filings": json.dumps(dict(filings)),
            "as_of": as_of.isoformat(),
            "first": window.start.year if window.start else 0,
            "last": window.end.year if window.end else 9999,
        },
    ).fetchall()
    gifts: defaultdict[str, list[Gift]] = defaultdict(list)
    for item in db.execute(
        "SELECT filing_uuid, payee_name, honoree_name, amount FROM contribution_items "
        "WHERE filing_uuid IN (SELECT value FROM json_each(?)) ORDER BY filing_uuid, position",
        [json.dumps([row["filing_uuid"] for row in rows])],
    ):
        cents = round((item["amount"] or 0) * 100)
        honoree = " ".join((item["honoree_name"] or "").split())
        gifts[item["filing_uuid"]].append(Gift(" ".join((item["payee_name"] or "").split()), honoree, cents))
    return latest(
        Disclosure(
            filing_uuid=row["filing_uuid"],
            giver=row["giver"],
            registrant_id=row["registrant_id"],
            registrant=row["registrant"],
            lobbyist_id=row["lobbyist_id"],
            lobbyist=" ".join(part for part in (row["first_name"], row["last_name"]) if part),
            year=row["filing_year"],
            period=row["filing_period"],
            posted=row["dt_posted"],
            gifts=tuple(gifts[row["filing_uuid"]]),
        )
        for row in rows
    )
