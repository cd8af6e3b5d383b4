"""Reasons that stand in the database in English, as Korean pages say them: every one that the program writes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import lobbyx
from lobbyx.names import phrases, words
from lobbyx.site import reasons

ORGANIZATIONS = Path(lobbyx.__file__).parent / "organizations"
LABELS = [rule.label for rule in (*phrases.PHRASES, words.CHARACTERS, *words.RULES)]


def written() -> Iterator[str]:
    """What the code writes as a reason, with X for what it fills in."""
    for module, calls in (("grouping", None), ("candidates", ("offer",)), ("resolve", ("setdefault",))):
        tree = ast.parse((ORGANIZATIONS / f"{module}.py").read_text(encoding="utf-8"))
        within = [
            node
            for node in ast.walk(tree)
            if calls is None or (isinstance(node, ast.Call) and _name(node.func) in calls)
        ]
        for node in {one for outer in within for one in ast.walk(outer) if isinstance(one, ast.JoinedStr)}:
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "X" for one in node.values)
            if not re.match(r"(SELECT|UPDATE|DELETE|INSERT) |\.[0-9]", text):  # neither SQL nor how a number is printed
                yield text


def _name(node: ast.expr) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def test_every_reason_of_the_code_has_a_korean_sentence() -> None:
    found = {one for one in written() if one != "its X is X"} | {"its acronym is X", "its trade name is X"}
    found |= {*LABELS, "as filed", "a filing lists X as affiliated", "name as filed: X"}
    found |= {"X reported in-house beside Y (registrants of their own, 2001-01-01 to 2002-12-31)"}
    assert len(found) > 35
    assert {one for one in found if reasons.one(one, "ko") == one} == set()
    assert all(reasons.one(one, "en") == one for one in found)


@pytest.mark.parametrize(
    ("given", "korean"),
    [
        ("share the rare word ALLIANCE and are 99 of 100 alike", "드문 단어 ALLIANCE를 함께 쓰고 100점 만점에 99점만큼 비슷함"),
        ("no punctuation; legal form at the end dropped", "문장 부호를 없앰; 끝의 회사 형태(Inc. 따위)를 뗌"),
        (
            "put in order: PHOENIX, CITY OF; BOEING COMPANY, THE; no punctuation",
            "어순을 바로잡음(PHOENIX, CITY OF 따위); 문장 부호를 없앰",
        ),
        ("the annual report; page 12", "the annual report; page 12"),
        ("https://example.org/a", "https://example.org/a"),
    ],
)  # fmt: skip
def test_reasons_in_a_row(given: str, korean: str) -> None:
    assert reasons.several(given, "ko") == korean
    assert reasons.several(given, "en") == given
