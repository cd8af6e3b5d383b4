"""Learn the weights of the Korean links from labelled sentences, drawn toward weights set by hand.

usage: train_links_korean.py FILE.jsonl... [--strength 3] [--folds 5] [--write]

Each line: {"published", "text", "source"?, "claims": [{"org", "kind", "value", "high"?, "start", "end"}]}, as in
tests/reading/claims/korean.jsonl. Who spent and when are learned by conditional logit, whether a figure was spent on
lobbying at all by logistic regression. Prints how often the best candidate is right on sentences left out of the fit
(split by source), for the hand-set and the learned weights. With --write, the learned weights replace those in
lobbyx/data/reading/links_korean.json; the hand-set ones stay there as "start".
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from lobbyx.model.period import Window
from lobbyx.model.resources import path
from lobbyx.reading.claims.context import Context
from lobbyx.reading.claims.korean import linking
from lobbyx.reading.claims.korean.changes import Change
from lobbyx.reading.claims.korean.figures import Money
from lobbyx.reading.claims.korean.mentions import Analysis, analyze
from lobbyx.reading.claims.korean.org_links import orgs
from lobbyx.reading.claims.korean.reader import in_mind, is_korean
from lobbyx.reading.claims.korean.spent import spent
from lobbyx.reading.claims.korean.time_links import is_baseline, whens
from lobbyx.reading.claims.mentions import Time
from lobbyx.reading.claims.sentences import sentences

CHOSEN = ("org", "window", "change_window")
YES_OR_NO = ("spent", "changed")
QUOTATION = 300
Features = Mapping[str, float]


@dataclass
class Example:
    """One choice: the features of its candidates, and which of them are right (one candidate: whether it is so)."""

    field: str
    fold: int
    features: Sequence[Features]
    right: Sequence[bool]


def plain(text: Any) -> str:
    return re.sub(r"\W", "", str(text or "").lower())


def same_org(got: str | None, want: str | None) -> bool:
    if want is None or want == "total" or got is None or got == "total":
        return got == want
    return bool(plain(got)) and (plain(got) in plain(want) or plain(want) in plain(got))


def same_window(got: Time | None, want: Mapping[str, Any], published: str | None) -> bool:
    if got is None:
        return False
    start, end = (str(d) if d else None for d in (got.window.start, got.window.end))
    return start == want["start"] and (end == want["end"] or (end is None and want["end"] == published))


class Labels:
    """The labelled claims of a text, each given to one figure."""

    def __init__(self, claims: Iterable[Mapping[str, Any]]) -> None:
        self.left = [c for c in claims if c["kind"] in ("spend", "change") and c.get("value") is not None]

    def of(self, figure: Money | Change, also: int) -> list[Mapping[str, Any]]:
        """The claims of a figure; `also`: how many further figures of the sentence have its value."""
        if isinstance(figure, Money):
            kind, value, high = "spend", figure.value / 100, figure.high
        else:
            kind, value, high = "change", figure.value, None
        mine = [
            c
            for c in self.left
            if c["kind"] == kind
            and abs(c["value"] - value) <= 0.005 * abs(value)
            and (c.get("high") is None) == (high is None)
        ]
        taken = mine[: max(1, len(mine) - also)]
        self.left = [c for c in self.left if not any(c is t for t in taken)]
        return taken


def examples(row: Mapping[str, Any], fold: int) -> list[Example]:
    """The choices that a labelled text teaches; what sentences leave in mind is taken from the labels."""
    day = date.fromisoformat(row["published"]) if row["published"] else None
    labels = Labels(row["claims"])
    every = list(sentences(row["text"]))
    speaks = [i for i, (_, s) in enumerate(every) if "로비" in s]
    context = Context(day, quoted=len(row["text"]) <= QUOTATION and not speaks)
    found: list[Example] = []
    for place, (_, sentence) in enumerate(every):
        about = bool(speaks) and place - max((s for s in speaks if s <= place), default=-9) <= 3
        if not is_korean(sentence):
            continue
        a = analyze(sentence, _with(context, about_lobbying=about))
        told = _of_sums(a, labels, row, fold, found)
        told += _of_changes(a, labels, row, fold, found, told)
        context = _left(a, context, told)
    return found


def _with(context: Context, **changed: Any) -> Context:
    from dataclasses import replace

    return replace(context, **changed)


Told = list[tuple[Money | Change, Mapping[str, Any], Time | None]]


def _of_sums(a: Analysis, labels: Labels, row: Mapping[str, Any], fold: int, found: list[Example]) -> Told:
    told: Told = []
    before = 0.0
    sums = linking.dollars_of(a)
    for m in sums:
        also = sum(1 for o in sums if o.start > m.start and abs(o.value - m.value) <= 0.005 * m.value)
        claims = labels.of(m, also)
        found.append(Example("spent", fold, [spent(a, m, before=before)], [bool(claims)]))
        before = float(bool(claims))
        if not claims:
            continue
        people = orgs(a, m)
        listed = {s.start for s in a.spenders if s.members}
        several = len({c["org"] for c in claims}) > 1
        right = [c.what.start in listed if several else same_org(c.what.name, claims[0]["org"]) for c in people]
        found.append(Example("org", fold, [c.features for c in people], right))
        periods = whens(a, m)
        if len({c["start"] for c in claims}) > 1:
            right = [c.what.expression is not None and c.what.time is c.what.expression for c in periods]
        else:
            right = [same_window(c.what.time, claims[0], row["published"]) for c in periods]
        if claims[0]["start"] is not None:
            found.append(Example("window", fold, [c.features for c in periods], right))
        time = next((c.what.time for c, r in zip(periods, right, strict=True) if r), None)
        told.append((m, claims[-1], time))
    return told


def _of_changes(
    a: Analysis, labels: Labels, row: Mapping[str, Any], fold: int, found: list[Example], sums: Told
) -> Told:
    told: Told = []
    links = [linking.Linked(m, float(any(m is t[0] for t in sums)), [], []) for m in linking.dollars_of(a)]
    for change in a.changes:
        of = linking.sum_of(a, change, links)
        claims = labels.of(change, 0)
        features = spent(a, change, sum_spent=of.lobbying if of else None)
        found.append(Example("changed", fold, [features], [bool(claims)]))
        if not claims or claims[0]["start"] is None:
            continue
        time = next((t for m, _, t in sums if of and m is of.figure), None)
        periods = whens(a, change, time)
        right = [same_window(c.what.time, claims[0], row["published"]) for c in periods]
        found.append(Example("change_window", fold, [c.features for c in periods], right))
        told.append((change, claims[0], None))
    return told


def _left(a: Analysis, context: Context, told: Told) -> Context:
    sums = [t for t in told if isinstance(t[0], Money) and not is_baseline(a, t[0])]
    changes = [t for t in told if isinstance(t[0], Change)]
    main = (sums or changes or [None])[-1]
    window = context.window
    if main is not None and main[1]["start"]:
        window = Window(date.fromisoformat(main[1]["start"]), date.fromisoformat(main[1]["end"]))
    elif not told and "로비" in a.sentence:
        window = next((t.window for t in reversed(a.times) if not t.compares and t.window.start), window)
    org = (told[-1][1]["org"] if told else in_mind(a)) or context.org
    return _with(context, org=org, window=window, follows=bool(told))


# Fitting -------------------------------------------------------------------------------------------------------------


def fit(given: Sequence[Example], start: Mapping[str, float], strength: float, *, chosen: bool) -> dict[str, float]:
    """The weights that make the right candidates likeliest, drawn toward `start`; by gradient descent (Adam)."""
    usable = [e for e in given if not chosen or any(e.right)]
    names = sorted({name for e in usable for f in e.features for name in f} | set(start))
    index = {name: i for i, name in enumerate(names)}
    base = np.array([start.get(name, 0.0) for name in names])
    tables = []
    for e in usable:
        table = np.zeros((len(e.features), len(names)))
        for row, features in enumerate(e.features):
            for name, value in features.items():
                table[row, index[name]] = value
        tables.append((table, np.array(e.right, float)))
    w, m, v = base.copy(), np.zeros_like(base), np.zeros_like(base)
    for step in range(1, 401):
        gradient = strength * (w - base)
        for table, right in tables:
            scores = table @ w
            if chosen:
                share = np.exp(scores - scores.max())
                share /= share.sum()
                wanted = share * right / (share * right).sum()
            else:
                share, wanted = 1 / (1 + np.exp(-scores)), right
            gradient += table.T @ (share - wanted)
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        w = w - 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return {name: round(float(x), 3) for name, x in zip(names, w, strict=True) if abs(x) > 1e-3}


def learned(given: Sequence[Example], start: Mapping[str, Mapping[str, float]], strength: float) -> dict[str, Any]:
    return {
        field: fit([e for e in given if e.field == field], start.get(field, {}), strength, chosen=field in CHOSEN)
        for field in (*CHOSEN, *YES_OR_NO)
    }


def right_share(given: Sequence[Example], weights: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[int, int]]:
    """Field -> (how many are read right, of how many)."""
    counted: dict[str, tuple[int, int]] = {}
    for e in given:
        known = weights.get(e.field, {})
        scores = [sum(known.get(name, 0.0) * value for name, value in f.items()) for f in e.features]
        if e.field in CHOSEN:
            right = e.right[max(range(len(scores)), key=lambda i: (scores[i], -i))]
        else:
            right = (scores[0] > 0) == e.right[0]
        was, of = counted.get(e.field, (0, 0))
        counted[e.field] = was + right, of + 1
    return counted


def crossed(
    given: Sequence[Example], folds: int, make: Callable[[Sequence[Example]], Any]
) -> dict[str, tuple[int, int]]:
    totals: dict[str, tuple[int, int]] = {}
    for k in range(folds):
        weights = make([e for e in given if e.fold != k])
        for field, (was, of) in right_share([e for e in given if e.fold == k], weights).items():
            before = totals.get(field, (0, 0))
            totals[field] = before[0] + was, before[1] + of
    return totals


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--strength", type=float, default=3.0)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    given: list[Example] = []
    for file in args.files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            key = str(row.get("source") or row["text"])
            given += examples(row, int(sha256(key.encode()).hexdigest(), 16) % args.folds)
    target = path("reading/links_korean.json")
    kept = json.loads(target.read_text(encoding="utf-8"))
    print("hand-set", crossed(given, args.folds, lambda _: kept["start"]))
    print("learned, left out", crossed(given, args.folds, lambda rest: learned(rest, kept["start"], args.strength)))
    weights = learned(given, kept["start"], args.strength)
    print("learned, seen", right_share(given, weights))
    if args.write:
        text = json.dumps({"start": kept["start"], "weights": weights}, ensure_ascii=False, indent=1, sort_keys=True)
        target.write_text(text + "\n", encoding="utf-8")
        print(f"wrote {target.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
