"""Claims that are no sums: how they are found in sentences, and judged on filings made for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import lobbyx
from lobbyx.model.period import window
from lobbyx.model.verdict import Verdict
from lobbyx.organizations import lookup
from lobbyx.reading.source import Source
from lobbyx.verdicts import evidence
from tests.conftest import covered, filing

# Finding them ------------------------------------------------------------------------------------------------------

CASES: list[tuple[str, list[dict[str, Any]]]] = [
    ("Acme's lobbying spending rose 132% in 2024 from a year earlier.", [{"kind": "change", "value": 1.32, "start": "2024-01-01", "baseline": "2023-01-01"}]),
    ("Acme more than doubled its lobbying spending in 2024 compared with 2023.", [{"kind": "change", "value": 1.0, "comparator": "more_than", "start": "2024-01-01", "baseline": "2023-01-01"}]),
    ("Acme's federal lobbying fell 31.4 percent year over year in the first quarter of 2025.", [{"kind": "change", "value": -0.314, "start": "2025-01-01", "baseline": "2024-01-01"}]),
    ("Acme's lobbying spending rose 12% quarter-over-quarter in the first quarter of 2024.", [{"kind": "change", "value": 0.12, "start": "2024-01-01", "baseline": "2023-10-01"}]),
    ("Acme spent $3.31 million on lobbying in 2024, up 131% from 2023.", [{"kind": "spend", "value": 3_310_000, "start": "2024-01-01"}, {"kind": "change", "value": 1.31, "start": "2024-01-01", "baseline": "2023-01-01"}]),
    ("Acme spent a record $3.31 million on lobbying in 2024.", [{"kind": "spend", "value": 3_310_000, "record": True}]),
    ("Acme's lobbying spending hit a record high in 2024.", [{"kind": "change", "value": None, "record": True, "start": "2024-01-01"}]),
    ("Acme was the largest lobbying spender among Korean companies in 2024.", [{"kind": "rank", "value": 1, "group": "Korean companies"}]),
    ("In 2024, Acme ranked third in lobbying spending among retailers.", [{"kind": "rank", "value": 3, "group": "retailers"}]),
    ("Acme outspent all other tech companies on lobbying in 2023.", [{"kind": "rank", "value": 1, "group": "all other tech companies"}]),
    ("Acme was among the top 10 lobbying spenders in 2024.", [{"kind": "rank", "value": 10, "comparator": "at_most"}]),
    ("Acme employed 16 lobbyists in 2025, 12 of them former officials.", [{"kind": "count", "value": 16, "counted": "lobbyists"}, {"kind": "count", "value": 12, "counted": "former_officials"}]),
    ("Acme has hired nine lobbying firms since 2021.", [{"kind": "count", "value": 9, "counted": "firms", "start": "2021-01-01"}]),
    ("Acme hired Ballard Partners in 2025 to lobby the White House.", [{"kind": "hired", "value": None, "firm": "Ballard Partners"}, {"kind": "issue", "agency": "White House"}]),
    ("Acme paid Cypress Advocacy $40,000 for lobbying in the third quarter of 2025.", [{"kind": "hired", "value": 40_000, "firm": "Cypress Advocacy"}]),
    ("Acme paid $40,000 to lobbying firm Cypress Advocacy in the third quarter of 2025.", [{"kind": "hired", "value": 40_000, "firm": "Cypress Advocacy"}]),
    ("Acme lobbied on H.R. 4687 in 2023.", [{"kind": "issue", "bill": "H.R. 4687", "start": "2023-01-01"}]),
    ("Acme lobbied Congress on export promotion last year.", [{"kind": "issue", "topic": "export promotion", "start": "2024-01-01"}]),
    ("Acme could double its lobbying spending next year.", [{"kind": "change", "value": 1.0, "stance": "planned"}]),
    # Not claims.
    ("Lobbyists said 40 percent of companies would leave.", []),
    ("Acme's stock rose 12% as it lobbied Congress.", []),
    ("Public records show lobbying by Acme.", []),
    ("Acme might hire Ballard Partners to lobby Congress.", []),
    ("Acme's lobbyists want 25% tariffs.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:50] for text, _ in CASES])
def test_claims_that_are_no_sums_are_found(text: str, expected: list[dict[str, Any]]) -> None:
    found = lobbyx.extract(text, "2025-12-25")
    assert [c.kind for c in found] == [e["kind"] for e in expected], [c.text for c in found]
    for claim, wanted in zip(found, expected, strict=True):
        assert claim.org == "Acme"
        assert text[claim.start : claim.end] == claim.text
        known = {**claim.json(), **claim.detail, "start": claim.window.json()["start"]}
        known["baseline"] = (claim.detail.get("baseline") or {}).get("start")
        assert {key: known.get(key) for key in wanted} == wanted


# Judging them ------------------------------------------------------------------------------------------------------


def lobbyist(number: int, first: str, office: str | None = None) -> dict[str, Any]:
    who = {
        "id": number,
        "prefix": None,
        "first_name": first,
        "nickname": None,
        "middle_name": None,
        "last_name": "DOE",
        "suffix": None,
    }
    return {"lobbyist": who, "covered_position": office, "new": False}


def activity(text: str, people: list[dict[str, Any]], *entities: tuple[int, str]) -> dict[str, Any]:
    return {
        "general_issue_code": "TRD", "general_issue_code_display": "Trade", "description": text,
        "foreign_entity_issues": "", "lobbyists": people,
        "government_entities": [{"id": number, "name": name} for number, name in entities],
    }  # fmt: skip


def report(
    number: int, year: int, quarter: int, *, own: bool = True, amount: int = 100_000, **more: Any
) -> dict[str, Any]:
    period = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")[quarter - 1]
    posted = f"{year + quarter // 4}-{quarter * 3 % 12 + 1:02d}-15T12:00:00Z"
    who = "ACME CORP" if own else "AKIN GUMP STRAUSS HAUER & FELD"
    known = {
        "filing_type": f"Q{quarter}",
        "filing_year": year,
        "filing_period": period,
        "dt_posted": posted,
        "income": None if own else f"{amount}.00",
        "expenses": f"{amount}.00" if own else None,
        "registrant__id": 1 if own else 2,
        "registrant__name": who,
        "client__id": 1 if own else 2,
        "client__name": "ACME CORP",
        "client__client_self_select": own,
        "lobbying_activities": [],
    }
    return filing(number, **{**known, **more})


@pytest.fixture
def acme(load: Callable[..., lobbyx.Ledger]) -> Iterator[lobbyx.Ledger]:
    """Acme's reports for 2023 and 2024, a firm's, and a rival's."""
    mine = [lobbyist(1, "ANN", "Chief of Staff, Rep. Roe"), lobbyist(2, "BEN", "N/A")]
    theirs = [lobbyist(3, "CAL", "Counsel, House Ways and Means"), lobbyist(4, "DOT")]
    trade = activity(
        "H. R. 4687, Partner with Korea Act; export promotion.", mine, (22, "U.S. Trade Representative (USTR)")
    )
    customs = activity("Issues related to customs.", theirs, (2, "HOUSE OF REPRESENTATIVES"))
    filings = [report(q, 2023, q, amount=100_000) for q in (1, 2, 3, 4)]
    filings += [report(10 + q, 2024, q, amount=200_000, lobbying_activities=[trade]) for q in (1, 2, 3, 4)]
    filings += [report(20 + q, 2024, q, own=False, amount=50_000, lobbying_activities=[customs]) for q in (3, 4)]
    rival = {"registrant__id": 9, "registrant__name": "RIVAL INC", "client__id": 9, "client__name": "RIVAL INC"}
    filings += [report(30 + q, 2024, q, amount=150_000, **rival) for q in (1, 2, 3, 4)]
    with load(*filings) as opened:
        opened.knowledge = covered("2025-12-25")
        yield opened


