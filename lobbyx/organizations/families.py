"""Families of linked names -> organizations, by client record. In-house filers may separate what grouping joined."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lobbyx.model.period import Window, filing_period_span
from lobbyx.names import explain, normalize
from lobbyx.organizations.decisions import Decisions
from lobbyx.organizations.filers import in_house_filers
from lobbyx.organizations.knowledge import GENERAL, Knowledge
from lobbyx.organizations.succession import Filer, holders, succeeded_on
from lobbyx.organizations.touched import among


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """One client of one registrant."""

    id: int
    registrant_id: int
    name: str
    normalized: str
    filings: int
    first: Window | None
    """The earliest period it has a filing for."""
    is_own: bool = False
    """Whether the registrant is its own client."""


@dataclass(frozen=True, slots=True)
class Succession:
    """One organization that took the place of another."""

    predecessor: str
    successor: str
    """Keys."""
    day: date | None
    """From which on the predecessor's money counts for the successor; None where both still report."""
    why: str


@dataclass
class Families:
    """The organization that each client record belongs to."""

    key_of: dict[int, str] = field(default_factory=dict)
    """Client id -> the key of its organization: a normalized name, unique among organizations."""
    successions: list[Succession] = field(default_factory=list)


def client_records(
    db: sqlite3.Connection, normalized: Mapping[str, str], only: set[int] | None = None
) -> list[ClientRecord]:
    """Every client record, or `only` these, with how often and since when it is used, by id."""
    of_some, wanted = among("client_id", only)
    used = {
        row[0]: (row[1], row[2])
        for row in db.execute(
            "SELECT client_id, count(*), min(filing_year || ' ' || "  # noqa: S608
            "CASE filing_period WHEN 'first_quarter' THEN 1 "
            "WHEN 'second_quarter' THEN 2 WHEN 'third_quarter' THEN 3 WHEN 'fourth_quarter' THEN 4 "
            f"WHEN 'mid_year' THEN 1 ELSE 3 END) FROM filings {of_some} GROUP BY client_id",
            wanted,
        )
    }
    quarters = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")
    records = []
    of_some, wanted = among("c.id", only)
    for row in db.execute(
        "SELECT c.id, c.registrant_id, c.name, c.client_self_select, r.name AS registrant FROM clients c "  # noqa: S608
        f"LEFT JOIN registrants r ON r.id = c.registrant_id {of_some} ORDER BY c.id",
        wanted,
    ):
        filings, first = used.get(row["id"], (0, None))
        period = None
        if first:
            year, quarter = map(int, first.split())
            period = filing_period_span(year, quarters[quarter - 1])
        name = normalized[row["name"]]
        own = bool(row["client_self_select"]) or normalize(row["registrant"] or "") == name
        records.append(ClientRecord(row["id"], row["registrant_id"], row["name"], name, filings, period, own))
    return records


def families(
    db: sqlite3.Connection,
    records: Sequence[ClientRecord],
    present: Mapping[str, str],
    decisions: Decisions,
    known: Knowledge,
) -> Families:
    """The organization of every client record.

    `present` is the name that each normalized name belongs to by what links names. Only families of several names with
    several in-house filers are looked into.
    """
    by_family: defaultdict[str, list[ClientRecord]] = defaultdict(list)
    for record in records:
        by_family[present[record.normalized]].append(record)
    found = Families()
    several = {key: some for key, some in by_family.items() if len({r.normalized for r in some}) > 1}
    wanted = {r.id: r.normalized for some in several.values() for r in some}
    filers = in_house_filers(db, wanted, {number: present[name] for number, name in wanted.items()})
    taken = set(by_family)
    for key, some in by_family.items():
        held = holders(filers.get(key, ()), _decided_one(decisions)) if len(filers.get(key, ())) > 1 else []
        if len(held) < 2:
            found.key_of.update((r.id, key) for r in some)
            continue
        taken.discard(key)
        _set_apart(key, some, _Holders.of(held, known), taken, found)
    return found


def _decided_one(decisions: Decisions) -> Callable[[Filer, Filer], bool]:
    """Whether people decided that two filers are one, whatever their periods say."""
    same = decisions.same()

    def last(name: str) -> str:
        for _ in range(20):
            if name not in same:
                break
            name = same[name]
        return name

    return lambda a, b: bool({last(n) for n in a.names} & {last(n) for n in b.names})


@dataclass(frozen=True, slots=True)
class _Holders:
    """The organizations of one family, as its in-house filers make them; the first is the present one."""

    filers: Sequence[Sequence[Filer]]
    names: Sequence[frozenset[str]]
    keys: Sequence[frozenset[str]]
    """The known organizations that each may be."""
    days: Sequence[date | None]
    """From when on the first stands in each one's place."""

    @classmethod
    def of(cls, held: Sequence[Sequence[Filer]], known: Knowledge) -> _Holders:
        """In the order that filings show, except where the first is known, by a source, to have been succeeded."""
        keys = _known_keys(held, known)
        passed = {(one.predecessor, one.successor): one.day for one in known.successions if one.basis != GENERAL}

        def day(before: int, after: int) -> date | None:
            days = [passed.get((a, b)) for a in keys[before] for b in keys[after]]
            return next((one for one in days if one), None)

        places = list(range(len(held)))
        present = next((i for i in places if not any(day(i, j) for j in places if j != i)), 0)
        places.sort(key=lambda i: i != present)
        days: list[date | None] = [None]
        for place in places[1:]:
            known_day, last = day(place, present), max(f.last.days for f in held[place])
            # A company that went on to report for itself long after (McAfee) is nobody's from the day it was bought.
            days.append(known_day if known_day and last[0] <= known_day else succeeded_on(held[place], held[present]))
        names = [frozenset().union(*(filer.names for filer in held[i])) for i in places]
        return cls([held[i] for i in places], names, [keys[i] for i in places], days)


