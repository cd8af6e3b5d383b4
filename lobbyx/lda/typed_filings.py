"""Filings out of lines of JSON, the usual way: decoded and checked in one step by msgspec.

`records.Checker` says what a valid record is and what it becomes. This reader gives the same records in half the time,
for lines of a form it met before: it makes types from the same shapes, for exactly the keys those lines had. A line
that does not fit (a key more or less, a value of another type, or one that breaks its rule) goes to the checker, which
has the messages; the next line of that form has its types. A test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec.structs import astuple

from lobbyx.lda.answer import needs_care, parse_json
from lobbyx.lda.api_schema import ACTIVITY, FILING, LISTING, PEOPLE, Row, Shape, type_of
from lobbyx.lda.records import Activity, BrokenRecord, Checker, Listed, Record, kind_of

MOST_FORMS: Final = 16
"""A file has one or two: some filings have no activities to show their keys."""
MOST_LISTS: Final = 20_000
"""Lists of lobbyists and of government entities that are remembered by their bytes: most are as in a filing before."""

UNFIT: Final = (ValueError, msgspec.MsgspecError)
"""What says that a line does not fit; later versions of msgspec raise a ValueError of their own, 0.19 does not."""

Keys = tuple[str, ...]
Naming = tuple[int, int, Row]
"""Somebody in a list: the id, a hash of what the source says, the row."""


class _Typed:
    """The objects of one shape that have certain keys."""

    def __init__(self, shape: Shape, keys: Keys, inside: Mapping[str, Any] | None = None) -> None:
        """`inside` has the types of the lists and objects in it; what no shape knows may be anything."""
        self.plan = shape.plan(keys)
        self.columns = self.plan.columns
        self.width = len(self.plan.fields)
        fields = [(name, type_of(spec)) for name, spec in self.plan.fields]
        fields += [(name, (inside or {}).get(name, Any)) for name in keys if name not in shape.fields]
        self.type = msgspec.defstruct("Typed", fields, forbid_unknown_fields=True)


class _Form:
    """The types of filings with certain keys, and of what is in them."""

    def __init__(self, keys: Mapping[str, Keys]) -> None:
        self.registrant = _Typed(PEOPLE["registrants"], keys["registrant"])
        self.client = _Typed(PEOPLE["clients"], keys["client"])
        self.lobbyist = _Typed(PEOPLE["lobbyists"], keys["lobbyist"])
        self.entity = _Typed(PEOPLE["government_entities"], keys["entity"])
        self.listed = _Typed(LISTING, keys["listed"], {"lobbyist": self.lobbyist.type})
        self.activity = _Typed(ACTIVITY, keys["activity"], dict.fromkeys(ACTIVITY.lists, msgspec.Raw))
        inside: dict[str, Any] = dict.fromkeys(FILING.lists, msgspec.Raw)
        inside |= {"registrant": self.registrant.type, "client": self.client.type}
        inside["lobbying_activities"] = list[self.activity.type]  # type: ignore[name-defined]
        self.filing = _Typed(FILING, keys["filing"], inside)
        self.key = self.filing.columns.index("filing_uuid")
        self.has_activities = "lobbying_activities" in keys["filing"]
        self.lists = [
            (name, shape)
            for name, shape in FILING.lists.items()
            if name in keys["filing"] and name != "lobbying_activities"
        ]
        self.read = msgspec.json.Decoder(self.filing.type).decode
        self.read_lobbyists = msgspec.json.Decoder(list[self.listed.type]).decode  # type: ignore[name-defined]
        self.read_entities = msgspec.json.Decoder(list[self.entity.type]).decode  # type: ignore[name-defined]


def _keys(filing: Mapping[str, Any]) -> dict[str, Keys] | None:
    """The keys of a valid filing and of the first of each kind of object in it; None where no type can have them."""
    activities = filing.get("lobbying_activities") or ()
    listed = [one for activity in activities for one in activity.get("lobbyists") or ()]
    entities = [one for activity in activities for one in activity.get("government_entities") or ()]
    first: dict[str, Any] = {
        "filing": filing,
        "registrant": filing["registrant"],
        "client": filing["client"],
        "activity": activities[0] if activities else {},
        "listed": listed[0] if listed else {},
        "lobbyist": listed[0]["lobbyist"] if listed else {},
        "entity": entities[0] if entities else {},
    }
    keys = {name: tuple(one) for name, one in first.items()}
    return keys if all(key.isidentifier() for some in keys.values() for key in some) else None


class FilingReader:
    """Reads the lines of one source; its checker reads those of another form."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self._forms: list[_Form] = []
        self._keys: list[dict[str, Keys]] = []
        self._lobbyists: dict[tuple[bytes, int], tuple[list[Listed], list[Naming]]] = {}
        self._entities: dict[bytes, tuple[list[int], list[Naming]]] = {}

    def record(self, line: bytes, number: int) -> Record:
        """One line as a Record. Raises BrokenRecord as the checker does."""
        if self._forms and not needs_care(line):
            for place, form in enumerate(self._forms):
                try:
                    typed = form.read(line)
                except UNFIT:
                    continue
                if place:  # the next line will be like it
                    self._forms.insert(0, self._forms.pop(place))
                try:
                    return self._filing(form, typed)
                except (*UNFIT, BrokenRecord):
                    self.checker.begin()  # the rows of people in this record are lost with it
                    break
        return self._checked(line, number)

    def _checked(self, line: bytes, number: int) -> Record:
        """The same by the checker, and a new form from it."""
        raw = parse_json(line, f"{self.checker.source}, line {number}", self.checker)
        kind = kind_of(raw)
        if kind is None:
            raise BrokenRecord(f"{self.checker.source}: line {number} is not a record of the API")
        record = self.checker.check(kind, raw, f"in line {number}")
        if kind == "filing" and len(self._keys) < MOST_FORMS:
            keys = _keys(raw)
            if keys and keys not in self._keys:
                self._keys.append(keys)
                self._forms.insert(0, _Form(keys))
        return record

    def _filing(self, form: _Form, typed: Any) -> Record:
        """What `Checker.check` makes of a filing. Raises BrokenRecord, or one of UNFIT, where it must read it."""
        checker = self.checker
        out = checker.start("filing")
        values = self._values(form.filing, typed)
        out.key = values[form.key]
        registrant = self._person("registrants", form.registrant, typed.registrant, ())
        client = self._person("clients", form.client, typed.client, (registrant,))
        out.row = (form.filing.columns, (*values, registrant, client))
        if form.has_activities:
            out.activities = [self._activity(form, one, registrant) for one in typed.lobbying_activities]
        for name, shape in form.lists:
            raw = bytes(getattr(typed, name))
            out.lists[name] = [] if raw == b"[]" else checker.rows(shape, name, msgspec.json.decode(raw, type=list))
        out.set_digest()
        return out

    def _values(self, typed: _Typed, one: Any) -> tuple[Any, ...]:
        return self.checker.read_values(typed.plan, astuple(one)[: typed.width], one, "")

    def _person(self, table: str, typed: _Typed, one: Any, refers_to: tuple[int, ...]) -> int:
        """The id of the registrant or client of a filing. The row is kept unless the source had the same before."""
        given = astuple(one)[: typed.width]
        identifier: int = given[0]
        if not self.checker.met(table, identifier, hash((given, refers_to[0] if refers_to else None))):
            values = self.checker.read_values(typed.plan, given, one, "")
            self.checker.related.append((table, (typed.columns, values + refers_to)))
        return identifier

    def _activity(self, form: _Form, typed: Any, registrant: int) -> Activity:
        """An activity; whom its lists name counts as named again."""
        raw = bytes(typed.lobbyists)
        lists = self._lobbyists
        found = lists.get((raw, registrant))
        if found is None:
            if len(lists) >= MOST_LISTS:
                lists.clear()
            found = lists[raw, registrant] = self._read_lobbyists(form, raw, registrant)
        listed, people = found
        self._name("lobbyists", people)

        raw = bytes(typed.government_entities)
        addressed = self._entities.get(raw)
        if addressed is None:
            if len(self._entities) >= MOST_LISTS:
                self._entities.clear()
            addressed = self._entities[raw] = self._read_entities(form, raw)
        entities, named = addressed
        self._name("government_entities", named)
        return (form.activity.columns, self._values(form.activity, typed)), listed, entities

    def _name(self, table: str, people: Iterable[Naming]) -> None:
        for identifier, given, row in people:
            if not self.checker.met(table, identifier, given):
                self.checker.related.append((table, row))

    def _read_lobbyists(self, form: _Form, raw: bytes, registrant: int) -> tuple[list[Listed], list[Naming]]:
        listed: list[Listed] = []
        people: list[Naming] = []
        for one in form.read_lobbyists(raw):
            person = one.lobbyist
            given = astuple(person)[: form.lobbyist.width]
            row = (form.lobbyist.columns, (*self._values(form.lobbyist, person), registrant))
            people.append((given[0], hash((given, registrant)), row))
            listed.append((given[0], getattr(one, "covered_position", None), getattr(one, "new", None)))
        return listed, people

    def _read_entities(self, form: _Form, raw: bytes) -> tuple[list[int], list[Naming]]:
        people: list[Naming] = []
        for one in form.read_entities(raw):
            given = astuple(one)[: form.entity.width]
            people.append((given[0], hash((given, None)), (form.entity.columns, self._values(form.entity, one))))
        return [identifier for identifier, *_ in people], people
