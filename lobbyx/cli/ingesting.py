"""Commands that fill a database: load, fetch, sync, and those that rebuild its tables."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lobbyx.accounting.derive import derive_all
from lobbyx.cli.migrating import bring_up_to_date
from lobbyx.cli.options import DAY, db_option, json_option, say, show
from lobbyx.database import connection
from lobbyx.database.rebuild import rebuild_tables
from lobbyx.ingest.manifest import is_manifest, load_file
from lobbyx.lda.files import parts_in
from lobbyx.lda.filters import ENDPOINTS
from lobbyx.lda.rate_limit import SharedThrottle
from lobbyx.ledger import open_ledger
from lobbyx.model.errors import LobbyxError
from lobbyx.organizations import candidates
from lobbyx.render.progress import progress_bar
from lobbyx.render.text import clean

if TYPE_CHECKING:  # it imports `requests`, which most commands do not need
    from lobbyx.lda.client import LDAClient


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@db_option
@json_option
def load(files: tuple[Path, ...], db: Path, as_json: bool) -> None:
    """Load filings from files: saved API answers, CSV, or the Senate's archive.

    FILE is a saved answer of the API (.json or .jsonl), a .csv file, .gz or .zst of these, or a file of the Senate's
    bulk archive of 1999 to 2020 (.zip, or .xml out of one).

    If a JSON or CSV record is invalid, nothing from its file is loaded. Other files are. From an archive file, every
    filing that can be read is loaded, and the others are named.

    If FILE.manifest.json lies beside FILE, it says which listing FILE holds completely (see lobbyx coverage).
    """
    bring_up_to_date(db)
    files = tuple(file for file in files if not is_manifest(file))  # read with its file
    loaded, failed, existed = [], 0, db.exists()
    steps = [parts_in(file) for file in files]
    done = 0

    with progress_bar("loading", sum(steps)) as advance:

        def one_part() -> None:
            nonlocal done
            done += 1
            advance(min(done, sum(steps)), sum(steps))

        for place, file in enumerate(files, 1):
            try:
                with closing(connection.connect(db, create=True)) as opened:
                    result, problem = load_file(opened, file, datetime.now(UTC).date(), progress=one_part)
                loaded.append(result)
                if problem:
                    say(f"warning: {problem}")
            except LobbyxError as error:
                failed += 1
                say(f"lobbyx: {error}")
            done = sum(steps[:place])
            advance(done, sum(steps))
    if loaded:
        derive(db)
    elif db.exists() and not existed:
        db.unlink()
    if as_json:
        show([result.json() for result in loaded])
    for result in loaded:
        if not as_json:
            click.echo(clean(str(result)))
        _say_unknown(result.unknown_fields)
        for problem in result.left_out:
            say(f"left out: {problem}")
    if failed:
        raise SystemExit(1)


@click.command()
@db_option
def rebuild(db: Path) -> None:
    """Rebuild the tables from the answers kept in the database, without the network.

    Claims and verdicts stay.
    """
    bring_up_to_date(db)
    with closing(connection.connect(db)) as opened:
        count = rebuild_tables(opened)
    derive(db)
    click.echo(f"rebuilt the tables from {count:,} answers")


@click.command()
@db_option
def resolve(db: Path) -> None:
    """Rebuild organizations and totals from what is on file. Each load does this too."""
    bring_up_to_date(db)
    with closing(connection.connect(db)) as opened:
        with connection.transaction(opened):
            derive_all(opened)
        count = opened.execute("SELECT count(*) FROM organizations").fetchone()[0]
    click.echo(f"{count:,} organizations")


def _say_unknown(fields: Iterable[str]) -> None:
    if names := sorted(fields):
        say(f"this version does not know these fields and keeps them only in the raw answers: {', '.join(names)}")


def _client(db: Path) -> LDAClient:
    """A client that shares its limit with the other processes on the database."""
    from lobbyx.lda.client import LDAClient

    return LDAClient(say=say, limiter=lambda rate: SharedThrottle(db, rate))


def derive(db: Path) -> None:
    """Organizations and ledger of a database whose filings have changed."""
    with open_ledger(db) as opened:  # opening rebuilds what has become stale
        if (more := candidates.left_out(opened.db)) > 0:
            say(
                f"{more:,} pairs of names that may be one are not offered for review: each organization has its "
                f"{candidates.MOST_PER_ORGANIZATION} strongest"
            )


@click.command()
@click.option("--client", "clients", multiple=True, help="Part of the client's name; can be repeated.")
@click.option("--registrant", help="Part of the registrant's name.")
@click.option("--year", "years", type=click.IntRange(1999, 2200), multiple=True, help="Filing year; can be repeated.")
@click.option("--posted-after", type=DAY, help="Only filings posted on or after this day.")
@click.option("--contributions", is_flag=True, help="LD-203 contribution reports instead of LD-1 and LD-2 filings.")
@click.option("--listing", type=click.Choice(ENDPOINTS), help="The listing of the API to fetch from.")
@click.option("--filter", "more", multiple=True, metavar="NAME=VALUE", help="Any filter of the API. Can be repeated.")
@db_option
@json_option
def fetch(
    clients: tuple[str, ...],
    registrant: str | None,
    years: tuple[int, ...],
    posted_after: str | None,
    contributions: bool,
    listing: str | None,
    more: tuple[str, ...],
    db: Path,
    as_json: bool,
) -> None:
    """Download matching filings from the API and load them.

    The API allows 15 requests a minute, with 25 filings each. With a key in $LDA_API_KEY it allows 120.
    """
    from lobbyx.ingest.fetch import Fetched, fetch, together
    from lobbyx.lda import filters

    endpoint = listing or ("contributions" if contributions else "filings")
    if clients and endpoint not in ("filings", "clients"):
        raise click.UsageError(f"{endpoint} do not name a client; use --registrant, --year or --filter")
    given: dict[str, Any] = {"registrant_name": registrant, "filing_dt_posted_after": posted_after}
    for pair in more:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--filter takes NAME=VALUE, not {pair!r}")
        given[name.strip()] = value
    listings = [
        {name: value for name, value in {"client_name": client, "filing_year": year, **given}.items() if value}
        for client in dict.fromkeys(clients) or (None,)
        for year in dict.fromkeys(years) or (None,)
    ]
    if not listings[0]:
        raise click.UsageError("say what to fetch: --client, --registrant, --year, --posted-after or --filter")
    try:
        for wanted in listings:
            filters.query(endpoint, wanted)
    except filters.UnknownFilter as error:
        raise click.UsageError(str(error)) from error
    bring_up_to_date(db)
    existed = db.exists()
    all_done: list[Fetched] = []
    try:
        source = _client(db)
        with (
            closing(connection.connect(db, create=True)) as opened,
            progress_bar(f"fetching {endpoint}", None) as advance,
        ):
            for wanted in listings:
                all_done.append(fetch(opened, source, endpoint, wanted, progress=advance))
    finally:
        if db.exists() and not existed and not _has_filings(db):
            db.unlink()
        elif db.exists():
            derive(db)
    done = together(all_done)
    if as_json:
        show(done.json() if len(all_done) == 1 else {**done.json(), "listings": [one.json() for one in all_done]})
    else:
        click.echo(
            f"{len(done.received):,} of {done.matching:,} {endpoint} received in {source.requests} requests: "
            f"{done.added:,} new, {done.changed:,} changed"
        )
    for problem in done.broken:
        say(f"left out: {problem}")
    _say_unknown(done.unknown_fields)
    if not done.complete:
        raise LobbyxError(
            f"the server counts {done.matching:,} {endpoint}, but {len(done.received):,} were received, so totals from "
            "this database may be too low. Run the same command again"
        )
    if not done.matching:
        say("nothing matches; the API looks for parts of names as they were filed")


@click.command()
@click.option(
    "--since", type=click.IntRange(1999, 2200), metavar="YEAR", help="Only what was posted from this year on."
)
@click.option(
    "--only", "endpoints", type=click.Choice(ENDPOINTS), multiple=True, help="Only this listing. Can be repeated."
)
@click.option("--verify", is_flag=True, help="Compare what is on file with the server's counts. Changes nothing.")
@db_option
@json_option
def sync(since: int | None, endpoints: tuple[str, ...], verify: bool, db: Path, as_json: bool) -> None:
    """Mirror the whole API: every record exactly once, verified by counting.

    You can stop it at any time; the next run continues where it stopped. Later runs fetch only what is new.
    """
    from lobbyx.ingest.sync import Mirror

    if not verify:
        bring_up_to_date(db)
    try:
        with closing(connection.connect(db, create=not verify)) as opened, progress_bar("syncing", None) as advance:
            client = _client(db)
            today = datetime.now(UTC).date()
            mirror = Mirror(opened, client, today, say=say, progress=advance)
            done = mirror.verify(endpoints) if verify else mirror.sync(endpoints or ENDPOINTS, since)
    finally:
        if db.exists() and not verify:
            derive(db)
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
        say(f"{window}: the records received do not match the server's count; the next run tries again")
    _say_unknown(done.unknown_fields)
    if not done.complete:
        raise SystemExit(1)


def _has_filings(db: Path) -> bool:
    with closing(connection.connect(db)) as opened:
        return any(opened.execute(f"SELECT 1 FROM {t} LIMIT 1").fetchone() for t in ENDPOINTS)  # noqa: S608
