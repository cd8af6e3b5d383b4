"""Checked records -> tables. The only module that writes filings.

`load` puts one answer into the database in one transaction: all of it, or nothing. Loading the same answer again
changes nothing; a filing that changed replaces its rows. `schema.sql` beside this file is the reference for tables.

Own code instead of sqlite-utils' `upsert_all`, which does not tell what changed and cannot keep the newer of two
records of a registrant. Measured on 2026-11-25 with 10,000 real filings (55,571 rows; seconds of CPU): loaded for the
first time 0.43 here, 0.51 there; loaded again unchanged 0.14 here, 0.51 there.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import orjson

from lobbyx.database import archive
from lobbyx.database.connection import (
    bulk_loading,
    insert_sql,
    keys_checked_at_the_end,
    mark_touched,
    transaction,
    without_indexes,
)
from lobbyx.database.rows import by_columns, differs, upsert_sql
from lobbyx.database.schema import create_missing
from lobbyx.lda.answer import Answer
from lobbyx.lda.api_schema import PEOPLE, Row
from lobbyx.lda.records import Record
from lobbyx.model.errors import LobbyxError
from lobbyx.names.reading_ahead import reading_ahead


@dataclass
class Loaded:
    """What loading one answer did, by kind of record."""

    source: str
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    unknown_fields: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """What of an archive file could not be read, and why."""

    def json(self) -> dict[str, Any]:
        """Counts by kind, and the fields this version does not know."""
        return {
            "source": self.source,
            **{name: dict(getattr(self, name)) for name in ("added", "changed", "unchanged")},
            "unknown_fields": self.unknown_fields,
            "left_out": self.left_out,
        }

    def __str__(self) -> str:
        parts = [
            f"{sum(counts.values()):,} {name} ({', '.join(f'{n:,} {k}' for k, n in sorted(counts.items()))})"
            for name in ("added", "changed", "unchanged")
            if (counts := getattr(self, name))
        ]
        return f"{self.source}: {', '.join(parts) or 'no records'}"


def load(db: sqlite3.Connection, answer: Answer, *, progress: Callable[[], None] = lambda: None) -> Loaded:
    """Puts one answer into the database in one transaction; derived tables become stale if anything changed.

    `progress` is called after each part.

    Raises LobbyxError (and loads nothing) where records point to a filing that is not on file.
    """
    with bulk_loading(db):
        fresh = answer.large and not db.execute("SELECT 1 FROM filings LIMIT 1").fetchone()
        if fresh:
            return _load_fresh(db, answer, progress)
        with transaction(db):
            return load_within(db, answer, progress=progress)


def _load_fresh(db: sqlite3.Connection, answer: Answer, progress: Callable[[], None]) -> Loaded:
    """A large answer into a database without filings: indexes and keys are made and checked at the end, at once.

    Meanwhile the names are read that organizations will be made of.
    """
    with reading_ahead() as begin, keys_checked_at_the_end(db, answer.source):
        db.execute("DROP TRIGGER activities_fts_delete")  # nothing is in the search index before the end
        with without_indexes(db):
            loaded = load_within(db, answer, progress=progress, index=False)
            begin([row[0] for row in db.execute("SELECT name FROM clients UNION SELECT name FROM registrants")])
            db.execute("INSERT INTO activities_fts (activities_fts) VALUES ('rebuild')")
        create_missing(db)
    return loaded


def load_within(
    db: sqlite3.Connection, answer: Answer, *, progress: Callable[[], None] = lambda: None, index: bool = True
) -> Loaded:
    """`load` inside a transaction that the caller has begun, for what must be kept together with the rows.

    `index=False` where the caller makes the search index of all activities afterwards.
    """
    loaded = Loaded(answer.source)
    writer = Writer(db, _fetch_id(db, answer), loaded, source_of(answer.kind), index=index)
    for number, part in enumerate(answer.parts):
        if writer.put(part.records):
            raw = (writer.fetch_id, number, answer.kind, part.packed)
            db.execute("INSERT INTO raw_answers (fetch_id, part, kind, body) VALUES (?, ?, ?, ?)", raw)
        progress()
    writer.settle()
    if writer.touched:
        mark_touched(db, writer.clients)
    loaded.unknown_fields = answer.unknown_fields
    loaded.left_out = list(answer.left_out)
    return loaded


def source_of(kind: str) -> str:
    """Which source an answer of this kind is from, as `filings.source` has it."""
    return kind if kind in ("archive", "csv") else "api"


def _fetch_id(db: sqlite3.Connection, answer: Answer) -> int:
    file = None if answer.source == answer.url else answer.source
    same = (answer.sha256, answer.url, file)
    row = db.execute("SELECT id FROM fetches WHERE (sha256, url, file) IS (?, ?, ?)", same).fetchone()
    if row:
        return int(row[0])
    insert = "INSERT INTO fetches (sha256, url, file, fetched_at, status) VALUES (?, ?, ?, ?, ?)"
    return int(db.execute(insert, (*same, answer.fetched_at, answer.status)).lastrowid or 0)


_OWN_LISTS = {
    "filings": ("conviction_disclosures", "foreign_entities", "affiliated_organizations"),
    "contributions": ("contribution_items", "contribution_pacs"),
}
_TABLES = {"filing": "filings", "contribution": "contributions"}


class Writer:
    """Writes the records of one answer, many at a time."""

    def __init__(
        self, db: sqlite3.Connection, fetch_id: int, loaded: Loaded, source: str, *, index: bool = True
    ) -> None:
        """`index=False` where the caller makes the search index of all activities afterwards."""
        self.db = db
        self.index = index
        self.fetch_id = fetch_id
        self.loaded = loaded
        self.source = source
        self.touched = False
        self.clients: set[int] = set()
        """Whose filings are new or changed."""
        self.registrants: set[int] = set()
        """Of whom something new was written: some of the archive's clients and lobbyists may be among it."""
        self._taken_over: set[int] = set()
        """Registrants known only from the archive until now."""
        self._loose_clients: set[tuple[int, str]] = set()
        """Clients and lobbyists of the archive from whom a filing was taken (this one)."""
        self._loose_lobbyists: set[int] = set()
        self._next_activity = 0
        self._people: dict[str, dict[int, Row]] = {}
        self._as_of = ""

    def put(self, records: Sequence[Record]) -> bool:
        """Writes records; returns whether anything in them was new. Raises LobbyxError where one does not fit."""
        before = self.db.total_changes
        try:
            if self.source == "archive":
                self._people = {table: {} for table in PEOPLE}
                for record in records:
                    for table, row in record.related:
                        self._people[table][row[1][0]] = _with_registrant(table, row, record)
                self._as_of = archive.as_of(records)
            for kind, group in groupby(records, key=lambda record: record.kind):
                self._group(kind, list(group))
            if self.source == "archive":
                archive.keep_names(self.db, records)
        except (sqlite3.IntegrityError, OverflowError) as error:
            raise LobbyxError(f"{self.loaded.source}: does not fit what is on file: {error}") from error
        news = self.db.total_changes > before
        self.touched |= news
        return news

    def settle(self) -> None:
        """To be called when all is written: the archive's clients and lobbyists become the API's where they are."""
        archive.forget_present_names(self.db, self._taken_over, ())
        archive.hand_over_names(self.db, self._loose_clients)
        archive.remove_unused(self.db, {client for client, _ in self._loose_clients}, self._loose_lobbyists)
        archive.adopt(self.db, self.registrants)

    def _group(self, kind: str, records: list[Record]) -> None:
        codes = {(table, value): name for record in records for table, value, name in record.codes}
        for (table, value), name in codes.items():
            # A code the shipped constants do not have is kept, under the name the record gives it.
            insert = insert_sql("INSERT OR IGNORE INTO", table, ("value", "name"))
            self.db.execute(insert, [value, name or value])
        self._relate(records)
        if kind in _TABLES:
            self._reports(_TABLES[kind], kind, records)
        elif kind == "activities":
            for record in records:
                self._count(kind, self._activities_alone(record))
        else:
            table = kind.partition(":")[2] or f"{kind}s"
            for record in records:
                self._count(kind.partition(":")[2] or kind, self._single(table, record))

    def _count(self, kind: str, what: str, n: int = 1) -> None:
        if n:
            getattr(self.loaded, what)[kind] += n

    def _single(self, table: str, record: Record) -> str:
        columns, values = record.row
        key = columns[0]
        if table == "registrants":
            self._taken_over |= archive.make_way(self.db, [int(record.key)])
        elif "registrant_id" in columns:
            self.registrants.add(values[columns.index("registrant_id")])
        known = self.db.execute(f"SELECT 1 FROM {table} WHERE {key} = ?", [record.key]).fetchone()  # noqa: S608
        cursor = self.db.execute(upsert_sql(table, key, columns), values)
        if not known:
            return "added"
        return "changed" if cursor.rowcount > 0 else "unchanged"

    def _relate(self, records: list[Record]) -> None:
        """Whom the records name: registrants first, since clients and lobbyists refer to them."""
        for table in PEOPLE:
            related = [row for record in records for name, row in record.related if name == table]
            if self.source == "archive" and table != "government_entities":
                continue  # only those of the filings that are kept: see _different_reports
            if table == "registrants":
                self._taken_over |= archive.make_way(self.db, [values[0] for _, values in related])
            for columns, rows in by_columns(related):
                if table == "government_entities":  # the constants know better what they are called
                    named = [(i, name or f"government entity {i}") for i, name in rows]
                    self.db.executemany(insert_sql("INSERT OR IGNORE INTO", table, columns), named)
                else:
                    self.db.executemany(upsert_sql(table, "id", columns), rows)

    def _reports(self, table: str, kind: str, records: list[Record]) -> None:
        """Filings or contribution reports. One that comes twice is written twice, in order."""
        different: dict[str | int, Record] = {}
        for record in records:
            if record.key in different:
                self._different_reports(table, kind, list(different.values()))
                different.clear()
            different[record.key] = record
        self._different_reports(table, kind, list(different.values()))

    def _different_reports(self, table: str, kind: str, records: list[Record]) -> None:
        """Their own rows, then the lists they own."""
        keys = orjson.dumps([record.key for record in records]).decode()
        wanted = f"SELECT * FROM {table} WHERE filing_uuid IN (SELECT value FROM json_each(?))"  # noqa: S608
        on_file = {row["filing_uuid"]: row for row in self.db.execute(wanted, [keys])}
        new = [record for record in records if record.key not in on_file]
        changed = [r for r in records if r.key in on_file and self._changes(r, on_file[r.key])]
        self._count(kind, "added", len(new))
        self._count(kind, "changed", len(changed))
        self._count(kind, "unchanged", len(records) - len(new) - len(changed))
        if kind == "filing":
            for r in new + changed:
                columns, values = r.row
                if "client_id" in columns:
                    self.clients.add(values[columns.index("client_id")])
            self.clients.update(on_file[r.key]["client_id"] for r in changed)
        self.registrants.update(r.row[1][r.row[0].index("registrant_id")] for r in new + changed)
        if self.source == "archive":
            archive.relate(self.db, self._people, new + changed, self._as_of)
        self._replace_archive(table, [on_file[r.key] for r in changed if on_file[r.key]["source"] == "archive"])
        # An update, not a new row: what points to a filing (evidence of past verdicts) stays.
        whole = ((r.row[0], (*r.row[1], r.digest, self.fetch_id, self.source)) for r in new + changed)
        for columns, rows in by_columns(whole):
            self.db.executemany(upsert_sql(table, "filing_uuid", (*columns, "digest", "fetch_id", "source")), rows)
        self._replace_activities([r for r in new if r.activities], [r for r in changed if r.activities is not None])
        for name in _OWN_LISTS[table]:
            old = [(r.key,) for r in changed if name in r.lists]
            self.db.executemany(f"DELETE FROM {name} WHERE filing_uuid = ?", old)  # noqa: S608
            items = (
                (columns, (r.key, place, *values))
                for r in new + changed
                for place, (columns, values) in enumerate(r.lists.get(name, ()), 1)
            )
            for columns, rows in by_columns(items):
                self.db.executemany(insert_sql("INSERT INTO", name, ("filing_uuid", "position", *columns)), rows)

    def _changes(self, record: Record, on_file: sqlite3.Row) -> bool:
        """Whether a record is to replace what is on file.

        The archive's replaces only its own, and of two that differ the same one stays whichever comes first.
        """
        if self.source != "archive":
            return on_file["source"] == "archive" or differs(record, on_file)
        return on_file["source"] == "archive" and (record.digest or "") > (on_file["digest"] or "")

    def _replace_archive(self, table: str, old: list[sqlite3.Row]) -> None:
        """Takes archive filings away but for their keys, with all their lists and those whom they alone name."""
        keys = [row["filing_uuid"] for row in old]
        if not keys:
            return
        if table == "filings":
            self._loose_clients.update((row["client_id"], row["filing_uuid"]) for row in old if row["client_id"] < 0)
            self._loose_lobbyists.update(
                row[0]
                for row in self.db.execute(
                    "SELECT DISTINCT lobbyist_id FROM activity_lobbyists WHERE lobbyist_id < 0 AND activity_id IN "
                    "(SELECT id FROM activities WHERE filing_uuid IN (SELECT value FROM json_each(?)))",
                    [archive.ids(keys)],
                )
            )
            self._drop_activities(keys)
        else:
            self._loose_lobbyists.update(row["lobbyist_id"] for row in old if (row["lobbyist_id"] or 0) < 0)
        for name in _OWN_LISTS[table]:
            self.db.executemany(f"DELETE FROM {name} WHERE filing_uuid = ?", [(key,) for key in keys])  # noqa: S608
        archive.clear(self.db, table, keys)

    def _drop_activities(self, filings: Iterable[str | int]) -> None:
        old = [(key,) for key in filings]
        self.db.executemany(  # who loses an office may be another person than it seemed
            "UPDATE lobbyists SET person_id = NULL WHERE id IN (SELECT lobbyist_id FROM activity_lobbyists "
            "WHERE covered_position > '' AND activity_id IN (SELECT id FROM activities WHERE filing_uuid = ?))",
            old,
        )
        for table in ("activity_lobbyists", "activity_government_entities"):  # not by cascade: see rebuild
            self.db.executemany(
                f"DELETE FROM {table} WHERE activity_id IN (SELECT id FROM activities WHERE filing_uuid = ?)",  # noqa: S608
                old,
            )
        self.db.executemany("DELETE FROM activities WHERE filing_uuid = ?", old)

    def _replace_activities(self, new: list[Record], changed: list[Record]) -> None:
        self._drop_activities(record.key for record in changed)
        if not self._next_activity:
            self._next_activity = 1 + (self.db.execute("SELECT max(id) FROM activities").fetchone()[0] or 0)
        first = number = self._next_activity
        activities: list[tuple[tuple[str, ...], tuple[Any, ...]]] = []
        lobbyists: list[tuple[Any, ...]] = []
        entities: list[tuple[Any, ...]] = []
        for record in new + changed:
            for place, ((columns, values), who, addressed) in enumerate(record.activities or (), 1):
                activities.append((columns, (number, record.key, place, *values)))
                lobbyists += [(number, at, *listed) for at, listed in enumerate(who, 1)]
                entities += [(number, at, entity) for at, entity in enumerate(addressed, 1)]
                number += 1
        self._next_activity = number
        for columns, rows in by_columns(activities):
            self.db.executemany(
                insert_sql("INSERT INTO", "activities", ("id", "filing_uuid", "position", *columns)), rows
            )
        offices = {(who, office) for _, _, who, office, *_ in lobbyists if office}
        self.db.executemany(
            "UPDATE lobbyists SET person_id = NULL WHERE id = ?1 AND person_id IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM activity_lobbyists WHERE lobbyist_id = ?1 AND covered_position = ?2)",
            sorted(offices),
        )
        listed = ("activity_id", "position", "lobbyist_id", "covered_position", "new")
        self.db.executemany(insert_sql("INSERT INTO", "activity_lobbyists", listed), lobbyists)
        entity = ("activity_id", "position", "government_entity_id")
        self.db.executemany(insert_sql("INSERT INTO", "activity_government_entities", entity), entities)
        if self.index:  # all at once: a trigger for each row takes eight times as long
            self.db.execute(
                "INSERT INTO activities_fts (rowid, description) SELECT id, description FROM activities WHERE id >= ?",
                [first],
            )

    def _activities_alone(self, record: Record) -> str:
        """Activities for a filing on file, from a file that knows nothing else of it.

        Richer activities (with lobbyists) that are there already are kept.
        """
        if not self.db.execute("SELECT 1 FROM filings WHERE filing_uuid = ?", [record.key]).fetchone():
            raise LobbyxError(f"activities of filing {record.key}: that filing is not on file; load it first")
        given = [(*values[:2], ";".join(map(str, entities))) for (_, values), _, entities in record.activities or ()]
        rows = self.db.execute(
            "SELECT general_issue_code, description, (SELECT coalesce(group_concat(government_entity_id, ';'), '') "
            "FROM (SELECT * FROM activity_government_entities WHERE activity_id = a.id ORDER BY position)), "
            "EXISTS (SELECT 1 FROM activity_lobbyists WHERE activity_id = a.id) "
            "FROM activities a WHERE filing_uuid = ? ORDER BY position",
            [record.key],
        ).fetchall()
        if any(row[3] for row in rows) or given == [tuple(row)[:3] for row in rows]:
            return "unchanged"
        self._replace_activities([], [record])
        return "changed" if rows else "added"


def _with_registrant(table: str, row: Row, record: Record) -> Row:
    """A lobbyist of a contribution report with its registrant, by whom the archive knows it."""
    columns, values = row
    if table != "lobbyists" or "registrant_id" in columns:
        return row
    return (*columns, "registrant_id"), (*values, record.row[1][record.row[0].index("registrant_id")])
