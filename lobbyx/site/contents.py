"""What each page shows: plain functions over a read-only connection, for HTML and JSON alike. Amounts in US dollars."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

from lobbyx.model.errors import LobbyxError
from lobbyx.model.money import Interval
from lobbyx.model.period import Window, period_label
from lobbyx.model.said import said
from lobbyx.model.total import Count
from lobbyx.organizations import candidates
from lobbyx.organizations.groups import is_group


class NoSuchPage(LobbyxError):
    """There is no such verdict, organization or firm."""


def home(db: sqlite3.Connection) -> dict[str, Any]:
    """What is on file."""

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
    }


def latest(db: sqlite3.Connection, organization: int | None = None) -> list[dict[str, Any]]:
    """The latest verdicts, of one organization or of all."""
    if organization is None:
        return _verdicts(db, "ORDER BY v.id DESC LIMIT 8")
    return _verdicts(db, "WHERE v.organization_id = ? ORDER BY v.id DESC LIMIT 10", (organization,))


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
        "c.missing, c.detail, c.reading, o.name AS organization FROM verdicts v JOIN claims c ON c.id = v.claim_id "
        "LEFT JOIN organizations o ON o.id = v.organization_id WHERE v.id = ?",
        [identifier],
    ).fetchone()
    if row is None:
        raise NoSuchPage(said("problem.no_verdict", number=str(identifier)))
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
        "reading",
    ):
        found[name] = json.loads(found[name])
    found |= found.pop("reading")
    found["group"] = found["org"] if not found["organization_id"] and is_group(found["org"]) else None
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
    found["english_alone"] = english_alone(found)
    found["reports"] = [{**dict(e), "period": _period(e["period_start"], e["period_end"])} for e in evidence]
    found["history"] = _verdicts(db, "WHERE v.claim_id = ? ORDER BY v.id", (found["claim_id"],))
    return found


def english_alone(verdict: Mapping[str, Any]) -> bool:
    """Whether an earlier version stored the verdict, which kept some of its sentences in English alone."""
    missing = [one for one in verdict["undetermined"] or () if not one.get("reason_ko")]
    warnings = [one for one in verdict["warnings"] if not one.get("message_ko")]
    ways = [one for one in verdict["reproductions"] if not one.get("how_ko")]
    return bool(missing or warnings or ways or not verdict["explanation_ko"])


def _period(start: str | None, end: str | None) -> str | None:
    return period_label(Window(date.fromisoformat(start), date.fromisoformat(end))) if start and end else None


def cents(dollars: float) -> int:
    """US cents of a number in dollars."""
    return round(dollars * 100)


def counts(totals: Mapping[str, Any]) -> dict[Any, Count]:
    """Stored totals, turned back into counts."""
    return {
        m: Count(
            Interval(cents(t["low"]), cents(t["reported"]), cents(t["reported"] if t["high"] is None else t["high"])),
            t["reports"],
            determined=t["high"] is not None,
        )
        for m, t in totals.items()
    }


def to_review(db: sqlite3.Connection) -> dict[str, Any]:
    """The pairs of names that may be one organization, strongest first."""
    return {"pairs": [pair.json() for pair in candidates.candidates(db, 200)]}
