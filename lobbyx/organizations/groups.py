"""Groups of organizations: those a data file names, the clients from a country, the clients on an issue.

Only what `data/organizations/groups.csv` or a ready group names is a group; no words are guessed to be one. Ready
groups are `country:KR`, `issue:TAX`, and the names that file gives a country's clients ("South Korean companies").
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from lobbyx.model import resources, texts
from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import Window, span
from lobbyx.model.said import Several, said
from lobbyx.model.texts import LANGUAGES, Name, name_of
from lobbyx.model.total import Organization

MOST_MEMBERS: Final = 2_000
"""Members of a ready group that are read; a larger one is refused."""
READY: Final = re.compile(r"\s*(country|issue):\s*(\w{1,12})\s*", re.IGNORECASE)

Kind = Literal["named", "country", "issue"]


class UnknownGroup(LobbyxError):
    """No group has this name."""


class GroupTooLarge(LobbyxError):
    """A ready group has more members than are read."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a group, as the group's source names it."""

    name: str
    organizations: tuple[Organization, ...] = ()
    """What it is on file; none where it has filed nothing that is on file."""
    since: str = ""
    until: str = ""
    """Years or dates between which it was a member; empty where it always was, or still is."""
    basis: str = "filing"
    source: str = ""

    @property
    def window(self) -> Window:
        """The days on which it was a member."""
        return Window(span(self.since).start if self.since else None, span(self.until).end if self.until else None)


