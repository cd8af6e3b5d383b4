"""Which filings name a topic, within a bounded amount of work.

A topic that few activities name is looked up over all dates. For one that more than `MOST` name ("tax"), the newest
reporting periods are gone through until enough are found or read; `since` then says from where on they were counted.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Literal

import orjson

from lobbyx.accounting.counting import overlaps
from lobbyx.model.bills import find_bills
from lobbyx.model.filing_types import filing_types
from lobbyx.model.period import Window, filing_period_span
from lobbyx.model.topic import Topic

MOST: Final = 20_000
"""Activities that are counted over all dates."""
MOST_READ: Final = 150_000
"""Activities that are gone through for a topic that more name."""
GAP: Final = 5_000
"""Ids of one period further apart than this were loaded at different times."""
Form = Literal["report", "registration"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A filing that names the topic: a report that no later one replaced, or a registration."""

    filing_uuid: str
    form: Form
    period: Window
    """The period it reports. Of a registration, the one in which it was filed."""
    posted: str
    registrant: str
    firm_id: int | None
    in_house: bool
    client: str
    organization_id: int | None
    activities: tuple[int, ...]
    """The ids of those that name the topic."""
    url: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """The filings that name a topic, oldest period first."""

    filings: Sequence[Mention]
    superseded: Sequence[Window]
    """The periods of reports that name it, and that a later one for the same period replaced."""
    since: date | None
    """The first day counted, where the topic is too common to count over all dates."""


def mentions(db: sqlite3.Connection, topic: Topic, window: Window) -> Mentions:
    """The filings that name a topic: over all dates, or the newest of the window where too many do."""
    if not topic.text:
        return Mentions((), (), None)
    ids = _named(db, topic, limit=MOST + 1)
    since = None
    if len(ids) > MOST:
        ids, since = _newest(db, topic, window)
    filings, superseded = _filings(db, _confirmed(db, topic, ids))
    return Mentions(filings, superseded, since)


def _named(db: sqlite3.Connection, topic: Topic, first: int = 0, last: int = 2**62, limit: int = -1) -> list[int]:
    """The ids of the activities in a range that name a topic; of a bill, those that may."""
    if topic.kind == "issue":
        sql = "SELECT id FROM activities WHERE general_issue_code = ? AND id BETWEEN ? AND ? LIMIT ?"
        return [row[0] for row in db.execute(sql, [topic.code, first, last, limit])]
    sql = "SELECT rowid FROM activities_fts WHERE activities_fts MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
    return [row[0] for row in db.execute(sql, [topic.match(), first, last, limit])]


def _newest(db: sqlite3.Connection, topic: Topic, window: Window) -> tuple[list[int], date | None]:
    """The ids of the newest activities in the window that name a topic, and the first day that was gone through."""
    found: list[int] = []
    read = 0
    since = None
    for year, name, span in _periods(db):
        if not overlaps(span, window):
            continue
        if read and (read >= MOST_READ or len(found) >= MOST):
            break
        sql = (
            "SELECT a.id FROM filings f JOIN activities a ON a.filing_uuid = f.filing_uuid "
            "WHERE f.filing_year = ? AND f.filing_period = ? ORDER BY a.id"
        )
        here = [row[0] for row in db.execute(sql, [year, name])]
        own = set(here)
        for first, last in _runs(here):
            found += own.intersection(_named(db, topic, first, last))
        read += len(here)
        since = span.days[0]
    return found, since


def _periods(db: sqlite3.Connection) -> Iterator[tuple[int, str, Window]]:
    """The periods of the filings on file, newest first."""
    years = [row[0] for row in db.execute("SELECT DISTINCT filing_year FROM filings ORDER BY 1 DESC")]
    for year in years:
        names = db.execute("SELECT DISTINCT filing_period FROM filings WHERE filing_year = ?", [year])
        spans = [(filing_period_span(year, name), name) for (name,) in names if name in _PERIODS]
        for span, name in sorted(spans, key=lambda one: one[0].days, reverse=True):
            yield year, name, span


_PERIODS: Final = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter", "mid_year", "year_end")


def _runs(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The ranges in which ids (in order) lie close together."""
    if not ids:
        return
    first = ids[0]
    for one, after in pairwise(ids):
        if after - one > GAP:
            yield first, one
            first = after
    yield first, ids[-1]


def _confirmed(db: sqlite3.Connection, topic: Topic, ids: Sequence[int]) -> list[int]:
    """The ids of those that really name the topic: `HR 3` in the index may be the end of another word's line."""
    if not topic.bill:
        return list(ids)
    sql = "SELECT a.id, a.description FROM json_each(?) m CROSS JOIN activities a ON a.id = m.value"
    bill = topic.bill
    rows = db.execute(sql, [orjson.dumps(ids).decode()])
    return [i for i, text in rows if any(one.same_as(bill) for one in find_bills(text or "", in_filing=True))]


_FILINGS: Final = """
SELECT f.filing_uuid, f.filing_type, f.filing_year, f.filing_period, f.dt_posted, r.name AS registrant, r.firm_id,
       c.name AS client, coalesce(l.organization_id, c.organization_id) AS organization_id,
       coalesce(l.role = 'in_house', c.client_self_select, 0) AS in_house,
       l.period_start, l.period_end, l.status, f.official_page AS url
FROM json_each(?) m CROSS JOIN filings f ON f.filing_uuid = m.value
JOIN registrants r ON r.id = f.registrant_id JOIN clients c ON c.id = f.client_id
LEFT JOIN ledger_lines l ON l.filing_uuid = f.filing_uuid
"""


def _filings(db: sqlite3.Connection, ids: Sequence[int]) -> tuple[list[Mention], list[Window]]:
    """The filings of activities, oldest period first, and the periods of the reports among them that were replaced."""
    activities: defaultdict[str, list[int]] = defaultdict(list)
    sql = "SELECT a.id, a.filing_uuid FROM json_each(?) m CROSS JOIN activities a ON a.id = m.value"
    for identifier, uuid in db.execute(sql, [orjson.dumps(ids).decode()]):
        activities[uuid].append(identifier)
    found: list[Mention] = []
    superseded: list[Window] = []
    for row in db.execute(_FILINGS, [orjson.dumps(list(activities)).decode()]):
        kind = filing_types().get(row["filing_type"])
        if row["status"]:
            period = Window(date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"]))
            if row["status"] == "superseded":
                superseded.append(period)
                continue
        elif kind and kind.stage.startswith("registration") and row["filing_period"] in _PERIODS:
            period = filing_period_span(row["filing_year"], row["filing_period"])
        else:  # letters of the early years, and types that nobody knows
            continue
        found.append(
            Mention(
                row["filing_uuid"],
                "report" if row["status"] else "registration",
                period,
                row["dt_posted"],
                row["registrant"],
                row["firm_id"],
                bool(row["in_house"]),
                row["client"],
                row["organization_id"],
                tuple(activities[row["filing_uuid"]]),
                row["url"],
            )
        )
    return sorted(found, key=lambda one: (one.period.days, one.posted, one.filing_uuid)), superseded
