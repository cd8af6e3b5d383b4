"""The Senate's archive as the API's records: real excerpts, and files that are broken on purpose."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lobbyx.accounting.reports import posting_time
from lobbyx.lda import bulk_members
from lobbyx.lda.answer import Answer
from lobbyx.lda.bulk_records import Misfit, person, person_key, raw_filing
from lobbyx.lda.bulk_terms import code, government_entity, kinds, negative_id
from lobbyx.lda.files import parts_in, read_file
from lobbyx.lda.records import BrokenRecord, Record
from lobbyx.model.filing_types import filing_types
from lobbyx.model.period import filing_period_span

BULK = Path(__file__).parent.parent / "data" / "bulk"
SAMPLES = BULK.parent / "lda_samples"
MEMBER = "2016_3_7_1.xml"


def read(path: Path) -> tuple[list[Record], Answer]:
    answer = read_file(path)
    return answer.records, answer


def rows(path: Path) -> dict[str, dict[str, Any]]:
    return {str(record.key): dict(zip(*record.row, strict=True)) for record in read(path)[0]}


def text_of(name: str, member: str) -> str:
    with zipfile.ZipFile(BULK / name) as archive:
        return archive.read(member).decode("utf-16")


def zipped(path: Path, **files: bytes | str) -> Path:
    """A zip of these files; text becomes UTF-16 with a byte-order mark."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(f"{name}.xml", body if isinstance(body, bytes) else body.encode("utf-16"))
    return path


# The same filings from both sources -----------------------------------------------------------------------------


def api_filings() -> dict[str, dict[str, Any]]:
    lines = (BULK / "api_2016.jsonl").read_text().splitlines()
    return {raw["filing_uuid"]: raw for raw in map(json.loads, lines)}


def test_a_filing_is_what_the_api_says_it_is() -> None:
    archive, api = rows(BULK / "2016_3.zip") | rows(BULK / "2016_4.zip"), api_filings()
    assert len(api) == 23
    assert api.keys() <= archive.keys()
    for uuid, raw in api.items():
        mine = archive[uuid]
        for name in ("filing_type", "filing_year", "filing_period", "dt_posted", "termination_date"):
            assert mine[name] == raw[name], (uuid, name)
        assert mine["registrant_id"] == raw["registrant"]["id"]


def test_amounts_are_the_apis_on_the_same_line() -> None:
    archive, api = rows(BULK / "2016_3.zip") | rows(BULK / "2016_4.zip"), api_filings()
    seen = 0
    for uuid, raw in api.items():
        for name in ("income", "expenses"):
            theirs = raw[name] and float(raw[name])
            if raw["client"]["name"].startswith("COMMUNITIES IN SCHOOLS"):
                continue  # an in-house filer that gave its expenses on the line for income
            # The archive has whole dollars: 229993.79 is 229994.
            assert archive[uuid][name] == (theirs and round(theirs)), (uuid, name)
            seen += theirs is not None
    assert seen >= 8


def test_issues_agencies_and_lobbyists_are_the_apis() -> None:
    records = {record.key: record for file in ("2016_3.zip", "2016_4.zip") for record in read(BULK / file)[0]}
    seen = 0
    for uuid, raw in api_filings().items():
        mine = {(row[1][0], row[1][1]): (who, bodies) for row, who, bodies in records[uuid].activities or ()}
        theirs = raw["lobbying_activities"]
        assert mine.keys() == {(a["general_issue_code"], a["description"] or None) for a in theirs}
        for activity in theirs:
            who, bodies = mine[activity["general_issue_code"], activity["description"] or None]
            assert {body["id"] for body in activity["government_entities"]} == set(bodies), uuid
            # The archive has them for the whole filing, so each issue has at least its own.
            assert len(who) >= len(activity["lobbyists"])
            seen += 1
    assert seen >= 10


def test_contribution_reports_are_what_the_api_says_they_are() -> None:
    archive = rows(BULK / "2008_2_LD203.zip")
    body = json.loads((SAMPLES / "contributions.json").read_text())["body"]["results"]
    seen = 0
    for raw in body:
        if raw["filing_uuid"] not in archive:
            continue
        seen += 1
        mine = archive[raw["filing_uuid"]]
        for name in ("filing_type", "filing_year", "filing_period", "dt_posted", "filer_type", "no_contributions"):
            assert mine[name] == raw[name], (raw["filing_uuid"], name)
        assert mine["registrant_id"] == raw["registrant"]["id"]
    assert seen == 14


