"""Filings of the archive and of the API in one database: one filing by UUID, whichever is loaded first."""

from __future__ import annotations

import itertools
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lobbyx.accounting import derive
from lobbyx.database import connection, rebuild, writer
from lobbyx.lda import files
from lobbyx.lda.bulk_terms import negative_id
from lobbyx.model.errors import LobbyxError
from tests.conftest import SAMPLES, Run

BULK = Path(__file__).parent.parent / "data" / "bulk"
API = BULK / "api_2016.jsonl"
ZIPS = sorted(BULK.glob("*.zip"))
CONTENTS = {
    table: f"SELECT {columns} FROM {table}"
    for table, columns in {
        "registrants": "id, name, description, address_1, city, state, zip, contact_name, dt_updated, archive_as_of",
        "clients": "id, client_id, name, general_description, effective_date, registrant_id, archive_as_of",
        "lobbyists": "id, first_name, middle_name, last_name, suffix, registrant_id",
        "registrant_former_names": "*",
        "client_former_names": "*",
        "filings": "filing_uuid, filing_type, income, expenses, dt_posted, registrant_id, client_id, digest, source",
        "contributions": "filing_uuid, registrant_id, lobbyist_id, comments, digest, source",
        "contribution_items": "*",
        "contribution_pacs": "*",
        "foreign_entities": "*",
        "affiliated_organizations": "*",
        "organization_names": "name, filings, why",
    }.items()
} | {
    "activities": "SELECT filing_uuid, position, general_issue_code, description FROM activities",
    "lobbyists of activities": "SELECT filing_uuid, a.position, l.* FROM activities a JOIN "
    "(SELECT activity_id, position AS place, lobbyist_id, covered_position, new FROM activity_lobbyists) l "
    "ON l.activity_id = a.id",
    "agencies": "SELECT filing_uuid, a.position, g.position, government_entity_id FROM activities a "
    "JOIN activity_government_entities g ON g.activity_id = a.id",
    "ledger": "SELECT o.normalized, l.filing_uuid, role, low, reported, high, status FROM ledger_lines l "
    "JOIN organizations o ON o.id = l.organization_id",
    "counts": "SELECT o.normalized, period_start, method, low, reported, high, reports FROM period_counts p "
    "JOIN organizations o ON o.id = p.organization_id",
}


