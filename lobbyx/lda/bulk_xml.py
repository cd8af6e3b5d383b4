"""The Senate's bulk archive of 1999 to 2020 (`2016_3.zip`, `2012_4_LD203.zip`, or an `.xml` out of one) -> records.

A member is UTF-16 with a byte-order mark: `<PublicFilings>` with some 1,000 `<Filing>`. It is read as a stream. Some
members hold characters that XML forbids, and some are cut: from the break on, such a member is read filing by filing,
and what does not parse is named and left out. So is a filing that does not fit the API's shape. No DTD is read and no
entity resolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from lxml import etree

from lobbyx.lda.answer import Part
from lobbyx.lda.api_schema import LONGEST_TEXT
from lobbyx.lda.bulk_members import Member, members
from lobbyx.lda.bulk_records import Attributes, Misfit, raw_filing
from lobbyx.lda.records import BrokenRecord, Checker, Record

KIND: Final = "archive"
MOST_NAMED: Final = 100
"""Filings of one member that are named one by one when they are left out."""
_KNOWN: Final = {
    "Filing": {
        "ID",
        "Year",
        "Received",
        "Amount",
        "Type",
        "Period",
        "AffiliatedOrgsURL",
        "Comments",
        "RegistrationEffectiveDate",
        "TerminationEffectiveDate",
    },
    "Registrant": {
        "RegistrantID",
        "RegistrantName",
        "GeneralDescription",
        "Address",
        "RegistrantCountry",
        "RegistrantPPBCountry",
    },
    "Client": {
        "ClientName",
        "GeneralDescription",
        "ClientID",
        "SelfFiler",
        "ContactFullname",
        "IsStateOrLocalGov",
        "ClientCountry",
        "ClientPPBCountry",
        "ClientState",
        "ClientPPBState",
    },
    "Lobbyist": {"LobbyistName", "LobbyistCoveredGovPositionIndicator", "OfficialPosition", "ActivityInformation"},
    "GovernmentEntity": {"GovEntityName"},
    "Issue": {"Code", "SpecificIssue"},
    "Entity": {
        "ForeignEntityName",
        "ForeignEntityCountry",
        "ForeignEntityPPBcountry",
        "ForeignEntityContribution",
        "ForeignEntityOwnershipPercentage",
        "ForeignEntityStatus",
    },
    "Org": {"AffiliatedOrgName", "AffiliatedOrgCountry", "AffiliatedOrgPPBCcountry"},
    "Contribution": {"Contributor", "ContributionType", "Payee", "Honoree", "Amount", "ContributionDate"},
}
_LISTS: Final = {
    "Lobbyists",
    "GovernmentEntities",
    "Issues",
    "ForeignEntities",
    "AffiliatedOrgs",
    "Contributions",
}
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_START: Final = re.compile(r"<Filing[\s>]")
_DECLARED: Final = re.compile(rb"""^<\?xml[^>]*encoding=["']([A-Za-z0-9_.-]+)""")
_FIELD: Final = re.compile(r"^.*?: record \d+( \([^)]*\))?,? ")
_PLACE: Final = re.compile(r"(?: line \d+)?, line \d+, column \d+.*$", re.DOTALL)
_PARSER: Final = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


class ArchiveParts:
    """The parts of an archive file, one a member, read anew each time it is gone through."""

    def __init__(self, path: Path, checker: Checker, left_out: list[str]) -> None:
        self.path, self.checker, self.left_out = path, checker, left_out

    def __iter__(self) -> Iterator[Part]:
        found = 0
        self.left_out.clear()
        for member in members(self.path):
            self.checker.source = self.path.name
            records, problems = read_member(member, self.checker)
            self.left_out += [f"{self.path.name}: {problem}" for problem in problems]
            found += len(records)
            if records:
                yield Part.of(member.body, records)
        if not found:
            nothing = "no filing of the Senate's archive can be read in it"
            first = self.left_out[0].removeprefix(f"{self.path.name}: ") + "; " if self.left_out else ""
            more = f"{len(self.left_out) - 1:,} more problems; " if len(self.left_out) > 1 else ""
            raise BrokenRecord(f"{self.path}: {first}{more}{nothing} (saved API answers are .json, .jsonl or .csv)")


