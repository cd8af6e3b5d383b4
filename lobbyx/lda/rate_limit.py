"""Keeping to the API's limit: at most `rate` requests in any 60 seconds."""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Protocol

PERIOD = 60.0


class Limiter(Protocol):
    """Something that makes a client wait its turn."""

    def wait(self) -> None:
        """Returns when one more request is allowed, and counts it."""


class Throttle:
    """The limit of one client in one process."""

    def __init__(self, rate: int, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self.rate = rate
        self._clock = clock
        self._sleep = sleep
        self._sent: deque[float] = deque(maxlen=rate)
        self._lock = Lock()

    def wait(self) -> None:
        """Returns when one more request is allowed, and counts it."""
        with self._lock:
            if len(self._sent) == self.rate and (pause := self._sent[0] + PERIOD - self._clock()) > 0:
                self._sleep(pause)
            self._sent.append(self._clock())


class SharedThrottle:
    """One limit for all processes that work on a database.

    The database holds the times of the last minute's requests, each added in its own transaction. They are wall-clock
    times, because processes share no other clock. Times in the future, from before a clock was set back, are ignored.
    """

    def __init__(
        self,
        path: Path,
        rate: int,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.path = path
        self.rate = rate
        self._clock = clock
        self._sleep = sleep

    def wait(self) -> None:
        """Returns when one more request is allowed, and counts it."""
        while (pause := self._take()) > 0:
            self._sleep(pause)

    def _take(self) -> float:
        """Counts a request and returns 0, or returns the seconds until one is allowed."""
        with closing(sqlite3.connect(self.path, isolation_level=None, timeout=60)) as db:
            db.execute("BEGIN IMMEDIATE")
            now = self._clock()
            db.execute("DELETE FROM requests_sent WHERE at <= ? OR at > ?", [now - PERIOD, now + 1])
            sent, oldest = db.execute("SELECT count(*), min(at) FROM requests_sent").fetchone()
            if sent < self.rate:
                db.execute("INSERT INTO requests_sent (at) VALUES (?)", [now])
            db.execute("COMMIT")
        return 0.0 if sent < self.rate else max(0.001, oldest + PERIOD - now)
