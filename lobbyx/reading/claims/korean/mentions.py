"""What a Korean sentence mentions, with its structure: the material that the links are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from lobbyx.reading.claims.context import Context
from lobbyx.reading.claims.korean.changes import Change, changes
from lobbyx.reading.claims.korean.figures import MOST_FIGURES, Money, money
from lobbyx.reading.claims.korean.names import Spender, names
from lobbyx.reading.claims.korean.parsing import parse
from lobbyx.reading.claims.korean.structure import Predicate, Structure, Unit
from lobbyx.reading.claims.korean.times import Expression, times
from lobbyx.reading.claims.korean.words import any_of, words
from lobbyx.reading.claims.mentions import Cue, Mentions


@dataclass(frozen=True)
class Analysis:
    """A sentence taken apart."""

    sentence: str
    context: Context
    money: tuple[Money, ...]
    changes: tuple[Change, ...]
    times: tuple[Expression, ...]
    cues: tuple[Cue, ...]
    structure: Structure
    spenders: tuple[Spender, ...]

    @cached_property
    def mentions(self) -> Mentions:
        """The same, as every language has it."""
        return Mentions(self.sentence, (*self.money, *self.changes), self.spenders, self.times, self.cues)

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units of the structure."""
        return self.structure.units

    def cued(self, kind: str, start: int = 0, end: int | None = None) -> bool:
        """Whether a cue of a kind touches a stretch of the sentence."""
        stop = len(self.sentence) if end is None else end
        return any(c.kind == kind and c.start < stop and c.end > start for c in self.cues)

    def unit(self, figure: Money | Change) -> int:
        """The unit of a figure; that of the figure it repeats, where it stands in parentheses behind it."""
        if isinstance(figure, Money):
            place = self.structure.unit_of("figure", self.money.index(figure))
        elif figure in self.changes:
            place = self.structure.unit_of("figure", len(self.money) + self.changes.index(figure))
        else:  # a count or a rank, within a unit of nouns
            place = next((i for i, u in enumerate(self.units) if u.start < figure.end and u.end > figure.start), -1)
        if isinstance(figure, Money) and figure.twin is not None:
            return self.structure.unit_of("figure", figure.twin)
        return place

    def time_unit(self, time: Expression) -> int:
        """The unit of an expression of time."""
        return self.structure.unit_of("time", self.times.index(time))

    def governed(self, place: int) -> int:
        """The predicate over a unit, or over the unit before the parentheses that it stands in."""
        if place < 0:
            return -1
        unit = self.units[place]
        return self.units[unit.host].predicate if unit.host >= 0 else unit.predicate

    def predicate(self, place: int) -> Predicate | None:
        """The predicate over a unit."""
        at = self.governed(place)
        return self.structure.predicates[at] if at >= 0 else None


@cache
def _cue_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(any_of(entries))) for kind, entries in words()["cues"].items())


def cues(sentence: str) -> tuple[Cue, ...]:
    """The cues of a sentence, by kind."""
    return tuple(
        Cue(m.start(), m.end(), kind)
        for kind, p in _cue_patterns()
        for m in p.finditer(sentence)
        if m.end() > m.start()
    )


def analyze(sentence: str, context: Context) -> Analysis:
    """The figures, times, cues, structure and names of a sentence."""
    sums, parts = tuple(money(sentence)), tuple(_apart(changes(sentence)))
    expressions = tuple(times(sentence, context.published, context.window))
    structure = parse(sentence, [(f.start, f.end) for f in (*sums, *parts)], [(t.start, t.end) for t in expressions])
    return Analysis(sentence, context, sums, parts, expressions, cues(sentence), structure, tuple(names(structure)))


def _apart(found: Iterable[Change]) -> Iterable[Change]:
    kept: list[Change] = []
    for change in sorted(found, key=lambda c: c.start):
        if not kept or change.start >= kept[-1].end:
            kept.append(change)
    return kept[:MOST_FIGURES]
