"""How many records are on file, how many the server has, and how the two differ."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta

from lobbyx.lda.client import LDAClient


def on_file(db: sqlite3.Connection, endpoint: str, first: date | None = None) -> tuple[int, ...]:
    """How many records of an endpoint are on file: all, or those posted from `first` on, in both readings of that.

    Whether what was posted on that very day belongs to the API's answer, its description does not say.
    """
    counted = f"SELECT count(*) FROM {endpoint}"  # noqa: S608
    if first is None:
        return (int(db.execute(counted).fetchone()[0]),)
    edges = [(first + timedelta(days=days)).isoformat() for days in (0, 1)]
    return tuple(int(db.execute(f"{counted} WHERE dt_posted >= ?", [day]).fetchone()[0]) for day in edges)


def on_server(client: LDAClient, endpoint: str, first: date | None = None) -> int:
    """How many records the server has, in all or posted from a day on. One request."""
    return client.count(endpoint, {"filing_dt_posted_after": first} if first else {})


def difference(db: sqlite3.Connection, client: LDAClient, endpoint: str, first: date | None) -> str | None:
    """A sentence on how they differ; None where they do not."""
    there, here = on_server(client, endpoint, first), on_file(db, endpoint, first)
    if there in here:
        return None
    more = "more" if here[0] > there else "fewer"
    since = f" posted since {first}" if first else ""
    return (
        f"{endpoint}{since}: the server counts {there:,}, but {here[0]:,} are on file ({abs(there - here[0]):,} {more})"
    )
