"""The LDA API: one client that pages, keeps to the limits, retries temporary failures and explains the others.

Source: the official API description (https://lda.gov/api/), and what users report: firewall pages, 5xx, truncated
bodies. The key is sent only in a header, only to the configured host, and is never shown.
"""

from __future__ import annotations

import math
import os
import random
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Unpack, cast
from urllib.parse import urljoin, urlsplit

import orjson
import requests
from requests.auth import AuthBase

from lobbyx.lda import filters, json_files
from lobbyx.lda.answer import Answer
from lobbyx.lda.api_schema import CONSTANTS_PATHS
from lobbyx.lda.failures import LDAError, PassingFailure, RequestsSpent, host_of, raise_for_status
from lobbyx.lda.rate_limit import PERIOD, Limiter, Throttle

DEFAULT_URL: Final = "https://lda.gov/api/v1/"
PAGE_SIZE: Final = 25
"""The API's largest."""
ANONYMOUS_RATE, KEY_RATE = 15, 120
"""Requests a minute that the API allows without and with a key."""
ATTEMPTS: Final = 6
MOST_AHEAD: Final = 8
"""Requests in flight at once, if the server is too slow to use the limit with one at a time."""
LONGEST_WAIT: Final = 3600.0
"""Seconds. We do not wait for a longer Retry-After."""
CONNECT_TIMEOUT, READ_TIMEOUT, WHOLE_TIMEOUT = 10.0, 60.0, 180.0
LARGEST_BODY: Final = 64 * 1024 * 1024

KEYS = {
    "filings": "filing_uuid",
    "contributions": "filing_uuid",
    "registrants": "id",
    "clients": "id",
    "lobbyists": "id",
}
"""Endpoint -> the field that identifies its records."""
DATED = ("filings", "contributions")
"""Listings in order of posting. The API pages through them only with a filter."""


