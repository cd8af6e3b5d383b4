"""Reads names that will be asked for, in a thread, while SQLite works and leaves the interpreter free."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from lobbyx.names.normalization import explain


@contextmanager
def reading_ahead() -> Iterator[Callable[[Iterable[str]], None]]:
    """Gives what begins to read names; `explain` remembers them. The block's end ends the reading, done or not."""
    ended = Event()
    threads: list[Thread] = []

    def read(names: Iterable[str]) -> None:
        for name in names:
            if ended.is_set():
                return
            explain(name)

    def begin(names: Iterable[str]) -> None:
        threads.append(Thread(target=read, args=(names,), daemon=True))
        threads[-1].start()

    try:
        yield begin
    finally:
        ended.set()
        for thread in threads:
            thread.join()
