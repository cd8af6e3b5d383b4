"""When a figure of a Korean sentence was spent: the candidates, and what speaks for and against each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lobbyx.model.period import Window, year_span
from lobbyx.reading.claims.korean.changes import Change
from lobbyx.reading.claims.korean.figures import Money, is_difference
from lobbyx.reading.claims.korean.mentions import Analysis
from lobbyx.reading.claims.korean.org_links import Figured, in_turn
from lobbyx.reading.claims.korean.periods import moved
from lobbyx.reading.claims.korean.structure import is_content
from lobbyx.reading.claims.korean.times import Expression
from lobbyx.reading.claims.links import Candidate
from lobbyx.reading.claims.mentions import Time

_COMPARED = re.compile(
    r"(?:\s?\([^()]*\))?\s?(?:이상|가량)?(?:보다|에서|에\s?비해|\s?대비|[과와]\s?비교|의\s(?:약\s)?(?:[0-9.]+|두|세|네|다섯)\s?배|의\s절반)"
)


def head_time(a: Analysis, place: int) -> int:
    """The unit of the time that a figure's clause describes ("58만달러를 쓴 1분기보다"); -1 where none is."""
    predicate = a.predicate(place)
    if predicate is None or predicate.kind != "adnominal" or predicate.head < 0 or is_content(predicate, a.units):
        return -1
    head = predicate.head
    if a.units[head].kind == "time":
        return head
    before = a.units[head - 1] if head else None  # "135만 달러였던 2011년 한 해 지출"
    return head - 1 if before is not None and before.kind == "time" and before.start >= predicate.end - 1 else -1


def is_baseline(a: Analysis, figure: Money) -> bool:
    """Whether a sum is what another is compared with: "143만 달러보다", "전년(304만 달러) 대비"."""
    place = a.unit(figure)
    if place < 0:
        return False
    unit = a.units[place]
    if unit.host >= 0 and a.units[unit.host].kind == "time":
        return any(t.compares and a.time_unit(t) == unit.host for t in a.times)
    head = head_time(a, place)
    if head >= 0:
        return any(a.time_unit(t) == head and t.compares for t in a.times)
    after = a.sentence[figure.end : figure.end + 16]
    if re.match(r"\s?(?:→|->)", after):
        return True
    return unit.role in ("than", "from") or _COMPARED.match(after) is not None


@dataclass(frozen=True, slots=True)
class When:
    """A candidate for the period of a figure; `time` is None where none is said."""

    time: Time | None
    inherited: bool = False
    expression: Expression | None = None


def whens(a: Analysis, figure: Figured, of_sum: Time | None = None) -> list[Candidate[When]]:
    """Which period a figure may be of. `of_sum`: for a change, the period of the sum that it is a change of."""
    found: list[Candidate[When]] = []
    for t in a.times:
        features = _when(a, figure, t)
        if of_sum is not None and of_sum.window == t.window and not t.compares:
            features["of_sum"] = 1.0
        parted = len(t.parts) > 1 and (turn := in_turn(a, figure, len(t.parts), t.end, up_to_time=True)) >= 0
        if parted:
            features["parted"] = 1.0
            found.append(Candidate(When(t.parts[turn], expression=t), {**features, "part": 1.0, "parted": 0.0}))
        found.append(Candidate(When(t, expression=t), features))
        if (like := _like_with_like(a, figure, t)) is not None:
            said = float(any(o.special == "same" and o.end <= t.start for o in a.times))
            found.append(Candidate(When(like, True), {**features, "like_with_like": 1.0, "like_said": said}))
    usable = [t for t in a.times if not t.compares]
    if of_sum is not None and not any(t.window == of_sum.window for t in a.times):
        found.append(Candidate(When(of_sum, True), {"of_sum": 1.0}))
    if (later := _year_before(a, figure)) is not None:
        carried = Time(figure.start, figure.start, later, shape="carried")
        found.append(Candidate(When(carried, True), {"from_before": 1.0}))
    if a.context.window is not None:
        carried = Time(figure.start, figure.start, a.context.window, shape="carried")
        features = {
            "inherited": 1.0,
            "inherited_follows": float(a.context.follows),
            "inherited_though_timed": float(bool(usable)),
            "inherited_same_org": float(not any(s.kind in ("name", "group") for s in a.spenders)),
        }
        found.append(Candidate(When(carried, True), features))
    found.append(Candidate(When(None), {"never": 1.0, "never_though_timed": float(bool(usable))}))
    return found


