"""Money: whole US cents inside the package, and the interval behind a reported amount.

`dollars` turns cents into the number that JSON, tables and SQLite show.
"""

from __future__ import annotations

from dataclasses import dataclass


def dollars(cents: int) -> int | float:
    """US dollars for output: an int if whole, or else a number with cents."""
    return cents // 100 if cents % 100 == 0 else cents / 100


def money(cents: int) -> str:
    """`$8,580,000`, or `$12,345.50` when there are cents."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}" + (f".{rest:02d}" if rest else "")


@dataclass(frozen=True, slots=True)
class Interval:
    """A reported figure and its range, in US cents; `low <= reported <= high` by construction."""

    low: int
    reported: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.reported <= self.high:
            raise ValueError(f"not an interval: {self.low}, {self.reported}, {self.high}")

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.reported + other.reported, self.high + other.high)

    def __str__(self) -> str:
        return f"{money(self.reported)} [{money(self.low)} – {money(self.high)}]"


NOTHING = Interval(0, 0, 0)
