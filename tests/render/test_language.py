"""Terminal output in Korean: the verdict line, tables and frames, not the explanation alone."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

import lobbyx
from lobbyx.model import texts
from lobbyx.model.verdict import Verdict
from lobbyx.render import language, terminal, text, topic

RENDER = Path(text.__file__).parent


@pytest.fixture
def checked(coupang: lobbyx.Ledger) -> Verdict:
    (verdict,) = coupang.check("쿠팡은 2021년 8월 이후 로비에 최소 1000만달러를 썼다.", "2025-12-25")
    return verdict


def keys() -> Iterator[str]:
    """The texts that the modules show through `told`."""
    for module in (RENDER / "text.py", RENDER / "terminal.py", RENDER / "language.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="told"), args=[ast.Constant(value=str(key)), *_]):
                    yield key


def test_every_text_is_there_and_every_text_is_used() -> None:
    used = set(keys())
    assert len(used) > 12
    assert used <= texts.texts("ko").keys()
    of_terminal = {key for key in texts.texts("en") if key.startswith("terminal.")}
    heads = {"terminal.what", "terminal.number", "terminal.member", "terminal.by"}  # in tuples
    assert of_terminal - used == {*heads, *(f"terminal.{name}" for name, _ in topic.HEADS)}
    with pytest.raises(KeyError):
        language.told("nobody wrote this", "ko")


def test_verdict_and_tables_are_korean(checked: Verdict) -> None:
    plain = text.verdict_text(checked, language="ko")
    for words in (
        "± 집계 방식에 따라 다름: 다른 집계 방식에서만 맞습니다.",
        "보고 금액",
        "858만 달러",
        "대체됨",
    ):
        assert words in plain
    card = io.StringIO()
    Console(width=140, file=card).print(terminal.verdict(checked, width=140, language="ko"))
    for shown in (plain, card.getvalue()):
        for english in ("depends", "reported", "way of counting", "superseded", "posted", "claimed", "It "):
            assert english not in shown, english
        assert "$" not in re.sub(r"참고\(영문\).*", "", shown)
    assert "depends on method" not in plain


def test_columns_of_korean_tables_stand_below_each_other(checked: Verdict) -> None:
    assert checked.total
    rows = text.methods_table(checked.total, language="ko")
    ends = {wide_until(row, "lda") for row in rows[1:2]} | {wide_until(row, "gross") for row in rows[2:3]}
    assert len(ends) == 1
    total = [row for row in rows if "달러" in row]
    assert len({wide_until(row, "달러") for row in total}) == 1


def wide_until(row: str, part: str) -> int:
    return sum(2 if "가" <= c <= "힣" else 1 for c in row[: row.index(part)])


def test_english_is_as_before(checked: Verdict) -> None:
    plain = text.verdict_text(checked)
    assert "± Depends on the method (depends_on_method): It holds only under another way of counting." in plain
    assert re.search("[가-힣]", plain.split("\n", 1)[1]) is None
