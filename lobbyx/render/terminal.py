"""Totals and verdicts as compact cards for a terminal (rich). A pipe gets the plain text of `render/text.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from lobbyx.model import texts
from lobbyx.model.period import period_label
from lobbyx.model.report import Line
from lobbyx.model.total import Count, Method, Total
from lobbyx.model.verdict import Outcome, Verdict
from lobbyx.render import text
from lobbyx.render.language import amount, outcome, told
from lobbyx.render.language import span as span_of
from lobbyx.render.text import MARKS, clean
from lobbyx.verdicts.explanation import Language, shown
from lobbyx.verdicts.findings import claimed as figure

COLORS: Mapping[Outcome, str] = {
    "supported": "green",
    "refuted": "red",
    "depends_on_method": "yellow",
    "within_rounding": "magenta",
    "unverifiable": "white",
}
BAR = 30
"""Columns of the scale, if there is room."""
WIDE = 110
"""Columns of a terminal with room for the scale and for ranges in figures."""
MOST_REPORTS = 12
"""Reports listed on a card; --json, the site and a pipe list all."""


def verdict(one: Verdict, *, width: int = 120, filings: bool = True, language: Language = "en") -> RenderableType:
    """A checked claim: verdict, explanation, scale with the claimed figure, ways of counting, reports with links."""
    color = COLORS[one.verdict]
    name, says = outcome(one.verdict, language)
    head = Text.assemble(
        (f"{MARKS[one.verdict]} {name}", f"bold {color}"),
        (f" {one.verdict}" if language == "en" else "", "dim"),
        f"  {says}",
    )
    parts: list[RenderableType] = [
        head,
        Text(""),
        Text(clean(one.explanation if language == "en" else one.explanation_ko)),
    ]
    total = one.total
    if total and total.reports:
        claimed = one.claim.cents if one.claim.kind == "spend" else None
        printed = shown(figure(one.claim), language) if claimed else ""
        parts += [Text(""), ways(total.methods, claimed, printed, width=width, language=language)]
    for line in text.reproduced(one, language):
        parts.append(Text(clean(line).strip()))
    if total:
        parts += [Text(line, style="dim") for line in text.notes(total, language)]
    if known := total or one.known:
        parts += [Text(clean(line), style="dim") for line in text.data_lines(known, language)]
    if today := text.today_line(one, language):
        parts.append(Text(today))
    if filings and total and total.reports:
        parts += [Text(""), reports(total.reports, language)]
    return Panel(Group(*parts), title=Text(f"“{clean(one.claim.text)}”"), title_align="left", border_style=color)


def total_card(total: Total, method: Method, *, width: int = 120, language: Language = "en") -> RenderableType:
    """The answer of `lobbyx total`."""
    count = total.methods[method]
    about = told("terminal.card", language, window=total.window, as_of=total.as_of)
    head = Text.assemble((text.sum_of(count, language), "bold"), f"  {about} ({method})")
    names = [Text(line, style="dim") for line in text.filed_under(total, language)]
    table = ways(total.methods, None, "", method, width=width, language=language)
    parts: list[RenderableType] = [head, *names, Text(""), table]
    parts += [Text(line, style="dim") for line in text.notes(total, language)]
    parts += [Text(clean(line), style="dim") for line in text.data_lines(total, language)]
    if total.members:
        parts += [Text(""), Text("\n".join(text.members_table(total, language)))]
    elif total.reports:
        parts += [Text(""), reports(total.reports, language)]
    name = clean(str(shown(total.organization.name, language)))
    return Panel(Group(*parts), title=Text(name), title_align="left")


def ways(
    methods: Mapping[Method, Count],
    claimed: int | None,
    printed: str,
    headline: Method = "lda",
    *,
    width: int = 120,
    language: Language = "en",
) -> RenderableType:
    """Every way of counting with its range on one scale from zero, and the claimed figure as a line through it."""
    counted = {m: c for m, c in methods.items() if c.reports}
    most = max([c.interval.high for c in counted.values()] + [claimed or 0, 1])
    wide = width >= WIDE
    columns = BAR if wide else max(16, width - 50)
    table = Table(box=None, padding=(0, 1), show_edge=False)
    table.add_column(told("table.way", language), no_wrap=True)
    table.add_column(told("table.reported", language), justify="right", no_wrap=True)
    if wide:
        table.add_column(told("terminal.range", language), justify="right", style="dim", no_wrap=True)
    table.add_column(told("terminal.scale", language, most=amount(most, language)), no_wrap=True)
    for method, count in counted.items():
        i = count.interval
        label = texts.text(f"method_short.{method}", language)
        name = Text.assemble((label, "bold" if method == headline else ""), (f" {method}" if wide else "", "dim"))
        span = [span_of(count, language)] if wide else []
        table.add_row(name, amount(i.reported, language), *span, scale(count, claimed, most, columns))
    said = told("terminal.claimed", language, printed=printed)
    return Group(table, Text(f"│ {said}", style="bold red")) if claimed else table


def scale(count: Count, claimed: int | None, most: int, columns: int = BAR) -> Text:
    """One line: the range as a bar, the reported sum as a dot, the claimed figure as a rule.

    A range that is open above ends in an arrow at the end of the line.
    """
    interval = count.interval

    def at(cents: int) -> int:
        return min(columns - 1, cents * (columns - 1) // most)

    last = at(interval.high) if count.determined else columns - 1
    marks = dict.fromkeys(range(at(interval.low), last + 1), ("─", "blue"))
    if not count.determined:
        marks[last] = ("▶", "blue")
    if claimed is not None:
        marks[at(claimed)] = ("│", "bold red")
    marks[at(interval.reported)] = ("●", "bold blue")
    return Text.assemble(*(marks.get(place, ("·", "dim")) for place in range(columns)))


def reports(lines: Any, language: Language = "en") -> RenderableType:
    """The latest reports, their filings as links."""
    table = Table(box=None, padding=(0, 1), show_edge=False)
    for name in ("period", "registrant", "role", "amount", "posted", "status", "filing"):
        table.add_column(told(f"table.{name}", language), justify="right" if name == "amount" else "left")
    shown_lines: list[Line] = list(lines)[-MOST_REPORTS:]
    for r, status in shown_lines:
        table.add_row(
            texts.period(period_label(r.period), language),
            clean(r.registrant)[:30],
            told(f"table.{r.role}", language),
            amount(r.amount, language) if r.amount is not None else told("table.no_amount", language),
            r.dt_posted[:10],
            told(f"table.{status}", language),
            Text(f"{r.filing_type} ↗", style=f"link {r.url}"),
            style="dim" if status == "superseded" else "",
        )
    more = len(lines) - len(shown_lines)
    said = told("terminal.earlier", language, n=more)
    return Group(table, Text(said, style="dim")) if more else table
