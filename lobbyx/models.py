"""What the steps hand on to each other: frozen, typed, without behaviour that needs a database or a clock.

Money is whole US cents everywhere inside the package; `dollars` turns it into the number that JSON, tables
and SQLite show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Method = Literal["lda", "gross", "all_filings", "in_house", "outside"]
METHODS: tuple[Method, ...] = ("lda", "gross", "all_filings", "in_house", "outside")
"""The ways of counting, simplest and most lawful first (DOMAIN: 'Ways of counting')."""

METHOD_MEANINGS: Mapping[Method, str] = {
    "lda": "in-house expenses where an in-house report is on file, else outside firms' income",
    "gross": "in-house expenses plus outside firms' income",
    "all_filings": "the same, with superseded reports counted too",
    "in_house": "in-house expenses alone",
    "outside": "outside firms' income alone",
}

Role = Literal["in_house", "outside"]
Status = Literal["latest", "superseded"]
Comparator = Literal["exact", "about", "nearly", "at_least", "more_than", "at_most", "less_than"]
Outcome = Literal["supported", "refuted", "depends_on_method", "within_rounding", "unverifiable"]


class LobbyxError(Exception):
    """Something the user can put right; the message names the input, the cause and the next step."""


def dollars(cents: int) -> int | float:
    """US dollars for output: an int when whole, else a number with cents."""
    return cents // 100 if cents % 100 == 0 else cents / 100


def iso(day: date | None) -> str | None:
    """ISO text of a date, None for none."""
    return day.isoformat() if day else None


def money(cents: int) -> str:
    """`$8,580,000`, or `$12,345.50` when there are cents."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}" + (f".{rest:02d}" if rest else "")


@dataclass(frozen=True, slots=True)
class Interval:
    """A reported figure and the range it stands for, in US cents; `low <= reported <= high` by construction."""

    low: int
    reported: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.reported <= self.high:
            raise ValueError(f"not an interval: {self.low}, {self.reported}, {self.high}")

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.reported + other.reported, self.high + other.high)

    def __str__(self) -> str:
        return f"{money(self.reported)} [{money(self.low)} – {money(self.high)}]"


