"""One English sentence -> its claims: mentions, structure, links, claims.

A figure is a claim if it is money spent on lobbying (`spent.py`). Its organization and period are the candidates that
score best, those of all figures of the sentence considered together. What is not said is listed in `missing`, never
guessed. If another reading is close, the claim is not sure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lobbyx.model.claim import Claim
from lobbyx.model.period import Window
from lobbyx.reading.claims import assembly
from lobbyx.reading.claims.assembly import Reading
from lobbyx.reading.claims.context import Context, Read
from lobbyx.reading.claims.english import (
    arithmetic,
    changes,
    comparisons,
    doubts,
    engagements,
    in_order,
    org_links,
    spent,
    statements,
    time_links,
)
from lobbyx.reading.claims.english.clauses import Place, Scene
from lobbyx.reading.claims.english.figures import figures
from lobbyx.reading.claims.english.left_in_mind import left
from lobbyx.reading.claims.english.names import names
from lobbyx.reading.claims.english.stance import stance, summed
from lobbyx.reading.claims.english.structure import parse
from lobbyx.reading.claims.english.times import times
from lobbyx.reading.claims.links import Candidate, Scored, Weights, jointly, rank, weights
from lobbyx.reading.claims.mentions import Figure, Name, Time
from lobbyx.reading.claims.structure import Structure

IN_ORDER = 0.97
"""How likely the organizations of a list with "respectively" are right."""
BEST = 4
"""Candidates of a field that are considered together."""


@dataclass(frozen=True, slots=True)
class Link:
    """An organization and a period for one figure."""

    org: str | None
    time: Time | None


def read(sentence: str, offset: int, context: Context) -> Read:
    """The claims of one sentence that starts at `offset` of its text, and what it leaves in mind."""
    says_so = spent.speaks(sentence)
    quoted = context.quoted and spent.is_of_a_disclosure(sentence)
    readable = says_so or context.follows or context.about_lobbying or quoted
    engaged = context.quoted and not readable and engagements.may_hold(sentence)
    readable = readable or engaged
    found = figures(sentence) if readable else []
    stated = readable and statements.may_hold(sentence)
    if not found and not stated:
        return Read((), left(sentence, context, [], None))
    structure = parse(sentence)
    scene = scene_of(sentence, structure, found, context)
    learned = weights("english")
    places = accepted(scene, learned)
    if engaged:
        places = [(p, 0.9) for p in scene.places if engagements.is_engagement(scene, p.figure)]
    readings = doubts.weighed(scene, [p for p, _ in places], linked(scene, places, learned))
    if (quoted or engaged) and not says_so and not context.follows:
        readings = [replace(r, lacks=(*r.lacks, "lobbying")) for r in readings]
    readings = [changes.with_baseline(scene, r, readings) for r in readings]
    claims = [_recorded(sentence, assembly.claim(r, sentence, doubts.sure_from())) for r in readings]
    claims = engagements.paid(scene, [p for p, _ in places], claims)
    claims = in_order.each(scene, claims)
    parts = statements.Parts(scene, tuple(claims))
    if engaged:
        claims += [] if claims else engagements.hired(parts)
        return Read(tuple(assembly.placed(claims, sentence, offset)), left(sentence, context, claims, scene))
    claims += statements.read(parts)
    if not readings:
        claims += engagements.read(parts)
        claims += _unmeasured(parts)
    return Read(tuple(assembly.placed(claims, sentence, offset)), left(sentence, context, claims, scene))


def _recorded(sentence: str, claim: Claim) -> Claim:
    """A sum that a sentence calls the highest yet, or the first above a mark, says so in its detail."""
    if claim.kind != "spend" or claim.detail:
        return claim
    if statements.is_first_time(sentence):
        return replace(claim, detail={"record": "first_above"})
    return replace(claim, detail={"record": True}) if statements.is_record(sentence) else claim


def _unmeasured(parts: statements.Parts) -> list[Claim]:
    found = changes.unmeasured(parts.scene)
    if found is None or any(c.kind in ("change", "rank") for c in parts.claims):
        return []
    figure, own, baseline = found
    detail = {"baseline": baseline.window.json()}
    claim = statements.statement(
        parts, "change", (figure.start, baseline.end), 0.0, figure.comparator, detail=detail, time=own
    )
    return [replace(claim, precision=figure.precision)]


def scene_of(sentence: str, structure: Structure, found: Sequence[Figure], context: Context) -> Scene:
    """A sentence with its mentions; what belongs to an expression of time ("April-to-June") is no name."""
    periods = times(sentence, context.published, context.window)
    named = [n for n in names(sentence, structure) if not any(t.start <= n.start and n.end <= t.end for t in periods)]
    named = [_without_time(n, sentence, periods) for n in named]
    return Scene(sentence, structure, found, named, periods, context)


def _without_time(name: Name, sentence: str, periods: Sequence[Time]) -> Name:
    """A group without the period that stands before it: "Last year states and localities"."""
    time = next((t for t in periods if t.start <= name.start < t.end < name.end), None)
    if time is None or name.kind != "group":
        return name
    start = time.end + len(sentence[time.end : name.end]) - len(sentence[time.end : name.end].lstrip(" ,"))
    return replace(name, start=start, name=sentence[start : name.end])


def accepted(scene: Scene, learned: Weights) -> list[tuple[Place, float]]:
    """The figures that are money spent on lobbying, or changes of it, with the probability of that."""
    found: list[tuple[Place, float]] = []
    sums = [p for p in scene.places if p.figure.kind == "money"]
    last: bool | None = None
    for place in sums:
        score = learned.score("spent", spent.features(scene, place, bool(found), last))
        last = score > 0
        if (probability := 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))) >= 0.5:
            found.append((place, probability))
    any_sum = bool(found)
    for place in scene.places:
        if place.figure.kind == "fraction":
            score = learned.score("changed", spent.change_features(scene, place, any_sum))
            if (probability := 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))) >= 0.5:
                found.append((place, probability))
    return sorted(found, key=lambda f: f[0].figure.start)


def merged(candidates: Sequence[Candidate[Any]], field: str, learned: Weights) -> list[Scored[Any]]:
    """The candidates ranked; those that mean the same count together."""
    ranked = rank(field, candidates, learned)
    best: dict[Any, Scored[Any]] = {}
    for one in ranked:
        key = (one.what.window.start, one.what.window.end) if isinstance(one.what, Time) else one.what
        if key in best:
            kept = best[key]
            score = kept.score + math.log1p(math.exp(one.score - kept.score))
            best[key] = Scored(kept.what, score, kept.probability + one.probability)
        else:
            best[key] = one
    return sorted(best.values(), key=lambda s: -s.score)


def linked(scene: Scene, places: Sequence[tuple[Place, float]], learned: Weights) -> list[Reading]:
    """Each figure with its organization, period, stance and kind of sum."""
    if not places:
        return []
    options: list[list[Scored[Link]]] = []
    fields: list[tuple[list[Scored[Any]], list[Scored[Any]]]] = []
    for place, _ in places:
        orgs = merged(org_links.candidates(scene, place), "org", learned)[:BEST]
        periods = merged(time_links.candidates(scene, place), "window", learned)[:BEST]
        fields.append((orgs, periods))
        options.append(
            [
                Scored(Link(o.what, t.what), o.score + t.score, o.probability * t.probability)
                for o in orgs
                for t in periods
            ]
        )
    by_order = in_order.organizations(scene, places)
    times_by_order = in_order.periods(scene, places)

    def pair(a: Link, b: Link, i: int, j: int) -> float:
        return learned.score("pair", pair_features(scene, places[i][0], places[j][0], a, b))

    together = jointly(options, pair)
    readings: list[Reading] = []
    for at, ((place, probability), ranked) in enumerate(zip(places, together, strict=True)):
        link = ranked[0].what
        if at in by_order:
            link = replace(link, org=by_order[at])
        if at in times_by_order:
            link = replace(link, time=times_by_order[at])
        told = [(p, r) for (p, _), r in zip(places, readings, strict=False)]
        readings.append(_reading(scene, place, probability, link, ranked, fields[at], told))
    known = (("org", by_order), ("window", times_by_order))
    ordered = [
        replace(r, confidence=dict(r.confidence) | {name: IN_ORDER for name, listed in known if at in listed})
        for at, r in enumerate(readings)
    ]
    return arithmetic.with_totals(scene, ordered)


def pair_features(scene: Scene, first: Place, second: Place, a: Link, b: Link) -> dict[str, float]:
    """What speaks for and against the links of two figures beside each other."""
    same_org = a.org is not None and a.org == b.org
    same_time = a.time is not None and b.time is not None and a.time.window == b.time.window
    sums = not first.change and not second.change
    found: dict[str, float] = {}
    if sums:
        found |= comparisons.features(scene, first, second, same_org, (a.time, b.time))
    if sums and same_org and same_time and a.time is not None and a.time.window != Window():
        found["same_twice"] = 1.0
    if sums and second.compared:
        found["compared_same_org" if same_org else "compared_other_org"] = 1.0
        if a.time is not None and b.time is not None and not same_time and same_org:
            found["compared_other_time"] = 1.0
    if sums and not second.compared and (same_org != same_time):
        found["parallel"] = 1.0
    if first.change != second.change:
        money, change = (second, first) if first.change else (first, second)
        if _goes_with(scene, money, change):
            if same_org:
                found["change_same_org"] = 1.0
            if same_time:
                found["change_same_time"] = 1.0
    return found


def _goes_with(scene: Scene, money: Place, change: Place) -> bool:
    """Whether a change is told of this sum: the nearest that nothing is compared with, the one before it first."""
    sums = [p for p in scene.places if not p.change and not p.compared]
    before = [
        p for p in sums if p.figure.end <= change.figure.start and not scene.broken(p.figure.end, change.figure.start)
    ]
    after = [
        p for p in sums if p.figure.start >= change.figure.end and not scene.broken(change.figure.end, p.figure.start)
    ]
    chosen = before[-1] if before else after[0] if after else None
    return chosen is money


def _reading(
    scene: Scene,
    place: Place,
    probability: float,
    link: Link,
    ranked: Sequence[Scored[Link]],
    fields: tuple[list[Scored[Any]], list[Scored[Any]]],
    before: Sequence[tuple[Place, Reading]],
) -> Reading:
    time = link.time
    if time is not None and time.shift is not None and (base := _base(scene, place, link, before)):
        time = _reckoned(time, base)
    org_share = sum(s.probability for s in ranked if s.what.org == link.org)
    time_share = sum(s.probability for s in ranked if s.what.time == link.time)
    other_org = next((s.what for s in fields[0] if s.what != link.org), None)
    other_time = next((s.what for s in fields[1] if s.what != link.time), None)
    otherwise: dict[str, Any] = {"org": other_org, "window": other_time.window.json() if other_time else None}
    figure = place.figure
    is_sum = figure.kind == "money"
    detail = summed(scene, place) if is_sum else {}
    comparator = figure.comparator
    return Reading(
        kind="spend" if is_sum else "change",
        figure=figure,
        org=link.org,
        time=time
        if (time is not None and time.window != Window()) or (time is not None and time.needs_published)
        else None,
        comparator=comparator,
        stance=stance(scene, place),
        detail=detail,
        confidence={"lobbying": probability, "org": org_share, "window": time_share},
        otherwise=otherwise,
    )


def _base(scene: Scene, place: Place, link: Link, before: Sequence[tuple[Place, Reading]]) -> Reading | None:
    """The sum before this one that its relative period is reckoned from: the one it is compared with, else the last of
    its organization, else the last. A sum that another is compared with serves only for one like it."""
    now = comparisons.now_of(scene, place)
    if now is not None and (partner := next((r for p, r in before if p is now), None)):
        return partner
    usable = [r for p, r in before if place.compared or place.change or not p.compared]
    own = (r for r in reversed(usable) if r.time is not None and r.time.shift is None and r.org == link.org)
    return next(own, usable[-1] if usable else None)


def _reckoned(time: Time, base: Reading) -> Time:
    """A relative period, reckoned from that of the figure it is compared with."""
    if base.time is None or time.shift is None or base.time.shape == "relative":
        return time
    window = time.shift.of(base.time.window)
    return replace(time, window=window) if window else time
