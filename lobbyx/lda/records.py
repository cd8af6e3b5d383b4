"""Checks raw API records and turns them into rows, before anything touches the database.

A record that does not fit its shape raises BrokenRecord with file, record and field. A field that is absent stays
absent, because a CSV row knows less than the API; a field that is null is null. Fields that the description does not
know are collected, not rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson

from lobbyx.lda.api_schema import (
    ACTIVITY,
    LISTING,
    LOBBYIST,
    MOST_REMEMBERED,
    PEOPLE,
    SHAPES,
    Field,
    Plan,
    Row,
    Shape,
    WrongValue,
    text,
    uuid,
    whole_number,
)
from lobbyx.model.errors import LobbyxError


class BrokenRecord(LobbyxError):
    """A file, or one record in it, that is not what the API sends."""


Listed = tuple[int, str | None, bool | None]
"""A lobbyist in an activity: id, covered position, whether new."""
Activity = tuple[Row, list[Listed], list[int]]
"""One activity of a filing: its row; its lobbyists; the ids of government entities."""


@dataclass(slots=True)
class Record:
    """One checked record as rows."""

    kind: str
    """A key of SHAPES, `activities` (only the activities of one filing), or `constants:TABLE`."""
    key: str | int
    """What identifies it: filing_uuid, id or value."""
    row: Row
    related: list[tuple[str, Row]] = field(default_factory=list)
    """(table, row) of registrants, clients, lobbyists and government entities in it, unless the source had the same row
    before."""
    codes: list[tuple[str, str, str | None]] = field(default_factory=list)
    """(table, value, name) of codes that are not in the constants of the package."""
    activities: list[Activity] | None = None
    """None if the source says nothing about them."""
    lists: dict[str, list[Row]] = field(default_factory=dict)
    """Other lists that belong to it, by table. Lists that are missing keep what is on file."""
    digest: str | None = None
    """Of its own content, to detect changes; None if the source has only some of the fields."""

    def plain(self) -> tuple[Any, ...]:
        """Its fields as one tuple of plain values, so that `Record(*plain)` restores it."""
        return (
            self.kind,
            self.key,
            self.row,
            self.related,
            self.codes,
            self.activities,
            self.lists,
            self.digest,
        )

    def set_digest(self) -> None:
        """Digests its own content; not whom it names, of whom every record tells anew."""
        activities = [(row[1], *others) for row, *others in self.activities or ()]
        lists = {name: [values for _, values in rows] for name, rows in self.lists.items()}
        content = orjson.dumps((self.row[1], activities, lists))
        self.digest = blake2b(content, digest_size=16).hexdigest()


_LIST_TABLES = {"pacs": "contribution_pacs"}


class Checker:
    """Checks raw objects of one source, and remembers unknown fields and the last row of each person.

    `careful` makes it read every value, because a text may be too long or hold a NUL.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.careful = True
        self.unknown: set[str] = set()
        self._met: dict[str, dict[int, int]] = {table: {} for table in PEOPLE}
        self._record = ""
        self._out = Record("", "", ((), ()))

    def begin(self) -> None:
        """Call this before going through a source again: forgets the rows that it had."""
        for met in self._met.values():
            met.clear()

    def start(self, kind: str) -> Record:
        """A new record of texts that need no care, to be filled."""
        self.careful = False
        self._out = Record(kind, "", ((), ()))
        return self._out

    @property
    def related(self) -> list[tuple[str, Row]]:
        """The rows of people in the record that is being read."""
        return self._out.related

    def met(self, table: str, identifier: int, values: int) -> bool:
        """Whether the source named somebody by values of this hash last; from now on it did."""
        known = self._met[table]
        if known.get(identifier) == values:
            return True
        known[identifier] = values
        return False

    def fail(self, path: str, problem: str) -> BrokenRecord:
        """The error for one field of the record being read."""
        return BrokenRecord(f"{self.source}: record {self._record}, field {path}: {problem}")

    def check(self, kind: str, raw: Any, record: str, *, complete: bool = True) -> Record:
        """One raw object as a Record. Raises BrokenRecord, which names file, record and field."""
        if not isinstance(raw, dict):
            raise BrokenRecord(f"{self.source}: record {record} is not an object")
        uuid = raw.get("filing_uuid")
        self._record = f"{record} ({uuid})" if isinstance(uuid, str) and len(uuid) <= 40 else record
        out = self._out = Record(kind, "", ((), ()))
        try:
            if kind in ("filing", "contribution"):
                self._report(out, raw)
            else:
                registrant = raw.get("registrant")
                above = None if registrant is None else self._person("registrants", registrant, "registrant.")
                refers = () if kind == "registrant" else (above,)
                out.row = self._row(SHAPES[kind], raw, "", refers)
                if kind != "registrant" and above is None:
                    out.row = (out.row[0][:-1], out.row[1][:-1])
                out.key = raw["id"]
        except BrokenRecord:
            self.begin()  # the rows of people in this record are lost with it
            raise
        if complete:
            out.set_digest()
        return out

    def _report(self, out: Record, raw: dict[str, Any]) -> None:
        """A filing or a contribution report."""
        shape = SHAPES[out.kind]
        columns, values = self._row(shape, raw, "", ())
        out.key = values[columns.index("filing_uuid")]
        registrant = self._person("registrants", raw.get("registrant"), "registrant.")
        if out.kind == "filing":
            other: int | None = self._person("clients", raw.get("client"), "client.", registrant)
        else:
            lobbyist = raw.get("lobbyist")
            other = None if lobbyist is None else self._person("lobbyists", lobbyist, "lobbyist.")
        out.row = (columns, (*values, registrant, other))
        for name, inner in shape.lists.items():
            if name not in raw:
                continue
            items = self._list(raw, name, "")
            if name == "lobbying_activities":
                out.activities = [self._activity(a, f"{name}[{i}].", registrant) for i, a in enumerate(items)]
            else:
                if name == "pacs":  # the one list of plain texts in the API
                    items = [{"name": item} for item in items]
                out.lists[_LIST_TABLES.get(name, name)] = self.rows(inner, name, items)

    def rows(self, shape: Shape, name: str, items: list[Any]) -> list[Row]:
        """The rows of one of the other lists."""
        return [
            self._row(shape, item, f"{name}[{i}].", self._lobbyist_of(shape, item, f"{name}[{i}]."))
            for i, item in enumerate(items)
        ]

    def _lobbyist_of(self, shape: Shape, raw: Any, path: str) -> tuple[int | None, ...]:
        if not shape.objects:
            return ()
        lobbyist = raw.get("lobbyist") if isinstance(raw, dict) else None
        return (None if lobbyist is None else self._person("lobbyists", lobbyist, f"{path}lobbyist."),)

    def _list(self, raw: dict[str, Any], name: str, path: str) -> list[Any]:
        items = raw.get(name)
        if items is None:
            return []
        if not isinstance(items, list):
            raise self.fail(path + name, "is not a list")
        return items

    def _activity(self, raw: Any, path: str, registrant: int | None) -> Activity:
        row = self._row(ACTIVITY, raw, path, ())
        met = self._met["lobbyists"]
        lobbyists: list[Listed] = []
        for i, listed in enumerate(self._list(raw, "lobbyists", path)):
            # A filing has about five of them, and nearly all repeat the one before: the short way, inline.
            try:
                person = listed["lobbyist"]
                whose = LOBBYIST.plans[tuple(person)]
                values = whose.get(person)
                identifier = values[0]
                # Of the values of a lobbyist only the id can equal one of another type (1, 1.0 and true).
                if met[identifier] == hash((values, registrant)) and type(identifier) is int and not self.careful:
                    plan = LISTING.plans[tuple(listed)]
                    covered, new = plan.get(listed)
                    if (type(covered), type(new)) in plan.good and not (plan.unknown or whose.unknown):
                        lobbyists.append((identifier, covered, new))
                        continue
            except (IndexError, KeyError, TypeError, ValueError):
                pass
            lobbyists.append(self._listed(listed, f"{path}lobbyists[{i}].", registrant))
        entities = [
            self._person("government_entities", entity, f"{path}government_entities[{i}].")
            for i, entity in enumerate(self._list(raw, "government_entities", path))
        ]
        return (row, lobbyists, entities)

    def _listed(self, raw: Any, path: str, registrant: int | None) -> Listed:
        """A lobbyist as listed in an activity."""
        person = raw.get("lobbyist") if isinstance(raw, dict) else None
        lobbyist = self._person("lobbyists", person, f"{path}lobbyist.", registrant)
        given = dict(zip(*self._row(LISTING, raw, path, (lobbyist,)), strict=True))
        return lobbyist, given.get("covered_position"), given.get("new")

    def _person(self, table: str, raw: Any, path: str, registrant: int | None = None) -> int:
        """The id of a person or body in a record. Its row is kept unless the source had the same row before."""
        if raw is None:
            raise self.fail(path.rstrip("."), "is missing")
        shape = PEOPLE[table]
        met = self._met[table]
        if isinstance(raw, dict):
            plan = shape.plans.get(tuple(raw))
            # The same values as last time were checked then, if their types were: 1, 1.0 and true are equal.
            if plan and plan.identifier is not None:
                values = plan.get(raw)
                try:
                    if (
                        met.get(values[plan.identifier]) == hash((values, registrant))
                        and tuple(map(type, values)) in plan.good
                    ):
                        self._note(plan, path)
                        return values[plan.identifier]  # type: ignore[no-any-return]
                except TypeError:  # a list or an object instead of a value: reported below
                    pass
        row = self._row(shape, raw, path, (registrant,) if shape.refers_to else ())
        if shape.refers_to and registrant is None:
            row = (row[0][:-1], row[1][:-1])
        identifier = int(row[1][row[0].index("id")])
        met[identifier] = hash((shape.plans[tuple(raw)].get(raw), registrant))
        self._out.related.append((table, row))
        return identifier

    def _row(self, shape: Shape, raw: Any, path: str, refers_to: tuple[Any, ...]) -> Row:
        """The row of one object, checked."""
        if not isinstance(raw, dict):
            raise self.fail(path.rstrip("."), "is not an object")
        plan = shape.plans.get(tuple(raw)) or shape.plan(tuple(raw))
        if plan.missing:
            raise self.fail(path + plan.missing[0], "is missing")
        self._note(plan, path)
        values = plan.get(raw)
        types = tuple(map(type, values))
        if self.careful or types not in plan.good:
            values = tuple(
                self._value(name, spec, value, raw, path)
                for (name, spec), value in zip(plan.fields, values, strict=True)
            )
            plan.good.add(types)
            return plan.columns, values + refers_to
        return plan.columns, self.read_values(plan, values, raw, path) + refers_to

    def _note(self, plan: Plan, path: str) -> None:
        """Notes the fields that this version does not know."""
        if plan.unknown:
            self.unknown |= {re.sub(r"\[\d+\]", "", path) + name[:100] for name in plan.unknown}

    def read_values(self, plan: Plan, values: tuple[Any, ...], raw: Any, path: str) -> tuple[Any, ...]:
        """The values of an object `raw` whose types are right, those read that their types alone do not vouch for."""
        changed: list[Any] | None = None
        for place, name, spec in plan.by_value:
            value = values[place]
            if value is None:
                continue
            memo = spec.memo
            read = memo.get(value) if memo is not None else None
            if read is None:
                read = self._value(name, spec, value, raw, path)
            if read is not value:
                changed = changed or list(values)
                changed[place] = read
        return tuple(changed) if changed else values

    def _value(self, name: str, spec: Field, value: Any, raw: Any, path: str) -> Any:
        """One value, read by its field's rule."""
        if value is None:
            if spec.required:
                raise self.fail(path + name, "is missing")
            return None
        try:
            read = spec.read(value)
        except WrongValue as wrong:
            raise self.fail(path + name, f"{shown(value)} {wrong}") from None
        if read is None and spec.required:
            raise self.fail(path + name, "is empty")
        if spec.codes and read is not None:
            if spec.memo is not None and read not in spec.memo:
                twin = f"{name}_display"
                display = raw.get(twin) if isinstance(raw, dict) else getattr(raw, twin, None)
                self._out.codes.append((spec.codes, read, display if isinstance(display, str) else None))
        elif spec.memo is not None and len(spec.memo) < MOST_REMEMBERED:
            spec.memo[value] = read
        return read

    def activities(self, filing_uuid: Any, activities: list[dict[str, Any]]) -> Record:
        """Only the activities of a filing that is already on file, as a Record of kind `activities`."""
        self._record = str(filing_uuid)[:40]
        out = self._out = Record("activities", "", ((), ()))
        try:
            out.key = uuid(filing_uuid)
        except WrongValue as wrong:
            raise self.fail("filing_uuid", f"{shown(filing_uuid)} {wrong}") from None
        out.activities = [self._activity(raw, f"activities[{i}].", None) for i, raw in enumerate(activities)]
        return out

    def constants(self, table: str, rows: Any) -> Iterator[Record]:
        """A list of constants as Records of kind `constants:TABLE`."""
        key = "id" if table == "government_entities" else "value"
        read = whole_number if key == "id" else text
        for number, row in enumerate(rows, 1):
            self._record = str(number)
            try:
                if not isinstance(row, dict):
                    raise WrongValue("is not an object")
                values = (read(row.get(key)), text(row.get("name")))
            except WrongValue as wrong:
                raise self.fail(f"{key}/name", f"{shown(row)} {wrong}") from None
            yield Record(f"constants:{table}", values[0], ((key, "name"), values))


def shown(value: Any) -> str:
    """A value as an error message can show it: one line, bounded."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def kind_of(raw: Any) -> str | None:
    """Which kind of record an object is, judging by fields that only that kind has; None if it is none."""
    if not isinstance(raw, dict):
        return None
    if raw.keys() & {"filing_uuid", "filing_type", "dt_posted", "lobbying_activities"}:
        return "contribution" if "filer_type" in raw or "contribution_items" in raw else "filing"
    if "house_registrant_id" in raw:
        return "registrant"
    if "last_name" in raw:
        return "lobbyist"
    return "client" if "client_id" in raw or "general_description" in raw else None
