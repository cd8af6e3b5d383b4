"""What filings tell beside money: who lobbied, for which firm, on what, and before whom; who spent most.

Reads the database; what it means for a claim is decided in `verdicts/`.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import orjson

from lobbyx.accounting import account, counting
from lobbyx.model.bills import find_bills, read_bill
from lobbyx.model.filing_types import filing_types
from lobbyx.model.money import Interval
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


_REGISTRATIONS: Final = """
SELECT f.filing_uuid, f.dt_posted, r.name AS registrant, c.name AS client, c.client_self_select, r.firm_id
FROM clients c JOIN filings f ON f.client_id = c.id JOIN registrants r ON r.id = f.registrant_id
WHERE c.organization_id = ? AND f.filing_type IN (SELECT value FROM json_each(?))
"""


def filings(
    db: sqlite3.Connection, organization: Organization, reports: Iterable[Report], window: Window, as_of: date
) -> list[Filing]:
    """An organization's filings in the window: reports whose period overlaps it, registrations posted in it.

    `reports` are those of its account, with those of organizations whose place it took. Registrations nobody takes
    over.
    """
    known = [report for report in reports if report.posted.date() <= as_of]
    status: dict[str, Status] = {r.filing_uuid: s for r, s in counting.statuses(known)}
    inside = [report for report in known if counting.overlaps(report.period, window)]
    firms = dict(
        db.execute(
            "SELECT id, firm_id FROM registrants WHERE id IN (SELECT value FROM json_each(?))",
            [orjson.dumps(sorted({report.registrant_id for report in inside})).decode()],
        ).fetchall()
    )
    found: list[tuple[str, Filing]] = []
    for r in inside:
        about = (r.registrant, firms.get(r.registrant_id), r)
        day = date.fromisoformat(r.dt_posted[:10])
        found.append((r.dt_posted, Filing(r.filing_uuid, day, r.role, True, status[r.filing_uuid], *about)))
    without_money = orjson.dumps([kind.value for kind in filing_types().values() if not kind.is_report]).decode()
    for row in db.execute(_REGISTRATIONS, [organization.id, without_money]):
        posted = date.fromisoformat(row["dt_posted"][:10])
        if posted <= as_of and posted in window:
            own = row["client_self_select"] or normalize(row["registrant"]) == normalize(row["client"])
            role: Role = "in_house" if own else "outside"
            one = Filing(row["filing_uuid"], posted, role, False, "latest", row["registrant"], row["firm_id"], None)
            found.append((row["dt_posted"], one))
    return [one for _, one in sorted(found, key=lambda item: (item[0], item[1].filing_uuid))]


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

MOST_NAMED = 5
"""How many of those above are named."""


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


def ranking(
    db: sqlite3.Connection, organization: Organization, window: Window, as_of: date, method: Method
) -> Ranking | None:
    """The organization's place among all with reports in the window as known on a day; None where it has none."""
    own = "SELECT round(total * 100) / 100.0 AS total FROM sums WHERE organization_id = :id AND total IS NOT NULL"
    return _place(db, own, window, as_of, method, id=organization.id)


def certainly_above(db: sqlite3.Connection, window: Window, as_of: date, cents: int) -> Ranking:
    """Who reported in-house more than a sum by the lower bounds of the reports on file, whatever else was filed."""
    found = _place(db, "SELECT :own AS total", window, as_of, "in_house_low", own=cents / 100)
    assert found
    return found


def everybody(db: sqlite3.Connection, window: Window, as_of: date, method: Method) -> tuple[Interval, int]:
    """What all organizations reported in the window as known on a day, and in how many reports."""
    query = "SELECT sum(low) AS low, sum(total) AS total, sum(high) AS high, sum(reports) AS n FROM sums"
    row = _first(db, query, _BOUNDS_TODAY, window, as_of, method)
    assert row
    low, reported, high = (round((row[name] or 0) * 100) for name in ("low", "total", "high"))
    return Interval(low, reported, high), row["n"] or 0


def _place(
    db: sqlite3.Connection, asked: str, window: Window, as_of: date, method: str, **values: object
) -> Ranking | None:
    """The place of a sum, which the query `asked` finds; None if it finds none."""
    row = _first(db, f", own AS ({asked}) {_PLACE}", _SUMS_TODAY, window, as_of, method, most=MOST_NAMED, **values)
    if row is None:
        return None
    largest = sorted(orjson.loads(row["largest"]), key=lambda one: (-one[1], one[0]))
    named = tuple((lookup.get(db, organization).name, round(total * 100)) for organization, total in largest)
    return Ranking(row["above"] + 1, round(row["own"] * 100), named, row["n"])


# One statement, because sums over everybody take long: they are made once for all that is asked of them.
_PLACE = """
SELECT own.total AS own, (SELECT count(*) FROM sums) AS n,
       (SELECT count(*) FROM sums WHERE sums.total > own.total) AS above,
       (SELECT json_group_array(json_array(organization_id, total)) FROM (
           SELECT organization_id, sums.total FROM sums WHERE sums.total > own.total
           ORDER BY sums.total DESC, organization_id LIMIT :most
       )) AS largest
FROM own
"""


