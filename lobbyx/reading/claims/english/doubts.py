"""How likely each field of a reading is right: other readings close by, words left unexplained, contradictions."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from lobbyx.model.period import Window
from lobbyx.model.resources import path
from lobbyx.reading.claims import assembly
from lobbyx.reading.claims.assembly import Reading
from lobbyx.reading.claims.english import arithmetic
from lobbyx.reading.claims.english.clauses import Place, Scene
from lobbyx.reading.claims.links import weights

_OF_TIME = re.compile(
    r"(?i)\b(?:years?|quarters?|months?|periods?|decades?|earlier|ago|previous(?:ly)?|prior|preceding|latest|recent"
    r"|annual(?:ly)?|quarterly|since|until|season|session|term|19[89][0-9]|20[0-4][0-9])\b"
)
_OF_COMPARISON = re.compile(
    r"(?i)\b(?:than|compared|versus|against|times|double|half|twice|respectively|former|latter|combined|together"
    r"|each|both|average|respective)\b"
)


@cache
def _known() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(path("reading/links_english.json").read_text(encoding="utf-8"))
    return known


def sure_from() -> float:
    """The probability from which a claim is given as sure, calibrated on labelled sentences."""
    return float(_known()["sure_from"])


def weighed(scene: Scene, places: Sequence[Place], readings: Sequence[Reading]) -> list[Reading]:
    """The readings with the confidence in each field lowered by what speaks against it."""
    learned = weights("english")
    against = assembly.contradictions(readings)
    fitting = arithmetic.confirmed(readings)
    result = []
    for place, reading, contradicted, fits in zip(places, readings, against, fitting, strict=True):
        found = {
            name: features(scene, place, reading, name, probability, contradicted, fits)
            for name, probability in reading.confidence.items()
        }
        confidence = {name: _sigmoid(learned.score(f"sure_{name}", told)) for name, told in found.items()}
        likely = _sigmoid(learned.score("sure", together(found)))
        result.append(replace(reading, confidence=_scaled(confidence, likely)))
    return result


def together(found: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The features of all fields' doubts, for the probability that none of them is wrong."""
    return {f"{field}:{name}": value for field, told in found.items() for name, value in told.items()}


def _scaled(confidence: Mapping[str, float], likely: float) -> dict[str, float]:
    """The fields' probabilities in the same order, so that their product is the probability of all."""
    product = sum(math.log(p) for p in confidence.values())
    exponent = math.log(likely) / product if product < 0 else 1.0
    return {name: p**exponent for name, p in confidence.items()}


def features(
    scene: Scene,
    place: Place,
    reading: Reading,
    field: str,
    probability: float,
    contradicted: frozenset[str],
    fits: bool,
) -> dict[str, float]:
    """What speaks for and against a field being right."""
    p = min(max(probability, 1e-4), 1 - 1e-4)
    found = {"bias": 1.0, "logit": max(-6.0, min(6.0, math.log(p / (1 - p))))}

    def add(name: str, holds: object) -> None:
        if holds:
            found[name] = 1.0

    add("contradicted", field in contradicted)
    add("confirmed", fits)
    add("figures_many", len(scene.figures) > 3)
    if field == "window":
        start, end = scene.clause(place.figure)
        unexplained = _unexplained(scene, start, end)
        add("unexplained", unexplained)
        add("none", reading.time is None)
        shape = reading.time.shape if reading.time is not None else ""
        add("implied", shape == "implied")
        add("carried_with_times", shape == "carried" and scene.times)
        add("published", shape in ("past", "since", "to_date", "latest", "year_to_date"))
        add("range", shape == "range")
        add("follows", scene.context.follows)
        others = {t.window for t in scene.times if t.window != Window()}
        add("several_times", len(others) > 1)
        add("many_times", len(others) > 2)
        add("days_left_over", any(t.shape == "day" for t in scene.times))
        add("far", reading.time is not None and abs(reading.time.start - place.figure.start) > 100)
        add("change", place.change)
        add("none_though_times", reading.time is None and scene.times)
        add("carried", reading.time is not None and reading.time.shape == "carried")
        add("relative", reading.time is not None and reading.time.shift is not None)
        add("past", reading.time is not None and reading.time.shape in ("past", "through", "to_date"))
        add(
            "yearless",
            reading.time is not None
            and reading.time.shape == "point"
            and not re.search(r"[0-9]{4}", scene.sentence[reading.time.start : reading.time.end]),
        )
        add("compared", place.compared)
    if field == "org":
        add("none", reading.org is None)
        named = [n for n in scene.names if n.kind in ("name", "group")]
        add("not_in_sentence", reading.org is not None and all(n.name != reading.org for n in scene.names))
        add("many_names", len(named) > 3)
        add("group", any(n.kind == "group" and n.name == reading.org for n in scene.names))
        add("total", reading.org == "total")
        add("described", any(n.kind == "described" and n.name == reading.org for n in scene.names))
        add("of_sentence_before", reading.org == scene.context.org)
        add("compared", place.compared)
        add("broken_off", all(scene.broken(n.end, place.figure.start) for n in scene.names if n.name == reading.org))
    if field == "lobbying":
        add("change", reading.kind == "change")
        add("unspoken", "lobby" not in scene.sentence.lower())
        add("detail", reading.detail)
    return found


def _unexplained(scene: Scene, start: int, end: int) -> bool:
    """Whether words of time in a clause belong to no expression that was understood."""
    explained = [(t.start, t.end) for t in scene.times]
    return any(
        all(m.end() <= a or m.start() >= b for a, b in explained) for m in _OF_TIME.finditer(scene.sentence, start, end)
    )


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))
