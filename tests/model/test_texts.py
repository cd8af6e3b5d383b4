"""The texts of both languages belong together, and values are put into words as each language prints them."""

from __future__ import annotations

import re
from datetime import date
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lobbyx.model import resources, texts


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_both_languages_have_the_same_texts_with_the_same_values() -> None:
    english, korean = texts.texts("en"), texts.texts("ko")
    assert len(english) > 40
    assert english.keys() == korean.keys()
    for key, said in english.items():
        assert placeholders(said) == placeholders(korean[key]), key
        assert not re.search("[가-힣]", said) or key == "site.other_language", key


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_choice_gives_two_words(language: texts.Language) -> None:
    for key, said in texts.texts(language).items():
        for _, _, choice, conversion in Formatter().parse(said):
            assert not choice or re.fullmatch(r"[^/]+/[^/]+", choice), key
            assert conversion is None, key


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (0, "0달러"),
        (100, "1달러"),
        (999_900, "9,999달러"),
        (1_000_000, "1만 달러"),
        (1_075_000_000, "1,075만 달러"),
        (849_500_000, "849만 5,000달러"),
        (10_000_000_000, "1억 달러"),
        (10_000_000_100, "1억 1달러"),
        (123_456_789_012, "12억 3,456만 7,890.12달러"),
        (-1_000_000, "-1만 달러"),
    ],
)
def test_money_as_korean_newspapers_print_it(cents: int, said: str) -> None:
    assert texts.dollars(cents, "ko") == said


@given(st.integers(min_value=0, max_value=10**16))
def test_no_cent_is_lost_in_korean(cents: int) -> None:
    said = texts.dollars(cents, "ko").replace(",", "").replace(" ", "").removesuffix("달러")
    whole = 0
    for unit, size in (("억", 10**8), ("만", 10**4)):
        if unit in said:
            number, _, said = said.partition(unit)
            whole += int(number) * size
    dollars, _, rest = said.partition(".")
    assert (whole + int(dollars or 0)) * 100 + int(rest or 0) == cents


@pytest.mark.parametrize(
    ("word", "topic", "direction"),
    [
        ("쿠팡", "은", "으로"),
        ("메타", "는", "로"),
        ("구글", "은", "로"),
        ("Coupang, Inc.", "는", "로"),
        ("Apple", "은", "로"),
        ("IBM", "은", "으로"),
        ("KPMG", "는", "로"),
        ("858만 달러", "는", "로"),
        ("보고서 3건", "은", "으로"),
        ("2021", "은", "로"),
        ("‘쿠팡’", "은", "으로"),
        ("", "는", "로"),
    ],
)
def test_particles_fit_the_word(word: str, topic: str, direction: str) -> None:
    assert texts.particle(word, "은", "는") == topic
    assert texts.particle(word, "으로", "로") == direction


def test_values_and_choices_are_filled() -> None:
    assert (
        texts.fill("{n:filing/filings} on {day}", "en", {"n": 1, "day": date(2025, 1, 2)}) == "1 filing on 2025-01-02"
    )
    assert texts.fill("{n:filing/filings}", "en", {"n": 1200}) == "1,200 filings"
    assert texts.fill("{org:은/는} {day}", "ko", {"org": "쿠팡", "day": date(2025, 1, 2)}) == "쿠팡은 2025년 1월 2일"
    assert (texts.period("2021 Q3", "ko"), texts.period("1999 H1", "ko")) == ("2021년 3분기", "1999년 상반기")
    assert (texts.day("soon", "ko"), texts.period("", "ko")) == ("soon", "")
    with pytest.raises(KeyError):
        texts.text("nobody.wrote.this", "ko")
    with pytest.raises(KeyError):
        texts.fill("{missing}", "en", {})


@pytest.mark.parametrize(("of", "file"), [("country", "countries"), ("issue", "issue_codes")])
def test_every_country_and_issue_has_a_korean_name(of: texts.Named, file: str) -> None:
    names = {row["name"] for row in resources.rows(f"constants/{file}.csv")}
    assert names == texts._korean_names(of).keys()
    for name in names:
        assert re.search("[가-힣]", texts.name_of(of, name).ko), name


def test_a_name_is_english_as_text_and_korean_in_korean_sentences() -> None:
    japan = texts.name_of("country", "Japan")
    assert f"{japan}" == "Japan"
    assert texts.fill("{of:은/는}", "ko", {"of": japan}) == "일본은"
    assert texts.fill("{of}.", "en", {"of": japan}) == "Japan."
    assert texts.name_of("issue", "Something New").ko == "Something New"


@pytest.mark.parametrize(
    ("template", "name", "said"),
    [
        ("Counted: {names}.", "Apple Inc.", "Counted: Apple Inc."),
        ("Counted: {names}.", "Apple", "Counted: Apple."),
        ("Counted: {names}...", "Apple Inc.", "Counted: Apple Inc...."),
        ("Counted: {names}, all.", "Apple Inc.", "Counted: Apple Inc., all."),
    ],
)
def test_a_sentence_ends_once(template: str, name: str, said: str) -> None:
    assert texts.fill(template, "en", {"names": name}) == said
