"""Fetches one web page that a user names, and nothing else.

Only http and https. No private, loopback, link-local or otherwise reserved address: addresses are checked after DNS
and on every redirect, and the connection goes to the address that was checked. Size and time are limited, and only
text is accepted.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

import certifi
import urllib3

from lobbyx.model.errors import LobbyxError

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a page, unpacked."""
LONGEST: Final = 30.0
"""Seconds in all, including redirects."""
MOST_REDIRECTS: Final = 5
READABLE: Final = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf")
HEADERS: Final = {
    "User-Agent": "lobbyx (checks claims about lobbying)",
    "Accept": "text/html, application/xhtml+xml, text/plain;q=0.8, application/pdf;q=0.8",
    "Accept-Encoding": "gzip",
}


class UnreachablePage(LobbyxError):
    """A page that may not or cannot be fetched. The message says why."""

    def __init__(self, message: str, status: int | None = None, *, redirects: bool = False) -> None:
        super().__init__(message)
        self.status = status
        """What the server answered, if it did."""
        self.redirects = redirects
        """Whether it redirects too many times."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it arrived."""

    url: str
    """The final address, after redirects."""
    body: bytes
    content_type: str
    charset: str | None
    etag: str | None = None
    last_modified: str | None = None
    """What to send with the next request, so that the server need not send the same again."""
    unchanged: bool = False
    """The server says that it is as it was; there is no body."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of an address from the last time."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


def is_public(address: str) -> bool:
    """Whether we may connect to an IP address."""
    ip = ipaddress.ip_address(address)
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if inner is not None and not is_public(str(inner)):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def fetch(
    url: str,
    *,
    allowed: Callable[[str], bool] = is_public,
    clock: Callable[[], float] = time.monotonic,
    readable: Sequence[str] | None = READABLE,
    most: int | None = None,
    seen: Seen | None = None,
    welcome: Callable[[str], None] | None = None,
) -> Fetched:
    """Fetches a page. Raises UnreachablePage if that is not allowed, fails, or the page is not text.

    `readable` are the types that are accepted, None for all. A page with more than LARGEST bytes is refused; where
    `most` is given, only so many bytes are read. With `seen` the server may answer that nothing has changed.
    `welcome` is asked before a redirect is followed, and raises UnreachablePage where it must not be.
    """
    until = clock() + LONGEST
    for _ in range(MOST_REDIRECTS + 1):
        host, port, address = _checked(url, allowed)
        more = {
            **(seen.headers() if seen else {}),
            **({"Accept": ", ".join(readable)} if readable not in (READABLE, None) else {}),
        }
        with _connect(url, host, port, address, until - clock(), more) as response:
            location = response.headers.get("Location")
            if response.status in (301, 302, 303, 307, 308) and location:
                url = _target(url, location)
                if welcome is not None:
                    welcome(url)
                continue
            if response.status == 304 and seen is not None:
                return Fetched(_shown(url), b"", "", None, seen.etag, seen.last_modified, unchanged=True)
            if response.status != 200:
                raise UnreachablePage(
                    f"{_shown(url)}: the server answered {response.status}; save the page as .html", response.status
                )
            kind, _, parameters = response.headers.get("Content-Type", "").partition(";")
            if readable is not None and kind.strip().lower() not in readable:
                raise UnreachablePage(f"{_shown(url)}: is {kind.strip()[:60] or 'of unknown type'}, not a page of text")
            charset = parameters.partition("charset=")[2].strip(" \"'") or None
            body = _body(response, url, until, clock, most)
            etag, modified = (_short(response.headers.get(name)) for name in ("ETag", "Last-Modified"))
            return Fetched(_shown(url), body, kind.strip().lower(), charset, etag, modified)
    raise UnreachablePage(f"{_shown(url)}: redirects more than {MOST_REDIRECTS} times", redirects=True)


def _checked(url: str, allowed: Callable[[str], bool]) -> tuple[str, int, str]:
    """Host, port and a checked address of a URL."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise UnreachablePage(f"{url[:80]}: is not the address of a page: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnreachablePage(f"{_shown(url)}: only http and https pages are fetched")
    if parts.username or parts.password:
        raise UnreachablePage(f"{_shown(url)}: contains a user name or password; remove it")
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachablePage(f"{_shown(url)}: the host cannot be found ({error})") from error
    addresses = [str(entry[4][0]) for entry in found]
    # Check all of them, so that it does not matter which one the name gives.
    if not addresses or not all(allowed(address.partition("%")[0]) for address in addresses):
        raise UnreachablePage(f"{_shown(url)}: leads to an address that is not public; it is not fetched")
    return parts.hostname, port, addresses[0]


def _target(url: str, location: str) -> str:
    """Where a redirect leads."""
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise UnreachablePage(f"{_shown(url)}: redirects to what is no address") from error


def _short(value: str | None) -> str | None:
    """A header's value as it may be kept and sent back: one line of plain characters."""
    return value if value and len(value) <= 200 and value.isascii() and value.isprintable() else None


def _connect(url: str, host: str, port: int, address: str, seconds: float, more: Mapping[str, str]) -> Any:
    if seconds <= 0:
        raise UnreachablePage(f"{_shown(url)}: takes longer than {LONGEST:.0f} seconds")
    parts = urlsplit(url)
    timeout = urllib3.Timeout(connect=min(10, seconds), read=min(15, seconds))
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, timeout=timeout, server_hostname=host, assert_hostname=host, cert_reqs="CERT_REQUIRED",
            ca_certs=certifi.where(),
        )  # fmt: skip
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    default = {"https": 443, "http": 80}[parts.scheme]
    named = f"[{host}]" if ":" in host else host
    headers = {**HEADERS, **more, "Host": named if port == default else f"{named}:{port}"}
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    try:
        return pool.request("GET", target, headers=headers, redirect=False, retries=False, preload_content=False)
    except (urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
        raise UnreachablePage(f"{_shown(url)}: cannot be fetched ({type(error).__name__})") from error


def _body(response: Any, url: str, until: float, clock: Callable[[], float], most: int | None = None) -> bytes:
    body = bytearray()
    try:
        for chunk in response.stream(65_536, decode_content=True):
            body += chunk
            if most is not None and len(body) >= most:
                return bytes(body[:most])
            if len(body) > LARGEST:
                raise UnreachablePage(f"{_shown(url)}: is larger than {LARGEST >> 20} MB")
            if clock() > until:
                raise UnreachablePage(f"{_shown(url)}: takes longer than {LONGEST:.0f} seconds")
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise UnreachablePage(f"{_shown(url)}: the connection broke ({type(error).__name__})") from error
    return bytes(body)


def _shown(url: str) -> str:
    """An address without a user name, password or fragment."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))[:300]
    except ValueError:
        return url[:80]
