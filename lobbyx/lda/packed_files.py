"""A file's bytes, unpacked where its name says that it is packed (`.gz`, `.zst`)."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import BinaryIO, Final

import zstandard

CHUNK: Final = 1 << 17
Readable = io.BufferedReader | gzip.GzipFile


def open_file(path: Path) -> Readable:
    """The file, opened for reading. What is cut short raises EOFError when its end is read."""
    match path.suffix.lower():
        case ".gz":
            return gzip.open(path, "rb")
        case ".zst":
            return io.BufferedReader(ZstandardFile(path.open("rb")), CHUNK)
        case _:
            return path.open("rb")


class ZstandardFile(io.RawIOBase):
    """Unpacks frames, one after another.

    `zstandard`'s own reader ends quietly where a frame is cut short, and records would be lost without a word.
    """

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__()
        self._packed = packed
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._ready = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fills a buffer; 0 at the end. Raises EOFError where the last frame is cut short, and ZstdError."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._ready:
            if self._frame.eof:
                rest = self._frame.unused_data
                self._frame, self._begun = zstandard.ZstdDecompressor().decompressobj(), False
                chunk = rest or self._packed.read(CHUNK)
            else:
                chunk = self._packed.read(CHUNK)
            if not chunk:
                if self._begun:
                    raise EOFError("it ends in the middle of a Zstandard frame")
                return 0
            self._begun = True
            self._ready = self._frame.decompress(chunk)
        taken = self._ready[: len(view)]
        view[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)

    def close(self) -> None:
        """Closes the file under it too."""
        self._packed.close()
        super().close()
