"""What a total warns of: whose reports are awaited, for which periods, who took whose place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

import lobbyx
from lobbyx.ingest.coverage import together
from lobbyx.organizations import knowledge
from lobbyx.organizations.knowledge import Knowledge, KnownName, KnownParent, KnownSuccession
from lobbyx.verdicts import findings
from lobbyx.verdicts.explanation import render
from tests.organizations.test_succession import firm, own

Load = Callable[..., lobbyx.Ledger]


def said(total: object, code: str) -> list[str]:
    return [w.message for w in total.warnings if w.code == code]  # type: ignore[attr-defined]


def test_a_firm_that_was_silent_for_a_year_is_no_longer_awaited(load: Load) -> None:
    with load(
        firm(1, 11, "ACME", 2010, 1, 20_000),  # left without saying so
        firm(2, 12, "ACME", 2015, 4, 20_000),
        firm(3, 12, "ACME", 2016, 2, 20_000),
    ) as ledger:
        (one,) = said(ledger.total("Acme", "2016", "2016", "2017"), "report_missing")
        assert "2016-01-01 to 2016-03-31" in one
        (early, _) = said(ledger.total("Acme", "2010", "2016", "2017"), "report_missing")
        assert "2010-04-01 to 2010-06-30" in early
        assert "and 0 more" not in early


def test_many_awaited_firms_are_one_sentence_that_names_in_house_filers_first(load: Load) -> None:
    with load(
        *(firm(n, 20 + n, "ACME", 2016, 1, 20_000) for n in range(1, 7)), own(9, 90, "ACME", 2016, 1, 200_000)
    ) as ledger:
        (one,) = said(ledger.total("Acme", "2016Q2", "2016Q2", "2017"), "report_missing")
        assert one.index(": ACME") < len(
            "9 registrants reported within a year of periods for which they have no report on file:  "
        )


def test_each_period_has_its_own_reason(load: Load) -> None:
    with load(firm(1, 11, "ACME", 2016, 2, 20_000), firm(2, 11, "ACME", 2016, 3, 20_000)) as ledger:
        (one,) = said(ledger.total("Acme", "2016", "2016", "2017"), "undetermined")
        nothing, firms = one.split("; for ")
        assert nothing.startswith(
            "reports may be missing for 2016-01-01 to 2016-03-31, 2016-10-01 to 2016-12-31: nothing"
        )
        assert firms.startswith("2016-04-01 to 2016-09-30: only outside firms' reports are on file")


@pytest.fixture
def family(load: Load, monkeypatch: pytest.MonkeyPatch) -> lobbyx.Ledger:
    """Acme bought Bolt on 2012-07-26; Bolt is its subsidiary."""
    names = [KnownName(key, "display", key, "document", "d") for key in ("Acme", "Bolt")]
    bought = KnownSuccession("Bolt", "Acme", date(2012, 7, 26), "acquired", "document", "d")
    known = Knowledge(names, [KnownParent("Acme", "Bolt", "2012", "", "document", "d")], [bought])
    monkeypatch.setattr(knowledge, "shipped", lambda: known)
    return load(
        own(1, 1, "ACME", 2012, 1, 900_000), own(2, 1, "ACME", 2014, 1, 900_000), firm(3, 13, "BOLT", 2012, 1, 20_000),
        firm(4, 13, "BOLT", 2014, 2, 20_000),
    )  # fmt: skip


@pytest.mark.parametrize("asked", ["Acme", "Bolt"])
@pytest.mark.parametrize(("year", "told"), [("2011", False), ("2012", True), ("2014", True), (None, True)])
def test_a_succession_is_told_of_from_its_day_on(family: lobbyx.Ledger, asked: str, year: str, told: bool) -> None:
    found = said(family.total(asked, year, year), "succession")
    assert found == (
        ["Bolt was acquired by Acme on 2012-07-26; each one's reports count for itself alone"] if told else []
    )


def test_what_is_missing_with_subsidiaries_names_whose_and_is_one_command(family: lobbyx.Ledger) -> None:
    total = family.total("Acme", "2014", "2014", "2015", with_subsidiaries=True)
    assert {str(one.reason).split(": ")[0] for one in total.undetermined} == {"Acme", "Bolt"}
    assert total.command == 'lobbyx fetch --client "Acme" --client "Bolt" --year 2014'
    assert any(w.message.startswith("Bolt: reports may be missing") for w in total.warnings)
    alone = family.total("Acme", "2014", "2014", "2015")
    assert not any(str(one.reason).startswith("Acme") for one in alone.undetermined)


@pytest.mark.parametrize(
    ("commands", "one"),
    [
        ([], None),
        ([None, 'lobbyx fetch --client "A"'], 'lobbyx fetch --client "A"'),
        (
            ['lobbyx fetch --client "A & B" --year 2016', "lobbyx fetch --client 'C \"x\" --year 1' --year 2015"],
            'lobbyx fetch --client "A & B" --client \'C "x" --year 1\' --year 2015 --year 2016',
        ),
        (
            ['lobbyx fetch --client "A" --year 2016', 'lobbyx fetch --client "A" --client "B"'],
            'lobbyx fetch --client "A" --client "B"',
        ),
    ],
)
def test_commands_together(commands: list[str | None], one: str | None) -> None:
    assert together(commands) == one


def test_a_count_says_how_many_of_the_reports_are_in_house(load: Load) -> None:
    with load(
        own(1, 90, "ACME", 2016, 1, 200_000), *(firm(n, 20 + n, "ACME", 2016, 2, 20_000) for n in range(2, 5))
    ) as ledger:
        sentence = findings.accounting(ledger.total("Acme", "2016", "2016"))
        assert "in 4 reports (1 in-house)" in render([sentence])
        assert "보고서 4건(자체 보고서 1건)" in render([sentence], "ko")
