"""Explanations in words: sentences are data (`data/wording.toml`), filled with typed values, in English and Korean.

A verdict carries its sentences as keys and values, so that the same explanation is shown in every language and place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from lobbyx.model import texts
from lobbyx.model.claim import Comparator
from lobbyx.model.presentation import Sentence
from lobbyx.model.said import Cents as Cents
from lobbyx.model.said import Said, in_words
from lobbyx.model.texts import LANGUAGES as LANGUAGES
from lobbyx.model.texts import Language as Language
from lobbyx.model.total import Method

_COMPARED: Mapping[Comparator, tuple[str, str]] = {
    "exact": ("{}", "{}"),
    "about": ("about {}", "약 {}"),
    "nearly": ("nearly {}", "{} 가까이"),
    "at_least": ("at least {}", "최소 {}"),
    "more_than": ("more than {}", "{} 초과"),
    "at_most": ("at most {}", "최대 {}"),
    "less_than": ("less than {}", "{} 미만"),
    "between": ("{}", "{}"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A fraction, shown as a change: "up 74%"."""

    fraction: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure with its comparator: "at least $10,000,000"."""

    comparator: Comparator
    figure: Any
    high: Any = None
    """The upper figure of `between`."""


@dataclass(frozen=True, slots=True)
class Word:
    """An entry of `[words]`, with a number or without."""

    key: str
    n: int | None = None
    part: int = 0
    """How many of the `n` are of the kind that the entry names as `{part}`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Values in a list; `last` stands before the last of them."""

    values: tuple[Any, ...]
    last: Literal["and", "or"] = "and"


@dataclass(frozen=True, slots=True)
class Place:
    """A rank: "second"."""

    n: int


@dataclass(frozen=True, slots=True)
class Way:
    """The label of a way of counting, as tables and charts have it."""

    method: Method | str
    within: bool = False
    """Whether it stands within a sentence, and so begins small."""


@dataclass(frozen=True, slots=True)
class Both:
    """Words given in each language."""

    en: str
    ko: str
    values: Mapping[str, Any] = field(default_factory=dict)


@cache
def _wording() -> dict[str, Any]:
    return tomllib.loads((files("lobbyx") / "data/wording.toml").read_text(encoding="utf-8"))


_LABELS: Mapping[str, Way] = {"lda": Way("lda"), "lda_within": Way("lda", within=True), "gross": Way("gross")}
"""The ways of counting that sentences name by themselves."""


def render(sentences: Iterable[Sentence], language: Language = "en") -> str:
    """The sentences, filled."""
    return " ".join(
        texts.fill(_wording()[key][language], language, {**_LABELS, **values}, shown) for key, values in sentences
    )


def shown(value: Any, language: Language = "en") -> str:
    """A value in words."""
    en = language == "en"
    match value:
        case Change(fraction):
            return _change(fraction, language)
        case Compared("between", figure, high) if high is not None:
            ends = shown(figure, language), shown(high, language)
            return f"between {ends[0]} and {ends[1]}" if en else f"{ends[0]}~{ends[1]}"
        case Compared(comparator, Change(fraction)) if fraction:
            percent = f"{abs(fraction):.1%}".replace(".0%", "%")
            compared = _COMPARED[comparator][0 if en else 1].format(percent)
            if en:
                return f"{'up' if fraction > 0 else 'down'} {compared}"
            return f"{compared} {'증가' if fraction > 0 else '감소'}"
        case Compared(comparator, figure):
            return _COMPARED[comparator][0 if en else 1].format(shown(figure, language))
        case Word(key, n, part):
            entry = _wording()["words"][key]
            text: str = entry["ko"] if not en else entry["one"] if n in (None, 1) else entry["many"]
            return text.format(n="" if n is None else f"{n:,}", part=f"{part:,}")
        case Way(method, within):
            alone = texts.texts(language).get(f"method_alone.{method}") or texts.text(f"method.{method}", language)
            return alone[0].lower() + alone[1:] if within else alone
        case Said(key, values):
            return texts.fill(texts.texts(language)[key], language, dict(values), shown)
        case Listed(values, last):
            return _list([shown(one, language) for one in values], last, language)
        case Place(n):
            return _place(n) if en else f"{n:,}위"
        case Both():
            template = value.en if en else value.ko
            return template.format(**{name: shown(one, language) for name, one in value.values.items()})
        case _:
            return str(in_words(value, language))


def _change(fraction: float, language: Language) -> str:
    percent = f"{abs(fraction):.1%}".replace(".0%", "%")
    if language == "ko":
        return "변화 없음" if not fraction else f"{percent} {'증가' if fraction > 0 else '감소'}"
    return "no change" if not fraction else f"{'up' if fraction > 0 else 'down'} {percent}"


def _list(values: list[str], last: str, language: Language) -> str:
    if len(values) < 2:
        return "".join(values)
    if language == "ko":
        return ", ".join(values)
    return f"{', '.join(values[:-1])}{',' if last == 'or' or len(values) > 2 else ''} {last} {values[-1]}"


def _place(n: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if 1 <= n <= len(words):
        return words[n - 1]
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{ending}"
