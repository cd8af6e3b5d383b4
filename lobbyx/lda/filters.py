"""The filters of the API's listings: their names, types and values, checked before a request is spent.

Source: the official API description. The API silently ignores a parameter that it does not know and answers with
everything, so a misspelled filter must never reach it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypedDict, get_type_hints

from lobbyx.lda.api_schema import UUID_FORM
from lobbyx.model import resources
from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import UnreadableDate, span


@dataclass(frozen=True, slots=True)
class OneOf:
    """The values that a filter takes, by their name in `data/api_values.json`."""

    values: str


@dataclass(frozen=True, slots=True)
class Matching:
    """A form that the text must have, and its name for people."""

    pattern: str
    name: str


Day = date | str
"""A date; as text `2021-08-01`."""
Amount = Decimal | int | str
Year = Annotated[int, Matching(r"(19|20|21)\d\d", "a year (2024)")]
Uuid = Annotated[str, Matching(UUID_FORM, "a UUID")]
Country = Annotated[str, OneOf("countries")]
State = Annotated[str, OneOf("states")]
FilingType = Annotated[str, OneOf("filing_types")]
FilingPeriod = Annotated[str, OneOf("filing_periods")]
ContributionFilingType = Annotated[str, OneOf("contribution_filing_types")]
ContributionFilingPeriod = Annotated[str, OneOf("contribution_filing_periods")]
ContributionType = Annotated[str, OneOf("contribution_types")]


class FilingFilters(TypedDict, total=False):
    """Filters of `filings`."""

    filing_uuid: Uuid
    registrant_id: int
    registrant_name: str
    registrant_country: Country
    registrant_ppb_country: Country
    client_id: int
    client_name: str
    client_state: State
    client_country: Country
    client_ppb_state: State
    client_ppb_country: Country
    lobbyist_id: int
    lobbyist_name: str
    lobbyist_covered_position: str
    lobbyist_covered_position_indicator: bool
    lobbyist_conviction_disclosure: str
    lobbyist_conviction_disclosure_indicator: bool
    lobbyist_conviction_date_range_after: Day
    lobbyist_conviction_date_range_before: Day
    filing_type: FilingType
    filing_year: Year
    filing_period: FilingPeriod
    filing_dt_posted_after: Day
    filing_dt_posted_before: Day
    filing_amount_reported_min: Amount
    filing_amount_reported_max: Amount
    filing_specific_lobbying_issues: str
    affiliated_organization_name: str
    affiliated_organization_country: Country
    affiliated_organization_listed_indicator: bool
    foreign_entity_name: str
    foreign_entity_country: Country
    foreign_entity_listed_indicator: bool
    foreign_entity_ppb_country: Country
    foreign_entity_ownership_percentage_min: Amount
    foreign_entity_ownership_percentage_max: Amount


class ContributionFilters(TypedDict, total=False):
    """Filters of `contributions`."""

    filing_uuid: Uuid
    filing_type: ContributionFilingType
    filing_year: Year
    filing_period: ContributionFilingPeriod
    filing_dt_posted_after: Day
    filing_dt_posted_before: Day
    registrant_id: int
    registrant_name: str
    lobbyist_id: int
    lobbyist_name: str
    lobbyist_exclude: bool
    contribution_date_after: Day
    contribution_date_before: Day
    contribution_amount_min: Amount
    contribution_amount_max: Amount
    contribution_type: ContributionType
    contribution_contributor: str
    contribution_payee: str
    contribution_honoree: str


class RegistrantFilters(TypedDict, total=False):
    """Filters of `registrants`."""

    id: int
    registrant_name: str
    state: State
    country: Country
    ppb_country: Country
    dt_updated_after: Day
    dt_updated_before: Day


class ClientFilters(TypedDict, total=False):
    """Filters of `clients`."""

    id: int
    client_name: str
    client_state: State
    client_country: Country
    client_ppb_state: State
    client_ppb_country: Country
    registrant_id: int
    registrant_name: str


class LobbyistFilters(TypedDict, total=False):
    """Filters of `lobbyists`."""

    id: int
    lobbyist_name: str
    registrant_id: int
    registrant_name: str


FILTERS: Mapping[str, type[Any]] = {
    "filings": FilingFilters,
    "contributions": ContributionFilters,
    "registrants": RegistrantFilters,
    "clients": ClientFilters,
    "lobbyists": LobbyistFilters,
}
"""Endpoint -> its filters."""
ENDPOINTS = tuple(FILTERS)


class UnknownFilter(LobbyxError):
    """A filter that the API does not have, or a value that it does not take."""


@cache
def known(endpoint: str) -> Mapping[str, Any]:
    """The filters of an endpoint with their types. Raises UnknownFilter if the API has no such endpoint."""
    if endpoint not in FILTERS:
        raise UnknownFilter(f"the API has no listing {endpoint!r}; it has {', '.join(FILTERS)}")
    return get_type_hints(FILTERS[endpoint], include_extras=True)


@cache
def _values() -> Mapping[str, frozenset[str]]:
    loaded = json.loads(resources.path("api_values.json").read_text(encoding="utf-8"))
    return {name: frozenset(values) for name, values in loaded.items()}


def query(endpoint: str, wanted: Mapping[str, Any]) -> dict[str, str]:
    """The query parameters for `wanted`. Raises UnknownFilter naming the filter and what it takes."""
    types = known(endpoint)
    for name in wanted:
        if name not in types:
            raise UnknownFilter(
                f"{endpoint} has no filter {name!r} (the API would ignore it and send everything). "
                f"It has: {', '.join(sorted(types))}"
            )
    return {name: _text(name, types[name], value) for name, value in wanted.items()}


def _text(name: str, kind: Any, value: Any) -> str:
    """One value as the API writes it."""
    rules = getattr(kind, "__metadata__", ())
    text = value.isoformat() if isinstance(value, date) else str(value)
    if kind is bool:
        if text.lower() not in ("true", "false"):
            raise UnknownFilter(f"{name} takes true or false, not {text!r}")
        return text.lower()
    if isinstance(value, bool) or not text.strip() or len(text) > 500:
        raise UnknownFilter(f"{name} does not take {text[:40]!r}")
    if kind is int and not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise UnknownFilter(f"{name} takes a whole number, not {text[:40]!r}")
    if kind == Amount and not re.fullmatch(r"\d{1,15}(\.\d{1,2})?", text, re.ASCII):
        raise UnknownFilter(f"{name} takes an amount (450000 or 450000.00), not {text[:40]!r}")
    if kind == Day:
        return _day(name, text)
    for rule in rules:
        if isinstance(rule, Matching) and not re.fullmatch(rule.pattern, text, re.ASCII | re.IGNORECASE):
            raise UnknownFilter(f"{name} takes {rule.name}, not {text[:40]!r}")
        if isinstance(rule, OneOf) and text not in _values()[rule.values]:
            allowed = sorted(_values()[rule.values])
            shown = ", ".join(allowed) if len(allowed) <= 60 else f"one of {len(allowed)} codes such as {allowed[0]}"
            raise UnknownFilter(f"{name} does not take {text[:40]!r}. It takes: {shown}")
    return text


def _day(name: str, text: str) -> str:
    try:
        day = span(text)
    except UnreadableDate as error:
        raise UnknownFilter(f"{name}: {error}") from error
    # A month or a year means its first day in an "after" filter, and its last in a "before" filter.
    edge = day.end if name.endswith("before") else day.start
    assert edge is not None
    return edge.isoformat()