def test_contributions_and_their_refunds() -> None:
    records = read(BULK / "2012_4_LD203.zip")[0]
    items = [dict(zip(*row, strict=True)) for record in records for row in record.lists["contribution_items"]]
    assert {item["contribution_type"] for item in items} <= {"feca", "me", "he", "ple"}
    assert all(len(item["date"]) == 10 for item in items)
    assert min(item["amount"] for item in items) < 0 < max(item["amount"] for item in items)
    assert {dict(zip(*r.row, strict=True))["filer_type"] for r in records} == {"lobbyist", "organization"}


# The early years ------------------------------------------------------------------------------------------------


def test_1999_has_reports_registrations_and_letters() -> None:
    filings = rows(BULK / "1999_4.zip")
    types = [row["filing_type"] for row in filings.values()]
    assert {"MM", "MA", "RR", "YTL", "DOC"} <= set(types)
    assert all(row["dt_posted"].startswith("1999-") for row in filings.values())
    for row in filings.values():
        kind = filing_types()[row["filing_type"]]
        if not kind.is_report:
            assert row["income"] is None
            assert row["expenses"] is None
        else:
            assert row["filing_period"] == kind.filing_period


def test_summer_and_winter_time_of_washington() -> None:
    filings = rows(BULK / "1999_4.zip")
    assert filings["5cefaf0e-3122-4583-928a-025aea784cf1"]["dt_posted"] == "1999-10-01T00:00:00-04:00"
    assert any(row["dt_posted"].endswith("-05:00") for row in filings.values())


def test_lobbyists_without_an_issue_are_kept_in_one_activity() -> None:
    records = read(BULK / "1999_4.zip")[0]
    without = [r for r in records if r.activities and r.activities[0][0][1][0] is None]
    assert len(without) == 2
    assert all(len(r.activities or ()) == 1 and (r.activities or ())[0][1] for r in without)


def test_an_in_house_filer_reports_expenses_whatever_the_mark_says() -> None:
    by_name = [
        (dict(zip(*r.row, strict=True)), people)
        for r in read(BULK / "1999_4.zip")[0]
        if (people := {t: dict(zip(*row, strict=True)) for t, row in r.related})
    ]
    marked = [row for row, people in by_name if people.get("clients", {}).get("client_self_select")]
    unmarked = [
        row
        for row, people in by_name
        if not people.get("clients", {"client_self_select": True})["client_self_select"] and row["expenses"]
    ]
    assert marked
    assert unmarked
    assert not any(row["income"] for row in marked + unmarked)


def test_an_impossible_date_is_kept_and_the_due_date_counts(tmp_path: Path) -> None:
    text = text_of("1999_4.zip", "1999_4_10_1.xml").replace("1999-10-01T00:00:00", "1969-12-31T00:00:00", 1)
    row = rows(zipped(tmp_path / "1999_4.zip", a=text))["5cefaf0e-3122-4583-928a-025aea784cf1"]
    assert row["dt_posted"] == "1969-12-31T00:00:00-05:00"
    posted, is_due_date = posting_time(row["dt_posted"], filing_period_span(1999, "mid_year"))
    assert is_due_date
    assert posted.date().isoformat() == "1999-08-14"


