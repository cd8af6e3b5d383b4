"""One English sentence -> its claims: mentions, structure, links, claims.

A figure is a claim if it is money spent on lobbying (`spent.py`). Its organization and period are the candidates that
score best, those of all figures of the sentence considered together. What is not said is listed in `missing`, never
guessed. If another reading is close, the claim is not sure.
"""

from __future__ import annotations

import math
import re
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
from lobbyx.reading.claims.english.names import is_common, names
from lobbyx.reading.claims.english.stance import stance, summed
from lobbyx.reading.claims.english.structure import is_headline, parse
from lobbyx.reading.claims.english.times import times
from lobbyx.reading.claims.links import Candidate, Scored, Weights, jointly, rank, weights
from lobbyx.reading.claims.mentions import Figure, Name, Time
from lobbyx.reading.claims.structure import Structure

_LOBBIES = re.compile(r"[’']s?\s(?:[\w-]+\s){0,2}?lobby")
IN_ORDER = 0.97
"""How likely the organizations of a list with "respectively" are right."""
LEAD_IN = 120
"""Characters of a sentence that only leads in to the next: "The three largest spenders?", "Among the highlights:"."""
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
        return Read((), _left(sentence, context, [], None))
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
        return Read(tuple(assembly.placed(claims, sentence, offset)), _left(sentence, context, claims, scene))
    claims += statements.read(parts)
    if not readings:
        claims += engagements.read(parts)
        claims += _unmeasured(parts)
    return Read(tuple(assembly.placed(claims, sentence, offset)), _left(sentence, context, claims, scene))


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


def named_first(sentence: str) -> list[Name]:
    """The names in the first words of a sentence that is not parsed, unless its first word may be none."""
    head = sentence[:160]
    found = names(head)
    if spent.speaks(sentence) or (found and found[0].start < 3 and is_common(found[0].name.split()[0])):
        return names(head, parse(head))
    return found


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


def _period(sentence: str, context: Context, claims: Sequence[Claim], scene: Scene | None) -> Window | None:
    """The period a sentence leaves in mind: the latest it gives a sum for, or the last it names if it has no sum."""
    spend = [c for c in claims if c.kind == "spend" and c.window.start and c.window.end]
    totals = [c for c in spend if c.detail.get("sum") not in ("average", "difference")]
    if not spend:
        spend = totals = [c for c in claims if c.kind == "change" and c.window.start and c.window.end]
    told = [c.window for c in totals or (spend if context.window is None else [])]
    if told:
        last = max(told, key=lambda w: (w.days[1], -w.days[0].toordinal()))
        earlier = context.window is not None and context.window.end is not None and last.days[1] < context.window.end
        goes_back = re.search(r"\bhad\b", sentence) or _only_compares(scene, totals or spend)
        return context.window if earlier and goes_back else last
    if claims or not (spent.speaks(sentence) and not spent.is_elsewhere(sentence)):
        return None
    found = scene.times if scene is not None else times(sentence, context.published, context.window)
    named = [
        t.window
        for t in found
        if t.window.start and t.window.end and t.shape in ("point", "year", "range", "year_to_date", "past")
    ]
    return named[-1] if named else None


def _only_compares(scene: Scene | None, claims: Sequence[Claim]) -> bool:
    """Whether a sentence gives only the sum that the one before is compared with: "This is up from $3.7 million"."""
    compared = [p.figure for p in scene.places if p.compared] if scene is not None else []
    return all(any(c.start <= f.start < c.end for f in compared) for c in claims)


def _named_together(sentence: str, found: Sequence[Name]) -> str | None:
    """The first list of several organizations, "A, B and C", as printed."""
    named = [n for n in found if n.kind in ("name", "group")]
    for at, first in enumerate(named):
        last = first
        for following in named[at + 1 :]:
            between = sentence[last.end : following.start]
            if not re.fullmatch(r",\s(?:the\s)?|,?\s(?:and|&)\s(?:the\s)?", between):
                break
            last = following
            if re.search(r"\band\b|&", between):
                return sentence[first.start : last.end]
    return None


def _baseline(claims: Sequence[Claim], window: Window | None) -> Window | None:
    """The period before `window`, and as long, that a sentence also gives a sum for."""
    if window is None or window.start is None or window.end is None:
        return None
    days = (window.end - window.start).days
    earlier = [
        c.window
        for c in claims
        if c.kind == "spend"
        and c.window.start
        and c.window.end
        and c.window.end < window.start
        and abs((c.window.end - c.window.start).days - days) < 40
    ]
    return max(earlier, key=lambda w: w.days[1]) if earlier else None


def _left(sentence: str, context: Context, claims: Sequence[Claim], scene: Scene | None) -> Context:
    """What a sentence leaves in mind for the next one."""
    named = [c for c in claims if c.org and c.org != "total"]
    spent_by = [c.org for c in named if c.kind == "spend"] or [c.org for c in named]
    org = spent_by[-1] if spent_by else None
    window = _period(sentence, context, claims, scene)
    found = scene.names if scene is not None else named_first(sentence)
    if claims and all(c.org == "total" for c in claims if c.kind == "spend"):
        org = context.org
    if org is None:
        first = next((n for n in found if n.kind == "name"), None)
        owner = next((n for n in found if n.kind in ("name", "group") and _LOBBIES.match(sentence[n.end :])), None)
        first = owner or first  # "It brought out the oil companies' lobbyists"
        if first is None:
            first = next((n for n in found if n.kind == "group"), None)
        outspent = re.match(
            r"(?:No|None|Nobody|Few|Neither)\b.{0,40}?\b(?:outspent|topped|matched|spent more than)\s", sentence
        )
        if outspent:
            first = next((n for n in found if n.kind == "name" and n.start >= outspent.end()), first)
        subject = (
            first is not None
            and (first.start <= 60 or re.match(r"\s(?:spokes|official|executive)", sentence[first.end :]))
            and not re.match(r"(?i)[’']s?\s(?:ceo|chief|spokes)", sentence[first.end :])
            and not org_links.is_agency(first.name)
            and not is_headline(sentence)
        )
        org = first.name if first is not None and subject else context.org
    listed = tuple(dict.fromkeys(c.org for c in claims if c.org and c.org != "total"))
    if len(listed) < 2 and not claims:
        listed = tuple(dict.fromkeys(n.name for n in found if n.kind == "name" and not org_links.is_agency(n.name)))
    sums = any(c.kind in ("spend", "change") for c in claims)
    leads_in = not claims and len(sentence) <= LEAD_IN and sentence.endswith((":", "?", ")"))
    follows = sums or spent.speaks_of_money(sentence) or (leads_in and context.follows)
    baseline = _baseline(claims, window) or (context.baseline if not sums else None)
    if not claims and scene is None and (compared := time_links.announced(sentence, context.published)):
        window, baseline = compared  # "first-quarter lobbying against the fourth quarter of last year:"
    everybody = any(c.org == "total" for c in claims) if sums else context.everybody
    spoke = (spent.speaks(sentence) and not spent.is_elsewhere(sentence)) or (leads_in and context.spoke)
    return replace(
        context,
        org=org,
        window=window or context.window,
        listed=listed,
        together=_named_together(sentence, found),
        baseline=baseline,
        everybody=everybody,
        follows=follows,
        spoke=spoke,
    )
