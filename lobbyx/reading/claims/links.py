"""Which organization, period or kind of money goes with a figure: candidates scored on features, by conditional logit.

The score of a candidate is the sum of its features times their weights; the probability of a candidate among those it
competes with is the softmax of the scores. The weights are learned from labelled sentences (scripts/train_links.py)
and shipped as data, one file a language. Nothing here knows a language.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from lobbyx.model.resources import path

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """One way a link may go: `what` is linked, and the features that speak for or against it (0 if not named)."""

    what: T
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Scored(Generic[T]):
    """A candidate with its score and its probability among those it was compared with."""

    what: T
    score: float
    probability: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by field (`org`, `window`, ...) and feature."""

    by_field: Mapping[str, Mapping[str, float]]

    def score(self, field: str, features: Mapping[str, float]) -> float:
        """The sum of the features times their weights; a feature without a weight counts nothing."""
        known = self.by_field.get(field, {})
        return sum(known.get(name, 0.0) * value for name, value in features.items())


@cache
def weights(language: str) -> Weights:
    """The learned weights of a language: `data/reading/links_<language>.json`."""
    loaded: dict[str, Any] = json.loads(path(f"reading/links_{language}.json").read_text(encoding="utf-8"))
    return Weights({field: dict(known) for field, known in loaded["weights"].items()})


def rank(field: str, candidates: Sequence[Candidate[T]], learned: Weights) -> list[Scored[T]]:
    """The candidates, best first; equal scores keep their order. Empty for no candidates."""
    if not candidates:
        return []
    scores = [learned.score(field, c.features) for c in candidates]
    top = max(scores)
    exponents = [math.exp(s - top) for s in scores]
    total = sum(exponents)
    scored = [Scored(c.what, s, e / total) for c, s, e in zip(candidates, scores, exponents, strict=True)]
    return sorted(scored, key=lambda one: -one.score)


BEAM = 24
"""Assignments kept while the figures of a sentence are linked together."""
REACH = 6
"""Figures back that a figure's links are weighed against."""


def jointly(options: Sequence[Sequence[Scored[T]]], pair: Callable[[T, T, int, int], float]) -> list[list[Scored[T]]]:
    """The options of each figure ranked anew, the links of all figures of a sentence considered together.

    `pair(a, b, i, j)` scores option `a` of figure i beside option `b` of a later figure j. The probability of an option
    is its share of the assignments the beam keeps.
    """
    kept: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for j, choices in enumerate(options):
        grown = [
            (
                score
                + choice.score
                + sum(pair(options[i][chosen[i]].what, choice.what, i, j) for i in range(max(0, j - REACH), j)),
                (*chosen, k),
            )
            for score, chosen in kept
            for k, choice in enumerate(choices)
        ]
        kept = sorted(grown, key=lambda one: (-one[0], one[1]))[:BEAM]
    top = kept[0][0]
    shares = [(math.exp(score - top), chosen) for score, chosen in kept]
    total = sum(share for share, _ in shares)
    best = kept[0][1]
    ranked = []
    for j, choices in enumerate(options):
        share = [sum(s for s, chosen in shares if chosen[j] == k) / total for k in range(len(choices))]
        order = sorted(range(len(choices)), key=lambda k: (k != best[j], -share[k], k))
        ranked.append([Scored(choices[k].what, choices[k].score, share[k]) for k in order])
    return ranked
