#!/usr/bin/env python3
"""How well sentences are read: `.venv/bin/python scripts/measure_reading.py FILE.jsonl... [--worst 10]`.

Each line of a file: {"id", "lang", "published", "text", "claims": [{"org", "kind", "value", "high"?, "comparator",
"start", "end", "stance"?}]}, as in tests/reading/claims/collected. Compared are sums and changes that the text asserts.

Found: same kind and value (within 0.5%). Every field right: comparator (exact and about count as one, as do at_least
and more_than), organization (one name contains the other), and window (not compared where the label has none). Sure and
wrong: of the claims given as sure, those that are false or have a wrong field. Intervals hold 95 of 100 samples of the
items, drawn with replacement.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lobbyx

SAMPLES = 2_000
SAME_COMPARATOR = ({"exact", "about"}, {"at_least", "more_than"})


@dataclass
class Score:
    """What was counted."""

    wanted: int = 0
    found: int = 0
    false: int = 0
    right: int = 0
    sure: int = 0
    sure_wrong: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def shares(self) -> tuple[float, ...]:
        """Precision, recall, F1, every field right, share given as sure, sure and wrong."""
        precision = self.found / max(1, self.found + self.false)
        recall = self.found / max(1, self.wanted)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        given = max(1, self.found + self.false)
        return (
            precision,
            recall,
            f1,
            self.right / max(1, self.wanted),
            self.sure / given,
            self.sure_wrong / max(1, self.sure),
        )


def plain(text: str | None) -> str:
    """A name without anything but letters and digits."""
    return re.sub(r"\W", "", (text or "").lower())


def wrong_fields(got: lobbyx.Claim, want: dict[str, Any], published: str) -> list[str] | None:
    """The fields that differ; None where it is another claim."""
    value = abs(float(got.value or 0) - want["value"]) <= 0.005 * abs(want["value"])
    if want.get("high") is not None:
        value = value and abs(float(got.high or 0) - want["high"]) <= 0.005 * want["high"]
    if got.kind != want["kind"] or not value:
        return None
    pair = {got.comparator, want["comparator"]}
    wrong = [] if len(pair) == 1 or any(pair <= same for same in SAME_COMPARATOR) else ["comparator"]
    org = plain(got.org)
    if want["org"] == "total":
        wrong += [] if org in ("", "total") else ["org"]
    elif want["org"] is not None and not (org and (org in plain(want["org"]) or plain(want["org"]) in org)):
        wrong.append("org")
    start, end = got.window.json()["start"], got.window.json()["end"]
    if want["start"] is not None and not (start == want["start"] and (end or published) == (want["end"] or published)):
        wrong.append("window")
    return wrong


def score(row: dict[str, Any]) -> tuple[Score, list[str]]:
    """The score of one item, and what was missed in it, in words."""
    kinds = ("spend", "change")
    wanted = [c for c in row["claims"] if c["kind"] in kinds and c.get("stance", "asserted") == "asserted"]
    left = [c for c in lobbyx.extract(row["text"], row["published"]) if c.kind in kinds and c.stance == "asserted"]
    total, misses = Score(wanted=len(wanted)), []
    for want in wanted:
        hits = [
            (len(wrong), i)
            for i, c in enumerate(left)
            if (wrong := wrong_fields(c, want, row["published"])) is not None
        ]
        if not hits:
            misses.append(f"not found: {want['org']}, {want['value']:,}")
            continue
        got = left.pop(min(hits)[1])
        wrong = wrong_fields(got, want, row["published"]) or []
        total += Score(0, 1, 0, not wrong, got.sure, got.sure and bool(wrong))
        if wrong:
            misses.append(
                f"wrong {', '.join(wrong)}{' (given as sure)' if got.sure else ''}: {want['org']}, {want['value']:,}"
            )
    for got in left:
        total += Score(0, 0, 1, 0, got.sure, got.sure)
        misses.append(f"false{' (given as sure)' if got.sure else ''}: {got.org}, {got.value:,}")
    return total, misses


def interval(scores: Sequence[Score]) -> list[tuple[float, float]]:
    """The 95% interval of each share."""
    chance = random.Random(1)
    ends = []
    for shares in zip(
        *(sum(chance.choices(scores, k=len(scores)), Score()).shares() for _ in range(SAMPLES)), strict=True
    ):
        ordered = sorted(shares)
        ends.append((ordered[SAMPLES // 40], ordered[-SAMPLES // 40]))
    return ends


def main() -> None:
    """Prints a Markdown table, a row a file, and the worst items."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("files", nargs="+", type=Path)
    arguments.add_argument("--worst", type=int, default=0, help="how many of the worst items to list")
    given = arguments.parse_args()
    print("| file | items | claims | precision | recall | F1 | every field right | sure | sure and wrong |")
    print("|---|---|---|---|---|---|---|---|---|")
    worst: list[tuple[int, str, list[str]]] = []
    for file in given.files:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        scored = [score(row) for row in rows]
        total = sum((one for one, _ in scored), Score())
        cells = [
            f"{s:.2f} ({a:.2f}–{b:.2f})"
            for s, (a, b) in zip(total.shares(), interval([s for s, _ in scored]), strict=True)
        ]
        print(f"| {file.stem} | {len(rows)} | {total.wanted} | {' | '.join(cells)} |")
        worst += [(len(misses), row["text"], misses) for row, (_, misses) in zip(rows, scored, strict=True) if misses]
    for _, text, misses in sorted(worst, key=lambda one: (-one[0], one[1]))[: given.worst]:
        print(f"\n- {text}\n  - " + "\n  - ".join(misses))


if __name__ == "__main__":
    main()
