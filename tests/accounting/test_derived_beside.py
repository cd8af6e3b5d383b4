"""The ledger of a large database, added up by a second process."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from threading import active_count
from typing import Any

import pytest

from lobbyx.accounting import derive, derived_beside, ledger_rows
from lobbyx.accounting.successors import Successors
from lobbyx.database import connection
from lobbyx.lda import another_process as another
from lobbyx.lda.another_process import Channel, another_process, received_ahead
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
    with derived_beside.another() as derived_there:
        made = list(derived_there(ledger_rows.batches([], Successors({})), Successors({})))
    assert made == [([], [])]


def test_what_fails_there_leaves_what_was_derived(samples_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = derived(samples_db)

    given = ledger_rows.batches

    def broken(*args: Any) -> list[list[ledger_rows.Filing]]:
        return [[("no filing",)], *given(*args)]

    monkeypatch.setattr(derived_beside, "LARGE", 1)
    monkeypatch.setattr(ledger_rows, "batches", broken)
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


def count(channel: Channel) -> None:
    for number in range(20):
        channel.send(bytes([number]) * 100_000)


def test_what_is_received_ahead_comes_in_order_and_ends_where_the_process_does() -> None:
    found: list[int] = []
    with another_process(count) as channel, pytest.raises(EOFError):
        found.extend(message[99_999] for message in received_ahead(channel))
    assert found == list(range(20))


def test_whoever_stops_early_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    before = active_count()
    with another_process(count) as channel:
        assert next(received_ahead(channel))[0] == 0
    ends = time.monotonic() + 10
    while active_count() > before and time.monotonic() < ends:
        time.sleep(0.05)
    assert active_count() == before


def test_a_system_that_allows_no_large_pipes_is_only_slower(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = subprocess.Popen

    def forbidden(*args: Any, pipesize: int = -1, **kwargs: Any) -> subprocess.Popen[bytes]:
        if pipesize > 0:
            raise PermissionError(1, "not permitted")
        return usual(*args, **kwargs)

    monkeypatch.setattr(another.subprocess, "Popen", forbidden)
    with another_process(echo) as channel:
        channel.send(b"one")
        assert channel.receive() == b"one"


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
