"""What the sentences before leave in mind for the next one. The same for every language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from lobbyx.model.claim import Claim
from lobbyx.model.period import Window

FAR: Final = 4
"""Sentences after which what was said no longer carries on."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader knows when it comes to a sentence."""

    published: date | None
    """The day of publication, None where it is not known."""
    org: str | None = None
    """The organization in mind, for "it" and "the company"."""
    window: Window | None = None
    """The period of the last claim, for "a year earlier"."""
    about_lobbying: bool = False
    """The text speaks of lobbying in this sentence or close by, or in its first lines."""
    follows: bool = False
    """The sentence just before spoke of money spent on lobbying, so this one may go on without saying so."""
    spoke: bool = False
    """The sentence just before spoke of lobbying, whether or not of money."""
    since: int = FAR
    """How many sentences ago one spoke of money spent on lobbying: 0 for the one just before, at most FAR."""
    soon: bool = False
    """The next sentence speaks of lobbying."""
    baseline: Window | None = None
    """The period of the sum that the last one was compared with, for "Intel's, from $2 million to $3 million"."""
    listed: tuple[str, ...] = ()
    """The organizations of the sentence before, in order, for "respectively" and "the latter"."""
    together: str | None = None
    """Several organizations that the sentence before names in a list, as printed, for "together they"."""
    everybody: bool = False
    """The last claim was of all lobbying."""
    quoted: bool = False
    """The text is so short that it may be a quotation without its context."""


@dataclass(frozen=True, slots=True)
class Read:
    """The claims of one sentence, placed in the text, and what it leaves in mind."""

    claims: tuple[Claim, ...]
    context: Context
