"""Sums and changes as printed, and what the words beside them say."""

from __future__ import annotations

import pytest

from lobbyx.reading.claims.english.figures import figures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spent $3-4 million on it", [("between", 3_000_000, 4_000_000)]),
        ("spent $3 to $4 million on it", [("between", 3_000_000, 4_000_000)]),
        ("spent $3.1-$3.5 million on it", [("between", 3_100_000, 3_500_000)]),
        ("between $3 million and $4 million", [("between", 3_000_000, 4_000_000)]),
        ("$3+ million", [("at_least", 3_000_000, None)]),
        ("three million three hundred ten thousand dollars", [("exact", 3_310_000, None)]),
        ("five hundred twenty-three million dollars", [("exact", 523_000_000, None)]),
        ("one billion two hundred million dollars", [("exact", 1_200_000_000, None)]),
        ("one and a half million dollars", [("exact", 1_500_000, None)]),
        ("of one million and two million dollars", [("exact", 2_000_000, None)]),
        ("$3.310.000 was spent", [("exact", 3_310_000, None)]),
        ("$3,31 million was spent", [("exact", 3_310_000, None)]),
        ("rose $3 million to $4 million", [("exact", 3_000_000, None), ("exact", 4_000_000, None)]),
        ("from $16.8 million in 2014 to $21.9 million", [("exact", 16_800_000, None), ("exact", 21_900_000, None)]),
        (
            "jumped most at Acme ($6.1 million to $9.8 million)",
            [("exact", 6_100_000, None), ("exact", 9_800_000, None)],
        ),
        ("upward of $1.6 million", [("more_than", 1_600_000, None)]),
        ("just shy of $19 million", [("nearly", 19_000_000, None)]),
        ("$7 million or more", [("at_least", 7_000_000, None)]),
        ("adds up to $7 million", [("exact", 7_000_000, None)]),
        ("up to $7 million", [("at_most", 7_000_000, None)]),
        ("topped $1 million", [("more_than", 1_000_000, None)]),
        ("topping Toyota's $5.8 million", [("exact", 5_800_000, None)]),
        ("more than the $5.8 million of last year", [("exact", 5_800_000, None)]),
        ("$2.1 and $1.4 million", [("exact", 2_100_000, None), ("exact", 1_400_000, None)]),
        (
            "$8 million, a quarter of it in the last three months",
            [("exact", 8_000_000, None), ("about", 2_000_000, None)],
        ),
    ],
)
def test_sums(text: str, expected: list[tuple[str, int, int | None]]) -> None:
    found = [f for f in figures(text) if f.kind == "money"]
    assert [(f.comparator, f.value / 100, f.high and f.high / 100) for f in found] == expected


@pytest.mark.parametrize(
    ("text", "value", "comparator"),
    [
        ("a rise of more than 80 percent", 0.8, "more_than"),
        ("167 percent above the quarter before", 1.67, "exact"),
        ("slipped by nearly 12.5%", -0.125, "nearly"),
        ("fell by a third", -0.333333, "exact"),
        ("cut its spending by half", -0.5, "exact"),
        ("a fifth more than in the first quarter", 0.2, "exact"),
        ("more than doubled", 1.0, "more_than"),
        ("twice as much as it did in 2023", 1.0, "exact"),
        ("four times as much as in 2021", 3.0, "exact"),
        ("2.3 times the amount of 2020", 1.3, "exact"),
        ("a five-fold increase", 4.0, "exact"),
        ("half the $16 million of 2009", -0.5, "exact"),
    ],
)
def test_changes(text: str, value: float, comparator: str) -> None:
    (found,) = [f for f in figures(text) if f.kind == "fraction"]
    assert found.value == pytest.approx(value)
    assert found.comparator == comparator


@pytest.mark.parametrize("text", ["5 percent of voters", "3M spent it", "lobbying by 3M", "a dollar", "$0"])
def test_what_is_no_figure(text: str) -> None:
    assert figures(text) == []
