from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lobbyx.names import LONGEST_NAME, display, explain, normalize


@pytest.mark.parametrize(
    ("name", "normalized"),
    [
        ("COUPANG, INC.", "COUPANG"),
        ("COUPANG INC.", "COUPANG"),
        ("Coupang", "COUPANG"),
        ("MICROSOFT CORP", "MICROSOFT"),
        ("MICROSOFT CORPORATION", "MICROSOFT"),
        ("CONGRESSIONAL INSIGHTS GROUP L.L.C.", "CONGRESSIONAL INSIGHTS GROUP"),
        ("HOOPER, LUNDY & BOOKMAN, P.C.", "HOOPER LUNDY AND BOOKMAN"),
        ("AT&T, INC.", "AT AND T"),
        ("SMITH & CO.", "SMITH"),
        ("THE CIGNA GROUP", "CIGNA GROUP"),
        ("O'NEILL AND ASSOCIATES", "ONEILL AND ASSOCIATES"),
        ("Café S.A.", "CAFE"),
        ("쿠팡", "쿠팡"),
        ("MERCK KGAA DARMSTADT GERMANY", "MERCK KGAA DARMSTADT GERMANY"),
        # A rule that would leave nothing is skipped.
        ("INC.", "INC"),
        ("THE", "THE"),
        ("...", "..."),
        ("", ""),
        ("CO CO", "CO"),
    ],
)
def test_normalize(name: str, normalized: str) -> None:
    assert normalize(name) == normalized


@given(st.text())
@example("ﬁ")
@example("THE THE, INC. CO")
@example("a.b.c.")
@example("İ & ß")
def test_normalizing_twice_changes_nothing(name: str) -> None:
    once = normalize(name)
    assert normalize(once) == once


@given(st.text(min_size=1).filter(lambda s: any(c.isalnum() for c in s)))
def test_never_normalizes_to_nothing(name: str) -> None:
    assert normalize(name)


@given(
    st.from_regex(r"[A-Z]{3,9}( [A-Z]{3,9})?", fullmatch=True), st.sampled_from([", INC.", " LLC", " L.L.C.", ", Ltd."])
)
def test_the_legal_form_does_not_matter(name: str, form: str) -> None:
    assert normalize(name + form) == normalize(name)


def test_the_rules_that_fired_are_told() -> None:
    assert explain("COUPANG, INC.").why == ("no punctuation", "legal form at the end dropped")
    assert explain("COUPANG").why == ()


def test_a_very_long_name_is_read_in_bounded_length() -> None:
    assert len(normalize("A" * 100_000)) == LONGEST_NAME


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("COUPANG, INC.", "Coupang, Inc."),
        ("AT&T, INC.", "AT&T, Inc."),
        ("BALLARD PARTNERS", "Ballard Partners"),
        ("PRESIDENT AND FELLOWS OF HARVARD COLLEGE", "President and Fellows of Harvard College"),
        ("HALEON US HOLDINGS LLC", "Haleon US Holdings LLC"),
        ("K&L GATES, LLP", "K&L Gates, LLP"),
        ("already Mixed Case", "already Mixed Case"),
    ],
)
def test_display(name: str, shown: str) -> None:
    assert display(name) == shown
