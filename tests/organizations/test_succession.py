"""Names have times: who is one organization with whom, and from when on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lobbyx
from lobbyx.database import connection, writer
from lobbyx.model.period import quarter_span, window
from lobbyx.organizations.succession import Filer, holders, in_conflict, succeeded_on
from tests.conftest import filing

Load = Callable[..., lobbyx.Ledger]
QUARTERS = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")


def filer(number: int, name: str, *quarters: tuple[int, int], ends: tuple[int, int] | None = None) -> Filer:
    periods = {quarter_span(*quarter): quarter == ends for quarter in quarters}
    return Filer(number, frozenset({name}), periods)


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        (filer(1, "X", (2010, 1), (2010, 2)), filer(2, "Y", (2010, 3)), False),
        (filer(1, "X", (2010, 1)), filer(2, "Y", (2010, 1)), True),
        (filer(1, "X", (2010, 1), (2010, 2)), filer(2, "Y", (2010, 2), (2010, 3)), True),
        # One terminates in the only period in which both report: a change of name.
        (filer(1, "X", (2010, 1), (2010, 2), ends=(2010, 2)), filer(2, "Y", (2010, 2), (2010, 3)), False),
        (filer(1, "X", (2010, 1), (2010, 2), ends=(2010, 2)), filer(2, "Y", (2010, 1), (2010, 2)), True),
        # The same name at two registrants is one organization that files twice.
        (filer(1, "X", (2010, 1), (2010, 2)), filer(2, "X", (2010, 1), (2010, 2)), False),
    ],
)
def test_filers_that_cannot_be_one(one: Filer, other: Filer, conflict: bool) -> None:
    assert in_conflict(one, other) is in_conflict(other, one) is conflict
    held = holders([one, other])
    assert len(held) == (2 if conflict else 1)
    assert holders([one, other], lambda a, b: True) == [sorted(held[0] + (held[1] if conflict else []),
                                                              key=lambda f: (f.last.days, len(f.periods), -f.registrant_id), reverse=True)]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("XYZ"), st.sets(st.integers(1, 8), min_size=1)), min_size=1, max_size=5))
def test_holders_keep_every_filer_once_and_nobody_with_whom_they_conflict(some: list[tuple[str, set[int]]]) -> None:
    filers = [filer(i, name, *((2010 + n // 4, n % 4 + 1) for n in periods)) for i, (name, periods) in enumerate(some)]
    held = holders(filers)
    assert sorted(f.registrant_id for one in held for f in one) == list(range(len(some)))
    assert not any(in_conflict(a, b) for one in held for a in one for b in one)
    assert holders(reversed(filers)) == held


def test_the_day_of_a_succession() -> None:
    old, new = filer(1, "Y", (2012, 1), (2012, 2)), filer(2, "X", (2012, 2), (2012, 3))
    assert succeeded_on([old], [new]) == date(2012, 7, 1)
    assert succeeded_on([new], [filer(3, "Z", (2012, 3))]) is None


# On file ---------------------------------------------------------------------------------------------------------


def own(
    number: int, registrant: int, name: str, year: int, quarter: int, amount: int, **more: object
) -> dict[str, object]:
    """An in-house report."""
    return filing(
        number,
        filing_type=f"Q{quarter}",
        filing_year=year,
        filing_period=QUARTERS[quarter - 1],
        dt_posted=f"{year}-{3 * quarter:02}-28T12:00:00-05:00",
        registrant__id=registrant,
        registrant__name=name,
        client__id=registrant,
        client__name=name,
        client__client_self_select=True,
        income=None,
        expenses=f"{amount}.00",
        **more,
    )


def firm(number: int, client: int, name: str, year: int, quarter: int, amount: int) -> dict[str, object]:
    """A firm's report."""
    return filing(
        number,
        filing_type=f"Q{quarter}",
        filing_year=year,
        filing_period=QUARTERS[quarter - 1],
        dt_posted=f"{year}-{3 * quarter:02}-28T13:00:00-05:00",
        registrant__id=900,
        registrant__name="A FIRM LLP",
        client__id=client,
        client__name=name,
        client__client_self_select=False,
        income=f"{amount}.00",
        expenses=None,
    )


def half_year(report: dict[str, object]) -> dict[str, object]:
    """The same report for the second half of its year, as they were before 2008."""
    return {**report, "filing_type": "YY", "filing_period": "year_end"}


@pytest.fixture
def bought(load: Load) -> Iterator[lobbyx.Ledger]:
    """Widget Holdings buys Gadget in the middle of 2012, and a firm's record says that it was formerly Gadget."""
    with load(
        *(own(10 + q, 1, "WIDGET HOLDINGS CORP", 2012, q, 1_000_000) for q in (1, 2, 3, 4)),
        *(own(20 + q, 2, "GADGET CORPORATION", 2012, q, 200_000) for q in (1, 2)),
        firm(31, 3, "WIDGET HOLDINGS (FORMERLY GADGET CORPORATION)", 2012, 4, 50_000),
        firm(32, 4, "GADGET CORPORATION", 2012, 1, 40_000),
        firm(33, 4, "GADGET CORPORATION", 2012, 4, 30_000),
    ) as ledger:
        yield ledger


