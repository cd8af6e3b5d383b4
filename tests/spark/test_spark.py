"""On Spark: a corpus gives the claims that one process finds, and an export the documented total."""

from __future__ import annotations

import random
from contextlib import chdir
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lobbyx.reading import corpus
from tests.database.test_export import QUERIES, total_of_2024, written

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore")]
ARTICLES = 3_000
NAMES = ("Acme Widgets", "Boreal Energy", "Cobalt Rail", "Delta Foods", "Ember Health")
KOREAN = ("가온전자", "나래오토", "다온에너지")
LOBBYING = (
    "{name} spent ${n} million on lobbying last year.",
    "{name} spent at least ${n} million on federal lobbying in 2023, and ${n}50,000 in the first quarter of 2024.",
    "{korean}는 지난해 미국 로비에 {n}00만 달러를 썼다.",
    "It is not true that {name} spent ${n} million on lobbying in 2022.",
)
OTHER = (
    "{name} opened a plant that cost ${n} million.\n\nIts neighbors were invited.",
    "{korean}는 공장 증설에 {n}억원을 투자한다고 밝혔다.",
    "The council met on Tuesday and adjourned after {n} minutes.",
    "",
)


def articles() -> pd.DataFrame:
    """Articles of which one in four speaks of lobbying, with days as text, unreadable days and none."""
    dice = random.Random(17)
    rows = []
    for number in range(ARTICLES):
        sentences = LOBBYING if number % 4 == 0 else OTHER
        words = {"name": dice.choice(NAMES), "korean": dice.choice(KOREAN), "n": dice.randint(2, 9)}
        text = dice.choice(sentences).format(**words)
        day = dice.choice(["2025-01-23", "2024-11-02", "2025년 3월 1일", "yesterday", None])
        rows.append((f"article-{number}", text if number % 50 else None, day))
    return pd.DataFrame(rows, columns=["id", "text", "published"])


def as_rows(claims: pd.DataFrame) -> list[tuple[Any, ...]]:
    return sorted(
        (tuple(None if pd.isna(value) else value for value in row) for row in claims.itertuples(index=False)), key=repr
    )


def test_a_corpus_gives_the_claims_that_one_process_finds(spark: Any) -> None:
    frame = articles()
    (single,) = corpus.frames([frame])
    schema = "id string, text string, published string"
    rows = [tuple(None if pd.isna(value) else value for value in row) for row in frame.itertuples(index=False)]
    spread = spark.createDataFrame(rows, schema).repartition(8)
    claims = spread.mapInPandas(corpus.frames, schema=corpus.SPARK_SCHEMA)
    found = pd.DataFrame([row.asDict() for row in claims.collect()], columns=list(corpus.COLUMNS))
    assert as_rows(found) == as_rows(single)
    assert len(found) > ARTICLES / 8
    assert {"Acme Widgets", "가온전자"} <= set(found.org)


def test_the_documented_query_gives_the_total(
    spark: Any, coupang_db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(coupang_db, tmp_path / "export", "parquet")
    (query,) = [q for q in QUERIES if "spark.read" in q]
    with chdir(tmp_path):
        # Java does not follow a change of folder.
        exec(query.replace('"export/', f'"{tmp_path}/export/'), {"spark": spark})
    assert capsys.readouterr().out.strip() == f"{total_of_2024(coupang_db):.2f}" == "3310000.00"
    kinds = dict(spark.read.parquet(f"{tmp_path}/export/reports").dtypes)
    assert (kinds["filing_year"], kinds["amount"], kinds["period_start"]) == ("int", "decimal(18,2)", "date")
