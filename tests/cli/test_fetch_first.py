"""`check --fetch`: from a sentence to a verdict with an empty folder, and what it says where it cannot be."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.conftest import Run
from tests.lda_server import LDAServer, coupang_filings

CLAIM = "Coupang spent $3.31 million on lobbying in 2024."
SINCE = "Coupang has spent at least $10 million on lobbying in the United States since August 2021."
KEY = "0123456789abcdef0123456789abcdef01234567"


class Site:
    """A server, and `lobbyx` run against it."""

    def __init__(self, server: LDAServer, run: Run) -> None:
        self.server, self._run = server, run
        self.folder = run.folder

    def check(self, text: str, *more: str, **environment: str) -> Any:
        return self("check", text, "--published", "2025-12-25", "--fetch", "--json", *more, **environment)

    def __call__(self, *args: str, **environment: str) -> Any:
        return self._run(*args, **{"LOBBYX_LDA_URL": self.server.url, "LOBBYX_RATE": "60000", **environment})

    @property
    def queries(self) -> list[dict[str, str]]:
        return [query for _, query, _ in self.server.asked]

    @property
    def names_and_years(self) -> list[tuple[str, str | None]]:
        return [(query["client_name"], query.get("filing_year")) for query in self.queries]

    def rows(self, sql: str, path: str = "db/lobbyx.db") -> list[Any]:
        with closing(sqlite3.connect(self.folder / path)) as db:
            return db.execute(sql).fetchall()


@pytest.fixture
def site(run: Run) -> Iterator[Site]:
    with LDAServer(coupang_filings()) as server:
        yield Site(server, run)


def claims(done: Any) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["claims"]
    return found


def other(name: str, number: int, year: int = 2024, period: str = "first_quarter") -> dict[str, Any]:
    """A filing of a firm for another client."""
    filing = coupang_filings()[0]
    return {
        **filing,
        "filing_uuid": f"00000000-0000-0000-0000-{number:012d}",
        "filing_type": "Q1",
        "filing_year": year,
        "filing_period": period,
        "dt_posted": f"{year}-04-15T12:00:00-04:00",
        "income": "50000.00",
        "expenses": None,
        "registrant": {"id": 900_000 + number % 5, "name": f"FIRM {number % 5}"},
        "client": {"id": 800_000 + number, "name": name, "client_self_select": False},
    }


def test_from_an_empty_folder_to_a_verdict(site: Site) -> None:
    done = site.check(CLAIM)
    (claim,) = claims(done)
    assert (claim["verdict"], claim["organization"]["name"]) == ("supported", "Coupang, Inc.")
    assert claim["totals"]["lda"]["reported"] == 3_310_000
    assert site.names_and_years == [("Coupang", "2024")]
    assert "in 1 request for filings of clients named “Coupang”, 2024" in done.stderr
    assert site.rows("SELECT filing_year, count, received FROM coverage") == [(2024, 12, 12)]
    # Asked again, nothing is downloaded again.
    again = site.check(CLAIM)
    assert claims(again)[0]["verdict"] == "supported"
    assert len(site.queries) == 1
    assert "nothing to download" in again.stderr


def test_each_year_of_the_window_and_the_baseline(site: Site) -> None:
    text = f"{SINCE} Its lobbying spending rose 74% in 2024 from 2022."
    found = claims(site.check(text))
    assert found[0]["totals"]["lda"]["reported"] == 8_580_000
    assert sorted(site.names_and_years) == [("Coupang", str(year)) for year in range(2021, 2026)]


def test_what_is_on_file_is_not_downloaded(site: Site) -> None:
    site("fetch", "--client", "coupang", "--year", "2022", "--year", "2023")
    before = len(site.queries)
    site.check(SINCE)
    assert [year for _, year in site.names_and_years[before:]] == ["2021", "2024", "2025"]


def test_several_organizations_and_only_what_was_touched(site: Site) -> None:
    site.server.listings["filings"] += [other("ACME ROCKETS, LLC", n, period="first_quarter") for n in range(3)]
    found = claims(site.check(f"{CLAIM} Acme Rockets spent $150,000 on lobbying in 2024."))
    assert next(claim["organization"]["name"] for claim in found) == "Coupang, Inc."
    assert sorted(site.names_and_years) == [("Acme Rockets", "2024"), ("Coupang", "2024")]
    assert site.rows("SELECT value FROM state WHERE key = 'ledger'") == [("current",)]


def test_another_way_of_writing_the_name(site: Site) -> None:
    site.server.listings["filings"] += [other("BELLWESTON MILLS INC", 1)]
    done = site.check("Bell-Weston Mills spent $50,000 on lobbying in 2024.")
    assert [name for name, _ in site.names_and_years] == ["Bell-Weston Mills", "BellWeston Mills"]
    (claim,) = claims(done)
    assert claim["organization"]["name"].casefold().startswith("bellweston mills")


def test_a_korean_name_that_is_known(site: Site) -> None:
    (claim,) = claims(site.check("쿠팡은 2024년 미국 로비에 331만 달러를 썼다."))
    assert claim["organization"]["name"] == "Coupang, Inc."
    assert {name.casefold() for name, _ in site.names_and_years} == {"coupang"}


@pytest.mark.parametrize("most", [1, 2, 3, 4])
def test_no_more_requests_than_allowed(site: Site, most: int) -> None:
    site.server.listings["filings"] += [other("COUPANG FRIENDS", n) for n in range(80)]  # 92 of 2024: 4 pages
    done = site.check(CLAIM, "--max-requests", str(most))
    claims(done)
    assert len(site.queries) == (4 if most == 4 else 1)
    if most < 4:
        assert "92 filings take 3 more requests" in done.stderr
        assert 'to get it: lobbyx fetch --client "Coupang" --year 2024' in done.stderr
        assert site.rows("SELECT * FROM coverage") == site.rows("SELECT * FROM filings") == []
    else:
        assert "3 more requests, for 92 filings in all" in done.stderr
        assert site.rows("SELECT count, received FROM coverage") == [(92, 92)]


def test_more_listings_than_requests(site: Site) -> None:
    done = site.check(SINCE, "--max-requests", "2", "--db", "other.db")
    claims(done)
    assert len(site.queries) == 2
    assert "not downloaded: filings of clients named “Coupang”, 2025" in done.stderr
    assert "--year 2025 --db other.db" in done.stderr
    # The rest comes with the next run.
    site.check(SINCE, "--db", "other.db")
    assert len(site.queries) == 5
    assert site.rows("SELECT count(*) FROM coverage", "other.db") == [(5,)]


def test_a_retry_counts_as_a_request(site: Site) -> None:
    site.server.faults.extend(["503", "503", "503"])
    done = site.check(CLAIM, "--max-requests", "1")
    claims(done)
    assert len(site.queries) == 1
    assert "the 1 requests allowed are spent" in done.stderr


def test_without_a_network_it_judges_what_is_on_file(site: Site) -> None:
    site.check(CLAIM)
    nowhere = {"LOBBYX_LDA_URL": "http://127.0.0.1:9/api/v1/"}
    done = site.check(SINCE, **nowhere)
    (claim,) = claims(done)
    assert claim["organization"]["name"] == "Coupang, Inc."
    assert "127.0.0.1:9: cannot be reached" in done.stderr
    for year in (2021, 2022, 2023, 2025):
        assert f"not downloaded: filings of clients named “Coupang”, {year}" in done.stderr
    assert "2024" not in done.stderr.replace(SINCE, "")


@pytest.mark.parametrize("published", [(), ("--published", "2025-12-25")])
def test_without_a_network_and_without_a_database(run: Run, published: tuple[str, ...]) -> None:
    done = run("check", CLAIM, "--fetch", "--json", *published, LOBBYX_LDA_URL="http://127.0.0.1:9/api/v1/")
    (claim,) = claims(done)
    assert claim["verdict"] == "unverifiable"
    assert "not downloaded" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_key_is_sent_and_never_shown(site: Site) -> None:
    site.server.key = KEY
    done = site.check(CLAIM, LDA_API_KEY=KEY)
    claims(done)
    assert site.server.asked[0][2]["Authorization"] == f"Token {KEY}"
    assert KEY not in done.stdout + done.stderr
    assert KEY.encode() not in (site.folder / "db" / "lobbyx.db").read_bytes()
    site.server.key = "another"
    done = site.check(SINCE, LDA_API_KEY=KEY)
    claims(done)
    assert "the key in $LDA_API_KEY is not accepted" in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_a_rank_is_not_downloaded(site: Site) -> None:
    done = site.check("Coupang was the biggest lobbying spender in 2024.")
    claims(done)
    assert "is about all organizations" in done.stderr
    assert "lobbyx sync --since 2024" in done.stderr


def test_hostile_answers_end_in_a_verdict(site: Site) -> None:
    site.server.listings["filings"][0]["client"]["name"] = "COUPANG\x1b[2J"
    for fault in ("html", "redirect", "403", "half"):
        site.server.faults.extend([fault] * 3)
        done = site.check(CLAIM, "--db", f"{fault}.db")
        claims(done)
        assert "Traceback" not in done.stderr
        assert "\x1b" not in done.stderr
        site.server.faults.clear()


def test_a_text_without_claims_asks_nothing(site: Site) -> None:
    assert claims(site.check("It rained.")) == []
    assert site.queries == []


def test_an_organization_given(site: Site) -> None:
    done = site.check("The company spent $3.31 million on lobbying in 2024.", "--org", "Coupang")
    assert claims(done)[0]["organization"]["name"] == "Coupang, Inc."
    assert site.names_and_years == [("Coupang", "2024")]
