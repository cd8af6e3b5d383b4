#!/usr/bin/env python3
"""Prints the political contributions that a registrant and its lobbyists reported (LD-203). Never lobbying money.

.venv/bin/python scripts/fetch_contributions.py "Akin Gump" 2024
"""

import sys

from lobbyx import LobbyxError
from lobbyx.lda.client import LDAClient


def main(registrant: str, year: int) -> None:
    """One line a contribution; reports without contributions say so."""
    client = LDAClient(say=lambda message: print(message, file=sys.stderr))
    for report in client.contributions(registrant_name=registrant, filing_year=year):
        person = report["lobbyist"] or {}
        filer = f"{person.get('first_name', '')} {person.get('last_name', '')}".strip() or report["registrant"]["name"]
        for item in report["contribution_items"]:
            print(f"{item['date']}  {item['amount']:>10}  {filer} to {item['payee_name']} for {item['honoree_name']}")
        if not report["contribution_items"]:
            print(f"{report['dt_posted'][:10]}  {'none':>10}  {filer}")
    print(f"{client.requests} requests", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit(f"usage: {sys.argv[0]} REGISTRANT YEAR")
    try:
        main(sys.argv[1], int(sys.argv[2]))
    except LobbyxError as error:
        sys.exit(f"{error}")
