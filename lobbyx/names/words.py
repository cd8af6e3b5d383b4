"""Rules about the words of a name: characters, abbreviations, legal forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from lobbyx.model import resources


@dataclass(frozen=True, slots=True)
class WordRule:
    """A rule about the words of a name."""

    label: str
    """What it does, as `lobbyx names` prints it."""
    apply: Callable[[str], str]
    """The text after the rule; unchanged if the rule does not apply."""


LONGEST_NAME = 1_000
"""Characters read of a name; the longest real ones have about 200."""


def characters(text: str) -> str:
    """Upper case, plain characters and single spaces."""
    text = text[:LONGEST_NAME]
    if text.isascii() and text.isprintable():  # nearly all are, and need nothing of what follows
        return " ".join(text.upper().split())
    text = unicodedata.normalize("NFKD", text).upper()
    # Compose again, without the accents of Latin letters: CAFÉ -> CAFE, but Hangul stays whole.
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f")
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(text.split())


def ampersand(text: str) -> str:
    """& is AND."""
    return " ".join(text.replace("&", " AND ").split()) if "&" in text else text


_POINTS = re.compile(r"\b(?:\w\.){2,}(?:\w\b)?")


def without_points(text: str) -> str:
    """No periods in abbreviations."""
    return _POINTS.sub(lambda m: m.group().replace(".", ""), text) if "." in text else text


_APOSTROPHE = re.compile(r"['’`]")
_SIGN = re.compile(r"[^\w ]|_")


def punctuation(text: str) -> str:
    """No punctuation."""
    if text.replace(" ", "").isalnum() and text.isascii():
        return " ".join(text.split())
    return " ".join(_SIGN.sub(" ", _APOSTROPHE.sub("", text)).split())


def has_letters(text: str) -> bool:
    """Whether a text has a letter or a digit."""
    return any(c.isalnum() for c in text)


def words_only(text: str) -> str:
    """A text without punctuation, with abbreviations joined."""
    return punctuation(without_points(text))


_INITIALS = re.compile(r"\b[A-Z](?: (?!A\b)[A-Z]\b)+")


def initials(text: str) -> str:
    """Single letters joined."""
    # Not the article: PLAN B A CAMPAIGN.
    return _INITIALS.sub(lambda m: m.group().replace(" ", ""), text)


_UNITED = re.compile(r"\bUNITED STATES( OF AMERICA)?\b")


def united_states(text: str) -> str:
    """UNITED STATES is US."""
    return _UNITED.sub(lambda m: "USA" if m[1] else "US", text) if "UNITED STATES" in text else text


_SAINTS = re.compile(r"(?:^|\b(?<=OF |HE ))(ST|MT|FT)(?= \w)")
_SAINT = {"ST": "SAINT", "MT": "MOUNT", "FT": "FORT"}


def saint(text: str) -> str:
    """ST is SAINT, MT MOUNT and FT FORT, where a name begins."""
    return _SAINTS.sub(lambda m: _SAINT[m[1]], text) if "T " in text else text


@cache
def _states() -> Mapping[str, str]:
    return {row["value"]: words_only(row["name"].upper()) for row in resources.rows("constants/states.csv")}


_PLACE = re.compile(
    r"^(?:THE )?(?:CITY|TOWN|VILLAGE|BOROUGH|TOWNSHIP|PORT|STATE|UNIVERSITY) OF \w"
    r"|\b(?:COUNTY|PARISH|TOWNSHIP|BOROUGH) \w\w$"
)


def state(text: str) -> str:
    """The state of a place written out."""
    head, _, last = text.rpartition(" ")
    return f"{head} {_states()[last]}" if head and last in _states() and _PLACE.search(text) else text


_WORD = re.compile(r"\W")


@cache
def compounds() -> Mapping[str, str]:
    """The words in `data/compounds.csv`, apart -> joined."""
    return {row["apart"]: row["joined"] for row in resources.rows("compounds.csv")}


@cache
def _compounds() -> tuple[re.Pattern[str], Mapping[str, str], frozenset[str]]:
    """The pattern, what is joined, and the words that such compounds begin with."""
    joined = compounds()
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(joined, reverse=True))})\b")
    return pattern, joined, frozenset(re.split(r"\W", apart)[0] for apart in joined)


def joined(text: str) -> str:
    """Words joined that some write apart: HEALTH CARE."""
    pattern, joined, first = _compounds()
    return text if first.isdisjoint(_WORD.split(text)) else pattern.sub(lambda m: joined[m.group()], text)


@cache
def legal_forms() -> frozenset[str]:
    """The endings in `data/legal_forms.csv`."""
    return frozenset(row["form"] for row in resources.rows("legal_forms.csv"))


@cache
def _forms_by_last_word() -> Mapping[str, int]:
    """The last word of each form -> the words of the longest one that ends so."""
    found: dict[str, int] = {}
    for words in (form.split() for form in legal_forms()):
        found[words[-1]] = max(len(words), found.get(words[-1], 0))
    return found


def legal_form(text: str) -> str:
    """Legal form at the end dropped."""
    words = text.split()
    for taken in range(_forms_by_last_word().get(words[-1], 0) if words else 0, 0, -1):
        if len(words) > taken and " ".join(words[-taken:]) in legal_forms():
            return " ".join(words[:-taken])
    return text


@cache
def abbreviations() -> Mapping[str, str]:
    """The abbreviations in `data/abbreviations.csv`."""
    return {row["abbreviation"]: row["word"] for row in resources.rows("abbreviations.csv")}


def written_out(text: str) -> str:
    """Abbreviated word written out."""
    words = text.split()
    return " ".join([abbreviations().get(word, word) for word in words]) if len(words) > 1 else text


_BANK = re.compile(r"(\bBANK\b.*?) NATIONAL ASSOCIATION$")


def national_bank(text: str) -> str:
    """NATIONAL ASSOCIATION of a bank dropped."""
    return _BANK.sub(r"\1", text) if text.endswith("NATIONAL ASSOCIATION") else text


def leading_the(text: str) -> str:
    """Leading THE dropped."""
    return text.removeprefix("THE ")


_COUNTRY = re.compile(r"(?P<before>\w+) (?:U ?S ?A|U S|US)$")


def country_tail(text: str) -> str:
    """U.S. or U.S.A. at the end dropped."""
    m = _COUNTRY.search(text) if text.endswith(("S", "A")) else None
    # In BOY SCOUTS OF THE USA or MADE IN USA it is part of the name.
    if not m or m["before"] in {"OF", "IN", "FOR", "THE", "AND", "TO", "TEAM"}:
        return text
    return text[: m.end("before")]


CHARACTERS = WordRule("upper case, plain characters and single spaces", characters)
RULES: tuple[WordRule, ...] = (
    CHARACTERS,
    WordRule("& is AND", ampersand),
    WordRule("no periods in abbreviations", without_points),
    WordRule("no punctuation", punctuation),
    WordRule("single letters joined", initials),
    WordRule("UNITED STATES is US", united_states),
    WordRule("ST is SAINT, MT MOUNT and FT FORT, where a name begins", saint),
    WordRule("the state of a place written out", state),
    WordRule("compound joined: HEALTH CARE", joined),
    WordRule("abbreviated word written out", written_out),
    WordRule("NATIONAL ASSOCIATION of a bank dropped", national_bank),
    WordRule("legal form at the end dropped", legal_form),
    WordRule("leading THE dropped", leading_the),
    WordRule("U.S. or U.S.A. at the end dropped", country_tail),
)
