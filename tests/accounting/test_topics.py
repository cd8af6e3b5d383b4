"""What the filings say about a topic: who named it when, who began, who left off, before whom, through whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import lobbyx
from lobbyx.accounting import mentions, topics
from lobbyx.accounting.topics import Chosen
from lobbyx.database import connection
from lobbyx.model.period import Window
from lobbyx.model.topic import read_topic
from tests.conftest import filing

Load = Callable[..., lobbyx.Ledger]
QUARTERS = {
    "Q1": ("first_quarter", 4),
    "Q2": ("second_quarter", 7),
    "Q3": ("third_quarter", 10),
    "Q4": ("fourth_quarter", 12),
}
AGENCIES = {1: "SENATE", 2: "HOUSE OF REPRESENTATIVES"}


def report(
    number: int, quarter: str, *descriptions: str, client: str = "ACME", firm: str = "FIRM ONE", **more: Any
) -> dict[str, Any]:
    """A quarterly report of a firm for a client in 2023; amendments are `kind="1A"` and so on."""
    period, month = QUARTERS[quarter]
    kind = more.get("kind", quarter)
    code, agencies = more.get("code", "TEC"), more.get("agencies", (2,))
    activities = [
        {
            "general_issue_code": code,
            "general_issue_code_display": None,
            "description": text,
            "foreign_entity_issues": None,
            "lobbyists": [],
            "government_entities": [{"id": i, "name": AGENCIES[i]} for i in agencies],
        }
        for text in descriptions
    ]
    return filing(
        number,
        filing_type=kind,
        filing_year=2023,
        filing_period=period,
        income="50000.00",
        dt_posted=f"2023-{month:02}-{more.get('day', 15)}T10:00:00-05:00",
        client__name=client,
        client__id=1000 + sum(map(ord, client)),
        registrant__name=firm,
        registrant__id=2000 + sum(map(ord, firm)),
        lobbying_activities=activities,
    )


def found(ledger: lobbyx.Ledger, text: str, window: Window | None = None, **chosen: Any) -> dict[str, Any]:
    return topics.topic(ledger.db, read_topic(text), window or Window(), Chosen(**chosen))


def test_a_replaced_report_is_not_counted(load: Load) -> None:
    ledger = load(
        report(1, "Q1", "Net neutrality"),
        report(2, "Q1", "Net neutrality, and rules for it", kind="1A", day=20),
        report(3, "Q2", "Net-neutrality"),
        report(4, "Q2", "Spectrum", kind="2A", day=20),
    )
    said = found(ledger, "net neutrality")
    # The amended Q2 report names it no more.
    assert (said["reports"], said["superseded_reports"], said["organizations"]) == (1, 2, 1)
    assert [one["filing_uuid"][-1] for one in said["filings"]] == ["2"]
    assert [(p["period"], p["reports"]) for p in said["periods"]] == [("2023 Q1", 1)]


def test_registrations_are_counted_apart(load: Load) -> None:
    registration = filing(9) | {
        "lobbying_activities": report(8, "Q1", "Net neutrality")["lobbying_activities"],
        "filing_year": 2023,
        "dt_posted": "2023-01-10T09:00:00-05:00",
    }
    said = found(load(registration, report(1, "Q1", "Net neutrality")), "net neutrality")
    assert (said["reports"], said["registrations"], said["organizations"]) == (1, 1, 2)
    (first,) = said["periods"]
    assert (first["reports"], first["registrations"], first["organizations"]) == (1, 1, 2)
    behind = found(load(), "net neutrality", form="registration")
    assert [one["form"] for one in behind["filings"]] == ["registration"]


def test_organizations_are_counted_once_whoever_files(load: Load) -> None:
    ledger = load(
        report(1, "Q1", "Net neutrality"),
        report(2, "Q1", "net neutrality", "Net Neutrality again", client="ACME, INC.", firm="FIRM TWO"),
        report(3, "Q1", "Neutrality of the net", client="OTHER"),
    )
    said = found(ledger, "net neutrality")
    assert (said["reports"], said["organizations"]) == (2, 1)
    assert said["most"][0]["filings"] == 2
    assert {(one["firm"], one["filings"], one["organizations"]) for one in said["firms"]} == {
        ("FIRM ONE", 1, 1),
        ("FIRM TWO", 1, 1),
    }


def test_who_began_and_who_left_off(load: Load) -> None:
    ledger = load(
        report(1, "Q1", "Spectrum", client="BEGINS"),
        report(2, "Q2", "Net neutrality", client="BEGINS"),
        report(3, "Q1", "Net neutrality", client="ENDS"),
        report(4, "Q2", "Spectrum", client="ENDS"),
        report(5, "Q1", "Net neutrality", client="SILENT"),  # no later report: nothing says it stopped
        report(6, "Q1", "Net neutrality", client="UNSAID"),
        report(7, "Q2", client="UNSAID"),  # a later report without its activities says nothing
        report(8, "Q1", "Net neutrality", client="RESTS"),
        report(9, "Q2", client="RESTS", kind="Q2Y"),  # one that says that there was no activity does
    )
    said = found(ledger, "net neutrality")
    began = {one["organization"].upper(): (one["period"], one["reported_before"]) for one in said["started"]}
    assert began["BEGINS"] == ("2023 Q2", True)
    assert began["ENDS"] == ("2023 Q1", False)
    assert (said["started_in_all"], said["started_known"], said["started"][0]["reported_before"]) == (5, 1, True)
    left = {one["organization"].upper(): (one["period"], one["not_since_through"]) for one in said["stopped"]}
    assert left == {"ENDS": ("2023 Q1", None), "RESTS": ("2023 Q1", None)}
    later = found(ledger, "net neutrality", Window(date(2023, 4, 1), None))
    assert [one["organization"].upper() for one in later["started"]] == ["BEGINS"]
    assert later["stopped"] == []


def test_that_it_was_not_named_since_is_said_only_where_all_is_on_file(load: Load) -> None:
    ledger = load(
        report(1, "Q1", "Net neutrality"), report(2, "Q2", "Spectrum"), report(3, "Q3", "Spectrum", client="NEWER")
    )
    (left,) = found(ledger, "net neutrality")["stopped"]
    assert left["not_since_through"] is None
    ledger.db.execute(
        "INSERT INTO coverage (endpoint, filters, posted_to, count, received, checked_at, source) "
        "VALUES ('filings', '{}', '2023-10-31', 3, 3, '2023-11-01T00:00:00Z', 'a test')"
    )
    said = found(ledger, "net neutrality")
    assert said["stopped"][0]["not_since_through"] == "2023-10-31"
    assert said["periods"][0]["complete"]
    ledger.db.execute("UPDATE coverage SET posted_to = '2023-07-10'")  # before the next report was due
    assert found(ledger, "net neutrality")["stopped"][0]["not_since_through"] is None


def test_agencies_are_those_of_the_same_activities(load: Load) -> None:
    one = report(1, "Q1", "Net neutrality", agencies=(1,))
    one["lobbying_activities"] += report(1, "Q1", "Spectrum", agencies=(2,))["lobbying_activities"]
    said = found(load(one, report(2, "Q2", "Net neutrality", agencies=(1, 2))), "net neutrality")
    assert {one["name"]: one["filings"] for one in said["agencies"]} == {"SENATE": 2, "HOUSE OF REPRESENTATIVES": 1}
    house = next(one["id"] for one in said["agencies"] if one["name"].startswith("HOUSE"))
    behind = found(load(), "net neutrality", agency=house)
    assert [one["filing_uuid"][-1] for one in behind["filings"]] == ["2"]


@pytest.mark.parametrize("written", ["HR 3962", "H.R.3962", "H. R. 3962", "hearing on HR3962; S. 5", "H.R. No. 3962"])
def test_a_bill_is_found_however_it_is_written(load: Load, written: str) -> None:
    said = found(load(report(1, "Q1", written), report(2, "Q2", "S. 3962", "H.R. 39620", "H.Res. 3962")), "H.R. 3962")
    assert (said["topic"]["kind"], said["reports"]) == ("bill", 1)
    passage = said["filings"][0]["passage"]
    ((start, end),) = passage["marks"]
    assert "3962" in passage["text"][start:end]


def test_a_general_issue_needs_no_description(load: Load) -> None:
    ledger = load(report(1, "Q1", "Words", code="TRD"), report(2, "Q2", "trade", code="TEC"))
    assert found(ledger, "TRD")["reports"] == 1
    assert found(ledger, "TRD")["filings"][0]["period"] == "2023 Q1"
    assert topics.topic(ledger.db, read_topic("TRD", "words"), Window())["reports"] == 0


@pytest.mark.parametrize(
    "hostile", ["", '"', "*", "NEAR(", "a AND", "' OR 1=1", "^tax", "description:tax", "!!!", "망 중립성", "x" * 20_000]
)
def test_no_query_is_an_error(coupang: lobbyx.Ledger, hostile: str) -> None:
    said = found(coupang, hostile)
    assert (said["reports"], said["periods"], said["started"]) == (0, [], [])


def test_each_number_is_that_of_the_filings_behind_it(coupang: lobbyx.Ledger) -> None:
    said = topics.topic(coupang.db, read_topic("export", "words"), Window())
    assert said["reports"] > 10
    for period in said["periods"]:
        for form, number in (("report", period["reports"]), ("registration", period["registrations"])):
            assert found(coupang, "export", period=period["period"], form=form)["filings_in_all"] == number
    for row in said["agencies"]:
        assert found(coupang, "export", agency=row["id"])["filings_in_all"] == row["filings"]
    for row in said["firms"]:
        assert found(coupang, "export", firm=row["firm_id"])["filings_in_all"] == row["filings"]
    for row in said["most"]:
        assert found(coupang, "export", organization=row["organization_id"])["filings_in_all"] == row["filings"]
    assert "amount" not in json.dumps(said)


def test_a_common_topic_shows_the_newest_and_says_so(samples_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(connection.connect(samples_db)) as db:
        whole = topics.topic(db, read_topic("and"), Window())
        assert whole["counted_since"] is None
        monkeypatch.setattr(mentions, "MOST", 10)
        some = topics.topic(db, read_topic("and"), Window())
        assert 10 <= some["reports"] + some["registrations"] < whole["reports"] + whole["registrations"]
        since = some["counted_since"]
        assert since
        assert [p for p in whole["periods"] if p["start"] >= since] == [
            {**p, "started": q["started"]}
            for p, q in zip(some["periods"], [p for p in whole["periods"] if p["start"] >= since], strict=True)
        ]
        assert (some["started"], some["stopped"]) == (None, None)  # earlier filings were not looked at
        monkeypatch.setattr(mentions, "GAP", 0)  # each activity read by itself
        assert topics.topic(db, read_topic("and"), Window()) == some
        old = topics.topic(db, read_topic("and"), Window(None, date(2010, 12, 31)))
        assert {p["period"][:2] for p in old["periods"]} <= {"19", "20"}
        assert all(p["end"] <= "2010-12-31" for p in old["periods"])
