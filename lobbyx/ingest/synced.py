"""The result of a run of the mirror."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Synced:
    """The result of a run."""

    pages: int = 0
    added: int = 0
    changed: int = 0
    unsettled: list[str] = field(default_factory=list)
    """Windows in which the records received do not match the server's count."""
    differences: list[str] = field(default_factory=list)
    """Where the records on file do not match the server's counts."""
    broken: list[str] = field(default_factory=list)
    unknown_fields: set[str] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for is on file exactly once."""
        return not (self.unsettled or self.differences or self.broken)

    def json(self) -> dict[str, Any]:
        """The result, as `lobbyx sync --json` prints it."""
        names = ("pages", "added", "changed", "unsettled", "differences", "broken", "complete")
        return {name: getattr(self, name) for name in names}
