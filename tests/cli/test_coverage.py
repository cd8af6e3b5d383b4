"""`lobbyx coverage`, and what fetch and demo record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import Run
from tests.lda_server import LDAServer, coupang_filings


def document(done: Any) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_demo_is_covered(run: Run) -> None:
    run("demo")
    answer = document(run("coverage", "--json", "--db", "db/demo.db"))
    assert answer == {
        "organization": None,
        "listings": [
            {
                "endpoint": "filings",
                "filters": {"client_name": "Coupang"},
                "filing_year": None,
                "posted_from": "1999-01-01",
                "posted_to": "2026-07-20",
                "count": 80,
                "received": 80,
                "checked_at": "2026-07-20",
                "source": "official API, collected 2026",
            }
        ],
        "periods": [],
        "command": None,
    }
    said = run("coverage", "쿠팡", "--db", "db/demo.db").stdout
    assert "filings of client_name “Coupang”: all posted from 1999-01-01 to 2026-07-20 (80)" in said
    assert "2021 Q2  covered, none filed" in said
    assert "2021 Q3  in-house report on file" in said


def test_what_is_unknown_and_what_brings_it(run: Run, samples_db: Path) -> None:
    answer = document(run("coverage", "Microsoft", "--json", "--db", samples_db))
    assert answer["listings"] == []
    states = {(one["start"], one["state"]) for one in answer["periods"]}
    assert ("2023-01-01", "in_house_report") in states
    assert ("2022-01-01", "unknown") in states
    assert answer["command"].startswith('lobbyx fetch --client "Microsoft')
    said = run("coverage", "--db", samples_db)
    assert (said.returncode, said.stdout) == (0, "")
    assert "nothing is known to be complete" in said.stderr


def test_fetch_records_what_it_read_to_its_end(run: Run) -> None:
    with LDAServer(coupang_filings()) as server:
        where = {"LOBBYX_LDA_URL": server.url, "LOBBYX_RATE": "60000"}
        done = run("fetch", "--client", "Coupang", "--client", "Nobody", "--year", "2023", "--year", "2024", **where)
        assert done.returncode == 0, done.stderr
        assert "23 of 23 filings received in 4 requests" in done.stdout
        listings = document(run("coverage", "--json"))["listings"]
        assert [(one["filters"]["client_name"], one["filing_year"], one["count"]) for one in listings] == [
            ("Coupang", 2023, 11),
            ("Coupang", 2024, 12),
            ("Nobody", 2023, 0),
            ("Nobody", 2024, 0),
        ]
        periods = {one["start"]: one for one in document(run("coverage", "Coupang", "--json"))["periods"]}
        assert periods["2024-01-01"]["through"] == listings[0]["posted_to"]
        # One that fails half-way covers nothing, nor does one whose records are not as many as counted.
        server.faults.extend(["", "redirect"])
        assert run("fetch", "--client", "Coup", "--db", "half.db", **where).returncode == 1
        server.faults.clear()
        server.miscount = 1
        assert run("fetch", "--client", "Coup", "--db", "half.db", **where).returncode == 1
        server.miscount = 0
        server.listings["filings"][5]["income"] = "much"
        assert run("fetch", "--client", "Coup", "--db", "half.db", **where).returncode == 1
        assert document(run("coverage", "--json", "--db", "half.db"))["listings"] == []


def test_fetch_of_several_as_json(run: Run) -> None:
    with LDAServer(coupang_filings()) as server:
        where = {"LOBBYX_LDA_URL": server.url, "LOBBYX_RATE": "60000"}
        answer = document(run("fetch", "--client", "Coupang", "--client", "Coup", "--year", "2024", "--json", **where))
        assert (answer["matching"], answer["received"], answer["added"], answer["complete"]) == (12, 12, 12, True)
        assert [one["received"] for one in answer["listings"]] == [12, 12]
        single = document(run("fetch", "--client", "Coupang", "--year", "2024", "--json", **where))
        assert "listings" not in single


def test_verify_of_what_was_never_synced(run: Run) -> None:
    run("demo")
    done = run("sync", "--verify", "--json", "--db", "db/demo.db")
    assert done.returncode == 1
    assert json.loads(done.stdout)["complete"] is False
    assert "nothing was ever synced" in done.stderr
    assert "Complete." not in run("sync", "--verify", "--db", "db/demo.db").stdout


def test_an_organization_that_is_not_on_file(run: Run) -> None:
    run("demo")
    done = run("coverage", "Acme Rockets", "--db", "db/demo.db")
    assert (done.returncode, done.stdout) == (1, "")
    assert "No organization named “Acme Rockets”" in done.stderr
