"""Which listings some claims need that were not read yet."""

from __future__ import annotations

from datetime import date

import pytest

from lobbyx.ingest.coverage import Named, covering
from lobbyx.ingest.wanted import Wanted, asked_of, asked_of_unknown, needs_everybody, wanted, windows_of
from lobbyx.model.coverage import Listing
from lobbyx.model.period import Window, year_span
from lobbyx.reading.claims import extract
from tests.ingest.test_coverage import listing

D = date.fromisoformat
DAY = D("2026-07-20")


def window(first: str | None, last: str | None) -> Window:
    return Window(first and D(first), last and D(last))


def whole(year: int | None = None, last: str = "2026-07-20", name: str = "Coupang") -> Listing:
    return listing({"client_name": name}, year, last=last)


@pytest.mark.parametrize(
    ("windows", "read", "years"),
    [
        ([year_span(2024)], [], [2024]),
        ([year_span(2024), year_span(2021)], [], [2021, 2024]),
        ([window("2023-08-01", "2025-12-25")], [], [2023, 2024, 2025]),
        ([window("2024-05-01", None)], [], [2024, 2025, 2026]),  # "since May 2024"
        ([window(None, "2024-05-01")], [], [None]),
        ([window("1995-01-01", "2024-05-01")], [], [None]),
        ([window("1997-01-01", "2000-01-01")], [], [1999, 2000]),
        ([year_span(2031)], [], []),
        # What was read is not asked for again.
        ([year_span(2024), year_span(2021)], [whole(2024)], [2021]),
        ([year_span(2024)], [whole()], []),
        ([year_span(2024)], [whole(2024, "2026-07-19")], [2024]),  # a day less than is needed
        ([year_span(2024)], [listing(first="2024-01-01")], []),  # the mirror
        ([year_span(2024)], [listing(first="2024-02-01")], [2024]),
        ([year_span(2024)], [whole(name="coup")], []),
        ([year_span(2024)], [whole(name="Coupang, Inc.")], [2024]),
        ([year_span(2024)], [listing({"registrant_name": "Coupang"})], [2024]),
        ([window(None, None)], [whole(2024)], [None]),
        ([window(None, None)], [whole()], []),
        ([window("2024-07-01", "2024-09-30")], [listing(first="2024-07-01")], []),  # only its third quarter is needed
    ],
)
def test_wanted(windows: list[Window], read: list[Listing], years: list[int | None]) -> None:
    assert wanted(windows, ["Coupang"], read, DAY) == [Wanted("Coupang", year) for year in years]


def test_an_organization_that_is_covered_needs_no_other_names() -> None:
    read = [whole(2024)]
    covered = covering(read, [Named("COUPANG, INC.", 1)])
    assert wanted([year_span(2024)], ["Coupang", "CPNG"], read, DAY, covered) == []
    assert wanted([year_span(2024)], ["Coupang", "CPNG"], read, DAY) == [Wanted("CPNG", 2024)]
    assert wanted([Window()], ["Coupang", "CPNG"], [whole()], DAY, covering([whole()], [Named("COUPANG")])) == []


def test_what_is_asked() -> None:
    assert Wanted("Coupang", 2024).query == {"client_name": "Coupang", "filing_year": "2024"}
    assert Wanted("Coupang", None).query == {"client_name": "Coupang"}
    assert Wanted("Coupang", 2024).command == 'lobbyx fetch --client "Coupang" --year 2024'


@pytest.mark.parametrize(
    ("sentence", "windows"),
    [
        ("Coupang spent $3.31 million on lobbying in 2024.", [year_span(2024)]),
        ("Coupang's lobbying spending rose 74% in 2024 from 2021.", [year_span(2024), year_span(2021)]),
        ("Coupang's lobbying spending reached a record in 2024.", [Window()]),
    ],
)
def test_windows_of_claims(sentence: str, windows: list[Window]) -> None:
    (claim,) = extract(sentence, "2025-12-25")
    assert windows_of(claim) == windows
    assert not needs_everybody(claim)


def test_a_rank_needs_everybody() -> None:
    (claim,) = extract("Coupang was the biggest lobbying spender in 2024.", "2025-12-25")
    assert needs_everybody(claim)


def test_names_to_ask_for() -> None:
    known = ["Hilltop Advocacy", "Microsoft Corporation"]
    assert asked_of_unknown("Microsoft", [], known) == ["Microsoft", "Hilltop Advocacy"]
    assert asked_of("Microsoft", ["MICROSOFT CORP"], known) == ["MICROSOFT", "Hilltop Advocacy"]
    assert asked_of_unknown("쿠팡", [], []) == []
    assert asked_of_unknown("#12", [], []) == []
    # Where the API has nothing, it is asked for the next way of writing the name.
    assert asked_of_unknown("U.S. Chamber of Commerce", [], []) == ["U.S. Chamber of Commerce"]
    nothing = [listing({"client_name": "U.S. chamber of commerce"}, 2024, count=0)]
    assert asked_of_unknown("U.S. Chamber of Commerce", nothing, []) == ["Chamber of Commerce"]
    nothing.append(listing({"client_name": "Chamber of Commerce"}, 2024, count=0))
    assert asked_of_unknown("U.S. Chamber of Commerce", nothing, []) == []


def test_names_that_are_known_but_under_which_nothing_is_filed() -> None:
    known = ["Norwegian Cruise Line"]
    assert asked_of_unknown("NCL Corporation", [], known) == ["Norwegian Cruise Line", "NCL"]
    known = ["U.S. PIRG", "U S PUBLIC INTEREST RESEARCH GROUP"]
    first = asked_of_unknown("U.S. PIRG", [], known)
    assert first == ["U.S. PIRG", "U S PUBLIC INTEREST RESEARCH"]
    nothing = [listing({"client_name": name}, 2024, count=0) for name in first]
    later = []
    while asked := asked_of_unknown("U.S. PIRG", nothing, known):
        later += asked
        nothing += [listing({"client_name": name}, 2024, count=0) for name in asked]
    assert later == ["PIRG", "PUBLIC INTEREST RESEARCH"]