def check(ledger: lobbyx.Ledger, text: str, published: str = "2025-12-25") -> list[Verdict]:
    return ledger.check(text, published=published)


@pytest.mark.parametrize(
    ("text", "outcome", "says"),
    [
        # 400,000 -> 800,000; with the firm's 100,000: 900,000.
        ("Acme's lobbying spending doubled in 2024.", "supported", "up 100%"),
        ("Acme's lobbying spending rose 125% in 2024 from a year earlier.", "depends_on_method", "up 125% (“In-house plus outside firms (counts fees twice)”"),
        ("Acme's lobbying spending fell 5% in 2024 from a year earlier.", "refuted", "up 100%"),
        ("Acme's lobbying spending more than tripled in 2024.", "refuted", "up 100%"),
        ("Acme's lobbying spending rose 30% in the third quarter of 2024.", "unverifiable", "which period it compares with"),
        ("Acme's lobbying spending rose 30% in 2023 from a year earlier.", "unverifiable", "Nothing was reported"),
        ("Acme's lobbying spending hit a record high in 2024.", "supported", "the most before was $400,000"),
        ("Acme's lobbying spending hit a record high in 2023.", "unverifiable", "No earlier period"),
        ("Acme was the largest lobbying spender in 2024.", "supported", "comes first of 2 organizations"),
        ("Rival was the largest lobbying spender in 2024.", "refuted", "Above it: Acme Corp ($800,000)"),
        ("Rival was the largest lobbying spender among retailers in 2024.", "unverifiable", "“retailers”"),
        ("Acme was the second-largest lobbying spender in 2024.", "refuted", "comes first"),
        ("Acme employed four lobbyists in 2024.", "supported", "name 4 lobbyists"),
        ("Acme employed two lobbyists in 2024.", "depends_on_method", "Its own filings name 2 lobbyists"),
        ("Acme employed at least 9 lobbyists in 2024.", "refuted", "name 4 lobbyists"),
        ("Acme employed five lobbyists in 2023.", "unverifiable", "list no lobbyists"),
        ("Acme used one lobbying firm in 2024.", "supported", "1 outside firm"),
        ("Acme retained the lobbying firm Akin Gump in 2024.", "supported", "between 2024-10-15 and 2025-01-15"),
        ("Acme retained the lobbying firm Ballard Partners in 2024.", "refuted", "Firms on file for it: AKIN GUMP"),
        ("Acme paid Akin Gump $100,000 for lobbying in 2024.", "supported", "$90,000 to $110,000"),
        ("Acme paid Akin Gump $300,000 for lobbying in 2024.", "refuted", "$100,000"),
        ("Acme lobbied on H.R. 4687 in 2024.", "supported", "4 of Acme Corp's 6 filings"),
        ("Acme lobbied on H.R. 468 in 2024.", "refuted", "0 of Acme Corp's 6 filings"),
        ("Acme lobbied on S. 468 in 2023.", "unverifiable", "The activities of 0 of the 4 filings"),
        ("Acme lobbied the USTR in 2024.", "supported", "“USTR”"),
        ("Acme lobbied the White House in 2024.", "refuted", "“White House”"),
        ("Acme lobbied Congress on export promotion in 2024.", "supported", "export promotion"),
        ("Acme lobbied Congress on the Partner with Korea Act in 2024.", "supported", "Partner with Korea Act"),
        ("Acme lobbied Congress on farm subsidies in 2024.", "refuted", "farm subsidies"),
    ],
)  # fmt: skip
def test_verdicts_on_other_kinds(acme: lobbyx.Ledger, text: str, outcome: str, says: str) -> None:
    verdict = check(acme, text)[0]
    assert (verdict.verdict, says in verdict.explanation) == (outcome, True), verdict.explanation
    assert verdict.explanation_ko
    assert "{" not in verdict.explanation + verdict.explanation_ko
    document = verdict.json()
    assert json.loads(json.dumps(document)) == document
    if outcome in ("supported", "depends_on_method"):
        assert verdict.evidence
    source = Source("text", text, "2025-12-25")
    assert acme.record(source, check(acme, text)) == acme.record(source, check(acme, text))


