"""A verdict as a picture: well-formed, escaped, wrapped and cut, in two languages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lobbyx.model.texts import LANGUAGES
from lobbyx.render import card
from tests.conftest import Run
from tests.site.test_site import checked_db

__all__ = ["checked_db"]  # a fixture
pytestmark = pytest.mark.filterwarnings("ignore")
FOUND: dict[str, Any] = {
    "verdict": "refuted",
    "context": "Acme spent $9 million on lobbying in 2024.",
    "text": "$9 million on lobbying in 2024",
    "kind": "spend",
    "source": "text",
    "author": None,
    "published": "2025-01-23",
    "as_of": "2025-01-23",
    "today_as_of": "2025-06-01",
    "today_verdict": "refuted",
    "totals": {"lda": {"low": 3305000, "reported": 3310000, "high": 3315000, "reports": 4}},
    "detail": {},
    "sure": True,
    "explanation": "The filings say something else.",
    "explanation_ko": "보고서와 다릅니다.",
}


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg) if element.tag.endswith("}text")]


def test_the_card_says_claim_verdict_interval_source_and_day() -> None:
    assert texts(card.svg(FOUND, "en"))[1:] == [
        "✗",
        "Refuted",
        "“Acme spent $9 million on lobbying in 2024.”",
        "On file, by the law's own accounting: $3,310,000 (from $3,305,000 to",
        "$3,315,000)",
        "The claim: a text given to lobbyx, 2025-01-23",
        "Judged by filings posted by 2025-01-23. Source: U.S. Senate, LDA filings (lda.gov)",
    ]
    korean = " ".join(texts(card.svg(FOUND, "ko")))
    for words in (
        "사실 아님",
        "331만 달러(범위 330만 5,000달러~331만 5,000달러)",
        "2025년 1월 23일까지 공개된 보고서로 판정",
    ):
        assert words in korean


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"today_verdict": "supported"}, "By what was on file on 2025-06-01: Supported"),
        ({"sure": False}, "It is not sure that the claim was read as it was meant."),
        ({"published": None}, "publication date not known"),
        ({"as_of": None}, "Judged by all filings on file."),
        ({"author": "A. Writer", "source": "story.html"}, "A. Writer / story.html"),
        ({"kind": "rank"}, "The filings say something else."),
        ({"detail": {"sum": "share"}}, "The filings say something else."),
        ({"totals": {}}, "The filings say something else."),
        (
            {"totals": {"lda": {"low": 1, "reported": 2, "high": None, "reports": 1}}},
            "(at least $1; not all of the period",
        ),
    ],
)
def test_what_a_reader_must_know_is_on_the_card(change: dict[str, Any], words: str) -> None:
    assert words in " ".join(texts(card.svg({**FOUND, **change}, "en")))


HOSTILE = "</text><script>alert(1)</script><image href='file:///etc/passwd'/>&xxe; ]]> \x00\x1b[31m\u202e\ud800\ufffe"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["context", "text", "source", "author", "explanation", "explanation_ko"])
def test_a_hostile_text_stays_a_text(language: Any, name: str) -> None:
    svg = card.svg({**FOUND, "totals": {}, name: HOSTILE}, language)
    root = ElementTree.fromstring(svg)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "title", "desc", "rect", "text"}
    assert not any("href" in key for element in root.iter() for key in element.attrib)
    assert not set("\x00\x1b\u202e\ufffe") & set(svg)
    svg.encode("utf-8")


@given(st.text(max_size=400))
def test_any_text_makes_a_well_formed_card_inside_its_frame(text: str) -> None:
    svg = card.svg({**FOUND, "context": text, "text": text, "source": text, "explanation": text, "totals": {}}, "en")
    for element in ElementTree.fromstring(svg):
        if element.tag.endswith("}text"):
            assert float(element.attrib["y"]) < card.HEIGHT
            words = element.text or ""
            assert card.width(words) * float(element.attrib["font-size"]) <= card.WIDTH - 2 * 72 + 48


@pytest.mark.parametrize(
    ("text", "most", "lines"),
    [
        ("", 2, [""]),
        ("short", 1, ["short"]),
        ("word " * 200, 3, 3),
        ("x" * 5000, 2, 2),
        ("로비" * 900, 2, 2),
        ("한 줄", 1, ["한 줄"]),
    ],
)
def test_long_texts_are_wrapped_and_cut(text: str, most: int, lines: Any) -> None:
    found = card.wrap(text, 30, most)
    if isinstance(lines, list):
        assert found == lines
    else:
        assert len(found) == lines
        assert found[-1].endswith("…")
        assert all(card.width(line) * 30 <= card.WIDTH - 2 * 72 for line in found)
        assert text.replace(" ", "").startswith("".join(found).rstrip("…").replace(" ", ""))


def test_a_sentence_too_long_for_the_card_gives_way_to_the_claim() -> None:
    svg = card.svg({**FOUND, "context": "It said, among other things, " * 40 + FOUND["text"]}, "en")
    assert "“$9 million on lobbying in 2024”" in texts(svg)


# PNG -----------------------------------------------------------------------------------------------------------------


def test_the_picture_has_the_size_and_the_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("vl_convert")
    english = card.png(card.svg(FOUND, "en"))
    assert english[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(english[16:20]), int.from_bytes(english[20:24])) == (card.WIDTH, card.HEIGHT)
    assert english != card.png(card.svg({**FOUND, "verdict": "supported"}, "en"))
    monkeypatch.setattr(card, "_has_korean", lambda: False)
    with pytest.raises(card.NoPicture, match="no font with Korean letters"):
        card.png(card.svg(FOUND, "ko"))
    assert card.png(card.svg(FOUND, "en")) == english


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(card.NoPicture, match=r"pip install 'lobbyx\[card\]'; or take the SVG"):
        card.png(card.svg(FOUND, "en"))


def test_the_command_line_draws_the_newest_verdict(checked_db: Path, run: Run) -> None:
    pytest.importorskip("vl_convert")
    done = run("claims", "card", "1", "c.svg", "--lang", "ko", "--db", checked_db)
    assert (done.returncode, done.stderr) == (0, "")
    assert "집계 방식에 따라 다름" in texts((run.folder / "c.svg").read_text(encoding="utf-8"))
    assert run("claims", "card", "1", "c.png", "--db", checked_db).returncode == 0
    assert (run.folder / "c.png").read_bytes().startswith(b"\x89PNG")
    for number in ("99", "0", str(10**30)):
        missing = run("claims", "card", number, "d.svg", "--db", checked_db)
        assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
        assert f"no stored claim with a verdict has the number {number}" in missing.stderr
    assert run("claims", "card", "1", "c.gif", "--db", checked_db).returncode == 2
    assert "cannot be written" in run("claims", "card", "1", "no/c.svg", "--db", checked_db).stderr
