"""Who may see what: the permissions of the tables that a page reads, and the addresses a writing site answers at."""

from __future__ import annotations

import ipaddress
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from lobbyx.database import connection
from lobbyx.model.errors import LobbyxError
from lobbyx.model.said import said
from lobbyx.site import ours

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

T = TypeVar("T")
LONGEST_QUERY: Final = 8.0
"""Seconds of database work a page may take."""
LOCAL: Final = ("localhost", "127.0.0.1", "::1")
EVERYWHERE: Final = ("", "0.0.0.0", "::")  # noqa: S104 (compared with, not listened on)
SQLITE_OWN: Final = ("sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_sequence", "sqlite_stat1")


class NotAllowed(LobbyxError):
    """The visitor may not see a table that the page needs."""


def database(datasette: Datasette) -> str:
    """The name of the first lobbyx database, which the pages are about."""
    return min(ours(datasette))


def may_write(datasette: Datasette) -> bool:
    """Whether the owner lets visitors store checks and decisions."""
    return bool(_config(datasette).get("write"))


def _config(datasette: Datasette) -> dict[str, Any]:
    return dict(datasette.plugin_config("lobbyx") or {})


async def ask(datasette: Datasette, request: Request, question: Callable[[sqlite3.Connection], T]) -> T:
    """The result of a function over the first lobbyx database, within a time limit.

    Raises NotAllowed where it read a table that Datasette would not show this visitor, whatever else it raised: that
    something is not there is also told only to those who may look.
    """
    read: set[str] = set()

    def bounded(db: sqlite3.Connection) -> T:
        until = time.monotonic() + LONGEST_QUERY
        db.set_progress_handler(lambda: int(time.monotonic() > until), 10_000)

        # SQLite names each table that a statement will read; it asks anew about statements it has prepared before.
        def note(action: int, table: str | None, *_: str | None) -> int:
            if action == sqlite3.SQLITE_READ and table:
                read.add(table)
            return sqlite3.SQLITE_OK

        db.set_authorizer(note)
        try:
            connection.require_current(db, Path(db.execute("PRAGMA database_list").fetchone()[2]).name)
            return question(db)
        finally:
            db.set_authorizer(None)
            db.set_progress_handler(None, 0)

    try:
        answer: T = await datasette.get_database(database(datasette)).execute_fn(bounded)
    except LobbyxError:
        await require(datasette, request, read)
        raise
    await require(datasette, request, read)
    return answer


async def require(datasette: Datasette, request: Request, tables: set[str]) -> None:
    """Raises NotAllowed if the visitor may not see one of the tables."""
    for table in sorted(tables.difference(SQLITE_OWN)):
        if not await visible(datasette, request.actor, database(datasette), table):
            raise NotAllowed(said("problem.table_not_allowed", table=table))


async def may_open(datasette: Datasette, request: Request) -> bool:
    """Whether the visitor may see the database that the pages are about."""
    return await visible(datasette, request.actor, database(datasette))


async def to_open(datasette: Datasette, request: Request) -> list[str]:
    """The names of the lobbyx databases that the visitor may see."""
    return [name for name in sorted(ours(datasette)) if await visible(datasette, request.actor, name)]


async def visible(datasette: Datasette, actor: Any, name: str, table: str | None = None) -> bool:
    """Whether Datasette would show the visitor a database or, if one is given, a table of it."""
    if hasattr(datasette, "permission_allowed"):
        # The nearest rule decides: the table's, else the database's, else that of the whole site.
        levels: list[Any] = [("view-table", (name, table))] if table else []
        visible, _ = await datasette.check_visibility(
            actor, permissions=[*levels, ("view-database", name), "view-instance"]
        )
        return bool(visible)
    from datasette.resources import DatabaseResource, TableResource  # Datasette 1.0

    if table:
        resource = TableResource(database=name, table=table)
        return bool(await datasette.allowed(action="view-table", resource=resource, actor=actor))
    return bool(await datasette.allowed(action="view-database", resource=DatabaseResource(name), actor=actor))


# Addresses ---------------------------------------------------------------------------------------------------------


def addresses(host: str, port: int) -> list[str]:
    """What `Host` may say to a site that listens there: the plugin's setting `hosts`. `host:port`; port 0 is any."""
    suffix = f":{port}" if port else ""
    names = dict.fromkeys([*LOCAL, *([] if host in EVERYWHERE else [host.strip("[]")])])
    numbers = ["*"] if host in EVERYWHERE else []
    return [f"[{name}]{suffix}" if ":" in name else f"{name}{suffix}" for name in [*names, *numbers]]


def refusal(datasette: Datasette, scope: Any) -> str | None:
    """Why a site that may be written to does not answer a request; None if it does.

    A page elsewhere can let its own name point to this machine (DNS rebinding); the browser then takes this site for
    that page's own, with cookie and token. Its requests still carry the name in `Host`, and in `Origin`.
    """
    if not may_write(datasette):
        return None
    allowed = [str(one) for one in _config(datasette).get("hosts") or addresses("localhost", 0)]
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
    if len(hosts) != 1 or not any(_same(hosts[0], one) for one in allowed):
        return "This site can be written to, so it only answers at its own address."
    for name, value in scope["headers"]:
        if name.lower() == b"origin":
            origin = urlsplit(value.decode("latin-1"))
            if origin.scheme not in ("http", "https") or not any(_same(origin.netloc, one) for one in allowed):
                return "This was sent from a page of another site."
    return None


def _same(given: str, allowed: str) -> bool:
    """Whether `Host` names an allowed address. `*` stands for any address in numbers: a number cannot be rebound."""
    host, port = _parts(given)
    wanted, wanted_port = _parts(allowed)
    if host is None or (wanted_port is not None and (port or 80) != wanted_port):
        return False
    return host == wanted or (wanted == "*" and _is_number(host))


def _parts(address: str) -> tuple[str | None, int | None]:
    try:
        parts = urlsplit(f"//{address}")
        return (parts.hostname, parts.port) if address == parts.netloc and "@" not in address else (None, None)
    except ValueError:
        return None, None


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
