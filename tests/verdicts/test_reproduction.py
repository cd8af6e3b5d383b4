"""How papers got to their figures, and how seldom a figure nobody counted finds a way."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

import lobbyx
from lobbyx.accounting import account
from lobbyx.model.claim import Claim
from lobbyx.model.period import Window
from lobbyx.model.verdict import Reproduction
from lobbyx.verdicts import reproduction

D = date.fromisoformat


def claim(value: float, unit: float, start: str | None = None, end: str | None = None) -> Claim:
    window = Window(start and D(start), end and D(end))  # type: ignore[arg-type]
    return Claim("x", 0, 1, "spend", "Coupang", value, unit, "exact", window, None)


def traced(ledger: lobbyx.Ledger, one: Claim, as_of: str) -> tuple[Reproduction, ...]:
    return reproduction.trace(
        one, account.open_account(ledger.db, ledger.organization("Coupang")), D(as_of)
    ).reproductions


@pytest.mark.parametrize(
    ("value", "unit", "window", "as_of", "way"),
    [
        # What papers printed (DOMAIN: worked truth).
        (10_750_000, 10_000, ("2021-08-01", "2025-12-21"), "2025-12-21", ("all_filings", "claimed")),
        (10_395_000, 1_000, ("2021-07-01", "2025-09-30"), "2025-12-12", ("gross", "claimed")),
        (895_000, 1_000, ("2025-10-01", "2025-12-31"), "2026-01-23", ("gross", "claimed")),
        (3_410_000, 10_000, ("2025-01-01", "2025-12-31"), "2026-01-23", ("gross", "claimed")),
        (11_290_000, 10_000, ("2021-01-01", "2025-12-31"), "2026-01-23", ("gross", "claimed")),
        (3_310_000, 10_000, ("2024-01-01", "2024-12-31"), "2025-12-21", ("lda", "claimed")),
        (1_810_000, 10_000, ("2022-01-01", "2022-12-31"), "2025-12-21", ("all_filings", "claimed")),
        # Figures for another window than the one printed.
        (2_515_000, 1_000, ("2025-01-01", "2025-12-31"), "2026-01-23", ("gross", "last_out")),
        (3_870_000, 1_000, ("2023-07-01", "2024-12-31"), "2025-12-21", ("gross", None)),
        (11_530_000, 10_000, ("2022-01-01", "2026-06-30"), "2026-07-20", ("lda", "all")),
        (1_815_000, 1_000, ("2021-08-01", "2025-12-21"), "2025-12-21", ("outside", "claimed")),
    ],
)  # fmt: skip
def test_how_a_printed_figure_came_about(
    coupang: lobbyx.Ledger, value: int, unit: int, window: tuple[str, str], as_of: str, way: tuple[str, str | None]
) -> None:
    found = traced(coupang, claim(value, unit, *window), as_of)
    if way[1] is None:
        assert not found
        return
    assert (found[0].method, found[0].window_kind) == way
    assert found[0].chance <= reproduction.MOST_BY_CHANCE


def test_a_firm_alone_is_told_by_name(coupang: lobbyx.Ledger) -> None:
    total = coupang.total("Coupang", since="2021", until="2025", as_of="2026-01-23")
    firms: dict[str, int] = {}
    for r, status in total.reports:
        if status == "latest" and r.role == "outside":
            firms[r.registrant] = firms.get(r.registrant, 0) + (r.amount or 0) // 100
    name, paid = max(firms.items(), key=lambda pair: pair[1])
    found = traced(coupang, claim(paid, 1_000, "2021-01-01", "2025-12-31"), "2026-01-23")
    assert any((r.scope, r.scope_name) == ("registrant", name) for r in found)


def test_what_is_counted_twice_is_named(coupang: lobbyx.Ledger) -> None:
    (way,) = traced(coupang, claim(10_755_000, 1_000, "2021-08-01", "2025-12-21"), "2025-12-21")
    assert [r.filing_uuid for r in way.twice] == ["6f570277-7a46-4a73-9f06-1d86c62770eb"]
    assert way.json()["how"] == (
        "counts in-house plus outside firms (fees twice) and counts the report restated for Q1 2022 ($360,000) twice"
    )
    assert "2022년 1분기(36만 달러)" in way.json()["how_ko"]


@pytest.mark.parametrize(
    "window", [("2021-08-01", "2025-12-25"), ("2024-01-01", "2024-12-31"), ("2025-07-01", "2025-09-30")]
)
def test_random_figures_of_three_digits_are_seldom_reproduced(coupang: lobbyx.Ledger, window: tuple[str, str]) -> None:
    chance = random.Random(7)
    own = account.open_account(coupang.db, coupang.organization("Coupang"))
    one = claim(1, 1, *window)
    for decade in (10**5, 10**6, 10**7):
        figures = chance.sample(range(100, 1000), 300)
        hits = sum(
            bool(
                reproduction.trace(
                    replace(one, value=f * decade // 100, precision=decade // 100), own, D("2025-12-25")
                ).reproductions
            )
            for f in figures
        )
        assert hits / len(figures) < 0.02, (decade, hits)


def test_few_digits_say_little(coupang: lobbyx.Ledger) -> None:
    found = traced(coupang, claim(10_000_000, 1_000_000, "2021-08-01", "2025-12-25"), "2025-12-25")
    assert all((r.window_kind, r.scope) == ("claimed", "organization") for r in found)
    assert found[0].chance > 0.01
    exact = traced(coupang, claim(10_395_000, 1_000, "2021-08-01", "2025-12-25"), "2025-12-25")
    assert exact[0].chance < 0.001


def test_no_way_is_said_with_the_nearest(coupang: lobbyx.Ledger) -> None:
    (verdict,) = coupang.check("Coupang spent $7.77 million on lobbying in 2024.", published="2025-12-25")
    assert (verdict.verdict, verdict.reproductions) == ("refuted", ())
    assert "No way of counting gives it; the nearest is" in verdict.explanation
    (verdict,) = coupang.check("Coupang spent $2.515 million on lobbying in 2025.", published="2026-01-23")
    assert verdict.verdict == "refuted"
    assert "without the latest period" in verdict.explanation
    assert verdict.json()["reproductions"][0]["window_kind"] == "last_out"


def test_ways_of_the_claimed_window_are_the_totals(coupang: lobbyx.Ledger) -> None:
    own = account.open_account(coupang.db, coupang.organization("Coupang"))
    for since, until in (("2021", "2021"), ("2022-01-01", "2022-12-31"), (None, None), ("2022-02-02", None)):
        total = coupang.total("Coupang", since=since, until=until)
        plain = {
            way.method: way.reported
            for way in reproduction.ways(total.window, own, total.as_of)
            if (way.window_kind, way.scope, way.superseded) == ("claimed", "organization", False)
        }
        assert plain == {m: c.interval.reported for m, c in total.methods.items()}


def test_the_report_before_its_amendment_gives_the_figure(samples: lobbyx.Ledger) -> None:
    """Microsoft's own report for the first quarter of 2023 said 222,000 for 24 minutes."""
    text = "Microsoft spent $222,000 on lobbying in the first quarter of 2023."
    (verdict,) = samples.check(text, published="2023-05-01")
    assert verdict.verdict == "refuted"
    found = [way for way in verdict.reproductions if way.instead]
    assert found
    assert (found[0].method, found[0].reported, found[0].superseded) == ("lda", 22_200_000, False)
    assert "before it was amended" in verdict.explanation
    assert "최초 보고서" in verdict.explanation_ko
    document = verdict.json()["reproductions"]
    assert [one["first_filed"] for one in document if one["first_filed"]]
