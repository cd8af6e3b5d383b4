"""Real records of the API, multiplied to as many as there are.

`enlarged(FILES, NAMES, N)` gives N filings in the order of their periods, with sizes and spread like
those of real ones:

- An engagement is a firm's or a company's own record of a client (`client.id`). Each real one is multiplied until there
  are 124,000, as in the API. It keeps its texts, activities, entities, countries and the number of its lobbyists; one
  that the records have without activities takes those of another.
- An engagement lasts as long as real ones did, from `effective_date` to termination, scaled alike for all so that N
  filings come out; a company's own lasts as long as the longest of three. It starts on any day since 1999. Each period
  has one report, 4 in 100 are amended, 12 in 100 say "no activity", the first comes with a registration and the last is
  a termination, as in the two quarters of the archive of 2016.
- Clients' names: a name that at least four client records have stays one name in all copies, each with another firm, so
  that the largest have more than a thousand filings. Others become a name of their own in each copy: first those of a
  list of real names, then the beginning of one real name with the end of another.
- Firms are multiplied three times, so that each has as many clients as a real one; a company that files for itself is
  a registrant of its own.
- Amounts are drawn from the real ones of the same side, vary by quarter, and every fourth is below the threshold.

Everything follows from the files and a seed.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

ENGAGEMENTS = 124_000
COPIES = ("SOUTH", "NORTH")
FIRM_COPIES = 1 + len(COPIES)
KEPT_WHOLE = 4
"""Clients' records that a name must have in the real ones to stay one name in all copies."""
AMENDED, NO_ACTIVITY, BELOW = 0.04, 0.12, 0.25
APART = 1_000_000
"""Between the ids of a record and those of its copies."""
SEMIANNUAL_UNTIL = 2008
FIRST_YEAR, LAST_YEAR = 1999, 2026
PERIODS = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")
Filing = dict[str, Any]


@dataclass
class Real:
    """One client's record, as real filings have it."""

    filing: Filing
    """The last one; without activities."""
    own: bool
    bodies: list[list[Filing]] = field(default_factory=list)
    """The activities of each filing that has any."""
    amounts: list[float] = field(default_factory=list)


@dataclass
class Engagement:
    real: Real
    copy: int
    own: bool
    name: str
    registrant: int
    registrant_name: str
    first: int
    """The quarter, counted from that of January 1999; may be before it."""
    length: float
    amount: float
    bodies: list[orjson.Fragment] = field(default_factory=list)


def enlarged(files: Iterable[Path], names: Path, n: int, seed: int = 1) -> Iterator[bytes]:
    """So many filings as lines of JSON; `names` is a CSV of real names of clients, with the column `company`."""
    chance = random.Random(seed)
    clients, lengths = _read(files)
    with names.open(encoding="utf-8", newline="") as stream:
        spare = sorted({row["company"] for row in csv.DictReader(stream)})
    engagements = _engagements(clients, lengths, _Names(spare, clients.values(), chance), chance)
    for _ in range(6):
        there = sum(_filings_of(one) for one in engagements)
        for one in engagements:
            middle = one.first + one.length / 2
            one.length *= n / there
            one.first = round(middle - one.length / 2)
    bodies = [body for real in clients.values() for body in real.bodies]
    people = _People(clients.values(), engagements)
    yield from islice(_in_order(engagements, bodies, people, chance), n)


def _read(files: Iterable[Path]) -> tuple[dict[int, Real], list[float]]:
    """The clients of real filings by id, and how many quarters engagements lasted that ended."""
    found: dict[int, Real] = {}
    lengths = []
    for file in files:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
            for line in stream:
                filing = orjson.loads(line)
                client, registrant = filing["client"], filing["registrant"]
                own = bool(client["client_self_select"]) or client["name"] == registrant["name"]
                real = found.setdefault(client["id"], Real(filing, own))
                if activities := filing.pop("lobbying_activities"):
                    real.bodies.append(activities)
                real.filing = filing
                if amount := float(filing["income"] or filing["expenses"] or 0):
                    real.amounts.append(amount)
                began, ended = client["effective_date"], filing["termination_date"]
                if began and ended and began < ended:
                    lengths.append((date.fromisoformat(ended) - date.fromisoformat(began)).days / 91)
    return found, sorted(lengths)


