"""The words of terminal output, in English and Korean: those of `data/texts`, which pages use too."""

from __future__ import annotations

from typing import Any

from lobbyx.model import texts
from lobbyx.model.total import Count, Method
from lobbyx.model.verdict import Outcome
from lobbyx.verdicts.explanation import Cents, Language, shown


def told(key: str, language: Language = "en", **values: Any) -> str:
    """A text of `data/texts`, filled. Raises KeyError for one that is not there."""
    return texts.fill(texts.texts(language)[key], language, values, shown)


def amount(cents: int, language: Language = "en") -> str:
    """`$8,580,000`, or `858만 달러`."""
    return shown(Cents(cents), language)


def span(count: Count, language: Language = "en") -> str:
    """The range of a count, open above where it is not determined."""
    low, high = (amount(cents, language) for cents in (count.interval.low, count.interval.high))
    if not count.determined:
        return told("terminal.at_least", language, amount=low)
    return told("chart.range", language, low=low, high=high)


def source(name: str, language: Language = "en") -> str:
    """Where a claim was read; of words given to lobbyx, which are from no place, that they were given."""
    return texts.text("card.given", language) if name in ("text", "site") else name


def outcome(verdict: Outcome, language: Language = "en") -> tuple[str, str]:
    """The verdict's name and what it means."""
    return texts.text(f"verdict.{verdict}", language), texts.text(f"outcome.{verdict}", language)


def meaning(method: Method, language: Language = "en") -> str:
    """A way of counting in plain words; commands and JSON use its code name."""
    return texts.text(f"method.{method}", language)


def reason(method: Method, language: Language = "en") -> str:
    """Why a way of counting exists, in a sentence."""
    return texts.text(f"method_why.{method}", language)
