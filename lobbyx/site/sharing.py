"""A verdict on other people's pages: as a picture, as a page that may be framed, and by oEmbed (oembed.com)."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup

from lobbyx.model.said import said
from lobbyx.model.texts import Language
from lobbyx.render import card
from lobbyx.site import checking, contents, headers, language
from lobbyx.site.access import ask
from lobbyx.site.responses import BadRequest, as_json, form, number_of, page, printable, shared

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

WIDTH: Final = 600
HEIGHT: Final = 420
"""Pixels of an embedded verdict, unless less is asked for."""


def spoken(request: Request) -> Language:
    """The language that the address asks for, else English: what is published stays the same for every reader."""
    return language.chosen(request.scope) or "en"


@page
async def picture(datasette: Datasette, request: Request) -> Response:
    """The card of a verdict, as SVG or PNG."""
    from datasette.utils.asgi import Response

    number = number_of(request, "verdict")
    found = await ask(datasette, request, lambda db: contents.verdict(db, number))
    drawn = card.svg(found, spoken(request))
    if form(request) == "svg":
        return Response(drawn, content_type="image/svg+xml; charset=utf-8")
    async with checking.turns(datasette).turn():
        return Response(await asyncio.to_thread(card.png, drawn), content_type="image/png")


@page
async def embed(datasette: Datasette, request: Request) -> Response:
    """A verdict in short, to be framed by other sites: no script, no cookie, and one link to the whole."""
    from datasette.utils.asgi import Response

    number = number_of(request, "verdict")
    found = await ask(datasette, request, lambda db: contents.verdict(db, number))
    words = language.Words(spoken(request))
    known = {
        **shared(datasette, request),
        "t": words,
        "language": words.language,
        "said": card.said(found, words.language),
        "v": printable(found),
        "full": f"{address(datasette, request, number)}?{urlencode({'lang': words.language})}",
    }
    body = await datasette.render_template("lobbyx_embed.html", known, request=request)
    request.scope.get(headers.MARK, {})["embed"] = True  # only now: an error is framed by nobody
    return Response.html(body)


def address(datasette: Datasette, request: Request, number: int) -> str:
    """The whole address of a verdict's page."""
    return str(datasette.absolute_url(request, datasette.urls.path(f"/-/lobbyx/verdict/{number}")))


def discovery(datasette: Datasette, request: Request, number: int) -> str:
    """The address at which oEmbed describes a verdict."""
    asked = urlencode({"url": address(datasette, request, number), "format": "json"})
    return str(datasette.absolute_url(request, datasette.urls.path("/-/lobbyx/oembed"))) + f"?{asked}"


async def oembed(datasette: Datasette, request: Request) -> Response:
    """How to embed the verdict at `url`. Answers 404, 501 and 401 as the specification says."""
    answer = await _oembed(datasette, request)
    if answer.status == 403:
        answer.status = 401  # the specification's answer for what is private
    return answer


@page
async def _oembed(datasette: Datasette, request: Request) -> Response:
    if (request.args.get("format") or "json") != "json":
        return as_json(datasette, {"ok": False, "error": "oEmbed answers are given as JSON only"}, 501)
    number = _verdict(datasette, request, str(request.args.get("url") or ""))
    width, height = _most(request, "maxwidth", WIDTH), _most(request, "maxheight", HEIGHT)
    found = printable(await ask(datasette, request, lambda db: contents.verdict(db, number)))
    tongue = _tongue(str(request.args.get("url")))
    said = card.said(found, tongue)
    title = f"{said.verdict}: {said.claim[-1]}"
    frame = Markup(
        '<iframe src="{}/embed?lang={}" width="{}" height="{}" title="{}" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    ).format(address(datasette, request, number), tongue, width, height, title)
    return as_json(
        datasette,
        {
            "version": "1.0",
            "type": "rich",
            "title": title,
            "provider_name": "lobbyx",
            "provider_url": datasette.absolute_url(request, datasette.urls.instance()),
            "html": str(frame),
            "width": width,
            "height": height,
        },
    )


def _most(request: Request, name: str, usual: int) -> int:
    """The size, not more than asked for. Raises BadRequest for what is no number of pixels."""
    given = request.args.get(name)
    if given is None:
        return usual
    if not re.fullmatch(r"[0-9]{1,9}", given) or not int(given):
        raise BadRequest(said("problem.pixels", field=name))
    return min(usual, int(given))


def _verdict(datasette: Datasette, request: Request, url: str) -> int:
    """The id of the verdict at an address of this site. Raises NoSuchPage for any other address."""
    if not url:
        raise BadRequest(said("problem.no_url"))
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    root = re.escape(datasette.urls.path("/-/lobbyx/verdict/"))
    named = re.fullmatch(rf"{root}([0-9]{{1,18}})(/embed)?", parts.path)
    if not named or parts.scheme not in ("http", "https") or parts.netloc.lower() != request.host.lower():
        raise contents.NoSuchPage(said("problem.not_our_verdict"))
    return int(named[1])


def _tongue(url: str) -> Language:
    return language.chosen({"query_string": urlsplit(url).query.encode("latin-1", "replace")}) or "en"
