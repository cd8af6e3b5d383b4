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
