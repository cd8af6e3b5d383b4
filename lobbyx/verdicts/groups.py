"""What a group of organizations spent, and claims about it.

A group's figure is the sum of its members', and is determined only if every member's is. Every filing counts once. A
member whose filings are in the consolidated report of another member adds no in-house money for the same period.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from lobbyx.accounting import counting, determination
from lobbyx.accounting.account import Account
from lobbyx.accounting.successors import Successors, successors
from lobbyx.ingest.coverage import together
from lobbyx.model.claim import Claim
from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import Window
from lobbyx.model.presentation import Sentence
from lobbyx.model.said import Cents, Several, said, some
from lobbyx.model.total import METHODS, NO_REPORTS, MemberShare, Organization, Total, Undetermined, Warned, warned
from lobbyx.model.verdict import Verdict
from lobbyx.organizations import lookup
from lobbyx.organizations.groups import Group, Member
from lobbyx.verdicts import changes, spending, sums
from lobbyx.verdicts.explanation import Both, Listed
from lobbyx.verdicts.findings import unverifiable
from lobbyx.verdicts.subject import Knowledge, Subject, lacking

MOST_NAMED: Final = 12
"""Members that a sentence names; the total lists all."""

NEEDS_ONE: Final = ("count", "hired", "issue")
"""Kinds of claims that are not judged of a group, each with a sentence on why."""


class NoMoneyByIssue(LobbyxError):
    """A total was asked of those who lobbied on a general issue."""

    def __init__(self, group: Group) -> None:
        super().__init__(said("problem.no_total_by_issue", group=group.name, code=group.code))


@dataclass(frozen=True)
class Part:
    """One organization in a group."""

    member: Member
    organization: Organization | None
    """None for a member that is not on file."""
    account: Account
    window: Window
    """When it was a member."""
    parent: Organization | None = None
    """Another member it is a subsidiary of."""
    subject: Subject | None = None
    """What opens it; None for a member that is not on file."""


def organization(group: Group) -> Organization:
    """What stands for a group where an organization is told; it is no row of the database, so its id is 0."""
    return Organization(0, group.name)


def inside(window: Window, membership: Window) -> Window | None:
    """The part of a window in which somebody was a member; None where there is none."""
    start = max((d for d in (window.start, membership.start) if d), default=None)
    end = min((d for d in (window.end, membership.end) if d), default=None)
    return None if start and end and start > end else Window(start, end)


@dataclass(frozen=True)
class GroupSubject:
    """A group whose totals are asked for; read once, it serves every claim and day."""

    subject: Callable[[Organization], Subject]
    """Opens an organization."""
    group: Group
    newest: date | None
    knowledge: Knowledge
    with_subsidiaries: bool = False
    _passing_on: list[Successors] = field(default_factory=list)

    @cached_property
    def organization(self) -> Organization:
        """What stands for the group where an organization is told."""
        return organization(self.group)

    @cached_property
    def parts(self) -> Sequence[Part]:
        """Every organization that counts, once; a parent before its subsidiaries. Members not on file last."""
        opened: dict[int, tuple[Member, Subject]] = {}
        for member in self.group.members:
            for one in member.organizations:
                opened.setdefault(one.id, (member, self._open(one)))
        below = {i: lookup.subsidiaries(s.db, s.organization) for i, (_, s) in opened.items()}
        if self.with_subsidiaries:
            for i, (member, _) in list(opened.items()):
                for child in below[i]:
                    opened.setdefault(child.id, (member, self._open(child)))
        parents: dict[int, Organization] = {}
        for i, children in below.items():
            for child in children:
                if child.id in opened and child.id != i:
                    parents.setdefault(child.id, opened[i][1].organization)
        found = [
            Part(member, s.organization, s.account, member.window, parents.get(i), s)
            for i, (member, s) in opened.items()
        ]
        found.sort(key=lambda part: part.parent is not None)
        return (*found, *(self._absent(member) for member in self.group.members if not member.organizations))

    def _open(self, organization: Organization) -> Subject:
        """A member; who took whose place is read once for all of them."""
        opened = self.subject(organization)
        if not self._passing_on:
            self._passing_on.append(successors(opened.db))
        return replace(opened, passing_on=self._passing_on[0])

    def _absent(self, member: Member) -> Part:
        """A member that is not on file: what it filed is known only where everybody's filings are."""
        of = Organization(0, member.name)
        account = Account(
            of, (), coverage=self.knowledge.coverage(None), command=lambda window: self.knowledge.command(of, window)
        )
        return Part(member, None, account, member.window)

    def today(self, window: Window) -> date:
        """The day to judge all that is on file by: the first of its members' days (`Subject.today`)."""
        days = [
            part.subject.today(asked) for part in self.parts if part.subject and (asked := inside(window, part.window))
        ]
        return min(days, default=self.newest or date.min)

    def shares(self, window: Window, as_of: date) -> list[tuple[Part, Total]]:
        """The total of each part that was a member in the window; no filing counts twice among them."""
        return self._shares(window, as_of, self._absent_members(window, as_of))

    def _shares(self, window: Window, as_of: date, absent: Sequence[Undetermined]) -> list[tuple[Part, Total]]:
        # What brings everybody's filings brings every member's: no command of each one's own is needed then.
        everybody = [one.command for one in absent]
        found: list[tuple[Part, Total]] = []
        by_id: dict[int, Total] = {}
        seen: set[str] = set()
        for part in self.parts:
            asked = inside(window, part.window)
            if asked is None:
                continue
            own = part.account.only(lambda r: r.filing_uuid not in seen)  # noqa: B023
            if everybody:
                own = replace(own, command=lambda window: everybody[0])
            above = by_id.get(part.parent.id) if part.parent else None
            total = own.total(asked, as_of, counting.consolidated(above) if above else ())
            seen |= {r.filing_uuid for r, _ in total.reports}
            if part.organization:
                by_id[part.organization.id] = total
            found.append((part, total))
        return found

    def total(self, window: Window, as_of: date) -> Total:
        """The group's spending, its members beside it. Raises NoMoneyByIssue."""
        if self.group.kind == "issue":
            raise NoMoneyByIssue(self.group)
        absent = self._absent_members(window, as_of)
        shares = self._shares(window, as_of, absent)
        totals = [total for _, total in shares]
        if not totals:
            states = determination.states(
                determination.periods(window, as_of), [], as_of, self.knowledge.coverage(None)
            )
            none = Total(self.organization, window, as_of, dict.fromkeys(METHODS, NO_REPORTS), (), states=states)
            unknown = {m: replace(NO_REPORTS, determined=not absent) for m in METHODS}
            notes = [warned("group_members", "nobody", group=self.group.name, window=window)]
            return replace(none, methods=unknown, undetermined=absent, warnings=notes)
        sum_ = counting.add(totals[0], totals[1:])
        methods = {
            method: replace(count, determined=count.determined and not absent) for method, count in sum_.methods.items()
        }
        commands = [*(total.command for total in totals), *(one.command for one in absent)]
        return replace(
            sum_,
            organization=self.organization,
            window=window,
            methods=methods,
            warnings=self._warnings(shares),
            subsidiaries=(),
            undetermined=[
                *absent,
                *(one.of(total.organization.name) for total in totals for one in total.undetermined),
            ],
            command=absent[0].command if absent else together(commands),
            complete_command=absent[0].command if absent else sum_.complete_command,
            members=[
                MemberShare(
                    part.member.name,
                    part.organization,
                    total.methods,
                    total.window,
                    part.member.basis,
                    part.member.source,
                )
                for part, total in shares
            ],
        )

    def _absent_members(self, window: Window, as_of: date) -> list[Undetermined]:
        """Of a ready group: that members may not be on file, unless everybody's filings are."""
        if self.group.listed:
            return []
        missing = lacking(self.knowledge, window, as_of)
        why = said("missing.members", group=self.group.name)
        return [Undetermined(missing.window, "unknown", why, missing.command)] if missing else []

    def _warnings(self, shares: Sequence[tuple[Part, Total]]) -> list[Warned]:
        counted = [
            said(
                "warning.group_member",
                name=total.organization.name,
                amount=Cents(total.methods["lda"].interval.reported),
            )
            for _, total in shares
            if total.reports
        ]
        silent = [total.organization.name for part, total in shares if part.organization and not total.reports]
        absent = [part.member.name for part, _ in shares if part.organization is None]
        open_ = [t.organization.name for part, t in shares if part.organization and not t.determined]
        group = self.group.name
        notes = [
            warned(
                "group_members",
                "" if counted else "none",
                group=group,
                **({"names": _some(counted)} if counted else {}),
            )
        ]
        for code, names in (
            ("group_members_without_reports", silent),
            ("group_members_not_on_file", absent),
            ("group_members_not_determined", open_),
        ):
            if names:
                notes.append(warned(code, n=len(names), names=_some(names)))
        for part, _ in shares:
            if part.parent and part.organization:
                notes.append(warned("group_overlap", name=part.organization.name, parent=part.parent.name))
        for _, total in shares:
            if total.reports:
                notes += [one.of(total.organization.name) for one in total.warnings]
        return notes


