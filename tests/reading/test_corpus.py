"""Many articles at once: in tables and in a folder. `tests/spark` has them on Spark."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from lobbyx.reading import corpus
from tests.conftest import ROOT

ARTICLES = pd.DataFrame(
    {
        "id": [1, 2, 3, 4],
        "text": [
            "Acme spent $3 million on lobbying last year.",
            "Nothing here.",
            None,
            "쿠팡은 지난해 로비에 331만달러를 썼다.",
        ],
        "published": ["2025-01-23", "2025-01-23", None, "2025년 3월 1일"],
    }
)


def test_tables_of_articles_give_tables_of_claims() -> None:
    (claims,) = corpus.frames([ARTICLES])
    assert list(claims.columns) == list(corpus.COLUMNS)
    assert claims[["id", "org", "value", "window_start"]].values.tolist() == [
        ["1", "Acme", 3_000_000, "2024-01-01"],
        ["4", "쿠팡", 3_310_000, "2024-01-01"],
    ]
    (empty,) = corpus.frames([ARTICLES.iloc[1:2]])
    assert (len(empty), list(empty.columns)) == (0, list(corpus.COLUMNS))
    (undated,) = corpus.frames([ARTICLES.drop(columns="published").iloc[:1]])
    assert json.loads(undated.missing[0]) == ["published"]


@pytest.mark.parametrize(
    "published",
    [
        pd.Timestamp("2025-01-23T09:00"),
        pd.Timestamp("2025-01-23T09:00", tz="Asia/Seoul"),
        date(2025, 1, 23),
        datetime(2025, 1, 23, 9),
        "2025-01-23",
    ],
)
def test_publication_days_of_every_type_are_read(published: object) -> None:
    articles = pd.DataFrame(
        {"id": [1], "text": ["Acme spent $3 million on lobbying last year."], "published": [published]}
    )
    (claims,) = corpus.frames([articles])
    assert claims.window_start.tolist() == ["2024-01-01"]


@pytest.mark.parametrize("published", [pd.NaT, None, float("nan"), 20250123])
def test_what_is_no_day_counts_as_none(published: object) -> None:
    articles = pd.DataFrame(
        {"id": [1], "text": ["Acme spent $3 million on lobbying last year."], "published": [published]}
    )
    (claims,) = corpus.frames([articles])
    assert json.loads(claims.missing[0]) == ["published"]


def test_a_folder_is_read_on_all_cores(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    (folder / "inner").mkdir(parents=True)
    (folder / "a.txt").write_text("Published Jan. 23, 2025\n\nAcme spent $3 million on lobbying last year.\n")
    (folder / "inner" / "b.html").write_text("<p>Acme spent $2 million on lobbying in 2023, filings show.</p>")
    (folder / "broken.txt").write_bytes(b"\xff\xfe\x00")
    out = tmp_path / "claims.jsonl"
    script = [sys.executable, str(ROOT / "scripts" / "extract_corpus.py")]
    done = subprocess.run([*script, str(folder), str(out)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "3 texts, 2 claims" in done.stderr
    assert "broken.txt" in done.stderr
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(f["id"], f["value"], f["window_start"]) for f in found] == [
        ("a.txt", 3_000_000, "2024-01-01"),
        ("b.html", 2_000_000, "2023-01-01"),
    ]
    assert subprocess.run([*script, "none", str(out)], capture_output=True, timeout=120).returncode == 1
