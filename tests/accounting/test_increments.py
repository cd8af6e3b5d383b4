"""Whatever order filings arrive in, deriving after each slice gives what deriving everything anew gives."""

from __future__ import annotations

import json
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lobbyx.accounting import derive
from lobbyx.database import connection, writer
from lobbyx.lda import files
from lobbyx.organizations import resolve
from tests.database.test_writer import derived, filing

QUARTERS = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")
NAMES = (
    "ALPHA CORP",
    "ALPHA CORPORATION",
    "AL PHA, INC.",  # the letters of ALPHA, spaced otherwise
    "BETA LLC",
    "BETA LLC (FORMERLY ALPHA CORP)",  # bridges two groups
    "GAMMA INC. (FKA BETA)",
    "DELTA CO (FORMERLY BETA LLC)",  # a second that claims the same former name
    "EPSILON HOLDINGS (A SUBSIDIARY OF GAMMA INC.)",
    "GAMMA",
    "AT&T SERVICES, INC.",
    "AT&T SERVICES, INC. (FORMERLY SBC COMMUNICATIONS)",
    "AT&T CORP.",
    "SBC COMMUNICATIONS INC",
    "MILLERCOORS LLC",  # a subsidiary of one that filed nothing
    "META PLATFORMS, INC.",
    "FACEBOOK, INC.",  # decided to be one with the one before
    "ALPHA BETA GAMMA ASSOCIATION",
    "ALPHA BETA GAMMAS ASSOCIATION",  # alike
)
DECISIONS = (
    "same,ZETA CORP,EPSILON HOLDINGS,a letter",
    "different,ALPHA CORP,AL PHA INC,a letter",
    "parent,GAMMA INC,ALPHA CORP,a letter",
    "same,GAMMA,DELTA CO,a letter",
)
TABLES = ("organization_parents", "organization_groups", "successions")


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """A filing whose client and registrant are few, and called now this, now that."""
    client, quarter = draw(st.integers(1, 9)), draw(st.integers(0, 3))
    firm = draw(st.sampled_from([client, client % 3 + 1]))
    own = draw(st.booleans())
    lobbyist = {"id": 10 * firm + draw(st.integers(1, 3)), "first_name": draw(st.sampled_from(["ANN", "BO"]))}
    listed = {
        "lobbyist": {**lobbyist, "last_name": "LEE", "middle_name": draw(st.sampled_from([None, "J", "K"]))},
        "covered_position": draw(
            st.sampled_from([None, "Counsel to the Committee on Ways", "Legislative Director, Sen. X"])
        ),
        "new": None,
    }
    return filing(
        1,
        filing_uuid=f"00000000-0000-0000-0000-{draw(st.integers(0, 25)):012d}",  # the same one again is an amendment
        filing_type=f"Q{quarter + 1}",
        filing_year=draw(st.integers(2020, 2022)),
        filing_period=QUARTERS[quarter],
        dt_posted=f"2023-0{draw(st.integers(1, 9))}-01T00:00:00Z",
        income=None if own else f"{draw(st.integers(1, 9))}0000.00",
        expenses=f"{draw(st.integers(1, 9))}0000.00" if own else None,
        registrant__id=firm,
        registrant__name=draw(st.sampled_from([f"FIRM {firm}", f"FIRM {firm} LLC", NAMES[firm]])),
        client__id=client,
        client__client_id=draw(st.integers(1, 2)),
        client__name=draw(st.sampled_from(NAMES)),
        client__client_self_select=own,
        affiliated_organizations=[{"name": name} for name in draw(st.lists(st.sampled_from(NAMES), max_size=1))],
        lobbying_activities=[
            {"general_issue_code": "TAX", "description": "", "lobbyists": [listed], "government_entities": []}
        ],
    )


SLICES = st.lists(
    st.tuples(st.lists(bodies(), min_size=1, max_size=4), st.sets(st.sampled_from(DECISIONS))), min_size=2, max_size=8
)


def everything(db: Any) -> dict[str, Any]:
    """All derived tables, by name instead of id."""
    names = dict(db.execute("SELECT id, normalized FROM organizations").fetchall())
    found = derived(db)
    for table in TABLES:
        rows = [dict(row) for row in db.execute(f"SELECT * FROM {table}")]
        for row in rows:
            row |= {column: names.get(value) for column, value in row.items() if column.endswith("_id")}
        found[table] = sorted((tuple(row.values()) for row in rows), key=repr)
    firms = "SELECT r.id, f.normalized FROM registrants r JOIN firms f ON f.id = r.firm_id"
    found["registrants"] = sorted(tuple(row) for row in db.execute(firms))
    return found


def load(db: Any, folder: Path, some: list[dict[str, Any]]) -> None:
    file = folder / "slice.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in some))
    writer.load(db, files.read_file(file))