NOTHING = Interval(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Window:
    """Inclusive dates; None leaves that side open."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"the window starts ({self.start}) after it ends ({self.end})")

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of a window that is closed on both sides, as reporting periods are."""
        assert self.start is not None
        assert self.end is not None
        return self.start, self.end

    def json(self) -> dict[str, str | None]:
        """`{"start": ..., "end": ...}` with ISO dates or null."""
        return {"start": iso(self.start), "end": iso(self.end)}

    def __str__(self) -> str:
        """The window in words that follow a verb: "since 2021-08-01"."""
        match (self.start, self.end):
            case (None, None):
                return "in all periods on file"
            case (start, None):
                return f"since {start}"
            case (None, end):
                return f"up to {end}"
            case (start, end):
                return f"from {start} to {end}"


@dataclass(frozen=True, slots=True)
class Report:
    """One LD-2 activity report as the ledger reads it."""

    filing_uuid: str
    filing_type: str
    filing_year: int
    filing_period: str
    dt_posted: str
    """As the API gives it."""
    posted: datetime
    """When it counts as posted: `dt_posted`, or the due date where that is impossible (`posted_is_due_date`)."""
    posted_is_due_date: bool
    period: Window
    """Always closed on both sides."""
    registrant_id: int
    registrant: str
    client_id: int
    client: str
    role: Role
    amount: int | None
    """US cents as reported; None where the API has null."""
    interval: Interval
    expenses_method: str | None = None
    amount_warning: str | None = None
    """Why the amount may not be what was filed."""

    @property
    def url(self) -> str:
        """The official page of the filing (built from the UUID: record links name hosts that have closed)."""
        return filing_url(self.filing_uuid)


Line = tuple[Report, Status]
"""A report, and whether it counts."""


def filing_url(filing_uuid: str) -> str:
    """The official page of one LD-1 or LD-2 filing."""
    return f"https://lda.gov/filings/public/filing/{filing_uuid}/print/"


@dataclass(frozen=True, slots=True)
class Warned:
    """Something a reader of a figure must know."""

    code: str
    message: str

    def json(self) -> dict[str, str]:
        """`{"code", "message"}`."""
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class Count:
    """What one way of counting adds up to."""

    interval: Interval
    reports: int
    rounding_only: bool = True
    """False where more than the filers' rounding makes the interval: a period across the window's edge, or
    outside fees that the in-house expenses may leave out."""

    def __add__(self, other: Count) -> Count:
        both = self.rounding_only and other.rounding_only
        return Count(self.interval + other.interval, self.reports + other.reports, both)

    @property
    def low(self) -> int | float:
        """Lower bound, US dollars."""
        return dollars(self.interval.low)

    @property
    def reported(self) -> int | float:
        """The sum as reported, US dollars."""
        return dollars(self.interval.reported)

    @property
    def high(self) -> int | float:
        """Upper bound, US dollars."""
        return dollars(self.interval.high)

    def json(self) -> dict[str, Any]:
        """`low`, `reported`, `high` in US dollars and the number of reports counted."""
        return {"low": self.low, "reported": self.reported, "high": self.high, "reports": self.reports}


NO_REPORTS = Count(NOTHING, 0)


@dataclass(frozen=True, slots=True)
class Organization:
    """One organization and the names it files under, most used first."""

    id: int
    name: str
    names: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """`{"id", "name", "names"}`."""
        return {"id": self.id, "name": self.name, "names": list(self.names)}


@dataclass(frozen=True, repr=False)
class Total:
    """Spending of one organization in a window, in every way of counting, as known on one day."""

    organization: Organization
    window: Window
    as_of: date
    methods: Mapping[Method, Count]
    reports: Sequence[tuple[Report, Status]]
    """Every report in the window posted by `as_of`, by period, then by posting time."""
    warnings: Sequence[Warned] = ()
    subsidiaries: Sequence[Organization] = ()
    """Whose spending is added."""

    def json(self) -> dict[str, Any]:
        """The document `lobbyx total --json` prints; amounts in US dollars."""
        return {
            "organization": self.organization.json(),
            "subsidiaries": [{"id": o.id, "name": o.name} for o in self.subsidiaries],
            "window": self.window.json(),
            "as_of": self.as_of.isoformat(),
            "methods": {method: count.json() for method, count in self.methods.items()},
            "reports": [report_row(report, status) for report, status in self.reports],
            "warnings": [w.json() for w in self.warnings],
        }

    @property
    def frame(self) -> Any:
        """A pandas DataFrame with one row a report, in the columns of the JSON's `reports`."""
        import pandas as pd

        return pd.DataFrame([report_row(r, s) for r, s in self.reports], columns=list(REPORT_COLUMNS))

    def chart(self) -> Any:
        """An Altair chart of the reports by period and of the ways of counting (needs the `notebook` extra)."""
        from lobbyx import charts

        return charts.of_total(self)

    def __str__(self) -> str:
        lines = [f"{self.organization.name}, {self.window}, as of {self.as_of}"]
        for method, count in self.methods.items():
            lines.append(f"  {method:<12} {count.interval}  ({count.reports} reports)")
        return "\n".join(lines + [f"  note: {w.message}" for w in self.warnings])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from lobbyx.showing import total_html

        return total_html(self)


REPORT_COLUMNS = (
    *("filing_uuid", "filing_year", "filing_period", "filing_type", "dt_posted", "registrant", "client"),
    *("role", "amount", "low", "high", "status", "url"),
)


def report_row(report: Report, status: Status) -> dict[str, Any]:
    """One report as JSON and tables show it; amounts in US dollars, `amount` None where the API has null."""
    row: dict[str, Any] = {name: getattr(report, name) for name in REPORT_COLUMNS[:8]}
    row["amount"] = None if report.amount is None else dollars(report.amount)
    row["low"], row["high"] = dollars(report.interval.low), dollars(report.interval.high)
    return {**row, "status": status, "url": report.url}


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about lobbying money, and where it stands: `source_text[start:end] == text`."""

    text: str
    start: int
    end: int
    kind: Literal["spend", "change", "rank", "count", "hired", "issue"]
    org: str | None
    value: int | float | None
    """The figure, in units of `currency`; a fraction for `change`, a place for `rank`, a number for `count`. None where
    the text gives none ("hired Akin Gump", "a record")."""
    precision: int | float
    """The place of its last digit as printed, in the same unit ("$1.8 million" = 100,000)."""
    comparator: Comparator
    window: Window
    window_text: str | None
    currency: str = "USD"
    missing: tuple[str, ...] = ()
    """What the reader could not resolve: `org`, `window`, `published`, `baseline`; `lobbying` where it
    only says that money was spent."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What else the claim says, JSON values alone: `baseline` {start, end} and `record` of a change, `group` of a rank,
    `counted` of a count, `firm` of a hiring, `bill`, `agency` or `topic` of an issue."""

    @property
    def cents(self) -> int:
        """The figure in cents, as rules compare it; zero where the text gives none."""
        return round((self.value or 0) * 100)

    def json(self) -> dict[str, Any]:
        """The CLAIM object of `lobbyx extract --json`; `value` in dollars."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "kind": self.kind,
            "org": self.org,
            "value": self.value,
            "currency": self.currency,
            "comparator": self.comparator,
            "window": {**self.window.json(), "text": self.window_text},
            "missing": list(self.missing),
            "detail": dict(self.detail),
        }

    def __str__(self) -> str:
        said = "?" if self.value is None else f"{self.value:,}"
        missing = f" (missing: {', '.join(self.missing)})" if self.missing else ""
        return f"{self.kind}: {self.org or 'organization not named'}, {self.comparator} {said}, {self.window}{missing}"

    def _repr_html_(self) -> str:
        from lobbyx.showing import claim_html

        return claim_html(self)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One filing behind a verdict."""

    filing_uuid: str
    role: Literal["in_house", "outside", "registration"]
    status: Status
    """As on the verdict's day."""
    amount: int | None
    """US cents; None where the filing gives none."""

    @property
    def url(self) -> str:
        """The official page of the filing."""
        return filing_url(self.filing_uuid)


