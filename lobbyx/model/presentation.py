"""How results are displayed, so that `model/` stays free of words, HTML and charts.

A verdict has an explanation and a total has a chart, but the code for both is in `render/`, far above this folder.
`lobbyx/__init__.py` passes it in once, with `present_with`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Protocol

Sentence = tuple[str, Mapping[str, Any]]
"""One sentence of an explanation as data: its key in `data/wording.toml`, and the values that fill it."""


class Presentation(Protocol):
    """What a result needs to display itself."""

    def explanation(self, sentences: Iterable[Sentence], language: str) -> str:
        """The sentences in words."""

    def how(self, way: Any, language: str) -> str:
        """What a way of counting did, in words."""

    def html(self, result: Any) -> str:
        """A claim, total or verdict as a small escaped table for a notebook."""

    def chart(self, result: Any) -> Any:
        """A total or verdict as an Altair chart. Raises NoCharts if Altair is not installed."""


_handed_in: list[Callable[[], Presentation]] = []


def present_with(make: Callable[[], Presentation]) -> None:
    """Sets what makes the code that displays results; it is called when the first result is displayed."""
    _handed_in[:] = [cache(make)]


def presentation() -> Presentation:
    """The code that displays results."""
    return _handed_in[0]()