def by_steps_and_anew(slices: list[tuple[list[dict[str, Any]], set[str]]], keep: bool) -> tuple[Any, Any]:
    """What is derived after each slice in turn, and what is derived anew from the same filings."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patched:
        folder = Path(name)
        patched.setattr("lobbyx.organizations.touched.FEW", 1_000)  # however few clients are on file
        by_steps, anew = folder / "steps.db", folder / "anew.db"
        own: set[str] = set()
        with closing(connection.connect(by_steps, create=True)) as db:
            for some, decided in slices:
                load(db, folder, some)
                if not keep:
                    own = decided
                (folder / "organizations.csv").write_text(
                    "\n".join(["relation,name,other,source", *sorted(own)]) + "\n"
                )
                with connection.transaction(db):
                    derive.derive_all(db)
            db.execute("VACUUM INTO ?", [str(anew)])
            with closing(connection.connect(anew)) as fresh:
                connection.mark_stale(fresh)
                with connection.transaction(fresh):
                    derive.derive_all(fresh)
                return everything(db), everything(fresh)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(slices=SLICES, keep=st.booleans())
def test_any_slices_give_what_everything_gives(slices: list[tuple[list[dict[str, Any]], set[str]]], keep: bool) -> None:
    by_steps, anew = by_steps_and_anew(slices, keep)
    assert by_steps == anew


def reported(serial: int, firm: int, firm_name: str, client: int, client_name: str, **more: Any) -> dict[str, Any]:
    """A quarterly report of a firm; `more` has which of its lobbyists, the middle name and the office."""
    person = {
        "id": 10 * firm + more.get("person", 1),
        "first_name": "BO",
        "last_name": "LEE",
        "middle_name": more.get("middle"),
    }
    listed = [{"lobbyist": person, "covered_position": more.get("office"), "new": None}]
    return filing(
        1,
        filing_uuid=f"00000000-0000-0000-0000-{serial:012d}",
        registrant__id=firm,
        registrant__name=firm_name,
        client__id=client,
        client__client_id=more.get("number", client),
        client__name=client_name,
        lobbying_activities=[
            {"general_issue_code": "TAX", "description": "", "lobbyists": listed, "government_entities": []}
        ],
    )


@pytest.mark.parametrize(
    "slices",
    [
        pytest.param(
            [
                [reported(1, 1, "FIRM 1", 9, "GAMMA INC")],
                [reported(2, 1, "FIRM 1 LLC", 6, "DELTA CO"), reported(2, 1, "FIRM 1", 6, "DELTA CO")],
                [reported(2, 1, "ALPHA CORPORATION", 6, "DELTA CO")],
            ],
            id="a firm that goes by an earlier name again before it takes a new one",
        ),
        pytest.param(
            [
                [reported(1, 1, "FIRM 1", 3, "ALPHA CORP"), reported(2, 3, "FIRM 3 LLC", 5, "BETA LLC")],
                [reported(1, 3, "FIRM 3 LLC", 3, "ALPHA CORP")],
            ],
            id="a filing that goes over to another firm",
        ),
        pytest.param(
            [
                [
                    reported(1, 2, "FIRM 2", 7, "BETA LLC", person=3, middle="K"),
                    reported(2, 2, "FIRM 2", 7, "BETA LLC", person=1),
                    reported(3, 1, "ALPHA CORPORATION", 1, "AT&T CORP.", middle="J"),
                ],
                [reported(4, 2, "AL PHA, INC.", 1, "BETA LLC", person=3, middle="K")],
            ],
            id="two firms that turn out to be one",
        ),
        pytest.param(
            [
                [
                    reported(1, 2, "FIRM 2", 1, "ALPHA CORP", number=2),
                    reported(2, 2, "FIRM 2", 4, "DELTA CO", number=2),
                    reported(3, 3, "FIRM 3", 5, "DELTA CO"),
                ],
                [reported(4, 3, "FIRM 3", 5, "DELTA CO")],
            ],
            id="a pair to review of which one files once more",
        ),
    ],
)
def test_what_once_went_wrong(slices: list[list[dict[str, Any]]]) -> None:
    by_steps, anew = by_steps_and_anew([(some, set()) for some in slices], keep=True)
    assert by_steps == anew


def test_a_filing_of_somebody_else_regroups_few(tmp_path: Path) -> None:
    with closing(connection.connect(tmp_path / "own.db", create=True)) as db:
        load(db, tmp_path, [
            filing(1, filing_uuid=f"00000000-0000-0000-0000-{n:012d}", client__id=n, client__name=f"CLIENT {n} INC")
            for n in range(1, 201)
        ])  # fmt: skip
        with connection.transaction(db):
            derive.derive_all(db)
        load(db, tmp_path, [filing(1, filing_uuid=f"00000000-0000-0000-0000-{999:012d}", client__id=7, client__name="CLIENT 7 INC")])  # fmt: skip
        with connection.transaction(db):
            regrouped = resolve.resolve_organizations(db, everything=False)
        assert regrouped is not None
        assert set(regrouped.after) == {7}
