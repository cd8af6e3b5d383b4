from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import lobbyx
from lobbyx.accounting import derive
from lobbyx.database import connection
from lobbyx.organizations import candidates, lookup, people
from lobbyx.organizations.lookup import UnknownOrganization
from tests.conftest import Run, filing


def test_coupang_under_nine_client_ids_is_one_organization(coupang: lobbyx.Ledger) -> None:
    clients = coupang.db.execute("SELECT id, organization_id FROM clients").fetchall()
    assert len(clients) == 9
    assert {row["organization_id"] for row in clients} == {1}
    found = coupang.organization("coupang")
    assert found.json() == {"id": 1, "name": "Coupang, Inc.", "names": ["COUPANG, INC.", "COUPANG INC.", "COUPANG"]}


@pytest.mark.parametrize("name", ["COUPANG, INC.", "Coupang Inc", "  coupang ", "The Coupang Company"])
def test_an_organization_is_found_by_any_spelling_of_its_name(coupang: lobbyx.Ledger, name: str) -> None:
    assert coupang.organization(name).id == 1


def test_in_house_filers_are_recognized(samples: lobbyx.Ledger) -> None:
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
    with pytest.raises(UnknownOrganization, match="Nothing on file is spelled like it"):
        samples.organization("한화")


def test_a_part_of_a_name_is_never_silently_taken_for_it(samples: lobbyx.Ledger) -> None:
    found = lookup.look_up(samples.db, "Fujifilm")
    assert (found.organization.name, found.sure) == ("Fujifilm Holdings America Corporation", False)
    assert "the only organization on file" in str(found.note)
    assert samples.total("Fujifilm").warnings[0].code == "name_taken_for"
    assert [w.code for w in samples.total("Fujifilm Holdings America").warnings].count("name_taken_for") == 0


