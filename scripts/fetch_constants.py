#!/usr/bin/env python3
"""Prints the API's lists of constants (filing types, issue codes, government entities, ...), one value a line.

    .venv/bin/python scripts/fetch_constants.py                     # the names of the lists
    .venv/bin/python scripts/fetch_constants.py filing/filingtypes

Constants do not count toward the API's limit.
"""

import sys

from lobbyx import LobbyxError
from lobbyx.lda.api_schema import CONSTANTS_PATHS
from lobbyx.lda.client import LDAClient


def main(paths: list[str]) -> None:
    """The lists asked for, or what lists there are."""
    if not paths:
        print("\n".join(CONSTANTS_PATHS))
    client = LDAClient(say=lambda message: print(message, file=sys.stderr))
    for path in paths:
        for row in client.constants(path).document:
            print(f"{row.get('value', row.get('id'))}\t{row['name']}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except LobbyxError as error:
        sys.exit(f"{error}")
