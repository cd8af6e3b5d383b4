"""The page of a group: its total, who was counted and who was not, with why; in both languages, and as JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

import lobbyx
from tests.verdicts.test_kinds import activity, report


@pytest.fixture
def tech_db(load: Callable[..., lobbyx.Ledger], tmp_path: Path) -> Path:
    """Three members of Big Tech, one of which reported only in 2023; the others are not on file."""
    filings = []
    for n, name, year, amount in (
        (2, "APPLE INC.", 2024, 200_000),
        (3, "GOOGLE LLC", 2024, 300_000),
        (4, "MICROSOFT CORPORATION", 2023, 400_000),
    ):
        who: dict[str, Any] = {
            "registrant__id": n, "registrant__name": name, "client__id": n, "client__name": name,
            "client__country": "KR", "client__country_display": "South Korea",
            "lobbying_activities": [activity("Export promotion.", [])],
        }  # fmt: skip
        filings += [report(10 * n + q, year, q, amount=amount, **who) for q in (1, 2, 3, 4)]
    with load(*filings):
        pass
    return tmp_path / "own.db"


def ask(db: Path, path: str, language: str = "en") -> Any:
    async def asked() -> Any:
        datasette = Datasette([], immutables=[str(db)])
        return await datasette.client.get(path, headers={"accept-language": language})

    return asyncio.run(asked())


GROUP = "/-/lobbyx/group?name=Big+Tech&since=2024&until=2024"


def test_who_was_counted_and_who_was_not_and_why(tech_db: Path) -> None:
    found = ask(tech_db, GROUP.replace("?", ".json?")).json()
    assert [(m["name"], m["place"], m["methods"]["lda"]["reported"]) for m in found["counted"]] == [
        ("Google LLC", 1, 1_200_000),
        ("Apple Inc.", 2, 800_000),
    ]
    assert {m["name"]: m["why"] for m in found["not_counted"]} == {
        "Amazon.com, Inc.": "not_on_file",
        "Meta Platforms, Inc.": "not_on_file",
        "Microsoft Corporation": "no_reports",
    }
    assert found["methods"]["lda"]["reported"] == 2_000_000
    assert found["methods"]["lda"]["high"] is None
    assert not found["determined"]
    assert all(m["source"].startswith("http") for m in found["counted"] if m["basis"] == "document")
    assert {w["code"] for w in found["warnings"][: found["about_group"]]} >= {
        "group_members",
        "group_members_not_on_file",
        "group_members_without_reports",
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("at least <strong>$1,960,000</strong>", "By the law's own accounting", "nothing of it is on file", "no report for these dates is on file", "not on file (2): Amazon.com, Inc., Meta")),
        ("ko", ("최소 <strong>196만 달러</strong>", "법이 정한 집계", "보유한 자료가 없습니다", "이 기간의 보고서가 없습니다", "보유한 자료가 없는 소속 단체 2곳: Amazon.com")),
    ],
)  # fmt: skip
def test_the_page_is_whole_in_both_languages(tech_db: Path, language: str, words: tuple[str, ...]) -> None:
    page = ask(tech_db, GROUP, language)
    assert page.status_code == 200
    text = unescape(page.text)
    for one in words:
        assert one in text, one
    assert '<a href="/-/lobbyx/organization/' in text
    assert "/-/lobbyx/group.json?name=Big+Tech&since=2024&until=2024" in text


def test_ready_groups_and_groups_without_a_total(tech_db: Path) -> None:
    country = ask(tech_db, "/-/lobbyx/group.json?name=country:KR&since=2023&until=2024").json()
    assert country["group"]["name"] == "clients from South Korea"
    assert len(country["counted"]) == 3
    assert country["not_counted"] == []
    issue = ask(tech_db, "/-/lobbyx/group?name=issue:TRD").text
    assert "There is no total by issue" in issue
    assert "Apple Inc." in issue


@pytest.mark.parametrize(
    ("path", "english", "korean"),
    [
        ("?name=Tiny+Tech", "no group is called 'Tiny Tech'", "‘Tiny Tech’이라는 집단은 없습니다"),
        ("?name=country:QQ", "no country has the code 'QQ'", "나라 코드 ‘QQ’는 없습니다"),
        ("?name=Big+Tech&since=soon", "cannot read the date 'soon'", "‘soon’: 읽을 수 없는 날짜입니다"),
    ],
)
def test_what_is_wrong_is_told(tech_db: Path, path: str, english: str, korean: str) -> None:
    for language, words in (("en", english), ("ko", korean)):
        page = ask(tech_db, f"/-/lobbyx/group{path}", language)
        assert page.status_code == 400
        assert words in unescape(page.text)


def test_groups_are_found_from_home_search_and_claims(tech_db: Path) -> None:
    assert 'href="/-/lobbyx/group"' in ask(tech_db, "/").text
    assert "Big Tech</a>, 5 members" in ask(tech_db, "/-/lobbyx/group").text
    link = 'href="/-/lobbyx/group?name=Big%20Tech"'
    assert link in ask(tech_db, "/-/lobbyx/search?q=Big+Tech").text
    text = "Big+Tech+spent+$5+million+on+lobbying+in+2024."
    assert "/-/lobbyx/group?name=" in ask(tech_db, f"/-/lobbyx/check?text={text}").text
    assert {"Big Tech"} <= {one["name"] for one in ask(tech_db, "/-/lobbyx/group.json").json()["groups"]}
