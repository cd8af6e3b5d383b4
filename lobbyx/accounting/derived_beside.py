"""The rows of the ledger of a large database, made by another process while this one reads filings and writes rows."""

from __future__ import annotations

import marshal
import pickle
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from lobbyx.accounting.ledger_rows import Deriving, Filing, Rows, deriving
from lobbyx.accounting.successors import Successors
from lobbyx.lda.another_process import Channel, another_process
from lobbyx.model.errors import LobbyxError

LARGE: Final = 40_000
"""Filings from which on this pays: starting the process takes a quarter of a second."""


@contextmanager
def another() -> Iterator[Deriving]:
    """Starts the other process, and gives what has it derive. It derives from the next batch while one is written."""
    with another_process(_derive) as channel:
        yield partial(_derived, channel)


def _derived(channel: Channel, batches: Iterable[list[Filing]], passing_on: Successors) -> Iterator[Rows]:
    """The rows of each batch, in order.

    Raises LobbyxError where the other process fails; what is wrong stands on its standard error.
    """
    try:
        channel.send(pickle.dumps(passing_on))
        waiting = False
        for batch in batches:
            packed = marshal.dumps(batch)
            done = channel.receive() if waiting else None
            channel.send(packed)
            waiting = True
            if done is not None:
                yield marshal.loads(done)  # noqa: S302  (from our own process)
        if waiting:
            yield marshal.loads(channel.receive())  # noqa: S302
    except (EOFError, BrokenPipeError) as error:
        raise LobbyxError(
            "the process that adds up the ledger has failed. The filings are kept; the next command tries again"
        ) from error


def _derive(channel: Channel) -> None:
    """The work of that process."""
    work = deriving(pickle.loads(channel.receive()))  # noqa: S301  (from our own process)
    while True:
        channel.send(marshal.dumps(work(marshal.loads(channel.receive()))))  # noqa: S302
