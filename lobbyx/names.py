"""One name as filed -> its normalized form, with the rules that read it.

Two names that normalize to the same form are taken to be the same organization. The rules are few, named and
applied in order; each is a pure function from text to text. None may leave nothing: a rule that would is skipped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from lobbyx import shipped

LONGEST_NAME = 1_000
"""Characters read of a name; the longest real ones have about 200."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one name is read."""

    input: str
    normalized: str
    why: tuple[str, ...]
    """The rules that changed something, in order."""


def normalize(name: str) -> str:
    """The normalized form: upper-case words without legal forms. `normalize(normalize(x)) == normalize(x)`.

    Empty only where the name has no visible character.
    """
    return explain(name).normalized


@lru_cache(maxsize=200_000)
def explain(name: str) -> Reading:
    """The normalized form and the rules that made it."""
    text, why = name, []
    for _ in range(len(RULES) + 1):  # rules can uncover work for each other: THE X, INC. THE
        before = text
        for rule in RULES:
            changed = rule(text)
            if changed and changed != text:
                text = changed
                label = (rule.__doc__ or "").split(".")[0].strip()
                if label not in why:
                    why.append(label)
        if text == before:
            break
    return Reading(name, text, tuple(why))


def _characters(text: str) -> str:
    """upper case, plain characters and single spaces."""
    text = text[:LONGEST_NAME]
    if text.isascii() and text.isprintable():  # nearly all are, and need none of what follows
        return " ".join(text.upper().split())
    text = unicodedata.normalize("NFKD", text).upper()
    # Compose again, without the accents of Latin letters: CAFÉ -> CAFE, but Hangul stays whole.
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f")
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(text.split())


def _ampersand(text: str) -> str:
    """& is AND."""
    return " ".join(text.replace("&", " AND ").split())


def _abbreviations(text: str) -> str:
    """no points in abbreviations."""
    return re.sub(r"\b(?:\w\.){2,}(?:\w\b)?", lambda m: m.group().replace(".", ""), text)


def _punctuation(text: str) -> str:
    """no punctuation."""
    return " ".join(re.sub(r"[^\w ]|_", " ", re.sub(r"['’`]", "", text)).split())


@cache
def legal_forms() -> frozenset[str]:
    """The endings in `data/legal_forms.csv`."""
    return frozenset(row["form"] for row in shipped.rows("legal_forms.csv"))


def _legal_form(text: str) -> str:
    """legal form at the end dropped."""
    words = text.split()
    for taken in (2, 1):
        if len(words) > taken and " ".join(words[-taken:]) in legal_forms():
            return " ".join(words[:-taken])
    return text


def _leading_the(text: str) -> str:
    """leading THE dropped."""
    return text.removeprefix("THE ")


RULES: tuple[Callable[[str], str], ...] = (
    _characters,
    _ampersand,
    _abbreviations,
    _punctuation,
    _legal_form,
    _leading_the,
)

_SMALL = {"a", "an", "and", "at", "by", "d/b/a", "for", "in", "of", "on", "or", "the", "to", "with"}


def display(name: str) -> str:
    """A name as filed, made readable: `COUPANG, INC.` -> `Coupang, Inc.`; mixed-case names are left alone."""
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
