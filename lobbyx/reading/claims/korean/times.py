"""Expressions of time in a Korean sentence -> windows, anchored at the publication date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lobbyx.model.period import Window, half_span, month_span, quarter_before, quarter_span, year_span


@dataclass(frozen=True, slots=True)
class Time:
    """One expression with its place and the days it means."""

    start: int
    end: int
    window: Window
    needs_published: bool = False
    """True where it cannot be resolved fully without the publication date, and there was none."""
    compares: bool = False
    """True where the sentence says that something is compared with it."""


_YEAR = (
    r"(?:(?P<{0}year>(?:19[89]|20[0-4])[0-9])년"
    r"|(?P<{0}short>[012][0-9])년(?=\s?(?:[1-4]분기|상반기|하반기|[0-9]{{1,2}}월))"
    r"|(?P<{0}this>올해|금년|이번\s?해)|(?P<{0}last>지난해|작년|전년(?!\s?(?:동기|같은|대비)))"
    r"|(?P<{0}two>재작년|지지난해)|(?P<{0}same>그해|같은\s?해|이듬해))"
)
_PART = (
    r"(?:(?P<{0}q>[1-4])(?:~(?P<{0}q2>[1-4]))?\s?분기(?:\s?\([0-9~월\s]+\))?|(?P<{0}half>상|하)반기(?:\s?\([0-9~월\s]+\))?"
    r"|(?P<{0}m>[0-9]{{1,2}})(?:월)?(?:~(?P<{0}m2>[0-9]{{1,2}}))?월(?:\s?(?P<{0}d>[0-9]{{1,2}})일)?)"
)


def _point(prefix: str) -> str:
    return rf"(?:{_YEAR.format(prefix)}(?:에만|에|도)?(?:\s?{_PART.format(prefix)})?|{_PART.format(prefix + 'x')})"


_EXPRESSION = re.compile(
    rf"""(?x)
    (?P<range>{_point("a")}\s?(?:부터|에서|~|–|-)\s?(?:(?P<now>최근|지금|현재|이날)|{_point("b")})\s?까지)
  | (?P<years>(?P<y1>(?:19[89]|20[0-4])[0-9])년?\s?[~–-]\s?(?P<y2>(?:19[89]|20[0-4])[0-9])년)
  | (?P<since>{_point("s")}\s?(?:이후|부터|이래))
  | (?P<until>{_point("u")}\s?까지)
  | (?P<same>(?:전년|지난해|작년|전년도)\s?(?:동기|같은\s?기간|동\s?기간|같은\s?분기))
  | (?P<previous>(?:전|직전|이전)\s?분기)
  | (?P<yearbefore>전년(?=\s?(?:대비|보다|에\s?비해)))
  | (?P<lastquarter>지난\s?분기)
  | (?P<lastmonth>지난달)
  | (?P<past>(?:최근|지난|과거)\s?(?P<n>[0-9]{{1,2}}|한|두|세|네|다섯)\s?(?P<unit>년|개월|해)(?:간|\s?동안|\s?사이)?)
  | (?P<todate>(?:지금|현재|최근|이날)까지)
  | (?P<point>{_point("p")})
    """
)
_NUMBERS = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5}


def times(sentence: str, published: date | None) -> list[Time]:
    """The expressions of time in a sentence, in order; those relative to another are resolved to it."""
    found: list[Time] = []
    year: int | None = None
    for m in _EXPRESSION.finditer(sentence):
        resolved = _resolve(m, published, found[-1].window if found else None, year)
        if resolved is None:
            continue
        window, needs = resolved
        compares = re.match(r"\s?(?:\([^()]*\))?\s?(?:대비|보다|에\s?비해|과\s?비교|와\s?비교)", sentence[m.end() :])
        found.append(Time(m.start(), m.end(), window, needs, compares is not None))
        if window.start:
            year = window.start.year
    since = [place for place, t in enumerate(found) if sentence[t.start : t.end].endswith(("이후", "부터", "이래"))]
    # "2019년 이후 지금까지" is one window.
    found = [
        t for place, t in enumerate(found) if place - 1 not in since or not sentence[t.start : t.end].endswith("까지")
    ]
    # "2021년 8월부터 최근까지 5년간": the length after a range says nothing new.
    spans = [
        t for t in found if t.window.start and sentence[t.start : t.end].endswith(("부터", "까지", "이후", "이래"))
    ]
    return [
        t
        for t in found
        if not (
            spans and re.match(r"(?:최근|지난|과거)\s?[0-9]", sentence[t.start : t.end]) and t.start > spans[0].start
        )
    ]


def _resolve(
    m: re.Match[str], published: date | None, anchor: Window | None, year: int | None
) -> tuple[Window, bool] | None:
    if m["range"]:
        a = _days(m, "a", published, year)
        if m["now"]:
            return (Window(a.start, published), published is None) if a else (Window(), True)
        b = _days(m, "b", published, a.start.year if a and a.start else year)
        if a is None or b is None:
            return Window(), True
        if a.start and b.end and a.start > b.end:
            return None
        return Window(a.start, b.end), False
    if m["years"]:
        first, last = int(m["y1"]), int(m["y2"])
        return (Window(date(first, 1, 1), date(last, 12, 31)), False) if first <= last else None
    if m["since"]:
        a = _days(m, "s", published, year)
        if a is None:
            return Window(), True
        if published and a.start and a.start > published:
            return None
        return Window(a.start, published), published is None
    if m["until"]:
        b = _days(m, "u", published, year)
        if b is None or b.end is None:
            return Window(), True
        # "올해 3분기까지" is of that year; "2025년까지" alone has no beginning.
        whole_year = (b.start, b.end) == (date(b.end.year, 1, 1), date(b.end.year, 12, 31))
        return Window(None if whole_year else date(b.end.year, 1, 1), b.end), False
    if m["same"]:
        moved = shifted(anchor, None)
        return moved if moved else ((year_span(published.year - 1), False) if published else (Window(), True))
    if m["yearbefore"]:
        base = anchor or (year_span(published.year) if published else None)
        if base is None or base.start is None:
            return Window(), True
        return year_span(base.start.year - 1), False
    if m["point"]:
        days = _days(m, "p", published, year)
        return (Window(), True) if days is None else (days, False)
    if m["previous"] and anchor and anchor.start:
        return quarter_before(anchor.start), False
    if published is None:
        return Window(), True
    if m["previous"] or m["lastquarter"]:
        return quarter_before(published), False
    if m["lastmonth"]:
        y, month = divmod(published.year * 12 + published.month - 2, 12)
        return month_span(y, month + 1), False
    if m["past"]:
        n = _NUMBERS.get(m["n"]) or max(1, int(m["n"]))
        months = published.year * 12 + published.month - 1 - (n if m["unit"] == "개월" else 12 * n)
        return Window(date(months // 12, months % 12 + 1, min(published.day, 28)), published), False
    return Window(None, published), False  # to date


def _days(m: re.Match[str], prefix: str, published: date | None, mentioned: int | None) -> Window | None:
    """The days of a year, half, quarter, month or day; without a year, the last that had ended; None if unknown."""
    year: int | None = None
    if m[f"{prefix}year"]:
        year = int(m[f"{prefix}year"])
    elif m[f"{prefix}short"]:
        year = 2000 + int(m[f"{prefix}short"])
    elif m[f"{prefix}same"]:
        year = None if mentioned is None else mentioned + (m[f"{prefix}same"] == "이듬해")
        if year is None:
            return None
    elif m[f"{prefix}this"] or m[f"{prefix}last"] or m[f"{prefix}two"]:
        if published is None:
            return None
        year = published.year - (1 if m[f"{prefix}last"] else 2 if m[f"{prefix}two"] else 0)
    part = prefix if year is not None else f"{prefix}x"
    if not any(m[f"{part}{name}"] for name in ("q", "half", "m")):
        if year is None:
            return None
        if m[f"{prefix}this"] and published:
            return Window(date(year, 1, 1), published)
        return year_span(year)

    def span(of: int) -> Window | None:
        try:
            if m[f"{part}q"]:
                last = quarter_span(of, int(m[f"{part}q2"] or m[f"{part}q"]))
                return Window(quarter_span(of, int(m[f"{part}q"])).start, last.end)
            if m[f"{part}half"]:
                return half_span(of, 1 if m[f"{part}half"] == "상" else 2)
            if m[f"{part}d"]:
                day = date(of, int(m[f"{part}m"]), int(m[f"{part}d"]))
                return Window(day, day)
            return Window(
                month_span(of, int(m[f"{part}m"])).start, month_span(of, int(m[f"{part}m2"] or m[f"{part}m"])).end
            )
        except ValueError:
            return None

    if year is not None:
        return span(year)
    if mentioned is not None and published is None:
        return span(mentioned)
    if published is None:
        return None
    this = span(published.year)
    if this and this.end and this.end > published:
        return span(published.year - 1)
    return this


def shifted(anchor: Window | None, year: int | None) -> tuple[Window, bool] | None:
    """The same part of another year as the window named before; None where none was."""
    if anchor is None or anchor.start is None or anchor.end is None:
        return None if year is None else (year_span(year), False)
    by = (year - anchor.start.year) if year is not None else -1
    start, end = (
        date(d.year + by, d.month, min(d.day, 28) if d.month == 2 else d.day) for d in (anchor.start, anchor.end)
    )
    return Window(start, end), False