@pytest.mark.parametrize(
    ("year", "received", "effective", "expected"),
    [
        ("1999", "1999-10-01T00:00:00", "", "year_end"),
        ("1999", "1999-06-30T00:00:00", "", "mid_year"),
        ("2002", "2003-01-02T00:00:00", "", "year_end"),
        ("2000", "1999-12-21T00:00:00", "", "mid_year"),
        ("2007", "2007-12-10T13:48:09", "2007-05-01T00:00:00", "mid_year"),
        ("2016", "2016-07-14T10:00:00", "2016-05-01T00:00:00", "second_quarter"),
        ("2016", "2016-07-14T10:00:00", "2015-05-01T00:00:00", "third_quarter"),
        ("2016", "2016-12-31T23:59:59", "", "fourth_quarter"),
    ],
)
def test_the_period_of_a_registration(year: str, received: str, effective: str, expected: str) -> None:
    filing = {
        "ID": "5CEFAF0E-3122-4583-928A-025AEA784CF1",
        "Year": year,
        "Received": received,
        "Type": "REGISTRATION",
        "RegistrationEffectiveDate": effective,
    }
    inside = {
        "Registrant": [{"RegistrantID": "1", "RegistrantName": "A"}],
        "Client": [{"ClientID": "12", "ClientName": "B"}],
    }
    assert raw_filing(filing, inside)[1]["filing_period"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("15000                         ", 15_000), ("$1,500.50", 1500.5), ("51%", 51), ("", None), ("VARIES", None)],
)
def test_a_foreign_entitys_share_in_words_costs_no_filing(text: str, expected: float | None, tmp_path: Path) -> None:
    xml = text_of("2016_3.zip", MEMBER)
    place = xml.index('ForeignEntityContribution="') + len('ForeignEntityContribution="')
    xml = xml[:place] + text + xml[xml.index('"', place) :]
    entities = [row for r in read(zipped(tmp_path / "a.zip", a=xml))[0] for row in r.lists.get("foreign_entities", ())]
    assert dict(zip(*entities[0], strict=True))["contribution"] == expected


# Words and names ------------------------------------------------------------------------------------------------


def test_every_type_of_the_api_has_its_words() -> None:
    known = kinds().values()
    assert {kind.filing_type for kind in known if not kind.is_contribution} == set(filing_types())
    assert {kind.filing_type for kind in known if kind.is_contribution} == {"MM", "MA", "YY", "YA"}
    for kind in known:
        its = filing_types()[kind.filing_type]
        assert kind.filing_period == its.filing_period or its.stage == "letter"


@pytest.mark.parametrize(
    ("table", "name", "expected"),
    [
        ("issue_codes", "TAXATION/INTERNAL REVENUE CODE", "TAX"),
        ("issue_codes", " taxation/internal  revenue code", "TAX"),
        ("issue_codes", "Moon Mining", "MOON MINING"),
        ("countries", "USA", "US"),
        ("countries", "UNDETERMINED", None),
        ("countries", "ENGLAND", "GB"),
        ("states", "DISTRICT OF COLUMBIA", "DC"),
        ("states", "", None),
    ],
)
def test_codes_of_names(table: str, name: str, expected: str | None) -> None:
    assert code(table, name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SENATE", 1),
        ("Army, Dept of (Other) ", 26),
        ("Natl Telecommunications & Information Administrati", 112),
        ("Small Business Adminstration (SBA)", 90),
        ("Bureau of Citizenship & Immigration Services (BCIS", 154),
    ],
)
def test_agencies_by_name(name: str, expected: int) -> None:
    found, shown = government_entity(name)
    assert shown == name.strip()
    assert found == expected or (name.startswith("Army") and found > 0)


def test_an_agency_the_api_does_not_know_gets_the_same_id_every_time() -> None:
    assert government_entity("Bureau of Moons")[0] == government_entity("BUREAU OF  MOONS")[0] < 0


@pytest.mark.parametrize(
    ("name", "first", "middle", "last", "suffix", "nickname"),
    [
        ("BENN, DAVID RANDALL", "DAVID", "RANDALL", "BENN", None, None),
        ("Howard, John L Jr.", "JOHN", "L", "HOWARD", "jr", None),
        ('BULLOCK, STANTON "TONY"', "STANTON", None, "BULLOCK", None, "TONY"),
        ("BAFALIS, LOUIS A (SKIP", "LOUIS", "A", "BAFALIS", None, "SKIP"),
        ("ESCUDERO MELISSA", None, None, "ESCUDERO MELISSA", None, None),
        ("MA, V", "V", None, "MA", None, None),
    ],
)
def test_a_lobbyist_by_name(
    name: str, first: str | None, middle: str | None, last: str, suffix: str | None, nickname: str | None
) -> None:
    found = person(1, name)
    assert [found[n] for n in ("first_name", "middle_name", "last_name", "suffix", "nickname")] == [
        first,
        middle,
        last,
        suffix,
        nickname,
    ]
    assert found["id"] == negative_id("lobbyist", 1, person_key(last, first, middle, suffix))
    assert found["id"] != person(2, name)["id"]


def test_own_ids_are_below_zero_and_whole_in_javascript() -> None:
    for number in range(1_000):
        assert -(2**53) < negative_id("client", number, "12") < 0


