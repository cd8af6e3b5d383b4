"""The derived tables: organizations, each report's status, and each period's sum in every way of counting."""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext
from functools import cache
from hashlib import blake2b
from typing import Final

from lobbyx.accounting import derived_beside, ledger_rows
from lobbyx.accounting.account import FILINGS_SQL
from lobbyx.accounting.successors import successors
from lobbyx.database import connection
from lobbyx.model import resources
from lobbyx.model.errors import LobbyxError
from lobbyx.organizations import decisions, resolve
from lobbyx.organizations.touched import ids

RULES_VERSION: Final = 1
"""Raise this when a rule about names, organizations or what counts changes what is derived from the same filings.

Databases on file are then derived again when they are next opened.
"""
READ: Final = (
    "organizations/names.csv",
    "organizations/parents.csv",
    "organizations/successions.csv",
    "organizations/groups.csv",
    "organizations.csv",
    "legal_forms.csv",
    "abbreviations.csv",
    "compounds.csv",
    "acronyms.csv",
    "constants/filing_types.csv",
)
"""The shipped data files that what is derived depends on."""


@cache
def _shipped() -> bytes:
    found = blake2b(str(RULES_VERSION).encode(), digest_size=16)
    for name in READ:
        found.update(resources.path(name).read_bytes())
    return found.digest()


def fingerprint(db: sqlite3.Connection) -> str:
    """Stands for all that what is derived depends on beside filings: rules, shipped data, the user's own decisions."""
    own = decisions.path_for(db)
    try:
        body = own.read_bytes() if own.exists() else b""
    except OSError:  # deriving tells what is wrong with it
        body = b"unreadable"
    return blake2b(_shipped() + body, digest_size=16).hexdigest()


def is_stale(db: sqlite3.Connection) -> bool:
    """Whether filings, rules, shipped data or decisions have changed since the last rebuild."""
    return _state(db, "ledger") not in (None, "current") or _is_outdated(db)


def _is_outdated(db: sqlite3.Connection) -> bool:
    """Whether what was derived last was derived by other rules or from other decisions."""
    return _state(db, "ledger") is not None and _state(db, "derived_by") != fingerprint(db)


def _state(db: sqlite3.Connection, key: str) -> str | None:
    row = db.execute("SELECT value FROM state WHERE key = ?", [key]).fetchone()
    return str(row[0]) if row else None


def bring_up_to_date(db: sqlite3.Connection) -> None:
    """Derives again what is stale, in a transaction of its own.

    While the filings are the same, a database that cannot be written to, or whose file of decisions is broken, keeps
    what was derived by earlier rules. Raises LobbyxError where the filings on file cannot be derived from: they, and
    what was derived before, stay.
    """
    if not is_stale(db):
        return
    try:
        with connection.transaction(db):
            derive_all(db)
    except (connection.CannotWrite, decisions.BrokenDecision):
        if _state(db, "ledger") != "current":
            raise
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # a mistake of ours, not of the user's
        what = f"{type(error).__name__}: {error}"[:200]
        raise LobbyxError(
            f"organizations and totals cannot be made from these filings ({what}). The filings are kept. "
            "Please report this with the command that loaded them"
        ) from error


def derive_all(db: sqlite3.Connection) -> None:
    """Derives organizations, `ledger_lines` and `period_counts` from everything on file, as known today.

    If only some clients were touched since the last time, only what they are linked with is grouped again, and only
    their organizations are derived again, and those that a client joined or left. The result is the same. Needs an open
    transaction.
    """
    some_alone = _state(db, "ledger") == "touched" and not _is_outdated(db)
    large = not some_alone and (db.execute("SELECT max(rowid) FROM filings").fetchone()[0] or 0) >= derived_beside.LARGE
    somewhere = derived_beside.another() if large else nullcontext(ledger_rows.derived)
    with connection.bulk_loading(db), somewhere as derived:
        passed_on = successors(db)
        regrouped = resolve.resolve_organizations(db, everything=not some_alone)
        passing_on = successors(db)
        wanted = _touched(db, regrouped) if regrouped is not None else None
        if wanted is not None:
            changed = {one for one, _ in set(passed_on.of.items()) ^ set(passing_on.of.items())}
            wanted = passing_on.linked({*wanted, *changed}) | passed_on.linked(changed)
        chosen = "" if wanted is None else "WHERE organization_id IN (SELECT value FROM json_each(:wanted))"
        values = {"wanted": ids(wanted or ())}
        db.execute(f"DELETE FROM ledger_lines {chosen}", values)  # noqa: S608
        db.execute(f"DELETE FROM period_counts {chosen}", values)  # noqa: S608
        db.execute("DELETE FROM touched_clients")
        tables = ("ledger_lines", "period_counts")
        with connection.without_indexes(db, tables if wanted is None else []):
            cursor = db.cursor()
            cursor.row_factory = None
            filings = cursor.execute(f"{FILINGS_SQL} {chosen} ORDER BY c.organization_id", values)
            for some in derived(ledger_rows.batches(filings, passing_on), passing_on):
                for table, rows, width in zip(tables, some, ledger_rows.WIDTHS, strict=True):
                    db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", rows)  # noqa: S608
    state = [("ledger", "current"), ("derived_by", fingerprint(db))]
    db.executemany("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)", state)


def _touched(db: sqlite3.Connection, regrouped: resolve.Regrouped) -> set[int] | None:
    """The organizations whose tables may have changed; None if there are so many that all are derived."""
    before, after = regrouped.before, regrouped.after
    touched = {row[0] for row in db.execute("SELECT client_id FROM touched_clients")}
    moved = {client for client in before.keys() | after.keys() if before.get(client) != after.get(client)}
    found = {whose.get(client) for client in touched | moved for whose in (before, after)} - {None}
    most = db.execute("SELECT count(*) FROM organizations").fetchone()[0] / 2
    return None if len(found) > most else {organization for organization in found if organization is not None}
