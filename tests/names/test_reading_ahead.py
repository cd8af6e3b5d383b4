"""Names read ahead in a thread."""

from __future__ import annotations

import time

from lobbyx.names import explain
from lobbyx.names.reading_ahead import reading_ahead


def test_names_are_read_until_the_block_ends() -> None:
    asked: list[str] = []

    def names() -> list[str]:
        asked.extend(f"AHEAD {n}, INC." for n in range(3))
        return asked

    before = explain.cache_info().currsize
    with reading_ahead() as begin:
        begin(names())
        ends = time.monotonic() + 30
        while explain.cache_info().currsize < before + 3 and time.monotonic() < ends:
            time.sleep(0.01)
    hits = explain.cache_info().hits
    assert [explain(name).normalized for name in asked] == [f"AHEAD {n}" for n in range(3)]
    assert explain.cache_info().hits == hits + 3


def test_an_endless_list_ends_with_the_block() -> None:
    def forever() -> object:
        while True:
            yield "AHEAD, INC."

    with reading_ahead() as begin:
        begin(forever())  # type: ignore[arg-type]
