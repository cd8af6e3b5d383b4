"""Bills as people write them."""

from __future__ import annotations

import pytest

from lobbyx.model.bills import find_bills, read_bill


@pytest.mark.parametrize(
    ("text", "in_filing", "found"),
    [
        ("lobbied on H.R. 4687 and S. 55", False, [("HR", 4687), ("S", 55)]),
        ("HR1234; H. R. 9; H.R.No. 12", False, [("HR", 1234), ("HR", 9), ("HR", 12)]),
        ("H.J.Res. 5, S.J. Res. 6, H. Con. Res. 7, S.Con.Res.8, H.Res. 9, S. Res. 10", False,
         [("HJRES", 5), ("SJRES", 6), ("HCONRES", 7), ("SCONRES", 8), ("HRES", 9), ("SRES", 10)]),
        ("S 240, S240", True, [("S", 240), ("S", 240)]),
        ("a Model S 100 and S&P 500", False, []),
        ("S&P 500 and U.S. 500", True, []),
        ("H.R. 123456 is no bill's number", False, []),
    ],
)  # fmt: skip
def test_bills_in_a_text(text: str, in_filing: bool, found: list[tuple[str, int]]) -> None:
    bills = list(find_bills(text, in_filing=in_filing))
    assert [(b.kind, b.number) for b in bills] == found
    assert all(text[b.start : b.end].split() == b.text.split() for b in bills)


def test_the_same_bill_in_other_words() -> None:
    one, other = read_bill("h.r. 4687"), read_bill("HR4687")
    assert one is not None
    assert other is not None
    assert one.same_as(other)
    assert read_bill("the CHIPS Act") is None
