"""A local LDA API for tests: answers as the official description says, and misbehaves as real servers do.

Serves filings, contributions and constants from lists of records in the API's shape: filters (unknown ones are ignored
in silence), ordering, pages of at most 25, the refusal to page without a filter, keys, throttling, and the documented
error bodies. `faults` holds what to do instead of answering, one entry a request, used up in order:

| fault | the request meets |
|---|---|
| `429` | 429 with `Retry-After: 1` |
| `500`, `502`, `503` | that status with an HTML body |
| `403` | 403 with the HTML page of a firewall |
| `truncated` | the good answer cut in half under its full Content-Length |
| `half` | the good answer cut in half, with the length of the half (no error of the transport) |
| `reset` | a closed connection |
| `html` | 200 with an HTML body |
| `other_host` | the good answer with `next` on another host |
| `redirect` | 301 to another host |
| `stall` | nothing, until the client gives up |

Beside them: posting times that tie and come in another order each time (`shuffle_ties`), counts that never agree
(`miscount`), slowness (`delay`), listings that change while they are read (`on_request`), and both readings of the end
of a span of days (`before_includes_day`), on which the description is silent.

Run by hand: `python tests/lda_server.py` serves the Coupang filings on port 8900.
"""

from __future__ import annotations

import csv
import json
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

DATA = Path(__file__).parent / "data"
COUPANG = Path(__file__).parent.parent / "lobbyx" / "data" / "coupang" / "filings.csv"
BASE = "/api/v1/"
FILTERS: dict[str, Callable[[dict[str, Any], str], bool]] = {
    "client_name": lambda r, v: v.lower() in r["client"]["name"].lower(),
    "registrant_name": lambda r, v: v.lower() in r["registrant"]["name"].lower(),
    "client_id": lambda r, v: r["client"]["id"] == int(v),
    "registrant_id": lambda r, v: r["registrant"]["id"] == int(v),
    "filing_uuid": lambda r, v: r["filing_uuid"] == v,
    "filing_year": lambda r, v: r["filing_year"] == int(v),
    "filing_type": lambda r, v: r["filing_type"] == v,
    "filing_period": lambda r, v: r["filing_period"] == v,
    "filing_dt_posted_after": lambda r, v: r["dt_posted"] >= v,
    "filing_dt_posted_before": lambda r, v: r["dt_posted"] <= v,
}
NUMBERS = {"client_id", "registrant_id", "filing_year"}
FIREWALL = b"<html><head><title>Request Rejected</title></head><body>The requested URL was rejected.</body></html>"


def coupang_filings() -> list[dict[str, Any]]:
    """The shipped Coupang filings in the API's shape (fields that were not collected are null or empty)."""
    with COUPANG.open(encoding="utf-8", newline="") as f:
        return [_filing(row) for row in csv.DictReader(f)]


def _filing(row: dict[str, str]) -> dict[str, Any]:
    registrant = {"id": int(row["registrant_id"]), "name": row["registrant_name"]}
    client = {"id": int(row["client_id"]), "name": row["client_name"], "client_self_select": None}
    money = {name: row[name] or None for name in ("income", "expenses", "expenses_method", "termination_date")}
    lists = ("lobbying_activities", "conviction_disclosures", "foreign_entities", "affiliated_organizations")
    return {
        "url": f"https://lda.gov/api/v1/filings/{row['filing_uuid']}/",
        "filing_uuid": row["filing_uuid"],
        "filing_type": row["filing_type"],
        "filing_year": int(row["filing_year"]),
        "filing_period": row["filing_period"],
        "dt_posted": row["dt_posted"],
        **money,
        "registrant": registrant,
        "client": client,
        **{name: [] for name in lists},
    }


