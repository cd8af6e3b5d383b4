"""The client against the recorded answers, and against the local server with its faults."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import vcr

from lobbyx.database import connection, writer
from lobbyx.ingest import fetch
from lobbyx.lda.client import ATTEMPTS, LDAClient
from lobbyx.lda.failures import LDAError, RequestsSpent
from lobbyx.lda.filters import UnknownFilter
from lobbyx.lda.json_files import read_body
from lobbyx.lda.rate_limit import Throttle
from tests.conftest import ROOT, Clock, Run
from tests.lda_server import LDAServer, coupang_filings

Client = Callable[..., LDAClient]
CASSETTES = ROOT / "cassettes"
recorder = vcr.VCR(cassette_library_dir=str(CASSETTES), record_mode="none", match_on=["method", "uri"])
API = "https://lda.gov/api/v1/"
KEY = "z944b09199c62bcf9418ad846dd0e4bbdfc6ee4b"  # the example of the official description


def everything(asked: LDAClient, /, **wanted: Any) -> list[dict[str, Any]]:
    return [r for page in asked.pages("filings", wanted or {"client_name": "coupang"}) for r in page.results]


# Recorded answers ------------------------------------------------------------------------------------------------


def test_the_cassettes_are_the_recorded_answers() -> None:
    spec = importlib.util.spec_from_file_location("make", CASSETTES / "make.py")
    assert spec is not None
    assert spec.loader is not None
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    assert {p.name for p in CASSETTES.glob("*.yaml")} == set(make.CASSETTES)
    for name in make.CASSETTES:
        assert (CASSETTES / name).read_text(encoding="utf-8") == make.text(name)


def test_pages_of_the_real_api(client: Client) -> None:
    with recorder.use_cassette("filings_of_2024.yaml") as cassette:
        pages = list(islice(client(API).pages("filings", {"filing_year": 2024}), 2))
        assert cassette.all_played
    assert [(p.number, p.count, len(p.results), p.last) for p in pages] == [
        (1, 96577, 25, False),
        (2, 96577, 25, False),
    ]
    uuids = {r["filing_uuid"] for p in pages for r in p.results}
    assert len(uuids) == 50
    # The recorded `next` names the old host; the request went to ours.
    assert "lda.senate.gov" in pages[0].answer.document["next"]
    assert pages[1].answer.url.startswith(API)


def test_a_real_answer_goes_into_the_database_with_its_provenance(client: Client, tmp_path: Path) -> None:
    with recorder.use_cassette("one_filing.yaml"):
        answer = client(API).get("filings/3b181214-b253-462c-ad64-783c827e159e/")
    assert answer.fetched_at == "2025-12-08T19:53:02+00:00"
    with closing(connection.connect(tmp_path / "x.db", create=True)) as db:
        writer.load(db, read_body(answer.body, answer.url, fetched_at=answer.fetched_at, status=200))
        row = db.execute("SELECT * FROM fetches").fetchone()
        assert (row["url"], row["file"], row["status"]) == (answer.url, None, 200)
        assert db.execute("SELECT count(*) FROM filings").fetchone()[0] == 1


def test_real_contributions_and_constants(client: Client) -> None:
    with recorder.use_cassette("contributions_of_2008.yaml"):
        page = next(client(API).pages("contributions", {"filing_year": 2008}))
    assert len(page.results) == 25
    with recorder.use_cassette("filing_types.yaml"):
        asked = client(API)
        assert len(asked.get("constants/filing/filingtypes/").document) == 50


# What is asked ---------------------------------------------------------------------------------------------------


def test_all_pages_in_posting_order_with_the_largest_page(client: Client) -> None:
    with LDAServer(coupang_filings()) as server:
        found = everything(client(server.url))
        assert [r["filing_uuid"] for r in found] == [
            r["filing_uuid"] for r in sorted(coupang_filings(), key=lambda r: r["dt_posted"])
        ]
        assert [q["page"] for _, q, _ in server.asked] == ["1", "2", "3", "4"]
        assert {(q["page_size"], q["ordering"]) for _, q, _ in server.asked} == {("25", "dt_posted")}
        assert all("Authorization" not in headers for _, _, headers in server.asked)


def test_the_key_goes_in_a_header_and_nowhere_else(client: Client, tmp_path: Path) -> None:
    with LDAServer(coupang_filings(), key=KEY) as server:
        asked = client(server.url, KEY)
        with closing(connection.connect(tmp_path / "x.db", create=True)) as db:
            fetch.fetch(db, asked, "filings", {"client_name": "coupang"})
        assert all(h["Authorization"] == f"Token {KEY}" for _, _, h in server.asked)
        assert KEY.encode() not in (tmp_path / "x.db").read_bytes()
        assert KEY not in repr(vars(server.asked)) if hasattr(server.asked, "__dict__") else True
        assert all(KEY not in str(q) for _, q, _ in server.asked)


def test_a_netrc_entry_does_not_replace_the_key(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with LDAServer(coupang_filings(), key=KEY) as server:
        next(client(server.url, KEY).pages("filings", {"filing_year": 2021}))
        next(client(server.url).pages("filings", {"filing_year": 2021}))
        assert [h.get("Authorization") for _, _, h in server.asked] == [f"Token {KEY}", None]


def test_next_on_another_host_is_not_followed(client: Client) -> None:
    with LDAServer(coupang_filings(), key=KEY) as server:
        server.faults.extend(["other_host"] * 3)
        assert len(everything(client(server.url, KEY))) == 80
        assert len(server.asked) == 4


def test_a_misspelled_filter_is_refused_before_a_request_is_spent(client: Client) -> None:
    with LDAServer(coupang_filings()) as server:
        with pytest.raises(UnknownFilter, match=r"no filter 'client'.*client_name"):
            everything(client(server.url), client="Coupang")
        with pytest.raises(LDAError, match="at least one filter"):
            list(client(server.url).pages("filings", {}))
        with pytest.raises(UnknownFilter, match="no listing"):
            list(client(server.url).pages("fillings", {"a": 1}))
        assert not server.asked


# Limits ----------------------------------------------------------------------------------------------------------


def test_never_more_requests_a_minute_than_allowed(clock: Clock) -> None:
    throttle = Throttle(15, clock, clock.sleep)
    sent = []
    for i in range(100):
        clock.now += i % 3
        throttle.wait()
        sent.append(clock.now)
    assert all(later - earlier >= 60 for earlier, later in zip(sent, sent[15:], strict=False))
    assert sent[14] < 60  # the first fifteen need not wait


def test_rates_with_and_without_a_key(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LDAClient(API).rate == 15
    assert LDAClient(API, KEY).rate == 120
    monkeypatch.setenv("LOBBYX_RATE", "7")
    assert LDAClient(API, KEY).rate == 7
    monkeypatch.setenv("LOBBYX_RATE", "fast")
    with pytest.raises(LDAError, match="LOBBYX_RATE"):
        LDAClient(API)


def test_the_limit_of_the_server_is_kept_without_meeting_it(client: Client) -> None:
    with LDAServer(coupang_filings(), rate=15) as server:
        everything(client(server.url, rate=15))
        assert server.faults == server.faults.__class__()
        assert len(server.asked) == 4


def test_retry_after_is_obeyed(client: Client, clock: Clock) -> None:
    said: list[str] = []
    with LDAServer(coupang_filings()) as server:
        server.faults.append("429")
        assert len(everything(client(server.url, say=said.append))) == 80
    assert 1.0 in clock.slept
    assert "429" in said[0]


# Faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["429", "500", "502", "503", "403", "html", "truncated", "half", "reset"])
def test_what_can_pass_is_tried_again(fault: str, client: Client, clock: Clock) -> None:
    with LDAServer(coupang_filings()) as server:
        server.faults.extend([fault, fault])
        assert len(everything(client(server.url))) == 80
        assert len(server.asked) == 6
    assert len(clock.slept) == 2


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("429", "too many requests"),
        ("503", "in trouble"),
        ("403", "firewall"),
        ("half", "cut short"),
        ("reset", "connection broke"),
    ],
)
def test_what_does_not_pass_ends_with_the_cause(fault: str, says: str, client: Client, clock: Clock) -> None:
    with LDAServer(coupang_filings()) as server:
        server.faults.extend([fault] * ATTEMPTS)
        with pytest.raises(LDAError, match=f"{says}.*after {ATTEMPTS} attempts"):
            everything(client(server.url))
        assert len(server.asked) == ATTEMPTS
    assert len(clock.slept) == ATTEMPTS - 1


def test_a_server_that_never_answers_is_given_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lobbyx.lda.client.READ_TIMEOUT", 0.2)
    with LDAServer(coupang_filings()) as server:
        server.faults.append("stall")
        assert len(everything(client(server.url))) == 80
        server.faults.extend(["stall"] * ATTEMPTS)
        with pytest.raises(LDAError, match="no answer in time"):
            everything(client(server.url))


def test_a_server_that_is_not_there(client: Client) -> None:
    with LDAServer() as server:
        gone = server.url
    with pytest.raises(LDAError, match="cannot be reached"):
        everything(client(gone))


def test_redirects_to_another_host_are_not_followed(client: Client) -> None:
    with LDAServer(coupang_filings(), key=KEY) as server:
        server.faults.append("redirect")
        with pytest.raises(LDAError, match=r"redirects to example\.org.*LOBBYX_LDA_URL"):
            everything(client(server.url, KEY))


def test_refusals_are_explained_and_not_repeated(client: Client) -> None:
    with LDAServer(coupang_filings(), key=KEY) as server:
        with pytest.raises(LDAError, match=r"LDA_API_KEY is not accepted.*Invalid token") as refused:
            everything(client(server.url, "wrong-key-123"))
        assert "wrong-key-123" not in str(refused.value)
        with pytest.raises(LDAError, match=r"registrant_id: Enter a number"):
            client(server.url).get("filings/", {"registrant_id": "a", "page": 1})
        with pytest.raises(LDAError, match="has nothing at /api/v1/filings/nope/"):
            client(server.url).get("filings/nope/")
        assert len(server.asked) == 3


@pytest.mark.parametrize("url", ["ftp://lda.gov/", "lda.gov/api", "https://user@lda.gov/", "https:///x", ""])
def test_addresses_that_cannot_be_the_api(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOBBYX_LDA_URL", url or " ")
    with pytest.raises(LDAError, match="not the address of an API"):
        LDAClient()


def test_the_key_is_not_sent_in_the_clear_nor_shown() -> None:
    with pytest.raises(LDAError, match="plain http"):
        LDAClient("http://lda.gov/api/v1/", KEY)
    with pytest.raises(LDAError) as shown:
        LDAClient(API, "bad key\nX-Header: 1")
    assert "X-Header" not in str(shown.value)


# Fetching into the database --------------------------------------------------------------------------------------


def test_fetch_end_to_end(run: Run) -> None:
    """A user without a database fetches, asks, and fetches again."""
    with LDAServer(coupang_filings()) as server:
        env = {"LOBBYX_LDA_URL": server.url}
        done = run("fetch", "--client", "Coupang", "--db", "x.db", **env)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "80 of 80 filings received in 4 requests: 80 new, 0 changed\n"
        again = run("fetch", "--client", "Coupang", "--db", "x.db", "--json", **env)
        assert '"added": 0' in again.stdout
    total = run(
        "total", "Coupang", "--since", "2021-08", "--until", "2025-12-25", "--as-of", "2025-12-25", "--db", "x.db"
    )
    assert "Coupang, Inc. reported $8,580,000" in total.stdout


def test_a_listing_that_shifts_while_it_is_read_is_read_again(client: Client, tmp_path: Path) -> None:
    filings = sorted(coupang_filings(), key=lambda r: r["dt_posted"])
    late, rest = filings[0], filings[1:]
    with LDAServer(list(rest)) as server, closing(connection.connect(tmp_path / "x.db", create=True)) as db:

        def insert_the_oldest(number: int) -> None:
            if number == 2:
                server.listings["filings"].append(late)  # pages move by one: one comes twice, the oldest is missed

        server.on_request = insert_the_oldest
        done = fetch.fetch(db, client(server.url), "filings", {"client_name": "coupang"})
        assert done.complete
        assert len(done.received) == 80
        assert db.execute("SELECT count(*) FROM filings").fetchone()[0] == 80


def test_what_was_received_stays_when_a_later_page_fails(run: Run) -> None:
    with LDAServer(coupang_filings()) as server:
        server.faults.extend(["", "", "redirect"])
        done = run("fetch", "--client", "Coupang", "--db", "x.db", LOBBYX_LDA_URL=server.url)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
    with closing(connection.connect(run.folder / "x.db")) as db:
        assert db.execute("SELECT count(*) FROM filings").fetchone()[0] == 50
    assert run("total", "Coupang", "--db", "x.db").returncode == 0


def test_a_broken_record_costs_only_itself(run: Run) -> None:
    filings = coupang_filings()
    filings[5]["income"] = "a lot"
    with LDAServer(filings) as server:
        done = run("fetch", "--client", "Coupang", "--db", "x.db", LOBBYX_LDA_URL=server.url)
    assert done.returncode == 1
    assert f"({filings[5]['filing_uuid']}), field income: 'a lot' is not an amount" in done.stderr
    assert "79 were received" in done.stderr


def test_wrong_use_of_fetch(run: Run) -> None:
    assert run("fetch", "--db", "x.db").returncode == 2
    done = run("fetch", "--client", "X", "--contributions", "--db", "x.db")
    assert (done.returncode, "do not name a client" in done.stderr) == (2, True)
    with LDAServer([]) as server:
        done = run("fetch", "--client", "Nobody", "--db", "x.db", LOBBYX_LDA_URL=server.url)
    assert (done.returncode, "nothing matches" in done.stderr) == (0, True)
    assert not (run.folder / "x.db").exists()


def test_typed_listings_give_each_record_once(client: Client) -> None:
    with LDAServer(coupang_filings(), coupang_filings()) as server:

        def insert_the_oldest(number: int) -> None:
            if number == 2:
                server.listings["filings"].insert(0, {**coupang_filings()[0], "filing_uuid": "new"})

        server.on_request = insert_the_oldest
        asked = client(server.url)
        uuids = [f["filing_uuid"] for f in asked.filings(client_name="coupang")]
        assert len(uuids) == len(set(uuids)) == 80
        assert asked.count("filings", {"filing_year": 2025}) == 22
        assert asked.count("filings") == 81
        assert len(list(asked.contributions(filing_year=2025))) == 22
        assert len(asked.constants("filing/filingtypes").document) == 50
        with pytest.raises(LDAError, match="no constants"):
            asked.constants("filing/kinds")


@pytest.mark.parametrize(
    ("script", "arguments", "line"),
    [
        ("fetch_filings.py", ["Coupang", "2021"], "2021-10-20  Q3      450000.00  COUPANG, INC. for COUPANG, INC."),
        ("fetch_constants.py", ["filing/filingtypes"], "YYY\tYear-End Report (No Activity)"),
        ("fetch_constants.py", [], "general/countries"),
        ("fetch_contributions.py", ["ROSENBERG", "2008"], "2008-02-14      250.00  "),
    ],
)
def test_the_scripts_run(script: str, arguments: list[str], line: str) -> None:
    import json
    import os
    import subprocess
    import sys

    contributions = json.loads((ROOT / "tests/data/lda_samples/contributions.json").read_text())["body"]["results"]
    for report in contributions:
        report["registrant"]["name"] += " ROSENBERG"
    with LDAServer(coupang_filings(), contributions) as server:
        command = [sys.executable, str(ROOT / "scripts" / script)]
        env = {**os.environ, "LOBBYX_LDA_URL": server.url, "PYTHONWARNINGS": ""}
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, env=env)
        assert line in done.stdout, done.stderr
        wrong = subprocess.run([*command, "a", "b", "c"], capture_output=True, text=True, env=env)
        assert wrong.returncode == 1
        assert "Traceback" not in wrong.stderr


def test_any_filter_and_listing_from_the_command_line(run: Run) -> None:
    with LDAServer(coupang_filings()) as server:
        env = {"LOBBYX_LDA_URL": server.url}
        done = run("fetch", "--filter", "client_name=coupang", "--filter", "filing_type=1A", "--db", "x.db", **env)
        assert done.stdout.startswith("1 of 1 filings")
        for wrong in (["--filter", "clientname=x"], ["--filter", "x"], ["--listing", "lobbyists", "--client", "X"]):
            assert run("fetch", *wrong, "--db", "x.db", **env).returncode == 2
        assert len(server.asked) == 1


def test_no_more_requests_than_it_may_send(client: Client) -> None:
    with LDAServer(coupang_filings()) as server:
        asked = client(server.url, most=3)
        server.faults.extend(["", "503"])
        with pytest.raises(RequestsSpent, match="the 3 requests allowed are spent"):
            everything(asked)
        assert len(server.asked) == 3
        assert len(everything(client(server.url, most=4))) == 80
        server.faults.extend(["503"] * 5)
        with pytest.raises(LDAError, match="after 2 attempts"):
            everything(client(server.url, attempts=2))