def test_sixteen_lobbyists_four_of_them_former_officials(acme: lobbyx.Ledger) -> None:
    both = check(acme, "Acme employed four lobbyists in 2024, two of them former officials.")
    assert [v.verdict for v in both] == ["supported", "supported"]
    assert both[1].found["names"] == ["Ann Doe", "Cal Doe"]


def test_a_record_is_told_beside_the_sum(acme: lobbyx.Ledger) -> None:
    (verdict,) = check(acme, "Acme spent a record $800,000 on lobbying in 2024.")
    assert verdict.verdict == "supported"
    assert verdict.found["record"] == "supported"
    assert "the most before was $400,000" in verdict.explanation
    (verdict,) = check(
        acme, "Acme spent more than $150,000 on lobbying in a quarter for the first time in the first quarter of 2024."
    )
    assert (verdict.verdict, verdict.found["record"]) == ("supported", "supported")


def test_other_kinds_are_judged_as_of_their_day(acme: lobbyx.Ledger) -> None:
    text = "Acme retained the lobbying firm Akin Gump in 2024."
    (verdict,) = check(acme, text, published="2024-09-01")
    assert (verdict.verdict, verdict.reason) == ("unverifiable", "period_not_over")
    assert verdict.today is not None
    assert verdict.today.verdict == "supported"
    (verdict,) = check(acme, "Acme was the largest lobbying spender in 2024.", published="2024-05-01")
    assert verdict.found["reported"] == 200_000


