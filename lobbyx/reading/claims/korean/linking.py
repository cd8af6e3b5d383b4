"""Figures of a Korean sentence linked to who spent, when, and whether it was on lobbying at all."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from lobbyx.model.period import Window, year_span
from lobbyx.reading.claims.korean.changes import Change
from lobbyx.reading.claims.korean.figures import Money
from lobbyx.reading.claims.korean.mentions import Analysis
from lobbyx.reading.claims.korean.org_links import Figured, Org, in_turn, orgs
from lobbyx.reading.claims.korean.periods import moved
from lobbyx.reading.claims.korean.spent import is_part, sets_apart, spent
from lobbyx.reading.claims.korean.time_links import When, is_baseline, whens
from lobbyx.reading.claims.links import Scored, Weights, rank
from lobbyx.reading.claims.mentions import Time


@dataclass(frozen=True, slots=True)
class Linked:
    """A figure with its links, best first."""

    figure: Figured
    lobbying: float
    """How likely it is money spent on lobbying, or a change of it."""
    orgs: list[Scored[Org]]
    whens: list[Scored[When]]
    of: Linked | None = None
    """For a change, the sum that it is a change of."""

    @property
    def org(self) -> Org:
        """The likeliest organization."""
        return self.orgs[0].what

    @property
    def time(self) -> Time | None:
        """The likeliest period."""
        return self.whens[0].what.time


def probability(weights: Weights, field: str, features: dict[str, float]) -> float:
    """The chance of a yes, by logistic regression."""
    score = weights.score(field, features)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def dollars_of(a: Analysis) -> list[Money]:
    """The sums to read: dollars; won only where the sentence has no dollars, and never a sum said twice."""
    dollars = [m for m in a.money if m.currency == "USD"]
    return dollars or [m for m in a.money if m.currency == "KRW" and m.twin is None]


def linked(a: Analysis, weights: Weights) -> tuple[list[Linked], list[Linked]]:
    """(sums, changes) of a sentence with their links; those unlikely to be of lobbying too."""
    sums: list[Linked] = []
    for m in dollars_of(a):
        lobbying = probability(weights, "spent", spent(a, m, before=sums[-1].lobbying if sums else 0.0))
        if is_part(a, m):
            lobbying = 0.0
        sums.append(Linked(m, lobbying, rank("org", orgs(a, m), weights), rank("window", whens(a, m), weights)))
    return sums, [_change(a, c, sums, weights) for c in a.changes]


def _change(a: Analysis, change: Change, sums: list[Linked], weights: Weights) -> Linked:
    of = sum_of(a, change, sums)
    features = spent(a, change, sum_spent=of.lobbying if of else None)
    org = rank("org", orgs(a, change), weights)
    if of is not None and of.lobbying >= 0.5:
        org = of.orgs
    when = rank("change_window", whens(a, change, of.time if of else None), weights)
    when = _after_years(a, change, when)
    return Linked(change, probability(weights, "changed", features), org, when, of)


def _after_years(a: Analysis, change: Change, when: list[Scored[When]]) -> list[Scored[When]]:
    """ "2009년 400만 달러에 불과했지만 9년 새 5배로": the change is of the period nine years later."""
    within = [t for t in a.times if t.special == "within" and t.end <= change.start]
    time = when[0].what.time if when else None
    if not within or time is None or not time.window.end or within[-1].shift is None:
        return when
    later = moved(time.window, -12 * within[-1].shift.years)
    limit = a.context.published or time.window.end
    if later is None or later.end is None or later.end > limit or not any(m.end <= change.start for m in a.money):
        return when
    told = Time(change.start, change.start, later, shape="carried")
    return [Scored(When(told, True), when[0].score, 0.6), *when]


def sum_of(a: Analysis, change: Change, sums: list[Linked]) -> Linked | None:
    """The sum that a change is a change of."""
    place = a.unit(change)
    predicate = a.predicate(place)
    listed = next((s for s in a.spenders if s.members and s.end <= change.start), None)
    if listed is not None and (turn := in_turn(a, change, len(listed.members), listed.end)) >= 0:
        return next((s for s in sums if in_turn(a, s.figure, len(listed.members), listed.end) == turn), None)
    plain = [s for s in sums if isinstance(s.figure, Money) and not is_baseline(a, s.figure)]
    if predicate is not None and predicate.kind == "adnominal":
        # "15% 줄어든 44만 달러", "41.8% 많은 3천532만 달러"
        nearest = next((s for s in plain if 0 <= s.figure.start - predicate.end <= 6), None)
        if nearest is not None:
            return nearest
    before = next((s for s in reversed(plain) if s.figure.end <= change.start), None)
    after = next((s for s in plain if s.figure.start >= change.end), None)
    if after is not None and any(
        sets_apart(p) and change.end <= p.end <= after.figure.start for p in a.structure.predicates
    ):
        after = None  # of another clause
    if before is None or after is None:
        return before or after
    apart = any(
        sets_apart(p) and before.figure.end <= p.start and p.end <= change.start for p in a.structure.predicates
    )
    return after if apart else before


def baseline(a: Analysis, change: Linked) -> Window | None:
    """The period that a change is reckoned from; None where none is said."""
    told = change.time.window if change.time else None
    figure = change.figure
    if (
        len(change.whens) > 1
        and change.whens[0].what.time is not None
        and change.whens[0].what.time.shape == "carried"
        and any(t.special == "within" and t.end <= figure.start for t in a.times)
        and not any(t.compares and t.special != "within" and t.end <= figure.start for t in a.times)
    ):
        years = next(t.shift for t in reversed(a.times) if t.special == "within" and t.end <= figure.start)
        return years.of(told) if years and told else None
    near = [t for t in a.times if t.compares and t.end <= figure.start] or [t for t in a.times if t.compares]
    near.sort(key=lambda t: t.special != "within")  # "2020년과 비교하면 5년 만에": the year says it better
    for t in reversed(near):
        window = t.shift.of(told) if t.shift and told and told.start else t.window
        if window is not None and window.start is not None:
            return window
    since = [
        t
        for t in a.times
        if t.shape == "since" and t.end <= figure.start and t.window.start and told and told != t.window
    ]
    if since and since[-1].window.start and re.search(r"이후|이래", a.sentence[since[-1].start : since[-1].end]):
        return year_span(since[-1].window.start.year)
    before = [
        t
        for t in a.times
        if t.end <= figure.start and t.window.start and told and t.window.start < (told.start or t.window.start)
    ]
    if before and any(is_baseline(a, m) for m in a.money if m.end <= figure.start):
        return before[-1].window
    return None


def shown(window: Window) -> dict[str, Any]:
    """A window as `otherwise` shows it."""
    return {**window.json()}
