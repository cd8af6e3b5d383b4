"""A name as people write it -> the organization on file, or what to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lobbyx
from lobbyx.model.period import window
from lobbyx.names import normalize
from lobbyx.organizations import lookup
from lobbyx.organizations.lookup import AmbiguousName, UnknownOrganization
from lobbyx.organizations.nearest import nearest_names
from tests.conftest import Run, filing
from tests.organizations.test_succession import firm, own

Load = Callable[..., lobbyx.Ledger]


@pytest.fixture
def town(load: Load) -> Iterator[lobbyx.Ledger]:
    """Organizations whose names have something in common."""
    with load(
        own(1, 1, "ACME HOLDINGS, INC.", 2015, 1, 900_000),
        *(own(10 + n, 1, "ACME HOLDINGS, INC.", 2016 + n // 4, n % 4 + 1, 500_000) for n in range(12)),
        firm(30, 31, "ACME BOATS LLC", 2016, 1, 20_000),
        firm(31, 32, "BOLT & NUT COS", 2016, 1, 20_000),
        firm(32, 33, "BOLT TOOLS", 2016, 1, 30_000),
        firm(33, 34, "ASSOCIATION OF PUBLIC WELLS (APW)", 2016, 1, 40_000),
        firm(34, 35, "CRANE GROUP (FORMERLY HERON LTD)", 2016, 1, 40_000),
        firm(35, 36, "DALE CORP D/B/A HILLTOP", 2016, 1, 40_000),
        firm(36, 37, "EXXON MOBIL CORP", 2016, 1, 40_000),
        firm(37, 38, "ZEPPELIN WIDGET HOLDINGS GROUP", 2016, 1, 40_000),
        firm(38, 39, "JOHN DEERE", 2016, 1, 10_000),
        own(39, 2, "DEERE & COMPANY", 2016, 1, 400_000),
    ) as ledger:
        yield ledger


@pytest.mark.parametrize(
    ("asked", "normalized"),
    [
        ("ACME HOLDINGS, INC.", "ACME HOLDINGS"),  # as filed
        ("Acme Holdings", "ACME HOLDINGS"),
        ("acme holdings corp.", "ACME HOLDINGS"),
        ("Acme’s", "ACME HOLDINGS"),  # at least ten times the money and the filings of Acme Boats
        ("Acme Group", "ACME HOLDINGS"),
        ("Acme Boats", "ACME BOATS"),
        ("Bolt & Nut", "BOLT AND NUT COMPANIES"),
        ("Bolt and Nut Companies", "BOLT AND NUT COMPANIES"),
        ("APW", "ASSOCIATION OF PUBLIC WELLS"),
        ("Crane", "CRANE GROUP"),
        ("Heron", "CRANE GROUP"),
        ("Hilltop", "DALE"),
        ("ExxonMobil", "EXXONMOBIL"),
        ("Exxon Mobil", "EXXONMOBIL"),
        ("엑손모빌", "EXXONMOBIL"),
        ("Zeppelin Widget", "ZEPPELIN WIDGET HOLDINGS GROUP"),
        ("John Deere", "DEERE"),  # a firm's client bears the name, but everybody means the company
        ("Deere", "DEERE"),
    ],
)
def test_a_name_finds_its_organization(town: lobbyx.Ledger, asked: str, normalized: str) -> None:
    found = lookup.find(town.db, asked)
    row = town.db.execute("SELECT normalized FROM organizations WHERE id = ?", [found.id]).fetchone()
    assert row[0].replace(" ", "") == normalized.replace(" ", "")


def test_who_is_far_larger_is_chosen_and_the_choice_is_told(town: lobbyx.Ledger) -> None:
    found = lookup.look_up(town.db, "Acme")
    assert (found.organization.name, found.sure) == ("Acme Holdings, Inc.", False)
    assert "also on file: Acme Boats LLC (#" in str(found.note)
    assert town.total("Acme").warnings[0].code == "name_taken_for"


def test_the_window_decides_who_is_far_larger(load: Load) -> None:
    with load(
        *(own(n, 1, "ACME ROADS", 2010 + n // 4, n % 4 + 1, 500_000) for n in range(1, 13)),
        firm(20, 21, "ACME BOATS", 2020, 1, 20_000),
        firm(21, 22, "ACME ROADS", 2020, 1, 10_000),
    ) as ledger:
        assert ledger.total("Acme", "2010", "2013").organization.name == "Acme Roads"
        with pytest.raises(AmbiguousName):
            ledger.total("Acme", "2020", "2020")


def test_asking_back_is_one_bounded_line_that_says_what_to_type(load: Load) -> None:
    with load(
        *(firm(n, 100 + n, f"ACME {word}" + " VERY LONG" * 8, 2016, 1, 20_000) for n, word in enumerate(WORDS))
    ) as ledger:
        with pytest.raises(AmbiguousName) as caught:
            ledger.organization("acme " + " " * 300)
        said = str(caught.value)
        assert "\n" not in said
        assert len(said) < 1_500
        assert f"and {len(WORDS) - lookup.MOST_OFFERED} more" in said
        offered = [int(part.split()[0]) for part in said.split("#")[1:-1]]
        assert len(offered) == len(set(offered)) == lookup.MOST_OFFERED
        assert said.endswith(f"'#{offered[0]}'.")
        assert ledger.organization(f"#{offered[0]}").id == offered[0]


WORDS = ("BOATS", "ROADS", "TOYS", "MILLS", "FARMS", "BANKS", "SHOES", "HATS", "PIPES")


def test_two_spellings_of_one_organization_are_offered_once(load: Load) -> None:
    with load(
        firm(1, 11, "ACME BOATS INC", 2016, 1, 20_000),
        firm(2, 12, "Acme Boats, Inc.", 2016, 1, 20_000),
        firm(3, 13, "ACME ROADS", 2016, 1, 20_000),
    ) as ledger:
        with pytest.raises(AmbiguousName) as caught:
            ledger.organization("Acme")
        assert str(caught.value).count("Boats") == 1
        assert ledger.organization("Acme Boats").name == "Acme Boats, Inc."


@pytest.mark.parametrize(
    "arguments",
    [
        ("total", "#1", "--json"),
        ("check", "It spent $3.31 million on lobbying in 2024.", "--org", "#1", "--json"),
    ],
)
def test_a_number_is_taken_wherever_an_organization_is(
    run: Run, coupang_db: object, arguments: tuple[str, ...]
) -> None:
    done = run(*arguments, "--db", str(coupang_db))
    assert done.returncode == 0, done.stderr
    assert "Coupang" in done.stdout


@pytest.mark.parametrize("asked", ["#999999", "# 1", "#", "#1e3", "#-1", "#" + "9" * 30])
def test_a_number_that_nobody_has(town: lobbyx.Ledger, asked: str) -> None:
    with pytest.raises(UnknownOrganization):
        lookup.look_up(town.db, asked)


def test_a_record_that_once_had_the_name_does_not_take_it_from_its_bearer(load: Load) -> None:
    """Bayer's record was Monsanto's before; who asks for Monsanto means Monsanto."""
    with load(
        firm(1, 11, "MONSANTO COMPANY", 2016, 1, 20_000),
        firm(1, 11, "BAYER CORPORATION", 2016, 1, 20_000),
        own(2, 2, "MONSANTO COMPANY", 2016, 1, 300_000),
        own(3, 2, "MONSANTO COMPANY", 2016, 2, 300_000),
        own(4, 3, "BAYER CORPORATION", 2016, 1, 500_000),
        own(5, 3, "BAYER CORPORATION", 2016, 2, 500_000),
    ) as ledger:
        assert ledger.total("Monsanto Company", "2016", "2016").methods["in_house"].reported == 600_000
        assert ledger.total("Bayer", "2016", "2016").methods["in_house"].reported == 1_000_000


@pytest.mark.parametrize(
    ("asked", "filed"),
    [
        ("Merck KGaA", "MERCK KGAA DARMSTADT GERMANY"),
        ("Merck & Co.", "MERCK & CO INC"),
        ("AT&T Wireless", "AT&T WIRELESS"),
    ],
)
def test_a_full_name_tells_those_apart_who_read_alike_without_legal_form(load: Load, asked: str, filed: str) -> None:
    names = ("MERCK & CO INC", "MERCK KGAA DARMSTADT GERMANY", "AT&T WIRELESS", "AT&T CORP")
    with load(*(firm(n, 20 + n, name, 2016, 1, 20_000) for n, name in enumerate(names, 1))) as ledger:
        assert filed in ledger.organization(asked).names


# Properties ------------------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "Acme",
                "Boats",
                "Bolt",
                "&",
                "Nut",
                "Inc.",
                "Group",
                "Holdings",
                "#1",
                "'s",
                "은",
                "the",
                " ",
                "%",
                "_",
            ]
        ),
        max_size=5,
    ).map(" ".join)
)
def test_whatever_is_asked_one_answer_or_one_clear_line(samples: lobbyx.Ledger, asked: str) -> None:
    def answer() -> object:
        try:
            return lookup.look_up(samples.db, asked)
        except UnknownOrganization as error:
            return str(error)

    first = answer()
    assert answer() == first
    if isinstance(first, str):
        assert len(first) < 2_000


@given(st.text(max_size=60))
def test_normalizing_twice_changes_nothing(name: str) -> None:
    assert normalize(normalize(name)) == normalize(name)


# Nearest ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("ZEPLIN HOLDINGS", "ZEPPELIN"),
        ("QUIXOTE GROUP", "QUIXOTE MILLS"),
        ("MIRCOSOFT", "MICROSOFT"),
    ],
)
def test_rare_words_weigh_more_than_holdings_and_group(asked: str, nearest: str) -> None:
    names = {f"{word} {end}": "" for word in WORDS for end in ("HOLDINGS", "GROUP", "HOLDINGS GROUP")}
    names |= {"ZEPPELIN": "", "QUIXOTE MILLS": "", "MICROSOFT": ""}
    names = {name: name for name in names}
    assert nearest_names(asked, names)[0] == nearest


def test_nothing_is_near_to_nothing() -> None:
    assert nearest_names("", {"ACME": "Acme"}) == []
    assert nearest_names("ACME", {}) == []


def test_of_none_on_file_nothing_is_offered(load: Load) -> None:
    with load(filing(1)) as ledger, pytest.raises(UnknownOrganization, match="Nothing on file is spelled like it"):
        ledger.organization("쿠쿠전자")


@pytest.mark.parametrize("asked", ["Merck", "머크"])
@pytest.mark.parametrize("years", [(None, None), ("2015", "2015"), ("2016", "2016"), ("2020", "2020")])
def test_who_is_known_by_just_this_name_is_meant_whoever_spent_more(
    load: Load, asked: str, years: tuple[str | None, str | None]
) -> None:
    """In 2016 only firms' reports of Merck & Co. are on file, and Merck KGaA has more than ten times that."""
    with load(
        *(own(n, 1, "MERCK & CO INC", 2015, n, 900_000) for n in range(1, 5)),
        firm(9, 19, "Merck", 2016, 1, 10_000),
        *(own(20 + n, 2, "MERCK KGAA DARMSTADT GERMANY", 2016, n % 4 + 1, 400_000) for n in range(4)),
        *(firm(30 + n, 40 + n, "EMD SERONO INC", 2016, n % 4 + 1, 40_000) for n in range(12)),
    ) as ledger:
        assert "MERCK & CO INC" in ledger.total(asked, *years).organization.names
        assert "EMD SERONO INC" in ledger.total("Merck KGaA", *years).organization.names


