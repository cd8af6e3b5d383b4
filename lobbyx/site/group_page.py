"""The page of a group: `/-/lobbyx/group?name=Big+Tech`, as HTML and JSON. Without a name, the groups that have one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from lobbyx.model.period import Window, span, window
from lobbyx.model.texts import Language
from lobbyx.site import group, language
from lobbyx.site.access import ask
from lobbyx.site.responses import as_json, form, html, page

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

LONGEST_NAME: Final = 100


@page
async def one_group(datasette: Datasette, request: Request) -> Response:
    """A group's total for any dates and as known on any day, and its members."""
    asked = {name: str(request.args.get(name) or "").strip() for name in ("name", "since", "until", "as_of")}
    asked["name"] = asked["name"][:LONGEST_NAME]
    found = None
    if asked["name"]:
        bounded = asked["since"] or asked["until"]
        chosen = window(asked["since"] or None, asked["until"] or None) if bounded else Window()
        day = span(asked["as_of"]).end if asked["as_of"] else None
        found = await ask(datasette, request, lambda db: group.group(db, asked["name"], chosen, day))
    if form(request) == "json":
        return as_json(datasette, found or {"groups": group.known()})
    tongue = language.of(request.scope)
    told: dict[str, Any] = {
        "g": found,
        "known": [{**one, "called": _called(one, tongue)} for one in group.known()],
        "asked": asked,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "most_warnings": group.MOST_WARNINGS,
    }
    return await html(datasette, request, "lobbyx_group.html", told)


def _called(one: dict[str, Any], tongue: Language) -> list[str]:
    """What else a group is called in a language, in short."""
    name = one["name_ko" if tongue == "ko" else "name"]
    spoken = [other for other in one["spoken"] if bool(re.search("[가-힣]", other)) == (tongue == "ko")]
    return [other for other in spoken if other != name][:3]