def _first(
    db: sqlite3.Connection, query: str, sums_today: str, window: Window, as_of: date, method: str, **values: object
) -> sqlite3.Row | None:
    """The row of a query over `sums` (organization_id, total, bounds): what each reported in the window.

    `sums_today` makes them where all that is on file counts.
    """
    newest = account.last_posted(db)
    today = newest is None or as_of >= newest
    if method != "in_house_low" and (today or sums_today is _SUMS_TODAY):
        sums = sums_today if today else _SUMS_MOSTLY_TODAY
    else:
        sums = _SUMS_THEN.format(chosen="")
    # A lower bound leaves out periods that lie only partly inside the window.
    starts = _starts(window, whole=method == "in_house_low")
    asked = {"method": method, "starts": starts, "day": as_of.isoformat(), **values}
    asked["next_day"] = (as_of + timedelta(days=1)).isoformat()
    row: sqlite3.Row | None = db.execute(f"{sums} {query}", asked).fetchone()
    return row


# Without the bounds, the index is enough.
_SUMS_TODAY = """
WITH sums AS MATERIALIZED (
    SELECT organization_id, sum(reported) AS total FROM period_counts
    WHERE method = :method AND period_start IN (SELECT value FROM json_each(:starts)) GROUP BY organization_id
)
"""
_BOUNDS_TODAY = """
WITH sums AS MATERIALIZED (
    SELECT organization_id, sum(low) AS low, sum(reported) AS total, sum(high) AS high, sum(reports) AS reports
    FROM period_counts
    WHERE method = :method AND period_start IN (SELECT value FROM json_each(:starts)) GROUP BY organization_id
)
"""
# The same rules as `accounting/counting.py`, over all organizations at once: of the reports of one registrant, client
# and period the one posted last counts, an amendment after its original where that is equal. Lower and upper bounds are
# those of the rounding alone.
_SUMS_THEN = """
WITH known AS (
    SELECT l.organization_id, l.period_start, l.role = 'in_house' AS own, l.low, l.reported, l.high,
           row_number() OVER (
               PARTITION BY f.registrant_id, f.client_id, l.period_start, l.period_end
               ORDER BY julianday(l.posted) DESC,
                        instr('report termination amendment termination_amendment', t.stage) DESC, l.filing_uuid DESC
           ) = 1 AS latest
    FROM ledger_lines l JOIN filings f ON f.filing_uuid = l.filing_uuid JOIN filing_types t ON t.value = f.filing_type
    WHERE l.period_start IN (SELECT value FROM json_each(:starts)) AND substr(l.posted, 1, 10) <= :day {chosen}
), periods AS (
    SELECT *, max(own AND latest) OVER (PARTITION BY organization_id, period_start) AS filed FROM known
), sums AS MATERIALIZED (
    SELECT organization_id, sum(low) AS low, sum(CASE :method WHEN 'in_house_low' THEN low ELSE reported END) AS total,
           sum(high) AS high, count(*) AS reports
    FROM periods
    WHERE CASE :method
        WHEN 'lda' THEN latest AND own = filed
        WHEN 'gross' THEN latest
        WHEN 'all_filings' THEN 1
        WHEN 'in_house_low' THEN latest AND own
        WHEN 'in_house' THEN latest AND own
        ELSE latest AND NOT own
    END
    GROUP BY organization_id
)
"""
# Few reports of a period are posted long after it: only for organizations that have such ones is the past made anew.
_SUMS_MOSTLY_TODAY = f"""
WITH later AS MATERIALIZED (
    SELECT DISTINCT organization_id FROM ledger_lines
    WHERE period_start IN (SELECT value FROM json_each(:starts)) AND posted >= :next_day
), {
    _SUMS_THEN.format(chosen="AND l.organization_id IN later")
    .strip()
    .removeprefix("WITH ")
    .replace("sums AS MATERIALIZED", "changed AS")
}, sums AS MATERIALIZED (
    SELECT organization_id, sum(reported) AS total FROM period_counts
    WHERE method = :method AND period_start IN (SELECT value FROM json_each(:starts))
      AND organization_id NOT IN later GROUP BY organization_id
    UNION ALL SELECT organization_id, total FROM changed
)
"""  # noqa: S608 (all of this module)
FIRST_YEAR, LAST_YEAR = 1995, 2100
"""The Lobbying Disclosure Act took effect in 1996."""


def _starts(window: Window, *, whole: bool = False) -> str:
    """The first days of all reporting periods that overlap the window, or lie wholly in it, as JSON.

    They are quarters, before 2008 half-years.
    """
    first = max(window.start.year if window.start else FIRST_YEAR, FIRST_YEAR)
    last = min(window.end.year if window.end else LAST_YEAR, LAST_YEAR)
    spans = [
        span
        for year in range(first, last + 1)
        for span in (
            [half_span(year, n) for n in (1, 2)] if year < 2008 else [quarter_span(year, n) for n in range(1, 5)]
        )
    ]

    def inside(period: Window) -> bool:
        return counting.whole(period, window, False) if whole else counting.overlaps(period, window)

    return orjson.dumps([span.days[0].isoformat() for span in spans if inside(span)]).decode()
