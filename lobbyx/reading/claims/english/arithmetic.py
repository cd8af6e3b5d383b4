"""What the figures of a sentence say of each other: a sum of the two before it, a change that fits two sums.

"$3.6 million in the first quarter and $3.5 million in the second, for a total of $7.1 million": the total is of the
same organization and of both periods, whatever stands nearest. Figures that fit confirm how they were linked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from lobbyx.model.period import Window
from lobbyx.reading.claims import assembly
from lobbyx.reading.claims.assembly import Reading
from lobbyx.reading.claims.english.clauses import Scene
from lobbyx.reading.claims.mentions import Time

_TOTAL = re.compile(
    r"(?i)\b(?:totals?(?:ing|ling|ed|led)?|in\sall|altogether|all\stold|combined|together|br(?:ought|inging|ings)|sum|adds?\sup"
    r"|add(?:ed|ing)\sup|tally|for\sthe\syear|so\sfar|to\sdate)\b"
)
CONFIRMED = 0.98
"""How likely a period and an organization are right that the sums of a sentence confirm."""
MOST_ADDED = 6


def with_totals(scene: Scene, readings: Sequence[Reading]) -> list[Reading]:
    """The readings; a sum that is called a total, and is that of those before it, is of all their periods."""
    result = list(readings)
    for at, reading in enumerate(result):
        if not _is_plain(reading) or not _TOTAL.search(scene.sentence[_last_end(result, at) : reading.figure.end + 40]):
            continue
        parts = _added(result[:at], reading)
        window = _joined([p.time.window for p in parts if p.time is not None])
        if parts and window is not None:
            place = reading.figure.start
            time = (
                reading.time
                if reading.time and reading.time.window == window
                else Time(place, place, window, shape="summed")
            )
            confidence = {**reading.confidence, "org": CONFIRMED, "window": CONFIRMED}
            result[at] = replace(reading, org=parts[0].org, time=time, confidence=confidence)
    return result


def confirmed(readings: Sequence[Reading]) -> list[bool]:
    """For each reading, whether another figure of the sentence fits it: as a change and its two sums, or a total."""
    found = [False] * len(readings)
    for at, reading in enumerate(readings):
        if reading.kind == "change" and (sums := assembly.sums_of(reading, readings)):
            first, last = sums
            if reading.comparator in ("exact", "about", "nearly") and assembly.fits(
                reading, readings[first], readings[last]
            ):
                found[at] = found[first] = found[last] = True
        elif reading.time is not None and reading.time.shape == "summed":
            found[at] = True
    return found


def _is_plain(reading: Reading) -> bool:
    return reading.kind == "spend" and not reading.detail and reading.stance == "asserted"


def _last_end(readings: Sequence[Reading], at: int) -> int:
    return readings[at - 1].figure.end if at else 0


def _added(before: Sequence[Reading], total: Reading) -> list[Reading]:
    """The sums just before that add up to a total, within rounding; empty for none."""
    parts: list[Reading] = []
    for earlier in reversed(before[-MOST_ADDED:]):
        if not _is_plain(earlier) or (parts and earlier.org != parts[0].org):
            break
        parts.append(earlier)
        rounding = total.figure.precision + sum(p.figure.precision for p in parts)
        added = sum(p.figure.value for p in parts)
        if len(parts) > 1 and abs(added - total.figure.value) <= rounding / 2:
            return parts
    return []


def _joined(windows: Sequence[Window]) -> Window | None:
    """The period that adjoining periods make together; None where they overlap, leave a gap or are open."""
    known = sorted((w for w in windows if w.start and w.end), key=lambda w: w.days)
    if len(known) < 2 or len(known) != len(windows):
        return None
    for a, b in pairwise(known):
        if a.end is None or b.start is None or a.end + timedelta(days=1) != b.start:
            return None
    return Window(known[0].start, known[-1].end)
