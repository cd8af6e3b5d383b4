"""Reads what a user hands in (a sentence, a `.txt`, `.md` or `.html` file, an address): text and publication date."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import iso
from lobbyx.reading import claims, html_page, pdf_page, safe_fetch

LARGEST_FILE: Final = 10 * 1024 * 1024
"""Bytes."""
PLAIN: Final = (".txt", ".md")
PAGES: Final = (".html", ".htm", ".xhtml")
PDFS: Final = (".pdf",)


class UnreadableSource(LobbyxError):
    """A source that cannot be read as text. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text and its origin."""

    name: str
    """The file's name without its folder, the page's address, or `text`."""
    text: str
    published: str | None = None
    published_source: html_page.DateSource | None = None
    """Where the publication date was found; `given` if the user gave it."""
    title: str | None = None
    from_page: bool = False
    """Whether the text was extracted from a page. If so, only the JSON shows the text that offsets count in."""
    author: str | None = None
    """Who said it."""
    url: str | None = None
    """Where it was published."""

    @property
    def sha256(self) -> str:
        """Of the text."""
        return sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def json(self) -> dict[str, Any]:
        """The `source` object of `extract` and `check`, with `text` for pages only."""
        known = {
            "name": self.name,
            "sha256": self.sha256,
            "title": self.title,
            "published": self.published,
            "published_source": self.published_source,
            "reader": claims.reader(),
        }
        return {**known, "text": self.text} if self.from_page else known


def is_address(source: str) -> bool:
    """Whether a source is the address of a page."""
    return re.match(r"(?i)[a-z][a-z0-9+.-]*://\S+$", source.strip()) is not None


def read(
    source: str | Path, published: str | None = None, *, fetch: Callable[[str], safe_fetch.Fetched] = safe_fetch.fetch
) -> Source:
    """The text of a source: a page (by its address), a file (by its path) or the words themselves.

    `published` (an ISO date) overrides the source. Without it, the date is the page's or, in a file, the dateline's.
    Raises UnreadableSource for a missing, too large, binary or empty file, and UnreachablePage.
    """
    given = str(source)
    if not isinstance(source, Path) and is_address(given):
        fetched = fetch(given.strip())
        if fetched.content_type == "application/pdf":
            return _pdf(fetched.body, fetched.url, published, url=fetched.url)
        if fetched.content_type in ("text/html", "application/xhtml+xml"):
            return _page(fetched.body, fetched.url, published, url=fetched.url, charset=fetched.charset)
        return _plain(fetched.url, _any_text(fetched.body, fetched.charset), published)
    if not isinstance(source, Path) and re.fullmatch(r"(?i)https?:\S*", given.strip()):
        raise UnreadableSource(f"{given.strip()[:80]}: is not the address of a page, such as https://example.com/story")
    path = Path(given) if len(given) < 1_000 and "\n" not in given and "\0" not in given else None
    if path is not None and given.strip() and _is_folder(path):
        raise UnreadableSource(f"{given}: is a folder; name a file in it")
    looks_like_file = bool(re.fullmatch(r"\S+\.(?:txt|md|x?html?|pdf|docx?)", given.strip(), re.IGNORECASE))
    if path is None or not (isinstance(source, Path) or looks_like_file or _is_file(path)):
        return Source("text", given, published, "given" if published else None)
    suffix = path.suffix.lower()
    if suffix not in PLAIN + PAGES + PDFS:
        kinds = ", ".join(PLAIN + PAGES[:1] + PDFS)
        raise UnreadableSource(f"{path}: lobbyx reads {kinds} files; save its text as one of these")
    body = _file(path)
    if suffix in PDFS:
        return _pdf(body, path.name, published)
    if suffix in PAGES:
        return _page(body, path.name, published)
    return _plain(path.name, decode(body, path.name), published)


def _plain(name: str, text: str, published: str | None) -> Source:
    found = None if published else iso(html_page.dateline(text))
    where: html_page.DateSource | None = "given" if published else "text" if found else None
    return Source(name, text, published or found, where)


def _page(
    body: bytes, name: str, published: str | None, *, url: str | None = None, charset: str | None = None
) -> Source:
    utf_16 = body[:2] in (b"\xff\xfe", b"\xfe\xff")
    if body[:5] == b"%PDF-" or body[:4] in (b"PK\x03\x04", b"\x89PNG") or (b"\0" in body[:1024] and not utf_16):
        raise UnreadableSource(f"{name}: is a binary file, not a page; save the page as HTML or its text as .txt")
    page = html_page.read(_any_text(body, charset), url)
    if not page.text.strip():
        raise UnreadableSource(f"{name}: no text was found in the page; save its text as .txt and use that instead")
    found = published or iso(page.published)
    where: html_page.DateSource | None = "given" if published else page.published_source
    return Source(name, page.text, found, where, page.title, from_page=True, url=url)


def _pdf(body: bytes, name: str, published: str | None, *, url: str | None = None) -> Source:
    """The text of a PDF. What it says of its own making is no publication date: only a dateline counts."""
    try:
        pdf = pdf_page.read_pdf(body)
    except pdf_page.UnreadablePDF as error:
        raise UnreadableSource(f"{name}: {error}; or save its text as .txt and use that instead") from error
    found = None if published else iso(html_page.dateline(pdf.head))
    where: html_page.DateSource | None = "given" if published else "text" if found else None
    return Source(name, pdf.text, published or found, where, pdf.title, from_page=True, url=url)


def _any_text(body: bytes, charset: str | None) -> str:
    """The characters of a page. The encoding comes from the byte-order mark, the server or the page, or is UTF-8.
    Bytes that cannot be read are replaced."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    for mark, encoding in marks:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    own = re.search(rb"(?i)<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,20})", body[:4096])
    for named in (charset, own[1].decode("ascii", "replace") if own else None, "utf-8", "cp949"):
        try:
            if named:
                korean = named.lower() in ("euc-kr", "ks_c_5601-1987")
                return str(body.decode("cp949" if korean else named))
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("utf-8", "replace")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            body = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnreadableSource(f"{path}: cannot be read: {error.strerror}") from error
    if len(body) > LARGEST_FILE:
        raise UnreadableSource(f"{path.name}: is larger than {LARGEST_FILE >> 20} MB; cut out the article")
    return body


def decode(body: bytes, name: str) -> str:
    """UTF-8 text, without a byte-order mark. Raises UnreadableSource for anything else."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"{name}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    if "\0" in text:
        raise UnreadableSource(f"{name}: is a binary file, not text")
    return text
