"""What each page shows: plain functions over a read-only connection, for HTML and JSON alike. Amounts in US dollars."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from lobbyx.accounting import account, counting
from lobbyx.ledger import Ledger
from lobbyx.model.bills import find_bills
from lobbyx.model.errors import LobbyxError
from lobbyx.model.money import Interval
from lobbyx.model.period import Window, iso
from lobbyx.model.report import report_row
from lobbyx.model.total import METHOD_MEANINGS, Count, Organization
from lobbyx.organizations import candidates, lookup
from lobbyx.reading.source import Source
from lobbyx.render.text import period
from lobbyx.site.svg import Bar, Span
from lobbyx.verdicts import evidence
from lobbyx.verdicts.evidence import Filing, Person, Topic

LONGEST_CHECK = 20_000
"""Characters of a text that the check page reads."""
MOST_CLAIMS = 40
"""Claims of one text that the check page judges."""


class NoSuchPage(LobbyxError):
    """There is no such verdict or organization."""


def home(db: sqlite3.Connection) -> dict[str, Any]:
    """What is on file, and the latest verdicts."""

    def one(sql: str) -> Any:
        return db.execute(sql).fetchone()[0]

    windows = dict(db.execute("SELECT status, count(*) FROM sync_windows GROUP BY 1").fetchall())
    return {
        "filings": one("SELECT count(*) FROM filings"),
        "organizations": one("SELECT count(*) FROM organizations"),
        "first_posted": (one("SELECT min(dt_posted) FROM filings WHERE dt_posted > '1990'") or "")[:10],
        "last_posted": (one("SELECT max(dt_posted) FROM filings") or "")[:10],
        "last_fetched": (one("SELECT max(fetched_at) FROM fetches") or "")[:10],
        "mirrored": windows,
        "to_review": one("SELECT count(*) FROM organization_candidates"),
        "latest": _verdicts(db, "ORDER BY v.id DESC LIMIT 8"),
    }


_VERDICTS = """
SELECT v.id, v.verdict, v.as_of, v.explanation, c.text, c.context, c.org, c.published, c.kind, o.name AS organization,
       v.organization_id
