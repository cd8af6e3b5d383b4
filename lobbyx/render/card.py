"""A stored verdict as a picture to publish: SVG, and PNG drawn from it without a browser.

The card says who claimed what, the verdict, what is on file, and by which day's filings it was judged. A picture cannot
be scrolled, so long texts end in an ellipsis. Texts come from anywhere and are escaped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from markupsafe import Markup

from lobbyx.model import texts
from lobbyx.model.errors import LobbyxError
from lobbyx.model.texts import Language
from lobbyx.render.language import source
from lobbyx.render.text import MARKS, clean

WIDTH: Final = 1200
HEIGHT: Final = 630
"""The size in pixels that social networks show whole."""
COLORS: Final = {
    "supported": "#14642f",
    "refuted": "#9b1c31",
    "depends_on_method": "#8a4b00",
    "within_rounding": "#5a3a8e",
    "unverifiable": "#4a5563",
}
"""Of lobbyx.css, in its light form."""
FONTS: Final = "Noto Sans, Noto Sans KR, NanumGothic, Malgun Gothic, Apple SD Gothic Neo, sans-serif"
_LEFT: Final = 72
_ROOM: Final = WIDTH - 2 * _LEFT
_LONGEST: Final = 2_000
"""Characters of a text that are looked at."""


class NoPicture(LobbyxError):
    """PNG files cannot be drawn here. The message says what is missing."""


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a card, in one language."""

    verdict: str
    claim: Sequence[str]
    """As they may stand on the card, the best first: the sentence, and the claim alone."""
    finding: str
    notes: Sequence[str]
    source: str
    judged: str


def said(found: Mapping[str, Any], language: Language) -> Said:
    """What the card says of a stored verdict, given as `/-/lobbyx/verdict/ID.json` has it."""

    def say(key: str, **values: Any) -> str:
        return texts.text(f"card.{key}", language, **values)

    named = [found.get("author"), source(found["source"], language)]
    whose = " / ".join(str(one) for one in named if one)
    published, as_of, today = (found.get(name) for name in ("published", "as_of", "today_as_of"))
    notes = [say("unsure")] if found.get("sure") is False else []
    if today and found["today_verdict"] != found["verdict"]:
        now = texts.text(f"verdict.{found['today_verdict']}", language)
        notes.append(say("today", day=texts.day(today, language), verdict=now))
    return Said(
        texts.text(f"verdict.{found['verdict']}", language),
        (_one_line(found["context"]), _one_line(found["text"])),
        _one_line(_finding(found, language)),
        notes,
        say("said", source=_one_line(whose), day=texts.day(published, language))
        if published
        else say("said_undated", source=_one_line(whose)),
        say("judged", day=texts.day(as_of, language)) if as_of else say("judged_all"),
    )


def _finding(found: Mapping[str, Any], language: Language) -> str:
    """The interval, where the claim is about a sum of money; else the explanation."""
    counted = found["totals"].get("lda") if found["kind"] == "spend" else None
    if not counted or not counted["reports"] or found["detail"].get("sum"):
        return str(found["explanation_ko" if language == "ko" else "explanation"])
    low, reported, high = (
        None if counted[name] is None else texts.dollars(round(counted[name] * 100), language)
        for name in ("low", "reported", "high")
    )
    if high is None:
        return texts.text("card.figure_open", language, reported=reported, low=low)
    return texts.text("card.figure", language, reported=reported, low=low, high=high)


