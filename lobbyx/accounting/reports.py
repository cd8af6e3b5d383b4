"""Reads one filing as a report: its period, whose money it is, and the interval behind its amount.

Sources: LDA section 5 and the Historic LDA Guidance (good-faith estimates rounded to the nearest $10,000, or $20,000
in semi-annual reports before 2008; a box is ticked below $5,000, or $10,000 before 2008, and the API then has null).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from sqlite3 import Row
from typing import Any, Final

from lobbyx.model.filing_types import FilingType, filing_types
from lobbyx.model.money import NOTHING, Interval
from lobbyx.model.period import Window, due_date, filing_period_span
from lobbyx.model.report import Report
from lobbyx.organizations.filers import role

WASHINGTON: Final = timezone(timedelta(hours=-5))
SERVED_WITHOUT_AMOUNTS: Final = Window(date(2022, 2, 15), date(2022, 3, 28))
"""For a time the API served LD-2s posted on these days without amounts (official change log, 28 March 2022)."""


@lru_cache(maxsize=20_000)
def interval(amount: int | None, *, half_year: bool = False, no_activity: bool = False) -> Interval:
    """The range behind a reported amount, in US cents.

    The range reaches half a unit to either side: the largest of 10,000, 5,000, 1,000 and 1 dollars (first 20,000 in
    semi-annual reports) that divides the amount. None means that the filer ticked the box: zero to the reporting
    threshold, or zero if the type says "no activity".
    """
    if amount is None:
        threshold = 10_000_00 if half_year else 5_000_00
        return NOTHING if no_activity else Interval(0, 0, threshold)
    if amount == 0:
        return NOTHING
    units = (*((20_000_00,) if half_year else ()), 10_000_00, 5_000_00, 1_000_00, 1_00)
    half = next((unit for unit in units if amount % unit == 0), 0) // 2
    return Interval(amount - half, amount, amount + half)


def cents(value: Any) -> int | None:
    """A number of US dollars as SQLite or JSON holds it, in cents; None for null."""
    if value is None:
        return None
    return value * 100 if type(value) is int else int((Decimal(str(value)) * 100).to_integral_value())


def posting_time(dt_posted: str, period: Window) -> tuple[datetime, bool]:
    """When a report counts as posted, and whether that is its due date because `dt_posted` is impossible.

    A report cannot have been posted before its period began, but some reports for 1999 say 1905.
    """
    posted = datetime.fromisoformat(dt_posted)
    assert period.start
    if posted.date() < period.start:
        return datetime.combine(due_date(period), time(), WASHINGTON), True
    return posted, False


def read(row: Mapping[str, Any] | Row) -> Report | None:
    """The report in a row of `filings` joined with the names of registrant and client; None for registrations.

    Also None if the filing type is not in the table of types, because its period is not known.
    """
    kind = filing_types().get(row["filing_type"])
    if kind is None or not kind.is_report:
        return None
    period = filing_period_span(row["filing_year"], kind.filing_period)
    posted, is_due_date = posting_time(row["dt_posted"], period)
    income, expenses = cents(row["income"]), cents(row["expenses"])
    self_select = None if row["client_self_select"] is None else bool(row["client_self_select"])
    whose = role(
        client_self_select=self_select,
        registrant=row["registrant"],
        client=row["client"],
        income=income,
        expenses=expenses,
    )
    own, other = (expenses, income) if whose == "in_house" else (income, expenses)
    amount = other if own is None else own
    return Report(
        filing_uuid=row["filing_uuid"],
        filing_type=row["filing_type"],
        filing_year=row["filing_year"],
        filing_period=row["filing_period"],
        dt_posted=row["dt_posted"],
        registrant_id=row["registrant_id"],
        registrant=row["registrant"],
        client_id=row["client_id"],
        client=row["client"],
        expenses_method=row["expenses_method"],
        posted=posted,
        posted_is_due_date=is_due_date,
        period=period,
        role=whose,
        amount=amount,
        interval=interval(
            amount,
            half_year=kind.filing_period in ("mid_year", "year_end"),
            no_activity=kind.no_activity,
        ),
        amount_warning=_amount_warning(kind, amount, own, posted),
    )


def _amount_warning(kind: FilingType, amount: int | None, own: int | None, posted: datetime) -> str | None:
    if amount is None and not kind.no_activity and posted.date() in SERVED_WITHOUT_AMOUNTS:
        return "posted while the API served reports without amounts (15 February to 28 March 2022): fetch it again"
    if amount is not None and own is None:
        return "the amount is on the line for the other kind of filer"
    return None


def rank(report: Report) -> tuple[datetime, int, str]:
    """The order in which reports for one period replace each other: by posting time. If two times are equal, an
    amendment comes after its original. LD-2s restate their whole period."""
    stages = ("report", "termination", "amendment", "termination_amendment")
    return report.posted, stages.index(filing_types()[report.filing_type].stage), report.filing_uuid
