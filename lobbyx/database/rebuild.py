"""The tables of filings, made again from the answers kept, without the network."""

from __future__ import annotations

import sqlite3
from itertools import groupby

import zstandard

from lobbyx.database.connection import keys_checked_at_the_end, mark_stale
from lobbyx.database.schema import create_missing, tables
from lobbyx.database.writer import Loaded, Writer, source_of
from lobbyx.lda.files import reread

REBUILT = (
    "activity_lobbyists",
    "activity_government_entities",
    "activities",
    "conviction_disclosures",
    "foreign_entities",
    "affiliated_organizations",
    "filings",
    "contribution_items",
    "contribution_pacs",
    "contributions",
    "lobbyists",
    "client_former_names",
    "registrant_former_names",
    "clients",
    "registrants",
)
"""The tables made from answers."""


def rebuild_tables(db: sqlite3.Connection) -> int:
    """Rebuilds the tables of filings from the stored answers, without the network; returns how many answers.

    Claims, verdicts and evidence stay. All or nothing. Raises LobbyxError where an answer cannot be read or the result
    would leave something pointing nowhere.
    """
    with keys_checked_at_the_end(db, "the rebuilt tables"):  # evidence refers to filings that are missing for a moment
        activities = tables(db).table("activities")
        index = activities.detect_fts()
        db.execute("DROP TRIGGER activities_fts_delete")  # the whole index is rebuilt at the end
        for table in REBUILT:
            db.execute(f"DELETE FROM {table}")  # noqa: S608
        kept = db.execute("SELECT id, fetch_id FROM raw_answers ORDER BY id").fetchall()
        for fetch_id, parts in groupby(kept, key=lambda part: part["fetch_id"]):
            writer: Writer | None = None
            for part in parts:
                row = db.execute(
                    "SELECT r.kind, r.body, f.url, f.file FROM raw_answers r JOIN fetches f ON f.id = r.fetch_id "
                    "WHERE r.id = ?",
                    [part["id"]],
                ).fetchone()
                source = row["file"] or row["url"]
                writer = writer or Writer(db, fetch_id, Loaded(source), source_of(row["kind"]), index=False)
                writer.put(reread(zstandard.decompress(row["body"]), row["kind"], source, row["url"]))
            if writer:
                writer.settle()
        if index:
            activities.rebuild_fts()
        create_missing(db)
        mark_stale(db)
    return len(kept)
