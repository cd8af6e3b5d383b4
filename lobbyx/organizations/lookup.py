"""A name, as it stands in a list or a sentence -> the organization on file.

A name that only one organization has decides by itself: as filed, normalized, former, trade name, acronym, or known.
Where several have it, or only begin so ("Ford"), the one with at least ten times the money and filings of the next in
the window is chosen, and the answer names the others. Otherwise the lookup asks and shows how they differ.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from lobbyx.model.errors import LobbyxError
from lobbyx.model.money import dollars
from lobbyx.model.period import Window
from lobbyx.model.said import Cents, Said, Several, said
from lobbyx.model.total import Organization
from lobbyx.names import normalize, plain, spoken
from lobbyx.organizations.nearest import nearest_names
from lobbyx.organizations.touched import SHORTEST_SQUEEZED

TIMES: Final = 10
"""How many times the money and the filings of the next an organization must have to be chosen."""
MOST_OFFERED: Final = 6
LONGEST_NUMBER: Final = 18
"""Digits of an organization's number; SQLite has none larger."""
SHORTEST_PART: Final = 3
"""Letters of a text that may be a part of a name."""
MOST_PARTS: Final = 400
"""Organizations looked at whose names a text is a part of."""
BARE: Final = re.compile(r"(?:,? (?:HOLDINGS?|GROUP|COS|COMPANIES|INTERNATIONAL|INTL|USA?))+$")
"""Words at the end of a name that everyday speech leaves out or puts in."""
EVERYDAY: Final = ("everyday", "korean", "display")
"""Kinds of known names that mean the whole of an organization, whichever of its clients bears them as filed."""


class UnknownOrganization(LobbyxError):
    """No organization on file has this name; `nearest` are names on file that look like it."""

    def __init__(self, message: Said, nearest: list[str]) -> None:
        super().__init__(message)
        self.nearest = nearest


