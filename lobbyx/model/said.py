"""Sentences as data: a key of `data/texts` and the values that fill it, put into words in either language.

Warnings, reasons and errors are made so. The English and the Korean come from the same code and the same fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from lobbyx.model import texts
from lobbyx.model.period import Window
from lobbyx.model.texts import Language


@dataclass(frozen=True, slots=True)
class Cents:
    """US cents, shown as dollars."""

    cents: int


@dataclass(frozen=True, slots=True)
class Days:
    """A closed window as its first and last day: `2023-07-01 to 2023-12-31`, or `2023년 3분기`."""

    window: Window


@dataclass(frozen=True, slots=True)
class Several:
    """Values in a row, and how many more there are that are not shown."""

    values: tuple[Any, ...]
    more: int = 0
    of: Literal["things", "names"] = "things"
    between: str = ", "


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, or a part of one."""

    key: str
    values: tuple[tuple[str, Any], ...] = ()

    def words(self, language: Language = "en") -> str:
        """The sentence in a language."""
        return texts.fill(texts.texts(language)[self.key], language, dict(self.values), in_words)

    def __str__(self) -> str:
        return self.words()


def said(key: str, **values: Any) -> Said:
    """A sentence of `data/texts` with its values."""
    return Said(key, tuple(values.items()))


def some(values: Sequence[Any], most: int, of: Literal["things", "names"] = "things") -> Several:
    """The first `most` values, and how many more there are."""
    return Several(tuple(values[:most]), max(0, len(values) - most), of)


def in_words(value: Any, language: Language = "en") -> Any:
    """A value as a language prints it."""
    match value:
        case Cents(cents):
            return texts.dollars(cents, language)
        case Days(window):
            first, last = window.days
            return f"{first} to {last}" if language == "en" else _span_ko(first, last)
        case Window():
            return str(value) if language == "en" else _window_ko(value)
        case Several(values, more, of, between):
            shown = between.join(str(in_words(one, language)) for one in values)
            return shown + (texts.text(f"list.{of}", language, n=more) if more else "")
        case Said():
            return value.words(language)
        case _:
            return texts.shown(value, language)


def _window_ko(window: Window) -> str:
    match (window.start, window.end):
        case (None, None):
            return "전체 기간"
        case (date() as start, None):
            return f"{texts.day(start, 'ko')} 이후"
        case (None, date() as end):
            return f"{texts.day(end, 'ko')}까지"
        case (date() as start, date() as end):
            return _span_ko(start, end)
    raise AssertionError(window)


def _span_ko(start: date, end: date) -> str:
    """`2024년`, `2024년 3분기`, `1999년 상반기`, `2021~2024년`, or both days."""
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return f"{start.year}년" if start.year == end.year else f"{start.year}~{end.year}년"
    after = end + timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    if start.day == after.day == 1 and months == 6 and start.month in (1, 7):
        return f"{start.year}년 {'상' if start.month == 1 else '하'}반기"
    if start.day == after.day == 1 and months == 3 and start.month % 3 == 1:
        return f"{start.year}년 {start.month // 3 + 1}분기"
    if start.day == after.day == 1 and months == 1:
        return f"{start.year}년 {start.month}월"
    return f"{texts.day(start, 'ko')}~{texts.day(end, 'ko')}"
