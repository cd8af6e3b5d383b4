"""The pages: read the request, let the modules beside this one find the answer, show it as HTML, JSON or a download.

Nothing is written unless the owner started `lobbyx serve --write`.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from lobbyx.accounting import derive
from lobbyx.model.period import Window, span, window
from lobbyx.model.said import said
from lobbyx.organizations import decisions
from lobbyx.organizations import search as find
from lobbyx.organizations.groups import is_group
from lobbyx.site import (
    access,
    atom,
    checking,
    comparison,
    contents,
    group_page,
    language,
    organization,
    ours,
    passages,
    reading_form,
    sharing,
    svg,
    topic,
)
from lobbyx.site.access import ask
from lobbyx.site.language import Words
from lobbyx.site.responses import BadRequest, Busy, as_csv, as_json, form, html, number_of, page
from lobbyx.stored_claims import claimreview, records, watching
from lobbyx.verdicts.explanation import Cents, Compared, shown

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response


async def front(datasette: Datasette, request: Request) -> dict[str, Any]:
    """What the home page shows. Raises NotAllowed where the visitor may not see what is on file."""
    return {**await ask(datasette, request, contents.home), "latest": await _latest(datasette, request)}


async def _latest(datasette: Datasette, request: Request, number: int | None = None) -> list[dict[str, Any]]:
    """The latest verdicts; none for those who may not see them."""
    try:
        return await ask(datasette, request, lambda db: contents.latest(db, number))
    except access.NotAllowed:
        return []


@page
async def home(datasette: Datasette, request: Request) -> Response:
    """What is on file, as JSON. The page is the home page."""
    from datasette.utils.asgi import Response

    if form(request) == "json":
        return as_json(datasette, await front(datasette, request))
    return Response.redirect(datasette.urls.path("/"))


@page
async def check(datasette: Datasette, request: Request) -> Response:
    """A sentence or an article, or a claim in fields: its claims and verdicts."""
    given = request.args if request.method == "GET" else await request.post_vars()
    text, org = str(given.get("text") or ""), str(given.get("org") or "").strip()
    published = _day(str(given.get("published") or ""))
    keep = request.method == "POST" and bool(given.get("store")) and access.may_write(datasette)
    if keep:
        _from_here(request)
        await access.require(datasette, request, {"claims", "verdicts", "evidence"})
    fields = not text.strip() and reading_form.is_given(given)
    if not text.strip() and not fields:
        if form(request) == "json":
            raise BadRequest(said("problem.nothing_to_check"))
        empty = {"found": None, "text": "", "published": "", "org": org, **_choices()}
        return await html(datasette, request, "lobbyx_check.html", empty)
    checking.refuse_address(text)
    async with checking.turns(datasette).turn():
        if fields:
            checked = await ask(datasette, request, lambda db: checking.judge(db, given))
        else:
            checked = await ask(datasette, request, lambda db: checking.check(db, text, published, org))
    found = checking.document(checked, "" if fields else org)
    if keep:
        found["stored"] = await _store(datasette, checked)
    if form(request) == "json":
        return as_json(datasette, found)
    t = Words(language.of(request.scope))
    for claim in found["claims"]:
        claim["chart"] = _chart(claim, t)
        claim["group"] = claim["org"] if is_group(claim["org"]) else None
        before, after = found["text"][: claim["start"]], found["text"][claim["end"] :]
        claim["marked"] = svg.mark(before[-160:] + claim["text"] + after[:160], len(before[-160:]), claim["text"])
        claim["said"] = (before[-160:] + claim["text"] + after[:160])[: checking.LONGEST_SAID]
    quoted = str(given.get("said") or "")[: checking.LONGEST_SAID] if fields else ""
    known = {"found": found, "text": "" if fields else found["text"], "fields": fields, "said": quoted}
    known |= {"published": found["published"] or "", "org": "" if fields else org, **_choices()}
    if request.method == "POST":  # the address alone would not bring the text along
        known["again"] = {name: known[name] for name in ("text", "published", "org")}
    return await html(datasette, request, "lobbyx_check.html", known)


def _choices() -> dict[str, Any]:
    return {"kinds": list(reading_form.KINDS), "comparators": list(reading_form.COMPARATORS)}


def _chart(claim: dict[str, Any], t: Words) -> Any:
    """The ways of counting with the claimed figure, if there is a total."""
    if not claim["totals"]:
        return None
    whole = claim["kind"] == "spend" and claim["value"] and not claim["detail"].get("sum")
    figure = round(claim["value"] * 100) if whole else None
    high = Cents(round(claim["high"] * 100)) if whole and claim.get("high") else None
    printed = shown(Compared(claim["comparator"], Cents(figure), high), t.language) if figure else ""
    return svg.ways_of_counting(contents.counts(claim["totals"]), figure, printed, t)


async def _store(datasette: Datasette, checked: checking.Checked) -> list[int]:
    def write(db: sqlite3.Connection) -> list[int]:
        db.execute("PRAGMA foreign_keys = ON")
        with db:
            return records.keep(db, checked.source, checked.verdicts)

    ids: list[int] = await datasette.get_database(access.database(datasette)).execute_write_fn(write)
    return ids


@page
async def verdict(datasette: Datasette, request: Request) -> Response:
    """One stored verdict: the claim, the finding, every way of counting, every report."""
    number = number_of(request, "verdict")
    found = await ask(datasette, request, lambda db: contents.verdict(db, number))
    chosen = form(request)
    if chosen == "json":
        return as_json(datasette, found)
    if chosen == "csv":
        return as_csv(found["reports"], f"verdict-{number}.csv")
    if chosen == "claimreview.json":
        here = request.url.split("/-/lobbyx/")[0] + "/-/lobbyx/verdict"
        known = {**found, "verdict_id": found["id"]}
        review = claimreview.claim_review(known, "lobbyx", "https://lda.gov/", here)
        none = {"ok": False, "error": "a claim that could not be verified has no rating"}
        return as_json(datasette, review if review else none)
    found["chart"] = _chart(found, Words(language.of(request.scope)))
    found["marked"] = svg.mark(found["context"], found["context_start"], found["text"])
    oembed = sharing.discovery(datasette, request, number)
    known = {"v": found, "oembed": oembed, "judge_again": urlencode(reading_form.again(found))}
    return await html(datasette, request, "lobbyx_verdict.html", known)


@page
async def one_organization(datasette: Datasette, request: Request) -> Response:
    """One organization: names, spending, firms, lobbyists, issues, as of any day."""
    number = number_of(request, "organization")
    args = {name: str(request.args.get(name) or "").strip() for name in ("since", "until", "as_of")}
    chosen = window(args["since"] or None, args["until"] or None) if args["since"] or args["until"] else Window()
    as_of = _day(args["as_of"])
    found = await ask(datasette, request, lambda db: organization.organization(db, number, chosen, as_of))
    found["verdicts"] = await _latest(datasette, request, number)
    other = str(request.args.get("compare") or "").strip()[:300]
    if other:
        own_years = [one["year"] for one in found["years"]]
        found["compare"] = await ask(
            datasette, request, lambda db: comparison.compared(db, number, other, chosen, as_of, own_years)
        )
    if form(request) == "json":
        return as_json(datasette, found)
    if form(request) == "csv":
        return as_csv(found["reports"], f"organization-{number}.csv")
    t = Words(language.of(request.scope))
    found["chart"] = svg.ways_of_counting(contents.counts(found["methods"]), t=t) if found["reports"] else None
    found["bars"] = svg.spending(organization.bars(found["periods"]), t)
    found["strip"] = svg.strip(organization.known(found["coverage"]), t)
    found["left_out"] = max(0, len(found["reports"]) - organization.MOST_REPORTS)
    found["timeline"] = svg.timeline(organization.spans(found["registrants"]), t)
    args["compare"] = other
    asked = {"asked": args, "query": urlencode({k: v for k, v in args.items() if v})}
    return await html(datasette, request, "lobbyx_organization.html", {"o": found, **asked})


@page
async def search(datasette: Datasette, request: Request) -> Response:
    """Organizations and firms by name, and what was lobbied on."""
    words = str(request.args.get("q") or "")
    found = await ask(datasette, request, lambda db: find.search(db, words))
    if found["q"] and not found["organizations"] and not found["firms"]:
        try:  # comparing with every name on file takes a second of a large database
            async with checking.turns(datasette).turn():
                found["near"] = await ask(datasette, request, lambda db: find.near(db, found["q"]))
        except Busy:
            busy = said("search.busy")
            found |= {"note": busy.words("en"), "note_ko": busy.words("ko")}
    if form(request) == "json":
        return as_json(datasette, found)
    t = Words(language.of(request.scope))
    for one in found["activities"]:
        one["when"] = t.filing_period(one["filing_year"], one["filing_period"])
    known = {"found": found, "firm_rows": datasette.urls.table(access.database(datasette), "firms")}
    known |= {"groups": passages.by_client(found["activities"]), "topic_query": urlencode({"q": found["q"]})}
    return await html(datasette, request, "lobbyx_search.html", known)


@page
async def review(datasette: Datasette, request: Request) -> Response:
    """Names that may be one organization. Visitors can decide here if the owner allows it."""
    decided = None
    if request.method == "POST":
        _from_here(request)
        if not access.may_write(datasette):
            raise BadRequest(said("problem.read_only"))
        decided = await _decide(datasette, request, await request.post_vars())
    found = await ask(datasette, request, contents.to_review)
    if form(request) == "json":
        return as_json(datasette, found)
    return await html(datasette, request, "lobbyx_review.html", {"found": found, "decided": decided})


@page
async def changes(datasette: Datasette, request: Request) -> Response:
    """Verdicts that changed, as `lobbyx watch` noticed: a page, JSON, or an Atom feed."""
    found = await ask(datasette, request, watching.changes)
    if form(request) == "json":
        return as_json(datasette, {"changes": found})
    if form(request) == "atom":
        return atom.of_changes(datasette, request, found)
    return await html(datasette, request, "lobbyx_changes.html", {"changes": found})


def _from_here(request: Request) -> None:
    """Raises BadRequest for a form that was not sent from one of our pages.

    Datasette checks the token of requests that carry its cookie, but lets requests without any cookie pass. A form on
    somebody else's page sends such a request.
    """
    if "ds_csrftoken" not in request.cookies:
        raise BadRequest(said("problem.no_cookie"))


async def _decide(datasette: Datasette, request: Request, given: dict[str, str]) -> str:
    relation = next((r for r in decisions.RELATIONS if r == given.get("relation")), None)
    if relation is None or not (given.get("source") or "").strip():
        raise BadRequest(said("problem.how_related"))
    decision = decisions.Decision(
        relation, given.get("name", "")[:300], given.get("other", "")[:300], given["source"][:500]
    )
    await access.require(datasette, request, {"organizations", "organization_names"})

    def write(db: sqlite3.Connection) -> str:
        decisions.decide(decisions.path_for(db), decision, db)
        db.execute("PRAGMA foreign_keys = ON")
        with db:
            derive.derive_all(db)
        return f"{decision.name} and {decision.other}: {decision.relation}"

    done: str = await datasette.get_database(access.database(datasette)).execute_write_fn(write)
    return done


def _day(text: str) -> date | None:
    return span(text.strip()).end if text.strip() else None


@page
async def nothing(datasette: Datasette, request: Request) -> Response:
    """Any other address below ours."""
    raise contents.NoSuchPage(said("problem.no_page"))


async def robots(datasette: Datasette, request: Request) -> Response:
    """Crawlers may read our pages and tables, but not run queries or checks. Of other databases it says nothing."""
    from datasette.utils.asgi import NotFound, Response

    if not ours(datasette):
        raise NotFound("There is no robots.txt here")
    lines = ["User-agent: *", f"Disallow: {datasette.urls.path('/-/lobbyx/check')}"]
    for name in await access.to_open(datasette, request):
        root = datasette.urls.database(name)
        lines += [f"Disallow: {root}?*sql=", f"Disallow: {root}.json?*sql=", f"Disallow: {root}/*?*_facet="]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


ROUTES = [
    (r"^/-/lobbyx(?P<format>\.json)?$", home),
    (r"^/-/lobbyx/check(?P<format>\.json)?$", check),
    (r"^/-/lobbyx/verdict/(?P<id>-?[0-9]+)(?P<format>\.json|\.csv|\.claimreview\.json)?$", verdict),
    (r"^/-/lobbyx/verdict/(?P<id>-?[0-9]+)/card(?P<format>\.svg|\.png)$", sharing.picture),
    (r"^/-/lobbyx/verdict/(?P<id>-?[0-9]+)/embed$", sharing.embed),
    (r"^/-/lobbyx/oembed$", sharing.oembed),
    (r"^/-/lobbyx/organization/(?P<id>-?[0-9]+)(?P<format>\.json|\.csv)?$", one_organization),
    (r"^/-/lobbyx/group(?P<format>\.json)?$", group_page.one_group),
    (r"^/-/lobbyx/search(?P<format>\.json)?$", search),
    (r"^/-/lobbyx/topic(?P<format>\.json)?$", topic.page_of),
    (r"^/-/lobbyx/review(?P<format>\.json)?$", review),
    (r"^/-/lobbyx/changes(?P<format>\.json|\.atom)?$", changes),
    (r"^/-/lobbyx/.*?(?P<format>\.json|\.csv)?$", nothing),
    (r"^/robots\.txt$", robots),
]
