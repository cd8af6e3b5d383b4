"""The pages: read the request, let `contents.py` find the answer, show it as HTML, JSON or a download.

Nothing is written unless the owner started `lobbyx serve --write`.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from lobbyx.accounting import derive
from lobbyx.database import connection
from lobbyx.ledger import Ledger
from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import Window, span, window
from lobbyx.organizations import decisions
from lobbyx.reading.source import Source
from lobbyx.render import csv_table
from lobbyx.render.text import MARKS
from lobbyx.site import contents, svg
from lobbyx.stored_claims import claimreview, records
from lobbyx.verdicts import OUTCOMES
from lobbyx.verdicts.explanation import Cents, Compared, shown

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

T = TypeVar("T")
LONGEST_QUERY = 8.0
"""Seconds of database work a page may take."""
STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""For our pages: no script at all."""
OTHERS = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For Datasette's own pages, whose templates contain scripts. Nothing is loaded from elsewhere."""

WORDS = {
    "supported": "Supported",
    "refuted": "Refuted",
    "depends_on_method": "Depends on the method",
    "within_rounding": "Within rounding",
    "unverifiable": "Unverifiable",
}


class BadRequest(LobbyxError):
    """A request that cannot be read. The message says why."""


def _database(datasette: Datasette) -> str:
    """The name of the first lobbyx database, which the pages are about."""
    return str(min(datasette._lobbyx_databases))


async def ask(datasette: Datasette, question: Callable[[sqlite3.Connection], T]) -> T:
    """The result of a function over the first lobbyx database, within a time limit."""

    def bounded(db: sqlite3.Connection) -> T:
        until = time.monotonic() + LONGEST_QUERY
        db.set_progress_handler(lambda: int(time.monotonic() > until), 10_000)
        try:
            connection.require_current(db, Path(db.execute("PRAGMA database_list").fetchone()[2]).name)
            return question(db)
        finally:
            db.set_progress_handler(None, 0)

    answer: T = await datasette.get_database(_database(datasette)).execute_fn(bounded)
    return answer


def may_write(datasette: Datasette) -> bool:
    """Whether the owner lets visitors store checks and decisions."""
    return bool((datasette.plugin_config("lobbyx") or {}).get("write"))


async def _allowed(datasette: Datasette, request: Request) -> bool:
    if not hasattr(datasette, "permission_allowed"):  # Datasette 1.0
        from datasette.resources import DatabaseResource

        return bool(
            await datasette.allowed(
                action="view-database", resource=DatabaseResource(_database(datasette)), actor=request.actor
            )
        )
    return bool(
        await datasette.permission_allowed(request.actor, "view-database", resource=_database(datasette), default=True)
    )


Page = Callable[["Datasette", "Request"], Any]


def page(view: Page) -> Page:
    """What all pages share: permissions, errors in plain words, headers."""

    async def shown(datasette: Datasette, request: Request) -> Response:
        if not getattr(datasette, "_lobbyx_databases", None):
            return await _error(datasette, request, 404, "No lobbyx database is open here.")
        if not await _allowed(datasette, request):
            return await _error(datasette, request, 403, "You do not have permission to open this database.")
        try:
            answer: Response = await view(datasette, request)
        except contents.NoSuchPage as missing:
            answer = await _error(datasette, request, 404, str(missing))
        except LobbyxError as problem:
            answer = await _error(datasette, request, 400, str(problem))
        except sqlite3.OperationalError as problem:
            if "interrupted" not in str(problem):
                raise
            answer = await _error(datasette, request, 503, "This took too long. Narrow the dates and try again.")
        return answer

    return shown


async def _error(datasette: Datasette, request: Request, status: int, message: str) -> Response:
    if _form(request) != "html":
        return _json({"ok": False, "error": message}, status)
    return await _html(datasette, request, "lobbyx_error.html", {"message": message, "status": status}, status)


def _form(request: Request) -> str:
    return (request.url_vars.get("format") or ".html").removeprefix(".")


def _json(document: Any, status: int = 200) -> Response:
    from datasette.utils.asgi import Response

    body = json.dumps(document, ensure_ascii=False, default=str)
    headers = {"access-control-allow-origin": "*"}
    return Response(body, status=status, headers=headers, content_type="application/json; charset=utf-8")


