"""What filings tell beside money: who lobbied, for which firm, on what, and before whom; who spent most.

Reads the database; what it means for a claim is decided in `verdicts/`.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nlargest

import orjson

from lobbyx import books, ledger, organizations, people, reports
from lobbyx.filing_types import filing_types
from lobbyx.models import Evidence, Method, Organization, Report, Role, Status, Window
from lobbyx.names import normalize


@dataclass(frozen=True, slots=True)
class Filing:
    """One LD-1 or LD-2 of an organization, in a window, as known on one day."""

    filing_uuid: str
    posted: date
    role: Role
    is_report: bool
    status: Status
    registrant: str
    firm_id: int | None
    report: Report | None

    @property
    def evidence(self) -> Evidence:
        """As what stands behind a verdict."""
        amount = self.report.amount if self.report else None
        return Evidence(self.filing_uuid, self.role if self.is_report else "registration", self.status, amount)


@dataclass(frozen=True, slots=True)
class Person:
    """A lobbyist listed in a filing."""

    filing_uuid: str
    person_id: int
    name: str
    held_office: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """What one activity of a filing says."""

    filing_uuid: str
    code: str | None
    text: str
    entities: tuple[str, ...]


def filings(db: sqlite3.Connection, organization: Organization, window: Window, as_of: date) -> list[Filing]:
    """An organization's filings in the window: reports whose period overlaps it, registrations posted in it."""
    rows = db.execute(
        "SELECT f.*, r.name AS registrant, c.name AS client, c.client_self_select, r.firm_id FROM clients c "
        "JOIN filings f ON f.client_id = c.id JOIN registrants r ON r.id = f.registrant_id "
        "WHERE c.organization_id = ? ORDER BY f.dt_posted, f.filing_uuid",
        [organization.id],
    ).fetchall()
    read = {row["filing_uuid"]: reports.read(row) for row in rows}
    known = [r for r in read.values() if r and r.posted.date() <= as_of]
    status: dict[str, Status] = {r.filing_uuid: s for r, s in ledger.statuses(known)}
    found: list[Filing] = []
    for row in rows:
        uuid, posted, report = row["filing_uuid"], date.fromisoformat(row["dt_posted"][:10]), read[row["filing_uuid"]]
        if report:
            inside = uuid in status and ledger.overlaps(report.period, window)
            role: Role = report.role
        else:
            inside = posted <= as_of and posted in window and row["filing_type"] in filing_types()
            own = row["client_self_select"] or normalize(row["registrant"]) == normalize(row["client"])
            role = "in_house" if own else "outside"
        if inside:
            about = (row["registrant"], row["firm_id"], report)
            found.append(Filing(uuid, posted, role, report is not None, status.get(uuid, "latest"), *about))
    return found


def _of(db: sqlite3.Connection, query: str, some: Iterable[Filing]) -> list[sqlite3.Row]:
    uuids = orjson.dumps([filing.filing_uuid for filing in some]).decode()
    return db.execute(query, [uuids]).fetchall()


def lobbyists(db: sqlite3.Connection, some: Iterable[Filing]) -> list[Person]:
    """The lobbyists listed in filings, once a filing and person."""
    rows = _of(
        db,
        "SELECT a.filing_uuid, coalesce(l.person_id, l.id) AS person, l.first_name, l.last_name, x.covered_position "
        "FROM activities a JOIN activity_lobbyists x ON x.activity_id = a.id JOIN lobbyists l ON l.id = x.lobbyist_id "
        "WHERE a.filing_uuid IN (SELECT value FROM json_each(?))",
        some,
    )
    found: dict[tuple[str, int], Person] = {}
    for row in rows:
        key = (row["filing_uuid"], row["person"])
        held = people.is_office(row["covered_position"]) or (key in found and found[key].held_office)
        name = " ".join(part for part in (row["first_name"], row["last_name"]) if part)
        found[key] = Person(*key, name.title() if name.isupper() else name, held)
    return list(found.values())


def topics(db: sqlite3.Connection, some: Iterable[Filing]) -> list[Topic]:
    """The activities of filings."""
    chosen = list(some)
    entities: defaultdict[int, list[str]] = defaultdict(list)
    for row in _of(
        db,
        "SELECT e.activity_id, g.name FROM activities a JOIN activity_government_entities e ON e.activity_id = a.id "
        "JOIN government_entities g ON g.id = e.government_entity_id "
        "WHERE a.filing_uuid IN (SELECT value FROM json_each(?)) ORDER BY e.activity_id, e.position",
        chosen,
    ):
        entities[row["activity_id"]].append(row["name"])
    rows = _of(
        db,
        "SELECT a.id, a.filing_uuid, a.general_issue_code, i.name, a.description FROM activities a "
        "LEFT JOIN issue_codes i ON i.value = a.general_issue_code "
        "WHERE a.filing_uuid IN (SELECT value FROM json_each(?)) ORDER BY a.filing_uuid, a.position",
        chosen,
    )
    return [
        Topic(row["filing_uuid"], row["name"], row["description"] or "", tuple(entities[row["id"]])) for row in rows
    ]


