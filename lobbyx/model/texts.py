"""The words that a reader sees, in English and Korean: one file for each language, filled with typed values.

The texts are in `data/texts/en.toml` and `ko.toml`, under the same keys and with the same placeholders; a test compares
them. A placeholder is `{name}`, or `{name:a/b}`. In English `a/b` are the words for one and for more
(`{n:filing/filings}` gives "1 filing", "3 filings"). In Korean they are the particle after a consonant and after a
vowel (`{org:은/는}` gives "쿠팡은" and "메타는").
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from string import Formatter
from typing import Any, Final, Literal

from lobbyx.model import resources
from lobbyx.model.money import money

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = ("en", "ko")
Named = Literal["country", "issue"]
Show = Callable[[Any, Language], Any]
"""Turns a value into words."""

_SILENT: Final = "\"'’”)]».,;:!? "
"""What may stand behind the last letter of a name and is not read."""
_READ_WITHOUT_FINAL: Final = frozenset({"inc", "corp", "ltd", "co", "llc", "llp", "plc", "group", "trump"})
_DIGITS_WITH_FINAL: Final = "013678"
"""영(십, 백, 천), 일, 삼, 육, 칠, 팔 end in a consonant."""


@cache
def texts(language: Language) -> Mapping[str, str]:
    """All texts of a language by their dotted keys."""
    found: dict[str, str] = {}

    def flatten(table: Mapping[str, Any], before: str) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                flatten(value, f"{before}{key}.")
            else:
                found[before + key] = value

    flatten(tomllib.loads(resources.path(f"texts/{language}.toml").read_text(encoding="utf-8")), "")
    return found


class Name(str):
    """A name that is English wherever it is read as text, and has a Korean form for Korean sentences.

    Groups, countries and general issues have such names; organizations are called alike in both languages.
    """

    ko: str

    def __new__(cls, english: str, korean: str) -> Name:
        made = super().__new__(cls, english)
        made.ko = korean
        return made


@cache
def _korean_names(of: Named) -> Mapping[str, str]:
    found: Mapping[str, str] = tomllib.loads(resources.path("texts/names_ko.toml").read_text(encoding="utf-8"))[of]
    return found


def name_of(of: Named, english: str) -> Name:
    """A country or general issue of the API's constants. One that the API added later has its English name alone."""
    return Name(english, _korean_names(of).get(english, english))


def text(key: str, language: Language = "en", **values: Any) -> str:
    """A text of `data/texts`, filled. Raises KeyError for a key or a placeholder that nobody gave."""
    return fill(texts(language)[key], language, values)


def fill(template: str, language: Language, values: Mapping[str, Any], show: Show | None = None) -> str:
    """A template with its values in words. Raises KeyError for a value that is not given."""
    return "".join(map(str, parts(template, language, values, show)))


def parts(template: str, language: Language, values: Mapping[str, Any], show: Show | None = None) -> list[Any]:
    """The same in pieces: the template's words as `str`, each value as it was shown, so that a page can escape it."""
    found: list[Any] = []
    for words, name, choice, _ in Formatter().parse(template):
        ends = bool(found) and str(found[-1]).endswith(".")  # "Amazon.com, Inc." at the end of a sentence
        found.append(words[1:] if ends and words.startswith(".") and not words.startswith("..") else words)
        if name is None:
            continue
        value = values[name]
        said = (show or shown)(value, language)
        found.append(said)
        if choice:
            first, _, second = choice.partition("/")
            if language == "ko":
                found.append(particle(_without_tags(str(said)), first, second))
            else:
                found.append(f" {first if value == 1 else second}")
    return found


def _without_tags(said: str) -> str:
    """What is read of a value that is HTML."""
    return re.sub(r"<[^<>]{0,500}>", "", said)


def shown(value: Any, language: Language = "en") -> Any:
    """Numbers with separators and days in words; anything else as it is."""
    match value:
        case Name():
            return str(value) if language == "en" else value.ko
        case bool():
            return str(value)
        case int():
            return f"{value:,}"
        case date():
            return day(value, language)
        case _:
            return value


def dollars(cents: int, language: Language = "en") -> str:
    """US cents as `$10,750,000`, or `1,075만 달러` as Korean newspapers print it."""
    if language == "en":
        return money(cents)
    whole, rest = divmod(abs(cents), 100)
    hundred_million, below = divmod(whole, 100_000_000)
    ten_thousand, ones = divmod(below, 10_000)
    said = [f"{n:,}{unit}" for n, unit in ((hundred_million, "억"), (ten_thousand, "만")) if n]
    if ones or rest or not said:
        said.append(f"{ones:,}" + (f".{rest:02d}" if rest else ""))
    apart = " " if not ones and not rest and whole else ""
    return f"{'-' if cents < 0 else ''}{' '.join(said)}{apart}달러"


def day(value: date | str, language: Language = "en") -> str:
    """A day, given as such or as `2025-12-25`: `2025-12-25`, or `2025년 12월 25일`. Text that is no day stays."""
    try:
        found = value if isinstance(value, date) else date.fromisoformat(value)
    except ValueError:
        return str(value)
    return found.isoformat() if language == "en" else f"{found.year}년 {found.month}월 {found.day}일"


def period(label: str, language: Language = "en") -> str:
    """`2021 Q3` and `1999 H1`, or `2021년 3분기` and `1999년 상반기`."""
    year, _, part = label.partition(" ")
    if language == "en" or len(part) != 2 or part[0] not in "QH":
        return label
    return f"{year}년 {part[1]}분기" if part[0] == "Q" else f"{year}년 {'상' if part[1] == '1' else '하'}반기"


def particle(word: str, after_consonant: str, after_vowel: str) -> str:
    """The particle that fits behind a word: `은` or `는`, `이` or `가`, `을` or `를`, `으로` or `로`.

    Korean letters decide by themselves, digits and capitals by how they are read; other Latin words by their spelling,
    which is right for most names.
    """
    bare = word.rstrip(_SILENT)
    if not bare:
        return after_vowel
    last = bare[-1]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        # After ㄹ, 으로 becomes 로.
        return after_vowel if not final or (final == 8 and after_consonant == "으로") else after_consonant
    if last.isdigit():
        closed, liquid = last in _DIGITS_WITH_FINAL, last in "178"
    else:
        closed, liquid = _ends_in_consonant(bare)
    return after_consonant if closed and not (liquid and after_consonant == "으로") else after_vowel


def _ends_in_consonant(word: str) -> tuple[bool, bool]:
    """Whether Koreans read a Latin word with a consonant at its end, and whether that is ㄹ."""
    last_word = word.split()[-1].lstrip("(\"'“‘")
    low = last_word.lower()
    if low in _READ_WITHOUT_FINAL:
        return False, False
    if last_word.isupper() and len(last_word) <= 4:  # letter by letter: IBM, AT&T
        return low[-1] in "lmnr", low[-1] in "lr"
    if low.endswith("le") and len(low) > 2 and low[-3] not in "aeiouy":  # Apple, Google
        return True, True
    return low.endswith(("l", "m", "n", "ng", "ok", "ap", "ip", "op", "ook")), low.endswith("l")
