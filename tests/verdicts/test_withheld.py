"""Real filings of 2016 to 2024 with the in-house reports withheld: no true claim is refuted.

The claims say what the withheld report said. Before lobbyx knew what it does not know, 85% of such claims were refuted.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lobbyx
from lobbyx.model.claim import Claim
from lobbyx.model.period import filing_period_span
from tests.conftest import ROOT, build

FILE = ROOT / "tests/data/in_house_and_outside/filings.jsonl.gz"


def filings() -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(FILE.read_bytes()).splitlines()]


def is_own(filing: dict[str, Any]) -> bool:
    return bool(filing["client"]["client_self_select"])


def own_reports() -> list[dict[str, Any]]:
    """The last in-house report of each client and period that gives an amount."""
    last: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in sorted(filings(), key=lambda f: f["dt_posted"]):
        if is_own(one) and one["filing_type"] not in ("RR", "RA") and "Y" not in one["filing_type"]:
            last[one["client"]["id"], one["filing_year"], one["filing_period"]] = one
    return [one for one in last.values() if one["expenses"] and float(one["expenses"]) > 0]


def true_claims(report: dict[str, Any]) -> Iterator[Claim]:
    amount = round(float(report["expenses"]))
    window = filing_period_span(report["filing_year"], report["filing_period"])
    for comparator, value in (
        ("exact", amount), ("about", amount), ("nearly", round(amount * 1.05)), ("at_least", round(amount * 0.5)),
        ("more_than", round(amount * 0.9)), ("at_most", amount * 2), ("less_than", round(amount * 1.2) + 5_000),
    ):  # fmt: skip
        name = report["client"]["name"]
        yield Claim("x", 0, 1, "spend", name, value, 10_000, comparator, window, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("how", ["one", "all"])
def test_no_true_claim_is_refuted_by_a_report_that_is_not_on_file(how: str, tmp_path: Path) -> None:
    reports, all_ = own_reports(), filings()
    assert len(reports) > 30
    outcomes: dict[str, int] = {}
    withheld = [r["filing_uuid"] for r in reports] if how == "all" else []
    for number, report in enumerate(reports if how == "one" else reports[:1]):
        same = (report["client"]["id"], report["filing_year"], report["filing_period"])
        gone = [
            f["filing_uuid"] for f in all_ if (f["client"]["id"], f["filing_year"], f["filing_period"]) == same and is_own(f)
        ] if how == "one" else [f["filing_uuid"] for f in all_ if is_own(f)]  # fmt: skip
        if how == "one" and number % 6:  # each makes a database of its own
            continue
        file = tmp_path / f"{number}.jsonl"
        file.write_text("\n".join(json.dumps(f) for f in all_ if f["filing_uuid"] not in gone))
        with lobbyx.open(build(tmp_path / f"{number}.db", file)) as ledger:
            for judged in reports if how == "all" else [report]:
                for claim in true_claims(judged):
                    verdict = ledger.judge(claim, "2026-01-01")
                    outcomes[verdict.verdict] = outcomes.get(verdict.verdict, 0) + 1
                    assert verdict.verdict in ("unverifiable", "supported", "within_rounding"), (
                        claim,
                        verdict.explanation,
                    )
                    if verdict.reason in ("undetermined", "no_reports"):
                        assert "lobbyx fetch --client" in verdict.explanation
    assert outcomes["unverifiable"] > 20
    assert bool(withheld) == (how == "all")


def test_with_the_report_on_file_true_claims_are_borne_out(tmp_path: Path) -> None:
    with lobbyx.open(build(tmp_path / "all.db", FILE)) as ledger:
        outcomes: dict[str, int] = {}
        for report in own_reports():
            for claim in true_claims(report):
                verdict = ledger.judge(claim, "2026-01-01")
                assert verdict.verdict != "refuted", (claim, verdict.explanation)
                outcomes[verdict.verdict] = outcomes.get(verdict.verdict, 0) + 1
        assert outcomes["supported"] > 4 * outcomes.get("unverifiable", 0)
