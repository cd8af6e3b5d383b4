"""Filings -> the rows of `ledger_lines` and `period_counts`. Needs no database, so that another process can do it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from lobbyx.accounting import counting, reports
from lobbyx.accounting.successors import Successors
from lobbyx.model.money import Interval, dollars
from lobbyx.model.period import Window
from lobbyx.model.report import Report
from lobbyx.model.total import Count

FILING: Final = (
    "filing_uuid",
    "filing_type",
    "filing_year",
    "filing_period",
    "dt_posted",
    "income",
    "expenses",
    "expenses_method",
    "registrant_id",
    "registrant",
    "client_id",
    "client",
    "client_self_select",
    "organization_id",
)
"""What a report is read from: a filing with the names of its registrant and client (`account.FILINGS_SQL`)."""
Filing = tuple[Any, ...]
Rows = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]
"""Of `ledger_lines` and of `period_counts`."""
WIDTHS: Final = (14, 8)
"""How many columns these have."""
Deriving = Callable[[Iterable[list[Filing]], Successors], Iterable[Rows]]
"""Makes the rows of each of `batches`."""
BATCH: Final = 5_000
"""Filings that are derived from at once, roughly: all of an organization stay together."""
_ORGANIZATION: Final = FILING.index("organization_id")


def batches(filings: Iterable[Filing], passing_on: Successors) -> Iterator[list[Filing]]:
    """The filings, which come by organization, in parts that can be derived each for itself.

    Organizations that pass money on to one another come last, together.
    """
    involved = passing_on.linked(passing_on.of)
    some: list[Filing] = []
    last: list[Filing] = []
    for identifier, group in groupby(filings, key=lambda filing: filing[_ORGANIZATION]):
        (last if identifier in involved else some).extend(group)
        if len(some) >= BATCH:
            yield some
            some = []
    yield some + last


def derived(parts: Iterable[list[Filing]], passing_on: Successors) -> Iterable[Rows]:
    """The rows of each of `batches`."""
    return map(deriving(passing_on), parts)


def deriving(passing_on: Successors) -> Callable[[list[Filing]], Rows]:
    """What makes the rows of one of `batches`."""

    def derived(filings: list[Filing]) -> Rows:
        of_reports: list[tuple[Any, ...]] = []
        of_periods: list[tuple[Any, ...]] = []
        for identifier, read in _accounts(filings, passing_on):
            lines, counts = _rows(identifier, read)
            of_reports += lines
            of_periods += counts
        return of_reports, of_periods

    return derived


def _accounts(filings: Iterable[Filing], passing_on: Successors) -> Iterable[tuple[int, list[Report]]]:
    """The reports of each organization."""
    whose: defaultdict[int, list[Report]] = defaultdict(list)
    for filing in filings:
        if report := reports.read(dict(zip(FILING, filing, strict=True))):
            whose[passing_on.owner(filing[_ORGANIZATION], report.period)].append(report)
    return whose.items()


def _rows(identifier: int, read: Sequence[Report]) -> Rows:
    """The rows of one organization."""
    of_reports: list[tuple[Any, ...]] = []
    of_periods: list[tuple[Any, ...]] = []
    for period, same_period in groupby(counting.statuses(read), key=lambda line: line[0].period):
        lines, days = list(same_period), _days(period)
        latest = {counting.key(r): r for r, status in lines if status == "latest"} if len(lines) > 1 else {}
        own = any(r.role == "in_house" for r in latest.values())
        of_reports += [
            (
                r.filing_uuid,
                identifier,
                r.role,
                *days,
                r.posted.isoformat(),
                r.posted_is_due_date,
                None if r.amount is None else dollars(r.amount),
                *_interval_columns(r.interval),
                r.amount_warning,
                status,
                _replaced(latest[counting.key(r)]) if status == "superseded" else _counted(r, own),
            )
            for r, status in lines
        ]
        before: Count | None = None
        columns: tuple[Any, ...] = ()
        for method, count in counting.count_period(lines).items():
            if count is not before:  # most ways of counting give the same count
                before, columns = count, (*_interval_columns(count.interval), count.reports)
            if count.reports:
                of_periods.append((identifier, *days, method, *columns))
    return of_reports, of_periods


def _replaced(latest: Report) -> str:
    """Why a report is superseded."""
    return f"replaced by {latest.filing_type} {latest.filing_uuid} posted {latest.dt_posted}"


def _counted(report: Report, own: bool) -> str:
    """Why a report is the latest, and whether the law's own accounting includes it."""
    if report.role == "outside" and own:
        return "the last one posted for its period; lda does not add it, as the period's in-house expenses include it"
    return "the last one posted for its period"


@lru_cache(maxsize=1_000)
def _days(period: Window) -> tuple[str, str]:
    start, end = period.days
    return start.isoformat(), end.isoformat()


@lru_cache(maxsize=20_000)
def _interval_columns(i: Interval) -> tuple[int | float, int | float, int | float]:
    return dollars(i.low), dollars(i.reported), dollars(i.high)
