"""The command line as a user meets it: each command for real, and wrong inputs."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import lobbyx
from lobbyx.cli.main import run as run_here
from tests.conftest import ROOT, SAMPLES, Run

CLAIM = "Senate filings show that Coupang has spent at least $10 million on lobbying in the United States since August 2021."


def document(text: str) -> Any:
    return json.loads(text)


def test_demo_tells_the_whole_story_and_runs_again_unchanged(run: Run) -> None:
    first = run("demo")
    assert first.returncode == 0, first.stderr
    said = " ".join(first.stdout.split())
    for part in ("$8,580,000", "$8,495,000", "$8,665,000", "$10,395,000", "$10,755,000", "depends_on_method"):
        assert part in said
    for uuid in ("094e2925-30c9-497c-b32f-ede83018b465", "6f570277-7a46-4a73-9f06-1d86c62770eb"):
        assert f"https://lda.gov/filings/public/filing/{uuid}/print/" in said
    outcomes = re.findall(r"^[✓✗±≈?] .+ \((\w+)\): ", first.stdout, re.MULTILINE)
    assert outcomes == ["depends_on_method", "depends_on_method", "supported", "refuted", "within_rounding"]
    database = run.folder / "db" / "demo.db"
    before = database.read_bytes()
    assert run("demo").stdout == first.stdout
    assert database.read_bytes() == before


def test_a_demo_database_of_another_version_is_made_anew(run: Run) -> None:
    import sqlite3

    first = run("demo")
    path = run.folder / "db" / "demo.db"
    for database, code in ((path, 0), (run.folder / "other.db", 1)):
        if database != path:
            path.rename(database)
        with sqlite3.connect(database) as db:
            db.execute("PRAGMA user_version = 1")
        db.close()
        done = run("demo", *([] if database == path else ["--db", database]))
        assert done.returncode == code
        assert (done.stdout == first.stdout) == (code == 0)
    assert "too old to be migrated" in done.stderr


def test_total_as_json(run: Run, coupang_db: Path) -> None:
    window = ("--since", "2021-08", "--until", "2025-12-25", "--as-of", "2025-12-25")
    done = run("total", "Coupang", *window, "--json", "--db", coupang_db)
    assert (done.returncode, done.stderr) == (0, "")
    answer = document(done.stdout)
    assert answer["organization"]["names"] == ["COUPANG, INC.", "COUPANG INC.", "COUPANG"]
    assert answer["window"] == {"start": "2021-08-01", "end": "2025-12-25"}
    assert answer["as_of"] == "2025-12-25"
    figures = {name: count["reported"] for name, count in answer["methods"].items()}
    assert figures == {
        "lda": 8_580_000,
        "gross": 10_395_000,
        "all_filings": 10_755_000,
        "in_house": 8_580_000,
        "outside": 1_815_000,
    }
    assert answer["methods"]["lda"] == {
        "low": 8_495_000,
        "reported": 8_580_000,
        "high": 8_665_000,
        "reports": 17,
        "determined": True,
    }
    assert len(answer["reports"]) == 48
    assert set(answer["reports"][0]) == {
        "filing_uuid",
        "filing_year",
        "filing_period",
        "filing_type",
        "dt_posted",
        "registrant",
        "client",
        "role",
        "amount",
        "low",
        "high",
        "status",
        "url",
    }
    assert answer["warnings"][0]["code"] == "no_amount"


def test_total_as_text_with_another_headline(run: Run, coupang_db: Path) -> None:
    done = run("total", "Coupang", "--since", "2025", "--until", "2025", "--method", "gross", LOBBYX_DB=str(coupang_db))
    assert done.stdout.startswith("Coupang, Inc. reported $3,410,000 for lobbying from 2025-01-01 to 2025-12-31")
    assert "→  gross" in done.stdout


def test_check_stores_what_it_finds(run: Run, coupang_db: Path) -> None:
    (run.folder / "article.txt").write_text(f"Trade dispute\n\n{CLAIM} The stock fell 3%.\n")
    done = run("check", "article.txt", "--published", "2025-12-25", "--json", "--db", coupang_db)
    assert done.returncode == 0, done.stderr
    answer = document(done.stdout)
    assert answer["source"]["name"] == "article.txt"
    (claim,) = answer["claims"]
    assert claim["text"] == "at least $10 million on lobbying in the United States since August 2021"
    assert (run.folder / "article.txt").read_text()[claim["start"] : claim["end"]] == claim["text"]
    assert (claim["verdict"], claim["holds_under"]) == ("depends_on_method", ["gross", "all_filings"])
    assert claim["window"] == {"start": "2021-08-01", "end": "2025-12-25", "text": "since August 2021"}
    again = run("check", "-", "--published", "2025-12-25", "--db", coupang_db, stdin=CLAIM)
    assert "± Depends on the method (depends_on_method)" in again.stdout


def test_extract_needs_no_database(run: Run) -> None:
    done = run("extract", CLAIM, "--published", "2025-12-25", "--json")
    (claim,) = document(done.stdout)["claims"]
    assert {k: claim[k] for k in ("kind", "org", "value", "currency", "comparator")} == {
        "kind": "spend",
        "org": "Coupang",
        "value": 10_000_000,
        "currency": "USD",
        "comparator": "at_least",
    }
    assert "Coupang: at least $10 million" in run("extract", CLAIM).stdout


def test_names(run: Run, coupang_db: Path) -> None:
    done = run("names", "COUPANG INC.", "Nobody, LLC", "--json", "--db", coupang_db)
    first, second = document(done.stdout)
    assert (first["normalized"], first["display"], first["organization_id"]) == ("COUPANG", "Coupang Inc.", 1)
    assert (second["normalized"], second["organization"]) == ("NOBODY", None)
    assert "legal form at the end dropped" in second["why"]
    without = run("names", "X")
    assert (without.returncode, without.stdout) == (0, "X → X (no organization on file)\n  unchanged\n")
    assert without.stderr == "there is no database at db/lobbyx.db, so no organization is looked up\n"


def test_the_demo_adds_nothing_to_somebodys_own_database(run: Run, samples_db: Path) -> None:
    before = samples_db.read_bytes()
    done = run("demo", "--db", samples_db)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "has 69 filings that are not the demo's" in done.stderr
    assert "name another path with --db" in done.stderr
    assert samples_db.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--same", "--different", "--source", "x"), "say one of --same, --different and --parent"),
        (("--source", "x"), "say one of --same, --different and --parent"),
        (("--same", "--source", ""), "--source is empty"),
        (("--same", "--source", "  "), "--source is empty"),
    ],
)
def test_a_decision_that_decides_nothing_is_bad_usage(
    run: Run, samples_db: Path, options: tuple[str, ...], says: str
) -> None:
    done = run("organizations", "decide", "A", "B", *options, "--anyway", "--db", samples_db)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr
    assert not samples_db.with_name("organizations.csv").exists()


def test_a_decision_takes_numbers_for_names_as_filed(run: Run, samples_db: Path) -> None:
    decided = samples_db.with_name("organizations.csv")
    one, two, *_ = organizations = connected(samples_db, "SELECT id, name FROM organizations ORDER BY id")
    numbers = (f"#{one[0]}", f"#{two[0]}")
    done = run("organizations", "decide", *numbers, "--parent", "--source", "x", "--db", samples_db)
    assert done.returncode == 0, done.stderr
    (row,) = csv.DictReader(decided.read_text(encoding="utf-8").splitlines())
    names = "SELECT name FROM organization_names WHERE organization_id = ?"
    assert (row["name"],) in connected(samples_db, names, one[0])
    assert (row["other"],) in connected(samples_db, names, two[0])
    before = decided.read_bytes()
    for more in ((), ("--anyway",)):
        none = run(
            "organizations", "decide", "#99999", numbers[0], "--same", "--source", "x", *more, "--db", samples_db
        )
        assert (none.returncode, "no organization has the number #99999" in none.stderr) == (1, True)
    assert decided.read_bytes() == before
    assert len(organizations) == len(connected(samples_db, "SELECT id FROM organizations"))


def connected(db: Path, query: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(db)) as opened:
        return opened.execute(query, values).fetchall()


def test_load_and_resolve(run: Run) -> None:
    done = run("load", *sorted(SAMPLES.glob("*.json")), "--db", "x.db", "--json")
    assert done.returncode == 0, done.stderr
    added = [result["added"] for result in document(done.stdout)]
    assert sum(a.get("filing", 0) for a in added) == 69
    again = run("load", SAMPLES / "filings__filing_year-2024.json", "--db", "x.db")
    assert again.stdout == "filings__filing_year-2024.json: 25 unchanged (25 filing)\n"
    assert "organizations" in run("resolve", "--db", "x.db").stdout


@pytest.mark.parametrize("command", [["check", ""], ["check", "Nothing to see here."], ["extract", "  "]])
def test_a_text_without_claims_is_no_failure(run: Run, coupang_db: Path, command: list[str]) -> None:
    more = ["--db", str(coupang_db)] if command[0] == "check" else []
    done = run(*command, *more)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no claim found\n")
    assert document(run(*command, *more, "--json").stdout)["claims"] == []


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        (["total", "Cupang"], 1, "Nearest on file: “Coupang, Inc.”"),
        (["total", "Coupang", "--since", "last week"], 2, "Accepted forms: 2021-08-01, 2021-08, 2021, 2021Q3"),
        (["total", "Coupang", "--since", "2025", "--until", "2024"], 1, "swap the two dates"),
        (["total", "Coupang", "--method", "net"], 2, "'lda', 'gross', 'all_filings', 'in_house', 'outside'"),
        (["check", "missing.txt"], 1, "missing.txt: cannot be read: No such file"),
        (["check", "picture.txt"], 1, "binary file"),
        (["check", "latin.txt"], 1, "not UTF-8"),
        (["check", "page.html"], 1, "no text was found"),
        (["check", "http://127.0.0.1/story"], 1, "not public"),
        (["check", "x", "--published", "2025-02-30"], 2, "no such date"),
        (["check", "x", "--org", "Cupang"], 1, "Nearest on file"),
        (["load", "none.json"], 1, "none.json: cannot be read"),
        (["check", "a_folder"], 1, "a_folder: is a folder; name a file in it"),
        (["extract", "."], 1, ".: is a folder"),
        (["extract", "http://"], 1, "http://: is not the address of a page"),
        (["check", " HTTPS:/example.com"], 1, "HTTPS:/example.com: is not the address of a page"),
        (["names", ""], 2, "a name is empty"),
        (["names", "Coupang", " "], 2, "a name is empty"),
        (["names", "X", "--db", "nowhere/none.db"], 1, "there is no database at nowhere/none.db"),
        (["load", "nowhere/none.json"], 1, "nowhere/none.json: cannot be read"),
        (["load", "."], 1, "lobbyx: .: lobbyx loads"),
        (["load", "/dev/null"], 1, "lobbyx: /dev/null: lobbyx loads"),
        (["load", "a_folder/broken.xml"], 1, "a_folder/broken.xml: line 1: "),
        (["load", "a_folder/broken.zip"], 1, "a_folder/broken.zip: is not a zip file"),
        (["bogus"], 2, "No such command"),
    ],
)
def test_wrong_input_gets_one_clear_line(run: Run, coupang_db: Path, command: list[str], code: int, says: str) -> None:
    (run.folder / "a_folder").mkdir()
    (run.folder / "a_folder" / "broken.xml").write_text("<PublicFilings><Filing")
    (run.folder / "a_folder" / "broken.zip").write_text("PK, but no zip")
    (run.folder / "picture.txt").write_bytes(b"\x00\x01\x02")
    (run.folder / "latin.txt").write_bytes("café".encode("latin-1"))
    (run.folder / "page.html").write_text("<p></p>")
    done = run(*command, LOBBYX_DB=str(coupang_db))
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert code == 2 or done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [["total", "X"], ["check", "x"], ["resolve"], ["serve"]])
def test_without_a_database_the_way_to_one_is_told(run: Run, command: list[str]) -> None:
    done = run(*command, "--db", "none.db")
    assert done.returncode == 1
    assert "there is no database at none.db" in done.stderr
    assert "lobbyx load" in done.stderr
    assert not (run.folder / "none.db").exists()


@pytest.mark.parametrize("place", ["a_file/x.db", "a_file/deeper/x.db", "n" * 5_000, "a_file"])
@pytest.mark.parametrize("command", [["demo"], ["load", "x.json"], ["check", "x"], ["migrate"]], ids=" ".join)
def test_a_database_that_cannot_be_made_is_told(run: Run, place: str, command: list[str]) -> None:
    (run.folder / "a_file").write_text("words of nobody's database")
    (run.folder / "x.json").write_text("[]")
    done = run(*command, "--db", place)
    assert done.returncode == 1
    assert done.stderr.startswith("lobbyx: ")
    assert done.stderr.count("\n") == 1


def test_terminal_controls_from_outside_are_not_printed(run: Run, coupang_db: Path) -> None:
    text = "Coupang\x1b[31m spent \x1b]0;x\x07$5 million on lobbying in 2024."
    done = run("check", "-", "--db", coupang_db, stdin=text)
    assert "\x1b" not in done.stdout + done.stderr


def test_a_closed_pipe_is_no_traceback(coupang_db: Path) -> None:
    import subprocess
    import sys

    command = f'{sys.executable} -c "from lobbyx.cli import main; main()" total Coupang --db {coupang_db} | head -1'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.startswith("Coupang")
    assert "Traceback" not in done.stderr


def test_a_terminal_gets_a_card_and_a_pipe_plain_text(coupang: lobbyx.Ledger) -> None:
    import io

    from rich.console import Console

    from lobbyx.render import terminal

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=140, color_system=None, legacy_windows=False)
    (verdict,) = coupang.check(
        "Coupang has spent at least $10 million on lobbying since August 2021.", published="2025-12-25"
    )
    console.print(terminal.verdict(verdict))
    console.print(terminal.verdict(verdict, language="ko", filings=False))
    console.print(terminal.total_card(verdict.total or coupang.total("Coupang"), "gross"))
    (unknown,) = coupang.check("Koupang\x07 spent $3 million on lobbying in 2024.", published="2025-12-25")
    console.print(terminal.verdict(unknown))
    text = out.getvalue()
    for words in (
        "± Depends on the method depends_on_method",
        "$8,495,000 – $8,665,000",
        "│ claimed at least $10,000,000",
        "●",
        "… and 36 earlier ones",
        "주장",
    ):
        assert words in text, words
    assert "\x07" not in text
    # The claimed figure stands between the lawful sum and the gross one.
    rows = {
        found[1]: line
        for line in text.splitlines()
        if "●" in line and "│" in line[2:-2] and (found := re.search(r" (lda|gross) ", line))
    }
    assert rows["lda"].index("●") < rows["lda"].rindex("│", 0, -2) < rows["gross"].index("●")


# Claims in fields, whose claims, and what is kept ----------------------------------------------------------------


def checked(done: Any) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    claims: list[dict[str, Any]] = json.loads(done.stdout)["claims"]
    return claims


@pytest.mark.parametrize("amount", ["10M", "10_000_000", "10,000,000", "$10 million", "10000000", "0.01 billion"])
def test_a_claim_in_fields(run: Run, coupang_db: Path, amount: str) -> None:
    fields = ("check", "--org", "Coupang", "--since", "2021-08", "--until", "2025-12-25", "--as-of", "2025-12-25")
    (claim,) = checked(run(*fields, "--at-least", amount, "--json", "--db", coupang_db))
    assert (claim["verdict"], claim["holds_under"]) == ("depends_on_method", ["gross", "all_filings"])
    assert (claim["comparator"], claim["value"], claim["org"]) == ("at_least", 10_000_000, "Coupang")
    assert claim["text"] == "Coupang spent at least $10,000,000 on lobbying from 2021-08-01 to 2025-12-25"


@pytest.mark.parametrize(
    ("option", "amount", "verdict"),
    [
        ("--at-least", "3.3M", "within_rounding"),
        ("--more-than", "3M", "supported"),
        ("--about", "3M", "refuted"),
        ("--about", "3.1M", "supported"),
        ("--exactly", "3.31 million", "supported"),
        ("--exactly", "3.32 million", "refuted"),
        ("--at-most", "4M", "supported"),
        ("--less-than", "3M", "depends_on_method"),
    ],
)
def test_every_comparator_in_fields(run: Run, coupang_db: Path, option: str, amount: str, verdict: str) -> None:
    done = run(
        "check", "--org", "#1", "--since", "2024", "--until", "2024", option, amount, "--json", "--db", coupang_db
    )
    assert [claim["verdict"] for claim in checked(done)] == [verdict]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "give SOURCE, or --org"),
        (("--org", "Coupang"), "give SOURCE, or --org"),
        (("--at-least", "10M"), "give SOURCE, or --org"),
        (("--org", "Coupang", "--at-least", "10M", "--about", "9M"), "give only one amount"),
        (("--at-least", "1M", "--at-most", "5M"), "give only one amount"),
        (("--org", "Coupang", "--at-least", "ten"), "cannot read the amount 'ten'. Accepted forms"),
        (("--org", "Coupang", "--at-least", "10MM"), "cannot read the amount"),
        (("--org", "Coupang", "--at-least", "9" * 30), "is more than"),
        (("--org", "Coupang", "--at-least", "10M", "--since", "2025", "--until", "2024"), "ends"),
        (("Coupang spent $5.", "--at-least", "10M"), "leave out SOURCE"),
    ],
)
def test_fields_that_state_no_claim(run: Run, coupang_db: Path, args: tuple[str, ...], says: str) -> None:
    done = run("check", *args, "--db", coupang_db)
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False)
    assert says in done.stderr


@pytest.mark.parametrize("number", ["#999", "#999999999999999999999999999"])
@pytest.mark.parametrize(
    "command",
    [
        ("check", "--at-least", "1M", "--org"),
        ("check", "--at-least", "1M", "--fetch", "--org"),
        ("check", "The retailer spent $3.31 million on lobbying in 2024.", "--org"),
        ("total",),
        ("coverage",),
    ],
)
def test_an_unknown_number_is_told_everywhere(
    run: Run, coupang_db: Path, command: tuple[str, ...], number: str
) -> None:
    done = run(*command, number, "--db", coupang_db)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert f"no organization has the number {number} here" in done.stderr


def test_a_number_in_fields_is_told_by_name(run: Run, coupang_db: Path) -> None:
    fields = ("check", "--org", "#1", "--since", "2024", "--until", "2024", "--exactly", "3.31M")
    (claim,) = checked(run(*fields, "--json", "--db", coupang_db))
    said = "Coupang, Inc. spent exactly $3,310,000 on lobbying from 2024-01-01 to 2024-12-31"
    assert (claim["text"], claim["org"], claim["end"]) == (said, "Coupang, Inc.", len(said))
    assert claim["verdict"] == "supported"


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_verdict_is_shown_where_it_cannot_be_stored(
    coupang_db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], as_json: tuple[str, ...]
) -> None:
    real = sqlite3.connect

    def read_only(path: Path, **more: Any) -> sqlite3.Connection:
        return real(f"file:{path}?mode=ro", uri=True, **more)

    monkeypatch.setattr("lobbyx.database.connection.sqlite3.connect", read_only)
    text = "Coupang spent $3.31 million on lobbying in 2024."
    run_here(["check", text, "--published", "2025-12-25", "--db", str(coupang_db), *as_json])
    shown = capsys.readouterr()
    assert "supported" in shown.out
    assert "coupang.db in" in shown.err
    assert "cannot be written" in shown.err
    assert "--no-store" in shown.err
    run_here(["check", text, "--published", "2025-12-25", "--db", str(coupang_db), "--no-store"])
    assert capsys.readouterr().err == ""
    with pytest.raises(SystemExit) as ended:
        run_here(["claims", "delete", "1", "--db", str(coupang_db)])
    assert (ended.value.code, "coupang.db in" in capsys.readouterr().err) == (1, True)


@pytest.mark.parametrize("command", [["load", "x.json"], ["demo"]], ids=" ".join)
def test_a_device_is_no_database(run: Run, command: list[str]) -> None:
    (run.folder / "x.json").write_text("[]")
    done = run(*command, "--db", "/dev/null")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "no database can be made at /dev/null: it is not a regular file" in done.stderr


def test_org_goes_to_claims_that_name_nobody(run: Run, coupang_db: Path) -> None:
    text = "Amazon.com spent $19.1 million on lobbying in 2024. Coupang spent $3.31 million on lobbying in 2024."
    done = run("check", text, "--org", "Coupang", "--json", "--db", coupang_db)
    amazon, coupang = checked(done)
    assert (amazon["verdict"], amazon["reason"]) == ("unverifiable", "unknown_organization")
    assert coupang["verdict"] == "supported"
    assert "names Amazon.com itself, so it is not judged by the filings of Coupang" in done.stderr
    (nobody,) = checked(
        run(
            "check",
            "The online retailer spent $3.31 million on lobbying in 2024.",
            "--org",
            "#1",
            "--json",
            "--db",
            coupang_db,
        )
    )
    assert nobody["verdict"] == "supported"


def test_a_trial_check_leaves_nothing(run: Run, coupang_db: Path) -> None:
    assert checked(
        run("check", "Coupang spent $3.31 million on lobbying in 2024.", "--no-store", "--json", "--db", coupang_db)
    )
    assert json.loads(run("claims", "list", "--json", "--db", coupang_db).stdout) == []


def test_a_total_tells_what_is_missing(run: Run, samples_db: Path) -> None:
    done = run("total", "Microsoft", "--since", "2023", "--until", "2023", "--db", samples_db)
    assert "reported at least $4,510,000" in done.stdout
    assert "data: not known to be complete" in done.stdout
    assert "to get what is missing: lobbyx fetch --client" in done.stdout
    document = json.loads(
        run("total", "Microsoft", "--since", "2023", "--until", "2023", "--db", samples_db, "--json").stdout
    )
    assert (document["determined"], document["data_through"]) == (False, None)
    assert document["methods"]["lda"]["high"] is None
    assert {one["state"] for one in document["undetermined"]} == {"unknown"}
    assert all(one["command"].startswith("lobbyx fetch") for one in document["undetermined"])
