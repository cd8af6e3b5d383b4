"""Whose money a report is, where one organization took another's place.

Where filings show a succession, the predecessor's reports for periods that begin on or after its day count for the
successor (DOMAIN, "Names have times"); earlier ones never do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lobbyx.model.period import Window

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
