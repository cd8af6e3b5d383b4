from __future__ import annotations

import gzip
import json
import random
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zstandard

import lobbyx
from lobbyx.accounting import derive
from lobbyx.database import connection, rebuild, writer
from lobbyx.lda import csv_files, elsewhere, files, json_files
from lobbyx.lda.answer import Part
from lobbyx.lda.api_schema import SHAPES, Shape
from lobbyx.lda.records import BrokenRecord, Checker
from lobbyx.model.errors import LobbyxError
from lobbyx.reading.source import Source
from tests.conftest import SAMPLES, Run, filing

FIELDS: dict[str, list[str]] = json.loads((SAMPLES.parent / "official_fields.json").read_text())


def counts(db: sqlite3.Connection) -> dict[str, int]:
    names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'")]
    return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def dump(db: sqlite3.Connection) -> list[str]:
    return sorted(db.iterdump())


def sample_filing(number: int = 0) -> dict[str, Any]:
    body = json.loads((SAMPLES / "filings__filing_year-2024.json").read_text())["body"]
    filing: dict[str, Any] = body["results"][number]
    return filing


def write(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document))
    return path


# Every field has a home ------------------------------------------------------------------------------------------


def paths(shape: Shape, prefix: str = "") -> set[str]:
    found = {prefix + name for name in shape.fields}
    for name in shape.objects:
        found |= paths(SHAPES[name], f"{prefix}{name}.")
    for name, inner in shape.lists.items():
        found |= {f"{prefix}pacs[]"} if name == "pacs" else paths(inner, f"{prefix}{name}[].")
    return found


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ("Filing", "filing"),
        ("ContributionReport", "contribution"),
        ("Registrant", "registrant"),
        ("Client", "client"),
        ("LobbyistWithRegistrant", "lobbyist"),
    ],
)
def test_every_field_of_the_official_description_is_read(schema: str, kind: str) -> None:
    """`*_display` texts are the `name` of the coded field's constants table; all others are fields of a shape."""
    read = paths(SHAPES[kind])
    for path in FIELDS[schema]:
        plain = path.removesuffix("_display")
        assert plain in read, path


def test_every_field_that_is_read_has_a_column(samples_db: Path) -> None:
    homes = {
        "filing": "filings",
        "contribution": "contributions",
        "registrant": "registrants",
        "client": "clients",
        "lobbyist": "lobbyists",
    }
    lists = {"lobbying_activities": "activities", "lobbyists": "activity_lobbyists", "pacs": "contribution_pacs"}

    def check(db: sqlite3.Connection, shape: Shape, table: str) -> None:
        columns = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
        if table != "activity_government_entities":
            assert set(shape.fields) <= columns, table
        for name, inner in shape.lists.items():
            check(db, inner, "activity_government_entities" if name == "government_entities" else lists.get(name, name))

    with closing(connection.connect(samples_db)) as db:
        for kind, table in homes.items():
            check(db, SHAPES[kind], table)


def test_the_real_answers_come_back_out_as_they_went_in(samples_db: Path) -> None:
    """Every scalar and every list of all 69 recorded filings, compared with the JSON."""
    with closing(connection.connect(samples_db)) as db:
        seen = 0
        for file in sorted(SAMPLES.glob("filings*.json")):
            body = json.loads(file.read_text())["body"]
            for raw in body.get("results", [body]):
                seen += 1
                row = db.execute("SELECT * FROM filings WHERE filing_uuid = ?", [raw["filing_uuid"]]).fetchone()
                for name in SHAPES["filing"].fields:
                    value = raw[name] if raw.get(name) != "" else row[name]
                    if name in ("income", "expenses"):
                        value = value and float(value)
                    assert row[name] == value, (raw["filing_uuid"], name)
                assert (row["registrant_id"], row["client_id"]) == (raw["registrant"]["id"], raw["client"]["id"])
                check_lists(db, raw)
        assert seen == 69


def check_lists(db: sqlite3.Connection, raw: dict[str, Any]) -> None:
    activities = db.execute(
        "SELECT * FROM activities WHERE filing_uuid = ? ORDER BY position", [raw["filing_uuid"]]
    ).fetchall()
    assert [(a["general_issue_code"], a["description"]) for a in activities] == [
        (a["general_issue_code"], a["description"]) for a in raw["lobbying_activities"]
    ]
    for row, activity in zip(activities, raw["lobbying_activities"], strict=True):
        listed = db.execute("SELECT * FROM activity_lobbyists WHERE activity_id = ? ORDER BY position", [row["id"]])
        assert [(r["lobbyist_id"], r["covered_position"]) for r in listed] == [
            (e["lobbyist"]["id"], e["covered_position"]) for e in activity["lobbyists"]
        ]
        entities = db.execute(
            "SELECT government_entity_id FROM activity_government_entities WHERE activity_id = ? ORDER BY position",
            [row["id"]],
        )
        assert [r[0] for r in entities] == [e["id"] for e in activity["government_entities"]]
    for table in ("foreign_entities", "affiliated_organizations", "conviction_disclosures"):
        count = db.execute(f"SELECT count(*) FROM {table} WHERE filing_uuid = ?", [raw["filing_uuid"]]).fetchone()[0]
        assert count == len(raw[table])