def test_a_purchase_is_not_a_change_of_name(bought: lobbyx.Ledger) -> None:
    buyer, other = bought.organization("Widget Holdings"), bought.organization("Gadget")
    assert buyer.id != other.id
    total = bought.total("Widget Holdings", "2012", "2012")
    assert total.methods["lda"].reported == 4_000_000
    assert bought.total("Gadget", "2012", "2012").methods["lda"].reported == 400_000
    # From the day on what a firm still reports under the old name is the buyer's, and only then.
    assert total.methods["outside"].reported == 80_000
    assert bought.total("Gadget", "2012", "2012").methods["outside"].reported == 40_000
    row = bought.db.execute("SELECT day, kind, counts FROM successions").fetchone()
    assert tuple(row) == ("2012-07-01", "succeeded", 1)


def test_counts_of_filings_follow_a_succession(bought: lobbyx.Ledger) -> None:
    verdict = bought.check("Widget Holdings filed 6 lobbying reports in 2012.", published="2013-06-01")
    for name, number in (("Widget Holdings", 6), ("Gadget", 3)):
        subject = bought.subject(bought.organization(name))
        assert len(subject.filings(window("2012", "2012"), date(2013, 6, 1))) == number
    assert all(v.found["all"] == 6 for v in verdict)


def test_derived_tables_hold_each_report_once(bought: lobbyx.Ledger) -> None:
    lines = dict(bought.db.execute("SELECT filing_uuid, organization_id FROM ledger_lines").fetchall())
    assert len(lines) == 9
    sums = dict(
        bought.db.execute(
            "SELECT o.name, sum(p.reported) FROM period_counts p JOIN organizations o ON o.id = p.organization_id "
            "WHERE p.method = 'gross' GROUP BY 1"
        ).fetchall()
    )
    assert sums == {"Widget Holdings Corp": 4_080_000, "Gadget Corporation": 440_000}


def test_a_company_that_took_anothers_name(load: Load) -> None:
    """SBC bought AT&T Corp. in 2005 and took its name; its own record reads AT&T Services by now."""
    with load(
        half_year(own(1, 4857, "AT&T", 2002, 4, 300_000)),
        half_year(own(2, 34455, "AT&T SERVICES, INC. AND ITS AFFILIATES", 2002, 4, 310_000)),
        own(3, 34455, "AT&T SERVICES, INC. AND ITS AFFILIATES", 2016, 1, 4_000_000),
        firm(4, 77, "AT&T", 2016, 1, 60_000),
        half_year(firm(5, 78, "AT&T", 2002, 4, 20_000)),
    ) as ledger:
        then, now = ledger.total("AT&T", "2002", "2002"), ledger.total("AT&T", "2016Q1", "2016Q1")
        assert (then.methods["lda"].reported, then.methods["outside"].reported) == (300_000, 20_000)
        assert (now.methods["lda"].reported, now.methods["outside"].reported) == (4_000_000, 60_000)


def test_a_record_renamed_in_one_quarter_stays_one(load: Load) -> None:
    ended = own(2, 1, "OLD NAME CORP", 2012, 2, 200_000)
    ended["filing_type"] = "2T"
    with load(
        own(1, 1, "OLD NAME CORP", 2012, 1, 100_000),
        ended,
        own(3, 2, "NEW NAME CORP (FKA OLD NAME CORP)", 2012, 2, 50_000),
        own(4, 2, "NEW NAME CORP (FKA OLD NAME CORP)", 2012, 3, 300_000),
    ) as ledger:
        assert ledger.organization("Old Name") == ledger.organization("New Name")
        assert ledger.total("New Name", "2012", "2012").methods["lda"].reported == 650_000
        assert ledger.db.execute("SELECT count(*) FROM successions").fetchone()[0] == 0


def test_deriving_after_one_more_filing_equals_deriving_all(tmp_path: Path, bought: lobbyx.Ledger) -> None:
    """The filing that makes two of what was one: Gadget reports beside Widget in one more quarter."""
    late = own(41, 2, "GADGET CORPORATION", 2012, 3, 210_000)
    import json

    from lobbyx.accounting import derive
    from lobbyx.lda import json_files

    body = json.dumps({"count": 1, "next": None, "previous": None, "results": [late]}).encode()
    db = bought.db
    writer.load(db, json_files.read_body(body, "https://lda.gov/api/v1/filings/", fetched_at=None, status=200))
    with connection.transaction(db):
        derive.derive_all(db)
    some = [
        sorted(map(tuple, db.execute(f"SELECT * FROM {t}"))) for t in ("ledger_lines", "period_counts", "successions")
    ]
    connection.mark_stale(db)
    with connection.transaction(db):
        derive.derive_all(db)
    everything = [
        sorted(map(tuple, db.execute(f"SELECT * FROM {t}"))) for t in ("ledger_lines", "period_counts", "successions")
    ]
    assert some == everything
    assert bought.db.execute("SELECT day FROM successions").fetchone()[0] == "2012-10-01"
