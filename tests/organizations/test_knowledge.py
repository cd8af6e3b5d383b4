"""The tables of what is known of organizations: that they are well formed and say what their README says."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date

import pytest

from lobbyx.model import resources
from lobbyx.names import normalize
from lobbyx.organizations import knowledge

NAMES, PARENTS, SUCCESSIONS = (
    list(enumerate(resources.rows(f"organizations/{name}.csv"), 2)) for name in ("names", "parents", "successions")
)
KEYS = {row["organization"] for _, row in NAMES}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SOURCES = {
    "filing": re.compile(rf"{UUID.pattern}|client name as filed: .+"),
    "exhibit21": re.compile(r"(Exhibit 21 |https?://).+"),
    "document": re.compile(r"https?://\S+"),
    "general_knowledge": re.compile(r""),
}
TWO_OWNERS = {
    "ALCOA",
    "ALLERGAN",
    "ARCONIC",
    "AT AND T",
    "BROADCOM",
    "CHUBB",
    "MERCK",
    "SCIENCE APPLICATIONS INTERNATIONAL",
}
"""Normalized names that two organizations really filed under; they merge nothing."""


def test_columns() -> None:
    assert list(NAMES[0][1]) == ["organization", "kind", "name", "since", "until", "basis", "source"]
    assert list(PARENTS[0][1]) == ["parent", "subsidiary", "since", "until", "basis", "source"]
    assert list(SUCCESSIONS[0][1]) == ["predecessor", "successor", "date", "kind", "basis", "source"]
    assert {row["kind"] for _, row in NAMES} == {
        "display",
        "everyday",
        "korean",
        "acronym",
        "trade",
        "former",
        "filed",
    }
    assert {row["kind"] for _, row in SUCCESSIONS} == {"renamed", "acquired"}


@pytest.mark.parametrize("rows", [NAMES, PARENTS, SUCCESSIONS], ids=["names", "parents", "successions"])
def test_every_row_has_a_basis_and_what_goes_with_it(rows: list[tuple[int, dict[str, str]]]) -> None:
    wrong = [
        (line, row)
        for line, row in rows
        if row["basis"] not in SOURCES
        or not SOURCES[row["basis"]].fullmatch(row["source"])
        or any(value != value.strip() for value in row.values())
    ]
    assert not wrong


@pytest.mark.parametrize("rows", [NAMES, PARENTS], ids=["names", "parents"])
def test_years(rows: list[tuple[int, dict[str, str]]]) -> None:
    year = re.compile(r"((1[5-9]|20)\d\d(-\d\d-\d\d)?)?")
    for line, row in rows:
        assert year.fullmatch(row["since"]), line
        assert year.fullmatch(row["until"]), line
        assert not (row["since"] and row["until"]) or row["since"][:4] <= row["until"][:4], line


def test_names_are_given_once_and_each_organization_has_one_to_show() -> None:
    times = Counter((row["organization"], row["kind"], row["name"]) for _, row in NAMES)
    assert [name for name, n in times.items() if n > 1] == []
    shown = Counter(row["organization"] for _, row in NAMES if row["kind"] == "display")
    assert shown.keys() == KEYS
    assert set(shown.values()) == {1}
    assert len(KEYS) >= 500
    assert all(row["name"] and normalize(row["name"]) for _, row in NAMES)


def test_korean_names_are_korean() -> None:
    korean = [row["name"] for _, row in NAMES if row["kind"] == "korean"]
    assert len(korean) > 500
    assert [name for name in korean if not re.search("[가-힣]", name)] == []


def test_a_name_of_two_organizations_is_one_that_is_listed() -> None:
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for _, row in NAMES:
        if row["kind"] in ("filed", "display", "former"):
            holders[normalize(row["name"])].add(row["organization"])
    assert {name for name, keys in holders.items() if len(keys) > 1} == TWO_OWNERS
    merged = {name for _, names in knowledge.shipped().merges() for name, _ in names}
    assert not merged & TWO_OWNERS


def test_parents_are_known_and_nobody_is_its_own_ancestor() -> None:
    pairs = Counter((row["parent"], row["subsidiary"]) for _, row in PARENTS)
    assert [pair for pair, n in pairs.items() if n > 1] == []
    assert {row["parent"] for _, row in PARENTS} <= KEYS
    above: defaultdict[str, set[str]] = defaultdict(set)
    for _, row in PARENTS:
        if not row["until"]:
            above[row["subsidiary"]].add(row["parent"])

    def ancestors(one: str, seen: frozenset[str]) -> set[str]:
        return {found for p in above.get(one, ()) if p not in seen for found in {p} | ancestors(p, seen | {p})}

    assert [one for one in list(above) if one in ancestors(one, frozenset())] == []


def test_successions_have_a_day_and_two_sides() -> None:
    pairs = Counter((row["predecessor"], row["successor"]) for _, row in SUCCESSIONS)
    assert [pair for pair, n in pairs.items() if n > 1] == []
    for line, row in SUCCESSIONS:
        assert date(1990, 1, 1) <= date.fromisoformat(row["date"]) <= date(2026, 12, 31), line
        assert row["predecessor"] != row["successor"], line
        assert row["predecessor"] in KEYS or normalize(row["predecessor"]), line


def test_what_is_generally_known_merges_nothing() -> None:
    general = knowledge.Knowledge(
        [
            knowledge.KnownName("Widget", "display", "Widget", "general_knowledge", ""),
            knowledge.KnownName("Widget", "filed", "GADGET", "general_knowledge", ""),
        ]
    )
    assert list(general.merges()) == []
    sourced = knowledge.Knowledge(
        [
            knowledge.KnownName("Widget", "filed", "WIDGET INC", "filing", "a"),
            knowledge.KnownName("Widget", "filed", "GADGET", "document", "b"),
        ]
    )
    assert list(sourced.merges()) == [("Widget", [("WIDGET", "a"), ("GADGET", "b")])]
