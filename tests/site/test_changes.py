"""The page of changed verdicts, its JSON and its Atom feed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from datasette.app import Datasette

import lobbyx
from tests.site.test_site import Site, checked_db

__all__ = ["checked_db"]  # a fixture
pytestmark = pytest.mark.filterwarnings("ignore")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def site(checked_db: Path) -> Site:
    report = {
        "filing_uuid": "x", "registrant": HOSTILE, "period": "2025 Q4", "posted": "2026-01-20", "amended": False,
    }  # fmt: skip
    with lobbyx.open(checked_db) as ledger:
        ledger.db.execute("UPDATE claims SET text = text || ?", [HOSTILE])
        ledger.db.execute(
            "INSERT INTO changes (claim_id, noticed_at, as_of_before, verdict_before, reported_before, as_of, verdict, "
            "reported, reports) VALUES (1, '2026-08-01T06:17:00+00:00', '2026-01-10', 'unverifiable', 450000, "
            "'2026-07-20', 'supported', 580000, ?)",
            [json.dumps([report])],
        )
    return Site(checked_db)


def ask(site: Site, path: str) -> Any:
    async def asked() -> Any:
        await site.datasette.invoke_startup()
        return await site.datasette.client.get(path)

    return asyncio.run(asked())


def test_the_page_tells_what_changed_in_each_language(site: Site) -> None:
    page = ask(site, "/-/lobbyx/changes?lang=en").text
    assert "The 2025 Q4 report of" in page
    assert "$450,000 and is now $580,000" in page
    assert HOSTILE not in page
    korean = ask(site, "/-/lobbyx/changes?lang=ko").text
    assert "45만 달러에서 58만 달러로" in korean
    assert HOSTILE not in korean


def test_json_and_atom_say_the_same(site: Site) -> None:
    (change,) = ask(site, "/-/lobbyx/changes.json").json()["changes"]
    assert (change["verdict_before"], change["verdict"], change["verdict_id"]) == ("unverifiable", "supported", 1)
    answer = ask(site, "/-/lobbyx/changes.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ET.fromstring(answer.text)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert root.findtext("a:entry/a:summary", None, space) == change["why"]
    link = root.find("a:entry/a:link", space)
    assert link is not None
    assert link.attrib["href"].endswith("/-/lobbyx/verdict/1")
    empty = ET.fromstring(ask(site, "/-/lobbyx/changes.atom?lang=ko").text)
    assert empty.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "ko"


def test_who_may_not_see_claims_sees_no_changes(checked_db: Path) -> None:
    site = Site(checked_db)
    restricted = {"databases": {checked_db.stem: {"tables": {"claims": {"allow": {"id": "root"}}}}}}
    site.datasette = Datasette([str(checked_db)], metadata=restricted)
    for form in ("", ".json", ".atom"):
        assert ask(site, f"/-/lobbyx/changes{form}").status_code == 403
