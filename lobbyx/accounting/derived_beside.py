"""The rows of the ledger of a large database, made by another process while this one reads filings and writes rows."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from lobbyx.accounting.ledger_rows import Filing, Rows, deriving
from lobbyx.accounting.successors import Successors
from lobbyx.lda.another_process import Channel, another_process
from lobbyx.model.errors import LobbyxError

LARGE: Final = 40_000
"""Filings from which on this pays: starting the process takes a quarter of a second."""


def derived(batches: Iterable[list[Filing]], passing_on: Successors) -> Iterator[Rows]:
    """The rows of each batch, in order. The other process makes those of the next meanwhile.

    Raises LobbyxError where the other process fails; what is wrong stands on its standard error.
    """
    try:
        with another_process(partial(_derive, passing_on)) as channel:
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


def _derive(passing_on: Successors, channel: Channel) -> None:
    """The work of that process."""
    work = deriving(passing_on)
    while True:
        channel.send(marshal.dumps(work(marshal.loads(channel.receive()))))  # noqa: S302