async def _html(
    datasette: Datasette, request: Request, template: str, context: dict[str, Any], status: int = 200
) -> Response:
    from datasette.utils.asgi import Response

    known = {"outcomes": OUTCOMES, "marks": MARKS, "verdict_words": WORDS, **context}
    known |= {"base": datasette.urls.path("/-/lobbyx"), "write": may_write(datasette)}
    known["lobbyx_databases"] = sorted(datasette._lobbyx_databases)
    body = await datasette.render_template(template, known, request=request)
    return Response.html(body, status=status)


# Pages -------------------------------------------------------------------------------------------------------------


@page
async def home(datasette: Datasette, request: Request) -> Response:
    """What is on file, as JSON. The page is the home page."""
    from datasette.utils.asgi import Response

    if _form(request) == "json":
        return _json(await ask(datasette, contents.home))
    return Response.redirect(datasette.urls.path("/"))


@page
async def check(datasette: Datasette, request: Request) -> Response:
    """A sentence or an article, its claims and verdicts."""
    given = request.args if request.method == "GET" else await request.post_vars()
    text, org = str(given.get("text") or ""), str(given.get("org") or "").strip()
    published = _day(str(given.get("published") or ""))
    keep = request.method == "POST" and bool(given.get("store")) and may_write(datasette)
    if keep:
        _from_here(request)
    if not text.strip():
        if _form(request) == "json":
            raise BadRequest("give the text to check, in `text`")
        return await _html(
            datasette, request, "lobbyx_check.html", {"found": None, "text": "", "published": "", "org": org}
        )
    found = await ask(datasette, lambda db: contents.check(db, text, published, org))
    if keep:
        found["stored"] = await _store(datasette, found["text"], published, org)
    if _form(request) == "json":
        return _json(found)
    for claim in found["claims"]:
        claim["chart"] = _chart(claim)
        before, after = found["text"][: claim["start"]], found["text"][claim["end"] :]
        claim["marked"] = svg.mark(before[-160:] + claim["text"] + after[:160], len(before[-160:]), claim["text"])
    shown = {"found": found, "text": found["text"], "published": found["published"] or "", "org": org}
    return await _html(datasette, request, "lobbyx_check.html", shown)


def _chart(claim: dict[str, Any]) -> Any:
    """The ways of counting with the claimed figure, if there is a total."""
    if not claim["totals"]:
        return None
    cents = round(claim["value"] * 100) if claim["kind"] == "spend" and claim["value"] else None
    printed = shown(Compared(claim["comparator"], Cents(cents))) if cents else ""
    return svg.ways_of_counting(contents.counts(claim["totals"]), cents, printed)


async def _store(datasette: Datasette, text: str, published: date | None, org: str) -> list[int]:

    def write(db: sqlite3.Connection) -> list[int]:
        db.execute("PRAGMA foreign_keys = ON")
        opened = Ledger(db, Path("site"), derive=False)
        day = published.isoformat() if published else None
        source = Source("site", text, day, "given" if day else None)
        checked = opened.check(source, published=published, org=org or None)
        with db:
            return records.keep(db, source, checked)

    ids: list[int] = await datasette.get_database(_database(datasette)).execute_write_fn(write)
    return ids


@page
async def verdict(datasette: Datasette, request: Request) -> Response:
    """One stored verdict: the claim, the finding, every way of counting, every report."""
    number = int(request.url_vars["id"])
    found = await ask(datasette, lambda db: contents.verdict(db, number))
    form = _form(request)
    if form == "json":
        return _json(found)
    if form == "csv":
        return _csv(found["reports"], f"verdict-{number}.csv")
    if form == "claimreview.json":
        here = request.url.split("/-/lobbyx/")[0] + "/-/lobbyx/verdict"
        known = {**found, "verdict_id": found["id"]}
        review = claimreview.claim_review(known, "lobbyx", "https://lda.gov/", here)
        return _json(review if review else {"ok": False, "error": "a claim that could not be verified has no rating"})
    found["chart"] = _chart(found)
    found["marked"] = svg.mark(found["context"], found["context_start"], found["text"])
    return await _html(datasette, request, "lobbyx_verdict.html", {"v": found})


