"""Raw API records -> checked rows for the tables, before anything touches the database.

One table of shapes says what every field of the official API description is. A record that breaks it raises
BrokenRecord with file, record and field. A field that is absent stays absent (a CSV row knows less than the API
does); a field that is null is null. Fields the description does not know are collected, not refused.

Two million filings go through here, so an object is taken apart by a plan made once for its set of keys, and fields
whose type alone tells whether they are right are judged by all their types at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from operator import itemgetter
from typing import Any, Final

import orjson

from lobbyx import shipped
from lobbyx.models import LobbyxError

LARGEST_AMOUNT: Final = 10**12
LONGEST_TEXT: Final = 2_000_000


class BrokenRecord(LobbyxError):
    """A file, or one record in it, that is not what the API sends."""


class _Wrong(ValueError):
    """A value that does not fit its field; the message says what was expected."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong("is not text")
    if len(value) > LONGEST_TEXT:
        raise _Wrong(f"is longer than {LONGEST_TEXT:,} characters")
    return value.replace("\0", "")


def _label(value: Any) -> str:
    """Text that the official description and the recorded answers disagree about (`client_id`: 12 or "12")."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)


def _code(value: Any) -> str | None:
    return _text(value).strip() or None


def _method(value: Any) -> str | None:
    """The official description has a, b, c; the recorded answers A, B, C."""
    code = _code(value)
    return code and code.upper()


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    raise _Wrong("is not a whole number")


def _year(value: Any) -> int:
    year = _integer(value)
    if not 1990 <= year <= 2200:
        raise _Wrong("is not a year the LDA knows (1990 to 2200)")
    return year


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("is neither true nor false")
    return value


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _uuid(value: Any) -> str:
    if isinstance(value, str) and _UUID.fullmatch(value):
        return value
    if isinstance(value, str) and _UUID.fullmatch(value.lower()):
        return value.lower()
    raise _Wrong("is not a UUID")


def _day(value: Any) -> str:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise _Wrong("is not a date (yyyy-mm-dd)")


def _moment(value: Any) -> str:
    if isinstance(value, str):
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            # The API gives Washington's offset; what gives none is taken for Washington time.
            return value if parsed.tzinfo else f"{parsed.isoformat()}-05:00"
    raise _Wrong("is not a date and time (2025-04-21T19:10:06-04:00)")


def _amount(value: Any) -> int | float:
    """US dollars as SQLite keeps them: whole ones as int, others as the float next to two decimals."""
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise InvalidOperation
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            raise InvalidOperation
        number = Decimal(str(value))
    except InvalidOperation:
        raise _Wrong('is not an amount ("450000.00")') from None
    if not number.is_finite() or not 0 <= number < LARGEST_AMOUNT:
        raise _Wrong("is below zero or above a trillion")
    if number != number.quantize(Decimal("0.01")):
        raise _Wrong("has a fraction of a cent")
    return int(number) if number == number.to_integral_value() else float(number)


@dataclass(frozen=True, slots=True)
class Field:
    """What one field of the API holds."""

    read: Callable[[Any], Any]
    required: bool = False
    codes: str | None = None
    """The constants table its values come from; the field's `_display` twin is that table's `name`."""
    by_type: bool = False
    """Whether its type alone tells that a value (of bounded size) is right, and it is kept as it is."""
    memo: dict[Any, Any] | None = None
    """What values already read became, for fields of few different values."""


Columns = tuple[str, ...]
Row = tuple[Columns, tuple[Any, ...]]
"""Columns of a table and their values; a column that is not there keeps what is on file.

