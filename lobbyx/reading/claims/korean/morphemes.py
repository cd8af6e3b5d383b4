"""Kiwi, the morphological analyzer of Korean (https://github.com/bab2min/Kiwi), loaded when a sentence first needs it.

Its model is checked against the hash in `data/reading/korean_model.json` before it is used, so that every installation
reads the same way.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lobbyx.model.resources import path
from lobbyx.reading.claims.english.structure import UnusableModel, digest
from lobbyx.reading.claims.korean.words import words


@dataclass(frozen=True, slots=True)
class Morpheme:
    """One morpheme as Kiwi gives it; offsets count from the sentence."""

    start: int
    end: int
    form: str
    tag: str


@cache
def model() -> dict[str, Any]:
    """What is known of the model: package, version, release of Kiwi, and the SHA-256 of its files."""
    known: dict[str, Any] = json.loads(path("reading/korean_model.json").read_text(encoding="utf-8"))
    return known


def model_name() -> str:
    """The name and version of the analyzer and its model, and how the model is known, in words."""
    known = model()
    return f"Kiwi {known['kiwipiepy']}, {known['package']} {known['version']}, SHA-256 {known['sha256'][:12]}"


@cache
def _analyzer() -> Any:
    """Kiwi, loaded once (1 s, 330 MB), when the first Korean sentence needs it. Raises UnusableModel.

    Without its dictionary of names of several words: it costs another second, and names are put together here.
    """
    known = model()
    found = find_spec(known["package"])
    if found is None or found.origin is None:
        raise UnusableModel(
            f"the Korean model {known['package']} {known['version']} is not installed; install lobbyx with its pinned "
            "dependencies (pip install -c constraints.txt .)"
        )
    try:
        actual = digest(Path(found.origin).parent, known["files"])
    except OSError as error:
        raise UnusableModel(f"the Korean model {known['package']} cannot be read: {error.strerror}") from error
    if actual != known["sha256"]:
        raise UnusableModel(
            f"the Korean model {known['package']} is not the one lobbyx was built with (SHA-256 {actual[:12]}…, "
            f"expected {known['sha256'][:12]}…); install it anew: pip install {known['package']}=={known['version']}"
        )
    from kiwipiepy import Kiwi

    kiwi = Kiwi(num_workers=1, load_multi_dict=False)
    for name in words()["names"]["known"]:
        kiwi.add_user_word(name, "NNP")
    return kiwi


def morphemes(sentence: str) -> tuple[Morpheme, ...]:
    """The morphemes of a sentence in order."""
    return tuple(
        Morpheme(t.start, t.start + t.len, t.form, str(t.tag).split("-")[0]) for t in _analyzer().tokenize(sentence)
    )
