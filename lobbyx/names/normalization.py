"""Reads one name as filed: its normalized form, the other names in it, and the rules that applied.

Two names that normalize to the same form count as the same organization. The rules are few and are applied in order:
first the phrases (`phrases.py`: "on behalf of", "formerly", "doing business as"), which split off other names, then
the words (`words.py`). Each rule is a pure function with its own cases in the tests. A rule that would leave nothing
of a name is skipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lobbyx.names.phrases import PHRASES, SUBSIDIARIES, Kind, may_hold_phrase
from lobbyx.names.words import CHARACTERS, RULES, characters, has_letters, words_only


@dataclass(frozen=True, slots=True)
class Reading:
    """How one name is read."""

    input: str
    normalized: str
    why: tuple[str, ...]
    """The rules that changed something, in order."""
    phrase: str
    """The name itself, without the phrases that mention other names; as filed if there are none."""
    others: tuple[tuple[Kind, str], ...] = ()
    """Other names in it, normalized: former names, trade names, its acronym, or who acts on its behalf."""


def normalize(name: str) -> str:
    """The normalized form: upper-case words without legal forms. `normalize(normalize(x)) == normalize(x)`.

    Empty only if the name has no visible character.
    """
    return explain(name).normalized


@lru_cache(maxsize=200_000)
def explain(name: str) -> Reading:
    """The normalized form, the other names, and the rules that made them."""
    why: list[str] = []
    others: list[tuple[Kind, str]] = []
    start = characters(name)
    phrase = text = _phrases(start, why, others)
    if text == start != name:
        _note(why, CHARACTERS.label)
    for _ in range(5):  # what follows a stray sign can be a phrase too
        normalized = _words(text, why)
        text = _phrases(normalized, why, others)
        if text == normalized:
            break
    distinct = tuple((kind, other) for kind, other in dict.fromkeys(others) if other != text)
    return Reading(name, text, tuple(why), name if phrase == start else phrase, distinct)


def _phrases(text: str, why: list[str], others: list[tuple[Kind, str]]) -> str:
    """The text after all rules about phrases. The other names that they split off are added to `others`."""
    if not may_hold_phrase(text):
        return text
    for rule in PHRASES:
        if not rule.needs.search(text):
            continue
        for _ in range(3):  # A on behalf of B on behalf of C
            found = rule.apply(text)
            if found is None or not has_letters(found.name):
                break
            text = found.name
            _note(why, rule.label)
            others += [(found.kind, _words(other, [])) for other in found.others if has_letters(other)]
    return text


def _words(text: str, why: list[str]) -> str:
    """The text after all rules about words."""
    for _ in range(len(RULES) + 1):  # one rule can make another apply: THE X, INC. THE
        before = text
        for rule in RULES:
            changed = rule.apply(text)
            if changed and changed != text:
                text = changed
                _note(why, rule.label)
        if text == before:
            break
    return text


def _note(why: list[str], label: str) -> None:
    if label not in why:
        why.append(label)


def plain(name: str) -> str:
    """A name without accents and punctuation, but otherwise complete: ALLIANCE INC and ALLIANCE LLC stay different."""
    return words_only(characters(name))


def with_subsidiaries(name: str) -> bool:
    """Whether a name says that it includes subsidiaries: "and its affiliates", "(consolidated report)"."""
    return SUBSIDIARIES.label in explain(name).why