Rows and activities are plain tuples, which pass from one process to another at the least cost."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How objects with one set of keys become rows."""

    columns: tuple[str, ...]
    """The fields, then what the row refers to."""
    fields: tuple[tuple[str, Field], ...]
    get: Callable[[Any], tuple[Any, ...]]
    by_value: tuple[tuple[int, str, Field], ...]
    """The fields whose values must be read, with their places."""
    missing: tuple[str, ...]
    """Required fields that are not there."""
    unknown: frozenset[str]
    identifier: int | None
    """The place of `id`."""
    good: set[tuple[type, ...]] = field(default_factory=set)
    """Types of values that were right."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one kind of object holds: plain fields, single objects, lists of objects."""

    fields: Mapping[str, Field]
    objects: tuple[str, ...] = ()
    lists: Mapping[str, Shape] = field(default_factory=dict)
    refers_to: tuple[str, ...] = ()
    """Columns of the row that name other rows."""
    plans: dict[tuple[str, ...], Plan] = field(default_factory=dict, compare=False)

    def plan(self, keys: tuple[str, ...]) -> Plan:
        """The plan for objects with these keys."""
        if len(self.plans) > 1_000:  # a hostile file can have any number
            self.plans.clear()
        there = [(name, spec) for name, spec in self.fields.items() if name in keys]
        names = tuple(name for name, _ in there)
        known = self.fields.keys() | set(self.objects) | self.lists.keys()
        made = self.plans[keys] = Plan(
            columns=names + self.refers_to,
            fields=tuple(there),
            get=itemgetter(*names) if len(names) > 1 else lambda raw: tuple(raw[name] for name in names),
            by_value=tuple((i, name, spec) for i, (name, spec) in enumerate(there) if not spec.by_type),
            missing=tuple(n for n, spec in self.fields.items() if spec.required and n not in keys),
            unknown=frozenset(k for k in keys if k not in known and not k.endswith("_display")),
            identifier=names.index("id") if "id" in names else None,
        )
        return made


def _code_of(table: str, *, required: bool = False, read: Callable[[Any], Any] = _code) -> Field:
    """A field of codes; the memo starts with, and keeps to, those the shipped constants have."""
    memo = {row["value"]: row["value"] for row in shipped.rows(f"constants/{table}.csv")}
    return Field(read, required, table, memo=memo)


TEXT, NAME = Field(_text, by_type=True), Field(_text, required=True, by_type=True)
INTEGER, ID = Field(_integer, by_type=True), Field(_integer, required=True, by_type=True)
BOOLEAN, MOMENT = Field(_boolean, by_type=True), Field(_moment, required=True)
DAY, AMOUNT = Field(_day, memo={}), Field(_amount, memo={})
STATE, COUNTRY = _code_of("states"), _code_of("countries")
MOST_REMEMBERED: Final = 50_000


def _texts(*names: str) -> dict[str, Field]:
    return dict.fromkeys(names, TEXT)


