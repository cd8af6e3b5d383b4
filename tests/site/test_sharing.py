"""Cards, embeds and oEmbed: what they say, who may frame them, and what stays private."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

import pytest
from datasette.app import Datasette

from lobbyx.database import connection
from tests.site.test_access import ROOT_ONLY, tables_allowed, visit
from tests.site.test_site import checked_db

__all__ = ["checked_db"]  # a fixture
pytestmark = pytest.mark.filterwarnings("ignore")
VERDICT = "/-/lobbyx/verdict/1"
HERE = "http://localhost"
OEMBED = f"/-/lobbyx/oembed?url={quote(HERE + VERDICT)}"


def one(db: Path, path: str, **more: Any) -> Any:
    (answer,) = visit(Datasette([str(db)]), path, **more)
    return answer


# The card ------------------------------------------------------------------------------------------------------------


def test_the_card_is_a_picture_in_the_language_of_its_address(checked_db: Path) -> None:
    pytest.importorskip("vl_convert")
    svg = one(checked_db, f"{VERDICT}/card.svg", headers={"accept-language": "ko"}, cookies={"lobbyx_lang": "ko"})
    assert svg.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert "Depends on the method" in svg.text
    assert "script" not in svg.text
    assert "집계 방식에 따라 다름" in one(checked_db, f"{VERDICT}/card.svg?lang=ko").text
    png = one(checked_db, f"{VERDICT}/card.png?lang=ko")
    assert (png.headers["content-type"], png.content[:4]) == ("image/png", b"\x89PNG")
    for answer in (svg, png):
        assert "set-cookie" not in answer.headers
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["99/card.svg", "-1/card.png", f"{10**30}/card.svg", "99/embed", "1/card.gif", "1/card"]
)
def test_what_is_not_there_is_not_found(checked_db: Path, path: str) -> None:
    answer = one(checked_db, f"/-/lobbyx/verdict/{path}")
    assert answer.status_code == 404
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


# The embed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "words"), [("", "Depends on the method"), ("?lang=ko", "집계 방식에 따라 다름")])
def test_the_embed_may_be_framed_and_leaves_nothing(checked_db: Path, lang: str, words: str) -> None:
    answer = one(checked_db, f"{VERDICT}/embed{lang}", headers={"accept-language": "ko"})
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors *")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert {"set-cookie", "x-frame-options"}.isdisjoint(answer.headers)
    assert not re.search(r"<(script|form|iframe|img|button)|\son\w+=|style=", answer.text)
    assert words in answer.text
    (link,) = re.findall(r'<a href="([^"]*)"', answer.text)
    assert link == f"{HERE}{VERDICT}?lang={'ko' if lang else 'en'}"


def test_no_other_page_may_be_framed(checked_db: Path) -> None:
    for path in ("/", VERDICT, f"{VERDICT}.json", "/-/lobbyx/check", OEMBED, "/-/lobbyx/embed", "/coupang/verdicts"):
        assert "frame-ancestors 'none'" in one(checked_db, path).headers["content-security-policy"], path


def test_hostile_texts_stay_texts(checked_db: Path) -> None:
    hostile = "</title></text>\"'><script>alert(1)</script>\x00\u202e"
    with closing(connection.connect(checked_db)) as db:
        db.execute("UPDATE claims SET context = ?, text = ?, source = ?, author = ?", [hostile] * 4)
        db.execute("UPDATE verdicts SET totals = '{}', explanation = ?, explanation_ko = ?", [hostile] * 2)
        db.execute("UPDATE organizations SET name = ?", [hostile])
    for path in (f"{VERDICT}/card.svg", f"{VERDICT}/embed", f"{VERDICT}/embed?lang=ko", VERDICT):
        answer = one(checked_db, path)
        assert answer.status_code == 200
        assert "<script" not in answer.text, path
        assert not {"\x00", "\u202e"} & set(answer.text), path
    ElementTree.fromstring(one(checked_db, f"{VERDICT}/card.svg").text)
    frame = one(checked_db, OEMBED).json()
    assert "<script" not in frame["html"]
    assert not {"\x00", "\u202e"} & set(frame["html"] + frame["title"])


# oEmbed --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [VERDICT, f"{VERDICT}?lang=ko"])
def test_a_claims_page_leads_to_its_embed(checked_db: Path, path: str) -> None:
    page = one(checked_db, path).text
    (found,) = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]*)"', page)
    address = urlsplit(found.replace("&amp;", "&"))
    assert parse_qs(address.query)["url"] == [HERE + VERDICT]
    document = one(checked_db, f"{address.path}?{address.query}").json()
    assert (document["version"], document["type"], document["width"], document["height"]) == ("1.0", "rich", 600, 420)
    (source,) = re.findall(r'src="([^"]*)"', document["html"])
    assert one(checked_db, source.removeprefix(HERE)).status_code == 200
    assert f"{VERDICT}/card.svg" in page


@pytest.mark.parametrize(
    ("query", "width", "height"),
    [
        ("", 600, 420),
        ("&maxwidth=320", 320, 420),
        ("&maxheight=200&maxwidth=9999", 600, 200),
        ("&format=json", 600, 420),
    ],
)
def test_it_is_never_larger_than_asked_for(checked_db: Path, query: str, width: int, height: int) -> None:
    document = one(checked_db, OEMBED + query).json()
    assert (document["width"], document["height"]) == (width, height)
    assert f'width="{width}" height="{height}"' in document["html"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        (f"?url={quote(HERE + VERDICT)}&maxwidth=wide", 400),
        (f"?url={quote(HERE + VERDICT)}&maxwidth=0", 400),
        (f"?url={quote(HERE + VERDICT)}&maxheight=-5", 400),
        (f"?url={quote(HERE + VERDICT)}&format=xml", 501),
        (f"?url={quote(HERE)}/-/lobbyx/verdict/99", 404),
        (f"?url={quote(HERE)}/-/lobbyx/verdict/{'9' * 18}", 404),
        (f"?url={quote(HERE)}/-/lobbyx/organization/1", 404),
        (f"?url=http://evil.example{VERDICT}", 404),
        (f"?url=http://localhost@evil.example{VERDICT}", 404),
        (f"?url=javascript://localhost{VERDICT}", 404),
        ("?url=http://[", 404),
    ],
)
def test_other_questions_get_the_answer_of_the_specification(checked_db: Path, query: str, status: int) -> None:
    answer = one(checked_db, f"/-/lobbyx/oembed{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json; charset=utf-8")
    assert answer.json()["ok"] is False


# Permissions ---------------------------------------------------------------------------------------------------------

SHARED = (f"{VERDICT}/card.svg", f"{VERDICT}/card.png", f"{VERDICT}/embed", OEMBED)
MISSING = tuple(path.replace("verdict/1", "verdict/99") for path in SHARED)


@pytest.mark.parametrize("table", ["verdicts", "claims", "evidence", "organizations", "filings"])
def test_a_table_for_root_alone_does_not_leak(checked_db: Path, table: str) -> None:
    datasette = Datasette([str(checked_db)], metadata=tables_allowed(table))
    for path, answer in zip(SHARED, visit(datasette, *SHARED), strict=True):
        assert answer.status_code == (401 if "oembed" in path else 403), path
        assert "10 million" not in answer.text
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    root = {"ds_actor": datasette.sign({"a": {"id": "root"}}, "actor")}
    assert visit(datasette, f"{VERDICT}/embed", cookies=root)[0].status_code == 200


@pytest.mark.parametrize("metadata", [ROOT_ONLY, {"databases": {"coupang": ROOT_ONLY}}, tables_allowed("verdicts")])
def test_what_is_not_there_looks_like_what_is_private(checked_db: Path, metadata: dict[str, Any]) -> None:
    datasette = Datasette([str(checked_db)], metadata=metadata)
    there = visit(datasette, *SHARED)
    missing = visit(datasette, *MISSING)
    assert [a.status_code for a in there] == [a.status_code for a in missing] == [403, 403, 403, 401]
    assert "10 million" not in json.dumps([a.text for a in there])