class LDAServer:
    """The server on a free port of this machine; use it in a `with` block."""

    def __init__(
        self,
        filings: list[dict[str, Any]] | None = None,
        contributions: list[dict[str, Any]] | None = None,
        *,
        key: str | None = None,
        rate: int | None = None,
        port: int = 0,
    ) -> None:
        self.listings: dict[str, list[dict[str, Any]]] = {
            "filings": filings or [],
            "contributions": contributions or [],
            "registrants": [],
            "clients": [],
            "lobbyists": [],
        }
        self.shuffle_ties = False
        """Whether records posted at the same time come in another order on each request."""
        self.before_includes_day = False
        """Whether `filing_dt_posted_before=2024-01-31` includes what was posted on that day after midnight."""
        self.miscount = 0
        """Added to every count: a server that never agrees with itself."""
        self.delay = 0.0
        """Seconds before each answer."""
        self.on_request: Callable[[int], None] = lambda number: None
        """Told the number of each request before it is answered; may change listings or kill the client."""
        self.at_once = self.most_at_once = 0
        """Requests being answered now, and the most there were."""
        self._lock = threading.Lock()
        self.key, self.rate = key, rate
        self.faults: deque[str] = deque()
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        """(path, query, headers) of every request."""
        self._sent: deque[float] = deque()
        self._release = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"api": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.host}{BASE}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._release.set()
        self._server.shutdown()
        self._server.server_close()

    def throttled(self) -> float | None:
        """Seconds to wait where the limit is reached; counts the request otherwise."""
        if self.rate is None:
            return None
        now = time.monotonic()
        while self._sent and self._sent[0] <= now - 60:
            self._sent.popleft()
        if len(self._sent) >= self.rate:
            return self._sent[0] + 60 - now
        self._sent.append(now)
        return None

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """Status and document for a good request, by the official description."""
        parts = path.removeprefix(BASE).strip("/").split("/")
        if parts[0] == "constants":
            file = DATA / "lda_samples" / f"constants_{'_'.join(parts[1:])}.json"
            return (200, json.loads(file.read_text())["body"]) if file.exists() else (404, {"detail": "Not found."})
        if parts[0] not in self.listings:
            return 404, {"detail": "Not found."}
        records = self.listings[parts[0]]
        if len(parts) == 2:
            found = [r for r in records if r["filing_uuid"] == parts[1]]
            return (200, found[0]) if found else (404, {"detail": "Not found."})
        return self._listing(parts[0], records, query)

    def _listing(self, name: str, records: list[dict[str, Any]], query: dict[str, str]) -> tuple[int, Any]:
        known = {k: v for k, v in query.items() if k in FILTERS}
        for k, v in known.items():
            if k in NUMBERS and not v.isdigit():
                return 400, {k: ["Enter a number."]}
        if "page" in query and not known and name in ("filings", "contributions"):
            said = "You must pass at least one query string parameter to filter the results and be able to paginate"
            return 400, {"detail": f"{said} the results."}
        if self.before_includes_day and "filing_dt_posted_before" in known:
            known["filing_dt_posted_before"] += "T23:59:59.999999"
        matching = [r for r in records if all(FILTERS[k](r, v) for k, v in known.items())]
        if self.shuffle_ties:
            random.shuffle(matching)
        ordering = query.get("ordering", "")
        if ordering.lstrip("-") in ("dt_posted", "id"):
            matching.sort(key=lambda r: r[ordering.lstrip("-")], reverse=ordering.startswith("-"))
        page, size = query.get("page", "1"), min(int(query.get("page_size", "25")), 25)
        pages = max(1, -(-len(matching) // size))
        if not page.isdigit() or not 1 <= int(page) <= pages:
            return 404, {"detail": "Invalid page."}

        def link(n: int) -> str | None:
            there = f"http://{self.host}{BASE}{name}/?{urlencode({**query, 'page': n})}"
            return there if 1 <= n <= pages else None

        first = (int(page) - 1) * size
        links = {"next": link(int(page) + 1), "previous": link(int(page) - 1)}
        return 200, {"count": len(matching) + self.miscount, **links, "results": matching[first : first + size]}


class _Handler(BaseHTTPRequestHandler):
    api: LDAServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        with self.api._lock:
            self.api.asked.append((parts.path, query, dict(self.headers)))
            fault = self.api.faults.popleft() if self.api.faults else None
            self.api.on_request(len(self.api.asked))
            self.api.at_once += 1
            self.api.most_at_once = max(self.api.most_at_once, self.api.at_once)
        time.sleep(self.api.delay)
        with self.api._lock:
            self.api.at_once -= 1
        with suppress(BrokenPipeError, ConnectionResetError):
            self._respond(parts.path, query, fault)

    def _respond(self, path: str, query: dict[str, str], fault: str | None) -> None:
        match fault:
            case "429":
                return self._throttle(1)
            case "500" | "502" | "503":
                return self._send(int(fault), b"<html>trouble</html>", "text/html")
            case "403":
                return self._send(403, FIREWALL, "text/html")
            case "html":
                return self._send(200, FIREWALL, "text/html")
            case "reset":
                self.close_connection = True
                return self.connection.close()
            case "stall":
                self.api._release.wait(30)
                return None
            case "redirect":
                return self._send(301, b"", "text/html", {"Location": f"https://example.org{path}"})
        given = self.headers.get("Authorization")
        if given is not None and given != f"Token {self.api.key}":
            return self._json(401, {"detail": "Invalid token."})
        if not path.startswith(f"{BASE}constants/") and (wait := self.api.throttled()) is not None:
            return self._throttle(int(wait) + 1)
        status, document = self.api.answer(path, query)
        if fault == "other_host" and status == 200 and document.get("next"):
            document = {**document, "next": document["next"].replace(self.api.host, "evil.example.org")}
        body = json.dumps(document).encode()
        if fault == "truncated":
            return self._send(status, body[: len(body) // 2], "application/json", length=len(body))
        return self._send(status, body[: len(body) // 2] if fault == "half" else body, "application/json")

    def _throttle(self, seconds: int) -> None:
        said = f"Request was throttled. Expected available in {seconds} seconds."
        self._json(429, {"detail": said}, {"Retry-After": str(seconds)})

    def _json(self, status: int, document: Any, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(document).encode(), "application/json", headers)

    def _send(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None, length: int | None = None
    ) -> None:
        self.send_response_only(status)
        about = {"Content-Type": kind, "Content-Length": str(len(body) if length is None else length)}
        for name, value in {**about, "Date": formatdate(usegmt=True), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        if length is not None:
            self.close_connection = True


if __name__ == "__main__":
    with LDAServer(coupang_filings(), port=8900) as server:
        print(f"LOBBYX_LDA_URL={server.url} lobbyx fetch --client Coupang")
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
