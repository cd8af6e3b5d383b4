"""Answers as HTML, JSON or a download, and errors in plain words."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lobbyx.model.errors import LobbyxError
from lobbyx.model.said import Said, said
from lobbyx.model.texts import Language, text
from lobbyx.render import csv_table
from lobbyx.render.text import MARKS, clean
from lobbyx.site import access, language, ours
from lobbyx.site.contents import NoSuchPage
from lobbyx.stored_claims import records

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response


class BadRequest(LobbyxError):
    """A request that cannot be read. The message says why."""


class PageAddress(BadRequest):
    """The address of a page where a text is wanted."""


class Busy(LobbyxError):
    """More is asked at once than the site does; `seconds` says when to come back."""

    def __init__(self, message: Said, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


Page = Callable[["Datasette", "Request"], Any]


def page(view: Page) -> Page:
    """What all pages share: permissions, errors in plain words."""

    async def shown(datasette: Datasette, request: Request) -> Response:
        if not ours(datasette):
            return await error(datasette, request, 404, NoSuchPage(said("problem.no_database")))
        if not await access.may_open(datasette, request):
            refusal = access.NotAllowed(said("problem.database_not_allowed"))
            return await error(datasette, request, 403, refusal)
        try:
            answer: Response = await view(datasette, request)
        except NoSuchPage as missing:
            answer = await error(datasette, request, 404, missing)
        except access.NotAllowed as refused:
            answer = await error(datasette, request, 403, refused)
        except Busy as busy:
            answer = await error(datasette, request, 503, busy)
            answer.headers["retry-after"] = str(busy.seconds)
        except LobbyxError as problem:
            answer = await error(datasette, request, 400, problem)
        except sqlite3.OperationalError as problem:
            if "interrupted" not in str(problem):
                raise
            too_long = Busy(said("problem.too_long"), 5)
            answer = await error(datasette, request, 503, too_long)
        return answer

    return shown


async def error(datasette: Datasette, request: Request, status: int, problem: LobbyxError) -> Response:
    """What went wrong, as a page or as JSON."""
    if form(request) != "html":
        return as_json(datasette, {"ok": False, "error": str(problem)}, status)
    tongue = language.of(request.scope)
    if isinstance(problem.told, Said):
        message = problem.told.words(tongue)
    else:  # what no visitor causes, such as a file that is gone: for the owner, in English
        message = str(problem) if tongue == "en" else text("error.other", tongue)
    told = {"message": message, "status": status}
    return await html(datasette, request, "lobbyx_error.html", told, status)


def number_of(request: Request, what: str) -> int:
    """The id in the address. Raises NoSuchPage where no row can have it."""
    given = str(request.url_vars["id"])
    if given.startswith("-") or len(given) > len(str(records.LARGEST_ID)) or int(given) > records.LARGEST_ID:
        raise NoSuchPage(said(f"problem.no_{what}", number=given[:40]))
    return int(given)


def form(request: Request) -> str:
    """`html`, `json`, `csv`, `claimreview.json`, `svg` or `png`. oEmbed has no page, so its answers are JSON."""
    if request.path.endswith("/-/lobbyx/oembed"):
        return "json"
    return (request.url_vars.get("format") or ".html").removeprefix(".")


def as_json(datasette: Datasette, document: Any, status: int = 200) -> Response:
    """A JSON answer. Pages of other sites may read it only where the owner started Datasette with `--cors`."""
    from datasette.utils import add_cors_headers
    from datasette.utils.asgi import Response

    headers: dict[str, str] = {}
    if datasette.cors:
        add_cors_headers(headers)
    body = json.dumps(document, ensure_ascii=False, default=str)
    return Response(body, status=status, headers=headers, content_type="application/json; charset=utf-8")


def printable(value: Any) -> Any:
    """The same for a page: texts without characters that turn, hide or control what a reader sees.

    Each gives way to one space, so that places in a text stay where they are. Markup stays markup.
    """
    if isinstance(value, Markup):
        return Markup(_printable(value))  # noqa: S704  # what was escaped stays escaped
    if isinstance(value, str):
        return _printable(value)
    if isinstance(value, dict):
        return {printable(key): printable(inside) for key, inside in value.items()}
    if isinstance(value, list | tuple):
        return [printable(inside) for inside in value]
    return value


def _printable(text: str) -> str:
    return "".join(c if c == "\n" else clean(c) for c in text) if not text.isprintable() else str(text)


async def html(
    datasette: Datasette, request: Request, template: str, context: dict[str, Any], status: int = 200
) -> Response:
    """A page of ours."""
    from datasette.utils.asgi import Response

    known = {**shared(datasette, request), **context, "write": access.may_write(datasette)}
    known["lobbyx_databases"] = await access.to_open(datasette, request)
    body = await datasette.render_template(template, printable(known), request=request)
    return Response.html(body, status=status)


def shared(datasette: Datasette, request: Request) -> dict[str, Any]:
    """What every template of ours may use: `t` for texts, the language, and the way to the other one."""
    words = language.Words(language.of(request.scope))
    other: Language = "ko" if words.language == "en" else "en"
    return {
        "t": words,
        "language": words.language,
        "other_language": other,
        "other_address": language.other_address(request.scope, other),
        "marks": MARKS,
        "base": datasette.urls.path("/-/lobbyx"),
    }


def as_csv(rows: list[dict[str, Any]], name: str) -> Response:
    """Rows as a download."""
    from datasette.utils.asgi import Response

    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(csv_table.as_csv(rows))
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(buffer.getvalue(), headers=headers, content_type="text/csv; charset=utf-8")
