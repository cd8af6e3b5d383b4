from __future__ import annotations

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
