"""What an organization spent in a window, in every way of counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from lobbyx.model.coverage import State
from lobbyx.model.money import NOTHING, Interval, dollars, money
from lobbyx.model.period import Window, due_date, iso
from lobbyx.model.presentation import presentation
from lobbyx.model.report import REPORT_COLUMNS, Report, Status, report_row
from lobbyx.model.said import Said, said

Method = Literal["lda", "gross", "all_filings", "in_house", "outside"]
METHODS: tuple[Method, ...] = ("lda", "gross", "all_filings", "in_house", "outside")
"""The ways of counting, starting with the law's own (docs/explanation/how-totals-are-counted.md)."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something the reader of a figure must know."""

    code: str
    said: Said

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.said.words("en")

    def json(self) -> dict[str, str]:
        """`{"code", "message", "message_ko"}`."""
        return {"code": self.code, "message": self.message, "message_ko": self.said.words("ko")}

    def of(self, name: str) -> Warned:
        """The same, about one of several organizations."""
        return Warned(self.code, said("warning.of", name=name, said=self.said))


def warned(code: str, variant: str = "", **values: Any) -> Warned:
    """A warning in the words of `warning.CODE`, or of `warning.CODE_VARIANT`."""
    return Warned(code, said(f"warning.{code}{variant and '_'}{variant}", **values))


@dataclass(frozen=True, slots=True)
class Count:
    """What one way of counting adds up to."""

    interval: Interval
    """What the reports on file add up to. Where the count is not determined, only `low` holds for all there is."""
    reports: int
    rounding_only: bool = True
    """False if more than the filers' rounding makes the interval: a period across the edge of the window, or
    outside fees that the in-house expenses may leave out."""
    determined: bool = True
    """False where reports may exist that are not on file: then `low` is a lower bound and there is no upper one."""

    def __add__(self, other: Count) -> Count:
        return Count(
            self.interval + other.interval,
            self.reports + other.reports,
            self.rounding_only and other.rounding_only,
            self.determined and other.determined,
        )

    @property
    def low(self) -> int | float:
        """Lower bound, US dollars."""
        return dollars(self.interval.low)

    @property
    def reported(self) -> int | float:
        """The sum as reported, US dollars."""
        return dollars(self.interval.reported)

    @property
    def high(self) -> int | float | None:
        """Upper bound, US dollars; None where the count is not determined."""
        return dollars(self.interval.high) if self.determined else None

    @property
    def range(self) -> str:
        """`$8,495,000 – $8,665,000`, or `at least $8,495,000`."""
        if not self.determined:
            return f"at least {money(self.interval.low)}"
        return f"{money(self.interval.low)} – {money(self.interval.high)}"

    def json(self) -> dict[str, Any]:
        """`low`, `reported`, `high` in US dollars (`high` null where not determined) and the number of reports."""
        return {
            "low": self.low,
            "reported": self.reported,
            "high": self.high,
            "reports": self.reports,
            "determined": self.determined,
        }

    def __str__(self) -> str:
        return f"{money(self.interval.reported)} [{self.range}]"


NO_REPORTS = Count(NOTHING, 0)


@dataclass(frozen=True, slots=True)
class PeriodState:
    """What is known of one reporting period of an organization as of a day."""

    period: Window
    state: State
    reason: Said
    """Why."""
    filed: bool = False
    """Whether all that are known to file in-house around that time (at least one) had filed for it by that day."""
    through: date | None = None
    """The last day by which everything posted about it is on file; None where that is not known."""

    @property
    def due(self) -> date:
        """The day reports for it are due."""
        return due_date(self.period)


@dataclass(frozen=True, slots=True)
class Undetermined:
    """Neighboring periods for which reports may be missing, or are not due yet."""

    window: Window
    state: State
    reason: Said
    command: str | None = None
    """The command that brings what is missing."""

    def of(self, name: str) -> Undetermined:
        """The same, about one of several organizations."""
        return replace(self, reason=said("warning.of", name=name, said=self.reason))

    def json(self) -> dict[str, Any]:
        """`{"start", "end", "state", "reason", "reason_ko", "command"}`."""
        reason = {"reason": self.reason.words("en"), "reason_ko": self.reason.words("ko")}
        return {**self.window.json(), "state": self.state, **reason, "command": self.command}


