"""What the filings say about a topic: who named it when, who began and who left off, before whom, through which firms.

There is no money in it. A report gives one amount for everything it names, so no part of it belongs to a topic.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson

from lobbyx.accounting import account, determination
from lobbyx.accounting.counting import overlaps
from lobbyx.accounting.mentions import Form, Mention, Mentions, mentions
from lobbyx.ingest.coverage import coverage_of, coverage_of_everybody
from lobbyx.model.bills import find_bills
from lobbyx.model.coverage import Coverage
from lobbyx.model.errors import LobbyxError
from lobbyx.model.passage import SNIPPET, Passage, around, from_snippet
from lobbyx.model.period import Window, due_date, iso, period_label
from lobbyx.model.said import said
from lobbyx.model.topic import Kind, Topic
from lobbyx.organizations import lookup

MOST_LISTED: Final = 30
"""Organizations, agencies and firms of each list."""
MOST_FILINGS: Final = 60
"""Filings listed at once with their passages."""


class NoSuchPart(LobbyxError):
    """The list of filings has no such part."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which filings are listed: those behind one of the numbers."""

    period: str | None = None
    """As `period_label` writes it."""
    form: Form | None = None
    organization: int | None = None
    firm: int | None = None
    agency: int | None = None


def topic(
    db: sqlite3.Connection, asked: Topic, window: Window, chosen: Chosen | None = None, part: int = 1
) -> dict[str, Any]:
    """What the filings in the window say about a topic, as the page's JSON has it.

    Filings are listed by MOST_FILINGS, the newest in the first part. Raises NoSuchPart after the last.
    """
    every = mentions(db, asked, window)
    inside = [one for one in every.filings if overlaps(one.period, window)]
    listed = _behind(db, inside, chosen or Chosen())
    parts = max(1, -(-len(listed) // MOST_FILINGS))
    if not 1 <= part <= parts:
        raise NoSuchPart(said("problem.no_part", part=part, parts=parts))
    here = listed[(part - 1) * MOST_FILINGS : part * MOST_FILINGS]
    reports = [one for one in inside if one.form == "report"]
    began, left = (None, None) if every.since else changed(db, asked.kind, every, window)
    newest = account.last_posted(db)
    return {
        "q": asked.text,
        "topic": {"kind": asked.kind, "name": asked.name, "code": asked.code, "otherwise": asked.otherwise},
        "window": window.json(),
        "counted_since": iso(every.since),
        "last_posted": iso(newest),
        "reports": len(reports),
        "registrations": len(inside) - len(reports),
        "organizations": len({one.organization_id for one in inside}),
        "superseded_reports": sum(overlaps(period, window) for period in every.superseded),
        "periods": periods(db, inside, newest, began),
        "most": _most(db, inside),
        "started": None if began is None else began[:MOST_LISTED],
        "started_in_all": None if began is None else len(began),
        "started_known": None if began is None else sum(one["reported_before"] for one in began),
        "stopped": None if left is None else [_known(db, one, newest) for one in left[:MOST_LISTED]],
        "stopped_in_all": None if left is None else len(left),
        "agencies": _agencies(db, inside),
        "firms": _firms(inside),
        "filings": [_listed(one, passage) for one, passage in passages(db, asked, here)],
        "filings_in_all": len(listed),
        "part": part,
        "parts": parts,
    }


def periods(
    db: sqlite3.Connection, inside: Sequence[Mention], newest: date | None, began: list[dict[str, Any]] | None
) -> list[dict[str, Any]]:
    """For each period from the first that names it to the last: reports, registrations, organizations, who began.

    `on_file`: whether any filing of the period is; `complete`: whether everybody's reports for it are known to be.
    """
    if not inside or newest is None:
        return []
    by: defaultdict[Window, list[Mention]] = defaultdict(list)
    for one in inside:
        by[one.period].append(one)
    first, last = min(p.days[0] for p in by), max(p.days[1] for p in by)
    covered = coverage_of_everybody(db)
    started = [row["period"] for row in began or ()]
    found = []
    for period in sorted({*determination.periods(Window(first, last), newest), *by}, key=lambda p: p.days):
        here = by.get(period, [])
        reports = [one for one in here if one.form == "report"]
        through = covered.through(period)
        found.append(
            {
                "period": period_label(period),
                **period.json(),
                "reports": len(reports),
                "registrations": len(here) - len(reports),
                "organizations": len({one.organization_id for one in here}),
                "started": None if began is None else started.count(period_label(period)),
                "on_file": bool(here) or _on_file(db, period),
                "complete": through is not None and through >= due_date(period),
            }
        )
    return found


def _on_file(db: sqlite3.Connection, period: Window) -> bool:
    sql = "SELECT 1 FROM ledger_lines WHERE period_start = ? AND period_end = ? LIMIT 1"
    return db.execute(sql, [iso(day) for day in period.days]).fetchone() is not None


# Who began, who left off ---------------------------------------------------------------------------------------------

# A report says what was lobbied on if it has a description (or a general issue), or says that there was no activity.
_SAYS: Final = """
FROM ledger_lines l JOIN filings f ON f.filing_uuid = l.filing_uuid
LEFT JOIN filing_types t ON t.value = f.filing_type
WHERE l.organization_id = m.organization_id AND l.status = 'latest'
  AND (t.no_activity OR EXISTS (
      SELECT 1 FROM activities a WHERE a.filing_uuid = l.filing_uuid
      AND CASE :kind WHEN 'issue' THEN a.general_issue_code IS NOT NULL ELSE a.description <> '' END
  ))
"""
_CHANGED: Final = f"""
WITH m AS (
    SELECT value ->> 0 AS organization_id, value ->> 1 AS first, value ->> 2 AS last FROM json_each(:asked)
)
SELECT m.organization_id, EXISTS (SELECT 1 {_SAYS} AND l.period_start < m.first) AS before,
       EXISTS (SELECT 1 {_SAYS} AND l.period_start > m.last) AS after
FROM m
"""  # noqa: S608 (both are of this module)


def changed(
    db: sqlite3.Connection, kind: Kind, every: Mentions, window: Window
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Who named the topic first in the window, and whose last naming lies in it while later reports do not name it.

    Both newest first. Only reports on file can say so, and only ones that say what was lobbied on: `reported_before`
    tells whether the organization has one for an earlier period, which does not name it. Those come first.
    """
    by: defaultdict[int, list[Mention]] = defaultdict(list)
    for one in every.filings:
        if one.form == "report" and one.organization_id is not None:
            by[one.organization_id].append(one)
    asked = [(i, iso(some[0].period.start), iso(some[-1].period.start)) for i, some in by.items()]
    reported = {row[0]: row for row in db.execute(_CHANGED, {"asked": orjson.dumps(asked).decode(), "kind": kind})}
    began, left = [], []
    for identifier, some in by.items():
        first, last = some[0].period, some[-1].period
        if overlaps(first, window):
            before = bool(reported[identifier]["before"])
            began.append({**_row(identifier, first), "reports": len(some), "reported_before": before})
        if overlaps(last, window) and reported[identifier]["after"]:
            left.append({**_row(identifier, last), "reports": len(some)})
    for rows in (began, left):
        names = _names(db, [row["organization_id"] for row in rows])
        for row in rows:
            row["organization"] = names[row["organization_id"]]
        rows.sort(key=lambda row: (-date.fromisoformat(row["start"]).toordinal(), row["organization"]))
    began.sort(key=lambda row: not row["reported_before"])
    return began, left


def _row(identifier: int, period: Window) -> dict[str, Any]:
    return {"organization_id": identifier, "organization": "", "period": period_label(period), **period.json()}


def _known(db: sqlite3.Connection, row: dict[str, Any], newest: date | None) -> dict[str, Any]:
    """The same with `not_since_through`: the day by which all that it reported since is on file, None if not known."""
    ends = date.fromisoformat(row["end"])
    through = None
    if newest and newest > ends:
        coverage = coverage_of(db, lookup.get(db, row["organization_id"]))
        through = _through(coverage, determination.periods(Window(ends, newest), newest)[1:], newest)
    return {**row, "not_since_through": iso(through)}


def _through(coverage: Coverage, since: Sequence[Window], newest: date) -> date | None:
    """The day by which everything about each period that was due is on file; None where that is not known."""
    due = [period for period in since if due_date(period) <= newest]
    ends = [coverage.through(period) for period in due]
    if not due or any(end is None or end < due_date(period) for period, end in zip(due, ends, strict=True)):
        return None
    return min(end for end in ends if end is not None)


# Lists ---------------------------------------------------------------------------------------------------------------


def _most(db: sqlite3.Connection, inside: Iterable[Mention]) -> list[dict[str, Any]]:
    """The organizations whose filings name it most."""
    by: defaultdict[int, list[Mention]] = defaultdict(list)
    for one in inside:
        if one.organization_id is not None:
            by[one.organization_id].append(one)
    rows = sorted(by.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST_LISTED]
    names = _names(db, [identifier for identifier, _ in rows])
    return [
        {
            "organization_id": identifier,
            "organization": names[identifier],
            "filings": len(some),
            "first": period_label(some[0].period),
            "last": period_label(some[-1].period),
        }
        for identifier, some in rows
    ]


def _names(db: sqlite3.Connection, identifiers: Iterable[int]) -> dict[int, str]:
    sql = "SELECT id, name FROM organizations WHERE id IN (SELECT value FROM json_each(?))"
    return dict(db.execute(sql, [orjson.dumps(list(identifiers)).decode()]).fetchall())


def _agencies(db: sqlite3.Connection, inside: Iterable[Mention]) -> list[dict[str, Any]]:
    """The agencies and chambers named in the same activities, by the number of filings."""
    rows = db.execute(
        "SELECT e.government_entity_id AS id, g.name, count(DISTINCT a.filing_uuid) AS filings FROM json_each(?) m "
        "CROSS JOIN activities a ON a.id = m.value JOIN activity_government_entities e ON e.activity_id = a.id "
        "JOIN government_entities g ON g.id = e.government_entity_id GROUP BY 1, 2 ORDER BY filings DESC, g.name "
        "LIMIT ?",
        [orjson.dumps([i for one in inside for i in one.activities]).decode(), MOST_LISTED],
    )
    return [dict(row) for row in rows]


def _firms(inside: Iterable[Mention]) -> list[dict[str, Any]]:
    """The outside firms whose filings name it most, with the number of organizations they did it for."""
    by: defaultdict[int, list[Mention]] = defaultdict(list)
    for one in inside:
        if not one.in_house and one.firm_id is not None:
            by[one.firm_id].append(one)
    return [
        {
            "firm_id": identifier,
            "firm": some[-1].registrant,
            "filings": len(some),
            "organizations": len({one.organization_id for one in some}),
        }
        for identifier, some in sorted(by.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST_LISTED]
    ]


def _behind(db: sqlite3.Connection, inside: Sequence[Mention], chosen: Chosen) -> list[Mention]:
    """The filings behind one of the numbers, newest first."""
    named: Set[int] = frozenset()
    if chosen.agency is not None:
        sql = (
            "SELECT e.activity_id FROM json_each(?) m CROSS JOIN activity_government_entities e "
            "ON e.activity_id = m.value WHERE e.government_entity_id = ?"
        )
        ids = [i for one in inside for i in one.activities]
        named = {row[0] for row in db.execute(sql, [orjson.dumps(ids).decode(), chosen.agency])}

    def wanted(one: Mention) -> bool:
        return (
            chosen.period in (None, period_label(one.period))
            and chosen.form in (None, one.form)
            and chosen.organization in (None, one.organization_id)
            and (chosen.firm is None or (chosen.firm == one.firm_id and not one.in_house))
            and (chosen.agency is None or not named.isdisjoint(one.activities))
        )

    return [one for one in reversed(inside) if wanted(one)]


def passages(db: sqlite3.Connection, asked: Topic, some: Iterable[Mention]) -> list[tuple[Mention, Passage]]:
    """Filings, each with the passage of its first activity that names the topic."""
    return [(one, _passage(db, asked, one.activities[0])) for one in some]


def _passage(db: sqlite3.Connection, asked: Topic, activity: int) -> Passage:
    if asked.kind == "words":
        sql = f"SELECT {SNIPPET} FROM activities_fts WHERE activities_fts MATCH ? AND rowid = ?"  # noqa: S608
        row = db.execute(sql, [asked.match(), activity]).fetchone()
        return from_snippet(row[0] if row else None)
    text = db.execute("SELECT description FROM activities WHERE id = ?", [activity]).fetchone()[0] or ""
    bill = asked.bill
    spans = [(b.start, b.end) for b in find_bills(text, in_filing=True) if bill and b.same_as(bill)]
    return around(text, spans)


def _listed(one: Mention, passage: Passage) -> dict[str, Any]:
    return {
        "filing_uuid": one.filing_uuid,
        "form": one.form,
        "period": period_label(one.period),
        "dt_posted": one.posted,
        "registrant": one.registrant,
        "firm_id": one.firm_id,
        "client": one.client,
        "organization_id": one.organization_id,
        "passage": passage.json(),
        "url": one.url,
    }
