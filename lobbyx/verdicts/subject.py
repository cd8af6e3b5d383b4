"""The organization whose claims are judged, and what its filings say; read once, it serves every claim and day."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from lobbyx.accounting import counting
from lobbyx.accounting.account import Account, open_account
from lobbyx.model.period import Window
from lobbyx.model.total import Method, Organization, Total
from lobbyx.organizations import lookup
from lobbyx.verdicts import evidence
from lobbyx.verdicts.evidence import Filing, Person, Ranking, Spenders, Topic


@dataclass(frozen=True)
class Subject:
    """What the modules of each kind of claim ask about an organization."""

    db: sqlite3.Connection
    organization: Organization
    newest: date | None
    """The day the newest filing on file was posted."""
    with_subsidiaries: bool = False
    _spenders: dict[tuple[Window, Method, int], Spenders] = field(default_factory=dict, compare=False)

    @cached_property
    def account(self) -> Account:
        """All reports and registrations on file about it."""
        return open_account(self.db, self.organization)

    @cached_property
    def subsidiaries(self) -> list[Account]:
        """The accounts of its subsidiaries."""
        below = lookup.subsidiaries(self.db, self.organization)
        return [open_account(self.db, child) for child in below]

    def total(self, window: Window, as_of: date) -> Total:
        """Its spending, with that of its subsidiaries where asked for."""
        total = self.account.total(window, as_of)
        if not self.with_subsidiaries:
            return total
        inside = counting.consolidated(total)
        return counting.add(total, [child.total(window, as_of, inside) for child in self.subsidiaries])

    def filings(self, window: Window, as_of: date) -> list[Filing]:
        """Reports whose period overlaps the window and registrations posted in it, as known on `as_of`."""
        return evidence.filings(self.db, self.organization, window, as_of)

    def lobbyists(self, some: Sequence[Filing]) -> list[Person]:
        """The lobbyists listed in filings."""
        return evidence.lobbyists(self.db, some)

    def topics(self, some: Sequence[Filing]) -> list[Topic]:
        """The activities of filings."""
        return evidence.topics(self.db, some)

    def ranking(self, window: Window, as_of: date, method: Method) -> Ranking | None:
        """Its place among all organizations on file; None where it has no reports in the window."""
        return evidence.ranking(self.db, self.organization, window, as_of, method, self._spenders)

    @property
    def filings_on_file(self) -> int:
        """How many filings, of anybody, are on file."""
        return int(self.db.execute("SELECT count(*) FROM filings").fetchone()[0])