def names_bill(text: str, bill: str) -> bool:
    """Whether a description names a bill: H.R. 1234 is written HR1234, H. R. 1234 or H.R.1234 too."""
    m = re.match(r"\s*([A-Za-z.\s]+?)\s*\.?\s*([0-9]{1,5})\s*$", bill)
    if not m:
        return False
    letters = r"\.?\s*".join(re.sub(r"[^A-Za-z]", "", m[1]))
    return re.search(rf"(?i)(?<![A-Za-z.]){letters}\.?\s*(?:no\.?\s*)?{m[2]}(?![0-9])", text) is not None


_ALSO = {"PENTAGON": "DEFENSE DEPARTMENT", "TREASURY": "TREASURY DEPARTMENT", "WHITE HOUSE": "WHITE HOUSE OFFICE"}


def names_agency(entities: Iterable[str], agency: str) -> bool:
    """Whether one of the government entities is the agency: by its name, a part of it, or its abbreviation."""
    said = " ".join(re.sub(r"[^\w ]", "", agency.upper()).split())
    said = _ALSO.get(said, said).removeprefix("THE ").removeprefix("OFFICE OF THE ").removeprefix("US ")
    if m := re.fullmatch(r"(?:DEPARTMENT OF (?:THE )?(\w[\w ]*)|(\w[\w ]*) DEPARTMENT)", said):
        said = f"{m[1] or m[2]} DEPT OF"
    for entity in entities:
        short = re.search(r"\(([A-Z]{2,})\)", entity)
        plain = " ".join(re.sub(r"[^\w ]", "", entity.upper()).split()).removeprefix("US ")
        if (short and short[1] == said.replace(" ", "")) or (len(said) > 4 and re.search(rf"\b{said}\b", plain)):
            return True
    return False


_DULL = {"the", "a", "an", "of", "and", "or", "for", "to", "in", "on", "its", "their", "issues", "related", "matters"}


def names_topic(topic: Topic, said: str) -> bool:
    """Whether an activity speaks of a topic: every word of it, whatever its ending, in the description or issue."""
    text = set(_stems(f"{topic.text} {topic.code or ''}"))
    wanted = _stems(said)
    return bool(wanted) and all(stem in text for stem in wanted)


def _stems(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return [
        re.sub(r"(?:ies|es|s|ing|ed|y)$", "", word) if len(word) > 4 else word for word in words if word not in _DULL
    ]


# Who spent most --------------------------------------------------------------------------------------------------

EXACT_PLACES = 25
"""How many of the largest spenders are counted again as known on the day asked for."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An organization's place among those on file."""

    place: int
    reported: int
    """US cents."""
    above: tuple[tuple[str, int], ...]
    """The largest above it, with their sums, largest first."""
    among: int


RANKED: tuple[Method, ...] = ("lda", "gross", "all_filings")
"""Ways of counting by which spenders are ranked."""


def sums(db: sqlite3.Connection, window: Window, method: Method) -> dict[int, int]:
    """What each organization with reports in the window spent, in US cents, as known today."""
    periods = orjson.dumps([row[0] for row in db.execute(_PERIODS, _bounds(window))]).decode()
    return {i: round(total * 100) for i, total in db.execute(_SUMS, [method, periods])}


def standing(
    db: sqlite3.Connection,
    organization: Organization,
    window: Window,
    as_of: date,
    method: Method,
    known_today: Mapping[int, int],
) -> Standing | None:
    """The organization's place among all with reports in the window; None where it has none.

    `known_today` are the `sums`. The largest EXACT_PLACES and the organization itself are counted as known on `as_of`,
    the others as known today.
    """
    then = dict(known_today)
    largest = nlargest(EXACT_PLACES, then, key=lambda i: (then[i], -i))
    for identifier in {*largest, organization.id} & then.keys():
        if _posted_later(db, identifier, window, as_of):
            whose = organizations.get(db, identifier)
            count = books.open_books(db, whose).total(window, as_of).methods[method]
            then[identifier] = count.interval.reported
            if not count.reports:
                del then[identifier]
    if organization.id not in then:
        return None
    own = then[organization.id]
    above = [(total, i) for i, total in then.items() if total > own]
    named = tuple((organizations.get(db, i).name, total) for total, i in nlargest(5, above))
    return Standing(len(above) + 1, own, named, len(then))


_PERIODS = (
    "SELECT DISTINCT period_start FROM period_counts WHERE period_start <= :end AND period_start >= :earliest "
    "AND period_end >= :start"
)
_SUMS = (
    "SELECT organization_id, sum(reported) FROM period_counts WHERE method = ? "
    "AND period_start IN (SELECT value FROM json_each(?)) GROUP BY organization_id"
)
LONGEST_PERIOD = timedelta(days=184)


def _bounds(window: Window) -> dict[str, str]:
    start, end = window.start or date(1990, 1, 1), window.end or date(2200, 1, 1)
    return {"start": start.isoformat(), "end": end.isoformat(), "earliest": (start - LONGEST_PERIOD).isoformat()}


def _posted_later(db: sqlite3.Connection, identifier: int, window: Window, as_of: date) -> bool:
    """Whether a report of an organization in the window was posted after a day."""
    later = (
        "SELECT 1 FROM ledger_lines WHERE organization_id = :id AND period_start <= :end AND period_end >= :start "
        "AND substr(posted, 1, 10) > :day LIMIT 1"
    )
    values = {**_bounds(window), "id": identifier, "day": as_of.isoformat()}
    return db.execute(later, values).fetchone() is not None