def contents(db: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    found = {name: sorted(map(tuple, db.execute(sql)), key=repr) for name, sql in CONTENTS.items()}
    found["lobbyists of activities"] = [(*row[:2], *row[3:]) for row in found["lobbyists of activities"]]
    return found


def load(db: sqlite3.Connection, *paths: Path) -> list[writer.Loaded]:
    """Loads files as the command does, deriving after each."""
    done = []
    for path in paths:
        done.append(writer.load(db, files.read_file(path)))
        with connection.transaction(db):
            derive.derive_all(db)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    return done


def built(path: Path, *paths: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(connection.connect(path, create=True)) as db:
        load(db, *paths)
        return contents(db)


def zipped(path: Path, text: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.xml", text.encode("utf-16"))
    return path


def one_filing(**changes: str) -> str:
    """An archive file of one quarterly report of firm 1 for its client number 12."""
    given = {
        "ID": "11111111-2222-4333-8444-555555555555",
        "Received": "2016-07-20T10:00:00",
        "Amount": "50000",
        "Type": "SECOND QUARTER REPORT",
        "RegistrantID": "1",
        "RegistrantName": "Firm One",
        "ClientID": "12",
        "ClientName": "Acme Rockets",
        "LobbyistName": "DOE, JANE",
    } | changes
    filing = " ".join(f'{n}="{given[n]}"' for n in ("ID", "Received", "Amount", "Type"))
    registrant = " ".join(f'{n}="{given[n]}"' for n in ("RegistrantID", "RegistrantName"))
    client = " ".join(f'{n}="{given[n]}"' for n in ("ClientID", "ClientName"))
    return (
        f'<PublicFilings><Filing Year="2016" {filing}><Registrant {registrant}/><Client SelfFiler="FALSE" {client}/>'
        f'<Lobbyists><Lobbyist LobbyistName="{given["LobbyistName"]}"/></Lobbyists>'
        '<Issues><Issue Code="AEROSPACE" SpecificIssue="Rockets"/></Issues></Filing></PublicFilings>'
    )


def api_filing(path: Path, uuid: str = "11111111-2222-4333-8444-555555555555", **client: Any) -> Path:
    """The API's record of a report of firm 1, with one lobbyist."""
    raw: dict[str, Any] = json.loads((SAMPLES / "filings_3b181214-b253-462c-ad64-783c827e159e.json").read_text())[
        "body"
    ]
    raw |= {"filing_uuid": uuid, "filing_type": "Q2", "filing_year": 2016, "filing_period": "second_quarter"}
    raw |= {"dt_posted": "2016-07-20T10:00:00-04:00", "income": "60000.00", "affiliated_organizations": []}
    raw["registrant"] = {**raw["registrant"], "id": 1, "name": "FIRM ONE"}
    raw["client"] = {**raw["client"], "id": 700, "client_id": 12, "name": "ACME ROCKETS"} | client
    lobbyist = {"id": 800, "first_name": "JANE", "middle_name": None, "last_name": "DOE", "suffix": None}
    raw["lobbying_activities"] = [
        {
            "general_issue_code": "AER",
            "description": "Moon rockets",
            "lobbyists": [{"lobbyist": {**lobbyist, "prefix": None, "nickname": None}, "covered_position": None}],
            "government_entities": [],
        }
    ]
    path.write_text(json.dumps(raw))
    return path


def test_all_tables_are_filled_and_the_figures_count(tmp_path: Path) -> None:
    tables = built(tmp_path / "a.db", *ZIPS)
    empty = {name for name, rows in tables.items() if not rows}
    assert empty <= {"contribution_pacs", "registrant_former_names", "client_former_names"}
    assert {row[-1] for row in tables["filings"]} == {"archive"}
    assert all(row[0] < 0 for row in tables["clients"] + tables["lobbyists"])
    income = {row[0]: row[2] for row in tables["filings"]}
    assert income["8c3c784b-6e18-462d-89af-09308071ba8a"] == 60_000


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    with closing(connection.connect(tmp_path / "a.db", create=True)) as db:
        first = load(db, *ZIPS, API)
        before = contents(db)
        stored = db.execute("SELECT count(*) FROM raw_answers").fetchone()
        again = load(db, *ZIPS, API, *reversed(ZIPS))
        assert contents(db) == before
        assert db.execute("SELECT count(*) FROM raw_answers").fetchone() == stored
    assert all(done.added or done.changed for done in first)
    assert not any(done.added or done.changed for done in again)


def test_every_order_of_loading_gives_the_same_tables(tmp_path: Path) -> None:
    some = [BULK / "2016_3.zip", BULK / "2016_4.zip", API, SAMPLES / "contributions.json", BULK / "2008_2_LD203.zip"]
    orders = [some, some[::-1], [*some[2:], *some[:2]], [some[0], some[2], some[1], some[4], some[3]]]
    first, *others = [built(tmp_path / f"{n}.db", *order) for n, order in enumerate(orders)]
    for other in others:
        for table, rows in first.items():
            assert other[table] == rows, table


def test_the_apis_record_is_preferred(tmp_path: Path) -> None:
    api = [json.loads(line) for line in API.read_text().splitlines()]
    for number, order in enumerate(itertools.permutations([BULK / "2016_3.zip", API])):
        with closing(connection.connect(tmp_path / f"{number}.db", create=True)) as db:
            load(db, *order)
            for raw in api:
                row = db.execute("SELECT * FROM filings WHERE filing_uuid = ?", [raw["filing_uuid"]]).fetchone()
                assert row["source"] == "api"
                assert row["client_id"] == raw["client"]["id"]
                assert row["url"] == raw["url"]
                assert row["income"] == (raw["income"] and float(raw["income"]))
                lobbyists = {
                    each[0]
                    for each in db.execute(
                        "SELECT lobbyist_id FROM activity_lobbyists l JOIN activities a ON a.id = l.activity_id "
                        "WHERE filing_uuid = ?",
                        [raw["filing_uuid"]],
                    )
                }
                assert lobbyists == {
                    one["lobbyist"]["id"] for act in raw["lobbying_activities"] for one in act["lobbyists"]
                }
            assert {row[0] for row in db.execute("SELECT DISTINCT source FROM filings")} == {"api", "archive"}


@pytest.mark.parametrize("first", ["archive", "api"])
def test_an_archive_filing_goes_to_the_apis_client_and_lobbyist(first: str, tmp_path: Path) -> None:
    other = "99999999-2222-4333-8444-555555555555"
    archive = zipped(tmp_path / "2016_3.zip", one_filing(ClientName="Acme Fireworks"))
    api = api_filing(tmp_path / "api.json", other)
    with closing(connection.connect(tmp_path / "a.db", create=True)) as db:
        load(db, *((archive, api) if first == "archive" else (api, archive)))
        assert [tuple(r) for r in db.execute("SELECT source, client_id, income FROM filings ORDER BY 1")] == [
            ("api", 700, 60_000),
            ("archive", 700, 50_000),
        ]
        assert [row[0] for row in db.execute("SELECT id FROM clients")] == [700]
        assert [row[0] for row in db.execute("SELECT id FROM lobbyists")] == [800]
        assert {row[0] for row in db.execute("SELECT name FROM client_former_names")} == {"Acme Fireworks"}
        assert {row[0] for row in db.execute("SELECT name FROM registrant_former_names")} == {"Firm One"}
        (total,) = db.execute("SELECT sum(reported) FROM period_counts WHERE method = 'all_filings'").fetchone()
        assert total == 110_000


def test_another_number_is_another_client_and_another_name_another_lobbyist(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "2016_3.zip", one_filing(ClientID="24", LobbyistName="DOE, JOHN"))
    api = api_filing(tmp_path / "api.json", "99999999-2222-4333-8444-555555555555")
    tables = built(tmp_path / "a.db", archive, api)
    assert {row[0] for row in tables["clients"]} == {700, negative_id("client", 1, "24")}
    assert len(tables["lobbyists"]) == 2


@pytest.mark.parametrize("first", ["archive", "api"])
def test_where_the_api_says_it_was_another_client_the_names_stay_apart(first: str, tmp_path: Path) -> None:
    """The registrant's number 12 is another client's in the API now, which says so of this very filing."""
    archive = zipped(tmp_path / "2016_3.zip", one_filing(ClientName="Assured"))
    same = api_filing(tmp_path / "same.json", id=701, client_id=36, name="ASSURED LTD")
    twelve = api_filing(tmp_path / "twelve.json", "99999999-2222-4333-8444-555555555555", name="AN ASSOCIATION")
    tables = built(tmp_path / "a.db", *((archive, same, twelve) if first == "archive" else (same, twelve, archive)))
    assert tables["client_former_names"] == []
    assert {row[0] for row in tables["clients"]} == {700, 701}


def test_the_newer_archive_names_a_record_and_the_older_name_stays(tmp_path: Path) -> None:
    old = zipped(tmp_path / "2003_1.zip", one_filing(Received="2003-02-01T00:00:00", ClientName="Philip Morris"))
    uuid = "22222222-2222-4333-8444-555555555555"
    new = zipped(tmp_path / "2016_3.zip", one_filing(ID=uuid, ClientName="Altria", RegistrantName="Firm Two"))
    tables = built(tmp_path / "a.db", old, new)
    assert tables == built(tmp_path / "b.db", new, old)
    assert [row[2] for row in tables["clients"]] == ["Altria"]
    assert [row[1] for row in tables["client_former_names"]] == ["Philip Morris"]
    assert [row[1] for row in tables["registrants"]] == ["Firm Two"]


def test_a_csv_row_replaces_the_archives(tmp_path: Path) -> None:
    uuid = "11111111-2222-4333-8444-555555555555"
    row = f"{uuid},Q2,2016,second_quarter,2016-07-20T10:00:00-04:00,1,FIRM ONE,700,ACME ROCKETS,60000,,,"
    from lobbyx.lda.csv_files import FILING_COLUMNS

    (tmp_path / "a.csv").write_text(f"{','.join(FILING_COLUMNS)}\n{row}\n")
    archive = zipped(tmp_path / "2016_3.zip", one_filing())
    tables = built(tmp_path / "a.db", archive, tmp_path / "a.csv")
    other = built(tmp_path / "b.db", tmp_path / "a.csv", archive)
    assert [row[-1] for row in tables["filings"]] == ["csv"]
    assert tables == other


def test_a_source_is_one_of_three(tmp_path: Path) -> None:
    with closing(connection.connect(tmp_path / "a.db", create=True)) as db:
        load(db, BULK / "1999_4.zip", BULK / "2012_4_LD203.zip")
        for table in ("filings", "contributions"):
            with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
                db.execute(f"UPDATE {table} SET source = 'hearsay'")


def test_the_tables_are_made_again_from_what_was_kept(tmp_path: Path) -> None:
    with closing(connection.connect(tmp_path / "a.db", create=True)) as db:
        load(db, *ZIPS, API)
        before = contents(db)
        assert {row[0] for row in db.execute("SELECT DISTINCT kind FROM raw_answers")} == {"archive", "jsonl"}
        db.execute("UPDATE filings SET income = 1")
        rebuild.rebuild_tables(db)
        with connection.transaction(db):
            derive.derive_all(db)
        assert contents(db) == before


def test_a_filing_is_traced_to_the_file_it_came_from(tmp_path: Path) -> None:
    from hashlib import sha256

    import zstandard

    with closing(connection.connect(tmp_path / "a.db", create=True)) as db:
        load(db, BULK / "1999_4.zip")
        row = db.execute("SELECT t.* FROM filings f JOIN fetches t ON t.id = f.fetch_id LIMIT 1").fetchone()
        assert row["sha256"] == sha256((BULK / "1999_4.zip").read_bytes()).hexdigest()
        kept = [zstandard.decompress(r[0]) for r in db.execute("SELECT body FROM raw_answers ORDER BY part")]
    with zipfile.ZipFile(BULK / "1999_4.zip") as archive:
        assert kept == [archive.read(name) for name in archive.namelist()]


def test_a_letter_replaces_no_report(tmp_path: Path) -> None:
    report = one_filing(Type="YEAR-END REPORT", Received="2003-02-10T00:00:00").replace("2016", "2002")
    letter = one_filing(
        ID="33333333-2222-4333-8444-555555555555",
        Type="YEAR-END TERMINATION LETTER",
        Received="2003-02-14T00:00:00",
        Amount="",
    ).replace("2016", "2002")
    paths = [zipped(tmp_path / f"{n}.zip", text) for n, text in enumerate((report, letter))]
    tables = built(tmp_path / "a.db", *paths)
    assert [(row[4], row[-1]) for row in tables["ledger"]] == [(50_000, "latest")]
    assert len(tables["filings"]) == 2


def test_nothing_of_a_file_stays_where_loading_fails(tmp_path: Path) -> None:
    with closing(connection.connect(tmp_path / "a.db", create=True)) as db:
        load(db, BULK / "1999_4.zip")
        before = contents(db)
        db.execute("CREATE TEMP TRIGGER stop BEFORE INSERT ON activities BEGIN SELECT RAISE(ABORT, 'full'); END")
        with pytest.raises(LobbyxError, match="full"):
            writer.load(db, files.read_file(BULK / "2016_3.zip"))
        assert contents(db) == before


# The command ----------------------------------------------------------------------------------------------------


def test_the_command_loads_what_it_can_and_names_the_rest(run: Run, tmp_path: Path) -> None:
    good = one_filing()
    cut = good[: good.index("</Issues>")]
    with zipfile.ZipFile(tmp_path / "2003_1.zip", "w") as archive:
        archive.writestr("2003_1_1_1.xml", good.encode("utf-16"))
        archive.writestr("2003_1_1_2.xml", cut.encode("utf-16"))
    done = run("load", tmp_path / "2003_1.zip", "--db", tmp_path / "a.db")
    assert done.returncode == 0
    assert "1 added (1 filing)" in done.stdout
    assert "2003_1.zip: 2003_1_1_2.xml: line 1: filing 11111111-2222-4333-8444-555555555555 left out" in done.stderr


def test_the_command_fails_where_nothing_was_loaded(run: Run, tmp_path: Path) -> None:
    broken = zipped(tmp_path / "2003_1.zip", "<PublicFilings><Filing ID=")
    (tmp_path / "no.zip").write_bytes(b"PK")
    done = run("load", broken, tmp_path / "no.zip", "--db", tmp_path / "a.db")
    assert done.returncode == 1
    assert "2003_1.zip: a.xml: line 1" in done.stderr
    assert "no.zip: is not a zip file" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "a.db").exists()


def test_the_command_says_in_json_what_was_left_out(run: Run, tmp_path: Path) -> None:
    two = one_filing().replace("</PublicFilings>", "") + one_filing(Type="NO SUCH").partition("<PublicFilings>")[2]
    done = run("load", zipped(tmp_path / "2003_1.zip", two), "--db", tmp_path / "a.db", "--json")
    (told,) = json.loads(done.stdout)
    assert told["added"] == {"filing": 1}
    assert "'NO SUCH' is not a type" in told["left_out"][0]
