"""Claims kept with their verdicts and evidence.

A verdict is never overwritten. A new result for the same claim is stored next to the old ones, and the newest counts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from lobbyx.database.schema import tables
from lobbyx.model.claim import Claim
from lobbyx.model.money import dollars
from lobbyx.model.period import Window, iso
from lobbyx.model.verdict import Verdict
from lobbyx.reading.claims.sentences import sentences
from lobbyx.reading.source import Source

LARGEST_ID: Final = 2**63 - 1
"""SQLite has no larger number for a row."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A claim on file that can be judged again."""

    id: int
    claim: Claim
    published: date | None


# Keeping ----------------------------------------------------------------------------------------------------------


def keep(db: sqlite3.Connection, source: Source, checked: Sequence[Verdict]) -> list[int]:
    """Stores the claims of a source and their verdicts; returns the verdicts' ids. Needs an open transaction.

    The same claim with the same result adds nothing. A verdict as of another day than the source's is not the claim's
    own, so `Ledger.record` keeps that one first.
    """
    parts = list(sentences(source.text)) if checked else []
    return [_keep(db, source, parts, verdict) for verdict in checked]


def _keep(db: sqlite3.Connection, source: Source, parts: Sequence[tuple[int, str]], verdict: Verdict) -> int:
    c = verdict.claim
    context, place = _context(source.text, parts, c)
    origin = {"url": source.url, "author": source.author}
    where = {"published": source.published, "start": c.start, "end": c.end}
    what = {"kind": c.kind, "org": c.org, "value": c.value, "detail": json_text(c.detail)}
    window = {f"window_{side}": day for side, day in c.window.json().items()}
    same = {**where, **what, **window}
    claim_id = _kept_before(db, {"source_sha256": source.sha256, **origin, **same}) or (
        tables(db)
        .table("claims")
        .lookup(
            {"source_sha256": _digest(source), **same},
            {
                "source": source.name,
                **origin,
                "title": source.title,
                "text": c.text,
                "context": context,
                "context_start": place,
                "precision": c.precision,
                "currency": c.currency,
                "comparator": c.comparator,
                "window_text": c.window_text,
                "missing": json.dumps(c.missing),
                "reading": json_text(
                    {
                        "high": c.high,
                        "stance": c.stance,
                        "sure": c.sure,
                        "unsure_of": list(c.unsure_of),
                        "otherwise": dict(c.otherwise),
                        "candidates": list(c.candidates),
                    }
                ),
            },
        )
    )
    return keep_verdict(db, claim_id, verdict)


def _kept_before(db: sqlite3.Connection, row: Mapping[str, object]) -> int | None:
    """The claim as a version kept it that told texts apart by their words alone."""
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    found = db.execute(f"SELECT max(id) FROM claims WHERE ({names}) IS ({marks})", list(row.values()))  # noqa: S608
    return found.fetchone()[0]  # type: ignore[no-any-return]


def _digest(source: Source) -> str:
    """What tells one text from another: the same sentence in two papers, or by two speakers, is two statements."""
    if not source.url and not source.author:
        return source.sha256
    return sha256("\0".join((source.sha256, source.url or "", source.author or "")).encode()).hexdigest()


def keep_verdict(db: sqlite3.Connection, claim_id: int, verdict: Verdict) -> int:
    """Stores a verdict on a stored claim, unless its newest one says the same. Needs an open transaction."""
    total, today = verdict.total, verdict.today
    lda = total.methods["lda"].json() if total else {}
    row = {
        "claim_id": claim_id,
        "organization_id": (verdict.organization and verdict.organization.id) or None,  # 0: everybody
        "as_of": iso(verdict.as_of),
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "explanation": verdict.explanation,
        "explanation_ko": verdict.explanation_ko,
        "holds_under": json.dumps(verdict.holds_under),
        "reproduced_by": json.dumps(verdict.reproduced_by),
        "reproductions": json_text([one.json() for one in verdict.reproductions]),
        "found": json_text(verdict.found),
        "totals": json_text({method: count.json() for method, count in verdict.totals.items()}),
        "warnings": json_text([w.json() for w in total.warnings] if total else []),
        **{name: lda.get(name) for name in ("low", "reported", "high")},
        "today_verdict": today and today.verdict,
        "today_as_of": iso(today.as_of) if today else None,
        "today_reported": today and today.total and today.total.methods["lda"].reported,
        "known": json_text(
            {
                "could_hold_under": list(verdict.could_hold_under),
                "undetermined": [one.json() for one in verdict.undetermined],
                "command": verdict.command,
                "data_through": iso(verdict.data_through),
            }
        ),
    }
    newest = db.execute("SELECT max(id) FROM verdicts WHERE claim_id = ? AND as_of IS ?", [claim_id, row["as_of"]])
    if (known := newest.fetchone()[0]) and _says(db, known, row):
        return int(known)
    verdict_id = int(tables(db).table("verdicts").insert(row).last_rowid or 0)
    tables(db).table("evidence").insert_all(
        {
            "verdict_id": verdict_id,
            "filing_uuid": e.filing_uuid,
            "role": e.role,
            "status": e.status,
            "amount": None if e.amount is None else dollars(e.amount),
            "url": e.url,
        }
        for e in verdict.weighed
    )
    return verdict_id


