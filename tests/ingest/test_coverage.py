"""What a listing that was read to its end covers, what is kept of it, and what it says of an organization."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import lobbyx
from lobbyx.database import connection
from lobbyx.ingest.coverage import (
    Named,
    command_for,
    coverage_of,
    coverage_of_everybody,
    covering,
    filing_years,
    joined,
    listing_of,
    listings,
    read_through,
    record,
    withdraw,
)
from lobbyx.ingest.known_periods import known_periods, periods
from lobbyx.model.coverage import Listing
from lobbyx.model.period import Window, half_span, quarter_span, year_span
from lobbyx.model.total import Organization

D = date.fromisoformat


def listing(
    filters: dict[str, str] | None = None,
    year: int | None = None,
    first: str | None = None,
    last: str = "2026-07-20",
    **more: Any,
) -> Listing:
    given = {"count": 3, "checked_at": "2026-07-21T10:00:00+00:00", "source": "https://lda.gov/", **more}
    posted = Window(D(first) if first else None, D(last))
    return Listing(
        "filings", filters or {}, year, posted, given["count"], given["count"], given["checked_at"], given["source"]
    )


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connection.connect(tmp_path / "x.db", create=True)) as opened:
        yield opened


# What a listing covers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("began", "today", "through"),
    [
        ("2026-07-20T12:00:00+00:00", "2026-07-20", "2026-07-19"),
        ("2026-07-20T03:00:00+00:00", "2026-07-20", "2026-07-18"),  # in Washington it is the evening before
        ("2026-07-20T23:59:59-05:00", "2026-07-21", "2026-07-19"),
        ("2099-01-01T12:00:00+00:00", "2026-07-20", "2026-07-19"),  # a server's clock that runs ahead
    ],
)
def test_the_day_on_which_reading_began_is_not_covered(began: str, today: str, through: str) -> None:
    assert read_through(began, D(today)) == D(through)


@pytest.mark.parametrize(
    ("query", "first", "last", "year", "filters"),
    [
        ({"client_name": "X"}, None, "2026-07-19", None, {"client_name": "X"}),
        ({"filing_year": "2023"}, None, "2026-07-19", 2023, {}),
        ({"filing_dt_posted_after": "2024-01-01"}, "2024-01-01", "2026-07-19", None, {}),
        ({"filing_dt_posted_before": "2024-01-01", "client_id": "5"}, None, "2023-12-31", None, {"client_id": "5"}),
        ({"filing_dt_posted_before": "2027-01-01"}, None, "2026-07-19", None, {}),
    ],
)
def test_listing_of(
    query: dict[str, str], first: str | None, last: str, year: int | None, filters: dict[str, str]
) -> None:
    made = listing_of("filings", query, 7, Window(None, D("2026-07-19")), "2026-07-20T12:00:00+00:00", "here")
    assert made is not None
    assert (made.posted, made.filing_year, made.filters) == (Window(first and D(first), D(last)), year, filters)
    assert (made.count, made.received) == (7, 7)


def test_a_listing_of_days_to_come_covers_nothing() -> None:
    query = {"filing_dt_posted_after": "2026-07-20"}
    assert listing_of("filings", query, 0, Window(None, D("2026-07-19")), "2026-07-20T12:00:00+00:00", "here") is None


COUPANG = [Named("COUPANG, INC.", 1), Named("Coupang", 2)]


@pytest.mark.parametrize(
    ("filters", "organization", "covers"),
    [
        ({}, COUPANG, True),
        ({"client_name": "coupang"}, COUPANG, True),
        ({"client_name": "Coupang, Inc."}, COUPANG, False),
        ({"client_id": "1"}, COUPANG, False),
        ({"client_id": "1"}, COUPANG[:1], True),
        ({"client_id": "1"}, [COUPANG[0], Named("OLD NAME")], False),
        ({"client_id": "1", "client_name": "COUPANG"}, COUPANG[:1], True),
        ({"registrant_name": "COUPANG"}, COUPANG, False),
        ({"registrant_id": "4", "client_name": "Coupang"}, COUPANG, False),
        ({"filing_type": "Q1"}, COUPANG, False),
        ({"client_state": "WA", "client_name": "Coupang"}, COUPANG, False),
    ],
)
def test_whom_filters_cover(filters: dict[str, str], organization: list[Named], covers: bool) -> None:
    found = covering([listing(filters)], organization)
    assert found.complete(quarter_span(2024, 1), D("2026-07-20")) == covers
    assert not found.complete(quarter_span(2024, 1), D("2026-07-21"))


META = [Named("META PLATFORMS, INC.", 1), Named("FACEBOOK, INC.", 2), Named("FACEBOOK", 3)]


def test_listings_of_each_name_cover_together_as_far_as_all_reach() -> None:
    meta, facebook = listing({"client_name": "Meta"}), listing({"client_name": "facebook"}, 2021, last="2026-05-01")
    alone = covering([meta], META)
    assert not alone.listings
    both = covering([meta, facebook], META)
    assert both.through(quarter_span(2021, 1)) == D("2026-05-01")
    assert both.through(quarter_span(2022, 1)) is None
    # What holds everybody's fills what the others leave open.
    rest = listing(first="2026-05-02", last="2026-06-30")
    assert covering([meta, facebook, rest], META).through(quarter_span(2021, 1)) == D("2026-06-30")


def test_together_covers_no_day_that_one_lacks() -> None:
    late = listing({"client_name": "facebook"}, first="2021-06-01")
    found = covering([listing({"client_name": "Meta"}), late], META)
    assert found.through(quarter_span(2021, 1)) is None
    assert found.through(quarter_span(2021, 3)) == D("2026-07-20")


def test_joined() -> None:
    days = [("2024-02-01", "2024-02-29"), ("2024-01-01", "2024-01-31"), ("2024-03-02", "2024-03-31")]
    assert joined(Window(D(a), D(b)) for a, b in days) == [
        (D("2024-01-01"), D("2024-02-29")),
        (D("2024-03-02"), D("2024-03-31")),
    ]
    assert joined([Window(None, D("2024-01-31")), Window(D("1999-01-01"), D("2000-01-01"))]) == [
        (date.min, D("2024-01-31"))
    ]


# The table ------------------------------------------------------------------------------------------------------------


def test_what_is_recorded_is_read(db: sqlite3.Connection) -> None:
    made = [listing({"client_name": "쿠팡", "client_state": "WA"}, 2023, "2024-01-01"), listing(last="2026-01-01")]
    for one in made:
        record(db, one)
    assert sorted(listings(db, "filings"), key=str) == sorted(made, key=str)
    assert listings(db, "contributions") == []


def test_an_equal_listing_is_replaced_and_never_shrinks(db: sqlite3.Connection) -> None:
    record(db, listing({"client_name": "X"}, last="2026-05-01"))
    record(db, listing({"client_name": "X"}, last="2026-07-01", count=5))
    record(db, listing({"client_name": "X"}, last="2025-01-01", count=1))  # an old file, or fewer days
    record(db, listing({"client_name": "X"}, 2023, last="2026-06-01", count=2))
    record(db, listing({"client_name": "X"}, first="2024-01-01", last="2026-06-01", count=4))
    assert [(one.filing_year, one.count) for one in listings(db)] == [(None, 5), (None, 4), (2023, 2)]
    before = db.total_changes
    record(db, listing({"client_name": "X"}, last="2026-07-01", count=5))
    assert db.total_changes == before


def test_withdraw_forgets_everybodys_listing_alone(db: sqlite3.Connection) -> None:
    kept = [listing({"client_name": "X"}, first="2024-01-01"), listing({}, 2024, "2024-01-01"), listing()]
    for one in [*kept, listing(first="2024-01-01")]:
        record(db, one)
    withdraw(db, "filings", D("2024-01-01"))
    assert sorted(listings(db), key=str) == sorted(kept, key=str)


def test_the_organization_on_file(coupang: lobbyx.Ledger) -> None:
    organization = coupang.organization("Coupang")
    found = coverage_of(coupang.db, organization)
    assert [one.source for one in found.listings] == ["official API, collected 2026"]
    assert found.complete(quarter_span(2024, 1), D("2026-07-20"))
    assert not found.complete(quarter_span(2024, 1), D("2026-07-21"))
    assert not coverage_of_everybody(coupang.db).listings
    record(coupang.db, listing(first="2024-01-01"))
    assert coverage_of_everybody(coupang.db).complete(quarter_span(2024, 1), D("2026-07-20"))


# The command ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("organization", "missing", "command"),
    [
        (
            Organization(1, "Microsoft Corporation", ("MICROSOFT CORPORATION",)),
            [quarter_span(2023, 3), quarter_span(2023, 4)],
            'lobbyx fetch --client "Microsoft" --year 2023',
        ),
        (
            Organization(1, "Meta Platforms, Inc.", ("META PLATFORMS, INC.", "FACEBOOK, INC.")),
            [quarter_span(2021, 4), quarter_span(2022, 1)],
            'lobbyx fetch --client "FACEBOOK" --client "Meta Platforms" --year 2021 --year 2022',
        ),
        (Organization(1, "AT&T", ("AT&T",)), [Window()], 'lobbyx fetch --client "AT&T"'),
        (
            Organization(1, "Old Co", ("OLD CO",)),
            [half_span(1999, 1), quarter_span(2020, 1), *[year_span(year) for year in range(2000, 2010)]],
            'lobbyx fetch --client "Old"',
        ),
        (
            Organization(1, 'X"; rm -rf $HOME `id`', ()),
            [quarter_span(2024, 1)],
            "lobbyx fetch --client 'X\"; rm -rf $HOME `id`' --year 2024",
        ),
    ],
)
def test_command_for(organization: Organization, missing: list[Window], command: str) -> None:
    assert command_for(organization, missing) == command


def test_filing_years() -> None:
    assert filing_years([Window(D("2021-08-01"), D("2023-01-02"))]) == [2021, 2022, 2023]
    assert filing_years([Window(D("2021-08-01"), None)], 2022) == [2021, 2022]
    assert filing_years([year_span(2024), year_span(2019)], 2023) == [2019]
    assert filing_years([Window(None, D("2023-01-02"))]) is None
    assert filing_years([Window(D("1999-01-01"), D("2023-01-02"))]) is None


# Period by period -----------------------------------------------------------------------------------------------------


def test_periods_are_half_years_before_2008() -> None:
    made = list(periods(2007, D("2008-05-01")))
    assert made == [half_span(2007, 1), half_span(2007, 2), quarter_span(2008, 1), quarter_span(2008, 2)]


def test_known_periods(coupang: lobbyx.Ledger) -> None:
    organization = coupang.organization("Coupang")
    known = {one.period: one for one in known_periods(coupang.db, organization)}
    assert known[quarter_span(2021, 2)].state == "none_filed"
    assert known[quarter_span(2021, 3)].state == "in_house_report"
    assert known[quarter_span(2025, 4)].outside > 0
    assert list(known)[-1] == quarter_span(2026, 2)
    coupang.db.execute("DELETE FROM coverage")
    known = {one.period: one for one in known_periods(coupang.db, organization)}
    assert known[quarter_span(2021, 2)].state == "unknown"
    assert known[quarter_span(2021, 3)].state == "in_house_report"
    # A report that is not due by the last covered day may still be filed.
    record(coupang.db, listing({"client_name": "coupang"}, last="2021-07-19"))
    known = {one.period: one for one in known_periods(coupang.db, organization)}
    assert known[quarter_span(2021, 1)].state == "none_filed"
    assert known[quarter_span(2021, 2)].state == "unknown"
