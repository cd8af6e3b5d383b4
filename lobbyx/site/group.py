"""What the page of a group shows: its total, who was counted and who was not, with the reasons and sources.

Plain functions over a read-only connection, for HTML and JSON alike. Amounts in US dollars.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from lobbyx.accounting import account
from lobbyx.ledger import Ledger
from lobbyx.model.period import Window, iso
from lobbyx.model.said import said
from lobbyx.model.total import MemberShare, Total
from lobbyx.organizations import groups
from lobbyx.organizations.groups import Group
from lobbyx.site.contents import NoSuchPage

MOST_WARNINGS: Final = 12
"""Warnings about single members that the page shows; JSON has all."""

NotCounted = Literal["not_on_file", "no_reports", "not_then"]


def known() -> list[dict[str, Any]]:
    """The groups that have a name."""
    return [
        {
            "name": one.name,
            "name_ko": one.name.ko,
            "spoken": list(one.spoken),
            "members": len(one.members) or None,
            "country": one.country or None,
        }
        for one in groups.shipped().values()
    ]


def group(db: sqlite3.Connection, name: str, window: Window, as_of: date | None) -> dict[str, Any]:
    """The group with this name. Raises UnknownGroup, GroupTooLarge, and NoSuchPage for an empty database.

    Those who lobbied on an issue have no total: their `methods` is None.
    """
    found = groups.get(db, name)
    if account.last_posted(db) is None:
        raise NoSuchPage(said("problem.nothing_on_file"))
    about = {
        "name": found.name,
        "name_ko": found.name.ko,
        "kind": found.kind,
        "code": found.code or None,
        "spoken": list(found.spoken),
    }
    if found.kind == "issue":
        members = [{"name": one.name, "id": one.organizations[0].id} for one in found.members]
        return {"group": about, "window": window.json(), "methods": None, "counted": [], "listed": members}
    total = Ledger(db, Path("site"), derive=False).total(name, window.start, window.end, as_of)
    own = [one.json() for one in total.warnings if one.code.startswith("group_")]
    single = [one.json() for one in total.warnings if not one.code.startswith("group_")]
    return {
        "group": about,
        "window": window.json(),
        "as_of": total.as_of.isoformat(),
        "methods": {method: count.json() for method, count in total.methods.items()},
        "determined": total.determined,
        "undetermined": [one.json() for one in total.undetermined],
        "command": total.command,
        "data_through": iso(total.data_through),
        "counted": counted(total),
        "not_counted": list(not_counted(found, total)),
        "warnings": [*own, *single],
        "about_group": len(own),
    }


def counted(total: Total) -> list[dict[str, Any]]:
    """The members whose reports are in the total, the largest first, each with its place among them.

    Members with the same sum share a place. A sum that is not determined is counted as far as it is on file.
    """
    some = [one for one in total.members if one.organization and any(c.reports for c in one.methods.values())]
    some.sort(key=lambda one: (-_sum(one), one.name))
    return [
        {**one.json(), "place": 1 + sum(_sum(other) > _sum(one) for other in some[:number])}
        for number, one in enumerate(some)
    ]


def _sum(one: MemberShare) -> int:
    return one.methods["lda"].interval.reported


def not_counted(found: Group, total: Total) -> Iterator[dict[str, Any]]:
    """The members that add nothing, and why: not on file, no report in the window, or no members then."""
    shares = {(one.name, one.organization.id if one.organization else None): one for one in total.members}
    for member in found.members:
        known = {"basis": member.basis, "source": member.source or None, "since": member.since, "until": member.until}
        for who in member.organizations or (None,):
            share = shares.get((member.name, who.id if who else None))
            why: NotCounted
            if share is None:
                why = "not_then"
            elif who is None:
                why = "not_on_file"
            elif not any(c.reports for c in share.methods.values()):
                why = "no_reports"
            else:
                continue
            yield {"name": who.name if who else member.name, "id": who.id if who else None, "why": why, **known}
