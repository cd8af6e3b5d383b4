"""Everyday names on real filings of organizations that are hard to tell apart (`tests/data/names`).

The sums were counted by hand from the records themselves: by registrant, in-house reports whose latest version counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import lobbyx
from lobbyx.organizations import lookup
from tests.conftest import build

REAL = Path(__file__).parent.parent / "data" / "names"
ARCHIVE, API = sorted(REAL.glob("*.zip")), [REAL / "api.jsonl.gz"]


@pytest.fixture(scope="module")
def real_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("names") / "real.db", *ARCHIVE, *API)


@pytest.fixture
def real(real_path: Path) -> Iterator[lobbyx.Ledger]:
    with lobbyx.open(real_path) as ledger:
        yield ledger


ATT, SBC, ALCOA = {4857}, {34455}, {401104221}
GOODRICH, UTC, IBM, CHAMBER, PFIZER, GE = {6154}, {39267}, {19877}, {38756}, {31326}, {15997}
PEPSICO, FORD, DISNEY, MERCK, INTEL = {31202}, {15133}, {12378}, {24908}, {19536}
MCAFEE, JOHNSON, PSEG = {46610, 401104527}, {20686}, {32464}


@pytest.mark.parametrize(
    ("asked", "registrants"),
    [
        *[(name, SBC) for name in ("SBC Communications", "SBC", "AT&T Inc.", "at&t inc", "AT&T Services, Inc.")],
        *[(name, ATT) for name in ("AT&T Corp.", "AT&T Corp")],
        *[(name, GOODRICH) for name in ("Goodrich", "Goodrich Corp", "GOODRICH CORPORATION")],
        *[(name, UTC) for name in ("United Technologies", "united technologies corp.", "RTX", "Raytheon Technologies")],
        *[(name, IBM) for name in ("IBM", "ibm", "IBM's", "International Business Machines")],
        *[(name, CHAMBER) for name in ("U.S. Chamber of Commerce", "US Chamber of Commerce", "미국상공회의소")],
        *[(name, CHAMBER) for name in ("United States Chamber of Commerce", "Chamber of Commerce of the U S A")],
        *[(name, PFIZER) for name in ("Pfizer", "PFIZER, INC.", "Pfizer Group", "Pfizer’s", "화이자", "화이자는")],
        *[(name, GE) for name in ("General Electric", "GE", "General Electric Co.")],
        *[(name, PEPSICO) for name in ("PepsiCo", "Pepsi", "PEPSICO INC")],
        *[(name, FORD) for name in ("Ford", "Ford Motor", "FORD MOTOR CO", "포드")],
        *[(name, DISNEY) for name in ("Disney", "Walt Disney", "The Walt Disney Company", "디즈니")],
        *[(name, MERCK) for name in ("Merck", "Merck & Co.", "Merck & Company, Inc.")],
        *[(name, INTEL) for name in ("Intel", "Intel Corp.", "인텔")],
        *[(name, MCAFEE) for name in ("McAfee", "McAfee, Inc.", "MCAFEE LLC")],
        *[
            (name, JOHNSON)
            for name in ("Johnson & Johnson", "J&J", "Johnson & Johnson Services", "Johnson and Johnson")
        ],
        *[(name, PSEG) for name in ("Public Service Enterprise Group", "PSEG")],
        ("Alcoa Corporation", ALCOA),
    ],
)
def test_an_everyday_name_leads_to_the_organization(real: lobbyx.Ledger, asked: str, registrants: set[int]) -> None:
    assert in_house(real, lookup.look_up(real.db, asked).organization.id) == registrants


def in_house(ledger: lobbyx.Ledger, identifier: int) -> set[int]:
    """The registrants that report in-house for an organization, as the filings say it: those of its own clients."""
    rows = ledger.db.execute(
        "SELECT DISTINCT f.registrant_id FROM filings f JOIN clients c ON c.id = f.client_id WHERE "
        "c.organization_id = ? AND (c.client_self_select OR (f.expenses IS NOT NULL AND f.income IS NULL))",
        [identifier],
    )
    return {row[0] for row in rows}


@pytest.mark.parametrize(
    ("asked", "window", "method", "dollars"),
    [
        # SBC's record reads "AT&T Services, Inc. and its affiliates" by now. In 2002 its money is not AT&T's.
        ("AT&T", "2002", "in_house", 3_360_000),
        ("AT&T", "2002", "lda", 3_380_000),  # and a firm's 20,000 for the half year in which no own report is on file
        ("AT&T Corp.", "1999", "in_house", 3_420_000),
        ("SBC Communications", "2002", "in_house", 3_095_163),
        ("AT&T", "2016", "in_house", 0),
        ("Goodrich", "2002", "in_house", 587_994),
        ("Goodrich", "2016", "gross", 0),
        ("United Technologies", "2002", "in_house", 1_928_279),
        ("United Technologies", "2016", "in_house", 2_208_000 + 2_027_000),
        ("IBM", "2002", "in_house", 2_300_000),
        ("IBM", "2007", "in_house", 3_860_000),  # amended eight days later to the same figure
        ("IBM", "2007", "all_filings", 7_720_000),
        ("IBM", "2016", "in_house", 1_520_000),
        ("U.S. Chamber of Commerce", "2002", "in_house", 11_320_000),
        ("Pfizer", "2006", "in_house", 6_000_000 + 5_800_000),
        ("Pfizer", "2016", "in_house", 2_820_000),  # the later of two amendments
        ("Pfizer", "2021", "in_house", 3_160_000),
        ("General Electric", "2021", "in_house", 1_390_000),
        ("PepsiCo", "2002", "in_house", 500_000),
        ("Ford", "2002", "in_house", 2_780_000),
        ("Ford", "2021", "in_house", 939_998),
        ("Disney", "2002", "in_house", 1_880_000),
        ("Merck", "2002", "in_house", 4_670_294),
        ("Merck", "2014", "in_house", 1_160_000),
        ("Intel", "2002", "in_house", 3_270_000),
        ("Intel", "2021", "in_house", 1_020_000),
        # Bought by Intel in 2011 and sold in 2017: not Intel's in 2002, nor in 2021.
        ("McAfee", "2002", "in_house", 100_000),
        ("McAfee", "2021", "in_house", 70_000),
        ("Johnson & Johnson", "2002", "in_house", 2_100_000),
        ("Public Service Enterprise Group", "2002", "in_house", 620_000),
        ("Public Service Enterprise Group", "2016", "in_house", 270_000),
        ("Community Health Systems", "2016", "in_house", 0),
    ],
)
def test_sums_of_real_filings(real: lobbyx.Ledger, asked: str, window: str, method: str, dollars: int) -> None:
    assert real.total(asked, window, window).methods[method].reported == dollars


def test_what_firms_reported_for_sbc_is_sbcs(real: lobbyx.Ledger) -> None:
    rows = real.db.execute(
        "SELECT c.name, o.id FROM clients c JOIN organizations o ON o.id = c.organization_id WHERE c.name LIKE '%SBC %' "
        "OR c.name LIKE '%(FORMERLY SBC)' OR c.name = 'SBC'"
    ).fetchall()
    assert len(rows) >= 10
    assert {row[1] for row in rows} == {lookup.find(real.db, "SBC Communications").id}


def test_a_succession_has_a_day_and_passes_money_on_only_then(real: lobbyx.Ledger) -> None:
    rows = real.db.execute(
        "SELECT p.normalized, s.normalized, x.day, x.counts FROM successions x "
        "JOIN organizations p ON p.id = x.predecessor_id JOIN organizations s ON s.id = x.successor_id"
    ).fetchall()
    found = {(row[0], row[1]): (row[2], bool(row[3])) for row in rows}
    assert found["AT AND T", "AT AND T SERVICES"] == ("2005-11-18", True)
    assert ("AT AND T SERVICES", "AT AND T") not in found
    assert found["MCAFEE", "INTEL"] == (None, False)
    assert not any(counts for (old, _), (_, counts) in found.items() if "GOODRICH" in old)
    assert not any({"ALCOA", "HOWMET AEROSPACE"} <= {*pair} for pair in found)


def test_an_old_name_means_whoever_had_it_then(real: lobbyx.Ledger) -> None:
    assert real.total("AT&T", "2002", "2002").organization != real.total("AT&T", "2016", "2016").organization
    assert real.total("AT&T", "2016", "2016").organization == real.organization("AT&T Inc.")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("IBM", "International Business Machines Corporation"),
        ("U.S. Chamber of Commerce", "U.S. Chamber of Commerce"),
        ("PepsiCo", "PepsiCo, Inc."),
        ("PSEG Services Corporation", "PSEG Services Corporation"),
        ("Public Service Enterprise Group", "Public Service Enterprise Group"),
    ],
)
def test_names_as_shown(real: lobbyx.Ledger, asked: str, shown: str) -> None:
    assert lookup.find(real.db, asked).name == shown


def test_no_two_organizations_are_shown_alike(real: lobbyx.Ledger) -> None:
    names = [row[0].upper() for row in real.db.execute("SELECT name FROM organizations")]
    assert len(names) == len(set(names))


def test_organizations_do_not_depend_on_the_order_of_loading(real: lobbyx.Ledger, tmp_path: Path) -> None:
    asked = (
        "SELECT o.normalized, o.name, n.name, n.filings FROM organizations o "
        "LEFT JOIN organization_names n ON n.organization_id = o.id"
    )
    with lobbyx.open(build(tmp_path / "other.db", *API, *reversed(ARCHIVE))) as other:
        assert {tuple(r) for r in other.db.execute(asked)} == {tuple(r) for r in real.db.execute(asked)}
