"""Expressions of time in an English sentence -> windows, anchored at the publication date."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lobbyx.model.period import Window, half_span, month_span, quarter_before, quarter_span, year_span

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {
    w: i for i, w in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)
}
_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "final": 4,
    "last": 4,
}

_YEAR = r"(?:19[89][0-9]|20[0-9]{2})"
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sep(?:t(?:ember|\.)?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_ORDINAL = r"(?:first|second|third|fourth|final|1st|2nd|3rd|4th)"
_QUARTER = (
    rf"(?:(?:the\s)?{_ORDINAL}[\s-]quarter(?:\s(?:of|in)\s{_YEAR}|,?\s{_YEAR})?"
    rf"|Q[1-4](?:\s(?:of\s)?{_YEAR})?|{_YEAR}\s?Q[1-4]|{_YEAR}(?:'s|’s)?\s{_ORDINAL}\squarter)"
)
_HALF = rf"(?:(?:the\s)?(?:first|second)\shalf(?:\sof\s(?:{_YEAR}|this\syear|last\syear))?)"
_POINT = (
    rf"(?:{_QUARTER}|{_HALF}|{_MONTH}\s[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s{_YEAR}|{_MONTH},?\s(?:of\s)?{_YEAR}"
    rf"|{_MONTH}\s[0-9]{{1,2}}\b|{_YEAR}-[0-9]{{2}}-[0-9]{{2}}|{_YEAR}|{_MONTH}(?=[\s,.]|$))"
)
_N = r"(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)"
_AGO = r"(?:a\syear\s(?:earlier|ago|before)|the\s(?:year\sbefore|previous\syear|prior\syear|preceding\syear))"

_EXPRESSION = re.compile(
    rf"""(?xi)\b(?:
    (?P<range>(?:from|between)\s(?P<a>{_POINT})\s(?:to|through|until|till|and|-|–)\s(?P<b>{_POINT}))
  | (?P<then>since\sthen)
  | (?P<months_range>(?:from\s)?(?P<m1>{_MONTH})\s?(?:[-–]|to|through)\s?(?P<m2>{_MONTH})(?:\s(?:period|quarter))?
        (?:,?\s(?:of\s)?(?P<range_year>{_YEAR}))?)
  | (?P<since>since\s(?:(?P<since_at>{_POINT})|(?P<since_late>[^.;,]{{1,80}}?\b(?:in|of)\s(?P<since_in>{_POINT}))))
  | (?P<same>(?:the\s)?same\s(?:period|quarter|time|point|months?|three\smonths)\s(?:(?:in|of)\s(?P<same_year>{_YEAR})
        |(?:of\s|in\s)?(?P<same_last>last\syear|(?:a|the)\syear\s(?:earlier|ago|before)|the\s(?:previous|prior)\syear)))
  | (?P<months>(?:the\s)?first\s(?P<n_months>{_N}|three\squarters)(?:\smonths)?
        \sof\s(?P<months_year>{_YEAR}|this\syear|the\syear|last\syear))
  | (?P<ended>(?:the\s)?(?P<n_ended>{_N})\smonths\s(?:ended|ending|through|to)\s(?P<ended_at>{_POINT})
        |(?:the\s)?(?:final|last)\s(?P<n_final>{_N})\smonths\sof\s(?P<final_year>{_YEAR}|last\syear))
  | (?P<past>(?:(?:over|in|during|within|across|for)\sthe\s(?:past|last|previous)|over)\s
        (?P<n_years>{_N})\s(?P<past_unit>years|decades|months)
        |(?:over|in|during|within|across|for)\sthe\spast\s(?P<one_past>decade|year))
  | (?P<ytd>(?:so\sfar|thus\sfar|already)\sthis\syear|this\syear\s(?:so\sfar|alone|to\sdate)|year[\s-]to[\s-]date
        |so\sfar\sin\s(?P<ytd_year>{_YEAR}))
  | (?P<last_year>last\syear|the\slast\scalendar\syear)
  | (?P<this_year>this\syear)
  | (?P<year_ago>{_AGO})
  | (?P<last_quarter>last\squarter|(?:the|its)\s(?:previous|prior|preceding|most\srecent|latest)\squarter)
  | (?P<last_month>last\smonth)
  | (?P<point>(?:(?:in|during|for|of|throughout|over)\s)?
        (?:{_QUARTER}|{_HALF}|{_MONTH},?\s{_YEAR}|(?:calendar\s|fiscal\s)?{_YEAR}))
  | (?P<to_date>to\sdate)
    )\b"""
)


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


def times(sentence: str, published: date | None) -> list[Time]:
    """The expressions of time in a sentence, in order; those relative to another are resolved to it."""
    found: list[Time] = []
    for m in _EXPRESSION.finditer(sentence):
        anchor = found[-1].window if found else None
        resolved = _resolve(m, published, anchor)
        if resolved is None:
            continue
        window, needs = resolved
        found.append(Time(m.start(), m.end(), window, needs))
    said = [sentence[t.start : t.end].lower() for t in found]
    # "To date, since 2019" is one window.
    has_since = any(words.startswith("since") for words in said)
    return [t for t, words in zip(found, said, strict=True) if not (has_since and words == "to date")]


def _resolve(m: re.Match[str], published: date | None, anchor: Window | None) -> tuple[Window, bool] | None:
    if m["range"]:
        b, b_needs = _point(m["b"], published)
        # "from the first to the third quarter of 2021": the year belongs to both.
        a, a_needs = _point(m["a"], published, year=b.end.year if b.end else None)
        if a.start and b.end and a.start > b.end:
            return None
        return Window(a.start, b.end), a_needs or b_needs
    if m["then"]:
        if anchor is None or anchor.start is None:
            return None
        return Window(anchor.start, published), published is None
    if m["months_range"]:
        year = int(m["range_year"]) if m["range_year"] else None
        last, needs = _point(m["m2"], published, year)
        first, _ = _point(m["m1"], published, last.end.year if last.end else year)
        if first.start and last.end and first.start > last.end:
            return None
        return Window(first.start, last.end), needs
    if m["since"]:
        w, needs = _point(m["since_at"] or m["since_in"], published)
        if published and w.start and w.start > published:
            return None
        return Window(w.start, published), needs or published is None
    if m["same"]:
        year = int(m["same_year"]) if m["same_year"] else None
        return shifted(anchor, year)
    if m["year_ago"]:
        return shifted(anchor, None)
    if m["months"]:
        return _first_months(m, published)
    if m["ended"]:
        return _months_to(m, published)
    if m["point"]:
        return _point(
            re.sub(r"(?i)^(?:in|during|for|of|throughout|over)\s|\b(?:calendar|fiscal)\s", "", m["point"]),
            published,
        )
    if published is None:
        return Window(), True
    return _relative(m, published, anchor), False


def _relative(m: re.Match[str], published: date, anchor: Window | None) -> Window:
    if m["past"]:
        n = _number(m["n_years"]) if m["n_years"] else 1
        unit = m["past_unit"] or m["one_past"] + "s"
        months = n * {"years": 12, "decades": 120, "months": 1}[unit.lower()]
        first = published.year * 12 + published.month - 1 - months
        last_day = month_span(first // 12, first % 12 + 1).end
        assert last_day is not None
        return Window(date(first // 12, first % 12 + 1, min(published.day, last_day.day)), published)
    if m["ytd"] or m["this_year"]:
        this_year = int(m["ytd_year"]) if m["ytd_year"] else published.year
        return Window(date(this_year, 1, 1), published if this_year == published.year else date(this_year, 12, 31))
    if m["last_year"]:
        return year_span(published.year - 1)
    if m["last_month"]:
        year, month = divmod(published.year * 12 + published.month - 2, 12)
        return month_span(year, month + 1)
    if m["last_quarter"]:
        # "than in the previous quarter" is relative to the quarter named before, "last quarter" to the paper's date.
        named_before = anchor.start if anchor and not m["last_quarter"].lower().startswith("last") else None
        relative_to = named_before or published
        return quarter_before(relative_to)
    return Window(None, published)  # to date


def shifted(anchor: Window | None, year: int | None) -> tuple[Window, bool] | None:
    """The same part of another year as the window named before; None where none was."""
    if anchor is None or anchor.start is None or anchor.end is None:
        return None if year is None else (year_span(year), False)
    by = (year - anchor.start.year) if year is not None else -1
    start, end = (
        date(d.year + by, d.month, min(d.day, 28) if d.month == 2 else d.day) for d in (anchor.start, anchor.end)
    )
    return Window(start, end), False


def _first_months(m: re.Match[str], published: date | None) -> tuple[Window, bool]:
    which = m["months_year"].lower()
    if which[0].isdigit():
        year = int(which)
    elif published is None:
        return Window(), True
    else:
        year = published.year - (1 if which == "last year" else 0)
    n = 9 if "quarters" in m["n_months"].lower() else _number(m["n_months"])
    return Window(date(year, 1, 1), month_span(year, min(n, 12)).end), False


def _months_to(m: re.Match[str], published: date | None) -> tuple[Window, bool] | None:
    """ "the three months ended June 30", "the final six months of 2020": whole months up to that day."""
    last, needs = _point(m["ended_at"] or f"December {m['final_year']}", published)
    if last.end is None:
        return None if not needs else (Window(), True)
    months = last.end.year * 12 + last.end.month - _number(m["n_ended"] or m["n_final"])
    return Window(date(months // 12, months % 12 + 1, 1), last.end), needs


def _number(text: str) -> int:
    return _NUMBERS.get(text.lower()) or max(1, int(text))


def _point(text: str, published: date | None, year: int | None = None) -> tuple[Window, bool]:
    """The days of a year, quarter, half, month or day; without a year, the last that had ended by `published`."""
    lower = text.lower()
    years = re.findall(_YEAR, text)
    given = int(years[-1]) if years else year
    if given is None and "last year" in lower and published:
        given = published.year - 1
    elif given is None and "this year" in lower and published:
        given = published.year
    if re.search(r"\bq[1-4]\b", lower) or "quarter" in lower:
        q = re.search(r"\bq([1-4])\b", lower)
        number = int(q[1]) if q else next(n for word, n in _ORDINALS.items() if re.search(rf"\b{word}\b", lower))
        return _latest(lambda y: quarter_span(y, number), given, published)
    if "half" in lower:
        return _latest(lambda y: half_span(y, 1 if "first" in lower else 2), given, published)
    month = next((i for i, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name}", lower)), None)
    if iso := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
        return _day(*(int(g) for g in iso.groups()))
    if month:
        day = re.search(r"\b([0-9]{1,2})(?:st|nd|rd|th)?\b(?!\d)", re.sub(_YEAR, "", text))
        if day:
            return _latest(lambda y: _day(y, month, int(day[1]))[0], given, published)
        return _latest(lambda y: month_span(y, month), given, published)
    if given is None:
        return Window(), True
    return year_span(given), False


def _day(year: int, month: int, day: int) -> tuple[Window, bool]:
    try:
        return Window(date(year, month, day), date(year, month, day)), False
    except ValueError:
        return Window(), True


def _latest(span: Callable[[int], Window], year: int | None, published: date | None) -> tuple[Window, bool]:
    if year is not None:
        return span(year), False
    if published is None:
        return Window(), True
    this = span(published.year)
    if this.end is not None and this.end > published:
        return span(published.year - 1), False
    return this, False
