"""What is derived from filings: kept when it cannot be made, made again when what it depends on has changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import lobbyx
from lobbyx.accounting import derive
from lobbyx.database import connection
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
