"""Expressions of time in a Korean sentence -> the days they mean, anchored at the publication date and at each other.

`_expressions` makes ranges of points ("2021년 3분기부터 올해 3분기까지", "2022∼2024년", "2021년 상장 이후"); those that
count from another period (전년, 같은 기간, 1년 전) are reckoned last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from lobbyx.model.period import Window
from lobbyx.reading.claims.korean.periods import Days, Known, Point, days
from lobbyx.reading.claims.korean.points import DASH, points
from lobbyx.reading.claims.korean.words import any_of, words
from lobbyx.reading.claims.mentions import Time


@dataclass(frozen=True, slots=True)
class Expression(Time):
    """A Korean expression of time. Its window is open on both sides where it could not be reckoned."""

    compares: bool = False
    """Whether it is what a figure is compared with ("전년보다"), not when the money was spent."""
    inferred: bool = False
    """Whether its year is not said."""
    parts: tuple[Time, ...] = ()
    """The periods that were added up ("2024년과 2025년")."""
    special: str = ""
    """As of its `Point`."""
    from_publication: bool = False
    """Whether it is a whole year counted from the publication (지난해)."""


# Expressions ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Made:
    start: int
    end: int
    shape: str
    first: Point
    last: Point | None = None
    members: tuple[Point, ...] = ()


_TILL = re.compile(r"\s?(?:말|초)?\s?까지(?:의)?(?:\s누적)?|\s누적(?:\s기준)?")
_SINCE = re.compile(r"\s?(?:초|말)?\s?(?:이후|이래|부터|뒤|(?<=[일월년])\s?후)")
_SINCE_EVENT = re.compile(r"(?:에|의)?\s?(?:[가-힣A-Za-z]{1,10}\s?){1,3}(?:이후|이래)(?=[\s,]|로|에|$)")
_OPENS = re.compile(
    r"\s?(?:초|말|들어)?\s?(?:부터|이후|이래|들어서?|에서|[가-힣]{0,8}\s?(?:이후|부터))\s?(?:지난\s|올\s)?,?\s?"
)
_DASHED = re.compile(rf"\s?{DASH}\s?(?:지난\s)?")
_AND = re.compile(r"\s?(?:와|과|,|및|·|ㆍ)\s?")


def _spans(p: Point) -> bool:
    return not p.special and not p.last_year


def _expressions(sentence: str) -> list[_Made]:
    named = points(sentence)
    found: list[_Made] = []
    place = 0
    while place < len(named):
        made, used = (
            _range(sentence, named, place) or _union(sentence, named, place) or (_open(sentence, named[place]), 1)
        )
        found.append(made)
        place += used
    return found


def _range(sentence: str, named: Sequence[Point], place: int) -> tuple[_Made, int] | None:
    if place + 1 >= len(named):
        return None
    first, last = named[place], named[place + 1]
    if not _spans(first) or not (_spans(last) or last.special in ("now", "last_month", "last_quarter", "this_month")):
        return None
    gap = sentence[first.end : last.start]
    till = _TILL.match(sentence, last.end)
    dashed = _DASHED.fullmatch(gap)
    if till and (dashed or _OPENS.fullmatch(gap)):
        return _Made(first.start, till.end(), "range", first, last), 2
    if dashed and last.special != "now":
        return _Made(first.start, last.end, "range", first, last), 2
    return None


def _union(sentence: str, named: Sequence[Point], place: int) -> tuple[_Made, int] | None:
    members = [named[place]]
    for point in named[place + 1 :]:
        if not _same_level(members[-1], point) or not _AND.fullmatch(sentence[members[-1].end : point.start]):
            break
        members.append(point)
    if len(members) == 1:
        return None
    return _Made(members[0].start, members[-1].end, "union", members[0], members[-1], tuple(members)), len(members)


def _same_level(a: Point, b: Point) -> bool:
    if not (_spans(a) and _spans(b)):
        return False
    if a.unit is None or b.unit is None:
        return a.unit is b.unit
    return a.unit == b.unit and b.year is None and a.unit != "day"


def _open(sentence: str, point: Point) -> _Made:
    if point.special == "now":
        till = _TILL.match(sentence, point.end)
        return _Made(point.start, till.end() if till else point.end, "to_date", point)
    if _spans(point):
        if m := _TILL.match(sentence, point.end):
            return _Made(point.start, m.end(), "until", point)
        if m := _SINCE.match(sentence, point.end) or _SINCE_EVENT.match(sentence, point.end):
            return _Made(point.start, m.end(), "since", point)
        if m := re.compile(r"\s?들어(?:서|와)?(?=[\s,만도])").match(sentence, point.end):
            return _Made(point.start, m.end(), "since", point)
    shape = "length" if point.special == "length" else "relative" if point.leans else "point"
    return _Made(point.start, point.end, shape, point)


# Days ----------------------------------------------------------------------------------------------------------------


def times(sentence: str, published: date | None, context: Window | None = None) -> list[Expression]:
    """The expressions of time in a sentence, in order.

    `context`: the period of the claim before, for 같은 기간 and 전년. A day on which something was printed or filed is
    left out.
    """
    made = _expressions(sentence)
    found: list[Expression | None] = [None] * len(made)
    for leaning in (False, True):
        for i, e in enumerate(made):
            if e.first.leans == leaning:
                known = Known(
                    published,
                    (_anchor(found, i) or context) if leaning else None,
                    _year_before(found, i, context),
                    context,
                )
                found[i] = _expression(sentence, e, known)
    kept = [t for t in found if t is not None]
    return [t for t in kept if not _says_nothing_new(t, kept) and not _is_report_day(sentence, t)]


def _expression(sentence: str, e: _Made, known: Known) -> Expression:
    compares = _compares(sentence, e.end)
    if compares and e.first.special == "last_quarter" and known.anchor is None:
        known = replace(known, anchor=known.context)
    if compares and e.first.special == "last_quarter":
        e = replace(e, first=replace(e.first, special="quarter_before"), shape="relative")
    reckoned = _days(e, known)
    members = _members(e, known) if e.members else ()
    return Expression(
        e.start,
        e.end,
        reckoned.window or Window(),
        reckoned.needs_published,
        e.shape,
        reckoned.shift if e.shape == "relative" else None,
        compares=compares or e.first.special in ("ago", "within"),
        inferred=reckoned.inferred,
        parts=tuple(Time(p.start, p.end, d.window or Window(), d.needs_published) for p, d in members),
        special=e.first.special,
        from_publication=e.first.is_bare_year and e.first.base == "published" and e.shape == "point",
    )


def _days(e: _Made, known: Known) -> Days:
    first = days(e.first, known)
    window, published = first.window, known.published
    if e.shape in ("point", "relative", "length", "to_date") or window is None:
        return first
    if e.shape == "since":
        if published and window.start and window.start > published:
            return replace(first, window=None)
        return replace(first, window=Window(window.start, published), needs_published=published is None)
    if e.shape == "until":
        assert window.end is not None
        if e.first.unit is None and not (e.first.base == "published" and e.first.year == 0):
            return replace(first, window=Window(None, window.end))  # "2024년까지" has no beginning
        return replace(first, window=Window(date(window.end.year, 1, 1), window.end))
    if e.shape == "union":
        windows = [d.window for _, d in _members(e, known)]
        starts = [w.start for w in windows if w and w.start]
        ends = [w.end for w in windows if w and w.end]
        if len(starts) < len(windows) or len(ends) < len(windows):
            return replace(first, window=None)
        return replace(first, window=Window(min(starts), max(ends)))
    assert e.last is not None
    if e.last.special == "now":
        if published and window.start and window.start > published:
            return replace(first, window=None)
        return replace(first, window=Window(window.start, published), needs_published=published is None)
    assert window.start is not None
    last = e.last
    if last.year is None and not last.special:
        last = replace(last, year=window.start.year, base="absolute")
    end = days(last, replace(known, anchor=window, year=window.start.year))
    if end.window is None or end.window.end is None or end.window.end < window.start:
        return replace(first, window=None, needs_published=first.needs_published or end.needs_published)
    return replace(first, window=Window(window.start, end.window.end))


def _members(e: _Made, known: Known) -> list[tuple[Point, Days]]:
    first = e.members[0]
    shared = [replace(p, year=first.year, base=first.base) if p.year is None else p for p in e.members]
    return [(p, days(p, known)) for p in shared]


def _anchor(found: Sequence[Expression | None], i: int) -> Window | None:
    """The period that the expression at a place counts from: the nearest before it, else the next."""
    before = [t for t in found[:i] if t is not None and t.window.start and not t.compares]
    after = [t for t in found[i + 1 :] if t is not None and t.window.start and not t.compares and t.shape != "relative"]
    return before[-1].window if before else after[0].window if after else None


def _year_before(found: Sequence[Expression | None], i: int, context: Window | None) -> int | None:
    """The year of the expression before the one at a place, which it may share.

    Where the text is speaking of a part of another year, "지난해" alone does not change that.
    """
    for t in reversed(found[:i]):
        if t is None or t.window.start is None or t.compares or t.shape in ("length", "since", "relative"):
            continue
        if (
            t.from_publication
            and context is not None
            and context.end
            and context.start
            and (context.end - context.start).days < 200
        ):
            return context.end.year
        return (t.window.end or t.window.start).year if t.shape == "range" else t.window.start.year
    return None


@cache
def _compared() -> re.Pattern[str]:
    w = words("korean_times")["compares"]
    return re.compile(rf"(?:\s?\([^()]*\))?{w['noun']}{w['sum']}(?:\s?\([^()]*\))?\s?(?:{any_of(w['after'])})")


def _compares(sentence: str, end: int) -> bool:
    return _compared().match(sentence[end : end + 80]) is not None


def _says_nothing_new(t: Expression, others: Sequence[Expression]) -> bool:
    """ "2021년 8월부터 최근까지 5년간", "5년간(2021~2025년)": the length adds nothing to the range."""
    return t.shape == "length" and any(
        o.shape in ("range", "since", "union") and (abs(o.end - t.start) < 12 or 0 <= o.start - t.end < 4)
        for o in others
    )


def _is_report_day(sentence: str, t: Expression) -> bool:
    """A single day is when a report came out, unless something stood so on it."""
    w = t.window
    if t.shape != "point" or w.start is None or w.start != w.end:
        return False
    stood = re.match(r"\s?(?:현재|기준|당시|말)", sentence[t.end :]) or sentence[t.start : t.end].endswith("말")
    return not stood
