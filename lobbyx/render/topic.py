"""What the filings say about a topic, as plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from lobbyx.model import texts
from lobbyx.model.texts import Language
from lobbyx.render.text import clean, wide

Rows = Sequence[Mapping[str, Any]]
Say = Callable[[Mapping[str, Any]], str]
SHOWN: Final = 10
"""Rows of each list; --json has more."""


HEADS: Final = (("reports", 10), ("organizations", 15), ("named_first", 16), ("registrations", 15))
"""The columns by period, with their widths."""


def topic_text(found: Mapping[str, Any], language: Language = "en") -> str:
    """Filings and organizations by period, who began, who left off, before whom and through which firms."""
    return "\n".join(clean(line) for line in _Lines(language).all(found))


class _Lines:
    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def text(self, key: str, **values: Any) -> str:
        return texts.text(key, self.language, **values)

    def day(self, given: str | None) -> str:
        return texts.day(given or "", self.language)

    def period(self, label: str) -> str:
        return texts.period(label, self.language)

    def all(self, found: Mapping[str, Any]) -> Iterator[str]:
        read, text = found["topic"], self.text
        name = texts.shown(texts.name_of("issue", read["name"]), self.language) if read["code"] else read["name"]
        yield text(f"topic.read_as.{read['kind']}", name=name, code=read["code"] or "")
        if not found["periods"]:
            yield text("topic.none")
            return
        yield text("topic.lead", **{name: found[name] for name in ("reports", "registrations", "organizations")})
        yield text("topic.no_money")
        yield text("topic.on_file", day=self.day(found["last_posted"]))
        if found["superseded_reports"]:
            yield text("topic.superseded", n=found["superseded_reports"])
        if found["counted_since"]:
            yield text("topic.common", day=self.day(found["counted_since"]))
        yield ""
        yield from self.periods(found["periods"])
        began_after = {True: text("topic.started_after"), False: text("topic.started_first")}
        if found["started"]:
            yield ""
            yield text("topic.started_how", known=found["started_known"], all=found["started_in_all"])
        yield from self.list(
            "started", found["started"], lambda r: f"{self.period(r['period'])}: {began_after[r['reported_before']]}"
        )
        yield from self.list("stopped", found["stopped"], self.left)
        yield from self.list(
            "most",
            found["most"],
            lambda r: f"{self.period(r['first'])}–{self.period(r['last'])}, {self.filings(r)}",
        )
        yield from self.list("agencies", found["agencies"], self.filings, "name")
        yield from self.list("firms", found["firms"], self.filings, "firm")

    def periods(self, rows: Rows) -> Iterator[str]:
        heads = [(self.text(f"terminal.{name}"), width) for name, width in HEADS]
        labels = {p["period"]: self.period(p["period"]) for p in rows}
        first = max([8, *map(wide, labels.values())])
        yield " " * first + "".join(" " * (width - wide(head)) + head for head, width in heads)
        for p in reversed(rows):
            label = labels[p["period"]] + " " * (first - wide(labels[p["period"]]))
            if not p["on_file"]:
                yield f"{label}  {self.text('topic.not_on_file')}"
                continue
            began = "" if p["started"] is None else p["started"]
            yield f"{label}{p['reports']:>10,}{p['organizations']:>15,}{began:>16}{p['registrations']:>15,}"

    def filings(self, row: Mapping[str, Any]) -> str:
        return self.text("search.filings", n=row["filings"])

    def left(self, row: Mapping[str, Any]) -> str:
        through = row["not_since_through"]
        said = self.text("topic.not_since", day=self.day(through)) if through else self.text("topic.not_later")
        return f"{self.text('topic.last_named', period=self.period(row['period']))}; {said}"

    def list(self, section: str, rows: Rows | None, said: Say, name: str = "organization") -> Iterator[str]:
        if rows:
            yield ""
            yield f"{self.text(f'topic.section.{section}')}:"
            yield from (f"  {row[name]}: {said(row)}" for row in rows[:SHOWN])
