"""What a user hands in -> text. First form: a sentence, or a `.txt` or `.md` file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from lobbyx.models import LobbyxError

LARGEST_FILE: Final = 10 * 1024 * 1024
"""Bytes."""
SUFFIXES: Final = (".txt", ".md")


class UnreadableSource(LobbyxError):
    """A source that cannot be read as text; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text and where it is from."""

    name: str
    """The file's name without its folder, or `text`."""
    text: str
    published: str | None = None

    @property
    def sha256(self) -> str:
        """Of the text."""
        return sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def json(self) -> dict[str, Any]:
        """The `source` object of `extract` and `check`."""
        return {"name": self.name, "sha256": self.sha256, "published": self.published}


def read(source: str | Path, published: str | None = None) -> Source:
    """The text of a source: a file (by its path) or the words themselves.

    Raises UnreadableSource for a missing, too large or binary file, and for HTML pages and URLs, which are not read
    yet.
    """
    given = str(source)
    if re.match(r"(?i)https?://\S+$", given):
        raise UnreadableSource(
            "lobbyx does not read web pages yet; save the article's text as a .txt file and name that instead"
        )
    path = Path(given) if len(given) < 1_000 and "\n" not in given and "\0" not in given else None
    looks_like_file = bool(re.fullmatch(r"\S+\.(?:txt|md|html?|pdf|docx?)", given.strip(), re.IGNORECASE))
    if path is None or not (isinstance(source, Path) or looks_like_file or _is_file(path)):
        return Source("text", given, published)
    return Source(path.name, _file_text(path), published)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _file_text(path: Path) -> str:
    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableSource(
            f"{path.name}: lobbyx reads {' and '.join(SUFFIXES)} files; save its text as one of these"
        )
    try:
        with path.open("rb") as stream:
            body = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnreadableSource(f"{path}: cannot be read: {error.strerror}") from error
    if len(body) > LARGEST_FILE:
        raise UnreadableSource(f"{path.name}: is larger than {LARGEST_FILE >> 20} MB; cut out the article")
    return decode(body, path.name)


def decode(body: bytes, name: str) -> str:
    """UTF-8 text (a byte-order mark is dropped). Raises UnreadableSource for anything else."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"{name}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    if "\0" in text:
        raise UnreadableSource(f"{name}: is a binary file, not text")
    return text