class AmbiguousName(UnknownOrganization):
    """Several organizations on file have this name, and nothing decides among them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organization that a name may mean, and what tells it from the others."""

    id: int
    name: str
    how: frozenset[str]
    """`name` (as filed), `normalized`, `curated`, `former`, `trade`, `acronym`, `spaced` or `part`."""
    known_as: frozenset[str] = frozenset()
    """The known organizations (keys of `data/organizations/names.csv`) whose everyday name the text is."""
    known_exactly: bool = False
    """Whether it is known by just this name, not only by one that reads like it without its legal form."""
    reported: int = 0
    """US cents by the law's own accounting, in the window asked for or, where nothing is on file in it, in all."""
    filings: int = 0
    first: str | None = None
    last: str | None = None
    """Years of its first and last report on file."""
    registrants: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """As a claim's `candidates` and the JSON of a total show it; `reported` in US dollars."""
        return {
            "id": self.id,
            "name": self.name,
            "how": sorted(self.how),
            "reported": dollars(self.reported),
            "filings": self.filings,
        }

    def active_in(self, window: Window) -> bool:
        """Whether the years of its reports on file meet the window."""
        begins = window.end is None or (self.first or "") <= str(window.end.year)
        return begins and (window.start is None or (self.last or "9999") >= str(window.start.year))

    def __str__(self) -> str:
        return str(self.said)

    @property
    def said(self) -> Said:
        """Its number, name, reports, money, years and who files for it, in words."""
        years = f", {self.first}–{self.last}" if self.first and self.last else ""
        who = said("taken.filed_by", names=Several(self.registrants, between="; ")) if self.registrants else ""
        return said(
            "taken.candidate",
            number=str(self.id),
            name=self.name,
            n=self.filings,
            amount=Cents(self.reported),
            years=years,
            who=who,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What a name was taken for."""

    organization: Organization
    how: frozenset[str] = frozenset()
    others: tuple[Candidate, ...] = ()
    """What else on file it could mean, largest first."""
    sure: bool = True
    """False where money and filings decided, not the name."""

    @property
    def note(self) -> Said | None:
        """A sentence on the choice; None where there was none to make."""
        if not self.others:
            return said("taken.only", name=self.organization.name) if "part" in self.how else None
        named = tuple(said("taken.number", name=c.name, number=str(c.id)) for c in self.others[:3])
        also = Several(named, max(0, len(self.others) - 3), "names", "; ")
        chosen = said("taken.number", name=self.organization.name, number=str(self.organization.id))
        return said("taken.chosen", name=chosen, also=also)


def get(db: sqlite3.Connection, identifier: int) -> Organization:
    """The organization with this id and its names, most used first. Raises UnknownOrganization for another id."""
    row = db.execute("SELECT name FROM organizations WHERE id = ?", [identifier]).fetchone()
    if row is None:
        raise _no_number(str(identifier))
    names = db.execute(
        "SELECT name FROM organization_names WHERE organization_id = ? ORDER BY filings DESC, length(name) DESC, name",
        [identifier],
    )
    return Organization(identifier, row["name"], tuple(row["name"] for row in names))


def subsidiaries(db: sqlite3.Connection, parent: Organization) -> list[Organization]:
    """The organizations below another today, nearest first, as far as sources show.

    What is only generally known is left out: it adds no money.
    """
    below = db.execute(
        "WITH RECURSIVE below (id, depth) AS (SELECT ?, 0 UNION SELECT child_id, depth + 1 FROM organization_parents "
        "JOIN below ON parent_id = below.id WHERE depth < 20 AND basis <> 'general_knowledge' AND until IS NULL) "
        "SELECT id, min(depth) FROM below WHERE id <> ? GROUP BY id ORDER BY 2, 1",
        [parent.id, parent.id],
    )
    return [get(db, row[0]) for row in below.fetchall()]


def find(db: sqlite3.Connection, text: str, window: Window | None = None) -> Organization:
    """The organization that `text` names; `#12` is the one with that number. See `look_up`."""
    return look_up(db, text, window).organization


def numbered(db: sqlite3.Connection, text: str) -> Organization | None:
    """The organization that `#12` names; None for a text that is no number. Raises UnknownOrganization."""
    number = re.fullmatch(r"\s*#([0-9]+)\s*", text)
    if number is None:
        return None
    if len(number[1]) > LONGEST_NUMBER:
        raise _no_number(number[1][:40])
    return get(db, int(number[1]))


def look_up(db: sqlite3.Connection, text: str, window: Window | None = None) -> Found:
    """The organization that `text` names, and what else on file it could mean.

    `window` is the time that is asked about: it decides between those who bore a name one after another, and the money
    in it ranks the others. Raises AmbiguousName, or UnknownOrganization with the nearest names on file.
    """
    if organization := numbered(db, text):
        return Found(organization)
    window = window or Window()
    for name in spoken(text):
        if called := _measured(db, _called(db, name), window):
            if chosen := _by_name(db, name, called, window):
                return _found(db, chosen, called)
            raise _ambiguous(text, called)
    for name in spoken(text):
        if parts := _measured(db, _parts(db, name), window):
            if chosen := _dominant(parts):
                return replace(_found(db, chosen, parts), sure=False)
            raise _ambiguous(text, parts)
    raise _unknown(db, text)


def _found(db: sqlite3.Connection, chosen: Candidate, all_: Sequence[Candidate]) -> Found:
    others = tuple(c for c in all_ if c.id != chosen.id)
    decided = "name" in chosen.how and not any("name" in c.how or "curated" in c.how for c in others)
    only_curated = "curated" in chosen.how and not any(c.how & {"name", "curated"} for c in others)
    return Found(get(db, chosen.id), chosen.how, others, sure=not others or decided or only_curated)


# Who has the name ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ways:
    """In which ways an organization has a name."""

    how: frozenset[str]
    known_as: frozenset[str] = frozenset()
    known_exactly: bool = False


def _called(db: sqlite3.Connection, name: str) -> dict[int, _Ways]:
    """Id -> the ways in which an organization has this name."""
    wanted = normalize(name)
    if not wanted:
        return {}
    used = "SELECT organization_id, filings FROM organization_names WHERE"
    queries: tuple[tuple[str, str, list[str | None]], ...] = (
        ("name", f"{used} name = ? COLLATE NOCASE", [name]),
        ("name", "SELECT id, 1 FROM organizations WHERE normalized = ?", [plain(name)]),
        ("normalized", f"{used} normalized = ?", [wanted]),
        ("spaced", "SELECT id, 1 FROM organizations WHERE replace(normalized, ' ', '') = ?", [_squeezed(wanted)]),
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for how, query, values in queries:
        rows = db.execute(query, values).fetchall()
        in_use = {identifier for identifier, filings in rows if filings}
        for identifier, _ in rows:
            # A record that only had the name before: Bayer's, once Monsanto's, where Monsanto is on file itself.
            found[identifier].add(how if identifier in in_use or not in_use else "former")
    known_as: defaultdict[int, set[str]] = defaultdict(set)
    curated = ("everyday", "korean", "display", "decided", "filed")
    aliases = "SELECT organization_id, kind, name, basis FROM organization_aliases WHERE alias = ?"
    full = [] if plain(name) == wanted else db.execute(aliases, [plain(name)]).fetchall()
    if full:
        found.clear()
    exactly: set[int] = set()
    for identifier, kind, key, basis in full or db.execute(aliases, [wanted]).fetchall():
        found[identifier].add("curated" if kind in curated or basis not in ("filing", "decision") else kind)
        if kind in EVERYDAY:
            known_as[identifier].add(key)
        if kind in ("everyday", "korean", "decided") or plain(key) == plain(name):
            exactly.add(identifier)
    return {
        identifier: _Ways(frozenset(hows), frozenset(known_as[identifier]), identifier in exactly)
        for identifier, hows in found.items()
    }


def _squeezed(normalized: str) -> str | None:
    letters = normalized.replace(" ", "")
    return letters if len(letters) >= SHORTEST_SQUEEZED else None


def _parts(db: sqlite3.Connection, name: str) -> dict[int, _Ways]:
    """The organizations whose names begin with the text or, if none does, have it in them as whole words."""
    wanted = BARE.sub("", normalize(name))
    if len(wanted.replace(" ", "")) < SHORTEST_PART:
        return {}
    begins = (
        "SELECT DISTINCT organization_id FROM organization_names WHERE normalized = ?1 OR "
        "(normalized >= ?1 || ' ' AND normalized < ?1 || '!') LIMIT ?2"
    )
    inside = (
        "SELECT DISTINCT organization_id FROM organization_names WHERE instr(' ' || normalized || ' ', ?1) LIMIT ?2"
    )
    found = db.execute(begins, [wanted, MOST_PARTS]).fetchall()
    found = found or db.execute(inside, [f" {wanted} ", MOST_PARTS]).fetchall()
    return {row[0]: _Ways(frozenset({"part"})) for row in found}


# Which of them ---------------------------------------------------------------------------------------------------


def _measured(db: sqlite3.Connection, ways: Mapping[int, _Ways], window: Window) -> list[Candidate]:
    """The candidates with their money and filings, largest first."""
    ids = json.dumps(list(ways))
    names = dict(
        db.execute("SELECT id, name FROM organizations WHERE id IN (SELECT value FROM json_each(?))", [ids]).fetchall()
    )
    found = [Candidate(i, names[i], way.how, way.known_as, way.known_exactly) for i, way in ways.items()]
    if len(found) > 1:
        found = _with_money(db, found, window)
    return sorted(found, key=lambda c: (-c.reported, -c.filings, c.name, c.id))


_MONEY: Final = """
SELECT w.value AS id, coalesce(sum(p.reported), 0) AS reported, min(p.period_start) AS first, max(p.period_end) AS last,
       (SELECT count(*) FROM ledger_lines l
        WHERE l.organization_id = w.value AND l.period_start <= :end AND l.period_end >= :start) AS filings
FROM json_each(:ids) w LEFT JOIN period_counts p
  ON p.organization_id = w.value AND +p.method = 'lda' AND p.period_start <= :end AND p.period_end >= :start
GROUP BY w.value
"""
# +method: else SQLite goes through the periods of everybody, by the index for ranks.


def _with_money(db: sqlite3.Connection, candidates: Sequence[Candidate], window: Window) -> list[Candidate]:
    """What each reported in the window; of those without a report in it, ever."""
    measured: dict[int, Candidate] = {}
    ever, asked = (date.min, date.max), (window.start or date.min, window.end or date.max)
    for start, end in (asked, ever):
        left = {c.id: c for c in candidates if not (c.id in measured and measured[c.id].filings)}
        values = {"ids": json.dumps(list(left)), "start": start.isoformat(), "end": end.isoformat()}
        for identifier, reported, first, last, filings in db.execute(_MONEY, values) if left else ():
            money = {"reported": round(reported * 100), "filings": filings}
            years = {"first": first and first[:4], "last": last and last[:4]}
            measured[identifier] = replace(left[identifier], **money, **years)
    return [measured[c.id] for c in candidates]


def _dominant(candidates: Sequence[Candidate]) -> Candidate | None:
    """The only candidate, or the one with TIMES the money and filings of every other."""
    first, *others = candidates
    clear = all(first.reported >= TIMES * max(c.reported, 1) and first.filings >= TIMES * c.filings for c in others)
    return first if clear else None


def _by_name(db: sqlite3.Connection, name: str, candidates: Sequence[Candidate], window: Window) -> Candidate | None:
    """Who is meant by a name that is somebody's.

    A name of several words is its bearer's, as filed. One word can be a small client's name as filed and everybody's
    name for somebody else (Disney), so there a known name weighs as much, and the largest of those who have it is
    meant. Where all who have the name are known to be one organization, that is the largest of them too.
    """
    candidates = _known_exactly(db, _largest_of_known(candidates), window)
    known = _in_time(db, [c for c in candidates if "curated" in c.how], window)
    # American Airlines Group, as one firm files it, is known to be American Airlines.
    if any("name" in c.how for c in known) and (chosen := _dominant(known)):
        return chosen
    levels = [{"name"}, {"curated"}] if len(name.split()) > 1 else [{"name", "curated"}]
    for ways in (*levels, {"normalized"}, {"former", "trade"}, {"acronym"}, {"spaced"}):
        strongest = [c for c in candidates if c.how & ways]
        if len(strongest) > 1:
            strongest = _in_time(db, strongest, window)
        if len(strongest) == 1:
            return strongest[0]
        if strongest:
            # Alcoa is everybody's name for Alcoa Corporation, though Howmet once filed under it.
            if everyday := [c for c in strongest if c.known_as and c.active_in(window)]:
                return everyday[0]
            if any("curated" in c.how for c in strongest):
                return strongest[0]
            as_filed = [c for c in strongest if "name" in c.how]
            return _dominant(strongest) or (as_filed[0] if len(as_filed) == 1 else _dominant(candidates))
    return None


def _largest_of_known(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of candidates that are known to be one organization by this everyday name, only the largest.

    Firms file for "John Deere" and for "Deere & Company": both are Deere, as everybody says.
    """
    seen: set[str] = set()
    kept = []
    for one in candidates:
        if not one.known_as or not one.known_as <= seen:
            kept.append(one)
        seen |= one.known_as
    return kept


def _known_exactly(db: sqlite3.Connection, candidates: Sequence[Candidate], window: Window) -> list[Candidate]:
    """Of the known organizations, only those known by just this name, where there are any.

    Merck is what everybody calls Merck & Co.; Merck KGaA is only Merck without its legal form, whoever spent more.
    """
    known = _in_time(db, [c for c in candidates if "curated" in c.how], window)
    exact = [c for c in known if c.known_exactly]
    weaker = {c.id for c in known if exact and not c.known_exactly and "name" not in c.how}
    return [c for c in candidates if c.id not in weaker]


def _in_time(db: sqlite3.Connection, candidates: Sequence[Candidate], window: Window) -> list[Candidate]:
    """Leaves out those who bore the name before, or only after, the time that is asked about."""
    ids = {c.id for c in candidates}
    gone: set[int] = set()
    rows = db.execute("SELECT predecessor_id, successor_id, day FROM successions WHERE day IS NOT NULL").fetchall()
    for predecessor, successor, day in rows:
        if predecessor in ids and successor in ids:
            before = window.end is not None and window.end < date.fromisoformat(day)
            gone.add(successor if before else predecessor)
    return [c for c in candidates if c.id not in gone] or list(candidates)


# What to say -----------------------------------------------------------------------------------------------------


def _no_number(shown: str) -> UnknownOrganization:
    return UnknownOrganization(said("problem.no_number", number=shown), [])


def _ambiguous(text: str, candidates: Sequence[Candidate]) -> AmbiguousName:
    shown = candidates[:MOST_OFFERED]
    names = Several(tuple(c.said for c in shown), len(candidates) - len(shown), "names")
    told = said("problem.ambiguous_name", given=text.strip()[:80], names=names, number=str(shown[0].id))
    return AmbiguousName(told, [c.name for c in shown])


def _unknown(db: sqlite3.Connection, text: str) -> UnknownOrganization:
    shown = text.strip()[:80]
    wanted = normalize(text)
    # Only those that begin alike: reading all 17,000 takes a second.
    firms = db.execute(
        "SELECT n.name, f.name FROM firm_names n JOIN firms f ON f.id = n.firm_id "
        "WHERE instr(n.name, ?) BETWEEN 1 AND 5 OR f.normalized = ?",
        [(wanted.split() or ["\0"])[0], wanted],
    )
    if firm := next((shown for name, shown in firms if normalize(name) == wanted), None):
        return UnknownOrganization(
            said("problem.firm_not_client", firm=firm),
            [],
        )
    names = {row["normalized"]: row["name"] for row in db.execute("SELECT normalized, name FROM organizations")}
    nearest = nearest_names(wanted, names)
    quoted = Several(tuple(said("problem.quoted", name=name) for name in nearest))
    hint = said("problem.nearest", names=quoted) if nearest else said("problem.none_near")
    return UnknownOrganization(said("problem.unknown_organization", given=shown, hint=hint), nearest)
