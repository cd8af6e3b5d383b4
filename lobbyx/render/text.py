"""Totals and verdicts as plain text for a terminal or a pipe."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

from lobbyx.accounting.account import Step
from lobbyx.model import texts
from lobbyx.model.period import period_label
from lobbyx.model.report import Report, Status
from lobbyx.model.total import Count, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.render.language import amount, meaning, outcome, told
from lobbyx.render.language import span as span_of
from lobbyx.verdicts import reproduction
from lobbyx.verdicts.explanation import Language, shown

WIDTH = 110
MOST_MISSING = 4
"""Spans of missing periods that are listed; --json has all."""
MOST_NOTES = 6
"""Notes on a group, and on its members, that are printed; --json has all."""
MOST_MEMBERS = 20
"""Members of a group that are listed; --json has all."""
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


def wide(cell: str) -> int:
    """Columns of a terminal that a text takes: Korean letters take two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in cell)


def _table(rows: Sequence[Sequence[str]], right: Iterable[int] = (), indent: str = "  ") -> list[str]:
    widths = [max(wide(row[i]) for row in rows) for i in range(len(rows[0]))]
    right = set(right)

    def padded(i: int, cell: str) -> str:
        space = " " * (widths[i] - wide(cell))
        return space + cell if i in right else cell + space

    return [(indent + "  ".join(padded(i, cell) for i, cell in enumerate(row))).rstrip() for row in rows]


def methods_table(total: Total, headline: Method = "lda", language: Language = "en") -> list[str]:
    """The ways of counting, with the requested one marked."""
    heads = ("table.way", "table.reported", "terminal.range", "table.reports", "terminal.what")
    rows = [("", *(told(head, language) for head in heads))]
    for method, count in total.methods.items():
        mark = "→" if method == headline else ""
        reported, span = amount(count.interval.reported, language), span_of(count, language)
        rows.append((mark, method, reported, span, str(count.reports), meaning(method, language)))
    return _table(rows, right=(2, 3, 4))


def reports_table(reports: Sequence[tuple[Report, Status]], language: Language = "en") -> list[str]:
    """Every report with its link."""
    heads = ("period", "registrant", "role", "amount", "posted", "status", "filing")
    rows = [tuple(told(f"table.{head}", language) for head in heads)]
    for r, status in reports:
        if r.amount is not None:
            sum_ = amount(r.amount, language)
        elif r.interval.high:
            sum_ = told("terminal.below", language, amount=amount(r.interval.high, language))
        else:
            sum_ = told("terminal.no_activity", language)
        who, role, state = (
            clean(r.registrant)[:34],
            told(f"table.{r.role}", language),
            told(f"table.{status}", language),
        )
        rows.append((texts.period(period_label(r.period), language), who, role, sum_, r.dt_posted[:10], state, r.url))
    return _table(rows, right=(3,))


def data_lines(known: Total, language: Language = "en") -> list[str]:
    """Through which day the data behind a figure go, and what brings what is missing."""
    if day := known.data_through:
        return [told("terminal.complete", language, day=day)]
    newest = max((r.posted.date() for r, _ in known.reports), default=None)
    line = told("terminal.not_complete", language)
    if newest:
        line += told("terminal.newest", language, day=newest)
    missing = [one for one in known.undetermined[:MOST_MISSING] if one.state == "unknown"]
    lines = [
        line,
        *(
            told(
                "terminal.missing",
                language,
                start=one.window.start,
                end=one.window.end,
                message=shown(one.reason, language),
            )
            for one in missing
        ),
    ]
    command = known.command
    return [*lines, told("terminal.command", language, command=command)] if command else lines


def filed_under(total: Total, language: Language = "en") -> list[str]:
    """The names that filings have; no line for a group, whose members the warnings name."""
    names = "; ".join(clean(name) for name in total.organization.names)
    return [told("terminal.filed_under", language, names=names)] if names else []


def notes(total: Total, language: Language = "en") -> list[str]:
    """What to know about a figure. Of a group, what is about single members is only begun and counted."""
    kept = list(total.warnings)
    more = 0
    if total.members:
        own = [w for w in kept if w.code.startswith("group_")]
        about = [w for w in kept if not w.code.startswith("group_")]
        kept = [*own[:MOST_NOTES], *about[:MOST_NOTES]]
        more = len(own) + len(about) - len(kept)
    lines = [told("terminal.note", language, message=clean(shown(w.said, language))) for w in kept]
    return [*lines, told("terminal.more_notes", language, n=more)] if more else lines


