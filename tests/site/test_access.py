"""Who may see and do what: table permissions, headers, other databases, CORS, DNS rebinding, checks at once."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from lobbyx.database import connection
from lobbyx.site import access, checking
from tests.site.test_site import checked_db

__all__ = ["checked_db"]  # a fixture
pytestmark = pytest.mark.filterwarnings("ignore")
ROOT_ONLY = {"allow": {"id": "root"}}
CLAIM = "Coupang+spent+$3.31+million+on+lobbying+in+2024."
PAGES = (
    "/-/lobbyx.json",
    f"/-/lobbyx/check.json?text={CLAIM}",
    "/-/lobbyx/check.json?org=Coupang&amount=3310000&from=2024&to=2024",
    "/-/lobbyx/verdict/1",
    "/-/lobbyx/verdict/1.json",
    "/-/lobbyx/verdict/1.csv",
    "/-/lobbyx/verdict/1.claimreview.json",
    "/-/lobbyx/verdict/999.json",
    "/-/lobbyx/verdict/1/card.svg",
    "/-/lobbyx/verdict/1/embed",
    "/-/lobbyx/organization/1",
    "/-/lobbyx/organization/1.json",
    "/-/lobbyx/organization/1.csv",
    "/-/lobbyx/search.json?q=coupang",
    "/-/lobbyx/search.json?q=Cupang",
    "/-/lobbyx/topic?q=export",
    "/-/lobbyx/topic.json?q=export",
    "/-/lobbyx/topic.json?q=H.R.+1",
    "/-/lobbyx/topic.json?q=TRD",
    "/-/lobbyx/topic.json?q=no+such+thing",
    "/-/lobbyx/review.json",
)


def visit(datasette: Datasette, *paths: str, **more: Any) -> list[Any]:
    async def ask() -> list[Any]:
        await datasette.invoke_startup()
        return [await datasette.client.get(path, **more) for path in paths]

    return asyncio.run(ask())


def tables_allowed(*names: str) -> dict[str, Any]:
    return {"databases": {"coupang": {"tables": dict.fromkeys(names, ROOT_ONLY)}}}


# Permissions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["verdicts", "claims"])
def test_a_table_for_root_alone_is_not_shown_by_our_pages(checked_db: Path, table: str) -> None:
    datasette = Datasette([str(checked_db)], metadata=tables_allowed(table))
    shown = [p for p in PAGES if p.startswith("/-/lobbyx/verdict")]
    for path, answer in zip(shown, visit(datasette, *shown), strict=True):
        assert (answer.status_code, "10 million" in answer.text) == (403, False), path
        assert f"the table {table}" in answer.text or "the table claims" in answer.text, path
    # What does not need it is shown, without the claims.
    front, home, organization = visit(datasette, "/-/lobbyx.json", "/", "/-/lobbyx/organization/1.json")
    assert (front.json()["filings"], front.json()["latest"]) == (80, [])
    assert "10 million" not in home.text
    assert (organization.json()["verdicts"], organization.json()["methods"]["lda"]["reported"]) == ([], 11_530_000)
    root = {"ds_actor": datasette.sign({"a": {"id": "root"}}, "actor")}
    (answer,) = visit(datasette, "/-/lobbyx/verdict/1.json", cookies=root)
    assert (answer.status_code, answer.json()["totals"]["lda"]["reported"]) == (200, 8_580_000)


@pytest.mark.parametrize("table", ["filings", "registrants", "organizations", "organization_names", "ledger_lines"])
def test_each_page_needs_each_table_it_reads(checked_db: Path, table: str) -> None:
    read: dict[str, set[str]] = {path: tables_read(checked_db, path) for path in PAGES}
    datasette = Datasette([str(checked_db)], metadata=tables_allowed(table))
    for path, answer in zip(PAGES, visit(datasette, *PAGES), strict=True):
        assert (answer.status_code == 403) == (table in read[path]), (path, answer.status_code)
    assert any(table in tables for tables in read.values())


def tables_read(db: Path, path: str) -> set[str]:
    """The tables a page really reads, as SQLite says about its connections; optional parts are left out."""
    seen: set[str] = set()
    datasette = Datasette([str(db)])

    async def note(self: Any, request: Any, tables: set[str]) -> None:
        seen.update(tables)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "require", note)
        patch.setattr("lobbyx.site.views._latest", no_latest)
        visit(datasette, path)
    return seen


async def no_latest(*_: Any) -> list[Any]:
    return []


@pytest.mark.parametrize("metadata", [ROOT_ONLY, {"databases": {"coupang": ROOT_ONLY}}], ids=["site", "database"])
def test_a_site_or_database_for_root_alone_shows_nothing(checked_db: Path, metadata: dict[str, Any]) -> None:
    datasette = Datasette([str(checked_db)], metadata=metadata)
    for path, answer in zip(PAGES, visit(datasette, *PAGES), strict=True):
        assert answer.status_code == 403, path
    home, robots = visit(datasette, "/", "/robots.txt")
    assert "coupang" not in robots.text
    assert "posted from" not in home.text
    assert "10 million" not in home.text


def test_stored_queries_read_no_table_that_is_not_shown(checked_db: Path) -> None:
    query = "/coupang/reports_behind_a_verdict.json?verdict_id=1&_shape=array"
    (open_,) = visit(Datasette([str(checked_db)]), query)
    assert len(open_.json()) == 48
    datasette = Datasette([str(checked_db)], metadata=tables_allowed("evidence"))
    closed, listed = visit(datasette, query, "/coupang.json")
    assert closed.status_code == 403
    names = {q["name"] for q in listed.json()["queries"]}
    assert "reports_behind_a_verdict" not in names
    assert "superseded_reports" in names
    root = {"ds_actor": datasette.sign({"a": {"id": "root"}}, "actor")}
    (again,) = visit(datasette, query, cookies=root)
    assert len(again.json()) == 48


# Headers, and other databases --------------------------------------------------------------------------------------


@pytest.fixture
def other_db(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        db.execute("CREATE TABLE t (amount INTEGER)")
        db.execute("INSERT INTO t VALUES (1000)")
        db.commit()
    return tmp_path / "other.db"


def test_other_databases_keep_the_headers_of_datasette(checked_db: Path, other_db: Path) -> None:
    mixed = Datasette([str(checked_db), str(other_db)])
    ours = ("/", "/coupang", "/coupang/filings", "/coupang.json", "/-/lobbyx/search", "/-/lobbyx.json")
    for path, answer in zip(ours, visit(mixed, *ours), strict=True):
        assert "content-security-policy" in answer.headers, path
    theirs = ("/other", "/other/t", "/other/t.json", "/-/versions.json", "/-/static/app.css", "/nothing")
    for path, answer in zip(theirs, visit(mixed, *theirs), strict=True):
        for header in ("content-security-policy", "x-content-type-options"):
            assert header not in answer.headers, path
        assert answer.headers.get("referrer-policy") != "same-origin", path
    (robots,) = visit(mixed, "/robots.txt")
    lines = robots.text.splitlines()
    assert "Disallow: /-/lobbyx/check" in lines
    assert all(line.split(": ")[1].startswith(("/-/lobbyx", "/coupang")) for line in lines[1:])
    alone = Datasette([str(other_db)])
    robots, home, page = visit(alone, "/robots.txt", "/", "/other/t")
    assert robots.status_code == 404
    assert "content-security-policy" not in home.headers
    assert "content-security-policy" not in page.headers


def test_a_name_that_begins_alike_is_another_database(checked_db: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "coupang2.db")) as db:
        db.execute("CREATE TABLE t (a)")
    (answer,) = visit(Datasette([str(checked_db), str(tmp_path / "coupang2.db")]), "/coupang2/t")
    assert answer.status_code == 200
    assert "content-security-policy" not in answer.headers


@pytest.mark.parametrize("cors", [False, True])
def test_other_sites_may_read_only_with_cors(checked_db: Path, cors: bool) -> None:
    paths = (*(p for p in PAGES if ".json" in p), "/coupang/verdicts.json")
    for path, answer in zip(paths, visit(Datasette([str(checked_db)], cors=cors), *paths), strict=True):
        assert answer.headers.get("access-control-allow-origin") == ("*" if cors else None), path


# Addresses ---------------------------------------------------------------------------------------------------------

LOCALS = access.addresses("127.0.0.1", 8001)


@pytest.mark.parametrize(
    ("hosts", "host", "answered"),
    [
        (LOCALS, "127.0.0.1:8001", True),
        (LOCALS, "localhost:8001", True),
        (LOCALS, "LOCALHOST:8001", True),
        (LOCALS, "[::1]:8001", True),
        (LOCALS, "evil.example", False),
        (LOCALS, "evil.example:8001", False),
        (LOCALS, "localhost:8001.evil.example", False),
        (LOCALS, "localhost", False),
        (LOCALS, "localhost:9999", False),
        (LOCALS, "192.168.0.7:8001", False),
        (LOCALS, "user@localhost:8001", False),
        (LOCALS, "localhost:8001/x", False),
        (LOCALS, "", False),
        (access.addresses("192.168.0.7", 8001), "192.168.0.7:8001", True),
        (access.addresses("0.0.0.0", 8001), "192.168.0.7:8001", True),
        (access.addresses("0.0.0.0", 8001), "evil.example:8001", False),
        (access.addresses("::", 8001), "[fe80::1]:8001", True),
        (access.addresses("localhost", 0), "localhost:51234", True),
        (access.addresses("localhost", 80), "localhost", True),
        (None, "localhost:4000", True),
        (None, "evil.example", False),
        (["desk.example:8443"], "desk.example:8443", True),
    ],
)
def test_a_site_that_can_be_written_to_answers_at_its_own_address(
    checked_db: Path, hosts: list[str] | None, host: str, answered: bool
) -> None:
    plugin = {"write": True, **({"hosts": hosts} if hosts else {})}
    datasette = Datasette([str(checked_db)], metadata={"plugins": {"lobbyx": plugin}})
    for path in ("/", "/-/lobbyx/check", "/coupang/claims.json"):
        (answer,) = visit(datasette, path, headers={"host": host})
        assert answer.status_code == (200 if answered else 403), path
        if not answered:
            assert "set-cookie" not in answer.headers
            assert "csrf" not in answer.text


def test_nothing_is_stored_for_another_sites_page(checked_db: Path) -> None:
    settings = {"plugins": {"lobbyx": {"write": True, "hosts": LOCALS}}}
    datasette = Datasette([str(checked_db)], metadata=settings)
    here = {"host": "127.0.0.1:8001"}

    async def post(headers: dict[str, str]) -> int:
        await datasette.invoke_startup()
        token = (await datasette.client.get("/-/lobbyx/check", headers=here)).cookies["ds_csrftoken"]
        claim = {"csrftoken": token, "text": "Coupang spent $5 million on lobbying in 2024.", "store": "1"}
        answer = await datasette.client.post(
            "/-/lobbyx/check", data=claim, cookies={"ds_csrftoken": token}, headers=headers
        )
        return int(answer.status_code)

    def stored() -> int:
        with closing(connection.connect(checked_db)) as db:
            return int(db.execute("SELECT count(*) FROM verdicts").fetchone()[0])

    for headers in (
        {"host": "evil.example"},
        {"host": "evil.example", "origin": "http://evil.example"},
        {**here, "origin": "http://evil.example"},
        {**here, "origin": "null"},
        {**here, "origin": "http://127.0.0.1:9999"},
    ):
        assert asyncio.run(post(headers)) == 403, headers
        assert stored() == 1
    assert asyncio.run(post({**here, "origin": "http://127.0.0.1:8001"})) == 200
    assert stored() == 2


def test_a_read_only_site_may_stand_behind_any_name(checked_db: Path) -> None:
    (answer,) = visit(Datasette([str(checked_db)]), "/", headers={"host": "lobbying.example.org"})
    assert answer.status_code == 200


# Bounds ------------------------------------------------------------------------------------------------------------


def test_a_text_with_too_many_claims_is_told(checked_db: Path) -> None:
    text = " ".join(f"Coupang spent ${n}.5 million on lobbying in 2024." for n in range(1, 41))
    datasette = Datasette([str(checked_db)])
    (answer,) = visit(datasette, f"/-/lobbyx/check.json?text={text.replace(' ', '+')}")
    found = answer.json()
    assert (len(found["claims"]), found["more"]) == (checking.MOST_CLAIMS, 40 - checking.MOST_CLAIMS)
    assert found["limits"] == {"characters": 20_000, "claims": 25}
    (page,) = visit(datasette, f"/-/lobbyx/check?text={text.replace(' ', '+')}")
    assert "This text has 40 claims. One check judges the first 25" in page.text


def test_many_checks_at_once_leave_the_site_open(checked_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight long checks at once: one is read at a time, some wait, the rest are asked to come back."""
    datasette = Datasette([str(checked_db)])
    running, most = 0, 0
    free = threading.Event()
    real = checking.check

    def slow(*given: Any) -> Any:
        nonlocal running, most
        running += 1
        most = max(most, running)
        free.wait(20)  # a long text, however fast this machine is
        running -= 1
        return real(*given)

    monkeypatch.setattr(checking, "check", slow)

    async def visitors() -> tuple[list[Any], list[float]]:
        await datasette.invoke_startup()
        await datasette.client.get("/-/lobbyx/organization/1")  # warm
        checks = [asyncio.ensure_future(datasette.client.get(f"/-/lobbyx/check.json?text={CLAIM}")) for _ in range(8)]
        took = []
        while sum(check.done() for check in checks) < 7 - checking.WAITING or len(took) < 5:
            began = time.monotonic()
            answer = await datasette.client.get("/-/lobbyx.json")
            assert answer.status_code == 200
            took.append(time.monotonic() - began)
        free.set()
        return list(await asyncio.gather(*checks)), took

    answers, took = asyncio.run(visitors())
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] * (1 + checking.WAITING) + [503] * (7 - checking.WAITING)
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert int(refused.headers["retry-after"]) > 0
    assert "Try again" in json.loads(refused.text)["error"]
    assert most == 1
    assert max(took) < 5  # other pages did not wait for the checks, which were held up until they had answered


