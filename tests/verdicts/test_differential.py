"""Verdicts on random histories of filings, beside a count that knows nothing of lobbyx's rules.

The histories are real-shaped: late originals, amendments, terminations, several in-house filers, firms hired through
firms, reports that are not on file. What was filed is counted by plain SQL over the raw JSON, and what is known to be on
file by DOMAIN's table, written once more here. Of lobbyx only the door is used: files in, verdicts out.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import lobbyx
from lobbyx.model.claim import Claim
from lobbyx.model.coverage import Coverage, Listing
from lobbyx.model.period import Window
from lobbyx.verdicts.subject import Knowledge
from tests.conftest import build, filing

NAMES = ("ALPHA CORP", "BRAVO FOODS INC", "CHARLIE MOTORS", "DELTA PHARMA LLC", "ECHO MINING", "FOXTROT BANK")
FIRMS = ("HOTEL STRATEGIES", "INDIA PARTNERS", "JULIET GROUP")
QUARTERS = [(year, quarter) for year in (2021, 2022, 2023) for quarter in (1, 2, 3, 4)]
PERIODS = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")
COVERED_TO = date(2024, 6, 30)
BOUNDS = ("at_least", "more_than", "at_most", "less_than")


def quarter_days(index: int) -> tuple[date, date]:
    year, quarter = 2021 + index // 4, index % 4 + 1
    first = date(year, 3 * quarter - 2, 1)
    following = date(year + quarter // 4, quarter * 3 % 12 + 1, 1)
    return first, following - timedelta(days=1)


def due(index: int) -> date:
    return quarter_days(index)[1] + timedelta(days=20)


# Histories -----------------------------------------------------------------------------------------------------------


@dataclass
class World:
    """What was filed, and which of it is on file."""

    filed: list[dict[str, Any]] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)
    covered: set[str] = field(default_factory=set)


def made_up(chance: random.Random) -> World:
    world = World()
    number = 0
    for place, name in enumerate(NAMES):
        filers = [(10 * place + 1 + n, True) for n in range(chance.choice((0, 1, 1, 1, 2)))]
        filers += [(900 + n, False) for n in range(len(FIRMS)) if chance.random() < 0.5]
        how = chance.choice(("covered", "covered", "covered", "all", "some", "some", "own_absent"))
        if how == "covered":
            world.covered.add(name)
        for registrant, own in filers:
            begins, ends = chance.choice((0, 0, 0, 2, 5)), chance.choice((99, 99, 99, 6, 9))
            client = name
            if not own and chance.random() < 0.15:
                client = f"{FIRMS[0]} OBO {name}" if registrant != 900 else name
            for index, (year, quarter) in enumerate(QUARTERS):
                if not begins <= index <= ends:
                    continue
                late = chance.choice((0, 0, 0, 0, 45, 130))
                posted = quarter_days(index)[1] + timedelta(days=chance.randint(1, 20) + late)
                last = index == ends
                kinds = [f"{quarter}T" if last else f"Q{quarter}"]
                kinds += [f"{quarter}@" if last else f"{quarter}A"] * chance.choice((0, 0, 0, 0, 1, 2))
                gone = (how == "some" and chance.random() < 0.08) or (how == "own_absent" and own)
                for step, kind in enumerate(kinds):
                    number += 1
                    amount = chance.choice((None, 20_000, 50_000, 60_000, 75_000, 90_000, 120_000, 300_000))
                    one = filing(
                        number,
                        filing_type=kind,
                        filing_year=year,
                        filing_period=PERIODS[quarter - 1],
                        dt_posted=f"{posted + timedelta(days=step * chance.randint(1, 90))}T12:00:0{step}-05:00",
                        income=None if own or amount is None else f"{amount}.00",
                        expenses=f"{amount}.00" if own and amount is not None else None,
                        registrant__id=registrant,
                        registrant__name=(name if registrant % 10 == 1 else f"{name} SERVICES") if own else FIRMS[registrant - 900],
                        client__id=1000 * registrant + place,
                        client__name=client,
                        client__client_self_select=own,
                        lobbying_activities=[],
                    )  # fmt: skip
                    world.filed.append(one)
                    # A missing amendment of a report on file is told, not counted as absence.
                    if gone or (how == "some" and step and chance.random() < 0.2):
                        world.absent.add(one["filing_uuid"])
    return world


# The count ---------------------------------------------------------------------------------------------------------

TABLE = """
CREATE TABLE raw AS
SELECT json_extract(body, '$.filing_uuid') AS uuid,
       (json_extract(body, '$.filing_year') - 2021) * 4 + CASE json_extract(body, '$.filing_period')
           WHEN 'first_quarter' THEN 0 WHEN 'second_quarter' THEN 1 WHEN 'third_quarter' THEN 2 ELSE 3 END AS quarter,
       json_extract(body, '$.registrant.id') AS registrant, json_extract(body, '$.client.id') AS client,
       json_extract(body, '$.client.client_self_select') AS own,
       json_extract(body, '$.client.name') AS name, json_extract(body, '$.filing_type') AS kind,
       json_extract(body, '$.dt_posted') AS at, substr(json_extract(body, '$.dt_posted'), 1, 10) AS day,
       CAST(coalesce(json_extract(body, '$.income'), json_extract(body, '$.expenses')) AS NUMERIC) AS amount, absent
