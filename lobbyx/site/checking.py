"""What the check page shows: the claims of a text, or one claim given in fields, with their verdicts.

One text may cost a second of work, so its length and its claims are bounded, and only one is read at a time; a few
others wait, and the rest are asked to come back.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from lobbyx.ledger import Ledger
from lobbyx.model.said import said
from lobbyx.model.total import Organization
from lobbyx.model.verdict import Verdict
from lobbyx.reading.claims import extract
from lobbyx.reading.source import Source, is_address
from lobbyx.site import reading_form
from lobbyx.site.responses import Busy, PageAddress

LONGEST_CHECK: Final = 20_000
"""Characters of a text that are read."""
MOST_CLAIMS: Final = 25
"""Claims of one text that are judged."""
LONGEST_SAID: Final = 400
"""Characters of the sentence that a claim in fields was read from, which is shown with it."""
WAITING: Final = 3
"""Checks that may wait for the one that is read."""
LONGEST_WAIT: Final = 10.0
"""Seconds a check waits before its visitor is asked to come back."""


@dataclass
class Turns:
    """One check at a time: reading a text is work for a whole processor, and pages need one too."""

    taken: asyncio.Lock = field(default_factory=asyncio.Lock)
    inside: int = 0
    """Checks that are read or wait."""

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a turn. Raises Busy where too many wait, or it takes too long."""
        busy = Busy(said("problem.many_checks"), 5)
        if self.inside > WAITING:
            raise busy
        self.inside += 1
        try:
            try:
                await asyncio.wait_for(self.taken.acquire(), LONGEST_WAIT)
            except TimeoutError:
                raise busy from None
            try:
                yield
            finally:
                self.taken.release()
        finally:
            self.inside -= 1


def turns(datasette: Any) -> Turns:
    """The turns of a site."""
    found: Turns | None = getattr(datasette, "_lobbyx_turns", None)
    if found is None:
        found = datasette._lobbyx_turns = Turns()
    return found


def refuse_address(text: str) -> None:
    """Raises BadRequest for the address of a page: a visitor's address is not fetched from here."""
    if is_address(text):
        raise PageAddress(said("problem.page_address"))


@dataclass(frozen=True, slots=True)
class Checked:
    """A text, what of it was judged, and how much was left."""

    source: Source
    verdicts: list[Verdict]
    more: int
    cut: bool
    given: Organization | None = None
    """The organization that the visitor named beside the text."""


def check(db: sqlite3.Connection, text: str, published: date | None, org: str | None) -> Checked:
    """The claims in a text with their verdicts. Nothing is stored."""
    day = published.isoformat() if published else None
    source = Source("site", text[:LONGEST_CHECK], day, "given" if day else None)
    opened = Ledger(db, Path("site"), derive=False)
    claims = extract(source.text, published)
    verdicts = opened.verdicts(claims[:MOST_CLAIMS], published, org or None)
    given = opened.organization(org) if org else None
    return Checked(source, verdicts, len(claims) - len(verdicts), len(text) > LONGEST_CHECK, given)


def judge(db: sqlite3.Connection, given: Mapping[str, Any]) -> Checked:
    """A claim given in fields (`reading_form.py`) with its verdict. Raises what is wrong with the fields."""
    claim = reading_form.claim_of(given)
    published = reading_form.last_day(str(given.get("published") or "").strip() or None)
    day = published.isoformat() if published else None
    verdict = Ledger(db, Path("site"), derive=False).judge(claim, published)
    return Checked(Source("site", verdict.claim.text, day, "given" if day else None), [verdict], 0, False)


def document(checked: Checked, org: str) -> dict[str, Any]:
    """What was found, as JSON."""
    source = checked.source
    claims: list[dict[str, Any]] = []
    for one in checked.verdicts:
        claim = one.json()
        fields = reading_form.fields_of({**claim, "precision": one.claim.precision}, source.published)
        if checked.given and one.organization and one.organization.id == checked.given.id:
            fields["org"] = org
        claims.append({**claim, "methods": claim["totals"], "fields": fields})
    return {
        "text": source.text,
        "cut": checked.cut,
        "published": source.published,
        "org": org,
        "claims": claims,
        "more": checked.more,
        "limits": {"characters": LONGEST_CHECK, "claims": MOST_CLAIMS},
    }