def _known_keys(held: Sequence[Sequence[Filer]], known: Knowledge) -> list[frozenset[str]]:
    """The known organizations each holder may be: by a name that is its alone; else by one that others have too."""
    names = [{name for filer in some for name in filer.names} for some in held]
    may = [[known.holders.get(name, frozenset()) for name in sorted(called)] for called in names]
    sure = [frozenset().union(*(keys for keys in each if len(keys) == 1)) for each in may]
    found = []
    for place, each in enumerate(may):
        others = frozenset().union(*(keys for i, keys in enumerate(sure) if i != place))
        found.append(sure[place] or frozenset().union(*each) - others)
    return found


def _set_apart(
    family: str, records: Sequence[ClientRecord], holders: _Holders, taken: set[str], found: Families
) -> None:
    """Gives the records of one family to the organizations that its in-house filers make."""
    held, names = holders.filers, holders.names
    keys = _keys(family, records, held, taken)
    own: dict[int, int] = {}
    for place, some in enumerate(held):
        for client in sorted(client for filer in some for client in filer.clients):
            own.setdefault(client, place)
    for record in records:
        place = own.get(record.id, -1)
        if place < 0:
            # A firm's client: it means whoever had the name when it began. One that was formerly somebody else is not
            # the holder of its present name: "AT&T (formerly SBC)" was SBC in 2002, not AT&T.
            former = {other for kind, other in explain(record.name).others if kind == "former"}
            place = next(
                (
                    i
                    for i in range(1, len(held))
                    if record.normalized in names[i] - names[0] and (not former or former & names[i])
                ),
                0,
            )
            day = holders.days[place]
            if place and day and record.first and record.first.days[0] >= day:
                place = 0
        found.key_of[record.id] = keys[place]
    for place in sorted(set(own.values()) - {0}):
        first, last = min(p.days for f in held[place] for p in f.periods)[0], max(f.last.days for f in held[place])[1]
        why = f"{keys[place]} reported in-house beside {keys[0]} (registrants of their own, {first} to {last})"
        found.successions.append(Succession(keys[place], keys[0], holders.days[place], why))


def _keys(family: str, records: Sequence[ClientRecord], held: Sequence[Sequence[Filer]], taken: set[str]) -> list[str]:
    """A key of its own for each organization: the name its filers use most, the family's for the present one."""
    keys: list[str] = []
    for place, some in enumerate(held):
        registrants = {filer.registrant_id for filer in some}
        clients = frozenset().union(*(filer.clients for filer in some))
        used = Counter[str]()
        for record in records:
            if record.id in clients:
                used[record.normalized] += record.filings + 1
        own = frozenset().union(*(filer.names for filer in some))
        others = frozenset().union(*(filer.names for other in held if other is not some for filer in other))
        best = max(used or own, key=lambda name: (used[name], name))
        wanted = family if place == 0 and (family in own or family not in others) else best
        if wanted in taken:
            wanted = f"{wanted} (REGISTRANT {min(registrants)})"
        taken.add(wanted)
        keys.append(wanted)
    return keys


def pass_names_on(records: Sequence[ClientRecord], found: Families, known: Knowledge) -> None:
    """Gives firms' clients under a name that passed from one to another, by a source, to whoever had it by then.

    SBC bought AT&T Corp. in November 2005 and took its name: a firm that began to report for "AT&T" in 2016 means the
    successor.
    """
    used: Counter[tuple[str, str]] = Counter()
    for record in records:
        used[record.normalized, found.key_of[record.id]] += record.filings + 1

    def on_file(names: Iterable[str]) -> str | None:
        keys = Counter[str]()
        for (name, key), times in used.items():
            if name in names:
                keys[key] += times
        return max(keys, key=lambda key: (keys[key], key), default=None)

    for one in known.inherited:
        predecessor, successor = on_file(one.predecessor_names), on_file(one.successor_names - one.shared)
        if predecessor is None or successor is None or predecessor == successor:
            continue
        for record in records:
            begins = record.first and record.first.days[0] >= one.day
            if begins and not record.is_own and record.normalized in one.shared:
                found.key_of[record.id] = successor
        found.successions.append(Succession(predecessor, successor, one.day, one.source))


def names_of(records: Sequence[ClientRecord], key_of: Mapping[int, str]) -> Iterator[tuple[str, str, int]]:
    """(key, name as filed, filings under it), each pair once."""
    counted: Counter[tuple[str, str]] = Counter()
    for record in records:
        counted[key_of[record.id], record.name] += record.filings
    for (key, name), filings in sorted(counted.items()):
        yield key, name, filings
