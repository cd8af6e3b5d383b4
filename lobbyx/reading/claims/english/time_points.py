"""The points of the grammar of time: years, parts of years and days, and the days they mean.

A *part* is a stretch of a year (a quarter, a half, some months), a *year* is given by number or by reference ("last
year", "the year"), a *point* is a part of a year or a year. A point without a year means the last such period that had
ended by the day of publication, or shares the year of the expression beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from lobbyx.model.period import Window, month_span, year_span
from lobbyx.reading.claims.mentions import Shift

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

YEAR_NUMBER = r"(?:(?:19[89]|20[0-4])[0-9])"
COUNT = r"(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|couple\sof|couple|dozen)"
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|(?-i:May)|June?|July?|Aug(?:ust|\.)?"
    r"|Sep(?:t(?:ember|\.)?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![\w])"
)
DAY = (
    rf"(?:[0-3]?[0-9]\s{MONTH}(?:,?\s{YEAR_NUMBER})?(?![\d,]*\d)"
    rf"|{MONTH}\s[0-3]?[0-9](?:st|nd|rd|th)?(?:,?\s{YEAR_NUMBER})?(?![\d,]*\d)|{YEAR_NUMBER}-[01][0-9]-[0-3][0-9])"
)
EARLIER = r"(?:year\s(?:earlier|ago|before|prior|previous)|year[\s-]ago|year[\s-]earlier)"
YEAR = (
    rf"(?:(?:(?:the\s)?(?:calendar|fiscal|full|entire|whole)[\s-](?:year\s)?|FY\s?|the\syear\s)?{YEAR_NUMBER}"
    rf"(?:\sas\sa\swhole|\s(?:altogether|alone|overall|in\s(?:full|total)))?"
    r"|(?:all\s(?:of\s)?)?(?:last|this|that)\s(?:calendar\s|fiscal\s)?year|the\s(?:last|same"
    r"|current)\s(?:calendar\s)?year"
    rf"|the\s(?:previous|prior|preceding)\s(?:calendar\s)?year|(?:the|a)\s{EARLIER}|the\s(?:full\s|whole\s"
    r"|entire\s)?year)"
)
ORDINAL = r"(?:first|second|third|fourth|1st|2nd|3rd|4th|opening|final|closing)"
PART = (
    rf"(?:(?:the\s|its\s|their\s)?{ORDINAL}(?:\sand\sfinal)?(?:[\s-]|\scalendar\s|\sfiscal\s)quarter(?!s)"
    rf"|the\slast\squarter(?=\sof\b)"
    rf"|(?:the\s)?{ORDINAL}\s(?:and|through|to|-|–)\s(?:the\s)?{ORDINAL}\squarters?"
    rf"|Q[1-4](?![\w])|[1-4]Q(?![a-z])|quarter\s(?:one|two|three|four|[1-4])\b"
    r"|(?:the\s|its\s)?(?:first|second|1st|2nd|opening|latter|back|final|closing)[\s-]half|H[12](?![\w])"
    r"|[12]H(?![a-z])"
    r"|(?:the\s)?(?:second|third|fourth)\sthree\smonths|(?:the\s)?(?:spring|summer|fall|autumn|winter)\squarter"
    rf"|(?:the\s|its\s)?(?:first|opening|initial)\s{COUNT}\s(?:full\s|calendar\s)?(?:months|quarters)"
    rf"|(?:the\s|its\s)?(?:last|final|closing)\s{COUNT}\s(?:months|quarters)(?=\sof\b)"
    rf"|(?:the\s)?{MONTH}(?:-to-|-through-|\s?(?:-|–|—|to|through|thru|until|till)\s?){MONTH}"
    rf"(?:\s(?:period|quarter|span|stretch|window|months))?"
    rf"|{MONTH},\s{MONTH},?\sand\s{MONTH}|(?:the\s)?{MONTH}\squarter|(?:the\s)?{MONTH})"
)
OF = r"(?:\s(?:of|in|for)\s|,?\s|\s?[’'](?=[0-9])|-)"
POINT = (
    rf"(?:{DAY}(?:\sof\s(?:this|last)\syear)?|{PART}(?:\s?[’'][0-9]{{2}}(?![\w])|{OF}{YEAR}|\sof\syear)?|{YEAR}(?:[’']s?)?\s(?:{PART}|(?:last|final|closing)\s{COUNT}\s(?:months|quarters))"
    rf"|(?:[1-4]Q|[12]H)\s?[’']?[0-9]{{2}}(?:[0-9]{{2}})?\b|{YEAR})"
)
EDGE = (
    r"(?:the\s(?:very\s)?(?:start|beginning|end|close|middle|outset)\sof\s|early\s|late\s|mid-?\s?|(?:at\s)?least\s)?"
)
TO = r"(?:\s(?:and\s)?(?:up\s)?(?:to|through|thru|until|till)\s|\sand\s|\s?[-–—]\s?)(?:through\s)?"
SAME = (
    r"(?:the|that)\s(?:very\s)?(?:same|corresponding|comparable|equivalent|like)\s"
    r"(?:period|years|quarter|time|point|stage|stretch|span|half|window|timeframe|time\sframe|month|months"
    rf"|(?:{COUNT})(?:-month\speriod|\smonths|\squarters)|year)"
    r"|this\s(?:same\s)?(?:point|time|stage)(?=\s(?:last|in|a)\b)"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What an expression is resolved with."""

    published: date | None
    anchor: Window | None
    """The time mentioned before it."""
    year_beside: int | None = None
    """The year an expression without one shares."""