@dataclass(frozen=True, slots=True)
class Received:
    """One good answer of the API."""

    url: str
    body: bytes
    document: Any
    fetched_at: str

    def records(self, broken: list[str] | None = None) -> Answer:
        """The checked records in it, for loading. Treats invalid records as `json_files.read_body` does."""
        return json_files.read_body(
            self.body,
            self.url,
            fetched_at=self.fetched_at,
            status=200,
            broken=broken,
            document=self.document,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing."""

    number: int
    count: int
    """How many records match according to the server, at the time of this page."""
    answer: Received
    last: bool

    @property
    def results(self) -> list[Any]:
        """The records as the API gives them."""
        return cast(list[Any], self.answer.document["results"])


def pages_for(count: int) -> int:
    """How many pages this number of records fills."""
    return -(-count // PAGE_SIZE)


class _Token(AuthBase):
    """The key as the API expects it. Passed as `auth`, so that no .netrc entry replaces it."""

    def __init__(self, key: str | None) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Token {self._key}"
        return request


class LDAClient:
    """A polite client of the API.

    `url`, `key` and `rate` default to $LOBBYX_LDA_URL, $LDA_API_KEY and $LOBBYX_RATE. `say` receives messages about
    waits and retries. `limiter` makes the limiter for a rate, if several processes share one. `most` is the number of
    requests it may send, each attempt counted; instead of another it raises RequestsSpent. Raises LDAError for settings
    that cannot work.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        rate: int | None = None,
        *,
        say: Callable[[str], None] = lambda message: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        limiter: Callable[[int], Limiter] | None = None,
        most: int | None = None,
        attempts: int = ATTEMPTS,
    ) -> None:
        self.url = _checked_url(url or os.environ.get("LOBBYX_LDA_URL") or DEFAULT_URL)
        key = _checked_key(key or os.environ.get("LDA_API_KEY") or None)
        if key and urlsplit(self.url).scheme != "https" and not _is_loopback(self.url):
            raise LDAError(f"the API key is not sent over plain http to {urlsplit(self.url).hostname}; use https")
        rate = rate or _checked_rate(os.environ.get("LOBBYX_RATE")) or (KEY_RATE if key else ANONYMOUS_RATE)
        self.has_key = key is not None
        self.requests = 0
        self._most, self._attempts, self._counting = most, attempts, threading.Lock()
        self._say, self._clock, self._sleep = say, clock, sleep
        self.rate = rate
        self._limiter = limiter(rate) if limiter else Throttle(rate, clock, sleep)
        self._key = key
        self._pace = 0.0  # seconds that recent answers took
        self._local = threading.local()

    def _session(self) -> requests.Session:
        """This thread's session."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.auth = _Token(self._key)
            session.headers.update({"Accept": "application/json", "User-Agent": "lobbyx (LDA research toolkit)"})
        return session

    def pages(
        self, endpoint: str, wanted: Mapping[str, Any], *, first: int = 1, ordering: str | None = None
    ) -> Iterator[Page]:
        """The pages of a listing from number `first` on, in the order in which records were posted (or by id).

        `wanted` are the API's own filters (`lda/filters.py`). Raises UnknownFilter before a request is spent, and
        LDAError if there is no answer.
        """
        query = filters.query(endpoint, wanted)
        if endpoint in DATED and not query:
            raise LDAError(f"the API pages through {endpoint} only with at least one filter; give a name or a year")
        order = ordering or ("dt_posted" if endpoint in DATED else "id")

        def ask(number: int) -> Received:
            return self.get(f"{endpoint}/", {**query, "page_size": PAGE_SIZE, "ordering": order, "page": number})

        with ThreadPoolExecutor(MOST_AHEAD) as pool:
            coming: deque[tuple[int, Future[Received]]] = deque()
            number, last = first, first
            try:
                while True:
                    while number <= last and len(coming) < self._ahead():
                        coming.append((number, pool.submit(ask, number)))
                        number += 1
                    asked, future = coming.popleft()
                    try:
                        answer = future.result()
                    except LDAError as error:
                        if error.status == 404 and asked > 1:
                            return  # the listing became shorter during the reading
                        raise
                    count = int(answer.document["count"])
                    # The host that `next` names does not matter: we ask only the configured one.
                    more = bool(answer.document["next"])
                    yield Page(asked, count, answer, last=not more)
                    if not more:
                        return
                    last = max(asked + 1, pages_for(count))
            finally:
                for _, future in coming:
                    future.cancel()

    def _ahead(self) -> int:
        """How many requests must be in flight, at the server's speed, to use the limit in full."""
        return min(MOST_AHEAD, max(1, math.ceil(self._pace * self.rate / PERIOD)))

    def filings(self, **wanted: Unpack[filters.FilingFilters]) -> Iterator[dict[str, Any]]:
        """Matching LD-1 and LD-2 filings, each once, oldest first. Raises like `pages`."""
        return self._each("filings", wanted)

    def contributions(self, **wanted: Unpack[filters.ContributionFilters]) -> Iterator[dict[str, Any]]:
        """Matching LD-203 contribution reports, each once, oldest first. Raises like `pages`."""
        return self._each("contributions", wanted)

    def registrants(self, **wanted: Unpack[filters.RegistrantFilters]) -> Iterator[dict[str, Any]]:
        """Matching registrants, by id. Raises like `pages`."""
        return self._each("registrants", wanted)

    def clients(self, **wanted: Unpack[filters.ClientFilters]) -> Iterator[dict[str, Any]]:
        """Matching clients, one record for each registrant they have, by id. Raises like `pages`."""
        return self._each("clients", wanted)

    def lobbyists(self, **wanted: Unpack[filters.LobbyistFilters]) -> Iterator[dict[str, Any]]:
        """Matching lobbyists, one record for each registrant they work for, by id. Raises like `pages`."""
        return self._each("lobbyists", wanted)

    def _each(self, endpoint: str, wanted: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Each record once. Pages shift while records are posted, so a record can arrive twice."""
        seen: set[Any] = set()
        for page in self.pages(endpoint, wanted):
            for record in page.results:
                if (key := record[KEYS[endpoint]]) not in seen:
                    seen.add(key)
                    yield record

    def count(self, endpoint: str, wanted: Mapping[str, Any] | None = None) -> int:
        """How many records match according to the server; without `wanted`, how many there are. One request."""
        answer = self.get(f"{endpoint}/", {**filters.query(endpoint, wanted or {}), "page_size": 1})
        if not _is_page(answer.document):
            raise LDAError(f"{host_of(self.url)}: the answer is no page of a listing")
        return int(answer.document["count"])

    def constants(self, path: str) -> Received:
        """One list of constants (`filing/filingtypes`). Does not count toward the limit. Raises LDAError."""
        if path not in CONSTANTS_PATHS:
            raise LDAError(f"the API has no constants {path!r}; it has {', '.join(CONSTANTS_PATHS)}")
        answer = self.get(f"constants/{path}/")
        if not isinstance(answer.document, list):
            raise LDAError(f"{host_of(self.url)}: the answer is not a list of constants")
        return answer

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Received:
        """One answer, after as many attempts as are allowed. Raises LDAError with the cause."""
        url = urljoin(self.url, path)
        for attempt in range(1, self._attempts + 1):
            if not path.startswith("constants/"):  # constants do not count toward the limit
                self._limiter.wait()
            started = self._clock()
            try:
                answer = self._once(url, query or {})
                self._pace += (self._clock() - started - self._pace) / 4
                return answer
            except PassingFailure as failure:
                wait = failure.wait if failure.wait is not None else _backoff(attempt)
                if attempt == self._attempts or wait > LONGEST_WAIT:
                    waited = f"; it asks to wait {wait:.0f} s" if wait > LONGEST_WAIT else f" after {attempt} attempts"
                    raise LDAError(
                        f"{host_of(url)}: {failure}{waited}. What arrived before is on file; run the same command "
                        "later to continue",
                        failure.status,
                    ) from failure
                self._say(f"{host_of(url)}: {failure}; trying again in {wait:.0f} s")
                self._sleep(wait)
        raise AssertionError("unreachable")

    def _once(self, url: str, query: Mapping[str, str | int]) -> Received:
        with self._counting:
            if self._most is not None and self.requests >= self._most:
                raise RequestsSpent(f"the {self._most:,} requests allowed are spent")
            self.requests += 1
        try:
            with self._session().get(
                url,
                params=query,
                timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = self._body(response)
        except requests.Timeout as error:
            raise PassingFailure("no answer in time") from error
        except requests.exceptions.SSLError as error:
            raise LDAError(f"{host_of(url)}: the secure connection cannot be made (certificate or network)") from error
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            raise PassingFailure("cannot be reached, or the connection broke") from error
        except requests.exceptions.ContentDecodingError as error:
            raise PassingFailure("the answer is damaged") from error
        except requests.RequestException as error:
            raise LDAError(f"{host_of(url)}: the request cannot be made ({type(error).__name__})") from error
        raise_for_status(response, body, has_key=self.has_key)
        try:
            document = orjson.loads(body)
        except ValueError as error:
            raise PassingFailure("the answer is cut short or is not JSON", status=response.status_code) from error
        if "page" in query and not _is_page(document):
            raise PassingFailure("the answer is no page of a listing", status=response.status_code)
        at = json_files.http_date(response.headers.get("Date", "")) or datetime.now(UTC).isoformat(timespec="seconds")
        return Received(response.url, body, document, at)

    def _body(self, response: requests.Response) -> bytes:
        started, body = self._clock(), bytearray()
        for chunk in response.iter_content(1 << 16):
            body += chunk
            if len(body) > LARGEST_BODY:
                raise LDAError(f"{host_of(response.url)}: the answer is larger than {LARGEST_BODY >> 20} MB")
            if self._clock() - started > WHOLE_TIMEOUT:
                raise PassingFailure("the answer took too long")
        return bytes(body)


def _is_page(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and isinstance(document.get("count"), int)
        and isinstance(document.get("results"), list)
        and "next" in document
    )


def _backoff(attempt: int) -> float:
    """Seconds before the next attempt: 1, 2, 4, ... with jitter, so that clients do not all return at once."""
    return min(60.0, 2.0 ** (attempt - 1)) * random.uniform(0.75, 1.25)  # noqa: S311


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise LDAError(f"LOBBYX_LDA_URL is not the address of an API: {url!r}. The official one is {DEFAULT_URL}")
    return url if url.endswith("/") else url + "/"


def _checked_key(key: str | None) -> str | None:
    if key is not None and not re.fullmatch(r"[\x21-\x7e]{1,200}", key.strip()):
        raise LDAError("the key in $LDA_API_KEY has characters that no key has (it is not shown here); copy it again")
    return key and key.strip()


def _checked_rate(rate: str | None) -> int | None:
    if not rate:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,5}", rate):
        raise LDAError(f"LOBBYX_RATE is not a number of requests a minute: {rate!r}")
    return int(rate)


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")