def test_who_waits_too_long_is_asked_to_come_back(checked_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "LONGEST_WAIT", 0.05)
    datasette = Datasette([str(checked_db)])

    async def ask() -> list[int]:
        await datasette.invoke_startup()
        async with checking.turns(datasette).turn():
            first = await datasette.client.get(f"/-/lobbyx/check?text={CLAIM}")
        second = await datasette.client.get(f"/-/lobbyx/check?text={CLAIM}")
        return [first.status_code, second.status_code]

    assert asyncio.run(ask()) == [503, 200]


LONG: list[Callable[[], str]] = [
    lambda: "억천만" * 5000,
    lambda: "Coupang spent $3.31 million on lobbying in 2024. " * 400,
    lambda: "$1 million " * 2000 + "lobbying",
    lambda: "H.R. 1 " * 2500 + "lobbied",
]


@pytest.mark.parametrize("text", LONG)
def test_a_hostile_text_costs_little(checked_db: Path, text: Callable[[], str]) -> None:
    with closing(connection.connect(checked_db)) as db:
        checking.check(db, "Coupang spent $5 million on lobbying in 2024.", None, None)  # what is read once
        began = time.process_time()
        checking.check(db, text(), None, None)
        assert time.process_time() - began < 6  # 1 to 2 s here
