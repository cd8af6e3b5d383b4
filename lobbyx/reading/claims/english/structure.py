"""English sentences parsed by spaCy with its small model, which is loaded when the first sentence needs it.

The model's weights are checked against the hash in `data/reading/english_model.json` before they are used, so that
every installation reads the same way.
"""

from __future__ import annotations

import json
import re
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lobbyx.model.errors import LobbyxError
from lobbyx.model.resources import path
from lobbyx.reading.claims.structure import Structure, Token

LONGEST_PARSED = 1_000
"""Characters of a sentence that are parsed; what follows hangs on the last token."""


class UnusableModel(LobbyxError):
    """The language model is missing or is not the one lobbyx was built with."""


@cache
def model() -> dict[str, Any]:
    """What is known of the model: package, version, spaCy release and the SHA-256 of its weights."""
    known: dict[str, Any] = json.loads(path("reading/english_model.json").read_text(encoding="utf-8"))
    return known


def model_name() -> str:
    """The name and version of the model and how its weights are known, in words."""
    known = model()
    return f"{known['name']}, SHA-256 {known['sha256'][:12]}"


def digest(folder: Path, files: list[str]) -> str:
    """The SHA-256 over the named files of a model, in order."""
    total = sha256()
    for name in files:
        total.update((folder / name).read_bytes())
    return total.hexdigest()


def _folder(known: dict[str, Any]) -> Path:
    found = find_spec(known["package"])
    if found is None or found.origin is None:
        raise UnusableModel(
            f"the English model {known['package']} {known['version']} is not installed; install lobbyx with its "
            "pinned dependencies (pip install -c constraints.txt .)"
        )
    return Path(found.origin).parent / f"{known['package']}-{known['version']}"


@cache
def _parser() -> Any:
    known = model()
    folder = _folder(known)
    try:
        actual = digest(folder, known["files"])
    except OSError as error:
        raise UnusableModel(f"the English model in {folder.name} cannot be read: {error.strerror}") from error
    if actual != known["sha256"]:
        raise UnusableModel(
            f"the English model {folder.name} is not the one lobbyx was built with (SHA-256 {actual[:12]}…, expected "
            f"{known['sha256'][:12]}…); install it anew: pip install {known['package']}=={known['version']}"
        )
    import spacy

    return spacy.load(folder, exclude=["ner", "lemmatizer", "senter"])


def parse(sentence: str) -> Structure:
    """The structure of a sentence. Raises UnusableModel."""
    parser = _parser()
    with parser.memory_zone():  # new words are forgotten again, or a long run would fill the memory
        parsed = parser(_in_usual_case(sentence[:LONGEST_PARSED]))
        return Structure.of(
            [
                Token(t.idx, t.idx + len(t.text), sentence[t.idx : t.idx + len(t.text)], t.tag_, t.dep_, t.head.i)
                for t in parsed
            ]
        )


def is_headline(sentence: str) -> bool:
    """Whether a sentence is a headline that gives most of its words a capital, so that capitals show no names."""
    long = [w for w in re.findall(r"[A-Za-z][\w’'-]*", sentence) if len(w) > 3]
    return len(long) >= 5 and sentence[-1:] not in ".!?" and sum(w[0].isupper() for w in long) >= 0.8 * len(long)


def in_capitals(sentence: str) -> bool:
    """Whether a sentence is printed in capitals, a headline as a rule."""
    letters = [c for c in sentence if c.isalpha()]
    return len(letters) >= 12 and sum(c.isupper() for c in letters) >= 0.8 * len(letters)


@cache
def common_words() -> frozenset[str]:
    """The words the model knows in lower case."""
    words: list[str] = json.loads((_folder(model()) / "vocab" / "strings.json").read_text(encoding="utf-8"))
    return frozenset(word for word in words if word.islower())


def _in_usual_case(sentence: str) -> str:
    """Capitals alone mislead the tagger: a sentence in them is parsed as if printed in the usual way."""
    if not in_capitals(sentence):
        return sentence
    known = common_words()
    lowered = re.sub(
        r"[A-Z][A-Z'’.&-]*",
        lambda m: m.group().lower() if m.group().lower() in known else m.group().capitalize(),
        sentence,
    )
    return lowered if len(lowered) == len(sentence) else sentence
