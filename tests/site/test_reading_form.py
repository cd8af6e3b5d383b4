"""How a claim was read, as a form: there and back, what it refuses, and the page that judges it again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import lobbyx
from lobbyx.model.claim import Claim
from lobbyx.model.errors import LobbyxError
from lobbyx.site import reading_form
from tests.site.test_site import Site

pytestmark = pytest.mark.filterwarnings("ignore")

SENTENCES = [
    "Coupang spent $3.31 million on lobbying in 2024.",
    "Coupang has spent at least $10 million on lobbying since August 2021.",
    "Coupang has spent $8.6 million on lobbying since August 2021.",
    "Coupang spent $560,000 on lobbying in 2024.",
    "Coupang spent nearly $3.5 million on lobbying in 2024.",
    "Coupang spent more than $1,000,000 on lobbying in the fourth quarter of 2024.",
    "Coupang's lobbying spending rose 131% in 2024 from 2023.",
    "Coupang had 12 lobbyists in 2024.",
    "Coupang hired Ballard Partners to lobby in 2025.",
    "Coupang lobbied on H.R. 4687 in 2024.",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_reading_goes_into_the_form_and_back(coupang: lobbyx.Ledger, sentence: str) -> None:
    (claim,) = lobbyx.extract(sentence, "2025-12-25")
    read = {**claim.json(), "precision": claim.precision}
    again = reading_form.claim_of(reading_form.fields_of(read, "2025-12-25"))
    kept = ("kind", "org", "value", "precision", "comparator", "window", "high")
    assert [getattr(again, name) for name in kept] == [getattr(claim, name) for name in kept]
    before, after = coupang.judge(claim, "2025-12-25"), coupang.judge(again, "2025-12-25")
    assert (after.verdict, after.holds_under, after.totals) == (before.verdict, before.holds_under, before.totals)


@pytest.mark.parametrize(
    ("fields", "kind", "detail"),
    [
        ({"kind": "outside", "amount": "$560,000"}, "spend", {"sum": "outside"}),
        ({"kind": "average", "amount": "567,500", "what": "quarter"}, "spend", {"sum": "average", "per": "quarter"}),
        (
            {"kind": "difference", "amount": "1.88M", "than_from": "2023", "than_to": "2023"},
            "spend",
            {"sum": "difference", "direction": "up", "baseline": {"start": "2023-01-01", "end": "2023-12-31"}},
        ),
        (
            {"kind": "less", "amount": "1.04M", "than_from": "2023", "than_to": "2023"},
            "spend",
            {"sum": "difference", "direction": "down", "baseline": {"start": "2023-01-01", "end": "2023-12-31"}},
        ),
        (
            {"kind": "change", "amount": "-31.5%", "than_from": "2023", "than_to": "2023"},
            "change",
            {"baseline": {"start": "2023-01-01", "end": "2023-12-31"}},
        ),
        ({"kind": "rank", "amount": "3", "what": "technology companies"}, "rank", {"group": "technology companies"}),
        ({"kind": "count", "amount": "5", "what": "firms"}, "count", {"counted": "firms"}),
        ({"kind": "hired", "what": "Ballard Partners"}, "hired", {"firm": "Ballard Partners"}),
        ({"kind": "issue", "what": "H.R. 4687"}, "issue", {"bill": "H.R. 4687"}),
        ({"kind": "issue", "what": "export controls"}, "issue", {"topic": "export controls"}),
        ({"kind": "agency", "what": "U.S. Senate"}, "issue", {"agency": "U.S. Senate"}),
    ],
)
def test_every_kind_can_be_chosen(
    coupang: lobbyx.Ledger, fields: dict[str, str], kind: str, detail: dict[str, Any]
) -> None:
    given = {"org": "Coupang", "from": "2024", "to": "2024", **fields}
    claim = reading_form.claim_of(given)
    assert (claim.kind, claim.detail) == (kind, detail)
    shown = reading_form.fields_of({**claim.json(), "precision": claim.precision})
    assert shown["kind"] == fields["kind"]
    back = reading_form.claim_of(shown)
    assert (back.kind, back.detail, back.value, back.precision) == (kind, detail, claim.value, claim.precision)
    assert coupang.judge(claim).explanation


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"org": ""}, "name the organization"),
        ({"kind": "gift"}, "kind is one of"),
        ({"comparator": "roughly"}, "comparator one of"),
        ({"amount": "lots"}, "cannot read the amount"),
        ({"amount": ""}, "give the figure"),
        ({"amount": "9" * 30}, "more than"),
        ({"from": "soon"}, "Accepted forms"),
        ({"from": "2025", "to": "2024"}, "swap the two dates"),
        ({"than_to": "13/2024"}, "Accepted forms"),
        ({"comparator": "between"}, "two figures"),
        ({"comparator": "between", "high": "1M"}, "two figures"),
        ({"kind": "change", "amount": "twice"}, "cannot read the change"),
        ({"kind": "rank", "amount": "first"}, "cannot read the number"),
        ({"kind": "count", "amount": "4", "what": "cats"}, "is not one of lobbyists"),
        ({"kind": "hired", "what": ""}, "name the firm"),
        ({"org": "x" * 301}, "longer than 300 characters"),
    ],
)
def test_a_field_that_cannot_be_read_is_told(coupang_db: Path, fields: dict[str, str], says: str) -> None:
    given = {"org": "Coupang", "kind": "spend", "comparator": "exact", "amount": "$3.31 million", **fields}
    with pytest.raises(LobbyxError, match=re.escape(says)):
        reading_form.claim_of(given)
    answer = Site(coupang_db).get(f"/-/lobbyx/check?{urlencode(given)}")
    assert (answer.status_code, says in answer.text) == (400, True)


def test_a_claim_is_its_own_text() -> None:
    claim = reading_form.claim_of({"org": "Coupang", "amount": "10M", "comparator": "at_least", "from": "2021-08"})
    assert isinstance(claim, Claim)
    assert claim.text == "Coupang: spent on lobbying, in all, at least 10M, since 2021-08-01"
    assert (claim.start, claim.end, claim.value, claim.precision) == (0, len(claim.text), 10_000_000, 1_000_000)


def test_a_wrong_reading_is_mended_and_judged_again(coupang_db: Path) -> None:
    site = Site(coupang_db)
    text = "Coupang spent $3.31 million on lobbying in 2023."
    page = site.get(f"/-/lobbyx/check?{urlencode({'text': text, 'published': '2025-12-25'})}").text
    form = page[page.index('aria-label="How claim 1 was read"') :].split("</form>")[0]
    fields = dict(re.findall(r'<input type="(?:text|hidden)"[^>]* name="([a-z_]+)" value="([^"]*)"', form))
    fields |= {
        name: re.findall(r'value="([a-z_]+)" selected', part)[0]
        for name, part in re.findall(r'<select [^>]*name="([a-z_]+)">(.*?)</select>', form)
    }
    assert (fields["org"], fields["kind"], fields["comparator"]) == ("Coupang", "spend", "exact")
    assert (fields["amount"], fields["from"], fields["to"]) == ("$3.31 million", "2023-01-01", "2023-12-31")
    assert fields["said"] == text
    assert site.json(f"/-/lobbyx/check.json?{urlencode(fields)}")["claims"][0]["verdict"] == "refuted"
    mended = {**fields, "from": "2024", "to": "2024"}
    found = site.json(f"/-/lobbyx/check.json?{urlencode(mended)}")
    assert [c["verdict"] for c in found["claims"]] == ["supported"]
    assert found["claims"][0]["as_of"] == "2025-12-25"
    shown = site.get(f"/-/lobbyx/check?{urlencode(mended)}").text
    assert "Judged as given in the fields" in shown
    assert text in shown
    assert 'value="2024-01-01"' in shown


def test_fields_are_text_on_the_page(coupang_db: Path) -> None:
    evil = '"><script>alert(1)</script>'
    given = {"org": evil, "amount": "1M", "said": evil, "what": evil, "kind": "spend"}
    answer = Site(coupang_db).get(f"/-/lobbyx/check?{urlencode(given)}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    long = Site(coupang_db).get(f"/-/lobbyx/check?{urlencode({**given, 'said': 'x' * 5000})}")
    assert "x" * 401 not in long.text.split("<main")[1]
