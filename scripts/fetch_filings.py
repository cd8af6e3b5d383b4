#!/usr/bin/env python3
"""Downloads the filings that name a client and prints them, oldest first: what `lobbyx fetch` does, in a screenful.

    .venv/bin/python scripts/fetch_filings.py Coupang
    .venv/bin/python scripts/fetch_filings.py Coupang 2025

Set $LDA_API_KEY for 120 requests a minute instead of 15 (https://lda.gov/api/register/).
"""

import sys

from lobbyx import LobbyxError
from lobbyx.lda.client import LDAClient


def main(name: str, year: str | None = None) -> None:
    """Pages through the listing; the client keeps to the limits, retries, and refuses filters the API lacks."""
    wanted: dict[str, str | int | bool] = {"client_name": name, **({"filing_year": int(year)} if year else {})}
    client = LDAClient(say=lambda message: print(message, file=sys.stderr))
    seen: set[str] = set()
    for page in client.pages("filings", wanted):
        for filing in page.results:
            if filing["filing_uuid"] in seen:  # pages shift while new filings are posted
                continue
            seen.add(filing["filing_uuid"])
            # null is not zero: on an LD-2 it means less than $5,000
            amount = filing["income"] or filing["expenses"] or "-"
            who = f"{filing['registrant']['name']} for {filing['client']['name']}"
            print(f"{filing['dt_posted'][:10]}  {filing['filing_type']:<3}  {amount:>12}  {who}")
    print(f"{len(seen)} of {page.count} filings in {client.requests} requests", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or not all(year.isdigit() for year in sys.argv[2:]):
        sys.exit(f"usage: {sys.argv[0]} CLIENT [YEAR]")
    try:
        main(*sys.argv[1:])
    except LobbyxError as error:
        sys.exit(f"{error}")
