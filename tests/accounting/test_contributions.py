"""LD-203: who gave, to whom, in which year; a later report replaces the earlier one."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lobbyx.accounting.contributions import Disclosure, Gift, disclosures, latest, summary
from lobbyx.database import connection
from lobbyx.model.period import Window

FIRST = Disclosure(
    "a", "organization", 7, "ACME", None, "", 2023, "mid_year", "2023-07-20", (Gift("ACME PAC", "Sen. A", 10_050),)
)
AMENDED = replace(FIRST, filing_uuid="b", posted="2023-08-01", gifts=(Gift("ACME PAC", "Sen. A", 20_000),))
SECOND = replace(FIRST, filing_uuid="c", period="year_end", posted="2024-01-20", gifts=(Gift("DNC", "", 5_000),))
LOBBYIST = replace(FIRST, filing_uuid="d", giver="own_lobbyists", lobbyist_id=3, lobbyist="Jo Doe")


def test_a_later_report_replaces_the_earlier_one_of_the_same_filer_and_half_year() -> None:
    assert [one.filing_uuid for one in latest([AMENDED, FIRST, SECOND, LOBBYIST])] == ["c", "b", "d"]


def test_sums_by_giver_year_and_recipient() -> None:
    found = summary([AMENDED, SECOND, LOBBYIST])
    own = found["by"]["organization"]
    assert (own["amount"], own["reports"], own["years"]) == (250, 2, [{"year": 2023, "amount": 250}])
    assert [(one["payee"], one["honoree"], one["amount"]) for one in own["to"]] == [
        ("ACME PAC", "Sen. A", 200),
        ("DNC", None, 50),
    ]
    assert found["by"]["own_lobbyists"]["amount"] == 100.5
    assert "firm_lobbyists" not in found["by"]
    assert found["reports"][0]["url"] == "https://lda.gov/filings/public/contribution/b/print/"


@pytest.fixture
def with_gifts(coupang_db: Path) -> Any:
    """Coupang's own report, an in-house lobbyist's, and two of firms' lobbyists: one is named in a report for it."""
    with closing(connection.connect(coupang_db)) as db:
        own = db.execute("SELECT f.registrant_id FROM filings f JOIN ledger_lines l USING (filing_uuid) "
                         "WHERE l.role = 'in_house' LIMIT 1").fetchone()[0]  # fmt: skip
        activity, firm, year = db.execute(
            "SELECT a.id, f.registrant_id, f.filing_year FROM activities a JOIN filings f USING (filing_uuid) "
            "JOIN ledger_lines l USING (filing_uuid) WHERE l.role = 'outside' AND l.status = 'latest' LIMIT 1"
        ).fetchone()
        fetch = db.execute("SELECT min(id) FROM fetches").fetchone()[0]
        for number, registrant in ((901, own), (902, firm), (903, firm)):
            db.execute("INSERT INTO lobbyists (id, first_name, last_name, registrant_id) VALUES (?, 'Jo', ?, ?)",
                       [number, f"DOE{number}", registrant])  # fmt: skip
        db.execute(
            "INSERT INTO activity_lobbyists (activity_id, position, lobbyist_id) VALUES (?, 77, 902)", [activity]
        )
        rows = [("own", own, None), ("inside", own, 901), ("named", firm, 902), ("other", firm, 903)]
        for uuid, registrant, lobbyist in rows:
            db.execute(
                "INSERT INTO contributions (filing_uuid, filing_type, filing_year, filing_period, dt_posted, "
                "registrant_id, lobbyist_id, fetch_id) VALUES (?, 'MM', ?, 'mid_year', ?, ?, ?, ?)",
                [uuid, year, f"{year}-07-30T10:00:00-04:00", registrant, lobbyist, fetch],
            )
            db.execute("INSERT INTO contribution_items (filing_uuid, position, payee_name, amount) "
                       "VALUES (?, 0, '<b>PAC', 1000.5)", [uuid])  # fmt: skip
        db.commit()
        filings = dict(db.execute("SELECT filing_uuid, role FROM ledger_lines").fetchall())
        yield db, filings, year, coupang_db


def test_a_firms_lobbyist_counts_only_where_a_report_names_him(with_gifts: Any) -> None:
    db, filings, year, _ = with_gifts
    found = disclosures(db, filings, Window(), date(2027, 1, 1))
    assert {one.filing_uuid: one.giver for one in found} == {
        "own": "organization",
        "inside": "own_lobbyists",
        "named": "firm_lobbyists",
    }
    assert disclosures(db, filings, Window(), date(year, 7, 29)) == []
    assert disclosures(db, filings, Window(date(year + 1, 1, 1), None), date(2027, 1, 1)) == []


def test_the_page_tells_that_firms_lobbyists_give_for_themselves(with_gifts: Any) -> None:
    from tests.site.test_site import Site

    *_, path = with_gifts
    page = Site(path).get("/-/lobbyx/organization/1").text
    assert "give for themselves" in page
    assert "<b>PAC" not in page
    assert "contribution/named/print/" in page
    given = json.loads(Site(path).get("/-/lobbyx/organization/1.json").text)["contributions"]
    assert {giver: by["amount"] for giver, by in given["by"].items()} == {
        "organization": 1000.5,
        "own_lobbyists": 1000.5,
        "firm_lobbyists": 1000.5,
    }


def test_the_page_links_each_report_and_adds_up_years(with_gifts: Any) -> None:
    from tests.site.test_site import Site

    *_, year, path = with_gifts
    given = Site(path).json("/-/lobbyx/organization/1.json")["contributions"]
    for by in given["by"].values():
        assert by["years"] == [{"year": year, "amount": 1000.5}]
        assert sum(y["amount"] for y in by["years"]) == by["amount"]
    page = Site(path).get("/-/lobbyx/organization/1").text
    part = page.split('id="lx-giving"', 1)[1].split("<h2", 1)[0]
    assert given["all_reports"] == 3
    for one in given["reports"]:
        assert one["url"] == f"https://lda.gov/filings/public/contribution/{one['filing_uuid']}/print/"
        assert f'<a href="{one["url"]}" rel="noopener noreferrer">LD-203' in part
    assert part.count(f'<th scope="row">{year}</th><td class="lx-number">$1,000.50</td>') == 3


def test_contributions_are_in_no_total_and_the_caution_needs_firms_lobbyists(with_gifts: Any) -> None:
    from tests.site.test_site import Site

    db, _, year, path = with_gifts
    with_all = Site(path).json("/-/lobbyx/organization/1.json")
    assert with_all["methods"]["lda"]["reported"] == 11_530_000  # as without any contribution
    korean = Site(path).get("/-/lobbyx/organization/1?lang=ko").text
    assert "여기 나온 기부는 이 단체를 위한 것이 아닙니다." in korean
    assert "정치 기부금은 로비 지출이 아니며" in korean
    db.execute("DELETE FROM contributions WHERE filing_uuid = 'named'")
    db.commit()
    page = Site(path).get("/-/lobbyx/organization/1").text
    assert "give for themselves, and file one report" not in page
    assert "contributions are not lobbying spending" in page
    later = Site(path).get(f"/-/lobbyx/organization/1?since={year + 1}").text
    assert "That does not mean that nothing was given." in later
