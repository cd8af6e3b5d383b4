"""The page of a topic, and the passages a search shows: what is marked, grouped, linked and refused."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote_plus

import pytest

import lobbyx
from lobbyx.accounting import topics
from lobbyx.model.passage import CLOSES, OPENS
from lobbyx.site.passages import by_client, marked
from tests.site.test_site import Site, checked_db

__all__ = ["checked_db"]  # a fixture
pytestmark = pytest.mark.filterwarnings("ignore")
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def site(checked_db: Path) -> Site:
    return Site(checked_db)


def test_a_topic_by_quarter_with_the_filings_behind_each_number(site: Site) -> None:
    said = site.json("/-/lobbyx/topic.json?q=export")
    page = site.get("/-/lobbyx/topic?q=export").text
    assert "no part of that amount can be assigned to a topic" in page
    assert "$" not in re.sub(r"<q .*?</q>", "", page.split("<main", 1)[1].split("<footer", 1)[0], flags=re.DOTALL)
    assert "<svg" in page
    links = re.findall(r'href="(/-/lobbyx/topic\?[^"]+)#lx-filings">([0-9,]+)<', page)
    assert len(links) > 20
    for address, number in links:
        behind = site.json(unescape(address).replace("/topic?", "/topic.json?"))
        if "form=" in address or "period=" not in address:
            assert behind["filings_in_all"] == int(number.replace(",", "")), address
        else:  # the number of organizations
            assert len({one["organization_id"] for one in behind["filings"]}) == int(number), address
    assert said["reports"] == sum(p["reports"] for p in said["periods"])


def test_matches_are_marked_and_filings_stand_together_by_client(site: Site) -> None:
    for path in ("/-/lobbyx/topic?q=export", "/-/lobbyx/search?q=export"):
        page = site.get(path).text
        marks = re.findall(r"<mark>(.*?)</mark>", page)
        assert marks, path
        assert all(one.lower().startswith("export") for one in marks), path
        names = re.findall(r'<section class="lx-group"><h3><a[^>]*>(.*?)</a>', page)
        assert len(names) == len(set(names)), path
    assert 'href="/-/lobbyx/topic?q=export"' in page
    groups = by_client(site.json("/-/lobbyx/search.json?q=export")["activities"])
    uuids = [one["filing_uuid"] for group in groups for one in group["filings"]]
    assert len(uuids) == len(set(uuids))


def test_a_passage_is_escaped_before_it_is_marked() -> None:
    passage = {"text": "<b>tax</b> & <mark>", "marks": [[3, 6]]}
    assert marked(passage) == "&lt;b&gt;<mark>tax</mark>&lt;/b&gt; &amp; &lt;mark&gt;"


def test_a_filing_cannot_mark_or_run_anything(checked_db: Path) -> None:
    with lobbyx.open(checked_db) as opened:
        text = f"{OPENS}{EVIL}export {EVIL}{CLOSES} H.R. 1 {EVIL}"
        opened.db.execute("UPDATE activities SET description = ?", [text])
        opened.db.execute("INSERT INTO activities_fts (activities_fts) VALUES ('rebuild')")
        opened.db.commit()
    site = Site(checked_db)
    for path in ("topic?q=export", "topic?q=H.R.+1", "topic?q=TRD", "search?q=export"):
        page = site.get(f"/-/lobbyx/{path}").text
        assert "export" in page
        assert "<script" not in page, path
        assert OPENS not in page, path
        assert CLOSES not in page, path
        assert page.count("<mark>") == page.count("</mark>"), path


@pytest.mark.parametrize(
    "odd",
    [
        "",
        " ",
        '"',
        "*",
        "NEAR(",
        "export AND",
        "' OR 1=1",
        "description:export",
        "the",
        "%00",
        "a" * 20_000,
        EVIL,
        "수출",
    ],
)
def test_whatever_is_asked_there_is_a_page(site: Site, odd: str) -> None:
    asked = quote_plus(odd)
    for path in (f"/-/lobbyx/topic?q={asked}", f"/-/lobbyx/topic?q={asked}&lang=ko", f"/-/lobbyx/search?q={asked}"):
        answer = site.get(path)
        assert answer.status_code == 200, path
        assert "<script" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert not re.search(r"<[^>]+\s(?:style|on\w+)=", answer.text)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=export&as=issue", 200),
        ("q=export&period=2026+Q1&form=report", 200),
        ("q=export&organization=999999", 200),
        ("q=export&period=soon", 400),
        ("q=export&period=2026+Q1%0A", 200),  # white space around it is not part of it
        ("q=export&form=all", 400),
        ("q=export&firm=-1", 400),
        ("q=export&firm=" + "9" * 30, 400),
        ("q=export&agency=1e3", 400),
        ("q=export&since=soon", 400),
        ("q=export&since=2025&until=2024", 400),
    ],
)
def test_what_cannot_be_read_is_refused(site: Site, query: str, status: int) -> None:
    for form in ("", ".json"):
        answer = site.get(f"/-/lobbyx/topic{form}?{query}")
        assert answer.status_code == status, answer.text


def test_json_needs_a_topic(site: Site) -> None:
    answer = site.get("/-/lobbyx/topic.json")
    assert (answer.status_code, answer.json()["ok"]) == (400, False)


def test_dates_narrow_a_topic(site: Site) -> None:
    whole, year = (site.json(f"/-/lobbyx/topic.json?q=export{more}") for more in ("", "&since=2026Q1&until=2026Q1"))
    assert {p["period"] for p in year["periods"]} == {"2026 Q1"}
    assert 0 < year["reports"] < whole["reports"]
    assert [p for p in whole["periods"] if p["period"] == "2026 Q1"] == year["periods"]
    page = site.get("/-/lobbyx/topic?q=export&since=2026Q1&until=2026Q1").text
    assert "since=2026Q1&amp;until=2026Q1&amp;period=2026+Q" in page


def test_a_topic_is_read_and_may_be_read_otherwise(site: Site) -> None:
    trade = site.get("/-/lobbyx/topic?q=trade").text
    assert "Read as the general issue Trade (domestic/foreign) (TRD)." in trade
    assert 'href="/-/lobbyx/topic?q=trade&amp;as=words"' in trade
    assert site.json("/-/lobbyx/topic.json?q=trade&as=words")["topic"]["kind"] == "words"
    korean = site.get("/-/lobbyx/topic?q=trade&lang=ko").text
    assert "분야 무역·통상(TRD)로 찾았습니다." in korean


def test_all_filings_are_reached_part_by_part(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = site.json("/-/lobbyx/topic.json?q=export&form=report")
    assert (whole["part"], whole["parts"], len(whole["filings"])) == (1, 1, whole["filings_in_all"])
    assert 'rel="next"' not in site.get("/-/lobbyx/topic?q=export").text
    monkeypatch.setattr(topics, "MOST_FILINGS", 4)
    address, read = "/-/lobbyx/topic?q=export&form=report", []
    while True:
        read += site.json(address.partition("#")[0].replace("/topic?", "/topic.json?"))["filings"]
        further = re.findall(r'<a href="([^"]+)" rel="next">', site.get(address).text)
        if not further:
            break
        address = unescape(further[0])
        assert "form=report" in address
        assert address.endswith("#lx-filings")
    assert read == whole["filings"]
    assert len(re.findall(r'rel="prev"', site.get(address).text)) == 1


@pytest.mark.parametrize(
    ("part", "told"), [("99", "There is no part 99"), ("x", "part is a number"), ("0", "no part 0")]
)
def test_a_part_that_is_not_there_is_told(site: Site, part: str, told: str) -> None:
    answer = site.get(f"/-/lobbyx/topic?q=export&part={part}")
    assert answer.status_code == 400
    assert told in answer.text
