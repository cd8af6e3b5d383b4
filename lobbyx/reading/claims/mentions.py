"""What a sentence mentions, each with its span: figures, organizations, times, cues. The same for every language.

Offsets count from the sentence, and `sentence[m.start : m.end]` is what was printed. A mention says nothing about what
belongs together; that is decided by the links.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lobbyx.model.claim import Comparator
from lobbyx.model.period import Window, months_from, quarter_span


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum of money, or a change as a fraction."""

    start: int
    end: int
    kind: Literal["money", "fraction"]
    value: int | float
    """US cents for money; for a change the signed fraction (0.74 = up 74%). The lower figure of a range."""
    precision: int | float
    """The place of the last digit printed, in the same unit."""
    high: int | float | None = None
    """The upper figure of a range, in the same unit; None where it is no range."""
    comparator: Comparator = "exact"
    """What the words beside the figure say; `between` for a range."""
    said_from: int | None = None
    """Where the words of the comparator begin, if they stand before the figure."""
    said_to: int | None = None
    """Where they end, if they stand after it."""

    @property
    def span(self) -> tuple[int, int]:
        """The figure with the words of its comparator."""
        start = self.start if self.said_from is None else min(self.said_from, self.start)
        return start, self.end if self.said_to is None else max(self.said_to, self.end)


@dataclass(frozen=True, slots=True)
class Name:
    """Words that may stand for whoever spends."""

    start: int
    end: int
    name: str
    """As a claim shows it: without article, possessive ending or ticker; "total" for everybody."""
    kind: Literal["name", "group", "pronoun", "described", "total"] = "name"
    """`group`: several organizations under a common noun ("seven technology companies"), or listed together;
    `pronoun`: refers to a name elsewhere ("it", "the company"); `described`: a subject without a name ("the tribe") in a
    sentence that names nobody; `total`: all federal lobbying by everybody."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How a relative expression gets its days from another time: "a year earlier", "the previous quarter"."""

    years: int = 0
    quarters: int = 0
    year: int | None = None
    """The same part of this year ("the same period in 2016")."""
    quarter: int | None = None
    """This quarter of the other time's year ("in the second")."""

    def of(self, anchor: Window) -> Window | None:
        """The days meant, reckoned from the other time; None where that is open or no whole period."""
        if anchor.start is None or anchor.end is None:
            return None
        if self.quarter is not None:
            return quarter_span(anchor.end.year + self.years, self.quarter)
        if self.quarters:
            length = 1 + (anchor.end.year - anchor.start.year) * 12 + anchor.end.month - anchor.start.month
            return months_from(anchor.start, back=-3 * self.quarters if length <= 3 else length, months=length)
        by = self.years if self.year is None else self.year - anchor.start.year
        try:
            return Window(_moved(anchor.start, by), _moved(anchor.end, by))
        except ValueError:
            return None


def _moved(day: date, years: int) -> date:
    last_of_february = day.month == 2 and day.day >= 28
    return day.replace(year=day.year + years, day=28) if last_of_february else day.replace(year=day.year + years)


@dataclass(frozen=True, slots=True)
class Time:
    """An expression of time and the days it means."""

    start: int
    end: int
    window: Window
    needs_published: bool = False
    """It cannot be resolved fully without the publication date, and there was none."""
    shape: str = "point"
    """How it is put: `point` (a year, quarter, month), `range`, `since`, `relative` (to another time in the text),
    `to_date`, `day`. Features of links may use it."""
    shift: Shift | None = None
    """For a relative expression: `window` is then what it means from the time that stands before it, if any."""
    ends: tuple[Window, Window] | None = None
    """For a range its first and last period, for "since" the one it begins with: a change is reckoned from the first."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that tell what kind of statement a figure stands in."""

    start: int
    end: int
    kind: str
    """`lobbying`, `spending`, `other_money`, `elsewhere`, `federal`, `denied`, `questioned`, `planned`, `everyone`,
    `outside`, `average`, `difference`, `share`, ...: the keys of the language's word list."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """All mentions of one sentence, each kind in reading order."""

    sentence: str
    figures: tuple[Figure, ...] = ()
    names: tuple[Name, ...] = ()
    times: tuple[Time, ...] = ()
    cues: tuple[Cue, ...] = ()

    def cued(self, kind: str, start: int = 0, end: int | None = None) -> tuple[Cue, ...]:
        """The cues of a kind that lie within a stretch of the sentence."""
        last = len(self.sentence) if end is None else end
        return tuple(c for c in self.cues if c.kind == kind and c.start >= start and c.end <= last)
