"""Commands that judge: check, extract."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

import lobbyx
from lobbyx.cli.migrating import bring_up_to_date
from lobbyx.cli.options import DAY, db_option, json_option, lang_option, print_cards, published_option, say, show
from lobbyx.database import connection
from lobbyx.ledger import Ledger, open_ledger
from lobbyx.model import stated
from lobbyx.model.claim import Claim, Comparator
from lobbyx.model.period import UnreadableDate, iso, span, window
from lobbyx.model.total import Organization
from lobbyx.model.verdict import Verdict
from lobbyx.reading.claims import MOST_CLAIMS
from lobbyx.reading.source import LARGEST_FILE, Source, UnreadableSource, decode
from lobbyx.reading.source import read as read_source
from lobbyx.render import terminal
from lobbyx.render.text import clean, verdict_text


@click.command()
@click.argument("source", required=False)
@published_option
@click.option("--as-of", type=DAY, help="Judge by what was filed by this day, instead of the publication date.")
@click.option("--org", help="Whose claims those are that name nobody, or not clearly: a name or #id.")
@click.option("--since", type=DAY, help="Without SOURCE: first day of the claim.")
@click.option("--until", type=DAY, help="Without SOURCE: last day of the claim.")
@click.option("--at-least", metavar="AMOUNT", help="Without SOURCE: the claim that ORG spent at least AMOUNT.")
@click.option("--more-than", metavar="AMOUNT", help="... more than AMOUNT.")
@click.option("--about", metavar="AMOUNT", help="... about AMOUNT.")
@click.option("--exactly", metavar="AMOUNT", help="... AMOUNT, as it may be rounded.")
@click.option("--at-most", metavar="AMOUNT", help="... at most AMOUNT.")
@click.option("--less-than", metavar="AMOUNT", help="... less than AMOUNT.")
@click.option("--store/--no-store", default=True, help="Keep claims and verdicts in the database (the default).")
@click.option("--with-subsidiaries", is_flag=True, help="Include the spending of subsidiaries.")
@click.option("--filings/--no-filings", default=True, help="List the filings behind each verdict (the default).")
@click.option("--fetch", is_flag=True, help="First download what the claims need and the database lacks.")
@click.option(
    "--max-requests",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="The most requests that --fetch sends.",
)
@lang_option
@db_option
@json_option
def check(
    source: str | None,
    published: str | None,
    as_of: str | None,
    org: str | None,
    since: str | None,
    until: str | None,
    at_least: str | None,
    more_than: str | None,
    about: str | None,
    exactly: str | None,
    at_most: str | None,
    less_than: str | None,
    store: bool,
    with_subsidiaries: bool,
    filings: bool,
    lang: Any,
    fetch: bool,
    max_requests: int,
    db: Path,
    as_json: bool,
) -> None:
    """Find the claims in SOURCE, check each against the filings, and store claims and verdicts.

    SOURCE is a sentence, a .txt, .md, .html or .pdf file, the address of a page, or - for standard input. Instead
    of SOURCE the claim can be given in fields: --org, --since and --until, and how much (10M, 10_000_000, "$10
    million").
    """
    fields: dict[Comparator, str | None] = {
        "at_least": at_least,
        "more_than": more_than,
        "about": about,
        "exact": exactly,
        "at_most": at_most,
        "less_than": less_than,
    }
    given = _stated(source, org, since, until, {name: text for name, text in fields.items() if text is not None})
    read = _source(source, published) if source is not None else _as_source(given, published)
    _tell_date(read)
    if store or fetch:
        bring_up_to_date(db)
    if fetch:
        claims = [given] if given else lobbyx.extract(read.text, read.published)
        as_of = _fetch_first(read, claims, as_of, org, max_requests, db)
    with open_ledger(db) as opened:
        if given:
            checked = [opened.judge(given, as_of or read.published, with_subsidiaries)]
            read = replace(read, text=checked[0].claim.text)  # an #id is told by its name
        else:
            checked = opened.check(read, None, as_of, org, with_subsidiaries)
        if org and not given:
            _tell_kept(checked, opened.organization(org))
        not_stored = _store(opened, read, checked, with_subsidiaries) if store else None
    _tell_bound(len(checked))
    if as_json:
        show({"source": read.json(), "claims": [verdict.json() for verdict in checked]})
    elif not checked:
        say("no claim found")
    elif sys.stdout.isatty():
        print_cards(
            lambda width: [terminal.verdict(one, width=width, filings=filings, language=lang) for one in checked]
        )
    else:
        click.echo("\n\n".join(verdict_text(verdict, filings=filings, language=lang) for verdict in checked))
    if not_stored:
        say(f"{not_stored}, so nothing was stored; --no-store checks without storing")


def _store(opened: Ledger, read: Source, checked: Sequence[Verdict], with_subsidiaries: bool) -> str | None:
    """Stores claims and verdicts. Returns why it could not: what was found out is shown all the same."""
    if not checked:
        return None
    try:
        opened.record(read, checked, with_subsidiaries)
    except connection.CannotWrite as error:
        return str(error)
    return None


@click.command()
@click.argument("source")
@published_option
@json_option
def extract(source: str, published: str | None, as_json: bool) -> None:
    """Find the claims in SOURCE without checking them. Needs no database.

    SOURCE is a sentence, a .txt, .md, .html or .pdf file, the address of a page, or - for standard input.
    """
    read = _source(source, published)
    found = lobbyx.extract(read.text, read.published)
    _tell_date(read)
    _tell_bound(len(found))
    if as_json:
        show({"source": read.json(), "claims": [claim.json() for claim in found]})
    elif not found:
        say("no claim found")
    for claim in () if as_json else found:
        missing = f"  (missing: {', '.join(claim.missing)})" if claim.missing else ""
        unsure = "" if claim.sure else f"unsure of {', '.join(claim.unsure_of)}: "
        stance = "" if claim.stance == "asserted" else f"{claim.stance}: "
        who = clean(claim.org or "?")
        click.echo(f"{claim.start}-{claim.end}  {unsure}{stance}{who}: {clean(claim.text)}{missing}")


def _fetch_first(
    read: Source, claims: Sequence[Claim], as_of: str | None, org: str | None, most: int, db: Path
) -> str | None:
    """Downloads what is missing; returns the day to judge by: `as_of`, or today where nothing else says one."""
    from lobbyx.cli.fetch_first import fetch_first

    if org and org.strip().startswith("#"):  # only what is on file has a number; the API would be asked for its name
        with open_ledger(db) as opened:
            opened.organization(org)
    today = datetime.now(UTC).date()
    day = span(as_of).end if as_of else None
    published = date.fromisoformat(read.published) if read.published else None
    fetch_first(db, claims, org, day or published, today, most, say)
    with open_ledger(db) as opened:
        anything = opened.newest
    return as_of or (None if published or anything else today.isoformat())


def _stated(
    source: str | None, org: str | None, since: str | None, until: str | None, amounts: Mapping[Comparator, str]
) -> Claim | None:
    """The claim given in fields; None where there is a SOURCE. Raises UsageError where both or neither are."""
    if source is not None:
        if since or until or amounts:
            raise click.UsageError("--since, --until and amounts state a claim themselves; leave out SOURCE")
        return None
    if len(amounts) > 1:
        raise click.UsageError("give only one amount: one of --at-least, --more-than, --about, --exactly, ...")
    if not org or not amounts:
        raise click.UsageError("give SOURCE, or --org and one of --at-least, --more-than, --about, --exactly, ...")
    ((comparator, text),) = amounts.items()
    try:
        return stated.claim(org, comparator, text, window(since, until))
    except (stated.UnreadableAmount, UnreadableDate) as error:
        raise click.UsageError(str(error)) from error


def _as_source(claim: Claim | None, published: str | None) -> Source:
    day = iso(span(published).end) if published else None
    return Source("fields", claim.text if claim else "", day, "given" if day else None)


def _tell_bound(found: int) -> None:
    """Says so if a text may hold more claims than are read."""
    if found >= MOST_CLAIMS:
        say(f"only the first {MOST_CLAIMS} claims of the text were read; split it to read the rest")


def _tell_kept(checked: Sequence[Verdict], given: Organization) -> None:
    """Says which claims kept the organization they name themselves."""
    for verdict in checked:
        own = verdict.claim.org
        if own is not None and (verdict.organization is None or verdict.organization.id != given.id):
            say(f"“{verdict.claim.text[:80]}” names {own} itself, so it is not judged by the filings of {given.name}")


def _tell_date(read: Source) -> None:
    if read.published and read.published_source != "given":
        say(f"published {read.published} (from the {read.published_source} of {read.name}); --published overrides it")


def _source(source: str, published: str | None) -> Source:
    day = span(published).end if published else None
    iso = day.isoformat() if day else None
    if source == "-":
        body = sys.stdin.buffer.read(LARGEST_FILE + 1)
        if len(body) > LARGEST_FILE:
            raise UnreadableSource(f"standard input is larger than {LARGEST_FILE >> 20} MB")
        text = decode(body, "standard input")
        return Source("standard input", text, iso, "given" if iso else None)
    return read_source(source, iso)