FROM verdicts v JOIN claims c ON c.id = v.claim_id LEFT JOIN organizations o ON o.id = v.organization_id
"""


def _verdicts(db: sqlite3.Connection, rest: str, values: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(f"{_VERDICTS} {rest}", values)]


def verdict(db: sqlite3.Connection, identifier: int) -> dict[str, Any]:
    """One stored verdict with its claim, its evidence and the others on the same claim."""
    row = db.execute(
        "SELECT v.*, c.source, c.url, c.author, c.title, c.published, c.text, c.context, c.context_start, c.kind, "
        "c.org, c.value, c.precision, c.currency, c.comparator, c.window_start, c.window_end, c.window_text, "
        "c.missing, c.detail, o.name AS organization FROM verdicts v JOIN claims c ON c.id = v.claim_id "
        "LEFT JOIN organizations o ON o.id = v.organization_id WHERE v.id = ?",
        [identifier],
    ).fetchone()
    if row is None:
        raise NoSuchPage(f"there is no verdict {identifier}")
    found = dict(row)
    for name in (
        "holds_under",
        "reproduced_by",
        "reproductions",
        "found",
        "totals",
        "warnings",
        "missing",
        "detail",
        "known",
    ):
        found[name] = json.loads(found[name])
    known = found.pop("known")
    found |= {name: known.get(name) for name in ("could_hold_under", "undetermined", "command", "data_through")}
    evidence = db.execute(
        "SELECT e.filing_uuid, e.role, e.status, e.amount, e.url, l.period_start, l.period_end, f.filing_type, "
        "f.dt_posted, r.name AS registrant FROM evidence e JOIN filings f ON f.filing_uuid = e.filing_uuid "
        "JOIN registrants r ON r.id = f.registrant_id LEFT JOIN ledger_lines l ON l.filing_uuid = e.filing_uuid "
        "WHERE e.verdict_id = ? ORDER BY l.period_start, f.dt_posted",
        [identifier],
    )
    # An address from an imported table may be anything.
    found["link"] = found["url"] if re.match(r"(?i)https?://[^\s]+$", found["url"] or "") else None
    found["reports"] = [{**dict(e), "period": _period(e["period_start"], e["period_end"])} for e in evidence]
    found["history"] = _verdicts(db, "WHERE v.claim_id = ? ORDER BY v.id", (found["claim_id"],))
    return found


def _period(start: str | None, end: str | None) -> str | None:
    return period(Window(date.fromisoformat(start), date.fromisoformat(end))) if start and end else None


def check(db: sqlite3.Connection, text: str, published: date | None, org: str | None) -> dict[str, Any]:
    """The claims in a text with their verdicts. Nothing is stored."""
    cut = text[:LONGEST_CHECK]
    opened = Ledger(db, Path("site"), derive=False)
    day = published.isoformat() if published else None
    verdicts = opened.check(Source("text", cut, day, "given" if day else None), published=published, org=org or None)
    claims = []
    for one in verdicts[:MOST_CLAIMS]:
        claims.append({**one.json(), "methods": {m: c.json() for m, c in one.totals.items()}})
    return {
        "text": cut,
        "cut": len(text) > LONGEST_CHECK,
        "published": day,
        "org": org,
        "claims": claims,
        "more": max(0, len(verdicts) - MOST_CLAIMS),
    }


def organization(db: sqlite3.Connection, identifier: int, window: Window, as_of: date | None) -> dict[str, Any]:
    """Names, spending by period, registrants, lobbyists, issues, agencies and bills of one organization."""
    if db.execute("SELECT 1 FROM organizations WHERE id = ?", [identifier]).fetchone() is None:
        raise NoSuchPage(f"there is no organization {identifier}")
    who = lookup.get(db, identifier)
    if account.last_posted(db) is None:
        raise NoSuchPage("nothing is on file yet")
    opened = Ledger(db, Path("site"), derive=False)
    total = opened.total(who, window.start, window.end, as_of)
    day = total.as_of
    filings = evidence.filings(db, who, window, day)
    latest = [f for f in filings if f.status == "latest"]
    people = evidence.lobbyists(db, latest)
    topics = evidence.topics(db, latest)
    names = db.execute(
        "SELECT name, filings, why FROM organization_names WHERE organization_id = ? ORDER BY filings DESC, name",
        [identifier],
    )
    return {
        "organization": who.json(),
        "window": window.json(),
        "as_of": day.isoformat(),
        "names": [dict(row) for row in names],
        "parents": _related(db, "parent_id", "child_id", identifier),
        "subsidiaries": _related(db, "child_id", "parent_id", identifier),
        "methods": {m: {**c.json(), "adds": METHOD_MEANINGS[m]} for m, c in total.methods.items()},
        "warnings": [w.json() for w in total.warnings],
        "determined": total.determined,
        "undetermined": [one.json() for one in total.undetermined],
        "command": total.command,
        "data_through": iso(total.data_through),
        "periods": _periods(total.reports),
        "registrants": _registrants(filings),
        "lobbyists": _lobbyists(people),
        "issues": Counter(t.code for t in topics if t.code).most_common(20),
        "agencies": Counter(e for t in topics for e in set(t.entities)).most_common(20),
        "bills": _bills(topics),
        "reports": [{**report_row(r, s), "period": period(r.period)} for r, s in total.reports],
        "verdicts": _verdicts(db, "WHERE v.organization_id = ? ORDER BY v.id DESC LIMIT 10", (identifier,)),
    }


def _related(db: sqlite3.Connection, wanted: str, given: str, identifier: int) -> list[dict[str, Any]]:
    sql = (
        f"SELECT o.id, o.name, p.source FROM organization_parents p JOIN organizations o ON o.id = p.{wanted} "  # noqa: S608
        f"WHERE p.{given} = ? ORDER BY o.name"
    )
    return [dict(row) for row in db.execute(sql, [identifier])]


def _periods(lines: Any) -> list[dict[str, Any]]:
    found = []
    for span, group in groupby(lines, key=lambda line: line[0].period):
        same = list(group)
        counts = counting.count_period(same)
        superseded = counting.count_reports(r for r, status in same if status == "superseded")
        row: dict[str, Any] = {
            "period": period(span),
            "start": span.days[0].isoformat(),
            "end": span.days[1].isoformat(),
        }
        row |= {str(m): c.reported for m, c in counts.items()}
        row |= {"superseded": superseded.reported, "low": counts["lda"].low, "high": counts["lda"].high}
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


def _meant(db: sqlite3.Connection, words: str) -> list[Organization]:
    """The organization that a search's words are another name of."""
    try:
        return [lookup.find(db, words)]
    except lookup.UnknownOrganization:
        return []


