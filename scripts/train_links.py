"""Learn the weights of the English links from labelled sentences by conditional logit, drawn toward a prior.

usage: train_links.py FILE.jsonl... --doubts FIRST_RUNS.jsonl [--strength 0.3] [--folds 5] [--share 0.5] [--write]
       train_links.py --first-run UNSEEN.jsonl --doubts FIRST_RUNS.jsonl

Each line: {"published", "text", "claims": [{"org", "kind", "value", "high"?, "comparator", "start", "end"}]}, as in
tests/reading/claims/english.jsonl and learn_english.jsonl (written for this). Prints how often the best candidate is
right, on sentences left out of the fit, for the weights it starts from and for the learned ones. With --write the
learned weights, and the calibration of `sure`, replace those in lobbyx/data/reading/links_english.json.

How sure a claim is cannot be learned from sentences that rules were written for. It is calibrated on first runs: what
the reader of the day made of sentences that it had not seen, kept in first_run_doubts.jsonl. With
--first-run the doubts about a further file are added there, before anybody looks at what is wrong in it.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from dataclasses import dataclass
from datetime import date
from hashlib import md5
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
FIELDS_OF_DOUBT = ("lobbying", "org", "window")
DOUBT_STRENGTH = 10.0
"""How strongly the weights of doubt are drawn toward zero; there are few first runs to learn them from."""


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
    of: str = ""
    """The text it is of."""

    def fold(self, folds: int) -> int:
        """One of so many parts, the same for all claims of a text."""
        return int(md5(self.of.encode()).hexdigest(), 16) % folds

    @property
    def wrong(self) -> bool:
        return any(r is False for r in self.right.values())


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
    """The weights of each field's doubt, and of all together, by logistic regression drawn toward the links' own
    probabilities."""
    result = {}
    for name in FIELDS_OF_DOUBT:
        given = [
            Choice(name, 0, [d.features[name], {}], [bool(d.right[name]), not d.right[name]], "")
            for d in found
            if d.right[name] is not None
        ]
        result[f"sure_{name}"] = fit(given, name, {"bias": 0.0, "logit": 0.7}, strength / 2)
    all_of_it = [Choice("sure", 0, [doubts.together(d.features), {}], [not d.wrong, d.wrong], "") for d in found]
    result["sure"] = fit(all_of_it, "sure", {}, strength)
    return result


def likely(doubt: Doubt, learned: dict[str, dict[str, float]]) -> float:
    """The probability that all fields of a claim are right."""
    score = sum(learned["sure"].get(n, 0.0) * v for n, v in doubts.together(doubt.features).items())
    return 1 / (1 + math.exp(-score))


def threshold(scored: list[tuple[float, bool]], share: float) -> tuple[float, float]:
    """(probability, wrong among them) of the surest claims, as large a share of all as is given."""
    best = sorted(scored, key=lambda s: -s[0])[: max(1, round(share * len(scored)))]
    return best[-1][0], sum(is_wrong for _, is_wrong in best) / len(best)


def keep(unseen: str, file: str) -> None:
    """Add the doubts of a first run on sentences that neither rules nor weights have seen."""
    with Path(file).open("a", encoding="utf-8") as out:
        for line in Path(unseen).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for doubt in doubted(row):
                told = {"id": row["id"], "features": doubt.features, "right": doubt.right}
                out.write(json.dumps(told, ensure_ascii=False) + "\n")


def kept(file: str) -> list[Doubt]:
    """The doubts of first runs."""
    told = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
    return [Doubt(one["features"], one["right"], one["id"]) for one in told]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--strength", type=float, default=0.3)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--share", type=float, default=0.5, help="share of the claims that are given as sure")
    parser.add_argument("--doubts", required=True, help="first-run doubts, to calibrate `sure` on")
    parser.add_argument("--first-run", help="a file the reader has not seen; its doubts are added to --doubts, no more")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    if args.first_run:
        keep(args.first_run, args.doubts)
        return
    file = path("reading/links_english.json")
    stored = json.loads(file.read_text(encoding="utf-8"))
    start = stored.get("prior", stored["weights"])
    rows: list[dict[str, Any]] = []
    for name in args.files:
        read = [json.loads(line) for line in Path(name).read_text(encoding="utf-8").splitlines()]
        rows += [row for row in read if row.get("lang", "en") == "en"]
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
    unseen = kept(args.doubts)
    crossed: list[tuple[float, bool]] = []
    for fold in range(args.folds):
        learned_doubts = calibrate([d for d in unseen if d.fold(args.folds) != fold], DOUBT_STRENGTH)
        crossed += [(likely(d, learned_doubts), d.wrong) for d in unseen if d.fold(args.folds) == fold]
    for share in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        at, wrong_among = threshold(crossed, share)
        print(f"   {share:.1f} of them as sure: from {at:.3f}, {wrong_among:.3f} wrong")
    sure_from, wrong_among = threshold(crossed, args.share)
    result |= calibrate(unseen, DOUBT_STRENGTH)
    print(f"unseen: {len(unseen)} claims, {sum(d.wrong for d in unseen) / len(unseen):.3f} wrong")
    print(f"sure from {sure_from:.3f}: {args.share:.2f} of them, {wrong_among:.3f} wrong")
    if args.write:
        stored["sure_from"] = round(sure_from, 3)
        stored["prior"] = start
        stored["weights"] = result
        file.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
