from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import lobbyx
from lobbyx import ledger, store
from lobbyx.organizations import UnknownOrganization


def test_coupang_under_nine_client_ids_is_one_organization(coupang: lobbyx.Ledger) -> None:
    clients = coupang.db.execute("SELECT id, organization_id FROM clients").fetchall()
    assert len(clients) == 9
    assert {row["organization_id"] for row in clients} == {1}
    found = coupang.organization("coupang")
    assert found.json() == {"id": 1, "name": "Coupang, Inc.", "names": ["COUPANG, INC.", "COUPANG INC.", "COUPANG"]}


@pytest.mark.parametrize("name", ["COUPANG, INC.", "Coupang Inc", "  coupang ", "The Coupang Company"])
def test_an_organization_is_found_by_any_spelling_of_its_name(coupang: lobbyx.Ledger, name: str) -> None:
    assert coupang.organization(name).id == 1


def test_in_house_filers_are_recognised(samples: lobbyx.Ledger) -> None:
    roles = samples.db.execute(
        "SELECT role, count(*) FROM reports WHERE client LIKE 'MICROSOFT%' GROUP BY 1"
    ).fetchall()
    assert dict(roles) == {"in_house": 6, "outside": 3}


def test_an_unknown_name_brings_the_nearest_and_the_way_to_fetch_it(samples: lobbyx.Ledger) -> None:
    with pytest.raises(UnknownOrganization, match="lobbyx fetch --client") as caught:
        samples.organization("Mircosoft")
    assert "Microsoft Corporation" in caught.value.nearest
    with pytest.raises(UnknownOrganization, match="lobbies for others"):
        samples.organization("Ballard Partners")
    with pytest.raises(UnknownOrganization, match="Nothing on file is spelt like it"):
        samples.organization("쿠팡")


def test_a_part_of_a_name_is_never_silently_taken_for_it(samples: lobbyx.Ledger) -> None:
    with pytest.raises(UnknownOrganization) as caught:
        samples.organization("Fujifilm")
    assert "Fujifilm Holdings America Corporation" in caught.value.nearest


def test_ids_stay_the_same_when_rebuilt(samples_db: Path) -> None:
    with closing(store.connect(samples_db)) as db:
        before = [tuple(r) for r in db.execute("SELECT * FROM organizations ORDER BY id")]
        with store.transaction(db):
            ledger.rebuild(db)
        assert [tuple(r) for r in db.execute("SELECT * FROM organizations ORDER BY id")] == before
        # A name that goes takes its organization with it; the others keep their ids.
        db.execute("UPDATE clients SET name = 'SOMETHING ELSE' WHERE name LIKE 'MICROSOFT%'")
        with store.transaction(db):
            ledger.rebuild(db)
        after = {tuple(r) for r in db.execute("SELECT * FROM organizations")}
        assert {r[2] for r in set(before) - after} == {"MICROSOFT"}
        assert {r[2] for r in after - set(before)} == {"SOMETHING ELSE"}


def renamed(db: sqlite3.Connection, *names: str) -> dict[str, int]:
    """The organization of each name, the first clients on file having these names."""
    ids = [r[0] for r in db.execute("SELECT id FROM clients ORDER BY id LIMIT ?", [len(names)])]
    db.executemany("UPDATE clients SET name = ? WHERE id = ?", zip(names, ids, strict=True))
    with store.transaction(db):
        ledger.rebuild(db)
    return dict(db.execute("SELECT name, organization_id FROM organization_names").fetchall())


def test_a_former_name_is_the_same_organization(samples_db: Path) -> None:
    with closing(store.connect(samples_db)) as db:
        names = (
            "RTX CORPORATION (FKA RAYTHEON TECHNOLOGIES)",
            "RAYTHEON TECHNOLOGIES CORP.",
            "RTX CORP",
            "RAYTHEON ONE",
        )
        found = renamed(db, *names)
        assert len({found[name] for name in names[:3]}) == 1
        assert found["RAYTHEON ONE"] != found["RTX CORP"]
    with lobbyx.open(samples_db) as opened:
        assert opened.organization("Raytheon Technologies").name == "RTX Corporation"


def test_an_organization_keeps_its_id_when_it_takes_another_name(samples_db: Path) -> None:
    with closing(store.connect(samples_db)) as db:
        before = renamed(db, "FACEBOOK, INC.")["FACEBOOK, INC."]
        client = db.execute("SELECT id FROM clients WHERE name LIKE 'MICROSOFT%' ORDER BY id LIMIT 1").fetchone()[0]
        db.execute("UPDATE clients SET name = 'META PLATFORMS INC (FORMERLY FACEBOOK INC' WHERE id = ?", [client])
        with store.transaction(db):
            ledger.rebuild(db)
        rows = db.execute("SELECT id, name FROM organizations WHERE id = ?", [before]).fetchall()
        assert [tuple(r) for r in rows] == [(before, "Facebook, Inc.")] or rows[0]["name"] == "Meta Platforms Inc"
        assert db.execute("SELECT count(*) FROM organizations WHERE normalized = 'FACEBOOK'").fetchone()[0] == 0


def test_former_names_that_contradict_each_other_merge_nothing(samples_db: Path) -> None:
    with closing(store.connect(samples_db)) as db:
        found = renamed(db, "A CORP (FKA C CORP)", "B CORP (FKA C CORP)", "C CORP", "D CO FKA E CO", "E CO FKA D CO")
        assert len(set(map(found.__getitem__, ("A CORP (FKA C CORP)", "B CORP (FKA C CORP)", "C CORP")))) == 3
        assert found["D CO FKA E CO"] != found["E CO FKA D CO"]


def test_trade_names_and_acronyms_find_an_organization_where_they_decide(samples_db: Path) -> None:
    with closing(store.connect(samples_db)) as db:
        renamed(db, "ACME LLC DBA ROADRUNNER", "NATIONAL WIDGET COUNCIL (NWC)", "NORTHERN WIDGET CLUB (NWC)")
    with lobbyx.open(samples_db) as opened:
        assert opened.organization("Roadrunner").name == "Acme LLC"
        assert opened.organization("National Widget Council").name == "National Widget Council"
        with pytest.raises(UnknownOrganization, match="can be any of"):
            opened.organization("NWC")


def test_who_acts_on_behalf_of_a_client_is_not_the_client(samples: lobbyx.Ledger) -> None:
    assert samples.organization("Blue Diamond Growers").name == "Blue Diamond Growers"
    with pytest.raises(UnknownOrganization):
        samples.organization("JPH Law")
