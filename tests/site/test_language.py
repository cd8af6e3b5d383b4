"""The language of a page: the address, an earlier choice, the browser; one language a page; JSON has none."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from lobbyx.site import language
from tests.site.test_site import Site, checked_db

__all__ = ["checked_db"]  # a fixture
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def site(checked_db: Path) -> Site:
    return Site(checked_db)


def ask(site: Site, path: str, **headers: str) -> Any:
    async def asked() -> Any:
        await site.datasette.invoke_startup()
        return await site.datasette.client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return asyncio.run(asked())


def words(page: str) -> str:
    """What a visitor reads."""
    return unescape(re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1]))


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("en;q=0.1, ko;q=0.2", "ko"),
        ("fr, de", "en"),
        ("ko;q=0", "en"),
        ("ko;q=nonsense", "en"),
        ("ko;q=99", "en"),
        (",;=" * 9000, "en"),
    ],
)
def test_what_the_browser_prefers(accept: str, found: str) -> None:
    assert language.preferred(accept) == found


@pytest.mark.parametrize("path", ["/", "/-/lobbyx/verdict/999"])
def test_address_then_choice_then_browser(site: Site, path: str) -> None:
    def told(path: str, **headers: str) -> str:
        answer = ask(site, path, **headers)
        (found,) = re.findall(r'<html lang="(\w+)">', answer.text)
        assert answer.headers["content-language"] == found
        assert "Accept-Language" in answer.headers["vary"]
        return str(found)

    assert told(path) == "en"
    assert told(path, accept_language="ko-KR") == "ko"
    assert told(path, accept_language="ko-KR", cookie="a=b; lobbyx_lang=en") == "en"
    assert told(path, cookie="lobbyx_lang=<script>") == "en"
    assert told(f"{path}?lang=ko", cookie="lobbyx_lang=en") == "ko"
    assert told(f"{path}?lang=fr", accept_language="ko") == "ko"
    kept = ask(site, f"{path}?lang=ko").headers.get_list("set-cookie")
    assert [one for one in kept if one.startswith("lobbyx_lang=ko;") and "HttpOnly" in one and "Path=/" in one]
    assert "lobbyx_lang" not in str(ask(site, f"{path}?lang=<b>").headers.get_list("set-cookie"))


def test_the_link_to_the_other_language_keeps_what_was_asked(site: Site) -> None:
    page = ask(site, "/-/lobbyx/search?q=%22><b>&lang=ko").text
    assert 'href="?q=%22%3E%3Cb%3E&amp;lang=en"' in page
    assert '<a class="lx-language"' in page


def test_json_has_no_language(site: Site) -> None:
    for path in ("/-/lobbyx.json", "/-/lobbyx/verdict/1.json", "/-/lobbyx/organization/1.json"):
        english, korean = (ask(site, f"{path}?lang={one}") for one in ("en", "ko"))
        assert english.text == korean.text
        assert "content-language" not in korean.headers
        assert "lobbyx_lang" not in str(korean.headers.get_list("set-cookie"))


PAGES = (
    "/",
    "/-/lobbyx/verdict/1",
    "/-/lobbyx/organization/1",
    "/-/lobbyx/organization/1?since=2001&until=2002",
    "/-/lobbyx/search?q=export",
    "/-/lobbyx/search?q=zzzz",
    "/-/lobbyx/topic",
    "/-/lobbyx/topic?q=export",
    "/-/lobbyx/topic?q=TRD&period=2026+Q1",
    "/-/lobbyx/topic?q=H.R.+1",
    "/-/lobbyx/topic?q=zzzz",
    "/-/lobbyx/review",
    "/-/lobbyx/changes",
    "/-/lobbyx/check?text=Coupang+spent+$3.31+million+on+lobbying+in+2023.&published=2025-12-25",
    "/-/lobbyx/organization/1?since=soon",
    "/-/lobbyx/organization/1?since=2024&until=2022",
    "/-/lobbyx/organization/999",
    "/-/lobbyx/verdict/999",
    "/-/lobbyx/nothing",
    "/-/lobbyx/group",
    "/-/lobbyx/group?name=Big+Tech&since=2024",
    "/-/lobbyx/group?name=No+Such",
    "/-/lobbyx/check?text=https://example.com/article",
    "/-/lobbyx/check?org=Coupang&kind=spend&comparator=between&amount=9M&high=2M",
    "/-/lobbyx/check?org=Coupang&kind=change&amount=much",
    "/-/lobbyx/check?org=Zzyzx+Holdings&kind=spend&amount=2M&from=2024&to=2024",
)
ENGLISH = re.compile(
    r"(?i)\b(the|reported|posted|filings?|reports?|period|verdict|claim|amount|ways? of counting|superseded|latest|"
    r"from|until|names?|download|chart)\b"
)


@pytest.mark.parametrize("path", PAGES)
def test_a_korean_page_has_no_english_words_of_ours(site: Site, path: str) -> None:
    page = ask(site, path, accept_language="ko").text
    main = page.split("<main", 1)[1].split("<footer", 1)[0]
    main = main.replace("lobbyists, firms, filings", "")  # what the field takes
    labels = " ".join(re.findall(r'aria-label="([^"]*)"', main))
    # Left out: what is filed or was said in English, code names, and what stands in a column of rules.
    for own in ("blockquote", "code", "textarea", "h1", "desc", "mark", "q"):
        main = re.sub(rf"<{own}\b.*?</{own}>", " ", main, flags=re.S)
    main = re.sub(r'<td class="lx-dim" lang="en">.*?</td>|<td>[^<]{40,}</td>', " ", main, flags=re.S)
    main = re.sub(r'<a href="/-/lobbyx/verdict/1">.*?</a>', " ", main)
    read = unescape(re.sub(r"<[^>]+>", " ", main)) + labels
    assert ENGLISH.findall(re.sub(r"[A-Z][A-Z .,&]{4,}", " ", read)) == [], path


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_has_no_korean_but_the_link(site: Site, path: str) -> None:
    main = ask(site, path).text.split("<main", 1)[1]
    assert not re.search("[가-힣]", main), path


@pytest.mark.parametrize(
    ("path", "english", "korean"),
    [
        ("organization/1?since=2024&until=2022", "starts (2024) after it ends (2022)", "시작일(2024)이 종료일(2022)보다 늦습니다"),
        ("organization/999", "there is no organization 999", "999번 단체는 없습니다."),
        ("check?org=Coupang&kind=change&amount=much", "cannot read the change “much”", "‘much’: 읽을 수 없는 증감률입니다"),
        ("check?org=Zzyzx+Holdings&kind=spend&amount=2M&from=2024", "“Zzyzx Holdings”", "‘Zzyzx Holdings’이라는"),
        ("check?text=https://example.com/", "address of a page", "기사 주소가 입력되었습니다"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_facts_in_both_languages(
    site: Site, path: str, english: str, korean: str
) -> None:
    for tongue, words in (("en", english), ("ko", korean)):
        page = ask(site, f"/-/lobbyx/{path}", accept_language=tongue)
        assert words in unescape(page.text), page.text


def test_warnings_have_their_facts_in_both_languages(site: Site) -> None:
    """Coupang's amendment of the first quarter of 2022 and the straddling edges of a window."""
    path = "/-/lobbyx/organization/1?since=2021-08-01&until=2025-12-25"
    warnings = ask(site, path.replace("?", ".json?")).json()["warnings"]
    assert {"straddles_window", "no_amount"} <= {one["code"] for one in warnings}
    for tongue, name in (("en", "message"), ("ko", "message_ko")):
        page = unescape(ask(site, path, accept_language=tongue).text)
        for one in warnings:
            assert one[name] in page
    (edge, *_) = (one for one in warnings if one["code"] == "straddles_window")
    assert "2025년 4분기" in edge["message_ko"] or "2021년 3분기" in edge["message_ko"]
