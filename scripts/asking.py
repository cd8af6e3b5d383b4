"""How long pages and checks take on a database: `pages(FILE)` and `checks(FILE)` print Markdown tables.

The organizations asked about are the one with the most filings, others with many, one in the middle and a small one.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import lobbyx
from lobbyx.ingest.coverage import record
from lobbyx.model.coverage import Listing
from lobbyx.model.period import Window, span
from lobbyx.organizations import lookup
from lobbyx.reading.source import Source

PUBLISHED = "2025-12-25"
BEFORE = "2023-06-30"
"""A day in the past of a database of 2026: by what had been posted then."""
TIMES = 5


def sizes(ledger: lobbyx.Ledger) -> dict[str, list[int]]:
    """Organizations by the number of their filings in the last years."""
    rows = ledger.db.execute(
        "SELECT organization_id FROM period_counts WHERE method = 'all_filings' AND period_start >= '2024' "
        "GROUP BY 1 ORDER BY sum(reports) DESC, 1"
    ).fetchall()
    ids = [row[0] for row in rows]
    n = len(ids)
    return {
        "largest": ids[:3],
        "large": ids[n // 100 : n // 100 + 3],
        "middle": ids[n // 2 : n // 2 + 3],
        "small": ids[-3:],
    }


def cover(ledger: lobbyx.Ledger) -> None:
    """Says that everything is on file, so that claims can be refuted too."""
    newest = ledger.db.execute("SELECT max(dt_posted) FROM filings").fetchone()[0]
    n = ledger.filings
    everything = Window(None, span(newest[:10]).end)
    record(ledger.db, Listing("filings", {}, None, everything, n, n, newest, "benchmark"))


def claims(ledger: lobbyx.Ledger) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A kind of check, and the sentences with their days of publication."""
    some = [lookup.get(ledger.db, one) for ids in sizes(ledger).values() for one in ids]
    plain = []
    for one in some:
        count = ledger.total(one, "2024", "2024", PUBLISHED).methods["lda"]
        plain.append((one.name, count.interval.reported // 100))

    def each(sentence: str, published: str = PUBLISHED) -> list[tuple[str, str]]:
        return [
            (sentence.format(org=name, sum=f"{total:,}", half=f"{total // 2 + 1:,}"), published)
            for name, total in plain
        ]

    yield "spend, right", each("{org} spent ${sum} on lobbying in 2024.")
    yield "spend, wrong (which way of counting gives it?)", each("{org} spent ${half} on lobbying in 2024.")
    yield "spend since 2005, wrong", each("{org} has spent more than $900 million on lobbying since 2005.")
    yield "change", each("{org}'s lobbying spending rose 12% in 2024 from a year earlier.")
    yield "record", each("{org} spent a record ${sum} on lobbying in 2024.")
    yield "rank, first", each("{org} was the largest lobbying spender in 2024.")
    yield "rank, one of the top 10", each("{org} was one of the top 10 lobbying spenders in 2024.")
    yield "rank, first, by a day in the past", each("{org} was the largest lobbying spender in 2022.", BEFORE)
    yield "rank, first, since 2010", each("{org} has been the largest lobbying spender since 2010.")
    yield "count", each("{org} employed 16 lobbyists in 2024.")
    yield "hired", each("{org} hired Bockorny Group to lobby Congress in 2024.")
    yield "issue, a bill", each("{org} lobbied on H.R. 1234 in 2024.")
    yield "issue, an agency", each("{org} lobbied the Pentagon on defense in 2024.")
    yield "group", [(text, PUBLISHED) for text in GROUPS]
    yield "all lobbying", [("Spending on federal lobbying reached $4.4 billion in 2024.", PUBLISHED)]
    past = [("Spending on federal lobbying reached $4.1 billion in 2022.", BEFORE)]
    yield "all lobbying, by a day in the past", past


GROUPS = (
    "Big Tech spent $61 million on lobbying in 2024.",
    "South Korean companies spent $20 million on lobbying in 2024.",
    "Four companies lobbied on H.R. 1234 in 2024.",
)


def checks(file: Path) -> None:
    """Each kind of check, with the reader loaded: the first time, the median and the slowest of all organizations."""
    with lobbyx.open(file) as ledger:
        cover(ledger)
        ledger.check("A company spent $1 million on lobbying in 2024.", published=PUBLISHED)
        print("| check | first ms | median ms | slowest ms | verdicts |\n|---|---|---|---|---|")
        for what, sentences in claims(ledger):
            first: list[float] = []
            again: list[float] = []
            verdicts: Counter[str] = Counter()
            for text, published in sentences:
                for n in range(TIMES + 1):
                    started = time.perf_counter()
                    found = ledger.check(text, published=published)
                    (again if n else first).append((time.perf_counter() - started) * 1000)
                verdicts.update(one.verdict for one in found)
            told = ", ".join(f"{word}: {n}" for word, n in verdicts.items())
            print(
                f"| {what} | {max(first):.0f} | {median(again):.0f} | {max(again):.0f} | {told} |",
                flush=True,
            )


def addresses(ledger: lobbyx.Ledger, name: str) -> Iterator[tuple[str, str]]:
    """What each page shows, and its address."""
    some = sizes(ledger)
    company = lookup.get(ledger.db, some["large"][0]).name
    firm = ledger.db.execute("SELECT firm_id FROM firm_names ORDER BY filings DESC LIMIT 1").fetchone()[0]
    text = f"{company} spent $1.23 million on lobbying in 2024."
    source = Source("text", text, PUBLISHED, "given")
    number = ledger.record(source, ledger.check(source))[0]
    yield "home", "/"
    yield "check", "/-/lobbyx/check?" + urlencode({"published": PUBLISHED, "text": text})
    yield "verdict", f"/-/lobbyx/verdict/{number}"
    for size, ids in some.items():
        yield f"organization, {size}", f"/-/lobbyx/organization/{ids[0]}"
    yield "two compared, the largest", f"/-/lobbyx/organization/{some['largest'][0]}?" + urlencode({"compare": company})
    past = {"since": "2016", "until": "2020", "as_of": BEFORE}
    yield (
        "organization, largest, as of a day in the past",
        f"/-/lobbyx/organization/{some['largest'][0]}?{urlencode(past)}",
    )
    for group in ("Big Tech", "country:KR", "country:GB", "country:CA"):
        yield f"group {group}", "/-/lobbyx/group?" + urlencode({"name": group, "since": "2024", "until": "2024"})
    yield "group country:GB, all years", "/-/lobbyx/group?" + urlencode({"name": "country:GB"})
    for what in ("semiconductors", "cryptocurrency", "health care", "appropriations", "H.R. 1234", "TAX"):
        yield f"topic {what}", "/-/lobbyx/topic?" + urlencode({"q": what})
        yield f"topic {what}, 2024", "/-/lobbyx/topic?" + urlencode({"q": what, "since": "2024", "until": "2024"})
    for words in ("health", "association", company[:10], "semiconductors", "of", "zyxwv quux"):
        yield f"search {words}", "/-/lobbyx/search?" + urlencode({"q": words})
    yield "names to review", "/-/lobbyx/review"
    yield "changed verdicts", "/-/lobbyx/changes"
    yield "firm with the most filings", f"/{name}/firms/{firm}"
    yield "top spenders of a quarter", f"/{name}/top_spenders_in_a_quarter?first_day=2024-01-01"


def pages(file: Path) -> None:
    """Server time of each page: the first asking, then median and slowest of five more."""
    from datasette.app import Datasette

    with lobbyx.open(file) as ledger:
        cover(ledger)
        asked = list(addresses(ledger, file.stem))

    async def ask() -> None:
        datasette = Datasette([str(file)], settings={"sql_time_limit_ms": 10_000})
        await datasette.invoke_startup()
        print("| page | first ms | median ms | slowest ms | KB |\n|---|---|---|---|---|")
        for what, path in asked:
            took = []
            for _ in range(TIMES + 1):
                started = time.perf_counter()
                answer = await datasette.client.get(path)
                took.append((time.perf_counter() - started) * 1000)
            bad = "" if answer.status_code == 200 else f" ({answer.status_code})"
            again = f"{median(took[1:]):.0f} | {max(took[1:]):.0f} | {len(answer.content) / 1000:.0f}"
            print(f"| {what}{bad} | {took[0]:.0f} | {again} |", flush=True)

    asyncio.run(ask())
