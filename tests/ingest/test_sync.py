"""The mirror against a server that shifts, ties, lies and fails: nothing missing, nothing twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import lobbyx
from lobbyx.accounting import derive
from lobbyx.database import connection
from lobbyx.ingest import coverage
from lobbyx.ingest.posting_windows import plan
from lobbyx.ingest.sync import Mirror, Synced
from lobbyx.lda.client import LDAClient
from lobbyx.lda.failures import LDAError
from lobbyx.lda.rate_limit import SharedThrottle
from tests.conftest import Clock, Run
from tests.lda_server import LDAServer

D = date.fromisoformat
TODAY = D("2000-03-20")
Client = Callable[..., LDAClient]
KINDS = ("Q1", "Q2", "Q3", "Q4", "1A", "RR", "RA", "1T")


def filing(number: int, posted: str, kind: str = "Q1", amount: int = 10_000) -> dict[str, Any]:
    lists = ("lobbying_activities", "conviction_disclosures", "foreign_entities", "affiliated_organizations")
    return {
        "filing_uuid": str(UUID(int=number + 1)),
        "filing_type": kind,
        "filing_year": 1999,
        "filing_period": "first_quarter",
        "dt_posted": posted,
        "income": f"{amount}.00",
        "expenses": None,
        "registrant": {"id": number % 7 + 1, "name": f"FIRM {number % 7}"},
        "client": {"id": number % 13 + 1, "name": f"CLIENT {number % 13}"},
        **{name: [] for name in lists},
    }


def filings(
    n: int, *, first: str = "1999-01-04", last: str = "2000-03-19", seed: int = 1, ties: float = 0.3
) -> list[Any]:
    """Filings over a span of days; a share of them posted at midnight, many at once."""
    chance = random.Random(seed)
    start, end = (datetime.fromisoformat(day) for day in (first, last))
    made = []
    for number in range(n):
        moment = start + timedelta(seconds=chance.randrange(int((end - start).total_seconds())))
        if chance.random() < ties:
            moment = moment.replace(day=min(moment.day, 2), hour=0, minute=0, second=0)
        made.append(filing(number, f"{moment.isoformat()}-05:00", chance.choice(KINDS)))
    return made


class Site:
    """A server, a database, and runs of the mirror on them."""

    def __init__(self, server: LDAServer, path: Path, clock: Clock, client: Client) -> None:
        self.server, self.path, self.clock, self.client = server, path, clock, client
        self.said: list[str] = []

    def run(self, today: date = TODAY, *, verify: bool = False, since: int | None = None, **more: Any) -> Synced:
        with closing(connection.connect(self.path, create=True)) as db:
            asked = self.client(self.server.url, **more)
            mirror = Mirror(db, asked, today, say=self.said.append, wall=self.clock, sleep=self.clock.sleep)
            return mirror.verify(("filings",)) if verify else mirror.sync(("filings",), since)

    def on_file(self) -> dict[str, float]:
        with closing(connection.connect(self.path)) as db:
            return {r["filing_uuid"]: r["income"] for r in db.execute("SELECT filing_uuid, income FROM filings")}

    @property
    def there(self) -> dict[str, float]:
        return {r["filing_uuid"]: float(r["income"]) for r in self.server.listings["filings"]}

    def asked(self) -> int:
        """Requests that count toward the limit."""
        return sum("/constants/" not in path for path, _, _ in self.server.asked)


@pytest.fixture
def site(tmp_path: Path, clock: Clock, client: Client) -> Any:
    with LDAServer(filings(400)) as server:
        yield Site(server, tmp_path / "mirror.db", clock, client)


def test_plan() -> None:
    spans = plan("filings", TODAY)
    assert spans[0] == (None, D("1998-12-31"))
    assert spans[1] == (D("1999-01-01"), D("1999-01-31"))
    assert spans[-2:] == [(D("2000-03-01"), D("2000-03-31")), (D("2000-04-01"), None)]
    assert len(spans) == 17
    assert plan("filings", TODAY, 2000) == spans[13:]
    assert plan("contributions", D("2008-01-05"))[0] == (None, D("2007-12-31"))
    assert plan("clients", TODAY) == [(None, None)]


@pytest.mark.parametrize("whole_days", [False, True])
def test_every_filing_once_whatever_a_span_of_days_includes(site: Site, whole_days: bool) -> None:
    edges = ("1905-01-01T00:00:00-05:00", "2031-05-05T00:00:00-04:00", "1999-02-01T00:00:00-05:00")
    edges += ("1999-01-31T23:59:59-05:00", "1999-12-31T23:59:59.9-05:00", "2000-01-01T00:00:00-05:00")
    site.server.listings["filings"] += [filing(1000 + i, posted) for i, posted in enumerate(edges)]
    site.server.before_includes_day = whole_days
    done = site.run()
    assert done.complete, done.json()
    assert site.on_file() == site.there
    assert done.added == 406


def test_a_second_run_with_nothing_new_costs_a_handful_of_requests(site: Site) -> None:
    site.run()
    before = site.asked()
    done = site.run()
    assert done.complete
    assert (done.added, done.changed) == (0, 0)
    assert site.asked() - before <= 5


def test_a_run_with_nothing_new_derives_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in site.server.listings["filings"]:  # a client is of one registrant
        one["client"] = {**one["client"], "id": 100 * one["registrant"]["id"] + one["client"]["id"]}
    site.run()
    lobbyx.open(site.path).close()
    monkeypatch.setattr(derive, "derive_all", lambda db: pytest.fail("derived again"))
    site.run()
    with lobbyx.open(site.path) as ledger:
        assert not derive.is_stale(ledger.db)


def test_new_late_and_changed_filings_come_with_the_next_run(site: Site) -> None:
    site.run(D("2000-03-10"))  # as if ten days were still to come
    listing = site.server.listings["filings"]
    listing += [filing(2000 + i, f"2000-03-19T1{i % 10}:00:00-05:00") for i in range(60)]
    before = site.asked()
    done = site.run(TODAY)
    assert done.complete
    assert site.on_file() == site.there
    assert site.asked() - before < 12
    # Months later: the month that was young then is finished, what lay beyond has become months.
    listing += [filing(3000 + i, f"2000-{3 + i % 3:02d}-25T10:00:00-04:00") for i in range(90)]
    done = site.run(D("2000-06-20"))
    assert done.complete
    assert site.on_file() == site.there
    # A filing that appears in a month long finished is found by the sum.
    listing.append(filing(4000, "1999-05-05T10:00:00-04:00"))
    assert site.run(D("2000-06-21")).complete
    assert site.on_file() == site.there
    assert any("1999-05-01" in said for said in site.said)


def test_equal_posting_times_in_another_order_each_time(site: Site) -> None:
    site.server.listings["filings"] += [
        filing(5000 + i, "1999-08-14T00:00:00-04:00", KINDS[i % len(KINDS)]) for i in range(75)
    ]
    site.server.shuffle_ties = True
    random.seed(7)
    done = site.run()
    assert done.complete, done.json()
    assert site.on_file() == site.there


def test_filings_posted_while_the_listing_is_read(site: Site) -> None:
    def post(number: int) -> None:
        if number % 5 == 0 and number < 60:
            at = "1999-02-03" if number % 2 else "2000-03-19"
            site.server.listings["filings"].append(filing(6000 + number, f"{at}T12:00:00-05:00"))

    site.server.on_request = post
    done = site.run()
    assert done.complete, done.json()
    assert site.on_file() == site.there


def test_filings_taken_out_while_the_listing_is_read(site: Site) -> None:
    taken: list[str] = []

    def take(number: int) -> None:
        if number % 6 == 0 and number < 40:
            taken.append(site.server.listings["filings"].pop(number)["filing_uuid"])

    site.server.on_request = take
    done = site.run()
    # All that is there is on file. What was read and then taken out is on file still, and said.
    assert site.there.keys() <= site.on_file().keys()
    extra = site.on_file().keys() - site.there.keys()
    assert extra <= set(taken)
    assert done.complete == (not extra)
    assert not done.unsettled


def test_a_server_that_never_agrees_with_itself_is_reported(site: Site) -> None:
    site.server.miscount = 1
    done = site.run()
    assert not done.complete
    assert any("posted 1999-01" in window for window in done.unsettled)
    assert site.on_file() == site.there
    # When it has come to its senses, the next run settles what was left.
    site.server.miscount = 0
    assert site.run().complete


def test_verify_counts_and_changes_nothing(site: Site) -> None:
    site.run()
    assert site.run(verify=True).complete
    lost = site.server.listings["filings"].pop(5)
    with closing(connection.connect(site.path)) as db:
        db.execute("DELETE FROM filings WHERE rowid IN (SELECT rowid FROM filings LIMIT 2)")
    found = site.run(verify=True)
    assert not found.complete
    assert any(lost["dt_posted"][:7] in said for said in found.differences)
    assert any("399, but 398 are on file (1 fewer)" in said for said in found.differences)


def test_since_narrows(site: Site) -> None:
    done = site.run(since=2000)
    assert done.complete
    on_file = site.on_file()
    assert {r["filing_uuid"] for r in site.server.listings["filings"] if r["dt_posted"] >= "2000"} == on_file.keys()
    assert site.run().complete
    assert site.on_file() == site.there


def test_since_finds_what_was_posted_behind_a_finished_window(site: Site) -> None:
    site.run(since=2000)
    listing = site.server.listings["filings"]
    late = [filing(7000 + i, posted) for i, posted in enumerate(("2000-01-05", "2000-01-31", "2000-02-02"))]
    listing += [{**one, "dt_posted": f"{one['dt_posted']}T10:00:00-05:00"} for one in late]
    before = site.asked()
    done = site.run(D("2000-03-21"), since=2000)
    assert done.complete, done.json()
    assert {one["filing_uuid"] for one in late} <= site.on_file().keys()
    assert any("2000-01-01" in said for said in site.said)
    assert site.asked() - before < 25
    # What was posted before is not asked about, and where nothing is new one request compares all.
    listing.append(filing(7100, "1999-05-05T10:00:00-04:00"))
    before = len(site.server.asked)
    assert site.run(D("2000-03-22"), since=2000).complete
    asked = [query for _, query, _ in site.server.asked[before:]]
    assert len(asked) <= 3
    (counted,) = [query for query in asked if "page" not in query]
    assert counted == {"filing_dt_posted_after": "2000-01-01", "page_size": "1"}


def test_since_tells_what_is_on_file_and_gone_from_the_server(site: Site) -> None:
    site.run(since=2000)
    listing = site.server.listings["filings"]
    listing.remove(next(one for one in listing if one["dt_posted"] >= "2000-01-02"))
    done = site.run(since=2000)
    assert not done.complete
    assert any("posted since 2000-01-01" in said and "(1 more)" in said for said in done.differences)


def test_verify_without_a_sync_is_not_complete(site: Site) -> None:
    connection.connect(site.path, create=True).close()
    found = site.run(verify=True)
    assert not found.complete
    assert any("nothing was ever synced" in said for said in found.differences)
    assert site.asked() == 0


def test_verify_takes_what_was_synced(site: Site) -> None:
    site.run(since=2000)
    with closing(connection.connect(site.path)) as db:
        mirror = Mirror(db, site.client(site.server.url), TODAY)
        assert mirror.verify().complete
        db.execute("UPDATE sync_windows SET status = 'open' WHERE first_day = '2000-02-01'")
        left = Mirror(db, site.client(site.server.url), TODAY).verify()
        assert any("1 windows are not read to their end" in said for said in left.differences)
        never = Mirror(db, site.client(site.server.url), TODAY).verify(("clients",))
        assert never.differences == ["clients: never synced"]


# What is covered ---------------------------------------------------------------------------------------------------


def covered(site: Site) -> list[tuple[date, date]]:
    with closing(connection.connect(site.path)) as db:
        return coverage.joined(one.posted for one in coverage.listings(db, "filings"))


@pytest.mark.parametrize("whole_days", [False, True])
def test_finished_windows_cover_everybody_to_the_day_before(site: Site, whole_days: bool) -> None:
    site.server.before_includes_day = whole_days
    site.run()
    assert covered(site) == [(date.min, TODAY - timedelta(days=1))]
    site.run(D("2000-05-02"))
    assert covered(site) == [(date.min, D("2000-05-01"))]
    with closing(connection.connect(site.path)) as db:
        (may,) = db.execute("SELECT * FROM coverage WHERE posted_from = '2000-02-01'").fetchall()
        assert (may["filters"], may["posted_to"], may["count"]) == ("{}", "2000-02-29", may["received"])
        assert "filing_dt_posted_after=2000-02-01" in may["source"]
        assert db.execute("SELECT count(*) FROM coverage WHERE fetch_id IS NULL").fetchone()[0] == 0


def test_a_window_that_does_not_settle_covers_nothing(site: Site) -> None:
    site.server.miscount = 1
    site.run()
    assert covered(site) == []
    site.server.miscount = 0
    site.run()
    assert covered(site) == [(date.min, TODAY - timedelta(days=1))]


def test_a_window_with_a_broken_record_covers_nothing(site: Site) -> None:
    site.server.listings["filings"][3] |= {"income": "much", "dt_posted": "1999-06-10T10:00:00-04:00"}
    site.run()
    assert covered(site) == [(date.min, D("1999-05-31")), (D("1999-07-01"), TODAY - timedelta(days=1))]


def test_a_window_counted_otherwise_is_covered_again_only_when_read_again(site: Site) -> None:
    site.run(since=2000)
    site.server.listings["filings"].append(filing(7000, "2000-01-05T10:00:00-05:00"))

    def fail(number: int) -> None:
        asked = site.server.asked[-1][1]
        if "page" in asked and asked.get("filing_dt_posted_after") == "2000-01-01":
            site.server.faults.append("redirect")

    site.server.on_request = fail
    with pytest.raises(LDAError):
        site.run(since=2000)
    assert covered(site) == [(D("2000-02-01"), TODAY - timedelta(days=1))]
    site.server.on_request = lambda number: None
    site.server.faults.clear()
    assert site.run(since=2000).complete
    assert covered(site) == [(D("2000-01-01"), TODAY - timedelta(days=1))]


def test_a_day_read_by_filing_type_is_covered_as_a_whole(site: Site) -> None:
    listing = [filing(i, "1999-08-14T00:00:00-04:00", KINDS[i % len(KINDS)]) for i in range(60)]
    site.server.listings["filings"] = listing
    with closing(connection.connect(site.path, create=True)) as db:
        mirror = Mirror(db, site.client(site.server.url), TODAY, wall=site.clock, sleep=site.clock.sleep)
        mirror.sync(("filings",))
        window = next(w for w in mirror._windows("filings", "done") if w.first_day == D("1999-08-01"))
        coverage.withdraw(db, "filings", window.first_day)
        for first, last, _status in (("1999-08-01", "1999-08-13", "open"), ("1999-08-15", "1999-08-31", "open")):
            mirror._add("filings", D(first), D(last), None, None)
        mirror._add("filings", D("1999-08-14"), D("1999-08-14"), None, None)
        (day,) = db.execute("SELECT id FROM sync_windows WHERE first_day = '1999-08-14'").fetchone()
        for kind in KINDS:
            mirror._add("filings", D("1999-08-14"), D("1999-08-14"), kind, day)
        db.execute("UPDATE sync_windows SET status = 'split' WHERE id IN (?, ?)", [day, window.id])
        assert covered(site)[0] == (date.min, D("1999-07-31"))
        mirror._settle_all("filings")
    assert covered(site) == [(date.min, TODAY - timedelta(days=1))]
    with closing(connection.connect(site.path)) as db:
        assert db.execute("SELECT count FROM coverage WHERE posted_from = '1999-08-14'").fetchone()[0] == 60


def test_all_endpoints(tmp_path: Path, clock: Clock, client: Client) -> None:
    import json

    from tests.conftest import SAMPLES

    def results(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((SAMPLES / f"{name}.json").read_text())["body"]["results"]
        return found

    with LDAServer(results("filings__filing_year-2024"), results("contributions")) as server:
        server.listings["registrants"] = results("registrants__country-US")
        server.listings["clients"] = results("clients__client_country-US")
        server.listings["lobbyists"] = results("lobbyists")
        with closing(connection.connect(tmp_path / "x.db", create=True)) as db:
            done = Mirror(db, client(server.url), D("2026-01-10"), wall=clock, sleep=clock.sleep).sync()
            assert done.complete, done.json()
            for endpoint, listing in server.listings.items():
                key = "filing_uuid" if endpoint in ("filings", "contributions") else "id"
                ids = {str(r[0]) for r in db.execute(f"SELECT {key} FROM {endpoint}")}
                assert {str(r[key]) for r in listing} <= ids
            assert db.execute("SELECT count(*) FROM fetches WHERE url LIKE '%constants%'").fetchone()[0] == 8
            before = len(server.asked)
            again = Mirror(db, client(server.url), D("2026-01-10"), wall=clock, sleep=clock.sleep).sync()
            assert again.complete
            assert len(server.asked) - before <= 12


def test_a_broken_record_is_left_out_and_told_each_time(site: Site) -> None:
    site.server.listings["filings"][3]["income"] = "much"
    del site.server.listings["filings"][4]["client"]
    done = site.run()
    assert not done.complete
    assert len(done.broken) == 2
    assert len(site.on_file()) == 398
    assert not site.run().complete


def test_what_to_expect_is_said_before_it_starts(tmp_path: Path, clock: Clock, client: Client) -> None:
    with LDAServer(filings(900, ties=0)) as server:
        site = Site(server, tmp_path / "x.db", clock, client)
        site.run(rate=15)
    assert "900 of 900 to download, 25 a request, 15 requests a minute: about 2 minutes" in site.said[0]


# The limit ---------------------------------------------------------------------------------------------------------


def test_the_limit_is_used_for_new_pages(tmp_path: Path, clock: Clock, client: Client) -> None:
    """At least 95% of the requests that the limit permits bring new pages."""
    with LDAServer(filings(6_000, first="2000-01-01", last="2000-03-19", ties=0)) as server:
        site = Site(server, tmp_path / "x.db", clock, client)
        done = site.run(rate=120, since=2000)
        permitted = 120 * (clock.now // 60 + 1)
    assert done.complete
    assert 6_000 / 25 / site.asked() >= 0.95
    assert permitted - 120 < site.asked() <= permitted  # no minute passed with requests left to send


def test_a_slow_server_is_asked_several_things_at_once(tmp_path: Path) -> None:
    with LDAServer(filings(1_000, first="2000-02-01", last="2000-02-28", ties=0)) as server:
        server.delay = 0.1
        asked = LDAClient(server.url, rate=6_000)
        got = [r["filing_uuid"] for page in asked.pages("filings", {"filing_year": 1999}) for r in page.results]
        assert len(set(got)) == len(got) == 1_000
        assert server.most_at_once > 1
        # Where the limit, not the server, sets the pace, one at a time will do.
        server.most_at_once = 0
        list(LDAClient(server.url, rate=100).pages("filings", {"filing_year": 1999}))
        assert server.most_at_once == 1


def test_processes_share_one_limit(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    connection.connect(path, create=True).close()
    clock = Clock()
    lock = threading.Lock()
    sent: list[float] = []

    def sleep(seconds: float) -> None:
        with lock:
            clock.sleep(seconds / 4)

    def work() -> None:
        throttle = SharedThrottle(path, 10, clock=lambda: clock.now, sleep=sleep)
        for _ in range(15):
            throttle.wait()
            with lock:
                sent.append(clock.now)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    with closing(connection.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM requests_sent").fetchone()[0] <= 10
    assert len(sent) == 30
    assert clock.now >= 120  # thirty requests at ten a minute


def test_times_of_a_clock_that_was_set_back_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with closing(connection.connect(path, create=True)) as db:
        db.executemany("INSERT INTO requests_sent VALUES (?)", [(10_000.0,)] * 20)
    slept: list[float] = []
    SharedThrottle(path, 10, clock=lambda: 50.0, sleep=slept.append).wait()
    assert slept == []


# Faults and kills --------------------------------------------------------------------------------------------------

FAULTS = ("429", "500", "502", "503", "403", "html", "truncated", "half", "reset", "other_host")


class Killed(BaseException):
    """What stands in for SIGKILL where a process is not worth its start."""


def schedule(seed: int, site: Site) -> None:
    """One random story: faults, postings, removals, ties and kills, then a quiet run that must make it whole."""
    chance = random.Random(seed)
    random.seed(seed)
    site.server.listings["filings"] = filings(chance.randrange(50, 350), seed=seed, ties=chance.random())
    site.server.shuffle_ties = chance.random() < 0.5
    site.server.before_includes_day = chance.random() < 0.5
    removed: set[str] = set()
    state = {"new": 10_000, "kill_at": 0}

    def happen(number: int) -> None:
        listing = site.server.listings["filings"]
        if chance.random() < 0.1:
            day = (D("1999-01-04") + timedelta(days=chance.randrange(430))).isoformat()
            state["new"] += 1
            listing.append(filing(state["new"], f"{day}T{chance.randrange(24):02d}:00:00-05:00"))
        if chance.random() < 0.02 and listing:
            removed.add(listing.pop(chance.randrange(len(listing)))["filing_uuid"])
        if chance.random() < 0.05 and listing:
            changed = chance.randrange(len(listing))
            listing[changed] = {**listing[changed], "income": f"{chance.randrange(1, 90)}0000.00"}

    site.server.on_request = happen
    for _ in range(chance.randrange(1, 5)):
        site.server.faults.extend(chance.choice(FAULTS) if chance.random() < 0.15 else "" for _ in range(200))
        steps = chance.randrange(1, 60)
        with suppress(Killed, LDAError):
            run_and_kill(site, steps)
        site.server.faults.clear()
    site.server.on_request = lambda number: None
    site.server.shuffle_ties = site.server.shuffle_ties and chance.random() < 0.5
    done = site.run()
    on_file = site.on_file()
    assert site.there.keys() <= on_file.keys(), f"seed {seed}: missing {site.there.keys() - on_file.keys()}"
    assert on_file.keys() - site.there.keys() <= removed, f"seed {seed}: not from this server"
    assert not done.unsettled, f"seed {seed}: {done.unsettled}"
    assert done.complete == (on_file.keys() == site.there.keys()), f"seed {seed}: {done.json()}"
    with closing(connection.connect(site.path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def run_and_kill(site: Site, steps: int) -> None:
    """A run that dies after so many statements that write progress: before, in, or after a transaction."""
    with closing(connection.connect(site.path, create=True)) as db:
        left = [steps]

        def trace(statement: str) -> None:
            if statement.startswith(("UPDATE sync_windows", "COMMIT", "INSERT OR IGNORE INTO sync_seen", "BEGIN")):
                left[0] -= 1

        class Dying:
            """The connection, until it is not."""

            def __getattr__(self, name: str) -> Any:
                if left[0] <= 0:
                    raise Killed
                return getattr(db, name)

        db.set_trace_callback(trace)
        asked = site.client(site.server.url)
        Mirror(Dying(), asked, TODAY, wall=site.clock, sleep=site.clock.sleep).sync(("filings",))  # type: ignore[arg-type]


def test_random_schedules(tmp_path: Path, clock: Clock, client: Client, request: pytest.FixtureRequest) -> None:
    """Run more with --schedules 200; --first-schedule 1000 takes others."""
    first = request.config.getoption("--first-schedule")
    for seed in range(first, first + request.config.getoption("--schedules")):
        with LDAServer() as server:
            path = tmp_path / f"{seed}.db"
            schedule(seed, Site(server, path, clock, client))
            path.unlink()


def test_kill_9_at_random_instants(run: Run, request: pytest.FixtureRequest) -> None:
    """Real processes, really killed: each loses at most the page on its way, and none needs a clean start."""
    chance = random.Random(3)
    today = datetime.now().date()
    listing = filings(1_500, first=f"{today.year - 1}-01-02", last=f"{today.year - 1}-12-30", ties=0)
    path = run.folder / "x.db"
    with LDAServer(listing) as server:
        env = {**os.environ, "LOBBYX_LDA_URL": server.url, "LOBBYX_RATE": "600000", "PYTHONWARNINGS": ""}
        command = [sys.executable, "-c", "from lobbyx.cli import main; main()", "sync", "--only", "filings"]
        kept = 0
        for _ in range(request.config.getoption("--kills")):
            before = len(server.asked)
            process = subprocess.Popen([*command, "--db", str(path)], env=env, stderr=subprocess.DEVNULL)
            while len(server.asked) < before + 12 and process.poll() is None:
                time.sleep(0.002)
            time.sleep(chance.random() * 0.1)
            process.send_signal(signal.SIGKILL)
            process.wait()
            if path.exists():
                with closing(connection.connect(path)) as db:
                    assert db.execute("PRAGMA quick_check").fetchone()[0] == "ok"
                    now = db.execute("SELECT count(*) FROM filings").fetchone()[0]
                assert now >= kept
                kept = now
        done = run("sync", "--only", "filings", "--db", path, LOBBYX_LDA_URL=server.url, LOBBYX_RATE="600000")
        assert done.returncode == 0, done.stderr
        pages = [tuple(sorted(q.items())) for p, q, _ in server.asked if "page" in q]
        with closing(connection.connect(path)) as db:
            uuids = {r[0] for r in db.execute("SELECT filing_uuid FROM filings")}
        assert uuids == {r["filing_uuid"] for r in listing}
        # A page asked for again was on its way when its process died (or closes a window that is looked at each run).
        full = [p for p in pages if dict(p).get("filing_dt_posted_before", "") < today.isoformat()]
        assert len(full) - len(set(full)) <= request.config.getoption("--kills")


def test_two_processes_on_one_database(run: Run) -> None:
    today = datetime.now().date()
    listing = filings(1_500, first=f"{today.year - 1}-01-02", last=f"{today.year - 1}-12-30", ties=0)
    path = run.folder / "x.db"
    connection.connect(path, create=True).close()
    with LDAServer(listing) as server:
        server.delay = 0.005
        env = {**os.environ, "LOBBYX_LDA_URL": server.url, "LOBBYX_RATE": "600000", "PYTHONWARNINGS": ""}
        command = [sys.executable, "-c", "from lobbyx.cli import main; main()", "sync", "--only", "filings"]
        processes = [
            subprocess.Popen([*command, "--db", str(path)], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(2)
        ]
        results = [(p.communicate(timeout=120), p.returncode) for p in processes]
        assert [code for _, code in results] == [0, 0], results
        with closing(connection.connect(path)) as db:
            uuids = [r[0] for r in db.execute("SELECT filing_uuid FROM filings")]
            assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert sorted(uuids) == sorted(r["filing_uuid"] for r in listing)
        # They share the work: hardly a page is read by both.
        pages = [tuple(sorted(q.items())) for _, q, _ in server.asked if "page" in q]
        old = [p for p in pages if dict(p).get("filing_dt_posted_before", "") < today.isoformat()]
        assert len(old) - len(set(old)) <= 4


def test_wrong_use(run: Run) -> None:
    assert run("sync", "--only", "fillings").returncode == 2
    done = run("sync", "--verify", "--db", "none.db")
    assert (done.returncode, "no database at none.db" in done.stderr) == (1, True)
    with LDAServer([]) as server:
        server.faults.extend(["redirect"])
        done = run("sync", "--db", "x.db", LOBBYX_LDA_URL=server.url)
    assert done.returncode == 1
    assert "redirects to example.org" in done.stderr
