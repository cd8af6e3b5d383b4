"""Names as filed, of clients or of registrants: how often each is used, how it is read, and what it is grouped with."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from lobbyx.names import Reading
from lobbyx.organizations.decisions import Decisions
from lobbyx.organizations.grouping import Groups, group
from lobbyx.organizations.touched import among

Who = Literal["client", "registrant"]


def grouped(
    db: sqlite3.Connection,
    who: Who,
    decisions: Decisions,
    known: Iterable[tuple[str, Sequence[tuple[str, str]]]] = (),
    only: set[int] | None = None,
) -> tuple[Counter[str], dict[str, Reading], Groups]:
    """(filings by name, names as read, groups), of `only` these clients or registrants, else of all."""
    filings = filings_by_name(db, who, only)
    readings = {name: decisions.read(name) for name in sorted(filings)}
    return filings, readings, group(filings, readings, decisions, _renamed(db, who, only), known)


def members_of(readings: Mapping[str, Reading], groups: Groups) -> dict[str, dict[str, str]]:
    """Key of each group -> its names as filed, each with why it is in it."""
    members: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name, reading in readings.items():
        members[groups.present[reading.normalized]][name] = why(reading, groups)
    return dict(members)


def filings_by_name(db: sqlite3.Connection, who: Who, only: set[int] | None = None) -> Counter[str]:
    """Every name a client or registrant has or had, with the number of filings under it now."""
    of_some, wanted = among(f"{who}_id", only)
    numbers = dict(
        db.execute(f"SELECT {who}_id, count(*) FROM filings {of_some} GROUP BY 1", wanted).fetchall()  # noqa: S608
    )
    names = Counter[str]()
    by_id, _ = among("id", only)
    for identifier, name in db.execute(f"SELECT id, name FROM {who}s {by_id}", wanted):  # noqa: S608
        names[name] += numbers.get(identifier, 0)
    for (name,) in db.execute(f"SELECT DISTINCT name FROM {who}_former_names {of_some}", wanted):  # noqa: S608
        names[name] += 0
    return names


def _renamed(db: sqlite3.Connection, who: Who, only: set[int] | None) -> list[tuple[str, str]]:
    """(the name a record had, the name it has)."""
    of_some, wanted = among(f"old.{who}_id", only)
    rows = db.execute(
        f"SELECT DISTINCT old.name, w.name FROM {who}_former_names old JOIN {who}s w ON w.id = old.{who}_id "  # noqa: S608
        f"{of_some} ORDER BY 1, 2",
        wanted,
    )
    return [(old, new) for old, new in rows]


def why(reading: Reading, groups: Groups) -> str:
    """Why a name is read as it is, and one with the name its group is known by."""
    reasons = list(reading.why) or ["as filed"]
    if because := groups.why.get(reading.normalized):
        reasons.append(because)
    return "; ".join(reasons)