def test_ids_stay_the_same_when_rebuilt(samples_db: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
        before = [tuple(r) for r in db.execute("SELECT * FROM organizations ORDER BY id")]
        with connection.transaction(db):
            derive.derive_all(db)
        assert [tuple(r) for r in db.execute("SELECT * FROM organizations ORDER BY id")] == before
        # A name that goes takes its organization with it; the others keep their ids.
        db.execute("UPDATE clients SET name = 'SOMETHING ELSE' WHERE name LIKE 'MICROSOFT%'")
        db.execute("DELETE FROM client_former_names")
        with connection.transaction(db):
            derive.derive_all(db)
        after = {tuple(r) for r in db.execute("SELECT * FROM organizations")}
        assert {r[2] for r in set(before) - after} == {"MICROSOFT"}
        assert {r[2] for r in after - set(before)} == {"SOMETHING ELSE"}


def renamed(db: sqlite3.Connection, *names: str) -> dict[str, int]:
    """The organization of each name, the first clients on file having these names, as if they always had."""
    ids = [r[0] for r in db.execute("SELECT id FROM clients ORDER BY id LIMIT ?", [len(names)])]
    db.executemany("UPDATE clients SET name = ? WHERE id = ?", zip(names, ids, strict=True))
    db.execute("DELETE FROM client_former_names")
    with connection.transaction(db):
        derive.derive_all(db)
    return dict(db.execute("SELECT name, organization_id FROM organization_names").fetchall())


def test_a_former_name_is_the_same_organization(samples_db: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
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
    with closing(connection.connect(samples_db)) as db:
        before = renamed(db, "FACEBOOK, INC.")["FACEBOOK, INC."]
        client = db.execute("SELECT id FROM clients WHERE name LIKE 'MICROSOFT%' ORDER BY id LIMIT 1").fetchone()[0]
        db.execute("UPDATE clients SET name = 'META PLATFORMS INC (FORMERLY FACEBOOK INC' WHERE id = ?", [client])
        db.execute("DELETE FROM client_former_names")
        with connection.transaction(db):
            derive.derive_all(db)
        rows = db.execute("SELECT id, name FROM organizations WHERE id = ?", [before]).fetchall()
        assert [tuple(r) for r in rows] == [(before, "Facebook, Inc.")] or rows[0]["name"] == "Meta Platforms, Inc."
        assert db.execute("SELECT count(*) FROM organizations WHERE normalized = 'FACEBOOK'").fetchone()[0] == 0


def test_former_names_that_contradict_each_other_merge_nothing(samples_db: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
        found = renamed(db, "A CORP (FKA C CORP)", "B CORP (FKA C CORP)", "C CORP", "D CO FKA E CO", "E CO FKA D CO")
        assert len(set(map(found.__getitem__, ("A CORP (FKA C CORP)", "B CORP (FKA C CORP)", "C CORP")))) == 3
        assert found["D CO FKA E CO"] != found["E CO FKA D CO"]


def test_trade_names_and_acronyms_find_an_organization_where_they_decide(samples_db: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
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


# Decisions ---------------------------------------------------------------------------------------------------------


def test_a_name_in_another_script_finds_its_organization(coupang: lobbyx.Ledger) -> None:
    assert coupang.organization("쿠팡").name == "Coupang, Inc."


@pytest.mark.parametrize("text", ["쿠팡은", "쿠팡Inc", "Coupang's", "Coupang Group", "쿠팡Inc의"])
def test_a_name_in_a_sentence_finds_its_organization(coupang: lobbyx.Ledger, text: str) -> None:
    assert coupang.organization(text).name == "Coupang, Inc."


def test_a_name_that_several_begin_with_is_not_decided(samples_db: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
        renamed(db, "ZORBLAT ELECTRONICS AMERICA, INC.", "ZORBLAT SEMICONDUCTOR, INC.", "ZORBLATIA LLC")
    with lobbyx.open(samples_db) as opened, pytest.raises(lookup.AmbiguousName, match=r"'#[0-9]+'") as caught:
        opened.organization("Zorblat Group")
    assert set(caught.value.nearest) == {"Zorblat Electronics America, Inc.", "Zorblat Semiconductor, Inc."}


def test_decisions_are_written_followed_and_can_be_changed(samples_db: Path, run: Run) -> None:
    with closing(connection.connect(samples_db)) as db:
        renamed(db, "ALLIANCE FOR WIDGETS", "ALLIANCE FOR WIDGET", "OLD THING CO", "NEW THING (FKA OLD THING)")
    review = json.loads(run("organizations", "review", "--db", samples_db, "--json").stdout)
    pair = next(p for p in review if "Widgets" in p["a"] + p["b"])
    assert pair["score"] > 90
    assert "share the rare word" in pair["reasons"][0]

    def ids() -> dict[str, int]:
        with closing(connection.connect(samples_db)) as db:
            return dict(db.execute("SELECT name, organization_id FROM organization_names").fetchall())

    assert ids()["ALLIANCE FOR WIDGETS"] != ids()["ALLIANCE FOR WIDGET"]
    decide = ("organizations", "decide", "--db", samples_db, "--source", "its web site")
    assert run(*decide, "Alliance for Widgets", "Alliance for Widget", "--same").returncode == 0
    assert run(*decide, "New Thing", "Old Thing", "--different").returncode == 0
    found = ids()
    assert found["ALLIANCE FOR WIDGETS"] == found["ALLIANCE FOR WIDGET"]
    assert found["OLD THING CO"] != found["NEW THING (FKA OLD THING)"]
    review = json.loads(run("organizations", "review", "--db", samples_db, "--json").stdout)
    assert not any("Widget" in p["a"] for p in review)
    # A later line replaces an earlier one.
    assert run(*decide, "Alliance for Widgets", "Alliance for Widget", "--different").returncode == 0
    assert ids()["ALLIANCE FOR WIDGETS"] != ids()["ALLIANCE FOR WIDGET"]
    own = (samples_db.parent / "organizations.csv").read_text().splitlines()
    assert own[0] == "relation,name,other,source"
    assert own[1] == "same,Alliance for Widgets,Alliance for Widget,its web site"
    assert len(own) == 4


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n", "the first line must be relation,name,other,source"),
        ("relation,name,other,source\nmaybe,A,B,x\n", "line 2: the relation is one of"),
        ("relation,name,other,source\nsame,A\n", "line 2: .* four columns"),
        ("relation,name,other,source\nsame,A,B,x\nsame,C, Inc.,D,x\n", "line 3: has more fields than the first line"),
        ('relation,name,other,source\nsame,"A"b,C,x\n', "line 2: is not CSV"),
        ("relation,name,other,source\nsame,ACME INC,ACME LLC,x\n", "line 2: both names read alike"),
    ],
)
def test_a_broken_file_of_decisions_is_named(samples_db: Path, run: Run, text: str, says: str) -> None:
    (samples_db.parent / "organizations.csv").write_text(text)
    done = run("resolve", "--db", samples_db)
    assert done.returncode == 1
    assert re.search(f"organizations.csv.*{says}", done.stderr)
    assert run("total", "Microsoft", "--db", samples_db).returncode == 0  # what was derived before still serves


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_decision_gets_a_line_of_its_own(samples_db: Path, run: Run, end: str) -> None:
    own = samples_db.parent / "organizations.csv"
    own.write_bytes(f"relation,name,other,source\ndifferent,Acme\u2028One,Other,x{end}".encode())
    decide = ("organizations", "decide", "Microsoft", "Leidos", "--different", "--source", "y")
    assert run(*decide, "--db", samples_db).returncode == 0
    assert own.read_text(encoding="utf-8").split("\n")[2:] == ["different,Microsoft,Leidos,y", ""]
    assert run("resolve", "--db", samples_db).returncode == 0


def test_wrong_decisions(samples_db: Path, run: Run) -> None:
    decide = ("organizations", "decide", "--db", samples_db, "--source", "x")
    assert run(*decide, "Acme", "Other").returncode == 2
    done = run(*decide, "Acme Inc", "ACME LLC", "--same")
    assert (done.returncode, "nothing to decide" in done.stderr) == (1, True)
    assert not (samples_db.parent / "organizations.csv").exists()


def test_a_decision_names_what_is_not_on_file(samples_db: Path, run: Run) -> None:
    own = samples_db.parent / "organizations.csv"
    decide = ("organizations", "decide", "--db", samples_db, "--source", "x", "--same")
    for names in (("Microsoft", "Microsft"), ("Microsft", "Microsoft")):
        done = run(*decide, *names)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "No organization named “Microsft” is on file. Nearest on file: “Microsoft" in done.stderr
        assert "--anyway" in done.stderr
        assert not own.exists()
    assert run(*decide, "Microsoft", "Microsft", "--anyway").returncode == 0
    assert "same,Microsoft,Microsft,x" in own.read_text()


def test_subsidiaries_are_a_relation_and_added_when_asked(samples_db: Path, run: Run) -> None:
    decide = ("organizations", "decide", "--db", samples_db, "--source", "x")
    assert run(*decide, "Microsoft", "Thrivent Financial for Lutherans", "--parent").returncode == 0
    assert run(*decide, "Thrivent Financial for Lutherans", "Fujifilm Holdings America", "--parent").returncode == 0
    assert run(*decide, "Fujifilm Holdings America", "Microsoft", "--parent").returncode == 0  # a circle does no harm
    alone = json.loads(run("total", "Microsoft", "--db", samples_db, "--json").stdout)
    both = json.loads(run("total", "Microsoft", "--with-subsidiaries", "--db", samples_db, "--json").stdout)
    assert alone["subsidiaries"] == []
    names = [o["name"] for o in both["subsidiaries"]]
    assert names == ["Thrivent Financial for Lutherans", "Fujifilm Holdings America Corporation"]
    assert both["methods"]["lda"]["reported"] >= alone["methods"]["lda"]["reported"]
    assert both["warnings"][0]["code"] == "with_subsidiaries"
    none = json.loads(run("total", "Leidos", "--with-subsidiaries", "--db", samples_db, "--json").stdout)
    assert "no subsidiary" in none["warnings"][0]["message"]


def test_names_that_read_alike_can_be_decided_to_be_two(samples_db: Path, run: Run) -> None:
    with closing(connection.connect(samples_db)) as db:
        found = renamed(db, "ALLIANCE, INC.", "ALLIANCE LLC", "ALLIANCE")
        assert len({found["ALLIANCE, INC."], found["ALLIANCE LLC"]}) == 1
    decide = ("organizations", "decide", "--db", samples_db, "--source", "two entries in the state's register")
    assert run(*decide, "Alliance Inc.", "Alliance, LLC", "--different").returncode == 0
    with lobbyx.open(samples_db) as opened:
        assert opened.organization("Alliance LLC").names == ("ALLIANCE LLC",)
        assert opened.organization("ALLIANCE, INC.").names == ("ALLIANCE, INC.",)


# Records that were renamed, spacing, firms, persons ------------------------------------------------------------------


def test_a_client_record_served_under_another_name_is_one_organization(load: Callable[..., lobbyx.Ledger]) -> None:
    one = filing(1, client__id=5, client__name="FACEBOOK, INC.")
    other = filing(2, client__id=5, client__name="META PLATFORMS, INC.")
    elsewhere = filing(3, client__id=6, client__name="FACEBOOK INC")
    with load(one, other, elsewhere) as opened:
        found = opened.organization("Facebook")
        assert found == opened.organization("Meta Platforms")
        assert set(found.names) == {"FACEBOOK, INC.", "META PLATFORMS, INC.", "FACEBOOK INC"}


def test_names_of_the_same_letters_are_one_unless_they_are_short(load: Callable[..., lobbyx.Ledger]) -> None:
    names = ("WIDGETWORKS CORP", "WIDGET WORKS CORPORATION", "A BC", "AB C")
    with load(*(filing(i, client__id=i, client__name=name) for i, name in enumerate(names, 1))) as opened:
        assert opened.organization("Widget-Works") == opened.organization("WidgetWorks")
        assert opened.organization("A BC") != opened.organization("AB C")
        why = dict(opened.db.execute("SELECT name, why FROM organization_names").fetchall())
        assert "the same letters as WIDGET WORKS, spaced otherwise" in why["WIDGETWORKS CORP"]


def test_a_firm_that_took_another_name_is_one(load: Callable[..., lobbyx.Ledger]) -> None:
    names = ("SMITH GARSON FKA SMITH DAWSON & ANDREWS", "SMITH DAWSON & ANDREWS", "SMITH GARSON, INC.", "SMITH ALONE")
    with load(*(filing(i, registrant__id=i, registrant__name=name) for i, name in enumerate(names, 1))) as opened:
        firms = dict(opened.db.execute("SELECT id, firm_id FROM registrants").fetchall())
        assert firms[1] == firms[2] == firms[3] != firms[4]
        with pytest.raises(UnknownOrganization, match="lobbies for others"):
            opened.organization("Smith, Dawson & Andrews")


def test_what_filings_connect_is_offered_and_not_merged(load: Callable[..., lobbyx.Ledger]) -> None:
    affiliated = [{"name": "Widget Makers Association"}]
    with load(
        filing(1, client__id=1, client__name="ACME LLC", affiliated_organizations=affiliated),
        filing(2, client__id=2, client__name="WIDGET MAKERS ASSN"),
        filing(3, client__id=3, client__name="NATIONAL WIDGET COUNCIL (NWC)", client__client_id=77),
        filing(4, client__id=4, client__name="NWC"),
        filing(5, client__id=5, client__name="WHAT THE COUNCIL BECAME", client__client_id=77),
    ) as opened:
        pairs = {frozenset((c.a, c.b)): c for c in candidates.candidates(opened.db)}
        reasons = {pair: " ".join(c.reasons) for pair, c in pairs.items()}
        assert "lists Widget Makers Association as affiliated" in reasons[frozenset(("Acme LLC", "Widget Makers Assn"))]
        assert "its acronym is NWC" in reasons[frozenset(("National Widget Council", "NWC"))]
        assert "number 77" in reasons[frozenset(("National Widget Council", "What the Council Became"))]
        assert all(c.score >= 90 for c in pairs.values())
        assert len({opened.organization(n).id for n in ("Acme", "Widget Makers Assn", "What the Council Became")}) == 3


def record(number: int, first: str, middle: str = "", suffix: str = "", firm: int | None = None) -> people.Lobbyist:
    return people.Lobbyist(number, first, middle, "SMITH", suffix, firm)


@pytest.mark.parametrize(
    ("records", "offices", "expected"),
    [
        ([record(1, "JOHN", firm=1), record(2, "JOHN", firm=1)], {}, {1: 1, 2: 1}),
        ([record(1, "JOHN", firm=1), record(2, "JOHN", firm=2)], {}, {1: 1, 2: 2}),
        ([record(1, "JOHN", firm=1), record(2, "JANE", firm=1)], {}, {1: 1, 2: 2}),
        (
            [record(1, "JOHN"), record(2, "JOHN")],
            {1: {"CHIEF OF STAFF REP DOE"}, 2: {"CHIEF OF STAFF REP DOE"}},
            {1: 1, 2: 1},
        ),
        ([record(1, "JOHN", suffix="JR", firm=1), record(2, "JOHN", suffix="SR", firm=1)], {}, {1: 1, 2: 2}),
        ([record(1, "JOHN", "A", firm=1), record(2, "JOHN", "ALLEN", firm=1)], {}, {1: 1, 2: 1}),
        # John A. and John B. are two, so John without a middle name is neither.
        (
            [record(1, "JOHN", "A", firm=1), record(2, "JOHN", "B", firm=1), record(3, "JOHN", firm=1)],
            {},
            {1: 1, 2: 2, 3: 3},
        ),
    ],
)
def test_records_of_one_person(
    records: list[people.Lobbyist], offices: dict[int, set[str]], expected: dict[int, int]
) -> None:
    held = {number: frozenset(texts) for number, texts in offices.items()}
    assert people.persons(records, held) == expected
    assert people.persons(reversed(records), held) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chief of Staff, Rep. Doe", True),
        ("N/A", False),
        ("n/a ", False),
        ("None", False),
        (None, False),
        ("", False),
        ("See prior filings", False),
        ("No covered position", False),
        ("Nonee Committee counsel", True),
    ],
)
def test_what_is_an_earlier_office(text: str | None, expected: bool) -> None:
    assert people.is_office(text) is expected


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "A" * 10_000, "(" * 10_000, "AND " * 3_000, "OBO " * 3_000, "A, " * 3_000, "\x00\x1b[31m", "\u202eגוגל", "🏛️", "' OR 1=1 --"],
    ids=lambda text: repr(text[:8]),
)  # fmt: skip
def test_odd_names_get_an_answer_or_a_refusal(samples: lobbyx.Ledger, text: str) -> None:
    with pytest.raises(UnknownOrganization) as caught:
        samples.organization(text)
    assert len(str(caught.value)) < 600


def test_clients_that_share_one_number_are_no_candidates(load: Callable[..., lobbyx.Ledger]) -> None:
    some = [filing(i, client__id=i, client__name=f"{'ABCDEFGHIJ'[i]}XYZ WORKS", client__client_id=7) for i in range(10)]
    with load(*some) as opened:
        assert not any("number 7" in reason for c in candidates.candidates(opened.db) for reason in c.reasons)


def test_the_pairs_offered_about_one_organization_are_bounded(load: Callable[..., lobbyx.Ledger]) -> None:
    affiliated = [{"name": f"QUUX {chr(65 + i)}{chr(75 + i)} LODGE"} for i in range(30)]
    hub = filing(1, client__id=1, client__name="ACME LLC", affiliated_organizations=affiliated)
    others = [filing(i + 2, client__id=i + 2, client__name=one["name"]) for i, one in enumerate(affiliated)]
    with load(hub, *others) as opened:
        offered = [c for c in candidates.candidates(opened.db, 10_000) if "Acme LLC" in (c.a, c.b)]
        assert len(offered) == candidates.MOST_PER_ORGANIZATION
        assert candidates.left_out(opened.db) >= 5
