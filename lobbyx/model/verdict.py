"""What the filings say about a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from lobbyx.model.claim import Claim
from lobbyx.model.money import dollars
from lobbyx.model.period import Window, iso
from lobbyx.model.presentation import Sentence, presentation
from lobbyx.model.report import Report, Status, filing_url
from lobbyx.model.total import Count, Method, Organization, Total, Undetermined

Outcome = Literal["supported", "refuted", "depends_on_method", "within_rounding", "unverifiable"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One filing behind a verdict."""

    filing_uuid: str
    role: Literal["in_house", "outside", "registration"]
    status: Status
    """On the verdict's day."""
    amount: int | None
    """US cents; None if the filing gives no amount."""

    @property
    def url(self) -> str:
        """The official page of the filing."""
        return filing_url(self.filing_uuid)


@dataclass(frozen=True, slots=True)
class Reproduction:
    """One way of counting that gives the printed figure (`verdicts/reproduction.py`)."""

    method: Method
    superseded: bool
    """Whether superseded reports were counted too, although the method does not count them."""
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
    """The share of random figures with as many digits that the ways tried so far would give."""
    twice: tuple[Report, ...] = ()
    """Superseded reports that were counted as well as the reports that replaced them."""

    instead: tuple[Report, ...] = ()
    """Superseded reports that are counted in place of what replaced them: as they were first filed."""

    def json(self) -> dict[str, Any]:
        """As `lobbyx check --json` prints it; `reported` in US dollars."""
        return {
            "method": self.method,
            "superseded": self.superseded,
            "first_filed": [r.filing_uuid for r in self.instead],
            "window": self.window.json(),
            "window_kind": self.window_kind,
            "scope": self.scope,
            "scope_name": self.scope_name,
            "reported": dollars(self.reported),
            "reports": self.reports,
            "chance": round(self.chance, 5),
            "counted_twice": [r.filing_uuid for r in self.twice],
            "how": presentation().how(self, "en"),
            "how_ko": presentation().how(self, "ko"),
        }


@dataclass(frozen=True, repr=False)
class Verdict:
    """What the filings say about a claim, as known on one day."""

    claim: Claim
    verdict: Outcome
    sentences: tuple[Sentence, ...]
    """The explanation as data (`verdicts/explanation.py`)."""
    as_of: date | None
    holds_under: tuple[str, ...] = ()
    """The ways of counting under which the claim holds; for a `count`, whose filings (`in_house`, `outside`)."""
    reproduced_by: tuple[Method, ...] = ()
    """The methods that give the figure in the claimed window, best first."""
    could_hold_under: tuple[str, ...] = ()
    """Ways of counting that what is on file does not determine, and that might still give the figure."""
    total: Total | None = None
    reason: str | None = None
    """For `unverifiable`: what is in the way, as a code."""
    reproductions: tuple[Reproduction, ...] = ()
    """All ways that give the figure, simplest first."""
    nearest: Reproduction | None = None
    """If no way gives the figure, the one that comes closest."""
    who: Organization | None = None
    """Whose filings were examined, if there is no total."""
    found: Mapping[str, Any] = field(default_factory=dict)
    """For kinds other than `spend`: what the filings say, as JSON values."""
    filings: tuple[Evidence, ...] = ()
    """The filings behind the verdict, if they are not those of the total."""
    known: Total | None = None
    """What is known to be on file about the window, where there is no total."""
    today: Verdict | None = field(default=None, compare=False)
    """The verdict on the same claim by everything on file."""

    @property
    def explanation(self) -> str:
        """Two to five plain sentences. Every number in them is also in the verdict."""
        return presentation().explanation(self.sentences, "en")

    @property
    def explanation_ko(self) -> str:
        """The same in Korean."""
        return presentation().explanation(self.sentences, "ko")

    @property
    def totals(self) -> Mapping[Method, Count]:
        """The ways of counting as of the verdict's day; empty if there is no total."""
        return self.total.methods if self.total else {}

    @property
    def organization(self) -> Organization | None:
        """Whose spending was counted."""
        return self.total.organization if self.total else self.who

    @property
    def undetermined(self) -> Sequence[Undetermined]:
        """The periods of the window that are unknown or not due."""
        known = self.total or self.known
        return known.undetermined if known else ()

    @property
    def data_through(self) -> date | None:
        """The last day by which all that was posted about the window is on file; None where that is not known."""
        known = self.total or self.known
        return known.data_through if known else None

    @property
    def command(self) -> str | None:
        """The one command that brings what is missing; None where nothing is known to be."""
        if self.total:
            return self.total.command
        return self.known.complete_command if self.known else None

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
            "could_hold_under": list(self.could_hold_under),
            "reproduced_by": list(self.reproduced_by),
            "reproductions": [one.json() for one in self.reproductions],
            "nearest": self.nearest and self.nearest.json(),
            "explanation": self.explanation,
            "explanation_ko": self.explanation_ko,
            "as_of": iso(self.as_of),
            "totals": {method: count.json() for method, count in self.totals.items()},
            "found": dict(self.found),
            "undetermined": [one.json() for one in self.undetermined],
            "command": self.command,
            "data_through": iso(self.data_through),
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
        """A pandas DataFrame of the reports behind the verdict, like `Total.frame`; None if there is no total."""
        return self.total.frame if self.total else None

    def chart(self) -> Any:
        """An Altair chart of the ways of counting with the claimed figure (needs the `notebook` extra)."""
        return presentation().chart(self)

    def __str__(self) -> str:
        return f"{self.verdict}: {self.explanation}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return presentation().html(self)
