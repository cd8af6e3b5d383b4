"""Checked records -> tables. The only module that writes filings.

`load` puts one answer into the database in one transaction: all of it, or nothing. Loading the same answer again
changes nothing; a filing that changed replaces its rows. `schema.sql` beside this file is the reference for tables.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from lobbyx import shipped
from lobbyx.answers import Answer, reread
from lobbyx.models import LobbyxError
from lobbyx.records import Record

Row = Mapping[str, Any]

SCHEMA_VERSION = 2
"""Kept in the database's user_version; raised with every change of schema.sql that old databases lack."""

PERIOD_NAMES = {
    "first_quarter": "1st Quarter (Jan 1 - Mar 31)",
    "second_quarter": "2nd Quarter (Apr 1 - June 30)",
    "third_quarter": "3rd Quarter (July 1 - Sep 30)",
    "fourth_quarter": "4th Quarter (Oct 1 - Dec 31)",
    "mid_year": "Mid-Year (Jan 1 - Jun 30)",
    "year_end": "Year-End (July 1 - Dec 31)",
}
METHOD_NAMES = {
    "A": "LDA definitions (method A)",
    "B": "Internal Revenue Code 6033(b)(8), non-profits (method B)",
    "C": "Internal Revenue Code 162(e) (method C)",
}


class NoDatabase(LobbyxError):
    """The database is missing or is not one of ours."""


