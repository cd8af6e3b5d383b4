"""Claims about all federal lobbying by everybody: the sum of `lda` over all organizations.

It is determined only where everything posted by everybody is known to be on file.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Final

from lobbyx.accounting import account, determination
from lobbyx.model.claim import Claim
from lobbyx.model.period import Window
from lobbyx.model.said import said
from lobbyx.model.total import METHODS, Count, Organization, Total, Undetermined
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts import changes, evidence, spending, sums
from lobbyx.verdicts.findings import unverifiable
from lobbyx.verdicts.subject import Knowledge, lacking

EVERYBODY: Final = "total"
"""What a claim gives as its organization that speaks of all lobbying."""
WHO: Final = Organization(0, "all organizations together")
"""It stands on no row of the database, so it has no id there."""


def total(db: sqlite3.Connection, window: Window, as_of: date, knowledge: Knowledge) -> Total:
    """What all organizations reported in a window as known on a day, by each way of counting.

    The intervals are those of the filers' rounding alone; fees left out of in-house expenses do not widen them.
    """
    absent = lacking(knowledge, window, as_of)
    states = determination.states(determination.periods(window, as_of), [], as_of, knowledge.coverage(None))
    methods = {}
    for method in METHODS:
        interval, reports = evidence.everybody(db, window, as_of, method)
        methods[method] = Count(interval, reports, determined=absent is None)
    open_periods = [Undetermined(absent.window, "unknown", said("missing.everybody"), absent.command)] if absent else []
    return Total(
        WHO,
        window,
        as_of,
        methods,
        (),
        states=states,
        undetermined=open_periods,
        command=absent.command if absent else None,
        complete_command=absent.command if absent else None,
    )


def today(db: sqlite3.Connection, window: Window, knowledge: Knowledge) -> date | None:
    """The last day by which everybody's reports of a window are known to be on file, else the newest filing's."""
    newest = account.last_posted(db)
    if newest is None:
        return None
    covered = knowledge.coverage(None)
    ends = [covered.through(p) for p in determination.periods(window, newest) if p.days[0] <= newest]
    known = [day for day in ends if day is not None]
    return min(known) if known and len(known) == len(ends) else newest


def judge(claim: Claim, db: sqlite3.Connection, as_of: date, knowledge: Knowledge) -> Verdict:
    """The verdict on a sum of all lobbying, or on how it changed; other kinds cannot be judged."""

    def of(window: Window) -> Total:
        return total(db, window, as_of, knowledge)

    if claim.window == Window():
        return unverifiable(claim, as_of, "no_window_for_all", {}, who=WHO)
    if claim.kind == "change" and not claim.detail.get("record"):
        earlier = sums.baseline(claim)
        return changes.judge_change(claim, of(claim.window), of(earlier) if earlier else None)
    if claim.kind != "spend" or claim.detail.get("sum") or claim.detail.get("record"):
        return unverifiable(claim, as_of, "not_of_all", {}, who=WHO)
    return spending.judge_total(claim, of(claim.window))
