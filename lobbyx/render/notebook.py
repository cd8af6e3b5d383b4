"""Totals, verdicts and claims in a notebook: small tables in which every text is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from lobbyx.model.claim import Claim
from lobbyx.model.money import money
from lobbyx.model.total import Count, Method, Total
from lobbyx.model.verdict import Verdict
from lobbyx.render.language import meaning, outcome, reason
from lobbyx.render.text import data_lines


def total_html(total: Total) -> str:
    """The ways of counting, below a line that says whose and when."""
    notes = "".join(f"<li>{escape(w.message)}</li>" for w in total.warnings)
    return _counts(str(total).splitlines()[0], total.methods) + (f"<ul>{notes}</ul>" if notes else "") + _data(total)


def verdict_html(verdict: Verdict) -> str:
    """The claim, the verdict, its explanation and the ways of counting."""
    head = f"<p><q>{escape(verdict.claim.text)}</q></p><p><strong>{escape(outcome(verdict.verdict)[0])}</strong></p>"
    table = _counts(f"as of {verdict.as_of}", verdict.total.methods) if verdict.total else ""
    known = verdict.total or verdict.known
    return f"{head}<p>{escape(verdict.explanation)}</p>{table}{_data(known) if known else ''}"


def claim_html(claim: Claim) -> str:
    """The words of a claim, and what they say."""
    return f"<p><q>{escape(claim.text)}</q></p><p>{escape(str(claim))}</p>"


def _data(known: Total) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in data_lines(known))


def _counts(caption: str, methods: Mapping[Method, Count]) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escape(meaning(method))} <small>{escape(method)}</small></th>"
        f"<td>{money(c.interval.reported)}</td>"
        f"<td>{escape(c.range)}</td><td>{c.reports}</td>"
        f"<td>{escape(reason(method))}</td></tr>"
        for method, c in methods.items()
    )
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr><th>way of counting</th><th>reported</th>"
        f"<th>range</th><th>reports</th><th>why it exists</th></tr></thead><tbody>{rows}</tbody></table>"
    )
