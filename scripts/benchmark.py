#!/usr/bin/env python3
"""Measurements to run by hand: `.venv/bin/python scripts/benchmark.py load N`, `increment FILE N`, `names`, `claims`,
`check FILE` or `site FILE`. The results are in docs/benchmarks.md.

`load N` makes N filings shaped like the recorded ones (with as many activities, lobbyists and entities as those have,
of 17,000 registrants and 124,000 clients) and compares, in one run, `lobbyx load` with `sqlite-utils` inserting them as
they come, DuckDB's `read_json`, and bare `orjson` parsing. sqlite-utils and duckdb are needed only here: install them
first.
`load --real COPIES FILE...` does the same three times with real filings, JSON lines as the API gives them; with more
copies than one, also the same filings again with other UUIDs and years. `size FILE` tells what takes up a database.

`increment FILE N` times whole commands on a database of N such filings: loading one more, and the mirror (`sync`) with
nothing new and with a page of 25, against the server of the tests.

`make FILE N NAMES.csv FILE...` makes a database of N filings from real ones, multiplied as `enlarged.py` tells. `check`
times each kind of check and `site` the pages of the site, without a network, on that database (`asking.py`).

`claims` reads the sentences in tests/reading/claims and compares.

`names` compares the pairs in tests/data/name_pairs.csv: whether they normalize to the same form, and whether they are
grouped as one organization. It prints precision, recall and names per second, and the same for `cleanco` and `rigour`
if they are installed. Grouping 100,000 names includes writing organizations and pairs to review to SQLite.

`names --real FILE... ATTRIBUTION.csv` loads real files (the Senate's archive, API answers) and looks up every company
of a table with the columns uuid, company and amount. It prints everyday names right, wrong, asked back and not found,
the share of each company's money that is found under its name, and the money of others there.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from hashlib import md5
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import asking
import orjson
from enlarged import enlarged

import lobbyx
from lobbyx.accounting.derive import derive_all
from lobbyx.database import connection, writer
from lobbyx.lda import files
from lobbyx.names import explain, normalize
from lobbyx.organizations import decisions, grouping, lookup, resolve

SAMPLES = Path(__file__).parent.parent / "tests" / "data" / "lda_samples"


def filings(n: int) -> Iterator[dict[str, Any]]:
    """Made-up filings in the shape of the recorded ones; the six very large ones stand for one in a hundred."""
    recorded = []
    for file in sorted(SAMPLES.glob("filings*.json")):
        body = json.loads(file.read_text())["body"]
        recorded += body.get("results", [body])
    small = [f for f in recorded if len(json.dumps(f)) < 20_000]
    large = [f for f in recorded if len(json.dumps(f)) >= 20_000]
    chance = random.Random(1)
    for _ in range(n):
        client = chance.randrange(124_000)
        firm = client % 17_000
        year, quarter = chance.randrange(2008, 2026), chance.randrange(4)
        shape = chance.choice(large if chance.random() < 0.01 else small)
        people = iter(range(10**9))
        yield {
            **shape,
            "filing_uuid": str(UUID(int=chance.getrandbits(128))),
            "filing_year": year,
            "filing_type": f"Q{quarter + 1}",
            "income": f"{chance.randrange(1, 50)}0000.00",
            "expenses": None,
            "filing_period": ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")[quarter],
            "dt_posted": f"{year + quarter // 3}-{(quarter * 3 + 3) % 12 + 1:02d}-{chance.randrange(10, 28)}T10:15:00Z",
            "registrant": {**shape["registrant"], "id": firm + 1, "name": f"FIRM {firm} LLC"},
            "client": {
                **shape["client"],
                "id": client + 1,
                "client_id": str(client),
                "name": f"CLIENT {client}, INC.",
                "client_self_select": False,
            },
            "lobbying_activities": [
                {**a, "lobbyists": [_listed(e, firm, next(people)) for e in a["lobbyists"]]}
                for a in shape["lobbying_activities"]
            ],
        }


def _listed(listed: dict[str, Any], firm: int, number: int) -> dict[str, Any]:
    """A listed lobbyist who is one of the firm's five."""
    number %= 5
    person = {
        **listed["lobbyist"],
        "id": firm * 5 + number + 1,
        "first_name": f"NO {number}",
        "last_name": f"OF {firm}",
    }
    return {**listed, "lobbyist": person}


