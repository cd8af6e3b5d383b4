"""One organization's claims before its filings: reads what each kind of claim needs and has it judged."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from lobbyx.accounting import account, counting
from lobbyx.accounting.account import Account
from lobbyx.model.claim import Claim
from lobbyx.model.period import Window, months_from
from lobbyx.model.total import Method, Organization, Total
from lobbyx.model.verdict import Verdict
from lobbyx.organizations import lookup
from lobbyx.verdicts import changes, counts, evidence, hirings, issues, ranks, reproduction, spending
from lobbyx.verdicts.evidence import Ranking
from lobbyx.verdicts.explanation import Cents

MOST_EARLIER = 120
"""Periods a record is compared with: 30 years of quarters."""


@dataclass(frozen=True)
class Case:
    """An organization whose claims are to be judged. What is read once serves every claim and day."""

    db: sqlite3.Connection
    organization: Organization
    newest: date | None
    with_subsidiaries: bool = False
    _fields: dict[tuple[Window, Method, int], evidence.Spenders] = field(default_factory=dict, compare=False)

    @cached_property
    def books(self) -> Account:
        """What is on file about it."""
        return account.open_account(self.db, self.organization)

    @cached_property
    def subsidiaries(self) -> list[Account]:
        """What is on file about its subsidiaries."""
        below = lookup.subsidiaries(self.db, self.organization)
        return [account.open_account(self.db, child) for child in below]

    def total(self, window: Window, as_of: date) -> Total:
        """Its spending, with that of its subsidiaries where asked for."""
        total = self.books.total(window, as_of)
        if not self.with_subsidiaries:
            return total
        inside = counting.consolidated(total)
        return counting.add(total, [child.total(window, as_of, inside) for child in self.subsidiaries])

    def verdict(self, claim: Claim, as_of: date) -> Verdict:
        """The verdict on a claim as known on `as_of`."""
        if unresolved := self._unresolved(claim, as_of):
            return unresolved
        match claim.kind:
            case "spend":
                return self._spending(claim, as_of)
            case "change":
                return self._change(claim, as_of)
            case "rank":
                total = self.total(claim.window, as_of)
                standings = self._standings(claim, as_of)
                on_file = int(self.db.execute("SELECT count(*) FROM filings").fetchone()[0])
                return ranks.judge(claim, total, standings, filings=on_file)
            case "count":
                filings = evidence.filings(self.db, self.organization, claim.window, as_of)
                listed = evidence.lobbyists(self.db, filings)
                return counts.judge(claim, self.organization, filings, listed, as_of)
            case "hired":
                filings = evidence.filings(self.db, self.organization, claim.window, as_of)
                return hirings.judge(claim, self.organization, filings, as_of)
            case "issue":
                filings = evidence.filings(self.db, self.organization, claim.window, as_of)
                topics = evidence.topics(self.db, filings)
                return issues.judge(claim, self.organization, filings, topics, as_of)

    def _unresolved(self, claim: Claim, as_of: date) -> Verdict | None:
        """A verdict that the claim's window cannot be told. A hiring or an issue without one is of any time."""
        missing_date = claim.window == Window() and "published" in claim.missing
        missing_window = "window" in claim.missing and claim.kind not in ("hired", "issue")
        if not missing_window and not missing_date:
            return None
        total = self.total(claim.window, as_of)
        values = {"all": Cents(total.methods["lda"].interval.reported)}
        if missing_window and not missing_date:
            return spending.unverifiable(claim, as_of, "no_window", values, total)
        said = {**values, "said": claim.window_text or ""}
        return spending.unverifiable(claim, as_of, "no_publication_date", said, total)

    def _spending(self, claim: Claim, as_of: date) -> Verdict:
        total = self.total(claim.window, as_of)
        traced = None
        if claim.currency == "USD" and total.reports:
            others = [] if self.with_subsidiaries else self.subsidiaries
            traced = reproduction.trace(claim, self.books, as_of, others)
        verdict = spending.judge(claim, total, newest=self.newest, traced=traced)
        if not claim.detail.get("record") or not total.reports:
            return verdict
        # The sum is judged; what the record comes to is told beside it.
        record = self._record(claim, total, as_of, first_time=claim.detail["record"] == "first_above")
        told = tuple(s for s in record.sentences if s[0] in ("record", "no_earlier"))
        return replace(verdict, sentences=(*verdict.sentences, *told), found={"record": record.verdict, **record.found})

    def _change(self, claim: Claim, as_of: date) -> Verdict:
        now = self.total(claim.window, as_of)
        if claim.detail.get("record"):
            return self._record(claim, now, as_of)
        baseline = claim.detail.get("baseline") or {}
        days = [date.fromisoformat(baseline[side]) if baseline.get(side) else None for side in ("start", "end")]
        before = self.total(Window(*days), as_of) if any(days) else None
        return changes.judge(claim, now, before, newest=self.newest)

    def _standings(self, claim: Claim, as_of: date) -> dict[Method, Ranking]:
        found: dict[Method, Ranking] = {}
        for method in evidence.RANKED:
            place = evidence.ranking(self.db, self.organization, claim.window, as_of, method, self._fields)
            if place:
                found[method] = place
            if ranks.holds(claim, found):  # then other ways of counting do not matter
                break
        return found

    def _record(self, claim: Claim, now: Total, as_of: date, *, first_time: bool = False) -> Verdict:
        earlier = [self.total(window, as_of) for window in self._before(claim.window)]
        return changes.judge_record(claim, now, earlier, mark=claim.cents if first_time else 0, newest=self.newest)

    def _before(self, window: Window) -> list[Window]:
        """The windows of the same length (in whole months) before, back to the first report on file; oldest first."""
        if not window.start or not window.end or not self.books.reports:
            return []
        following = window.end + timedelta(days=1)
        months = (following.year - window.start.year) * 12 + following.month - window.start.month
        if months < 1 or window.start.day != 1:
            return []
        first = min(r.period.days[0] for r in self.books.reports)
        found: list[Window] = []
        for number in range(1, MOST_EARLIER + 1):
            earlier = months_from(window.start, back=number * months, months=months)
            if earlier.start is None or earlier.start < first.replace(day=1):
                break
            found.append(earlier)
        return found[::-1]
