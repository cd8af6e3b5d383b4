"""Datasette plugin: pages, readable tables, stored queries and cells for a lobbyx database.

`views.py` has the pages; `contents.py`, `organization.py` and `checking.py` what they show; `svg.py` the charts;
`access.py` who may see what; `headers.py` what goes with every answer.

The plugin is registered by entry point, so `datasette db/lobbyx.db` shows the same as `lobbyx serve`. Other databases
that are open at the same time are left alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml
from datasette import hookimpl
from markupsafe import Markup, escape

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    import sqlite3

    from datasette.app import Datasette

MONEY = {
    "income",
    "expenses",
    "amount",
    "low",
    "reported",
    "high",
    "today_reported",
    "contribution",
    "lda",
    "gross",
    "all_filings",
    "in_house",
    "outside",
}
LISTS = {"holds_under", "reproduced_by", "missing", "reasons"}
ROWS_OF = {
    "filing_uuid": "filings",
    "organization_id": "organizations",
    "other_id": "organizations",
    "firm_id": "firms",
    "person_id": "lobbyists",
    "registrant_id": "registrants",
    "client_id": "clients",
    "lobbyist_id": "lobbyists",
    "activity_id": "activities",
    "government_entity_id": "government_entities",
    "claim_id": "claims",
    "verdict_id": "verdicts",
    "fetch_id": "fetches",
}
"""The table a column links to on views, queries and row pages. Datasette links foreign keys only in lists of rows."""


@cache
def metadata() -> dict[str, Any]:
    """The contents of metadata.yaml."""
    loaded: dict[str, Any] = yaml.safe_load((files("lobbyx") / "site/metadata.yaml").read_text(encoding="utf-8"))
    return loaded


def ours(datasette: Datasette) -> set[str]:
    """Names of the open databases that lobbyx made, as `startup` found them."""
    found: set[str] = getattr(datasette, "_lobbyx_databases", set())
    return found


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Finds the open databases that are ours."""

    from datasette import handle_exception

    # Where rich is installed, as it is with lobbyx, Datasette 0.65 prints every error with it, and fails itself (status
    # 500) on an address that no page has, which is no exception to print.
    if hasattr(handle_exception, "rich"):
        handle_exception.rich = None

    async def look() -> None:
        found = {
            name
            for name, database in datasette.databases.items()
            if name != "_internal" and "ledger_lines" in await database.table_names()
        }
        datasette._lobbyx_databases = found

    return look


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """The SQL functions `lda_normalize` and `lda_period`."""
    from lobbyx.database.functions import register

    register(conn)


@hookimpl
def get_metadata(datasette: Datasette, key: str | None) -> dict[str, Any]:
    """Descriptions, units, facets and labels of our tables.

    Datasette asks for one key, `allow` a hundred times a page, and looks for it on every level of what it gets.
    """
    names = ours(datasette)
    if not names or (key is not None and key not in _keys()):
        return {}
    known = metadata()
    about = {name: value for name, value in known.items() if name not in ("tables", "queries", "title")}
    tables = {**known["tables"], "_sqlite_migrations": {"hidden": True}}  # of sqlite-utils, in migrated databases
    # Each a copy: Datasette writes the owner's own metadata, permissions too, into what it gets.
    databases = {name: deepcopy({**about, "tables": tables}) for name in names}
    return {"title": known["title"], **about, "databases": databases}


@cache
def _keys() -> frozenset[str]:
    """The keys of what `get_metadata` gives, on all levels that Datasette looks at."""
    known = metadata()
    return frozenset({"databases", "tables", *known, *(key for about in known["tables"].values() for key in about)})


@hookimpl
def canned_queries(datasette: Datasette, database: str) -> dict[str, Any]:
    """The stored queries of metadata.yaml."""
    return dict(metadata()["queries"]) if database in ours(datasette) else {}


@hookimpl
def permission_allowed(
    datasette: Datasette, actor: Any, action: str, resource: Any
) -> Callable[[], Awaitable[bool | None]]:
    """No stored query of ours for a visitor who may not see a table that it reads. Datasette decides the rest."""

    async def decided() -> bool | None:
        if action != "view-query" or resource is None or resource[0] not in ours(datasette):
            return None
        from lobbyx.site import access

        query = metadata()["queries"].get(resource[1])
        tables = set(re.findall(r"\w+", query["sql"])) & metadata()["tables"].keys() if query else set()
        shown = [await access.visible(datasette, actor, resource[0], table) for table in sorted(tables)]
        return None if all(shown) else False

    return decided