@dataclass(frozen=True, slots=True)
class Reproduction:
    """One way of counting that gives the printed figure (`forensics.py`)."""

    method: Method
    superseded: bool
    """Superseded reports counted beside what replaced them, where the method itself does not."""
    window: Window
    window_kind: str
    """`claimed`, or how the window was changed."""
    scope: str
    """`organization`, `with_subsidiaries`, `registrant` or `name`."""
    scope_name: str | None
    reported: int
    """US cents."""
    reports: int
    chance: float
    """The share of random figures of as many digits that some way tried up to this one would give."""
    twice: tuple[Report, ...] = ()
    """Superseded reports that are counted beside what replaced them."""

    def json(self) -> dict[str, Any]:
        """As `lobbyx check --json` prints it; `reported` in US dollars."""
        from lobbyx import forensics
        from lobbyx.wording import LANGUAGES, shown

        how = {language: shown(forensics.how(self), language) for language in LANGUAGES}
        return {
            **{"method": self.method, "superseded": self.superseded, "window": self.window.json()},
            **{"window_kind": self.window_kind, "scope": self.scope, "scope_name": self.scope_name},
            **{"reported": dollars(self.reported), "reports": self.reports, "chance": round(self.chance, 5)},
            **{"counted_twice": [r.filing_uuid for r in self.twice], "how": how["en"], "how_ko": how["ko"]},
        }