def timed(what: str, n: int, work: Callable[[], object]) -> tuple[str, float]:
    """Runs something; returns its name and the seconds it took."""
    started = time.perf_counter()
    work()
    took = time.perf_counter() - started
    print(f"  {what}: {took:.1f} s, {took / n * 1e6:.0f} µs a filing", file=sys.stderr)
    return what, took


def real(files_: Iterable[Path], copies: int) -> Iterator[dict[str, Any]]:
    """The filings in JSON-lines files of the API, and the same again so many times with other UUIDs and years."""
    for copy in range(copies):
        for file in files_:
            with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
                for line in stream:
                    filing = orjson.loads(line)
                    if copy:
                        filing["filing_uuid"] = str(UUID(int=UUID(filing["filing_uuid"]).int ^ copy))
                        filing["filing_year"] -= 4 * copy
                    yield filing


def load(some: Iterable[dict[str, Any]], times: int = 1) -> None:
    """The comparison, as a Markdown table: the least and the median of so many runs, one program after the other."""
    import duckdb
    import sqlite_utils

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "filings.jsonl"
        with file.open("wb") as out:
            out.writelines(orjson.dumps(filing) + b"\n" for filing in some)
        size = file.stat().st_size
        with file.open("rb") as stream:
            n = sum(1 for _ in stream)
        print(f"{n:,} filings, {size / 1e6:,.0f} MB, {size // n:,} bytes each", file=sys.stderr)

        def lines() -> Iterator[dict[str, Any]]:
            with file.open("rb") as stream:
                for line in stream:
                    yield orjson.loads(line)

        def parse() -> None:
            for _ in lines():
                pass

        def load_all() -> None:
            with closing(connection.connect(folder / "lobbyx.db", create=True)) as db:
                writer.load(db, files.read_file(file))

        def derive() -> None:
            with closing(connection.connect(folder / "lobbyx.db")) as db, connection.transaction(db):
                derive_all(db)

        def insert_flat() -> None:
            sqlite_utils.Database(folder / "flat.db")["filings"].insert_all(lines(), pk="filing_uuid")

        def duck() -> None:
            duckdb.sql(
                f"CREATE OR REPLACE TABLE filings AS SELECT * FROM read_json('{file}', format='newline_delimited')"
            )

        took: dict[str, list[float]] = {}
        memory = 0
        for _ in range(times):
            for old in ("lobbyx.db", "flat.db"):
                (folder / old).unlink(missing_ok=True)
            ours = [
                timed("`lobbyx load`: all tables, keys, full text", n, load_all),
                timed("then deriving organizations, people, review queue and totals", n, derive),
            ]
            ours.append(("both", sum(seconds for _, seconds in ours)))
            used = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
            memory = memory or max(used)
            others = [
                timed("`sqlite-utils` `insert_all`: one table with nested JSON", n, insert_flat),
                timed("DuckDB `read_json`: one nested table", n, duck),
                timed("`orjson`: parsing alone", n, parse),
            ]
            for what, seconds in (*ours, *others):
                took.setdefault(what, []).append(seconds)
        print(f"\n| {n:,} filings, {size / 1e6:,.0f} MB | seconds, least of {times} | median | µs a filing |")
        print("|---|---|---|---|")
        for what, each in took.items():
            print(f"| {what} | {min(each):.1f} | {median(each):.1f} | {min(each) / n * 1e6:.0f} |")
        print(f"\nMost memory of one process while loading: {memory / 1024:.0f} MB.")


def bytes_of(file: Path) -> None:
    """Bytes a filing of a database, by table with its indexes, as a Markdown table."""
    with closing(connection.connect(file)) as db:
        n = db.execute("SELECT count(*) FROM filings").fetchone()[0]
        rows = db.execute(
            "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize), "
            "sum(CASE WHEN m.type = 'index' THEN s.pgsize END) "
            "FROM dbstat s LEFT JOIN sqlite_schema m ON m.name = s.name WHERE s.aggregate = 1 "
            "GROUP BY 1 ORDER BY 2 DESC"
        ).fetchall()
    whole = sum(row[1] for row in rows)
    print(f"| {n:,} filings, {whole / 1e6:,.0f} MB | bytes a filing | of these indexes |\n|---|---|---|")
    for name, size, indexes in rows:
        if size / n >= 5:
            print(f"| `{name}` | {size / n:.0f} | {(indexes or 0) / n:.0f} |")
    print(f"| all | {whole / n:,.0f} | {sum(row[2] or 0 for row in rows) / n:.0f} |")


