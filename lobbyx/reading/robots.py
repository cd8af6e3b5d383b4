"""What a host lets crawlers read: its `robots.txt`, as RFC 9309 says.

| answer | then |
|---|---|
| 2xx | the rules in its first 500 KiB hold |
| 4xx, or too many redirects | there are no rules: everything may be read |
| 5xx, no connection, no answer in time, an address that is not public | nothing may be read for now |

The group for `lobbyx` counts, else the one for `*`. Of the rules that match, the longest path does, and Allow where two
are as long. `*` stands for any characters and `$` for the end. `urllib.robotparser` takes the first rule that matches,
knows no `*` or `$` and ends a group at an empty line, so it is not used. Lines that cannot be read are passed over, and
no pattern is slow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from lobbyx.reading.safe_fetch import Fetched, UnreachablePage

AGENT: Final = "lobbyx"
"""The product token that a host may name."""
LARGEST: Final = 500 * 1024
"""Bytes that are read; RFC 9309 asks for at least as many."""
MOST_RULES: Final = 5_000
Rule = tuple[bool, str]
"""Whether it allows, and the path."""


class NotWelcome(UnreachablePage):
    """The host's robots.txt does not let us read the page, or cannot be asked."""


def rules(text: str) -> list[Rule]:
    """The rules for us: those of every group that names lobbyx, else of every group for everybody."""
    ours: list[Rule] = []
    everybodys: list[Rule] = []
    agents: set[str] = set()
    naming = False
    for line in text.removeprefix("\ufeff").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if name == "user-agent":
            agents = agents if naming else set()  # after a rule, a new group begins
            agents.add(value.partition("/")[0].strip().lower())
            naming = True
        elif name in ("allow", "disallow"):
            naming = False
            if value.startswith(("/", "*")):  # an empty path is no rule
                for agent, found in ((AGENT, ours), ("*", everybodys)):
                    if agent in agents and len(found) < MOST_RULES:
                        found.append((name == "allow", _plain(value)))
            if AGENT in agents and not value:
                ours.append((True, "/"))  # "Disallow:" alone: we are named, and may read everything
    return ours or everybodys


def may_read(some: Iterable[Rule], path: str) -> bool:
    """Whether the rules let a path (with its query) be read."""
    target = _plain(path)
    matching = [(len(pattern), allows) for allows, pattern in some if _matches(pattern, target)]
    return max(matching, default=(0, True))[1]


def _plain(path: str) -> str:
    """A path with percent signs used alike."""
    return quote(unquote(path, errors="replace"), safe="/*$?=&;:@,+!~'()")


def _matches(pattern: str, path: str) -> bool:
    """Whether a path begins as the pattern says. Each part is looked for once, so no pattern is slow."""
    ends = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not parts:
        return not ends or at == len(path)
    *between, last = parts
    for part in between:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return path.endswith(last) and len(path) - len(last) >= at if ends else path.find(last, at) >= 0


@dataclass
class Robots:
    """What each host allows; each is asked once."""

    fetch: Callable[..., Fetched]
    """`safe_fetch.fetch`, or what stands for it."""
    known: dict[str, list[Rule] | str] = field(default_factory=dict)
    """Rules by host, or why it could not be asked."""

    def require(self, url: str) -> None:
        """Raises NotWelcome where robots.txt does not let us read an address, or cannot be asked."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return  # what is no address is refused where it is fetched
        if parts.scheme not in ("http", "https"):
            return
        host = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", ""))
        if host not in self.known:
            self.known[host] = self._ask(f"{host}/robots.txt")
        found = self.known[host]
        shown = urlunsplit((*urlsplit(host)[:2], parts.path, "", ""))[:300]
        if isinstance(found, str):
            raise NotWelcome(f"{shown}: robots.txt cannot be asked, so it is not read for now. {found}")
        path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        if parts.path != "/robots.txt" and not may_read(found, path):
            raise NotWelcome(f"{shown}: robots.txt of the site does not let programs read it")

    def _ask(self, url: str) -> list[Rule] | str:
        try:
            fetched = self.fetch(url, readable=None, most=LARGEST)
        except UnreachablePage as error:
            if error.redirects or (error.status is not None and 400 <= error.status < 500):
                return []
            return str(error)
        return rules(fetched.body.decode("utf-8", errors="replace"))
