"""Lists that go with each other in order: "A and B spent X and Y", "X and Y in 2021 and 2022, respectively"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from lobbyx.model.claim import Claim
from lobbyx.reading.claims.english.clauses import Place, Scene
from lobbyx.reading.claims.mentions import Time

_IN_TURN = re.compile(r"(?i)\brespectively\b|\bin that order\b")


def _said_in_turn(sentence: str) -> int:
    """Where a sentence says that its lists go with each other; -1 where it does not."""
    m = _IN_TURN.search(sentence)
    return m.start() if m else -1


def organizations(scene: Scene, places: Sequence[tuple[Place, float]]) -> dict[int, str]:
    """The organization of each figure of a list that goes with a list of names, in order.

    "A and B spent $3 million and $2 million, respectively", or without that word where both lists are as long. A figure
    in brackets that another is compared with, "(from $2 million)", goes with the one before it.
    """
    at = _said_in_turn(scene.sentence)
    sums = [i for i, (p, _) in enumerate(places) if not p.change and not p.compared and (at < 0 or p.figure.end <= at)]
    known: dict[int, str] = {}
    end = len(sums)
    while end > 1:
        run: list[int] = []
        for first in range(end - 1):
            some = sums[first:end]
            figures_ = [places[i][0].figure for i in some]
            if at < 0 and not _listed(scene, [f.span for f in figures_]):
                continue
            if orgs := _named_in_order(scene, figures_[0].start, figures_[-1].end, len(some), at >= 0):
                run = some
                known |= dict(zip(run, orgs, strict=True))
                break
        end -= len(run) or 1
        if at >= 0 and known:
            break
    rest = [i for i, (p, _) in enumerate(places) if not p.change and i > max(known, default=len(places))]
    if len(rest) == len(known) > 1 and _listed(scene, [places[i][0].figure.span for i in rest]):
        return known | dict(zip(rest, known.values(), strict=True))  # "X and Y, as against A and B"
    said_before = scene.context.listed
    if at >= 0 and not known and not scene.names and len(sums) == len(said_before):
        known = dict(zip(sums, said_before, strict=True))  # "Last year's scores were X and Y, respectively"
    followers = {i: known[i - 1] for i in range(1, len(places)) if i - 1 in known and places[i][0].compared}
    return known | followers


def _named_in_order(scene: Scene, start: int, end: int, count: int, said: bool) -> list[str]:
    """The names of the list that stands before a list of figures, or behind it; empty for none of that length."""
    known = [n for n in scene.names if n.kind in ("name", "group")]
    last = max((f.end for f in scene.figures if f.end <= start), default=0)
    before = [n for n in known if last <= n.start and n.end <= start]
    before = [
        n for n in before if n.kind == "name"
    ] or before  # "Its rivals Verizon and Sprint", "the groups NAB and CTIA"
    if not said and len(before) != count:
        return []
    for named in (before[-count:], [n for n in known if n.start >= end][:count] if said else []):
        spans = [(n.start, n.end) for n in named]
        if len({n.name for n in named}) == count and _listed(scene, spans):
            return [n.name for n in named]
    return []


def _listed(scene: Scene, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether stretches are listed one after the other, "A, B and C", with no verb between them."""
    for (_, end), (start, _) in pairwise(spans):
        between = scene.sentence[end:start]
        verb = any(t.tag.startswith("VB") and end <= t.start < start for t in scene.structure.tokens)
        if verb or not re.search(r",|\b(?:and|&)\s", between) or re.search(r"[;:()]|\d", between):
            return False
    last = scene.sentence[spans[-2][1] : spans[-1][0]]
    return re.search(r"\band\b|&", last) is not None


_EACH_BEFORE = re.compile(r"(?i)\beach\b[^,;:$]{0,60}$")
_EACH_AFTER = re.compile(r"(?i)^\s(?:each|apiece)\b")


def each(scene: Scene, claims: Sequence[Claim]) -> list[Claim]:
    """ "A, B and C each spent $3 million": a claim for each of them."""
    result: list[Claim] = []
    for claim in claims:
        result.append(claim)
        within = [f for f in scene.figures if claim.start <= f.start and f.end <= claim.end]
        figure = next(
            (
                f
                for f in within
                if claim.value is not None and f.kind == "money" and f.value == round(claim.value * 100)
            ),
            None,
        )
        figure = figure or next(iter(within), None)
        if claim.kind not in ("spend", "change") or figure is None:
            continue
        before = scene.sentence[: figure.span[0]]
        if not (_EACH_BEFORE.search(before) or _EACH_AFTER.match(scene.sentence[figure.end :])):
            continue
        named = [n for n in scene.names if n.kind in ("name", "group") and n.end <= figure.start]
        for count in range(len(named), 1, -1):
            some = named[-count:]
            if _listed(scene, [(n.start, n.end) for n in some]) and any(n.name == claim.org for n in some):
                result[-1:] = [claim if n.name == claim.org else replace(claim, org=n.name) for n in some]
                break
    return result


def periods(scene: Scene, places: Sequence[tuple[Place, float]]) -> dict[int, Time]:
    """The period of each sum of a list that goes with a list of as many periods, where "respectively" says so."""
    if told := _by_column(scene, places):
        return told
    at = _said_in_turn(scene.sentence)
    sums = [i for i, (p, _) in enumerate(places) if not p.change and not p.compared and p.figure.end <= at]
    periods_ = [t for t in scene.times if t.end <= at and t.window.start and t.window.end and t.shape != "day"]
    together = len(periods_) == 1 and len(sums) > 1 and _listed(scene, [places[i][0].figure.span for i in sums])
    if together and not scene.context.window:
        return dict.fromkeys(sums, periods_[0])
    if len(sums) < 2 or len(periods_) != len(sums) or len({t.window for t in periods_}) != len(sums):
        return {}
    for a, b in pairwise(periods_):
        if not re.fullmatch(r"(?i),?\s?(?:and\s)?(?:(?:in|for|during)\s)?", scene.sentence[a.end : b.start]):
            return {}
    return dict(zip(sums, periods_, strict=True))


def _by_column(scene: Scene, places: Sequence[tuple[Place, float]]) -> dict[int, Time]:
    """The periods of the sums of a table in a sentence: "Q2 2009 (Q2 2008 in parentheses): A $6 million ($3 million)",
    "2008 / 2009: A $950,000 / $900,000"."""
    sentence = scene.sentence
    header = sentence.find(":")
    told = [t for t in scene.times if t.end <= header and t.window.start and t.window.end and t.shape != "day"]
    if len(told) != 2:
        return {}
    between = sentence[told[0].end : told[1].start]
    bracketed = re.match(r"\s\(", between) and re.match(r"\sin (?:parenthes[ei]s|brackets)", sentence[told[1].end :])
    slashed = re.fullmatch(r"\s?/\s?", between)
    result: dict[int, Time] = {}
    for i, (place, _) in enumerate(places):
        head = sentence[: place.figure.span[0]]
        second = head.endswith("(") if bracketed else re.search(r"\d\S*(?:\s\w+)?\s?/\s?$", head)
        if bracketed or slashed:
            result[i] = told[1 if second else 0]
    return result
