"""What filings tell beside money: who lobbied, for which firm, on what, and before whom; who spent most.

Reads the database; what it means for a claim is decided in `verdicts/`.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import orjson

from lobbyx.accounting import account, counting, reports
from lobbyx.model.bills import find_bills, read_bill
from lobbyx.model.filing_types import filing_types
from lobbyx.model.period import Window, half_span, quarter_span
from lobbyx.model.report import Report, Role, Status
from lobbyx.model.total import Method, Organization
from lobbyx.model.verdict import Evidence
from lobbyx.names import normalize
from lobbyx.organizations import lookup, people


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
    status: dict[str, Status] = {r.filing_uuid: s for r, s in counting.statuses(known)}
    found: list[Filing] = []
    for row in rows:
        uuid, posted, report = row["filing_uuid"], date.fromisoformat(row["dt_posted"][:10]), read[row["filing_uuid"]]
        if report:
            inside = uuid in status and counting.overlaps(report.period, window)
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
    wanted = read_bill(bill)
    return wanted is not None and any(found.same_as(wanted) for found in find_bills(text, in_filing=True))


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
class Ranking:
    """An organization's place among those on file."""

    place: int
    reported: int
    """US cents."""
    above: tuple[tuple[str, int], ...]
    """The largest above it, with their sums, largest first."""
    among: int


RANKED: tuple[Method, ...] = ("lda", "gross", "all_filings")
"""Ways of counting by which spenders are ranked."""


@dataclass(frozen=True, slots=True)
class Spenders:
    """All that spent something in a window by one way of counting, as known today."""

    among: int
    above: int
    """How many spent more than the sum asked about."""
    largest: tuple[tuple[int, int], ...]
    """(organization, US cents), the EXACT_PLACES largest."""


def spenders(db: sqlite3.Connection, starts: str, method: Method, own: int) -> Spenders:
    """How a sum (US cents) stands among those of all with reports in the periods that start so, as known today."""
    rows = db.execute(_FIELD, {"method": method, "starts": starts, "own": own / 100, "most": EXACT_PLACES})
    (_, among, above), *largest = rows.fetchall()
    return Spenders(among, above or 0, tuple((row[0], round(row[1] * 100)) for row in largest))


def ranking(
    db: sqlite3.Connection,
    organization: Organization,
    window: Window,
    as_of: date,
    method: Method,
    known: dict[tuple[Window, Method, int], Spenders],
) -> Ranking | None:
    """The organization's place among all with reports in the window; None where it has none.

    The largest EXACT_PLACES and the organization itself are counted as known on `as_of`, the others as known today.
    `known` keeps what was read, for the same question about another day.
    """

    starts = _starts(window)

    def then(identifier: int, today: int) -> int | None:
        if not _posted_later(db, identifier, starts, as_of):
            return today
        whose = lookup.get(db, identifier)
        count = account.open_account(db, whose).total(window, as_of).methods[method]
        return count.interval.reported if count.reports else None

    row = db.execute(_OWN, {"method": method, "starts": starts, "id": organization.id}).fetchone()
    if row[0] is None:
        return None
    today = round(row[0] * 100)
    own = then(organization.id, today)
    if own is None:
        return None
    key = (window, method, own)
    if key not in known:
        known[key] = spenders(db, starts, method, own)
    all_ = known[key]
    largest = [(i, now, then(i, now)) for i, now in all_.largest if i != organization.id]
    # Those counted again stand where they stood on the day, not where they stand today.
    above = all_.above - sum(now > own for _, now, _ in largest) - (today > own)
    above += sum(was is not None and was > own for *_, was in largest)
    among = all_.among - sum(was is None for *_, was in largest)
    named = sorted(((was, i) for i, _, was in largest if was is not None and was > own), reverse=True)[:5]
    return Ranking(above + 1, own, tuple((lookup.get(db, i).name, was) for was, i in named), among)


_OWN = (
    "SELECT sum(reported) FROM period_counts WHERE organization_id = :id AND method = :method "
    "AND period_start IN (SELECT value FROM json_each(:starts))"
)
_FIELD = (
    "WITH sums AS MATERIALIZED (SELECT organization_id, sum(reported) AS total FROM period_counts "
    "WHERE method = :method AND period_start IN (SELECT value FROM json_each(:starts)) GROUP BY organization_id) "
    "SELECT 0, count(*), sum(total > :own) FROM sums UNION ALL SELECT * FROM "
    "(SELECT organization_id, total, 0 FROM sums ORDER BY total DESC, organization_id LIMIT :most)"
)
FIRST_YEAR, LAST_YEAR = 1995, 2100
"""The Lobbying Disclosure Act took effect in 1996."""


def _starts(window: Window) -> str:
    """The first days of all reporting periods that overlap the window, as JSON: quarters, before 2008 half-years."""
    first = max(window.start.year if window.start else FIRST_YEAR, FIRST_YEAR)
    last = min(window.end.year if window.end else LAST_YEAR, LAST_YEAR)
    spans = [
        span
        for year in range(first, last + 1)
        for span in (
            [half_span(year, n) for n in (1, 2)] if year < 2008 else [quarter_span(year, n) for n in range(1, 5)]
        )
    ]
    return orjson.dumps([span.days[0].isoformat() for span in spans if counting.overlaps(span, window)]).decode()


def _posted_later(db: sqlite3.Connection, identifier: int, starts: str, as_of: date) -> bool:
    """Whether a report of an organization for a period that starts so was posted after a day."""
    later = (
        "SELECT 1 FROM ledger_lines WHERE organization_id = :id "
        "AND period_start IN (SELECT value FROM json_each(:starts)) AND substr(posted, 1, 10) > :day LIMIT 1"
    )
    values = {"id": identifier, "starts": starts, "day": as_of.isoformat()}
    return db.execute(later, values).fetchone() is not None
