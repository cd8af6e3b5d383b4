"""Learn the weights of the English links from labelled sentences by conditional logit, drawn toward a prior.

usage: train_links.py FILE.jsonl... [--strength 0.3] [--folds 5] [--calibrate FILE.jsonl] [--write]

Each line: {"published", "text", "claims": [{"org", "kind", "value", "high"?, "comparator", "start", "end"}]}, as in
tests/reading/claims/english.jsonl and learn_english.jsonl (written for this). Prints how often the best candidate is
right, on sentences left out of the fit, for the weights it starts from and for the learned ones. With --write the
learned weights, and the calibration of `sure`, replace those in lobbyx/data/reading/links_english.json.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from lobbyx.model.resources import path
from lobbyx.reading.claims import assembly
from lobbyx.reading.claims.context import Context
from lobbyx.reading.claims.english import arithmetic, doubts, org_links, reader, spent, time_links
from lobbyx.reading.claims.english.figures import figures
from lobbyx.reading.claims.english.stance import stance, summed
from lobbyx.reading.claims.english.structure import parse
from lobbyx.reading.claims.links import weights
from lobbyx.reading.claims.sentences import sentences

FIELDS = ("spent", "changed", "org", "window")


@dataclass
class Choice:
    """One figure's candidates for a field: their features, and which of them are right."""

    field: str
    group: int
    features: list[dict[str, float]]
    right: list[bool]
    told: str


def plain(text: Any) -> str:
    return re.sub(r"\W", "", str(text or "").lower())


def same_org(got: str | None, want: str | None) -> bool:
    if want is None:
        return got is None
    if want == "total":
        return got == "total"
    return got is not None and got != "total" and (plain(got) in plain(want) or plain(want) in plain(got))


def choices(row: dict[str, Any], group: int) -> list[Choice]:
    """The choices a labelled text teaches."""
    day = date.fromisoformat(row["published"]) if row["published"] else None
    wanted = [
        c for c in row["claims"] if c["kind"] in ("spend", "change") and c.get("stance", "asserted") == "asserted"
    ]
    found: list[Choice] = []
    context = Context(day, about_lobbying=True, quoted=len(row["text"]) <= 300)
    for at, sentence in sentences(row["text"]):
        read = figures(sentence)
        if not read:
            context = reader.read(sentence, at, context).context
            continue
        scene = reader.scene_of(sentence, parse(sentence), read, context)
        spent_before, last = False, None
        for kind in ("money", "fraction"):
            for place in scene.places:
                if place.figure.kind != kind:
                    continue
                claim = matching(place.figure, wanted)
                if claim is None and (stance(scene, place) != "asserted" or (kind == "money" and summed(scene, place))):
                    continue
                field = "spent" if kind == "money" else "changed"
                features = (
                    spent.features(scene, place, spent_before, last)
                    if kind == "money"
                    else spent.change_features(scene, place, spent_before)
                )
                found.append(
                    Choice(
                        field,
                        group,
                        [features, {}],
                        [claim is not None, claim is None],
                        f"{sentence} | {sentence[place.figure.start : place.figure.end]}",
                    )
                )
                last = claim is not None if kind == "money" else last
                spent_before = spent_before or (claim is not None and kind == "money")
                if claim is None:
                    continue
                orgs = org_links.candidates(scene, place)
                right = [same_org(c.what, claim["org"]) for c in orgs]
                printed = sentence[place.figure.start : place.figure.end]
                told = f"{sentence} | {printed} | {claim['org']} {claim['start']}..{claim['end']}"
                if claim["org"] is not None:
                    found.append(Choice("org", group, [dict(c.features) for c in orgs], right, told))
                when = time_links.candidates(scene, place)
                if claim["start"] is None and claim["end"] is None and scene.times:
                    continue  # not said by whoever labelled it; nothing to learn
                fits = [same_time(c.what, claim, row["published"]) for c in when]
                found.append(Choice("window", group, [dict(c.features) for c in when], fits, told))
        context = reader.read(sentence, at, context).context
    return found


def same_time(got: Any, want: dict[str, Any], published: str | None) -> bool:
    if want["start"] is None and want["end"] is None:
        return got is None or (got.window.start is None and got.window.end is None)
    if got is None:
        return False
    start, end = (str(d) if d else None for d in (got.window.start, got.window.end))
    return start == want["start"] and (end == want["end"] or (end is None and want["end"] == published))


