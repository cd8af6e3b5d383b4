"""The words of the Senate's archive -> the API's codes: types of filings, issues, agencies, states, countries.

Sources: `data/archive/*.csv` (see the README of `data/`) beside the API's own constants lists. Each answer is what
archive and API say of the same filing, checked on the 4,669 filings of 2016 that are on hand from both.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from typing import Final, NamedTuple

from lobbyx.model import resources

LONGEST_NAME: Final = 50
"""Characters at which the archive cuts the name of an agency."""


class Kind(NamedTuple):
    """What a filing's type in words is in the API."""

    filing_type: str
    filing_period: str
    """Empty where the type does not say: registrations and documents."""
    is_contribution: bool


@cache
def kinds() -> Mapping[str, Kind]:
    """Type in words -> code and period; a type that is not there is unknown."""
    return {
        row["type"]: Kind(row["filing_type"], row["filing_period"], row["type"].startswith("LD-203"))
        for row in resources.rows("archive/filing_types.csv")
    }


def squeezed(text: str) -> str:
    """Text for comparison: capitals, with single spaces."""
    return " ".join(text.upper().split())


@cache
def _codes(table: str) -> Mapping[str, str]:
    """Name -> code (or id) of a constants list, with the archive's own names; empty where it means "not said"."""
    key = "id" if table == "government_entities" else "value"
    found = {squeezed(row["name"]): row[key] for row in resources.rows(f"constants/{table}.csv")}
    own = {squeezed(row["name"]): row["value"] for row in resources.rows("archive/names.csv") if row["list"] == table}
    return {**found, **own}


@cache
def code(table: str, name: str) -> str | None:
    """The code of a name in a constants list. An unknown name is its own code; None where nothing is said."""
    plain = squeezed(name)
    return (_codes(table).get(plain, plain) or None) if plain else None


@cache
def government_entity(name: str) -> tuple[int, str]:
    """Id and name of an agency. One that the API does not know gets a negative id of its name's own."""
    plain = squeezed(name)
    known = _codes("government_entities")
    found = known.get(plain)
    if found is None and len(name) >= LONGEST_NAME - 1:  # cut short
        longer = {identifier for full, identifier in known.items() if full.startswith(plain)}
        found = longer.pop() if len(longer) == 1 else None
    return (negative_id("government_entity", plain) if found is None else int(found)), name.strip()


def negative_id(*parts: object) -> int:
    """An id of our own for what has none in the archive: the same wherever and whenever it is made.

    It is below zero, where the API has none, and within the 53 bits that JavaScript keeps exactly.
    """
    digest = blake2b("\0".join(map(str, parts)).encode(), digest_size=8).digest()
    return -1 - (int.from_bytes(digest, "big") >> 12)
