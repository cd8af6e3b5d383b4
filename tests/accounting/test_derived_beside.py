"""The ledger of a large database, added up by a second process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lobbyx.accounting import derive, derived_beside, ledger_rows
from lobbyx.accounting.successors import Successors
from lobbyx.database import connection
from lobbyx.lda.another_process import Channel, another_process
from lobbyx.model.errors import LobbyxError

DERIVED = ("ledger_lines", "period_counts", "organization_names", "successions")


def derived(path: Path) -> list[list[tuple[Any, ...]]]:
    with closing(connection.connect(path)) as db:
        with connection.transaction(db):
            derive.derive_all(db)
        return [sorted(map(tuple, db.execute(f"SELECT * FROM {table}"))) for table in DERIVED]


@pytest.mark.parametrize("batch", [1, 5_000])
def test_the_second_process_makes_the_same_rows(samples_db: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    alone = derived(samples_db)
    assert all(alone[:2])
    monkeypatch.setattr(ledger_rows, "BATCH", batch)
    monkeypatch.setattr(derived_beside, "LARGE", 1)
    assert derived(samples_db) == alone


def test_no_filings_make_no_rows() -> None:
    made = list(derived_beside.derived(ledger_rows.batches([], Successors({})), Successors({})))
    assert made == [([], [])]


def test_what_fails_there_leaves_what_was_derived(samples_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = derived(samples_db)

    def broken(batches: Iterator[list[ledger_rows.Filing]], passing_on: Successors) -> Iterator[ledger_rows.Rows]:
        return given([[("no filing",)], *batches], passing_on)

    given = derived_beside.derived
    monkeypatch.setattr(derived_beside, "LARGE", 1)
    monkeypatch.setattr(derived_beside, "derived", broken)
    with pytest.raises(LobbyxError, match="has failed"):
        derived(samples_db)
    monkeypatch.undo()
    with closing(connection.connect(samples_db)) as db:
        assert [sorted(map(tuple, db.execute(f"SELECT * FROM {table}"))) for table in DERIVED] == before


def echo(channel: Channel) -> None:
    """Sends back what comes, until told to fail."""
    while (message := channel.receive()) != b"fail":
        print("what is printed goes elsewhere")
        channel.send(message)


def test_messages_of_any_size_come_back_whole(capfd: pytest.CaptureFixture[str]) -> None:
    with another_process(echo) as channel:
        for message in (b"", b"one", b"x" * 3_000_000):
            channel.send(message)
            assert channel.receive() == message
        channel.send(b"fail")
        with pytest.raises(EOFError):
            channel.receive()
    with pytest.raises((EOFError, OSError, ValueError)):
        channel.receive()
    assert "elsewhere" not in capfd.readouterr().out


def test_a_script_needs_no_guard(samples_db: Path, tmp_path: Path) -> None:
    """`multiprocessing` would run it again."""
    script = tmp_path / "script.py"
    script.write_text(
        "from lobbyx.accounting import derive, derived_beside\n"
        "from lobbyx.database import connection\n"
        "derived_beside.LARGE = 1\n"
        f"db = connection.connect({str(samples_db)!r})\n"
        "with connection.transaction(db):\n    derive.derive_all(db)\n"
        "print('done')\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=100, check=False)
    assert (done.stdout, done.stderr) == ("done\n", "")
