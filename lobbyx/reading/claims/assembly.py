"""What was read about a figure -> a claim: its span, what it does not say, and where it could be read otherwise.

One way for every language. A reader hands over a `Reading` a figure; the offsets of its parts count from the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lobbyx.model.claim import Claim, ClaimKind, Comparator, Stance
from lobbyx.model.money import dollars
from lobbyx.model.period import Window
from lobbyx.reading.claims.mentions import Figure, Time


@dataclass(frozen=True, slots=True)
class Option:
    """One reading of a field, and how likely it is (0 to 1)."""

    value: Any
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure with what was linked to it."""

    kind: ClaimKind
    figure: Figure
    org: str | None
    time: Time | None
    comparator: Comparator = "exact"
    stance: Stance = "asserted"
    detail: Mapping[str, Any] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    """What is missing beside organization, window and publication date."""
    confidence: Mapping[str, float] = field(default_factory=dict)
    """How likely each field is right, 0 to 1: `spent`, `org`, `window`, `comparator`, ...; a field not named is."""
    otherwise: Mapping[str, Any] = field(default_factory=dict)
    """The next best reading of a field, as JSON shows it."""
    covers: tuple[tuple[int, int], ...] = ()
    """Further stretches of the sentence that the claim's text takes in."""


def claim(reading: Reading, sentence: str, sure_from: float) -> Claim:
    """The claim of a reading; offsets count from the sentence.

    It is `sure` where all its fields together are right with at least the probability `sure_from`; else `unsure_of`
    names the fields that keep it from that, the least sure first.
    """
    time, figure = reading.time, reading.figure
    spans = [figure.span, *reading.covers, *([(time.start, time.end)] if time and time.end > time.start else [])]
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    money = figure.kind == "money"
    missing = [
        *(["org"] if reading.org is None else []),
        *(["window"] if time is None else []),
        *(["published"] if time and time.needs_published else []),
        *reading.lacks,
    ]
    together = 1.0
    for probability in reading.confidence.values():
        together *= probability
    sure = together >= sure_from
    unsure_of = () if sure else doubted(reading.confidence, sure_from)
    return Claim(
        text=sentence[start:end],
        start=start,
        end=end,
        kind=reading.kind,
        org=reading.org,
        value=dollars(int(figure.value)) if money else figure.value,
        high=None if figure.high is None else dollars(int(figure.high)) if money else figure.high,
        precision=dollars(int(figure.precision)) if money else figure.precision,
        comparator=reading.comparator,
        stance=reading.stance,
        window=time.window if time else Window(),
        window_text=sentence[time.start : time.end] if time and time.end > time.start else None,
        missing=tuple(dict.fromkeys(missing)),
        detail=dict(reading.detail),
        sure=sure,
        unsure_of=unsure_of,
        otherwise={name: reading.otherwise[name] for name in unsure_of if name in reading.otherwise},
    )


def doubted(confidence: Mapping[str, float], sure_from: float) -> tuple[str, ...]:
    """The fields that keep a claim from being sure, the least sure first: as few as would do."""
    least = sorted(confidence, key=lambda name: confidence[name])
    rest = 1.0
    for probability in confidence.values():
        rest *= probability
    named: list[str] = []
    for name in least:
        if named and rest >= sure_from:
            break
        named.append(name)
        rest /= max(confidence[name], 1e-9)
    return tuple(named)


def placed(claims: Iterable[Claim], sentence: str, offset: int) -> list[Claim]:
    """The claims of a sentence that starts at `offset` of its text; offsets count from the text."""
    return [replace(c, text=sentence[c.start : c.end], start=c.start + offset, end=c.end + offset) for c in claims]


def contradictions(readings: Sequence[Reading]) -> list[frozenset[str]]:
    """For each reading, the fields that what others say puts in doubt.

    Two sums asserted for one organization and one period contradict each other, and so does a change that does not fit
    the sums of its two periods.
    """
    doubts: list[set[str]] = [set() for _ in readings]
    for i, a in enumerate(readings):
        for j, b in enumerate(readings[:i]):
            if _same_said_twice(a, b):
                doubts[i] |= {"window", "org"}
                doubts[j] |= {"window", "org"}
    for at, change in enumerate(readings):
        if change.kind == "change" and (sums := sums_of(change, readings)):
            first, last = sums
            if not fits(change, readings[first], readings[last]):
                for i in (at, first, last):
                    doubts[i].add("window")
    return [frozenset(d) for d in doubts]


def sums_of(change: Reading, readings: Sequence[Reading]) -> tuple[int, int] | None:
    """The earlier and the later of the two sums a change is told of, if there are just two of its organization."""
    ends = {
        i: r.time.window.end
        for i, r in enumerate(readings)
        if r.kind == "spend" and r.org == change.org and not r.detail and r.time is not None
    }
    if len(ends) != 2 or None in ends.values() or len(set(ends.values())) < 2:
        return None
    first, last = sorted(ends, key=lambda i: str(ends[i]))
    return first, last


def fits(change: Reading, first: Reading, last: Reading) -> bool:
    """Whether a change is that from one sum to another, as far as rounding goes."""
    actual = last.figure.value / first.figure.value - 1
    rounding = (
        last.figure.precision / first.figure.value + abs(actual + 1) * first.figure.precision / first.figure.value
    )
    bound = change.comparator not in ("exact", "about", "nearly")
    return bound or abs(actual - change.figure.value) <= change.figure.precision + rounding + 0.02 * abs(actual)


def _same_said_twice(a: Reading, b: Reading) -> bool:
    if not (a.kind == b.kind == "spend") or a.org is None or a.org != b.org or a.time is None or b.time is None:
        return False
    if a.detail or b.detail or not (a.comparator == b.comparator == "exact") or a.time.window != b.time.window:
        return False
    larger = max(a.figure.value, b.figure.value)
    return abs(a.figure.value - b.figure.value) > 0.02 * larger


def without_value(claim: Claim) -> Claim:
    """A claim for which the text gives no figure ("hired Akin Gump", "a record")."""
    return replace(claim, value=None, precision=1)
