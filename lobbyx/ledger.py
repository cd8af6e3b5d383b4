"""An open database: totals, and claims checked against it. The seam between the rules and whoever asks."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from lobbyx.accounting import account, successors
from lobbyx.accounting.account import Step
from lobbyx.accounting.derive import bring_up_to_date, is_stale
from lobbyx.database import connection
from lobbyx.ingest import coverage
from lobbyx.model import resources
from lobbyx.model.claim import Claim
from lobbyx.model.coverage import Coverage
from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import ACCEPTED, UnreadableDate, Window, iso, span, window
from lobbyx.model.said import Several
from lobbyx.model.total import Organization, Total, warned
from lobbyx.model.verdict import Verdict
from lobbyx.organizations import groups, lookup
from lobbyx.verdicts import attribution
from lobbyx.verdicts.subject import Knowledge, Subject

if TYPE_CHECKING:  # what reads, judges and loads is imported when it is asked to: a total needs none of it
    from lobbyx.reading.source import Source
    from lobbyx.stored_claims.records import Stored
    from lobbyx.verdicts.groups import GroupSubject

Day = str | date | int | None
"""A day, month, quarter or year as text, a date, or a year as a number."""


class StaleLedger(LobbyxError):
    """What was derived from the filings is older than they are, and the database may not be changed."""


class Ledger:
    """One database of filings. Use `lobbyx.open(path)`; close it, or use it in a `with` block."""

    def __init__(
        self, db: sqlite3.Connection, path: Path, *, derive: bool = True, knowledge: Knowledge | None = None
    ) -> None:
        """`derive=False` for a connection that may not write: what was derived last is used as it is.

        `knowledge` is what is known to be on file where that is not what the database's own table `coverage` says.
        """
        self.db = db
        self.path = path
        self.knowledge = knowledge or coverage_on_file(db)
        self.folder: tempfile.TemporaryDirectory[str] | None = None
        """A folder of its own that goes away with it."""
        if derive:
            bring_up_to_date(db)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database."""
        self.db.close()
        if self.folder:
            self.folder.cleanup()

    def __repr__(self) -> str:
        return f"<lobbyx.Ledger {self.path.name}: {self.filings:,} filings, the newest posted {self.newest}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p><strong>lobbyx</strong> {escape(repr(self)[1:-1])}</p>"

    @property
    def filings(self) -> int:
        """How many LD-1 and LD-2 filings are on file."""
        return int(self.db.execute("SELECT count(*) FROM filings").fetchone()[0])

    @property
    def newest(self) -> date | None:
        """The day the newest filing on file was posted."""
        return account.last_posted(self.db)

    def organization(self, name: str) -> Organization:
        """The organization with this name. Raises UnknownOrganization with the nearest names on file."""
        return lookup.find(self.db, name)

    def total(
        self,
        org: str | Organization | Subject,
        since: Day = None,
        until: Day = None,
        as_of: Day = None,
        with_subsidiaries: bool = False,
    ) -> Total:
        """Spending of an organization or a group ("Big Tech", `country:KR`), in every way of counting.

        Dates are inclusive: `2021-08-01`, `2021-08`, `2021`, `2021Q3` or a `date`; a month, quarter or year means its
        first day in `since` and its last in `until` and `as_of`. Without `as_of` all that is on file counts, as of the
        last day by which it is known to be complete, else of the newest filing. `with_subsidiaries` adds those decided
        to be its own (`organizations/decisions.py`), without what a consolidated report of the parent has in it
        already. A group's total has its `members`. Raises UnknownOrganization, UnreadableDate and, for those who
        lobbied on an issue, NoMoneyByIssue.
        """
        chosen = window(_text(since), _text(until))
        if isinstance(org, str) and (together := self._group(org, with_subsidiaries)):
            return together.total(chosen, self._given(as_of) or together.today(chosen))
        if isinstance(org, Subject):
            found, subject = lookup.Found(org.organization), org
        else:
            found = lookup.look_up(self.db, org, chosen) if isinstance(org, str) else lookup.Found(org)
            subject = self._subject(found.organization, with_subsidiaries)
        total = subject.total(chosen, self._given(as_of) or subject.today(chosen))
        note = found.note
        notes = [warned("name_taken_for", name=str(org), note=note)] if note else []
        if not found.organization.names and not with_subsidiaries:  # known, but nothing is filed under its names
            below = tuple(one.name for one in lookup.subsidiaries(self.db, found.organization)[:5])
            notes.append(warned("only_subsidiaries", name=found.organization.name, names=Several(below, between="; ")))
        passed_on = successors.warned(self.db, found.organization, chosen)
        return replace(total, warnings=[*notes, *total.warnings, *passed_on])

    def group(self, name: str) -> groups.Group:
        """The group with this name and its members on file. Raises UnknownGroup and GroupTooLarge."""
        return groups.get(self.db, name)

    def group_subject(self, name: str) -> GroupSubject:
        """All that is on file about a group, read once for several questions. Raises UnknownGroup and GroupTooLarge."""
        from lobbyx.verdicts.groups import GroupSubject

        return GroupSubject(self._subject, self.group(name), self.newest, self.knowledge)

    def _group(self, name: str, with_subsidiaries: bool = False) -> GroupSubject | None:
        found = groups.find(self.db, name)
        if found is None:
            return None
        from lobbyx.verdicts.groups import GroupSubject

        return GroupSubject(self._subject, found, self.newest, self.knowledge, with_subsidiaries)

    def subject(self, organization: Organization) -> Subject:
        """All that is on file about an organization, read once for several questions."""
        return self._subject(organization)

    def _subject(self, organization: Organization, with_subsidiaries: bool = False) -> Subject:
        return Subject(self.db, organization, self.newest, with_subsidiaries, self.knowledge)

    def history(self, org: str | Organization, since: Day = None, until: Day = None, as_of: Day = None) -> list[Step]:
        """How the figure for a fixed window moved as reports and amendments were posted, oldest first.

        Each step has the day, the figures in every way of counting as known that day, and the reports posted on it.
        Takes dates and raises as `total` does.
        """
        organization = self.organization(org) if isinstance(org, str) else org
        chosen, subject = window(_text(since), _text(until)), self._subject(organization)
        return subject.account.history(chosen, self._given(as_of) or subject.today(chosen))

    def check(
        self,
        source: str | Path | Source,
        published: Day = None,
        as_of: Day = None,
        org: str | None = None,
        with_subsidiaries: bool = False,
    ) -> list[Verdict]:
        """Finds the claims of a sentence, a file or a web page and checks each, as known on `as_of`.

        `published` is the source's own publication date where not given; `as_of` is the publication date where not
        given, else the day of the newest filing; `org` (a name or `#id`) is whose claims those are that name nobody, or
        whose own name may mean it (`whose`); `with_subsidiaries` judges an organization's
        spending with that of its subsidiaries. Nothing is stored (see `record`). Raises UnreadableSource,
        UnreachablePage and UnreadableDate; an unknown organization makes the verdict `unverifiable`, and raises
        UnknownOrganization when `org` names it.
        """
        from lobbyx.reading.claims import extract
        from lobbyx.reading.source import Source
        from lobbyx.reading.source import read as read_source

        given_day = span(_text(published) or "").end if published else None
        read = source if isinstance(source, Source) else read_source(source, iso(given_day))
        day = given_day or (date.fromisoformat(read.published) if read.published else None)
        return self.verdicts(extract(read.text, day), as_of or day, org, with_subsidiaries)

    def verdicts(
        self, claims: Iterable[Claim], as_of: Day = None, org: str | None = None, with_subsidiaries: bool = False
    ) -> list[Verdict]:
        """The verdicts on claims that were found in one text, as known on `as_of`; arguments and errors as `check`."""
        known = self._day(as_of)
        given = self.organization(org) if org else None
        opened: dict[int, Subject] = {}  # what is read about an organization, or a group, serves all claims about it
        together: dict[str, GroupSubject | None] = {}
        found: list[Verdict] = []
        for claim in claims:
            whose = self.whose(claim, given)
            said = attribution.said(claim) if whose else claim
            found.append(self._verdict(said, known, whose, with_subsidiaries, opened, together))
        return found

    def whose(self, claim: Claim, given: Organization | None) -> Organization | None:
        """The given organization where the claim names none, or its own name may mean it; else None."""
        if given is None or claim.org is None:
            return given
        if groups.is_group(claim.org):
            return None
        if given.name in claim.candidates:
            return given
        try:
            found = lookup.look_up(self.db, claim.org, claim.window)
        except lookup.AmbiguousName as ambiguous:
            return given if given.name in ambiguous.nearest else None
        except lookup.UnknownOrganization:
            return None
        return given if given.id in {found.organization.id, *(other.id for other in found.others)} else None

    def judge(self, claim: Claim, as_of: Day = None, with_subsidiaries: bool = False) -> Verdict:
        """The verdict on a claim given in fields (`model/stated.py`), as known on `as_of`, else with all on file.

        An organization that is not on file makes the verdict `unverifiable`, but an unknown `#id` raises
        UnknownOrganization. The claim of a known one names the organization instead. Raises UnreadableDate.
        """
        from lobbyx.verdicts.everybody import EVERYBODY

        numbered = lookup.numbered(self.db, claim.org or "")
        if numbered and claim.org:
            said = claim.text.replace(claim.org, numbered.name, 1)
            claim = replace(claim, org=numbered.name, text=said, end=claim.start + len(said))
        given, organization = self._given(as_of), numbered
        if given is None and claim.org and (together := self._group(claim.org, with_subsidiaries)):
            given = together.today(claim.window)
        elif given is None and claim.org not in (None, EVERYBODY):
            try:
                organization = organization or lookup.find(self.db, claim.org or "", claim.window)
                given = self._subject(organization).today(claim.window)
            except lookup.UnknownOrganization:
                pass  # told in the verdict
        return self.verdict(claim, given or self._day(None), numbered, with_subsidiaries)

    def verdict(
        self,
        claim: Claim,
        as_of: date,
        organization: Organization | None = None,
        with_subsidiaries: bool = False,
    ) -> Verdict:
        """The verdict on one claim as known on `as_of`, with the verdict of today (all that is on file) in it."""
        return self._verdict(claim, as_of, organization, with_subsidiaries, {}, {})

    def _verdict(
        self,
        claim: Claim,
        as_of: date,
        organization: Organization | None,
        with_subsidiaries: bool,
        opened: dict[int, Subject],
        together: dict[str, GroupSubject | None],
    ) -> Verdict:
        from lobbyx.verdicts import case, everybody, findings
        from lobbyx.verdicts.groups import judge as judge_group

        if told := case.not_asserted(claim, as_of):
            return told
        if organization is None and claim.org == everybody.EVERYBODY:
            day = everybody.today(self.db, claim.window, self.knowledge)
            verdict = everybody.judge(claim, self.db, as_of, self.knowledge)
            return replace(verdict, today=everybody.judge(claim, self.db, day, self.knowledge)) if day else verdict
        if organization is None:
            if claim.org is None:
                return findings.unverifiable(claim, as_of, "no_organization")
            if claim.org not in together:
                together[claim.org] = self._group(claim.org, with_subsidiaries)
            if group := together[claim.org]:
                verdict = judge_group(claim, group, as_of)
                day = group.today(claim.window)
                return replace(verdict, today=judge_group(claim, group, day)) if self.newest else verdict
            try:
                found = lookup.look_up(self.db, claim.org, claim.window)
            except lookup.UnknownOrganization as unknown:
                return findings.unverifiable(claim, as_of, "unknown_organization", {"message": unknown.told})
            organization, claim = found.organization, attribution.with_candidates(claim, found)
        if organization.id not in opened:
            opened[organization.id] = self._subject(organization, with_subsidiaries)
        subject = opened[organization.id]
        verdict = case.judge(claim, subject, as_of)
        return (
            replace(verdict, today=case.judge(claim, subject, subject.today(claim.window))) if self.newest else verdict
        )

    def _given(self, day: Day) -> date | None:
        """The last day of what is given, None where nothing is. Raises LobbyxError where no filing is on file."""
        if day:
            return span(_text(day) or "").end
        if self.newest is None:
            raise LobbyxError(f"{self.path} holds no filings yet; load some with lobbyx load or lobbyx fetch")
        return None

    def _day(self, as_of: Day) -> date:
        day = self._given(as_of) or self.newest
        assert day
        return day

    def record(self, source: Source, checked: Sequence[Verdict], with_subsidiaries: bool = False) -> list[int]:
        """Stores claims, verdicts and evidence; returns the ids of the verdicts.

        Checking the same text again with the same result adds nothing; a new result is added beside the old ones. A
        claim is listed with its verdict as of the day the source was published; where `checked` are of another day,
        that one is judged and stored too (`with_subsidiaries` as they were). Raises CannotWrite.
        """
        from lobbyx.stored_claims import records

        day = date.fromisoformat(source.published) if source.published else None
        own = [self._as_of(verdict, day, with_subsidiaries) for verdict in checked if day and verdict.as_of != day]
        with connection.transaction(self.db):
            records.keep(self.db, source, own)
            return records.keep(self.db, source, checked)

    def _as_of(self, verdict: Verdict, day: date, with_subsidiaries: bool) -> Verdict:
        """The same claim, judged as known on another day by the filings of the same organization."""
        of = verdict.organization
        return self.verdict(verdict.claim, day, of if of and of.id else None, with_subsidiaries)  # 0: everybody

    def _said_then(self, claim: Claim, verdict: sqlite3.Row | None) -> Organization | None:
        """The organization that was given for a claim that names none, when it was judged last."""
        if claim.org is not None or verdict is None or verdict["organization_id"] is None:
            return None
        return lookup.get(self.db, verdict["organization_id"])

    def judge_again(self, one: Stored, before: sqlite3.Row | None) -> Verdict:
        """The verdict on a stored claim by what is on file now, as of its publication day, for whom `before` was."""
        return self.verdict(one.claim, self._day(one.published), self._said_then(one.claim, before))

    def recheck(
        self, following: Callable[[Sequence[Stored]], Iterable[Stored]] = lambda stored: stored
    ) -> list[tuple[int, str | None, str]]:
        """Judges every stored claim again by what is on file now; earlier verdicts are kept.

        Returns (claim id, verdict before, verdict now) of each that got a new verdict. `following` may show progress.
        """
        from lobbyx.stored_claims import records

        changed: list[tuple[int, str | None, str]] = []
        for one in following(list(records.stored(self.db))):
            before = records.newest(self.db, one.id)
            verdict = self.judge_again(one, before)
            with connection.transaction(self.db):
                records.keep_verdict(self.db, one.id, verdict)
            after = records.newest(self.db, one.id)
            if after is not None and (before is None or before["id"] != after["id"]):
                changed.append((one.id, before["verdict"] if before else None, after["verdict"]))
        return changed