def increment(file: Path, n: int) -> None:
    """CPU seconds of whole commands on a database of N filings, which is made if need be, as a Markdown table."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from tests.lda_server import LDAServer

    _make(file, filings(n))
    recent = [filing for filing in filings(n) if filing["dt_posted"] >= "2026"]
    more = [{**filing, "filing_uuid": str(uuid4()), "dt_posted": "2026-11-20T10:15:00Z"} for filing in recent[:27]]
    known, new, *page = more
    new["client"] = {**new["client"], "id": 999_999, "name": "ENTIRELY NEW NAME OF A COMPANY, INC."}
    print(f"| {n:,} filings | CPU seconds | seconds |\n|---|---|---|")
    with LDAServer([*recent, known, new]) as server, tempfile.TemporaryDirectory() as folder:
        surroundings = {**os.environ, "LOBBYX_LDA_URL": server.url, "LOBBYX_RATE": "100000"}

        def command(what: str, *words: str) -> None:
            lobbyx_ = [sys.executable, "-c", "from lobbyx.cli import main; main()"]
            used, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run([*lobbyx_, *words, "--db", str(file)], env=surroundings, check=True, stdout=sys.stderr)
            took, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
            print(f"| {what} | {cpu:.2f} | {took:.2f} |", flush=True)

        for what, filing in (("one more filing of a client on file", known), ("one more, of a new client", new)):
            one = Path(folder) / "one.json"
            one.write_bytes(orjson.dumps(filing))
            command(f"`lobbyx load`: {what}", "load", str(one))
        mirror = ("sync", "--only", "filings", "--since", "2026")
        command("`lobbyx sync`: the first run", *mirror)
        before = len(server.asked)
        command("`lobbyx sync` with nothing new", *mirror)
        print(f"{len(server.asked) - before} requests with nothing new", file=sys.stderr)
        server.listings["filings"] += page
        command("`lobbyx sync` with 25 new filings", *mirror)


def _make(file: Path, some: Iterable[dict[str, Any]]) -> None:
    """A database of these filings, with everything derived, unless there is one."""
    if file.exists():
        return
    lines = file.with_suffix(".jsonl")
    with lines.open("wb") as out:
        out.writelines(orjson.dumps(filing) + b"\n" for filing in some)
    with closing(connection.connect(file, create=True)) as db:
        writer.load(db, files.read_file(lines))
    lines.unlink()
    lobbyx.open(file).close()


def make(file: Path, n: int, names_: Path, real_: list[Path]) -> None:
    """A database of N filings made from real ones."""
    lines = file.with_suffix(".jsonl")
    with lines.open("wb") as out:
        out.writelines(line + b"\n" for line in enlarged(real_, names_, n))
    with closing(connection.connect(file, create=True)) as db:
        timed("load", n, lambda: writer.load(db, files.read_file(lines)))
    lines.unlink()
    timed("derive", n, lambda: lobbyx.open(file).close())


def names() -> None:
    """Precision and recall on the pairs, as a Markdown table, and what was judged wrongly."""
    with (SAMPLES.parent / "name_pairs.csv").open(encoding="utf-8", newline="") as f:
        pairs = [(row["a"], row["b"], row["same"] == "1") for row in csv.DictReader(f)]
    readers: dict[str, Callable[[str], str]] = {"lobbyx": normalize}
    with suppress(ImportError):
        from cleanco import basename

        readers["cleanco"] = lambda name: basename(name).casefold()
    with suppress(ImportError):
        from rigour.names import remove_org_types

        readers["rigour"] = lambda name: " ".join(remove_org_types(name.casefold()).replace(",", " ").split())
    made_up = [f"{a} {i}" for i in range(100_000 // len(pairs) + 1) for a, _, _ in pairs][:100_000]
    print(f"| {len(pairs)} pairs | precision | recall | names a second |")
    print("|---|---|---|---|")
    for who, read in readers.items():
        judged = [(read(a) == read(b), same, a, b) for a, b, same in pairs]
        right = sum(found and same for found, same, *_ in judged)
        precision = right / max(1, sum(found for found, *_ in judged))
        recall = right / sum(same for _, same, *_ in judged)
        started = time.perf_counter()
        for name in made_up:
            read(name)
        speed = len(made_up) / (time.perf_counter() - started)
        print(f"| {who} | {precision:.3f} | {recall:.3f} | {speed:,.0f} |")
        if who == "lobbyx":
            for found, same, a, b in judged:
                if found != same:
                    print(f"{'merged' if found else 'missed'}: {a} / {b}", file=sys.stderr)
    grouped(pairs)


def everyday(files_: list[Path], attribution: Path, half: str = "all") -> None:
    """Everyday names on real filings, as a Markdown table, and what was not right.

    `attribution` has the columns uuid, company and amount: whose filing it is by somebody else's account. `half` is
    `first` or `second` for one half of the companies, chosen by the MD5 of their names, so that one can be set aside.
    """
    with attribution.open(encoding="utf-8", newline="") as f:
        rows = [(row["uuid"].lower(), row["company"], float(row["amount"] or 0)) for row in csv.DictReader(f)]
    parity = {"all": {0, 1}, "first": {0}, "second": {1}}[half]
    rows = [row for row in rows if md5(row[1].encode(), usedforsecurity=False).digest()[0] % 2 in parity]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.db"
        with closing(connection.connect(path, create=True)) as db:
            for file in files_:
                writer.load(db, files.read_file(file))
        with lobbyx.open(path) as ledger:
            _everyday(ledger, rows)


def _everyday(ledger: lobbyx.Ledger, rows: list[tuple[str, str, float]]) -> None:
    whose = dict(ledger.db.execute("SELECT filing_uuid, organization_id FROM ledger_lines").fetchall())
    by_company: dict[str, list[tuple[str, float]]] = {}
    company_of = {}
    for uuid, company, amount in rows:
        if uuid in whose:
            by_company.setdefault(company, []).append((uuid, amount))
            company_of[uuid] = (company, amount)
    counts = dict.fromkeys(("right", "wrong", "asked", "not found"), 0)
    there = found = alone = others = 0.0
    for company, filed in sorted(by_company.items()):
        there += sum(amount for _, amount in filed)
        own = {whose[uuid] for uuid, _ in filed}
        try:
            chosen = lookup.look_up(ledger.db, company).organization
        except lookup.AmbiguousName as error:
            counts["asked"] += 1
            print(f"asked: {company}: {error}"[:300], file=sys.stderr)
            continue
        except lookup.UnknownOrganization:
            counts["not found"] += 1
            print(f"not found: {company}: {[lookup.get(ledger.db, i).names[:2] for i in own]}", file=sys.stderr)
            continue
        right = chosen.id in own
        counts["right" if right else "wrong"] += 1
        all_ = {chosen.id, *(child.id for child in lookup.subsidiaries(ledger.db, chosen))}
        missing = [uuid for uuid, _ in filed if whose[uuid] not in all_]
        if not right or missing:
            names = {lookup.get(ledger.db, whose[uuid]).name for uuid in missing}
            print(f"{'not all' if right else 'wrong'}: {company} -> {chosen.name}; under {names}", file=sys.stderr)
        alone += sum(amount for uuid, amount in filed if whose[uuid] == chosen.id)
        found += sum(amount for uuid, amount in filed if whose[uuid] in all_)
        foreign = [(uuid, *of) for uuid, of in company_of.items() if whose[uuid] in all_ and of[0] != company]
        others += sum(amount for *_, amount in foreign)
        if foreign:
            print(f"others' money: {company} has that of { {of for _, of, _ in foreign} }", file=sys.stderr)
    total = sum(counts.values())
    print(f"| {total} companies | |\n|---|---|")
    for what, n in counts.items():
        print(f"| everyday name {what} | {n / max(1, total):.3f} ({n}) |")
    print(f"| money found, with subsidiaries | {found / max(1, there):.3f} |")
    print(f"| money found, without | {alone / max(1, there):.3f} |")
    print(f"| money of others | {others / max(1, there):.4f} |")


def grouped(pairs: list[tuple[str, str, bool]]) -> None:
    """The same pairs as clients of one database each pair, and the time of 100,000 names grouped in one."""
    right = wrong = 0
    for a, b, same in pairs:
        readings = {name: explain(name) for name in (a, b)}
        present = grouping.group(dict.fromkeys(readings, 1), readings, decisions.Decisions()).present
        one = present[readings[a].normalized] == present[readings[b].normalized]
        right += one and same
        wrong += one and not same
    chance = random.Random(1)
    words = sorted({word for a, b, _ in pairs for word in normalize(f"{a} {b}").split()})
    endings = (", INC.", " LLC", " CORPORATION", "", " AND ITS AFFILIATES")
    made_up: set[str] = set()
    while len(made_up) < 100_000:
        made_up.add(" ".join(chance.choices(words, k=3)) + f" {chance.randrange(9_000)}" + chance.choice(endings))
    with tempfile.TemporaryDirectory() as name, closing(connection.connect(Path(name) / "names.db", create=True)) as db:
        with connection.transaction(db):
            db.execute("INSERT INTO registrants (id, name) VALUES (1, 'FIRM')")
            clients = [(i, client) for i, client in enumerate(sorted(made_up), 1)]
            db.executemany("INSERT INTO clients (id, name, registrant_id) VALUES (?, ?, 1)", clients)
        explain.cache_clear()
        started = time.perf_counter()
        with connection.transaction(db):
            resolve.resolve_organizations(db)
        took = time.perf_counter() - started
    recall = right / sum(same for *_, same in pairs)
    print(f"| lobbyx, grouped | {right / (right + wrong):.3f} | {recall:.3f} | {len(made_up) / took:,.0f} |")


def claims() -> None:
    """Precision, recall and fields on tests/reading/claims, and articles a second on one core, as a Markdown table."""
    print("| sentences | claims | precision | recall | all fields right |\n|---|---|---|---|---|")
    texts: list[str] = []
    for file in sorted((SAMPLES.parent.parent / "claims").glob("*.jsonl")):
        found_right = missed = extra = exact = 0
        cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for case in cases:
            texts.append(case["text"])
            left = [
                {"kind": c.kind, "org": c.org, "value": c.value, "comparator": c.comparator, **c.window.json()}
                for c in lobbyx.extract(case["text"], case["published"])
            ]
            for wanted in case["claims"]:
                same = next((c for c in left if (c["kind"], c["value"]) == (wanted["kind"], wanted["value"])), None)
                if same is None:
                    missed += 1
                    print(f"missed: {wanted} in {case['text']}", file=sys.stderr)
                    continue
                left.remove(same)
                found_right += 1
                exact += same == wanted
            extra += len(left)
            for wrong in left:
                print(f"no claim: {wrong} in {case['text']}", file=sys.stderr)
        n = found_right + missed
        print(
            f"| {file.stem}: {len(cases)}, {sum(not c['claims'] for c in cases)} without | {n} "
            f"| {found_right / (found_right + extra):.3f} | {found_right / n:.3f} | {exact / n:.3f} |"
        )
    chance = random.Random(1)
    plain = [text for text in texts if "lobb" not in text.lower() and "로비" not in text]
    other = [f"The committee will meet on day {n} to hear from {n * 37} witnesses about bill {n}." for n in range(50)]
    made_up = []
    for number in range(1_000):
        body = chance.choices(plain + other, k=60)
        if number % 4 == 0:  # as many as in a newspaper's politics pages, and more than elsewhere
            body.insert(20, chance.choice(texts))
        made_up.append(" ".join(body)[:5_000])
    started = time.perf_counter()
    for text in made_up:
        lobbyx.extract(text, "2025-12-25")
    print(f"\n{len(made_up) / (time.perf_counter() - started):,.0f} articles of 5 KB a second on one core")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", file, n, names_, *files_] if n.isdigit() and files_:
            make(Path(file), int(n), Path(names_), [Path(one) for one in files_])
        case ["site", file]:
            asking.pages(Path(file))
        case ["claims"]:
            claims()
        case ["check", file]:
            asking.checks(Path(file))
        case ["increment", file, n] if n.isdigit():
            increment(Path(file), int(n))
        case ["load", n] if n.isdigit():
            load(filings(int(n)))
        case ["load", "--real", copies, *files_] if copies.isdigit() and files_:
            load(real([Path(file) for file in files_], int(copies)), times=3)
        case ["size", file]:
            bytes_of(Path(file))
        case ["names"]:
            names()
        case ["names", "--real", *files_, attribution] if files_:
            half = files_.pop(0)[2:] if files_[0] in ("--first", "--second") else "all"
            everyday([Path(file) for file in files_], Path(attribution), half)
        case _:
            usage = "load N | load --real COPIES FILE... | size FILE"
            usage += " | increment FILE N | names [--real FILE... ATTRIBUTION.csv] | claims"
            sys.exit(f"usage: {sys.argv[0]} {usage} | make FILE N NAMES.csv FILE... | check FILE | site FILE")
