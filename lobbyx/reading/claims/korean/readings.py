"""Linked figures -> readings: one for each organization and period that a figure is said of, with what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from lobbyx.model.claim import Comparator, Stance
from lobbyx.model.period import Window
from lobbyx.reading.claims.assembly import Reading, contradictions
from lobbyx.reading.claims.korean.changes import Change, direction
from lobbyx.reading.claims.korean.figures import Money, is_difference
from lobbyx.reading.claims.korean.linking import Linked, baseline, shown
from lobbyx.reading.claims.korean.mentions import Analysis
from lobbyx.reading.claims.korean.names import Spender
from lobbyx.reading.claims.korean.org_links import in_turn
from lobbyx.reading.claims.korean.spent import clause
from lobbyx.reading.claims.korean.stance import stance
from lobbyx.reading.claims.korean.words import pattern
from lobbyx.reading.claims.links import Scored
from lobbyx.reading.claims.mentions import Time

SPENT_FROM = 0.5
DOUBT = 0.7
"""What a contradiction leaves of the confidence in a field."""


def readings(a: Analysis, sums: Sequence[Linked], changes: Sequence[Linked]) -> list[Reading]:
    """The readings of the figures that are of lobbying, in the order of the figures."""
    found: list[Reading] = []
    for one in sums:
        if one.lobbying >= SPENT_FROM:
            found += _spread(a, one, _spend(a, one))
    found += [_change(a, one) for one in changes if one.lobbying >= SPENT_FROM]
    # A rule ("분기에 1만3000달러 이상을 지출하면 등록해야 한다") is about nobody.
    found = [r for r in found if r.org is not None or r.stance != "planned"]
    found.sort(key=lambda r: (r.figure.start, r.org or ""))
    return [
        replace(r, confidence={k: v * (DOUBT if k in doubts else 1.0) for k, v in r.confidence.items()})
        for r, doubts in zip(found, contradictions(found), strict=True)
    ]


def _spend(a: Analysis, one: Linked) -> Reading:
    figure = one.figure
    held = stance(a, figure)
    detail = _detail(a, one)
    time = _planned(one.time, held, a.context.published)
    return Reading(
        kind="spend",
        figure=figure,
        org=one.org.name,
        time=time,
        comparator=_comparator(a, one),
        stance=held,
        detail=detail,
        lacks=() if _said(a) else ("lobbying",),
        confidence=_confidence(a, one),
        otherwise=_otherwise(one),
    )


def _surpasses(a: Analysis, one: Linked) -> bool:
    """Whether the verb of a figure compares it with what was told before: 넘겼다, 웃돌았다."""
    return (
        re.match(
            r"(?:\s?\([^()]*\))?[을를에]?\s?(?:훌쩍\s|크게\s)?(?:넘|웃|상회|밑|못\s?미)",
            a.sentence[one.figure.end : one.figure.end + 40],
        )
        is not None
    )


_SPENT_SO = re.compile(r"(?:쓴|지출한|투자한|기록한|투입한|사용한|집행한|들인|신고한)\s(?P<about>약\s)?(?:총\s)?$")


def _comparator(a: Analysis, one: Linked) -> Comparator:
    """ "50만 달러로 지난해의 30만 달러를 웃돌았다": the second is a sum, which the first is compared with."""
    figure = one.figure
    if figure.said_to is not None and figure.comparator in ("more_than", "less_than"):
        spent_so = _SPENT_SO.search(a.sentence[: figure.start])
        if spent_so:  # "첫 3개월에 투자한 약 140만 달러를 상회하는"
            return "about" if spent_so["about"] else "exact"
    place = a.unit(figure)
    of_a_time = place > 0 and a.units[place - 1].kind == "time" and a.units[place - 1].role in ("", "possessor")
    start, _ = clause(a, figure)
    told_before = any(start <= m.start and m.end <= figure.start and m.twin is None for m in a.money)
    told_before = told_before and _surpasses(a, one)
    if of_a_time and told_before and figure.said_to is not None and figure.comparator in ("more_than", "less_than"):
        return "exact"
    return figure.comparator


def _said(a: Analysis) -> bool:
    return a.cued("lobbying") or a.context.about_lobbying or a.context.follows


def _planned(time: Time | None, held: Stance, published: date | None) -> Time | None:
    """A plan for this year is for all of it."""
    if time is None or held != "planned" or published is None or time.window.end != published or time.shape != "point":
        return time
    return replace(time, window=Window(time.window.start, date(published.year, 12, 31)))


def _confidence(a: Analysis, one: Linked) -> dict[str, float]:
    org, when = one.orgs[0], one.whens[0]
    found = {"lobbying": max(one.lobbying, 1 - one.lobbying), "org": _merged(one.orgs), "window": _windowed(one.whens)}
    if not _said(a):
        found["lobbying"] = min(found["lobbying"], 0.7)
    if _comparator(a, one) in ("more_than", "less_than") and any(m.end <= one.figure.start for m in a.money):
        found["comparator"] = 0.75  # a sum before it may be what surpasses it
    if isinstance(one.figure, Money) and one.figure.currency != "USD":
        found["value"] = 0.6  # what it was in dollars is not said
    if org.what.name is None:
        found["org"] = min(found["org"], 0.6)
    if when.what.time is None:
        found["window"] = min(found["window"], 0.9)
    if when.what.inherited:
        found["window"] = min(found["window"], 0.85)
    if unexplained(a, one):
        found["window"] *= DOUBT
    if stance(a, one.figure) == "asserted" and doubtful(a, one):
        found["stance"] = 0.6
    return found


def _merged(scored: Sequence[Scored[Any]]) -> float:
    """The probability of the best organization, however often it is a candidate."""
    best = scored[0].what.name
    return min(1.0, sum(s.probability for s in scored if s.what.name == best))


def _windowed(scored: Sequence[Scored[Any]]) -> float:
    best = scored[0].what.time.window if scored[0].what.time else None
    return min(1.0, sum(s.probability for s in scored if (s.what.time.window if s.what.time else None) == best))


def _otherwise(one: Linked) -> dict[str, Any]:
    found: dict[str, Any] = {}
    other = next((s.what for s in one.orgs[1:] if s.what.name != one.org.name), None)
    if other is not None:
        found["org"] = other.name
    mine = one.time.window if one.time else None
    for scored in one.whens[1:]:
        window = scored.what.time.window if scored.what.time else None
        if window != mine:
            found["window"] = shown(window) if window else None
            break
    return found


_EVENT = re.compile(
    r"(?:취임|당선|출범|상장|설립|합병|인수|대선|집권|전쟁|청문회|임기)\s?(?:이후|이래|직후|전|당시|후|동안|중)"
)


def unexplained(a: Analysis, one: Linked) -> bool:
    """Whether words of time stand near a figure that no expression explains."""
    figure = one.figure
    for m in _EVENT.finditer(a.sentence):
        if (
            not any(t.start <= m.start() < t.end + 2 for t in a.times)
            and m.start() < figure.end
            and figure.start - m.end() < 60
        ):
            return True
    near = [t for t in a.times if t.end <= figure.start and figure.start - t.end < 30]
    return any(t.window.start is None and t.window.end is None and not t.compares for t in near)


def doubtful(a: Analysis, one: Linked) -> bool:
    """Whether words of denial, doubt or plan stand near, though the clause is read as plain."""
    figure = one.figure
    end = min(len(a.sentence), figure.end + 40)
    return any(a.cued(kind, figure.end, end) for kind in ("denied", "questioned", "planned"))


# What the sum is -----------------------------------------------------------------------------------------------------

_PER = (
    ("quarter", r"분기(?:당|마다|\s?평균)|매\s?분기|분기별"),
    ("month", r"매달|매월|월\s?평균|월평균|달마다|(?<![가-힣0-9])월\s(?=약|[0-9])"),
    ("year", r"연평균|해마다|매년|연간\s?평균|한\s?해\s?평균|연\s?평균"),
    ("day", r"하루|매일"),
)


def _detail(a: Analysis, one: Linked) -> Mapping[str, Any]:
    figure = one.figure
    assert isinstance(figure, Money)
    after, before = a.sentence[figure.end : figure.end + 24], a.sentence[max(0, figure.start - 22) : figure.start]
    if is_difference(a.sentence, figure) and figure.comparator in ("exact", "about", "at_least", "more_than", "nearly"):
        sign, _ = direction(a.sentence, figure.end)
        detail: dict[str, Any] = {"sum": "difference", "direction": "down" if sign < 0 else "up"}
        compared = [t for t in a.times if t.compares and t.end <= figure.start]
        if compared and compared[-1].window.start:
            detail["baseline"] = compared[-1].window.json()
        return detail
    for per, words in _PER:
        if re.search(rf"(?:{words})[^0-9]{{0,12}}$", before) or (
            per != "month" and re.match(r"\s?꼴", after) and re.search(words, a.sentence)
        ):
            return {"sum": "average", "per": per}
    if pattern("cues", "outside").search(a.sentence[: figure.end + 10]) and _outside(a, figure):
        return {"sum": "outside"}
    return {}


def _outside(a: Analysis, figure: Money) -> bool:
    before = a.sentence[max(0, figure.start - 50) : figure.start]
    last = list(pattern("cues", "outside").finditer(before))
    after = pattern("cues", "outside").match(a.sentence[figure.end : figure.end + 12])
    return bool(after) or (
        bool(last)
        and not any(m.end <= figure.start and m.start > figure.start - len(before) + last[-1].end() for m in a.money)
    )


# One figure said of several ----------------------------------------------------------------------------------------

_EACH = re.compile(r"각각|각기|나란히|똑같이|저마다")


def _spread(a: Analysis, one: Linked, reading: Reading) -> list[Reading]:
    """ "애플과 구글은 각각 200만~300만 달러": one reading for each."""
    figure = one.figure
    orgs = _each_org(a, one)
    times = _each_time(a, one)
    found = [replace(reading, org=name) for name in orgs] or [reading]
    spread = [replace(r, time=t) for r in found for t in times] or found
    return spread if len(spread) > 1 else [reading] if figure else []


def _each_org(a: Analysis, one: Linked) -> Sequence[str]:
    whole = next((s for s in a.spenders if s.members and s.start == one.org.start and s.name == one.org.name), None)
    if whole is None or not _distributes(a, whole, one):
        return ()
    return whole.members


def _distributes(a: Analysis, whole: Spender, one: Linked) -> bool:
    figure = one.figure
    if any(whole.end <= m.start and m.end <= figure.start and m.twin is None for m in a.money):
        return False  # "각각 341만 달러와 9만 달러, 합쳐서 350만 달러": the third is of all
    if whole.end > figure.start:
        return a.sentence[figure.span[1] : figure.span[1] + 1] == "씩" or a.sentence[
            figure.end : figure.end + 4
        ].strip().startswith("씩")
    between = a.sentence[whole.end : figure.start]
    return (
        bool(_EACH.search(between))
        or re.match(r"\s?모두\s", between) is not None
        or "씩" in a.sentence[figure.end : figure.end + 4]
    )


def _each_time(a: Analysis, one: Linked) -> Sequence[Time]:
    expression = one.whens[0].what.expression
    if expression is None or len(expression.parts) < 2 or one.whens[0].what.time is not expression:
        return ()
    between = a.sentence[expression.end : one.figure.start]
    if (
        in_turn(a, one.figure, len(expression.parts), expression.end, up_to_time=True) >= 0
        and len(expression.parts) > 1
        and not _EACH.search(between)
    ):
        return ()
    return expression.parts if _EACH.search(between) or re.match(r"\s?모두\s", between) else ()


# Changes -------------------------------------------------------------------------------------------------------------


def _change(a: Analysis, one: Linked) -> Reading:
    figure = one.figure
    assert isinstance(figure, Change)
    told = baseline(a, one)
    confidence = _confidence(a, one)
    comparator: Comparator = figure.comparator
    after = a.sentence[figure.end : figure.end + 6]
    if comparator == "exact" and re.match(r"\s?수준", after):
        comparator = "about"
    detail: dict[str, Any] = {"baseline": told.json()} if told else {}
    return Reading(
        kind="change",
        figure=figure,
        org=one.org.name,
        time=one.time,
        comparator=comparator,
        stance=stance(a, figure),
        detail=detail,
        lacks=(() if told else ("baseline",)) + (() if _said(a) else ("lobbying",)),
        confidence=confidence,
        otherwise=_otherwise(one),
    )