def _some(names: Sequence[Any]) -> Several:
    return some(tuple(names), MOST_NAMED, "names")


def judge(claim: Claim, subject: GroupSubject, as_of: date) -> Verdict:
    """The verdict on money a group spent, or on how it changed, naming its members; other kinds cannot be judged."""
    who = subject.organization
    if subject.group.kind == "issue":
        return unverifiable(claim, as_of, "no_money_by_issue", {"group": who.name}, who=who)
    if claim.window == Window() or "window" in claim.missing:
        return unverifiable(claim, as_of, "no_window_for_group", {"group": who.name}, who=who)
    verdict = _judged(claim, subject, as_of)
    if verdict is None:
        group = {"group": who.name}
        told = unverifiable(claim, as_of, "not_of_group", group, who=who)
        why = f"not_of_group_{claim.kind}"
        return replace(told, sentences=(*told.sentences, (why, group))) if claim.kind in NEEDS_ONE else told
    members = members_told(verdict.total) if verdict.total else []
    return replace(verdict, sentences=(*verdict.sentences, *members))


def _judged(claim: Claim, subject: GroupSubject, as_of: date) -> Verdict | None:
    if claim.detail.get("record"):
        return None

    def before() -> Total | None:
        earlier = sums.baseline(claim)
        return subject.total(earlier, as_of) if earlier else None

    now = subject.total(claim.window, as_of)
    if claim.kind == "change":
        return changes.judge_change(claim, now, before(), newest=subject.newest)
    if claim.kind != "spend":
        return None
    if claim.currency != "USD":
        return unverifiable(claim, as_of, "currency", {"currency": claim.currency}, now)
    match claim.detail.get("sum"):
        case None:
            return spending.judge_total(claim, now, newest=subject.newest)
        case "outside":
            return sums.judge_outside(claim, now, newest=subject.newest)
        case "average":
            return sums.judge_average(claim, now, newest=subject.newest)
        case "difference":
            return sums.judge_difference(claim, now, before(), newest=subject.newest)
        case _:
            return unverifiable(claim, as_of, "share", {}, now)


def members_told(total: Total) -> list[Sentence]:
    """The members counted with their sums, those not on file, and those whose figure is not determined."""
    counted = [
        Both("{name} ({sum})", "{name}({sum})", {"name": one.organization.name, "sum": Cents(lda.interval.reported)})
        for one in total.members
        if (lda := one.methods["lda"]).reports and one.organization
    ]
    absent = [one.name for one in total.members if one.organization is None]
    unsure = [one.organization.name for one in total.members if one.organization and not one.methods["lda"].determined]
    found: list[Sentence] = []
    for key, names in (("group_counted", counted), ("group_not_on_file", absent), ("group_not_determined", unsure)):
        if names:
            more = len(names) - MOST_NAMED
            found.append((key, {"names": Listed(tuple(names[:MOST_NAMED]))}))
            if more > 0:
                found.append(("group_more", {"n": more}))
    return found