@pytest.mark.parametrize(("years", "registrant"), [(("2003", "2003"), 1), (("2016", "2016"), 2), ((None, None), 2)])
def test_a_name_is_its_bearers_of_that_time_whoever_spent_more(
    load: Load, years: tuple[str | None, str | None], registrant: int
) -> None:
    with load(
        firm(1, 11, "AT&T", 2003, 1, 40_000),
        own(2, 1, "AT&T CORP", 2003, 1, 300_000),
        *(own(10 + n, 2, "AT&T SERVICES INC AND ITS AFFILIATES", 2003 + n, n % 4 + 1, 4_000_000) for n in range(14)),
    ) as ledger:
        found = lookup.find(ledger.db, "AT&T", window(*years))
        own_client = ledger.db.execute(
            "SELECT organization_id FROM clients WHERE registrant_id = ? AND client_self_select", [registrant]
        ).fetchone()
        assert found.id == own_client[0]


def test_a_client_whose_name_has_no_letters_disturbs_nobody(load: Load) -> None:
    with load(firm(1, 11, "\u200b", 2016, 1, 20_000), firm(2, 12, "ACME BOATS", 2016, 1, 20_000)) as ledger:
        with pytest.raises(UnknownOrganization) as caught:
            ledger.organization("Acme Boots")
        assert caught.value.nearest == ["Acme Boats"]
        assert ledger.organization("Acme Boats").names == ("ACME BOATS",)
        number = ledger.db.execute("SELECT organization_id FROM organization_names WHERE name = '\u200b'").fetchone()[0]
        assert ledger.total(f"#{number}", "2016", "2016").methods["outside"].reported == 20_000
