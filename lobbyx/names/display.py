"""A name as filed, made readable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from lobbyx.model import resources
from lobbyx.names.normalization import explain
from lobbyx.names.words import legal_forms

_SMALL = frozenset({"a", "an", "and", "at", "by", "d/b/a", "for", "in", "of", "on", "or", "the", "to", "with"})
_TITLED = frozenset({"INC", "CORP", "LTD", "CO", "JR", "SR", "MR", "MRS", "MS", "DR", "ST"})


def best_written(names: Sequence[str], shown_as: Mapping[str, str] | None = None) -> str:
    """The form of an organization's names (as filed, most used first) that people should see.

    How the organization is known to be written (`shown_as`, by normalized name); else the form in capitals and small
    letters that is used most; else the most used form, made readable.
    """
    first = explain(names[0])
    if shown_as and (known := shown_as.get(first.normalized)):
        return known
    for name in names:
        phrase = explain(name).phrase
        if explain(name).normalized == first.normalized and phrase != phrase.upper() and phrase != phrase.lower():
            return display(phrase)
    return display(first.phrase)


def display(name: str) -> str:
    """A name as filed, made readable: `COUPANG, INC.` -> `Coupang, Inc.` Mixed-case names stay as they are."""
    if name != name.upper():
        return name
    text = re.sub(r"\b(?:[A-Z] ){1,3}[A-Z]\b", lambda m: m.group().replace(" ", "."), name)  # OF THE U S A
    words = re.sub(r"(?<=\w)\.(?=[A-Z]\b)", ".", text).split()
    return " ".join(_display_word(word, first=i == 0) for i, word in enumerate(words))


@cache
def acronyms() -> frozenset[str]:
    """The words in `data/acronyms.csv`, which stay in capitals."""
    return frozenset(row["acronym"] for row in resources.rows("acronyms.csv"))


@lru_cache(maxsize=50_000)
def _display_word(word: str, *, first: bool) -> str:
    letters = re.sub(r"[^A-Z]", "", word)
    if word.lower() in _SMALL:
        return word.capitalize() if first else word.lower()
    if letters in _TITLED:
        return word.capitalize()
    if letters in {"US", "USA", "UK", "EU", "II", "III", "IV"} or letters in acronyms():
        return word
    acronym = "." in word[:-1] or "&" in word or not re.search(r"[AEIOUY]", letters)
    if acronym or re.search(r"\d", word) or (len(letters) <= 3 and letters in legal_forms()):
        return word
    return re.sub(r"[A-Z]+('S\b)?", lambda m: m.group() if m.group() in acronyms() else m.group().capitalize(), word)
