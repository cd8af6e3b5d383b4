"""What is known of organizations beside the filings: everyday and Korean names, acronyms, former names, parents.

Read from `data/organizations/`; every row has a basis and, but for general knowledge, a source. What is only generally
known (`basis: general_knowledge`) helps a lookup find and rank. It never merges organizations and never adds money.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from lobbyx.model import resources
from lobbyx.names import normalize

GENERAL = "general_knowledge"


@dataclass(frozen=True, slots=True)
class KnownName:
    """One name of an organization."""

    organization: str
    """The organization's key: its name as a newspaper writes it."""
    kind: str
    """`display`, `everyday`, `korean`, `acronym`, `trade`, `former`, or `filed` (as it stands in filings)."""
    name: str
    basis: str
    source: str

    @property
    def sourced(self) -> bool:
        """Whether a filing, an exhibit or a document shows it, so that it may merge names."""
        return self.basis != GENERAL


@dataclass(frozen=True, slots=True)
class KnownParent:
    """A parent and a subsidiary; both keys, or names as filed."""

    parent: str
    subsidiary: str
    since: str
    until: str
    """Years or dates as written; empty where not known. A subsidiary without an end is one today."""
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class KnownSuccession:
    """One organization taking another's place."""

    predecessor: str
    successor: str
    day: date | None
    kind: str
    """`renamed` or `acquired`."""
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Inheritance:
    """A succession in which the successor took the predecessor's name."""

    predecessor_names: frozenset[str]
    successor_names: frozenset[str]
    shared: frozenset[str]
    """Names, normalized, that both have or had."""
    day: date
    source: str


@dataclass(frozen=True)
class Knowledge:
    """All of it."""

    names: Sequence[KnownName] = ()
    parents: Sequence[KnownParent] = ()
    successions: Sequence[KnownSuccession] = ()

    @cached_property
    def by_key(self) -> Mapping[str, Sequence[tuple[KnownName, str]]]:
        """Key -> its names, each with its normalized form."""
        found: defaultdict[str, list[tuple[KnownName, str]]] = defaultdict(list)
        for one in self.names:
            found[one.organization].append((one, normalize(one.name)))
        return found

    @cached_property
    def holders(self) -> Mapping[str, frozenset[str]]:
        """Normalized name that is or was filed -> the keys of those who filed under it."""
        return self._keys_by_name("filed", "display", "former")

    @cached_property
    def owners(self) -> Mapping[str, frozenset[str]]:
        """The same without former names."""
        return self._keys_by_name("filed", "display")

    def _keys_by_name(self, *kinds: str) -> Mapping[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for key, names in self.by_key.items():
            for one, normalized in names:
                if one.kind in kinds:
                    found[normalized].add(key)
        return {name: frozenset(keys) for name, keys in found.items()}

    @cached_property
    def shown_as(self) -> Mapping[str, str]:
        """Normalized name as filed -> how the organization is written, where one organization alone filed under it."""
        shown = {one.organization: one.name for one in self.names if one.kind == "display"}
        return {
            name: shown[key]
            for name, keys in self.holders.items()
            if len(keys) == 1 and len(name) > 1 and (key := next(iter(keys))) in shown  # X may be anybody
        }

    @cached_property
    def inherited(self) -> Sequence[Inheritance]:
        """The successions, by a source and with a day, in which a name passed between known organizations."""
        found = []
        for one in self.successions:
            if one.basis == GENERAL or one.day is None or not {one.predecessor, one.successor} <= self.by_key.keys():
                continue
            before = self._names_of(one.predecessor, "filed", "display")
            after = self._names_of(one.successor, "filed", "display", "everyday")
            if shared := before & after:
                found.append(Inheritance(before, after, shared, one.day, one.source))
        return found

    def _names_of(self, key: str, *kinds: str) -> frozenset[str]:
        return frozenset(normalized for one, normalized in self.by_key[key] if one.kind in kinds)

    def merges(self) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
        """(key, its sourced filed and former names, normalized, each with its source).

        A name that two organizations have filed under merges nothing.
        """
        for key, names in self.by_key.items():
            found = [
                (normalized, one.source or one.basis)
                for one, normalized in names
                if one.sourced and one.kind in ("filed", "former") and self.holders[normalized] == {key}
            ]
            if len({normalized for normalized, _ in found}) > 1:
                yield key, found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text if len(text) > 4 else f"{text}-01-01") if text else None
    except ValueError:
        return None


@cache
def shipped() -> Knowledge:
    """What comes with the package (`data/organizations/README.md` tells how it was gathered)."""
    names = [
        KnownName(row["organization"], row["kind"], row["name"], row["basis"], row["source"])
        for row in resources.rows("organizations/names.csv")
    ]
    parents = [
        KnownParent(row["parent"], row["subsidiary"], row["since"], row["until"], row["basis"], row["source"])
        for row in resources.rows("organizations/parents.csv")
    ]
    successions = [
        KnownSuccession(
            row["predecessor"], row["successor"], _day(row["date"]), row["kind"], row["basis"], row["source"]
        )
        for row in resources.rows("organizations/successions.csv")
    ]
    return Knowledge(names, parents, successions)
