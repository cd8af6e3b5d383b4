"""Claims as records: kept with their verdicts and evidence, brought in from tables people keep, given out as CSV, JSON
and schema.org ClaimReview.

A verdict is never overwritten: a new result for the same claim stands beside the old ones, the newest counts.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from lobbyx import pages
from lobbyx.articles import LARGEST_FILE, Source, UnreadableSource, decode
from lobbyx.claims.sentences import sentences
from lobbyx.models import Claim, Outcome, Verdict, Window, dollars, iso

LONGEST_SUMMARY: Final = 300
"""Characters of `claimReviewed`."""

RATINGS: Final[Mapping[Outcome, tuple[int, str]]] = {
    "supported": (5, "Supported by the filings"),
    "within_rounding": (3, "Undecided: within the filers' rounding"),
    "depends_on_method": (2, "Only by another way of counting"),
    "refuted": (1, "Refuted by the filings"),
}
"""Rating and its words; a claim that cannot be verified has none."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A claim on file, to be judged again."""

    id: int
    claim: Claim
    published: date | None


# Keeping ----------------------------------------------------------------------------------------------------------


def keep(db: sqlite3.Connection, source: Source, checked: Sequence[Verdict]) -> list[int]:
    """Stores the claims of a source and their verdicts; returns the verdicts' ids. Needs an open transaction.

    The same claim with the same result adds nothing.
    """
    parts = list(sentences(source.text)) if checked else []
    return [_keep(db, source, parts, verdict) for verdict in checked]


def _keep(db: sqlite3.Connection, source: Source, parts: Sequence[tuple[int, str]], verdict: Verdict) -> int:
    c = verdict.claim
    context, place = _context(source.text, parts, c)
    where = {"source_sha256": source.sha256, "published": source.published, "start": c.start, "end": c.end}
    what = {"kind": c.kind, "org": c.org, "value": c.value, "detail": _json(c.detail)}
    window = {f"window_{side}": day for side, day in c.window.json().items()}
    claim_id = _id_of(db, "claims", {**where, **what, **window}) or _insert(
        db,
        "claims",
        {
            **{"source": source.name, "url": source.url, "author": source.author, "title": source.title, **where},
            **{"text": c.text, "context": context, "context_start": place, **what, "precision": c.precision},
            **{"currency": c.currency, "comparator": c.comparator, **window},
            **{"window_text": c.window_text, "missing": json.dumps(c.missing)},
        },
    )
    return keep_verdict(db, claim_id, verdict)


def keep_verdict(db: sqlite3.Connection, claim_id: int, verdict: Verdict) -> int:
    """Stores a verdict on a stored claim, unless its newest one says the same. Needs an open transaction."""
    total, today = verdict.total, verdict.today
    lda = total.methods["lda"].json() if total else {}
    row = {
        **{"claim_id": claim_id, "organization_id": verdict.organization and verdict.organization.id},
        **{"as_of": iso(verdict.as_of), "verdict": verdict.verdict, "reason": verdict.reason},
        **{"explanation": verdict.explanation, "explanation_ko": verdict.explanation_ko},
        **{"holds_under": json.dumps(verdict.holds_under), "reproduced_by": json.dumps(verdict.reproduced_by)},
        "reproductions": _json([one.json() for one in verdict.reproductions]),
        "found": _json(verdict.found),
        "totals": _json({method: count.json() for method, count in verdict.totals.items()}),
        "warnings": _json([w.json() for w in total.warnings] if total else []),
        **{name: lda.get(name) for name in ("low", "reported", "high")},
        "today_verdict": today and today.verdict,
        "today_as_of": iso(today.as_of) if today else None,
        "today_reported": today and today.total and today.total.methods["lda"].reported,
    }
    newest = db.execute("SELECT max(id) FROM verdicts WHERE claim_id = ? AND as_of IS ?", [claim_id, row["as_of"]])
    if (known := newest.fetchone()[0]) and _id_of(db, "verdicts", {"id": known, **row}):
        return int(known)
    verdict_id = _insert(db, "verdicts", row)
    db.executemany(
        "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?)",
        [
            (verdict_id, e.filing_uuid, e.role, e.status, None if e.amount is None else dollars(e.amount), e.url)
            for e in verdict.weighed
        ],
    )
    return verdict_id


def _context(text: str, parts: Iterable[tuple[int, str]], claim: Claim) -> tuple[str, int]:
    """The sentence a claim stands in, and where in it."""
    for start, sentence in parts:
        if start <= claim.start < start + len(sentence):
            return text[start : start + len(sentence)], claim.start - start
    return claim.text, 0


