"""Every warning, reason and error is a sentence in both languages, made from one key and the same values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

import lobbyx
from lobbyx.model import texts
from lobbyx.model.period import UnreadableDate, Window, quarter_span, span
from lobbyx.model.said import Cents, Days, Several, in_words, said, some
from lobbyx.model.total import warned

PACKAGE = Path(lobbyx.__file__).parent
KINDS = ("warning.", "missing.", "problem.", "taken.", "succession_on.")


def calls() -> Iterator[tuple[str, set[str] | None]]:
    """Each key that the code asks for, with the names of the values it gives; None where those are not written out.

    A part of a key that is computed is given as `*`.
    """
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = getattr(node.func, "id", "")
            first = [_text(one) for one in node.args]
            if name == "said" and first[0]:
                key = first[0]
            elif name == "warned" and first[0]:
                key = f"warning.{first[0]}" + ("" if len(first) < 2 else f"_{first[1] or '*'}")
            elif name == "UnreadableDate" and first[0]:
                key = f"problem.{first[0]}"
            else:
                continue
            written = {k.arg for k in node.keywords if k.arg}
            yield key, None if any(k.arg is None for k in node.keywords) else written


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(one) or "*" for one in node.values)
    return ""


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_code_has_a_sentence_in_both_languages_with_the_values_the_code_gives() -> None:
    found = [(key, values) for key, values in calls() if key.startswith(KINDS)]
    assert len(found) > 70
    english, korean = texts.texts("en"), texts.texts("ko")
    asked: set[str] = set()
    for key, values in found:
        pattern = re.escape(key).replace(r"\*", r"\w+")
        matching = [one for one in english if re.fullmatch(pattern, one)]
        if key not in ("warning.*", "problem.*", "warning.**", "warning.*_*"):
            assert matching, key
        for one in matching:
            asked.add(one)
            if values is not None and "*" not in key:
                assert placeholders(english[one]) == values, one
                assert placeholders(korean[one]) == values, one
    # What nobody asks for by its name is asked for by a computed one, as above, or is dead.
    for key in english:
        if key.startswith(KINDS):
            assert key in asked or key in ("warning.heading", "problem.no_such_date", "problem.cannot_read_date"), key
            assert re.search("[가-힣]", korean[key]) or not re.search(
                "[A-Za-z]{4}", re.sub(r"{\w+}", "", english[key])
            ), key


def test_facts_are_the_same_in_korean_as_newspapers_print_them() -> None:
    period = quarter_span(2022, 1)
    exceeds = warned(
        "outside_exceeds_in_house", period=period, outside=Cents(1_075_000_000), in_house=Cents(36_000_000)
    )
    assert exceeds.json() == {
        "code": "outside_exceeds_in_house",
        "message": "from 2022-01-01 to 2022-03-31: outside firms report $10,750,000 but the in-house report only "
        "$360,000, which should include it; the filer may have left the fees out, so the upper bound counts both",
        "message_ko": "2022년 1분기: 외부 업체는 1,075만 달러를 신고했으나 이를 포함해야 할 자체 보고서는 36만 달러에 "
        "그칩니다. 자체 보고서에서 보수를 빠뜨렸을 수 있어 상한에는 둘을 모두 더했습니다.",
    }
    late = warned("in_house_missing", period=period, due=date(2022, 4, 20)).of("쿠팡")
    assert late.json()["message_ko"] == (
        "쿠팡: 2022년 1분기: 2022년 4월 20일까지 제출해야 할 자체 보고서가 없어 외부 업체의 수입으로 집계했습니다."
    )


@pytest.mark.parametrize(
    ("value", "english", "korean"),
    [
        (Days(quarter_span(2023, 3)), "2023-07-01 to 2023-09-30", "2023년 3분기"),
        (Days(Window(date(1999, 1, 1), date(1999, 6, 30))), "1999-01-01 to 1999-06-30", "1999년 상반기"),
        (Days(Window(date(2023, 2, 3), date(2024, 1, 1))), "2023-02-03 to 2024-01-01", "2023년 2월 3일~2024년 1월 1일"),
        (Window(None, date(2024, 1, 1)), "up to 2024-01-01", "2024년 1월 1일까지"),
        (Several(("a", Cents(100)), between="; "), "a; $1", "a; 1달러"),
        (some(["a", "b", "c"], 2, "names"), "a, b and 1 more", "a, b 외 1곳"),
        (some(["a", "b", "c"], 1), "a and 2 more", "a 외 2건"),
        (said("missing.not_due", day=date(2024, 4, 22)), "reports are due on 2024-04-22", "제출 기한은 2024년 4월 22일입니다"),
    ],
)  # fmt: skip
def test_values_in_words(value: object, english: str, korean: str) -> None:
    assert (in_words(value), in_words(value, "ko")) == (english, korean)


def test_an_error_has_both_languages() -> None:
    with pytest.raises(UnreadableDate, match="there is no such date as '2024-02-30'") as caught:
        span("2024-02-30")
    assert caught.value.told.words("ko") == (
        "‘2024-02-30’: 없는 날짜입니다. 다음 형식으로 입력하십시오: 2021-08-01, 2021-08, 2021, 2021Q3."
    )
