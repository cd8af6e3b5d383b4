"""What the page of an organization shows: names, relations, what is on file, spending, people and topics.

Plain functions over a read-only connection, for HTML and JSON alike. Amounts in US dollars.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from lobbyx.accounting import account, contributions, counting
from lobbyx.accounting.successors import KINDS
from lobbyx.ingest.known_periods import known_periods
from lobbyx.ledger import Ledger
from lobbyx.model import texts
from lobbyx.model.bills import find_bills
from lobbyx.model.coverage import State
from lobbyx.model.money import dollars
from lobbyx.model.period import Window, iso, period_label
from lobbyx.model.report import report_row
from lobbyx.model.said import said
from lobbyx.model.total import Organization
from lobbyx.organizations import lookup
from lobbyx.site.contents import NoSuchPage, cents
from lobbyx.site.svg import Bar, Known, Span
from lobbyx.verdicts import evidence
from lobbyx.verdicts.evidence import Filing, Person, Topic

BASES: Final[Mapping[str, str]] = {
    "decision": "decided",
    "filing": "a filing says so",
    "exhibit21": "Exhibit 21 of its annual report",
    "document": "a document says so",
    "general_knowledge": "generally known; adds no money",
}
"""What a relation rests on, in words."""
STATES: Final[Mapping[str, str]] = {
    "in_house_report": "in-house report on file",
    "none_filed": "covered, none filed",
    "unknown": "unknown",
}
"""What is known of a period, in words."""


MOST_REPORTS: Final = 400
"""Reports that the page lists, the newest; JSON and CSV have all."""


def organization(db: sqlite3.Connection, identifier: int, window: Window, as_of: date | None) -> dict[str, Any]:
    """Names, spending by period, registrants, lobbyists, issues, agencies and bills of one organization."""
    if db.execute("SELECT 1 FROM organizations WHERE id = ?", [identifier]).fetchone() is None:
        raise NoSuchPage(said("problem.no_organization", number=str(identifier)))
    who = lookup.get(db, identifier)
    if account.last_posted(db) is None:
        raise NoSuchPage(said("problem.nothing_on_file"))
    opened = Ledger(db, Path("site"), derive=False)
    subject = opened.subject(who)
    total = opened.total(subject, window.start, window.end, as_of)
    day = total.as_of
    filings = subject.filings(window, day)
    latest = [f for f in filings if f.status == "latest"]
    people = evidence.lobbyists(db, latest)
    topics = evidence.topics(db, latest)
    periods = periods_of(total.reports, {one.period: one.state for one in total.states})
    given = contributions.disclosures(db, {f.filing_uuid: f.role for f in filings}, window, day)
    return {
        "organization": who.json(),
        "window": window.json(),
        "as_of": day.isoformat(),
        "names": _names(db, identifier),
        "parents": _related(db, "parent_id", "child_id", identifier),
        "subsidiaries": _related(db, "child_id", "parent_id", identifier),
        "successions": _successions(db, identifier),
        "methods": {m: {**c.json(), "adds": texts.text(f"method.{m}")} for m, c in total.methods.items()},
        "warnings": [w.json() for w in total.warnings],
        "determined": total.determined,
        "undetermined": [one.json() for one in total.undetermined],
        "command": total.command,
        "data_through": iso(total.data_through),
        "coverage": _coverage(db, who, window),
        "periods": periods,
        "years": years(periods),
        "registrants": _registrants(filings),
        "lobbyists": _lobbyists(people),
        "issues": Counter(t.code for t in topics if t.code).most_common(20),
        "agencies": Counter(e for t in topics for e in dict.fromkeys(t.entities)).most_common(20),
        "bills": _bills(topics),
        "contributions": contributions.summary(given),
        "reports": [{**report_row(r, s), "period": period_label(r.period)} for r, s in total.reports],
    }


def _names(db: sqlite3.Connection, identifier: int) -> list[dict[str, Any]]:
    """The names it files under, with the first and the last period reported under each."""
    rows = db.execute(
        """
        SELECT n.name, n.filings, n.why, min(l.period_start) AS first, max(l.period_end) AS last
        FROM organization_names n
        LEFT JOIN clients c ON c.name = n.name AND c.organization_id = n.organization_id
        LEFT JOIN filings f ON f.client_id = c.id
        LEFT JOIN ledger_lines l ON l.filing_uuid = f.filing_uuid AND l.organization_id = n.organization_id
        WHERE n.organization_id = ? GROUP BY n.name, n.filings, n.why ORDER BY n.filings DESC, n.name
        """,
        [identifier],
    )
    return [dict(row) for row in rows]


def years(periods: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was reported for each calendar year by the law's own accounting, the latest first.

    `change` is a fraction of the year before. It is null where one of the two years is open or lacks a period: a
    registrant files for four quarters, and before 2008 for two half-years.
    """
    by: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for p in periods:
        by[int(p["start"][:4])].append(p)
    whole = {
        year: len(some) >= (4 if year >= 2008 else 2) and not any(p["open"] for p in some) for year, some in by.items()
    }
    sums = {year: sum(cents(p["lda"]) for p in some) for year, some in by.items()}
    return [
        {
            "year": year,
            "reported": dollars(sums[year]),
            "whole": whole[year],
            "change": (sums[year] - sums[year - 1]) / sums[year - 1]
            if whole[year] and whole.get(year - 1) and sums[year - 1]
            else None,
        }
        for year in sorted(by, reverse=True)
    ]


