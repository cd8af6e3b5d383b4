"""Groups: who belongs to one, what its members spent together, and claims about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

import lobbyx
from lobbyx.cli.main import cli
from lobbyx.model.period import Window
from lobbyx.organizations import groups
from lobbyx.organizations.knowledge import shipped as known_names
from lobbyx.render import text
from lobbyx.verdicts.groups import NoMoneyByIssue, inside
from tests.conftest import covered
from tests.verdicts.test_determined import NOTHING, claim
from tests.verdicts.test_kinds import activity, report

MEMBERS = (
    (1, "AMAZON.COM, INC.", 100_000),
    (2, "APPLE INC.", 200_000),
    (3, "GOOGLE LLC", 300_000),
    (4, "MICROSOFT CORPORATION", 400_000),
)


@pytest.fixture
def tech(load: Callable[..., lobbyx.Ledger]) -> Iterator[lobbyx.Ledger]:
    """Four members of Big Tech with four reports each of 2024; Meta is not on file, Acme is no member."""
    filings = []
    for n, name, amount in (*MEMBERS, (9, "ACME WIDGETS", 900_000)):
        who: dict[str, Any] = {
            "registrant__id": n, "registrant__name": name, "client__id": n, "client__name": name,
            "lobbying_activities": [activity("Export promotion.", [])],
        }  # fmt: skip
        if n == 9:
            who |= {"client__country": "KR", "client__country_display": "South Korea"}
        filings += [report(10 * n + q, 2024, q, amount=amount, **who) for q in (1, 2, 3, 4)]
    with load(*filings) as opened:
        yield opened


def test_every_member_is_a_known_organization_and_every_name_means_one_group() -> None:
    keys = known_names().by_key
    names = [groups.plain(n) for g in groups.shipped().values() for n in (g.name, *g.spoken)]
    assert len(names) == len(set(names))
    for group in groups.shipped().values():
        assert bool(group.members) != bool(group.country)
        for member in group.members:
            assert member.name in keys
            assert (member.basis == "document") == member.source.startswith("http")


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Big Tech", True), ("the big-tech", True), ("빅테크", True), ("빅테크 기업들", True), ("한국 기업들", True), ("“GAFAM”", True), ("country:kr", True),
        ("seven technology companies", False), ("Big Techs", False), ("country:", False), ("", False), (None, False),
    ],
)  # fmt: skip
def test_only_known_phrases_are_groups(text: str | None, known: bool) -> None:
    assert groups.is_group(text) is known


@pytest.mark.parametrize(
    ("window", "membership", "both"),
    [
        (("2020", "2024"), (None, None), ("2020", "2024")),
        (("2020", "2024"), ("2022", None), ("2022", "2024")),
        ((None, None), ("2022", "2023"), ("2022", "2023")),
        (("2020", "2021"), ("2022", None), None),
    ],
)
def test_a_member_counts_while_it_is_one(window: Any, membership: Any, both: Any) -> None:
    def days(pair: Any) -> Window:
        start, end = pair
        return Window(start and date(int(start), 1, 1), end and date(int(end), 12, 31))

    assert inside(days(window), days(membership)) == (days(both) if both else None)


def test_the_total_is_the_sum_of_the_members(tech: lobbyx.Ledger) -> None:
    tech.knowledge = covered("2025-12-31")
    total = tech.total("Big Tech", "2024", "2024")
    parts = [tech.total(name, "2024", "2024") for _, name, _ in MEMBERS]
    assert total.determined
    for method, count in total.methods.items():
        assert count.reported == sum(part.methods[method].reported for part in parts), method
    assert total.methods["lda"].reported == 4_000_000
    uuids = [r.filing_uuid for r, _ in total.reports]
    assert len(uuids) == len(set(uuids)) == 16
    document = total.json()
    assert document["organization"] == {"id": 0, "name": "Big Tech", "names": []}
    assert [one["name"] for one in document["members"] if not one["on_file"]] == ["Meta Platforms, Inc."]
    assert sum(one["methods"]["lda"]["reported"] for one in document["members"]) == 4_000_000


def test_it_is_determined_only_if_every_member_is(tech: lobbyx.Ledger) -> None:
    tech.knowledge = NOTHING
    total = tech.total("빅테크", "2024", "2024")
    assert not total.determined
    assert total.methods["lda"].high is None
    assert any(str(one.reason).startswith("Meta Platforms, Inc.: ") for one in total.undetermined)
    assert "group_members_not_on_file" in {w.code for w in total.warnings}


@pytest.mark.parametrize(
    ("value", "comparator", "verdict"),
    [(4_000_000, "exact", "supported"), (5_000_000, "at_least", "refuted"), (3_900_000, "more_than", "supported")],
)
def test_a_claim_about_a_group_is_judged(tech: lobbyx.Ledger, value: float, comparator: str, verdict: str) -> None:
    tech.knowledge = covered("2025-12-31")
    found = tech.judge(claim("spend", value, comparator, org="Big Tech"))
    assert found.verdict == verdict
    said = found.json()["explanation"]
    assert "Apple Inc. ($800,000)" in said
    assert "Members with no filing on file: Meta Platforms, Inc." in said


def test_what_is_not_determined_refutes_nothing(tech: lobbyx.Ledger) -> None:
    tech.knowledge = NOTHING
    assert tech.judge(claim("spend", 5_000_000, "at_least", org="Big Tech")).verdict == "unverifiable"
    assert tech.judge(claim("spend", 3_000_000, "at_least", org="Big Tech")).verdict == "supported"


def test_a_rank_within_a_group(tech: lobbyx.Ledger) -> None:
    tech.knowledge = covered("2025-12-31")

    def rank(org: str, place: int) -> lobbyx.Verdict:
        return tech.judge(claim("rank", place, org=org, detail={"group": "Big Tech"}))

    assert rank("Microsoft", 1).verdict == "supported"
    assert rank("Apple", 1).verdict == "refuted"
    outsider = rank("Acme Widgets", 1)
    assert (outsider.verdict, outsider.reason) == ("unverifiable", "group_no_member")
    tech.knowledge = NOTHING
    assert rank("Microsoft", 1).verdict == "unverifiable"


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ("any other Big Tech company", "Big Tech companies"),
        ("all other Big Tech companies", "Big Tech companies"),
        ("other South Korean firms", "South Korean firms"),
        ("any other gun rights advocacy group", "gun rights advocacy groups"),
        ("any other company", "any other company"),
        ("Big Tech", "Big Tech"),
        ("Big Tech company", "Big Tech company"),
        ("any other", "any other"),
    ],
)
def test_who_one_member_is_compared_with(said: str, group: str) -> None:
    assert groups.whole(said) == group


def test_a_sentence_compares_a_member_with_the_others(tech: lobbyx.Ledger) -> None:
    tech.knowledge = covered("2025-12-31")
    for who, verdict in (("Microsoft", "supported"), ("Apple", "refuted")):
        said = f"{who} spent more on lobbying than any other Big Tech company in 2024."
        (found,) = tech.check(said, published="2025-12-31")
        assert (found.verdict, found.claim.kind) == (verdict, "rank"), found.explanation
        assert "Big Tech" in found.explanation


def test_an_unknown_group_says_so(tech: lobbyx.Ledger) -> None:
    found = tech.judge(claim("spend", 1, org="seven technology companies"))
    assert (found.verdict, found.reason) == ("unverifiable", "unknown_organization")


def test_a_country_is_a_group_and_an_issue_has_no_money(tech: lobbyx.Ledger) -> None:
    tech.knowledge = covered("2025-12-31")
    korean = tech.total("South Korean companies", "2024", "2024")
    assert (korean.methods["lda"].reported, korean.determined) == (3_600_000, True)
    tech.knowledge = NOTHING
    assert not tech.total("country:KR", "2024", "2024").determined
    assert len(tech.group("issue:TRD").members) == 5
    with pytest.raises(NoMoneyByIssue, match="one sum for everything"):
        tech.total("issue:TRD")
    assert tech.judge(claim("spend", 1, org="issue:TRD")).reason == "no_money_by_issue"
    with pytest.raises(groups.UnknownGroup, match="no country has the code"):
        tech.group("country:XX")


def test_on_the_command_line(tech: lobbyx.Ledger) -> None:
    db = ["--db", str(tech.path)]
    listed = CliRunner().invoke(cli, ["groups", "Big Tech", "--json", *db])
    assert [bool(m["organizations"]) for m in json.loads(listed.stdout)["members"]].count(False) == 1
    assert "Gun-rights groups" in CliRunner().invoke(cli, ["groups", *db]).stdout
    total = CliRunner().invoke(cli, ["total", "Big Tech", "--since", "2024", "--json", *db])
    assert json.loads(total.stdout)["methods"]["lda"]["reported"] == 4_000_000
    assert CliRunner().invoke(cli, ["total", "Big Tech", "--history", *db]).exit_code == 2
    assert isinstance(CliRunner().invoke(cli, ["groups", "nobody", *db]).exception, groups.UnknownGroup)


@pytest.mark.parametrize(
    ("kind", "detail", "english", "korean"),
    [
        ("count", {"what": "firms"}, "there is no number for Big Tech as a whole", "빅테크 전체의 수는 낼 수 없습니다"),
        ("hired", {"firm": "Akin Gump"}, "does not say by which member of Big Tech", "어느 단체인지 밝히지 않습니다"),
        ("issue", {"topic": "exports"}, "which member of Big Tech it means", "어느 단체인지 밝히지 않습니다"),
    ],
)  # fmt: skip
def test_what_needs_one_client_is_not_judged_of_a_group_and_says_why(
    tech: lobbyx.Ledger, kind: Any, detail: dict[str, Any], english: str, korean: str
) -> None:
    asked = claim(kind, 30, org="Big Tech", detail=detail)
    verdict = tech.judge(asked)
    assert (verdict.verdict, verdict.reason) == ("unverifiable", "not_of_group")
    assert english in verdict.explanation
    assert korean in verdict.explanation_ko


def test_the_terminal_tells_of_a_few_members_and_json_of_all(
    tech: lobbyx.Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = tech.total("Big Tech", "2024", "2024")
    monkeypatch.setattr(text, "MOST_NOTES", 2)
    monkeypatch.setattr(text, "MOST_MEMBERS", 3)
    printed = text.total_text(total, "lda")
    notes = [line for line in printed.splitlines() if line.strip().startswith("note:")]
    assert len(notes) == 4
    assert f"… and {len(total.warnings) - 4} more notes; --json lists all" in printed
    assert "… and 1 more member; --json lists all" in printed
    table = printed[printed.index("number  member") :]
    assert table.index("Microsoft Corporation") < table.index("Google LLC") < table.index("Apple Inc.")
    assert "not on file (1): Meta" in printed
    document = total.json()
    assert len(document["warnings"]) == len(total.warnings)
    assert len(document["members"]) == 5


def test_who_took_whose_place_is_read_once_for_all_members(tech: lobbyx.Ledger) -> None:
    asked: list[str] = []
    tech.db.set_trace_callback(asked.append)
    tech.total("Big Tech", "2024", "2024")
    tech.db.set_trace_callback(None)
    assert sum("FROM successions WHERE counts" in one for one in asked) == 1