@pytest.mark.parametrize(
    ("text", "bill", "expected"),
    [
        ("H. R. 4687, Partner with Korea Act", "H.R. 4687", True),
        ("HR4687", "H.R. 4687", True),
        ("H.R. 46871", "H.R. 4687", False),
        ("S. 4687", "H.R. 4687", False),
        ("S.J. Res. 12", "S. 12", False),
        ("S.12", "S. 12", True),
        ("U.S. 12", "S. 12", False),
    ],
)
def test_bills(text: str, bill: str, expected: bool) -> None:
    assert evidence.names_bill(text, bill) is expected


@pytest.mark.parametrize(
    ("entity", "agency", "expected"),
    [
        ("U.S. Trade Representative (USTR)", "USTR", True),
        ("U.S. Trade Representative (USTR)", "Office of the U.S. Trade Representative", True),
        ("White House Office", "White House", True),
        ("Commerce, Dept of (DOC)", "Commerce Department", True),
        ("Commerce, Dept of (DOC)", "Department of Commerce", True),
        ("Defense, Dept of (DOD)", "Pentagon", True),
        ("Defense Intelligence Agency (DIA)", "Pentagon", False),
        ("SENATE", "SEC", False),
    ],
)
def test_agencies(entity: str, agency: str, expected: bool) -> None:
    assert evidence.names_agency([entity], agency) is expected


def test_places_are_those_of_all_totals(samples: lobbyx.Ledger) -> None:
    ids = [row[0] for row in samples.db.execute("SELECT DISTINCT organization_id FROM ledger_lines")]
    newest = samples.newest
    assert newest is not None
    for since, until in (("2024", "2024"), ("1999", "1999"), ("2000-02", "2025")):
        totals = {
            one: samples.total(lookup.get(samples.db, one), since=since, until=until).methods["lda"] for one in ids
        }
        sums = {one: count.interval.reported for one, count in totals.items() if count.reports}
        for one in ids:
            found = evidence.ranking(samples.db, lookup.get(samples.db, one), window(since, until), newest, "lda")
            if one not in sums:
                assert found is None
                continue
            assert found is not None
            above = sum(total > sums[one] for total in sums.values())
            assert (found.place, found.reported, found.among) == (above + 1, sums[one], len(sums))
            assert len(found.above) == min(above, 5)
