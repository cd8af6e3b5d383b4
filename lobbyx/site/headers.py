"""What goes with every answer: policies for our pages and tables alone, and no answer to names that are not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lobbyx.site import access, language, ours

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette

STRICT: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""For our pages: no script at all."""
TABLES: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For Datasette's pages about a lobbyx database, whose templates contain scripts. Nothing is loaded from elsewhere."""
MARK: Final = "lobbyx_page"
"""The key of the request's scope that holds what is known of the page: `{"home": True}` for our home page."""


def wrap(datasette: Datasette, app: Any) -> Any:
    """The app with our headers on what is ours, and Datasette's defaults on what is not."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if refused := access.refusal(datasette, scope):
            await _refuse(send, refused)
            return
        page: dict[str, bool] = {}

        async def sent(event: Any) -> None:
            if event["type"] == "http.response.start" and (policy := _policy(datasette, scope["path"], page)):
                # With `no-referrer`, browsers send `Origin: null` from our own forms.
                referrer = "same-origin" if policy == STRICT else "no-referrer"
                own = {
                    b"content-security-policy": policy.encode(),
                    b"x-content-type-options": b"nosniff",
                    b"referrer-policy": referrer.encode(),
                }
                others = [(name, value) for name, value in event["headers"] if name.lower() not in own]
                spoken = _language_headers(datasette, scope, others) if policy == STRICT else []
                event = {**event, "headers": [*others, *own.items(), *spoken]}
            await send(event)

        await app({**scope, MARK: page}, receive, sent)

    return guarded


def _policy(datasette: Datasette, path: str, page: dict[str, bool]) -> str | None:
    names = ours(datasette)
    if not names:
        return None
    pages = datasette.urls.path("/-/lobbyx")
    if page.get("home") or path in (pages, f"{pages}.json") or path.startswith(f"{pages}/"):
        return STRICT
    roots = [datasette.urls.database(name) for name in names]
    return TABLES if any(path == root or path.startswith((f"{root}/", f"{root}.")) for root in roots) else None


def _language_headers(datasette: Datasette, scope: Any, headers: list[Any]) -> list[tuple[bytes, bytes]]:
    """What a page of ours says of its language: what it depends on, and the visitor's choice to keep."""
    if not any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers):
        return []
    found = [(b"content-language", language.of(scope).encode()), (b"vary", b"Accept-Language, Cookie")]
    if asked := language.chosen(scope):
        found.append((b"set-cookie", language.cookie(asked, datasette.urls.path("/")).encode()))
    return found


async def _refuse(send: Any, why: str) -> None:
    body = why.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
