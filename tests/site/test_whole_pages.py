"""Every page in one language: with `?lang=ko` no English of the program, with `?lang=en` no Korean of it.

What filings and texts say stays in the language it was said in, so words that are on file are passed over. All pages
are walked on the Coupang filings and on the recorded samples, of which nothing is known to be complete.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus

import pytest

import lobbyx
from lobbyx.organizations import groups
from lobbyx.reading.source import Source
from lobbyx.site.reading_form import KINDS
from tests.site.test_site import Site

pytestmark = pytest.mark.filterwarnings("ignore")  # Datasette's own, of newer Pythons and libraries

ON_FILE: Final = {
    "clients": ("name", "general_description"),
    "registrants": ("name",),
    "organizations": ("name",),
    "organization_names": ("name",),
    "lobbyists": ("first_name", "last_name"),
    "government_entities": ("name",),
    "activities": ("description",),
    "contributions": ("comments",),
    "contribution_items": ("payee_name", "honoree_name", "contributor_name"),
    "foreign_entities": ("name",),
    "affiliated_organizations": ("name",),
    "claims": ("text", "context", "org", "source"),
}
"""What filings, and the claims that were checked, say."""
GIVEN: Final = (
    "Coupang spent $3.31 million on lobbying in 2023.",
    "The Big Tech companies spent more than $50 million on lobbying in 2024.",
    "South Korean companies spent at least $3 million on lobbying in 2024.",
    "Coupang hired Ballard Partners in 2025.",
    "Coupang spent more on lobbying than any other Big Tech company in 2024.",
    "Coupang's lobbying rose 74% in 2024.",
    "Coupang filed 9 reports in 2024 and lobbied on H.R. 1 last year.",
)
"""Sentences that are checked on the page."""
ATTRIBUTES: Final = ("aria-label", "title", "alt", "placeholder")
QUOTED: Final = {"code", "textarea", "blockquote", "q", "script", "style", "mark"}
"""Elements with commands, or with what somebody else said."""
COMMAND: Final = re.compile(
    r"`[^`]*`|lobbyx (?:check|fetch|sync|claims|groups|names|watch|organizations)\b(?: -[^ ]+ \"[^\"]*\")*"
)
LATIN: Final = re.compile(r"[A-Za-z][A-Za-z']*(?:[ \n]+[A-Za-z][A-Za-z']*)+")


class Said(HTMLParser):
    """What a page says to those who see it or hear it, without what it quotes."""

    def __init__(self, language: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.language = language
        self.within: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.said += [value for name in ATTRIBUTES if (value := given.get(name))]
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.said.append(given.get("value") or "")
        if tag not in ("meta", "link", "input", "br", "hr", "img"):
            foreign = given.get("lang") not in (None, self.language) and tag != "html"
            self.within.append((tag, tag in QUOTED or foreign))

    def handle_endtag(self, tag: str) -> None:
        while self.within:
            if self.within.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(quoted for _, quoted in self.within):
            self.said.append(data.strip())


def said(page: str, language: str) -> list[str]:
    """The texts of a page."""
    parser = Said(language)
    parser.feed(page)
    return parser.said


def plain(text: str) -> str:
    """A text as it is compared: small letters and digits alone."""
    return " ".join(re.findall(r"[a-z0-9'’]+", text.lower()))


def on_file(path: Path) -> str:
    """All that filings and stored claims say, in one text."""
    with closing(sqlite3.connect(path)) as db:
        found = [
            plain(str(value))
            for table, columns in ON_FILE.items()
            for row in db.execute(f"SELECT DISTINCT {', '.join(columns)} FROM {table}")
            for value in row
            if value
        ]
    members = ["No Such", *(member.name for group in groups.shipped().values() for member in group.members)]
    return f" {' '.join([*found, *map(plain, [*GIVEN, *members])])} "


def english(texts: list[str], known: str) -> list[str]:
    """The successive Latin words that nobody filed."""
    return [
        f"{words} <- {text[:200]}"
        for text in texts
        for words in LATIN.findall(COMMAND.sub(" ", text))
        if f" {plain(words)}" not in known
    ]


def pages(path: Path) -> list[str]:
    """The addresses of all kinds of pages, with what this database has and what it lacks."""
    with closing(sqlite3.connect(path)) as db:

        def some(sql: str) -> list[Any]:
            return [row[0] for row in db.execute(sql)]

        organizations = some("SELECT id FROM organizations ORDER BY id")
        countries = some("SELECT DISTINCT country FROM clients WHERE country > '' ORDER BY 1 LIMIT 12")
        issues = some("SELECT DISTINCT general_issue_code FROM activities WHERE general_issue_code > '' ORDER BY 1")
        verdicts = some("SELECT id FROM verdicts ORDER BY id")
    first = organizations[0]
    asked = [
        "check",
        "check?text=The+sky+is+blue.",
        "check?text=https://example.com/article",
        "check?text=x&published=someday",
        *(f"check?published=2025-12-25&text={quote_plus(text)}" for text in GIVEN),
        *(f"check?org={org}&kind={kind}&amount=2M&from=2024&to=2024&published=2025-12-25" for org in ("Coupang", "Big+Tech", "Nobody") for kind in KINDS),
        "check?org=Coupang&kind=spend&comparator=between&amount=9M&high=2M",
        "check?org=Coupang&kind=change&amount=much",
        "check?org=Coupang&kind=spend&amount=2M&from=soon",
        *(f"verdict/{number}" for number in [*verdicts, 999]),
        *(f"verdict/{number}/embed" for number in [*verdicts, 999]),
        *(f"organization/{number}" for number in [*organizations, 99_999]),
        f"organization/{first}?since=2021-08-01&until=2025-12-25",
        f"organization/{first}?since=2001&until=2002",
        f"organization/{first}?since=soon",
        f"organization/{first}?since=2024&until=2022",
        f"organization/{first}?compare=%23{organizations[-1]}",
        f"organization/{first}?compare=%23{first}",
        f"organization/{first}?compare=Big+Tech",
        f"organization/{first}?compare=country:US",
        f"organization/{first}?compare=issue:TAX",
        f"organization/{first}?compare=Nobody",
        "group",
        "group?name=No+Such",
        "group?name=country:QQ",
        "group?name=issue:QQQ",
        *(f"group?name={quote_plus(name)}&since=2024&until=2024" for name in groups.shipped()),
        *(f"group?name=country:{code}" for code in countries),
        *(f"group?name=issue:{code}" for code in issues),
        *(f"search?q={words}" for words in ("", "export", "zzzz", "coupang", "coupnag", "ballard", "Big+Tech", "country:KR", "issue:TAX", "the")),
        *(f"topic?q={words}" for words in ("", "export", "zzzz", "H.R.+1", "trade", "the", *issues[:10])),
        "topic?q=TRD&as=words",
        "topic?q=TRD&period=2024+Q1&form=report",
        "topic?q=TRD&period=soon",
        "topic?q=TRD&form=other",
        "topic?q=TRD&agency=x",
        "topic?q=TRD&since=2024&until=2023",
        "review",
        "changes",
        "nothing",
    ]  # fmt: skip
    return ["/", *(f"/-/lobbyx/{one}" for one in asked)]


def shown(path: Path, language: str) -> dict[str, list[str]]:
    """What each page says."""
    datasette = Site(path).datasette

    async def walk() -> dict[str, list[str]]:
        await datasette.invoke_startup()
        found = {}
        for address in pages(path):
            answer = await datasette.client.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
            assert answer.status_code in (200, 400, 404), address
            assert f'<html lang="{language}">' in answer.text, address
            found[address] = said(answer.text, language)
        return found

    return asyncio.run(walk())


@pytest.fixture(params=["coupang", "samples"])
def checked(request: pytest.FixtureRequest) -> Path:
    """A database with a stored verdict on each sentence."""
    path: Path = request.getfixturevalue(f"{request.param}_db")
    with lobbyx.open(path) as ledger:
        for text in GIVEN:
            source = Source("text", text, "2025-12-25")
            ledger.record(source, ledger.check(source, published="2025-12-25"))
        report = {
            "filing_uuid": "x",
            "registrant": "GOOGLE LLC",
            "period": "2025 Q4",
            "posted": "2026-01-20",
            "amended": True,
        }
        for claim, reports in ((1, [report]), (2, [])):
            ledger.db.execute(
                "INSERT INTO changes (claim_id, noticed_at, as_of_before, verdict_before, reported_before, as_of, "
                "verdict, reported, reports) VALUES (?, '2026-08-01T06:17:00+00:00', '2026-01-10', 'unverifiable', "
                "450000, '2026-07-20', 'supported', 580000, ?)",
                [claim, json.dumps(reports)],
            )
    return path


def test_korean_pages_say_nothing_in_english(checked: Path) -> None:
    known = on_file(checked)
    walked = shown(checked, "ko")
    assert len(walked) > 100
    assert {address: found for address, texts in walked.items() if (found := english(texts, known))} == {}


def test_english_pages_say_nothing_in_korean(checked: Path) -> None:
    walked = shown(checked, "en")
    hangul = re.compile("[가-힣]")
    assert {address: found for address, texts in walked.items() if (found := list(filter(hangul.search, texts)))} == {}


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>보고서 3건 reports on file</p>", ["reports on file"]),
        ('<p aria-label="Reports on file">보고서</p>', ["Reports on file"]),
        ("<p>COUPANG, INC. <code>lobbyx total X</code> <q lang='en'>tax on file</q> `lobbyx watch it`</p>", []),
        ("<p lang='en'>its name as filed</p><p lang='ko'>two words</p>", ["two words"]),
    ],
)
def test_what_counts_as_english(page: str, found: list[str]) -> None:
    known = f" {plain('Coupang, Inc.')} "
    assert [one.partition(" <- ")[0] for one in english(said(page, "ko"), known)] == found


def test_a_verdict_of_an_earlier_version_says_so_and_offers_another(coupang_db: Path) -> None:
    with lobbyx.open(coupang_db) as ledger:
        source = Source("text", GIVEN[0], "2025-12-25")
        ledger.record(source, ledger.check(source, published="2025-12-25"))
        unknown = {"start": "2023-01-01", "end": "2023-12-31", "state": "unknown", "reason": "nothing is on file"}
        ledger.db.execute(
            "UPDATE verdicts SET warnings = ?, known = json_set(known, '$.undetermined', json(?))",
            [json.dumps([{"code": "no_amount", "message": "one report gives no amount"}]), json.dumps([unknown])],
        )
    site = Site(coupang_db)
    page = site.get("/-/lobbyx/verdict/1?lang=ko").text
    assert "이전 버전의 lobbyx가 내린 판정" in page
    assert "입력한 글, 2025년 12월 25일 게재" in page
    assert '<span lang="en">one report gives no amount</span>' in page
    assert '2023년: <span lang="en">nothing is on file</span>' in page
    assert english(said(page, "ko"), on_file(coupang_db)) == []
    assert "An earlier version" not in site.get("/-/lobbyx/verdict/1?lang=en").text
    asked = unescape(re.findall(r'href="(/-/lobbyx/check\?[^"]+)"', page)[0])
    anew = site.json(asked.replace("/check?", "/check.json?"))
    (claim,) = anew["claims"]
    (before,) = (site.json("/-/lobbyx/verdict/1.json"),)
    assert (claim["verdict"], claim["window"]["start"]) == (before["verdict"], "2023-01-01")
    assert all(one["message_ko"] for one in claim.get("warnings", []))


@pytest.mark.parametrize("text", GIVEN)
def test_a_stored_claim_is_judged_again_as_it_was(coupang_db: Path, text: str) -> None:
    with lobbyx.open(coupang_db) as ledger:
        source = Source("text", text, "2025-12-25")
        ledger.record(source, ledger.check(source, published="2025-12-25"))
    site = Site(coupang_db)
    before = site.json("/-/lobbyx/verdict/1.json")
    asked = re.findall(r'href="(/-/lobbyx/check\?[^"]+)"', site.get("/-/lobbyx/verdict/1?lang=ko").text)[0]
    claims = site.json(unescape(asked).replace("/check?", "/check.json?"))["claims"]
    same = [one for one in claims if (one["kind"], one["value"]) == (before["kind"], before["value"])]
    assert [one["verdict"] for one in same] == [before["verdict"]]
