"""What somebody asks about when they name a topic: a bill, a general issue of the LDA, or words in descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final, Literal

from lobbyx.model import resources
from lobbyx.model.bills import Bill, read_bill

Kind = Literal["words", "issue", "bill"]
KINDS: Final[tuple[Kind, ...]] = ("words", "issue", "bill")
LONGEST: Final = 200
"""Characters of a topic that are read."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it was read."""

    text: str
    kind: Kind
    code: str | None = None
    """Of a general issue."""
    bill: Bill | None = None
    otherwise: Kind | None = None
    """What the same text could also mean."""

    @property
    def name(self) -> str:
        """For people to read: the words, the issue's name, or the bill as it was written."""
        return issue_names()[self.code] if self.code else self.text

    def match(self) -> str:
        """The query of the full-text index that finds it; of a bill, whatever may name it."""
        return " OR ".join(_phrase(one) for one in (_spellings(self.bill) if self.bill else [self.text]))


@cache
def issue_names() -> Mapping[str, str]:
    """The names of the general issues by their codes."""
    return {row["value"]: row["name"] for row in resources.rows("constants/issue_codes.csv")}


@cache
def _codes() -> Mapping[str, str]:
    """The codes by names in lower case, with and without what stands in parentheses."""
    names = {name.lower(): code for code, name in issue_names().items()}
    return {**{name.partition(" (")[0]: code for name, code in names.items()}, **names}


def read_topic(text: str, kind: str | None = None) -> Topic:
    """What a text names: a bill, a general issue by its name or by its code in capitals, else words.

    `kind` chooses a reading; it is ignored where the text cannot be read so.
    """
    wanted = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST]).split())[:LONGEST]
    if wanted.lower().startswith("issue:"):
        wanted, kind = wanted[6:].strip(), "issue"
    bill = read_bill(wanted)
    named = _codes().get(wanted.lower())
    code = named or (wanted.upper() if wanted.upper() in issue_names() else None)
    if bill and kind != "words":
        return Topic(wanted, "bill", bill=bill, otherwise="words")
    if code and kind != "words" and (kind == "issue" or named or wanted.isupper()):
        return Topic(wanted, "issue", code, otherwise="words")
    return Topic(wanted, "words", otherwise="issue" if code else "bill" if bill else None)


def _phrase(words: str) -> str:
    """Words as one phrase of the full-text index, in which nothing is an operator."""
    return '"' + words.replace('"', '""') + '"'


def _spellings(bill: Bill) -> list[str]:
    """What a bill may be written as, in the words that the index makes of it: `h r 1`, `hr 1`, `hr1`."""
    head, middle, rest = bill.kind[0], bill.kind[1:].removesuffix("RES"), "res" if bill.kind.endswith("RES") else ""
    letters = [part.lower() for part in (head, middle, rest) if part]
    kinds = [
        letters[0] + "".join(f"{gap}{letter}" for gap, letter in zip(gaps, letters[1:], strict=True))
        for gaps in product(("", " "), repeat=len(letters) - 1)
    ]
    return [f"{kind}{between}{bill.number}" for kind in kinds for between in ("", " ", " no ", " no")]
