"""Parents and subsidiaries: by names as filed, by what is known, by decision."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

import lobbyx
from lobbyx.organizations import candidates, knowledge, lookup
from lobbyx.organizations.knowledge import Knowledge, KnownName, KnownParent, KnownSuccession
from tests.organizations.test_succession import firm, own

Load = Callable[..., lobbyx.Ledger]


def parents(db: sqlite3.Connection) -> set[tuple[str, str, str]]:
    """(parent, child, basis)."""
    rows = db.execute(
        "SELECT p.normalized, c.normalized, x.basis FROM organization_parents x "
        "JOIN organizations p ON p.id = x.parent_id JOIN organizations c ON c.id = x.child_id"
    )
    return {tuple(row) for row in rows}


@pytest.fixture
def knowing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replaces what is known by a little."""

    def know(
        names: list[KnownName], parents: list[KnownParent] | None = None, passed: list[KnownSuccession] | None = None
    ) -> None:
        known = Knowledge(names, parents or [], passed or [])
        monkeypatch.setattr(knowledge, "shipped", lambda: known)

    return know


def named(key: str, *filed: str, basis: str = "filing") -> list[KnownName]:
    return [KnownName(key, "display", key, basis, "x"), *(KnownName(key, "filed", f, basis, "x") for f in filed)]


@pytest.mark.parametrize(
    "child",
    [
        "WIDGET LABS (PART OF ACME CORPORATION)",
        "WIDGET LABS, A SUBSIDIARY OF ACME CORPORATION",
        "WIDGET LABS (A WHOLLY OWNED SUBSIDIARY OF ACME CORP)",
        "WIDGET LABS, A DIVISION OF ACME CORPORATION",
    ],
)
def test_a_name_that_says_whose_part_it_is(load: Load, child: str) -> None:
    with load(own(1, 1, "ACME CORPORATION", 2016, 1, 100_000), firm(2, 3, child, 2016, 1, 20_000)) as ledger:
        acme = ledger.organization("Acme")
        below = lookup.subsidiaries(ledger.db, acme)
        assert [one.names for one in below] == [(child,)]
        # Never by default; with subsidiaries, and named.
        assert ledger.total("Acme", "2016", "2016").methods["gross"].reported == 100_000
        more = ledger.total("Acme", "2016", "2016", with_subsidiaries=True)
        assert more.methods["gross"].reported == 120_000
        assert any("Widget Labs" in w.message or "WIDGET LABS" in w.message for w in more.warnings)


def test_what_is_generally_known_adds_no_money_and_merges_nothing(load: Load, knowing: Callable[..., None]) -> None:
    general = "general_knowledge"
    knowing(
        [*named("Acme", basis=general), *named("Bolt", "NUTS INC", basis=general)],
        [KnownParent("Acme", "Bolt", "", "", general, "")],
    )
    with load(
        own(1, 1, "ACME", 2016, 1, 100_000),
        firm(2, 3, "BOLT", 2016, 1, 20_000),
        firm(3, 4, "NUTS INC", 2016, 1, 30_000),
    ) as ledger:
        assert ("ACME", "BOLT", general) in parents(ledger.db)
        assert lookup.subsidiaries(ledger.db, ledger.organization("Acme")) == []
        assert ledger.total("Acme", "2016", "2016", with_subsidiaries=True).methods["gross"].reported == 100_000
        assert ledger.organization("#" + str(ledger.organization("Nuts Inc").id)).names == ("NUTS INC",)


@pytest.mark.parametrize(("since", "until", "counts"), [("2010", "", True), ("", "", True), ("2001", "2012", False)])
def test_a_parent_by_a_source_counts_while_it_is_one_today(
    load: Load, knowing: Callable[..., None], since: str, until: str, counts: bool
) -> None:
    knowing(
        [*named("Acme"), *named("Bolt")], [KnownParent("Acme", "Bolt", since, until, "document", "http://a.example")]
    )
    with load(own(1, 1, "ACME", 2016, 1, 100_000), firm(2, 3, "BOLT", 2016, 1, 20_000)) as ledger:
        total = ledger.total("Acme", "2016", "2016", with_subsidiaries=True)
        assert total.methods["gross"].reported == (120_000 if counts else 100_000)