def demo_ledger(path: str | Path | None = None) -> Ledger:
    """The real filings about Coupang that come with the package, at `path`, else in a folder that goes away.

    For trying things out and for notebooks; no network.
    """
    from lobbyx.ingest.manifest import load_file

    folder = None if path else tempfile.TemporaryDirectory(prefix="lobbyx-")
    file = Path(path) if path else Path(folder.name if folder else "") / "demo.db"
    with closing(connection.connect(file, create=True)) as db:
        for name in ("filings.csv", "activities.csv"):
            load_file(db, resources.path(f"coupang/{name}"))
    ledger = open_ledger(file)
    ledger.folder = folder
    return ledger


def open_ledger(path: str | Path) -> Ledger:
    """An existing database as a Ledger. Raises NoDatabase where there is none."""
    return Ledger(connection.connect(path), Path(path))


def open_read_only(path: str | Path) -> Ledger:
    """An existing database as a Ledger that cannot change it. Raises NoDatabase where there is none, and StaleLedger
    where organizations and totals must be derived first."""
    ledger = Ledger(connection.connect(path, read_only=True), Path(path), derive=False)
    if is_stale(ledger.db):
        ledger.close()
        raise StaleLedger(f"organizations and totals in {path} are out of date; run: lobbyx resolve --db {path}")
    return ledger


def coverage_on_file(db: sqlite3.Connection) -> Knowledge:
    """What the database's table `coverage` says is known to be on file, and what brings the rest."""

    def covers(organization: Organization | None) -> Coverage:
        return coverage.coverage_of(db, organization) if organization else coverage.coverage_of_everybody(db)

    def command(organization: Organization | None, missing: Window) -> str:
        if organization is None:
            return f"lobbyx sync --since {missing.start.year}" if missing.start else "lobbyx sync"
        return coverage.command_for(organization, [missing])

    return Knowledge(covers, command)


def _text(day: Day) -> str | None:
    """The text of a date as `model/period.py` reads it. Raises UnreadableDate for what is no date."""
    if isinstance(day, date):
        return day.isoformat()
    if isinstance(day, int) and not isinstance(day, bool):  # a year
        return str(day)
    if day is None or isinstance(day, str):
        return day
    raise UnreadableDate("cannot_read_day", given=repr(day), accepted=ACCEPTED)
