"""One PDF -> its text and title.

A PDF is read in a process of its own, with bounded memory and time: a hostile one can unpack to gigabytes or never end.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

MOST_PAGES: Final = 200
"""Pages that are read; an article has fewer."""
LONGEST_TEXT: Final = 1_000_000
"""Characters that are read."""
LONGEST_WORK: Final = 30.0
"""Seconds a PDF may take."""
MOST_MEMORY: Final = 1 << 30
"""Bytes the process may use."""


class UnreadablePDF(Exception):
    """A PDF without text that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class PDFText:
    """What a PDF says."""

    text: str
    """Its pages' text, lines joined where a line only breaks a sentence."""
    title: str | None
    head: str
    """Its first lines as they stand, where a dateline may be."""


def read_pdf(body: bytes) -> PDFText:
    """The text of a PDF. Raises UnreadablePDF for one that is broken, locked, only pictures, or takes too long."""
    command = [sys.executable, "-m", "lobbyx.reading.pdf_page"]
    try:
        done = subprocess.run(command, input=body, capture_output=True, timeout=LONGEST_WORK, check=True)  # noqa: S603
        text, title, head, problem = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise UnreadablePDF(f"takes longer than {LONGEST_WORK:.0f} seconds to read") from error
    except (subprocess.CalledProcessError, ValueError) as error:
        raise UnreadablePDF("cannot be read as a PDF, or needs too much memory") from error
    if problem:
        raise UnreadablePDF(problem)
    if not text.strip():
        raise UnreadablePDF("has no text, only pictures; read it with text recognition first")
    return PDFText(text, title, head)


def _extract(body: bytes) -> tuple[str, str | None, str, str | None]:
    """(text, title, first lines, what is wrong)."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.disable(logging.CRITICAL)  # it logs every oddity of a file
    try:
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            return "", None, "", "is locked with a password"
        pages: list[str] = []
        size = 0
        for page in reader.pages[:MOST_PAGES]:
            pages.append(page.extract_text() or "")
            size += len(pages[-1])
            if size > LONGEST_TEXT:
                break
        title = reader.metadata.title if reader.metadata else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        # What a broken file makes of pypdf is not only its own error class.
        return "", None, "", f"cannot be read as a PDF ({type(error).__name__})"
    text = "\n\n".join(pages)
    name = (title.strip()[:300] or None) if isinstance(title, str) else None
    return flowing(text)[:LONGEST_TEXT], name, text[:2_000], None


def flowing(text: str) -> str:
    """Text of a page with its lines joined into paragraphs; a word parted at a line's end is put together."""
    text = text.replace("\0", "").replace("\r\n", "\n")
    text = re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", text)
    return re.sub(r"(?<![.!?:\n”\"])\n(?=[^\n])", " ", text)


if __name__ == "__main__":
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sys.stdout.write(json.dumps(_extract(sys.stdin.buffer.read())))