@dataclass(frozen=True, slots=True)
class Meant:
    window: Window
    needs: bool = False
    shape: str = "point"
    shift: Shift | None = None
    yearless: bool = False
    ends: tuple[Window, Window] | None = None


Rule = tuple[str, re.Pattern[str], Callable[[re.Match[str], Known], "Meant | None"]]
"""Its name, its words, and what they mean."""


def rule(name: str, pattern: str, handler: Callable[[re.Match[str], Known], Meant | None]) -> Rule:
    """A rule of the grammar; a space in its pattern is any white space."""
    return name, re.compile(rf"(?i)(?<![\w$.,])(?<!\d-)(?:{pattern})(?![\w])".replace(" ", r"\s")), handler


def number(text: str) -> int:
    return NUMBERS.get(text.lower()) or max(1, int(text))


def year_of(text: str, known: Known) -> tuple[int | None, bool, Shift | None]:
    """(year, needs the publication date, how it is reckoned from another time) of a `YEAR`."""
    lower = text.lower()
    if years := re.findall(YEAR_NUMBER, text):
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


def part_of(text: str) -> tuple[int, int] | None:
    """First and last month of a `PART`."""
    lower = text.lower().replace("-", " ").replace("–", " ").replace("—", " ")
    months = re.findall(rf"(?i)\b{MONTH}", text)
    numbers = [month_of(m) for m in months]
    if "quarter" in lower and len(numbers) == 1:
        return (numbers[0] - 2, numbers[0]) if numbers[0] % 3 == 0 else None
    if numbers:
        return numbers[0], numbers[-1]
    if m := re.search(r"\bq([1-4])|\b([1-4])q|\bquarter (one|two|three|four|[1-4])\b", lower):
        quarter = ORDINALS[next(g for g in m.groups() if g)]
        return 3 * quarter - 2, 3 * quarter
    if m := re.search(r"\b(second|third|fourth) three months", lower):
        return 3 * ORDINALS[m[1]] - 2, 3 * ORDINALS[m[1]]
    if m := re.search(r"\b(winter|spring|summer|fall|autumn) quarter", lower):
        return {"winter": (1, 3), "spring": (4, 6), "summer": (7, 9)}.get(m[1], (10, 12))
    if m := re.search(r"\bh([12])|\b([12])h", lower):
        half = int(m[1] or m[2])
        return 6 * half - 5, 6 * half
    if "half" in lower:
        first = re.search(r"first|1st|opening", lower) is not None
        return (1, 6) if first else (7, 12)
    if m := re.search(
        rf"(?i)(first|opening|initial|last|final|closing)\s({COUNT})\s(?:full\s|calendar\s)?(months|quarters)", text
    ):
        length = min(12, number(m[2]) * (3 if m[3].lower() == "quarters" else 1))
        return (1, length) if m[1].lower() in ("first", "opening", "initial") else (13 - length, 12)
    quarters = [
        ORDINALS[w] for w in re.findall(r"first|second|third|fourth|1st|2nd|3rd|4th|opening|final|closing|last", lower)
    ]
    if "quarter" in lower and quarters:
        return 3 * min(quarters) - 2, 3 * max(quarters)
    return None


def month_of(text: str) -> int:
    return MONTHS.index(text.lower()[:3]) + 1


