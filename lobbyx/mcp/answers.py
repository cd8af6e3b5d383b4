"""What the tools answer: the JSON of the command line, shortened, with what must be read first at its beginning."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lobbyx.model.errors import LobbyxError
from lobbyx.model.report import filing_url
from lobbyx.model.texts import text
from lobbyx.model.total import Total
from lobbyx.model.verdict import Verdict

MOST_CLAIMS: Final = 20
MOST_FILINGS: Final = 40
MOST_ACTIVITIES: Final = 15
MOST_NAMED: Final = 15
MOST_PERIODS: Final = 40


class NoSuchVerdict(LobbyxError):
    """There is no stored verdict with this number."""


def checked(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Claims with their verdicts; at most MOST_CLAIMS."""
    first = [sentence for one in verdicts[:MOST_CLAIMS] for sentence in doubts(one)]
    if not verdicts:
        first = ["No claim about federal lobbying money was found in the text. That says nothing about its truth."]
    return {
        "read_this_first": list(dict.fromkeys(first)),
        "claims": [_judged(one) for one in verdicts[:MOST_CLAIMS]],
        "claims_left_out": max(0, len(verdicts) - MOST_CLAIMS),
    }


def _judged(verdict: Verdict) -> dict[str, Any]:
    whole = verdict.json()
    today = whole["today"]
    kept = {name: whole[name] for name in whole if name not in ("today", "evidence", "explanation_ko", "reproductions")}
    return {
        **kept,
        "today": today and {name: today[name] for name in ("verdict", "as_of", "explanation")},
        **links(verdict.evidence),
    }


def doubts(verdict: Verdict) -> Iterator[str]:
    """What somebody must know before repeating a verdict, in sentences."""
    claim = verdict.claim
    quoted = f"“{claim.text[:120]}”"
    if claim.stance != "asserted":
        yield f"{quoted} is {claim.stance} in the text, not asserted, so it was not judged."
    if not claim.sure:
        other = "".join(f"; {name} could also be {_said(value)}" for name, value in claim.otherwise.items() if value)
        yield f"The reading of {quoted} is unsure of {', '.join(claim.unsure_of) or 'its meaning'}{other}."
    if claim.missing:
        yield f"{quoted} does not say its {', '.join(claim.missing)}."
    if verdict.verdict == "unverifiable":
        yield f"{quoted} cannot be verified by what is on file; that does not make it false."
    for one in verdict.undetermined:
        yield f"{one.window}: {one.reason}" + (f" To download it: {one.command}" if one.command else "")
    for warned in verdict.total.warnings if verdict.total else ():
        yield warned.message


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{value.get('start') or 'the beginning'} to {value.get('end') or 'now'}"
    return str(value)


def total(found: Total) -> dict[str, Any]:
    """A total with its first MOST_FILINGS reports."""
    whole = found.json()
    first = [warned.message for warned in found.warnings]
    for one in found.undetermined:
        first.append(f"{one.window}: {one.reason}" + (f" To download it: {one.command}" if one.command else ""))
    if not found.determined:
        first.insert(0, "What is on file does not determine this total: only its lower bound holds.")
    reports = whole.pop("reports")
    return {
        "read_this_first": first,
        **{name: value for name, value in whole.items() if name != "warnings"},
        "reports": reports[:MOST_FILINGS],
        "reports_left_out": max(0, len(reports) - MOST_FILINGS),
    }


def found(result: Mapping[str, Any]) -> dict[str, Any]:
    """What a search found; activities at most MOST_ACTIVITIES, each with its filing's page."""
    activities = result["activities"]
    return {
        "read_this_first": [result["note"]] if result["note"] else [],
        "organizations": result["organizations"],
        "firms": result["firms"],
        "activities": activities[:MOST_ACTIVITIES],
        "activities_left_out": max(0, len(activities) - MOST_ACTIVITIES),
    }


def topic(result: Mapping[str, Any]) -> dict[str, Any]:
    """Who lobbied on a topic; at most MOST_NAMED of each list, and the filings of one part with their pages."""
    periods = result["periods"]
    first = [text("topic.no_money")]
    if not periods:
        first.append(text("topic.none"))
    if result["last_posted"]:
        first.append(text("topic.on_file", day=result["last_posted"]))
    if lacking := [one["period"] for one in periods if not one["complete"]]:
        first.append(
            f"Reports may be missing for {len(lacking)} of the {len(periods)} periods ({lacking[0]} to {lacking[-1]}), "
            "so numbers of reports and organizations, and who started or stopped, are those of the filings on file."
        )
    if result["counted_since"]:
        first.append(text("topic.common", day=result["counted_since"]))
    if result["superseded_reports"]:
        first.append(text("topic.superseded", n=result["superseded_reports"]))
    lists = {name: result[name] for name in ("started", "stopped", "most", "agencies", "firms")}
    return {
        "read_this_first": first,
        **{name: value for name, value in result.items() if name not in (*lists, "filings", "periods")},
        "periods": periods[-MOST_PERIODS:],
        "periods_left_out": max(0, len(periods) - MOST_PERIODS),
        **{name: rows and rows[:MOST_NAMED] for name, rows in lists.items()},
        "filings": [{**one, "passage": one["passage"]["text"]} for one in result["filings"]],
        "filings_left_out": result["filings_in_all"] - len(result["filings"]),
    }


def filings_behind(db: sqlite3.Connection, identifier: int) -> dict[str, Any]:
    """The filings behind a stored verdict. Raises NoSuchVerdict."""
    row = db.execute(
        "SELECT v.verdict, v.explanation, v.as_of, c.text, c.published FROM verdicts v "
        "JOIN claims c ON c.id = v.claim_id WHERE v.id = ?",
        [identifier],
    ).fetchone()
    if row is None:
        raise NoSuchVerdict(f"there is no verdict {identifier}; the site lists those that are stored")
    rows = db.execute(
        "SELECT e.filing_uuid, e.role, e.status, e.amount, f.filing_year, f.filing_period, f.filing_type, f.dt_posted, "
        "r.name AS registrant, c.name AS client FROM evidence e JOIN filings f ON f.filing_uuid = e.filing_uuid "
        "JOIN registrants r ON r.id = f.registrant_id JOIN clients c ON c.id = f.client_id "
        "WHERE e.verdict_id = ? ORDER BY f.dt_posted, e.filing_uuid",
        [identifier],
    ).fetchall()
    shown = [{**dict(one), "url": filing_url(one["filing_uuid"])} for one in rows[:MOST_FILINGS]]
    return {
        "read_this_first": [f"The verdict is as of {row['as_of']}; later filings may change it."],
        **dict(row),
        "filings": shown,
        "filings_left_out": max(0, len(rows) - MOST_FILINGS),
    }


def links(evidence: Sequence[str]) -> dict[str, Any]:
    """The filings' pages at the Senate."""
    return {
        "filings": [{"filing_uuid": one, "url": filing_url(one)} for one in evidence[:MOST_FILINGS]],
        "filings_left_out": max(0, len(evidence) - MOST_FILINGS),
    }