def members_table(total: Total, language: Language = "en") -> list[str]:
    """Who counts in a group's total, the largest first."""
    counted = sorted(
        ((one.methods["lda"], one.organization) for one in total.members if one.organization),
        key=lambda pair: (-pair[0].interval.reported, pair[1].name),
    )
    heads = ("terminal.number", "terminal.member", "table.reported", "terminal.range", "table.reports")
    rows = [tuple(told(head, language) for head in heads)]
    for count, who in counted[:MOST_MEMBERS]:
        sum_, span = amount(count.interval.reported, language), span_of(count, language)
        rows.append((f"#{who.id}", clean(who.name)[:50], sum_, span, str(count.reports)))
    lines = _table(rows, right=(2, 3, 4))
    more = len(counted) - MOST_MEMBERS
    return [*lines, "  " + told("terminal.more_members", language, n=more)] if more > 0 else lines


def sum_of(count: Count, language: Language = "en") -> str:
    """The reported sum, or the least it can be where it is not determined."""
    if count.determined:
        return amount(count.interval.reported, language)
    return told("terminal.at_least", language, amount=amount(count.interval.low, language))


def total_text(total: Total, headline: Method, language: Language = "en") -> str:
    """The whole output of `lobbyx total`."""
    count = total.methods[headline]
    name = clean(str(shown(total.organization.name, language)))
    known = {"org": name, "window": total.window, "as_of": total.as_of}
    if not count.determined and not any(one.reports for one in total.methods.values()):  # at least $0 tells nothing
        said = told("terminal.no_total", language, **known)
    else:
        said = told("terminal.total", language, sum=sum_of(count, language), **known)
    lines = [
        said,
        *(f"  {line}" for line in filed_under(total, language)),
        "",
        *methods_table(total, headline, language),
        "",
        *(f"  {clean(line)}" for line in data_lines(total, language)),
    ]
    lines += ["", *(f"  {line}" for line in notes(total, language))] if total.warnings else []
    if total.members:
        lines += ["", *members_table(total, language)]
    elif total.reports:
        lines += ["", *reports_table(total.reports, language)]
    return "\n".join(lines)


def history_text(total: Total, steps: Sequence[Step], method: Method, language: Language = "en") -> str:
    """The output of `lobbyx total --history`: each day on which the figure changed, and why."""
    heads = (told(key, language) for key in ("table.posted", "terminal.range", "terminal.by"))
    posted, *rest = heads
    rows: list[tuple[str, ...]] = [(posted, method, *rest)]
    for step in steps:
        count = step.methods[method]
        by = ", ".join(
            told(
                "terminal.report_of",
                language,
                type=r.filing_type,
                period=texts.period(period_label(r.period), language),
                registrant=clean(r.registrant)[:34],
            )
            for r in step.posted
        )
        by = by or told("terminal.a_registration", language)
        rows.append((step.as_of.isoformat(), amount(count.interval.reported, language), span_of(count, language), by))
    head = told(
        "terminal.history",
        language,
        org=clean(total.organization.name),
        window=total.window,
        way=meaning(method, language),
    )
    return "\n".join([head, "", *_table(rows, right=(1, 2))])


def reproduced(verdict: Verdict, language: Language = "en") -> list[str]:
    """How to get the printed figure, beyond what the table shows."""
    lines = []
    if verdict.reproduced_by:
        methods = ", ".join(verdict.reproduced_by)
        lines += [
            "",
            "  " + told("terminal.reproduced_by", language, methods=methods),
        ]
    others = [w for w in verdict.reproductions if w.instead or (w.window_kind, w.scope) != ("claimed", "organization")]
    for way in others[:3]:
        said = told(
            "terminal.comes_out",
            language,
            amount=amount(way.reported, language),
            how=clean(shown(reproduction.how(way), language)),
            chance=f"{way.chance:.1%}",
        )
        lines.append(f"  {said}")
    return lines


def today_line(verdict: Verdict, language: Language = "en") -> str | None:
    """The verdict by all that is on file now, where that is another day's than the claim's."""
    today = verdict.today
    if not (today and today.total and today.as_of != verdict.as_of):
        return None
    count = today.total.methods["lda"]
    return told(
        "terminal.today",
        language,
        day=today.as_of,
        verdict=outcome(today.verdict, language)[0],
        count=f"{amount(count.interval.reported, language)} [{span_of(count, language)}]",
    )


def verdict_text(verdict: Verdict, *, filings: bool = True, language: Language = "en") -> str:
    """One checked claim: verdict, explanation, ways of counting, today, and each filing with its link."""
    name, says = outcome(verdict.verdict, language)
    code = f" ({verdict.verdict})" if language == "en" else ""
    lines = [
        f"“{clean(verdict.claim.text)}”",
        f"{MARKS[verdict.verdict]} {name}{code}: {says}",
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
        lines += ["", *methods_table(total, language=language)]
        lines += reproduced(verdict, language)
        lines += [f"  {line}" for line in notes(total, language)]
    if known := total or verdict.known:
        lines += [f"  {clean(line)}" for line in data_lines(known, language)]
    if today := today_line(verdict, language):
        lines.append(f"  {today}")
    if filings and total and total.reports:
        lines += ["", *reports_table(total.reports, language)]
    return "\n".join(lines)
