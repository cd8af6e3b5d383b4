"""A progress bar on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def progress_bar(what: str, total: int | None) -> Iterator[Callable[..., None]]:
    """A bar with rate and time left, while the block runs.

    Gives a function: without arguments it counts one, with two it sets how many of how many are done. Nothing is shown
    if stderr is not a terminal.
    """
    if not sys.stderr.isatty() or total == 1:
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeLeft())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)

        def advance(*done_and_total: int) -> None:
            if done_and_total:
                bar.update(task, completed=done_and_total[0], total=done_and_total[1])
            else:
                bar.advance(task)

        yield advance


def steps(items: Sequence[T], what: str) -> Iterator[T]:
    """The items, one by one, with a bar that counts them."""
    with progress_bar(what, len(items)) as advance:
        for item in items:
            yield item
            advance()
