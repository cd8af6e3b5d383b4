"""One organization beside another: by the same dates, with itself, and with nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

import lobbyx

pytestmark = pytest.mark.filterwarnings("ignore")


def ask(path: Path, address: str) -> Any:
    async def asked() -> Any:
        datasette = Datasette([str(path)])
        await datasette.invoke_startup()
        return await datasette.client.get(address)

    return asyncio.run(asked())


def test_two_organizations_stand_side_by_side(samples_built: Path) -> None:
    with lobbyx.open(samples_built) as ledger:
        query = "SELECT organization_id, count(*) AS n FROM ledger_lines GROUP BY 1 ORDER BY n DESC, 1 LIMIT 2"
        one, other = (row[0] for row in ledger.db.execute(query))
        names = [ledger.organization(f"#{number}").name for number in (one, other)]
        sums = [ledger.total(f"#{number}").methods["lda"].reported for number in (one, other)]
    answer = ask(samples_built, f"/-/lobbyx/organization/{one}.json?compare=%23{other}").json()
    assert answer["compare"]["organization"]["id"] == other
    assert answer["methods"]["lda"]["reported"] == sums[0]
    page = ask(samples_built, f"/-/lobbyx/organization/{one}?compare=%23{other}").text
    assert "Comparison" in page
    assert all(name.split()[0] in page for name in names)


def test_compared_with_itself_or_nobody(coupang_db: Path) -> None:
    page = ask(coupang_db, "/-/lobbyx/organization/1?compare=Coupang")
    assert page.status_code == 200
    assert "That is this organization itself" in page.text
    nobody = ask(coupang_db, "/-/lobbyx/organization/1?compare=<b>Nobody</b>")
    assert nobody.status_code == 400
    assert "<b>Nobody" not in nobody.text
