"""Whose money a report is, where one organization took another's place.

Where filings show a succession, the predecessor's reports for periods that begin on or after its day count for the
successor (DOMAIN, "Names have times"); earlier ones never do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from lobbyx.model.period import Window
from lobbyx.model.said import Said, said
from lobbyx.model.total import Organization, Warned
from lobbyx.organizations.knowledge import GENERAL

KINDS: Final[Mapping[str, str]] = {
    "renamed": "changed its name to",
    "acquired": "was acquired by",
    "succeeded": "was succeeded by",
    "separate": "is linked by name to, but reports beside,",
}
"""What a succession of each kind is, in words."""
MOST_TOLD: Final = 4
"""Successions that a total tells of one by one; earlier ones are only counted."""

BEFORE_ALL = Window(date.min, date.min)
"""Where registrations stand: nobody takes them over."""


@dataclass(frozen=True)
class Successors:
    """The successions on file that pass money on."""

    of: Mapping[int, tuple[date, int]]
    """Predecessor -> the day, and the successor."""

    def owner(self, organization_id: int, period: Window) -> int:
        """Whose a report for the period is, given the organization whose client it names."""
        seen = {organization_id}
        while found := self.of.get(organization_id):
            day, successor = found
            if period.days[0] < day or successor in seen:
                break
            organization_id = successor
            seen.add(successor)
        return organization_id

    def predecessors(self, organization_id: int) -> set[int]:
        """All whose reports may count for an organization, itself included."""
        found, new = {organization_id}, {organization_id}
        while new:
            new = {one for one, (_, successor) in self.of.items() if successor in new} - found
            found |= new
        return found

    def linked(self, some: Iterable[int]) -> set[int]:
        """Organizations, with those that they took the place of and those that took theirs."""
        found = set(some)
        while True:
            more = {p for p, (_, s) in self.of.items() if s in found} | {self.of[p][1] for p in found if p in self.of}
            if more <= found:
                return found
            found |= more


def successors(db: sqlite3.Connection) -> Successors:
    """The successions on file that pass money on; of several of one predecessor the earliest."""
    rows = db.execute(
        "SELECT predecessor_id, day, successor_id FROM successions WHERE counts AND day IS NOT NULL ORDER BY day DESC"
    )
    return Successors({row[0]: (date.fromisoformat(row[1]), row[2]) for row in rows.fetchall()})


def warned(db: sqlite3.Connection, organization: Organization, window: Window) -> list[Warned]:
    """Who took whose place, where the organization is one of the two and the window touches or follows the day."""
    rows = db.execute(
        "SELECT s.day, s.kind, s.counts, s.basis, p.name AS predecessor, n.name AS successor FROM successions s "
        "JOIN organizations p ON p.id = s.predecessor_id JOIN organizations n ON n.id = s.successor_id "
        "WHERE ?1 IN (s.predecessor_id, s.successor_id) AND s.day IS NOT NULL AND s.day <= ?2 "
        "ORDER BY s.predecessor_id <> ?1, s.day DESC, p.name",
        [organization.id, (window.end or date.max).isoformat()],
    ).fetchall()
    told = [Warned("succession", _said(row)) for row in rows[:MOST_TOLD]]
    if len(rows) > MOST_TOLD:
        first = date.fromisoformat(min(row["day"] for row in rows))
        more = len(rows) - MOST_TOLD
        told.append(Warned("succession", said("warning.succession_more", name=organization.name, n=more, day=first)))
    return told


def _said(row: sqlite3.Row) -> Said:
    what = said(
        f"succession_on.{row['kind']}",
        before=row["predecessor"],
        after=row["successor"],
        day=date.fromisoformat(row["day"]),
    )
    known = said("warning.generally_known") if row["basis"] == GENERAL else ""
    if row["counts"]:
        return said("warning.succession", what=what, known=known, after=row["successor"])
    return said("warning.succession_apart", what=what, known=known)
