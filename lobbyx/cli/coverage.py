"""`lobbyx coverage`: what is known to be complete, for whom, and from where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from lobbyx.cli.options import db_option, json_option, say, show
from lobbyx.ingest import coverage
from lobbyx.ingest.known_periods import KnownPeriod, known_periods
from lobbyx.ledger import open_ledger
from lobbyx.model.coverage import Listing
from lobbyx.model.period import iso, period_label
from lobbyx.render.text import clean

STATES = {
    "in_house_report": "in-house report on file",
    "none_filed": "covered, none filed",
    "unknown": "unknown",
}


@click.command("coverage")
@click.argument("org", required=False)
@db_option
@json_option
def coverage_command(org: str | None, db: Path, as_json: bool) -> None:
    """Show what is known to be complete: listings that were read to their end and counted.

    Without ORG it prints every listing, when its filings were posted, and its source. With ORG it prints the listings
    that cover ORG, and what is known of each reporting period: an in-house report is on file, none was filed, or
    unknown. docs/reference/json.md describes the JSON.
    """
    with open_ledger(db) as opened:
        organization = opened.organization(org) if org else None
        if organization:
            listings: Sequence[Listing] = coverage.coverage_of(opened.db, organization).listings
            periods = known_periods(opened.db, organization)
        else:
            listings, periods = coverage.listings(opened.db), []
    unknown = [one.period for one in periods if one.state == "unknown"]
    command = coverage.command_for(organization, unknown) if organization and unknown else None
    if as_json:
        show(
            {
                "organization": organization.json() if organization else None,
                "listings": [listing_json(one) for one in listings],
                "periods": [one.json() for one in periods],
                "command": command,
            }
        )
        return
    if organization:
        click.echo(clean(organization.name))
    if not listings:
        whom = f" about {organization.name}" if organization else ""
        say(f"nothing{whom} is known to be complete; lobbyx fetch and lobbyx sync record what they read to its end")
    for line in _listing_lines(listings):
        click.echo(clean(line))
    for line in _period_lines(periods):
        click.echo(line)
    if command:
        click.echo(clean(f"To get what is unknown: {command}"))


def listing_json(listing: Listing) -> dict[str, Any]:
    """A listing as `lobbyx coverage --json` prints it."""
    return {
        "endpoint": listing.endpoint,
        "filters": dict(listing.filters),
        "filing_year": listing.filing_year,
        "posted_from": iso(listing.posted.start),
        "posted_to": iso(listing.posted.end),
        "count": listing.count,
        "received": listing.received,
        "checked_at": listing.checked_at,
        "source": listing.source,
    }


def _listing_lines(listings: Iterable[Listing]) -> list[str]:
    """A line for each listing; months of the mirror that follow on each other share one."""
    lines = []
    for (endpoint, filters, year), group in groupby(listings, key=_asked):
        some = list(group)
        spans = coverage.joined(one.posted for one in some)
        whom = ", ".join(f"{name} “{value}”" for name, value in filters) or "everybody"
        of_year = f", filing year {year}" if year else ""
        for first, last in spans:
            inside = [one for one in some if first <= (one.posted.start or first) and (one.posted.end or last) <= last]
            since = "from the beginning" if any(one.posted.start is None for one in inside) else f"from {first}"
            newest = max(inside, key=lambda one: one.checked_at)
            lines.append(
                f"{endpoint} of {whom}{of_year}: all posted {since} to {last} ({sum(one.count for one in inside):,}), "
                f"checked {newest.checked_at[:10]}, {newest.source}"
            )
    return lines


def _asked(listing: Listing) -> tuple[str, tuple[tuple[str, str], ...], int | None]:
    return listing.endpoint, tuple(listing.filters.items()), listing.filing_year


def _period_lines(periods: Sequence[KnownPeriod]) -> list[str]:
    return [
        f"  {period_label(one.period):8} {STATES[one.state]:24} {one.outside:3} from firms"
        + (f"   complete through {one.through}" if one.through else "")
        for one in periods
    ]
