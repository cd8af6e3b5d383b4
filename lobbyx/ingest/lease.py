"""Which process works on a window of the mirror, where several share a database."""

from __future__ import annotations

import os
import socket
from typing import Final

LEASE: Final = 600.0
"""Seconds after its last page during which a process keeps a window for itself."""


def owner() -> str:
    """A name for this process that no other has."""
    return f"{socket.gethostname()} {os.getpid()} {os.urandom(4).hex()}"


def is_gone(owner: str) -> bool:
    """Whether the process that owns a window ran on this machine and has ended."""
    host, pid, _ = owner.rsplit(" ", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False
