"""Dates as users and claims write them, and the calendar of reporting periods."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from lobbyx.model.errors import LobbyxError

ACCEPTED = "2021-08-01, 2021-08, 2021, 2021Q3"


class UnreadableDate(LobbyxError):
    """A date in none of the accepted forms."""

    def __init__(self, problem: str, **values: Any) -> None:
        from lobbyx.model.said import said  # which knows windows

        super().__init__(said(f"problem.{problem}", **values))


def iso(day: date | None) -> str | None:
    """ISO text of a date; None for None."""
    return day.isoformat() if day else None


@dataclass(frozen=True, slots=True)
class Window:
    """Inclusive dates. None leaves that side open."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"the window starts ({self.start}) after it ends ({self.end})")

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of a window that is closed on both sides, as reporting periods are."""
        assert self.start is not None
        assert self.end is not None
        return self.start, self.end

    def json(self) -> dict[str, str | None]:
        """`{"start": ..., "end": ...}` with ISO dates or null."""
        return {"start": iso(self.start), "end": iso(self.end)}

    def __str__(self) -> str:
        """The window in words that follow a verb: "since 2021-08-01"."""
        match (self.start, self.end):
            case (None, None):
                return "in all periods on file"
            case (start, None):
                return f"since {start}"
            case (None, end):
                return f"up to {end}"
            case (start, end):
                return f"from {start} to {end}"


def span(text: str) -> Window:
    """The days that `text` means: a day, a month, a quarter or a year.

    Raises UnreadableDate with the accepted forms.
    """
    problem = "cannot_read_date"
    m = re.fullmatch(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?|-?[Qq]([1-4]))?", text.strip())
    if m:
        year, month, day, quarter = (int(g) if g else None for g in m.groups())
        assert year is not None
        if not 1900 <= year <= 2200:
            raise UnreadableDate("year_out_of_range", given=text, accepted=ACCEPTED)
        try:
            if day is not None and month is not None:
                return Window(date(year, month, day), date(year, month, day))
            if month is not None:
                return month_span(year, month)
            return quarter_span(year, quarter) if quarter else year_span(year)
        except ValueError:
            problem = "no_such_date"
    raise UnreadableDate(problem, given=text, accepted=ACCEPTED)


def month_span(year: int, month: int) -> Window:
    """First to last day of a month. Raises ValueError if there is no such month."""
    first = date(year, month, 1)
    return Window(first, date(year, month, calendar.monthrange(year, month)[1]))


@lru_cache(maxsize=10_000)
def quarter_span(year: int, quarter: int) -> Window:
    """First to last day of a quarter (1 to 4)."""
    return Window(date(year, 3 * quarter - 2, 1), month_span(year, 3 * quarter).end)


def quarter_before(day: date) -> Window:
    """First to last day of the quarter before the one that `day` is in."""
    year, quarter = divmod(day.year * 4 + (day.month - 1) // 3 - 1, 4)
    return quarter_span(year, quarter + 1)


def months_from(day: date, *, back: int, months: int) -> Window:
    """First to last day of `months` whole months, starting `back` months before the month of `day`."""
    first = day.year * 12 + day.month - 1 - back
    last = first + months - 1
    return Window(date(first // 12, first % 12 + 1, 1), month_span(last // 12, last % 12 + 1).end)


@lru_cache(maxsize=1_000)
def half_span(year: int, half: int) -> Window:
    """First to last day of a half-year (1 or 2)."""
    return Window(date(year, 6 * half - 5, 1), month_span(year, 6 * half).end)


def period_label(window: Window) -> str:
    """A reporting period as people write it: `2021 Q3`, or `1999 H1` for a half-year."""
    start, end = window.days
    months = end.month - start.month + 1
    return f"{start.year} {'H' if months == 6 else 'Q'}{(start.month - 1) // months + 1}"


def year_span(year: int) -> Window:
    """First to last day of a year."""
    return Window(date(year, 1, 1), date(year, 12, 31))


def window(since: str | None, until: str | None) -> Window:
    """The window from the first day of `since` to the last day of `until`. A side that is not given is open.

    Raises UnreadableDate, also if the window would end before it starts.
    """
    start = span(since).start if since else None
    end = span(until).end if until else None
    if start and end and start > end:
        raise UnreadableDate("window_backwards", since=since, until=until)
    return Window(start, end)


@lru_cache(maxsize=1_000)
def filing_period_span(year: int, filing_period: str) -> Window:
    """The days an API `filing_period` of a year covers: quarters since 2008, half-years before."""
    quarters = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")
    if filing_period in quarters:
        return quarter_span(year, quarters.index(filing_period) + 1)
    return half_span(year, {"mid_year": 1, "year_end": 2}[filing_period])


def due_date(period: Window) -> date:
    """When a report for the period was due: 20 days after a quarter, 45 after a half-year (LDA section 5)."""
    assert period.start is not None
    assert period.end is not None
    half_year = (period.end - period.start).days > 100
    return period.end + timedelta(days=45 if half_year else 20)