def read_member(member: Member, checker: Checker) -> tuple[list[Record], list[str]]:
    """The checked records of one member, and what was left out of it and why."""
    prefix = "" if member.name == checker.source else f"{member.name}: "
    if not member.body:
        return [], [prefix + (member.problem or "is empty")]
    if _declares_entities(member.body):
        return [], [prefix + "declares a document type or entities, which the archive never does: not read"]
    checker.begin()  # a member is kept, and read again, by itself
    characters = len(member.body) // (2 if member.body.startswith(_UTF_16) else 1)
    checker.careful = characters > LONGEST_TEXT  # some text in it may be longer than a text may be
    records: list[Record] = []
    problems: list[str] = []
    misfits = 0
    for number, found in enumerate(_filings(member.body), 1):
        if isinstance(found, str):
            problems.append(found)
            continue
        filing, inside = found
        where = f"filing {number} ({filing.get('ID', 'no ID')[:40]})"
        try:
            kind, raw = raw_filing(filing, inside)
            records.append(checker.check(kind, raw, str(number)))
            _note_unknown(checker, filing, inside)
        except Misfit as misfit:
            problems.append(f"{where}: {misfit}")
        except BrokenRecord as error:
            problems.append(f"{where}: {_FIELD.sub('', str(error))}")
        else:
            continue
        misfits += 1
    return records, _told(member, prefix, problems, len(records))


def _told(member: Member, prefix: str, problems: list[str], kept: int) -> list[str]:
    """The problems of one member as lines, with how much of it was kept."""
    lines = [prefix + problem for problem in problems[:MOST_NAMED]]
    if len(problems) > MOST_NAMED:
        lines.append(f"{prefix}{len(problems) - MOST_NAMED:,} more filings left out")
    if member.problem:
        lines.append(prefix + member.problem)
    if lines:
        lines[-1] += f"; {kept:,} other filings of this file were kept"
    return lines


def _filings(body: bytes) -> Iterator[tuple[Attributes, dict[str, list[Attributes]]] | str]:
    """The filings of a member in order; for one that does not parse, the reason with its line."""
    done = 0
    try:
        for _, element in etree.iterparse(BytesIO(body), events=("end",), tag="{*}Filing", **_PARSER):
            done += 1
            yield _taken_apart(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        yield from _one_by_one(body, done, error)


def _one_by_one(body: bytes, done: int, error: etree.XMLSyntaxError) -> Iterator[Any]:
    """The filings of a broken member after those already read, each parsed by itself."""
    text = _decoded(body)
    starts = [match.start() for match in _START.finditer(text)]
    if done >= len(starts):
        yield f"line {error.lineno}: {_PLACE.sub('', error.msg or 'is not XML')}"
        return
    line, counted = 1, 0
    parser = etree.XMLParser(**_PARSER)
    for place, start in enumerate(starts[done:], done + 1):
        end = starts[place] if place < len(starts) else len(text)
        line, counted = line + text.count("\n", counted, start), start
        piece = text[start:end].rstrip().removesuffix("</PublicFilings>")
        try:
            yield _taken_apart(etree.fromstring(piece.encode(), parser))
        except etree.XMLSyntaxError as broken:
            yield f"line {line}: {_named(piece)} left out: {_PLACE.sub('', broken.msg or 'no XML')}"
        except UnicodeEncodeError:
            yield f"line {line}: {_named(piece)} left out: it holds half a character"


def _named(piece: str) -> str:
    found = re.search(r'\bID="([^"]{1,40})"', piece[:2_000])
    return f"filing {found[1]}" if found else "a filing"


def _decoded(body: bytes) -> str:
    """A member's text, whatever it says of its encoding. Half a character stays as it is, to be found there."""
    if body.startswith(_UTF_16):
        return body[: len(body) // 2 * 2].decode("utf-16", "surrogatepass")
    declared = _DECLARED.match(body)
    encoding = declared[1].decode() if declared and not declared[1].upper().startswith(b"UTF-16") else "utf-8-sig"
    try:
        return body.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return body.decode("utf-8-sig", "surrogateescape")


def _declares_entities(body: bytes) -> bool:
    """Whether there is a DOCTYPE: `<` cannot stand inside a value, so this is one wherever it is found."""
    forms = [form for form in ("ascii", "utf-16-le", "utf-16-be") if "<!".encode(form) in body]
    return any(mark.encode(form) in body for mark in ("<!DOCTYPE", "<!ENTITY") for form in forms)


def _taken_apart(element: Any) -> tuple[Attributes, dict[str, list[Attributes]]]:
    """A filing's attributes, and those of what is inside by tag."""
    inside: dict[str, list[Attributes]] = {}
    for child in element:
        tag = child.tag
        if tag in _LISTS:
            inside[child[0].tag if len(child) else tag] = [dict(item.attrib) for item in child]
        elif isinstance(tag, str):
            inside.setdefault(tag, []).append(dict(child.attrib))
    return dict(element.attrib), inside


def _note_unknown(checker: Checker, filing: Attributes, inside: dict[str, list[Attributes]]) -> None:
    """Tells the checker of attributes and elements this version does not know."""
    for tag, items in (("Filing", [filing]), *inside.items()):
        known = _KNOWN.get(tag)
        if known is None:
            if items:
                checker.unknown.add(tag)
            continue
        for item in items:
            if not item.keys() <= known:
                checker.unknown |= {f"{tag}.{name[:100]}" for name in item.keys() - known}