def matching(figure: Any, wanted: list[dict[str, Any]]) -> dict[str, Any] | None:
    value = figure.value / 100 if figure.kind == "money" else figure.value
    kind = "spend" if figure.kind == "money" else "change"
    return next((c for c in wanted if c["kind"] == kind and abs(value - c["value"]) <= 0.005 * abs(c["value"])), None)


def fit(given: list[Choice], field: str, start: dict[str, float], strength: float) -> dict[str, float]:
    """The weights that make the right candidates likeliest, drawn toward `start`."""
    usable = [c for c in given if c.field == field and any(c.right) and not all(c.right)]
    known = sorted({name for c in usable for f in c.features for name in f} | set(start))
    index = {name: i for i, name in enumerate(known)}
    base = np.array([start.get(name, 0.0) for name in known])
    tables = []
    for c in usable:
        table = np.zeros((len(c.features), len(known)))
        for row, features in enumerate(c.features):
            for name, value in features.items():
                table[row, index[name]] = value
        tables.append((table, np.array(c.right)))
    learned = base.copy()
    step = np.zeros_like(learned)
    for turn in range(400):
        gradient = -strength * (learned - base)
        for table, right in tables:
            scores = table @ learned
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            share = likely * right
            share = share / max(share.sum(), 1e-12)
            gradient += table.T @ (share - likely)
        step = 0.9 * step + 0.02 / (1 + turn / 100) * gradient / max(1, len(tables) ** 0.5)
        learned = learned + step
    return {name: round(float(learned[index[name]]), 3) for name in known}


def accuracy(given: list[Choice], field: str, learned: dict[str, float]) -> tuple[int, int, list[str]]:
    """(right, all, what is wrong) of the best candidates; candidates without the right one among them are wrong."""
    right = total = 0
    wrong = []
    for c in given:
        if c.field != field:
            continue
        scores = [sum(learned.get(n, 0.0) * v for n, v in f.items()) for f in c.features]
        total += 1
        if c.right[int(np.argmax(scores))]:
            right += 1
        else:
            wrong.append(("(no candidate) " if not any(c.right) else "") + c.told)
    return right, total, wrong


@dataclass
class Doubt:
    """A claim as read by weights that have not seen its text: the features of each field's doubt, what is right."""

    features: dict[str, dict[str, float]]
    right: dict[str, bool | None]
    """None where the label does not say."""

    @property
    def wrong(self) -> bool:
        return any(r is False for r in self.right.values())


def use(learned: dict[str, dict[str, float]]) -> None:
    """Read with these weights."""
    known = weights("english").by_field
    assert isinstance(known, dict)
    known.update(learned)


def doubted(row: dict[str, Any]) -> list[Doubt]:
    """The claims the reader finds in a text, each with its doubts."""
    day = date.fromisoformat(row["published"]) if row["published"] else None
    left = [c for c in row["claims"] if c["kind"] in ("spend", "change")]
    found: list[Doubt] = []
    context = Context(day, about_lobbying=True, quoted=len(row["text"]) <= 300)
    learned = weights("english")
    for at, sentence in sentences(row["text"]):
        if read := figures(sentence):
            scene = reader.scene_of(sentence, parse(sentence), read, context)
            places = reader.accepted(scene, learned)
            readings = reader.linked(scene, places, learned)
            for (place, _), one, against, fits in zip(
                places, readings, assembly.contradictions(readings), arithmetic.confirmed(readings), strict=True
            ):
                if one.stance != "asserted":
                    continue
                claim = matching(one.figure, left)
                right: dict[str, bool | None] = {"lobbying": claim is not None, "org": None, "window": None}
                if claim is not None:
                    left.remove(claim)
                    right["org"] = None if claim["org"] is None else same_org(one.org, claim["org"])
                    said = claim["start"] is not None or claim["end"] is not None
                    right["window"] = same_time(one.time, claim, row["published"]) if said else None
                features = {
                    name: doubts.features(scene, place, one, name, probability, against, fits)
                    for name, probability in one.confidence.items()
                }
                found.append(Doubt(features, right))
        context = reader.read(sentence, at, context).context
    return found


