"""Claims of a number: lobbyists, those of them with an earlier public office, outside firms, filings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from lobbyx.model.claim import Claim
from lobbyx.model.presentation import Sentence
from lobbyx.model.report import Role
from lobbyx.model.total import Total
from lobbyx.model.verdict import Verdict
from lobbyx.verdicts.comparators import Figure, Holding, Range
from lobbyx.verdicts.evidence import Filing, Person
from lobbyx.verdicts.explanation import Compared, Word
from lobbyx.verdicts.findings import conclusion, missing, none_filed, settle, unverifiable
from lobbyx.verdicts.subject import Subject


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a number of lobbyists, firms or filings; superseded reports do not count."""
    filings = subject.filings(claim.window, as_of)
    return judge_count(claim, subject.total(claim.window, as_of), filings, subject.lobbyists(filings))


def judge_count(claim: Claim, known: Total, filings: Sequence[Filing], listed: Sequence[Person]) -> Verdict:
    """The verdict on a number of lobbyists, firms or filings; superseded reports do not count.

    `known` tells what is known to be on file. Where that is not everything, what is on file is a lower bound.
    """
    organization, as_of = known.organization, known.as_of
    values = {"org": organization.name, "window": claim.window, "as_of": as_of}
    if not filings:
        why = "none_filed" if none_filed(known) else "no_reports"
        nothing = unverifiable(claim, as_of, why, values, who=organization, known=known)
        return replace(nothing, sentences=(*nothing.sentences, *missing(known, all_of_it=True)))
    what = str(claim.detail.get("counted", "lobbyists"))
    latest = [f for f in filings if f.status == "latest"]
    evidence = tuple(f.evidence for f in latest)
    of_people = what in ("lobbyists", "former_officials")
    if of_people and not listed:
        return unverifiable(claim, as_of, "no_people", {}, who=organization, filings=evidence, known=known)

    def number(role: Role | None) -> int:
        chosen = {f.filing_uuid: f for f in latest if role is None or f.role == role}
        if what == "filings":
            return len(chosen)
        if what == "firms":
            return len({f.firm_id or f.registrant for f in chosen.values() if f.role == "outside"})
        people = [p for p in listed if p.filing_uuid in chosen]
        return len({p.person_id for p in people if what == "lobbyists" or p.held_office})

    counts: dict[str, int] = {"all": number(None), "in_house": number("in_house"), "outside": number("outside")}
    high = None if claim.high is None else round(claim.high)
    figure = Figure(round(claim.value or 0), 1, claim.comparator, "number", high)
    # A report without a lobbyist may be one whose activities were not loaded.
    with_people = {p.filing_uuid for p in listed}
    all_listed = not of_people or all(f.filing_uuid in with_people for f in latest if f.is_report)
    complete = known.complete and all_listed
    answers: dict[str, Holding] = {
        side: figure.holds(Range(n, n, n if complete else None)) if complete or figure.is_bound else "open"
        for side, n in counts.items()
    }
    under = tuple(side for side in ("in_house", "outside") if answers[side] == "yes")
    settled = settle(claim, known, {"lda": answers["all"]}, ())
    if settled.outcome == "refuted" and under:
        settled = replace(settled, outcome="depends_on_method")
    said = {"claimed": Compared(claim.comparator, Word(what, figure.value), high and Word(what, high))}
    sentences: list[Sentence] = [("count", {**values, "found": Word(what, counts["all"])})]
    if what != "firms":
        sides = {side: Word(what, counts[side]) for side in ("in_house", "outside")}
        sentences.append(("count_sides", sides))
    lacking = missing(known, all_of_it=True) or [("count_partial" if not all_listed else "cannot", {})]
    sentences += conclusion(settled, said, as_of, lacking)
    found = {
        "counted": what,
        **counts,
        "complete": complete,
        "names": sorted(
            {p.name for p in listed if what == "lobbyists" or (what == "former_officials" and p.held_office)}
        ),
    }
    holds_under = ("all", *under) if answers["all"] == "yes" else under
    return Verdict(
        claim, settled.outcome, tuple(sentences), as_of, holds_under, who=organization, reason=settled.reason,
        found=found, filings=evidence, known=known,
    )  # fmt: skip