class _Names:
    """A name for each copy of a client."""

    def __init__(self, spare: Sequence[str], clients: Iterable[Real], chance: random.Random) -> None:
        times: defaultdict[str, int] = defaultdict(int)
        for real in clients:
            times[real.filing["client"]["name"]] += 1
        self._whole = {name for name, records in times.items() if records >= KEPT_WHOLE}
        self._parts = sorted({*times, *spare})
        self._spare = [name for name in spare if name not in times]
        chance.shuffle(self._spare)
        self._chance = chance
        self._given: dict[tuple[str, int], str] = {}
        self._taken = set(self._parts)

    def stays(self, name: str) -> bool:
        """Whether it is one organization's in all copies."""
        return name in self._whole

    def of(self, name: str, copy: int) -> str:
        if copy == 0 or self.stays(name):
            return name
        if (name, copy) not in self._given:
            self._given[name, copy] = self._spare.pop() if self._spare else self._recombined()
        return self._given[name, copy]

    def _recombined(self) -> str:
        while True:
            head, tail = (self._chance.choice(self._parts).split() for _ in range(2))
            name = " ".join(head[: (len(head) + 1) // 2] + tail[len(tail) // 2 :])
            if name not in self._taken:
                self._taken.add(name)
                return name


class _People:
    """Lobbyists: each registrant has as many as its clients ask for."""

    def __init__(self, clients: Iterable[Real], engagements: Iterable[Engagement]) -> None:
        listed = (
            lobbyist["lobbyist"]
            for real in clients
            for body in real.bodies
            for activity in body
            for lobbyist in activity["lobbyists"]
        )
        self._real = list({person["id"]: person for person in listed}.values())
        self._clients: defaultdict[int, int] = defaultdict(int)
        for one in engagements:
            self._clients[one.registrant] += 1

    def of(self, registrant: int, place: int) -> Filing:
        number = place % (4 + self._clients[registrant] // 4)
        drawn = random.Random(registrant * 1_000 + number)
        first, last = drawn.choice(self._real), drawn.choice(self._real)
        return {**first, "id": registrant * 1_000 + number, "last_name": last["last_name"]}


def _engagements(
    clients: dict[int, Real], lengths: Sequence[float], names: _Names, chance: random.Random
) -> list[Engagement]:
    amounts = {own: sorted(a for real in clients.values() if real.own == own for a in real.amounts) for own in (0, 1)}
    ids = sorted(clients)
    firms = [client for client in ids if not clients[client].own]
    found = []
    quarters = (LAST_YEAR - FIRST_YEAR) * 4 + 2
    for number in range(ENGAGEMENTS):
        copy, client = number // len(ids), ids[number % len(ids)]
        real = clients[client]
        called, own = real.filing["client"]["name"], real.own
        name = names.of(called, copy)
        firm = real.filing["registrant"]
        if own and copy and names.stays(called):  # it files for itself once; other copies are firms'
            own, firm = False, clients[chance.choice(firms)].filing["registrant"]
        if own and copy:
            registrant, registrant_name = firm["id"] + APART * (FIRM_COPIES + copy), names.of(firm["name"], copy)
        else:
            registrant, registrant_name = _firm(firm, copy % FIRM_COPIES)
        length = max(chance.choice(lengths) for _ in range(3 if own else 1)) + 1
        first = chance.randrange(-int(length), quarters)
        amount = chance.choice(real.amounts or amounts[own])
        found.append(Engagement(real, copy, own, name, registrant, registrant_name, first, length, amount))
    return found


def _firm(firm: Filing, copy: int) -> tuple[int, str]:
    """Id and name of a firm's copy: another firm, with a word more in its name."""
    words = firm["name"].split()
    return firm["id"] + APART * copy, " ".join(words if not copy else [words[0], COPIES[copy - 1], *words[1:]])


def _reported(quarter: int) -> bool:
    """Whether reports are due for what ends with this quarter."""
    return FIRST_YEAR + quarter // 4 >= SEMIANNUAL_UNTIL or quarter % 2 == 1


def _span(one: Engagement) -> tuple[int, int]:
    """Its first quarter and the one after its last, of those in which anybody reports."""
    quarters = (LAST_YEAR - FIRST_YEAR) * 4 + 2
    return max(0, one.first), min(quarters, max(one.first + round(one.length), max(0, one.first) + 1))


def _filings_of(one: Engagement) -> float:
    start, end = _span(one)
    reports = sum(_reported(quarter) for quarter in range(start, end))
    return (one.first >= 0) + reports * (1 + AMENDED)


def _in_order(
    engagements: list[Engagement], bodies: Sequence[list[Filing]], people: _People, chance: random.Random
) -> Iterator[bytes]:
    starting: defaultdict[int, list[Engagement]] = defaultdict(list)
    for one in engagements:
        starting[_span(one)[0]].append(one)
    active: list[Engagement] = []
    for quarter in range((LAST_YEAR - FIRST_YEAR) * 4 + 2):
        for one in starting.pop(quarter, []):
            some = one.real.bodies[:3] or [chance.choice(bodies)]
            place = chance.randrange(1_000)
            one.bodies = [_listing(body, one.registrant, place, people) for body in some]
            active.append(one)
        chance.shuffle(active)
        for one in active:
            if quarter == one.first:
                yield _filing(one, quarter, "registration", chance)
            if _reported(quarter):
                last = _span(one)[1] - quarter <= (1 if _reported(quarter + 1) else 2)
                yield _filing(one, quarter, "termination" if last else "report", chance)
                if chance.random() < AMENDED:
                    yield _filing(one, quarter, "amendment", chance)
        for one in active:
            if _span(one)[1] <= quarter + 1:
                one.bodies = []
        active = [one for one in active if one.bodies]


def _listing(body: list[Filing], registrant: int, place: int, people: _People) -> orjson.Fragment:
    """The activities with the registrant's own people."""
    numbers: dict[int, int] = {}
    activities = []
    for activity in body:
        listed = []
        for lobbyist in activity["lobbyists"]:
            number = numbers.setdefault(lobbyist["lobbyist"]["id"], place + len(numbers))
            listed.append({**lobbyist, "lobbyist": people.of(registrant, number)})
        activities.append({**activity, "lobbyists": listed})
    return orjson.Fragment(orjson.dumps(activities))


def _filing(one: Engagement, quarter: int, stage: str, chance: random.Random) -> bytes:
    real, year, number = one.real.filing, FIRST_YEAR + quarter // 4, quarter % 4
    half = year < SEMIANNUAL_UNTIL
    silent = stage != "registration" and chance.random() < NO_ACTIVITY
    letter = "MY"[number // 2] if half else str(number + 1)
    report = letter * 2 if half else f"Q{letter}"
    kind = {"registration": "RR", "report": report, "termination": f"{letter}T", "amendment": f"{letter}A"}[stage]
    ends = date(year + number // 3, number * 3 % 12 + 4 if number < 3 else 1, 1)
    late = {"registration": -45, "amendment": 40}.get(stage, 0)
    posted = ends + timedelta(days=late + chance.randrange(2, 40 if half else 20))
    amount: str | None = None
    if not silent and stage != "registration" and chance.random() >= BELOW:
        amount = f"{max(1, round(one.amount * chance.uniform(0.7, 1.3) / 10_000)) * 10_000}.00"
    filing = {
        **real,
        "filing_uuid": str(UUID(int=chance.getrandbits(128))),
        "filing_type": kind + "Y" * silent,
        "filing_type_display": None,
        "filing_year": year,
        "filing_period": (("mid_year", "year_end")[number // 2]) if half else PERIODS[number],
        "filing_period_display": None,
        "income": None if one.own else amount,
        "expenses": amount if one.own else None,
        "dt_posted": f"{posted}T{chance.randrange(8, 23):02d}:{chance.randrange(60):02d}:00-05:00",
        "termination_date": str(ends) if stage == "termination" else None,
        "registrant": {**real["registrant"], "id": one.registrant, "name": one.registrant_name},
        "client": {
            **real["client"],
            "id": real["client"]["id"] + APART * one.copy,
            "client_id": f"{real['client']['client_id']}-{one.copy}",  # the registrant's own numbering
            "name": one.name,
            "client_self_select": one.own,
        },
        "lobbying_activities": [] if silent else chance.choice(one.bodies),
    }
    filing["url"] = f"https://lda.senate.gov/api/v1/filings/{filing['filing_uuid']}/"
    return orjson.dumps(filing)
