"""What is known to be complete: listings that were read to their end and counted, and whom they cover.

Rules: DOMAIN, "What is on file, and what is known to be on file". The posted end of a listing is the day before the one
on which its reading began, by the clock of Washington: what that day still brings may be missing. It is earlier where
the listing itself ends earlier.
"""

from __future__ import annotations

import json
import shlex
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from itertools import pairwise
from typing import Final

from lobbyx.model.coverage import Coverage, Listing
from lobbyx.model.period import Window, iso
from lobbyx.model.total import Organization
from lobbyx.names.asking import contains, parts, with_respellings

WASHINGTON: Final = timezone(timedelta(hours=-5))
"""Winter time: in summer its day is over an hour early, never late."""
MOST_YEARS: Final = 8
"""For more years than that, one listing of all years takes fewer requests."""
_DAY: Final = timedelta(days=1)
_APART: Final = ("filing_dt_posted_after", "filing_dt_posted_before", "filing_year")
"""Filters that a listing has fields for."""


# What a listing covers -----------------------------------------------------------------------------------------------


def read_through(began: str, today: date) -> date:
    """The last day of which everything is in a listing whose reading began at an ISO time, by the server's clock.

    `today` is our own day: a server's clock that runs ahead of it is not believed.
    """
    return min(datetime.fromisoformat(began).astimezone(WASHINGTON).date(), today) - _DAY


def listing_of(
    endpoint: str, query: Mapping[str, str], count: int, posted: Window, checked_at: str, source: str
) -> Listing | None:
    """What a listing for `query` covers that was read to its end and holds all `count` records posted in some days.

    None where the query itself leaves nothing of these days.
    """
    after, before = (query.get(name) for name in ("filing_dt_posted_after", "filing_dt_posted_before"))
    first = max([day for day in (posted.start, after and date.fromisoformat(after)) if day], default=None)
    # Whether the day named in "before" belongs to the listing, the API's description does not say.
    last = min(day for day in (posted.end, before and date.fromisoformat(before) - _DAY) if day)
    if first and first > last:
        return None
    year = int(query["filing_year"]) if "filing_year" in query else None
    rest = {name: value for name, value in query.items() if name not in _APART}
    return Listing(endpoint, rest, year, Window(first, last), count, count, checked_at, source)


@dataclass(frozen=True, slots=True)
class Named:
    """One of an organization's records or names: what the filters of a listing are held against."""

    name: str
    id: int | None = None
    """Of the client's record; None for a name that no record bears now."""

    def satisfies(self, filters: Mapping[str, str]) -> bool:
        """Whether a listing with these filters holds all of its filings. Filters other than these two hold some."""
        return all(
            contains(self.name, value) if name == "client_name" else name == "client_id" and value == str(self.id)
            for name, value in filters.items()
        )


def covering(listings: Iterable[Listing], organization: Sequence[Named]) -> Coverage:
    """The listings that cover an organization, given all its names and records on file.

    One that holds everybody's filings covers it, and so does one whose filters all of its names and records satisfy.
    Where it goes by names that no filter has in common, listings of each cover it together, as far as all reach.
    """
    whole: list[Listing] = []
    partly: list[Listing] = []
    for one in listings:
        held = [named.satisfies(one.filters) for named in organization] if one.filters else []
        if all(held):
            whole.append(one)
        elif any(held):
            partly.append(one)
    return Coverage((*whole, *_together(partly, whole, organization)))


def _together(partly: Sequence[Listing], whole: Sequence[Listing], organization: Sequence[Named]) -> list[Listing]:
    """What listings that each hold a part of the organization cover together."""
    found = []
    for year in sorted({one.filing_year for one in partly}, key=lambda year: year or 0):
        used = [one for one in partly if one.filing_year in (None, year)]
        known = joined(one.posted for one in whole if one.filing_year in (None, year))
        spans = [(date.min, date.max)]
        for named in organization:
            own = [one.posted for one in used if named.satisfies(one.filters)]
            held = joined([*own, *(Window(_opened(first), last) for first, last in known)])
            spans = [(max(a, c), min(b, d)) for a, b in spans for c, d in held if max(a, c) <= min(b, d)]
        for first, last in spans:
            if any(a <= first and last <= b for a, b in known):
                continue
            newest = max(used, key=lambda one: one.checked_at)
            asked = {"client_name": "; ".join(sorted({value for one in used for value in one.filters.values()}))}
            counts = sum(one.count for one in used), sum(one.received for one in used)
            posted = Window(_opened(first), last)
            found.append(Listing(newest.endpoint, asked, year, posted, *counts, newest.checked_at, newest.source))
    return found


def _opened(first: date) -> date | None:
    return None if first == date.min else first


def joined(windows: Iterable[Window]) -> list[tuple[date, date]]:
    """Spans of days without the seams between those that touch or overlap."""
    spans: list[tuple[date, date]] = []
    for first, last in sorted((w.start or date.min, w.end or date.max) for w in windows):
        if spans and (first <= spans[-1][1] or first - _DAY <= spans[-1][1]):
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return spans


# The table -----------------------------------------------------------------------------------------------------------


