"""Which sums are compared with which: "$6.1 million to $9.8 million", "$3.9 million, down from $4.3 million".

Two sums that are compared belong to one organization and to two periods. Items of a list that are built alike, "A ($1
million to $2 million), B ($3 million to $4 million)", share their periods, role by role.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lobbyx.reading.claims.english.clauses import Place, Scene
from lobbyx.reading.claims.mentions import Time

_PARTED = re.compile(r"[;]|\.\s|—\s(?=[A-Z])")
_TO = re.compile(r"(?i)\bto\b[^;$]{0,40}$")
_AS_LONG_AS = 40
"""Days by which two periods may differ and still count as equally long."""


def now_of(scene: Scene, place: Place) -> Place | None:
    """The sum that is compared with `place`; None where `place` is no sum that another is compared with."""
    if not place.compared or place.change:
        return None
    sums = [p for p in scene.places if p.figure.kind == "money" and not p.change]
    at = sums.index(place)
    after = sums[at + 1] if at + 1 < len(sums) else None
    if after is not None and not after.compared and _TO.search(scene.sentence[place.figure.end : after.figure.start]):
        return after
    for earlier in reversed(sums[:at]):
        if _PARTED.search(scene.sentence[earlier.figure.end : place.figure.start]):
            break
        if not earlier.compared:
            return earlier
    if (
        after is not None
        and not after.compared
        and not _PARTED.search(scene.sentence[place.figure.end : after.figure.start])
    ):
        return after
    return None


def is_bare(scene: Scene, place: Place) -> bool:
    """Whether no time is said between the sum before and the sum after, so that a period is shared with others."""
    sums = [p.figure for p in scene.places if p.figure.kind == "money"]
    low = max((f.end for f in sums if f.end <= place.figure.start), default=0)
    high = min((f.start for f in sums if f.start >= place.figure.end), default=len(scene.sentence))
    return all(t.end <= low or t.start >= high for t in scene.times)


def features(
    scene: Scene, first: Place, second: Place, same_org: bool, times: Sequence[Time | None]
) -> dict[str, float]:
    """What a comparison, or a likeness of roles, says for or against the links of two sums beside each other."""
    found: dict[str, float] = {}
    a, b = times
    same_time = a is not None and b is not None and a.window == b.window
    if now_of(scene, second) is first or now_of(scene, first) is second:
        then, now = (b, a) if now_of(scene, second) is first else (a, b)
        if same_org:
            found["partners_same_org"] = 1.0
            found[f"partners_{_order(then, now)}"] = 1.0
        elif any(first.figure.end <= n.start and n.end <= second.figure.start for n in scene.names):
            found["rivals_same_time" if same_time else "rivals_other_time"] = 1.0  # "topping Toyota's $5.8 million"
        else:
            found["partners_other_org"] = 1.0
        return found
    if a is None or b is None or same_org:
        return found
    if not is_bare(scene, second) and not is_bare(scene, first):
        return found
    alike = first.compared == second.compared
    if alike:
        found["alike_same_time" if same_time else "alike_other_time"] = 1.0
    elif same_time and (first.compared or any(now_of(scene, p) is first for p in scene.places)):
        found["unlike_same_time"] = 1.0
    return found


def _order(then: Time | None, now: Time | None) -> str:
    if then is None or now is None or then.window.end is None or now.window.end is None:
        return "open"
    if then.window == now.window:
        return "same_time"
    if then.window.end > now.window.end:
        return "reversed"
    if then.window.start is None or now.window.start is None:
        return "open"
    lengths = [(w.window.end - w.window.start).days for w in (then, now)]  # type: ignore[operator]
    return "in_order" if abs(lengths[0] - lengths[1]) <= _AS_LONG_AS else "unequal"
