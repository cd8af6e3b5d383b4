"""Reads one HTML page: the article's text, its title and its publication date, with the date's source.

The date is looked up in the page's metadata, JSON-LD, address and dateline, in that order, and then with htmldate.
trafilatura extracts the text. If it finds none (a bare fragment), the text is all visible text of the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

DateSource = Literal["given", "metadata", "json-ld", "url", "text", "htmldate"]

LONGEST_GUESSED: Final = 1_000_000
"""Characters of a page in which htmldate looks for a date."""
MOST_DEEP: Final = 200
"""Levels of nested markup. A deeper page is not an article, and parsers recurse."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_META_NAMES = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "sailthru.date",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "citation_publication_date",
    "published_at",
    "published-date",
    "timestamp",
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says."""

    text: str
    title: str | None
    published: date | None
    published_source: DateSource | None


def read(html: str, url: str | None = None) -> Page:
    """The article on a page. `text` is empty if the page has none."""
    from lxml import etree
    from lxml import html as parser

    html = html.replace("\0", "")
    try:
        tree = parser.document_fromstring(html, parser=parser.HTMLParser(huge_tree=False, recover=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Page("", None, None, None)
    text = _article(html, tree)
    title = _title(tree)
    labeled: tuple[tuple[DateSource, Callable[[], date | None]], ...] = (
        ("metadata", lambda: _meta_date(tree)),
        ("json-ld", lambda: _linked_date(tree)),
        ("url", lambda: date_in_url(url) if url else None),
        ("text", lambda: dateline(text)),
        ("htmldate", lambda: _guessed_date(html)),
    )
    for source, look in labeled:
        if found := look():
            return Page(text, title, found, source)
    return Page(text, title, None, None)


def _guessed_date(html: str) -> date | None:
    """The date that htmldate finds in time elements, classes and the like, if nothing on the page is labeled.

    Its extensive search, which accepts any date in the text, stays off: a date in an article is rarely its own.
    """
    if len(html) > LONGEST_GUESSED:
        return None
    from htmldate import find_date

    # As bytes: text that begins with "http" is taken for an address, and a page could have us fetch whatever it names.
    found = find_date(html.encode("utf-8", "replace"), extensive_search=False, original_date=True)
    return date.fromisoformat(found) if found else None


def _article(html: str, tree: Any) -> str:
    import trafilatura

    text = None
    if _depth(tree) <= MOST_DEEP:
        text = trafilatura.extract(
            html, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False, with_metadata=False
        )
    return text or _visible(tree)


def _depth(tree: Any) -> int:
    depth = deepest = 0
    from lxml import etree

    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
        if deepest > MOST_DEEP:
            break
    return deepest


def _visible(tree: Any) -> str:
    """All text of a page except scripts and the like, with one line for each block."""
    hidden = {"script", "style", "noscript", "template", "head", "nav", "footer", "form", "svg"}
    inline = {"a", "b", "i", "em", "strong", "span", "u", "sup", "sub", "small", "mark", "q", "abbr", "time", "font"}
    parts: list[str] = []
    from lxml import etree

    skip = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else "comment"
        if tag in hidden or tag == "comment":
            skip += 1 if event == "start" else -1
        elif event == "start" and not skip:
            parts.append((" " if tag in inline else "\n") + (element.text or ""))
        elif not skip and tag not in inline:
            parts.append("\n")
        if event == "end" and not skip and element.tail:
            parts.append(element.tail)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _title(tree: Any) -> str | None:
    for path in ("//meta[@property='og:title']/@content", "//h1//text()", "//title/text()"):
        if found := " ".join(" ".join(tree.xpath(path)[:5]).split()):
            return found[:300]
    return None


# Dates -------------------------------------------------------------------------------------------------------------


def _meta_date(tree: Any) -> date | None:
    for element in tree.xpath("//meta[@content]"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if name.lower() in _META_NAMES and (found := day(element.get("content"))):
            return found
    for element in tree.xpath("//*[@itemprop='datePublished']"):
        if found := day(element.get("datetime") or element.get("content") or element.text_content()):
            return found
    return None


def _linked_date(tree: Any) -> date | None:
    for script in tree.xpath("//script[@type='application/ld+json']/text()")[:20]:
        try:
            document = json.loads(script[:1_000_000])
        except (ValueError, RecursionError):
            continue
        for value in _values(document, "datePublished"):
            if isinstance(value, str) and (found := day(value)):
                return found
    return None


def _values(document: Any, key: str, depth: int = 0) -> Iterator[Any]:
    if depth > 6:
        return
    if isinstance(document, dict):
        if key in document:
            yield document[key]
        document = list(document.values())
    if isinstance(document, list):
        for item in document[:200]:
            yield from _values(item, key, depth + 1)


_NUMBERS = re.compile(r"((?:19|20)[0-9]{2})\s?[-./년]?\s?([0-9]{1,2})\s?[-./월]?\s?([0-9]{1,2})(?![0-9])일?")
_WEEKDAY = r"(?i)(?:[a-z]{3,9},?\s)?"
_ORDER = r"(?:st|nd|rd|th)?"
_MONTH_FIRST = re.compile(_WEEKDAY + r"([a-z]{3,9})\.?\s([0-9]{1,2})" + _ORDER + r",?\s((?:19|20)[0-9]{2})")
_DAY_FIRST = re.compile(_WEEKDAY + r"([0-9]{1,2})" + _ORDER + r"\s([a-z]{3,9})\.?,?\s((?:19|20)[0-9]{2})")


def day(text: str | None) -> date | None:
    """The date at the start of a text: 2025-12-25T09:00:00+09:00, 20251225, 2025.12.25, Dec. 25, 2025,
    25 December 2025, 2025년 12월 25일. The day is the one written, in the newspaper's own time zone."""
    return _at_head((text or "").strip()[:60])[0]


