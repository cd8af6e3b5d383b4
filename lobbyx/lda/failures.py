"""What can go wrong with an answer of the API: temporary failures, and those that the user can fix."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests

from lobbyx.model.errors import LobbyxError


class LDAError(LobbyxError):
    """The API did not give what was asked for. The message says why and what to do."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class RequestsSpent(LDAError):
    """The client has sent as many requests as it may."""


class PassingFailure(Exception):
    """A temporary failure: a later attempt may succeed."""

    def __init__(self, problem: str, wait: float | None = None, status: int | None = None) -> None:
        super().__init__(problem)
        self.wait = wait
        self.status = status


def _detail(body: bytes) -> str | None:
    """What a JSON error body says, on one bounded line; None if it is not a JSON object."""
    try:
        document = json.loads(body[:100_000])
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    parts = [
        str(value) if name == "detail" else f"{name}: {' '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in document.items()
    ]
    return re.sub(r"\s+", " ", "; ".join(parts))[:300]


def retry_after(response: requests.Response) -> float | None:
    """Seconds that the server asks us to wait, given as a number or an HTTP date; None if it does not say."""
    text = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,7}", text):
        return float(text)
    try:
        asked = parsedate_to_datetime(text)
        return max(0.0, (asked - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def host_of(url: str) -> str:
    """The host of an address, for messages."""
    return urlsplit(url).netloc or "(no host)"


def raise_for_status(response: requests.Response, body: bytes, *, has_key: bool) -> None:
    """Raises the failure that status and body show; returns for a 200."""
    status, host = response.status_code, host_of(response.url)
    said = _detail(body)
    match status:
        case 200:
            return
        case 429:
            raise PassingFailure("too many requests (429)", retry_after(response), status)
        case 500 | 502 | 503 | 504:
            raise PassingFailure(f"the server is in trouble ({status})", retry_after(response), status)
        case 403 if said is None:
            raise PassingFailure("a firewall page instead of an answer (403)", status=status)
        case 301 | 302 | 303 | 307 | 308:
            where = host_of(urljoin(response.url, response.headers.get("Location", "")))
            raise LDAError(
                f"{host} redirects to {where}, which is not followed (the key would go with it). If that is the "
                "API's new address, set LOBBYX_LDA_URL to it",
                status,
            )
        case 401:
            key = "the key in $LDA_API_KEY is not accepted" if has_key else "a key is required"
            raise LDAError(f"{host}: {key} ({said or status}). Correct it, or unset it to ask without one", status)
        case 400:
            raise LDAError(f"{host} refuses the request: {said or status}. Correct that value", status)
        case 403:
            raise LDAError(f"{host} forbids the request: {said}", status)
        case 404:
            raise LDAError(f"{host} has nothing at {urlsplit(response.url).path} ({said or status})", status)
        case _:
            raise LDAError(f"{host} answered with status {status} ({said or 'no explanation'})", status)
