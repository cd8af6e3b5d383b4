"""What the columns of an export hold. SQLite has fewer types than the files, so the names say the rest.

Amounts are exact decimals with two places. Days are dates. Moments (`dt_posted`, `posted`, `dt_updated`) stay text,
as the API writes them with their offset: those of the archive have none, and to guess one would move a report to
another day.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "integer", "number", "money", "date", "boolean"]

MONEY: Final = frozenset(
    ["income", "expenses", "amount", "low", "reported", "high", "today_reported", "reported_before", "contribution"]
)
"""US dollars with two decimals."""
NUMBERS: Final = frozenset(["ownership_percentage", "value", "precision", "score"])
"""Numbers that are not money: a percentage, and what a claim says, which may be dollars, a share, a rank or a count."""
DAYS: Final = frozenset(
    (
        "period_start",
        "period_end",
        "termination_date",
        "effective_date",
        "date",
        "posted_from",
        "posted_to",
        "published",
        "as_of",
        "as_of_before",
        "window_start",
        "window_end",
        "today_as_of",
        "day",
    )
)
BOOLEANS: Final = frozenset(
    (
        "no_activity",
        "registrant_different_address",
        "new",
        "no_contributions",
        "posted_is_due_date",
        "client_government_entity",
        "client_self_select",
        "counts",
    )
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind


def columns_of(db: sqlite3.Connection, table: str) -> list[Column]:
    """The columns of a table or view, generated ones too."""
    return [Column(name, kind_of(table, name, declared)) for _, name, declared, *_ in _info(db, table)]


def _info(db: sqlite3.Connection, table: str) -> list[tuple[int, str, str]]:
    return [tuple(row)[:3] for row in db.execute(f'PRAGMA table_xinfo("{table}")')]


def kind_of(table: str, name: str, declared: str) -> Kind:
    """What a column holds, from its name and its declared type."""
    if declared == "TEXT":
        # The constants' `value` is a code, whatever the name means elsewhere.
        return "date" if name in DAYS else "text"
    if name in MONEY:
        return "money"
    if name in BOOLEANS:
        return "boolean"
    if name in NUMBERS:
        return "number"
    if declared == "INTEGER":
        return "integer"
    raise AssertionError(f"{table}.{name} ({declared}) has no kind; add it to export_columns.py")