def _at_head(text: str) -> tuple[date | None, int]:
    """The date at the start of a text, and where it ends."""
    if m := _NUMBERS.match(text):
        return _valid(m[1], m[2], m[3]), m.end()
    if m := _MONTH_FIRST.match(text):
        return _named(m[3], m[1], m[2]), m.end()
    if m := _DAY_FIRST.match(text):
        return _named(m[3], m[2], m[1]), m.end()
    return None, 0


def _named(year: str, month: str, of_month: str) -> date | None:
    number = next((i for i, name in enumerate(_MONTHS, 1) if month.lower().startswith(name)), None)
    return _valid(year, str(number), of_month) if number else None


def _valid(year: str, month: str, of_month: str) -> date | None:
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        return None


def date_in_url(url: str) -> date | None:
    """A date in the path of an address: /2025/12/25/, /2025-12-25-, /20251225."""
    path = re.sub(r"^[a-z]+://[^/]*", "", url)
    if m := re.search(r"/((?:19|20)[0-9]{2})[/-]([01]?[0-9])[/-]([0-3]?[0-9])(?![0-9])", path):
        return _valid(m[1], m[2], m[3])
    if m := re.search(r"(?<![0-9])(20[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9]{3})", path):
        return _valid(m[1], m[2], m[3])
    return None


_LABEL = re.compile(
    r"(?i)^(?:published|posted|updated|date|by\s[^,|]{2,40}[,|]|기사\s?입력|입력|등록|승인|발행|게재|작성)?(?:\s(?:on|at))?\s*[:：|]?\s*"
)


_CLOCK = re.compile(
    r"[\s,.|·:()T\-]*(?:(?:at\s)?(?:오전|오후)?\s?[0-9]{1,2}[:시][0-9]{0,2}[분:]?[0-9]{0,2})?\s?(?:[AaPp]\.?[Mm]\.?)?"
    r"\s?(?:\(?(?:[A-Z]{2,4}|[월화수목금토일](?:요일)?)\)?)?[\s|·]*"
)


_PRESS_PLACE = re.compile(r"[A-Z][A-Z .'’/-]{2,40}(?:,\s[A-Z][a-z]+\.?)?,\s")
_PRESS_END = re.compile(r"\s*(?:\([^()]{2,40}\)|/[^/]{2,40}/)?\s*[-–—]+\s")


def dateline(text: str) -> date | None:
    """The date in a line near the start of a text that says nothing else: "Published December 25, 2025".

    Also the date of an agency's dateline: "WASHINGTON, Dec. 25, 2025 (Reuters) - ".
    """
    for line in text[:2_000].splitlines()[:15]:
        rest = _LABEL.sub("", line.strip(), count=1)
        found, end = _at_head(rest[:60])
        if found and len(line) <= 80 and _CLOCK.fullmatch(rest[end:]):
            return found
        if place := _PRESS_PLACE.match(line.strip()):
            rest = line.strip()[place.end() :]
            found, end = _at_head(rest[:60])
            if found and _PRESS_END.match(rest[end:]):
                return found
    return None