def _like_with_like(a: Analysis, figure: Figured, t: Expression) -> Time | None:
    """ "1분기 167만달러로, 지난해의 160만달러보다": of a year, the part that is compared with it."""
    if not isinstance(figure, Money) or not is_baseline(a, figure) or t.window.start is None or t.shape != "point":
        return None
    if t.window != year_span(t.window.start.year):
        return None
    parts = [o.window for o in a.times if o.end <= t.start and not o.compares and o.window.start and o.window.end]
    if not parts or parts[-1].start is None or parts[-1].end is None or (parts[-1].end - parts[-1].start).days > 190:
        return None
    window = moved(parts[-1], 12 * (t.window.start.year - parts[-1].start.year))
    return Time(t.start, t.end, window, shape="carried") if window else None


def _year_before(a: Analysis, figure: Figured) -> Window | None:
    """ "지난해 188만 달러에서 224만 달러로 늘렸다": the first sum is of the year before the one that is told."""
    if not isinstance(figure, Money) or not _goes_up_to(a, figure):
        return None
    before = [t.window for t in a.times if t.end <= figure.start and not t.compares]
    told = before[-1] if before else a.context.window
    return moved(told, -12) if told is not None and told.start and told.end else None


def _goes_up_to(a: Analysis, figure: Money) -> bool:
    """Whether a figure is the first of "from one to another" between which no time is said."""
    place = a.unit(figure)
    following = next((m for m in a.money if m.start >= figure.end and m.twin is None), None)
    if following is not None and re.fullmatch(r"\s?(?:→|->)\s?", a.sentence[figure.end : following.start]):
        return True
    if place < 0 or a.units[place].role != "from" or following is None:
        return False
    after = a.unit(following)
    return (
        after >= 0 and a.units[after].role == "to" and not any(figure.end <= t.start < following.start for t in a.times)
    )


def _when(a: Analysis, figure: Figured, t: Expression) -> dict[str, float]:
    place, at = a.unit(figure), a.time_unit(t)
    here = a.units[place] if place >= 0 else None
    before = t.end <= figure.start
    low, high = (t.end, figure.start) if before else (figure.end, t.start)
    sums = [m for m in a.money if low <= m.start and m.end <= high and m.twin is None]
    others = [o for o in a.times if o is not t and low <= o.start and o.end <= high and not o.compares]
    ends = [p for p in a.structure.predicates if low <= p.start and p.end <= high and p.kind in ("connective", "final")]
    names = [
        s for s in a.spenders if low <= s.start and s.end <= high and s.kind in ("name", "group") and not s.members
    ]
    side = "before" if before else "after"
    f: dict[str, float] = {
        side: 1.0,
        f"{side}_sums": min(len(sums), 3.0),
        f"{side}_times": min(len(others), 3.0),
        f"{side}_ends": min(len(ends), 3.0),
        f"{side}_names": min(len(names), 2.0),
        "distance": min(max(0, high - low), 120) / 60,
        "compares": float(t.compares),
        f"shape_{t.shape}": 1.0,
        "unreckoned": float(t.window.start is None and t.window.end is None),
        "first": float(t is a.times[0]),
        "single_day": float(t.window.start is not None and t.window.start == t.window.end),
    }
    if isinstance(figure, Money) and _goes_up_to(a, figure):
        f["of_the_later"] = 1.0
    if isinstance(figure, Change) and any(
        m.twin is None and 0 <= m.start - t.end <= 6 and m.end <= figure.start and is_baseline(a, m) for m in a.money
    ):
        f["of_baseline"] = 1.0
    if at >= 0 and head_time(a, place) == at:
        f["head"] = 1.0
    if before and not sums and not others and high - low <= 12:
        f["beside"] = 1.0
    if here is not None and at >= 0 and here.host == at:
        f["host"] = 1.0
    if at >= 0 and a.units[at].host >= 0 and not (here is not None and here.host == a.units[at].host):
        f["inside"] = 1.0
    if at >= 0 and a.governed(at) == a.governed(place) >= 0:
        f["same_predicate"] = 1.0
        f["after_same_predicate"] = float(not before)
    if t.compares and isinstance(figure, Money) and is_difference(a.sentence, figure):
        f["difference_from"] = 1.0
    if t.compares and isinstance(figure, Money) and is_baseline(a, figure):
        f["baseline_of"] = 1.0
    return f