FROM given
"""
# With nothing on file for a registrant, client and period, what was filed; else what is on file of it.
TRUTH = """
CREATE TABLE truth AS SELECT * FROM raw r WHERE NOT absent OR NOT EXISTS (
    SELECT 1 FROM raw o WHERE NOT o.absent AND (o.registrant, o.client, o.quarter) = (r.registrant, r.client, r.quarter))
"""
COUNT = """
WITH known AS (
    SELECT *, row_number() OVER (PARTITION BY registrant, client, quarter ORDER BY at DESC) AS n
    FROM {table} WHERE name LIKE '%' || :name AND day <= :day AND quarter BETWEEN :first AND :last
), sized AS (
    SELECT *, coalesce(amount, 0) AS sum,
           CASE WHEN amount IS NULL THEN 0 WHEN amount % 10000 = 0 THEN amount - 5000 ELSE amount - 2500 END AS low,
           CASE WHEN amount IS NULL THEN 5000 WHEN amount % 10000 = 0 THEN amount + 5000 ELSE amount + 2500 END AS high
    FROM known WHERE n = 1
)
SELECT quarter, own, sum(low) AS low, sum(sum) AS sum, sum(high) AS high, count(*) AS n,
       max(registrant = 900) AS principal, total(CASE WHEN name LIKE '% OBO %' THEN low END) AS through,
       count(CASE WHEN name LIKE '% OBO %' THEN 1 END) AS hired
FROM sized GROUP BY quarter, own
"""


@dataclass
class Counted:
    """What is on file for a window, and whether that determines the sum."""

    low: int = 0
    sum: int = 0
    high: int = 0
    reports: int = 0
    determined: bool = True
    rounding: bool = True
    pending: bool = False
    complete: bool = True
    nothing_due: bool = True


def counted(db: sqlite3.Connection, name: str, is_covered: bool, first: int, last: int, day: date) -> Counted:
    rows = by_quarter(db, "on_file", name, first, last, day)
    found = Counted()
    for quarter in range(first, last + 1):
        own, fees = rows.get((quarter, True)), rows.get((quarter, False))
        state = state_of(db, name, is_covered, quarter, day, bool(own or fees))
        ended = quarter_days(quarter)[1] <= day
        found.pending |= due(quarter) > day and not (ended and state[1])
        if state[0] == "not_due":
            continue
        found.nothing_due = False
        found.complete &= state[0] == "complete"
        found.determined &= state[0] != "unknown"
        chosen = own or fees
        if not chosen:
            continue
        found.reports += chosen["n"]
        found.sum += chosen["sum"]
        found.high += chosen["high"]
        if own or state[0] != "unknown":
            found.low += chosen["low"]
        if hired_through(own, fees):
            found.low -= chosen["through"] if state[0] != "unknown" else 0
            found.rounding = False
        if own and fees and fees["sum"] > own["sum"]:
            found.high += fees["high"]
            found.rounding = False
    return found


def by_quarter(
    db: sqlite3.Connection, table: str, name: str, first: int, last: int, day: date
) -> dict[tuple[int, bool], Any]:
    values = {"name": name, "day": day.isoformat(), "first": first, "last": last}
    return {(row["quarter"], bool(row["own"])): row for row in db.execute(COUNT.format(table=table), values)}


def hired_through(own: Any, fees: Any) -> bool:
    """Whether firms alone report, of which one was hired through another that does: its pay may be in the other's."""
    return not own and bool(fees["principal"]) and bool(fees["hired"])