@dataclass(frozen=True, repr=False)
class Verdict:
    """What the filings say about a claim, as known on one day."""

    claim: Claim
    verdict: Outcome
    sentences: tuple[tuple[str, Mapping[str, Any]], ...]
    """The explanation as data (`wording.py`)."""
    as_of: date | None
    holds_under: tuple[str, ...] = ()
    """Ways of counting; for a `count`, whose filings (`in_house`, `outside`)."""
    reproduced_by: tuple[Method, ...] = ()
    """The methods that give the figure in the claimed window, best first."""
    total: Total | None = None
    reason: str | None = None
    """For `unverifiable`: what stands in the way, in one word."""
    reproductions: tuple[Reproduction, ...] = ()
    """All ways that give the figure, simplest first."""
    nearest: Reproduction | None = None
    """Where none gives it, the way that comes nearest."""
    who: Organization | None = None
    """Whose filings were looked at, where there is no total."""
    found: Mapping[str, Any] = field(default_factory=dict)
    """For kinds other than `spend`: what the filings say, JSON values alone."""
    filings: tuple[Evidence, ...] = ()
    """The filings behind the verdict where they are not those of the total."""
    today: Verdict | None = field(default=None, compare=False)
    """The same claim with all that is on file."""

    @property
    def explanation(self) -> str:
        """Two to five plain sentences; every number in them stands in the verdict."""
        from lobbyx.wording import render

        return render(self.sentences)

    @property
    def explanation_ko(self) -> str:
        """The same in Korean."""
        from lobbyx.wording import render

        return render(self.sentences, "ko")

    @property
    def totals(self) -> Mapping[Method, Count]:
        """The ways of counting as of the verdict's day; empty where there is no total."""
        return self.total.methods if self.total else {}

    @property
    def organization(self) -> Organization | None:
        """Whose spending was counted."""
        return self.total.organization if self.total else self.who

    @property
    def weighed(self) -> tuple[Evidence, ...]:
        """The filings behind the verdict, with their status on its day."""
        lines = self.total.reports if self.total and not self.filings else ()
        return self.filings or tuple(Evidence(r.filing_uuid, r.role, status, r.amount) for r, status in lines)

    @property
    def evidence(self) -> list[str]:
        """The UUIDs of the filings behind the verdict."""
        return [filing.filing_uuid for filing in self.weighed]

    def own_json(self) -> dict[str, Any]:
        """The verdict's own fields, without the claim and without `today`."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "holds_under": list(self.holds_under),
            "reproduced_by": list(self.reproduced_by),
            "reproductions": [one.json() for one in self.reproductions],
            "nearest": self.nearest and self.nearest.json(),
            "explanation": self.explanation,
            "explanation_ko": self.explanation_ko,
            "as_of": iso(self.as_of),
            "totals": {method: count.json() for method, count in self.totals.items()},
            "found": dict(self.found),
        }

    def json(self) -> dict[str, Any]:
        """A checked claim as `lobbyx check --json` prints it."""
        return {
            **self.claim.json(),
            **self.own_json(),
            "today": self.today and self.today.own_json(),
            "organization": self.organization and self.organization.json(),
            "window_counted": self.total and self.total.window.json(),
            "evidence": self.evidence,
            "warnings": [w.json() for w in self.total.warnings] if self.total else [],
        }

    @property
    def frame(self) -> Any:
        """A pandas DataFrame of the reports behind the verdict, as `Total.frame`; None when there is no total."""
        return self.total.frame if self.total else None

    def chart(self) -> Any:
        """An Altair chart of the ways of counting with the claimed figure (needs the `notebook` extra)."""
        from lobbyx import charts

        return charts.of_verdict(self)

    def __str__(self) -> str:
        return f"{self.verdict}: {self.explanation}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from lobbyx.showing import verdict_html

        return verdict_html(self)