# Files that are broken ------------------------------------------------------------------------------------------


def second_filing(text: str) -> tuple[int, int]:
    start = text.index("<Filing ", text.index("<Filing ") + 1)
    return start, text.index("</Filing>", start) + len("</Filing>")


def with_forbidden_character(text: str) -> str:
    start, _ = second_filing(text)
    place = text.index("RegistrantName=", start) + len('RegistrantName="')
    return text[:place] + "\x1f" + text[place:]


def with_forbidden_reference(text: str) -> str:
    return with_forbidden_character(text).replace("\x1f", "&#x1F;")


def with_half_a_character(text: str) -> str:
    return with_forbidden_character(text).replace("\x1f", "\ud800")


@pytest.mark.parametrize("spoil", [with_forbidden_character, with_forbidden_reference, with_half_a_character])
def test_one_filing_that_does_not_parse_is_named_and_the_others_are_kept(
    spoil: Callable[[str], str], tmp_path: Path
) -> None:
    text = text_of("2016_3.zip", MEMBER)
    whole = len(read(zipped(tmp_path / "whole.zip", a=text))[0])
    start, _ = second_filing(text)
    lost = text[start:].partition('ID="')[2][:36]
    body = spoil(text).encode("utf-16", "surrogatepass")
    records, answer = read(zipped(tmp_path / "2003_1.zip", a=body))
    assert len(records) == whole - 1
    assert lost.lower() not in {record.key for record in records}
    (problem,) = answer.left_out
    line = text.count("\n", 0, start) + 1
    assert problem.startswith(f"2003_1.zip: a.xml: line {line}: filing {lost} left out")
    assert problem.endswith(f"{whole - 1} other filings of this file were kept")


@pytest.mark.parametrize("size", [0.9, 0.5, 0.51])
def test_a_file_that_is_cut_keeps_what_came_before(size: float, tmp_path: Path) -> None:
    text = text_of("2016_3.zip", MEMBER)
    body = text.encode("utf-16")
    cut = body[: int(len(body) * size)]
    complete = cut[: len(cut) // 2 * 2].decode("utf-16").count("</Filing>")
    records, answer = read(zipped(tmp_path / "2003_1.zip", whole=text, cut=cut))
    assert len(records) == text.count("</Filing>") + complete
    (problem,) = answer.left_out
    assert problem.startswith("2003_1.zip: cut.xml: line ")
    assert f"{complete} other filings" in problem


def test_a_member_that_does_not_unpack_to_its_end(tmp_path: Path) -> None:
    text = text_of("2016_3.zip", MEMBER)
    path = zipped(tmp_path / "a.zip", broken=text, whole=text_of("2016_3.zip", "2016_3_8_1.xml"))
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("broken.xml")
    body = bytearray(path.read_bytes())
    middle = entry.header_offset + entry.compress_size // 2
    body[middle : middle + 40] = b"\xff" * 40
    path.write_bytes(body)
    records, answer = read(path)
    assert len(records) >= 14
    assert any("broken.xml" in problem and "unpacked" in problem for problem in answer.left_out)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (r'Type="SECOND QUARTER TERMINATION"', 'Type="FIFTH QUARTER REPORT"', "not a type this version knows"),
        ('ID="', 'ID="no', "filing_uuid"),
        ('Year="2016"', 'Year="MMXVI"', "whole number"),
        ('Year="2016"', 'Year="3016"', "filing_year"),
        ('Received="2016', 'Received="20-16', "not a date"),
        ('RegistrantID="', 'RegistrantID="x', "whole number"),
        ('RegistrantName="', 'RegistrantName="" Old="', "registrant.name"),
        ("<Client ", "<Customer ", "no client"),
        ("<Registrant ", "<Lobbyist ", "no registrant"),
        ('Amount="', 'Amount="ten', "is not an amount"),
    ],
)
def test_a_filing_that_does_not_fit_is_listed_and_the_others_kept(
    old: str, new: str, says: str, tmp_path: Path
) -> None:
    text = text_of("2016_3.zip", MEMBER)
    assert old in text
    records, answer = read(zipped(tmp_path / "a.zip", a=text.replace(old, new, 1)))
    assert len(records) == text.count("</Filing>") - 1
    (problem,) = answer.left_out
    assert says in problem