def connect(path: str | Path, *, create: bool = False) -> sqlite3.Connection:
    """An open database with foreign keys enforced, in autocommit mode (transactions are explicit).

    Raises NoDatabase where the file is missing (unless `create`) or not a lobbyx database.
    """
    path = Path(path)
    if not path.exists():
        if not create:
            raise NoDatabase(
                f"there is no database at {path}. Make one with: lobbyx fetch --client NAME --db {path} "
                f"(from the API), lobbyx load FILE... --db {path} (from saved answers), or lobbyx demo"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        db = sqlite3.connect(path, isolation_level=None, timeout=30)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        ours = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'ledger_lines'").fetchone()[0]
        anything = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise NoDatabase(f"{path} cannot be opened as an SQLite database: {error}") from error
    if not ours:
        if anything or not create:
            raise NoDatabase(f"{path} is an SQLite database, but not one made by lobbyx; name another with --db")
        with transaction(db):
            for statement in statements(schema()):
                db.execute(statement)
            _load_constants(db)
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    elif (version := db.execute("PRAGMA user_version").fetchone()[0]) != SCHEMA_VERSION:
        raise NoDatabase(
            f"{path} was made by another version of lobbyx (schema {version}, this one has {SCHEMA_VERSION}). Move it "
            "away and make it anew, with the command that made it"
        )
    return db


def schema() -> str:
    """The text of schema.sql."""
    return (files("lobbyx") / "schema.sql").read_text(encoding="utf-8")


def statements(script: str) -> Iterator[str]:
    """The complete statements of an SQL script (executescript would commit the transaction around it)."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of the block, or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _load_constants(db: sqlite3.Connection) -> None:
    for table, names in (("filing_periods", PERIOD_NAMES), ("expenses_methods", METHOD_NAMES)):
        db.executemany(f"INSERT INTO {table} (value, name) VALUES (?, ?)", names.items())  # noqa: S608
    for file in sorted(shipped.path("constants").iterdir()):
        for row in shipped.rows(f"constants/{file.name}"):
            _write(db, "INSERT INTO", file.stem, {k: v or None for k, v in row.items()})


def _write(db: sqlite3.Connection, verb: str, table: str, row: Row) -> None:
    db.execute(_insert(verb, table, tuple(row)), [_sql(v) for v in row.values()])


@cache
def _insert(verb: str, table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{c}"' for c in columns)
    return f"{verb} {table} ({names}) VALUES ({', '.join('?' * len(columns))})"


@cache
def _upsert(table: str, key: str, columns: tuple[str, ...]) -> str:
    """Insert, or change the columns given where one of them differs (so that rowcount tells a change).

    A registrant is changed only by a record at least as new as the one on file (`dt_updated`).
    """
    others = [c for c in columns if c != key]
    sql = _insert("INSERT INTO", table, columns)
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


def _sql(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


@dataclass
class Loaded:
    """What loading one answer did, by kind of record."""

    source: str
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    unknown_fields: list[str] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """Counts by kind, and the fields this version does not know."""
        return {
            "source": self.source,
            **{name: dict(getattr(self, name)) for name in ("added", "changed", "unchanged")},
            "unknown_fields": self.unknown_fields,
        }

    def __str__(self) -> str:
        parts = [
            f"{sum(counts.values()):,} {name} ({', '.join(f'{n:,} {k}' for k, n in sorted(counts.items()))})"
            for name in ("added", "changed", "unchanged")
            if (counts := getattr(self, name))
        ]
        return f"{self.source}: {', '.join(parts) or 'no records'}"


def load(db: sqlite3.Connection, answer: Answer) -> Loaded:
    """Puts one answer into the database in one transaction; derived tables become stale if anything changed.

    Raises LobbyxError (and loads nothing) where records point to a filing that is not on file.
    """
    with transaction(db):
        return load_within(db, answer)


def load_within(db: sqlite3.Connection, answer: Answer) -> Loaded:
    """`load` inside a transaction that the caller has begun, for what must be kept together with the rows."""
    loaded = Loaded(answer.source)
    writer = _Writer(db, _fetch_id(db, answer))
    for number, part in enumerate(answer.parts):
        news = 0
        for record in part.records:
            what = writer.put(record, answer.source)
            getattr(loaded, what)[record.kind.partition(":")[2] or record.kind] += 1
            news += what != "unchanged"
        if news:
            raw = (writer.fetch_id, number, answer.kind, zlib.compress(part.body))
            db.execute("INSERT INTO raw_answers (fetch_id, part, kind, body) VALUES (?, ?, ?, ?)", raw)
    if writer.touched:
        mark_stale(db)
    loaded.unknown_fields = answer.unknown_fields
    return loaded


REBUILT = (
    *("activity_lobbyists", "activity_government_entities", "activities", "conviction_disclosures"),
    *("foreign_entities", "affiliated_organizations", "filings", "contribution_items", "contribution_pacs"),
    *("contributions", "lobbyists", "clients", "registrants"),
)
"""The tables made from answers."""


def rebuild(db: sqlite3.Connection) -> int:
    """Makes the tables of filings anew from the answers kept, without the network; returns how many answers.

    Claims, verdicts and evidence stay. All or nothing. Raises LobbyxError where an answer cannot be read or the result
    would leave something pointing nowhere.
    """
    db.execute("PRAGMA foreign_keys = OFF")  # evidence points to filings that are gone for a moment
    try:
        with transaction(db):
            for table in REBUILT:
                db.execute(f"DELETE FROM {table}")  # noqa: S608
            kept = db.execute("SELECT id FROM raw_answers ORDER BY id").fetchall()
            for (identifier,) in kept:
                row = db.execute(
                    "SELECT r.*, f.url, f.file FROM raw_answers r JOIN fetches f ON f.id = r.fetch_id WHERE r.id = ?",
                    [identifier],
                ).fetchone()
                source = row["file"] or row["url"]
                writer = _Writer(db, row["fetch_id"])
                for record in reread(zlib.decompress(row["body"]), row["kind"], source, row["url"]):
                    writer.put(record, source)
            mark_stale(db)
            if lost := db.execute("PRAGMA foreign_key_check").fetchall():
                raise LobbyxError(
                    f"rebuilding would leave {len(lost)} rows of {lost[0][0]} pointing nowhere; nothing was changed"
                )
    finally:
        db.execute("PRAGMA foreign_keys = ON")
    return len(kept)


def mark_stale(db: sqlite3.Connection) -> None:
    """Notes that organizations and ledger must be rebuilt before the next total."""
    db.execute("INSERT OR REPLACE INTO state (key, value) VALUES ('ledger', 'stale')")


def _fetch_id(db: sqlite3.Connection, answer: Answer) -> int:
    file = None if answer.source == answer.url else answer.source
    key = (answer.sha256, answer.url, file)
    found = db.execute("SELECT id FROM fetches WHERE (sha256, url, file) IS (?, ?, ?)", key).fetchone()
    if found:
        return int(found[0])
    cursor = db.execute(
        "INSERT INTO fetches (sha256, url, file, fetched_at, status) VALUES (?, ?, ?, ?, ?)",
        (*key, answer.fetched_at, answer.status),
    )
    return int(cursor.lastrowid or 0)


class _Writer:
    def __init__(self, db: sqlite3.Connection, fetch_id: int) -> None:
        self.db = db
        self.fetch_id = fetch_id
        self.touched = False
        self._codes: set[tuple[str, str]] = set()

    def put(self, record: Record, source: str) -> str:
        """Writes one record; returns `added`, `changed` or `unchanged`. Raises LobbyxError where it does not fit."""
        try:
            return self._put(record)
        except sqlite3.IntegrityError as error:
            key = record.data.get("filing_uuid") or record.data.get("id")
            raise LobbyxError(f"{source}: {record.kind} {key} does not fit what is on file: {error}") from error

    def _put(self, record: Record) -> str:
        for table, value, name in record.codes:
            self._code(table, value, name)
        if record.kind.startswith("constants:"):
            return self._upsert(record.kind.partition(":")[2], record.data)
        match record.kind:
            case "registrant":
                what = self._registrant(record.data)
            case "client":
                what = self._under_registrant("clients", record.data)
            case "lobbyist":
                what = self._under_registrant("lobbyists", record.data)
            case "activities":
                return self._activities_alone(record)
            case "contribution":
                return self._report(record, "contributions")
            case _:
                what = self._report(record, "filings")
        self.touched |= what != "unchanged"
        return what

    def _code(self, table: str, value: str, name: str | None) -> None:
        """A code the shipped constants do not have is kept, under the name the record gives it."""
        if (table, value) not in self._codes:
            self._codes.add((table, value))
            _write(self.db, "INSERT OR IGNORE INTO", table, {"value": value, "name": name or value})

    def _upsert(self, table: str, row: Row) -> str:
        key = "id" if "id" in row else "value"
        known = self.db.execute(f"SELECT 1 FROM {table} WHERE {key} = ?", [row[key]]).fetchone()  # noqa: S608
        cursor = self.db.execute(_upsert(table, key, tuple(row)), [_sql(v) for v in row.values()])
        if not known:
            return "added"
        return "changed" if cursor.rowcount > 0 else "unchanged"

    def _registrant(self, data: Row) -> str:
        return self._upsert("registrants", data)

    def _under_registrant(self, table: str, data: Row, registrant: Row | None = None) -> str:
        """A client or lobbyist: the API has one of them per registrant."""
        row = {k: v for k, v in data.items() if k != "registrant"}
        if registrant := data.get("registrant") or registrant:
            row["registrant_id"] = registrant["id"]
            self._registrant(registrant)
        return self._upsert(table, row)

    def _report(self, record: Record, table: str) -> str:
        """An LD-1/LD-2 filing or an LD-203 contribution report: its own row, then the lists it owns."""
        data = record.data
        uuid = data["filing_uuid"]
        on_file = self.db.execute(
            f"SELECT * FROM {table} WHERE filing_uuid = ?",  # noqa: S608
            [uuid],
        ).fetchone()
        if on_file and record.sha256 and on_file["record_sha256"] == record.sha256:
            return "unchanged"
        self._registrant(data["registrant"])
        row = {k: v for k, v in data.items() if not isinstance(v, dict | list)}
        row["registrant_id"] = data["registrant"]["id"]
        if table == "filings":
            self._under_registrant("clients", data["client"], data["registrant"])
            row["client_id"] = data["client"]["id"]
        else:
            if lobbyist := data.get("lobbyist"):
                self._under_registrant("lobbyists", lobbyist)
            row["lobbyist_id"] = lobbyist and lobbyist["id"]
        if on_file and not record.complete and all(on_file[k] == _sql(v) for k, v in row.items()):
            return "unchanged"
        row |= {"record_sha256": record.sha256, "fetch_id": self.fetch_id}
        # An update, not a new row: what points to the filing (evidence of past verdicts) stays.
        self.db.execute(_upsert(table, "filing_uuid", tuple(row)), [_sql(v) for v in row.values()])
        if "lobbying_activities" in data:
            self._replace_activities(uuid, data["lobbying_activities"], data["registrant"])
        for name in ("conviction_disclosures", "foreign_entities", "affiliated_organizations"):
            if name in data:
                self._replace(name, uuid, data[name])
        for name, list_table in (("contribution_items", "contribution_items"), ("pacs", "contribution_pacs")):
            if name in data:
                self._replace(list_table, uuid, data[name])
        return "changed" if on_file else "added"

    def _replace(self, table: str, uuid: str, items: Iterable[Row]) -> None:
        self.db.execute(f"DELETE FROM {table} WHERE filing_uuid = ?", [uuid])  # noqa: S608
        for position, item in enumerate(items, 1):
            row = dict(item)
            if lobbyist := row.pop("lobbyist", None):
                self._under_registrant("lobbyists", lobbyist)
                row["lobbyist_id"] = lobbyist["id"]
            _write(self.db, "INSERT INTO", table, {"filing_uuid": uuid, "position": position, **row})

    def _replace_activities(self, uuid: str, activities: Iterable[Row], registrant: Row | None) -> None:
        for table in ("activity_lobbyists", "activity_government_entities"):  # not by cascade: see rebuild
            self.db.execute(
                f"DELETE FROM {table} WHERE activity_id IN (SELECT id FROM activities WHERE filing_uuid = ?)",  # noqa: S608
                [uuid],
            )
        self.db.execute("DELETE FROM activities WHERE filing_uuid = ?", [uuid])
        for position, activity in enumerate(activities, 1):
            row = {k: v for k, v in activity.items() if not isinstance(v, list)}
            cursor = self.db.execute(
                _insert("INSERT INTO", "activities", ("filing_uuid", "position", *row)),
                [uuid, position, *row.values()],
            )
            key = {"activity_id": cursor.lastrowid}
            for place, listed in enumerate(activity.get("lobbyists", ()), 1):
                self._under_registrant("lobbyists", listed["lobbyist"], registrant)
                listing = {k: v for k, v in listed.items() if k != "lobbyist"}
                lobbyist = {"position": place, "lobbyist_id": listed["lobbyist"]["id"]}
                _write(self.db, "INSERT INTO", "activity_lobbyists", {**key, **lobbyist, **listing})
            for place, entity in enumerate(activity.get("government_entities", ()), 1):
                named = {"id": entity["id"], "name": entity["name"] or f"government entity {entity['id']}"}
                _write(self.db, "INSERT OR IGNORE INTO", "government_entities", named)
                row = {"position": place, "government_entity_id": entity["id"]}
                _write(self.db, "INSERT INTO", "activity_government_entities", {**key, **row})

    def _activities_alone(self, record: Record) -> str:
        """Activities for a filing on file, from a file that knows nothing else of it.

        Richer activities (with lobbyists) that are there already are kept.
        """
        uuid = record.data["filing_uuid"]
        if not self.db.execute("SELECT 1 FROM filings WHERE filing_uuid = ?", [uuid]).fetchone():
            raise LobbyxError(f"activities of filing {uuid}: that filing is not on file; load it first")
        given = [
            (
                a["general_issue_code"],
                a["description"],
                [e["id"] for e in a["government_entities"]],
            )
            for a in record.data["lobbying_activities"]
        ]
        on_file = [
            (
                row["general_issue_code"],
                row["description"],
                [
                    e[0]
                    for e in self.db.execute(
                        "SELECT government_entity_id FROM activity_government_entities "
                        "WHERE activity_id = ? ORDER BY position",
                        [row["id"]],
                    )
                ],
            )
            for row in self.db.execute("SELECT * FROM activities WHERE filing_uuid = ? ORDER BY position", [uuid])
        ]
        richer = self.db.execute(
            "SELECT 1 FROM activity_lobbyists JOIN activities ON activities.id = activity_id WHERE filing_uuid = ?",
            [uuid],
        ).fetchone()
        if given == on_file or richer:
            return "unchanged"
        self._replace_activities(uuid, record.data["lobbying_activities"], None)
        return "changed" if on_file else "added"
