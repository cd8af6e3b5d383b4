"""The command about groups: which are known, and who belongs to one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lobbyx.cli.options import db_option, json_option, show
from lobbyx.ledger import open_ledger
from lobbyx.organizations.groups import Group, shipped
from lobbyx.render.text import clean


@click.command("groups")
@click.argument("name", required=False)
@db_option
@json_option
def groups_command(name: str | None, db: Path, as_json: bool) -> None:
    """List the groups that totals and claims can be about, or the members of the group NAME.

    NAME is a group of the list, country:KR for the clients from a country, or issue:TAX for the clients that lobbied on
    a general issue. Clients from a country are those whose own country, or whose foreign entity's, it is.
    """
    if name is None:
        if as_json:
            show([{"name": g.name, "spoken": list(g.spoken), "members": len(g.members)} for g in shipped().values()])
            return
        for known in shipped().values():
            what = f"{len(known.members)} members" if known.members else f"country:{known.country}"
            click.echo(f"{known.name} ({what}): {', '.join(known.spoken)}")
        click.echo("Also country:KR, with any country's code, and issue:TAX, with any general issue's code.")
        return
    with open_ledger(db) as opened:
        group = opened.group(name)
    if as_json:
        show(_json(group))
        return
    click.echo(clean(f"{group.name}: {len(group.members)} members"))
    for member in group.members:
        on_file = "; ".join(f"#{one.id} {one.name}" for one in member.organizations) or f"{member.name}: not on file"
        times = f" ({member.since or '…'}–{member.until or '…'})" if member.since or member.until else ""
        told = f" [{member.source or member.basis}]" if group.listed else ""
        click.echo(clean(f"  {on_file}{times}{told}"))


def _json(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "kind": group.kind,
        "code": group.code or None,
        "spoken": list(group.spoken),
        "members": [
            {
                "name": member.name,
                "organizations": [{"id": one.id, "name": one.name} for one in member.organizations],
                "since": member.since or None,
                "until": member.until or None,
                "basis": member.basis,
                "source": member.source or None,
            }
            for member in group.members
        ],
    }
