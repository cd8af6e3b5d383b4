"""An organization beside another, or beside a group: the same dates, the law's own accounting."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

from lobbyx.ledger import Ledger
from lobbyx.model.period import Window, iso
from lobbyx.model.total import Total
from lobbyx.organizations import groups
from lobbyx.site.group import counted
from lobbyx.site.organization import periods_of, years
from lobbyx.verdicts.groups import GroupSubject, inside

MOST_BY_YEAR: Final = 100
"""Members of a group whose years are added up; of a larger group the page has the whole window alone."""
MOST_YEARS: Final = 12


def compared(
    db: sqlite3.Connection,
    identifier: int,
    name: str,
    window: Window,
    as_of: date | None,
    own_years: Iterable[int] = (),
) -> dict[str, Any] | None:
    """What stands beside the organization. Raises UnknownOrganization, and NoMoneyByIssue for those on an issue.

    None where the name means the organization itself. A group has the sum of its members for each of `own_years`.
    """
    opened = Ledger(db, Path("site"), derive=False)
    if groups.is_group(name):
        return _group(opened, opened.group_subject(name), identifier, window, as_of, own_years)
    who = opened.organization(name)
    if who.id == identifier:
        return None
    total = opened.total(who, window.start, window.end, as_of)
    periods = periods_of(total.reports, {one.period: one.state for one in total.states})
    return {"organization": who.json(), "group": None, "years": years(periods), **_sums(total)}


def _sums(total: Total) -> dict[str, Any]:
    methods = {m: c.json() for m, c in total.methods.items()}
    return {"methods": methods, "determined": total.determined, "data_through": iso(total.data_through)}


def _group(
    opened: Ledger, subject: GroupSubject, identifier: int, window: Window, as_of: date | None, own_years: Iterable[int]
) -> dict[str, Any]:
    """The group's total, its years, and the place of the organization where it is a member."""
    day = as_of or subject.today(window)
    total = subject.total(window, day)
    members = counted(total)
    own = next((one for one in members if one["id"] == identifier), None)
    found = []
    if len(subject.parts) <= MOST_BY_YEAR:
        for year in sorted(own_years, reverse=True)[:MOST_YEARS]:
            dates = inside(window, Window(date(year, 1, 1), date(year, 12, 31)))
            if dates is not None:
                one = subject.total(dates, day)
                reported = one.methods["lda"].json()["reported"]
                found.append({"year": year, "reported": reported, "whole": one.determined, "change": None})
    group = subject.group
    return {
        "organization": total.organization.json(),
        "group": {"name": group.name, "name_ko": group.name.ko, "counted": len(members), "place": own and own["place"]},
        "years": found,
        **_sums(total),
    }
