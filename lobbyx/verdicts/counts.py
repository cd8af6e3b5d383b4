"""Claims of a number: lobbyists, those of them with an earlier public office, outside firms, filings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lobbyx.model.claim import Claim
from lobbyx.model.presentation import Sentence
from lobbyx.model.report import Role
from lobbyx.model.total import Organization
from lobbyx.model.verdict import Outcome, Verdict
from lobbyx.verdicts.comparators import Figure
from lobbyx.verdicts.evidence import Filing, Person
from lobbyx.verdicts.explanation import Compared, Word
from lobbyx.verdicts.findings import unverifiable
from lobbyx.verdicts.subject import Subject


def judge(claim: Claim, subject: Subject, as_of: date) -> Verdict:
    """The verdict on a number of lobbyists, firms or filings; superseded reports do not count."""
    filings = subject.filings(claim.window, as_of)
    return judge_count(claim, subject.organization, filings, subject.lobbyists(filings), as_of)


def judge_count(
    claim: Claim, organization: Organization, filings: Sequence[Filing], listed: Sequence[Person], as_of: date
) -> Verdict:
    """The verdict on a number of lobbyists, firms or filings; superseded reports do not count."""
    values = {"org": organization.name, "window": claim.window, "as_of": as_of}
    if not filings:
        return unverifiable(claim, as_of, "no_reports", values, who=organization)
    what = str(claim.detail.get("counted", "lobbyists"))
    latest = [f for f in filings if f.status == "latest"]
    evidence = tuple(f.evidence for f in latest)
    if what in ("lobbyists", "former_officials") and not listed:
        return unverifiable(claim, as_of, "no_people", {}, who=organization, filings=evidence)

    def number(role: Role | None) -> int:
        chosen = {f.filing_uuid: f for f in latest if role is None or f.role == role}
        if what == "filings":
            return len(chosen)
        if what == "firms":
            return len({f.firm_id or f.registrant for f in chosen.values() if f.role == "outside"})
        people = [p for p in listed if p.filing_uuid in chosen]
        return len({p.person_id for p in people if what == "lobbyists" or p.held_office})

    counts: dict[str, int] = {"all": number(None), "in_house": number("in_house"), "outside": number("outside")}
    figure = Figure(round(claim.value or 0), 1, claim.comparator)
    under = tuple(side for side in ("in_house", "outside") if figure.satisfied(counts[side]))
    right = figure.satisfied(counts["all"])
    said = {"claimed": Compared(claim.comparator, Word(what, figure.value))}
    sentences: list[Sentence] = [("count", {**values, "found": Word(what, counts["all"])})]
    if what != "firms":
        sides = {side: Word(what, counts[side]) for side in ("in_house", "outside")}
        sentences.append(("count_sides", sides))
    sentences.append(("borne_out" if right else "not_borne_out", said))
    found = {
        "counted": what,
        **counts,
        "names": sorted(
            {p.name for p in listed if what == "lobbyists" or (what == "former_officials" and p.held_office)}
        ),
    }
    result: Outcome = "supported" if right else "depends_on_method" if under else "refuted"
    return Verdict(
        claim, result, tuple(sentences), as_of, ("all", *under) if right else under, who=organization, found=found,
        filings=evidence,
    )  # fmt: skip
