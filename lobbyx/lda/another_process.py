"""A second Python, so that two things are done at once on two cores.

Not `multiprocessing`: what it starts first runs the user's main script again, and a script without a guard for that
(`if __name__ == "__main__":`) fails.
"""

from __future__ import annotations

import gc
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Full, Queue
from threading import Event, Thread
from typing import IO, Final

_LENGTH: Final = 8
_AHEAD: Final = 2
"""Messages kept that are not used yet."""
_PIPE: Final = 1 << 20
"""Bytes of a pipe, where the system lets one choose: what is sent is many times the usual 64 KB."""
_START: Final = "import sys; sys.path[:] = {path!r}; from lobbyx.lda.another_process import serve; serve()"


class Channel:
    """Messages between two processes: bytes, whole and in order.

    Each holds up whoever sends it until the other receives, so that the two have to take turns.
    """

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    def send(self, message: bytes) -> None:
        """Raises BrokenPipeError where the other process is gone."""
        self._outgoing.write(len(message).to_bytes(_LENGTH, "little"))
        self._outgoing.write(message)
        self._outgoing.flush()

    def receive(self) -> bytes:
        """The next message. Raises EOFError where the other process is gone."""
        return self._exactly(int.from_bytes(self._exactly(_LENGTH), "little"))

    def _exactly(self, size: int) -> bytes:
        found = self._incoming.read(size)
        if len(found) < size:
            raise EOFError
        return found


def received_ahead(channel: Channel) -> Iterator[bytes]:
    """The messages that come, taken by a thread, so that who sends them need not wait for who uses them.

    Raises EOFError where the other process is gone.
    """
    messages: Queue[bytes | None] = Queue(_AHEAD)
    ended = Event()

    def receive() -> None:
        message: bytes | None = b""
        while message is not None and not ended.is_set():
            try:
                message = channel.receive()
            except (EOFError, OSError, ValueError):  # gone, or closed here
                message = None
            while not ended.is_set():
                with suppress(Full):
                    messages.put(message, timeout=0.1)
                    break

    Thread(target=receive, daemon=True).start()
    try:
        while (message := messages.get()) is not None:
            yield message
        raise EOFError
    finally:
        ended.set()


Work = Callable[[Channel], None]
"""What the second process does. It and what it holds can be pickled; anything it raises ends the process."""


@contextmanager
def another_process(work: Work) -> Iterator[Channel]:
    """Does some work in a second process, which ends with the block. It is ours: what it sends can be trusted."""
    command = [sys.executable, "-c", _START.format(path=sys.path)]
    try:
        process = _started(command, _PIPE)
    except PermissionError:  # a system that allows no larger pipes is a tenth slower
        process = _started(command, -1)
    assert process.stdin
    assert process.stdout
    try:
        channel = Channel(process.stdout, process.stdin)
        channel.send(pickle.dumps(work))
        yield channel
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # closing writes what is left
                pipe.close()
        process.wait()


def _started(command: list[str], pipesize: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pipesize=pipesize)  # noqa: S603


def serve() -> None:
    """The second process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the first, which then ends this one
    gc.disable()  # what is handed on holds no cycles, and there are millions
    channel = Channel(sys.stdin.buffer, sys.stdout.buffer)
    sys.stdout = sys.stderr
    work: Work = pickle.loads(channel.receive())  # noqa: S301  (from the first process)
    with suppress(BrokenPipeError, EOFError):  # the first one is gone
        work(channel)