def true_sum(db: sqlite3.Connection, name: str, first: int, last: int, day: date) -> Counted:
    """What was filed by a day, whether it is on file or not."""
    rows = by_quarter(db, "truth", name, first, last, day)
    found = Counted()
    for quarter in range(first, last + 1):
        own, fees = rows.get((quarter, True)), rows.get((quarter, False))
        if chosen := own or fees:
            found.low, found.sum, found.high = (
                found.low + chosen["low"],
                found.sum + chosen["sum"],
                found.high + chosen["high"],
            )
            if hired_through(own, fees):
                found.low, found.rounding = found.low - chosen["through"], False
        if own and fees and fees["sum"] > own["sum"]:
            found.high, found.rounding = found.high + fees["high"], False
    return found


def state_of(
    db: sqlite3.Connection, name: str, is_covered: bool, quarter: int, day: date, anything: bool
) -> tuple[str, bool]:
    """DOMAIN's table for one period, and whether all that are known to file in-house have."""
    on_file = db.execute(
        "SELECT registrant, quarter, kind, day, at FROM raw WHERE own AND NOT absent AND name LIKE '%' || ? ORDER BY quarter, at",
        [name],
    ).fetchall()
    near = {r["registrant"] for r in on_file if abs(r["quarter"] - quarter) <= 4}
    last_before = {r["registrant"]: r["kind"] for r in on_file if r["quarter"] < quarter}
    here = {r["registrant"] for r in on_file if r["quarter"] == quarter}
    gone = {r for r, kind in last_before.items() if kind[1] in "T@" and r not in here}
    filed = {r["registrant"] for r in on_file if r["quarter"] == quarter and r["day"] <= day.isoformat()}
    all_filed = bool(near - gone) and near - gone <= filed
    if not anything and due(quarter) > day:
        return "not_due", all_filed
    if is_covered and day <= COVERED_TO:
        return "complete", all_filed
    return ("reported" if all_filed else "unknown"), all_filed


def allows(claim: Claim, found: Counted, *, whole: bool) -> set[str]:
    """The verdicts that the count allows."""
    value = round(claim.value or 0)
    if not found.reports and not (found.complete and not found.nothing_due):
        return {"unverifiable"}
    if not found.determined and claim.comparator not in BOUNDS:
        return {"unverifiable"}
    high = found.high if found.determined else None
    answer = said(claim, value, found.low, found.sum, high, found.rounding)
    if whole and found.pending:
        if answer == "yes":
            return {"supported"}
        if answer == "no" and claim.comparator in ("at_most", "less_than"):
            return {"refuted", "depends_on_method"}
        return {"unverifiable"}
    return {
        "yes": {"supported"},
        "partly": {"within_rounding"},
        "no": {"refuted", "depends_on_method"},
        "open": {"unverifiable"},
    }[answer]


def said(claim: Claim, value: int, low: int, sum_: int, high: int | None, rounding: bool) -> str:
    """CONTRACT, "Determined, tolerance"."""
    tests: dict[str, Callable[[int], bool]] = {
        "at_least": lambda x: x >= value,
        "more_than": lambda x: x > value,
        "at_most": lambda x: x <= value,
        "less_than": lambda x: x < value,
    }
    if test := tests.get(claim.comparator):
        worst, best = (low, high) if claim.comparator in ("at_least", "more_than") else (high, low)
        if worst is not None and test(worst):
            return "yes"
        if best is not None and not test(best):
            return "no"
        return "partly" if high is not None else "open"
    assert high is not None
    unit = int(claim.precision)
    if claim.comparator == "about":
        first, last = value * 0.9, value * 1.1
    elif claim.comparator == "nearly":
        first, last = value * 0.9, float(value)
    elif claim.comparator == "between":
        first, last = float(value), float(claim.high or 0)
    else:
        first, last = max(value - unit / 2, value * 0.9), min(value + unit - 0.01, value * 1.1)
    if first <= sum_ <= last:
        return "yes" if rounding else "partly"
    if not rounding and low <= last and first <= high:
        return "partly"
    prints = claim.comparator == "exact" and value - unit / 2 <= sum_ < value + unit
    return "partly" if prints else "no"


