"""The documentation leads where it says: every relative link and anchor in a Markdown file exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.conftest import ROOT

LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^()\s<>]+)>?\)")
CODE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
PAGES = sorted(
    path
    for folder in ("*.md", "docs/**/*.md", "db/*.md", "cassettes/*.md", "lobbyx/**/*.md", "tests/**/*.md")
    for path in ROOT.glob(folder)
)


def links(text: str) -> Iterator[str]:
    """The targets of links and pictures, outside code."""
    for found in LINK.finditer(re.sub(r"`[^`\n]*`", "`code`", CODE.sub("", text))):
        yield found[1]


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", CODE.sub("", text), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number, unique = 0, slug
        while unique in found:
            number += 1
            unique = f"{slug}-{number}"
        found.add(unique)
    return found


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    wrong = []
    for target in links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        file = (page.parent / name).resolve() if name else page
        found = file.exists() and (not name or file.is_relative_to(ROOT))
        if found and anchor:
            found = file.suffix == ".md" and anchor in anchors(file.read_text(encoding="utf-8"))
        if not found:
            wrong.append(target)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# 1. Set up\n[a](nowhere.md) [b](#no-such-heading) [c](#1-set-up) `[d](code.md)` ![e](no.png)\n")
    assert broken(page) == ["nowhere.md", "#no-such-heading", "no.png"]


def test_every_page_is_reached_from_the_front_page() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        names = (target.partition("#")[0] for target in links(page.read_text(encoding="utf-8")) if ":" not in target)
        waiting += [(page.parent / name).resolve() for name in names if name]
    assert {page for page in PAGES if "docs" in page.relative_to(ROOT).parts[:1]} <= reached