@dataclass(frozen=True, slots=True)
class Organization:
    """One organization and the names it files under, the most used first."""

    id: int
    name: str
    names: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """`{"id", "name", "names"}`."""
        return {"id": self.id, "name": self.name, "names": list(self.names)}


@dataclass(frozen=True, slots=True)
class MemberShare:
    """What one member of a group has in the group's total."""

    name: str
    """As the group's source names it."""
    organization: Organization | None
    """None where nothing of it is on file."""
    methods: Mapping[Method, Count]
    window: Window
    """The part of the window in which it was a member."""
    basis: str = ""
    source: str = ""

    def json(self) -> dict[str, Any]:
        """`{"name", "id", "window", "on_file", "methods", "determined", "basis", "source"}`; amounts in US dollars."""
        return {
            "name": self.organization.name if self.organization else self.name,
            "id": self.organization.id if self.organization else None,
            "on_file": self.organization is not None,
            "window": self.window.json(),
            "methods": {method: count.json() for method, count in self.methods.items()},
            "determined": self.methods["lda"].determined,
            "basis": self.basis,
            "source": self.source or None,
        }


@dataclass(frozen=True, repr=False)
class Total:
    """Spending of one organization in a window, in every way of counting, as known on one day."""

    organization: Organization
    window: Window
    as_of: date
    methods: Mapping[Method, Count]
    reports: Sequence[tuple[Report, Status]]
    """Every report in the window posted by `as_of`, ordered by period and posting time."""
    warnings: Sequence[Warned] = ()
    subsidiaries: Sequence[Organization] = ()
    """The subsidiaries whose spending is included."""
    states: Sequence[PeriodState] = ()
    """What is known of each period of the window, in order."""
    undetermined: Sequence[Undetermined] = ()
    """The periods that are unknown or not due, neighbors of one state together."""
    command: str | None = None
    """The one command that brings the reports that are missing; None where none may be."""
    complete_command: str | None = None
    """The one command that makes all of the window complete: outside firms' reports and later amendments too."""
    members: Sequence[MemberShare] = ()
    """Of a group: its members, those not on file too."""

    @property
    def determined(self) -> bool:
        """Whether what is on file determines the total by the law's own accounting."""
        return self.methods["lda"].determined

    @property
    def complete(self) -> bool:
        """Whether all that was posted about the window's periods is on file."""
        return all(s.state in ("complete", "not_due") for s in self.states)

    @property
    def counted(self) -> bool:
        """Whether any report counts."""
        return any(count.reports for count in self.methods.values())

    @property
    def data_through(self) -> date | None:
        """The last day by which all that was posted about the window is on file; None where that is not known."""
        asked = [s.through for s in self.states if s.state != "not_due"]
        known = [day for day in asked if day is not None]
        return min(known) if known and len(known) == len(asked) else None

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
            "determined": self.determined,
            "undetermined": [one.json() for one in self.undetermined],
            "data_through": iso(self.data_through),
            **({"members": [one.json() for one in self.members]} if self.members else {}),
        }

    @property
    def frame(self) -> Any:
        """A pandas DataFrame with one row for each report; the columns are those of the JSON's `reports`."""
        import pandas as pd

        return pd.DataFrame([report_row(r, s) for r, s in self.reports], columns=list(REPORT_COLUMNS))

    def chart(self) -> Any:
        """An Altair chart of the reports by period and of the ways of counting (needs the `notebook` extra)."""
        return presentation().chart(self)

    def __str__(self) -> str:
        lines = [f"{self.organization.name}, {self.window}, as of {self.as_of}"]
        for method, count in self.methods.items():
            lines.append(f"  {method:<12} {count}  ({count.reports} reports)")
        return "\n".join(lines + [f"  note: {w.message}" for w in self.warnings])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return presentation().html(self)
