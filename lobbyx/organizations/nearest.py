"""Names on file that look like one that is not: what an error offers. Never used to pick one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Final

NEAREST: Final = 5
"""How many near names an error offers."""
LIKE: Final = 62.0
"""The likeness, of 100, from which a name is offered."""
LOOKED_AT: Final = 200


def nearest_names(wanted: str, names: Mapping[str, str]) -> list[str]:
    """The names (normalized -> shown) most like a normalized one, best first.

    Words count by how rare they are on file, so that sharing HOLDINGS or GROUP is not likeness.
    """
    from rapidfuzz import fuzz, process

    words = wanted.split()
    if not words:
        return []
    names = {name: shown for name, shown in names.items() if name.split()}  # U+200B alone is no word
    times: Counter[str] = Counter(word for name in names for word in set(name.split()))
    rare = {word: math.log((len(names) + 1) / (1 + times[word])) + 0.1 for word in {*times, *words}}
    # The careful comparison takes a second for 124,000 names: only for those that share letters or a rare word.
    alike = {name for name, *_ in process.extract(wanted, names.keys(), scorer=fuzz.ratio, limit=LOOKED_AT)}
    known = sorted((w for w in words if 0 < times[w] <= LOOKED_AT), key=lambda w: times[w])[:3]
    alike |= {name for name in names if any(word in name.split() for word in known)} if known else set()
    near = [match for word in words if len(word) > 3 and not times[word] for match in _spelled_like(word, times)]
    alike |= {name for name in names if any(word in name.split() for word in near)} if near else set()

    def likeness(name: str) -> float:
        theirs = name.split()
        shared = sum(rare[w] * max(fuzz.ratio(w, t) for t in theirs) for w in words) / sum(rare[w] for w in words)
        back = sum(rare[t] * max(fuzz.ratio(w, t) for w in words) for t in theirs) / sum(rare[t] for t in theirs)
        return 0.75 * shared + 0.25 * back

    scored = sorted(((likeness(name), name) for name in alike), reverse=True)
    beginning = sorted(name for name in names if name.startswith(f"{wanted} "))
    best = [name for score, name in scored if score >= LIKE]
    return list(dict.fromkeys(names[name] for name in (*beginning, *best)))[:NEAREST]


def _spelled_like(word: str, times: Mapping[str, int]) -> list[str]:
    from rapidfuzz import fuzz, process

    found = process.extract(word, [w for w in times if len(w) > 3], scorer=fuzz.ratio, limit=5, score_cutoff=75)
    return [match for match, *_ in found]
