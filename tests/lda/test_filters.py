from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lobbyx.lda.filters import ENDPOINTS, UnknownFilter, known, query


def test_every_filter_of_the_official_description_is_there() -> None:
    assert {endpoint: len(known(endpoint)) for endpoint in ENDPOINTS} == {
        "filings": 36,
        "contributions": 19,
        "registrants": 7,
        "clients": 8,
        "lobbyists": 4,
    }


@pytest.mark.parametrize(
    ("endpoint", "name", "value", "sent"),
    [
        ("filings", "client_name", "Coupang", "Coupang"),
        ("filings", "filing_year", 2024, "2024"),
        ("filings", "filing_year", "2024", "2024"),
        ("filings", "filing_type", "1A", "1A"),
        ("filings", "filing_period", "mid_year", "mid_year"),
        ("filings", "filing_dt_posted_after", date(2024, 1, 2), "2024-01-02"),
        ("filings", "filing_dt_posted_after", "2024Q2", "2024-04-01"),
        ("filings", "filing_dt_posted_before", "2024-02", "2024-02-29"),
        ("filings", "filing_amount_reported_min", Decimal("450000.00"), "450000.00"),
        ("filings", "affiliated_organization_listed_indicator", True, "true"),
        ("filings", "affiliated_organization_listed_indicator", "False", "false"),
        ("filings", "client_country", "KR", "KR"),
        ("filings", "filing_uuid", "3B181214-b253-462c-ad64-783c827e159e", "3B181214-b253-462c-ad64-783c827e159e"),
        ("contributions", "filing_type", "MM", "MM"),
        ("registrants", "id", 11, "11"),
    ],
)
def test_values_as_the_api_takes_them(endpoint: str, name: str, value: Any, sent: str) -> None:
    assert query(endpoint, {name: value}) == {name: sent}


@pytest.mark.parametrize(
    ("endpoint", "name", "value", "says"),
    [
        ("filings", "search", "Microsoft", "would ignore it and send everything"),
        ("filings", "registrant_id", "a", "whole number"),
        ("filings", "registrant_id", True, "does not take"),
        ("filings", "registrant_id", -1, "whole number"),
        ("filings", "filing_year", "24", "a year"),
        ("filings", "filing_type", "Q5", "RR"),
        ("filings", "filing_period", "q1", "first_quarter"),
        ("filings", "client_country", "Korea", "254|253|252|251 codes|codes such as"),
        ("filings", "filing_dt_posted_after", "last week", "Accepted forms"),
        ("filings", "filing_amount_reported_min", "1e6", "an amount"),
        ("filings", "foreign_entity_listed_indicator", "yes", "true or false"),
        ("filings", "filing_uuid", "123", "a UUID"),
        ("filings", "client_name", " ", "does not take"),
        ("contributions", "filing_type", "Q1", "MM"),
        ("lobbyists", "lobbyist_exclude", True, "has no filter"),
        ("nothing", "x", 1, "no listing"),
    ],
)
def test_wrong_values_are_refused_before_a_request(endpoint: str, name: str, value: Any, says: str) -> None:
    with pytest.raises(UnknownFilter, match=says):
        query(endpoint, {name: value})
