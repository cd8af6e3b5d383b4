"""Points of time as Korean texts name them, and the days they mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lobbyx.model.period import Window, half_span, month_span, months_from, quarter_before, quarter_span, year_span
from lobbyx.reading.claims.mentions import Shift

Unit = Literal["year", "half", "quarter", "month", "day"]
Base = Literal["absolute", "published", "context", "none"]


@dataclass(frozen=True, slots=True)
class Point:
    """One named stretch of time, before it is reckoned."""

    start: int
    end: int
    year: int | None = None
    """A year, or how many years from that of publication or of the context, as `base` says."""
    base: Base = "none"
    unit: Unit | None = None
    """None: the whole year."""
    first: int = 0
    """The first quarter, half or month; of a length, its months."""
    last: int = 0
    day: int = 0
    special: str = ""
    """A relative expression (`same`, `last_quarter`, ...), `now`, or a length (`length`, `within`, `ago`)."""
    last_year: int = 0
    recent: bool = False
    """Whether a length counts back from the publication (최근 3년간)."""
    at_end: bool = False
    """The end of a month alone ("4월 말")."""

    @property
    def is_bare_year(self) -> bool:
        """Whether it names a year and nothing else."""
        return self.year is not None and self.unit is None and not self.special and not self.last_year

    @property
    def leans(self) -> bool:
        """Whether it counts from another period."""
        if self.special == "length":
            return not self.recent
        return self.base == "context" or self.special in (
            "same", "quarter_before", "half_before", "month_before", "ago", "within",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """What a point means; `window` is None where that cannot be told."""

    window: Window | None
    needs_published: bool = False
    inferred: bool = False
    """Whether its year is not said."""
    shift: Shift | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a point may count from."""

    published: date | None
    anchor: Window | None = None
    """The period that the text is speaking of."""
    year: int | None = None
    """The year of the expression before it."""
    context: Window | None = None
    """The period of the claim before."""


NOT_SAID = Days(None)


def days(p: Point, known: Known) -> Days:
    """The days of a point."""
    try:
        if p.special:
            return _special(p, known)
        if p.base == "context":
            return _from_context(p, known)
        return _dated(p, known)
    except (ValueError, OverflowError):  # 31 June, the year 0
        return NOT_SAID


def moved(window: Window, months: int) -> Window | None:
    """The window as many months later (or earlier); last days of months stay so. None where there is no such date."""

    def day(of: date, last: bool) -> date:
        n = of.year * 12 + of.month - 1 + months
        end = month_span(n // 12, n % 12 + 1).end
        assert end is not None
        ends = of == month_span(of.year, of.month).end
        return end if (last and ends) or of.day > end.day else date(n // 12, n % 12 + 1, of.day)

    try:
        return Window(window.start and day(window.start, False), window.end and day(window.end, True))
    except (ValueError, OverflowError):
        return None


def _from_context(p: Point, known: Known) -> Days:
    by = p.year or 0
    shift = Shift(years=by) if p.unit is None else None
    if known.anchor is None or known.anchor.start is None:
        return Days(None, False, True, shift)
    base = known.anchor.start if by <= 0 else known.anchor.end or known.anchor.start
    return Days(span(p, base.year + by), False, True, shift)


def _dated(p: Point, known: Known) -> Days:
    published = known.published
    if p.base == "absolute":
        assert p.year is not None
        if p.last_year:
            return Days(Window(date(p.year, 1, 1), date(p.last_year, 12, 31)))
        return Days(span(p, p.year))
    if p.base == "published":
        if published is None:
            return Days(None, True)
        of = published.year + (p.year or 0)
        if p.unit is None and p.year == 0:
            return Days(Window(date(of, 1, 1), published))
        return Days(span(p, of))
    # No year is said: that of the expression before, else the last such period that had ended.
    if known.year is not None:
        shared = span(p, known.year)
        if published is None or (shared.start and shared.start <= published):
            return Days(shared, False, True)
    if published is None:
        return Days(None, True, True)
    this = span(p, published.year)
    return Days(this if this.end and this.end <= published else span(p, published.year - 1), False, True)


def _special(p: Point, known: Known) -> Days:
    published, anchor = known.published, known.anchor
    if p.special == "same":
        return _same(p, known)
    if p.special in ("ago", "within"):
        shift = Shift(years=-(p.first // 12)) if p.first % 12 == 0 else None
        return Days(moved(anchor, -p.first) if anchor else None, False, True, shift)
    back = {"quarter_before": 3, "half_before": 6, "month_before": 1}.get(p.special)
    if back and anchor and anchor.start:
        shift = Shift(quarters=-1) if p.special == "quarter_before" else None
        return Days(months_from(anchor.start, back=back, months=back), shift=shift)
    if p.special == "length" and not p.recent and anchor and anchor.end and p.unit == "year" and _is_year(anchor):
        # "2007년 152만달러, ... 지난해 403만달러. 3년간 합계로는": the years up to the last one told
        return Days(Window(date(anchor.end.year - p.first // 12 + 1, 1, 1), anchor.end), False, True)
    if published is None:
        return Days(None, True)
    if p.special == "now":
        return Days(Window(None, published))
    if p.special == "length":
        if p.unit == "quarter":
            end = quarter_before(published)
            assert end.start is not None
            return Days(Window(months_from(end.start, back=p.first - 3, months=3).start, end.end))
        n = published.year * 12 + published.month - 1 - p.first
        return Days(Window(date(n // 12, n % 12 + 1, min(published.day, 28)), published))
    if p.special in ("last_quarter", "quarter_before"):
        return Days(quarter_before(published))
    if p.special == "this_quarter":
        return Days(Window(quarter_span(published.year, (published.month + 2) // 3).start, published))
    if p.special in ("last_month", "month_before", "this_month"):
        return Days(months_from(published, back=0 if p.special == "this_month" else 1, months=1))
    return NOT_SAID


def _is_year(window: Window) -> bool:
    return window.start is not None and window.end is not None and window == year_span(window.end.year)


def _same(p: Point, known: Known) -> Days:
    """ "같은 기간", and with a year "지난해 같은 기간", "전년 동기"."""
    if p.base == "published" and known.published is None:
        return Days(None, True, True)
    if p.base in ("none", "context"):
        shift = Shift(years=p.year or 0)
    else:
        assert p.year is not None
        shift = Shift(
            year=p.year if p.base == "absolute" else known.published.year + p.year if known.published else None
        )
    anchor = known.anchor
    if anchor is None or anchor.start is None:
        return Days(None, False, True, shift)
    by = shift.years if shift.year is None else shift.year - anchor.start.year
    return Days(moved(anchor, 12 * by), False, True, shift)


def span(p: Point, year: int) -> Window:
    """The days of a point in a year; raises ValueError where there is no such day."""
    if p.unit is None:
        return year_span(year)
    if p.unit == "half":
        return half_span(year, p.first)
    if p.unit == "quarter":
        return Window(quarter_span(year, p.first).start, quarter_span(year, p.last).end)
    if p.unit == "day":
        day = date(year, p.first, p.day)
        return Window(day, day)
    if p.at_end:
        end = month_span(year, p.first).end
        return Window(end, end)
    return Window(month_span(year, p.first).start, month_span(year, p.last).end)