@dataclass(frozen=True, slots=True)
class Group:
    """A group and who belongs to it."""

    name: Name
    members: tuple[Member, ...]
    kind: Kind = "named"
    spoken: tuple[str, ...] = ()
    """What else it is called, in English and Korean."""
    code: str = ""
    """The country or general issue of a ready group."""

    @property
    def listed(self) -> bool:
        """Whether its members are a list that is known whole; those of a ready group are what is on file alone."""
        return self.kind == "named"


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group as the data file has it: members by their keys in `names.csv`."""

    name: Name
    spoken: tuple[str, ...]
    members: tuple[Member, ...]
    country: str = ""


@cache
def shipped() -> Mapping[str, KnownGroup]:
    """The groups of `data/organizations/groups.csv` by name."""
    rows: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in resources.rows("organizations/groups.csv"):
        rows[row["group"]].append(row)
    found = {}
    for name, of in rows.items():
        spoken = tuple(row["value"] for row in of if row["kind"] in ("spoken", "korean"))
        members = tuple(
            Member(row["value"], (), row["since"], row["until"], row["basis"], row["source"])
            for row in of
            if row["kind"] == "member"
        )
        country = next((row["value"] for row in of if row["kind"] == "country"), "")
        korean = next((row["value"] for row in of if row["kind"] == "korean"), name)
        found[name] = KnownGroup(Name(name, korean), spoken, members, country)
    return found


def plain(text: str) -> str:
    """A group's name as it is compared: without case, article, quotation marks, hyphens and doubled spaces.

    Without the Korean plural too: 기업들 is 기업.
    """
    words = re.sub(r"[\s\-‐-―]+", " ", text.casefold().replace("’", "'")).strip(" \"“”'.,")
    return re.sub("(?<=[가-힣])들$", "", words.removeprefix("the "))


@cache
def _by_name() -> Mapping[str, str]:
    return {plain(spoken): group.name for group in shipped().values() for spoken in (group.name, *group.spoken)}


def is_group(text: str | None) -> bool:
    """Whether a text names a group: one of the data file, `country:XX` or `issue:XXX`."""
    return text is not None and (plain(text) in _by_name() or READY.fullmatch(text) is not None)


_ONE_OF: Final = re.compile(r"\s*(?:(?:any|all|every|each)\s+)?(?:the\s+)?other\s+(.+?)\s*", re.IGNORECASE)


def whole(text: str) -> str:
    """The group that one of its members is compared with: "any other Big Tech company" are the Big Tech companies.

    The text as it is where that names no group.
    """
    others = _ONE_OF.fullmatch(text)
    if others is None:
        return text
    one = others[1]
    several = one[:-1] + "ies" if one.endswith("y") else one + "s"
    return next((name for name in (one, several) if is_group(name)), text)


def find(db: sqlite3.Connection, text: str) -> Group | None:
    """The group that a text names, with its members on file; None for a text that names none.

    Raises UnknownGroup for a country or issue that does not exist, and GroupTooLarge.
    """
    if ready := READY.fullmatch(text):
        kind, code = ready[1].lower(), ready[2].upper()
        return _country(db, code) if kind == "country" else _issue(db, code)
    name = _by_name().get(plain(text))
    if name is None:
        return None
    known = shipped()[name]
    if known.country:
        return _country(db, known.country, known)
    return Group(known.name, tuple(_members(db, known)), "named", known.spoken)


def get(db: sqlite3.Connection, text: str) -> Group:
    """As `find`, but raises UnknownGroup where a text names none."""
    if group := find(db, text):
        return group
    known = Several(tuple(one.name for one in shipped().values()))
    raise UnknownGroup(said("problem.unknown_group", given=text[:80], known=known))


def _members(db: sqlite3.Connection, known: KnownGroup) -> Iterable[Member]:
    rows = db.execute(
        "SELECT g.member, o.id, o.name FROM organization_groups g JOIN organizations o ON o.id = g.organization_id "
        'WHERE g."group" = ? ORDER BY o.id',
        [known.name],
    ).fetchall()
    names: defaultdict[int, list[str]] = defaultdict(list)
    for row in db.execute(
        "SELECT n.organization_id AS id, n.name FROM organization_names n WHERE n.organization_id IN "
        '(SELECT organization_id FROM organization_groups WHERE "group" = ?) '
        "ORDER BY n.filings DESC, length(n.name) DESC, n.name",
        [known.name],
    ):
        names[row["id"]].append(row["name"])
    for member in known.members:
        of = tuple(
            Organization(row["id"], row["name"], tuple(names[row["id"]]))
            for row in rows
            if row["member"] == member.name
        )
        yield Member(member.name, of, member.since, member.until, member.basis, member.source)


_FROM_COUNTRY: Final = """
SELECT organization_id FROM clients WHERE organization_id IS NOT NULL AND (country = :code OR ppb_country = :code)
UNION
SELECT c.organization_id FROM foreign_entities e JOIN filings f ON f.filing_uuid = e.filing_uuid
JOIN clients c ON c.id = f.client_id
WHERE c.organization_id IS NOT NULL AND (e.country = :code OR e.ppb_country = :code)
"""
_ON_ISSUE: Final = """
SELECT DISTINCT c.organization_id FROM activities a JOIN filings f ON f.filing_uuid = a.filing_uuid
JOIN clients c ON c.id = f.client_id WHERE c.organization_id IS NOT NULL AND a.general_issue_code = :code
"""


def _country(db: sqlite3.Connection, code: str, known: KnownGroup | None = None) -> Group:
    row = db.execute("SELECT name FROM countries WHERE value = ?", [code]).fetchone()
    if row is None:
        raise UnknownGroup(said("problem.unknown_country", code=code))
    name = known.name if known else _called("country", name_of("country", row["name"]))
    of = tuple(_ready(db, _FROM_COUNTRY, code, name, "country of the client or a foreign entity, as filed"))
    return Group(name, of, "country", known.spoken if known else (), code)


def _issue(db: sqlite3.Connection, code: str) -> Group:
    row = db.execute("SELECT name FROM issue_codes WHERE value = ?", [code]).fetchone()
    if row is None:
        raise UnknownGroup(said("problem.unknown_issue", code=code))
    name = _called("issue", name_of("issue", row["name"]))
    return Group(
        name, tuple(_ready(db, _ON_ISSUE, code, name, "general issue of an activity, as filed")), "issue", (), code
    )


def _called(kind: Kind, of: Name) -> Name:
    """The name of a ready group: "clients from Japan"."""
    return Name(*(texts.text(f"group.ready_name.{kind}", language, of=of) for language in LANGUAGES))


def _ready(db: sqlite3.Connection, query: str, code: str, name: Name, source: str) -> Iterable[Member]:
    rows = db.execute(
        f"SELECT o.id, o.name FROM organizations o WHERE o.id IN ({query}) ORDER BY o.name, o.id LIMIT :most",  # noqa: S608
        {"code": code, "most": MOST_MEMBERS + 1},
    ).fetchall()
    if len(rows) > MOST_MEMBERS:
        raise GroupTooLarge(said("problem.group_too_large", group=name, most=MOST_MEMBERS))
    for row in rows:
        yield Member(row["name"], (Organization(row["id"], row["name"]),), source=source)


# What is on file -----------------------------------------------------------------------------------------------------


def rows_of(
    on_file: Mapping[str, Sequence[int]],
) -> list[tuple[str, str, int | None, str | None, str | None, str, str]]:
    """The rows of the table `organization_groups`; `on_file` tells which organizations a member is."""
    return [
        (group.name, member.name, identifier, member.since or None, member.until or None, member.basis, member.source)
        for group in shipped().values()
        for member in group.members
        for identifier in (on_file.get(member.name) or (None,))
    ]
