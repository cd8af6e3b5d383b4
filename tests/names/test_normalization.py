from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lobbyx.names import LONGEST_NAME, best_written, display, explain, normalize, spoken


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


@pytest.mark.parametrize(
    ("name", "normalized", "others"),
    [
        (
            "META PLATFORMS INC (FORMERLY FACEBOOK INC AND VARIOUS SUBSIDIARIES",
            "META PLATFORMS",
            {"former": "FACEBOOK"},
        ),
        ("RTX CORPORATION AND AFFILIATES (FKARAYTHEON TECHNOLOGIES)", "RTX", {"former": "RAYTHEON TECHNOLOGIES"}),
        ("SMITH GARSON FKA SMITH DAWSON & ANDREWS", "SMITH GARSON", {"former": "SMITH DAWSON AND ANDREWS"}),
        ("ACME LLC, F/K/A OTHER, INC.", "ACME", {"former": "OTHER"}),
        ("Acme (formerly known as Other Co.)", "ACME", {"former": "OTHER"}),
        ("ACME (FORMERLY REPORTED AS OTHER)", "ACME", {"former": "OTHER"}),
        ("OTHER CORP. (NOW KNOWN AS ACME INC.)", "ACME", {"former": "OTHER"}),
        ("CORNERSTONE GOVERNMENT AFFAIRS OBO ACME", "ACME", {"intermediary": "CORNERSTONE GOVERNMENT AFFAIRS"}),
        ("JPH LAW LLP (ON BEHALF OF BLUE DIAMOND GROWERS)", "BLUE DIAMOND GROWERS", {"intermediary": "JPH LAW"}),
        ("A IN BEHALF OF THE CITY OF FIFE, WA", "CITY OF FIFE WASHINGTON", {"intermediary": "A"}),
        ("FIRM O/B/O ACME, INC.", "ACME", {"intermediary": "FIRM"}),
        ("ACME (THROUGH FIRM LLC)", "ACME", {"intermediary": "FIRM"}),
        ("ENTERPRISE HOLDINGS, INC. DBA ENTERPRISE MOBILITY", "ENTERPRISE HOLDINGS", {"trade": "ENTERPRISE MOBILITY"}),
        ("ACME D/B/A ROADRUNNER", "ACME", {"trade": "ROADRUNNER"}),
        (
            "PHARMACEUTICAL RESEARCH AND MANUFACTURERS OF AMERICA (PHRMA)",
            "PHARMACEUTICAL RESEARCH AND MANUFACTURERS OF AMERICA",
            {"acronym": "PHRMA"},
        ),
        ("NATIONAL ASSOCIATION OF REALTORS (NAR)", "NATIONAL ASSOCIATION OF REALTORS", {"acronym": "NAR"}),
        ("FORD MOTOR COMPANY (CONSOLIDATED REPORT)", "FORD MOTOR", {}),
        ("FORD MOTOR COMPANY AND ITS SUBSIDIARIES", "FORD MOTOR", {}),
        ("BIRLA CARBON U.S.A.", "BIRLA CARBON", {}),
        # What must stay apart, or stay as it is.
        ("AARP (TEXAS)", "AARP TEXAS", {}),
        ("ORACLE AMERICA, INC.", "ORACLE AMERICA", {}),
        ("BANK OF AMERICA", "BANK OF AMERICA", {}),
        ("PARTNERSHIP FOR AMERICA", "PARTNERSHIP FOR AMERICA", {}),
        ("BOY SCOUTS OF THE USA", "BOY SCOUTS OF THE USA", {}),
        ("PARTNERS THROUGH EDUCATION", "PARTNERS THROUGH EDUCATION", {}),
        ("FKA", "FKA", {}),
        ("OBO", "OBO", {}),
        ("ACME (", "ACME", {}),
    ],
)
def test_phrases_tell_of_other_names(name: str, normalized: str, others: dict[str, str]) -> None:
    reading = explain(name)
    assert reading.normalized == normalized
    assert dict(reading.others) == others


FRAGMENTS = st.sampled_from(
    [
        "ACME",
        "OTHER",
        "INC.",
        "LLC",
        "(",
        ")",
        ",",
        "FKA",
        "F/K/A",
        "FORMERLY",
        "KNOWN AS",
        "DBA",
        "D/B/A",
        "OBO",
        "ON BEHALF OF",
        "AND ITS SUBSIDIARIES",
        "(CONSOLIDATED REPORT)",
        "THE",
        "USA",
        "U.S.",
        "&",
        "THROUGH",
        "(AO)",
        "N/K/A",
        "NOW KNOWN AS",
        "-",
        "CO",
        "쿠팡",
    ]
)


