"""The structure of a Korean sentence: units with their particles, predicates, and what hangs on what.

A unit is a run of nouns up to its particle, a figure, or an expression of time; the particle gives its role. Korean
puts the governor last: a unit hangs on the next predicate to its right, a topic (은/는) on the next one that is not
inside a relative clause. `parsing.py` makes it out of morphemes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lobbyx.reading.claims.korean.morphemes import Morpheme

UnitKind = Literal["noun", "figure", "time"]
PredicateKind = Literal["final", "connective", "adnominal", "nominal"]
CONTENT_NOUNS = ("것", "바", "걸로", "셈", "것으로")
"""What an adnominal clause may modify without being a relative clause: "쓴 것으로 나타났다"."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A noun run, a figure or a time, with its particle."""

    start: int
    end: int
    kind: UnitKind
    index: int
    """Which figure or time it is; -1 for nouns."""
    role: str = ""
    """subject, topic, also, possessor, object, at, from, to, than, with, given, copula, comma, end; "" for none."""
    stop: int = 0
    """Where its particle ends."""
    host: int = -1
    """The unit before the parentheses it stands in; -1 outside of any."""
    morphemes: tuple[Morpheme, ...] = ()
    predicate: int = -1


@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb, adjective or copula with its ending."""

    start: int
    end: int
    stem: str
    kind: PredicateKind
    negated: bool = False
    ending: str = ""
    future: bool = False
    head: int = -1
    """The unit that an adnominal one modifies."""


@dataclass(frozen=True, slots=True)
class Structure:
    """Units and predicates in order."""

    sentence: str
    units: tuple[Unit, ...]
    predicates: tuple[Predicate, ...]
    morphemes: tuple[Morpheme, ...]

    def unit_of(self, kind: UnitKind, index: int) -> int:
        """The place of the unit that is this figure or time; -1 where none is."""
        return next((i for i, u in enumerate(self.units) if u.kind == kind and u.index == index), -1)

    def on(self, predicate: int) -> list[int]:
        """The units that hang on a predicate."""
        return [i for i, u in enumerate(self.units) if u.predicate == predicate] if predicate >= 0 else []


def is_content(predicate: Predicate, units: Sequence[Unit]) -> bool:
    """Whether an adnominal predicate tells the content of 것 or 바, so that its clause is the statement itself."""
    if predicate.kind != "adnominal" or predicate.head < 0:
        return False
    if predicate.ending.endswith(("다는", "라는", "다던", "라던")):
        return True  # "지출했다는 주장"
    head = units[predicate.head]
    return bool(head.morphemes) and head.morphemes[0].form in CONTENT_NOUNS
