"""When a printed figure holds for what was counted: the meaning of each comparator. Pure functions over whole numbers.

With the printed figure `v` and the place `u` of its last digit, both in one unit (US cents, millionths of a change):

| comparator | holds |
|---|---|
| exact | the reported sum is read as `v`: rounded or truncated to `u`, that is within [v - u/2, v + u) |
| about | the reported sum lies within `u` of `v` |
| nearly | the reported sum lies at most `u` below `v`, and not above it |
| at_least, more_than, at_most, less_than | over the whole interval; over part of it: it straddles |

The first three compare the reported sum, since a paper that prints it can do no better; where more than the filers'
rounding makes the interval (a period across the window's edge, fees perhaps left out), a match only straddles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from lobbyx.model.claim import Claim, Comparator
from lobbyx.model.total import Count

Holding = Literal["yes", "partly", "no"]

_ACCEPTS: Final[dict[Comparator, Callable[[int, int], bool]]] = {
    "at_least": lambda x, v: x >= v,
    "more_than": lambda x, v: x > v,
    "at_most": lambda x, v: x <= v,
    "less_than": lambda x, v: x < v,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure in whole units."""

    value: int
    unit: int
    """The place of its last digit."""
    comparator: Comparator

    @classmethod
    def of(cls, claim: Claim, scale: int = 100) -> Figure:
        """A claim's figure, `scale` units to its own one (100 cents to a dollar)."""
        return cls(round((claim.value or 0) * scale), max(1, round(claim.precision * scale)), claim.comparator)

    def readings(self) -> tuple[int, int]:
        """The sums (first and last) that print as this figure, rounded or truncated to its last digit."""
        # A change down is truncated towards zero too.
        if self.value < 0:
            return self.value - self.unit + 1, self.value + self.unit // 2
        return self.value - self.unit // 2, self.value + self.unit - 1

    def accepted(self) -> tuple[int, int] | None:
        """The sums a figure that is not a bound accepts; None for bounds (`at_least` and its kin)."""
        match self.comparator:
            case "exact":
                return self.readings()
            case "about":
                return self.value - self.unit, self.value + self.unit
            case "nearly" if self.value < 0:
                return self.value, self.value + self.unit
            case "nearly":
                return self.value - self.unit, self.value
            case _:
                return None

    def satisfied(self, reported: int) -> bool:
        """Whether the reported sum alone satisfies it."""
        band = self.accepted()
        return band[0] <= reported <= band[1] if band else _ACCEPTS[self.comparator](reported, self.value)

    def holds(self, low: int, reported: int, high: int, *, rounding_only: bool = True) -> Holding:
        """Whether it holds over all of an interval, part of it, or none."""
        if (band := self.accepted()) is not None:
            if band[0] <= reported <= band[1]:
                return "yes" if rounding_only else "partly"
            return "partly" if low <= band[1] and band[0] <= high else "no"
        at_ends = {_ACCEPTS[self.comparator](end, self.value) for end in (low, high)}
        return "partly" if len(at_ends) == 2 else "yes" if True in at_ends else "no"


def readings(claim: Claim) -> tuple[int, int]:
    """The sums (US cents, first and last) that print as the claim's figure."""
    return Figure.of(claim).readings()


def accepted(claim: Claim) -> tuple[int, int] | None:
    """The sums (US cents) a claim that is not a bound accepts."""
    return Figure.of(claim).accepted()


def holds(claim: Claim, count: Count) -> Holding:
    """Whether a claim of money holds for a count."""
    i = count.interval
    return Figure.of(claim).holds(i.low, i.reported, i.high, rounding_only=count.rounding_only)


def satisfied(claim: Claim, count: Count) -> bool:
    """Whether the reported sum alone satisfies the claim."""
    return Figure.of(claim).satisfied(count.interval.reported)
