"""Claims kept, brought in, judged again and given out."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import lobbyx
from lobbyx.database import connection
from lobbyx.reading.source import Source, UnreadableSource
from lobbyx.render import csv_table
from lobbyx.stored_claims import claimreview, importing, records
from tests.conftest import Run

TABLE = """date,speaker,claim,link
2025-12-25,The Paper,Coupang has spent at least $10 million on lobbying since August 2021.,https://paper.example/1
"Dec. 21, 2025",Another,"Coupang spent $3.31 million on lobbying in 2024, and 쿠팡은 2022년 로비에 181만달러를 썼다.",
,Third,The weather is fine.,https://paper.example/3
"""
# Google Search Central, "Fact check (ClaimReview)": required and recommended properties.
REQUIRED = {"claimReviewed", "reviewRating", "url"}


def test_a_table_is_brought_in_listed_judged_again_and_given_out(run: Run, coupang_db: Path) -> None:
    (run.folder / "kept.csv").write_text(TABLE, encoding="utf-8")
    done = run("claims", "import", "kept.csv", "--db", coupang_db)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "3 statements, 2 claims checked and stored\n"
    assert "no claim found in: The weather is fine." in done.stderr
    rows = json.loads(run("claims", "list", "--json", "--db", coupang_db).stdout)
    assert [(r["verdict"], r["published"], r["author"]) for r in rows] == [
        ("depends_on_method", "2025-12-25", "The Paper"),
        ("supported", "2025-12-21", "Another"),
    ]
    assert rows[0]["url"] == rows[0]["source"] == "https://paper.example/1"
    assert "±" in run("claims", "list", "--db", coupang_db).stdout
    assert run("claims", "recheck", "--db", coupang_db).stdout == "0 new verdicts\n"
    # Brought in again, nothing is added.
    assert "2 claims" in run("claims", "import", "kept.csv", "--db", coupang_db).stdout
    assert len(json.loads(run("claims", "export", "--format", "json", "--db", coupang_db).stdout)) == 2
    # What is given out as CSV can be brought in elsewhere.
    out = run("claims", "export", "--format", "csv", "--out", "out.csv", "--db", coupang_db)
    assert (out.returncode, out.stdout) == (0, "")
    lines = list(csv.DictReader(io.StringIO((run.folder / "out.csv").read_text(encoding="utf-8"))))
    assert [line["verdict"] for line in lines] == ["depends_on_method", "supported"]
    again = importing.read_csv(run.folder / "out.csv")
    assert again[0] == Source(
        "https://paper.example/1",
        TABLE.splitlines()[1].split(",")[2],
        "2025-12-25",
        "given",
        author="The Paper",
        url="https://paper.example/1",
    )


def test_claim_reviews_have_what_google_asks_for(run: Run, coupang_db: Path) -> None:
    (run.folder / "kept.csv").write_text(
        TABLE + '2025-12-25,X,"It spent $5 million on lobbying in 2024. </script><script>alert(1)",\n', encoding="utf-8"
    )
    run("claims", "import", "kept.csv", "--db", coupang_db)
    plain = run("claims", "export", "--format", "claimreview", "--db", coupang_db)
    assert "use --base-url for the address your readers see" in plain.stderr
    assert "claims that could not be verified have no rating: 1" in plain.stderr
    done = run(
        "claims",
        "export",
        "--format",
        "claimreview",
        "--db",
        coupang_db,
        "--publisher",
        "The Desk",
        "--publisher-url",
        "https://desk.example/",
        "--base-url",
        "https://desk.example/checks/",
    )
    assert "</" not in done.stdout
    reviews: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(reviews) == 2
    for review in reviews:
        assert set(review) >= REQUIRED | {"author", "itemReviewed", "datePublished"}
        assert (review["@context"], review["@type"]) == ("https://schema.org", "ClaimReview")
        assert review["url"].startswith("https://desk.example/checks/")
        assert review["author"] == {"@type": "Organization", "name": "The Desk", "url": "https://desk.example/"}
        rating = review["reviewRating"]
        assert rating["@type"] == "Rating"
        assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
        assert rating["alternateName"]
        assert review["itemReviewed"]["@type"] == "Claim"
        assert review["itemReviewed"]["datePublished"] in ("2025-12-25", "2025-12-21")
        assert len(review["claimReviewed"]) <= claimreview.LONGEST_SUMMARY
    assert reviews[0]["itemReviewed"]["appearance"] == {"@type": "CreativeWork", "url": "https://paper.example/1"}
    assert [r["reviewRating"]["ratingValue"] for r in reviews] == [2, 5]


def test_a_new_result_stands_beside_the_old_one(coupang_db: Path, run: Run) -> None:
    text = "Coupang spent $580,000 on lobbying in Q4 2025."
    with lobbyx.open(coupang_db) as opened:
        source = Source("text", text, "2026-01-23", "given")
        opened.record(source, opened.check(source))
    with closing(connection.connect(coupang_db)) as db, connection.transaction(db):
        db.execute(
            "UPDATE filings SET expenses = 700000, digest = NULL WHERE expenses = 580000 AND filing_year = 2025 AND filing_type = 'Q4'"
        )
        connection.mark_stale(db)
    done = run("claims", "recheck", "--db", coupang_db)
    assert done.stdout == "1 new verdict\n  claim 1: supported → refuted\n"
    with closing(connection.connect(coupang_db)) as db:
        kept = db.execute("SELECT verdict, reported FROM verdicts ORDER BY id").fetchall()
        assert [tuple(row) for row in kept] == [("supported", 580_000), ("refuted", 700_000)]
        assert db.execute("SELECT count(DISTINCT verdict_id) FROM evidence").fetchone()[0] == 2
    (row,) = json.loads(run("claims", "list", "--json", "--db", coupang_db).stdout)
    assert (row["verdict"], row["verdicts"]) == ("refuted", 2)


def test_every_kind_survives_being_stored(coupang: lobbyx.Ledger) -> None:
    text = (
        "Coupang's lobbying spending rose 131% in 2024 from a year earlier. Coupang has hired five lobbying firms since 2021. "
        "쿠팡은 2024년 로비에 331만달러를 썼다. Coupang lobbied on H.R. 4687. Coupang spent $3 million on lobbying."
    )
    source = Source("text", text, "2026-08-01", "given")
    checked = coupang.check(source)
    coupang.record(source, checked)
    again = [one.claim for one in records.stored(coupang.db)]
    assert again == [verdict.claim for verdict in checked]
    for row in coupang.db.execute("SELECT * FROM claims").fetchall():
        place = row["context_start"]
        assert row["context"][place : place + len(row["text"])] == row["text"]
    assert coupang.recheck() == []


def test_a_claim_is_added_with_where_it_is_from(run: Run, coupang_db: Path) -> None:
    add = (
        "claims",
        "add",
        "Coupang spent $3.31 million on lobbying in 2024.",
        "--published",
        "2025-12-25",
        "--db",
        coupang_db,
    )
    done = run(*add, "--url", "https://paper.example/9", "--author", "A Senator")
    assert done.stdout == "1: $3.31 million on lobbying in 2024: supported\n"
    (row,) = json.loads(run("claims", "export", "--db", coupang_db).stdout)
    assert (row["author"], row["url"]) == ("A Senator", "https://paper.example/9")
    assert "no claim found" in run("claims", "add", "Hello there.", "--db", coupang_db).stderr


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"a,b\n1,2\n", "no column for the statement"),
        (b"claim,date\nX spent $5 on lobbying.,soon\n", "line 2: cannot read the date 'soon'"),
        (b"claim,date\n ,2025-01-01\n", "line 2: the statement is empty"),
        (b"claim,date\nX spent $5,000,2025-01-01\n", "line 2: has more fields than the first line"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"", "no column for the statement"),
    ],
)
def test_broken_tables_store_nothing(run: Run, coupang_db: Path, body: bytes, says: str) -> None:
    file = run.folder / "broken.csv"
    file.write_bytes(body)
    with pytest.raises(UnreadableSource, match=says):
        importing.read_csv(file)
    done = run("claims", "import", file, "--db", coupang_db)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert json.loads(run("claims", "list", "--json", "--db", coupang_db).stdout) == []


def test_cells_are_no_formulas() -> None:
    rows = [{"text": "=HYPERLINK(1)", "n": -5, "list": ["a", "b"]}]
    assert list(csv_table.as_csv(rows)) == [["text", "n", "list"], ["'=HYPERLINK(1)", -5, "a; b"]]


@pytest.mark.parametrize("odd", ["\u2028", "\x0b", "\x85"])
def test_only_line_ends_end_a_row(odd: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'claim,date\n"X spent{odd}$5,\nor so.",2025-01-01\nY spent{odd}$6.\n')
    read = importing.read_csv(tmp_path / "a.csv")
    assert [source.text for source in read] == [f"X spent{odd}$5,\nor so.", f"Y spent{odd}$6."]
    assert [source.name for source in read] == ["a.csv, line 3", "a.csv, line 4"]


def test_an_export_into_a_missing_folder_is_told(run: Run, coupang_db: Path) -> None:
    done = run("claims", "export", "--out", "missing/x.json", "--db", coupang_db)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "lobbyx: missing/x.json: cannot be written: No such file or directory\n"


def test_a_verdict_of_another_day_never_hides_the_one_of_the_claims_own(run: Run, coupang_db: Path) -> None:
    text = "Coupang spent $580,000 on lobbying in Q4 2025."
    source = Source("text", text, "2025-12-25", "given")
    with lobbyx.open(coupang_db) as opened:
        opened.record(source, opened.check(source))
        opened.record(source, opened.check(source, as_of="2026-07-20"))
        own, later = records.rows(opened.db), opened.db.execute("SELECT verdict FROM verdicts ORDER BY id").fetchall()
        assert [row[0] for row in later] == ["unverifiable", "supported"]
        assert (own[0]["verdict"], own[0]["as_of"], own[0]["verdicts"]) == ("unverifiable", "2025-12-25", 2)
        assert opened.recheck() == []
        assert opened.recheck() == []
    # Stored again, the same claim is told with its verdict, not as if none were found.
    done = run("claims", "add", text, "--published", "2025-12-25", "--db", coupang_db)
    assert done.stdout == "1: $580,000 on lobbying in Q4 2025: unverifiable\n"
    assert "no claim found" not in done.stderr


@pytest.mark.parametrize("form", ["list", "json", "csv"])
def test_a_check_as_of_another_day_is_listed_as_of_the_claims_own(run: Run, coupang_db: Path, form: str) -> None:
    text = "Coupang spent $580,000 on lobbying in Q4 2025."
    asked = run("check", text, "--published", "2025-12-25", "--as-of", "2026-07-20", "--json", "--db", coupang_db)
    assert json.loads(asked.stdout)["claims"][0]["verdict"] == "supported"
    command = ("list",) if form == "list" else ("export", "--format", form)
    told = run("claims", *command, "--db", coupang_db).stdout
    if form == "list":
        assert told.startswith("   1  ? unverifiable  2025-12-25  Coupang: ")
        return
    (row,) = json.loads(told) if form == "json" else csv.DictReader(io.StringIO(told))
    assert (row["verdict"], row["as_of"], str(row["verdicts"])) == ("unverifiable", "2025-12-25", "2")
    assert run("claims", "recheck", "--json", "--db", coupang_db).stdout.strip() == "[]"


def test_a_verdict_of_another_day_alone_is_listed_with_its_day(run: Run, coupang_db: Path) -> None:
    """As databases hold it where only such a judgement was ever stored."""
    source = Source("text", "Coupang spent $580,000 on lobbying in Q4 2025.", "2025-12-25", "given")
    with lobbyx.open(coupang_db) as opened, connection.transaction(opened.db):
        records.keep(opened.db, source, opened.check(source, as_of="2026-07-20"))
    told = run("claims", "list", "--db", coupang_db).stdout
    assert told.startswith("   1  ✓ supported as of 2026-07-20  2025-12-25  Coupang: ")


def test_claims_given_in_fields_have_their_own_day_too(run: Run, coupang_db: Path) -> None:
    fields = ("--org", "#1", "--since", "2025Q4", "--until", "2025Q4", "--exactly", "580K", "--published", "2025-12-25")
    assert run("check", *fields, "--as-of", "2026-07-20", "--with-subsidiaries", "--db", coupang_db).returncode == 0
    (row,) = json.loads(run("claims", "list", "--json", "--db", coupang_db).stdout)
    assert (row["as_of"], row["verdicts"], row["organization"]) == ("2025-12-25", 2, "Coupang, Inc.")
    assert row["text"].startswith("Coupang, Inc. spent exactly $580,000")
    assert row["text"] == row["context"]


def test_without_a_publication_day_the_latest_day_counts(coupang: lobbyx.Ledger) -> None:
    source = Source("text", "Coupang spent $580,000 on lobbying in Q4 2025.")
    coupang.record(source, coupang.check(source))
    coupang.record(source, coupang.check(source, as_of="2025-12-25"))
    (row,) = records.rows(coupang.db)
    assert (row["verdict"], row["as_of"]) == ("supported", "2026-07-20")


def test_one_sentence_in_two_papers_is_two_claims(coupang: lobbyx.Ledger) -> None:
    text = "Coupang spent $3.31 million on lobbying in 2024."
    for url, author in (("https://a.example/1", "A"), ("https://b.example/2", "B"), ("https://a.example/1", "A")):
        source = Source(url, text, "2025-12-25", "given", author=author, url=url)
        coupang.record(source, coupang.check(source))
    assert [(row["url"], row["author"]) for row in records.rows(coupang.db)] == [
        ("https://a.example/1", "A"),
        ("https://b.example/2", "B"),
    ]


def test_what_an_earlier_version_stored_is_not_stored_again(coupang: lobbyx.Ledger) -> None:
    source = Source(
        "https://a.example/1",
        "Coupang spent $3.31 million on lobbying in 2024.",
        "2025-12-25",
        url="https://a.example/1",
    )
    coupang.record(source, coupang.check(source))
    coupang.db.execute("UPDATE claims SET source_sha256 = ?, reading = '{}'", [source.sha256])
    coupang.record(source, coupang.check(source))
    assert coupang.db.execute("SELECT count(*) FROM claims").fetchone()[0] == 1
    assert next(records.stored(coupang.db)).claim.stance == "asserted"


def test_a_claim_can_be_deleted_with_all_about_it(run: Run, coupang_db: Path) -> None:
    for year in (2024, 2025):
        run("check", f"Coupang spent $3.31 million on lobbying in {year}.", "--db", coupang_db)
    assert run("claims", "delete", "1", "--db", coupang_db).stdout == "claim 1 is deleted\n"
    with closing(connection.connect(coupang_db)) as db:
        assert [row[0] for row in db.execute("SELECT claim_id FROM verdicts")] == [2]
        assert db.execute("SELECT count(*) FROM evidence WHERE verdict_id = 1").fetchone()[0] == 0
    again = run("claims", "delete", "1", "--db", coupang_db)
    assert (again.returncode, "no stored claim has the number 1" in again.stderr) == (1, True)
    assert run("claims", "delete", "x", "--db", coupang_db).returncode == 2
    for number in ("9" * 26, str(2**63)):
        none = run("claims", "delete", number, "--db", coupang_db)
        assert (none.returncode, none.stdout, none.stderr.count("\n")) == (1, "", 1)
        assert f"no stored claim has the number {number}" in none.stderr


def test_what_is_not_determined_is_given_out(samples: lobbyx.Ledger) -> None:
    source = Source("text", "Microsoft spent $10 million on lobbying in 2023.", "2024-06-01", "given")
    samples.record(source, samples.check(source))
    (row,) = records.rows(samples.db)
    assert (row["verdict"], row["reason"], row["data_through"]) == ("unverifiable", "undetermined", None)
    assert {one["state"] for one in row["undetermined"]} == {"unknown"}


def test_a_recheck_remembers_the_organization_that_was_given(coupang_db: Path, run: Run) -> None:
    text = "It spent $580,000 lobbying Washington in the fourth quarter of 2025."
    assert run("check", text, "--published", "2026-01-23", "--org", "Coupang", "--db", coupang_db).returncode == 0
    assert run("claims", "recheck", "--db", coupang_db).returncode == 0
    (row,) = json.loads(run("claims", "list", "--db", coupang_db, "--json").stdout)
    assert (row["verdict"], row["organization"]) == ("supported", "Coupang, Inc.")