def svg(found: Mapping[str, Any], language: Language) -> str:
    """The card of a stored verdict: an SVG document with no script, style sheet or reference."""
    words = said(found, language)
    color = COLORS[found["verdict"]]
    claims = [wrap(f"“{claim}”", 38, 4) for claim in words.claim]
    claim = next((lines for lines in claims if not lines[-1].endswith("…")), claims[-1])
    body = [
        Markup('<rect width="{}" height="{}" fill="#ffffff"/>').format(WIDTH, HEIGHT),
        Markup('<rect width="24" height="{}" fill="{}"/>').format(HEIGHT, color),
        _line(66, 26, "lobbyx", "#56616f"),
        # The mark by itself: where another font has to draw it, that font would draw the word too.
        _line(132, 48, MARKS[found["verdict"]], color),
        _line(132, 48, words.verdict, color, bold=True, left=_LEFT + 58),
    ]
    y = 206
    for line in claim:
        body.append(_line(y, 38, line, "#1c2430"))
        y += 50
    y += 12
    for line in wrap(words.finding, 28, 2):
        body.append(_line(y, 28, line, "#1c2430", bold=True))
        y += 38
    for note in words.notes:
        body.append(_line(y + 4, 24, wrap(note, 24, 1)[0], "#8a4b00"))
        y += 32
    body += [
        _line(564, 22, wrap(words.source, 22, 1)[0], "#56616f"),
        _line(598, 22, wrap(words.judged, 22, 1)[0], "#56616f"),
    ]
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" '
        'xml:lang="{2}" font-family="{3}"><title>{4}</title><desc>{5}</desc>'
    ).format(
        WIDTH,
        HEIGHT,
        language,
        FONTS,
        f"{words.verdict}: {words.claim[-1]}",
        " ".join([words.claim[0], words.finding, *words.notes, words.source, words.judged]),
    )
    return str(head + Markup("").join(body) + Markup("</svg>\n"))


def _line(y: float, size: int, words: str, color: str, *, bold: bool = False, left: int = _LEFT) -> Markup:
    drawn = Markup('<text x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}">{}</text>')
    return drawn.format(left, y, size, 700 if bold else 400, color, words)


def _one_line(text: str) -> str:
    """A text without characters that turn, hide or control what is shown, on one line."""
    return " ".join(clean(str(text)[:_LONGEST]).split())


def width(text: str) -> float:
    """About how wide a text is, in sizes of its font; rather too wide than too narrow."""
    return sum(map(_width, text))


def _width(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1
    if character in " iljtfrI.,:;'|!()[]":
        return 0.36
    return 0.95 if character in "mwMW@%—…" else 0.7 if character.isupper() else 0.59


def wrap(text: str, size: int, most: int) -> list[str]:
    """The text as at most so many lines that fit on the card; what does not fit gives way to an ellipsis."""
    room = _ROOM / size
    lines = [""]
    for word in text.split():
        for number, piece in enumerate(_pieces(word, room)):
            longer = f"{lines[-1]} {piece}" if lines[-1] and not number else piece
            if lines[-1] and (number or width(longer) > room):
                lines.append(piece)
            else:
                lines[-1] = longer
        if len(lines) > most:
            break
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(last + "…") > room:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip() + "…"]


def _pieces(word: str, room: float) -> list[str]:
    """A word in pieces that each fit on a line."""
    pieces, wide = [""], 0.0
    for character in word:
        wide += _width(character)
        if wide > room:
            pieces.append("")
            wide = _width(character)
        pieces[-1] += character
    return pieces


def png(document: str) -> bytes:
    """A card drawn as PNG.

    Raises NoPicture where vl-convert is not installed, or where the card has Korean and no font for it is.
    """
    if any("가" <= c <= "힣" for c in document) and not _has_korean():
        raise NoPicture(
            "This card has Korean text, and no font with Korean letters is installed. Install one (Debian: "
            "apt-get install fonts-nanum), or take the SVG"
        )
    drawn: bytes = _library().svg_to_png(document)
    return drawn


def _library() -> Any:
    try:
        import vl_convert
    except ImportError as error:
        raise NoPicture(
            "PNG cards need vl-convert, which is not installed. Install it with: pip install 'lobbyx[card]'; "
            "or take the SVG"
        ) from error
    return vl_convert


@cache
def _has_korean() -> bool:
    """Whether two letters look different. Letters that no font has are left out, or all drawn as the same box."""
    one, other = (
        _library().svg_to_png(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="30" font-family="{FONTS}">'
            f"{letter}</text></svg>"
        )
        for letter in "한글"
    )
    return bool(one != other)