@page
async def organization(datasette: Datasette, request: Request) -> Response:
    """One organization: names, spending, firms, lobbyists, issues, as of any day."""
    number = int(request.url_vars["id"])
    args = {name: str(request.args.get(name) or "").strip() for name in ("since", "until", "as_of")}
    chosen = window(args["since"] or None, args["until"] or None) if args["since"] or args["until"] else Window()
    as_of = _day(args["as_of"])
    found = await ask(datasette, lambda db: contents.organization(db, number, chosen, as_of))
    form = _form(request)
    if form == "json":
        return _json(found)
    if form == "csv":
        return _csv(found["reports"], f"organization-{number}.csv")
    found["chart"] = svg.ways_of_counting(contents.counts(found["methods"])) if found["reports"] else None
    found["bars"] = svg.spending(contents.bars(found["periods"]))
    found["timeline"] = svg.timeline(contents.spans(found["registrants"]))
    asked = {"asked": args, "query": urlencode({k: v for k, v in args.items() if v})}
    return await _html(datasette, request, "lobbyx_organization.html", {"o": found, **asked})


@page
async def search(datasette: Datasette, request: Request) -> Response:
    """Organizations by name, and what was lobbied on."""
    words = str(request.args.get("q") or "")
    found = await ask(datasette, lambda db: contents.search(db, words))
    if _form(request) == "json":
        return _json(found)
    return await _html(datasette, request, "lobbyx_search.html", {"found": found})


@page
async def review(datasette: Datasette, request: Request) -> Response:
    """Names that may be one organization. Visitors can decide here if the owner allows it."""
    decided = None
    if request.method == "POST":
        _from_here(request)
        if not may_write(datasette):
            raise BadRequest("this site is read-only; its owner can decide with lobbyx organizations decide")
        decided = await _decide(datasette, await request.post_vars())
    found = await ask(datasette, contents.to_review)
    if _form(request) == "json":
        return _json(found)
    return await _html(datasette, request, "lobbyx_review.html", {"found": found, "decided": decided})


def _from_here(request: Request) -> None:
    """Raises BadRequest for a form that was not sent from one of our pages.

    Datasette checks the token of requests that carry its cookie, but lets requests without any cookie pass. A form on
    somebody else's page sends such a request.
    """
    if "ds_csrftoken" not in request.cookies:
        raise BadRequest("send this from the page itself: the form's cookie is missing")


async def _decide(datasette: Datasette, given: dict[str, str]) -> str:
    relation = next((r for r in decisions.RELATIONS if r == given.get("relation")), None)
    if relation is None or not (given.get("source") or "").strip():
        raise BadRequest("say how the two names are related, and where others can look it up")
    decision = decisions.Decision(
        relation, given.get("name", "")[:300], given.get("other", "")[:300], given["source"][:500]
    )

    def write(db: sqlite3.Connection) -> str:
        decisions.decide(decisions.path_for(db), decision)
        db.execute("PRAGMA foreign_keys = ON")
        with db:
            derive.derive_all(db)
        return f"{decision.name} and {decision.other}: {decision.relation}"

    done: str = await datasette.get_database(_database(datasette)).execute_write_fn(write)
    return done


def _day(text: str) -> date | None:
    return span(text.strip()).end if text.strip() else None


def _csv(rows: list[dict[str, Any]], name: str) -> Response:
    from datasette.utils.asgi import Response

    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(csv_table.as_csv(rows))
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(buffer.getvalue(), headers=headers, content_type="text/csv; charset=utf-8")


async def robots(datasette: Datasette, request: Request) -> Response:
    """Crawlers may read pages, but not run queries or checks."""
    from datasette.utils.asgi import Response

    lines = ["User-agent: *", "Disallow: /-/lobbyx/check", "Disallow: /*?sql=", "Disallow: /*?_facet="]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


ROUTES = [
    (r"^/-/lobbyx(?P<format>\.json)?$", home),
    (r"^/-/lobbyx/check(?P<format>\.json)?$", check),
    (r"^/-/lobbyx/verdict/(?P<id>[0-9]{1,12})(?P<format>\.json|\.csv|\.claimreview\.json)?$", verdict),
    (r"^/-/lobbyx/organization/(?P<id>[0-9]{1,12})(?P<format>\.json|\.csv)?$", organization),
    (r"^/-/lobbyx/search(?P<format>\.json)?$", search),
    (r"^/-/lobbyx/review(?P<format>\.json)?$", review),
    (r"^/robots\.txt$", robots),
]