def _id_of(db: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int | None:
    """The id of the row with these values."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    found = db.execute(f"SELECT max(id) FROM {table} WHERE ({names}) IS ({marks})", list(row.values()))  # noqa: S608
    return found.fetchone()[0]  # type: ignore[no-any-return]


def _insert(db: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    cursor = db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608
    return int(cursor.lastrowid or 0)


def _json(value: object) -> str:
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
        )
        yield Stored(row["id"], claim, date.fromisoformat(row["published"]) if row["published"] else None)


# Bringing in -------------------------------------------------------------------------------------------------------

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("context", "text", "claim", "statement", "sentence", "quote"),
    "published": ("published", "date", "published_at", "publication_date", "datepublished"),
    "url": ("url", "link", "source_url"),
    "author": ("author", "speaker", "claimant", "outlet", "publisher", "said_by"),
    "source": ("source", "file", "name"),
}
"""What a table of claims may call its columns; the first that is there and not empty is taken."""


def read_csv(path: Path) -> list[Source]:
    """The statements of a table that people keep, each a text of its own.

    One column must hold the statement (`text`, `claim`, `statement`, `sentence`, `quote`); publication date, address
    and who said it are read where there are columns for them. Raises UnreadableSource naming the line and the cause,
    before anything is used.
    """
    try:
        body = path.read_bytes()[: LARGEST_FILE + 1]
    except OSError as error:
        raise UnreadableSource(f"{path}: cannot be read: {error.strerror}") from error
    if len(body) > LARGEST_FILE:
        raise UnreadableSource(f"{path.name}: is larger than {LARGEST_FILE >> 20} MB")
    rows = csv.DictReader(decode(body, path.name).splitlines(keepends=True))
    try:
        names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
        columns = {field: [names[n] for n in known if n in names] for field, known in COLUMNS.items()}
        if not columns["text"]:
            raise UnreadableSource(f"{path.name}: has no column for the statement; name one of them text")
        return [_statement(path.name, rows.line_num, row, columns) for row in rows]
    except csv.Error as error:
        raise UnreadableSource(f"{path.name}, line {rows.line_num}: {error}") from error


def _statement(name: str, line: int, row: Mapping[str, Any], columns: Mapping[str, Sequence[str]]) -> Source:
    found = {
        field: next((row[n].strip() for n in names if (row[n] or "").strip()), "") for field, names in columns.items()
    }
    where = f"{name}, line {line}"
    if not found["text"]:
        raise UnreadableSource(f"{where}: the statement is empty")
    day = pages.day(found["published"])
    if found["published"] and day is None:
        raise UnreadableSource(f"{where}: cannot read the date {found['published'][:40]!r}; write it as 2025-12-25")
    address = found["url"] if re.match(r"(?i)https?://\S+$", found["url"]) else None
    known = address or found["source"] or where
    return Source(known, found["text"], iso(day), "given" if day else None, author=found["author"] or None, url=address)


# Giving out --------------------------------------------------------------------------------------------------------

_ROWS = """
SELECT c.id AS claim_id, v.id AS verdict_id, c.source, c.url, c.author, c.title, c.published, c.text, c.context, c.kind,
       c.org, c.value, c.currency, c.comparator, c.window_start, c.window_end, c.missing, c.detail, v.as_of, v.verdict,
       v.reason, o.name AS organization, v.low, v.reported, v.high, v.holds_under, v.reproduced_by, v.explanation,
       v.explanation_ko, v.today_verdict, v.today_as_of, v.today_reported,
       (SELECT count(*) FROM verdicts h WHERE h.claim_id = c.id) AS verdicts
FROM claims c
LEFT JOIN verdicts v ON v.id = (SELECT max(id) FROM verdicts n WHERE n.claim_id = c.id)
LEFT JOIN organizations o ON o.id = v.organization_id
ORDER BY c.id
"""
JSON_COLUMNS: Final = ("missing", "detail", "holds_under", "reproduced_by")


def rows(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every claim with its newest verdict; amounts in US dollars, lists as JSON values."""
    found = [dict(row) for row in db.execute(_ROWS)]
    for row in found:
        row |= {name: json.loads(row[name]) if row[name] else None for name in JSON_COLUMNS}
    return found


def as_csv(found: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
    """The same as lines of a table, the head first. Cells that a spreadsheet would take for a formula are quoted."""
    for number, row in enumerate(found):
        if number == 0:
            yield list(row)
        yield [_cell(value) for value in row.values()]


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, dict):
        return _json(value) if value else ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def claim_review(row: Mapping[str, Any], publisher: str, publisher_url: str, base_url: str) -> dict[str, Any] | None:
    """One row as schema.org ClaimReview (JSON-LD) with the fields Google's page "Fact check" requires and recommends.

    None for a claim that could not be verified: it has no rating. `base_url` is where the verdicts are published; the
    verdict's id is put behind it.
    """
    rating = RATINGS.get(row["verdict"])
    if rating is None:
        return None
    value, words = rating
    said: dict[str, Any] = {"@type": "Claim"}
    if row["author"]:
        said["author"] = {"@type": "Organization", "name": row["author"]}
    if row["published"]:
        said["datePublished"] = row["published"]
    if row["url"]:
        said["appearance"] = {"@type": "CreativeWork", "url": row["url"]}
        said["firstAppearance"] = said["appearance"]
    summary = " ".join((row["context"] or row["text"]).split())
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{base_url.rstrip('/')}/{row['verdict_id']}",
        "claimReviewed": summary if len(summary) <= LONGEST_SUMMARY else f"{summary[: LONGEST_SUMMARY - 1]}…",
        "reviewBody": row["explanation"],
        "datePublished": row["today_as_of"] or row["as_of"],
        "author": {"@type": "Organization", "name": publisher, "url": publisher_url},
        "itemReviewed": said,
        "reviewRating": {
            **{"@type": "Rating", "ratingValue": value, "bestRating": 5, "worstRating": 1, "alternateName": words},
        },
    }