def calibrate(found: list[Doubt], strength: float) -> dict[str, dict[str, float]]:
    """The weights of each field's doubt, by logistic regression drawn toward the links' own probabilities."""
    result = {}
    for name in ("lobbying", "org", "window"):
        given = [
            Choice(name, 0, [d.features[name], {}], [bool(d.right[name]), not d.right[name]], "")
            for d in found
            if d.right[name] is not None
        ]
        result[f"sure_{name}"] = fit(given, name, {"bias": 0.0, "logit": 0.7}, strength)
    return result


def together(doubt: Doubt, learned: dict[str, dict[str, float]]) -> float:
    """The probability that all fields of a claim are right."""
    product = 1.0
    for name, features in doubt.features.items():
        score = sum(learned[f"sure_{name}"].get(n, 0.0) * v for n, v in features.items())
        product *= 1 / (1 + math.exp(-score))
    return product


def threshold(scored: list[tuple[float, bool]], wrong_at_most: float) -> tuple[float, float, float]:
    """(probability, share given as sure, wrong among them) of the largest share with few enough wrong."""
    best = (1.0, 0.0, 0.0)
    wrong = 0
    for n, (probability, is_wrong) in enumerate(sorted(scored, key=lambda s: -s[0]), 1):
        wrong += is_wrong
        if wrong / n <= wrong_at_most:
            best = (probability, n / len(scored), wrong / n)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--strength", type=float, default=0.3)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--wrong", type=float, default=0.03, help="share of the sure claims that may be wrong")
    parser.add_argument("--calibrate", action="append", help="a file to calibrate `sure` on; all of them if not given")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    file = path("reading/links_english.json")
    stored = json.loads(file.read_text(encoding="utf-8"))
    start = stored.get("prior", stored["weights"])
    rows: list[dict[str, Any]] = []
    calibrating: set[int] = set()
    for name in args.files:
        read = [json.loads(line) for line in Path(name).read_text(encoding="utf-8").splitlines()]
        read = [row for row in read if row.get("lang", "en") == "en"]
        if args.calibrate is None or name in args.calibrate:
            calibrating |= set(range(len(rows), len(rows) + len(read)))
        rows += read
    given = [c for group, row in enumerate(rows) for c in choices(row, group)]
    result = {**stored["weights"]}
    for field in FIELDS:
        before = accuracy(given, field, start[field])
        out: list[str] = []
        right = total = 0
        for fold in range(args.folds):
            learned = fit([c for c in given if c.group % args.folds != fold], field, start[field], args.strength)
            r, t, wrong = accuracy([c for c in given if c.group % args.folds == fold], field, learned)
            right, total, out = right + r, total + t, out + wrong
        result[field] = fit(given, field, start[field], args.strength)
        after = accuracy(given, field, result[field])
        print(f"{field}: started {before[0]}/{before[1]}, left out {right}/{total}, fitted {after[0]}/{after[1]}")
        if args.show:
            print("\n".join("   " + w for w in out))
    unseen: list[Doubt] = []
    for fold in range(args.folds):
        apart = [c for c in given if c.group % args.folds != fold]
        use({field: fit(apart, field, start[field], args.strength) for field in FIELDS})
        unseen += [
            d
            for group, row in enumerate(rows)
            if group in calibrating and group % args.folds == fold
            for d in doubted(row)
        ]
    halves = [unseen[0::2], unseen[1::2]]
    crossed = [
        (together(d, learned), d.wrong)
        for half, learned in zip(halves, [calibrate(halves[1], 1.0), calibrate(halves[0], 1.0)], strict=True)
        for d in half
    ]
    for allowed in (0.02, 0.04, 0.06, 0.08, 0.1, 0.15):
        at, among, misread = threshold(crossed, allowed)
        print(f"   at most {allowed:.2f} wrong: from {at:.3f}, {among:.2f} of them, {misread:.3f} wrong")
    sure_from, share, false = threshold(crossed, args.wrong)
    result |= calibrate(unseen, 1.0)
    print(f"unseen: {len(unseen)} claims, {sum(d.wrong for d in unseen) / len(unseen):.3f} wrong")
    print(f"sure from {sure_from:.3f}: {share:.2f} of them, {false:.3f} wrong")
    if args.write:
        stored["sure_from"] = round(sure_from, 3)
        stored["prior"] = start
        stored["weights"] = result
        file.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
