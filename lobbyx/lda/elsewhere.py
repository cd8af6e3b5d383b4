"""A large file, read and checked by another process while this one writes."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from functools import partial
from typing import Final, Protocol

from lobbyx.lda.another_process import Channel, another_process, received_ahead
from lobbyx.lda.answer import Part
from lobbyx.lda.records import BrokenRecord, Checker, Record

LARGE_FILE: Final = 32 * 1024 * 1024
"""Bytes after unpacking, roughly. It takes a third of a second to start a process."""


class Source(Protocol):
    """The parts of a file, read while they are gone through."""

    checker: Checker
    left_out: list[str]
    """What could not be read of the parts so far."""

    def __iter__(self) -> Iterator[Part]: ...


class Elsewhere:
    """The parts of a source, from another process. Its checker and list of what was left out are kept up to date."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __iter__(self) -> Iterator[Part]:
        self.source.left_out.clear()
        try:
            with another_process(partial(_read, self.source)) as channel:
                for message in received_ahead(channel):
                    packed, content, left_out = marshal.loads(message)  # noqa: S302  (from our own process)
                    self.source.left_out += left_out
                    if packed is None:
                        break
                    yield Part(packed, [Record(*plain) for plain in content])
        except (EOFError, BrokenPipeError) as error:
            raise BrokenRecord(f"{self.source.checker.source}: the process that read it has died") from error
        if isinstance(content, str):
            raise BrokenRecord(content)
        self.source.checker.unknown |= set(content)


def _read(source: Source, channel: Channel) -> None:
    """The work of that process: sends each part, then the unknown fields or the error."""
    last: str | list[str]
    told = 0
    try:
        for part in source:
            records = [record.plain() for record in part.records]
            channel.send(marshal.dumps((part.packed, records, source.left_out[told:])))
            told = len(source.left_out)
        last = sorted(source.checker.unknown)
    except BrokenRecord as error:
        last = str(error)
    channel.send(marshal.dumps((None, last, source.left_out[told:])))
