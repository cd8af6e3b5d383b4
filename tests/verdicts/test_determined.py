"""Claims of every kind where not everything is known to be on file, and where it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

import lobbyx
from lobbyx.model.claim import Claim
from lobbyx.model.coverage import Coverage
from lobbyx.model.period import Window, window
from lobbyx.model.verdict import Verdict
from lobbyx.organizations import lookup
from lobbyx.verdicts import evidence
from lobbyx.verdicts.records import windows_before
from lobbyx.verdicts.subject import Knowledge
from tests.conftest import covered
from tests.verdicts.test_kinds import activity, lobbyist, report

D = date.fromisoformat
NOTHING = Knowledge(
    command=lambda organization, missing: f"fetch {organization.name if organization else 'everybody'} {missing}"
)


def claim(
    kind: Any = "spend",
    value: float | None = None,
    comparator: Any = "exact",
    since: str = "2024",
    until: str | None = None,
    **more: Any,
) -> Claim:
    known = {"precision": 1, "org": "Acme", "window_text": None, **more}
    return Claim("said", 0, 4, kind, value=value, comparator=comparator, window=window(since, until or since), **known)


def only(verdicts: list[Verdict]) -> Verdict:
    (verdict,) = verdicts
    return verdict


@pytest.fixture
def acme(load: Callable[..., lobbyx.Ledger]) -> Iterator[lobbyx.Ledger]:
    """Acme in-house for 2023 and 2024, firms for the second half of 2024; a rival. Nothing is known to be complete."""
    people = [lobbyist(1, "ANN"), lobbyist(2, "BEN")]
    work = [activity("H.R. 4687; export promotion.", people, (22, "U.S. Trade Representative (USTR)"))]
    filings = [report(q, 2023, q, amount=100_000, lobbying_activities=work) for q in (1, 2, 3, 4)]
    filings += [report(10 + q, 2024, q, amount=200_000, lobbying_activities=work) for q in (1, 2, 3, 4)]
    akin = {"registrant__id": 5, "registrant__name": "AKIN PARTNERS", "client__id": 5}
    filings += [report(20 + q, 2024, q, own=False, amount=50_000, lobbying_activities=work) for q in (3, 4)]
    filings += [report(30, 2024, 4, own=False, amount=10_000, lobbying_activities=work, **akin)]
    rival = {"registrant__id": 9, "registrant__name": "RIVAL INC", "client__id": 9, "client__name": "RIVAL INC"}
    filings += [report(40 + q, 2024, q, amount=150_000, **rival) for q in (1, 2, 3, 4)]
    with load(*filings) as opened:
        opened.knowledge = NOTHING
        yield opened


def told(verdict: Verdict) -> tuple[str, str | None]:
    assert "{" not in verdict.explanation + verdict.explanation_ko
    assert json.loads(json.dumps(verdict.json()))
    return verdict.verdict, verdict.reason


# Reported in-house, nothing known to be complete ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "expected", "could"),
    [
        (claim(value=800_000), ("supported", None), ()),
        (claim(value=500_000), ("refuted", None), ("outside",)),
        # With the firms' fees it is 910,000 on file, and may be more.
        (claim(value=950_000), ("refuted", None), ("gross", "all_filings", "outside")),
        (claim(value=900_000, comparator="at_least"), ("refuted", None), ("gross", "all_filings", "outside")),
        (claim(value=850_000, comparator="at_least"), ("depends_on_method", None), ("outside",)),
        (claim(value=790_000, comparator="more_than"), ("within_rounding", None), ()),
        (claim(value=100_000, detail={"sum": "outside"}), ("unverifiable", "undetermined"), ()),
        (claim(value=90_000, comparator="at_least", detail={"sum": "outside"}), ("supported", None), ()),
        (claim(value=90_000, comparator="less_than", detail={"sum": "outside"}), ("refuted", None), ()),
        (claim(value=200_000, detail={"sum": "average", "per": "quarter"}), ("supported", None), ()),
        (claim(value=800_000, detail={"sum": "average", "per": "year"}), ("supported", None), ()),
        (claim(value=400_000, detail={"sum": "average", "per": "quarter"}), ("refuted", None), ("gross", "all_filings", "outside")),
        (claim(value=400_000, detail={"sum": "average"}), ("unverifiable", "no_average"), ()),
        (claim(value=400_000, detail={"sum": "share"}), ("unverifiable", "share"), ()),
        (claim(value=400_000, detail={"sum": "difference", "direction": "up", "baseline": {"start": "2023-01-01", "end": "2023-12-31"}}), ("supported", None), ()),
        (claim(value=400_000, detail={"sum": "difference", "direction": "down", "baseline": {"start": "2023-01-01", "end": "2023-12-31"}}), ("refuted", None), ("gross", "all_filings", "outside")),
        (claim(value=400_000, detail={"sum": "difference", "direction": "up"}), ("unverifiable", "no_baseline"), ()),
        (claim("change", 1.0, precision=0.01, detail={"baseline": {"start": "2023-01-01", "end": "2023-12-31"}}), ("supported", None), ()),
        (claim("change", 0.5, precision=0.01, detail={"baseline": {"start": "2023-01-01", "end": "2023-12-31"}}), ("refuted", None), ("gross", "all_filings", "outside")),
        (claim("change", 0, "more_than", precision=0.01, detail={"baseline": {"start": "2023-01-01", "end": "2023-12-31"}}), ("supported", None), ()),
        (claim("change", 1.0, precision=0.01, since="2023", detail={"baseline": {"start": "2022-01-01", "end": "2022-12-31"}}), ("unverifiable", "no_reports"), ()),
        # A record needs all that was before; one larger sum before refutes it.
        (claim("change", None, detail={"record": True}), ("unverifiable", "undetermined"), ()),
        (claim("rank", 1), ("unverifiable", "undetermined"), ()),
        (claim("rank", 2, org="Rival"), ("unverifiable", "undetermined"), ()),
        (claim("rank", 1, org="Rival"), ("refuted", None), ()),
        (claim("rank", 1, org="Rival", detail={"group": "banks"}), ("unverifiable", "undetermined"), ()),
        (claim("rank", 10, "at_most", org="Rival"), ("unverifiable", "undetermined"), ()),
        (claim("count", 2, detail={"counted": "lobbyists"}), ("unverifiable", "undetermined"), ()),
        (claim("count", 2, "at_least", detail={"counted": "lobbyists"}), ("supported", None), ()),
        (claim("count", 2, "less_than", detail={"counted": "lobbyists"}), ("refuted", None), ()),
        (claim("count", 5, "at_least", detail={"counted": "lobbyists"}), ("unverifiable", "undetermined"), ()),
        (claim("count", 1, detail={"counted": "firms"}), ("unverifiable", "undetermined"), ()),
        (claim("hired", None, detail={"firm": "Akin Gump"}), ("supported", None), ()),
        (claim("hired", None, detail={"firm": "Akin"}), ("unverifiable", "ambiguous_firm"), ()),
        (claim("hired", None, detail={"firm": "Ballard Partners"}), ("unverifiable", "undetermined"), ()),
        (claim("hired", 50_000, since="2024Q3", detail={"firm": "Akin Gump"}), ("supported", None), ()),
        (claim("hired", 90_000, since="2024Q3", detail={"firm": "Akin Gump"}), ("unverifiable", "undetermined"), ()),
        (claim("hired", 100_000, detail={"firm": "Akin Gump"}), ("unverifiable", "undetermined"), ()),
        (claim("hired", 80_000, "at_least", detail={"firm": "Akin Gump"}), ("supported", None), ()),
        (claim("issue", None, detail={"bill": "H.R. 4687"}), ("supported", None), ()),
        (claim("issue", None, detail={"bill": "H.R. 1"}), ("unverifiable", "undetermined"), ()),
        (claim(value=1_500_000, org="total"), ("unverifiable", "undetermined"), ()),
        (claim(value=1_300_000, org="total", comparator="at_least"), ("supported", None), ()),
        (claim(value=1_300_000, org="total", comparator="less_than"), ("refuted", None), ("outside",)),
        (claim(value=1, org="total", since="2024", detail={"record": True}), ("unverifiable", "not_of_all"), ()),
    ],
)  # fmt: skip
def test_where_nothing_is_known_to_be_complete(
    acme: lobbyx.Ledger, made: Claim, expected: tuple[str, str | None], could: tuple[str, ...]
) -> None:
    verdict = acme.judge(made, "2025-06-01")
    assert told(verdict) == expected, verdict.explanation
    assert set(verdict.could_hold_under) == set(could)
    if verdict.reason == "undetermined" and made.kind in ("rank", "count", "issue"):
        assert "fetch " in verdict.explanation
        assert "$" not in verdict.explanation or "Above it: " in verdict.explanation


@pytest.mark.parametrize(("kind", "detail"), [("rank", {}), ("count", {"counted": "firms"})])
def test_reasons_of_ranks_and_counts_talk_of_no_dollars(acme: lobbyx.Ledger, kind: Any, detail: dict[str, Any]) -> None:
    without = claim(kind, 1, missing=("window",), detail=detail)
    verdict = acme.judge(without, "2025-06-01")
    assert told(verdict) == ("unverifiable", "no_window")
    assert "$" not in verdict.explanation
    assert "달러" not in verdict.explanation_ko
    undated = replace(without, missing=("published",), window=Window(), window_text="last year")
    assert told(acme.judge(undated, "2025-06-01")) == ("unverifiable", "no_publication_date")


def test_before_the_first_report_was_due_nothing_is_judged(coupang: lobbyx.Ledger) -> None:
    verdict = only(coupang.check("Coupang spent $1 million on lobbying since August 2021.", published="2021-09-15"))
    assert told(verdict) == ("unverifiable", "no_reports")
    assert "No report for it was due by that day." in verdict.explanation
    assert "$0" not in verdict.explanation


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (claim("change", None, detail={"record": True}), ("supported", None)),
        (claim("change", None, since="2023", detail={"record": True}), ("unverifiable", "no_earlier")),
        (claim("change", None, since="2023Q4", detail={"record": True}), ("within_rounding", None)),
        (claim("rank", 1), ("supported", None)),
        (claim("rank", 1, org="Rival"), ("refuted", None)),
        (claim("count", 2, detail={"counted": "lobbyists"}), ("supported", None)),
        (claim("count", 5, detail={"counted": "lobbyists"}), ("refuted", None)),
        (claim("count", 1, "between", high=3, detail={"counted": "lobbyists"}), ("supported", None)),
        (claim("hired", None, detail={"firm": "Ballard Partners"}), ("refuted", None)),
        (claim("hired", None, detail={"firm": "Akin"}), ("unverifiable", "ambiguous_firm")),
        (claim("hired", 90_000, since="2024Q3", detail={"firm": "Akin Gump"}), ("refuted", None)),
        (claim("issue", None, detail={"bill": "H.R. 1"}), ("refuted", None)),
        (claim(value=110_000, detail={"sum": "outside"}), ("supported", None)),
        (claim(value=800_000, detail={"sum": "outside"}), ("refuted", None)),
        (claim(value=1_400_000, org="total"), ("supported", None)),
        (claim(value=1_600_000, org="total"), ("refuted", None)),
        (claim("change", 2.5, precision=0.01, org="total", detail={"baseline": {"start": "2023-01-01", "end": "2023-12-31"}}), ("supported", None)),
        # Nothing was filed, and that is known.
        (claim(value=100_000, since="2020"), ("refuted", None)),
        (claim(value=100_000, since="2020", comparator="less_than"), ("supported", None)),
        (claim("hired", None, since="2020", detail={"firm": "Akin Gump"}), ("refuted", None)),
    ],
)  # fmt: skip
def test_where_everything_is_known_to_be_on_file(
    acme: lobbyx.Ledger, made: Claim, expected: tuple[str, str | None]
) -> None:
    acme.knowledge = covered("2025-06-01")
    verdict = acme.judge(made, "2025-06-01")
    assert told(verdict) == expected, verdict.explanation
    if made.window.start == D("2020-01-01") and made.kind == "spend":
        assert "No activity report of Acme" in verdict.explanation
        assert "$0" not in verdict.explanation
    assert verdict.json()["data_through"] == "2025-06-01"


def test_two_firms_of_one_beginning_are_both_named(acme: lobbyx.Ledger) -> None:
    verdict = acme.judge(claim("hired", None, detail={"firm": "Akin"}), "2025-06-01")
    assert "AKIN GUMP STRAUSS HAUER & FELD" in verdict.explanation
    assert "AKIN PARTNERS" in verdict.explanation


# A period that is not over ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "day", "expected"),
    [
        (claim(value=200_000), "2024-06-01", ("supported", None)),
        (claim(value=3_000_000), "2024-06-01", ("unverifiable", "period_not_over")),
        (claim(value=150_000, comparator="at_least"), "2024-06-01", ("supported", None)),
        (claim(value=150_000, comparator="less_than"), "2024-06-01", ("refuted", None)),
        (claim(value=900_000, comparator="less_than"), "2024-06-01", ("supported", None)),
        # Over, and not due: but all that file in-house have filed.
        (claim(value=800_000), "2025-01-16", ("supported", None)),
        (claim(value=600_000), "2025-01-16", ("refuted", None)),
        (claim(value=600_000), "2025-01-10", ("supported", None)),
        (claim(value=800_000), "2025-01-10", ("unverifiable", "period_not_over")),
        # A window to the day is judged by what was due.
        (replace(claim(value=600_000), window=Window(D("2024-01-01"), D("2025-01-10"))), "2025-01-10", ("supported", None)),
        (replace(claim(value=900_000), window=Window(D("2024-01-01"), D("2025-01-10"))), "2025-01-10", ("refuted", None)),
        (replace(claim(value=900_000), window=Window(D("2025-01-01"), D("2025-01-10"))), "2025-01-10", ("unverifiable", "no_reports")),
        (claim("rank", 1), "2024-06-01", ("unverifiable", "period_not_over")),
        (claim("rank", 1, org="Rival"), "2024-06-01", ("unverifiable", "period_not_over")),
        (claim("count", 2, detail={"counted": "lobbyists"}), "2024-06-01", ("supported", None)),
        (claim("count", 9, detail={"counted": "lobbyists"}), "2024-06-01", ("unverifiable", "period_not_over")),
        (claim("hired", None, detail={"firm": "Akin Gump"}), "2024-06-01", ("unverifiable", "period_not_over")),
        (claim("issue", None, detail={"bill": "H.R. 1"}), "2024-06-01", ("unverifiable", "period_not_over")),
        (claim("change", 4.0, precision=0.01, detail={"baseline": {"start": "2023-01-01", "end": "2023-12-31"}}), "2024-06-01", ("unverifiable", "period_not_over")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("complete", [True, False])
def test_a_period_that_was_not_over(
    acme: lobbyx.Ledger, made: Claim, day: str, expected: tuple[str, str | None], complete: bool
) -> None:
    if complete:
        acme.knowledge = covered("2025-06-01")
    verdict = acme.judge(made, day)
    undetermined = ("unverifiable", "undetermined")
    allowed = {expected}
    if not complete and made.kind not in ("spend", "change"):
        allowed |= {undetermined, ("unverifiable", "period_not_over")}
    assert told(verdict) in allowed, verdict.explanation
    if expected == ("supported", None) and day == "2024-06-01":
        assert "so far" in verdict.explanation or verdict.verdict == "unverifiable"


# How a claim was read -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stance", ["denied", "questioned", "planned"])
def test_what_a_text_does_not_assert_is_not_judged(acme: lobbyx.Ledger, stance: Any) -> None:
    for org in ("Acme", "total", "Nobody Known", None):
        verdict = acme.judge(replace(claim(value=800_000), stance=stance, org=org), "2025-06-01")
        assert told(verdict) == ("unverifiable", "not_asserted")


def test_an_unsure_reading_is_told_first(acme: lobbyx.Ledger) -> None:
    unsure = replace(
        claim(value=800_000), sure=False, unsure_of=("window", "org", "lobbying"),
        otherwise={"window": {"start": "2023-01-01", "end": "2023-12-31"}, "org": "Rival Inc"},
    )  # fmt: skip
    verdict = acme.judge(unsure, "2025-06-01")
    assert verdict.verdict == "supported"
    assert verdict.explanation.startswith("This was read as a claim about Acme Corp from 2024-01-01 to 2024-12-31")
    for other in ("from 2023-01-01 to 2023-12-31", "Rival Inc", "money that was not spent on lobbying"):
        assert other in verdict.explanation
    assert "Rival Inc" in verdict.explanation_ko


# The real samples ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Microsoft spent less than $4 million on lobbying in 2000.", "unverifiable"),
        ("Microsoft spent less than $5 million on lobbying in 2023.", "unverifiable"),
        ("Microsoft spent $10 million on lobbying in 2023.", "unverifiable"),
        ("Microsoft's lobbying spending fell 28% in 2000 from a year earlier.", "unverifiable"),
        ("Microsoft spent at least $4 million on lobbying in 2023.", "supported"),
        ("Microsoft spent less than $4 million on lobbying in 2023.", "refuted"),
        ("Microsoft spent $2.22 million on lobbying in the first quarter of 2023.", "supported"),
        ("Microsoft spent $5 million on lobbying in the first quarter of 2023.", "refuted"),
        ("Microsoft was the biggest lobbying spender in 2023.", "unverifiable"),
    ],
)
def test_reports_that_are_known_to_be_missing(samples: lobbyx.Ledger, text: str, verdict: str) -> None:
    found = only(samples.check(text, published="2024-06-01"))
    assert found.verdict == verdict, found.explanation
    if verdict == "unverifiable":
        assert "lobbyx " in found.explanation
        assert any(one.state == "unknown" for one in found.undetermined)


def test_figures_say_through_which_day_their_data_go(coupang: lobbyx.Ledger) -> None:
    verdict = only(coupang.check("Coupang spent $3.31 million on lobbying in 2024.", published="2026-08-15"))
    assert verdict.verdict == "supported"
    assert verdict.today is not None
    assert (verdict.as_of, verdict.today.as_of, verdict.data_through) == (
        D("2026-08-15"),
        D("2026-07-20"),
        D("2026-07-20"),
    )
    assert "a later amendment may be missing" in verdict.explanation


def test_coverage_of_everybody_is_what_ranks_need(acme: lobbyx.Ledger) -> None:
    own = covered("2025-06-01").coverage
    acme.knowledge = Knowledge(lambda organization: own(organization) if organization else Coverage(), NOTHING.command)
    verdict = acme.judge(claim("rank", 1), "2025-06-01")
    assert told(verdict) == ("unverifiable", "undetermined")
    assert "Not everybody's reports" in verdict.explanation
    assert "fetch everybody" in verdict.explanation


# Ranks as of a day, and records -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["lda", "gross", "all_filings"])
@pytest.mark.parametrize("day", ["2024-04-16", "2024-08-01", "2024-12-31", "2025-06-01"])
def test_places_are_those_of_the_day_for_everybody(load: Callable[..., lobbyx.Ledger], method: Any, day: str) -> None:
    """Forty organizations, whose reports were posted late or amended later."""
    filings = []
    for n in range(40):
        who = {
            "registrant__id": n + 1,
            "registrant__name": f"COMPANY {n} INC",
            "client__id": n + 1,
            "client__name": f"COMPANY {n} INC",
        }
        for q in (1, 2):
            late = {} if n % 3 else {"dt_posted": f"2024-1{q}-01T12:00:00-05:00"}
            filings.append(report(1000 + 10 * n + q, 2024, q, amount=10_000 * (n + 1), **{**who, **late}))
        if n % 4 == 0:
            more = {"filing_type": "1A", "dt_posted": "2024-09-01T12:00:00-04:00"}
            filings.append(report(1000 + 10 * n + 5, 2024, 1, amount=500_000 - 10_000 * n, **{**who, **more}))
        if n % 5 == 0:
            firm = {
                "registrant__id": 900,
                "registrant__name": "A FIRM",
                "client__id": 900 + n,
                "client__name": f"COMPANY {n} INC",
            }
            filings.append(report(1000 + 10 * n + 7, 2024, 2, own=False, amount=250_000, **firm))
    with load(*filings) as opened:
        chosen = window("2024", "2024")
        everyone = [lookup.get(opened.db, row[0]) for row in opened.db.execute("SELECT id FROM organizations")]
        totals = {one.id: opened.total(one, "2024", "2024", day).methods[method] for one in everyone}
        sums = {i: count.interval.reported for i, count in totals.items() if count.reports}
        for one in everyone:
            found = evidence.ranking(opened.db, one, chosen, D(day), method)
            assert (found is None) == (one.id not in sums)
            if found:
                assert found.reported == sums[one.id]
                assert found.place == 1 + sum(other > sums[one.id] for other in sums.values())
                assert found.among == len(sums)
        assert evidence.everybody(opened.db, chosen, D(day), method)[0].reported == sum(sums.values())


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        ("2024-01-01", "2024-12-31", ["2022-01-01..2022-12-31", "2023-01-01..2023-12-31"]),
        ("2024-04-01", "2024-06-30", ["2023-10-01..2023-12-31", "2024-01-01..2024-03-31"]),
        # It ends inside a month: the same days of the years before, not whole months.
        ("2024-01-01", "2024-07-20", ["2022-01-01..2022-07-20", "2023-01-01..2023-07-20"]),
        ("2024-02-29", "2024-03-10", ["2022-02-28..2022-03-10", "2023-02-28..2023-03-10"]),
        ("2022-01-01", "2024-07-20", ["2016-01-01..2018-07-20", "2019-01-01..2021-07-20"]),
    ],
)
def test_what_a_record_is_compared_with(since: str, until: str, before: list[str]) -> None:
    found = windows_before(Window(D(since), D(until)))
    assert [f"{w.start}..{w.end}" for w in found[-2:]] == before
    assert all(w.start and w.start >= D("1999-01-01") for w in found)


def test_a_record_so_far_this_year_is_no_record_of_whole_months(acme: lobbyx.Ledger) -> None:
    acme.knowledge = covered("2025-06-01")
    so_far = replace(claim("change", None, detail={"record": True}), window=Window(D("2024-01-01"), D("2024-07-20")))
    verdict = acme.judge(so_far, "2024-07-20")
    assert verdict.found["most_before_window"] == {"start": "2023-01-01", "end": "2023-07-20"}
