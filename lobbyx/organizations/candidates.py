"""Organizations that may be one, or parts of one another: offered for people to decide, never merged.

What is offered, with the score each reason carries:

| reason | score |
|---|---|
| two names claim the same former name | 97 |
| the firm's own list has both under one number (`client.client_id`) | 96 |
| one is called by the other's acronym or trade name | 95 |
| a filing of one lists the other as affiliated (LD-1, line 13) | 92 |
| the names are alike letter by letter, words in any order, and share a rare word | how alike, from 90 to 100 |
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

from lobbyx.names import normalize
from lobbyx.organizations.decisions import Decisions

LIKE = 90.0
"""The likeness from which names are offered."""
MOST_IN_BLOCK = 200
"""A word that more organizations share is not rare."""

MOST_CLAIMING = 6
"""A former name that more claim is a phrase, not a name."""
MOST_SHARING = 6
"""A number in a registrant's list that more organizations share tells nothing."""
MOST_PER_ORGANIZATION = 25
"""Pairs offered about one organization, strongest first; the load says how many more there were."""

Reasons = dict[tuple[int, int], list[tuple[float, str]]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two organizations that may be one, or one a part of the other."""

    a: str
    b: str
    score: float
    """0 to 100; see the module's table."""
    reasons: tuple[str, ...]
    filings: int
    """Of the smaller that has any: what a total may lack."""

    def json(self) -> dict[str, object]:
        """As `lobbyx organizations review --json` prints it."""
        return {
            "a": self.a,
            "b": self.b,
            "score": round(self.score, 1),
            "reasons": list(self.reasons),
            "filings": self.filings,
        }


def candidates(db: sqlite3.Connection, limit: int = 50) -> list[Candidate]:
    """The pairs to decide about, strongest first."""
    rows = db.execute(
        "SELECT * FROM names_to_review ORDER BY score DESC, filings DESC, name, other LIMIT ?", [limit]
    ).fetchall()
    return [
        Candidate(row["name"], row["other"], row["score"], tuple(json.loads(row["reasons"])), row["filings"])
        for row in rows
    ]


STALE = "candidates"
"""The key in `state` that says, by its value `stale`, that what connects names changed, other than by new clients."""


DISPUTED = "disputed_names"
"""The key in `state` of the former names that several others claim, as JSON."""


def keep_disputed(
    db: sqlite3.Connection, found: Mapping[str, frozenset[str]], names: Set[str] | None
) -> dict[str, frozenset[str]]:
    """All former names that several others claim, given those `found` among these normalized names (None: all)."""
    row = None if names is None else db.execute("SELECT value FROM state WHERE key = ?", [DISPUTED]).fetchone()
    before = {former: frozenset(claiming) for former, claiming in json.loads(row[0]).items()} if row else {}
    kept = {former: claiming for former, claiming in before.items() if names is not None and former not in names}
    disputed = {**kept, **found}
    if not row or disputed != before:
        value = json.dumps({former: sorted(claiming) for former, claiming in sorted(disputed.items())})
        db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", [DISPUTED, value])
    return disputed


def bring_up_to_date(
    db: sqlite3.Connection,
    decisions: Decisions,
    disputed: Mapping[str, frozenset[str]],
    counted_again: set[int] | None,
) -> None:
    """Offers pairs for review as `find_candidates` does.

    `counted_again` are organizations that have the same clients and names as before, as all others have; then the same
    pairs are offered, unless a filing lists somebody new as affiliated. None where more has changed.
    """
    stale = db.execute("SELECT 1 FROM state WHERE key = ?", [STALE]).fetchone()
    if counted_again is None or stale or not _affiliations_known(db, decisions, counted_again):
        find_candidates(db, decisions, disputed)
        return
    filings = "(SELECT sum(filings) FROM organization_names WHERE organization_id = {})"
    fewest = "min(coalesce(nullif(a, 0), b, 0), coalesce(nullif(b, 0), a, 0))"
    db.execute(
        "UPDATE organization_candidates SET filings = "  # noqa: S608
        f"(SELECT {fewest} FROM (SELECT coalesce({filings.format('organization_candidates.organization_id')}, 0) AS a, "
        f"coalesce({filings.format('organization_candidates.other_id')}, 0) AS b)) "
        "WHERE organization_id IN (SELECT value FROM json_each(:ids)) "
        "OR other_id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps(sorted(counted_again))},
    )


def _affiliations_known(db: sqlite3.Connection, decisions: Decisions, organizations: set[int]) -> bool:
    """Whether every pair that filings of these organizations connect by an affiliation is offered for that already."""
    for a, name, key in db.execute(
        "SELECT DISTINCT c.organization_id, x.name, o.normalized FROM clients c "
        "JOIN organizations o ON o.id = c.organization_id JOIN filings f ON f.client_id = c.id "
        "JOIN affiliated_organizations x ON x.filing_uuid = f.filing_uuid "
        "WHERE x.name IS NOT NULL AND c.organization_id IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(organizations))],
    ).fetchall():
        other = normalize(name)
        row = db.execute("SELECT id FROM organizations WHERE normalized = ?", [other]).fetchone()
        if row is None or row["id"] == a or decisions.relation(key, other):
            continue
        reasons = "SELECT reasons FROM organization_candidates WHERE organization_id = ? AND other_id = ?"
        offered = db.execute(reasons, sorted((a, row["id"]))).fetchone()
        if offered is None or _affiliated(name) not in json.loads(offered["reasons"]):
            return False
    return True


def _affiliated(name: str) -> str:
    return f"a filing lists {name} as affiliated"


def find_candidates(db: sqlite3.Connection, decisions: Decisions, disputed: Mapping[str, frozenset[str]]) -> None:
    """Fills `organization_candidates` from what is on file. Needs an open transaction and current organizations.

    How many pairs were left out is noted in `state` (see `left_out`).
    """
    rows = db.execute(
        # One that is known by its subsidiaries has no name as filed, and no filings.
        "SELECT o.id, o.normalized, coalesce(sum(n.filings), 0) AS filings FROM organizations o "
        "LEFT JOIN organization_names n ON n.organization_id = o.id GROUP BY o.id ORDER BY o.normalized"
    ).fetchall()
    called = {row["normalized"]: row["id"] for row in rows}
    names = {row["id"]: row["normalized"] for row in rows}
    filings = {row["id"]: row["filings"] for row in rows}
    found: Reasons = defaultdict(list)

    def offer(a: int | None, b: int | None, score: float, reason: str) -> None:
        if a is not None and b is not None and a != b and not decisions.relation(names[a], names[b]):
            found[min(a, b), max(a, b)].append((score, reason))

    for former, claiming in sorted(disputed.items()):
        if len(claiming) > MOST_CLAIMING:
            continue
        for one, other in combinations(sorted(claiming), 2):
            offer(called.get(one), called.get(other), 97, f"both say they were formerly {former}")
        for one in sorted(claiming):
            offer(called.get(one), called.get(former), 97, f"one of {len(claiming)} that were formerly {former}")
    for a, b, number in _same_number(db):
        offer(a, b, 96, f"number {number} in the list of one registrant")
    for a, alias, kind in db.execute(
        "SELECT organization_id, alias, kind FROM organization_aliases WHERE kind IN ('acronym', 'trade') ORDER BY 1, 2"
    ):
        offer(a, called.get(alias), 95, f"its {kind + ' name' if kind == 'trade' else kind} is {alias}")
    for a, name in db.execute(
        "SELECT DISTINCT c.organization_id, x.name FROM affiliated_organizations x "
        "JOIN filings f ON f.filing_uuid = x.filing_uuid JOIN clients c ON c.id = f.client_id "
        "WHERE x.name IS NOT NULL AND c.organization_id IS NOT NULL ORDER BY 1, 2"
    ):
        offer(a, called.get(normalize(name)), 92, _affiliated(name))
    for i, j, score, word in alike([row["normalized"] for row in rows]):
        offer(rows[i]["id"], rows[j]["id"], score, f"share the rare word {word} and are {score:.0f} of 100 alike")

    kept = _strongest(found)
    db.execute("DELETE FROM organization_candidates")
    db.executemany(
        "INSERT INTO organization_candidates VALUES (?, ?, ?, ?, ?)",
        [
            (
                a,
                b,
                round(max(score for score, _ in found[a, b]), 1),
                json.dumps([reason for _, reason in sorted(found[a, b], key=lambda r: -r[0])], ensure_ascii=False),
                min(filings[a] or filings[b], filings[b] or filings[a]),
            )
            for a, b in kept
        ],
    )
    db.execute("INSERT OR REPLACE INTO state VALUES ('candidates_left_out', ?)", [str(len(found) - len(kept))])
    db.execute("DELETE FROM state WHERE key = ?", [STALE])


def _strongest(found: Reasons) -> list[tuple[int, int]]:
    """The pairs to keep: of each organization at most MOST_PER_ORGANIZATION, strongest first."""
    times: defaultdict[int, int] = defaultdict(int)
    kept = []
    for pair in sorted(found, key=lambda pair: (-max(score for score, _ in found[pair]), pair)):
        if max(times[pair[0]], times[pair[1]]) < MOST_PER_ORGANIZATION:
            kept.append(pair)
            times[pair[0]] += 1
            times[pair[1]] += 1
    return sorted(kept)


def left_out(db: sqlite3.Connection) -> int:
    """How many pairs there were beyond those that are offered."""
    row = db.execute("SELECT value FROM state WHERE key = 'candidates_left_out'").fetchone()
    return int(row[0]) if row else 0


def _same_number(db: sqlite3.Connection) -> Iterator[tuple[int, int, str]]:
    """Pairs of organizations that one registrant has under one number of its own.

    A number that more than MOST_SHARING share is no number: some registrants give all clients the same.
    """
    sharing: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    for registrant, number, organization in db.execute(
        "SELECT registrant_id, client_id, organization_id FROM clients "
        "WHERE client_id IS NOT NULL AND registrant_id IS NOT NULL AND organization_id IS NOT NULL"
    ):
        sharing[registrant, number].add(organization)
    pairs = {
        (a, b, number)
        for (_, number), some in sharing.items()
        if 1 < len(some) <= MOST_SHARING
        for a, b in combinations(sorted(some), 2)
    }
    yield from sorted(pairs)


def alike(names: Sequence[str]) -> Iterator[tuple[int, int, float, str]]:
    """Pairs of places in `names` (normalized, sorted) that are alike, with the likeness and the rarest word they share.

    Only names that share a rare word are compared, so that the time grows with the names, not with their pairs.
    """
    from rapidfuzz import fuzz, process

    blocks: defaultdict[str, list[int]] = defaultdict(list)
    ordered = [" ".join(sorted(name.split())) for name in names]
    for number, name in enumerate(ordered):
        for word in set(name.split()):
            if len(word) > 2:
                blocks[word].append(number)
    seen: set[tuple[int, int]] = set()
    for word, block in sorted(blocks.items(), key=lambda item: (len(item[1]), item[0])):
        if not 1 < len(block) <= MOST_IN_BLOCK:
            continue
        texts = [ordered[i] for i in block]
        for place, i in enumerate(block[:-1]):
            rest = texts[place + 1 :]
            for _, score, at in process.extract(
                texts[place], rest, scorer=fuzz.ratio, processor=None, limit=None, score_cutoff=LIKE
            ):
                pair = (i, block[place + 1 + at])
                if pair not in seen:
                    seen.add(pair)
                    yield *pair, score, word
