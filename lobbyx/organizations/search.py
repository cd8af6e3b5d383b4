"""What a search for words finds: organizations and firms by name, and activities that mention the words."""

from __future__ import annotations

import re
import sqlite3
from typing import Any, Final

from lobbyx.model.passage import SNIPPET, from_snippet
from lobbyx.model.said import said
from lobbyx.names import normalize
from lobbyx.organizations import lookup
from lobbyx.organizations.groups import is_group
from lobbyx.organizations.nearest import nearest_names

MOST_FOUND: Final = 30
"""Organizations, and firms, that a search lists."""


_ACTIVITIES: Final = f"""
SELECT a.filing_uuid, c.name AS client, c.organization_id, r.name AS registrant, f.filing_year, f.filing_period,
       a.description, s.passage, f.official_page AS url
FROM (
    SELECT rowid, {SNIPPET} AS passage FROM activities_fts WHERE activities_fts MATCH ? ORDER BY rowid DESC LIMIT 50
) s
JOIN activities a ON a.id = s.rowid JOIN filings f ON f.filing_uuid = a.filing_uuid
JOIN clients c ON c.id = f.client_id JOIN registrants r ON r.id = f.registrant_id
"""  # noqa: S608 (SNIPPET is a constant)
# The last loaded first: the index has no other order that costs nothing.


def search(db: sqlite3.Connection, words: str) -> dict[str, Any]:
    """Organizations and firms whose names contain the words, and activities that mention them.

    Where no organization has, the one that the words are another name of. `near` is left to be filled by `near`.
    """
    wanted = "".join(c if c.isprintable() else " " for c in words).strip()[:200]
    found: dict[str, Any] = {"q": wanted, "organizations": [], "firms": [], "activities": []}
    found |= {"note": None, "note_ko": None, "near": {"organizations": [], "firms": []}}
    found["group"] = wanted if is_group(wanted) else None
    if not wanted:
        return found
    like = "%" + re.sub(r"([%_\\])", r"\\\1", wanted) + "%"
    organizations = db.execute(
        "SELECT o.id, o.name, sum(n.filings) AS filings FROM organization_names n JOIN organizations o "
        "ON o.id = n.organization_id WHERE n.name LIKE ? ESCAPE '\\' GROUP BY o.id ORDER BY filings DESC LIMIT ?",
        [like, MOST_FOUND],
    ).fetchall()
    firms = db.execute(
        "SELECT f.id, f.name, sum(n.filings) AS filings FROM firm_names n JOIN firms f "
        "ON f.id = n.firm_id WHERE n.name LIKE ? ESCAPE '\\' GROUP BY f.id ORDER BY filings DESC LIMIT ?",
        [like, MOST_FOUND],
    ).fetchall()
    found |= {"organizations": [dict(row) for row in organizations], "firms": [dict(row) for row in firms]}
    meant = _meant(db, wanted)
    if meant and meant.note:
        told = said("search.note", given=wanted, note=meant.note)
        found |= {"note": told.words("en"), "note_ko": told.words("ko")}
    if meant and not organizations:
        named = {"id": meant.organization.id, "name": meant.organization.name, "filings": None}
        others = [{"id": one.id, "name": one.name, "filings": None} for one in meant.others]
        found["organizations"] = [named, *others][:MOST_FOUND]
    phrase = '"' + wanted.replace('"', '""') + '"'
    activities = db.execute(_ACTIVITIES, [phrase]).fetchall()
    return {**found, "activities": [_shown(row) for row in activities]}


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    """An activity as it is listed: the beginning of its description, and the passage that matches."""
    passage = from_snippet(row["passage"]).json()
    return {**dict(row), "description": (row["description"] or "")[:400], "passage": passage}


def _meant(db: sqlite3.Connection, words: str) -> lookup.Found | None:
    """What a check takes the words for: also another name, a former one, or one in another script."""
    try:
        return lookup.look_up(db, words)
    except lookup.UnknownOrganization:
        return None


def near(db: sqlite3.Connection, words: str) -> dict[str, list[dict[str, Any]]]:
    """Organizations and firms whose names look like the words, best first."""
    found = {}
    for table in ("organizations", "firms"):
        rows = db.execute(f"SELECT id, normalized, name FROM {table}").fetchall()  # noqa: S608
        identifiers = {row["name"]: row["id"] for row in rows}
        names = nearest_names(normalize(words), {row["normalized"]: row["name"] for row in rows})
        found[table] = [{"id": identifiers[name], "name": name} for name in names]
    return found
