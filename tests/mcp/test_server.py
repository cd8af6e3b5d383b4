"""The server for assistants, asked by the SDK's own client as a process of its own."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")

import anyio
from mcp import ClientSession, StdioServerParameters, stdio_client

import lobbyx
from lobbyx.accounting import topics
from lobbyx.mcp import answers
from lobbyx.mcp.server import LONGEST_TEXT
from lobbyx.model.period import Window
from lobbyx.model.topic import read_topic
from lobbyx.reading.source import Source
from tests.conftest import ROOT

PROGRAM = "from lobbyx.cli import main; main()"
SENTENCE = "Coupang has spent at least $10 million on lobbying since August 2021, filings show."


def ask(db: Path, *questions: tuple[str, dict[str, Any]]) -> list[Any]:
    """What the server answers to each question, in one session; first what tools it has."""

    async def talk() -> list[Any]:
        server = StdioServerParameters(command=sys.executable, args=["-c", PROGRAM, "mcp", "--db", str(db)], cwd=ROOT)
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            return [await session.list_tools(), *[await session.call_tool(name, given) for name, given in questions]]

    return anyio.run(talk)


def content(answer: Any) -> dict[str, Any]:
    assert not answer.is_error, answer.content
    found: dict[str, Any] = json.loads(answer.content[0].text)
    return found


@pytest.fixture
def checked_db(coupang_db: Path) -> Path:
    with lobbyx.open(coupang_db) as ledger:
        source = Source("text", SENTENCE, "2025-12-25")
        ledger.record(source, ledger.check(source, "2025-12-25"))
    return coupang_db


def test_an_assistant_checks_asks_and_searches(checked_db: Path) -> None:
    before = hashlib.sha256(checked_db.read_bytes()).hexdigest()
    listed, checked, judged, total, search, filings = ask(
        checked_db,
        ("check_text", {"text": SENTENCE, "published": "2025-12-25"}),
        ("judge_claim", {"org": "Coupang", "amount": "10M", "comparator": "at_least", "since": "2021-08", "until": "2025-12-25"}),
        ("total", {"org": "Coupang", "since": "2021-08", "until": "2025-12-25", "as_of": "2025-12-25"}),
        ("search", {"words": "coupang"}),
        ("filings_behind_verdict", {"verdict_id": 1}),
    )  # fmt: skip
    names = {tool.name for tool in listed.tools}
    assert names == {"check_text", "judge_claim", "total", "search", "topic", "filings_behind_verdict"}
    assert all(tool.annotations.read_only_hint for tool in listed.tools)
    with lobbyx.open(checked_db) as ledger:
        (wanted,) = ledger.check(SENTENCE, "2025-12-25")
        known = ledger.total("Coupang", "2021-08", "2025-12-25", "2025-12-25")
    (claim,) = content(checked)["claims"]
    assert (claim["verdict"], claim["explanation"]) == (wanted.verdict, wanted.explanation)
    assert [one["filing_uuid"] for one in claim["filings"]] == wanted.evidence[: answers.MOST_FILINGS]
    assert claim["filings"][0]["url"].startswith("https://lda.gov/filings/public/filing/")
    assert content(judged)["claims"][0]["totals"].keys() == known.methods.keys()
    assert content(total)["methods"]["lda"] == known.methods["lda"].json()
    assert content(search)["organizations"][0]["name"] == "Coupang, Inc."
    assert content(filings)["filings"]
    assert hashlib.sha256(checked_db.read_bytes()).hexdigest() == before


def test_what_must_be_read_first_stands_first(coupang_db: Path) -> None:
    with lobbyx.open(coupang_db) as ledger:
        ledger.db.execute("DELETE FROM coverage")
    _, unknown, none, planned = ask(
        coupang_db,
        ("total", {"org": "Coupang", "since": "2019", "until": "2025", "as_of": "2026-07-20"}),
        ("check_text", {"text": "The sky is blue."}),
        ("check_text", {"text": "Coupang plans to spend $5 million on lobbying next year.", "published": "2025-12-25"}),
    )
    assert next(iter(content(unknown))) == "read_this_first"
    assert "only its lower bound holds" in content(unknown)["read_this_first"][0]
    assert "No claim" in content(none)["read_this_first"][0]
    assert "planned in the text" in content(planned)["read_this_first"][0]


def test_an_assistant_asks_who_lobbied_on_a_topic(samples_db: Path, coupang_db: Path) -> None:
    before = hashlib.sha256(coupang_db.read_bytes()).hexdigest()
    _, words, issue, none = ask(
        coupang_db,
        ("topic", {"topic": "export"}),
        ("topic", {"topic": "trade", "kind": "issue", "since": "2025"}),
        ("topic", {"topic": "zzzz"}),
    )
    with lobbyx.open(coupang_db) as ledger:
        known = topics.topic(ledger.db, read_topic("export"), Window())
    answer = content(words)
    assert next(iter(answer)) == "read_this_first"
    assert "no part of that amount can be assigned to a topic" in answer["read_this_first"][0]
    assert answer["reports"] == known["reports"] > 0
    assert answer["periods"] == known["periods"][-answers.MOST_PERIODS :]
    assert [one["url"] for one in answer["filings"]] == [one["url"] for one in known["filings"]]
    assert all("export" in one["passage"].lower() for one in answer["filings"])
    assert content(issue)["topic"]["code"] == "TRD"
    assert "No filing on file names this" in " ".join(content(none)["read_this_first"])
    assert hashlib.sha256(coupang_db.read_bytes()).hexdigest() == before
    _, unknown = ask(samples_db, ("topic", {"topic": "TRD"}))
    assert any("Reports may be missing for" in one for one in content(unknown)["read_this_first"])


@pytest.mark.parametrize(
    ("tool", "given", "told"),
    [
        ("total", {"org": "Nobody At All"}, "Nobody At All"),
        ("total", {"org": "Coupang", "since": "someday"}, "cannot read the date"),
        ("judge_claim", {"org": "Coupang", "amount": "lots"}, "cannot read the amount"),
        ("filings_behind_verdict", {"verdict_id": 999}, "there is no verdict 999"),
        ("check_text", {"text": "x" * (LONGEST_TEXT + 1)}, "at most"),
        ("search", {"words": '" OR 1=1 --'}, ""),
        ("topic", {"topic": '" OR 1=1 --'}, ""),
        ("topic", {"topic": "x" * 201}, "at most"),
        ("topic", {"topic": "export", "since": "someday"}, "cannot read the date"),
        ("topic", {"topic": "export", "kind": "money"}, "'words', 'issue' or 'bill'"),
        ("topic", {"topic": "export", "part": 99}, "There is no part 99"),
    ],
)
def test_a_wrong_question_is_told_in_a_sentence(coupang_db: Path, tool: str, given: dict[str, Any], told: str) -> None:
    _, answer = ask(coupang_db, (tool, given))
    text = answer.content[0].text
    assert told in text
    assert answer.is_error == bool(told)
    assert "Traceback" not in text
    assert "\\n  File" not in text


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        (lambda db: db.unlink(), "there is no database at"),
        (lambda db: db.write_text("not a database"), "cannot be opened as an SQLite database"),
    ],
)
def test_a_database_that_cannot_be_read_ends_it(coupang_db: Path, prepare: Callable[[Path], object], told: str) -> None:
    prepare(coupang_db)
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, "mcp", "--db", str(coupang_db)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert told in ended.stderr


def test_without_the_sdk_the_command_says_what_to_install(coupang_db: Path) -> None:
    program = f"import sys; sys.modules['mcp.server.mcpserver'] = None; {PROGRAM}"
    ended = subprocess.run(
        [sys.executable, "-c", program, "mcp", "--db", str(coupang_db)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "pip install 'lobbyx[mcp]'" in ended.stderr
    assert "Traceback" not in ended.stderr