def record(db: sqlite3.Connection, listing: Listing, sha256: str | None = None) -> None:
    """Keeps a listing. It replaces an equal one (same filters, same first day) unless that one reaches further.

    `sha256` is that of the file, or of the last page, it was read from. Needs no open transaction.
    """
    fetch = db.execute("SELECT max(id) FROM fetches WHERE sha256 = ?", [sha256]).fetchone()[0]
    columns = ("posted_to", "count", "received", "checked_at", "source", "fetch_id")
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    old, new = (", ".join(f"{whose}.{name}" for name in columns) for whose in ("coverage", "excluded"))
    db.execute(
        f"INSERT INTO coverage (endpoint, filters, filing_year, posted_from, {', '.join(columns)}) "  # noqa: S608
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (endpoint, filters, coalesce(filing_year, 0), coalesce(posted_from, '')) "
        f"DO UPDATE SET {changes} WHERE excluded.posted_to >= coverage.posted_to AND ({old}) IS NOT ({new})",
        [
            listing.endpoint,
            _canonical(listing.filters),
            listing.filing_year,
            iso(listing.posted.start),
            iso(listing.posted.end),
            listing.count,
            listing.received,
            listing.checked_at,
            listing.source,
            fetch,
        ],
    )


def withdraw(db: sqlite3.Connection, endpoint: str, first: date | None) -> None:
    """Forgets a listing of everybody's records posted from a day on: the server now counts otherwise."""
    db.execute(
        "DELETE FROM coverage WHERE (endpoint, filters, filing_year, posted_from) IS (?, '{}', NULL, ?)",
        [endpoint, iso(first)],
    )


def _canonical(filters: Mapping[str, str]) -> str:
    return json.dumps(dict(sorted(filters.items())), ensure_ascii=False)


def listings(db: sqlite3.Connection, endpoint: str | None = None) -> list[Listing]:
    """All listings that were read to their end, or those of one endpoint, oldest posting days first."""
    rows = db.execute(
        "SELECT * FROM coverage WHERE endpoint = coalesce(?, endpoint) "
        "ORDER BY endpoint, filters, filing_year, posted_from, id",
        [endpoint],
    )
    return [
        Listing(
            row["endpoint"],
            json.loads(row["filters"]),
            row["filing_year"],
            Window(*(day and date.fromisoformat(day) for day in (row["posted_from"], row["posted_to"]))),
            row["count"],
            row["received"],
            row["checked_at"],
            row["source"],
        )
        for row in rows
    ]


def coverage_of(db: sqlite3.Connection, organization: Organization) -> Coverage:
    """The listings of LD-1 and LD-2 filings that cover an organization on file."""
    return covering(listings(db, "filings"), _named(db, organization))


def coverage_of_everybody(db: sqlite3.Connection) -> Coverage:
    """The listings that hold everybody's LD-1 and LD-2 filings: what ranks and sums over organizations need."""
    return Coverage(tuple(one for one in listings(db, "filings") if not one.filters))


def _named(db: sqlite3.Connection, organization: Organization) -> list[Named]:
    records = db.execute("SELECT name, id FROM clients WHERE organization_id = ?", [organization.id]).fetchall()
    names = db.execute("SELECT name FROM organization_names WHERE organization_id = ?", [organization.id]).fetchall()
    borne = {row["name"] for row in records}
    return [
        *(Named(row["name"], row["id"]) for row in records),
        *(Named(row["name"]) for row in names if row["name"] not in borne),
    ]


# The command that brings what is missing -----------------------------------------------------------------------------


def command_for(organization: Organization, missing: Sequence[Window]) -> str:
    """The one command that downloads an organization's reports about the missing periods, and so covers it there.

    It names the fewest parts of names that all its names on file contain, other spellings of these, and the filing
    years; no year at all for more than `MOST_YEARS` or where a period has no beginning or no end.
    """
    asked = _asked((organization.name, *organization.names))
    years = filing_years(missing)
    options = [f"--client {quoted(name)}" for name in asked] + [f"--year {year}" for year in years or ()]
    return " ".join(("lobbyx fetch", *options))


@lru_cache(maxsize=1_000)
def _asked(names: tuple[str, ...]) -> tuple[str, ...]:
    """The parts to ask for. A total names the same organization's command once for each stretch that is unknown."""
    return tuple(with_respellings(parts(names)))


def together(commands: Iterable[str | None]) -> str | None:
    """One command that downloads what several commands of `command_for` do; None where there is none.

    It names every name and year once, and no year where one of them asks for all.
    """
    some = list(dict.fromkeys(command for command in commands if command))
    if len(some) < 2:
        return some[0] if some else None
    names: dict[str, None] = {}
    years: dict[str, None] = {}
    every_year = False
    for command in some:
        words = shlex.split(command)
        options = list(pairwise(words))
        names |= dict.fromkeys(value for option, value in options if option == "--client")
        asked = [value for option, value in options if option == "--year"]
        years |= dict.fromkeys(asked)
        every_year = every_year or not asked
    if not names:
        return some[0]
    told = [f"--client {quoted(name)}" for name in names]
    return " ".join(("lobbyx fetch", *told, *(() if every_year else (f"--year {year}" for year in sorted(years)))))


def filing_years(windows: Iterable[Window], last: int | None = None) -> list[int] | None:
    """The filing years of windows, up to `last`; None for all years, where they are too many or not bounded."""
    years: set[int] = set()
    for window in windows:
        end = window.end.year if window.end else last
        if window.start is None or end is None:
            return None
        years.update(range(window.start.year, min(end, last or end) + 1))
    return sorted(years) if len(years) <= MOST_YEARS else None


def quoted(name: str) -> str:
    """A name as a shell takes it literally; names in filings are not to be trusted with a reader's shell."""
    name = "".join(c for c in name if c.isprintable())
    return f'"{name}"' if all(c.isalnum() or c in " .,&'()-/+" for c in name) else shlex.quote(name)
