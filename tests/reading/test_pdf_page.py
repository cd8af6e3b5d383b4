"""Articles as PDF."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from lobbyx.reading import pdf_page, source
from lobbyx.reading.safe_fetch import Fetched


def pdf(*lines: str, packed: bytes | None = None, encrypt: bool = False) -> bytes:
    """A PDF of one page with these lines of text, made by hand."""
    shown = "".join(f"({line}) Tj T* " for line in lines)
    content = packed or f"BT /F1 11 Tf 14 TL 50 700 Td {shown}ET".encode()
    filters = b"/Filter /FlateDecode " if packed else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< " + filters + b"/Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (Acme in Washington) >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    at = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -1 >> /ID [<00> <00>] " % (
        b"00" * 32,
        b"11" * 32,
    )
    return body + b"trailer << /Size %d /Root 1 0 R /Info 6 0 R %s>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        lock if encrypt else b"",
        at,
    )


ARTICLE = ("Published December 25, 2025", "Acme spent $3.31 million on lob-", "bying in 2024, its reports show.")


def test_the_text_of_a_pdf_file(tmp_path: Path) -> None:
    file = tmp_path / "article.pdf"
    file.write_bytes(pdf(*ARTICLE))
    read = source.read(file)
    assert "Acme spent $3.31 million on lobbying in 2024, its reports show." in read.text
    assert (read.title, read.published, read.from_page) == ("Acme in Washington", "2025-12-25", True)


def test_a_pdf_from_an_address() -> None:
    fetched = Fetched("https://news.example/story.pdf", pdf(*ARTICLE), "application/pdf", None)
    read = source.read("https://news.example/story.pdf", "2026-01-02", fetch=lambda url: fetched)
    assert (read.url, read.published, read.published_source) == (fetched.url, "2026-01-02", "given")
    assert "$3.31 million" in read.text


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "cannot be read as a PDF"),
        (b"%PDF-1.4\n" + b"\xff" * 5_000, "cannot be read as a PDF"),
        (pdf(), "only pictures"),
        (pdf(*ARTICLE)[:300], "cannot be read as a PDF|only pictures"),
        (pdf(*ARTICLE, encrypt=True), "locked with a password|cannot be read"),
        (pdf(packed=zlib.compress(b" " * 200_000_000)), "only pictures|cannot be read"),
    ],
    ids=["empty", "noise", "no text", "cut", "locked", "bomb"],
)
def test_a_pdf_that_cannot_be_read_is_named(tmp_path: Path, body: bytes, says: str) -> None:
    file = tmp_path / "odd.pdf"
    file.write_bytes(body)
    with pytest.raises(source.UnreadableSource, match=f"odd.pdf: .*({says})"):
        source.read(file)


def test_a_pdf_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_page, "LONGEST_WORK", 0.001)
    with pytest.raises(pdf_page.UnreadablePDF, match="takes longer"):
        pdf_page.read_pdf(pdf(*ARTICLE))
