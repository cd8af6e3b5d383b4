"""What is derived from filings: kept when it cannot be made, made again when what it depends on has changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import lobbyx
import lobbyx.ledger
from lobbyx.accounting import derive
from lobbyx.database import connection
from lobbyx.model import resources
from lobbyx.model.errors import LobbyxError
from lobbyx.organizations import candidates


def test_filings_that_cannot_be_derived_from_are_kept_and_what_was_derived_stays(
    coupang_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*arguments: object) -> None:
        raise KeyError(8)

    with closing(connection.connect(coupang_db)) as db:
        connection.mark_stale(db)
    with monkeypatch.context() as patched:
        patched.setattr(candidates, "find_candidates", breaks)
        with pytest.raises(LobbyxError, match=r"KeyError: 8\). The filings are kept"):
            lobbyx.open(coupang_db)
    with closing(connection.connect(coupang_db)) as db:
        assert db.execute("SELECT count(*) FROM ledger_lines").fetchone()[0] > 60
    with lobbyx.open(coupang_db) as ledger:
        assert ledger.total("Coupang", "2024", "2024").methods["lda"].reported == 3_310_000


def test_other_rules_or_decisions_make_what_was_derived_stale(
    coupang_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = coupang_db.with_name("organizations.csv")
    with closing(connection.connect(coupang_db)) as db:
        assert not derive.is_stale(db)
        with monkeypatch.context() as patched:
            patched.setattr(derive, "_shipped", lambda: b"another version")
            assert derive.is_stale(db)
        own.write_text("relation,name,other,source\nsame,COUPANG INC,TREEHOUSE CORP,a letter\n")
        assert derive.is_stale(db)
    with lobbyx.open(coupang_db) as ledger:
        assert not derive.is_stale(ledger.db)
        assert ledger.organization("Treehouse Corp").name == "Coupang, Inc."
        own.unlink()
        assert derive.is_stale(ledger.db)


def test_a_database_of_an_earlier_version_is_resolved_again_when_it_is_opened(coupang_db: Path) -> None:
    with closing(connection.connect(coupang_db)) as db:
        db.execute("DELETE FROM state WHERE key = 'derived_by'")
        db.execute("UPDATE organizations SET name = 'as an earlier version wrote it'")
        client = db.execute("SELECT id FROM clients").fetchone()[0]
        connection.mark_touched(db, [client])  # not only what was touched is derived again
        assert derive.is_stale(db)
    with lobbyx.open(coupang_db) as ledger:
        assert ledger.organization("Coupang").name == "Coupang, Inc."
        assert not derive.is_stale(ledger.db)


def test_a_database_that_cannot_be_written_to_keeps_what_was_derived(coupang_db: Path) -> None:
    with closing(connection.connect(coupang_db)) as db:
        db.execute("DELETE FROM state WHERE key = 'derived_by'")
    with closing(sqlite3.connect(f"file:{coupang_db}?mode=ro", uri=True, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        assert derive.is_stale(db)
        derive.bring_up_to_date(db)
        assert lobbyx.ledger.Ledger(db, coupang_db).organization("Coupang").name == "Coupang, Inc."
    with closing(connection.connect(coupang_db)) as db:
        connection.mark_stale(db)
    with closing(sqlite3.connect(f"file:{coupang_db}?mode=ro", uri=True, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        with pytest.raises(connection.CannotWrite, match="readonly"):
            derive.bring_up_to_date(db)


def test_every_shipped_table_of_names_is_in_the_fingerprint() -> None:
    tables = {f"organizations/{file.name}" for file in resources.path("organizations").glob("*.csv")}
    assert tables <= set(derive.READ)
    assert all(resources.path(name).is_file() for name in derive.READ)


def test_an_empty_database_is_not_stale(tmp_path: Path) -> None:
    with closing(connection.connect(tmp_path / "new.db", create=True)) as db:
        assert not derive.is_stale(db)
