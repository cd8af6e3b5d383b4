"""Totals and verdicts as Altair charts, for notebooks. Needs the `notebook` extra.

Saving works without a network: `chart.save("figure.png")` or `.svg` (vl-convert).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from lobbyx.model import texts
from lobbyx.model.errors import LobbyxError
from lobbyx.model.money import dollars
from lobbyx.model.total import METHODS, Count, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.render.language import meaning
from lobbyx.verdicts.explanation import shown
from lobbyx.verdicts.findings import claimed


class NoCharts(LobbyxError):
    """Altair is not installed."""


def _altair() -> Any:
    try:
        import altair
    except ImportError as error:
        raise NoCharts("charts need Altair: pip install 'lobbyx[notebook]'") from error
    return altair


def _ways(methods: Mapping[Method, Count]) -> tuple[Any, Any]:
    """Altair, and a chart of every way of counting: a range with its reported sum, on one scale from zero."""
    alt = _altair()
    furthest = 1.1 * max([1, *(dollars(c.interval.high) for c in methods.values())])
    # An open range runs off to the right, without an end.
    rows = [
        {
            "method": m,
            "way": texts.text(f"method_short.{m}"),
            "which": meaning(m),
            "low": c.low,
            "reported": c.reported,
            "high": furthest if c.high is None else c.high,
            "range": c.range,
            "open": c.high is None,
        }
        for m, c in methods.items()
        if c.reports
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("way:N", sort=[texts.text(f"method_short.{m}") for m in METHODS], title="way of counting"),
        tooltip=[alt.Tooltip("reported:Q", format="$,.0f"), "range:N", "which:N", "method:N"],
    )
    scale = alt.Scale(zero=True, nice=True)
    axis = alt.Axis(format="$,.2s", title="US dollars")
    low, reported = (alt.X(f"{name}:Q", scale=scale, axis=axis) for name in ("low", "reported"))
    ranges = base.mark_rule(strokeWidth=3, color="#1d4e89").encode(x=low, x2="high:Q")
    points = base.mark_point(filled=True, size=90, color="#1d4e89").encode(x=reported)
    arrows = (
        base.transform_filter("datum.open")
        .mark_text(text="▶", color="#1d4e89", dx=4)
        .encode(x=alt.X("high:Q", scale=scale, axis=axis))
    )
    return alt, ranges + points + arrows


def of_total(total: Total) -> Any:
    """Reports by period (in-house and outside stacked, superseded ones pale) above the ways of counting."""
    alt, ways = _ways(total.methods)
    rows: list[dict[str, Any]] = []
    for span, lines in groupby(total.reports, key=lambda line: line[0].period):
        for report, status in lines:
            kind = "superseded" if status == "superseded" else report.role.replace("_", "-")
            rows.append({"period": span.days[0].isoformat(), "kind": kind, "amount": dollars(report.amount or 0)})
    kinds = ["in-house", "outside", "superseded"]
    colors = alt.Scale(domain=kinds, range=["#1d4e89", "#c2660a", "#b9c0c8"])
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("period:O", title="period beginning"),
            y=alt.Y("sum(amount):Q", title="US dollars", axis=alt.Axis(format="$,.2s")),
            color=alt.Color("kind:N", scale=colors, title="reports"),
            order=alt.Order("kind:N"),
            tooltip=["period:O", "kind:N", alt.Tooltip("sum(amount):Q", format="$,.0f")],
        )
        .properties(width=560, height=220, title=f"{total.organization.name}: what was reported, as of {total.as_of}")
    )
    return alt.vconcat(bars, ways.properties(width=560, title="Ways of counting")) if rows else ways


def of_verdict(verdict: Verdict) -> Any:
    """The ways of counting with the claimed figure as a line. Raises NoCharts if there is no total."""
    if verdict.total is None or not verdict.total.reports:
        raise NoCharts("there is nothing to draw: the verdict has no total")
    alt, ways = _ways(verdict.totals)
    claim = verdict.claim
    if claim.kind == "spend" and claim.value:
        printed = shown(claimed(claim))
        line = alt.Chart(alt.Data(values=[{"claimed": claim.value, "what": f"claimed: {printed}"}]))
        rule = line.mark_rule(color="#a4133c", strokeDash=[6, 4], strokeWidth=2).encode(x="claimed:Q", tooltip="what:N")
        words = line.mark_text(color="#a4133c", align="left", dx=5, dy=-8, baseline="bottom").encode(
            x="claimed:Q", y=alt.value(0), text="what:N"
        )
        ways = ways + rule + words
    outcome = texts.text(f"verdict.{verdict.verdict}")
    title = f"{verdict.total.organization.name}, as of {verdict.as_of}: {outcome}"
    return ways.properties(width=560, height=160, title=title)
