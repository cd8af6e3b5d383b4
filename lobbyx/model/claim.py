"""A statement about lobbying money, as a reader found it in a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lobbyx.model.period import Window
from lobbyx.model.presentation import presentation

Comparator = Literal["exact", "about", "nearly", "at_least", "more_than", "at_most", "less_than", "between"]
ClaimKind = Literal["spend", "change", "rank", "count", "hired", "issue"]
Stance = Literal["asserted", "denied", "questioned", "planned"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about lobbying money, and its place in the text: `source_text[start:end] == text`."""

    text: str
    start: int
    end: int
    kind: ClaimKind
    org: str | None
    """The name as printed; "total" for all federal lobbying by everybody."""
    value: int | float | None
    """The figure, in units of `currency`; a fraction for `change`, a place for `rank`, a number for `count`. None if
    the text gives none ("hired Akin Gump", "a record")."""
    precision: int | float
    """The place of its last digit as printed, in the same unit ("$1.8 million" = 100,000)."""
    comparator: Comparator
    window: Window
    window_text: str | None
    currency: str = "USD"
    missing: tuple[str, ...] = ()
    """What the text does not say: `org`, `window`, `published`, `baseline`; `lobbying` if it only says that
    money was spent."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What else the claim says, as JSON values: `baseline` {start, end} and `record` of a change, `group` of a rank,
    `counted` of a count, `firm` of a hiring, `bill`, `agency` or `topic` of an issue; `sum` if the sum is no total:
    `difference` (with `direction` and `baseline`), `average` (with `per`), `share` or `outside`."""
    high: int | float | None = None
    """The upper figure of a range (comparator `between`, `value` the lower), in the unit of `value`."""
    stance: Stance = "asserted"
    """`denied`: the text says it is not so; `questioned`: it asks; `planned`: expected, budgeted, conditional. Only an
    asserted claim is judged."""
    sure: bool = True
    """False where organization, period, comparator or the kind of money could be read otherwise."""
    unsure_of: tuple[str, ...] = ()
    """The fields that could, the least sure first: `org`, `window`, `comparator`, `value`, `stance`, or `lobbying`
    (whether it is money spent on lobbying)."""
    otherwise: Mapping[str, Any] = field(default_factory=dict)
    """The next best reading of fields in `unsure_of`, as JSON values."""
    candidates: tuple[str, ...] = ()
    """Organizations that the name may mean, the chosen one first; filled by the lookup."""

    @property
    def cents(self) -> int:
        """The figure in cents, as the rules compare it; zero if the text gives none."""
        return round((self.value or 0) * 100)

    def json(self) -> dict[str, Any]:
        """The CLAIM object of `lobbyx extract --json`; `value` in dollars."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "kind": self.kind,
            "org": self.org,
            "value": self.value,
            "currency": self.currency,
            "comparator": self.comparator,
            "window": {**self.window.json(), "text": self.window_text},
            "missing": list(self.missing),
            "detail": dict(self.detail),
            "high": self.high,
            "stance": self.stance,
            "sure": self.sure,
            "unsure_of": list(self.unsure_of),
            "otherwise": dict(self.otherwise),
            "candidates": list(self.candidates),
        }

    def __str__(self) -> str:
        said = "?" if self.value is None else f"{self.value:,}"
        missing = f" (missing: {', '.join(self.missing)})" if self.missing else ""
        return f"{self.kind}: {self.org or 'organization not named'}, {self.comparator} {said}, {self.window}{missing}"

    def _repr_html_(self) -> str:
        return presentation().html(self)
