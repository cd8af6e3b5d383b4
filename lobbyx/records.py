"""Saved API answers and CSV files -> checked records, before anything touches the database.

One table of shapes says what every field of the official API description is. A record that breaks it raises
BrokenRecord with file, record and field. A field that is absent stays absent (a CSV row knows less than the API
does); a field that is null is null. Fields the description does not know are collected, not refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

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


def _uuid(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value):
        return str(UUID(value))
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


def _decimal(value: Any) -> Decimal:
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise InvalidOperation
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            raise InvalidOperation
        number = Decimal(value)
    except InvalidOperation:
        raise _Wrong('is not an amount ("450000.00")') from None
    if not number.is_finite() or not 0 <= number < LARGEST_AMOUNT:
        raise _Wrong("is below zero or above a trillion")
    if number != number.quantize(Decimal("0.01")):
        raise _Wrong("has a fraction of a cent")
    return number


@dataclass(frozen=True, slots=True)
class Field:
    """What one field of the API holds."""

    read: Callable[[Any], Any]
    required: bool = False
    codes: str | None = None
    """The constants table its values come from; the field's `_display` twin is that table's `name`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one kind of object holds: plain fields, single objects, lists of objects."""

    fields: Mapping[str, Field]
    objects: Mapping[str, Shape] = field(default_factory=dict)
    lists: Mapping[str, Shape] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    """Objects that must be there."""


TEXT, NAME, INTEGER, ID = Field(_text), Field(_text, required=True), Field(_integer), Field(_integer, True)
BOOLEAN, DAY, MOMENT, AMOUNT = Field(_boolean), Field(_day), Field(_moment, True), Field(_decimal)
STATE, COUNTRY = Field(_code, codes="states"), Field(_code, codes="countries")


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
    objects={"registrant": REGISTRANT},
)
LOBBYIST = Shape(
    {
        "id": ID,
        "prefix": Field(_code, codes="lobbyist_prefixes"),
        **_texts("first_name", "nickname", "middle_name", "last_name"),
        "suffix": Field(_code, codes="lobbyist_suffixes"),
    },
    objects={"registrant": REGISTRANT},
)
_PPB = {"ppb_city": TEXT, "ppb_state": STATE, "ppb_country": COUNTRY}
ACTIVITY = Shape(
    {
        "general_issue_code": Field(_code, codes="issue_codes"),
        **_texts("description", "foreign_entity_issues"),
    },
    lists={
        "lobbyists": Shape(
            {"covered_position": TEXT, "new": BOOLEAN},
            {"lobbyist": LOBBYIST},
            required=frozenset({"lobbyist"}),
        ),
        "government_entities": Shape({"id": ID, "name": NAME}),
    },
)
_REPORT_HEAD = {
    "filing_uuid": Field(_uuid, required=True),
    "url": TEXT,
    "filing_type": Field(_code, required=True, codes="filing_types"),
    "filing_year": Field(_year, required=True),
    "filing_period": Field(_code, required=True, codes="filing_periods"),
    **_texts("filing_document_url", "filing_document_content_type"),
    "dt_posted": MOMENT,
}
FILING = Shape(
    {
        **_REPORT_HEAD,
        **{"income": AMOUNT, "expenses": AMOUNT, "expenses_method": Field(_method, codes="expenses_methods")},
        **{"posted_by_name": TEXT, "termination_date": DAY},
        **_texts("registrant_country", "registrant_ppb_country", "registrant_address_1", "registrant_address_2"),
        **{"registrant_different_address": BOOLEAN, "registrant_city": TEXT, "registrant_state": STATE},
        "registrant_zip": TEXT,
    },
    objects={"registrant": REGISTRANT, "client": CLIENT},
    lists={
        "lobbying_activities": ACTIVITY,
        "conviction_disclosures": Shape({"date": DAY, "description": TEXT}, {"lobbyist": LOBBYIST}),
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
    required=frozenset({"registrant", "client"}),
)
CONTRIBUTION = Shape(
    {
        **_REPORT_HEAD,
        "filer_type": Field(_code, codes="filer_types"),
        **_texts("contact_name", "comments", "address_1", "address_2", "city"),
        **{"state": STATE, "zip": TEXT, "country": COUNTRY, "no_contributions": BOOLEAN},
    },
    objects={"registrant": REGISTRANT, "lobbyist": LOBBYIST},
    lists={
        "contribution_items": Shape(
            {
                "contribution_type": Field(_code, codes="contribution_item_types"),
                **_texts("contributor_name", "payee_name", "honoree_name"),
                **{"amount": AMOUNT, "date": DAY},
            }
        ),
        "pacs": Shape({"name": NAME}),
    },
    required=frozenset({"registrant"}),
)
SHAPES: Mapping[str, Shape] = {
    "filing": FILING,
    "contribution": CONTRIBUTION,
    "registrant": REGISTRANT,
    "client": CLIENT,
    "lobbyist": LOBBYIST,
}

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


@dataclass(frozen=True, slots=True)
class Record:
    """One checked record: `data` holds only what the source has, `codes` the (table, value, name) it uses."""

    kind: str
    """A key of SHAPES, `activities` (the activities alone of one filing), or `constants:TABLE`."""
    data: Mapping[str, Any]
    codes: tuple[tuple[str, str, str | None], ...] = ()
    complete: bool = True
    """False where the source carries only some of the fields: the others keep what is on file."""
    sha256: str | None = None


class Checker:
    """Checks raw objects of one source, and remembers the unknown fields it met."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.unknown: set[str] = set()

    def fail(self, record: str, path: str, problem: str) -> BrokenRecord:
        """The error for one field of one record."""
        return BrokenRecord(f"{self.source}: record {record}, field {path}: {problem}")

    def check(self, kind: str, raw: Any, record: str, *, complete: bool = True) -> Record:
        """One raw object as a Record. Raises BrokenRecord naming file, record and field."""
        if not isinstance(raw, dict):
            raise BrokenRecord(f"{self.source}: record {record} is not an object")
        uuid = raw.get("filing_uuid")
        if isinstance(uuid, str) and len(uuid) <= 40:
            record = f"{record} ({uuid})"
        codes: dict[tuple[str, str], str | None] = {}
        data = self._object(SHAPES[kind], raw, record, "", codes)
        canonical = json.dumps(raw, sort_keys=True, default=str, ensure_ascii=False)
        digest = sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest() if complete else None
        return Record(kind, data, tuple((t, v, n) for (t, v), n in codes.items()), complete, digest)

    def _object(
        self, shape: Shape, raw: Any, record: str, path: str, codes: dict[tuple[str, str], str | None]
    ) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise self.fail(record, path.rstrip("."), "is not an object")
        out: dict[str, Any] = {}
        for name, spec in shape.fields.items():
            if raw.get(name) is None:
                if spec.required:
                    raise self.fail(record, path + name, "is missing")
                if name in raw:
                    out[name] = None
                continue
            try:
                value = out[name] = spec.read(raw[name])
            except _Wrong as wrong:
                raise self.fail(record, path + name, f"{shown(raw[name])} {wrong}") from None
            if value is None and spec.required:
                raise self.fail(record, path + name, "is empty")
            if spec.codes and value is not None:
                display = raw.get(f"{name}_display")
                codes.setdefault((spec.codes, value), display if isinstance(display, str) else None)
        for name, inner in shape.objects.items():
            if raw.get(name) is None:
                if name in shape.required:
                    raise self.fail(record, path + name, "is missing")
                continue
            out[name] = self._object(inner, raw[name], record, f"{path}{name}.", codes)
        for name, inner in shape.lists.items():
            if name not in raw:
                continue
            items = [] if raw[name] is None else raw[name]
            if not isinstance(items, list):
                raise self.fail(record, path + name, "is not a list")
            if name == "pacs":  # the one list of plain texts in the API
                items = [{"name": item} for item in items]
            out[name] = [
                self._object(inner, item, record, f"{path}{name}[{i}].", codes) for i, item in enumerate(items)
            ]
        known = shape.fields.keys() | shape.objects.keys() | shape.lists.keys()
        for name in raw.keys() - known:
            if not name.endswith("_display"):
                self.unknown.add(re.sub(r"\[\d+\]", "", path) + name[:100])
        return out

    def activities(self, filing_uuid: Any, activities: list[dict[str, Any]]) -> Record:
        """The activities alone of a filing that is on file already, as a Record of kind `activities`."""
        codes: dict[tuple[str, str], str | None] = {}
        try:
            uuid = _uuid(filing_uuid)
        except _Wrong as wrong:
            raise self.fail("?", "filing_uuid", f"{shown(filing_uuid)} {wrong}") from None
        checked = [self._object(ACTIVITY, raw, uuid, f"activities[{i}].", codes) for i, raw in enumerate(activities)]
        data = {"filing_uuid": uuid, "lobbying_activities": checked}
        return Record("activities", data, tuple((t, v, n) for (t, v), n in codes.items()), complete=False)

    def constants(self, table: str, rows: Any) -> Iterator[Record]:
        """A constants list as Records of kind `constants:TABLE`."""
        key = "id" if table == "government_entities" else "value"
        read = _integer if key == "id" else _text
        for number, row in enumerate(rows, 1):
            try:
                if not isinstance(row, dict):
                    raise _Wrong("is not an object")
                data = {key: read(row.get(key)), "name": _text(row.get("name"))}
            except _Wrong as wrong:
                raise self.fail(str(number), f"{key}/name", f"{shown(row)} {wrong}") from None
            yield Record(f"constants:{table}", data)


def shown(value: Any) -> str:
    """A value as an error message can show it: one line, bounded."""
    text = str(value) if isinstance(value, Decimal) else repr(value)
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