def allows_change(claim: Claim, now: Counted, before: Counted, *, whole: bool) -> set[str]:
    """The same for "so much more than in the year before"."""
    for one in (now, before):
        if not one.reports and not (one.complete and not one.nothing_due):
            return {"unverifiable"}
    if before.determined and not before.sum:
        return {"unverifiable"}
    if before.pending:
        return {"unverifiable"}
    both = now.determined and before.determined
    if not both and claim.comparator not in BOUNDS:
        return {"unverifiable"}
    low = Fraction(now.low, before.high) - 1 if before.determined and before.high else None
    high = Fraction(now.high, before.low) - 1 if now.determined and before.low else None
    change = Fraction(now.sum, before.sum) - 1 if before.sum else Fraction(0)
    answer = said_of_change(claim, low, change, high, both, now.rounding and before.rounding)
    if whole and now.pending:
        if answer == "yes":
            return {"supported"}
        if answer == "no" and claim.comparator in ("at_most", "less_than"):
            return {"refuted", "depends_on_method"}
        return {"unverifiable"}
    return {
        "yes": {"supported"},
        "partly": {"within_rounding"},
        "no": {"refuted", "depends_on_method"},
        "open": {"unverifiable"},
    }[answer]


def said_of_change(
    claim: Claim, low: Fraction | None, change: Fraction, high: Fraction | None, both: bool, rounding: bool
) -> str:
    value = Fraction(str(claim.value))
    tests: dict[str, Callable[[Fraction], bool]] = {
        "at_least": lambda x: x >= value,
        "more_than": lambda x: x > value,
        "at_most": lambda x: x <= value,
        "less_than": lambda x: x < value,
    }
    if test := tests.get(claim.comparator):
        worst, best = (low, high) if claim.comparator in ("at_least", "more_than") else (high, low)
        if worst is not None and test(worst):
            return "yes"
        if best is not None and not test(best):
            return "no"
        return "partly" if both else "open"
    unit, tenth = Fraction(str(claim.precision)), abs(value) / 10
    first, last = {
        "exact": (value - unit, value + unit),
        "about": (value - max(unit, tenth), value + max(unit, tenth)),
        "nearly": (value - tenth, value) if value >= 0 else (value, value + tenth),
    }[claim.comparator]
    if first <= change <= last:
        return "yes" if rounding else "partly"
    inside = (low is None or low <= last) and (high is None or first <= high)
    return "partly" if not rounding and inside else "no"


def changes(
    chance: random.Random, db: sqlite3.Connection, world: World
) -> Iterator[tuple[Claim, date, int, int, bool]]:
    """Random claims of a change from the same quarter, or the year, before."""
    while True:
        name = chance.choice(NAMES)
        length = chance.choice((1, 1, 4))
        first = chance.randint(4, 11) if length == 1 else chance.choice((4, 8))
        day = date(2022, 2, 20) + timedelta(days=chance.randint(0, 950))
        now = counted(db, name, name in world.covered, first, first + length - 1, day)
        before = counted(db, name, name in world.covered, first - 4, first + length - 5, day)
        true = now.sum / before.sum - 1 if before.sum else 0.5
        comparator: Any = chance.choice(("exact", "about", "nearly", *BOUNDS))
        value = round(chance.choice((true, true, true * 0.8, true + 0.2, -true, 0)), 2)
        window = Window(quarter_days(first)[0], quarter_days(first + length - 1)[1])
        baseline = {
            "start": quarter_days(first - 4)[0].isoformat(),
            "end": quarter_days(first + length - 5)[1].isoformat(),
        }
        detail = {"baseline": baseline}
        yield (
            Claim("x", 0, 1, "change", name, value, 0.01, comparator, window, None, detail=detail),
            day,
            first,
            length,
            True,
        )


# Both together -------------------------------------------------------------------------------------------------------


