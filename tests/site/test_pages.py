"""The site's pages without a browser: what they show, as JSON and downloads, and what they refuse."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from datasette.app import Datasette

import lobbyx
from lobbyx.database import connection
from lobbyx.model.money import Interval
from lobbyx.model.total import Count
from lobbyx.reading.source import Source
from lobbyx.site import svg
from tests.conftest import filing
from tests.site.test_site import Site, checked_db

__all__ = ["checked_db"]  # a fixture
pytestmark = pytest.mark.filterwarnings("ignore")
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def site(checked_db: Path) -> Site:
    return Site(checked_db)


def test_the_home_page_tells_what_is_on_file(site: Site) -> None:
    text = site.get("/").text
    for words in (
        "Is a lobbying figure in the news true?",
        "80",
        "2026-07-20",
        "Depends on the method",
        "/-/lobbyx/verdict/1",
    ):
        assert words in text
    document = site.json("/-/lobbyx.json")
    assert (document["filings"], document["organizations"], document["last_posted"]) == (80, 1, "2026-07-20")
    assert "Is a lobbying figure" in site.get("/-/lobbyx").text  # by a redirect


def test_the_claim_page_has_the_whole_story(site: Site) -> None:
    text = site.get("/-/lobbyx/verdict/1").text
    for words in (
        "<mark>at least $10 million on lobbying since August 2021</mark>",
        "Depends on the method",
        "$8,580,000",
        "claimed: at least $10,000,000",
        "It comes out as <strong>$10,395,000</strong>",
        "the report restated for Q1 2022 ($360,000) twice",
        "2026-07-20",
        "replaced",
        "https://lda.gov/filings/public/filing/094e2925-30c9-497c-b32f-ede83018b465/print/",
        'lang="ko"',
    ):
        assert words in text, words
    document = site.json("/-/lobbyx/verdict/1.json")
    assert document["totals"]["lda"]["reported"] == 8_580_000
    assert len(document["reports"]) == 48
    rows = list(csv.DictReader(io.StringIO(site.get("/-/lobbyx/verdict/1.csv").text)))
    assert sum(float(r["amount"] or 0) for r in rows if r["status"] == "latest") == 10_395_000
    review = site.json("/-/lobbyx/verdict/1.claimreview.json")
    assert (review["@type"], review["reviewRating"]["ratingValue"]) == ("ClaimReview", 2)
    assert review["url"].endswith("/-/lobbyx/verdict/1")


def test_the_organization_page_can_be_asked_for_any_dates(site: Site) -> None:
    document = site.json("/-/lobbyx/organization/1.json")
    assert document["methods"]["lda"]["reported"] == 11_530_000
    assert [n["name"] for n in document["names"]] == ["COUPANG, INC.", "COUPANG INC.", "COUPANG"]
    assert sum(p["lda"] for p in document["periods"]) == 11_530_000
    firms = {r["registrant"]: r for r in document["registrants"]}
    assert firms["COUPANG, INC."]["reported"] == 11_530_000
    then = site.json("/-/lobbyx/organization/1.json?since=2021-08&until=2025-12-25&as_of=2025-12-25")
    assert then["methods"]["lda"]["reported"] == 8_580_000
    assert then["as_of"] == "2025-12-25"
    text = site.get("/-/lobbyx/organization/1?since=2024").text
    assert "since=2024" in text  # the downloads are of the same dates
    assert text.count("<svg") >= 3
    empty = site.get("/-/lobbyx/organization/1?until=2001").text
    assert "No activity report is on file for these dates." in empty


def test_search_finds_organizations_and_activities(site: Site) -> None:
    found = site.json("/-/lobbyx/search.json?q=coupang")
    assert found["organizations"][0]["id"] == 1
    assert site.json("/-/lobbyx/search.json?q=immigration")["activities"]
    assert site.json("/-/lobbyx/search.json?q=쿠팡")["organizations"][0]["name"] == "Coupang, Inc."
    for odd in ("", '"', "%", "*", "' OR 1=1", "a" * 500, "NEAR(", "%00"):
        assert site.get(f"/-/lobbyx/search?q={odd}").status_code == 200, odd


def test_checking_is_a_pure_computation(site: Site, checked_db: Path) -> None:
    text = "Coupang spent $3.31 million on lobbying in 2024. 쿠팡은 2022년 로비에 181만달러를 썼다."
    found = site.json(f"/-/lobbyx/check.json?text={text.replace(' ', '+')}&published=2025-12-25")
    assert [c["verdict"] for c in found["claims"]] == ["supported", "depends_on_method"]
    page = site.get(f"/-/lobbyx/check?text={text.replace(' ', '+')}&published=2025-12-25&store=1").text
    assert "<mark>" in page
    assert "No claim about" in site.get("/-/lobbyx/check?text=Hello+there").text
    with closing(connection.connect(checked_db)) as db:
        assert db.execute("SELECT count(*) FROM verdicts").fetchone()[0] == 1


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/-/lobbyx/verdict/999", 404, "there is no verdict 999"),
        ("/-/lobbyx/verdict/999.json", 404, "there is no verdict 999"),
        ("/-/lobbyx/organization/999", 404, "there is no organization 999"),
        ("/-/lobbyx/verdict/-1", 404, "there is no verdict -1"),
        ("/-/lobbyx/verdict/-1.json", 404, "there is no verdict -1"),
        ("/-/lobbyx/verdict/99999999999999999999", 404, "there is no verdict 99999999999999999999"),
        ("/-/lobbyx/verdict/9223372036854775808.csv", 404, "there is no verdict"),
        ("/-/lobbyx/verdict/9223372036854775807.json", 404, "there is no verdict"),
        ("/-/lobbyx/organization/-1", 404, "there is no organization -1"),
        ("/-/lobbyx/organization/99999999999999999999.json", 404, "there is no organization"),
        (f"/-/lobbyx/organization/{'9' * 5000}.json", 404, "there is no organization"),
        ("/-/lobbyx/verdict/abc", 404, "there is no such page"),
        ("/-/lobbyx/organization/abc", 404, "there is no such page"),
        ("/-/lobbyx/organization/abc.json", 404, '"error": "there is no such page"'),
        ("/-/lobbyx/organization/abc.csv", 404, '"error": "there is no such page"'),
        ("/-/lobbyx/organization/99999999999999999999999", 404, "there is no organization 99999999999999999999999"),
        ("/-/lobbyx/organization/99999999999999999999999.csv", 404, '"error": "there is no organization'),
        ("/-/lobbyx/verdict/99999999999999999999999.json", 404, '"error": "there is no verdict'),
        ("/-/lobbyx/verdict/99999999999999999999999.claimreview.json", 404, '"error": "there is no verdict'),
        ("/-/lobbyx/nothing/at/all.json", 404, '"error": "there is no such page"'),
        ("/nothing/at/all/here", 404, "404"),
        ("/coupang/verdicts/99999999999999999999", 404, "Record not found"),
        ("/coupang/verdicts/-1", 404, "Record not found"),
        ("/-/lobbyx/check?text=https://example.com/news/1", 400, "paste the sentence"),
        ("/-/lobbyx/check.json?text=+HTTP://127.0.0.1/secret+", 400, "paste the sentence"),
        ("/-/lobbyx/organization/1?since=last+week", 400, "Accepted forms"),
        ("/-/lobbyx/organization/1?since=2025&until=2024", 400, "swap the two dates"),
        ("/-/lobbyx/check?text=x&published=soon", 400, "Accepted forms"),
        ("/-/lobbyx/check.json", 400, "give the text"),
        ("/-/lobbyx/check?text=x&org=Nobody", 400, "No organization named"),
    ],
)
def test_what_cannot_be_shown_is_told(site: Site, path: str, status: int, says: str) -> None:
    answer = site.get(path)
    assert (answer.status_code, says in answer.text) == (status, True), answer.text[-800:]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/-/lobbyx/verdict/999", "Not found"),
        ("/-/lobbyx/organization/1?since=last+week", "Cannot be read"),
        ("/-/lobbyx/check?text=https://example.com/news/1", "Cannot be read"),
    ],
)
def test_an_error_page_has_its_own_title(site: Site, path: str, title: str) -> None:
    text = site.get(path).text
    assert f"<title>{title}: lobbyx</title>" in text
    assert f"<h1>{title}</h1>" in text


def test_search_finds_firms(site: Site) -> None:
    found = site.json("/-/lobbyx/search.json?q=ballard")
    assert [f["name"] for f in found["firms"]] == ["Ballard Partners"]
    number = found["firms"][0]["id"]
    page = site.get("/-/lobbyx/search?q=ballard").text
    assert f'<a href="/coupang/firms/{number}">Ballard Partners</a>' in page
    assert "BALLARD" in site.get(f"/coupang/firms/{number}").text.upper()


def test_search_suggests_near_names(samples_db: Path) -> None:
    site = Site(samples_db)
    found = site.json("/-/lobbyx/search.json?q=Microsft")
    assert found["organizations"] == []
    assert "Microsoft" in found["near"]["organizations"][0]["name"]
    page = site.get("/-/lobbyx/search?q=Microsft").text
    assert f'/-/lobbyx/organization/{found["near"]["organizations"][0]["id"]}">Microsoft' in page
    with closing(connection.connect(samples_db)) as db:
        firm = db.execute("SELECT name FROM firms WHERE length(name) > 14 ORDER BY id LIMIT 1").fetchone()[0]
    misspelt = site.json(f"/-/lobbyx/search.json?q={firm[:6] + firm[7:]}".replace(" ", "+").replace("&", "%26"))
    assert firm in [f["name"] for f in misspelt["near"]["firms"]]
    assert "look like it" not in site.get("/-/lobbyx/search?q=xqzzwv").text


def report(number: int, client: str, client_id: int, year: int, income: str) -> dict[str, Any]:
    return filing(
        number,
        filing_type="Q1",
        filing_year=year,
        filing_period="first_quarter",
        income=income,
        dt_posted=f"{year}-04-18T09:00:00-04:00",
        client__name=client,
        client__id=client_id,
        client__client_id=client_id,
    )


def test_search_tells_what_a_name_was_taken_for(load: Any, tmp_path: Path) -> None:
    motor = [report(n, "Zorblax Motor Company", 71, 2008 + n, "500000.00") for n in range(1, 13)]
    with load(*motor, report(20, "Zorblax Foundation", 72, 2015, "10000.00")):
        pass
    site = Site(tmp_path / "own.db")
    found = site.json("/-/lobbyx/search.json?q=zorblax")
    assert {o["name"] for o in found["organizations"]} == {"Zorblax Motor Company", "Zorblax Foundation"}
    assert "taken for Zorblax Motor Company (#" in found["note"]
    assert "also on file: Zorblax Foundation (#" in found["note"]
    assert "taken for Zorblax Motor Company" in site.get("/-/lobbyx/search?q=zorblax").text
    claim = "Zorblax+has+spent+at+least+$5+million+on+lobbying+since+2008.&published=2025-12-25"
    (one,) = site.json(f"/-/lobbyx/check.json?text={claim}")["claims"]
    assert (one["candidates"], one["sure"]) == (["Zorblax Motor Company", "Zorblax Foundation"], False)
    page = site.get(f"/-/lobbyx/check?text={claim}").text
    assert page.index("Not sure how to read this") < page.index("lx-verdict")
    assert "is taken for <strong>Zorblax Motor Company</strong>; also on file: Zorblax Foundation" in page


@pytest.mark.parametrize(
    ("reading", "says"),
    [
        ({"stance": "denied"}, "The text says that this is not so, so it is told and not judged.</strong>"),
        ({"stance": "planned"}, "The text expects or plans this"),
        (
            {
                "sure": False,
                "unsure_of": ["window", "org"],
                "otherwise": {"window": {"start": "2020-01-01", "end": None}},
            },
            "period (or: 2020-01-01 to now); organization. The verdict is on the reading shown.",
        ),
        ({"candidates": ["Coupang, Inc.", "<b>", "C"]}, "<strong>Coupang, Inc.</strong>; also on file: &lt;b&gt;; C."),
        ({}, None),
    ],
)
def test_how_a_claim_was_read_stands_first(checked_db: Path, reading: dict[str, Any], says: str | None) -> None:
    with closing(connection.connect(checked_db)) as db:
        known = json.loads(db.execute("SELECT reading FROM claims WHERE id = 1").fetchone()[0])
        db.execute("UPDATE claims SET reading = ? WHERE id = 1", [json.dumps({**known, **reading})])
        db.commit()
    site = Site(checked_db)
    page = site.get("/-/lobbyx/verdict/1").text
    if says is None:
        assert "lx-note" not in page
    else:
        assert page.index(says) < page.index("lx-verdict")
    document = site.json("/-/lobbyx/verdict/1.json")
    assert {name: document[name] for name in reading} == reading


def test_what_is_not_determined_is_drawn_open() -> None:
    known = [
        svg.Known("2024 Q1", "in_house_report", 2, "2024-07-01"),
        svg.Known("2024 Q2", "unknown", 0, None),
    ]
    drawn = svg.strip(known)
    assert (
        'class="lx-in-house"><title>2024 Q1: in-house report on file, complete through 2024-07-01; 2 from firms'
        in drawn
    )
    assert 'class="lx-unknown"><title>2024 Q2: unknown; 0 from firms' in drawn
    assert "in-house report on file: 1 of 2 periods" in drawn
    assert svg.strip([]) == ""
    closed, open_ = (svg.spending([svg.Bar("Q1", 100, 0, 0, 100, open=is_open)]) for is_open in (False, True))
    assert ("lx-open" in closed, "lx-open" in open_) == (False, True)
    assert "more may have been reported" in open_
    assert "or more" in open_.split("<desc")[1].split("</desc>")[0]


def test_search_finds_by_another_name(site: Site) -> None:
    found = site.json("/-/lobbyx/search.json?q=coupang+incorporated")
    assert [o["name"] for o in found["organizations"]] == ["Coupang, Inc."]


def test_the_strip_shows_what_is_on_file(site: Site, samples_db: Path) -> None:
    found = site.json("/-/lobbyx/organization/1.json")
    states = [p["state"] for p in found["coverage"]]
    assert states.count("in_house_report") == 20
    page = site.get("/-/lobbyx/organization/1").text
    assert "What is on file, by period" in page
    assert f"in-house report on file: 20 of {len(states)} periods" in page
    assert f"Data through {found['data_through']}" in page
    some = Site(samples_db)
    with closing(connection.connect(samples_db)) as db:
        number = db.execute("SELECT id FROM organizations WHERE name = 'CTIA'").fetchone()[0]
    # A firm's report alone is on file: nobody knows whether CTIA reported itself.
    open_ = some.json(f"/-/lobbyx/organization/{number}.json")
    assert ("unknown", 1) in {(p["state"], p["outside_reports"]) for p in open_["coverage"]}
    assert [(p["period"], p["open"], p["high"]) for p in open_["periods"]] == [("2024 Q1", True, None)]
    page = some.get(f"/-/lobbyx/organization/{number}").text
    assert "Not known to be complete" in page
    assert "more may have been reported" in page
    assert 'class="lx-open"' in page


def test_relations_are_shown_with_years_and_ground(samples_db: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM organizations ORDER BY id LIMIT 3")]
        names = [row[0] for row in db.execute("SELECT name FROM organizations ORDER BY id LIMIT 3")]
        db.execute("DELETE FROM organization_parents")
        db.execute("DELETE FROM successions")
        db.execute(
            "INSERT INTO organization_parents (parent_id, child_id, since, until, basis, source) "
            "VALUES (?, ?, '2012', '2019', 'exhibit21', 'its 10-K of 2013')",
            ids[:2],
        )
        db.execute(
            "INSERT INTO successions (predecessor_id, successor_id, day, kind, counts, basis, source) "
            "VALUES (?, ?, '2015-07-01', 'acquired', 1, 'filing', 'a registration <b>')",
            [ids[2], ids[0]],
        )
        db.commit()
    site = Site(samples_db)
    parent = site.get(f"/-/lobbyx/organization/{ids[0]}").text
    assert "2012 to 2019" in parent
    assert "Exhibit 21 of its annual report: its 10-K of 2013" in parent
    assert f'/-/lobbyx/organization/{ids[2]}">' in parent
    assert "was acquired by" in parent
    assert "on 2015-07-01" in parent
    assert "a registration &lt;b&gt;" in parent
    child = site.json(f"/-/lobbyx/organization/{ids[1]}.json")
    assert [(p["name"], p["since"], p["until"], p["basis"]) for p in child["parents"]] == [
        (names[0], "2012", "2019", "exhibit21")
    ]
    (passed,) = site.json(f"/-/lobbyx/organization/{ids[2]}.json")["successions"]
    assert (passed["successor"], passed["day"], passed["kind"], passed["counts"]) == (
        names[0],
        "2015-07-01",
        "acquired",
        True,
    )


def test_nothing_is_loaded_or_run_from_elsewhere(site: Site) -> None:
    for path in ("/", "/-/lobbyx/check", "/-/lobbyx/verdict/1", "/-/lobbyx/organization/1", "/-/lobbyx/review"):
        answer = site.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "<script" not in answer.text
        assert not re.search(r"<[^>]+\s(?:style|on\w+)=", answer.text)
        # What is only an alternate is not loaded; oEmbed wants its whole address.
        assert not re.search(r"(?:src|<link(?! rel=\"alternate\")[^>]+href)=[\"']?(?:https?:)?//", answer.text)
    assert "object-src 'none'" in site.get("/coupang").headers["content-security-policy"]
    assert "Disallow: /-/lobbyx/check" in site.get("/robots.txt").text


def test_hostile_contents_are_text_on_every_page(coupang_db: Path) -> None:
    with lobbyx.open(coupang_db) as opened:
        source = Source(
            EVIL, f"{EVIL} Coupang spent $3.31 million on lobbying in 2024, {EVIL}.", "2025-12-25", "given", author=EVIL
        )
        opened.record(source, opened.check(source))
        for table in ("clients", "registrants"):
            opened.db.execute(f"UPDATE {table} SET name = name || ?", [EVIL])
        opened.db.execute("UPDATE activities SET description = description || ?", [EVIL])
        opened.db.execute("INSERT INTO activities_fts (activities_fts) VALUES ('rebuild')")
        opened.db.execute("UPDATE claims SET url = 'javascript:alert(1)'")
        opened.db.commit()
        with connection.transaction(opened.db):
            connection.mark_stale(opened.db)
    with lobbyx.open(coupang_db):
        pass
    site = Site(coupang_db)
    organization = site.json("/-/lobbyx/search.json?q=coupang")["organizations"][0]["id"]
    for path in (
        "/",
        "/-/lobbyx/verdict/1",
        f"/-/lobbyx/organization/{organization}",
        "/-/lobbyx/search?q=export",
        "/-/lobbyx/topic?q=export",
        "/-/lobbyx/topic?q=TRD",
        f"/-/lobbyx/topic?q={EVIL}",
        "/-/lobbyx/review",
        f"/-/lobbyx/check?text={EVIL}+Coupang+spent+$3+million+on+lobbying+in+2024.",
        f"/-/lobbyx/search?q={EVIL}",
    ):
        text = site.get(path).text
        assert "<script>" not in text, path
        assert "<img" not in text, path
        assert 'href="javascript:' not in text, path


def test_characters_that_control_the_page_are_not_shown(coupang_db: Path) -> None:
    """Right-to-left override, a bell, an escape: in names as filed, in claims and in what a visitor types."""
    odd = "\u202e\x07\x1b\u200b"
    text = f"Sources{odd} say: Coupang spent $3.31 million{odd} on lobbying in 2024."
    with lobbyx.open(coupang_db) as opened:
        source = Source("text", text, "2025-12-25", "given", author=f"A{odd}B")
        opened.record(source, opened.check(source))
        for table in ("clients", "registrants"):
            opened.db.execute(f"UPDATE {table} SET name = ? || name", [f"X{odd}"])
        with connection.transaction(opened.db):
            connection.mark_stale(opened.db)
    with lobbyx.open(coupang_db):
        pass
    site = Site(coupang_db)
    number = site.json("/-/lobbyx/search.json?q=coupang")["organizations"][0]["id"]
    asked = quote_plus(text)
    paths = ("/", "/-/lobbyx/verdict/1", f"/-/lobbyx/organization/{number}", "/-/lobbyx/search?q=coupang")
    for path in (*paths, f"/-/lobbyx/search?q={asked}", "/-/lobbyx/review", f"/-/lobbyx/check?text={asked}"):
        shown = site.get(path).text
        assert not set(odd) & set(shown), path
    assert "<mark>$3.31 million     on lobbying in 2024</mark>" in site.get("/-/lobbyx/verdict/1").text
    assert "<mark>$3.31 million     on lobbying in 2024</mark>" in site.get(f"/-/lobbyx/check?text={asked}").text
    assert odd in site.json("/-/lobbyx/verdict/1.json")["text"]  # data stay as they are


def test_the_owner_can_let_checks_and_decisions_be_stored(samples_db: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
        pair = db.execute("SELECT name, other FROM names_to_review ORDER BY score DESC").fetchone()
    config = {"plugins": {"lobbyx": {"write": True}}}

    async def visit(metadata: dict[str, Any]) -> list[tuple[int, str]]:
        datasette = Datasette([str(samples_db)], metadata=metadata)
        await datasette.invoke_startup()
        page = await datasette.client.get("/-/lobbyx/review")
        token = (await datasette.client.get("/-/lobbyx/check")).cookies.get("ds_csrftoken", "")
        sent = {"cookies": {"ds_csrftoken": token}}
        decision = {
            "csrftoken": token,
            "name": pair["name"],
            "other": pair["other"],
            "relation": "same",
            "source": "its site",
        }
        decided = await datasette.client.post("/-/lobbyx/review", data=decision, **sent)
        claim = {"csrftoken": token, "text": "Microsoft spent $2.22 million on lobbying in Q1 2023.", "store": "1"}
        checked = await datasette.client.post("/-/lobbyx/check", data=claim, **sent)
        # From somebody else's page: without the cookie, or with it and without the token.
        alien = {"text": "Microsoft spent $5 million on lobbying in 2023.", "store": "1"}
        forged = [
            await datasette.client.post("/-/lobbyx/check", data=alien),
            await datasette.client.post("/-/lobbyx/check", data=alien, **sent),
            await datasette.client.post("/-/lobbyx/review", data={**decision, "csrftoken": ""}),
        ]
        return [(a.status_code, a.text) for a in (page, decided, checked, *forged)]

    page, decided, checked, *forged = asyncio.run(visit({}))
    assert "Decide</button>" not in page[1]
    assert (decided[0], "read-only" in decided[1]) == (400, True)
    assert (checked[0], "Stored" in checked[1]) == (200, False)
    assert not (samples_db.parent / "organizations.csv").exists()
    page, decided, checked, *forged = asyncio.run(visit(config))
    assert "Decide</button>" in page[1]
    assert (decided[0], "Decided" in decided[1]) == (200, True), decided[1][-500:]
    assert (checked[0], "Stored" in checked[1]) == (200, True)
    assert [answer[0] for answer in forged] == [400, 403, 400]
    assert "its site" in (samples_db.parent / "organizations.csv").read_text()
    with closing(connection.connect(samples_db)) as db:
        assert db.execute("SELECT verdict FROM verdicts").fetchall()[0][0] == "supported"


@pytest.mark.parametrize(
    ("query", "least"),
    [
        ("top_spenders_in_a_quarter?first_day=2025-10-01", 1),
        ("who_lobbied_on_a_bill?bill=H.R. 4687", 3),
        ("who_lobbied_on_a_bill?bill=\"'", 0),
        ("outside_exceeds_in_house?", 0),
        ("new_registrations?since=2024-01-01", 1),
        ("revolving_door?organization=coupang", 0),
    ],
)
def test_more_stored_queries(site: Site, query: str, least: int) -> None:
    name, _, arguments = query.partition("?")
    assert len(site.json(f"/coupang/{name}.json?{arguments}&_shape=array")) >= least


# Charts ------------------------------------------------------------------------------------------------------------


def test_charts_begin_at_zero_and_contain_what_they_show() -> None:
    assert svg.ticks(0) == [0]
    for most in (1, 99, 12_345_67, 8_665_000_00, 10**13):
        found = svg.ticks(most)
        assert found[0] == 0
        assert found[-1] >= most
        assert 2 <= len(found) <= 8
    counts = {"lda": Count(Interval(100, 200, 300), 1), "outside": Count(Interval(0, 0, 0), 0)}
    drawn = svg.ways_of_counting(counts, 250, EVIL)  # type: ignore[arg-type]
    assert "<script>" not in drawn
    assert "outside" not in drawn  # nothing was counted
    assert 'role="img"' in drawn
    bars = svg.spending([svg.Bar("2024 Q1", 100_00, 50_00, 20_00, 100_00)])
    heights = {kind: float(h) for h, kind in re.findall(r'height="([0-9.]+)" class="(lx-[a-z-]+)"', bars)}
    assert heights["lx-in-house"] == pytest.approx(2 * heights["lx-outside"], abs=0.2)
    assert (svg.spending([]), svg.timeline([])) == ("", "")


def test_a_sentence_is_marked_and_escaped() -> None:
    assert svg.mark("a <b> c", 2, "<b>") == "a <mark>&lt;b&gt;</mark> c"
    assert json.dumps(str(svg.mark("x", 0, "x")))
