"""How a topic is read, and passages with what matches marked."""

from __future__ import annotations

import pytest

from lobbyx.model.passage import CLOSES, LONGEST, OPENS, Passage, around, from_snippet
from lobbyx.model.topic import read_topic


@pytest.mark.parametrize(
    ("text", "kind", "name", "otherwise"),
    [
        ("net neutrality", "words", "net neutrality", None),
        ("  net \n neutrality ", "words", "net neutrality", None),
        ("TRD", "issue", "Trade (domestic/foreign)", "words"),
        ("trade", "issue", "Trade (domestic/foreign)", "words"),
        ("Trade (Domestic/Foreign)", "issue", "Trade (domestic/foreign)", "words"),
        ("tax", "words", "tax", "issue"),
        ("issue:tax", "issue", "Taxation/Internal Revenue Code", "words"),
        ("trade war", "words", "trade war", None),
        ("H.R. 3962", "bill", "H.R. 3962", "words"),
        ("hr3962", "bill", "hr3962", "words"),
        ("S.Con.Res. 10", "bill", "S.Con.Res. 10", "words"),
        ("issue:nothing", "words", "nothing", None),
        ("", "words", "", None),
        ("\x00\u202e", "words", "", None),
    ],
)
def test_what_a_text_names(text: str, kind: str, name: str, otherwise: str | None) -> None:
    found = read_topic(text)
    assert (found.kind, found.name, found.otherwise) == (kind, name, otherwise)


def test_a_reading_can_be_chosen_where_there_is_one() -> None:
    assert read_topic("TRD", "words").kind == "words"
    assert read_topic("H.R. 3962", "words").kind == "words"
    assert read_topic("tax", "issue").code == "TAX"
    assert read_topic("net neutrality", "bill").kind == "words"
    assert len(read_topic("a" * 20_000).text) == 200


def test_operators_of_the_index_are_words() -> None:
    assert read_topic('tax" OR "*').match() == '"tax"" OR ""*"'


@pytest.mark.parametrize("written", ['"h r 3962"', '"hr 3962"', '"hr3962"', '"h r3962"', '"hr no 3962"'])
def test_a_bill_is_looked_for_however_it_is_written(written: str) -> None:
    assert written in read_topic("H.R. 3962").match().split(" OR ")


def test_marks_are_places_in_the_text() -> None:
    found = from_snippet(f"…on {OPENS}net{CLOSES} and {OPENS}neutrality{CLOSES}.")
    assert found == Passage("…on net and neutrality.", ((4, 7), (12, 22)))
    assert found.pieces() == [("…on ", False), ("net", True), (" and ", False), ("neutrality", True), (".", False)]
    assert from_snippet(None) == Passage("")


def test_marks_that_a_filing_itself_holds_do_no_harm() -> None:
    assert from_snippet(f"{CLOSES}a{OPENS}b{OPENS}c{CLOSES}d{OPENS}") == Passage("abcd", ((2, 3),))
    assert from_snippet(f"{OPENS}{CLOSES}x") == Passage("x")


def test_a_passage_is_short_and_shows_its_first_mark() -> None:
    long = from_snippet("x" * 50_000 + f"{OPENS}tax{CLOSES}" + "y" * 50_000)
    assert len(long.text) == LONGEST
    assert [piece for piece, marked in long.pieces() if marked] == ["tax"]
    text = "a " * 400 + "H.R. 1 " + "b " * 400
    shown = around(text, [(800, 806)])
    assert [piece for piece, marked in shown.pieces() if marked] == ["H.R. 1"]
    assert shown.text.startswith("…")
    assert shown.text.endswith("…")
    assert around("short", []) == Passage("short")