def _context(text: str, parts: Iterable[tuple[int, str]], claim: Claim) -> tuple[str, int]:
    """The sentence that contains a claim, and the claim's place in it."""
    for start, sentence in parts:
        if start <= claim.start < start + len(sentence):
            return text[start : start + len(sentence)], claim.start - start
    return claim.text, 0


def _says(db: sqlite3.Connection, verdict_id: int, row: Mapping[str, object]) -> bool:
    """Whether a stored verdict has these values."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    values = [verdict_id, *row.values()]
    return bool(db.execute(f"SELECT 1 FROM verdicts WHERE id = ? AND ({names}) IS ({marks})", values).fetchone())  # noqa: S608


def json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def stored(db: sqlite3.Connection) -> Iterator[Stored]:
    """The claims on file, oldest first."""
    for row in db.execute("SELECT * FROM claims ORDER BY id").fetchall():
        window = Window(
            *(date.fromisoformat(day) if (day := row[f"window_{side}"]) else None for side in ("start", "end"))
        )
        claim = Claim(
            **{name: row[name] for name in ("text", "start", "end", "kind", "org", "value", "precision", "comparator")},
            window=window,
            window_text=row["window_text"],
            currency=row["currency"],
            missing=tuple(json.loads(row["missing"])),
            detail=json.loads(row["detail"]),
            **_reading(json.loads(row["reading"])),
        )
        yield Stored(row["id"], claim, date.fromisoformat(row["published"]) if row["published"] else None)


def _reading(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a claim that `reading` keeps; none for a claim kept by an earlier version."""
    lists = {name: tuple(kept[name]) for name in ("unsure_of", "candidates") if name in kept}
    return {**kept, **lists}


def newest(db: sqlite3.Connection, claim_id: int) -> sqlite3.Row | None:
    """The verdict that counts: the newest judgement as of the claim's publication day; None where it has none."""
    row = db.execute(
        "SELECT v.* FROM claims c JOIN verdicts v ON v.claim_id = c.id WHERE c.id = ? "
        "ORDER BY v.as_of IS c.published DESC, v.as_of DESC, v.id DESC LIMIT 1",
        [claim_id],
    )
    return row.fetchone()  # type: ignore[no-any-return]


def claims_of(db: sqlite3.Connection, verdict_ids: Sequence[int]) -> set[int]:
    """The claims that verdicts are on."""
    query = "SELECT claim_id FROM verdicts WHERE id IN (SELECT value FROM json_each(?))"
    return {row[0] for row in db.execute(query, [json.dumps(list(verdict_ids))])}


def newest_verdict(db: sqlite3.Connection, claim: int) -> int | None:
    """The id of the newest verdict on a stored claim; None where there is no such claim, or no verdict on it."""
    if not 0 < claim <= LARGEST_ID:
        return None
    found = db.execute("SELECT max(id) FROM verdicts WHERE claim_id = ?", [claim]).fetchone()[0]
    return None if found is None else int(found)


def delete(db: sqlite3.Connection, claim_id: int) -> bool:
    """Deletes a claim with its verdicts and their evidence; returns whether there was one. Needs a transaction."""
    if abs(claim_id) > LARGEST_ID:
        return False
    return db.execute("DELETE FROM claims WHERE id = ?", [claim_id]).rowcount > 0


# Giving out --------------------------------------------------------------------------------------------------------

# A verdict on another day than the claim's own never takes the place of the one on that day; without a day, the latest.
_ROWS = """
SELECT c.id AS claim_id, v.id AS verdict_id, c.source, c.url, c.author, c.title, c.published, c.text, c.context, c.kind,
       c.org, c.value, c.currency, c.comparator, c.window_start, c.window_end, c.missing, c.detail, v.as_of, v.verdict,
       v.reason, o.name AS organization, v.low, v.reported, v.high, v.holds_under, v.reproduced_by, v.explanation,
       v.explanation_ko, v.known, v.today_verdict, v.today_as_of, v.today_reported,
       (SELECT count(*) FROM verdicts h WHERE h.claim_id = c.id) AS verdicts
FROM claims c
LEFT JOIN verdicts v ON v.id = (
    SELECT n.id FROM verdicts n JOIN claims k ON k.id = n.claim_id WHERE n.claim_id = c.id
    ORDER BY n.as_of IS k.published DESC, n.as_of DESC, n.id DESC LIMIT 1
)
LEFT JOIN organizations o ON o.id = v.organization_id
ORDER BY c.id
"""
JSON_COLUMNS: Final = ("missing", "detail", "holds_under", "reproduced_by", "known")


def rows(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every claim with its newest verdict; amounts in US dollars, lists as JSON values."""
    found = [dict(row) for row in db.execute(_ROWS)]
    for row in found:
        row |= {name: json.loads(row[name]) if row[name] else None for name in JSON_COLUMNS}
        known = row.pop("known") or {}
        row |= {name: known.get(name) for name in ("could_hold_under", "undetermined", "command", "data_through")}
    return found