_ADDRESS = _texts("address_1", "address_2", "address_3", "address_4", "city")
REGISTRANT = Shape(
    {
        **{"id": ID, "url": TEXT, "house_registrant_id": INTEGER, "name": NAME, "description": TEXT},
        **_ADDRESS,
        **{"state": STATE, "zip": TEXT, "country": COUNTRY, "ppb_country": COUNTRY},
        **_texts("contact_name", "contact_telephone"),
        "dt_updated": Field(_moment),
    }
)
CLIENT = Shape(
    {
        **{"id": ID, "url": TEXT, "client_id": Field(_label), "name": NAME, "general_description": TEXT},
        **{"client_government_entity": BOOLEAN, "client_self_select": BOOLEAN},
        **{"state": STATE, "country": COUNTRY, "ppb_state": STATE, "ppb_country": COUNTRY},
        "effective_date": DAY,
    },
    objects=("registrant",),
    refers_to=("registrant_id",),
)
LOBBYIST = Shape(
    {
        "id": ID,
        "prefix": _code_of("lobbyist_prefixes"),
        **_texts("first_name", "nickname", "middle_name", "last_name"),
        "suffix": _code_of("lobbyist_suffixes"),
    },
    objects=("registrant",),
    refers_to=("registrant_id",),
)
_PPB = {"ppb_city": TEXT, "ppb_state": STATE, "ppb_country": COUNTRY}
ACTIVITY = Shape(
    {
        "general_issue_code": _code_of("issue_codes"),
        **_texts("description", "foreign_entity_issues"),
    },
    lists={
        "lobbyists": Shape({"covered_position": TEXT, "new": BOOLEAN}, ("lobbyist",), refers_to=("lobbyist_id",)),
        "government_entities": Shape({"id": ID, "name": NAME}),
    },
)
_REPORT_HEAD = {
    "filing_uuid": Field(_uuid, required=True),
    "url": TEXT,
    "filing_type": _code_of("filing_types", required=True),
    "filing_year": Field(_year, required=True),
    "filing_period": _code_of("filing_periods", required=True),
    **_texts("filing_document_url", "filing_document_content_type"),
    "dt_posted": MOMENT,
}
FILING = Shape(
    {
        **_REPORT_HEAD,
        **{"income": AMOUNT, "expenses": AMOUNT, "expenses_method": _code_of("expenses_methods", read=_method)},
        **{"posted_by_name": TEXT, "termination_date": DAY},
        **_texts("registrant_country", "registrant_ppb_country", "registrant_address_1", "registrant_address_2"),
        **{"registrant_different_address": BOOLEAN, "registrant_city": TEXT, "registrant_state": STATE},
        "registrant_zip": TEXT,
    },
    objects=("registrant", "client"),
    lists={
        "lobbying_activities": ACTIVITY,
        "conviction_disclosures": Shape({"date": DAY, "description": TEXT}, ("lobbyist",), refers_to=("lobbyist_id",)),
        "foreign_entities": Shape(
            {
                **{"name": TEXT, "contribution": AMOUNT, "ownership_percentage": AMOUNT, "address": TEXT},
                **{"city": TEXT, "state": STATE, "country": COUNTRY},
                **_PPB,
            }
        ),
        "affiliated_organizations": Shape(
            {"name": TEXT, "url": TEXT, **_ADDRESS, "state": STATE, "zip": TEXT, "country": COUNTRY, **_PPB}
        ),
    },
    refers_to=("registrant_id", "client_id"),
)
CONTRIBUTION = Shape(
    {
        **_REPORT_HEAD,
        "filer_type": _code_of("filer_types"),
        **_texts("contact_name", "comments", "address_1", "address_2", "city"),
        **{"state": STATE, "zip": TEXT, "country": COUNTRY, "no_contributions": BOOLEAN},
    },
    objects=("registrant", "lobbyist"),
    lists={
        "contribution_items": Shape(
            {
                "contribution_type": _code_of("contribution_item_types"),
                **_texts("contributor_name", "payee_name", "honoree_name"),
                **{"amount": AMOUNT, "date": DAY},
            }
        ),
        "pacs": Shape({"name": NAME}),
    },
    refers_to=("registrant_id", "lobbyist_id"),
)
SHAPES: Mapping[str, Shape] = {
    "filing": FILING,
    "contribution": CONTRIBUTION,
    "registrant": REGISTRANT,
    "client": CLIENT,
    "lobbyist": LOBBYIST,
}

_LISTING = ACTIVITY.lists["lobbyists"]
PEOPLE: Mapping[str, Shape] = {
    "registrants": REGISTRANT,
    "clients": CLIENT,
    "lobbyists": LOBBYIST,
    "government_entities": ACTIVITY.lists["government_entities"],
}
"""Table -> shape of those whom records name by id; each table refers only to those before it."""

CONSTANTS_PATHS: Mapping[str, str] = {
    "filing/filingtypes": "filing_types",
    "filing/lobbyingactivityissues": "issue_codes",
    "filing/governmententities": "government_entities",
    "general/countries": "countries",
    "general/states": "states",
    "lobbyist/prefixes": "lobbyist_prefixes",
    "lobbyist/suffixes": "lobbyist_suffixes",
    "contribution/itemtypes": "contribution_item_types",
}
"""API path below `constants/` -> table."""


Activity = tuple[Row, list[tuple[int, str | None, bool | None]], list[int]]
"""One activity of a filing: its row; lobbyist id, covered position and whether new of each lobbyist; the ids of
government entities."""


