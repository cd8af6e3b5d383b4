"""How rows go into tables: statements by columns, and whether a record differs from what is on file."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from lobbyx.database.connection import insert_sql
from lobbyx.lda.records import Record


@cache
def upsert_sql(table: str, key: str, columns: tuple[str, ...]) -> str:
    """Insert, or change the columns given where one of them differs (so that rowcount tells a change).

    A registrant is changed only by a record at least as new as the one on file (`dt_updated`).
    """
    others = [c for c in columns if c != key]
    sql = insert_sql("INSERT INTO", table, columns)
    if not others:
        return f"{sql} ON CONFLICT ({key}) DO NOTHING"
    settings = ", ".join(f'"{c}" = excluded."{c}"' for c in others)
    old = ", ".join(f'{table}."{c}"' for c in others)
    new = ", ".join(f'excluded."{c}"' for c in others)
    newer = (
        " AND coalesce(excluded.dt_updated, '') >= coalesce(registrants.dt_updated, '')"
        if table == "registrants"
        else ""
    )
    return f"{sql} ON CONFLICT ({key}) DO UPDATE SET {settings} WHERE ({old}) IS NOT ({new}){newer}"


def by_columns(
    rows: Iterable[tuple[tuple[str, ...], tuple[Any, ...]]],
) -> Iterable[tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """Rows by the columns they have, for one statement each."""
    groups: defaultdict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for columns, values in rows:
        groups[columns].append(values)
    return groups.items()


def differs(record: Record, on_file: sqlite3.Row) -> bool:
    """Whether a record says something else than what is on file."""
    if record.digest is not None:
        return bool(record.digest != on_file["digest"])
    return any(on_file[name] != value for name, value in zip(*record.row, strict=True))
