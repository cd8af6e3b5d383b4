"""How much a page asks of the database and of Datasette: not more for an organization with many reports."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import lobbyx
from lobbyx.accounting import account
from lobbyx.accounting import reports as rules
from lobbyx.model.period import Window
from lobbyx.organizations import lookup, search
from lobbyx.site import organization
from tests.conftest import filing
from tests.site.test_site import Site, checked_db

__all__ = ["checked_db"]  # a fixture
pytestmark = pytest.mark.filterwarnings("ignore")
QUARTERS = (("first_quarter", 4), ("second_quarter", 7), ("third_quarter", 10), ("fourth_quarter", 12))
Load = Callable[..., lobbyx.Ledger]


def acme(load: Load, firms: int) -> lobbyx.Ledger:
    """Reports of firms for one client, four quarters each, with one registration each."""
    who = [{"registrant__id": 100 + n, "registrant__name": f"FIRM {n}", "client__id": 200 + n} for n in range(firms)]
    some = [
        filing(
            n * 10 + q,
            filing_year=2023,
            filing_period=name,
            filing_type=f"Q{q}",
            dt_posted=f"2023-{month:02d}-20T10:00:00-05:00",
            income="30000.00",
            expenses=None,
            client__name="ACME",
            **one,
        )
        for n, one in enumerate(who)
        for q, (name, month) in enumerate(QUARTERS, start=1)
    ]
    some += [
        filing(n * 10 + 5, filing_year=2023, filing_period="first_quarter", filing_type="RR", client__name="ACME",
               dt_posted="2023-01-05T10:00:00-05:00", income=None, expenses=None, **one)
        for n, one in enumerate(who)
    ]  # fmt: skip
    return load(*some)


def asked(db: sqlite3.Connection, question: Callable[[], Any]) -> list[str]:
    """The statements that answering takes, without those of the full-text index itself."""
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    try:
        question()
    finally:
        db.set_trace_callback(None)
    return [one for one in statements if not one.startswith("--")]


def test_a_page_reads_each_report_once(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    read: Counter[str] = Counter()

    def counted(row: Any) -> Any:
        read[row["filing_uuid"]] += 1
        return original(row)

    original = rules.read
    ledger = acme(load, 6)
    who = ledger.organization("Acme")
    monkeypatch.setattr(rules, "read", counted)
    monkeypatch.setattr(account, "read_report", counted)
    found = organization.organization(ledger.db, who.id, Window(), date(2024, 6, 1))
    assert len(found["reports"]) == 24
    assert sum(one["filings"] for one in found["registrants"]) == 30
    assert set(read.values()) == {1}


def test_a_page_lists_the_newest_reports_and_links_all(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = acme(load, 6)
    number, path = ledger.organization("Acme").id, Path(ledger.db.execute("PRAGMA database_list").fetchone()[2])
    ledger.db.close()
    monkeypatch.setattr(organization, "MOST_REPORTS", 10)
    site = Site(path)
    page = site.get(f"/-/lobbyx/organization/{number}").text
    table = page[page.index('id="lx-reports"') :]
    rows = re.findall(r"<tr[^>]*><td[^>]*>([^<]+)<", table)
    assert rows == ["2023 Q3"] * 4 + ["2023 Q4"] * 6
    assert "14 more are not listed" in table
    assert f'href="/-/lobbyx/organization/{number}.csv"' in table
    assert len(site.json(f"/-/lobbyx/organization/{number}.json")["reports"]) == 24
    assert "Show all 24 reports" not in page


def test_more_firms_ask_no_more_questions(load: Load) -> None:
    few = acme(load, 2)
    first = asked(few.db, lambda: organization.organization(few.db, few.organization("Acme").id, Window(), None))
    few.db.close()
    many = acme(load, 12)
    then = asked(many.db, lambda: organization.organization(many.db, many.organization("Acme").id, Window(), None))
    assert len(then) == len(first) < 60
    # The filings of an organization are read whole once; all else asks for what it needs.
    assert sum("f.expenses_method" in one for one in then) == 1


def test_who_may_see_a_table_needs_no_copy_of_all_descriptions(
    checked_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(checked_db)
    site.get("/-/lobbyx/organization/1")
    copied: list[object] = []
    monkeypatch.setattr("lobbyx.site.deepcopy", lambda given: copied.append(given) or json.loads(json.dumps(given)))
    asyncio.run(site.datasette.client.get("/-/lobbyx/organization/1"))
    asked_for_tables = len(copied)
    assert site.datasette.metadata("allow", database="coupang", table="filings") is None
    assert site.datasette.metadata("plugins") is None
    assert len(copied) == asked_for_tables
    known = site.datasette.metadata("description", database="coupang", table="filings")
    assert known == site.datasette.metadata("databases")["coupang"]["tables"]["filings"]["description"]


def test_a_common_word_asks_no_more_questions(load: Load) -> None:
    """Each organization whose name has the word was once asked about by itself, three times."""
    counts = []
    for number in (3, 40):
        ledger = load(
            *(filing(n, client__id=n, client__name=f"UNITED {chr(65 + n % 26)}{n} MILLS") for n in range(1, number + 1))
        )
        assert len(search.search(ledger.db, "united")["organizations"]) == min(number, search.MOST_FOUND)
        counts.append(len(asked(ledger.db, lambda ledger=ledger: search.search(ledger.db, "united"))))
        ledger.db.close()
    assert counts[0] == counts[1] < 30


@pytest.mark.parametrize(
    ("query", "values", "searched"),
    [
        (search._ACTIVITIES, ['"the"'], ["SCAN activities_fts", "SEARCH a USING INTEGER PRIMARY KEY", "SEARCH f USING"]),
        (
            lookup._MONEY,
            {"ids": "[1, 2]", "start": "2020-01-01", "end": "2020-12-31"},
            ["SEARCH p USING", "(organization_id=?", "SEARCH l USING"],
        ),
    ],
)  # fmt: skip
def test_a_search_goes_through_no_whole_table(
    coupang: lobbyx.Ledger, query: str, values: Any, searched: list[str]
) -> None:
    plan = [row["detail"] for row in coupang.db.execute(f"EXPLAIN QUERY PLAN {query}", values)]
    for step in searched:
        assert any(step in one for one in plan), plan
    assert not [one for one in plan if re.match(r"SCAN (a|f|c|r|p|l)\b", one)], plan
    if "activities_fts" in query:  # the newest fifty are found without sorting all that match
        assert not [one for one in plan if "TEMP B-TREE" in one], plan
