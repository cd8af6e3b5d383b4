"""A file covers something only with a manifest that is true of it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from lobbyx.database import connection
from lobbyx.ingest.coverage import listings
from lobbyx.ingest.manifest import is_manifest, load_file
from lobbyx.model import resources
from lobbyx.model.period import Window
from tests.conftest import SAMPLES, Run, filing

SHIPPED = resources.path("coupang/filings.csv")
D = date.fromisoformat


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connection.connect(tmp_path / "x.db", create=True)) as opened:
        yield opened


def shipped(folder: Path, **changes: Any) -> Path:
    """The shipped file in a folder, and its manifest with some fields changed (None takes one out)."""
    file = Path(shutil.copy(SHIPPED, folder / "filings.csv"))
    document = json.loads(SHIPPED.with_name("filings.csv.manifest.json").read_text()) | changes
    kept = {name: value for name, value in document.items() if value is not None}
    file.with_name("filings.csv.manifest.json").write_text(json.dumps(kept))
    return file


def test_a_true_manifest_covers(db: sqlite3.Connection, tmp_path: Path) -> None:
    loaded, problem = load_file(db, shipped(tmp_path), D("2026-11-25"))
    assert (loaded.added["filing"], problem) == (80, None)
    (one,) = listings(db)
    assert (one.endpoint, one.filters, one.filing_year) == ("filings", {"client_name": "Coupang"}, None)
    assert one.posted == Window(D("1999-01-01"), D("2026-07-20"))
    assert (one.count, one.received, one.source) == (80, 80, "official API, collected 2026")
    row = db.execute("SELECT file FROM coverage JOIN fetches f ON f.id = fetch_id").fetchone()
    assert row["file"] == "filings.csv"
    assert load_file(db, tmp_path / "filings.csv")[0].unchanged["filing"] == 80  # again: counted just so
    assert listings(db) == [one]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"count": 81}, "it counts 81 filings, the file has 80"),
        ({"sha256": "0" * 64}, "its sha256 is not that of filings.csv"),
        ({"sha256": "xyz"}, "sha256 must be 64 hexadecimal digits"),
        ({"sha256": None}, "sha256 must be a text"),
        ({"count": True}, "count must be a number"),
        ({"count": -1}, "count must be a number"),
        ({"filters": {"search": "Coupang"}}, "filings has no filter 'search'"),
        ({"filters": ["client_name"]}, "filters must be an object"),
        ({"filters": {"filing_year": "two"}}, "filing_year takes"),
        ({"endpoint": "filngs"}, "the API has no listing"),
        ({"endpoint": "contributions", "filters": {}}, "it counts 80 contributions, the file has 0"),
        ({"posted_to": "lately"}, "posted_to must be a date"),
        ({"posted_to": None}, "posted_to must be a date"),
        ({"posted_to": "1998-01-01"}, "posted_to is before posted_from"),
        ({"posted_to": "2031-01-01"}, "posted_to 2031-01-01 is yet to come"),
        ({"source": 7}, "source must be a text"),
    ],
)
def test_what_is_not_true_is_told_and_covers_nothing(
    db: sqlite3.Connection, tmp_path: Path, changes: dict[str, Any], problem: str
) -> None:
    loaded, told = load_file(db, shipped(tmp_path, **changes), D("2026-11-25"))
    assert loaded.added["filing"] == 80
    assert problem in (told or "")
    assert listings(db) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b" " * (2 << 20)])
def test_what_is_no_manifest(db: sqlite3.Connection, tmp_path: Path, body: bytes) -> None:
    file = shipped(tmp_path)
    file.with_name("filings.csv.manifest.json").write_bytes(body)
    loaded, told = load_file(db, file)
    assert loaded.added["filing"] == 80
    assert "covers nothing" in (told or "")
    assert listings(db) == []


def test_a_record_that_comes_twice_counts_once(db: sqlite3.Connection, tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text("".join(json.dumps(filing(number)) + "\n" for number in (1, 2, 2)))
    about = {"endpoint": "filings", "filters": {}, "posted_to": "2026-01-01", "source": "here"}
    digest = sha256(file.read_bytes()).hexdigest()
    for count, covered in ((3, 0), (2, 1)):
        (tmp_path / "some.jsonl.manifest.json").write_text(json.dumps({**about, "count": count, "sha256": digest}))
        load_file(db, file)
        assert len(listings(db)) == covered
    assert listings(db)[0].posted == Window(None, D("2026-01-01"))


@pytest.mark.parametrize("whole", [True, False])
def test_a_zip_of_the_archive_covers_only_with_a_manifest_and_whole(
    db: sqlite3.Connection, tmp_path: Path, whole: bool
) -> None:
    file = Path(shutil.copy(SAMPLES.parent / "bulk" / "2016_4.zip", tmp_path / "2016_4.zip"))
    if not whole:
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("2016_4thQuarter_XML/broken.xml", "<PublicFilings><Filing")
    loaded, problem = load_file(db, file)
    assert (listings(db), problem, bool(loaded.left_out)) == ([], None, not whole)
    manifest = {
        "endpoint": "filings",
        "filters": {},
        "posted_from": "2016-10-01",
        "posted_to": "2016-12-31",
        "count": db.execute("SELECT count(*) FROM filings").fetchone()[0],
        "sha256": sha256(file.read_bytes()).hexdigest(),
        "source": "the Senate's bulk archive",
    }
    file.with_name("2016_4.zip.manifest.json").write_text(json.dumps(manifest))
    _, problem = load_file(db, file)
    assert ("cannot be read" in (problem or "")) == (not whole)
    assert [one.posted for one in listings(db)] == ([Window(D("2016-10-01"), D("2016-12-31"))] if whole else [])


def test_load_tells_and_goes_on(run: Run) -> None:
    shipped(run.folder, count=7)
    shutil.copy(SAMPLES / "registrants__country-US.json", run.folder / "others.json")
    done = run("load", *sorted(run.folder.glob("*.*")))
    assert done.returncode == 0, done.stderr
    assert "warning: filings.csv.manifest.json: it counts 7 filings, the file has 80" in done.stderr
    assert "filings.csv: 80 added" in done.stdout
    assert "manifest" not in done.stdout  # no file of records of its own
    assert run("coverage", "--json").stdout.count('"endpoint"') == 0


def test_a_manifest_is_one_only_beside_its_file(tmp_path: Path) -> None:
    file = shipped(tmp_path)
    assert is_manifest(tmp_path / "filings.csv.manifest.json")
    assert not is_manifest(file)
    file.unlink()
    assert not is_manifest(tmp_path / "filings.csv.manifest.json")
