"""`lobbyx topic`: text and JSON, readings, dates, and what cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Run


def test_a_topic_as_text(run: Run, coupang_db: Path) -> None:
    done = run("topic", "export", "--db", coupang_db)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Read as words")
    assert lines[1] == "15 reports and 3 registrations on file name it, for 1 organization."
    assert "no part of that amount can be assigned to a topic" in lines[2]
    assert ["2026", "Q1", "7", "1", "0", "3"] in [line.split() for line in lines]
    assert "Who started:" in lines
    assert "$" not in done.stdout


def test_a_topic_as_json_is_that_of_the_page(run: Run, coupang_db: Path) -> None:
    done = run("topic", "export", "--since", "2026Q2", "--json", "--db", coupang_db)
    found = json.loads(done.stdout)
    assert found["window"] == {"start": "2026-04-01", "end": None}
    assert [(p["period"], p["reports"]) for p in found["periods"]] == [("2026 Q2", 6)]
    assert found["topic"] == {"kind": "words", "name": "export", "code": None, "otherwise": None}


def test_readings(run: Run, coupang_db: Path) -> None:
    assert "general issue Trade" in run("topic", "trade", "--db", coupang_db).stdout
    assert run("topic", "trade", "--as", "words", "--db", coupang_db).stdout.startswith("Read as words")
    assert "No filing on file names this." in run("topic", "H.R. 99999", "--db", coupang_db).stdout


def test_what_cannot_be_asked(run: Run, coupang_db: Path) -> None:
    for arguments in (["topic", " "], ["topic"], ["topic", "x", "--as", "money"], ["topic", "x", "--since", "soon"]):
        done = run(*arguments, "--db", coupang_db)
        assert (done.returncode, done.stdout) == (2, ""), arguments
    backwards = run("topic", "export", "--since", "2025", "--until", "2024", "--db", coupang_db)
    assert (backwards.returncode, backwards.stderr.count("\n")) == (1, 1)
