"""What `model/presentation.py` requires: results in words, as notebook tables and as charts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lobbyx.model.claim import Claim
from lobbyx.model.presentation import Sentence
from lobbyx.model.total import Total
from lobbyx.verdicts import explanation, reproduction


class Rendered:
    """Imports charts and notebook tables on demand."""

    def explanation(self, sentences: Iterable[Sentence], language: str) -> str:
        """The sentences in words."""
        return explanation.render(sentences, "ko" if language == "ko" else "en")

    def how(self, way: Any, language: str) -> str:
        """What a way of counting did, in words."""
        return explanation.shown(reproduction.how(way), "ko" if language == "ko" else "en")

    def html(self, result: Any) -> str:
        """A claim, total or verdict as a small escaped table."""
        from lobbyx.render import notebook

        if isinstance(result, Claim):
            return notebook.claim_html(result)
        return notebook.total_html(result) if isinstance(result, Total) else notebook.verdict_html(result)

    def chart(self, result: Any) -> Any:
        """A total or verdict as an Altair chart. Raises NoCharts if Altair is not installed."""
        from lobbyx.render import charts

        return charts.of_total(result) if isinstance(result, Total) else charts.of_verdict(result)