@hookimpl
def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    """Dollars with separators, lists as words, links for views without foreign keys. Datasette renders the rest."""
    if value is None or database not in ours(datasette):
        return None
    if page := {("verdicts", "verdict"): "verdict", ("organizations", "name"): "organization"}.get(
        (table or "", column)
    ):
        link = Markup('<a href="{}/{}/{}">{}</a>')
        return link.format(datasette.urls.path("/-/lobbyx"), page, row["id"], value)
    if isinstance(value, int | float) and (column in MONEY or (table, column) == ("claims", "value")):
        return escape(f"${value:,.2f}".removesuffix(".00"))
    if column in LISTS and isinstance(value, str):
        return _list(value)
    if isinstance(value, int | str) and (target := _target(table, column)):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.row(database, target, str(value)), value)
    return None


def _target(table: str | None, column: str) -> str | None:
    """The table of the row that a cell names, if that is another row."""
    if (table, column) == ("clients", "client_id"):  # the registrant's own numbering
        return None
    if column == "filing_uuid" and table in ("contributions", "contribution_items", "contribution_pacs"):
        target: str | None = "contributions"
    else:
        target = ROWS_OF.get(column)
    return None if target == table else target


def _list(value: str) -> Markup | None:
    try:
        items = json.loads(value)
    except ValueError:
        return None
    return escape(", ".join(map(str, items))) if isinstance(items, list) else None


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Our pages, under /-/lobbyx."""
    from lobbyx.site.views import ROUTES

    return list(ROUTES)


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """Our pages in Datasette's menu."""
    if not ours(datasette):
        return []
    pages = (("check", "Check a claim"), ("search", "Search"), ("topic", "Topics"), ("review", "Names to review"))
    return [{"href": datasette.urls.path(f"/-/lobbyx/{path}"), "label": label} for path, label in pages]


@hookimpl
def extra_template_vars(
    datasette: Datasette, view_name: str | None, request: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What the home page shows: ours where a lobbyx database is open that the visitor may see, else Datasette's."""

    async def known() -> dict[str, Any]:
        if view_name != "index" or request is None or not ours(datasette):
            return {}
        from lobbyx.database.connection import OtherVersion
        from lobbyx.site import access, headers, responses, views

        try:
            home = await views.front(datasette, request) if await access.may_open(datasette, request) else None
        except OtherVersion as problem:
            return {"lobbyx_problem": str(problem)}
        except access.NotAllowed:
            home = None
        if home is None:
            return {}
        request.scope.get(headers.MARK, {})["home"] = True
        words = {
            **responses.shared(datasette, request),
            "lobbyx_databases": await access.to_open(datasette, request),
        }
        return {"lobbyx_home": responses.printable(home), **words}

    return known


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Headers that keep our pages from loading anything from elsewhere or sending anything there."""

    def wrapped(app: Any) -> Any:
        from lobbyx.site import headers

        return headers.wrap(datasette, app)

    return wrapped


def tables_markdown() -> str:
    """The tables of the schema with their columns and what they hold, for db/README.md."""
    import sqlite3

    from lobbyx.database.schema import schema, tables

    db = sqlite3.connect(":memory:")
    db.executescript(schema())
    opened = tables(db)
    views = opened.view_names()
    lines = []
    for name, about in metadata()["tables"].items():
        # Not sqlite-utils' columns, which leave generated ones out.
        columns = db.execute(f"PRAGMA table_xinfo({name})").fetchall()
        keys = {} if name in views else {key.column: key.other_table for key in opened.table(name).foreign_keys}
        notes = about.get("columns", {})
        lines += [f"### {name}", "", about["description"], "", "| column | holds |", "|---|---|"]
        for _, column, kind, *_ in columns:
            parts = [kind.lower(), f"→ {keys[column]}" if column in keys else "", notes.get(column, "")]
            lines.append(f"| `{column}` | {'; '.join(p for p in parts if p)} |")
        lines.append("")
    db.close()
    return "\n".join(lines)
