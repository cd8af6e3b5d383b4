"""The command line: parse arguments, call a step, print. No rules here."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

import lobbyx
from lobbyx import answers, articles, curated, ledger, names, organizations, printing, shipped, store
from lobbyx.checking import Ledger, open_ledger
from lobbyx.dates import UnreadableDate, span
from lobbyx.filters import ENDPOINTS
from lobbyx.models import METHODS, LobbyxError, Verdict
from lobbyx.progress import progress_bar
from lobbyx.throttle import SharedThrottle

DEMO_DB = "db/demo.db"


class Day(click.ParamType[str]):
    """A date in one of the accepted forms; anything else is bad usage."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            span(value)
        except UnreadableDate as error:
            self.fail(str(error), param, ctx)
        return value


DAY = Day()


def say(message: str) -> None:
    """A line for people, on stderr."""
    click.echo(printing.clean(message), err=True)


def show(document: Any) -> None:
    """One JSON document, on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


db_option = click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=lambda: Path(os.environ.get("LOBBYX_DB") or "db/lobbyx.db"),
    show_default="$LOBBYX_DB, else db/lobbyx.db",
    help="The SQLite database.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
published_option = click.option(
    "--published", type=DAY, help="When the text was published; claims are judged by what was filed by then."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(lobbyx.__version__, prog_name="lobbyx")
def cli() -> None:
    """Is a lobbying figure in the news true, and how did they get to it?

    lobbyx answers from U.S. Lobbying Disclosure Act filings in an SQLite database. Start with: lobbyx demo
    """


@cli.command()
@click.argument("org")
@click.option("--since", type=DAY, help="First day; a month, quarter or year means its first day.")
@click.option("--until", type=DAY, help="Last day; a month, quarter or year means its last day.")
@click.option("--as-of", type=DAY, help="Count only what was filed by this day.")
@click.option("--method", type=click.Choice(METHODS), default="lda", show_default=True, help="The way of counting.")
@db_option
@json_option
def total(
    org: str, since: str | None, until: str | None, as_of: str | None, method: Any, db: Path, as_json: bool
) -> None:
    """Spending of one organization, in every way of counting.

    Dates: 2021-08-01, 2021-08, 2021 or 2021Q3.
    """
    with open_ledger(db) as opened:
        answer = opened.total(org, since=since, until=until, as_of=as_of)
    if as_json:
        show({**answer.json(), "method": method})
    else:
        click.echo(printing.total_text(answer, method))


@cli.command()
@click.argument("source")
@published_option
@click.option("--as-of", type=DAY, help="Judge by what was filed by this day instead.")
@click.option("--org", help="Whose spending it is, where the text does not say or says it unclearly.")
@click.option("--filings/--no-filings", default=True, help="List the filings behind each verdict (the default).")
@db_option
@json_option
def check(
    source: str, published: str | None, as_of: str | None, org: str | None, filings: bool, db: Path, as_json: bool
) -> None:
    """Finds the claims of SOURCE, checks each against the filings, and stores claims and verdicts.

    SOURCE is a sentence, a .txt or .md file, or - for standard input.
    """
    read = _source(source, published)
    with open_ledger(db) as opened:
        checked = opened.check(read, published=published, as_of=as_of, org=org)
        opened.record(read, checked)
    if as_json:
        show({"source": read.json(), "claims": [verdict.json() for verdict in checked]})
    elif not checked:
        say("no claim found")
    else:
        click.echo("\n\n".join(printing.verdict_text(verdict, filings=filings) for verdict in checked))


@cli.command()
@click.argument("source")
@published_option
@json_option
def extract(source: str, published: str | None, as_json: bool) -> None:
    """Finds the claims of SOURCE without checking them; needs no database.

    SOURCE is a sentence, a .txt or .md file, or - for standard input.
    """
    read = _source(source, published)
    claims = lobbyx.extract(read.text, read.published)
    if as_json:
        show({"source": read.json(), "claims": [claim.json() for claim in claims]})
    elif not claims:
        say("no claim found")
    for claim in () if as_json else claims:
        missing = f"  (missing: {', '.join(claim.missing)})" if claim.missing else ""
        click.echo(
            f"{claim.start}-{claim.end}  {printing.clean(claim.org or '?')}: {printing.clean(claim.text)}{missing}"
        )


def _source(source: str, published: str | None) -> articles.Source:
    day = span(published).end if published else None
    iso = day.isoformat() if day else None
    if source == "-":
        body = sys.stdin.buffer.read(articles.LARGEST_FILE + 1)
        if len(body) > articles.LARGEST_FILE:
            raise articles.UnreadableSource(f"standard input is larger than {articles.LARGEST_FILE >> 20} MB")
        return articles.Source("standard input", articles.decode(body, "standard input"), iso)
    return articles.read(source, iso)


@cli.command("names")
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@db_option
@json_option
def names_command(texts: tuple[str, ...], db: Path, as_json: bool) -> None:
    """How each name is read: its normalized form, the rules that made it, the organization it belongs to."""
    rows: list[dict[str, Any]] = []
    with closing(store.connect(db)) if db.exists() else closing(sqlite3.connect(":memory:")) as opened:
        for text in texts:
            reading = names.explain(text)
            organization = None
            if db.exists():
                try:
                    organization = organizations.find(opened, text)
                except organizations.UnknownOrganization:
                    organization = None
            rows.append(
                {
                    "input": text,
                    "normalized": reading.normalized,
                    "display": names.display(reading.phrase),
                    "organization_id": organization.id if organization else None,
                    "organization": organization.name if organization else None,
                    "others": [{"kind": kind, "name": other} for kind, other in reading.others],
                    "why": list(reading.why),
                }
            )
    if as_json:
        show(rows)
        return
    for row in rows:
        whose = row["organization"] or "no organization on file"
        click.echo(printing.clean(f"{row['input']} → {row['normalized']} ({whose})"))
        for rule in row["why"] or ["as it is"]:
            click.echo(f"  {rule}")


@cli.group("organizations")
def organizations_group() -> None:
    """Which names are one organization: what to review, and what was decided."""


@organizations_group.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many pairs at most.")
@db_option
@json_option
def review(limit: int, db: Path, as_json: bool) -> None:
    """Names that look alike and may be one organization, most alike first. Nothing is merged until you decide."""
    with open_ledger(db) as opened:
        pairs = organizations.candidates(opened.db, limit)
    if as_json:
        show([pair.json() for pair in pairs])
    elif not pairs:
        say("nothing to review")
    for pair in () if as_json else pairs:
        click.echo(printing.clean(f"{pair.score:5.1f}  {pair.a} / {pair.b}  ({'; '.join(pair.reasons)})"))


@organizations_group.command()
@click.argument("name")
@click.argument("other")
@click.option("--same", "relation", flag_value="same", help="OTHER is another name of NAME.")
@click.option("--different", "relation", flag_value="different", help="They are two organizations.")
@click.option("--source", required=True, help="Where that can be looked up.")
@db_option
def decide(name: str, other: str, relation: Any, source: str, db: Path) -> None:
    """Decides whether two names are one organization, and writes it to organizations.csv beside the database."""
    if relation is None:
        raise click.UsageError("say --same or --different")
    with open_ledger(db) as opened:
        path = curated.path_for(opened.db)
        curated.decide(path, curated.Decision(relation, name, other, source))
        with store.transaction(opened.db):
            ledger.rebuild(opened.db)
    say(f"written to {path}")


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@db_option
@json_option
def load(files: tuple[Path, ...], db: Path, as_json: bool) -> None:
    """Loads saved API answers (.json, .jsonl, .gz of either) and .csv files.

    A file with a broken record is not loaded at all; the others are.
    """
    loaded, failed, existed = [], 0, db.exists()
    with progress_bar("loading", len(files)) as advance:
        for file in files:
            try:
                answer = answers.read_file(file)
                with closing(store.connect(db, create=True)) as opened:
                    loaded.append(store.load(opened, answer))
            except LobbyxError as error:
                failed += 1
                say(f"lobbyx: {error}")
            advance()
    if loaded:
        _resolve(db)
    elif db.exists() and not existed:
        db.unlink()
    if as_json:
        show([result.json() for result in loaded])
    for result in loaded:
        if not as_json:
            click.echo(printing.clean(str(result)))
        _say_unknown(result.unknown_fields)
    if failed:
        raise SystemExit(1)


@cli.command()
@db_option
def rebuild(db: Path) -> None:
    """Makes the tables anew from the answers kept in the database, without the network.

    Claims and verdicts stay.
    """
    with closing(store.connect(db)) as opened:
        count = store.rebuild(opened)
    _resolve(db)
    click.echo(f"tables made anew from {count:,} answers")


@cli.command()
@db_option
def resolve(db: Path) -> None:
    """Rebuilds organizations and ledger from what is on file (also done after each load)."""
    with closing(store.connect(db)) as opened:
        with store.transaction(opened):
            ledger.rebuild(opened)
        count = opened.execute("SELECT count(*) FROM organizations").fetchone()[0]
    click.echo(f"{count:,} organizations")


def _say_unknown(fields: Iterable[str]) -> None:
    if names := sorted(fields):
        say(f"fields this version does not know, kept only in the raw answers: {', '.join(names)}")


def _resolve(db: Path) -> None:
    open_ledger(db).close()  # opening rebuilds what has become stale


@cli.command()
@click.option("--client", help="Part of the client's name.")
@click.option("--registrant", help="Part of the registrant's name.")
@click.option("--year", type=click.IntRange(1999, 2200), help="Filing year.")
@click.option("--posted-after", type=DAY, help="Only what was posted on or after this day.")
@click.option("--contributions", is_flag=True, help="LD-203 contribution reports instead of LD-1 and LD-2 filings.")
@click.option("--listing", type=click.Choice(ENDPOINTS), help="Another listing of the API.")
@click.option("--filter", "more", multiple=True, metavar="NAME=VALUE", help="Any filter of the API; can be repeated.")
@db_option
@json_option
def fetch(
    client: str | None,
    registrant: str | None,
    year: int | None,
    posted_after: str | None,
    contributions: bool,
    listing: str | None,
    more: tuple[str, ...],
    db: Path,
    as_json: bool,
) -> None:
    """Downloads matching filings from the API and loads them.

    Without a key the API allows 15 requests a minute, 25 filings each; put a key in $LDA_API_KEY for 120.
    """
    from lobbyx import api, fetching, filters

    endpoint = listing or ("contributions" if contributions else "filings")
    if client and endpoint not in ("filings", "clients"):
        raise click.UsageError(f"{endpoint} name no client; use --registrant, --year or --filter")
    wanted: dict[str, Any] = {
        name: value
        for name, value in {
            "client_name": client,
            "registrant_name": registrant,
            "filing_year": year,
            "filing_dt_posted_after": posted_after,
        }.items()
        if value
    }
    for pair in more:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--filter takes NAME=VALUE, not {pair!r}")
        wanted[name.strip()] = value
    if not wanted:
        raise click.UsageError("say what to fetch: --client, --registrant, --year, --posted-after or --filter")
    try:
        filters.query(endpoint, wanted)
    except filters.UnknownFilter as error:
        raise click.UsageError(str(error)) from error
    existed = db.exists()
    try:
        source = api.LDAClient(say=say, limiter=lambda rate: SharedThrottle(db, rate))
        with closing(store.connect(db, create=True)) as opened, progress_bar(f"fetching {endpoint}", None) as advance:
            done = fetching.fetch(opened, source, endpoint, wanted, progress=advance)
    finally:
        if db.exists() and not existed and not _has_filings(db):
            db.unlink()
        elif db.exists():
            _resolve(db)
    if as_json:
        show(done.json())
    else:
        click.echo(
            f"{len(done.received):,} of {done.matching:,} {endpoint} received in {source.requests} requests: "
            f"{done.added:,} new, {done.changed:,} changed"
        )
    for problem in done.broken:
        say(f"left out: {problem}")
    if done.unknown_fields:
        say(
            f"fields this version does not know, kept only in the raw answers: {', '.join(sorted(done.unknown_fields))}"
        )
    if not done.complete:
        raise LobbyxError(
            f"the server counts {done.matching:,} {endpoint}, {len(done.received):,} were received: totals from this "
            "database may be too low. Run the same command again"
        )
    if not done.matching:
        say("nothing matches; the API compares parts of names as they were filed")


@cli.command()
@click.option(
    "--since", type=click.IntRange(1999, 2200), metavar="YEAR", help="Only what was posted from this year on."
)
@click.option("--only", "endpoints", type=click.Choice(ENDPOINTS), multiple=True, help="Only this; can be repeated.")
@click.option("--verify", is_flag=True, help="Count what is on file against the server; change nothing.")
@db_option
@json_option
def sync(since: int | None, endpoints: tuple[str, ...], verify: bool, db: Path, as_json: bool) -> None:
    """Mirrors the whole API: every record exactly once, verified by counting.

    It can be stopped at any instant and goes on where it was. Afterwards a run fetches only what is new.
    """
    from lobbyx import api
    from lobbyx.sync import Mirror

    try:
        with closing(store.connect(db, create=not verify)) as opened, progress_bar("syncing", None) as advance:
            client = api.LDAClient(say=say, limiter=lambda rate: SharedThrottle(db, rate))
            today = datetime.now(UTC).date()
            mirror = Mirror(opened, client, today, say=say, progress=advance)
            chosen = endpoints or ENDPOINTS
            done = mirror.verify(chosen) if verify else mirror.sync(chosen, since)
    finally:
        if db.exists() and not verify:
            _resolve(db)
    if as_json:
        show(done.json())
    else:
        click.echo(
            f"{done.pages:,} pages read in {client.requests:,} requests: {done.added:,} records new, {done.changed:,} "
            f"changed. {'Complete.' if done.complete else 'Not complete.'}"
        )
    for name in ("differences", "broken"):
        for problem in getattr(done, name):
            say(problem)
    for window in done.unsettled:
        say(f"{window}: other numbers of records come than the server counts; the next run tries again")
    if done.unknown_fields:
        say(
            f"fields this version does not know, kept only in the raw answers: {', '.join(sorted(done.unknown_fields))}"
        )
    if not done.complete:
        raise SystemExit(1)


def _has_filings(db: Path) -> bool:
    with closing(store.connect(db)) as opened:
        return any(opened.execute(f"SELECT 1 FROM {t} LIMIT 1").fetchone() for t in ENDPOINTS)  # noqa: S608


@cli.command()
@db_option
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def serve(db: Path, port: int, host: str) -> None:
    """Opens the database in Datasette, read-only."""
    _serve(db, port, host)


def _serve(db: Path, port: int = 8001, host: str = "127.0.0.1") -> None:
    open_ledger(db).close()
    from datasette.cli import cli as datasette

    datasette.main(["serve", str(db), "--host", host, "--port", str(port)], standalone_mode=False)


@cli.command()
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(DEMO_DB),
    show_default=True,
    help="Where to build the database.",
)
@click.option("--serve", "serve_it", is_flag=True, help="Open the database in Datasette afterwards.")
def demo(db: Path, serve_it: bool) -> None:
    """The main job on shipped real filings: builds a database and checks example claims. No network."""
    with closing(store.connect(db, create=True)) as opened:
        for name in ("filings.csv", "activities.csv"):
            store.load(opened, answers.read_file(shipped.path(f"coupang/{name}")))
    with open_ledger(db) as opened_ledger:
        click.echo(
            f"{opened_ledger.filings} real filings about Coupang in {db}; five sentences checked against them:\n"
        )
        for number, row in enumerate(shipped.rows("demo_claims.csv")):
            _demo_claim(opened_ledger, row, filings=number == 0)
    if serve_it:
        _serve(db)
    click.echo(
        f"Look around: ./scripts/demo --serve (or: lobbyx serve --db {db}), then open http://127.0.0.1:8001\n"
        f'Check your own: lobbyx check "Coupang spent ..." --published 2025-12-25 --db {db}'
    )


def _demo_claim(opened: Ledger, row: dict[str, str], *, filings: bool) -> None:
    source = articles.Source("text", row["text"], row["published"])
    checked: list[Verdict] = opened.check(source, published=row["published"])
    opened.record(source, checked)
    click.echo(f"{row['published']}: {row['text']}")
    for verdict in checked:
        click.echo(printing.verdict_text(verdict, filings=filings) + "\n")


def main() -> None:
    """Runs the command line: one clear line on stderr and exit code 1 for what failed, 2 for bad usage."""
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except LobbyxError as error:
        say(f"lobbyx: {error}")
        sys.exit(1)
    except sqlite3.OperationalError as error:
        say(f"lobbyx: the database cannot be used: {error}")
        sys.exit(1)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
