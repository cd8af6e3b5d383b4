"""Datasette over a lobbyx database: `lobbyx serve` for real, and the plugin's pages with hostile contents."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from datasette.app import Datasette

import lobbyx
from lobbyx.database import connection
from lobbyx.reading.source import Source
from lobbyx.site import metadata
from tests.conftest import Run

pytestmark = pytest.mark.filterwarnings("ignore")  # Datasette's own, of newer Pythons and libraries


@pytest.fixture
def checked_db(coupang_db: Path) -> Path:
    with lobbyx.open(coupang_db) as opened:
        source = Source("text", "Coupang has spent at least $10 million on lobbying since August 2021.", "2025-12-25")
        opened.record(source, opened.check(source, published="2025-12-25"))
    return coupang_db


class Site:
    """Pages of a Datasette without a network."""

    def __init__(self, path: Path) -> None:
        self.datasette = Datasette([str(path)])

    def get(self, path: str) -> Any:
        async def ask() -> Any:
            await self.datasette.invoke_startup()
            return await self.datasette.client.get(path, follow_redirects=True)

        return asyncio.run(ask())

    def json(self, path: str) -> Any:
        response = self.get(path)
        assert response.status_code == 200, response.text
        return json.loads(response.text)


@pytest.fixture
def site(checked_db: Path) -> Site:
    return Site(checked_db)


@pytest.fixture
def served(checked_db: Path) -> Iterator[str]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from lobbyx.cli import main; main()", "serve", "--db", str(checked_db)]
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONWARNINGS": ""},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            assert process.poll() is None, process.stderr and process.stderr.read()
            try:
                requests.get(url, timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)
        assert process.stderr is not None
        process.stderr.close()


def test_serve_shows_the_verdict_and_the_way_to_its_filings(served: str) -> None:
    def rows(path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = requests.get(f"{served}{path}", timeout=10).json()
        return found

    (verdict,) = rows("/coupang/verdicts.json?_shape=array")
    assert (verdict["verdict"], verdict["reported"]) == ("depends_on_method", 8_580_000)
    behind = rows(f"/coupang/reports_behind_a_verdict.json?verdict_id={verdict['id']}&_shape=array")
    assert len(behind) == 48
    assert all(row["url"].startswith("https://lda.gov/filings/public/filing/") for row in behind)
    page = requests.get(f"{served}/coupang/verdicts/{verdict['id']}", timeout=10).text
    assert f"/coupang/evidence?verdict_id={verdict['id']}" in page
    # Read-only: no way to write, whatever is asked.
    write = requests.get(f"{served}/coupang.json", params={"sql": "DELETE FROM verdicts"}, timeout=10)
    assert write.status_code == 400


def test_a_port_that_is_taken_is_told(run: Run, checked_db: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--db", checked_db, "--port", taken.getsockname()[1])
    assert done.returncode == 1
    assert "Choose another with --port" in done.stderr
    assert done.stderr.count("\n") == 1


def test_tables_are_described_with_units_facets_and_labels(site: Site) -> None:
    page = site.get("/coupang/reports").text
    assert "Every LD-2 activity report" in page
    assert "Lower bound behind the amount, US dollars" in page
    assert {f["name"] for f in site.json("/coupang/reports.json")["facet_results"].values()} >= {"role", "status"}
    assert "$8,580,000" in site.get("/coupang/verdicts").text
    filing = site.get("/coupang/filings/094e2925-30c9-497c-b32f-ede83018b465").text
    assert 'href="https://lda.gov/filings/public/filing/094e2925-30c9-497c-b32f-ede83018b465/print/"' in filing
    assert '<a href="/coupang/registrants/401106168">401106168</a>' in filing


def test_every_table_of_the_schema_is_described(coupang_db: Path) -> None:
    described = metadata()["tables"]
    with closing(connection.connect(coupang_db)) as db:
        there = {r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        assert {n for n in there if "_fts" not in n} == set(described)
        for name, about in described.items():
            columns = {row[1] for row in db.execute(f"PRAGMA table_xinfo({name})")}
            assert set(about.get("columns", {})) <= columns, name
            assert set(about.get("facets", [])) <= columns, name
            assert about.get("label_column", next(iter(columns))) in columns, name


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("spending_by_quarter_and_method?organization=COUPANG", 20),
        ("spending_by_quarter_and_method?organization=nobody", 0),
        ("reports_behind_a_verdict?verdict_id=1", 48),
        ("superseded_reports?", 2),
        ("double_count_exposure?", 1),
        ("search_activities?words=partner with korea", 3),
        ('search_activities?words=" OR', 0),
    ],
)
def test_stored_queries(site: Site, query: str, rows: int) -> None:
    name, _, arguments = query.partition("?")
    assert len(site.json(f"/coupang/{name}.json?{arguments}&_shape=array")) == rows
    assert site.get(f"/coupang/{query}").status_code == 200


def test_quarters_by_method_add_up_to_the_totals(site: Site) -> None:
    rows = site.json("/coupang/spending_by_quarter_and_method.json?organization=coupang&_shape=array")
    assert sum(r["lda"] for r in rows) == 11_530_000
    assert sum(r["gross"] for r in rows if r["period_start"] < "2026") == 11_290_000


def test_full_text_search_on_activities(site: Site) -> None:
    assert site.json("/coupang/activities.json?_search=immigration")["filtered_table_rows_count"] == 3


def test_hostile_contents_are_shown_as_text(coupang_db: Path) -> None:
    evil = "<script>alert(1)</script>"
    with lobbyx.open(coupang_db) as opened:
        opened.db.execute("UPDATE clients SET name = ?", [evil])
        opened.db.execute("UPDATE registrants SET name = ?", [evil])
        opened.db.execute("UPDATE activities SET description = ?", [evil])
        opened.db.execute("INSERT INTO activities_fts (activities_fts) VALUES ('rebuild')")
        opened.db.execute("UPDATE filings SET filing_document_url = 'javascript:alert(1)'")
        with connection.transaction(opened.db):
            connection.mark_stale(opened.db)
    with lobbyx.open(coupang_db) as opened:
        source = Source("text", f"{evil} Coupang spent $5 million on lobbying in 2024, {evil}.", "2025-12-25")
        opened.record(source, opened.check(source, published="2025-12-25"))
        opened.db.execute("UPDATE verdicts SET holds_under = ?", [json.dumps([evil])])
    site = Site(coupang_db)
    for page in ("", "/claims", "/verdicts", "/reports", "/spending", "/activities", "/clients", "/filings"):
        text = site.get(f"/coupang{page}").text
        assert evil not in text, page
        assert 'href="javascript:' not in text, page


def test_other_databases_are_left_alone(tmp_path: Path) -> None:
    import sqlite3

    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        db.execute("CREATE TABLE t (amount INTEGER, filing_uuid TEXT)")
        db.execute("INSERT INTO t VALUES (1000, 'x')")
        db.commit()
    site = Site(tmp_path / "other.db")
    assert "$1,000" not in site.get("/other/t").text
    assert site.json("/other.json")["queries"] == []
    assert "lobbyx" not in site.get("/").text


def test_plain_datasette_shows_the_same(run: Run, checked_db: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "datasette", str(checked_db), "--get", "/coupang.json"],
        capture_output=True,
        text=True,
        cwd=run.folder,
        env={**os.environ, "PYTHONWARNINGS": ""},
    )
    names = {q["name"] for q in json.loads(done.stdout)["queries"]}
    assert names == set(metadata()["queries"])


def test_a_database_of_an_earlier_version_says_what_to_run(checked_db: Path) -> None:
    with closing(connection.connect(checked_db)) as db:
        db.execute("PRAGMA user_version = 7")
    site = Site(checked_db)
    for path in (
        "/",
        "/-/lobbyx/check?text=Coupang+spent+$5+million+on+lobbying+in+2024.",
        "/-/lobbyx/search?q=Coupang",
    ):
        page = site.get(path).text
        assert "lobbyx migrate --db coupang.db" in page
        assert str(checked_db.parent) not in page.split("</title>")[1]
    assert site.get("/coupang/filings").status_code == 200
