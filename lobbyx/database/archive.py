"""Filings of the Senate's archive beside those of the API: who counts, and whose ids stay.

The API's record of a filing is the richer one: it replaces the archive's with everything in it, never the other way
round. The archive knows a client by registrant and the registrant's number, a lobbyist by registrant and name; they
have ids below zero until the API's record of the same is on file, to which their filings then move. So the tables are
the same whichever source is loaded first. Everything here runs inside the writer's transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from lobbyx.database.connection import insert_sql
from lobbyx.lda.api_schema import Row
from lobbyx.lda.bulk_records import person_key
from lobbyx.lda.records import Record

NAMED = ("registrants", "clients", "lobbyists")
"""Those whom filings name by id; each refers only to those before it."""
DATED = ("registrants", "clients")
"""Those whose rows tell how new the archive file was that had them so. A lobbyist's row has only the name."""


def ids(values: Iterable[Any]) -> str:
    """A list of ids as one parameter, for `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(sorted(values))


def as_of(records: Sequence[Record]) -> str:
    """How new one archive file is, by its last filing; reports before contribution reports, which tell less.

    Names in the archive are those of the day it was made, so its newest file has the newest ones.
    """
    reports = [record for record in records if record.kind == "filing"]
    chosen = reports or records
    last = max((str(_cell(record.row, "dt_posted")) for record in chosen), default="")
    return f"{'reports' if reports else 'contributions'} {last[:10]}"


def _cell(row: Row, name: str) -> Any:
    return row[1][row[0].index(name)]


def relate(db: sqlite3.Connection, people: Mapping[str, Mapping[int, Row]], kept: Sequence[Record], stamp: str) -> None:
    """Writes the registrants, clients and lobbyists of the filings that are kept.

    What the API or a CSV file says of them stays; of two archive files the newer one counts, even where its own filing
    is not kept.
    """
    needed: defaultdict[str, set[int]] = defaultdict(set)
    for record in kept:
        columns, values = record.row
        for column, value in zip(columns, values, strict=True):
            if column in ("registrant_id", "client_id", "lobbyist_id") and value is not None:
                needed[column.replace("_id", "s")].add(value)
        needed["lobbyists"].update(one for _, listed, _ in record.activities or () for one, _, _ in listed)
    for table in DATED:
        on_file = f"SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
        needed[table].update(row[0] for row in db.execute(on_file, [ids(people[table])]))
    for table in NAMED:
        dated = (stamp,) if table in DATED else ()
        for identifier in sorted(needed[table]):
            columns, values = people[table][identifier]
            db.execute(_newest(table, columns), (*values, *dated))


@cache
def _newest(table: str, columns: tuple[str, ...]) -> str:
    """Inserts a row of the archive, or changes that of an older archive file. Ties are decided by the values."""
    dated = ("archive_as_of",) if table in DATED else ()
    sql = insert_sql("INSERT INTO", table, (*columns, *dated))
    compared = (*dated, *(column for column in columns if column not in ("id", "effective_date")))
    settings = ", ".join(f'"{column}" = excluded."{column}"' for column in compared)
    old = ", ".join(f"coalesce({table}.\"{column}\", '')" for column in compared)
    new = ", ".join(f"coalesce(excluded.\"{column}\", '')" for column in compared)
    of_archive = f"{table}.archive_as_of IS NOT NULL" if dated else f"{table}.id < 0"
    return f"{sql} ON CONFLICT (id) DO UPDATE SET {settings} WHERE {of_archive} AND ({new}) > ({old})"


def keep_names(db: sqlite3.Connection, records: Sequence[Record]) -> None:
    """Keeps every name the archive has for a registrant or client that is on file under another.

    Also those in filings the API has replaced: what a record was called is worth knowing whoever tells it. And the
    latest day on which a registration of a client took effect.
    """
    registrants: set[tuple[int, str]] = set()
    clients: dict[int, Row] = {}
    names: list[dict[str, Any]] = []
    effective: dict[int, str] = {}
    for record in records:
        for table, row in record.related:
            if table == "registrants":
                registrants.add((_cell(row, "id"), _cell(row, "name")))
            elif table == "clients":
                clients[row[1][0]] = row
                if day := _cell(row, "effective_date"):
                    effective[row[1][0]] = max(day, effective.get(row[1][0], ""))
        if record.kind == "filing":
            client = clients[_cell(record.row, "client_id")]
            number, name = _cell(client, "client_id"), _cell(client, "name")
            names.append({"filing": record.key, "number": number, "name": name})
    db.executemany(
        "INSERT OR IGNORE INTO registrant_former_names "
        "SELECT id, :name FROM registrants WHERE id = :id AND name <> :name",
        [{"id": identifier, "name": name} for identifier, name in sorted(registrants)],
    )
    db.executemany(
        "INSERT OR IGNORE INTO client_former_names "
        "SELECT c.id, :name FROM filings f JOIN clients c ON c.id = f.client_id "
        "WHERE f.filing_uuid = :filing AND c.client_id = :number AND c.name <> :name",
        names,
    )
    db.executemany(
        "UPDATE clients SET effective_date = :day WHERE id = :id AND coalesce(effective_date, '') < :day",
        [{"id": identifier, "day": day} for identifier, day in sorted(effective.items())],
    )
    forget_present_names(db, {registrant for registrant, _ in registrants}, clients)


def hand_over_names(db: sqlite3.Connection, clients: Iterable[tuple[int, str]]) -> None:
    """Keeps the names of archive clients with the clients that filings they had (by UUID) have now.

    Unless the registrant's number has changed: then the API says that it was somebody else's filing.
    """
    pairs = [{"old": client, "filing": filing} for client, filing in clients]
    now = (
        "FROM filings f JOIN clients c ON c.id = f.client_id "
        "JOIN clients o ON o.id = :old AND o.client_id = c.client_id"
    )
    db.executemany(
        f"INSERT OR IGNORE INTO client_former_names SELECT c.id, o.name {now} "
        "WHERE f.filing_uuid = :filing AND c.id <> o.id AND c.name <> o.name",
        pairs,
    )
    db.executemany(
        f"INSERT OR IGNORE INTO client_former_names SELECT c.id, n.name {now} "
        "JOIN client_former_names n ON n.client_id = o.id "
        "WHERE f.filing_uuid = :filing AND c.id <> o.id AND c.name <> n.name",
        pairs,
    )


def forget_present_names(db: sqlite3.Connection, registrants: Iterable[int], clients: Iterable[int]) -> None:
    """Removes from the former names the one that a registrant or client has now; a newer source may bring it back."""
    for who, identifiers in (("registrant", registrants), ("client", clients)):
        db.execute(
            f"DELETE FROM {who}_former_names WHERE {who}_id IN (SELECT value FROM json_each(?)) "  # noqa: S608
            f"AND name = (SELECT name FROM {who}s WHERE id = {who}_id)",
            [ids(identifiers)],
        )


def make_way(db: sqlite3.Connection, registrants: Iterable[int]) -> set[int]:
    """Empties the archive's rows of those registrants of whom another source now tells, and says who they are.

    Their names stay until that source's row is written, to be kept as former ones.
    """
    where = "archive_as_of IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
    wanted = ids(registrants)
    found = {row[0] for row in db.execute(f"SELECT id FROM registrants WHERE {where}", [wanted])}  # noqa: S608
    if not found:
        return found
    columns = [row[1] for row in db.execute("PRAGMA table_info(registrants)")]
    emptied = ", ".join(f'"{c}" = NULL' for c in columns if c not in ("id", "name", "firm_id"))
    db.execute(f"UPDATE registrants SET {emptied} WHERE {where}", [wanted])  # noqa: S608
    return found


def clear(db: sqlite3.Connection, table: str, filings: Iterable[str]) -> None:
    """Empties the columns of archive filings that another source replaces."""
    columns = db.execute(f"PRAGMA table_info({table})").fetchall()
    emptied = ", ".join(f'"{c["name"]}" = NULL' for c in columns if not c["notnull"] and not c["pk"])
    where = "filing_uuid IN (SELECT value FROM json_each(?))"
    db.execute(f"UPDATE {table} SET {emptied} WHERE {where}", [ids(filings)])  # noqa: S608


def adopt(db: sqlite3.Connection, registrants: Iterable[int]) -> None:
    """Moves the filings of the archive's clients and lobbyists to the API's records of the same, of these registrants.

    A client is the same by the registrant's number, and where several have that number by its name as well; a lobbyist
    by name, if only one of the registrant's has it.
    """
    wanted = ids(registrants)
    if db.execute("SELECT 1 FROM clients WHERE id < 0 LIMIT 1").fetchone():
        _adopt_clients(db, wanted)
    if db.execute("SELECT 1 FROM lobbyists WHERE id < 0 LIMIT 1").fetchone():
        _adopt_lobbyists(db, wanted)


def _adopt_clients(db: sqlite3.Connection, wanted: str) -> None:
    same: defaultdict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for row in db.execute(
        "SELECT s.id, s.name, a.id, a.name FROM clients s JOIN clients a ON a.registrant_id = s.registrant_id "
        "AND a.client_id = s.client_id AND a.id > 0 "
        "WHERE s.id < 0 AND s.registrant_id IN (SELECT value FROM json_each(?))",
        [wanted],
    ):
        same[row[0], row[1]][row[2]] = row[3]
    pairs = []
    for (synthetic, name), found in same.items():
        alike = [real for real, its in found.items() if its.casefold() == name.casefold()] or list(found)
        if len(alike) == 1:
            pairs.append({"real": alike[0], "synthetic": synthetic})
    if not pairs:
        return
    _touch(db, [value for pair in pairs for value in pair.values()])
    for sql in (
        "UPDATE filings SET client_id = :real WHERE client_id = :synthetic",
        "INSERT OR IGNORE INTO client_former_names SELECT a.id, s.name FROM clients a, clients s "
        "WHERE a.id = :real AND s.id = :synthetic AND s.name <> a.name",
        "INSERT OR IGNORE INTO client_former_names SELECT a.id, n.name FROM clients a, client_former_names n "
        "WHERE a.id = :real AND n.client_id = :synthetic AND n.name <> a.name",
        "DELETE FROM client_former_names WHERE client_id = :synthetic",
        "DELETE FROM clients WHERE id = :synthetic",
    ):
        db.executemany(sql, pairs)


def _adopt_lobbyists(db: sqlite3.Connection, wanted: str) -> None:
    names = "last_name, first_name, middle_name, suffix"
    mine = db.execute(
        f"SELECT registrant_id, id, {names} FROM lobbyists WHERE id < 0 "  # noqa: S608
        "AND registrant_id IN (SELECT value FROM json_each(?))",
        [wanted],
    ).fetchall()
    if not mine:
        return
    theirs: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    for registrant, identifier, *name in db.execute(
        f"SELECT registrant_id, id, {names} FROM lobbyists WHERE id > 0 "  # noqa: S608
        "AND registrant_id IN (SELECT value FROM json_each(:wanted)) "
        f"UNION SELECT c.registrant_id, l.id, {names} FROM contributions c JOIN lobbyists l ON l.id = c.lobbyist_id "
        "WHERE l.id > 0 AND c.registrant_id IN (SELECT value FROM json_each(:wanted))",
        {"wanted": wanted},
    ):
        theirs[registrant, person_key(*name)].add(identifier)
    pairs = []
    for registrant, synthetic, *name in mine:
        found = theirs.get((registrant, person_key(*name)), set())
        if len(found) == 1:
            pairs.append((next(iter(found)), synthetic))
    for table in ("activity_lobbyists", "contributions", "conviction_disclosures"):
        db.executemany(f"UPDATE {table} SET lobbyist_id = ? WHERE lobbyist_id = ?", pairs)  # noqa: S608
    remove_unused(db, (), [synthetic for _, synthetic in pairs])


def remove_unused(db: sqlite3.Connection, clients: Collection[int], lobbyists: Collection[int]) -> None:
    """Removes those of these archive clients and lobbyists to whom no filing points any more."""
    if not clients and not lobbyists:
        return
    unused = [
        row[0]
        for row in db.execute(
            "SELECT id FROM clients c WHERE id < 0 AND id IN (SELECT value FROM json_each(?)) "
            "AND NOT EXISTS (SELECT 1 FROM filings WHERE client_id = c.id)",
            [ids(clients)],
        )
    ]
    _touch(db, unused)
    for table, column in (("client_former_names", "client_id"), ("clients", "id")):
        db.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", [ids(unused)])  # noqa: S608
    gone = [
        row[0]
        for row in db.execute(
            "SELECT id FROM lobbyists l WHERE id < 0 AND id IN (SELECT value FROM json_each(?)) "
            "AND NOT EXISTS (SELECT 1 FROM activity_lobbyists WHERE lobbyist_id = l.id) "
            "AND NOT EXISTS (SELECT 1 FROM contributions WHERE lobbyist_id = l.id)",
            [ids(lobbyists)],
        )
    ]
    where = "IN (SELECT value FROM json_each(?))"
    db.execute(f"UPDATE lobbyists SET person_id = NULL WHERE person_id {where}", [ids(gone)])  # noqa: S608
    db.execute(f"DELETE FROM lobbyists WHERE id {where}", [ids(gone)])  # noqa: S608


def _touch(db: sqlite3.Connection, clients: Collection[int]) -> None:
    """Notes that the ledger of these clients' organizations must be derived again; some are about to be deleted."""
    if not clients:
        return
    db.execute(
        "INSERT OR IGNORE INTO touched_clients SELECT id FROM clients WHERE id IN (SELECT value FROM json_each(:ids)) "
        "OR organization_id IN (SELECT organization_id FROM clients WHERE id IN (SELECT value FROM json_each(:ids)))",
        {"ids": ids(clients)},
    )
