"""The claims of many articles. `lobbyx.extract` is a pure function of a text, so any scheduler can distribute it.

`frames` takes tables of articles (columns `id`, `text` and, if known, `published`) and gives tables of claims. It runs
unchanged in PySpark:

    articles.mapInPandas(corpus.frames, schema=corpus.SPARK_SCHEMA)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from lobbyx.reading.claims import extract
from lobbyx.reading.html_page import day

COLUMNS = (
    "id",
    "text",
    "start",
    "end",
    "kind",
    "org",
    "value",
    "currency",
    "comparator",
    "window_start",
    "window_end",
    "window_text",
    "missing",
    "detail",
)
SPARK_SCHEMA = (
    "id string, text string, start long, end long, kind string, org string, value double, currency string, "
    "comparator string, window_start string, window_end string, window_text string, missing string, detail string"
)


def rows(identifier: str, text: str, published: str | None = None) -> list[dict[str, Any]]:
    """The claims of one article as flat rows (COLUMNS), with lists as JSON. A date that cannot be read is ignored."""
    found = []
    for claim in extract(text, day(published)):
        known: Mapping[str, Any] = claim.json()
        window = known["window"]
        found.append(
            {
                "id": identifier,
                **{name: known[name] for name in COLUMNS if name in known and name not in ("missing", "detail")},
                "window_start": window["start"],
                "window_end": window["end"],
                "window_text": window["text"],
                "missing": json.dumps(known["missing"]),
                "detail": json.dumps(known["detail"], ensure_ascii=False),
            }
        )
    return found


def frames(batches: Iterable[Any]) -> Iterator[Any]:
    """Turns tables of articles into tables of claims, for PySpark's `mapInPandas` and others that pass DataFrames."""
    import pandas as pd

    for batch in batches:
        dates = batch["published"] if "published" in batch else [None] * len(batch)
        found = [
            row
            for identifier, text, published in zip(batch["id"], batch["text"], dates, strict=True)
            if isinstance(text, str)
            for row in rows(str(identifier), text, _day_text(published))
        ]
        claims = pd.DataFrame(found, columns=list(COLUMNS))
        yield claims.astype({"value": "float64", "start": "int64", "end": "int64"})


def _day_text(published: Any) -> str | None:
    """A publication date as text, from text, a date, a datetime or a pandas Timestamp; None for anything else (NaT)."""
    if isinstance(published, str):
        return published
    if not isinstance(published, date) or published != published:  # NaT is no day, and not even itself
        return None
    return f"{published:%Y-%m-%d}"
