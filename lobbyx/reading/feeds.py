"""Reads an RSS or Atom feed: the addresses of its articles. A feed is as hostile as any page.

The bytes are bounded before they come here (`safe_fetch`). Addresses that are not http or https are left out, titles
are plain text in one line, and days that cannot be are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lobbyx.model.errors import LobbyxError

FEEDS: Final = (
    "application/rss+xml",
    "application/atom+xml",
    "application/xml",
    "text/xml",
    "application/rdf+xml",
    "text/html",  # what some servers call their feeds
    "text/plain",
)
"""The types under which feeds are served."""
MOST_ENTRIES: Final = 200
"""Entries read of a feed, the first ones: feeds begin with the newest."""
LONGEST_ADDRESS: Final = 2_000


class UnreadableFeed(LobbyxError):
    """What was fetched is no RSS or Atom feed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of a feed."""

    url: str
    title: str | None
    published: date | None
    """As the feed says; None where it says nothing, or a day after today."""


def read_feed(body: bytes, url: str, today: date) -> list[Entry]:
    """The articles of a feed, each address once, in its order. Raises UnreadableFeed for what is no feed."""
    import feedparser

    if re.search(rb"<!(?:DOCTYPE|ENTITY)", body[:2_000], re.IGNORECASE) and b"<!ENTITY" in body.upper():
        raise UnreadableFeed(f"{url[:200]}: defines entities of its own, which no feed needs; it is not read")
    parsed = feedparser.parse(body, sanitize_html=True, resolve_relative_uris=False)
    if not parsed.get("version"):
        raise UnreadableFeed(f"{url[:200]}: is not an RSS or Atom feed")
    found: dict[str, Entry] = {}
    for entry in parsed.entries[:MOST_ENTRIES]:
        address = _address(entry.get("link"), url)
        if address:
            found.setdefault(address, Entry(address, _title(entry.get("title")), _day(entry, today)))
    return list(found.values())


def _address(link: Any, base: str) -> str | None:
    if not isinstance(link, str):
        return None
    try:
        address = urljoin(base, link.strip())
        parts = urlsplit(address)
        allowed = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return None
    whole = address.partition("#")[0]
    return whole if allowed and len(whole) <= LONGEST_ADDRESS and whole.isprintable() else None


def _title(text: Any) -> str | None:
    if not isinstance(text, str):
        return None
    plain = re.sub(r"<[^>]*>", "", text)
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:300] or None


def _day(entry: Any, today: date) -> date | None:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        day = date(*moment[:3]) if moment else None
    except (TypeError, ValueError):
        return None
    return day if day and date(1995, 1, 1) <= day <= today else None