@dataclass(slots=True)
class Record:
    """One checked record as rows."""

    kind: str
    """A key of SHAPES, `activities` (the activities alone of one filing), or `constants:TABLE`."""
    key: str | int
    """What identifies it: filing_uuid, id or value."""
    row: Row
    related: list[tuple[str, Row]] = field(default_factory=list)
    """(table, row) of registrants, clients, lobbyists and government entities in it that this source has not brought
    just so before."""
    codes: list[tuple[str, str, str | None]] = field(default_factory=list)
    """(table, value, name) of codes that the shipped constants do not have."""
    activities: list[Activity] | None = None
    """None where the source says nothing of them."""
    lists: dict[str, list[Row]] = field(default_factory=dict)
    """Other lists that belong to it, by table; those not there keep what is on file."""
    digest: str | None = None
    """Of its own content, to tell a changed one; None where the source carries only some of the fields."""

    def plain(self) -> tuple[Any, ...]:
        """Its fields as one tuple of plain values, from which `Record(*plain)` makes it again."""
        return (*(self.kind, self.key, self.row, self.related, self.codes, self.activities, self.lists, self.digest),)


_LIST_TABLES = {"pacs": "contribution_pacs"}


class Checker:
    """Checks raw objects of one source, and remembers what it met: unknown fields, people as they were last brought.

    `careful` makes it read every value, where a text may be too long or hold a NUL.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.careful = True
        self.unknown: set[str] = set()
        self._met: dict[str, dict[int, int]] = {table: {} for table in PEOPLE}
        self._record = ""
        self._out = Record("", "", ((), ()))

    def begin(self) -> None:
        """To be called before a source is gone through once more: nobody in it has been brought yet."""
        for met in self._met.values():
            met.clear()

    def fail(self, path: str, problem: str) -> BrokenRecord:
        """The error for one field of the record being read."""
        return BrokenRecord(f"{self.source}: record {self._record}, field {path}: {problem}")

    def check(self, kind: str, raw: Any, record: str, *, complete: bool = True) -> Record:
        """One raw object as a Record. Raises BrokenRecord naming file, record and field."""
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
            self.begin()  # whom this record brought is lost with it
            raise
        if complete:
            activities = [(row[1], *others) for row, *others in out.activities or ()]
            lists = {name: [values for _, values in rows] for name, rows in out.lists.items()}
            content = orjson.dumps((out.row[1], activities, lists))
            out.digest = blake2b(content, digest_size=16).hexdigest()
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
                out.lists[_LIST_TABLES.get(name, name)] = [
                    self._row(inner, item, f"{name}[{i}].", self._lobbyist_of(inner, item, f"{name}[{i}]."))
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
        lobbyists: list[tuple[int, str | None, bool | None]] = []
        for i, listed in enumerate(self._list(raw, "lobbyists", path)):
            # Five of them stand in a filing, nearly all as they stood in the one before: the short way, in line.
            try:
                person = listed["lobbyist"]
                values = LOBBYIST.plans[tuple(person)].get(person)
                identifier = values[0]
                if met[identifier] == hash((values, registrant)) and not self.careful:
                    plan = _LISTING.plans[tuple(listed)]
                    covered, new = plan.get(listed)
                    if (type(covered), type(new)) in plan.good and not plan.unknown:
                        lobbyists.append((identifier, covered, new))
                        continue
            except (KeyError, TypeError, ValueError):
                pass
            lobbyists.append(self._listed(listed, f"{path}lobbyists[{i}].", registrant))
        entities = [
            self._person("government_entities", entity, f"{path}government_entities[{i}].")
            for i, entity in enumerate(self._list(raw, "government_entities", path))
        ]
        return (row, lobbyists, entities)

    def _listed(self, raw: Any, path: str, registrant: int | None) -> tuple[int, str | None, bool | None]:
        """A lobbyist as listed in an activity."""
        person = raw.get("lobbyist") if isinstance(raw, dict) else None
        lobbyist = self._person("lobbyists", person, f"{path}lobbyist.", registrant)
        given = dict(zip(*self._row(_LISTING, raw, path, (lobbyist,)), strict=True))
        return lobbyist, given.get("covered_position"), given.get("new")

    def _person(self, table: str, raw: Any, path: str, registrant: int | None = None) -> int:
        """The id of someone (or some body) in a record; their row is kept unless it was brought just so before."""
        if raw is None:
            raise self.fail(path.rstrip("."), "is missing")
        shape = PEOPLE[table]
        met = self._met[table]
        if isinstance(raw, dict):
            plan = shape.plans.get(tuple(raw))
            # The same values as last time have been checked then.
            if plan and plan.identifier is not None:
                values = plan.get(raw)
                try:
                    if met.get(values[plan.identifier]) == hash((values, registrant)):
                        return values[plan.identifier]  # type: ignore[no-any-return]
                except TypeError:  # a list or an object where there should be a value: told below
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
        if plan.unknown:
            self.unknown |= {re.sub(r"\[\d+\]", "", path) + name[:100] for name in plan.unknown}
        values = plan.get(raw)
        types = tuple(map(type, values))
        if self.careful or types not in plan.good:
            values = tuple(
                self._value(name, spec, value, raw, path)
                for (name, spec), value in zip(plan.fields, values, strict=True)
            )
            if not self.careful:
                plan.good.add(types)
            return plan.columns, values + refers_to
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
        return plan.columns, (tuple(changed) if changed else values) + refers_to

    def _value(self, name: str, spec: Field, value: Any, raw: dict[str, Any], path: str) -> Any:
        """One value, read by its field's rule."""
        if value is None:
            if spec.required:
                raise self.fail(path + name, "is missing")
            return None
        try:
            read = spec.read(value)
        except _Wrong as wrong:
            raise self.fail(path + name, f"{shown(value)} {wrong}") from None
        if read is None and spec.required:
            raise self.fail(path + name, "is empty")
        if spec.codes and read is not None:
            if spec.memo is not None and read not in spec.memo:
                display = raw.get(f"{name}_display")
                self._out.codes.append((spec.codes, read, display if isinstance(display, str) else None))
        elif spec.memo is not None and len(spec.memo) < MOST_REMEMBERED:
            spec.memo[value] = read
        return read

    def activities(self, filing_uuid: Any, activities: list[dict[str, Any]]) -> Record:
        """The activities alone of a filing that is on file already, as a Record of kind `activities`."""
        self._record = str(filing_uuid)[:40]
        out = self._out = Record("activities", "", ((), ()))
        try:
            out.key = _uuid(filing_uuid)
        except _Wrong as wrong:
            raise self.fail("filing_uuid", f"{shown(filing_uuid)} {wrong}") from None
        out.activities = [self._activity(raw, f"activities[{i}].", None) for i, raw in enumerate(activities)]
        return out

    def constants(self, table: str, rows: Any) -> Iterator[Record]:
        """A constants list as Records of kind `constants:TABLE`."""
        key = "id" if table == "government_entities" else "value"
        read = _integer if key == "id" else _text
        for number, row in enumerate(rows, 1):
            self._record = str(number)
            try:
                if not isinstance(row, dict):
                    raise _Wrong("is not an object")
                values = (read(row.get(key)), _text(row.get("name")))
            except _Wrong as wrong:
                raise self.fail(f"{key}/name", f"{shown(row)} {wrong}") from None
            yield Record(f"constants:{table}", values[0], ((key, "name"), values))


def shown(value: Any) -> str:
    """A value as an error message can show it: one line, bounded."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def kind_of(raw: Any) -> str | None:
    """Which kind of record an object is, told by the fields only that kind has; None where it is none."""
    if not isinstance(raw, dict):
        return None
    if raw.keys() & {"filing_uuid", "filing_type", "dt_posted", "lobbying_activities"}:
        return "contribution" if "filer_type" in raw or "contribution_items" in raw else "filing"
    if "house_registrant_id" in raw:
        return "registrant"
    if "last_name" in raw:
        return "lobbyist"
    return "client" if "client_id" in raw or "general_description" in raw else None
