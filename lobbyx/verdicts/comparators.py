"""When a printed figure holds for what was counted: the meaning of each comparator. Pure functions over whole numbers.

With the printed figure `v` and the place `u` of its last digit, both in one unit (US cents, millionths of a change):

| comparator | a sum of money | a change | a number |
|---|---|---|---|
| exact | rounds or truncates to `v`, and lies within 10% of it | within `u` of `v` | is `v` |
| about | within 10% of `v` | within 10% of `v`, or `u` | within 10% of `v` |
| nearly | from 90% of `v` up to it | the same | the same |
| between | from `v` to the upper figure | the same | the same |
| at_least, more_than, at_most, less_than | all of the interval | the same | the same |

Whole digits are no tolerance at one significant digit: "$1 million" does not stand for 1.43 million. A sum that prints
as the figure and fails the 10% alone is `partly` right. A figure that is no bound is compared with the reported sum,
since a paper that prints it can do no better; where more than the filers' rounding makes the interval (a period across
the window's edge, fees perhaps left out), a sum that does not match may still lie inside it. A bound is compared with
the interval. Where the interval is open, because reports may be missing, bounds can be met or failed by its closed end;
everything else is `open` (DOMAIN, "What is on file, and what is known to be on file"; CONTRACT, "Determined,
tolerance").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from lobbyx.model.claim import Claim, Comparator
from lobbyx.model.total import Count

Holding = Literal["yes", "partly", "no", "open"]
"""`partly`: it can be neither borne out nor refuted; `open`: what is on file does not determine it."""
Kind = Literal["money", "change", "number"]

BOUNDS: Final[dict[Comparator, Callable[[int, int], bool]]] = {
    "at_least": lambda x, v: x >= v,
    "more_than": lambda x, v: x > v,
    "at_most": lambda x, v: x <= v,
    "less_than": lambda x, v: x < v,
}


@dataclass(frozen=True, slots=True)
class Range:
    """What was counted: the sum as reported and the interval it stands for; None where that is open."""

    low: int | None
    reported: int
    high: int | None
    rounding_only: bool = True
    """Whether only the filers' rounding makes the interval."""

    @classmethod
    def of(cls, count: Count) -> Range:
        """A count in cents, open above where it is not determined."""
        high = count.interval.high if count.determined else None
        return cls(count.interval.low, count.interval.reported, high, count.rounding_only)

    @property
    def determined(self) -> bool:
        """Whether both ends are known."""
        return self.low is not None and self.high is not None


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure in whole units."""

    value: int
    unit: int
    """The place of its last digit."""
    comparator: Comparator
    kind: Kind = "money"
    high: int | None = None
    """The upper figure of `between`."""

    @classmethod
    def of(cls, claim: Claim, scale: int = 100, kind: Kind = "money") -> Figure:
        """A claim's figure, `scale` units to its own one (100 cents to a dollar)."""
        high = None if claim.high is None else round(claim.high * scale)
        unit = max(1, round(claim.precision * scale))
        return cls(round((claim.value or 0) * scale), unit, claim.comparator, kind, high)

    @property
    def is_bound(self) -> bool:
        """Whether it only bounds the sum ("at least")."""
        return self.comparator in BOUNDS

    def printed(self) -> tuple[int, int]:
        """The sums (first and last) that print as this figure, rounded or truncated to its last digit."""
        # A change down is truncated towards zero too.
        if self.value < 0:
            return self.value - self.unit + 1, self.value + self.unit // 2
        return self.value - self.unit // 2, self.value + self.unit - 1

    def _tenth(self) -> tuple[int, int]:
        """From 90% of the figure to 110%."""
        ends = (-(-self.value * 9 // 10), self.value * 11 // 10)
        return (min(ends), max(ends))

    def readings(self) -> tuple[int, int]:
        """The sums that print as this figure and lie within 10% of it; for a range, all that lie inside."""
        if self.comparator == "between" and self.high is not None:
            return self.value, self.high
        (a, b), (c, d) = self.printed(), self._tenth()
        return max(a, c), min(b, d)

    def accepted(self) -> tuple[int, int] | None:
        """The sums a figure that is not a bound accepts; None for bounds (`at_least` and its kin)."""
        low, high = self._tenth()
        match self.comparator:
            case "between" if self.high is not None:
                return min(self.value, self.high), max(self.value, self.high)
            case "exact" | "between" if self.kind == "money":
                return self.readings()
            case "exact" | "between":
                unit = self.unit if self.kind == "change" else 0
                return self.value - unit, self.value + unit
            case "about" if self.kind == "change":
                return min(low, self.value - self.unit), max(high, self.value + self.unit)
            case "about":
                return low, high
            case "nearly" if self.value < 0:
                return self.value, high
            case "nearly":
                return low, self.value
            case _:
                return None

    def satisfied(self, reported: int) -> bool:
        """Whether the reported sum alone satisfies it."""
        band = self.accepted()
        return band[0] <= reported <= band[1] if band else BOUNDS[self.comparator](reported, self.value)

    def holds(self, counted: Range) -> Holding:
        """Whether it holds for what was counted."""
        band = self.accepted()
        if band is None:
            return self._bounds(counted)
        if not counted.determined:
            outside = (counted.low is not None and counted.low > band[1]) or (
                counted.high is not None and counted.high < band[0]
            )
            return "no" if outside else "open"
        assert counted.low is not None
        assert counted.high is not None
        if band[0] <= counted.reported <= band[1]:
            return "yes" if counted.rounding_only else "partly"
        if not counted.rounding_only and counted.low <= band[1] and band[0] <= counted.high:
            return "partly"
        first, last = self.printed()
        prints = self.comparator == "exact" and self.kind == "money" and first <= counted.reported <= last
        return "partly" if prints else "no"

    def _bounds(self, counted: Range) -> Holding:
        accepts = BOUNDS[self.comparator]
        up = self.comparator in ("at_least", "more_than")
        worst, best = (counted.low, counted.high) if up else (counted.high, counted.low)
        if worst is not None and accepts(worst, self.value):
            return "yes"
        if best is not None and not accepts(best, self.value):
            return "no"
        return "partly" if counted.determined else "open"


def readings(claim: Claim) -> tuple[int, int]:
    """The sums (US cents, first and last) that print as the claim's figure."""
    return Figure.of(claim).readings()


def holds(claim: Claim, count: Count) -> Holding:
    """Whether a claim of money holds for a count."""
    return Figure.of(claim).holds(Range.of(count))


def satisfied(claim: Claim, count: Count) -> bool:
    """Whether the reported sum alone satisfies the claim."""
    return Figure.of(claim).satisfied(count.interval.reported)
