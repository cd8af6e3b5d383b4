"""What a change is reckoned from, and comparisons without a figure: "spent more in 2024 than in 2023"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from lobbyx.model.period import Window, months_from
from lobbyx.reading.claims.assembly import Reading
from lobbyx.reading.claims.english.clauses import Scene
from lobbyx.reading.claims.mentions import Figure, Time

_BASELINE = re.compile(
    r"(?i)\b(?:from|than|over|compared\s(?:to|with)|versus|vs\.?|against|on|since|above|below|what|amount|of|up|down"
    r"|ahead of|relative to)\b[^.;]{0,45}$"
)
_COMPARED = re.compile(r"(?i)\b(?:than|over|above|below|from|compared|against|versus)\b")
_YEAR_ON_YEAR = re.compile(r"(?i)\byear[\s-](?:over|on|to)[\s-]year\b(?!-date)|\bannually\b|\byoy\b")
_QUARTER_ON_QUARTER = re.compile(r"(?i)\bquarter[\s-](?:over|on|to)[\s-]quarter\b|\bqoq\b")


def with_baseline(scene: Scene, reading: Reading, readings: Sequence[Reading]) -> Reading:
    """A change, or a difference of sums, with the period it is reckoned from in `detail.baseline`."""
    if reading.kind != "change" and reading.detail.get("sum") != "difference":
        return reading
    if reading.kind == "change" and reading.time is not None and reading.time.ends is not None:
        first, last = reading.time.ends
        if last == reading.time.window and first != last:  # "between 2020 and 2024" it grew
            return replace(reading, detail={**reading.detail, "baseline": first.json()})
    time = _said(scene, reading) or _of_compared_sum(scene, reading, readings)
    window = time.window if time and time.window != Window() else _implied(scene, reading.time)
    if window is None:
        lacks = (*reading.lacks, "baseline") if reading.kind == "change" else reading.lacks
        return replace(reading, lacks=lacks)
    covers = ((time.start, time.end),) if time and time.start >= reading.figure.end and time.end > time.start else ()
    detail: dict[str, Any] = {**reading.detail, "baseline": window.json()}
    return replace(reading, detail=detail, covers=(*reading.covers, *covers))


def _said(scene: Scene, reading: Reading) -> Time | None:
    own = reading.time.window if reading.time else None
    for time in scene.times:
        if time.shape == "since" and time.ends is not None and reading.kind == "change":
            if own == time.window and time.start < reading.figure.start and _COMPARED.search(scene.sentence, time.end):
                continue  # "Since January it has spent $2 million, 50 percent more than in the first half of 2009"
            return replace(time, window=time.ends[0])
        if time.start < reading.figure.start - 80 or time.window == own:
            continue
        between = scene.sentence[
            max(reading.figure.end if time.start >= reading.figure.end else 0, time.start - 50) : time.start
        ]
        words = scene.sentence[time.start : time.end]
        if time.start >= reading.figure.end and (
            _BASELINE.search(_QUARTER_ON_QUARTER.sub("", _YEAR_ON_YEAR.sub("", between)))
            or re.match(r"(?i)(?:from|than|over)\b", words)
            or time.shift is not None
        ):
            if time.shift is not None and reading.time is not None:
                return replace(time, window=time.shift.of(reading.time.window) or time.window)
            return time
    return None


def _of_compared_sum(scene: Scene, reading: Reading, readings: Sequence[Reading]) -> Time | None:
    compared = [p.figure for p in scene.places if p.compared and p.figure.kind == "money"]
    for other in readings:
        if other.figure in compared and other.kind == "spend" and other.time is not None and other.time != reading.time:
            return other.time
    return None


def _implied(scene: Scene, time: Time | None) -> Window | None:
    if time is None or time.window.start is None or time.window.end is None:
        return None
    start, end = time.window.start, time.window.end
    if _QUARTER_ON_QUARTER.search(scene.sentence):
        return months_from(start, back=3, months=3) if start.day == 1 else None
    whole_year = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
    if _YEAR_ON_YEAR.search(scene.sentence) or whole_year:
        return Window(_year_before(start), _year_before(end))
    return None


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


_MORE = re.compile(
    r"(?i)\b(?:spen[dt]\w*|paid|outlays?|expenditures?|lobbying)\b[^.;$%]{0,60}?\b(?P<way>more|less|higher"
    r"|lower)\b(?!\sthan\s(?:\$|[0-9]|half|twice|double|any|every|all|one|two|three))"
    r"[^.;$%]{0,60}?\bthan\b"
)


def unmeasured(scene: Scene) -> tuple[Figure, Time, Time] | None:
    """ "spent more in 2024 than in 2023": the change, its period and its baseline; None for no such words."""
    m = _MORE.search(scene.sentence)
    if m is None:
        return None
    sign = 1 if m["way"].lower() in ("more", "higher") else -1
    after = [t for t in scene.times if t.start >= m.end() and t.window.start]
    before = [t for t in scene.times if t.end <= m.end() and t.window.start]
    if not after or not before or scene.sentence[m.end() : after[0].start].count(",") > 0:
        return None
    own, baseline = before[-1], after[0]
    if baseline.shift is not None:
        baseline = replace(baseline, window=baseline.shift.of(own.window) or baseline.window)
    start = m.start("way")
    comparator = "more_than" if sign > 0 else "less_than"
    return Figure(start, m.end(), "fraction", 0.0, 0.01, comparator=comparator), own, baseline  # type: ignore[arg-type]
