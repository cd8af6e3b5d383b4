"""A large file, read and checked by another process while this one writes."""

from __future__ import annotations

import gc
import marshal
import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Final, Protocol

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
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_read, args=(self.source, theirs), daemon=True)
        process.start()
        theirs.close()
        self.source.left_out.clear()
        try:
            while True:
                packed, content, left_out = marshal.loads(ours.recv_bytes())  # noqa: S302  (from our own process)
                self.source.left_out += left_out
                if packed is None:
                    break
                yield Part(packed, [Record(*plain) for plain in content])
        except EOFError as error:
            raise BrokenRecord(f"{self.source.checker.source}: the process that read it has died") from error
        finally:
            ours.close()
            process.terminate()
            process.join()
        if isinstance(content, str):
            raise BrokenRecord(content)
        self.source.checker.unknown |= set(content)


def _read(source: Source, out: Connection) -> None:
    """The work of that process: sends each part, then the unknown fields or the error."""
    gc.disable()  # records hold no cycles, and there are millions
    last: str | list[str]
    told = 0
    try:
        for part in source:
            records = [record.plain() for record in part.records]
            out.send_bytes(marshal.dumps((part.packed, records, source.left_out[told:])))
            told = len(source.left_out)
        last = sorted(source.checker.unknown)
    except BrokenRecord as error:
        last = str(error)
    out.send_bytes(marshal.dumps((None, last, source.left_out[told:])))
