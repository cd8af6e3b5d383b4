"""A grammar of time: the expressions of time in an English sentence and the days they mean.

A *part* is a stretch of a year (a quarter, a half, some months), a *year* is given by number or by reference ("last
year", "the year"), a *point* is a part of a year or a year. Out of points come ranges, "since", "through", "before".
An expression without a year means the last such period that had ended by the day of publication, or shares the year of
the expression beside it. Relative ones carry a `Shift` from the time they refer to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from lobbyx.model.period import Window, month_span, months_from, quarter_before, year_span
from lobbyx.reading.claims.mentions import Shift, Time

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NUMBERS = {
    word: n
    for n, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
} | {"couple of": 2, "couple": 2, "dozen": 12, "a": 1, "the": 1}
ORDINALS = {
    "first": 1, "1st": 1, "opening": 1, "initial": 1, "one": 1, "1": 1,
    "second": 2, "2nd": 2, "two": 2, "2": 2, "latter": 2, "back": 2,
    "third": 3, "3rd": 3, "three": 3, "3": 3,
    "fourth": 4, "4th": 4, "four": 4, "4": 4, "final": 4, "closing": 4, "last": 4,
}  # fmt: skip

_Y = r"(?:(?:19[89]|20[0-4])[0-9])"
_N = r"(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|couple\sof|couple|dozen)"
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|(?-i:May)|June?|July?|Aug(?:ust|\.)?"
    r"|Sep(?:t(?:ember|\.)?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![\w])"
)
_DAY = rf"(?:{_MONTH}\s[0-3]?[0-9](?:st|nd|rd|th)?(?:,?\s{_Y})?(?![\d,]*\d)|{_Y}-[01][0-9]-[0-3][0-9])"
_EARLIER = r"(?:year\s(?:earlier|ago|before|prior|previous)|year[\s-]ago|year[\s-]earlier)"
_YEAR = (
    rf"(?:(?:(?:the\s)?(?:calendar|fiscal|full|entire|whole)[\s-](?:year\s)?|FY\s?|the\syear\s)?{_Y}"
    rf"(?:\sas\sa\swhole|\s(?:altogether|alone|overall|in\s(?:full|total)))?"
    r"|(?:all\s(?:of\s)?)?(?:last|this|that)\s(?:calendar\s|fiscal\s)?year|the\s(?:last|same"
    r"|current)\s(?:calendar\s)?year"
    rf"|the\s(?:previous|prior|preceding)\s(?:calendar\s)?year|(?:the|a)\s{_EARLIER}|the\s(?:full\s|whole\s"
    r"|entire\s)?year)"
)
_ORD = r"(?:first|second|third|fourth|1st|2nd|3rd|4th|opening|final|closing)"
_PART = (
    rf"(?:(?:the\s|its\s|their\s)?{_ORD}(?:\sand\sfinal)?(?:[\s-]|\scalendar\s|\sfiscal\s)quarter(?!s)"
    rf"|the\slast\squarter(?=\sof\b)"
    rf"|(?:the\s)?{_ORD}\s(?:and|through|to|-|–)\s(?:the\s)?{_ORD}\squarters?"
    rf"|Q[1-4](?![\w])|[1-4]Q(?![a-z])|quarter\s(?:one|two|three|four|[1-4])\b"
    r"|(?:the\s|its\s)?(?:first|second|1st|2nd|opening|latter|back|final|closing)[\s-]half|H[12](?![\w])"
    r"|[12]H(?![a-z])"
    rf"|(?:the\s|its\s)?(?:first|opening|initial)\s{_N}\s(?:full\s|calendar\s)?(?:months|quarters)"
    rf"|(?:the\s|its\s)?(?:last|final|closing)\s{_N}\s(?:months|quarters)(?=\sof\b)"
    rf"|(?:the\s)?{_MONTH}(?:-to-|-through-|\s?(?:-|–|—|to|through|thru|until|till)\s?){_MONTH}"
    rf"(?:\s(?:period|quarter|span|stretch|window|months))?"
    rf"|{_MONTH},\s{_MONTH},?\sand\s{_MONTH}|(?:the\s)?{_MONTH}\squarter|(?:the\s)?{_MONTH})"
)
_OF = r"(?:\s(?:of|in|for)\s|,?\s|\s?[’'](?=[0-9])|-)"
_POINT = (
    rf"(?:{_DAY}|{_PART}(?:\s?[’'][0-9]{{2}}(?![\w])|{_OF}{_YEAR})?|{_YEAR}(?:[’']s?)?\s(?:{_PART})"
    rf"|[1-4]Q\s?[’']?[0-9]{{2}}(?:[0-9]{{2}})?\b|{_YEAR})"
)
_EDGE = (
    r"(?:the\s(?:very\s)?(?:start|beginning|end|close|middle|outset)\sof\s|early\s|late\s|mid-?\s?|(?:at\s)?least\s)?"
)
_TO = r"(?:\s(?:and\s)?(?:up\s)?(?:to|through|thru|until|till)\s|\sand\s|\s?[-–—]\s?)(?:through\s)?"
_SAME = (
    r"(?:the|that)\s(?:very\s)?(?:same|corresponding|comparable|equivalent|like)\s"
    r"(?:period|quarter|time|point|stage|stretch|span|half|window|timeframe|time\sframe|month|months"
    rf"|(?:{_N})(?:-month\speriod|\smonths|\squarters)|year)"
    r"|this\s(?:same\s)?(?:point|time|stage)(?=\s(?:last|in|a)\b)"
)


@dataclass(frozen=True, slots=True)
class _Known:
    """What an expression is resolved with."""

    published: date | None
    anchor: Window | None
    """The time mentioned before it."""
    year_beside: int | None = None
    """The year an expression without one shares."""


@dataclass(frozen=True, slots=True)
class _Meant:
    window: Window
    needs: bool = False
    shape: str = "point"
    shift: Shift | None = None
    yearless: bool = False
    ends: tuple[Window, Window] | None = None


_Rule = tuple[str, re.Pattern[str], Callable[[re.Match[str], _Known], "_Meant | None"]]


def times(sentence: str, published: date | None, carried: Window | None = None) -> list[Time]:
    """The expressions of time in a sentence, in order, each resolved with those before it.

    `carried` is the period the sentences before left in mind.
    """
    found: list[tuple[int, int, int, re.Match[str]]] = []
    for priority, (_, pattern, _handler) in enumerate(_RULES):
        found += [(m.start(), m.end(), priority, m) for m in pattern.finditer(sentence)]
    found.sort(key=lambda f: (-(f[1] - f[0]), f[2], f[0]))  # the longest reading wins
    taken: list[tuple[int, int, int, re.Match[str]]] = []
    for one in found:
        if all(one[1] <= other[0] or one[0] >= other[1] for other in taken):
            taken.append(one)
    taken.sort()
    resolved: list[Time] = []
    for at, (start, end, priority, m) in enumerate(taken):
        anchor = next((t.window for t in reversed(resolved) if t.shape != "day" and t.window != Window()), None)
        if _RULES[priority][0] in ("year ago", "years back"):  # "(a year earlier)" again and again
            first_hand = [
                t.window
                for t in resolved
                if t.shape != "day"
                and t.window != Window()
                and (t.shift is None or re.search(_Y, sentence[t.start : t.end]))
            ]
            anchor = first_hand[-1] if first_hand else anchor
        follower = taken[at + 1] if at + 1 < len(taken) else None
        beside = _year_beside(sentence, m, follower, resolved)
        ago = resolved[-1] if resolved and resolved[-1].window == Window() and resolved[-1].shift else None
        meant = _RULES[priority][2](m, _Known(published, anchor or carried, beside))
        if meant is not None and meant.yearless and ago and ago.shift and not re.search(r"[;,]", sentence[ago.end : start]):
            meant = replace(meant, window=ago.shift.of(meant.window) or meant.window)  # "A year ago its first quarter"
            resolved.pop()
        if meant is not None:
            resolved.append(Time(start, end, meant.window, meant.needs, meant.shape, meant.shift, meant.ends))
    resolved = _shared_part(sentence, resolved)
    since = any(t.shape == "since" for t in resolved)
    return [t for t in resolved if not (since and t.shape == "to_date")]


def _shared_part(sentence: str, found: list[Time]) -> list[Time]:
    """ "first-quarter lobbying jumped from X last year to Y this year": the quarter of both years."""
    part = next(
        (
            t
            for t in found
            if t.shape == "point" and t.window.start and t.window.end and not re.search(_Y, sentence[t.start : t.end])
        ),
        None,
    )
    if (
        part is None
        or part.window.end is None
        or part.window.start is None
        or part.window.end.month - part.window.start.month > 5
    ):
        return found
    later = [t for t in found if t.start >= part.end and t.shape == "year"]
    if len(later) < 2 or any(
        re.search(
            r"(?i)\b(?:all|whole|full|entire|for the year)\b", sentence[t.start - 12 if t.start > 12 else 0 : t.end]
        )
        for t in later
    ):
        return found
    result = []
    for time in found:
        if time in later and time.window.start:
            window = Shift(year=time.window.start.year).of(part.window)
            time = replace(time, window=window or time.window, shape="point")
        result.append(time)
    return result


def _year_beside(
    sentence: str, m: re.Match[str], follower: tuple[int, int, int, re.Match[str]] | None, before: list[Time]
) -> int | None:
    """The year that an expression without one shares with its neighbor: "the first and third quarters of 2021"."""
    if re.search(_Y, m.group()):
        return None
    if follower and re.fullmatch(
        r"(?i),?\s(?:and|or|to|through|versus|vs\.?)\s(?:in\s)?", sentence[m.end() : follower[0]]
    ):
        years = re.findall(_Y, follower[3].group())
        if years and not re.fullmatch(rf"\W*{_Y}\W*", follower[3].group()):
            return int(years[-1])
    last = before[-1] if before else None
    if last and last.window.start and last.window.end and re.search(_Y, sentence[last.start : last.end]):
        whole_year = (last.window.end - last.window.start).days > 300
        if not whole_year:
            return last.window.start.year
    return None


# Years and parts ---------------------------------------------------------------------------------------------------


def _number(text: str) -> int:
    return NUMBERS.get(text.lower()) or max(1, int(text))


def _year(text: str, known: _Known) -> tuple[int | None, bool, Shift | None]:
    """(year, needs the publication date, how it is reckoned from another time) of a `_YEAR`."""
    lower = text.lower()
    if years := re.findall(_Y, text):
        return int(years[-1]), False, None
    anchored = known.anchor.end.year if known.anchor and known.anchor.end else None
    if re.search(r"\bthat year|the same year", lower):
        return anchored, anchored is None and known.published is None, Shift()
    if re.search(r"\b(?:previous|prior|preceding)\b|year[\s-](?:earlier|ago|before|prior|previous)", lower):
        if anchored:
            return anchored - 1, False, Shift(years=-1)
        return (known.published.year - 1, False, Shift(years=-1)) if known.published else (None, True, Shift(years=-1))
    if known.published is None:
        return (anchored, False, None) if anchored and "the" in lower else (None, True, None)
    if re.search(r"\blast\b", lower):
        return known.published.year - 1, False, None
    if re.search(r"\b(?:this|current)\b", lower):
        return known.published.year, False, None
    return anchored or known.published.year, False, None  # "the year"


def _part(text: str) -> tuple[int, int] | None:
    """First and last month of a `_PART`."""
    lower = text.lower().replace("-", " ").replace("–", " ").replace("—", " ")
    months = re.findall(rf"(?i)\b{_MONTH}", text)
    numbers = [_month(m) for m in months]
    if "quarter" in lower and len(numbers) == 1:
        return (numbers[0] - 2, numbers[0]) if numbers[0] % 3 == 0 else None
    if numbers:
        return numbers[0], numbers[-1]
    if m := re.search(r"\bq([1-4])|\b([1-4])q|\bquarter (one|two|three|four|[1-4])\b", lower):
        quarter = ORDINALS[next(g for g in m.groups() if g)]
        return 3 * quarter - 2, 3 * quarter
    if m := re.search(r"\bh([12])|\b([12])h", lower):
        half = int(m[1] or m[2])
        return 6 * half - 5, 6 * half
    if "half" in lower:
        first = re.search(r"first|1st|opening", lower) is not None
        return (1, 6) if first else (7, 12)
    if m := re.search(
        rf"(?i)(first|opening|initial|last|final|closing)\s({_N})\s(?:full\s|calendar\s)?(months|quarters)", text
    ):
        length = min(12, _number(m[2]) * (3 if m[3].lower() == "quarters" else 1))
        return (1, length) if m[1].lower() in ("first", "opening", "initial") else (13 - length, 12)
    quarters = [
        ORDINALS[w] for w in re.findall(r"first|second|third|fourth|1st|2nd|3rd|4th|opening|final|closing|last", lower)
    ]
    if "quarter" in lower and quarters:
        return 3 * min(quarters) - 2, 3 * max(quarters)
    return None


def _month(text: str) -> int:
    return MONTHS.index(text.lower()[:3]) + 1


def _months(year: int, first: int, last: int) -> Window:
    return Window(date(year, first, 1), month_span(year, last).end)


def _point(text: str, known: _Known) -> _Meant | None:
    """The days of a `_POINT`."""
    if re.fullmatch(rf"(?i){_DAY}", text):
        return _day(text, known)
    part_match = re.search(rf"(?i)(?<![\w]){_PART}", text)
    short = re.fullmatch(r"(?i)([1-4])Q\s?[’']?([0-9]{2}|[0-9]{4})", text.strip())
    if short:
        year = int(short[2]) if len(short[2]) == 4 else 2000 + int(short[2])
        return _Meant(_months(year, 3 * int(short[1]) - 2, 3 * int(short[1])))
    part = _part(part_match.group()) if part_match else None
    if part_match and part is None:
        return None
    rest = text[: part_match.start()] + " " + text[part_match.end() :] if part_match else text
    year_match = re.search(rf"(?i)(?<![\w]){_YEAR}", rest.strip())
    if year_match is None and (two := re.search(r"[’']([0-9]{2})\b", rest)):
        return _Meant(_months(2000 + int(two[1]), *part)) if part else None
    if year_match:
        year, needs, shift = _year(year_match.group(), known)
        if year is None:
            return _Meant(Window(), needs, shift=shift)
        if part is None:
            return _whole_year(year_match.group(), year, known, shift)
        return _Meant(_months(year, *part), shift=None)
    if part is None:
        return None
    if known.year_beside is not None:
        return _Meant(_months(known.year_beside, *part), yearless=True)
    if known.published is None:
        return _Meant(Window(), True)
    this = _months(known.published.year, *part)
    late = this.end is not None and this.end > known.published
    return _Meant(_months(known.published.year - 1, *part) if late else this, yearless=True)


def _whole_year(said: str, year: int, known: _Known, shift: Shift | None) -> _Meant:
    if shift is not None and shift.years and known.anchor and (window := shift.of(known.anchor)):
        return _Meant(window, shape="relative", shift=shift)  # "of a year ago"
    running = known.published is not None and year == known.published.year
    if running and re.search(r"(?i)\b(?:this|current)\b", said):
        return _Meant(Window(date(year, 1, 1), known.published), shape="year")
    if re.fullmatch(r"(?i)the\s(?:full\s|whole\s|entire\s)?year", said) and running:
        # "for the year": the one just over, where it is still young; else what there is of it.
        assert known.published is not None
        if known.published.month <= 2 and not (known.anchor and known.anchor.end and known.anchor.end.year == year):
            return _Meant(year_span(year - 1), shape="year")
        return _Meant(Window(date(year, 1, 1), known.published), shape="year")
    return _Meant(year_span(year), shape="relative" if shift else "year", shift=shift)


def _day(text: str, known: _Known) -> _Meant | None:
    if iso := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
        year, month, day = (int(g) for g in iso.groups())
    else:
        m = re.match(rf"(?i)({_MONTH})\s([0-9]{{1,2}})", text)
        assert m is not None
        month, day = _month(m[1]), int(m[2])
        years = re.findall(_Y, text[m.end() :])
        if years:
            year = int(years[-1])
        elif known.year_beside is not None:
            year = known.year_beside
        elif known.published is None:
            return _Meant(Window(), True, "day")
        else:
            year = known.published.year - (1 if (month, day) > (known.published.month, known.published.day) else 0)
    try:
        return _Meant(Window(date(year, month, day), date(year, month, day)), shape="day")
    except ValueError:
        return None


# Rules -------------------------------------------------------------------------------------------------------------


def _range(m: re.Match[str], known: _Known) -> _Meant | None:
    second = _point(m["b"], known)
    if second is None:
        return None
    year = second.window.end.year if second.window.end else None
    first = _point(m["a"], replace(known, year_beside=year))
    if first is None:
        return None
    a, b = first.window, second.window
    if a.start and b.end and a.start > b.end:
        if not first.yearless:
            return None
        a = Window(
            a.start.replace(year=a.start.year - 1, day=min(a.start.day, 28)), None
        )  # "from November to February"
    ends = (a, b) if a.end and b.start else None
    return _Meant(Window(a.start, b.end), first.needs or second.needs, "range", ends=ends)


def _years(m: re.Match[str], known: _Known) -> _Meant | None:
    first, said = int(m["y1"]), m["y2"]
    last = int(said) if len(said) == 4 else first // 100 * 100 + int(said)
    return _Meant(Window(date(first, 1, 1), date(last, 12, 31)), shape="range") if first < last <= 2049 else None


def _since(m: re.Match[str], known: _Known) -> _Meant | None:
    at = _point(m["at"], known)
    if at is None:
        return None
    start = at.window.start
    if m["edge"] and re.search(r"(?i)\bend|close", m["edge"]) and at.window.end:
        start = months_from(at.window.end, back=-1, months=1).start
    if known.published and start and start > known.published:
        return None
    ends = (at.window, Window()) if at.window != Window() else None
    return _Meant(Window(start, known.published), at.needs or known.published is None, "since", ends=ends)


def _since_then(m: re.Match[str], known: _Known) -> _Meant | None:
    if known.anchor is None or known.anchor.start is None or (known.published and known.anchor.start > known.published):
        return None
    return _Meant(Window(known.anchor.start, known.published), known.published is None, "since")


def _through(m: re.Match[str], known: _Known) -> _Meant | None:
    """ "through September 2025" begins with its year; "through 2024" is all up to then."""
    to = _point(m["at"], known)
    if to is None or to.window.end is None:
        return to
    whole_year = to.window.start and (to.window.end - to.window.start).days > 300
    if whole_year and m.group().lower().startswith("by "):
        return to  # "by the end of 2020": in that year
    start = None if whole_year else date(to.window.end.year, 1, 1)
    return _Meant(Window(start, to.window.end), to.needs, "through")


def _before(m: re.Match[str], known: _Known) -> _Meant | None:
    to = _point(m["at"], known)
    if to is None or to.window.start is None or to.shape in ("day", "relative"):
        return None
    return _Meant(Window(None, date.fromordinal(to.window.start.toordinal() - 1)), to.needs, "through")


def _same(m: re.Match[str], known: _Known) -> _Meant | None:
    words, of = m["same"].lower(), m["of"]
    if of:
        year, needs, shift = _year(of, known)
        if re.search(r"(?i)previous|prior|preceding|earlier|ago|before|last", of):
            relative = Shift(years=-1)
        elif year is not None:
            relative = Shift(year=year)
        else:
            return _Meant(Window(), needs, "relative")
    else:
        relative = Shift()
        if words.endswith("year"):
            return None
    window = relative.of(known.anchor) if known.anchor else None
    if window is None and relative.year is not None:
        window = year_span(relative.year)
    return _Meant(window or Window(), window is None and known.published is None, "relative", relative)


def _same_in(m: re.Match[str], known: _Known) -> _Meant | None:
    """ "$720,000 in this year's first quarter, $510,000 in last year's"."""
    year, needs, _ = _year(m["of"], known)
    if year is None:
        return _Meant(Window(), needs, "relative")
    relative = Shift(year=year)
    window = relative.of(known.anchor) if known.anchor else None
    return _Meant(window or year_span(year), shape="relative", shift=relative)


def _mid_year(m: re.Match[str], known: _Known) -> _Meant | None:
    if known.published is None:
        return _Meant(Window(), True)
    year = known.published.year if known.published.month >= 6 else known.published.year - 1
    return _Meant(_months(year, 1, 6))


def _years_back(m: re.Match[str], known: _Known) -> _Meant | None:
    by = _number(m["n"]) if m["n"] else 1
    relative = Shift(years=-by)
    window = relative.of(known.anchor) if known.anchor else None
    if window is None and by > 1 and known.published:
        window = year_span(known.published.year - by)
    return _Meant(window or Window(), window is None and known.published is None, "relative", relative)


def _quarter_back(m: re.Match[str], known: _Known) -> _Meant | None:
    relative = Shift(quarters=-1)
    window = relative.of(known.anchor) if known.anchor else None
    if window is None and known.published:
        window = quarter_before(known.published)
    return _Meant(window or Window(), window is None, "relative", relative)


def _one_before(m: re.Match[str], known: _Known) -> _Meant | None:
    """ "the one before": the period before, as long as the one it is told of."""
    if known.anchor is None or known.anchor.start is None or known.anchor.end is None:
        return None
    quarter = (known.anchor.end - known.anchor.start).days < 100
    relative = Shift(quarters=-1) if quarter else Shift(years=-1)
    return _Meant(relative.of(known.anchor) or Window(), shape="relative", shift=relative)


def _latest_quarter(m: re.Match[str], known: _Known) -> _Meant | None:
    if known.published is None:
        return _Meant(Window(), True)
    return _Meant(quarter_before(known.published))


def _this_quarter(m: re.Match[str], known: _Known) -> _Meant | None:
    if known.anchor and known.anchor.start and known.anchor.end and (known.anchor.end - known.anchor.start).days < 100:
        return _Meant(known.anchor, shape="relative", shift=Shift())
    if known.published is None:
        return _Meant(Window(), True)
    return _Meant(quarter_before(known.published), shape="latest")


def _ordinal_alone(m: re.Match[str], known: _Known) -> _Meant | None:
    """ "in the second": the quarter, where another quarter stands before it."""
    if known.anchor is None or known.anchor.start is None or known.anchor.end is None:
        return None
    if not 80 < (known.anchor.end - known.anchor.start).days < 100:
        return None
    quarter = ORDINALS[m["ord"].lower()]
    relative = Shift(quarter=quarter)
    return _Meant(relative.of(known.anchor) or Window(), shape="relative", shift=relative)


def _ordinal_of(m: re.Match[str], known: _Known) -> _Meant | None:
    """ "a quarter as expensive as the fourth of 2025"."""
    if "quarter" not in m.string[: m.start()].lower():
        return None
    quarter = ORDINALS[m["ord"].lower()]
    return _Meant(_months(int(m["year"]), 3 * quarter - 2, 3 * quarter))


def _ended(m: re.Match[str], known: _Known) -> _Meant | None:
    """ "the three months ended June 30", "four quarters through June 2026": whole months up to that day."""
    to = _point(m["at"], known)
    if to is None or to.window.end is None:
        return _Meant(Window(), True) if to else None
    unit = (m["unit"] or "").lower().rstrip("s").replace("-", " ").strip()
    count = _number(m["n"]) if m["n"] else 1
    length = count * {"month": 1, "quarter": 3, "year": 12, "half": 6}.get(unit.split()[0] if unit else "quarter", 3)
    return _Meant(months_from(to.window.end, back=length - 1, months=length), to.needs, "range")


def _past(m: re.Match[str], known: _Known) -> _Meant | None:
    if known.published is None:
        return _Meant(Window(), True, "past")
    unit = m["unit"].lower().rstrip("s")
    count = _number(m["n"]) if m["n"] else 1
    year = known.anchor.end.year if known.anchor and known.anchor.end else 0
    if unit == "month" and count < 12 and known.anchor == year_span(max(year, 1)) and year < known.published.year:
        return _Meant(
            _months(year, 13 - count, 12), shape="range"
        )  # "$1.76 million in 2024, $510,000 of it in the last three months"
    if unit == "quarter":
        last = quarter_before(known.published)
        assert last.end is not None
        return _Meant(months_from(last.end, back=3 * count - 1, months=3 * count), shape="past")
    months = count * {"year": 12, "decade": 120, "month": 1}[unit]
    first = known.published.year * 12 + known.published.month - 1 - months
    last_day = month_span(first // 12, first % 12 + 1).end
    assert last_day is not None
    start = date(first // 12, first % 12 + 1, min(known.published.day, last_day.day))
    return _Meant(Window(start, known.published), shape="past")


def _to_date(m: re.Match[str], known: _Known) -> _Meant | None:
    if known.published is None:
        return _Meant(Window(), True, "to_date")
    said = re.findall(_Y, m.group())
    if "year" in m.group().lower() or said:
        year = int(said[-1]) if said else known.published.year
        end = known.published if year == known.published.year else date(year, 12, 31)
        return _Meant(Window(date(year, 1, 1), end), shape="year_to_date")
    return _Meant(Window(None, known.published), shape="to_date")


def _last_month(m: re.Match[str], known: _Known) -> _Meant | None:
    if known.published is None:
        return _Meant(Window(), True)
    year, month = divmod(known.published.year * 12 + known.published.month - 2, 12)
    return _Meant(month_span(year, month + 1))


def _plain(m: re.Match[str], known: _Known) -> _Meant | None:
    return _point(m["at"], known)


def _joined_years(m: re.Match[str], known: _Known) -> _Meant | None:
    """ "in 2024 and 2025 combined"."""
    years = [int(y) for y in re.findall(_Y, m.group())]
    whole = sorted(years) == list(range(min(years), max(years) + 1))
    return _Meant(Window(date(min(years), 1, 1), date(max(years), 12, 31)), shape="range") if whole else None


def _two_points(m: re.Match[str], known: _Known) -> _Meant | None:
    """ "spent $14.6 million in 2021 and 2022": one sum for both, unless several sums stand before them."""
    before = m.string[: m.start()]
    clause = re.split(r"[;:]", before)[-1]
    if len(re.findall(r"\$", clause)) != 1 or re.search(r"(?i)\brespectively\b|\beach\b|\bboth\b|\bapiece\b", m.string):
        return None
    second = _point(m["b"], known)
    year = second.window.end.year if second and second.window.end else None
    first = _point(m["a"], replace(known, year_beside=year))
    if first is None or second is None or first.window.end is None or second.window.start is None:
        return None
    if first.window.end.toordinal() + 1 != second.window.start.toordinal():
        return None
    return _Meant(Window(first.window.start, second.window.end), shape="range")


def _stretch_before(m: re.Match[str], known: _Known) -> _Meant | None:
    """ "the two years before that": as long a stretch that ends where the other begins."""
    if known.anchor is None or known.anchor.start is None:
        return None
    count = _number(m["n2"] or m["n"] or "one")
    months = count * (3 if (m["unit"] or "year").lower().startswith("quarter") else 12)
    return _Meant(months_from(known.anchor.start, back=months, months=months), shape="range")


def _rule(name: str, pattern: str, handler: Callable[[re.Match[str], _Known], _Meant | None]) -> _Rule:
    return name, re.compile(rf"(?i)(?<![\w$.,])(?<!\d-)(?:{pattern})(?![\w])".replace(" ", r"\s")), handler


_RULES: tuple[_Rule, ...] = (
    _rule("range", rf"(?:from|between) {_EDGE}(?P<a>{_POINT}){_TO}{_EDGE}(?P<b>{_POINT})", _range),
    _rule("parts", rf"(?P<a>{_PART})(?: to | through | until |\s?[-–—]\s?)(?P<b>{_PART}(?:{_OF}{_YEAR})?)", _range),
    _rule("years", rf"(?:from )?(?P<y1>{_Y})(?:\s?[-–—]\s?| to | through | until )(?P<y2>{_Y}|[0-9]{{2}})", _years),
    _rule(
        "joined",
        rf"(?:both )?{_Y}(?:, {_Y}){{0,3}},? and {_Y},? \(?(?:combined|together|taken together|in total)\)?",
        _joined_years,
    ),
    _rule("joined", rf"(?:in|for|during|over|across) (?P<a>{_POINT}),? and (?:in )?(?P<b>{_POINT})", _two_points),
    _rule(
        "years before that",
        rf"(?:in |over |during |for )?the (?P<n>{_N}|)\s?(?P<unit>years?|quarters?) (?:before|preceding"
        rf"|prior to) that|the (?:preceding|previous|prior) (?P<n2>{_N}) years",
        _stretch_before,
    ),
    _rule("joined", rf"(?:combined|together) in {_Y}(?:, {_Y}){{0,3}},? and {_Y}", _joined_years),
    _rule("since", rf"(?:ever )?since (?P<edge>{_EDGE})(?P<at>{_POINT})", _since),
    _rule(
        "since",
        rf"(?:ever )?since (?!then\b)[^.;,]{{1,80}}? (?:in|of|on|from) (?P<edge>{_EDGE})(?P<at>{_POINT})",
        _since,
    ),
    _rule(
        "since",
        rf"(?:from|starting|beginning)(?: in)? (?P<edge>{_EDGE})(?P<at>{_POINT}),? (?:on|onward|onwards|forward"
        r"|to date|to the present|to now|until now|till now)",
        _since,
    ),
    _rule("since", rf"(?:starting|beginning) (?:in|with) (?P<edge>{_EDGE})(?P<at>{_POINT})", _since),
    _rule("since then", r"(?:ever )?since then|in the (?:years|months|time) since", _since_then),
    _rule("through", rf"(?:up )?(?:through|until|till|up to) (?:the end of |at least )?(?P<at>{_POINT})", _through),
    _rule("through", rf"by (?:the )?(?:end|close) of (?P<at>{_POINT})", _through),
    _rule("before", rf"(?:before|prior to) (?P<at>{_POINT})", _before),
    _rule(
        "same",
        rf"(?:(?:in|during|over|for|at|from) )?(?P<same>{_SAME})(?: (?:in |of |from |during |the "
        rf"|a )?(?P<of>{_YEAR}))?",
        _same,
    ),
    _rule(
        "year ago",
        r"(?:in |for |during )?the (?P<n>)(?:year-ago|year-earlier|year-before|prior-year|previous-year"
        r"|preceding-year|last-year) (?:period|quarter|half|months|figure|total|three months|stretch)",
        _years_back,
    ),
    _rule(
        "years back",
        r"(?:(?P<n>)(?:a|one|the) year (?:earlier|ago|before|prior|previously)|(?P<n2>)one year (?:earlier|ago"
        r"|before|prior))",
        _years_back,
    ),
    _rule("years back", rf"(?P<n>{_N}) years (?:earlier|ago|before|prior|previously)", _years_back),
    _rule("years back", r"(?P<n>)(?:the|in the) (?:previous|prior|preceding) (?:calendar )?year", _years_back),
    _rule(
        "quarter back",
        r"(?:the|its|in the) (?:previous|prior|preceding|immediately preceding) (?:quarter|three months"
        r"|three-month period|period)|the quarter (?:before|prior|previous|earlier)|(?:a|one) quarter (?:earlier|ago"
        r"|before|prior)|the three months (?:before|prior)",
        _quarter_back,
    ),
    _rule("same in", rf"(?:in|for|during) (?P<of>last year|the previous year|the prior year|{_Y})[’']s(?=[,.;)]|$)", _same_in),
    _rule("mid-year", r"(?:by|through|at|as of) mid-?year", _mid_year),
    _rule("quarter back", r"three months (?:before|earlier|ago|prior|previously)", _quarter_back),
    _rule("one before", r"(?:in |during )?the (?:one before|previous one|prior one)", _one_before),
    _rule(
        "latest quarter",
        r"last quarter|(?:the|its|their|this) (?:latest|most recent|newest|last|past|just-ended"
        r"|most recently completed|recently ended) (?:reporting )?(?:quarter|quarterly period|three-month period)"
        r"|(?:the|its) (?:quarter|three months) just (?:ended|past)|(?:the|its|their) (?:latest|most recent"
        r"|newest) (?:quarterly )?(?:disclosure|filing|report)s?",
        _latest_quarter,
    ),
    _rule(
        "that quarter",
        r"(?:for |in |during )?(?:the|that|this) (?:quarter|three-month period|period)(?! (?:before|prior|previous"
        r"|earlier|ended|ending|that|through|one|two|three|four|of|from|[1-4]))",
        _this_quarter,
    ),
    _rule(
        "ordinal",
        r"(?:in|for|during|from|of|to) the (?P<ord>first|second|third|fourth)(?=[,.;:)]|$| (?:and|to|but|when|after"
        r"|of these|from)\b)",
        _ordinal_alone,
    ),
    _rule("ordinal of", rf"(?:in |for |during )?the (?P<ord>first|second|third|fourth) of (?P<year>{_Y})", _ordinal_of),
    _rule(
        "ended",
        rf"(?:the |its |over |in |for |during )?(?:the )?(?:(?P<n>{_N})[\s-])?(?P<unit>months?(?: period)?|quarters?"
        r"|half|year)(?:,? which|,? that)? (?:ended|ending|ends|through|to|that ended|up to)(?: on| in"
        rf"| with)? (?P<at>{_POINT})",
        _ended,
    ),
    _rule(
        "past",
        r"(?:(?:over|in|during|within|across|for|throughout) )?(?:the|these) (?:past|last|previous|preceding"
        rf"|trailing) (?:(?P<n>{_N}) )?(?P<unit>years|decades|months|quarters)(?! of\b)",
        _past,
    ),
    _rule(
        "past",
        r"(?:over|in|during|within|across|for|throughout) (?:the )?(?:past|last) (?:(?P<n>)(?P<unit>decade"
        r"|year))(?<!in last year)(?<!over last year)(?<!during last year)(?<!for last year)",
        _past,
    ),
    _rule(
        "past",
        rf"(?:over|across|within|during|in|for) (?:a span of )?(?P<n>{_N}) (?P<unit>years|decades"
        r"|quarters)(?! (?:ended|ending|through|to|earlier|ago|of|before)\b)",
        _past,
    ),
    _rule("past", r"(?:over|in|within|during|for) (?P<n>)(?:a|the) (?P<unit>decade)", _past),
    _rule(
        "to date",
        rf"(?:so far|thus far|already|to date)(?: in)? (?:this year|{_Y})|(?:this|the current) year(?: |, )(?:so far"
        rf"|thus far|to date|alone so far)|(?:in |for )?{_Y} (?:so far|thus far|to date)|(?:the "
        r"|its )?year[\s-]to[\s-]date|(?:for |in )?the year (?:so far|to date|thus far)",
        _to_date,
    ),
    _rule("to date", r"to date|so far|thus far|all told", _to_date),
    _rule("last month", r"last month|the (?:previous|prior) month", _last_month),
    _rule(
        "point",
        r"(?:(?:in|during|for|of|throughout|over|across) )?(?:all of |the whole of |much of "
        rf"|the entirety of )?(?P<at>{_POINT})(?: (?:period|quarter))?",
        _plain,
    ),
)
"""Tried together; the longest reading of a stretch of text wins, then the one that stands first here."""
