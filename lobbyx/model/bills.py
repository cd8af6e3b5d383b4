"""Bills of Congress as people write them: H.R. 1234, HR1234, H. R. No. 1234, S. 55, H.J.Res. 5, S. Con. Res. 10.

One recognizer for sentences, for the descriptions in filings and for the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_KINDS: Final = r"(?:H\.?\s?(?:Con|J)\.?\s?Res|S\.?\s?(?:Con|J)\.?\s?Res|H\.?\s?Res|S\.?\s?Res|H\.?\s?R|S)"
_NUMBER: Final = r"(?P<number>[0-9]{1,5})(?![0-9])"
_BILL: Final = re.compile(rf"(?<![A-Za-z.&])(?P<kind>{_KINDS})(?P<end>\.?)\s?(?:[Nn]o\.?\s?)?{_NUMBER}")
_ANY_CASE: Final = re.compile(rf"(?i)\s*(?P<kind>{_KINDS})\.?\s*(?:no\.?\s*)?{_NUMBER}\s*\.?\s*")


@dataclass(frozen=True, slots=True)
class Bill:
    """One mention of a bill."""

    start: int
    end: int
    text: str
    """As written, with white space collapsed."""
    kind: str
    """`HR`, `S`, `HRES`, `SRES`, `HJRES`, `SJRES`, `HCONRES` or `SCONRES`."""
    number: int

    def same_as(self, other: Bill) -> bool:
        """Whether both name the same bill, in any Congress."""
        return (self.kind, self.number) == (other.kind, other.number)


def find_bills(text: str, *, in_filing: bool = False) -> Iterator[Bill]:
    """The bills that a text names, in order.

    In prose a Senate bill needs its period ("S. 55"). Filings also write S 55 and S55, which `in_filing` accepts.
    """
    for m in _BILL.finditer(text):
        if m["kind"] == "S" and not m["end"] and not in_filing:
            continue
        yield _bill(m)


def read_bill(text: str) -> Bill | None:
    """The bill that a text consists of, in upper or lower case; None if it is anything else."""
    m = _ANY_CASE.fullmatch(text)
    return _bill(m) if m else None


def _bill(m: re.Match[str]) -> Bill:
    kind = re.sub(r"[^A-Z]", "", m["kind"].upper())
    return Bill(m.start(), m.end(), " ".join(m.group().split()), kind, int(m["number"]))
