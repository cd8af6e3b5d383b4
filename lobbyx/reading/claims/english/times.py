"""The expressions of time in an English sentence and the days they mean.

The grammar is in `time_rules.py` and `time_points.py`. Relative expressions carry a `Shift` from the time
they refer to.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from lobbyx.model.period import Window, year_span
from lobbyx.reading.claims.english.time_points import ORDINALS, YEAR_NUMBER, Known, months_of
from lobbyx.reading.claims.english.time_rules import RULES
from lobbyx.reading.claims.mentions import Shift, Time

_COMPARED = re.compile(r"(?i)\b(?:than|above|below|over|against|versus|compared (?:to|with))\s(?:in\s|for\s|the\s)*$")
"""Before a time that something is compared with; what follows is of another year."""


def times(sentence: str, published: date | None, carried: Window | None = None) -> list[Time]:
    """The expressions of time in a sentence, in order, each resolved with those before it.

    `carried` is the period the sentences before left in mind.
    """
    found: list[tuple[int, int, int, re.Match[str]]] = []
    for priority, (name, pattern, handler) in enumerate(RULES):
        found += [
            (m.start(), m.end(), priority, m)
            for m in pattern.finditer(sentence)
            if name != "joined" or handler(m, Known(published, carried)) is not None
        ]
    found.sort(key=lambda f: (-(f[1] - f[0]), f[2], f[0]))  # the longest reading wins
    taken: list[tuple[int, int, int, re.Match[str]]] = []
    for one in found:
        if all(one[1] <= other[0] or one[0] >= other[1] for other in taken):
            taken.append(one)
    taken.sort()
    resolved: list[Time] = []
    for at, (start, end, priority, m) in enumerate(taken):
        anchor = next(
            (
                t.window
                for t in reversed(resolved)
                if t.shape not in ("day", "to_date") and t.window != Window() and not _says_all_told(sentence, t)
            ),
            None,
        )
        if RULES[priority][0] in ("year ago", "years back"):  # "(a year earlier)" again and again
            first_hand = [
                t.window
                for t in resolved
                if t.shape != "day"
                and t.window != Window()
                and (t.shift is None or re.search(YEAR_NUMBER, sentence[t.start : t.end]))
            ]
            anchor = first_hand[-1] if first_hand else anchor
        follower = taken[at + 1] if at + 1 < len(taken) else None
        beside = _year_beside(sentence, m, follower, resolved) or _year_of_the_sum(sentence, m, carried)
        ago = resolved[-1] if resolved and resolved[-1].window == Window() and resolved[-1].shift else None
        meant = RULES[priority][2](m, Known(published, anchor or carried, beside))
        if (
            meant is not None
            and meant.yearless
            and ago
            and ago.shift
            and not re.search(r"[;,]", sentence[ago.end : start])
        ):
            meant = replace(meant, window=ago.shift.of(meant.window) or meant.window)  # "A year ago its first quarter"
            resolved.pop()
        if meant is not None:
            resolved.append(Time(start, end, meant.window, meant.needs, meant.shape, meant.shift, meant.ends))
    resolved = [_until(t, resolved) for t in _each_quarter(sentence, _shared_part(sentence, resolved))]
    since = any(t.shape == "since" for t in resolved)
    return [t for t in resolved if not (since and t.shape == "to_date") and not _sums_up(sentence, t, resolved)]


def _sums_up(sentence: str, time: Time, found: list[Time]) -> bool:
    """ "All told" is no time of its own where another is said."""
    return len(found) > 1 and _says_all_told(sentence, time)


def _says_all_told(sentence: str, time: Time) -> bool:
    return sentence[time.start : time.end].lower() == "all told"


def _each_quarter(sentence: str, found: list[Time]) -> list[Time]:
    """ "in the first and second quarters of 2023, respectively": two periods, not one."""
    if "respectively" not in sentence.lower():
        return found
    result: list[Time] = []
    for time in found:
        m = re.search(
            r"(?i)\b(first|second|third) and (?:the )?(second|third|fourth)\b", sentence[time.start : time.end]
        )
        if m is None or time.window.start is None:
            result.append(time)
            continue
        middle = time.start + m.end(1)
        for start, end, word in ((time.start, middle, m[1]), (time.start + m.start(2), time.end, m[2])):
            last = 3 * ORDINALS[word.lower()]
            result.append(Time(start, end, months_of(time.window.start.year, last - 2, last)))
    return result


def _until(time: Time, found: list[Time]) -> Time:
    """ "By Sept. 30 it had spent $4 million this year": this year up to that day."""
    if time.window.start is None or time.shape not in ("year", "year_to_date"):
        return time
    if (time.window.start.month, time.window.start.day) != (1, 1) or time.needs_published:
        return time
    same = [t for t in found if t.shape == "through" and t.window.start == time.window.start]
    running = time.window.end is not None and (time.window.end.month, time.window.end.day) != (12, 31)
    return replace(time, window=same[0].window, shape="through") if same and running else time


def _shared_part(sentence: str, found: list[Time]) -> list[Time]:
    """ "first-quarter lobbying jumped from X last year to Y this year": the quarter of both years."""
    part = next(
        (
            t
            for t in found
            if t.shape == "point"
            and t.window.start
            and t.window.end
            and not re.search(YEAR_NUMBER, sentence[t.start : t.end])
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


def _year_of_the_sum(sentence: str, m: re.Match[str], carried: Window | None) -> int | None:
    """The year in mind, where a sentence tells of its parts: "Of this, $1.1 million fell in the first two quarters"."""
    if carried is None or carried.end is None or carried != year_span(carried.end.year):
        return None
    parts = re.match(r"(?i)Of (?:this|that|it|these|those|the (?:total|sum|money|amount))\b", sentence)
    return carried.end.year if parts and not re.search(YEAR_NUMBER, m.group()) else None


def _year_beside(
    sentence: str, m: re.Match[str], follower: tuple[int, int, int, re.Match[str]] | None, before: list[Time]
) -> int | None:
    """The year that an expression without one shares with its neighbor: "the first and third quarters of 2021"."""
    if re.search(YEAR_NUMBER, m.group()):
        return None
    if follower and re.fullmatch(
        r"(?i),?\s(?:and|or|to|through|versus|vs\.?)\s(?:in\s)?", sentence[m.end() : follower[0]]
    ):
        years = re.findall(YEAR_NUMBER, follower[3].group())
        if years and not re.fullmatch(rf"\W*{YEAR_NUMBER}\W*", follower[3].group()):
            return int(years[-1])
    last = before[-1] if before else None
    if (
        last
        and last.start <= 3
        and last.shape == "year"
        and last.window.start
        and re.match(r"(?i)between\b", m.group())
    ) and not re.search(r"[;:]|,\s(?:and|but|while)\b", sentence[last.end : m.start()]):
        return last.window.start.year  # "In 2022 it was $2.45 million between January and September"
    if last and last.window.start and last.window.end and re.search(YEAR_NUMBER, sentence[last.start : last.end]):
        whole_year = (last.window.end - last.window.start).days > 300
        if not whole_year and not _COMPARED.search(sentence[: last.start][-30:]):
            return last.window.start.year
    return None
