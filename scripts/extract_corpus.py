#!/usr/bin/env python3
"""Finds the claims of a whole corpus, on all cores: `.venv/bin/python scripts/extract_corpus.py SOURCE OUT.jsonl`.

SOURCE is a folder of .txt, .md and .html files, or a Parquet file with the columns id, text and (if known) published
(`pip install 'lobbyx[corpus]'`). Each claim becomes one JSON line. If a file cannot be read, it is named on stderr and
left out. On a cluster, use `lobbyx.reading.corpus.frames` with PySpark's mapInPandas: it is the same function.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pool, cpu_count
from pathlib import Path

from lobbyx.model.errors import LobbyxError
from lobbyx.reading import corpus
from lobbyx.reading.source import PAGES, PLAIN, read

Article = tuple[str, str, str | None]


def of_file(path: Path) -> tuple[str, list[dict[str, object]]]:
    """The claims of one file, or why there are none."""
    try:
        source = read(path)
    except LobbyxError as error:
        return str(error), []
    return "", corpus.rows(path.name, source.text, source.published)


def of_article(article: Article) -> tuple[str, list[dict[str, object]]]:
    """The claims of one row."""
    return "", corpus.rows(*article)


def of_parquet(path: Path) -> Iterator[Article]:
    """The rows of a Parquet file, a few at a time."""
    import pyarrow.parquet as parquet

    file = parquet.ParquetFile(path)
    known = [name for name in ("id", "text", "published") if name in file.schema_arrow.names]
    if known[:2] != ["id", "text"]:
        sys.exit(f"{path}: needs the columns id and text")
    for batch in file.iter_batches(batch_size=1_000, columns=known):
        for row in batch.to_pylist():
            published = row.get("published")
            yield str(row["id"]), row["text"] or "", None if published is None else str(published)


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} FOLDER|FILE.parquet OUT.jsonl")
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    started, texts, claims = time.monotonic(), 0, 0
    with Pool(cpu_count()) as pool, out.open("w", encoding="utf-8") as lines:
        if source.is_dir():
            wanted = PLAIN + PAGES
            files = sorted(path for path in source.rglob("*") if path.suffix.lower() in wanted)
            results = pool.imap(of_file, files, chunksize=20)
        elif source.is_file():
            results = pool.imap(of_article, of_parquet(source), chunksize=100)
        else:
            sys.exit(f"{source}: there is no such folder or file")
        for problem, rows in results:
            texts += 1
            claims += len(rows)
            if problem:
                print(problem, file=sys.stderr)
            lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    took = time.monotonic() - started
    print(f"{texts:,} texts, {claims:,} claims, {texts / max(took, 0.001):,.0f} texts a second", file=sys.stderr)


if __name__ == "__main__":
    main()