def test_unknown_attributes_are_told(tmp_path: Path) -> None:
    text = text_of("2016_3.zip", MEMBER).replace("<Client ", '<Client Planet="Mars" ', 1)
    assert read(zipped(tmp_path / "a.zip", a=text))[1].unknown_fields == ["Client.Planet"]


def test_an_xml_file_out_of_a_zip(tmp_path: Path) -> None:
    (tmp_path / MEMBER).write_bytes(text_of("2016_3.zip", MEMBER).encode("utf-16"))
    assert len(read(tmp_path / MEMBER)[0]) == 14
    (tmp_path / "plain.xml").write_text(text_of("2016_3.zip", MEMBER))  # converted, still declared as UTF-16
    assert len(read(tmp_path / "plain.xml")[0]) == 14


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.zip", b"not a zip", "not a zip file"),
        ("a.zip", (BULK / "2016_3.zip").read_bytes()[:5_000], "not a zip file"),
        ("a.xml", b"", "empty"),
        ("a.xml", b"<a/>", "no filing of the Senate's archive"),
        ("a.xml", b"\x00\x01", "no filing of the Senate's archive"),
        ("a.xml", "<PublicFilings/>".encode("utf-16"), "no filing of the Senate's archive"),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><PublicFilings/>', "document type"),
        ("a.xml", '<!DOCTYPE a SYSTEM "b"><PublicFilings/>'.encode("utf-16"), "document type"),
    ],
)
def test_files_of_which_nothing_can_be_loaded(name: str, body: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(BrokenRecord, match=says) as caught:
        read(tmp_path / name)
    assert name in str(caught.value)


def test_a_zip_without_xml(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
        archive.writestr("__MACOSX/._a.xml", "hello")
    with pytest.raises(BrokenRecord, match=r"holds no \.xml"):
        read(tmp_path / "a.zip")
    assert parts_in(tmp_path / "a.zip") == 1


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    good = text_of("2016_3.zip", MEMBER)
    bomb = b"<PublicFilings>" + b" " * (bulk_members.LARGEST_MEMBER + 10)
    records, answer = read(zipped(tmp_path / "a.zip", bomb=bomb, good=good))
    assert len(records) == 14
    (problem,) = answer.left_out
    assert "bomb.xml" in problem
    assert "not read" in problem


def test_bounds_of_size_and_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = text_of("2016_3.zip", MEMBER)
    path = zipped(tmp_path / "a.zip", a=good, b=good)
    assert parts_in(path) == 2
    monkeypatch.setattr(bulk_members, "LARGEST_ZIP", len(good) * 3)
    with pytest.raises(BrokenRecord, match="unpacks to more than"):
        read(path)
    monkeypatch.setattr(bulk_members, "MOST_MEMBERS", 1)
    with pytest.raises(BrokenRecord, match="holds more than 1 files"):
        read(path)
    monkeypatch.undo()
    monkeypatch.setattr(bulk_members, "LARGEST_MEMBER", 1_000)
    with pytest.raises(BrokenRecord, match=r"a\.xml: unpacks to more than"):
        read(path)


def test_a_date_of_any_year_is_no_reason_to_stop() -> None:
    filing = {"ID": "x", "Year": "1999", "Received": "0001-01-01T00:00:00", "Type": "MID-YEAR REPORT"}
    inside = {
        "Registrant": [{"RegistrantID": "1", "RegistrantName": "A"}],
        "Client": [{"ClientID": "12", "ClientName": "B"}],
    }
    posted = datetime.fromisoformat(raw_filing(filing, inside)[1]["dt_posted"])
    assert posted.utcoffset() is not None
    with pytest.raises(Misfit):
        raw_filing({**filing, "Received": "yesterday"}, inside)


@pytest.mark.parametrize(("attribute", "field"), [("ClientName", "client.name"), ("RegistrantName", "registrant.name")])
def test_a_filing_that_does_not_say_whose_it_is_is_listed_and_the_others_stay(
    attribute: str, field: str, tmp_path: Path
) -> None:
    nameless = re.sub(rf'{attribute}="[^"]+"', f'{attribute}=" "', text_of("2016_3.zip", MEMBER), count=1)
    (tmp_path / MEMBER).write_bytes(nameless.encode("utf-16"))
    records, answer = read(tmp_path / MEMBER)
    assert len(records) == 13
    (problem,) = answer.left_out
    assert field in problem
