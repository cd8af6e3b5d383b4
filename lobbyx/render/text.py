"""Totals and verdicts as plain text for a terminal or a pipe."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from lobbyx.accounting.account import Step
from lobbyx.model.money import money
from lobbyx.model.period import Window
from lobbyx.model.report import Report, Status
from lobbyx.model.total import METHOD_MEANINGS, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts import OUTCOMES, reproduction
from lobbyx.verdicts.explanation import Language, shown

WIDTH = 110
MOST_MISSING = 4
"""Spans of missing periods that are listed; --json has all."""
MARKS = {
    "supported": "✓",
    "refuted": "✗",
    "depends_on_method": "±",
    "within_rounding": "≈",
    "unverifiable": "?",
}


def clean(text: str) -> str:
    """Text from outside on one line, without characters that could control the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _table(rows: Sequence[Sequence[str]], right: Iterable[int] = (), indent: str = "  ") -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    right = set(right)
    return [
        (
            indent
            + "  ".join(
                cell.rjust(width) if i in right else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
        ).rstrip()
        for row in rows
    ]


def methods_table(total: Total, headline: Method = "lda") -> list[str]:
    """The ways of counting, with the requested one marked."""
    rows = [("", "way of counting", "reported", "range", "reports", "what it adds")]
    for method, count in total.methods.items():
        span = count.range
        mark = "→" if method == headline else ""
        rows.append((mark, method, money(count.interval.reported), span, str(count.reports), METHOD_MEANINGS[method]))
    return _table(rows, right=(2, 3, 4))


def reports_table(reports: Sequence[tuple[Report, Status]]) -> list[str]:
    """Every report with its link."""
    rows = [("period", "registrant", "role", "amount", "posted", "status", "filing")]
    for r, status in reports:
        amount = money(r.amount) if r.amount is not None else f"below {money(r.interval.high)}"
        if r.amount is None and not r.interval.high:
            amount = "no activity"
        rows.append((period(r.period), clean(r.registrant)[:34], r.role, amount, r.dt_posted[:10], status, r.url))
    return _table(rows, right=(3,))


def period(window: Window) -> str:
    """`2021 Q3`, or `1999 H1` for a half-year."""
    assert window.start is not None
    assert window.end is not None
    months = window.end.month - window.start.month + 1
    return f"{window.start.year} {'H' if months == 6 else 'Q'}{(window.start.month - 1) // months + 1}"


def data_lines(known: Total) -> list[str]:
    """Through which day the data behind a figure go, and what brings what is missing."""
    if known.data_through:
        return [f"data: everything posted about these periods through {known.data_through} is on file"]
    newest = max((r.posted.date() for r, _ in known.reports), default=None)
    lines = [
        "data: not known to be complete" + (f"; the newest report on file was posted on {newest}" if newest else "")
    ]
    lines += [
        f"missing: {one.window.start} to {one.window.end}: {one.reason}"
        for one in known.undetermined[:MOST_MISSING]
        if one.state == "unknown"
    ]
    return [*lines, f"to get what is missing: {known.command}"] if known.command else lines


def total_text(total: Total, headline: Method) -> str:
    """The whole output of `lobbyx total`."""
    org = total.organization
    count = total.methods[headline]
    sum_ = money(count.interval.reported) if count.determined else f"at least {money(count.interval.low)}"
    lines = [
        f"{clean(org.name)} reported {sum_} for lobbying {total.window}, as of {total.as_of}",
        f"  filed under: {'; '.join(clean(n) for n in org.names)}",
        "",
        *methods_table(total, headline),
        "",
        *(f"  {clean(line)}" for line in data_lines(total)),
    ]
    lines += ["", *(f"  note: {clean(w.message)}" for w in total.warnings)] if total.warnings else []
    lines += ["", *reports_table(total.reports)] if total.reports else []
    return "\n".join(lines)


def history_text(total: Total, steps: Sequence[Step], method: Method) -> str:
    """The output of `lobbyx total --history`: each day on which the figure changed, and why."""
    rows: list[tuple[str, ...]] = [("posted", method, "range", "by")]
    for step in steps:
        count = step.methods[method]
        by = ", ".join(f"{r.filing_type} of {period(r.period)}, {clean(r.registrant)[:34]}" for r in step.posted)
        span = count.range
        rows.append((step.as_of.isoformat(), money(count.interval.reported), span, by or "a registration"))
    head = f"{clean(total.organization.name)}, {total.window}: how the figure changed ({METHOD_MEANINGS[method]})"
    return "\n".join([head, "", *_table(rows, right=(1, 2))])


def reproduced(verdict: Verdict) -> list[str]:
    """How to get the printed figure, beyond what the table shows."""
    lines = []
    if verdict.reproduced_by:
        lines += ["", f"  Ways of counting that give the printed figure: {', '.join(verdict.reproduced_by)}"]
    others = [w for w in verdict.reproductions if w.instead or (w.window_kind, w.scope) != ("claimed", "organization")]
    for way in others[:3]:
        done = shown(reproduction.how(way))
        by_chance = f"{way.chance:.1%} of random figures with as many digits would match"
        lines.append(f"  The printed figure comes out as {money(way.reported)} if one {clean(done)} ({by_chance})")
    return lines


def verdict_text(verdict: Verdict, *, filings: bool = True, language: Language = "en") -> str:
    """One checked claim: verdict, explanation, ways of counting, today, and each filing with its link."""
    lines = [
        f"“{clean(verdict.claim.text)}”",
        f"{MARKS[verdict.verdict]} {verdict.verdict}: {OUTCOMES[verdict.verdict]}",
        "",
        *textwrap.wrap(
            clean(verdict.explanation if language == "en" else verdict.explanation_ko),
            WIDTH,
            initial_indent="  ",
            subsequent_indent="  ",
            break_on_hyphens=False,
        ),
    ]
    total = verdict.total
    if total and total.reports:
        lines += ["", *methods_table(total)]
        lines += reproduced(verdict)
        lines += [f"  note: {clean(w.message)}" for w in total.warnings]
    if known := total or verdict.known:
        lines += [f"  {clean(line)}" for line in data_lines(known)]
    today = verdict.today
    if today and today.total and today.as_of != verdict.as_of:
        count = today.total.methods["lda"]
        lines.append(f"  With all filings on file (posted by {today.as_of}): {today.verdict}, {count}")
    if filings and total and total.reports:
        lines += ["", *reports_table(total.reports)]
    return "\n".join(lines)