def _bills(topics: list[Topic]) -> list[tuple[str, int]]:
    found: Counter[str] = Counter()
    for topic in topics:
        found.update({bill.text for bill in find_bills(topic.text, in_filing=True)})
    return found.most_common(20)


def _cents(dollars: float) -> int:
    return round(dollars * 100)


def bars(periods: list[dict[str, Any]]) -> list[Bar]:
    """The periods as the chart takes them."""
    return [
        Bar(p["period"], _cents(p["in_house"]), _cents(p["outside"]), _cents(p["superseded"]), _cents(p["lda"]))
        for p in periods
    ]


def spans(registrants: list[dict[str, Any]]) -> list[Span]:
    """The registrants as the timeline takes them."""
    day = date.fromisoformat
    return [Span(r["registrant"], day(r["first"]), day(r["last"]), r["role"]) for r in registrants[:40]]


def counts(totals: dict[str, Any]) -> dict[Any, Count]:
    """Stored totals, turned back into counts."""
    return {
        m: Count(
            Interval(
                _cents(t["low"]), _cents(t["reported"]), _cents(t["reported"] if t["high"] is None else t["high"])
            ),
            t["reports"],
            determined=t["high"] is not None,
        )
        for m, t in totals.items()
    }


def search(db: sqlite3.Connection, words: str) -> dict[str, Any]:
    """Organizations whose names contain the words, and activities that mention them."""
    wanted = "".join(c if c.isprintable() else " " for c in words).strip()[:200]
    if not wanted:
        return {"q": "", "organizations": [], "activities": []}
    like = "%" + re.sub(r"([%_\\])", r"\\\1", wanted) + "%"
    found = db.execute(
        "SELECT o.id, o.name, sum(n.filings) AS filings FROM organization_names n JOIN organizations o "
        "ON o.id = n.organization_id WHERE n.name LIKE ? ESCAPE '\\' GROUP BY o.id ORDER BY filings DESC LIMIT 30",
        [like],
    ).fetchall()
    # By another name: an acronym, a former name, one in another script.
    others = [] if found else _meant(db, wanted)
    phrase = '"' + wanted.replace('"', '""') + '"'
    activities = db.execute(
        "SELECT a.filing_uuid, c.name AS client, c.organization_id, r.name AS registrant, f.filing_year, "
        "f.filing_period, a.description, f.official_page AS url "
        "FROM (SELECT rowid FROM activities_fts WHERE activities_fts MATCH ? LIMIT 50) s "
        "JOIN activities a ON a.id = s.rowid "
        "JOIN filings f ON f.filing_uuid = a.filing_uuid JOIN clients c ON c.id = f.client_id "
        "JOIN registrants r ON r.id = f.registrant_id",
        [phrase],
    ).fetchall()
    return {
        "q": wanted,
        "organizations": [
            *map(dict, found),
            *({"id": o.id, "name": o.name, "filings": None} for o in others),
        ],
        "activities": [{**dict(row), "description": (row["description"] or "")[:400]} for row in activities],
    }


def to_review(db: sqlite3.Connection) -> dict[str, Any]:
    """The pairs of names that may be one organization, strongest first."""
    return {"pairs": [pair.json() for pair in candidates.candidates(db, 200)]}
