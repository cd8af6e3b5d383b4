"""Names have times: when two in-house filers under linked names are one organization, and when one took the other's
place.

The identity of an in-house filer is its registrant id, not its name. "X formerly Y" often tells of a purchase. So where
filers under different names both report in-house for one period, they are two organizations, and the one that went on
is the other's successor from a day. An overlap of a single period in which one of them terminates is a change of name,
and so are periods that do not overlap at all, where nothing else decides (DOMAIN, "Names have times").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lobbyx.model.period import Window


@dataclass(frozen=True, slots=True)
class Filer:
    """A registrant that reports in-house, in one family of linked names."""

    registrant_id: int
    names: frozenset[str]
    """The normalized names of the clients it reports for, which are itself."""
    periods: Mapping[Window, bool]
    """The periods it reported in-house -> whether it terminated in it."""
    clients: frozenset[int] = frozenset()
    """The ids of those clients."""

    @property
    def last(self) -> Window:
        """Its last period."""
        return max(self.periods, key=lambda period: period.days)


def in_conflict(one: Filer, other: Filer) -> bool:
    """Whether two filers under different names cannot be one organization."""
    if one.names & other.names:
        return False
    common = one.periods.keys() & other.periods.keys()
    return len(common) > 1 or any(not (one.periods[p] or other.periods[p]) for p in common)


def holders(
    filers: Iterable[Filer], decided_one: Callable[[Filer, Filer], bool] = lambda a, b: False
) -> list[list[Filer]]:
    """The filers of a family by organization; the first is the one that reported last, most often.

    `decided_one` tells of two filers that people decided to be one whatever their periods say.
    """
    ordered = sorted(filers, key=lambda f: (f.last.days, len(f.periods), -f.registrant_id), reverse=True)

    def fits(some: Sequence[Filer], held: Sequence[Filer]) -> bool:
        return all(not in_conflict(a, b) or decided_one(a, b) for a in some for b in held)

    # Who bears one name is one: McAfee, sold by Intel, is not Intel where Intel's own reports are missing.
    named: list[list[Filer]] = []
    for filer in ordered:
        for some in named:
            if any(filer.names & other.names for other in some) and fits([filer], some):
                some.append(filer)
                break
        else:
            named.append([filer])
    found: list[list[Filer]] = []
    for some in named:
        if held := next((held for held in found if fits(some, held)), None):
            held += some
        else:
            found.append(some)
    return found


def succeeded_on(predecessor: Sequence[Filer], successor: Sequence[Filer]) -> date | None:
    """The day from which the successor stands in the predecessor's place, as far as filings tell.

    The day after the predecessor's last in-house period, if the successor reported later than that; else None: both
    still report.
    """
    ended = max(f.last.days for f in predecessor)
    went_on = max(f.last.days for f in successor)
    return ended[1] + timedelta(days=1) if went_on > ended else None
