"""The parts of names that the API is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lobbyx.names.asking import alternatives, contains, part, parts, with_respellings

PARTS = [
    ("COUPANG, INC.", "COUPANG"),
    ("The Boeing Company", "Boeing"),
    ("AT&T SERVICES, INC. AND ITS AFFILIATES", "AT&T SERVICES"),
    ("META PLATFORMS, INC. (FORMERLY FACEBOOK, INC.)", "META PLATFORMS"),
    ("SAMSUNG ELECTRONICS CO., LTD.", "SAMSUNG ELECTRONICS"),
    ("Goldman Sachs & Co.", "Goldman Sachs"),
    ("Johnson & Johnson", "Johnson & Johnson"),
    ("AKIN GUMP ON BEHALF OF COUPANG", "COUPANG"),
    ("3M COMPANY", "3M"),
    ("GLENMARK PHARMACEUTICALS, INC., USA", "GLENMARK PHARMACEUTICALS"),
    ("NAVY MUTUAL AID ASSN", "NAVY MUTUAL AID"),
    ("Navy Mutual Aid Association, Inc.", "Navy Mutual Aid"),
    ("American Bankers Association", "American Bankers Association"),
    ("INC.", "INC."),
]


@pytest.mark.parametrize(("name", "expected"), PARTS)
def test_part(name: str, expected: str) -> None:
    assert part(name) == expected


@given(st.text(min_size=1, max_size=60))
def test_a_part_is_a_part(name: str) -> None:
    assert contains(" ".join(name.split()), part(name))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Microsoft Corporation", "MICROSOFT CORPORATION", "MICROSOFT CORP"], ["Microsoft"]),
        (["META PLATFORMS, INC.", "FACEBOOK, INC."], ["FACEBOOK", "META PLATFORMS"]),
        (["GE", "GENERAL ELECTRIC CO"], ["GENERAL ELECTRIC", "GE"]),
        ([], []),
    ],
)
def test_parts(names: list[str], expected: list[str]) -> None:
    assert parts(names) == expected


@given(st.lists(st.sampled_from(["ALPHA INC", "BETA CORP", "ALPHA BETA LLC", "THE GAMMA CO", "GAMMA HOLDINGS"])))
def test_every_name_contains_one_of_the_parts(names: list[str]) -> None:
    asked = parts(names)
    assert all(any(contains(name, one) for one in asked) for name in names)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["Coupang"], ["Coupang"]),
        (["Johnson & Johnson"], ["Johnson & Johnson", "Johnson and Johnson"]),
        (["AT&T"], ["AT&T"]),
        (["NORIDIAN HEALTHCARE"], ["NORIDIAN HEALTHCARE", "NORIDIAN Health Care"]),
        (["Health Care Service"], ["Health Care Service", "Healthcare Service"]),
        (["Sand and Stone", "Sand & Stone"], ["Sand and Stone", "Sand & Stone"]),
    ],
)
def test_respellings(asked: list[str], expected: list[str]) -> None:
    assert with_respellings(asked) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Coupang's", ["Coupang"]),
        ("TikTok's parent company, ByteDance", ["ByteDance"]),
        ("Johnson and Johnson", ["Johnson and Johnson", "Johnson & Johnson"]),
        ("U.S. Chamber of Commerce", ["U.S. Chamber of Commerce", "Chamber of Commerce"]),
        ("Amazon.com", ["Amazon.com", "Amazon"]),
        ("Wal-Mart Stores", ["Wal-Mart Stores", "WalMart Stores", "Wal Mart Stores"]),
    ],
)
def test_alternatives(text: str, expected: list[str]) -> None:
    assert alternatives(text) == expected
