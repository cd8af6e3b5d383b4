"""A name as filed, made readable."""

from __future__ import annotations

import re

from lobbyx.names.words import legal_forms

_SMALL = {"a", "an", "and", "at", "by", "d/b/a", "for", "in", "of", "on", "or", "the", "to", "with"}


def display(name: str) -> str:
    """A name as filed, made readable: `COUPANG, INC.` -> `Coupang, Inc.` Mixed-case names stay as they are."""
    if name != name.upper():
        return name
    words = name.split()
    return " ".join(_display_word(word, first=i == 0) for i, word in enumerate(words))


def _display_word(word: str, *, first: bool) -> str:
    letters = re.sub(r"[^A-Z]", "", word)
    if word.lower() in _SMALL:
        return word.capitalize() if first else word.lower()
    titled = {"INC", "CORP", "LTD", "CO", "JR", "SR", "MR", "MRS", "MS", "DR", "ST"}
    if letters in titled:
        return word.capitalize()
    if letters in {"US", "USA", "UK", "EU", "II", "III", "IV"}:
        return word
    acronym = "." in word[:-1] or "&" in word or not re.search(r"[AEIOUY]", letters)
    if acronym or re.search(r"\d", word) or (len(letters) <= 3 and letters in legal_forms()):
        return word
    return re.sub(r"[A-Z]+('S\b)?", lambda m: m.group().capitalize(), word)