def _related(db: sqlite3.Connection, wanted: str, given: str, identifier: int) -> list[dict[str, Any]]:
    """Its parents or its subsidiaries, with years where they are known and what the relation rests on."""
    sql = f"""
        SELECT o.id, o.name, p.since, p.until, p.basis, p.source
        FROM organization_parents p JOIN organizations o ON o.id = p.{wanted}
        WHERE p.{given} = ? ORDER BY p.until IS NOT NULL, o.name
        """  # noqa: S608 (both are named in this module)
    return [{**row, "why": BASES.get(row["basis"], row["basis"])} for row in map(dict, db.execute(sql, [identifier]))]


def _successions(db: sqlite3.Connection, identifier: int) -> list[dict[str, Any]]:
    """Who took whose place, from when and why, where the organization is one of the two."""
    rows = db.execute(
        "SELECT s.predecessor_id, p.name AS predecessor, s.successor_id, n.name AS successor, s.day, s.kind, s.counts, "
        "s.basis, s.source FROM successions s JOIN organizations p ON p.id = s.predecessor_id "
        "JOIN organizations n ON n.id = s.successor_id WHERE ? IN (s.predecessor_id, s.successor_id) "
        "ORDER BY s.day, predecessor",
        [identifier],
    )
    return [{**row, "counts": bool(row["counts"]), "said": KINDS[row["kind"]]} for row in map(dict, rows)]


def _coverage(db: sqlite3.Connection, who: Organization, window: Window) -> list[dict[str, Any]]:
    """What is known of each reporting period that overlaps the window: what a person asks before believing a sum."""
    first, last = window.start or date.min, window.end or date.max
    found = [one for one in known_periods(db, who) if one.period.days[1] >= first and one.period.days[0] <= last]
    return [{**one.json(), "period": period_label(one.period), "says": STATES[one.state]} for one in found]


def known(coverage: list[dict[str, Any]]) -> list[Known]:
    """The periods as the strip takes them."""
    return [Known(one["period"], one["state"], one["outside_reports"], one["through"]) for one in coverage]


def periods_of(lines: Any, states: Mapping[Window, State]) -> list[dict[str, Any]]:
    """What was reported for each period. `open`: more may have been reported than is on file; then `high` is null."""
    found = []
    for span, group in groupby(lines, key=lambda line: line[0].period):
        same = list(group)
        counts = counting.count_period(same)
        superseded = counting.count_reports(r for r, status in same if status == "superseded")
        row: dict[str, Any] = {
            "period": period_label(span),
            "start": span.days[0].isoformat(),
            "end": span.days[1].isoformat(),
        }
        row |= {str(m): c.reported for m, c in counts.items()}
        is_open = states.get(span) == "unknown"
        high = None if is_open else counts["lda"].high
        row |= {"superseded": superseded.reported, "low": counts["lda"].low, "high": high, "open": is_open}
        found.append(row)
    return found


def _registrants(filings: list[Filing]) -> list[dict[str, Any]]:
    by: defaultdict[tuple[str, str], list[Filing]] = defaultdict(list)
    for f in filings:
        by[f.role, f.registrant].append(f)
    found = []
    for (role, name), some in by.items():
        reports = [f.report for f in some if f.report and f.status == "latest"]
        days = [day for r in reports for day in r.period.days] or [f.posted for f in some]
        paid = counting.count_reports(reports)
        found.append(
            {
                "registrant": name,
                "role": role,
                "filings": len(some),
                "reported": paid.reported,
                "first": min(days).isoformat(),
                "last": max(days).isoformat(),
            }
        )
    return sorted(found, key=lambda row: (row["role"], row["first"], row["registrant"]))


def _lobbyists(people: list[Person]) -> list[dict[str, Any]]:
    filings: Counter[int] = Counter(p.person_id for p in people)
    names = {p.person_id: p.name for p in people}
    held = {p.person_id for p in people if p.held_office}
    return [
        {"person_id": i, "name": names[i], "filings": n, "held_office": i in held} for i, n in filings.most_common(60)
    ]


def _bills(topics: list[Topic]) -> list[tuple[str, int]]:
    found: Counter[str] = Counter()
    for topic in topics:
        found.update(dict.fromkeys(bill.text for bill in find_bills(topic.text, in_filing=True)).keys())
    return found.most_common(20)


def bars(periods: list[dict[str, Any]]) -> list[Bar]:
    """The periods as the chart takes them."""
    return [
        Bar(
            p["period"],
            cents(p["in_house"]),
            cents(p["outside"]),
            cents(p["superseded"]),
            cents(p["lda"]),
            open=p["open"],
        )
        for p in periods
    ]


def spans(registrants: list[dict[str, Any]]) -> list[Span]:
    """The registrants as the timeline takes them."""
    day = date.fromisoformat
    return [Span(r["registrant"], day(r["first"]), day(r["last"]), r["role"]) for r in registrants[:40]]