@given(st.lists(FRAGMENTS, max_size=9).map(" ".join))
def test_phrases_in_any_order_normalize_to_something_that_stays(name: str) -> None:
    reading = explain(name)
    assert normalize(reading.normalized) == reading.normalized
    assert bool(reading.normalized) == bool(name.strip())
    assert all(other for _, other in reading.others)


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


def test_pairs_of_real_names_are_told_apart_and_together() -> None:
    """`scripts/benchmark.py names` prints these figures; here nothing may be merged wrongly and little missed."""
    with (Path(__file__).parent.parent / "data" / "name_pairs.csv").open(encoding="utf-8", newline="") as f:
        pairs = [(row["a"], row["b"], row["same"] == "1") for row in csv.DictReader(f)]
    merged = [(a, b) for a, b, same in pairs if not same and normalize(a) == normalize(b)]
    missed = [(a, b) for a, b, same in pairs if same and normalize(a) != normalize(b)]
    assert merged == []
    assert len(missed) <= 0.05 * sum(same for *_, same in pairs), missed


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Coupang", "Coupang"),
        ("Coupang's", "Coupang"),
        ("TikTok's parent ByteDance", "ByteDance"),
        ("TikTok's parent company ByteDance", "ByteDance"),
        ("쿠팡은", "쿠팡"),
        ("쿠팡Inc", "쿠팡"),
        ("쿠팡Inc의", "쿠팡"),
        ("㈜쿠팡", "쿠팡"),
        ("삼성그룹의", "삼성"),
        ("Samsung Group", "Samsung"),
        ("Group", "Group"),
        ("은", "은"),
    ],
)
def test_names_in_running_text(text: str, last: str) -> None:
    assert spoken(text)[0] == text
    assert spoken(text)[-1] == last


@pytest.mark.parametrize(
    ("filed", "shown", "former"),
    [
        (
            "RAYTHEON TECHNOLOGIES CORPORATION AND AFFILIATES (F.K.A UNITED TECHNOLOGIES COR",
            "Raytheon Technologies Corporation",
            "UNITED TECHNOLOGIES COR",
        ),
        (
            "Raytheon Technologies Corporation and Affiliates (F K A United Technologies Cor",
            "Raytheon Technologies Corporation",
            "UNITED TECHNOLOGIES COR",
        ),
        ("UNISON (F K A FEDBID INC )", "Unison", "FEDBID"),
        ("Comptia (Formerlytechnology Association of America)", "Comptia", "TECHNOLOGY ASSOCIATION OF AMERICA"),
        ("CRISYS LLC /F/K/A/MATRIX HEALTH ALLIANCE LLC", "Crisys LLC", "MATRIX HEALTH ALLIANCE"),
        ("WELLS LLC /FORMERLY KNOWN AS:SPRINGS LLC", "Wells LLC", "SPRINGS"),
        ("SPARTA-PARSONS [FORMERLY KNOWN AS SPARTA-COBHAM]", "Sparta-Parsons", "SPARTA COBHAM"),
        ("PARTNERSHIP [FORMERLY COEVOLUTION INSTITUTE (COE)]", "Partnership", "COEVOLUTION INSTITUTE COE"),
        ('UNITI GROUP INC "FKA" SOUTHERN LIGHT', "Uniti Group Inc", "SOUTHERN LIGHT"),
        ("WELLS, FORMERLY ASSOCIATED SPRINGS", "Wells", "ASSOCIATED SPRINGS"),
    ],
)
def test_a_former_name_is_not_shown_however_it_is_written(filed: str, shown: str, former: str) -> None:
    assert best_written([filed]) == shown
    assert explain(filed).others == (("former", former),)


@pytest.mark.parametrize(
    ("filed", "shown"),
    [("MCI WORLDCOM CORP", "MCI Worldcom Corp"), ("AETNA-US HEALTHCARE", "Aetna-US Healthcare")],
)
def test_acronyms_inside_a_name_stay_in_capitals(filed: str, shown: str) -> None:
    assert best_written([filed]) == shown
