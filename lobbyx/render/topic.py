"""What the filings say about a topic, as plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from lobbyx.model.texts import text
from lobbyx.render.text import clean

Rows = Sequence[Mapping[str, Any]]
Say = Callable[[Mapping[str, Any]], str]
SHOWN: Final = 10
"""Rows of each list; --json has more."""


def topic_text(found: Mapping[str, Any]) -> str:
    """Filings and organizations by period, who began, who left off, before whom and through which firms."""
    return "\n".join(clean(line) for line in _lines(found))


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    read = found["topic"]
    yield text(f"topic.read_as.{read['kind']}", name=read["name"], code=read["code"] or "")
    if not found["periods"]:
        yield text("topic.none")
        return
    yield text("topic.lead", **{name: found[name] for name in ("reports", "registrations", "organizations")})
    yield text("topic.no_money")
    yield text("topic.on_file", day=found["last_posted"])
    if found["superseded_reports"]:
        yield text("topic.superseded", n=found["superseded_reports"])
    if found["counted_since"]:
        yield text("topic.common", day=found["counted_since"])
    yield ""
    yield f"{'':8}{'reports':>10}{'organizations':>15}{'named it first':>16}{'registrations':>15}"
    for p in reversed(found["periods"]):
        if not p["on_file"]:
            yield f"{p['period']:8}  {text('topic.not_on_file')}"
            continue
        began = "" if p["started"] is None else p["started"]
        yield f"{p['period']:8}{p['reports']:>10,}{p['organizations']:>15,}{began:>16}{p['registrations']:>15,}"
    began_after = {True: text("topic.started_after"), False: text("topic.started_first")}
    if found["started"]:
        yield ""
        yield text("topic.started_how", known=found["started_known"], all=found["started_in_all"])
    yield from _list("started", found["started"], lambda r: f"{r['period']}: {began_after[r['reported_before']]}")
    yield from _list("stopped", found["stopped"], _left)
    yield from _list("most", found["most"], lambda r: f"{r['first']}–{r['last']}, {_filings(r)}")
    yield from _list("agencies", found["agencies"], _filings, "name")
    yield from _list("firms", found["firms"], _filings, "firm")


def _filings(row: Mapping[str, Any]) -> str:
    return text("search.filings", n=row["filings"])


def _left(row: Mapping[str, Any]) -> str:
    through = row["not_since_through"]
    said = text("topic.not_since", day=through) if through else text("topic.not_later")
    return f"{text('topic.last_named', period=row['period'])}; {said}"


def _list(section: str, rows: Rows | None, said: Say, name: str = "organization") -> Iterator[str]:
    if rows:
        yield ""
        yield f"{text(f'topic.section.{section}')}:"
        yield from (f"  {row[name]}: {said(row)}" for row in rows[:SHOWN])
