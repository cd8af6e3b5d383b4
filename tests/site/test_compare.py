"""One organization beside another: by the same dates, with itself, and with nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

import lobbyx
from lobbyx.site import comparison

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


def test_with_itself_under_another_name_or_its_number(coupang_db: Path) -> None:
    for name in ("%231", "COUPANG", "쿠팡"):
        page = ask(coupang_db, f"/-/lobbyx/organization/1?compare={name}")
        assert page.status_code == 200
        assert 'id="lx-section-compare"' not in page.text
        assert ask(coupang_db, f"/-/lobbyx/organization/1.json?compare={name}").json()["compare"] is None
    korean = ask(coupang_db, "/-/lobbyx/organization/1?compare=Coupang&lang=ko").text
    assert "같은 단체입니다." in korean


def test_a_member_stands_beside_its_group(samples_built: Path) -> None:
    with lobbyx.open(samples_built) as ledger:
        number = ledger.organization("Microsoft").id
        total = ledger.total("Big Tech", "1998", "2024", "2025-06-30")
        year = ledger.total("Big Tech", "1999", "1999", "2025-06-30")
    dates = "since=1998&until=2024&as_of=2025-06-30"
    said = ask(samples_built, f"/-/lobbyx/organization/{number}.json?compare=Big+Tech&{dates}").json()
    beside = said["compare"]
    assert beside["methods"] == {method: count.json() for method, count in total.methods.items()}
    assert beside["group"] == {"name": "Big Tech", "name_ko": "빅테크", "counted": 1, "place": 1}
    assert [one["year"] for one in beside["years"]] == [one["year"] for one in said["years"]]
    (then,) = (one for one in beside["years"] if one["year"] == 1999)
    assert then["reported"] == year.methods["lda"].json()["reported"] > 0
    for language, place, name in (("en", "number 1 by what is on file", "Big Tech"), ("ko", "1위입니다", "빅테크")):
        page = ask(samples_built, f"/-/lobbyx/organization/{number}?compare=Big+Tech&{dates}&lang={language}").text
        part = page.split('id="lx-section-compare"', 1)[1].split("</table>", 1)[0]
        assert place in part
        assert f">{name}</a>" in part
        assert 'href="/-/lobbyx/group?name=Big%20Tech&amp;since=1998-01-01&amp;until=2024-12-31"' in part


def test_a_large_group_is_compared_over_the_whole_window_alone(
    samples_built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = two(samples_built)
    said = ask(samples_built, f"/-/lobbyx/organization/{one}.json?compare=country:US").json()["compare"]
    assert said["group"]["counted"] > 1
    assert said["years"]
    monkeypatch.setattr(comparison, "MOST_BY_YEAR", 3)
    larger = ask(samples_built, f"/-/lobbyx/organization/{one}.json?compare=country:US").json()["compare"]
    assert larger == {**said, "years": []}
    page = ask(samples_built, f"/-/lobbyx/organization/{one}?compare=country:US").text
    assert 'href="/-/lobbyx/group?name=country%3AUS"' in page


@pytest.mark.parametrize(
    ("given", "english", "korean"),
    [
        ("issue:TRD", "there is no total by issue", "주제별 합계는 낼 수 없습니다"),
        ("country:QQ", "no country has the code", "나라 코드 ‘QQ’는 없습니다"),
    ],
)
def test_what_has_no_money_is_not_compared(coupang_db: Path, given: str, english: str, korean: str) -> None:
    answer = ask(coupang_db, f"/-/lobbyx/organization/1.json?compare={given}")
    assert answer.status_code == 400
    assert english in answer.json()["error"]
    assert korean in ask(coupang_db, f"/-/lobbyx/organization/1?compare={given}&lang=ko").text


def test_nothing_to_compare_with_is_no_comparison(coupang_db: Path) -> None:
    for given in ("", "+", "%20%20"):
        page = ask(coupang_db, f"/-/lobbyx/organization/1?compare={given}").text
        assert 'id="lx-section-compare"' not in page
        assert "That is this organization itself" not in page
    for number in ("%230", "%23999999999", "%23-1", "a" * 5000):
        assert ask(coupang_db, f"/-/lobbyx/organization/1?compare={number}").status_code == 400, number


def two(path: Path) -> tuple[int, int]:
    """The two organizations with the most reports on file."""
    with lobbyx.open(path) as ledger:
        query = "SELECT organization_id FROM ledger_lines GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 2"
        one, other = (row[0] for row in ledger.db.execute(query))
        return one, other


def test_years_of_both_by_the_same_dates_and_day(samples_built: Path) -> None:
    one, other = two(samples_built)
    dates = "since=2000&until=2023&as_of=2024-12-31"
    said = ask(samples_built, f"/-/lobbyx/organization/{one}.json?compare=%23{other}&{dates}").json()
    alone = ask(samples_built, f"/-/lobbyx/organization/{other}.json?{dates}").json()
    assert said["compare"]["years"] == alone["years"]
    assert said["compare"]["determined"] == alone["determined"]
    for method, count in said["compare"]["methods"].items():
        assert {name: alone["methods"][method][name] for name in count} == count


def test_a_comparison_in_korean(samples_built: Path) -> None:
    one, other = two(samples_built)
    page = ask(samples_built, f"/-/lobbyx/organization/{one}?compare=%23{other}&lang=ko").text
    part = page.split('id="lx-section-compare"', 1)[1].split("</table>", 1)[0]
    assert "같은 기간을 법이 정한 집계로 비교했습니다." in part
    assert "합계" in part
    assert "달러" in part
    assert "$" not in part
    assert f'href="/-/lobbyx/organization/{other}"' in part
    assert 'href="#lx-section-compare"' in page
