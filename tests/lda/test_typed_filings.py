"""The short way of reading filings gives what the checker gives, of valid records and of others."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lobbyx.lda import typed_filings
from lobbyx.lda.answer import parse_json
from lobbyx.lda.api_schema import ACTIVITY, LISTING, PEOPLE, SHAPES
from lobbyx.lda.records import BrokenRecord, Checker, Record, kind_of
from lobbyx.lda.typed_filings import FilingReader

DATA = Path(__file__).parents[1] / "data"


def lines_of(file: Path) -> list[bytes]:
    if file.suffix == ".json":
        body = orjson.loads(file.read_bytes())["body"]
        return [orjson.dumps(record) for record in body.get("results", [body])]
    body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return body.splitlines()


FILES = [
    DATA / "bulk" / "api_2016.jsonl",
    DATA / "names" / "api.jsonl.gz",
    DATA / "in_house_and_outside" / "filings.jsonl.gz",
    *sorted((DATA / "lda_samples").glob("filings*.json")),
    DATA / "lda_samples" / "contributions.json",
]
ALL = [line for file in FILES for line in lines_of(file)]


def checked(lines: Iterable[bytes]) -> tuple[list[tuple[Any, ...] | str], set[str]]:
    """What the checker alone makes of lines: a record or a message for each, and the unknown fields."""
    checker = Checker("a.jsonl")

    def read(line: bytes, number: int) -> Record:
        raw = parse_json(line, f"a.jsonl, line {number}", checker)
        kind = kind_of(raw)
        if kind is None:
            raise BrokenRecord(f"a.jsonl: line {number} is not a record of the API")
        return checker.check(kind, raw, f"in line {number}")

    return _outcomes(read, lines), checker.unknown


def typed(lines: Iterable[bytes]) -> tuple[list[tuple[Any, ...] | str], set[str]]:
    """The same by the short way."""
    reader = FilingReader(Checker("a.jsonl"))
    return _outcomes(reader.record, lines), reader.checker.unknown


def _outcomes(read: Callable[[bytes, int], Record], lines: Iterable[bytes]) -> list[tuple[Any, ...] | str]:
    for shape in (*SHAPES.values(), *PEOPLE.values(), LISTING, ACTIVITY):
        shape.plans.clear()  # which types were right before, in whatever test
    found: list[tuple[Any, ...] | str] = []
    told: dict[tuple[str, Any], Any] = {}
    codes: set[tuple[str, str]] = set()
    for number, line in enumerate(lines, 1):
        try:
            record = read(line, number)
        except BrokenRecord as error:
            found.append(str(error))
            continue
        news = []
        for table, row in record.related:  # saying the same of somebody once more changes nothing
            if told.get((table, row[1][0])) != repr(row):
                told[table, row[1][0]] = repr(row)
                news.append((table, row))
        record.related = sorted(news, key=lambda one: one[0])  # tables are written one by one
        record.codes = [code for code in record.codes if code[:2] not in codes]  # the first name stays
        codes.update(code[:2] for code in record.codes)
        found.append(record.plain())
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_real_records_are_read_as_the_checker_reads_them(file: Path) -> None:
    lines = lines_of(file) * 2
    assert typed(lines) == checked(lines)


def test_files_after_one_another_are_too() -> None:
    assert typed(ALL + ALL[::-1]) == checked(ALL + ALL[::-1])


def test_nearly_all_real_filings_go_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    long_way = []
    slow = FilingReader._checked
    monkeypatch.setattr(FilingReader, "_checked", lambda *a: long_way.append(a) or slow(*a))
    lines = [line for line in ALL if b'"contribution_items"' not in line]
    typed(lines)
    assert len(long_way) < 12 < len(lines) / 50


FULL = next(
    raw
    for line in lines_of(FILES[0])
    if (raw := orjson.loads(line)) and raw["lobbying_activities"] and raw["lobbying_activities"][0]["lobbyists"]
)
EMPTY = {**FULL, "lobbying_activities": []}


def changed(path: str, value: Any) -> bytes:
    """FULL with one value set; `...` takes the field away."""
    raw = copy.deepcopy(FULL)
    at: Any = raw
    *above, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in above:
        at = at[part]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return json.dumps(raw).encode("utf-8", "surrogatepass")


PATHS = [
    *FULL,
    *(f"registrant.{name}" for name in FULL["registrant"]),
    *(f"client.{name}" for name in FULL["client"]),
    *(f"lobbying_activities.0.{name}" for name in FULL["lobbying_activities"][0]),
    *(f"lobbying_activities.0.lobbyists.0.{name}" for name in FULL["lobbying_activities"][0]["lobbyists"][0]),
    *(f"lobbying_activities.0.lobbyists.0.lobbyist.{name}" for name in ("id", "prefix", "last_name", "suffix", "odd")),
    *(f"lobbying_activities.0.government_entities.0.{name}" for name in ("id", "name", "odd")),
    *("odd", "registrant.odd", "client.odd", "lobbying_activities.0.odd", "not-a-name", "class", "filer_type"),
]
VALUES = [None, True, False, 0, 1, -1, 1.0, 2**53, 12.345, "", " ", "Z9", "a\0b", "\ud800", "x" * 2_000_001]
VALUES += ["2016-02-30", "2016-02-03", "2016-02-03T10:00:00", "450000.00", "-1", "1e5", [], {}, [None], [1], "é\u2028"]


@pytest.mark.parametrize("path", PATHS)
def test_any_value_in_any_field_is_read_or_refused_alike(path: str) -> None:
    first = orjson.dumps(FULL)
    for value in VALUES:
        line = changed(path, value)
        lines = [first, line, line, first, line]
        assert typed(lines) == checked(lines), value
    if not path.endswith(("odd", "not-a-name", "class", "filer_type")):
        line = changed(path, ...)
        assert typed([first, line, line, first]) == checked([first, line, line, first])


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b'{"filing_uuid": 1}',
        orjson.dumps(FULL)[:-1] + b',"odd":"\xff"}',
        orjson.dumps(FULL)[:-1] + b',"odd":1}',
        orjson.dumps(FULL)[:-1] + b',"odd":1,"odd":"\\x"}',
        orjson.dumps(FULL)[:-1] + b',"income":"1.00","income":"2.00"}',
        orjson.dumps(FULL).replace(b'"lobbyists":[', b'"lobbyists":[null,', 1),
        b"\xef\xbb\xbf" + orjson.dumps(FULL),
        orjson.dumps(FULL) + b"\n",
        orjson.dumps(EMPTY),
    ],
    ids=lambda line: f"{line[:12]!r}..{line[-24:]!r}",
)
def test_lines_of_other_forms_are_read_or_refused_alike(line: bytes) -> None:
    full = orjson.dumps(FULL)
    for lines in ([line], [line, full, line], [full, line, full, line], [orjson.dumps(EMPTY), line, full, line]):
        assert typed(lines) == checked(lines)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed_filings, "MOST_LISTS", 3)
    monkeypatch.setattr(typed_filings, "MOST_FORMS", 2)
    assert typed(ALL) == checked(ALL)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from([v for v in VALUES if len(str(v)) < 99])), max_size=8)
)
def test_one_record_does_not_change_how_the_next_is_read(changes: list[tuple[str, Any]]) -> None:
    lines = [part for path, value in changes for part in (changed(path, value), orjson.dumps(FULL))]
    assert typed(lines) == checked(lines)
