"""The page of a topic: who lobbied on words, a bill or a general issue, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from lobbyx.accounting import topics
from lobbyx.accounting.mentions import Form
from lobbyx.accounting.topics import Chosen
from lobbyx.model.period import window
from lobbyx.model.said import said
from lobbyx.model.topic import LONGEST, read_topic
from lobbyx.site import language, passages, svg
from lobbyx.site.access import ask
from lobbyx.site.language import Words
from lobbyx.site.responses import BadRequest, as_json, form, html, page

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

_FORMS: Final[Mapping[str, Form]] = {"report": "report", "registration": "registration"}
SHOWN: Final = ("q", "as", "since", "until")
"""What the address of a topic keeps, whichever filings are listed."""


CHOSEN_BY: Final = ("period", "form", "organization", "firm", "agency")
"""What in the address chooses the filings that are listed."""


@page
async def page_of(datasette: Datasette, request: Request) -> Response:
    """Who lobbied on a topic, and when: words, a bill or a general issue."""
    names = ("q", "as", "since", "until", "period", "form", "organization", "firm", "agency", "part")
    args = {name: str(request.args.get(name) or "").strip()[: 2 * LONGEST] for name in names}
    asked = read_topic(args["q"], args["as"])
    dates = window(args["since"] or None, args["until"] or None)
    behind = chosen(args)
    if not re.fullmatch(r"[0-9]{0,6}", args["part"]):
        raise BadRequest(said("problem.part_number"))
    part = int(args["part"] or 1)
    if not asked.text:
        if form(request) == "json":
            raise BadRequest(said("problem.no_topic"))
        return await html(datasette, request, "lobbyx_topic.html", {"found": None, "asked": args})
    args["q"] = asked.text
    found = await ask(datasette, request, lambda db: topics.topic(db, asked, dates, behind, part))
    if form(request) == "json":
        return as_json(datasette, found)
    t = Words(language.of(request.scope))
    for one in found["filings"]:
        one["when"] = t.period(one["period"])
    found["chart"] = svg.named(found["periods"], t)
    known = {"found": found, "asked": args, "link": partial(link, args), "is_chosen": behind != Chosen()}
    chosen_by = {name: args[name] for name in CHOSEN_BY if args[name]}
    known["turn"] = lambda number: link(args, **chosen_by, part=number)
    known["groups"] = passages.by_client(found["filings"])
    return await html(datasette, request, "lobbyx_topic.html", known)


def chosen(args: Mapping[str, str]) -> Chosen:
    """Which filings the address asks for. Raises BadRequest where it cannot be read."""
    period, kind = args["period"], args["form"]
    if period and not re.fullmatch(r"[0-9]{4} (?:Q[1-4]|H[12])", period):
        raise BadRequest(said("problem.topic_period"))
    if kind and kind not in _FORMS:
        raise BadRequest(said("problem.topic_form"))
    numbers = [_number(name, args[name]) for name in ("organization", "firm", "agency")]
    return Chosen(period or None, _FORMS.get(kind), *numbers)


def _number(name: str, given: str) -> int | None:
    if not given:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", given):
        raise BadRequest(said("problem.number_of_a_row", field=name))
    return int(given)


def link(args: Mapping[str, str], **more: object) -> str:
    """The query of the same topic with other filings listed."""
    kept = {name: args[name] for name in SHOWN if args.get(name)}
    return "?" + urlencode({**kept, **{name.rstrip("_"): str(value) for name, value in more.items()}})
