"""Which listings judging some claims takes that were not read yet. Pure: no network, no clock, no database.

A listing is asked for by a part of the client's name and by filing year: a report about a period has that period's
year, whenever it was posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lobbyx.ingest.coverage import Named, covering, filing_years, joined, quoted
from lobbyx.ingest.known_periods import periods
from lobbyx.model.claim import Claim
from lobbyx.model.coverage import Coverage, Listing
from lobbyx.model.period import Window
from lobbyx.names import normalize
from lobbyx.names.asking import alternatives, contains, parts, with_respellings

FIRST_YEAR: Final = 1999
"""The API has no filings of earlier years."""
NOTHING: Final = Coverage()
MOST_PARTS: Final = 4
"""Parts of names asked for at most, where an organization is known under many."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A listing of filings to be read."""

    client_name: str
    """A part of the client's name."""
    filing_year: int | None
    """None for all years."""

    @property
    def query(self) -> dict[str, str]:
        """The API's filters."""
        year = {"filing_year": str(self.filing_year)} if self.filing_year else {}
        return {"client_name": self.client_name, **year}

    @property
    def command(self) -> str:
        """What reads it from the command line."""
        year = f" --year {self.filing_year}" if self.filing_year else ""
        return f"lobbyx fetch --client {quoted(self.client_name)}{year}"

    def __str__(self) -> str:
        return f"filings of clients named “{self.client_name}”" + (f", {self.filing_year}" if self.filing_year else "")


def wanted(
    windows: Iterable[Window], asked: Sequence[str], read: Sequence[Listing], day: date, whole: Coverage = NOTHING
) -> list[Wanted]:
    """The listings missing of those that hold everything posted by `day` about some windows.

    `asked` are parts of names, `read` is what was read already, `whole` what of it covers the organization where that
    is on file: years it covers need nothing more. Windows that are open, or of many years, take one listing of all
    years.
    """
    reaching = [_from_1999(window) for window in windows]
    years = filing_years(reaching, day.year)
    if years is None:
        named = {name: covering(read, [Named(name)]) for name in asked}
        complete = _all_years(whole, day)
        return [Wanted(name, None) for name, part in named.items() if not complete and not _all_years(part, day)]
    left = [year for year in years if year >= FIRST_YEAR and not _complete(whole, year, reaching, day)]
    return [
        Wanted(name, year)
        for name in asked
        for year in left
        if not _complete(covering(read, [Named(name)]), year, reaching, day)
    ]


def _from_1999(window: Window) -> Window:
    first = date(FIRST_YEAR, 1, 1)
    early = window.start is not None and window.start < first and (window.end is None or window.end >= first)
    return Window(first, window.end) if early else window


def _complete(coverage: Coverage, year: int, windows: Sequence[Window], day: date) -> bool:
    of_year = [period for period in periods(year, day) if period.days[0].year == year]
    needed = [period for period in of_year if any(_overlap(period, window) for window in windows)]
    return all(coverage.complete(period, day) for period in needed)


def _overlap(period: Window, window: Window) -> bool:
    start, end = period.days
    return (window.start is None or window.start <= end) and (window.end is None or start <= window.end)


def _all_years(coverage: Coverage, day: date) -> bool:
    spans = joined(one.posted for one in coverage.listings if one.filing_year is None)
    return any(first <= date(FIRST_YEAR, 1, 1) and last >= day for first, last in spans)


def windows_of(claim: Claim) -> list[Window]:
    """The windows whose filings a claim is judged by; an open one where all there are matter."""
    if claim.detail.get("record"):
        return [Window()]
    baseline = claim.detail.get("baseline") or {}
    days = [date.fromisoformat(baseline[side]) if baseline.get(side) else None for side in ("start", "end")]
    return [claim.window, Window(*days)] if any(days) else [claim.window]


def needs_everybody(claim: Claim) -> bool:
    """Whether a claim compares or adds up all organizations: no few listings are enough for that."""
    return claim.kind == "rank" or claim.org == "total"


def asked_of(text: str, names: Sequence[str], known: Sequence[str]) -> list[str]:
    """The parts to ask for an organization that is on file under some names, and known to file under others.

    What shares a word with the text comes first, for there may not be requests enough for all.
    """
    own = with_respellings(parts(names))
    others = [part for part in parts([*names, *known]) if part not in own]
    return own + _likest_first(text, others)[:MOST_PARTS]


def asked_of_unknown(text: str, read: Sequence[Listing], known: Sequence[str]) -> list[str]:
    """The parts to ask for an organization that is not on file, as a text names it.

    `known` are names it is known to file under: "쿠팡" is COUPANG, INC. Where there are none, or the API has nothing
    under them, it is the first way of writing it for which the API is not known to have nothing.
    """
    nothing = {one.filters.get("client_name", "").casefold() for one in read if not one.count}
    ways = [
        way for name in (text, *known) if any(c.isascii() and c.isalpha() for c in name) for way in alternatives(name)
    ]
    asked = _likest_first(text, parts(known))[:MOST_PARTS]
    if ways and known and not any(contains(name, ways[0]) for name in known):
        asked.append(ways[0])
    if any(part.casefold() not in nothing for part in asked):
        return with_respellings(asked)
    return next((with_respellings([way]) for way in ways if way.casefold() not in nothing), [])


def _likest_first(text: str, asked: Sequence[str]) -> list[str]:
    said = set(normalize(text).split())
    return sorted(asked, key=lambda part: said.isdisjoint(normalize(part).split()))