def claims(chance: random.Random, db: sqlite3.Connection, world: World) -> Iterator[tuple[Claim, date, int, int, bool]]:
    """Random claims with the day they are judged by, the quarters they speak of, and whether those are whole periods."""
    while True:
        name = chance.choice(NAMES)
        kind = chance.choice(("quarter", "quarter", "quarter", "year", "year", "years", "since", "since"))
        first = chance.randint(0, 11) if kind in ("quarter", "since") else chance.choice((0, 4, 8))
        last = {"quarter": first, "year": first + 3, "years": 11, "since": 99}[kind]
        day = date(2021, 3, 20) + timedelta(days=chance.randint(200, 1200))
        if kind == "since":
            if (day + timedelta(days=1)).day == 1 or day < quarter_days(first)[0]:
                continue
            end, last = day, (day.year - 2021) * 4 + (day.month - 1) // 3
        else:
            end = quarter_days(last)[1]
        window = Window(quarter_days(first)[0], end)
        truth = counted(db, name, name in world.covered, first, last, day).sum or 100_000
        fees = sum(row["sum"] for row in by_quarter(db, "on_file", name, first, last, day).values())
        comparator: Any = chance.choice(("exact", "about", "nearly", "between", *BOUNDS))
        value = round(chance.choice((truth, truth, truth, truth * 0.5, truth * 0.93, truth * 1.05, truth * 1.5, fees)))
        unit = chance.choice((1, 1, 1_000, 10_000, 100_000))
        value = max(unit, value // unit * unit)
        high = value + chance.choice((unit, truth)) if comparator == "between" else None
        yield (
            Claim("x", 0, 1, "spend", name, value, unit, comparator, window, None, high=high),
            day, first, last, kind != "since",
        )  # fmt: skip


def knowledge(world: World) -> Knowledge:
    listing = Listing("filings", {}, None, Window(None, COVERED_TO), 1, 1, "2024-07-01", "a test")
    names = {lobbyx.normalize(name) for name in world.covered}

    def coverage(organization: Any) -> Coverage:
        of_name = organization is not None and any(lobbyx.normalize(n) in names for n in organization.names)
        return Coverage((listing,)) if of_name else Coverage()

    return Knowledge(coverage)


WORLDS = 8


@contextmanager
def on_file(seed: int, folder: Path) -> Iterator[tuple[World, sqlite3.Connection, lobbyx.Ledger, random.Random]]:
    """A history, the raw JSON of it for SQL, and what is on file of it as lobbyx sees it."""
    chance = random.Random(seed)
    world = made_up(chance)
    db = sqlite3.connect(":memory:")
    db.row_factory = sqlite3.Row
    db.execute("CREATE TABLE given (body TEXT, absent INTEGER)")
    rows = [(json.dumps(f), f["filing_uuid"] in world.absent) for f in world.filed]
    db.executemany("INSERT INTO given VALUES (?, ?)", rows)
    db.execute(TABLE)
    db.execute(TRUTH)
    db.execute("CREATE VIEW on_file AS SELECT * FROM raw WHERE NOT absent")
    file = folder / f"{seed}.jsonl"
    file.write_text("\n".join(body for body, absent in rows if not absent))
    with lobbyx.open(build(folder / f"{seed}.db", file)) as ledger:
        ledger.knowledge = knowledge(world)
        yield world, db, ledger, chance


def test_no_verdict_says_more_than_the_count_allows(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    wanted: int = request.config.getoption("--claims")
    worlds = max(WORLDS, wanted // 250)
    seen: Counter[str] = Counter()
    for seed in range(worlds):
        with on_file(seed, tmp_path) as (world, db, ledger, chance):
            for claim, day, first, last, whole in islice(claims(chance, db, world), wanted // worlds):
                name = str(claim.org)
                verdict = ledger.judge(claim, day)
                if verdict.reason == "unknown_organization":  # nothing of it is on file
                    continue
                allowed = allows(claim, counted(db, name, name in world.covered, first, last, day), whole=whole)
                assert verdict.verdict in allowed, (seed, claim, day, name in world.covered, verdict.explanation)
                # What is not on file never refutes: by all that was filed by then, no refuted claim is true.
                if verdict.verdict in ("refuted", "depends_on_method"):
                    all_ = true_sum(db, name, first, last, day)
                    true = said(claim, round(claim.value or 0), all_.low, all_.sum, all_.high, all_.rounding)
                    assert true != "yes", (seed, claim, day, verdict.explanation, all_)
                seen[verdict.verdict] += 1
    # Every outcome is met often enough for the comparison to mean something.
    assert min(seen.values()) > wanted // 100
    assert set(seen) == {"supported", "refuted", "depends_on_method", "within_rounding", "unverifiable"}


def test_no_verdict_on_a_change_says_more_than_the_counts_allow(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    wanted: int = request.config.getoption("--claims") // 4
    seen: Counter[str] = Counter()
    for seed in range(100, 100 + WORLDS):
        with on_file(seed, tmp_path) as (world, db, ledger, chance):
            for claim, day, first, length, whole in islice(changes(chance, db, world), wanted // WORLDS):
                name = str(claim.org)
                verdict = ledger.judge(claim, day)
                if verdict.reason == "unknown_organization":
                    continue
                now = counted(db, name, name in world.covered, first, first + length - 1, day)
                before = counted(db, name, name in world.covered, first - 4, first + length - 5, day)
                allowed = allows_change(claim, now, before, whole=whole)
                assert verdict.verdict in allowed, (seed, claim, day, now, before, verdict.explanation)
                seen[verdict.verdict] += 1
    assert {"supported", "refuted", "unverifiable"} <= set(seen)
