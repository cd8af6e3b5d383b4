"""The official API description as shapes: which fields each kind of object has, and how each field is read.

Source: the official API description; a test compares them. Two million filings pass through these shapes, so an object
is taken apart by a plan that is made once for its set of keys. Fields whose type alone shows whether a value is valid
are checked by all their types at once (see `records.Checker`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from typing import Annotated, Any, Final

import msgspec

from lobbyx.model import resources

LARGEST_AMOUNT: Final = 10**12
LONGEST_TEXT: Final = 2_000_000


class WrongValue(ValueError):
    """A value that does not fit its field. The message says what was expected."""


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongValue("is not text")
    if len(value) > LONGEST_TEXT:
        raise WrongValue(f"is longer than {LONGEST_TEXT:,} characters")
    return value.replace("\0", "")


def _label(value: Any) -> str:
    """Text or number, because the official description and the recorded answers disagree (`client_id`: 12 or "12")."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value)


def _name(value: Any) -> str | None:
    """Whose name it is must be told; None for one without a letter or sign."""
    name = text(value)
    return name if name.strip() else None


def _code(value: Any) -> str | None:
    return text(value).strip() or None


def _method(value: Any) -> str | None:
    """The official description has a, b, c; the recorded answers A, B, C."""
    code = _code(value)
    return code and code.upper()


