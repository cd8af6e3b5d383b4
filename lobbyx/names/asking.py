"""The parts of client names to ask the API for: its filter `client_name` matches parts of names, in any case."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lobbyx.names.normalization import explain
from lobbyx.names.spoken import spoken
from lobbyx.names.words import LONGEST_NAME, abbreviations, characters, compounds, legal_forms, words_only

SHORT = 4
"""A part with fewer letters stands in too many names ("GE"), so a longer one is tried first."""

ENOUGH = 3
"""Words that tell an organization from others without a last one that some abbreviate."""


def part(name: str) -> str:
    """The part that other ways of writing a name most likely share: no legal form, no leading The, no "formerly Y".

    Always a part of `name` itself, in its own case.
    """
    name = " ".join(name[:LONGEST_NAME].split())
    phrase = explain(name).phrase
    at = name.casefold().find(phrase.casefold())
    words = re.sub(r"(?i)^the\s+(?=\S)", "", name[at : at + len(phrase)] if at >= 0 else name).split()
    words = next((words[:n] for n in range(1, len(words)) if _ends_before(words, n)), words)
    while len(words) > 1:
        taken = next((n for n in (2, 1) if len(words) > n and _is_legal_form(words[-n:])), 0)
        if not taken:
            break
        words = words[:-taken]
    if len(words) > ENOUGH and _is_abbreviated(words[-1]):  # ASSOCIATION to some, ASSN to others
        words.pop()
    return " ".join(words).strip(" ,;:-") or name


def _ends_before(words: list[str], place: int) -> bool:
    """Whether a name proper ends before a word: GLENMARK PHARMACEUTICALS, INC., USA."""
    return words[place - 1].endswith(",") and _is_legal_form([words[place]])


def _is_abbreviated(word: str) -> bool:
    plain = words_only(characters(word))
    return plain in abbreviations() or plain in abbreviations().values()


def _is_legal_form(words: list[str]) -> bool:
    return words_only(characters(" ".join(words).replace("&", " AND "))) in legal_forms()


def parts(names: Iterable[str]) -> list[str]:
    """The fewest parts, shortest first, such that each of the names contains one of them."""
    left = list(dict.fromkeys(names))
    cores = {(core := part(name)).casefold(): core for name in reversed(left)}
    chosen: list[str] = []
    for core in sorted(cores.values(), key=lambda core: (len(core) < SHORT, len(core))):
        if any(contains(name, core) for name in left):
            chosen.append(core)
            left = [name for name in left if not contains(name, core)]
    return chosen


def with_respellings(asked: Iterable[str]) -> list[str]:
    """Parts, each followed by other ways in which clients of the same name write it: "&" or "and", HEALTH CARE joined.

    Names so written normalize to the same, but the API does not find one by the other.
    """
    found: dict[str, str] = {}
    for one in asked:
        for spelled in (one, _other_and(one), *_other_compounds(one)):
            if not any(contains(spelled, already) for already in found.values()):
                found.setdefault(spelled.casefold(), spelled)
    return list(found.values())


def _other_and(name: str) -> str:
    return name.replace(" & ", " and ") if " & " in name else re.sub(r"(?i) and ", " & ", name)


def _other_compounds(name: str) -> list[str]:
    """The name with each of its compounds written the other way; nobody tears a name of one word apart."""
    ways: list[str] = []
    low = name.lower()
    for apart, joined in compounds().items() if " " in name else ():
        for written, otherwise in ((apart, joined), (joined, apart)):
            if written.lower() not in low:  # most are not, and looking is quicker than matching
                continue
            if (other := re.sub(rf"(?i)\b{re.escape(written)}\b", otherwise.title(), name)) != name:
                ways.append(other)
                break
    return ways


def contains(name: str, asked: str) -> bool:
    """Whether the API's `client_name=asked` matches a client of this name."""
    return asked.casefold() in name.casefold()


def alternatives(text: str) -> list[str]:
    """Parts to ask for where running text names an organization that is not on file, the likeliest first.

    Then "&" for "and" and the other way round, the name without "U.S." or ".com", and without hyphens.
    """
    first = part(spoken(text)[-1])
    shorter = re.sub(r"(?i)(?:^|(?<=\s))(?:(?:[A-Z]\.){2,}|U S)\s+|\.(?:com|org)\b", "", first)
    others = (first, _other_and(first), shorter, first.replace("-", ""), first.replace("-", " "))
    found: dict[str, str] = {}
    for other in others:
        if len(other.strip()) > 1:
            found.setdefault(other.casefold(), other)
    return list(found.values())