def test_a_known_parent_without_filings_leads_to_its_subsidiaries(load: Load, knowing: Callable[..., None]) -> None:
    knowing(
        [*named("Molson", basis="document"), *named("Miller")],
        [KnownParent("Molson", "Miller", "", "", "document", "d")],
    )
    with load(own(1, 1, "MILLER", 2016, 1, 100_000)) as ledger:
        own_total = ledger.total("Molson", "2016", "2016")
        assert own_total.methods["gross"].reported == 0
        assert [w.message for w in own_total.warnings if w.code == "only_subsidiaries"] == [
            "Molson filed nothing itself; with subsidiaries it has the filings of Miller"
        ]
        assert ledger.total("Molson", "2016", "2016", with_subsidiaries=True).methods["gross"].reported == 100_000
    knowing([*named("Molson"), *named("Miller")], [KnownParent("Molson", "Miller", "", "", "general_knowledge", "")])
    with load(own(2, 1, "MILLER", 2016, 2, 100_000)) as ledger, pytest.raises(lookup.UnknownOrganization):
        ledger.organization("Molson")


def test_known_names_with_a_source_are_one_organization(load: Load, knowing: Callable[..., None]) -> None:
    knowing(named("Disney", "DISNEY WORLDWIDE SERVICES INC", "WALT DISNEY CO"))
    with load(
        own(1, 1, "DISNEY WORLDWIDE SERVICES INC", 2016, 1, 100_000), firm(2, 3, "WALT DISNEY CO", 2016, 1, 20_000)
    ) as ledger:
        assert ledger.total("Disney", "2016", "2016").methods["lda"].reported == 100_000
        assert ledger.organization("Walt Disney").id == ledger.organization("Disney Worldwide Services").id
        assert ledger.organization("Disney").name == "Disney"


def test_a_circle_of_parents_ends(load: Load, tmp_path: Path) -> None:
    with load(*(firm(n, 10 + n, name, 2016, 1, 20_000) for n, name in enumerate(("ACME", "BOLT", "CRANE")))) as ledger:
        acme = ledger.organization("Acme")
    with closing(sqlite3.connect(tmp_path / "own.db")) as db, db:
        ids = [row[0] for row in db.execute("SELECT id FROM organizations ORDER BY id")]
        circle = zip(ids, [*ids[1:], ids[0]], strict=True)
        rows = [(a, b, None, None, "decision", "x") for a, b in circle]
        db.executemany("INSERT INTO organization_parents VALUES (?, ?, ?, ?, ?, ?)", rows)
    with lobbyx.open(tmp_path / "own.db") as ledger:
        assert sorted(one.name for one in lookup.subsidiaries(ledger.db, acme)) == ["Bolt", "Crane"]


def test_a_company_that_reports_long_after_its_sale_is_not_the_buyers(load: Load, knowing: Callable[..., None]) -> None:
    knowing(
        [*named("Intel"), *named("McAfee")],
        [],
        [KnownSuccession("McAfee", "Intel", date(2011, 2, 28), "acquired", "document", "http://a.example")],
    )
    with load(
        *(own(q, 1, "INTEL", 2010, q, 500_000) for q in (1, 2)),
        *(own(10 + q, 2, "MCAFEE", 2010, q, 90_000) for q in (1, 2)),
        firm(20, 21, "INTEL (FKA MCAFEE INC)", 2012, 1, 30_000),
        own(30, 3, "MCAFEE LLC", 2020, 1, 70_000),
        own(31, 1, "INTEL", 2019, 1, 500_000),
    ) as ledger:
        assert ledger.total("Intel", "2020", "2020").methods["gross"].reported == 0
        assert ledger.total("McAfee", "2020", "2020").methods["lda"].reported == 70_000
        assert ledger.total("Intel", "2010", "2010").methods["lda"].reported == 1_000_000
        assert ledger.total("Intel", "2012", "2012").methods["outside"].reported == 30_000


def test_a_known_parent_without_filings_is_offered_where_another_bears_its_acronym(
    load: Load, knowing: Callable[..., None]
) -> None:
    knowing(
        [*named("Molson Brewers", basis="document"), KnownName("Molson Brewers", "acronym", "MBC", "document", "d"),
         *named("Miller")],
        [KnownParent("Molson Brewers", "Miller", "", "", "document", "d")],
    )  # fmt: skip
    with load(own(1, 1, "MILLER", 2016, 1, 100_000), firm(2, 3, "MBC", 2016, 1, 20_000)) as ledger:
        found = {frozenset((one.a, one.b)): one for one in candidates.candidates(ledger.db)}
        offered = found[frozenset(("Molson Brewers", "MBC"))]
        assert "its acronym is MBC" in offered.reasons
        assert offered.filings == 1
