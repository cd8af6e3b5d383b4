"""What the open database takes from Python."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import lobbyx
from lobbyx.model.period import UnreadableDate


def test_a_year_may_be_a_number(coupang: lobbyx.Ledger) -> None:
    as_text = coupang.total("Coupang", since="2024", until="2025", as_of="2025")
    assert coupang.total("Coupang", since=2024, until=2025, as_of=2025).json() == as_text.json()
    assert as_text.window.json() == {"start": "2024-01-01", "end": "2025-12-31"}
    assert coupang.total("Coupang", since=date(2024, 1, 1), until=2025, as_of=2025).json() == as_text.json()
    (verdict,) = coupang.check("Coupang spent $3.31 million on lobbying in 2024.", published=2025)
    assert (verdict.verdict, verdict.as_of) == ("supported", date(2025, 12, 31))


@pytest.mark.parametrize("day", [20240101, 12, -2024, 2024.5, True, ["2024"], b"2024", "soon"])
def test_what_is_no_date_is_told(coupang: lobbyx.Ledger, day: Any) -> None:
    for asked in ({"since": day}, {"until": day}, {"as_of": day}):
        with pytest.raises(UnreadableDate, match="Accepted forms"):
            coupang.total("Coupang", **asked)


def test_an_organization_that_is_given_is_no_doubt(coupang: lobbyx.Ledger) -> None:
    text = "It spent $580,000 lobbying Washington in the fourth quarter of 2025."
    (verdict,) = coupang.check(text, published="2026-01-23", org="Coupang")
    assert "org" not in verdict.claim.unsure_of
    assert verdict.claim.sure is (not verdict.claim.unsure_of)
    assert verdict.verdict == "supported"
