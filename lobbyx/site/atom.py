"""Changed verdicts as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from lobbyx.model.texts import Language, text
from lobbyx.render.text import clean
from lobbyx.site import language

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

_ATOM = "http://www.w3.org/2005/Atom"
NEVER = "1970-01-01T00:00:00+00:00"
"""When a feed without entries was changed last."""


def of_changes(datasette: Datasette, request: Request, found: Sequence[Mapping[str, Any]]) -> Response:
    """The feed, in the language that the address asks for, else English: what readers subscribe to stays the same."""
    from datasette.utils.asgi import Response

    spoken: Language = language.chosen(request.scope) or "en"

    def address(path: str) -> str:
        return str(datasette.absolute_url(request, datasette.urls.path(path)))

    body = feed(found, address, spoken)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def feed(found: Sequence[Mapping[str, Any]], address: Any, spoken: Language) -> str:
    """An Atom document; `address` makes a whole address of a path. The ids of entries never change."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": spoken})
    own = address("/-/lobbyx/changes.atom")
    _add(root, "id", own)
    _add(root, "title", f"lobbyx: {text('changes.title', spoken)}")
    _add(root, "updated", max((one["noticed_at"] for one in found), default=NEVER))
    ET.SubElement(root, f"{{{_ATOM}}}link", {"rel": "self", "href": own})
    ET.SubElement(root, f"{{{_ATOM}}}link", {"rel": "alternate", "href": address("/-/lobbyx/changes")})
    author = ET.SubElement(root, f"{{{_ATOM}}}author")
    _add(author, "name", "lobbyx")
    for one in found:
        entry = ET.SubElement(root, f"{{{_ATOM}}}entry")
        _add(entry, "id", f"{own}#change-{one['id']}")
        _add(entry, "title", f"{text('verdict.' + one['verdict'], spoken)}: {one['text'][:200]}")
        _add(entry, "updated", one["noticed_at"])
        _add(entry, "summary", one["why_ko" if spoken == "ko" else "why"])
        where = address(f"/-/lobbyx/verdict/{one['verdict_id']}")
        ET.SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": where})
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _add(parent: ET.Element, name: str, words: str) -> None:
    """An element with text that XML can hold."""
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = clean(words)