def test_contributions_and_their_items_are_loaded(samples_db: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
        found = counts(db)
        assert (found["contributions"], found["contribution_items"], found["contribution_pacs"]) == (25, 8, 1)
        amounts = db.execute("SELECT sum(amount) FROM contribution_items").fetchone()[0]
        assert amounts == 4_100


def test_foreign_keys_hold_and_search_finds(samples_db: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
        assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        hits = db.execute("SELECT count(*) FROM activities_fts WHERE activities_fts MATCH 'appropriation'").fetchone()
        assert hits[0] > 3
        db.execute("INSERT INTO activities_fts(activities_fts) VALUES ('integrity-check')")
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("UPDATE filings SET client_id = -1")


# Loading ---------------------------------------------------------------------------------------------------------


def test_loading_again_changes_nothing(samples_db: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
        before = dump(db)
        for file in sorted(SAMPLES.glob("*.json")):
            loaded = writer.load(db, files.read_file(file))
            assert not loaded.added, file.name
            assert not loaded.changed, file.name
        assert not derive.is_stale(db)
        assert dump(db) == before


def test_a_changed_filing_replaces_its_rows(samples_db: Path, tmp_path: Path) -> None:
    filing = sample_filing()
    filing["lobbying_activities"] = [{**filing["lobbying_activities"][0], "description": "Zebra crossings"}]
    filing["posted_by_name"] = "Someone Else"
    with closing(connection.connect(samples_db)) as db:
        loaded = writer.load(db, files.read_file(write(tmp_path / "f.json", filing)))
        assert loaded.changed == {"filing": 1}
        uuid = filing["filing_uuid"]
        rows = db.execute("SELECT description FROM activities WHERE filing_uuid = ?", [uuid]).fetchall()
        assert [tuple(r) for r in rows] == [("Zebra crossings",)]
        found = db.execute("SELECT count(*) FROM activities_fts WHERE activities_fts MATCH 'zebra'").fetchone()[0]
        assert found == 1
        name = db.execute("SELECT posted_by_name FROM filings WHERE filing_uuid = ?", [uuid]).fetchone()[0]
        assert name == "Someone Else"


def test_a_csv_row_changes_only_what_it_knows(samples_db: Path, tmp_path: Path) -> None:
    header = ",".join(csv_files.FILING_COLUMNS)
    raw = json.loads((SAMPLES / "filings__mixed_2025-04-25.json").read_text())["body"]["results"][-1]
    cells = [
        raw["filing_uuid"],
        raw["filing_type"],
        raw["filing_year"],
        raw["filing_period"],
        raw["dt_posted"],
        raw["registrant"]["id"],
        raw["registrant"]["name"],
        raw["client"]["id"],
        raw["client"]["name"],
        "",
        "2310000.00",
        "C",
        "",
    ]
    file = tmp_path / "filings.csv"
    file.write_text(f"{header}\n{','.join(map(str, cells))}\n")
    with closing(connection.connect(samples_db)) as db:
        activities = counts(db)["activities"]
        assert writer.load(db, files.read_file(file)).changed == {"filing": 1}
        row = db.execute("SELECT * FROM filings WHERE filing_uuid = ?", [raw["filing_uuid"]]).fetchone()
        assert (row["expenses"], row["posted_by_name"]) == (2_310_000, raw["posted_by_name"])
        assert counts(db)["activities"] == activities
        # The API's answer, loaded again, is a change back.
        again = writer.load(db, files.read_file(SAMPLES / "filings__mixed_2025-04-25.json"))
        assert again.changed == {"filing": 1}


def test_an_older_record_of_a_registrant_does_not_replace_a_newer_one(samples_db: Path, tmp_path: Path) -> None:
    newer = json.loads((SAMPLES / "registrants_11.json").read_text())["body"]
    older = {**newer, "name": "OLD NAME", "dt_updated": "2001-01-01T00:00:00-05:00"}
    with closing(connection.connect(samples_db)) as db:
        assert writer.load(db, files.read_file(write(tmp_path / "r.json", older))).unchanged == {"registrant": 1}
        assert db.execute("SELECT name FROM registrants WHERE id = 11").fetchone()[0] == newer["name"]


@pytest.mark.parametrize("shape", ["page", "bare list", "single", "wrapped", "jsonl", "json.gz", "jsonl.gz"])
def test_every_form_of_a_saved_answer(shape: str, tmp_path: Path) -> None:
    filings = [sample_filing(0), sample_filing(1)]
    page = {"count": 2, "next": None, "previous": None, "results": filings}
    lines = "\n".join(json.dumps(f) for f in filings) + "\n\n"
    documents: dict[str, Any] = {
        "page": page,
        "bare list": filings,
        "single": filings[0],
        "json.gz": page,
        "wrapped": {"request": "https://lda.gov/api/v1/filings/", "status": 200, "headers": {}, "body": page},
    }
    suffix = shape if "json" in shape else "json"
    text = lines if "jsonl" in shape else json.dumps(documents[shape])
    file = tmp_path / f"a.{suffix}"
    file.write_bytes(gzip.compress(text.encode()) if suffix.endswith("gz") else text.encode())
    assert [r.kind for r in files.read_file(file).records] == ["filing"] * (1 if shape == "single" else 2)


def broken(**changes: Any) -> dict[str, Any]:
    return {**sample_filing(1), **changes}


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (broken(filing_uuid="not-a-uuid"), "filing_uuid"),
        (broken(filing_uuid=None), "filing_uuid"),
        (broken(income="12 million"), "income"),
        (broken(income="-5.00"), "income"),
        (broken(income="1e5"), "income"),
        (broken(income=True), "income"),
        (broken(income="0.001"), "income"),
        (broken(filing_year="2024"), "filing_year"),
        (broken(filing_year=24), "filing_year"),
        (broken(dt_posted="yesterday"), "dt_posted"),
        (broken(dt_posted=None), "dt_posted"),
        (broken(termination_date="31.12.2024"), "termination_date"),
        (broken(filing_type=""), "filing_type"),
        (broken(registrant=None), "registrant"),
        (broken(registrant={"name": "X"}), "registrant.id"),
        (broken(client={"id": 1, "name": 7}), "client.name"),
        (broken(client=[]), "client"),
        (broken(lobbying_activities={}), "lobbying_activities"),
        (broken(lobbying_activities=[{"lobbyists": [{"new": True}]}]), "lobbying_activities[0].lobbyists[0].lobbyist"),
        (broken(registrant={"id": 2**70, "name": "X"}), "registrant.id"),
    ],
)
def test_a_broken_record_is_named_and_nothing_of_its_file_is_loaded(
    record: dict[str, Any], field: str, run: Run
) -> None:
    write(run.folder / "bad.json", {"results": [sample_filing(0), record]})
    write(run.folder / "good.json", sample_filing(2))
    done = run("load", "bad.json", "good.json", "--db", "x.db")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert re.search(rf"bad\.json: record 2.* field {re.escape(field)}: ", done.stderr)
    with closing(connection.connect(run.folder / "x.db")) as db:
        assert counts(db)["filings"] == 1
    assert run("load", "bad.json", "--db", "other.db").returncode == 1
    assert not (run.folder / "other.db").exists()


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.json", b"{", "is not JSON"),
        ("a.json", b'{"filing_uuid": NaN}', "is not JSON"),
        ("a.json", b"{\xff}", "UTF-8"),
        ("a.json", b"[" * 200_000, "is not JSON"),
        ("a.json", b"7", "is not a filing"),
        ("a.json", b'[{"value": "A", "name": "B"}]', "list of constants"),
        ("a.jsonl", b"{}\n", "line 1"),
        ("a.json.gz", b"not gzip", "cannot be read"),
        ("a.xml", b"<a/>", ".json"),
        ("a.txt", b"<a/>", ".json"),
        ("a.csv", b"a,b\n1,2\n", "first line must name"),
        ("a.csv", b"\x00\xff", "UTF-8"),
    ],
)
def test_files_that_are_something_else(name: str, body: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(BrokenRecord, match=re.escape(says)) as caught:
        files.read_file(tmp_path / name).records  # noqa: B018
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("u,Q1,2024", "line 2: has fewer fields than the first line"),
        (",".join(["x"] * 14), "line 2: has more fields than the first line"),
        (",".join(["x"] * 13), "record 1.*, field filing_uuid"),
        (
            "8f3f0c3d-76df-4cfd-907a-78175ca57d5b,Q2,2025,second_quarter,2025-07-18T16:16:13-04:00,1,F,,C,1,,,",
            "record 1.*, field client.id",
        ),
    ],
)
def test_broken_csv_rows(row: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{','.join(csv_files.FILING_COLUMNS)}\n{row}\n")
    with pytest.raises(BrokenRecord, match=f"a.csv: .*{says}"):
        files.read_file(tmp_path / "a.csv")


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85"])
def test_only_line_ends_end_a_csv_row(odd: str, coupang_db: Path, tmp_path: Path) -> None:
    uuid = "094e2925-30c9-497c-b32f-ede83018b465"
    (tmp_path / "a.csv").write_text(
        f'{",".join(csv_files.ACTIVITY_COLUMNS)}\n{uuid},1,TRD,"Trade{odd}and\nwork",2\n{uuid},2,LBR,Work{odd}rules,2\n'
    )
    with closing(connection.connect(coupang_db)) as db:
        writer.load(db, files.read_file(tmp_path / "a.csv"))
        found = db.execute("SELECT description FROM activities WHERE filing_uuid = ? ORDER BY position", [uuid])
        assert [row[0] for row in found] == [f"Trade{odd}and\nwork", f"Work{odd}rules"]


def test_a_csv_field_of_any_size_is_read(coupang_db: Path, tmp_path: Path) -> None:
    uuid, text = "094e2925-30c9-497c-b32f-ede83018b465", "Trade, " * 100_000
    (tmp_path / "a.csv").write_text(f'{",".join(csv_files.ACTIVITY_COLUMNS)}\n{uuid},1,TRD,"{text}",2\n')
    with closing(connection.connect(coupang_db)) as db:
        writer.load(db, files.read_file(tmp_path / "a.csv"))
        found = db.execute("SELECT description FROM activities WHERE filing_uuid = ?", [uuid]).fetchone()[0]
    assert found == text


@pytest.mark.parametrize("careful", [True, False])
@pytest.mark.parametrize(
    ("right", "wrong", "path"),
    [
        ({"client__client_self_select": True}, {"client__client_self_select": 1}, "client.client_self_select"),
        ({"client__client_self_select": False}, {"client__client_self_select": 0}, "client.client_self_select"),
        ({"client__client_self_select": False}, {"client__client_self_select": 0.0}, "client.client_self_select"),
        ({"client__id": 1}, {"client__id": True}, "client.id"),
        ({"client__id": 1}, {"client__id": 1.0}, "client.id"),
        ({"registrant__id": 1}, {"registrant__id": True}, "registrant.id"),
        ({"registrant__house_registrant_id": 1}, {"registrant__house_registrant_id": True}, "house_registrant_id"),
        ({"registrant_different_address": True}, {"registrant_different_address": 1}, "registrant_different_address"),
        ({"income": 1}, {"income": True}, "income"),
    ],
    ids=lambda value: str(value).replace("client__", "").replace("registrant__", ""),
)
def test_whether_a_record_is_right_does_not_depend_on_the_one_before(
    careful: bool, right: dict[str, Any], wrong: dict[str, Any], path: str
) -> None:
    for before in ([], [right], [right, right]):
        checker = Checker("a.json")
        checker.careful = careful
        for number, changes in enumerate(before):
            checker.check("filing", filing(number, **changes), str(number))
        with pytest.raises(BrokenRecord, match=path):
            checker.check("filing", filing(9, **wrong), "9")


@pytest.mark.parametrize("number", [True, 1.0])
def test_a_lobbyist_is_checked_whoever_came_before(number: object) -> None:
    def of(identifier: object) -> dict[str, Any]:
        raw = filing(1)
        listed = raw["lobbying_activities"][0]["lobbyists"][0]
        one = {**listed, "lobbyist": {**listed["lobbyist"], "id": identifier}}
        return raw | {"lobbying_activities": [{**raw["lobbying_activities"][0], "lobbyists": [one]}]}

    checker = Checker("a.json")
    checker.careful = False
    for _ in range(3):
        checker.check("filing", of(1), "1")
    with pytest.raises(BrokenRecord, match=re.escape("lobbyists[0].lobbyist.id")):
        checker.check("filing", of(number), "2")


def test_a_load_leaves_the_connection_as_it_was(samples_db: Path, tmp_path: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
        db.execute("PRAGMA cache_size = -1234")
        writer.load(db, files.read_file(SAMPLES / "registrants_11.json"))
        assert db.execute("PRAGMA cache_size").fetchone()[0] == -1234
        with connection.bulk_loading(db), connection.bulk_loading(db):
            assert db.execute("PRAGMA cache_size").fetchone()[0] == -connection.BULK_CACHE
        assert db.execute("PRAGMA cache_size").fetchone()[0] == -1234


def test_unknown_fields_and_codes_are_told_and_do_no_harm(run: Run) -> None:
    filing = broken(filing_type="Z9", filing_type_display="Zeroth", brand_new=1)
    filing["lobbying_activities"] = [{"general_issue_code": "ZZZ", "general_issue_code_display": "Zebras", "odd": 1}]
    write(run.folder / "new.json", filing)
    done = run("load", "new.json", "--db", "x.db")
    assert done.returncode == 0
    assert "brand_new, lobbying_activities.odd" in done.stderr
    with closing(connection.connect(run.folder / "x.db")) as db:
        assert db.execute("SELECT name FROM issue_codes WHERE value = 'ZZZ'").fetchone()[0] == "Zebras"
    with lobbyx.open(run.folder / "x.db") as opened:
        client = opened.db.execute("SELECT name FROM clients").fetchone()[0]
        assert "unknown_filing_type" in [w.code for w in opened.total(client).warnings]


def test_activities_of_a_filing_that_is_not_on_file(tmp_path: Path, coupang_db: Path) -> None:
    file = tmp_path / "activities.csv"
    uuid = "00000000-0000-4000-8000-000000000000"
    file.write_text(f"{','.join(csv_files.ACTIVITY_COLUMNS)}\n{uuid},1,TRD,Trade,2;1\n")
    with closing(connection.connect(coupang_db)) as db, pytest.raises(LobbyxError, match="not on file"):
        writer.load(db, files.read_file(file))


def test_everything_is_traced_to_what_it_came_from(samples_db: Path) -> None:
    from hashlib import sha256

    with closing(connection.connect(samples_db)) as db:
        row = db.execute(
            "SELECT t.* FROM filings f JOIN fetches t ON t.id = f.fetch_id WHERE f.filing_uuid LIKE '3b181214%'"
        ).fetchone()
    file = SAMPLES / "filings_3b181214-b253-462c-ad64-783c827e159e.json"
    assert row["sha256"] == sha256(file.read_bytes()).hexdigest()
    assert (row["status"], row["fetched_at"], row["file"]) == (200, "2025-12-08T19:53:02+00:00", file.name)
    assert row["url"].startswith("https://lda.senate.gov/api/v1/filings/3b181214")


def test_a_posting_time_without_an_offset_is_washington_time(tmp_path: Path) -> None:
    record = files.read_file(write(tmp_path / "f.json", broken(dt_posted="2024-01-02T10:13:41"))).records[0]
    assert dict(zip(*record.row, strict=True))["dt_posted"] == "2024-01-02T10:13:41-05:00"


def test_a_failure_in_the_middle_leaves_nothing_behind(samples_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(connection.connect(samples_db)) as db:
        before = dump(db)
        db.execute("CREATE TEMP TRIGGER stop BEFORE INSERT ON activities BEGIN SELECT RAISE(ABORT, 'full'); END")
        answer = files.read_file(SAMPLES / "filings__filing_year-2024.json")
        changed = [replace(r, digest="changed") for r in answer.records]
        answer.parts = [Part.of(b"[]", changed)]
        with pytest.raises(LobbyxError):
            writer.load(db, answer)
        db.execute("DROP TRIGGER stop")
        assert dump(db) == before


# Raw answers -----------------------------------------------------------------------------------------------------

DERIVED = (
    *rebuild.REBUILT,
    "ledger_lines",
    "period_counts",
    "organizations",
    "organization_names",
    "evidence",
    "claims",
)


def contents(db: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {t: sorted(map(tuple, db.execute(f"SELECT * FROM {t}")), key=repr) for t in DERIVED}


def test_every_table_can_be_made_again_without_the_network(samples_db: Path, tmp_path: Path, run: Run) -> None:
    filings = [sample_filing(i) for i in range(3)]
    for one in filings:
        one["income"] = "123000.00"
    (tmp_path / "later.jsonl").write_text("".join(json.dumps(f) + "\n" for f in filings))
    with lobbyx.open(samples_db) as opened:
        assert writer.load(opened.db, files.read_file(tmp_path / "later.jsonl")).changed == {"filing": 3}
    with lobbyx.open(samples_db) as opened:
        source = Source("text", "Microsoft spent $2.22 million on lobbying in Q1 2023.")
        opened.record(source, opened.check(source))
        before = contents(opened.db)
        opened.db.execute("UPDATE filings SET income = 1")
        opened.db.execute("DELETE FROM activities WHERE id % 2")
        opened.db.execute("DELETE FROM foreign_entities")
    assert run("rebuild", "--db", samples_db).returncode == 0
    with closing(connection.connect(samples_db)) as db:
        after = contents(db)
        assert {t for t in before if before[t] != after[t]} <= {
            "activities",
            "activity_lobbyists",
            "activity_government_entities",
        }  # their ids are new
        assert counts(db)["activities"] == len(before["activities"])
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        db.execute("INSERT INTO activities_fts(activities_fts) VALUES ('integrity-check')")


def test_a_rebuild_that_fails_changes_nothing(samples_db: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
        db.execute(
            "UPDATE raw_answers SET body = ? WHERE id = (SELECT max(id) FROM raw_answers)", [zstandard.compress(b"{")]
        )
        before = dump(db)
        with pytest.raises(LobbyxError, match="not JSON"):
            rebuild.rebuild_tables(db)
        assert dump(db) == before
        assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_large_file_is_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_files, "PART_SIZE", 10_000)
    file = tmp_path / "many.jsonl"
    file.write_text("".join(json.dumps(sample_filing(i)) + "\n" for i in range(25)))
    answer = files.read_file(file)
    assert len(list(answer.parts)) > 3
    with closing(connection.connect(tmp_path / "x.db", create=True)) as db:
        assert writer.load(db, answer).added == {"filing": 25}
        assert db.execute("SELECT count(*) FROM raw_answers").fetchone()[0] == len(list(answer.parts))


def test_a_broken_line_at_the_end_loads_nothing_of_the_file(run: Run) -> None:
    (run.folder / "a.jsonl").write_text(json.dumps(sample_filing(0)) + '\n\n{"filing_uuid": "x"}\n')
    done = run("load", "a.jsonl", "--db", "x.db")
    assert "a.jsonl: record in line 3 (x), field filing_type: is missing" in done.stderr
    assert (done.returncode, (run.folder / "x.db").exists()) == (1, False)


# Databases -------------------------------------------------------------------------------------------------------


def test_what_is_no_database_of_ours_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(connection.NoDatabase, match="lobbyx fetch"):
        connection.connect(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()
    text = tmp_path / "text.db"
    text.write_text("not a database at all, just some words")
    with pytest.raises(connection.NoDatabase, match="cannot be opened"):
        connection.connect(text, create=True)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE recipes (id)")
    with pytest.raises(connection.NoDatabase, match="not one made by lobbyx"):
        connection.connect(other, create=True)
    old = tmp_path / "old.db"
    with closing(connection.connect(old, create=True)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(connection.OtherVersion, match="a newer version"):
        connection.connect(old)


# Much at once ----------------------------------------------------------------------------------------------------


def many(path: Path, n: int, last: str = "") -> Path:
    """A file of so many real filings, each under UUIDs of its own."""
    from uuid import UUID

    bodies = [json.loads(f.read_text())["body"] for f in sorted(SAMPLES.glob("filings*.json"))]
    real = [filing for body in bodies for filing in body.get("results", [body])]
    lines = (json.dumps({**real[i % len(real)], "filing_uuid": str(UUID(int=i + 1))}) + "\n" for i in range(n))
    path.write_text("".join(lines) + last)
    return path


def test_a_large_file_is_loaded_to_the_same_end_another_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    twice = sample_filing()
    twice["filing_uuid"] = "00000000-0000-0000-0000-000000000001"
    twice["lobbying_activities"] = [{**twice["lobbying_activities"][0], "description": "What it said at last."}]
    file = many(tmp_path / "many.jsonl", 300, json.dumps(twice) + "\n")
    monkeypatch.setattr(json_files, "PART_SIZE", 300_000)
    databases = []
    for large in (10**12, 1):
        monkeypatch.setattr(elsewhere, "LARGE_FILE", large)
        with closing(connection.connect(tmp_path / f"{large}.db", create=True)) as db:
            assert writer.load(db, files.read_file(file)).added == {"filing": 300}
            assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
            said = "SELECT count(*) FROM activities_fts WHERE activities_fts MATCH '\"said at last\"'"
            assert db.execute(said).fetchone()[0] == 1
            assert sum(writer.load(db, files.read_file(file)).unchanged.values()) >= 299
            databases.append(
                (contents(db), sorted(r[0] for r in db.execute("SELECT sql FROM sqlite_master WHERE sql > ''")))
            )
            db.execute("INSERT INTO activities_fts(activities_fts) VALUES ('integrity-check')")
    assert databases[0] == databases[1]


@pytest.mark.parametrize(
    ("last", "says"), [("{}\n", "line 101"), ('{"filing_uuid": 1}\n', "filing_type: is missing"), ("{\n", "not JSON")]
)
def test_a_broken_line_in_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str, says: str) -> None:
    monkeypatch.setattr(elsewhere, "LARGE_FILE", 1)
    file = many(tmp_path / "many.jsonl", 100, last)
    with closing(connection.connect(tmp_path / "x.db", create=True)) as db:
        before = dump(db)
        with pytest.raises(BrokenRecord, match=says):
            writer.load(db, files.read_file(file))
        assert dump(db) == before
        assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1


BULK = sorted((SAMPLES.parent / "bulk").glob("*.zip"))


def test_an_archive_file_is_read_to_the_same_end_by_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(BULK[0]) as whole, zipfile.ZipFile(broken, "w") as cut:
        for name in whole.namelist():
            cut.writestr(name, whole.read(name)[:-400])
        cut.writestr("nothing.xml", b"")
    outcomes = []
    for large in (10**12, 1):
        monkeypatch.setattr(elsewhere, "LARGE_FILE", large)
        with closing(connection.connect(tmp_path / f"{large}.db", create=True)) as db:
            answers = [files.read_file(file) for file in (*BULK, broken)]
            assert isinstance(answers[0].parts, elsewhere.Elsewhere) == (large == 1)
            loaded = [writer.load(db, answer).json() for answer in answers]
            outcomes.append((loaded, contents(db)))
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0][0][-1]["left_out"]) > 1


def test_an_archive_file_that_holds_nothing_says_so_from_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "LARGE_FILE", 1)
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as made:
        made.writestr("a.xml", b"<PublicFilings/>")
    with closing(connection.connect(tmp_path / "x.db", create=True)) as db:
        with pytest.raises(BrokenRecord, match="no filing of the Senate's archive can be read in it"):
            writer.load(db, files.read_file(tmp_path / "empty.zip"))
        assert not db.execute("SELECT 1 FROM fetches").fetchone()


def test_a_broken_record_does_not_take_its_registrant_from_the_next(coupang_db: Path) -> None:
    first, second = sample_filing(0), sample_filing(0)
    first["lobbying_activities"] = 7
    second["filing_uuid"] = "00000000-0000-4000-8000-000000000001"
    body = json.dumps({"results": [first, second]}).encode()
    broken_ones: list[str] = []
    with closing(connection.connect(coupang_db)) as db:
        answer = json_files.read_body(body, "https://x/", fetched_at=None, status=200, broken=broken_ones)
        assert writer.load(db, answer).added == {"filing": 1}
    assert len(broken_ones) == 1


# Deriving only what was touched ------------------------------------------------------------------------------------

DERIVED_TABLES = (
    "organizations",
    "organization_names",
    "organization_aliases",
    "organization_candidates",
    "firms",
    "firm_names",
    "ledger_lines",
    "period_counts",
)


def derived(db: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The derived tables, with who belongs to whom by name, since ids depend on the order of arrival."""
    names = dict(db.execute("SELECT id, normalized FROM organizations").fetchall())
    firms = dict(db.execute("SELECT id, normalized FROM firms").fetchall())
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in DERIVED_TABLES:
        rows = [dict(row) for row in db.execute(f"SELECT * FROM {table}")]
        for row in rows:
            row.pop("id", None)
            for column, known in (("organization_id", names), ("other_id", names), ("firm_id", firms)):
                if column in row:
                    row[column] = known[row[column]]
            if table == "organization_candidates":  # a pair has no order
                pair = sorted((row.pop("organization_id"), row.pop("other_id")))
                row["pair"] = tuple(pair)
        found[table] = sorted((tuple(row.values()) for row in rows), key=repr)
    found["clients"] = sorted((row[0], names[row[1]]) for row in db.execute("SELECT id, organization_id FROM clients"))
    found["persons"] = sorted(tuple(row) for row in db.execute("SELECT id, person_id FROM lobbyists"))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_deriving_what_was_touched_gives_what_deriving_all_gives(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    base = filing(1)
    bodies = []
    for number in range(60):
        firm, client = chance.randrange(1, 9), chance.randrange(1, 14)
        name = chance.choice(
            [
                f"CLIENT {client}, INC.",
                f"CLIENT {client} LLC",
                f"CLIENT {client} (FKA CLIENT {client + 1})",
                "SAME NAME CO",
            ]
        )
        quarter = chance.randrange(4)
        body = {
            **base,
            "filing_uuid": f"00000000-0000-0000-0000-{chance.randrange(40):012d}",
            "filing_type": f"Q{quarter + 1}", "filing_year": 2024,
            "filing_period": ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")[quarter],
            "dt_posted": f"2025-{chance.randrange(1, 12):02d}-{chance.randrange(1, 28):02d}T00:00:00Z",
            "income": f"{chance.randrange(1, 30)}0000.00", "expenses": None,
            "registrant": {**base["registrant"], "id": firm, "name": chance.choice([f"FIRM {firm}", f"CLIENT {firm}"])},
            "client": {**base["client"], "id": client, "name": name, "client_self_select": chance.random() < 0.3},
            "affiliated_organizations": [],
        }  # fmt: skip
        bodies.append((number, body))
    by_steps, at_once = tmp_path / "steps.db", tmp_path / "once.db"
    with (
        closing(connection.connect(by_steps, create=True)) as steps,
        closing(connection.connect(at_once, create=True)) as once,
    ):
        for number, body in bodies:
            file = tmp_path / f"{number}.json"
            file.write_text(json.dumps(body))
            for db in (steps, once):
                writer.load(db, files.read_file(file))
            if number % 5 == 4:
                with connection.transaction(steps):
                    derive.derive_all(steps)
        with connection.transaction(steps):
            derive.derive_all(steps)
        with connection.transaction(once):
            connection.mark_stale(once)
            derive.derive_all(once)
        assert not derive.is_stale(steps)
        assert derived(steps) == derived(once)


def test_a_load_into_a_large_file_derives_little(samples_db: Path, tmp_path: Path) -> None:
    with closing(connection.connect(samples_db)) as db:
        assert not derive.is_stale(db)
        quarter = {"filing_type": "Q1", "filing_period": "first_quarter", "filing_year": 2024, "income": "50000.00"}
        new = filing(7, client__id=99_999_999, client__name="NEW CLIENT INC", **quarter)
        (tmp_path / "one.json").write_text(json.dumps(new))
        writer.load(db, files.read_file(tmp_path / "one.json"))
        assert db.execute("SELECT value FROM state WHERE key = 'ledger'").fetchone()[0] == "touched"
        kept = db.execute("SELECT count(*) FROM ledger_lines").fetchone()[0]
        changes = db.total_changes
        with connection.transaction(db):
            derive.derive_all(db)
        lines = db.execute("SELECT count(*) FROM ledger_lines").fetchone()[0]
        assert lines == kept + 1
        assert db.total_changes - changes < 10 * kept + 1_000


def test_a_record_that_is_renamed_to_and_fro_is_kept_whole(tmp_path: Path) -> None:
    with closing(connection.connect(tmp_path / "own.db", create=True)) as db:
        for number, name in enumerate(("A CO", "B CO", "A CO", "B CO", "A CO")):
            body = filing(
                1, client__name=name, registrant__name=f"FIRM OF {name}", client__client_self_select=bool(number % 2)
            )
            (tmp_path / "one.json").write_text(json.dumps(body))
            writer.load(db, files.read_file(tmp_path / "one.json"))
        assert {row[0] for row in db.execute("SELECT name FROM client_former_names")} == {"A CO", "B CO"}
        assert db.execute("SELECT count(*) FROM registrant_former_names").fetchone()[0] == 2
        with connection.transaction(db):
            derive.derive_all(db)
        names = [row[0] for row in db.execute("SELECT name FROM organization_names ORDER BY name")]
        assert names == ["A CO", "B CO"]


@pytest.mark.parametrize("suffix", [".json.zst", ".jsonl.zst", ".json.gz", ".jsonl.gz"])
def test_packed_files(tmp_path: Path, suffix: str) -> None:
    body = b"\n".join(json.dumps(sample_filing(i)).encode() for i in range(1 if ".json." in suffix else 3))
    pack = gzip.compress if suffix.endswith(".gz") else zstandard.compress
    file = tmp_path / f"saved{suffix}"
    file.write_bytes(pack(body))
    assert len(files.read_file(file).records) == body.count(b"\n") + 1
    file.write_bytes(pack(body)[:-20])
    with pytest.raises(BrokenRecord):
        assert files.read_file(file).records == []


def test_frames_of_zstandard_one_after_another(tmp_path: Path) -> None:
    file = tmp_path / "saved.jsonl.zst"
    file.write_bytes(b"".join(zstandard.compress(json.dumps(sample_filing(i)).encode() + b"\n") for i in range(3)))
    assert len(files.read_file(file).records) == 3


def test_a_file_that_is_not_packed_as_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "saved.json.zst").write_bytes(b"{}")
    with pytest.raises(BrokenRecord, match="cannot be read"):
        files.read_file(tmp_path / "saved.json.zst")


@pytest.mark.parametrize("who", ["client", "registrant"])
@pytest.mark.parametrize("name", ["", "  "])
def test_a_record_without_a_name_is_refused_with_file_record_and_field(who: str, name: str, tmp_path: Path) -> None:
    raw = sample_filing(0)
    raw[who] = {**raw[who], "name": name}
    file = tmp_path / "a.json"
    file.write_text(json.dumps([sample_filing(1), raw]))
    with closing(connection.connect(tmp_path / "x.db", create=True)) as db:
        with pytest.raises(BrokenRecord, match=rf"a\.json: record .*{raw['filing_uuid']}.*field {who}\.name: is empty"):
            writer.load(db, files.read_file(file))
        assert db.execute("SELECT count(*) FROM filings").fetchone()[0] == 0


def test_a_registrant_renamed_within_the_first_load_is_not_looked_for_among_filings(tmp_path: Path) -> None:
    """Without indexes each rename went through all filings: a quarter of an hour for 1.94 million."""
    first, second = sample_filing(0), sample_filing(0)
    second["filing_uuid"] = "00000000-0000-4000-8000-000000000001"
    second["registrant"] = {**second["registrant"], "name": "RENAMED LLC", "dt_updated": "2999-01-01T00:00:00Z"}
    file = write(tmp_path / "both.json", {"results": [first, second]})
    with closing(connection.connect(tmp_path / "x.db", create=True)) as db:
        renamed = "UPDATE registrants SET name = ?"
        writer.load(db, files.read_file(write(tmp_path / "one.json", {"results": [first]})))
        db.execute("DELETE FROM touched_clients")
        db.execute("DELETE FROM state")
        db.execute(renamed, ["WHILE LOADING LLC"])
        assert db.execute("SELECT count(*) FROM touched_clients").fetchone()[0] == 0
        writer.load(db, files.read_file(file))
        db.execute("DELETE FROM touched_clients")
        db.execute(renamed, ["LATER LLC"])
        assert [tuple(row) for row in db.execute("SELECT * FROM touched_clients")] == [(first["client"]["id"],)]
        former = {row[0] for row in db.execute("SELECT name FROM registrant_former_names")}
        assert {first["registrant"]["name"], "WHILE LOADING LLC", "RENAMED LLC"} <= former