def months_of(year: int, first: int, last: int) -> Window:
    return Window(date(year, first, 1), month_span(year, last).end)


def point(text: str, known: Known) -> Meant | None:
    """The days of a `POINT`."""
    if day := re.fullmatch(rf"(?i)({DAY})(\sof\s(?:this|last)\syear)?", text):
        year = year_of(day[2], known)[0] if day[2] else None
        return day_of(day[1], replace(known, year_beside=year) if year else known)
    part_match = re.search(rf"(?i)(?<![\w])(?:{PART}|(?:last|final|closing)\s{COUNT}\s(?:months|quarters)$)", text)
    short = re.fullmatch(r"(?i)([1-4])Q\s?[’']?([0-9]{2}|[0-9]{4})", text.strip())
    half = re.fullmatch(r"(?i)([12])H\s?[’']?([0-9]{2}|[0-9]{4})", text.strip())
    if half:
        in_full = int(half[2]) if len(half[2]) == 4 else 2000 + int(half[2])
        return Meant(months_of(in_full, 6 * int(half[1]) - 5, 6 * int(half[1])))
    if short:
        in_full = int(short[2]) if len(short[2]) == 4 else 2000 + int(short[2])
        return Meant(months_of(in_full, 3 * int(short[1]) - 2, 3 * int(short[1])))
    part = part_of(part_match.group()) if part_match else None
    if part_match and part is None:
        return None
    rest = text[: part_match.start()] + " " + text[part_match.end() :] if part_match else text
    year_match = re.search(rf"(?i)(?<![\w]){YEAR}", rest.strip())
    if year_match is None and (two := re.search(r"[’']([0-9]{2})\b", rest)):
        return Meant(months_of(2000 + int(two[1]), *part)) if part else None
    if year_match:
        year, needs, shift = year_of(year_match.group(), known)
        if year is None:
            return Meant(Window(), needs, shift=shift)
        if part is None:
            return _whole_year(year_match.group(), year, known, shift)
        window = months_of(year, *part)
        told_of = re.fullmatch(r"(?i)the\s(?:\w+\s)?year", year_match.group())
        if told_of and known.published and window.end and window.end > known.published:
            window = months_of(year - 1, *part)  # "the last three months of the year", told in January
        return Meant(window, shift=None)
    if part is None:
        return None
    if known.year_beside is not None:
        return Meant(months_of(known.year_beside, *part), yearless=True)
    if known.published is None:
        return Meant(Window(), True)
    this = months_of(known.published.year, *part)
    late = this.end is not None and this.end > known.published
    return Meant(months_of(known.published.year - 1, *part) if late else this, yearless=True)


def _whole_year(said: str, year: int, known: Known, shift: Shift | None) -> Meant:
    if shift is not None and shift.years and known.anchor and (window := shift.of(known.anchor)):
        return Meant(window, shape="relative", shift=shift)  # "of a year ago"
    running = known.published is not None and year == known.published.year
    if running and re.search(r"(?i)\b(?:this|current)\b", said):
        return Meant(Window(date(year, 1, 1), known.published), shape="year")
    if re.fullmatch(r"(?i)the\s(?:full\s|whole\s|entire\s)?year", said) and running:
        # "for the year": the one just over, where it is still young; else what there is of it.
        assert known.published is not None
        if known.published.month <= 2 and not (known.anchor and known.anchor.end and known.anchor.end.year == year):
            return Meant(year_span(year - 1), shape="year")
        return Meant(Window(date(year, 1, 1), known.published), shape="year")
    return Meant(year_span(year), shape="relative" if shift else "year", shift=shift)


def day_of(text: str, known: Known) -> Meant | None:
    if iso := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
        year, month, day = (int(g) for g in iso.groups())
    else:
        m = re.match(rf"(?i)(?P<before>[0-9]{{1,2}}\s)?(?P<month>{MONTH})(?:\s(?P<after>[0-9]{{1,2}})(?![0-9]))?", text)
        assert m is not None
        month, day = month_of(m["month"]), int(m["before"] or m["after"])
        years = re.findall(YEAR_NUMBER, text[m.end() :])
        if years:
            year = int(years[-1])
        elif known.year_beside is not None:
            year = known.year_beside
        elif known.published is None:
            return Meant(Window(), True, "day")
        else:
            year = known.published.year - (1 if (month, day) > (known.published.month, known.published.day) else 0)
    try:
        return Meant(Window(date(year, month, day), date(year, month, day)), shape="day")
    except ValueError:
        return None