def whole_number(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    raise WrongValue("is not a whole number")


def _year(value: Any) -> int:
    year = whole_number(value)
    if not 1990 <= year <= 2200:
        raise WrongValue("is not a year the LDA knows (1990 to 2200)")
    return year


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongValue("is neither true nor false")
    return value


UUID_FORM: Final = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_UUID = re.compile(UUID_FORM)


def uuid(value: Any) -> str:
    if isinstance(value, str) and _UUID.fullmatch(value):
        return value
    if isinstance(value, str) and _UUID.fullmatch(value.lower()):
        return value.lower()
    raise WrongValue("is not a UUID")


def _day(value: Any) -> str:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise WrongValue("is not a date (yyyy-mm-dd)")


def _moment(value: Any) -> str:
    if isinstance(value, str):
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            # The API gives Washington's offset. A time without one counts as Washington time.
            return value if parsed.tzinfo else f"{parsed.isoformat()}-05:00"
    raise WrongValue("is not a date and time (2025-04-21T19:10:06-04:00)")


def _amount(value: Any) -> int | float:
    """US dollars, not below zero, as SQLite keeps them."""
    dollars = _signed_amount(value)
    if dollars < 0:
        raise WrongValue("is below zero or above a trillion")
    return dollars


def _signed_amount(value: Any) -> int | float:
    """US dollars as SQLite keeps them: whole amounts as int, others as the nearest float."""
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise InvalidOperation
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            raise InvalidOperation
        number = Decimal(str(value))
    except InvalidOperation:
        raise WrongValue('is not an amount ("450000.00")') from None
    if not number.is_finite() or abs(number) >= LARGEST_AMOUNT:
        raise WrongValue("is below zero or above a trillion")
    if number != number.quantize(Decimal("0.01")):
        raise WrongValue("has a fraction of a cent")
    return int(number) if number == number.to_integral_value() else float(number)


@dataclass(frozen=True, slots=True)
class Field:
    """What one field of the API holds."""

    read: Callable[[Any], Any]
    required: bool = False
    codes: str | None = None
    """The constants table its values come from; the field's `_display` twin is that table's `name`."""
    by_type: bool = False
    """Whether a value of bounded size is valid if its type is right, and is kept unchanged."""
    memo: dict[Any, Any] | None = None
    """What values already read became, for fields of few different values."""


_JSON_TYPES: Final[Mapping[Callable[[Any], Any], Any]] = {
    **dict.fromkeys((text, _name, _code, _method, uuid, _day, _moment), str),
    **dict.fromkeys((whole_number, _year), Annotated[int, msgspec.Meta(ge=-(2**63) + 1, le=2**63 - 1)]),
    **dict.fromkeys((_amount, _signed_amount), str | int | float),
    _label: str | int,
    _boolean: bool,
}


def type_of(spec: Field) -> Any:
    """The type of a field's values in JSON, as its rule reads them."""
    found = _JSON_TYPES[spec.read]
    return found if spec.required else found | None


Columns = tuple[str, ...]
Row = tuple[Columns, tuple[Any, ...]]
"""Columns of a table and their values. A column that is missing keeps what is on file.

Rows and activities are plain tuples, because those pass from one process to another at the lowest cost."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How objects with one set of keys become rows."""

    columns: tuple[str, ...]
    """The fields, then the columns that refer to other rows."""
    fields: tuple[tuple[str, Field], ...]
    get: Callable[[Any], tuple[Any, ...]]
    by_value: tuple[tuple[int, str, Field], ...]
    """The fields whose values must be read, with their positions."""
    missing: tuple[str, ...]
    """Required fields that are missing."""
    unknown: frozenset[str]
    identifier: int | None
    """The position of `id`."""
    good: set[tuple[type, ...]] = field(default_factory=set)
    """Combinations of types that were valid."""


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
        if len(self.plans) > 1_000:  # a hostile file can have any number of them
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
    memo = {row["value"]: row["value"] for row in resources.rows(f"constants/{table}.csv")}
    return Field(read, required, table, memo=memo)


TEXT, NAME = Field(text, by_type=True), Field(text, required=True, by_type=True)
INTEGER, ID = Field(whole_number, by_type=True), Field(whole_number, required=True, by_type=True)
BOOLEAN, MOMENT = Field(_boolean, by_type=True), Field(_moment, required=True)
DAY, AMOUNT = Field(_day, memo={}), Field(_amount, memo={})
SIGNED_AMOUNT = Field(_signed_amount, memo={})
"""A contribution can be below zero: one that was given back."""
STATE, COUNTRY = _code_of("states"), _code_of("countries")
MOST_REMEMBERED: Final = 50_000


def _texts(*names: str) -> dict[str, Field]:
    return dict.fromkeys(names, TEXT)


_ADDRESS = _texts("address_1", "address_2", "address_3", "address_4", "city")
REGISTRANT = Shape(
    {
        "id": ID,
        "url": TEXT,
        "house_registrant_id": INTEGER,
        "name": Field(_name, required=True, memo={}),
        "description": TEXT,
        **_ADDRESS,
        "state": STATE,
        "zip": TEXT,
        "country": COUNTRY,
        "ppb_country": COUNTRY,
        **_texts("contact_name", "contact_telephone"),
        "dt_updated": Field(_moment),
    }
)
CLIENT = Shape(
    {
        "id": ID,
        "url": TEXT,
        "client_id": Field(_label),
        "name": Field(_name, required=True, memo={}),
        "general_description": TEXT,
        "client_government_entity": BOOLEAN,
        "client_self_select": BOOLEAN,
        "state": STATE,
        "country": COUNTRY,
        "ppb_state": STATE,
        "ppb_country": COUNTRY,
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
    "filing_uuid": Field(uuid, required=True),
    "url": TEXT,
    "filing_type": _code_of("filing_types", required=True),
    "filing_year": Field(_year, required=True, memo={}),
    "filing_period": _code_of("filing_periods", required=True),
    **_texts("filing_document_url", "filing_document_content_type"),
    "dt_posted": MOMENT,
}
FILING = Shape(
    {
        **_REPORT_HEAD,
        "income": AMOUNT,
        "expenses": AMOUNT,
        "expenses_method": _code_of("expenses_methods", read=_method),
        "posted_by_name": TEXT,
        "termination_date": DAY,
        **_texts("registrant_country", "registrant_ppb_country", "registrant_address_1", "registrant_address_2"),
        "registrant_different_address": BOOLEAN,
        "registrant_city": TEXT,
        "registrant_state": STATE,
        "registrant_zip": TEXT,
    },
    objects=("registrant", "client"),
    lists={
        "lobbying_activities": ACTIVITY,
        "conviction_disclosures": Shape({"date": DAY, "description": TEXT}, ("lobbyist",), refers_to=("lobbyist_id",)),
        "foreign_entities": Shape(
            {
                "name": TEXT,
                "contribution": AMOUNT,
                "ownership_percentage": AMOUNT,
                "address": TEXT,
                "city": TEXT,
                "state": STATE,
                "country": COUNTRY,
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
        "state": STATE,
        "zip": TEXT,
        "country": COUNTRY,
        "no_contributions": BOOLEAN,
    },
    objects=("registrant", "lobbyist"),
    lists={
        "contribution_items": Shape(
            {
                "contribution_type": _code_of("contribution_item_types"),
                **_texts("contributor_name", "payee_name", "honoree_name"),
                "amount": SIGNED_AMOUNT,
                "date": DAY,
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

LISTING = ACTIVITY.lists["lobbyists"]
PEOPLE: Mapping[str, Shape] = {
    "registrants": REGISTRANT,
    "clients": CLIENT,
    "lobbyists": LOBBYIST,
    "government_entities": ACTIVITY.lists["government_entities"],
}
"""Table -> shape, for everyone and everything that records name by id. Each table refers only to those before it."""

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
